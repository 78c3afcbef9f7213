//! Sessions, devices, and limits on guessing that nobody can use against somebody else (X1).

use super::support::*;
use crate::access::request::RequestContext;
use crate::access::{Access, ManageContacts, SignedIn, System};
use crate::demo::browser::Browser;
use crate::error::AppError;
use crate::features::second_factor::rpc::*;
use crate::features::sign_in::rpc::*;
use crate::features::users::model::Security;
use crate::features::users::rpc::*;
use crate::platform::db::args;
use axum::body::Body;
use axum::http::{Request, header};
use leptos::server_fn::ServerFn as _;

const OLIVIA: &str = "olivia@bakery.example";

async fn security(browser: &mut Browser) -> Security {
    browser.call(ShowSecurity::PATH, &[]).await.unwrap()
}

#[tokio::test]
async fn one_sees_where_one_is_signed_in_and_ends_it_from_elsewhere() {
    let test = TestApp::new().await;
    let (mut olivia, _) = test.olivia().await;
    test.later(60);
    let mut phone = test.another_browser(OLIVIA).await;
    let mut tablet = test.another_browser(OLIVIA).await;
    let sessions = security(&mut olivia).await.sessions;
    assert_eq!(sessions.len(), 3);
    assert_eq!(sessions.iter().filter(|session| session.here).count(), 1);
    assert!(
        sessions
            .iter()
            .all(|session| session.browser == "Firefox on Windows" && session.source == "127.0.0.1")
    );
    let other = sessions.iter().find(|session| !session.here).unwrap().id.clone();
    olivia.change(EndSession::PATH, &[("session", &other)]).await.unwrap();
    let open = [phone.get("/security").await.status, tablet.get("/security").await.status];
    assert_eq!(open.iter().filter(|status| status.is_success()).count(), 1, "one of the two is signed out");
    assert_eq!(
        olivia.change(EndSession::PATH, &[("session", &other)]).await.unwrap_err(),
        AppError::NotFound
    );
    olivia.change(EndOtherSessions::PATH, &[]).await.unwrap();
    assert!(olivia.get("/security").await.status.is_success());
    assert_eq!(
        (phone.get("/security").await.status.as_u16(), tablet.get("/security").await.status.as_u16()),
        (303, 303)
    );
}

#[tokio::test]
async fn nobody_ends_anothers_session() {
    let test = TestApp::new().await;
    let (mut olivia, _) = test.olivia().await;
    let (mut oscar, _) = test.oscar().await;
    let hers = security(&mut olivia).await.sessions[0].id.clone();
    assert_eq!(oscar.change(EndSession::PATH, &[("session", &hers)]).await.unwrap_err(), AppError::NotFound);
    assert!(olivia.get("/security").await.status.is_success());
}

#[tokio::test]
async fn a_session_ends_after_a_week_without_use_and_after_two_in_any_case() {
    let test = TestApp::new().await;
    let (mut olivia, _) = test.olivia().await;
    for _ in 0..3 {
        test.later(4 * 24 * 60);
        assert!(olivia.get("/security").await.status.is_success(), "used every four days");
        // The use is noted beside the answer.
        let noted =
            || async { test.scalar("SELECT max(last_used_at) FROM sessions").await == test.app.now().0 };
        while !noted().await {
            tokio::task::yield_now().await;
        }
    }
    test.later(3 * 24 * 60);
    assert_eq!(olivia.get("/security").await.status, 303, "fifteen days");
    olivia.sign_in(OLIVIA, PASSWORD).await.unwrap();
    test.later(8 * 24 * 60);
    assert_eq!(olivia.get("/security").await.status, 303, "eight days without use");
}

#[tokio::test]
async fn a_sign_in_from_a_new_device_is_told_by_mail_once() {
    let test = TestApp::new().await;
    let (mut olivia, _) = test.olivia().await;
    let before = test.mails_to(OLIVIA).await;
    olivia.change(SignOut::PATH, &[]).await.unwrap();
    olivia.sign_in(OLIVIA, PASSWORD).await.unwrap();
    assert_eq!(test.mails_to(OLIVIA).await, before, "her own browser");
    let mut phone = test.another_browser(OLIVIA).await;
    let mail = test.last_mail(OLIVIA).await;
    assert_eq!(mail.subject, "New sign-in to your login");
    assert!(
        mail.body_text.contains("using Firefox on Windows, from the address 127.0.0.1"),
        "{}",
        mail.body_text
    );
    phone.sign_in(OLIVIA, PASSWORD).await.unwrap();
    assert_eq!(test.mails_to(OLIVIA).await, before + 1);
    // Thrown out, it is a stranger again.
    olivia.change(EndOtherSessions::PATH, &[]).await.unwrap();
    phone.sign_in(OLIVIA, PASSWORD).await.unwrap();
    assert_eq!(test.mails_to(OLIVIA).await, before + 2);
    olivia.sign_in(OLIVIA, PASSWORD).await.unwrap();
    assert_eq!(test.mails_to(OLIVIA).await, before + 2, "the browser that threw it out is still known");
    // A browser that two people use is known to each by themselves.
    test.oscar().await;
    phone.sign_in("oscar@elsewhere.example", PASSWORD).await.unwrap();
    assert_eq!(test.last_mail("oscar@elsewhere.example").await.subject, "New sign-in to your login");
}

#[tokio::test]
async fn what_waited_behind_the_end_of_its_session_is_refused() {
    let test = TestApp::new().await;
    let (_, bakery) = test.olivia().await;
    let session: String = {
        let mut reader = System::of(&test.app).read().await.unwrap();
        reader.conn().value("SELECT token_hash FROM sessions", args![]).await.unwrap()
    };
    let context = RequestContext::for_test(&test.app, Some(session));
    let signed_in = SignedIn::of(context.clone()).await.unwrap();
    let access = Access::<ManageContacts>::of(context, &bakery).await.unwrap();
    drop(signed_in.begin().await.unwrap());
    drop(access.begin().await.unwrap());
    test.execute("DELETE FROM sessions".into()).await;
    assert!(matches!(signed_in.begin().await.err(), Some(AppError::SignedOut)));
    assert!(matches!(access.begin().await.err(), Some(AppError::Conflict(_))));
}

#[tokio::test]
async fn of_two_who_change_a_password_at_once_one_does() {
    let test = TestApp::new().await;
    let (olivia, _) = test.olivia().await;
    let thief = test.another_browser(OLIVIA).await;
    let tries = [(olivia, "another-plum-evening-17"), (thief, "some-stolen-evening-18")].map(
        |(mut browser, new)| async move {
            browser
                .change(ChangePassword::PATH, &[("current_password", PASSWORD), ("new_password", new)])
                .await
                .is_ok()
        },
    );
    assert_eq!(futures::future::join_all(tries).await.into_iter().filter(|done| *done).count(), 1);
    assert_eq!(test.count(&format!("sessions WHERE expires_at > {}", test.app.now().0)).await, 1);
}

#[tokio::test]
async fn a_device_has_another_token_after_each_sign_in() {
    let test = TestApp::new().await;
    let (mut olivia, _) = test.olivia().await;
    test.set_up_app(&mut olivia, OLIVIA).await;
    // Somebody prepared the browser that she signs in with, and has a copy of it.
    let mut shared = test.another_browser("olivia@bakery.example").await;
    shared.get("/sign-in").await;
    let mut copy = shared.clone();
    test.later(1);
    let code = test.code(OLIVIA).await;
    shared.sign_in(OLIVIA, PASSWORD).await.unwrap();
    shared.change(SecondFactor::PATH, &[("code", &code), ("remember", "on")]).await.unwrap();
    assert!(shared.sign_in(OLIVIA, PASSWORD).await.unwrap().to.starts_with("/a/"), "remembered");
    assert_eq!(copy.sign_in(OLIVIA, PASSWORD).await.unwrap().to, "/sign-in/second-factor");
}

/// A sign-in from an address, as a trusted proxy reports it.
async fn try_from(browser: &mut Browser, source: &str, password: &str) -> axum::http::StatusCode {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("email", OLIVIA), ("password", password)])
        .finish();
    let request = Request::post(SignIn::PATH)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("x-forwarded-for", source);
    browser.send(request.body(Body::from(body)).unwrap()).await.status
}

fn with_limits(config: &mut crate::platform::config::Config) {
    config.limits = true;
    config.trusted_proxies = vec![std::net::Ipv4Addr::LOCALHOST.into()];
}

#[tokio::test]
async fn wrong_passwords_wait_longer_and_longer_and_only_where_they_are_tried() {
    let test = TestApp::with(with_limits).await;
    let (mut olivia, _) = test.olivia().await;
    let mut attacker = test.browser();
    for _ in 0..5 {
        assert_eq!(try_from(&mut attacker, "203.0.113.9", "wrong password").await, 422);
    }
    assert_eq!(try_from(&mut attacker, "203.0.113.9", "wrong password").await, 429);
    assert_eq!(try_from(&mut attacker, "203.0.113.9", PASSWORD).await, 429, "the right one too");
    let wait = |test: &TestApp, seconds: i64| {
        test.app.clock().set(crate::types::Timestamp(test.app.now().0 + seconds * 1000));
    };
    let mut total = 0;
    for seconds in [5, 10, 20, 40, 80, 160, 320, 640, 900, 900] {
        wait(&test, seconds - 1);
        assert_eq!(
            try_from(&mut attacker, "203.0.113.9", "wrong password").await,
            429,
            "{seconds} seconds are not over"
        );
        wait(&test, 1);
        assert_eq!(
            try_from(&mut attacker, "203.0.113.9", "wrong password").await,
            422,
            "{seconds} seconds are over"
        );
        total += seconds;
    }
    assert!(total > 3_000, "fifteen guesses take an hour");
    // Meanwhile she signs in: from elsewhere with any browser, and from the very same address with her own.
    assert_eq!(try_from(&mut test.browser(), "198.51.100.7", PASSWORD).await, 200);
    assert_eq!(try_from(&mut olivia, "203.0.113.9", PASSWORD).await, 200);
    // A made-up device does not help the attacker.
    let request = Request::post(SignIn::PATH)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("x-forwarded-for", "203.0.113.9");
    let body = format!("email={}&password=wrong", "olivia%40bakery.example");
    let request = request.header(header::COOKIE, "latchkey-device=made-up").body(Body::from(body)).unwrap();
    assert_eq!(test.browser().send(request).await.status, 429);
}

#[tokio::test]
async fn asking_for_links_neither_floods_the_mailbox_nor_kills_the_link_in_it() {
    let test = TestApp::with(|config| config.limits = true).await;
    let (mut olivia, _) = test.olivia().await;
    olivia.change(ForgotPassword::PATH, &[("email", OLIVIA)]).await.unwrap();
    let hers = olivia.mailed(OLIVIA, "/reset-password/").await.unwrap();
    let before = test.mails_to(OLIVIA).await;
    let mut attacker = test.browser();
    for _ in 0..20 {
        attacker.change(ForgotPassword::PATH, &[("email", OLIVIA)]).await.unwrap();
    }
    assert_eq!(test.mails_to(OLIVIA).await, before + 2, "three links an hour are enough");
    // Nor does it keep her from asking.
    olivia.change(ForgotPassword::PATH, &[("email", OLIVIA)]).await.unwrap();
    olivia
        .change(ResetPassword::PATH, &[("token", &hers), ("password", "another-plum-evening-17")])
        .await
        .unwrap();
    // One used link ends all of them.
    assert_eq!(test.scalar("SELECT count(*) FROM mail_links").await, 0);
}

#[tokio::test]
async fn a_mailbox_that_is_full_of_one_kind_still_gets_the_other() {
    let test = TestApp::new().await;
    let (mut olivia, _) = test.olivia().await;
    let mut attacker = test.browser();
    for _ in 0..12 {
        attacker
            .change(SignUp::PATH, &[("name", "X"), ("email", OLIVIA), ("password", PASSWORD)])
            .await
            .unwrap();
    }
    olivia.change(ForgotPassword::PATH, &[("email", OLIVIA)]).await.unwrap();
    assert_eq!(test.last_mail(OLIVIA).await.subject, "Choose a new password");
    // The link of somebody who has not confirmed yet is not replaced by one that is not sent.
    for n in 0..12 {
        let password = format!("plum-tractor-evening-{n}");
        attacker
            .change(SignUp::PATH, &[("name", "Vic"), ("email", "vic@example.com"), ("password", &password)])
            .await
            .unwrap();
    }
    let token = attacker.mailed("vic@example.com", "/verify/").await.unwrap();
    let refused = refused_fields(
        attacker
            .change(SignIn::PATH, &[("email", "vic@example.com"), ("password", "plum-tractor-evening-9")])
            .await,
    );
    assert!(refused[0].1.contains("the latest e-mail"), "{refused:?}");
    attacker
        .change(VerifyAddress::PATH, &[("token", &token), ("password", "plum-tractor-evening-9")])
        .await
        .unwrap();
}

#[tokio::test]
async fn with_a_second_factor_password_and_address_want_it_too() {
    let test = TestApp::new().await;
    let (mut olivia, _) = test.olivia().await;
    test.set_up_app(&mut olivia, OLIVIA).await;
    test.later(11);
    let change = [("current_password", PASSWORD), ("new_password", "another-plum-evening-17")];
    assert_eq!(olivia.change(ChangePassword::PATH, &change).await.unwrap_err(), AppError::Unconfirmed);
    let email = [("current_password", PASSWORD), ("email", "new@bakery.example")];
    assert_eq!(olivia.change(ChangeEmail::PATH, &email).await.unwrap_err(), AppError::Unconfirmed);
    let code = test.code(OLIVIA).await;
    olivia.change(Confirm::PATH, &[("current_password", PASSWORD), ("code", &code)]).await.unwrap();
    olivia.change(ChangePassword::PATH, &change).await.unwrap();
}
