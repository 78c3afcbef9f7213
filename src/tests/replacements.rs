//! An owner who is gone is replaced: after a waiting time, told to the old address, stopped by who is still there.

use super::support::*;
use crate::cli::jobs;
use crate::demo::browser::Browser;
use crate::error::{AppError, Outcome};
use crate::features::contacts::rpc::CloseContact;
use crate::features::ownership::rpc::ShowOwnership;
use crate::features::replacements::model::Replacement;
use crate::features::replacements::rpc::{ShowReplacement, StopReplacement};
use crate::operator::owners::model::OwnerForm;
use crate::operator::owners::rpc::{KeepOwner, ReplaceOwner, ShowOwnerForm};
use crate::types::AccountId;
use axum::http::StatusCode;
use leptos::server_fn::ServerFn as _;

const OLIVIA: &str = "olivia@bakery.example";

/// Hart Bakery with Ben, who can log in; an administrator; and the form that makes Ben the owner.
async fn ground() -> (TestApp, Browser, Browser, Browser, AccountId, Vec<(String, String)>) {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let ben = test.member(&mut olivia, &bakery, "Ben Carter", "ben@example.com", &["invoices.view"]).await;
    let ada = test.ada().await;
    let contact = contact_by_email(&mut olivia, &bakery, "ben@example.com").await.id;
    let form = [
        ("account", bakery.as_str()),
        ("contact", contact.as_str()),
        ("reason", "Her partner called: she has died."),
        ("close_former", "on"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    (test, olivia, ben, ada, bakery, form.into())
}

async fn begin(ada: &mut Browser, form: &[(String, String)]) -> crate::error::Result<Outcome> {
    ada.change(ReplaceOwner::PATH, &borrowed(form)).await
}

#[tokio::test]
async fn an_owner_who_is_gone_is_replaced_after_the_waiting_time() {
    let (test, _, _, mut ada, bakery, form) = ground().await;
    let of = ("account", bakery.as_str());
    let without = borrowed(&form).into_iter().filter(|(name, _)| *name != "reason").collect::<Vec<_>>();
    assert!(matches!(ada.change(ReplaceOwner::PATH, &without).await, Err(AppError::Invalid(_))));
    let done = begin(&mut ada, &form).await.unwrap();
    assert!(done.say.contains("Ben Carter becomes the owner"), "{}", done.say);
    assert!(matches!(begin(&mut ada, &form).await, Err(AppError::Conflict(_))), "one at a time");
    let mail = test.last_mail(OLIVIA).await;
    assert!(mail.subject.contains("is to get another owner"), "{}", mail.subject);
    assert!(
        mail.body_text.contains("Her partner called") && mail.body_text.contains("/ownership"),
        "{}",
        mail.body_text
    );
    assert!(test.last_mail("ben@example.com").await.subject.contains("You are to own"));
    let page = ada.get(&format!("/operator/customers/{bakery}/owner")).await.body;
    assert!(page.contains("becomes the owner on") && page.contains("Stop it"), "{page}");
    // Nothing changes before the time has passed.
    test.later(6 * 24 * 60);
    jobs::run(&test.app).await.unwrap();
    let mut olivia = test.another_browser(OLIVIA).await;
    assert_eq!(olivia.get(&format!("/a/{bakery}/ownership")).await.status, StatusCode::OK);
    test.later(2 * 24 * 60);
    jobs::run(&test.app).await.unwrap();
    jobs::run(&test.app).await.unwrap();
    assert_eq!(
        olivia.get(&format!("/a/{bakery}")).await.status,
        StatusCode::NOT_FOUND,
        "her contact is closed"
    );
    let mut ben = test.another_browser("ben@example.com").await;
    ben.call::<Option<Replacement>>(ShowReplacement::PATH, &[of]).await.unwrap();
    let profile = ben.get(&format!("/a/{bakery}/profile")).await.body;
    assert!(profile.contains("ben@example.com"), "the main address was hers and is his now: {profile}");
    assert!(test.last_mail(OLIVIA).await.subject.contains("has a new owner"));
    let trail = ben.get(&format!("/a/{bakery}/activity")).await.body;
    assert!(trail.contains("after the waiting time"), "{trail}");
    assert_eq!(test.count("replacements WHERE state = 'done'").await, 1);
}

#[tokio::test]
async fn an_owner_who_is_still_there_stops_it() {
    let (test, mut olivia, mut ben, mut ada, bakery, form) = ground().await;
    let of = ("account", bakery.as_str());
    begin(&mut ada, &form).await.unwrap();
    let page = olivia.get(&format!("/a/{bakery}/ownership")).await.body;
    assert!(page.contains("I am still here") && page.contains("Her partner called"), "{page}");
    // Only the owner knows of it on the account, and stops it.
    let others = ben.change(StopReplacement::PATH, &[of]).await.unwrap_err();
    assert!(
        matches!(others, AppError::Forbidden(_) | AppError::NotFound | AppError::Lacks { .. }),
        "{others:?}"
    );
    olivia.change(StopReplacement::PATH, &[of]).await.unwrap();
    assert!(matches!(olivia.change(StopReplacement::PATH, &[of]).await, Err(AppError::Conflict(_))));
    assert!(matches!(ada.change(KeepOwner::PATH, &[of]).await, Err(AppError::Conflict(_))));
    assert!(test.last_mail("ada@operator.example").await.subject.contains("keeps its owner"));
    test.later(8 * 24 * 60);
    jobs::run(&test.app).await.unwrap();
    let mut olivia = test.another_browser(OLIVIA).await;
    olivia.call::<serde_json::Value>(ShowOwnership::PATH, &[of]).await.unwrap();
    assert_eq!(olivia.get(&format!("/a/{bakery}")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn nobody_takes_over_who_cannot_enter_any_more() {
    let (test, mut olivia, _, mut ada, bakery, form) = ground().await;
    let of = ("account", bakery.as_str());
    add(&mut olivia, &bakery, "Nora Mail", "nora@example.com").await.unwrap();
    let nora = contact_by_email(&mut olivia, &bakery, "nora@example.com").await.id;
    let refused = ada.change(ReplaceOwner::PATH, &[of, ("contact", nora.as_str()), ("reason", "x")]).await;
    assert_eq!(refused_fields(refused)[0].0, "contact", "she has no login");
    let owners: OwnerForm = ada.call(ShowOwnerForm::PATH, &[of]).await.unwrap();
    assert_eq!(
        owners.candidates.iter().map(|(_, name, _)| name.as_str()).collect::<Vec<_>>(),
        ["Ben Carter"]
    );
    begin(&mut ada, &form).await.unwrap();
    let ben = form[1].1.clone();
    olivia.change(CloseContact::PATH, &[of, ("contact", &ben)]).await.unwrap();
    test.later(8 * 24 * 60);
    jobs::run(&test.app).await.unwrap();
    let mut olivia = test.another_browser(OLIVIA).await;
    assert_eq!(olivia.get(&format!("/a/{bakery}")).await.status, StatusCode::OK);
    assert_eq!(test.count("replacements WHERE state = 'stopped'").await, 1);
    let trail = olivia.get(&format!("/a/{bakery}/activity")).await.body;
    assert!(trail.contains("did not make Ben Carter the owner"), "{trail}");
}
