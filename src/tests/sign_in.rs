//! Signing up, in and out; passwords and addresses; limits; what does not tell whether an address exists (S1
//! to S6, X1).

use super::support::*;
use crate::error::AppError;
use crate::features::sign_in::rpc::*;
use crate::features::users::rpc::*;
use leptos::server_fn::ServerFn as _;

#[tokio::test]
async fn signing_up_opens_an_account_once_the_address_is_confirmed() {
    let test = TestApp::new().await;
    let mut olivia = test.browser();
    let fields = [
        ("name", "Olivia Hart"),
        ("company", "Hart Bakery"),
        ("email", "Olivia@bakery.example"),
        ("password", PASSWORD),
    ];
    let done = olivia.change(SignUp::PATH, &fields).await.unwrap();
    assert_eq!(done.to, "/sign-up?sent=Olivia%40bakery.example");
    assert_eq!(olivia.get("/accounts").await.status, 303, "not signed in yet");
    let early = olivia.sign_in("olivia@bakery.example", PASSWORD).await;
    assert_eq!(refused_fields(early)[0].1, "Confirm this address first: we sent a new link to it.");
    let token = olivia.mailed("olivia@bakery.example", "/verify/").await.unwrap();
    let wrong =
        olivia.change(VerifyAddress::PATH, &[("token", &token), ("password", "something else 1")]).await;
    assert_eq!(refused_fields(wrong)[0].0, "password");
    let done =
        olivia.change(VerifyAddress::PATH, &[("token", &token), ("password", PASSWORD)]).await.unwrap();
    assert!(done.to.starts_with("/a/"), "one account: straight in");
    assert!(olivia.get(&done.to).await.body.contains("Hart Bakery"));
    let again = olivia.change(VerifyAddress::PATH, &[("token", &token), ("password", PASSWORD)]).await;
    assert!(matches!(again, Err(AppError::Conflict(_))), "a link works once");
}

#[tokio::test]
async fn no_answer_tells_whether_an_address_exists() {
    let test = TestApp::new().await;
    test.olivia().await;
    let mut somebody = test.browser();
    let sign_up = |email: &'static str| [("name", "X Y"), ("email", email), ("password", PASSWORD)];
    let known = somebody.change(SignUp::PATH, &sign_up("olivia@bakery.example")).await.unwrap();
    let unknown = somebody.change(SignUp::PATH, &sign_up("nobody@bakery.example")).await.unwrap();
    assert_eq!(known.to.replace("olivia", "nobody"), unknown.to);
    assert_eq!(test.last_mail("olivia@bakery.example").await.subject, "You already have a login");
    let known = somebody.change(ForgotPassword::PATH, &[("email", "olivia@bakery.example")]).await.unwrap();
    let unknown =
        somebody.change(ForgotPassword::PATH, &[("email", "nothere@bakery.example")]).await.unwrap();
    assert_eq!(known.to.replace("olivia", "nothere"), unknown.to);
    assert_eq!(test.mails_to("nothere@bakery.example").await, 0);
    let known = refused_fields(somebody.sign_in("olivia@bakery.example", "wrong password").await);
    let unknown = refused_fields(somebody.sign_in("nothere@bakery.example", "wrong password").await);
    assert_eq!(known, unknown);
    let (mut oscar, _) = test.oscar().await;
    let change = |email: &'static str| [("email", email), ("current_password", PASSWORD)];
    let known = oscar.change(ChangeEmail::PATH, &change("olivia@bakery.example")).await.unwrap();
    let unknown = oscar.change(ChangeEmail::PATH, &change("nothere@bakery.example")).await.unwrap();
    assert_eq!(known.say.replace("olivia", "nothere"), unknown.say);
}

#[tokio::test]
async fn a_forgotten_password_is_set_anew_once_within_an_hour() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let mut phone = test.browser();
    phone.change(ForgotPassword::PATH, &[("email", "OLIVIA@bakery.example")]).await.unwrap();
    let old = phone.mailed("olivia@bakery.example", "/reset-password/").await.unwrap();
    test.later(61);
    assert!(phone.get(&format!("/reset-password/{old}")).await.body.contains("has expired"));
    phone.change(ForgotPassword::PATH, &[("email", "olivia@bakery.example")]).await.unwrap();
    let token = phone.mailed("olivia@bakery.example", "/reset-password/").await.unwrap();
    let new = "green-lantern-harbour-5";
    let weak = phone.change(ResetPassword::PATH, &[("token", &token), ("password", "password12")]).await;
    assert_eq!(refused_fields(weak)[0].0, "password");
    phone.change(ResetPassword::PATH, &[("token", &token), ("password", new)]).await.unwrap();
    assert_eq!(phone.get(&format!("/a/{bakery}")).await.status, 200);
    assert_eq!(olivia.get(&format!("/a/{bakery}")).await.status, 303, "every other session has ended");
    assert!(matches!(
        phone.change(ResetPassword::PATH, &[("token", &token), ("password", new)]).await,
        Err(AppError::Conflict(_))
    ));
    assert!(test.browser().sign_in("olivia@bakery.example", PASSWORD).await.is_err());
    test.browser().sign_in("olivia@bakery.example", new).await.unwrap();
}

#[tokio::test]
async fn the_session_is_rotated_at_sign_in_and_ends_at_sign_out() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let stolen = olivia.clone();
    olivia.sign_in("olivia@bakery.example", PASSWORD).await.unwrap();
    assert_eq!(
        stolen.clone().get(&format!("/a/{bakery}")).await.status,
        303,
        "the token from before is dead"
    );
    let copy = olivia.clone();
    olivia.change(SignOut::PATH, &[]).await.unwrap();
    assert_eq!(copy.clone().get(&format!("/a/{bakery}")).await.status, 303);
    let (mut oscar, elsewhere) = test.oscar().await;
    test.later(15 * 24 * 60);
    assert_eq!(oscar.get(&format!("/a/{elsewhere}")).await.status, 303, "sessions last fourteen days");
}

#[tokio::test]
async fn cookies_are_for_this_host_only_and_secrets_are_hashed() {
    let test = TestApp::with(|config| config.base_url = "https://portal.example".into()).await;
    test.olivia().await;
    let mut browser = test.browser();
    let answer =
        browser.post(SignIn::PATH, format!("email=olivia%40bakery.example&password={PASSWORD}")).await;
    let cookie = answer.headers.get("set-cookie").unwrap().to_str().unwrap();
    assert!(
        cookie.starts_with("__Host-latchkey=")
            && cookie.contains("; Secure")
            && cookie.contains("HttpOnly")
            && cookie.contains("SameSite=Lax")
            && cookie.contains("Path=/;"),
        "{cookie}"
    );
    let token = cookie.split(['=', ';']).nth(1).unwrap();
    assert_eq!(token.len(), 43, "256 bits");
    let held = test
        .scalar(Box::leak(
            format!("SELECT count(*) FROM sessions WHERE token_hash = '{token}'").into_boxed_str(),
        ))
        .await;
    assert_eq!(held, 0);
    assert!(answer.headers.contains_key("strict-transport-security"));
}

#[tokio::test]
async fn guessing_is_limited_per_address_with_a_clear_429() {
    let test = TestApp::with(|config| config.limits = true).await;
    test.olivia().await;
    let mut somebody = test.browser();
    for address in ["olivia@bakery.example", "nobody@bakery.example"] {
        let mut last = None;
        for _ in 0..20 {
            last = Some(
                somebody
                    .submit("/sign-in", SignIn::PATH, &[("email", address), ("password", "a wrong password")])
                    .await,
            );
        }
        let last = last.unwrap();
        assert_eq!(last.status, 429, "{address}");
        assert!(last.body.contains("Too many attempts. Wait 1 minute, then try again."));
        assert!(last.headers.get("retry-after").unwrap().to_str().unwrap().parse::<u32>().unwrap() <= 60);
    }
}

#[tokio::test]
async fn one_login_switches_between_accounts() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let (mut oscar, elsewhere) = test.oscar().await;
    invite(&mut olivia, &bakery, "oscar@elsewhere.example", "Oscar", &["invoices.view"]).await.unwrap();
    let picker = oscar.get("/accounts").await.body;
    assert!(
        picker.contains("Olivia Hart invites you.")
            && picker.contains("Accept")
            && picker.contains("Decline")
    );
    accept_all(&mut oscar).await.unwrap();
    let done = oscar.sign_in("oscar@elsewhere.example", PASSWORD).await.unwrap();
    assert_eq!(done.to, "/accounts", "several accounts: the picker");
    assert!(oscar.get(&format!("/a/{bakery}")).await.body.contains("Hart Bakery"));
    assert!(oscar.get(&format!("/a/{elsewhere}")).await.body.contains("Elsewhere Ltd"));
    let picker = oscar.get("/accounts").await.body;
    assert_eq!(picker.matches("Last used").count(), 1);
    assert!(picker.contains("Owner"));
    let linked = test.browser().get(&format!("/a/{bakery}/contacts?q=x")).await;
    assert_eq!(linked.location(), format!("/sign-in?next=%2Fa%2F{bakery}%2Fcontacts%3Fq%3Dx"));
}

#[tokio::test]
async fn the_way_on_after_signing_in_stays_on_this_site() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    for (next, to) in [
        ("//evil.example", format!("/a/{bakery}")),
        ("https://evil.example", format!("/a/{bakery}")),
        ("/profile", "/profile".into()),
    ] {
        let done = olivia
            .change(
                SignIn::PATH,
                &[("email", "olivia@bakery.example"), ("password", PASSWORD), ("next", next)],
            )
            .await
            .unwrap();
        assert_eq!(done.to, to);
    }
}

#[tokio::test]
async fn password_and_address_are_changed_with_the_password() {
    let test = TestApp::new().await;
    let (mut olivia, _) = test.olivia().await;
    let other = {
        let mut b = test.browser();
        b.sign_in("olivia@bakery.example", PASSWORD).await.unwrap();
        b
    };
    let new = "green-lantern-harbour-5";
    let wrong =
        olivia.change(ChangePassword::PATH, &[("current_password", "no"), ("new_password", "short")]).await;
    assert_eq!(
        refused_fields(wrong).iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>(),
        ["current_password", "new_password"]
    );
    olivia
        .change(ChangePassword::PATH, &[("current_password", PASSWORD), ("new_password", new)])
        .await
        .unwrap();
    assert_eq!(olivia.get("/profile").await.status, 200);
    assert_eq!(other.clone().get("/profile").await.status, 303, "other browsers are signed out");
    assert_eq!(test.last_mail("olivia@bakery.example").await.subject, "Your password was changed");

    olivia
        .change(ChangeEmail::PATH, &[("email", "olivia@new.example"), ("current_password", new)])
        .await
        .unwrap();
    test.browser()
        .sign_in("olivia@bakery.example", new)
        .await
        .expect("the old address signs in until the new one is confirmed");
    let token = olivia.mailed("olivia@new.example", "/confirm-email/").await.unwrap();
    assert_eq!(
        test.browser().change(ConfirmEmail::PATH, &[("token", &token)]).await.unwrap_err(),
        AppError::SignedOut
    );
    let (mut oscar, _) = test.oscar().await;
    assert!(
        matches!(oscar.change(ConfirmEmail::PATH, &[("token", &token)]).await, Err(AppError::Conflict(_))),
        "nobody lends an address to another login"
    );
    olivia.change(ConfirmEmail::PATH, &[("token", &token)]).await.unwrap();
    assert!(
        test.last_mail("olivia@bakery.example").await.body_text.contains("olivia@new.example"),
        "the old address is told"
    );
    assert!(test.browser().sign_in("olivia@bakery.example", new).await.is_err());
    test.browser().sign_in("olivia@new.example", new).await.unwrap();
    olivia
        .save(
            SaveOwnProfile::PATH,
            &[
                ("name", "Olivia Hart-Lopez"),
                ("language", "en-GB"),
                ("time_zone", "UTC"),
                ("date_format", "day-month-year"),
            ],
        )
        .await
        .unwrap();
    assert!(olivia.get("/profile").await.body.contains("Olivia Hart-Lopez"));
}

#[tokio::test]
async fn what_was_mailed_before_a_change_of_password_does_not_undo_it() {
    let test = TestApp::new().await;
    let (mut olivia, _) = test.olivia().await;
    // Somebody who knows the password asks for another address and for a reset; then Olivia changes the
    // password.
    let mut mallory = test.browser();
    mallory.sign_in("olivia@bakery.example", PASSWORD).await.unwrap();
    mallory
        .change(ChangeEmail::PATH, &[("email", "mallory@evil.example"), ("current_password", PASSWORD)])
        .await
        .unwrap();
    let email = mallory.mailed("mallory@evil.example", "/confirm-email/").await.unwrap();
    mallory.change(ForgotPassword::PATH, &[("email", "olivia@bakery.example")]).await.unwrap();
    let reset = mallory.mailed("olivia@bakery.example", "/reset-password/").await.unwrap();
    let new = "green-lantern-harbour-5";
    olivia
        .change(ChangePassword::PATH, &[("current_password", PASSWORD), ("new_password", new)])
        .await
        .unwrap();
    assert!(matches!(
        olivia.change(ConfirmEmail::PATH, &[("token", &email)]).await,
        Err(AppError::Conflict(_))
    ));
    assert!(matches!(
        mallory.change(ResetPassword::PATH, &[("token", &reset), ("password", new)]).await,
        Err(AppError::Conflict(_))
    ));
}

#[tokio::test]
async fn an_unconfirmed_sign_up_owns_nothing_and_gives_way() {
    let test = TestApp::new().await;
    let fields = |name, company| {
        [("name", name), ("company", company), ("email", "victor@example.com"), ("password", PASSWORD)]
    };
    test.browser().change(SignUp::PATH, &fields("Mallory", "Scam")).await.unwrap();
    assert_eq!(test.scalar("SELECT count(*) FROM accounts").await, 0);
    let (mut victor, account) = test.owner("Victor Real", "Real Ltd", "victor@example.com").await;
    let page = victor.get(&format!("/a/{account}")).await.body;
    assert!(page.contains("Real Ltd") && !page.contains("Scam"));
    // Nor does it keep an address from somebody who proves it.
    test.browser()
        .change(SignUp::PATH, &[("name", "Mallory"), ("email", "new@example.com"), ("password", PASSWORD)])
        .await
        .unwrap();
    victor
        .change(ChangeEmail::PATH, &[("email", "new@example.com"), ("current_password", PASSWORD)])
        .await
        .unwrap();
    let token = victor.mailed("new@example.com", "/confirm-email/").await.unwrap();
    victor.change(ConfirmEmail::PATH, &[("token", &token)]).await.unwrap();
    test.browser().sign_in("new@example.com", PASSWORD).await.unwrap();
}
