//! Handing an account over and leaving it (P7, P8), also as races: exactly one owner at any time.

use super::support::*;
use crate::access::System;
use crate::demo::browser::Browser;
use crate::error::AppError;
use crate::features::contacts::rpc::*;
use crate::features::ownership::model::Ownership;
use crate::features::ownership::rpc::*;
use crate::features::second_factor::rpc::Confirm;
use crate::features::users::rpc::*;
use crate::platform::db::{MadeSql, args};
use crate::types::{AccountId, ContactId};
use leptos::server_fn::ServerFn as _;

const OLIVIA: &str = "olivia@bakery.example";
const BEN: &str = "ben@example.com";

/// Hart Bakery with Olivia, who owns it, and Ben, who can be offered it.
struct HandOver {
    test: TestApp,
    olivia: Browser,
    ben: Browser,
    bakery: AccountId,
    ben_contact: ContactId,
}

impl HandOver {
    async fn new() -> Self {
        let test = TestApp::new().await;
        let (mut olivia, bakery) = test.olivia().await;
        let ben = test.member(&mut olivia, &bakery, "Ben Carter", BEN, &["invoices.view"]).await;
        let ben_contact = contact_by_email(&mut olivia, &bakery, BEN).await.id;
        Self { test, olivia, ben, bakery, ben_contact }
    }

    async fn offer(&mut self) -> crate::error::Result<crate::error::Outcome> {
        let fields = [
            ("account", self.bakery.as_str()),
            ("contact", self.ben_contact.as_str()),
            ("current_password", PASSWORD),
        ];
        self.olivia.change(OfferOwnership::PATH, &fields).await
    }

    async fn owners(&self) -> (i64, i64) {
        let owners = self.test.scalar("SELECT count(*) FROM contacts WHERE is_owner AND account_id = (SELECT id FROM accounts WHERE number = 10001)").await;
        let agree = self.test.scalar("SELECT count(*) FROM accounts a JOIN contacts c ON c.id = a.owner_id AND c.account_id = a.id AND c.is_owner").await;
        (owners, agree)
    }
}

#[tokio::test]
async fn the_account_changes_hands_when_both_have_confirmed() {
    let mut ground = HandOver::new().await;
    let of = [("account", ground.bakery.as_str().to_owned())];
    let of: Vec<(&str, &str)> = of.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let wrong = [of[0], ("contact", ground.ben_contact.as_str()), ("current_password", "wrong password")];
    assert_eq!(
        refused_fields(ground.olivia.change(OfferOwnership::PATH, &wrong).await)[0].0,
        "current_password"
    );
    assert_eq!(
        refused_fields(
            ground.olivia.change(OfferOwnership::PATH, &[of[0], ("current_password", PASSWORD)]).await
        )[0]
        .0,
        "contact"
    );
    ground.offer().await.unwrap();
    assert_eq!(test_subject(&ground.test, BEN).await, "Olivia Hart is offering you ownership of Hart Bakery");
    assert_eq!(
        test_subject(&ground.test, OLIVIA).await,
        "Ownership of Hart Bakery was offered to Ben Carter"
    );
    // Nothing has changed yet, and only the two know.
    assert_eq!(ground.owners().await, (1, 1));
    assert!(
        ground
            .ben
            .get(&format!("/a/{}", ground.bakery))
            .await
            .body
            .contains("wants to hand this account over to you")
    );
    let mut wanda = ground
        .test
        .member(&mut ground.olivia, &ground.bakery, "Wanda", "wanda@example.com", &["contacts.manage"])
        .await;
    let seen: Ownership = wanda.call(ShowOwnership::PATH, &of).await.unwrap();
    assert!(seen.transfer.is_none() && seen.candidates.is_empty());
    assert!(matches!(wanda.change(AcceptOwnership::PATH, &of).await, Err(AppError::Conflict(_))));
    // A session that was left open makes nobody the owner.
    ground.test.later(11);
    assert_eq!(ground.ben.change(AcceptOwnership::PATH, &of).await.unwrap_err(), AppError::Unconfirmed);
    ground.ben.change(Confirm::PATH, &[("current_password", PASSWORD)]).await.unwrap();
    let done = ground.ben.change(AcceptOwnership::PATH, &of).await.unwrap();
    assert_eq!(
        (done.to.as_str(), done.say.as_str()),
        (
            format!("/a/{}/profile", ground.bakery).as_str(),
            "You now own Hart Bakery. Its main address is still olivia@bakery.example: change it here if you want a different one."
        )
    );
    assert_eq!(ground.owners().await, (1, 1));
    let former = contact_by_email(&mut ground.ben, &ground.bakery, OLIVIA).await;
    let new = contact_by_email(&mut ground.ben, &ground.bakery, BEN).await;
    assert!(new.is_owner && !former.is_owner);
    assert_eq!(former.grant.preset().title(), "Full Privileges");
    for email in [OLIVIA, BEN] {
        assert_eq!(test_subject(&ground.test, email).await, "Hart Bakery has a new owner");
    }
    // From the next request on.
    assert!(matches!(ground.offer().await, Err(AppError::Forbidden(_))));
    assert!(
        ground.olivia.get(&format!("/a/{}/contacts", ground.bakery)).await.status.is_success(),
        "she keeps the rest"
    );
}

async fn test_subject(test: &TestApp, email: &str) -> String {
    test.last_mail(email).await.subject
}

#[tokio::test]
async fn the_main_address_is_told_of_each_step() {
    let mut ground = HandOver::new().await;
    ground.test.execute("UPDATE accounts SET email = 'office@bakery.example'".into()).await;
    let of = [("account", ground.bakery.as_str().to_owned())];
    let of: Vec<(&str, &str)> = of.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let office = "office@bakery.example";
    ground.offer().await.unwrap();
    assert_eq!(
        test_subject(&ground.test, office).await,
        "Ownership of Hart Bakery was offered to Ben Carter"
    );
    ground.olivia.change(WithdrawOwnership::PATH, &of).await.unwrap();
    assert_eq!(
        (test_subject(&ground.test, office).await, test_subject(&ground.test, BEN).await),
        (
            "The offer of ownership of Hart Bakery has ended".into(),
            "The offer of ownership of Hart Bakery has ended".into()
        )
    );
    assert!(
        matches!(ground.ben.change(AcceptOwnership::PATH, &of).await, Err(AppError::Conflict(_))),
        "withdrawn"
    );
    ground.offer().await.unwrap();
    assert!(matches!(ground.offer().await, Err(AppError::Conflict(_))), "one at a time");
    ground.ben.change(DeclineOwnership::PATH, &of).await.unwrap();
    assert_eq!(test_subject(&ground.test, office).await, "Ben Carter declined ownership of Hart Bakery");
    ground.offer().await.unwrap();
    ground.test.later(7 * 24 * 60 - 1);
    ground.olivia.sign_in(OLIVIA, PASSWORD).await.unwrap();
    ground.ben.sign_in(BEN, PASSWORD).await.unwrap();
    ground.test.later(2);
    assert!(
        matches!(ground.ben.change(AcceptOwnership::PATH, &of).await, Err(AppError::Conflict(_))),
        "seven days"
    );
    ground.offer().await.expect("an offer that is over stands in nobody's way");
    ground.ben.change(AcceptOwnership::PATH, &of).await.unwrap();
    assert_eq!(test_subject(&ground.test, office).await, "Hart Bakery has a new owner");
}

#[tokio::test]
async fn it_can_be_offered_only_to_who_can_enter() {
    let mut ground = HandOver::new().await;
    add(&mut ground.olivia, &ground.bakery, "Ada", "ada@example.com").await.unwrap();
    invite(&mut ground.olivia, &ground.bakery, "ines@example.com", "Ines", &[]).await.unwrap();
    let (_, elsewhere) = ground.test.oscar().await;
    for email in ["ada@example.com", "ines@example.com", OLIVIA] {
        ground.ben_contact = contact_by_email(&mut ground.olivia, &ground.bakery, email).await.id;
        assert!(matches!(ground.offer().await, Err(AppError::Conflict(_))), "{email}");
    }
    let mut oscar = ground.test.another_browser("oscar@elsewhere.example").await;
    ground.ben_contact = contact_by_email(&mut oscar, &elsewhere, "oscar@elsewhere.example").await.id;
    assert!(matches!(ground.offer().await, Err(AppError::Conflict(_))), "somebody of another account");
}

#[tokio::test]
async fn with_a_second_factor_the_offer_wants_it() {
    let mut ground = HandOver::new().await;
    ground.test.set_up_app(&mut ground.olivia, OLIVIA).await;
    assert_eq!(refused_fields(ground.offer().await)[0].0, "code");
    let code = ground.test.code(OLIVIA).await;
    let fields = [
        ("account", ground.bakery.as_str()),
        ("contact", ground.ben_contact.as_str()),
        ("current_password", PASSWORD),
        ("code", &code),
    ];
    ground.olivia.change(OfferOwnership::PATH, &fields).await.unwrap();
}

#[tokio::test]
async fn many_answers_at_once_leave_one_owner() {
    for round in 0..6 {
        let mut ground = HandOver::new().await;
        ground.offer().await.unwrap();
        let account = ground.bakery.to_string();
        let about = ground.ben_contact.to_string();
        let view = contact_by_email(&mut ground.olivia, &ground.bakery, BEN).await;
        let close = form_of(&ground.bakery, &view, &[("status", "closed")]);
        let mut all: Vec<std::pin::Pin<Box<dyn Future<Output = bool>>>> = Vec::new();
        for _ in 0..4 {
            let (mut ben, account) = (ground.ben.clone(), account.clone());
            all.push(Box::pin(async move {
                ben.change(AcceptOwnership::PATH, &[("account", &account)]).await.is_ok()
            }));
        }
        let (mut olivia, of) = (ground.olivia.clone(), account.clone());
        all.insert(
            round % 5,
            Box::pin(async move {
                drop(olivia.change(WithdrawOwnership::PATH, &[("account", &of)]).await);
                false
            }),
        );
        let (mut olivia, of) = (ground.olivia.clone(), account.clone());
        all.insert(
            round % 3,
            Box::pin(async move {
                drop(olivia.change(DeleteContact::PATH, &[("account", &of), ("contact", &about)]).await);
                false
            }),
        );
        let mut olivia = ground.olivia.clone();
        all.insert(
            round % 4,
            Box::pin(async move {
                drop(olivia.change(UpdateContact::PATH, &borrowed(&close)).await);
                false
            }),
        );
        let accepted = futures::future::join_all(all).await.into_iter().filter(|done| *done).count();
        assert!(accepted <= 1, "accepted {accepted} times");
        assert_eq!(ground.owners().await, (1, 1), "round {round}");
        assert_eq!(
            ground.test.scalar("SELECT count(*) FROM transfers WHERE state = 'accepted'").await,
            i64::try_from(accepted).unwrap()
        );
    }
}

#[tokio::test]
async fn two_offers_at_once_are_one() {
    let mut ground = HandOver::new().await;
    ground.test.member(&mut ground.olivia, &ground.bakery, "Cleo", "cleo@example.com", &[]).await;
    let cleo = contact_by_email(&mut ground.olivia, &ground.bakery, "cleo@example.com").await.id;
    let offers = (0..6).map(|n| {
        let (mut olivia, account) = (ground.olivia.clone(), ground.bakery.to_string());
        let to = if n % 2 == 0 { cleo.to_string() } else { ground.ben_contact.to_string() };
        async move {
            olivia
                .change(
                    OfferOwnership::PATH,
                    &[("account", &account), ("contact", &to), ("current_password", PASSWORD)],
                )
                .await
                .is_ok()
        }
    });
    assert_eq!(futures::future::join_all(offers).await.into_iter().filter(|done| *done).count(), 1);
    assert_eq!(ground.test.scalar("SELECT count(*) FROM transfers WHERE state = 'pending'").await, 1);
}

#[tokio::test]
async fn the_database_itself_keeps_exactly_one_owner() {
    let ground = HandOver::new().await;
    let other = format!("'{}'", ground.ben_contact);
    let refused = [
        "UPDATE contacts SET is_owner = FALSE".to_owned(),
        format!("UPDATE contacts SET is_owner = TRUE WHERE id = {other}"),
        "DELETE FROM contacts WHERE is_owner".to_owned(),
        "UPDATE accounts SET owner_id = NULL".to_owned(),
        "UPDATE accounts SET owner_id = 'nobody'".to_owned(),
        "UPDATE contacts SET status = 'closed' WHERE is_owner".to_owned(),
        "INSERT INTO accounts (id, number, name, email, created_at) VALUES ('x', 1, 'x', 'x', 1)".to_owned(),
        "INSERT INTO accounts (id, number, name, email, owner_id, created_at) VALUES ('x', 1, 'x', 'x', 'nobody', 1)".to_owned(),
    ];
    for sql in refused {
        let mut tx = System::of(&ground.test.app).begin().await.unwrap();
        let done = tx.conn().execute(MadeSql(sql.clone()), args![]).await.is_ok();
        let kept = done && tx.commit().await.is_ok();
        assert!(!kept, "{sql}");
        assert_eq!(ground.owners().await, (1, 1), "{sql}");
    }
}

#[tokio::test]
async fn whoever_leaves_gives_up_the_key_and_the_owner_is_told() {
    let mut ground = HandOver::new().await;
    let of = [("account", ground.bakery.as_str().to_owned())];
    let of: Vec<(&str, &str)> = of.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert!(
        matches!(ground.olivia.change(LeaveAccount::PATH, &of).await, Err(AppError::Conflict(_))),
        "the owner stays"
    );
    assert!(
        ground
            .olivia
            .get(&format!("/a/{}/leave", ground.bakery))
            .await
            .body
            .contains("Transfer ownership to somebody else before you leave")
    );
    ground.offer().await.unwrap();
    let done = ground.ben.change(LeaveAccount::PATH, &of).await.unwrap();
    assert_eq!(done.to, "/accounts");
    assert_eq!(ground.ben.get(&format!("/a/{}", ground.bakery)).await.status, 404);
    assert_eq!(test_subject(&ground.test, OLIVIA).await, "Ben Carter left Hart Bakery");
    let left = contact_by_email(&mut ground.olivia, &ground.bakery, BEN).await;
    assert!(!left.linked && left.form.status == "closed" && left.grant.is_empty());
    assert_eq!(
        ground.test.scalar("SELECT count(*) FROM transfers WHERE state = 'pending'").await,
        0,
        "the offer is gone with them"
    );
    assert!(!ground.ben.get("/accounts").await.body.contains("Hart Bakery"));
    // They come back by invitation only.
    let opened = form_of(&ground.bakery, &left, &[("status", "active"), ("log_in", "on"), ("notify", "on")]);
    ground.olivia.change(UpdateContact::PATH, &borrowed(&opened)).await.unwrap();
    assert_eq!(ground.ben.get(&format!("/a/{}", ground.bakery)).await.status, 404);
    accept_all(&mut ground.ben).await.unwrap();
    assert!(ground.ben.get(&format!("/a/{}", ground.bakery)).await.status.is_success());
}

#[tokio::test]
async fn a_login_that_owns_an_account_cannot_be_deleted_until_it_is_handed_over() {
    let mut ground = HandOver::new().await;
    assert!(
        matches!(ground.olivia.change(DeleteUser::PATH, &[]).await, Err(AppError::Conflict(why)) if why.contains("You own Hart Bakery"))
    );
    assert!(ground.olivia.get("/profile/delete").await.body.contains("Transfer ownership of each one first"));
    ground.offer().await.unwrap();
    ground.ben.change(AcceptOwnership::PATH, &[("account", ground.bakery.as_str())]).await.unwrap();
    ground.olivia.change(DeleteUser::PATH, &[]).await.unwrap();
    assert_eq!(ground.owners().await, (1, 1));
}

#[tokio::test]
async fn an_offer_ends_with_whom_it_was_for_and_everybody_hears_of_it() {
    let mut ground = HandOver::new().await;
    let of = ("account", ground.bakery.as_str().to_owned());
    let contact = ("contact", ground.ben_contact.to_string());
    let pending = "transfers WHERE state = 'pending'";
    // Closed.
    ground.offer().await.unwrap();
    let view = contact_by_email(&mut ground.olivia, &ground.bakery, BEN).await;
    let closed = form_of(&ground.bakery, &view, &[("status", "closed")]);
    ground.olivia.change(UpdateContact::PATH, &borrowed(&closed)).await.unwrap();
    assert_eq!(ground.test.count(pending).await, 0);
    assert_eq!(ground.test.last_mail(BEN).await.subject, "The offer of ownership of Hart Bakery has ended");
    assert!(ground.test.last_mail(OLIVIA).await.body_text.contains(
        "Ben Carter can no longer enter Hart Bakery, so the offer to make them its owner has ended."
    ));
    let says = "activity WHERE kind LIKE '%transfer-withdrawn'";
    assert_eq!(ground.test.count(says).await, 1);
    let view = contact_by_email(&mut ground.olivia, &ground.bakery, BEN).await;
    let open = form_of(&ground.bakery, &view, &[("status", "active")]);
    ground.olivia.change(UpdateContact::PATH, &borrowed(&open)).await.unwrap();
    // Not answered: the tidying that runs every ten minutes ends it.
    ground.offer().await.unwrap();
    ground.test.later(7 * 24 * 60 + 1);
    crate::cli::jobs::run(&ground.test.app).await.unwrap();
    assert_eq!(ground.test.count(pending).await, 0);
    assert!(
        ground
            .test
            .last_mail(OLIVIA)
            .await
            .body_text
            .contains("Ben Carter did not answer the offer of ownership of Hart Bakery within seven days.")
    );
    assert_eq!(ground.test.count(says).await, 2);
    assert_eq!(
        ground.test.count("activity WHERE actor_kind = 'program' AND actor_name = 'The portal'").await,
        1
    );
    // Deleted.
    ground.olivia.sign_in(OLIVIA, PASSWORD).await.unwrap();
    ground.offer().await.unwrap();
    ground
        .olivia
        .change(DeleteContact::PATH, &[(of.0, of.1.as_str()), (contact.0, contact.1.as_str())])
        .await
        .unwrap();
    assert_eq!(ground.test.last_mail(BEN).await.subject, "The offer of ownership of Hart Bakery has ended");
    assert_eq!(ground.test.count(says).await, 3);
}
