//! Second factors (X1, X4): the app's codes, recovery codes, remembered devices, an account that wants
//! everybody to have one, and the operator's reset. Passkeys need a real browser:
//! end2end/tests/security.spec.ts.

use super::support::*;
use crate::demo::browser::Browser;
use crate::error::AppError;
use crate::features::accounts::rpc::*;
use crate::features::contacts::rpc::*;
use crate::features::second_factor::model::{CODES, FactorChoices, Setup};
use crate::features::second_factor::rpc::*;
use crate::features::sign_in::rpc::*;
use crate::features::users::model::Security;
use crate::features::users::rpc::*;
use leptos::server_fn::ServerFn as _;

const OLIVIA: &str = "olivia@bakery.example";

/// Olivia with an app, and a browser that has given her password.
async fn awaiting_second_factor(test: &TestApp) -> (Browser, Browser) {
    let (mut olivia, _) = test.olivia().await;
    test.set_up_app(&mut olivia, OLIVIA).await;
    let mut phone = test.browser();
    let done = phone.sign_in(OLIVIA, PASSWORD).await.unwrap();
    assert_eq!(done.to, "/sign-in/second-factor");
    (olivia, phone)
}

async fn enter(browser: &mut Browser, code: &str) -> crate::error::Result<crate::error::Outcome> {
    browser.change(SecondFactor::PATH, &[("code", code)]).await
}

#[tokio::test]
async fn with_an_app_the_password_alone_opens_nothing() {
    let test = TestApp::new().await;
    let (_, mut phone) = awaiting_second_factor(&test).await;
    assert_eq!(phone.get("/accounts").await.status, 303, "not signed in yet");
    let asked: FactorChoices = phone.call(ShowFactors::PATH, &[]).await.unwrap();
    assert_eq!((asked.email.as_str(), asked.app, asked.passkeys), (OLIVIA, true, false));
    assert_eq!(refused_fields(enter(&mut phone, "").await)[0].0, "code");
    assert_eq!(refused_fields(enter(&mut phone, "000000").await)[0].0, "code");
    let code = test.code(OLIVIA).await;
    let done = enter(&mut phone, &format!("{} {}", &code[..3], &code[3..])).await.unwrap();
    assert!(done.to.starts_with("/a/"));
    assert!(phone.get("/security").await.body.contains("Authenticator app"));
    assert!(matches!(enter(&mut phone, &code).await, Err(AppError::Conflict(_))), "the half sign-in is over");
}

#[tokio::test]
async fn a_code_counts_once_and_only_around_its_time() {
    let test = TestApp::new().await;
    let (_, mut phone) = awaiting_second_factor(&test).await;
    let code = test.code(OLIVIA).await;
    let mut thief = test.browser();
    thief.sign_in(OLIVIA, PASSWORD).await.unwrap();
    enter(&mut phone, &code).await.unwrap();
    assert_eq!(refused_fields(enter(&mut thief, &code).await)[0].0, "code", "replayed");
    test.later(1);
    let old = test.code(OLIVIA).await;
    test.later(2);
    assert_eq!(refused_fields(enter(&mut thief, &old).await)[0].0, "code", "too old");
    let fresh = test.code(OLIVIA).await;
    enter(&mut thief, &fresh).await.unwrap();
}

#[tokio::test]
async fn of_many_at_once_one_gets_in_with_a_code() {
    let test = TestApp::new().await;
    let (_, phone) = awaiting_second_factor(&test).await;
    let code = test.code(OLIVIA).await;
    let tries = (0..8).map(|_| {
        let (mut phone, code) = (phone.clone(), code.clone());
        async move { enter(&mut phone, &code).await.is_ok() }
    });
    let outcomes = futures::future::join_all(tries).await;
    assert_eq!(outcomes.iter().filter(|done| **done).count(), 1);
}

#[tokio::test]
async fn ten_wrong_codes_or_ten_minutes_end_the_half_sign_in() {
    let test = TestApp::new().await;
    let (_, mut phone) = awaiting_second_factor(&test).await;
    let before = test.mails_to(OLIVIA).await;
    for _ in 0..10 {
        assert!(matches!(enter(&mut phone, "000000").await, Err(AppError::Invalid(_))));
    }
    // Whoever it was has the password.
    assert_eq!(test.mails_to(OLIVIA).await, before + 1);
    assert_eq!(test.last_mail(OLIVIA).await.subject, "Wrong codes entered for your login");
    let code = test.code(OLIVIA).await;
    assert!(matches!(enter(&mut phone, &code).await, Err(AppError::Conflict(_))), "too many");
    phone.sign_in(OLIVIA, PASSWORD).await.unwrap();
    test.later(11);
    let code = test.code(OLIVIA).await;
    assert!(matches!(enter(&mut phone, &code).await, Err(AppError::Conflict(_))), "too late");
    let page = phone.get("/sign-in/second-factor").await;
    assert!(page.body.contains("Start over with your password"));
}

#[tokio::test]
async fn recovery_codes_stand_in_once_each_and_are_told_of() {
    let test = TestApp::new().await;
    let (mut olivia, mut phone) = awaiting_second_factor(&test).await;
    let codes: Vec<(String, bool)> = olivia.call(ShowCodes::PATH, &[]).await.unwrap();
    assert_eq!((codes.len(), codes.iter().any(|(_, used)| *used)), (CODES, false));
    enter(&mut phone, &codes[3].0.to_uppercase()).await.unwrap();
    assert_eq!(test.last_mail(OLIVIA).await.subject, "New sign-in to your login");
    assert_eq!(test.scalar("SELECT count(*) FROM outbox WHERE subject = 'A recovery code was used' AND body_text LIKE '%Codes left: 9.%'").await, 1);
    let mut thief = test.browser();
    thief.sign_in(OLIVIA, PASSWORD).await.unwrap();
    assert!(enter(&mut thief, &codes[3].0).await.is_err(), "used up");
    let codes: Vec<(String, bool)> = olivia.call(ShowCodes::PATH, &[]).await.unwrap();
    assert!(codes[3].1 && !codes[4].1);
    olivia.change(RenewCodes::PATH, &[]).await.unwrap();
    assert!(enter(&mut thief, &codes[4].0).await.is_err(), "of the old set");
    let codes: Vec<(String, bool)> = olivia.call(ShowCodes::PATH, &[]).await.unwrap();
    enter(&mut thief, &codes[4].0).await.unwrap();
}

#[tokio::test]
async fn a_remembered_device_is_spared_for_thirty_days() {
    let test = TestApp::new().await;
    let (mut olivia, mut phone) = awaiting_second_factor(&test).await;
    let code = test.code(OLIVIA).await;
    phone.change(SecondFactor::PATH, &[("code", &code), ("remember", "on")]).await.unwrap();
    test.later(29 * 24 * 60);
    assert!(phone.sign_in(OLIVIA, PASSWORD).await.unwrap().to.starts_with("/a/"));
    assert_eq!(
        test.browser().sign_in(OLIVIA, PASSWORD).await.unwrap().to,
        "/sign-in/second-factor",
        "another device"
    );
    // What is dangerous wants the second factor all the same.
    assert_eq!(phone.call::<Setup>(SetUpApp::PATH, &[]).await.unwrap_err(), AppError::Unconfirmed);
    test.later(2 * 24 * 60);
    assert_eq!(
        phone.sign_in(OLIVIA, PASSWORD).await.unwrap().to,
        "/sign-in/second-factor",
        "thirty days are over"
    );
    let code = test.code(OLIVIA).await;
    phone.change(SecondFactor::PATH, &[("code", &code), ("remember", "on")]).await.unwrap();
    olivia = {
        olivia.sign_in(OLIVIA, PASSWORD).await.unwrap();
        olivia
    };
    test.later(1);
    let code = test.code(OLIVIA).await;
    enter(&mut olivia, &code).await.unwrap();
    olivia.change(ForgetDevices::PATH, &[]).await.unwrap();
    assert_eq!(phone.sign_in(OLIVIA, PASSWORD).await.unwrap().to, "/sign-in/second-factor", "forgotten");
}

#[tokio::test]
async fn who_has_the_password_and_the_device_still_cannot_guess_the_code() {
    let test = TestApp::with(|config| config.limits = true).await;
    let (_, mut phone) = awaiting_second_factor(&test).await;
    let code = test.code(OLIVIA).await;
    phone.change(SecondFactor::PATH, &[("code", &code), ("remember", "on")]).await.unwrap();
    // A fresh session for every few guesses gives no more of them.
    let mut guesses = 0;
    for _ in 0..10 {
        phone.sign_in(OLIVIA, PASSWORD).await.unwrap();
        for _ in 0..4 {
            match phone.change(Confirm::PATH, &[("current_password", PASSWORD), ("code", "000000")]).await {
                Err(AppError::Invalid(_)) => guesses += 1,
                Err(AppError::TooMany { .. }) => {}
                other => panic!("{other:?}"),
            }
        }
    }
    assert_eq!(guesses, 5);
}

#[tokio::test]
async fn a_mailed_link_proves_the_mailbox_and_not_the_phone() {
    let test = TestApp::new().await;
    let (mut olivia, mut phone) = awaiting_second_factor(&test).await;
    olivia.change(ForgotPassword::PATH, &[("email", OLIVIA)]).await.unwrap();
    let token = olivia.mailed(OLIVIA, "/reset-password/").await.unwrap();
    let mut laptop = test.browser();
    let done = laptop
        .change(ResetPassword::PATH, &[("token", &token), ("password", "another-plum-evening-17")])
        .await
        .unwrap();
    assert_eq!(done.to, "/sign-in/second-factor");
    assert_eq!(laptop.get("/accounts").await.status, 303);
    let code = test.code(OLIVIA).await;
    assert!(
        matches!(enter(&mut phone, &code).await, Err(AppError::Conflict(_))),
        "begun with the old password"
    );
    assert!(enter(&mut laptop, &code).await.unwrap().to.starts_with("/a/"));
}

#[tokio::test]
async fn setting_up_needs_a_fresh_confirmation_and_the_first_code() {
    let test = TestApp::new().await;
    let (mut olivia, _) = test.olivia().await;
    test.later(11);
    let page = olivia.get("/security/app").await;
    assert_eq!((page.status.as_u16(), page.location()), (303, "/confirm?next=%2Fsecurity%2Fapp"));
    assert_eq!(olivia.call::<Setup>(SetUpApp::PATH, &[]).await.unwrap_err(), AppError::Unconfirmed);
    let wrong = olivia
        .change(Confirm::PATH, &[("current_password", "wrong password"), ("next", "/security/app")])
        .await;
    assert_eq!(refused_fields(wrong)[0].0, "current_password");
    let done = olivia
        .change(Confirm::PATH, &[("current_password", PASSWORD), ("next", "/security/app")])
        .await
        .unwrap();
    assert_eq!(done.to, "/security/app");
    let setup: Setup = olivia.call(SetUpApp::PATH, &[]).await.unwrap();
    assert!(setup.qr.starts_with("<svg"));
    // Without WASM a wrong code shows the same secret again.
    let again =
        olivia.submit("/security/app", AddApp::PATH, &[("seed", &setup.seed), ("code", "000000")]).await;
    assert_eq!(again.status, 422);
    assert!(again.body.contains(&setup.secret), "the app has this secret by now");
    let code = test.code_of(&test.user_id(OLIVIA).await, OLIVIA, &setup.seed);
    let done = olivia.submit("/security/app", AddApp::PATH, &[("seed", &setup.seed), ("code", &code)]).await;
    assert_eq!((done.status.as_u16(), done.location()), (303, "/security/recovery-codes"));
    assert_eq!(test.last_mail(OLIVIA).await.subject, "A second factor was added to your login");
    assert!(olivia.get("/security/recovery-codes").await.body.matches("</li>").count() >= CODES);
    // From now on a confirmation wants both.
    test.later(11);
    let half = olivia.change(Confirm::PATH, &[("current_password", PASSWORD)]).await;
    assert_eq!(refused_fields(half)[0].0, "code");
    let code = test.code(OLIVIA).await;
    olivia.change(Confirm::PATH, &[("current_password", PASSWORD), ("code", &code)]).await.unwrap();
    olivia.change(RemoveApp::PATH, &[]).await.unwrap();
    assert!(test.last_mail(OLIVIA).await.body_text.contains("You now sign in with your password alone"));
    assert_eq!(olivia.call::<Vec<(String, bool)>>(ShowCodes::PATH, &[]).await.unwrap(), []);
    assert!(test.browser().sign_in(OLIVIA, PASSWORD).await.unwrap().to.starts_with("/a/"));
}

#[tokio::test]
async fn a_form_that_was_interrupted_by_the_confirmation_is_there_again() {
    let test = TestApp::new().await;
    let (mut olivia, _) = test.olivia().await;
    test.later(11);
    let asked = olivia.submit("/security", RemoveApp::PATH, &[]).await;
    assert_eq!(asked.status, 303);
    assert!(asked.location().starts_with("/confirm?next=%2Fsecurity%3Fdraft%3D"), "{}", asked.location());
    let page = olivia.get(asked.location()).await;
    assert!(page.body.contains("Is it you?"));
}

#[tokio::test]
async fn an_account_can_want_a_second_factor_from_everybody() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let mut ben =
        test.member(&mut olivia, &bakery, "Ben Carter", "ben@example.com", &["contacts.manage"]).await;
    let on = [("account", bakery.as_str()), ("needs_factor", "on")];
    assert!(matches!(ben.save(SaveRules::PATH, &on).await, Err(AppError::Forbidden(_))), "the owner decides");
    assert_eq!(
        refused_fields(olivia.save(SaveRules::PATH, &on).await)[0].0,
        "needs_factor",
        "the owner goes ahead"
    );
    test.set_up_app(&mut olivia, OLIVIA).await;
    assert!(
        olivia.get(&format!("/a/{bakery}/profile")).await.body.contains("Ben Carter does not have one yet")
    );
    olivia.save(SaveRules::PATH, &on).await.unwrap();
    assert!(olivia.get(&format!("/a/{bakery}")).await.status.is_success());
    // From the next request on he is led through setting one up, and comes back.
    let page = ben.get(&format!("/a/{bakery}/contacts")).await;
    let next = format!("/security/second-factor?needed=yes&next=%2Fa%2F{bakery}%2Fcontacts");
    assert_eq!((page.status.as_u16(), page.location()), (303, next.as_str()));
    assert!(ben.get(&next).await.body.contains("requires a second factor"));
    assert_eq!(add(&mut ben, &bakery, "Ada", "ada@example.com").await.unwrap_err(), AppError::NeedsFactor);
    assert_eq!(ben.get(&format!("/a/{bakery}/activity.csv")).await.status, 303);
    test.set_up_app(&mut ben, "ben@example.com").await;
    add(&mut ben, &bakery, "Ada", "ada@example.com").await.unwrap();
    // The table says who has one.
    let rows = table(&mut olivia, &bakery, &Default::default()).await.unwrap().items;
    let factor = |email: &str| rows.iter().find(|row| row.email == email).unwrap().factor;
    assert_eq!((factor(OLIVIA), factor("ada@example.com")), (Some(true), None));
    let html = olivia.get(&format!("/a/{bakery}/contacts")).await.body;
    assert!(html.contains("Second factor"));
    // Another account of his does not ask.
    ben.change(RemoveApp::PATH, &[]).await.unwrap();
    let (_, own) = test.owner("Carl", "Carl Ltd", "carl@example.com").await;
    assert!(ben.get(&format!("/a/{own}")).await.status.as_u16() == 404);
    assert_eq!(
        ben.change(ListContacts::PATH, &[("account", bakery.as_str())]).await.unwrap_err(),
        AppError::NeedsFactor
    );
    assert!(ben.get("/accounts").await.status.is_success());
}

#[tokio::test]
async fn whoever_runs_the_portal_can_reset_it_and_the_person_is_told() {
    let test = TestApp::new().await;
    let (mut olivia, mut phone) = awaiting_second_factor(&test).await;
    let told = crate::cli::commands::reset_factor(&test.app, "Olivia@Bakery.example").await.unwrap();
    assert!(told.contains("olivia@bakery.example"), "{told}");
    assert_eq!(test.last_mail(OLIVIA).await.subject, "Your second factor was reset");
    assert_eq!(olivia.get("/security").await.status, 303, "every session has ended");
    let code = "000000";
    assert!(matches!(enter(&mut phone, code).await, Err(AppError::Conflict(_))), "and every half sign-in");
    assert!(phone.sign_in(OLIVIA, PASSWORD).await.unwrap().to.starts_with("/a/"));
    let security: Security = phone.call(ShowSecurity::PATH, &[]).await.unwrap();
    assert!(!security.factors.any() && security.recent.iter().any(|row| row.actor == "Command line"));
    assert!(crate::cli::commands::reset_factor(&test.app, "nobody@example.com").await.is_err());
}
