//! "Needs attention": everything that needs somebody is said once, and to nobody who could not see it.

use super::support::*;
use crate::demo::browser::Browser;
use crate::features::accounts::model::Picker;
use crate::features::accounts::rpc::ShowPicker;
use crate::features::attention::model::{Need, NeedKind};
use crate::features::attention::rpc::ShowNeeds;
use crate::features::permissions::rpc::AskForAccess;
use crate::types::{AccountId, Timestamp};
use leptos::server_fn::ServerFn as _;

async fn needs(browser: &mut Browser, account: &AccountId) -> Vec<(NeedKind, String)> {
    let (needs, now): (Vec<Need>, Timestamp) =
        browser.call(ShowNeeds::PATH, &[("account", account.as_str())]).await.unwrap();
    needs.iter().map(|need| (need.kind, need.sentence(now, &Default::default()))).collect()
}

#[tokio::test]
async fn what_needs_somebody_is_said_to_who_may_see_it() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    assert!(needs(&mut olivia, &bakery).await.is_empty());
    let page = olivia.get(&format!("/a/{bakery}")).await.body;
    assert!(page.contains("Nothing needs your attention right now."));
    let (shop, blog) = (test.service(&bakery, "Shop").await, test.service(&bakery, "Blog").await);
    test.domain(&bakery, "bakery.example").await;
    test.domain(&bakery, "renewed.example").await;
    let mut wes =
        test.helper(&mut olivia, &bakery, "wes@example.com", &[], &[(shop.asset(), &["view"])]).await;
    let owner = contact_by_email(&mut olivia, &bakery, "olivia@bakery.example").await.id;
    let ask = [("account", bakery.as_str()), ("permission", "emails.view"), ("asked", owner.as_str())];
    wes.change(AskForAccess::PATH, &ask).await.unwrap();
    for (email, name) in
        [("soon@example.com", "Sue Soon"), ("late@example.com", "Lea Late"), ("lost@example.com", "Leo Lost")]
    {
        invite(&mut olivia, &bakery, email, name, &[]).await.unwrap();
    }
    let (hour, day) = (3_600_000, 86_400_000);
    let now = test.app.now().0;
    for sql in [
        format!("UPDATE invitations SET expires_at = {} WHERE email = 'soon@example.com'", now + 20 * hour),
        format!("UPDATE invitations SET expires_at = {} WHERE email = 'late@example.com'", now - 20 * hour),
        "UPDATE outbox SET state = 'failed', last_error = 'no such mailbox' WHERE to_email = 'lost@example.com'".into(),
        format!("UPDATE services SET status = 'suspended' WHERE id IN ('{shop}', '{blog}')"),
        format!("UPDATE domains SET auto_renew = FALSE, expires_at = {} WHERE name = 'bakery.example'", now + 10 * day),
        format!("UPDATE domains SET auto_renew = TRUE, expires_at = {} WHERE name = 'renewed.example'", now + 10 * day),
        "UPDATE accounts SET needs_factor = TRUE".into(),
    ] {
        test.execute(sql).await;
    }
    test.set_up_app(&mut olivia, "olivia@bakery.example").await;
    let said = needs(&mut olivia, &bakery).await;
    let wes_name = contact_by_email(&mut olivia, &bakery, "wes@example.com").await.title();
    let mut sentences: Vec<&str> = said.iter().map(|(_, sentence)| sentence.as_str()).collect();
    sentences.sort_unstable();
    let asks = format!("{wes_name} asks for “View e-mail history”");
    let mut expected = vec![
        "1 person has no second factor, which this account requires",
        "Blog is suspended",
        "Shop is suspended",
        "The invitation to Lea Late expired 20 hours ago",
        "The invitation to Leo Lost was not delivered: no such mailbox",
        "The invitation to Sue Soon expires in 20 hours",
        asks.as_str(),
        "bakery.example expires in 10 days and is not renewed automatically",
    ];
    expected.sort_unstable();
    assert_eq!(sentences, expected);
    // The picker counts the same.
    let picker: Picker = olivia.call(ShowPicker::PATH, &[]).await.unwrap();
    assert_eq!(picker.accounts[0].needs, expected.len());
    // Who sees one service and manages nobody is told of that service alone.
    test.set_up_app(&mut wes, "wes@example.com").await;
    assert_eq!(needs(&mut wes, &bakery).await, [(NeedKind::Suspended, "Shop is suspended".to_owned())]);
}

#[tokio::test]
async fn domain_mail_that_reaches_nobody_is_said() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    test.domain(&bakery, "bakery.example").await;
    add(&mut olivia, &bakery, "Dora", "dora@example.com").await.unwrap();
    test.execute("UPDATE contacts SET mail = CASE WHEN first_name = 'Dora' THEN 'domain' ELSE '' END".into())
        .await;
    let failed = |email: &str| {
        format!(
            "INSERT INTO undeliverable (account_id, email_key, since, last_at, reason) SELECT id, '{email}', 0, 0, 'mailbox full' FROM accounts"
        )
    };
    test.execute(failed("olivia@bakery.example")).await;
    let says = |said: Vec<(NeedKind, String)>| said.iter().any(|(kind, _)| *kind == NeedKind::DomainMail);
    assert!(!says(needs(&mut olivia, &bakery).await), "one of two still gets it");
    test.execute(failed("dora@example.com")).await;
    assert!(says(needs(&mut olivia, &bakery).await));
}
