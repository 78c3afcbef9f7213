//! The e-mail history (M5): what was sent to the account, what became of it, and once more.

use super::support::*;
use crate::demo::browser::Browser;
use crate::error::AppError;
use crate::features::contacts::rpc::CreateContact;
use crate::features::mail::announce::{Announcement, announce};
use crate::features::mail::model::{HistoryRow, MailState, MailView};
use crate::features::mail::rpc::*;
use crate::outbox::{Transport, send_due};
use crate::types::{AccountId, Page};
use axum::http::StatusCode;
use leptos::server_fn::ServerFn as _;

/// Adds somebody who only gets mail, and is told so.
async fn notify(by: &mut Browser, account: &AccountId, email: &str) {
    let fields = [("account", account.as_str()), ("first_name", "Books"), ("email", email), ("notify", "on")];
    by.change(CreateContact::PATH, &fields).await.expect("adding works");
}

#[tokio::test]
async fn the_history_holds_the_accounts_mail_and_no_other() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let (mut oscar, elsewhere) = test.oscar().await;
    invite(&mut olivia, &bakery, "ben@example.com", "Ben Carter", &["invoices.view"]).await.unwrap();
    test.later(5);
    notify(&mut olivia, &bakery, "books@example.com").await;
    let list = [("account", bakery.as_str())];
    let page: Page<HistoryRow> = olivia.call(ListHistory::PATH, &list).await.unwrap();
    let subjects: Vec<&str> = page.items.iter().map(|row| row.subject.as_str()).collect();
    assert_eq!(
        subjects,
        ["You were added to Hart Bakery", "Olivia Hart invites you to Hart Bakery"],
        "newest first, without mail about one's own login"
    );
    let found: Page<HistoryRow> = olivia.call(ListHistory::PATH, &[list[0], ("q", "BEN@")]).await.unwrap();
    assert_eq!(found.items.len(), 1);
    let none: Page<HistoryRow> =
        olivia.call(ListHistory::PATH, &[list[0], ("status", "failed")]).await.unwrap();
    assert_eq!((none.total, page.items[0].state), (0, MailState::Queued));
    // By id it exists for this account only.
    let id = page.items[1].id.clone();
    assert_eq!(
        oscar
            .call::<MailView>(ShowMessage::PATH, &[("account", elsewhere.as_str()), ("message", id.as_str())])
            .await
            .unwrap_err(),
        AppError::NotFound
    );
    for account in [&bakery, &elsewhere] {
        assert_eq!(oscar.get(&format!("/a/{account}/emails/{id}/body")).await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(
        test.browser().get(&format!("/a/{bakery}/emails/{id}/body")).await.status,
        StatusCode::UNAUTHORIZED
    );
    let mut without =
        test.member(&mut olivia, &bakery, "Wanda", "wanda@example.com", &["invoices.view"]).await;
    assert_eq!(without.get(&format!("/a/{bakery}/emails/{id}/body")).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_message_is_shown_as_it_was_without_the_link_that_was_for_its_recipient() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    invite(&mut olivia, &bakery, "ben@example.com", "Ben Carter", &["invoices.view"]).await.unwrap();
    let token = olivia.mailed("ben@example.com", "/invitations/").await.unwrap();
    let choice = olivia.mailed("ben@example.com", "/preferences/").await.unwrap();
    let id = test.last_mail("ben@example.com").await.id;
    for _ in 0..2 {
        let page = olivia.get(&format!("/a/{bakery}/emails/{id}")).await;
        assert!(
            page.body.contains("Ben Carter &lt;ben@example.com&gt;") && page.body.contains("<iframe"),
            "{}",
            page.body
        );
        let frame = olivia.get(&format!("/a/{bakery}/emails/{id}/body")).await;
        assert!(
            frame.body.contains("Review in Client Area") && frame.body.contains("/invitations/link-removed")
        );
        assert!(frame.headers.get("content-security-policy").unwrap().to_str().unwrap().contains("sandbox"));
        assert!(!page.body.contains(&token) && !frame.body.contains(&token));
        // Nor the one to what its recipient chose.
        assert!(
            frame.body.contains("/preferences/link-removed")
                && !frame.body.contains(&choice)
                && !page.body.contains(&choice)
        );
        // The same after it was sent.
        send_due(&test.app, &Transport::open(None, None, test.dir.path()).unwrap()).await.unwrap();
    }
    let view: MailView =
        olivia.call(ShowMessage::PATH, &[("account", bakery.as_str()), ("message", &id)]).await.unwrap();
    assert_eq!((view.row.state, view.again), (MailState::Sent, false), "its link cannot be sent again");
    assert!(matches!(
        olivia.change(SendAgain::PATH, &[("account", bakery.as_str()), ("message", &id)]).await,
        Err(AppError::Conflict(_))
    ));
}

#[tokio::test]
async fn a_message_is_sent_again_only_to_who_would_get_it_today() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    notify(&mut olivia, &bakery, "books@example.com").await;
    test.execute("UPDATE contacts SET mail = 'newsletter,support' WHERE email = 'books@example.com'".into())
        .await;
    let added = test.last_mail("books@example.com").await.id;
    let announcement = Announcement::read("newsletter", "# News\n\nText.", "", None).unwrap();
    announce(&test.app, &announcement, false).await.unwrap();
    let news = test.last_mail("books@example.com").await.id;
    let transport = Transport::open(None, None, test.dir.path()).unwrap();
    send_due(&test.app, &transport).await.unwrap();
    test.later(11);
    let mut again = async |id: &str| {
        olivia.change(SendAgain::PATH, &[("account", bakery.as_str()), ("message", id)]).await
    };
    again(&news).await.unwrap();
    let copy = test.last_mail("books@example.com").await;
    assert!(
        copy.id != news && copy.unsubscribe.is_some_and(|link| link.contains("/unsubscribe/")),
        "still with one click"
    );
    send_due(&test.app, &transport).await.unwrap();
    test.later(11);
    let why = |refused: crate::error::Result<crate::error::Outcome>| match refused {
        Err(AppError::Conflict(why)) => why,
        other => panic!("{other:?}"),
    };
    test.execute("UPDATE contacts SET mail = 'support' WHERE email = 'books@example.com'".into()).await;
    assert_eq!(
        why(again(&news).await),
        "books@example.com no longer gets newsletter mail. Nothing was sent."
    );
    test.execute("UPDATE contacts SET status = 'closed' WHERE email = 'books@example.com'".into()).await;
    assert!(why(again(&added).await).contains("is no longer an active contact"));
    assert_eq!(test.mails_to("books@example.com").await, 3);
}

#[tokio::test]
async fn a_message_is_sent_again_but_not_twice_in_a_row() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    notify(&mut olivia, &bakery, "books@example.com").await;
    let id = test.last_mail("books@example.com").await.id;
    let again = [("account", bakery.as_str()), ("message", id.as_str())];
    assert!(
        matches!(olivia.change(SendAgain::PATH, &again).await, Err(AppError::Conflict(_))),
        "it is on its way"
    );
    let transport = Transport::open(None, None, test.dir.path()).unwrap();
    send_due(&test.app, &transport).await.unwrap();
    assert!(
        matches!(olivia.change(SendAgain::PATH, &again).await, Err(AppError::Conflict(_))),
        "it went out a moment ago"
    );
    test.later(11);
    let tries = (0..4).map(|_| {
        let (mut browser, again) = (olivia.clone(), again);
        async move { browser.change(SendAgain::PATH, &again).await.is_ok() }
    });
    assert_eq!(futures::future::join_all(tries).await.into_iter().filter(|done| *done).count(), 1);
    assert_eq!(send_due(&test.app, &transport).await.unwrap(), 1);
    assert_eq!(test.mails_to("books@example.com").await, 2);
}
