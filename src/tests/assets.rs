//! Services and domains: who sees which, what they may do with them, and what comes of it.

use super::support::*;
use crate::access::System;
use crate::demo::browser::Browser;
use crate::error::AppError;
use crate::features::domains::model::DomainView;
use crate::features::domains::rpc::*;
use crate::features::requests;
use crate::features::requests::model::RequestKind;
use crate::features::services::model::{ServiceRow, ServiceView};
use crate::features::services::rpc::*;
use crate::types::{AccountId, Page, ServiceId};
use axum::http::StatusCode;
use leptos::server_fn::ServerFn as _;

async fn list(browser: &mut Browser, account: &AccountId, query: &[(&str, &str)]) -> Page<ServiceRow> {
    let mut fields = vec![("account", account.as_str())];
    fields.extend(query);
    browser.call(ListServices::PATH, &fields).await.expect("the list")
}

fn names(page: &Page<ServiceRow>) -> Vec<&str> {
    page.items.iter().map(|row| row.name.as_str()).collect()
}

async fn show(
    browser: &mut Browser,
    account: &AccountId,
    service: &ServiceId,
) -> crate::error::Result<ServiceView> {
    browser.call(ShowService::PATH, &[("account", account.as_str()), ("service", service.as_str())]).await
}

#[tokio::test]
async fn a_list_holds_what_may_be_seen_and_nothing_else() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let (shop, blog) = (test.service(&bakery, "Shop").await, test.service(&bakery, "Blog").await);
    test.service(&bakery, "Archive").await;
    let (_, elsewhere) = test.oscar().await;
    let foreign = test.service(&elsewhere, "Foreign").await;
    assert_eq!(names(&list(&mut olivia, &bakery, &[]).await), ["Archive", "Blog", "Shop"]);
    assert_eq!(names(&list(&mut olivia, &bakery, &[("q", "SHO")]).await), ["Shop"]);
    assert_eq!(list(&mut olivia, &bakery, &[("status", "cancelled")]).await.total, 0);
    let on = [(shop.asset(), &["view", "billing"][..]), (blog.asset(), &["view"][..])];
    let mut wes = test.helper(&mut olivia, &bakery, "wes@example.com", &[], &on).await;
    let page = list(&mut wes, &bakery, &[]).await;
    assert_eq!((names(&page), page.total), (vec!["Blog", "Shop"], 2));
    assert!(
        page.items[0].billing.is_none() && page.items[1].billing.is_some(),
        "billing information goes to who may see it"
    );
    // Words that only match what may not be seen find nothing.
    assert_eq!(list(&mut wes, &bakery, &[("q", "archive")]).await.total, 0);
    // The price does not leave the server for the others, in whatever form.
    let shown = wes.get(&format!("/a/{bakery}/services/{blog}")).await;
    assert!(
        shown.body.contains("Back-ups at night.")
            && !shown.body.contains("12.90")
            && !shown.body.contains("1290")
    );
    assert!(wes.get(&format!("/a/{bakery}/services/{shop}")).await.body.contains("12.90 EUR a month"));
    // By URL it does not exist: neither of this account nor of another.
    let hidden = test.service(&bakery, "Hidden").await;
    for service in [&hidden, &foreign] {
        assert_eq!(wes.get(&format!("/a/{bakery}/services/{service}")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(show(&mut wes, &bakery, service).await.unwrap_err(), AppError::NotFound);
    }
    assert_eq!(show(&mut olivia, &bakery, &foreign).await.unwrap_err(), AppError::NotFound);
}

#[tokio::test]
async fn pages_of_a_long_list_go_forth_and_back() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    crate::demo::assets::many(&test.app, &bakery, 120).await.unwrap();
    let first = list(&mut olivia, &bakery, &[]).await;
    assert_eq!((first.items.len(), first.total, first.previous.is_none()), (50, 120, true));
    let second = list(&mut olivia, &bakery, &[("after", &first.next.unwrap())]).await;
    assert_eq!((second.items[0].name.as_str(), second.skipped), ("Site 00050", 50));
    let back = list(&mut olivia, &bakery, &[("before", &second.previous.unwrap())]).await;
    assert_eq!((back.items[0].name.as_str(), back.items.len()), ("Site 00000", 50));
}

#[tokio::test]
async fn only_what_is_permitted_is_offered() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let (shop, blog) = (test.service(&bakery, "Shop").await, test.service(&bakery, "Blog").await);
    let domain = test.domain(&bakery, "bakery.example").await;
    let on = [
        (shop.asset(), &["view", "panel", "billing", "upgrade", "cancel"][..]),
        (blog.asset(), &["view", "panel"][..]),
        (domain.asset(), &["view"][..]),
    ];
    let mut wes = test.helper(&mut olivia, &bakery, "wes@example.com", &["tickets.open"], &on).await;
    let everything = wes.get(&format!("/a/{bakery}/services/{shop}")).await.body;
    for words in ["Control panel", "Request upgrade", "Request cancellation", "Billing information"] {
        assert!(everything.contains(words), "{words}");
    }
    let little = wes.get(&format!("/a/{bakery}/services/{blog}")).await.body;
    assert!(little.contains("Control panel"));
    for words in ["Request upgrade", "Request cancellation", "Billing information", "Invoices", "Contacts"] {
        assert!(!little.contains(words), "{words}");
    }
    let only_to_see = wes.get(&format!("/a/{bakery}/domains/{domain}")).await.body;
    assert!(only_to_see.contains("ns1.portal.example"));
    for words in ["Change nameservers", "Request unlock", "Switch automatic renewal"] {
        assert!(!only_to_see.contains(words), "{words}");
    }
    let denied = wes.get(&format!("/a/{bakery}/services/{blog}/cancel")).await;
    assert_eq!(denied.status, StatusCode::FORBIDDEN);
    assert!(
        denied.body.contains("This needs the permission “Services: Cancel”")
            && denied.body.contains("Ask Olivia Hart for access")
    );
}

/// The link that opening the control panel leads to.
async fn sign_on(browser: &mut Browser, account: &AccountId, service: &ServiceId) -> String {
    let answer = browser.get(&format!("/a/{account}/services/{service}/panel")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let token =
        answer.location().strip_prefix("https://panel.example/login?sign_on=").expect("the panel's address");
    token.to_owned()
}

async fn check(test: &TestApp, token: &str) -> (StatusCode, String) {
    let answer = test.browser().post("/sign-on/check", format!("sign_on={token}")).await;
    (answer.status, answer.body)
}

#[tokio::test]
async fn a_sign_on_link_works_once_within_a_minute_and_only_while_it_may() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let shop = test.service(&bakery, "Shop").await;
    let mut wes = test
        .helper(&mut olivia, &bakery, "wes@example.com", &[], &[(shop.asset(), &["view", "panel"])])
        .await;
    let token = sign_on(&mut wes, &bakery, &shop).await;
    let (status, body) = check(&test, &token).await;
    assert_eq!(status, StatusCode::OK);
    let told: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        (told["login"].as_str(), told["server"].as_str(), told["name"].as_str()),
        (Some("hartbake"), Some("web1.portal.example"), Some("Wes Diaz"))
    );
    assert_eq!(check(&test, &token).await.0, StatusCode::NOT_FOUND, "used");
    // At once from many sides: one gets in.
    let token = sign_on(&mut wes, &bakery, &shop).await;
    let all = futures::future::join_all((0..8).map(|_| check(&test, &token))).await;
    assert_eq!(all.iter().filter(|(status, _)| *status == StatusCode::OK).count(), 1);
    // Forged, cut, or with somebody else's signature.
    let token = sign_on(&mut wes, &bakery, &shop).await;
    let (secret, signature) = token.split_once('.').unwrap();
    let other = sign_on(&mut olivia, &bakery, &shop).await;
    for bad in [
        "",
        "x",
        "x.y",
        secret,
        &format!("{secret}."),
        &format!("{secret}.{}", other.split_once('.').unwrap().1),
        &format!("{}.{signature}", "A".repeat(43)),
    ] {
        assert_eq!(check(&test, bad).await.0, StatusCode::NOT_FOUND, "{bad}");
    }
    // Too late.
    let late = sign_on(&mut wes, &bakery, &shop).await;
    test.later(1);
    assert_eq!(check(&test, &late).await.0, StatusCode::NOT_FOUND, "a minute later");
    // A permission that is taken away counts for links that were made before.
    let token = sign_on(&mut wes, &bakery, &shop).await;
    test.execute("UPDATE grants SET permissions = 'service.view'".into()).await;
    assert_eq!(check(&test, &token).await.0, StatusCode::NOT_FOUND, "no longer permitted");
    assert_eq!(
        test.scalar("SELECT count(*) FROM sign_ons WHERE token_hash LIKE '%.%'").await,
        0,
        "only a hash is stored"
    );
}

#[tokio::test]
async fn a_request_is_recorded_mailed_pending_and_can_be_taken_back() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let shop = test.service(&bakery, "Shop").await;
    let mut wes = test
        .helper(&mut olivia, &bakery, "wes@example.com", &[], &[(shop.asset(), &["view", "cancel"])])
        .await;
    let page = format!("/a/{bakery}/services/{shop}/cancel");
    let ids = [("account", bakery.as_str()), ("service", shop.as_str())];
    let form = |more: &[(&'static str, &'static str)]| {
        ids.into_iter().chain(more.iter().copied()).collect::<Vec<_>>()
    };
    // Not confirmed: nothing happens, and what was typed is kept.
    let refused = wes
        .submit(&page, RequestCancellation::PATH, &form(&[("reason", "Moved away"), ("when", "end")]))
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("Tick the box to confirm") && refused.body.contains("Moved away"));
    assert_eq!(test.mails_to("staff@portal.example").await, 0);
    let sent = wes
        .submit(
            &page,
            RequestCancellation::PATH,
            &form(&[("reason", "Moved away"), ("when", "day"), ("day", "2026-12-31"), ("sure", "on")]),
        )
        .await;
    assert_eq!(
        (sent.status, sent.location()),
        (StatusCode::SEE_OTHER, format!("/a/{bakery}/services/{shop}").as_str())
    );
    let mail = test.last_mail("staff@portal.example").await;
    assert_eq!(mail.subject, "Cancellation request for Shop from Hart Bakery");
    assert!(
        mail.body_text.contains("From 31 Dec 2026. Moved away")
            && mail.body_text.contains("Wes Diaz (wes@example.com)")
    );
    let shown = olivia.get(&format!("/a/{bakery}/services/{shop}")).await.body;
    assert!(
        shown.contains("Cancellation requested")
            && shown.contains("Withdraw request")
            && !shown.contains("Request cancellation</a>")
    );
    // A second one is refused, also when many come at once.
    let again = wes
        .change(RequestCancellation::PATH, &form(&[("reason", "Again"), ("when", "end"), ("sure", "on")]))
        .await;
    assert!(matches!(again, Err(AppError::Conflict(_))));
    olivia.change(WithdrawCancellation::PATH, &ids).await.unwrap();
    assert_eq!(
        test.last_mail("staff@portal.example").await.subject,
        "Cancellation request for Shop withdrawn by Hart Bakery"
    );
    assert!(show(&mut olivia, &bakery, &shop).await.unwrap().pending.is_empty());
    assert!(matches!(olivia.change(WithdrawCancellation::PATH, &ids).await, Err(AppError::Conflict(_))));
    let many = (0..6).map(|index| {
        let (mut browser, ids) = (wes.clone(), ids);
        async move {
            let reason = format!("Try {index}");
            browser
                .change(
                    RequestCancellation::PATH,
                    &[ids[0], ids[1], ("reason", &reason), ("when", "end"), ("sure", "on")],
                )
                .await
                .is_ok()
        }
    });
    assert_eq!(futures::future::join_all(many).await.into_iter().filter(|done| *done).count(), 1);
    assert_eq!(test.scalar("SELECT count(*) FROM requests WHERE state = 'pending'").await, 1);
}

#[tokio::test]
async fn staff_answer_a_request_and_what_is_done_is_entered() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let (shop, domain) = (test.service(&bakery, "Shop").await, test.domain(&bakery, "bakery.example").await);
    let on_domain = [("account", bakery.as_str()), ("domain", domain.as_str())];
    let service = [("account", bakery.as_str()), ("service", shop.as_str())];
    olivia
        .change(
            RequestNameservers::PATH,
            &[on_domain[0], on_domain[1], ("nameservers_wanted", "ns1.other.example\nns2.other.example")],
        )
        .await
        .unwrap();
    olivia.change(RequestLock::PATH, &on_domain).await.unwrap();
    olivia.change(RequestUpgrade::PATH, &[service[0], service[1], ("wanted", "More space")]).await.unwrap();
    olivia
        .change(
            RequestCancellation::PATH,
            &[service[0], service[1], ("reason", "x"), ("when", "end"), ("sure", "on")],
        )
        .await
        .unwrap();
    let waiting = requests::store::open(&mut System::of(&test.app).read().await.unwrap()).await.unwrap();
    assert_eq!(waiting.len(), 4);
    for request in &waiting {
        let mut tx = System::of(&test.app).begin().await.unwrap();
        let done = request.pending.kind != RequestKind::Lock;
        let said = requests::store::decide(&mut tx, &request.id.clone().into(), done, "As agreed.", None)
            .await
            .unwrap();
        assert!(said.is_some());
        assert!(
            requests::store::decide(&mut tx, &request.id.clone().into(), done, "", None)
                .await
                .unwrap()
                .is_none(),
            "answered once"
        );
        tx.commit().await.unwrap();
        let mail = test.last_mail("olivia@bakery.example").await;
        assert!(
            mail.subject.ends_with(if done { "is done" } else { "was refused" })
                && mail.body_text.contains("As agreed."),
            "{}",
            mail.subject
        );
    }
    let view: DomainView = olivia.call(ShowDomain::PATH, &on_domain).await.unwrap();
    assert_eq!(
        (view.nameservers.as_str(), view.locked, view.pending.len()),
        ("ns1.other.example\nns2.other.example", true, 0)
    );
    assert_eq!(
        show(&mut olivia, &bakery, &shop).await.unwrap().status,
        crate::features::services::model::ServiceStatus::Cancelled
    );
    let ended = olivia.change(RequestUpgrade::PATH, &[service[0], service[1], ("wanted", "More")]).await;
    assert!(matches!(ended, Err(AppError::Conflict(_))));
}

#[tokio::test]
async fn automatic_renewal_changes_at_once() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let domain = test.domain(&bakery, "bakery.example").await;
    let ids = [("account", bakery.as_str()), ("domain", domain.as_str())];
    let done = olivia.change(SetAutoRenew::PATH, &ids).await.unwrap();
    assert_eq!(done.say, "bakery.example no longer renews automatically. It expires on 18 Oct 2027.");
    let view: DomainView = olivia.call(ShowDomain::PATH, &ids).await.unwrap();
    assert!(!view.auto_renew);
    let bad =
        olivia.change(RequestNameservers::PATH, &[ids[0], ids[1], ("nameservers_wanted", "localhost")]).await;
    assert_eq!(refused_fields(bad)[0].0, "nameservers_wanted");
}

#[tokio::test]
async fn a_request_asks_for_permissions_once_whatever_it_shows() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let services = crate::demo::assets::many(&test.app, &bakery, 60).await.unwrap();
    let domain = test.domain(&bakery, "bakery.example").await;
    let on: Vec<(crate::types::AssetId, &[&str])> =
        services.iter().map(|service| (service.asset(), &["view", "cancel"][..])).collect();
    let mut wes =
        test.helper(&mut olivia, &bakery, "wes@example.com", &["contacts.manage", "domain.view"], &on).await;
    let one = format!("/a/{bakery}/services/{}", services[7]);
    for path in [
        format!("/a/{bakery}"),
        format!("/a/{bakery}/services"),
        one.clone(),
        format!("{one}/cancel"),
        format!("/a/{bakery}/domains/{domain}"),
        format!("/a/{bakery}/contacts/invite"),
    ] {
        let before = test.app.lookups();
        assert_eq!(wes.get(&path).await.status, StatusCode::OK, "{path}");
        assert_eq!(test.app.lookups() - before, 1, "{path}");
    }
    for path in [ListServices::PATH, ShowService::PATH, WithdrawCancellation::PATH] {
        let before = test.app.lookups();
        wes.post(path, format!("account={bakery}&service={}", services[9])).await;
        assert_eq!(test.app.lookups() - before, 1, "{path}");
    }
}

#[tokio::test]
async fn a_domain_that_was_given_up_changes_no_more() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let domain = test.domain(&bakery, "old.example").await;
    let ids = [("account", bakery.as_str()), ("domain", domain.as_str())];
    olivia.change(RequestLock::PATH, &ids).await.unwrap();
    test.execute("UPDATE domains SET status = 'cancelled'".into()).await;
    for (path, more) in [
        (SetAutoRenew::PATH, ("on", "on")),
        (RequestLock::PATH, ("on", "")),
        (RequestNameservers::PATH, ("nameservers_wanted", "a.b.example\nc.d.example")),
    ] {
        assert!(
            matches!(olivia.change(path, &[ids[0], ids[1], more]).await, Err(AppError::Conflict(_))),
            "{path}"
        );
    }
    assert!(olivia.get(&format!("/a/{bakery}/domains/{domain}")).await.body.contains("Withdraw request"));
    olivia.change(WithdrawDomainRequest::PATH, &[ids[0], ids[1], ("kind", "lock")]).await.unwrap();
}

#[tokio::test]
async fn who_has_left_is_told_nothing_more() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let shop = test.service(&bakery, "Shop").await;
    let mut wes = test
        .helper(&mut olivia, &bakery, "wes@example.com", &[], &[(shop.asset(), &["view", "upgrade"])])
        .await;
    let ids = [("account", bakery.as_str()), ("service", shop.as_str()), ("wanted", "More space")];
    wes.change(RequestUpgrade::PATH, &ids).await.unwrap();
    let view = contact_by_email(&mut olivia, &bakery, "wes@example.com").await;
    olivia
        .change(crate::features::contacts::rpc::DeleteContact::PATH, &[ids[0], ("contact", view.id.as_str())])
        .await
        .unwrap();
    let before = test.mails_to("wes@example.com").await;
    let waiting = requests::store::open(&mut System::of(&test.app).read().await.unwrap()).await.unwrap();
    let mut tx = System::of(&test.app).begin().await.unwrap();
    requests::store::decide(&mut tx, &waiting[0].id.clone().into(), true, "", None).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    assert_eq!(test.mails_to("wes@example.com").await, before);
    assert_eq!(test.last_mail("olivia@bakery.example").await.subject, "Upgrade request for Shop is done");
}
