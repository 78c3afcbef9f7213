//! Invitations: mail, answer, expiry, resend, withdraw, copy, limits, and races (I1 to I7).

use super::support::*;
use crate::error::AppError;
use crate::features::contacts::model::{ContactKind, ContactStatus};
use crate::features::contacts::rpc::*;
use crate::features::invitations::rpc::*;
use crate::features::sign_in::rpc::*;
use crate::platform::db::args;
use crate::types::ListQuery;
use leptos::server_fn::ServerFn as _;

async fn offered(test: &TestApp, token: &str) -> String {
    test.browser().get(&format!("/invitations/{token}")).await.body
}

#[tokio::test]
async fn the_mail_names_inviter_account_and_permissions() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    invite(&mut olivia, &bakery, "ben@example.com", "Ben Carter", &["invoices.view", "invoices.pay"])
        .await
        .unwrap();
    let mail = test.last_mail("ben@example.com").await;
    for words in [
        "Olivia Hart",
        "olivia@bakery.example",
        "Hart Bakery",
        "You will be able to view invoices and pay invoices.",
        "Review in Client Area",
        "29 Nov 2026",
    ] {
        assert!(mail.body_text.contains(words), "{words} in {}", mail.body_text);
        assert!(mail.body_html.contains(words), "{words}");
    }
    let token = olivia.mailed("ben@example.com", "http://portal.example/invitations/").await.unwrap();
    assert_eq!(test.scalar("SELECT count(*) FROM invitations WHERE length(token_hash) = 43").await, 1);
    assert_eq!(
        test.scalar(Box::leak(
            format!("SELECT count(*) FROM invitations WHERE token_hash = '{token}'").into_boxed_str()
        ))
        .await,
        0,
        "only the hash is stored"
    );
}

#[tokio::test]
async fn a_new_person_creates_a_login_and_accepts() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    invite(&mut olivia, &bakery, "ben@example.com", "Ben Carter", &["invoices.view"]).await.unwrap();
    let token = olivia.mailed("ben@example.com", "/invitations/").await.unwrap();
    let mut ben = test.browser();
    let page = ben.get(&format!("/invitations/{token}")).await.body;
    assert!(page.contains("Create your login") && page.contains("ben@example.com"));
    let done = ben
        .change(
            Join::PATH,
            &[
                ("token", &token),
                ("name", "Ben Carter"),
                ("password", PASSWORD),
                ("email", "mallory@example.com"),
            ],
        )
        .await
        .unwrap();
    assert_eq!(done.to, format!("/invitations/{token}"));
    assert!(ben.get(&done.to).await.body.contains("Accept"), "what is offered is shown before it is taken");
    assert_eq!(ben.get(&format!("/a/{bakery}")).await.status, 404, "not before accepting");
    accept_all(&mut ben).await.unwrap();
    assert_eq!(ben.get(&format!("/a/{bakery}")).await.status, 200);
    let row = table(&mut olivia, &bakery, &ListQuery { q: "ben".into(), ..ListQuery::default() })
        .await
        .unwrap()
        .items
        .remove(0);
    assert_eq!(
        (row.what, row.status, row.last_sign_in.is_some()),
        (ContactKind::LogsIn, ContactStatus::Active, true)
    );
    assert!(offered(&test, &token).await.contains("This invitation was accepted"));
    assert_eq!(
        test.scalar("SELECT count(*) FROM accounts").await,
        1,
        "an invited person gets no account of their own"
    );
}

#[tokio::test]
async fn it_is_bound_to_the_address() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let (mut oscar, _) = test.oscar().await;
    invite(&mut olivia, &bakery, "ben@example.com", "Ben", &[]).await.unwrap();
    let token = olivia.mailed("ben@example.com", "/invitations/").await.unwrap();
    let page = oscar.get(&format!("/invitations/{token}")).await.body;
    assert!(
        page.contains(
            "This invitation is for ben@example.com; you are signed in as oscar@elsewhere.example."
        )
    );
    assert!(!page.contains(">Accept<"));
    let id: String = {
        let mut reader = crate::access::System::of(&test.app).read().await.unwrap();
        reader.conn().value("SELECT id FROM invitations", args![]).await.unwrap()
    };
    for action in [AcceptInvitation::PATH, DeclineInvitation::PATH] {
        assert_eq!(oscar.change(action, &[("invitation", &id)]).await.unwrap_err(), AppError::NotFound);
    }
}

#[tokio::test]
async fn resending_replaces_the_link_and_renews_the_time() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    invite(&mut olivia, &bakery, "ben@example.com", "Ben", &[]).await.unwrap();
    let first = olivia.mailed("ben@example.com", "/invitations/").await.unwrap();
    let view = contact_by_email(&mut olivia, &bakery, "ben@example.com").await;
    let ids = [("account", bakery.as_str()), ("contact", view.id.as_str())];
    test.later(8 * 24 * 60);
    // Her session has not been used for a week.
    olivia.sign_in("olivia@bakery.example", PASSWORD).await.unwrap();
    assert!(offered(&test, &first).await.contains("This invitation has expired"));
    assert_eq!(
        contact_by_email(&mut olivia, &bakery, "ben@example.com").await.status,
        ContactStatus::Expired
    );
    olivia.change(ResendInvitation::PATH, &ids).await.unwrap();
    let second = olivia.mailed("ben@example.com", "/invitations/").await.unwrap();
    assert!(offered(&test, &first).await.contains("This link does not work"));
    assert!(offered(&test, &second).await.contains("Create your login"));
    for _ in 0..4 {
        olivia.change(ResendInvitation::PATH, &ids).await.unwrap();
    }
    assert!(
        matches!(olivia.change(ResendInvitation::PATH, &ids).await, Err(AppError::Conflict(_))),
        "five resends"
    );
}

#[tokio::test]
async fn withdrawing_kills_it_and_leaves_the_card() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    invite(&mut olivia, &bakery, "ben@example.com", "Ben", &[]).await.unwrap();
    let token = olivia.mailed("ben@example.com", "/invitations/").await.unwrap();
    let view = contact_by_email(&mut olivia, &bakery, "ben@example.com").await;
    let ids = [("account", bakery.as_str()), ("contact", view.id.as_str())];
    olivia.change(WithdrawInvitation::PATH, &ids).await.unwrap();
    assert!(offered(&test, &token).await.contains("This invitation was withdrawn"));
    let join = test
        .browser()
        .change(Join::PATH, &[("token", &token), ("name", "Ben"), ("password", PASSWORD)])
        .await;
    assert!(matches!(join, Err(AppError::Conflict(_))));
    assert_eq!(contact_by_email(&mut olivia, &bakery, "ben@example.com").await.form.log_in, "");
}

#[tokio::test]
async fn declining_tells_the_inviter() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    invite(&mut olivia, &bakery, "ben@example.com", "Ben", &[]).await.unwrap();
    let token = olivia.mailed("ben@example.com", "/invitations/").await.unwrap();
    test.browser().change(DeclineByLink::PATH, &[("token", &token)]).await.unwrap();
    assert_eq!(
        test.last_mail("olivia@bakery.example").await.subject,
        "ben@example.com declined your invitation"
    );
    assert!(offered(&test, &token).await.contains("This invitation was declined"));
    let view = contact_by_email(&mut olivia, &bakery, "ben@example.com").await;
    assert_eq!(view.status, ContactStatus::Declined);
    // It can be offered again.
    olivia
        .change(ResendInvitation::PATH, &[("account", bakery.as_str()), ("contact", view.id.as_str())])
        .await
        .unwrap();
    assert_eq!(
        contact_by_email(&mut olivia, &bakery, "ben@example.com").await.status,
        ContactStatus::Invited
    );
}

#[tokio::test]
async fn a_copied_link_does_not_prove_the_address() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    invite(&mut olivia, &bakery, "ben@example.com", "Ben", &["invoices.view"]).await.unwrap();
    let mailed = olivia.mailed("ben@example.com", "/invitations/").await.unwrap();
    let view = contact_by_email(&mut olivia, &bakery, "ben@example.com").await;
    let ids = [("account", bakery.as_str()), ("contact", view.id.as_str())];
    let (url, ..): CopyLink = olivia.call(InvitationLink::PATH, &ids).await.unwrap();
    let (again, ..): CopyLink = olivia.call(InvitationLink::PATH, &ids).await.unwrap();
    assert_eq!(url, again);
    let copied = url.rsplit('/').next().unwrap().to_owned();
    assert_ne!(copied, mailed);
    assert!(offered(&test, &mailed).await.contains("Create your login"), "the mailed link keeps working");
    // Whoever holds the copied link can ask for a login, but the address has to be confirmed by mail.
    let mut somebody = test.browser();
    let done = somebody
        .change(Join::PATH, &[("token", &copied), ("name", "Mallory"), ("password", PASSWORD)])
        .await
        .unwrap();
    assert_eq!(done.to, "/sign-up?sent=ben%40example.com");
    assert_eq!(somebody.get("/accounts").await.status, 303, "nobody is signed in by it");
    assert_eq!(
        somebody.change(DeclineByLink::PATH, &[("token", &copied)]).await.unwrap_err(),
        AppError::NotFound
    );
    // The real Ben, with the mailed link, sets his own password over the unconfirmed one.
    let mut ben = test.browser();
    ben.change(Join::PATH, &[("token", &mailed), ("name", "Ben"), ("password", "another-tractor-evening-7")])
        .await
        .unwrap();
    assert!(test.browser().sign_in("ben@example.com", PASSWORD).await.is_err());
    accept_all(&mut ben).await.unwrap();
    assert_eq!(ben.get(&format!("/a/{bakery}")).await.status, 200);
}

#[tokio::test]
async fn a_copied_link_works_after_confirming_the_address() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    invite(&mut olivia, &bakery, "ben@example.com", "Ben", &[]).await.unwrap();
    let view = contact_by_email(&mut olivia, &bakery, "ben@example.com").await;
    let (url, ..): CopyLink = olivia
        .call(InvitationLink::PATH, &[("account", bakery.as_str()), ("contact", view.id.as_str())])
        .await
        .unwrap();
    let mut ben = test.browser();
    ben.change(
        Join::PATH,
        &[("token", url.rsplit('/').next().unwrap()), ("name", "Ben"), ("password", PASSWORD)],
    )
    .await
    .unwrap();
    let confirm = ben.mailed("ben@example.com", "/verify/").await.unwrap();
    let done = ben.change(VerifyAddress::PATH, &[("token", &confirm), ("password", PASSWORD)]).await.unwrap();
    assert_eq!(done.to, "/accounts");
    accept_all(&mut ben).await.unwrap();
    assert_eq!(ben.get(&format!("/a/{bakery}")).await.status, 200);
}

#[tokio::test]
async fn at_most_fifty_a_day() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let many: String = (0..50).map(|n| format!("p{n}@example.com\n")).collect();
    invite(&mut olivia, &bakery, &many, "", &[]).await.unwrap();
    assert!(matches!(
        invite(&mut olivia, &bakery, "one.more@example.com", "", &[]).await,
        Err(AppError::Conflict(_))
    ));
    assert_eq!(test.mails_to("one.more@example.com").await, 0);
    test.later(24 * 60 + 1);
    invite(&mut olivia, &bakery, "one.more@example.com", "", &[]).await.unwrap();
}

#[tokio::test]
async fn whoever_invited_hears_of_the_answer_once_if_they_want_to() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let of = ("account", bakery.as_str());
    for (email, tell) in [("ben@example.com", "on"), ("mia@example.com", "")] {
        olivia.change(InviteUsers::PATH, &[of, ("emails", email), ("tell_me", tell)]).await.unwrap();
        let token = olivia.mailed(email, "/invitations/").await.unwrap();
        let mut person = test.browser();
        let join = [("token", token.as_str()), ("name", "Ben Carter"), ("password", PASSWORD)];
        person.change(Join::PATH, &join).await.unwrap();
        accept_all(&mut person).await.unwrap();
    }
    let about = "outbox WHERE kind = 'invitation-accepted' AND to_email = 'olivia@bakery.example'";
    assert_eq!(test.count(about).await, 1);
    let told = test.last_mail("olivia@bakery.example").await;
    assert_eq!(told.subject, "Ben Carter accepted your invitation");
    let ben = contact_by_email(&mut olivia, &bakery, "ben@example.com").await;
    assert!(told.body_text.contains(&format!("/a/{bakery}/contacts/{}", ben.id)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_accepts_at_once_make_one_link() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    invite(&mut olivia, &bakery, "ben@example.com", "Ben", &[]).await.unwrap();
    let token = olivia.mailed("ben@example.com", "/invitations/").await.unwrap();
    let mut ben = test.browser();
    ben.change(Join::PATH, &[("token", &token), ("name", "Ben"), ("password", PASSWORD)]).await.unwrap();
    let picker: crate::features::accounts::model::Picker =
        ben.call(crate::features::accounts::rpc::ShowPicker::PATH, &[]).await.unwrap();
    let id = picker.waiting[0].invitation.to_string();
    let tries: Vec<_> = (0..50)
        .map(|_| {
            let (mut browser, id) = (ben.clone(), id.clone());
            tokio::spawn(async move { browser.change(AcceptInvitation::PATH, &[("invitation", &id)]).await })
        })
        .collect();
    for one in tries {
        assert_eq!(one.await.unwrap().unwrap().to, format!("/a/{bakery}"), "every try ends inside");
    }
    assert_eq!(
        test.scalar("SELECT count(*) FROM contacts WHERE user_id IS NOT NULL AND NOT is_owner").await,
        1
    );
    assert_eq!(test.scalar("SELECT count(*) FROM invitations WHERE state = 'accepted'").await, 1);
    // Linking moved the contact by exactly one version.
    assert_eq!(
        test.scalar("SELECT version FROM contacts WHERE user_id IS NOT NULL AND NOT is_owner").await,
        2
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_invitations_of_one_address_at_once_make_one_card() {
    let test = TestApp::new().await;
    let (olivia, bakery) = test.olivia().await;
    let tries: Vec<_> = (0..50)
        .map(|n| {
            let (mut browser, bakery) = (olivia.clone(), bakery.clone());
            let email = if n % 2 == 0 { "ben@example.com" } else { "BEN@example.com" };
            tokio::spawn(async move { invite(&mut browser, &bakery, email, "Ben", &[]).await })
        })
        .collect();
    let mut done = 0;
    for one in tries {
        match one.await.unwrap() {
            Ok(_) => done += 1,
            Err(AppError::Invalid(errors)) => {
                assert!(errors.of("emails").unwrap().message.ends_with("is already on this account."));
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(done, 1);
    assert_eq!(test.scalar("SELECT count(*) FROM contacts WHERE NOT is_owner").await, 1);
    assert_eq!(test.scalar("SELECT count(*) FROM invitations WHERE state = 'pending'").await, 1);
    assert_eq!(test.mails_to("ben@example.com").await, 1);
}
