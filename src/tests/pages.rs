//! What holds for every page: status, headers, the account's name, the flash message.

use super::support::*;
use crate::features::contacts::rpc::CreateContact;
use crate::features::sign_in::rpc::SignIn;
use leptos::server_fn::ServerFn as _;

#[tokio::test]
async fn pages_have_a_title_a_policy_and_are_not_kept() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let title = format!("· {}</title>", test.app.config().operator_name);
    for path in
        ["/sign-in", "/accounts", &format!("/a/{bakery}"), &format!("/a/{bakery}/contacts"), "/nothing-here"]
    {
        let answer = olivia.get(path).await;
        let policy = answer.headers.get("content-security-policy").unwrap().to_str().unwrap();
        assert!(policy.contains("script-src 'nonce-") && !policy.contains("unsafe-inline"), "{path}");
        assert_eq!(answer.headers.get("cache-control").unwrap(), "no-store", "{path}");
        assert!(answer.headers.contains_key("x-request-id"));
        assert!(answer.body.contains(&title), "{path}");
    }
    assert_eq!(olivia.get("/nothing-here").await.status, 404);
    assert_eq!(olivia.get("/").await.location(), "/accounts");
}

#[tokio::test]
async fn every_page_of_an_account_names_it() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    for page in ["", "/profile", "/contacts", "/contacts/new", "/contacts/invite"] {
        let body = olivia.get(&format!("/a/{bakery}{page}")).await.body;
        assert!(
            body.contains("Hart Bakery") && body.contains("Account 10001")
                || body.contains("Account <!>10001")
                || body.contains("Account <!---->10001"),
            "{page}"
        );
        assert!(body.contains("Switch Customer Account") && body.contains("Welcome "), "{page}");
    }
}

#[tokio::test]
async fn a_done_form_leads_on_with_a_flash_that_is_shown_once() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let fields = [("account", bakery.as_str()), ("first_name", "Ben"), ("email", "ben@example.com")];
    let answer = olivia.submit(&format!("/a/{bakery}/contacts/new"), CreateContact::PATH, &fields).await;
    assert_eq!((answer.status.as_u16(), answer.location()), (303, format!("/a/{bakery}/contacts").as_str()));
    let shown = olivia.get(answer.location()).await.body;
    assert!(shown.contains("Ben was added."));
    assert!(!olivia.get(answer.location()).await.body.contains("Ben was added."));
}

#[tokio::test]
async fn health_is_told_to_anybody() {
    let test = TestApp::new().await;
    let mut somebody = test.browser();
    for path in ["/healthz", "/readyz"] {
        assert_eq!(somebody.get(path).await.status, 200);
    }
    test.app.close().await;
    assert_eq!(somebody.get("/readyz").await.status, 503);
    assert_eq!(somebody.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn signing_in_without_wasm_leads_to_the_account() {
    let test = TestApp::new().await;
    let (_, bakery) = test.olivia().await;
    let mut browser = test.browser();
    let answer = browser
        .submit("/sign-in", SignIn::PATH, &[("email", "olivia@bakery.example"), ("password", PASSWORD)])
        .await;
    assert_eq!((answer.status.as_u16(), answer.location()), (303, format!("/a/{bakery}").as_str()));
    assert_eq!(browser.get(answer.location()).await.status, 200);
}

#[tokio::test]
async fn a_page_reads_what_it_shows_once() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    for page in ["contacts", "emails", "activity", "services"] {
        let html = olivia.get(&format!("/a/{bakery}/{page}")).await.body;
        // The answer of the list's function, which the browser finds in the page.
        assert_eq!(html.matches("\\\"total\\\":").count(), 1, "{page}");
    }
}

#[tokio::test]
async fn a_page_has_one_address() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let answer = olivia.get(&format!("/a/{bakery}/contacts/?q=ada")).await;
    assert_eq!(
        (answer.status.as_u16(), answer.location()),
        (303, format!("/a/{bakery}/contacts?q=ada").as_str())
    );
    for odd in ["//evil.example/", "///evil.example//"] {
        let to = olivia.get(odd).await;
        assert!(
            !to.location().starts_with("//") && !to.location().contains("evil.example:"),
            "{odd}: {}",
            to.location()
        );
    }
}

#[tokio::test]
async fn a_list_is_in_its_page_once_and_fifty_rows_are_not_many_bytes() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    for number in 0..60 {
        add(&mut olivia, &bakery, "Ada Adelaide", &format!("ada.adelaide.{number}@measured.example"))
            .await
            .unwrap();
    }
    let body = olivia.get(&format!("/a/{bakery}/contacts")).await.body;
    assert_eq!(body.matches("<tr><td").count(), 50);
    assert_eq!(
        body.matches("ada.adelaide.7@measured.example").count(),
        1,
        "in the table, and not as data beside it"
    );
    assert!(body.len() <= 60_000, "{} bytes", body.len());
}
