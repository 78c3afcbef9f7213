//! One's own profile, data and login (X1).

use super::support::*;
use crate::error::AppError;
use crate::features::second_factor::rpc::*;
use crate::features::sign_in::rpc::*;
use crate::features::users::rpc::*;
use leptos::server_fn::ServerFn as _;

const BEN: &str = "ben@example.com";

fn saved<'a>(zone: &'a str, format: &'a str, language: &'a str) -> [(&'a str, &'a str); 4] {
    [("name", "Olivia Hart"), ("language", language), ("time_zone", zone), ("date_format", format)]
}

#[tokio::test]
async fn times_are_shown_in_the_persons_zone_and_order() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let path = format!("/a/{bakery}/activity");
    assert!(olivia.get(&path).await.body.contains("22 Nov 2026, 02:00 UTC"));
    let done = olivia
        .save(SaveOwnProfile::PATH, &saved("America/New_York", "month-day-year", "en-US"))
        .await
        .unwrap();
    assert!(done.reload, "times are written anew");
    let page = olivia.get(&path).await.body;
    assert!(
        page.contains("Nov 21, 2026, 9:00 PM New York") && page.contains("<html lang=\"en-US\""),
        "{page}"
    );
    // Another browser learns it at the sign-in.
    let mut phone = test.another_browser("olivia@bakery.example").await;
    assert!(phone.get(&path).await.body.contains("9:00 PM New York"));
    for (fields, wrong) in [
        (saved("Mars/Olympus", "month-day-year", "en-US"), "time_zone"),
        (saved("UTC", "backwards", "en-US"), "date_format"),
        (saved("UTC", "month-day-year", "tlh"), "language"),
    ] {
        assert_eq!(refused_fields(olivia.save(SaveOwnProfile::PATH, &fields).await)[0].0, wrong);
    }
}

#[tokio::test]
async fn a_cookie_with_nonsense_is_read_as_utc() {
    let test = TestApp::new().await;
    for value in ["", "x", "en-GB|Mars/Olympus|x", "<script>|UTC|", "en-GB|../../etc/passwd|month-day-year"] {
        let request = axum::http::Request::get("/sign-in")
            .header("cookie", format!("latchkey-reading={value}"))
            .body(axum::body::Body::empty())
            .unwrap();
        let page = test.browser().send(request).await;
        assert_eq!(page.status, 200, "{value}");
        assert!(page.body.contains("<html lang=\"en-GB\"") && !page.body.contains("Mars"), "{value}");
    }
}

#[tokio::test]
async fn ones_own_data_comes_as_a_file_after_a_fresh_confirmation() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let mut ben = test.member(&mut olivia, &bakery, "Ben Carter", BEN, &["invoices.view"]).await;
    assert!(
        test.browser().get("/profile/data").await.location().starts_with("/sign-in?next=%2Fprofile%2Fdata")
    );
    test.later(11);
    assert_eq!(ben.get("/profile/data").await.location(), "/confirm?next=%2Fprofile%2Fdata");
    ben.change(Confirm::PATH, &[("current_password", PASSWORD)]).await.unwrap();
    let file = ben.get("/profile/data").await;
    assert_eq!(
        (file.status.as_u16(), file.headers["content-disposition"].to_str().unwrap()),
        (200, "attachment; filename=\"latchkey-own-data.json\"")
    );
    let data: serde_json::Value = serde_json::from_str(&file.body).unwrap();
    assert_eq!(data["login"]["email"], BEN);
    assert_eq!(data["contacts"][0]["account_name"], "Hart Bakery");
    assert_eq!(data["sessions"].as_array().unwrap().len(), 1);
    assert!(data["events"][0]["what"].is_string());
    for not_his in ["olivia@", "argon2", "token"] {
        assert!(!file.body.contains(not_his), "{not_his}");
    }
}

#[tokio::test]
async fn a_deleted_login_is_gone_and_its_cards_stay_without_one() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let mut ben = test.member(&mut olivia, &bakery, "Ben Carter", BEN, &["invoices.view"]).await;
    test.set_up_app(&mut ben, BEN).await;
    let mut phone = ben.clone();
    assert!(ben.get("/profile/delete").await.body.contains("You can no longer enter Hart Bakery"));
    test.later(11);
    assert_eq!(ben.change(DeleteUser::PATH, &[]).await.unwrap_err(), AppError::Unconfirmed);
    let code = test.code(BEN).await;
    ben.change(Confirm::PATH, &[("current_password", PASSWORD), ("code", &code)]).await.unwrap();
    ben.change(DeleteUser::PATH, &[]).await.unwrap();
    assert_eq!(phone.get("/security").await.status, 303);
    assert!(
        matches!(test.browser().sign_in(BEN, PASSWORD).await, Err(AppError::Invalid(_))),
        "as if it had never been"
    );
    assert_eq!(test.last_mail(BEN).await.subject, "Your login was deleted");
    let view = contact_by_email(&mut olivia, &bakery, BEN).await;
    assert!(
        !view.linked && view.form.log_in.is_empty() && view.grant.is_empty() && view.form.status == "active"
    );
    for table in [
        "sessions WHERE user_id NOT IN (SELECT user_id FROM contacts WHERE is_owner)",
        "devices WHERE agent = 'x'",
        "passkeys",
        "recovery_used",
    ] {
        assert_eq!(test.count(table).await, 0, "{table}");
    }
    assert_eq!(
        test.count("users WHERE email LIKE '%ben%' OR name LIKE '%Ben%' OR email_key LIKE '%ben%'").await,
        0
    );
    // The address is free again: whoever has the mailbox can begin anew, without what the old login could
    // enter.
    let (mut new, _) = test.owner("Ben Again", "", BEN).await;
    assert_eq!(new.get(&format!("/a/{bakery}")).await.status, 404);
    let activity = olivia.get(&format!("/a/{bakery}/activity")).await.body;
    assert!(activity.contains("Ben Carter") && activity.contains("deleted their login"));
}

#[tokio::test]
async fn deleting_while_signing_in_elsewhere_leaves_no_session() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let mut ben = test.member(&mut olivia, &bakery, "Ben Carter", BEN, &[]).await;
    let mut others: Vec<_> = (0..4).map(|_| test.browser()).collect();
    let attempts = others
        .iter_mut()
        .map(|browser| browser.change(SignIn::PATH, &[("email", BEN), ("password", PASSWORD)]));
    let (deleted, _) =
        futures::future::join(ben.change(DeleteUser::PATH, &[]), futures::future::join_all(attempts)).await;
    deleted.unwrap();
    for browser in &mut others {
        assert_ne!(browser.get("/security").await.status, 200);
    }
}
