//! A person's page (P11): what it says is what happens, requests for access are answered on it, and only who may
//! know is told.

use super::support::*;
use crate::demo::browser::Browser;
use crate::error::{AppError, Result};
use crate::features::audit::model::PersonActivity;
use crate::features::audit::rpc::ShowPersonActivity;
use crate::features::contacts::model::PersonView;
use crate::features::contacts::rpc::*;
use crate::features::holders::model::Way;
use crate::features::mail::model::{MailState, PersonMail};
use crate::features::mail::rpc::ShowPersonMail;
use crate::features::permissions::rpc::{AskForAccess, GrantAccess, RefuseAccess};
use crate::features::services::rpc::{RequestCancellation, ShowService};
use crate::permission::Permission;
use crate::types::{AccountId, ContactId, ServiceId};
use leptos::server_fn::ServerFn as _;

async fn person(browser: &mut Browser, account: &AccountId, contact: &ContactId) -> Result<PersonView> {
    browser.call(ShowPerson::PATH, &[("account", account.as_str()), ("contact", contact.as_str())]).await
}

/// Olivia's bakery with two services, and Wes, who may do different things one of them.
struct Bakery {
    test: TestApp,
    olivia: Browser,
    account: AccountId,
    shop: ServiceId,
    wes: Browser,
    wes_contact: ContactId,
}

impl Bakery {
    async fn new() -> Self {
        let test = TestApp::new().await;
        let (mut olivia, account) = test.olivia().await;
        let shop = test.service(&account, "Shop").await;
        test.service(&account, "Blog").await;
        let on_shop: &[&str] = &["view", "panel"];
        let wes =
            test.helper(&mut olivia, &account, "wes@example.com", &[], &[(shop.asset(), on_shop)]).await;
        let wes_contact = contact_by_email(&mut olivia, &account, "wes@example.com").await.id;
        Self { test, olivia, account, shop, wes, wes_contact }
    }

    /// Wes asks Olivia for a permission on the shop.
    async fn ask(&mut self, permission: &str) {
        let owner = contact_by_email(&mut self.olivia, &self.account, "olivia@bakery.example").await.id;
        let fields = [
            ("account", self.account.as_str()),
            ("permission", permission),
            ("asset", self.shop.as_str()),
            ("asked", owner.as_str()),
        ];
        self.wes.change(AskForAccess::PATH, &fields).await.unwrap();
    }

    fn answer(&self, permission: &str) -> [(&'static str, String); 4] {
        [
            ("account", self.account.to_string()),
            ("contact", self.wes_contact.to_string()),
            ("permission", permission.to_owned()),
            ("asset", self.shop.to_string()),
        ]
    }
}

#[tokio::test]
async fn the_page_says_what_the_person_can_do_and_how() {
    let mut bakery = Bakery::new().await;
    let seen = person(&mut bakery.olivia, &bakery.account, &bakery.wes_contact).await.unwrap();
    assert_eq!(
        seen.sentence(),
        format!(
            "{0} can view and use the control panel on Shop. {0} cannot see invoices, domains, tickets or contacts.",
            seen.contact.title()
        )
    );
    let ways: Vec<_> = seen.services.iter().map(|asset| (asset.name.as_str(), asset.opens)).collect();
    assert_eq!(ways.len(), 1, "what nothing is open on is not listed");
    assert_eq!((ways[0].0, ways[0].1.keys().as_str()), ("Shop", "service.view,service.panel"));
    let everywhere = seen.contact.grant.everywhere;
    assert_eq!(Way::of(false, everywhere, ways[0].1, Permission::UseServicePanel), Some(Way::This));
    // The invitation: who, when, and that it was taken.
    let invitation = seen.invitation.unwrap();
    assert_eq!((invitation.state.as_str(), invitation.by.as_str()), ("accepted", "Olivia Hart"));
    assert_eq!(invitation.email, "wes@example.com");
    assert!(seen.last_sign_in.is_some() && !seen.signed_in_from.is_empty());
    assert_eq!(seen.factor, Some(false));
    // One who is asked and has not answered.
    invite(&mut bakery.olivia, &bakery.account, "ines@example.com", "Ines Invited", &["invoices.view"])
        .await
        .unwrap();
    let ines = contact_by_email(&mut bakery.olivia, &bakery.account, "ines@example.com").await.id;
    bakery.test.execute("UPDATE outbox SET state = 'failed', last_error = 'no such mailbox' WHERE kind = 'invitation' AND to_email = 'ines@example.com'".into()).await;
    let seen = person(&mut bakery.olivia, &bakery.account, &ines).await.unwrap();
    assert!(
        seen.sentence().starts_with("Ines Invited will be able to view invoices. Ines Invited will not see"),
        "{}",
        seen.sentence()
    );
    let invitation = seen.invitation.unwrap();
    assert_eq!(invitation.expires, seen.now.plus_days(7));
    let (state, error) = invitation.mail.unwrap();
    assert_eq!((state, error.as_str()), (MailState::Failed, "no such mailbox"));
    let page = bakery.olivia.get(&format!("/a/{}/contacts/{ines}", bakery.account)).await;
    for part in
        ["Ines Invited will be able to view invoices", "no such mailbox", "in 7 days", "Resend invitation"]
    {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
}

#[tokio::test]
async fn a_request_is_granted_once_and_opens_the_door_at_once() {
    let mut bakery = Bakery::new().await;
    let of = [("account", bakery.account.to_string()), ("service", bakery.shop.to_string())];
    let cancel = borrowed_pairs(&of);
    let denied: Result<serde_json::Value> = bakery.wes.call(RequestCancellation::PATH, &cancel).await;
    assert!(matches!(denied, Err(AppError::Lacks { .. })));
    bakery.ask("service.cancel").await;
    let seen = person(&mut bakery.olivia, &bakery.account, &bakery.wes_contact).await.unwrap();
    assert_eq!(seen.contact.asks.len(), 1);
    let page = bakery.olivia.get(&format!("/a/{}/contacts/{}", bakery.account, bakery.wes_contact)).await;
    assert!(
        page.body.contains(" asks for “<!>Cancel on Shop") && page.body.contains(">Grant<"),
        "{}",
        page.body
    );
    // Nobody grants what was not asked for, nor themself, nor what they lack.
    let other = bakery.answer("service.billing");
    let refused = bakery.olivia.change(GrantAccess::PATH, &borrowed_pairs(&other)).await;
    assert!(matches!(refused, Err(AppError::Conflict(_))));
    let mut marta = bakery
        .test
        .member(
            &mut bakery.olivia,
            &bakery.account,
            "Marta",
            "marta@example.com",
            &["contacts.manage", "service.view"],
        )
        .await;
    let fields = bakery.answer("service.cancel");
    let fields = borrowed_pairs(&fields);
    assert!(matches!(marta.change(GrantAccess::PATH, &fields).await, Err(AppError::Lacks { .. })));
    let (mut one, mut two) = (bakery.olivia.clone(), bakery.olivia.clone());
    let (one, two) =
        tokio::join!(one.change(GrantAccess::PATH, &fields), two.change(GrantAccess::PATH, &fields));
    assert_eq!([&one, &two].iter().filter(|answer| answer.is_ok()).count(), 1, "{one:?} {two:?}");
    let allowed: Result<serde_json::Value> = bakery.wes.call(RequestCancellation::PATH, &cancel).await;
    assert!(!matches!(allowed, Err(AppError::Lacks { .. })), "{allowed:?}");
    let told = bakery.test.last_mail("wes@example.com").await;
    assert_eq!(told.subject, "You have access: Cancel on Shop");
    let seen = person(&mut bakery.olivia, &bakery.account, &bakery.wes_contact).await.unwrap();
    assert!(seen.contact.asks.is_empty());
}

#[tokio::test]
async fn a_refusal_is_told_and_changes_nothing() {
    let mut bakery = Bakery::new().await;
    bakery.ask("service.cancel").await;
    let held = person(&mut bakery.olivia, &bakery.account, &bakery.wes_contact).await.unwrap().contact.grant;
    let fields = bakery.answer("service.cancel");
    bakery.olivia.change(RefuseAccess::PATH, &borrowed_pairs(&fields)).await.unwrap();
    let told = bakery.test.last_mail("wes@example.com").await;
    assert_eq!(told.subject, "No access: Cancel on Shop");
    let seen = person(&mut bakery.olivia, &bakery.account, &bakery.wes_contact).await.unwrap();
    assert_eq!((seen.contact.grant, seen.contact.asks.len()), (held, 0));
    // The form can give it all the same; then nothing is left open.
    bakery.test.later(25 * 60);
    bakery.ask("service.billing").await;
    let view = contact_by_email(&mut bakery.olivia, &bakery.account, "wes@example.com").await;
    let boxes = ["view", "panel", "billing"].map(|short| format!("{}.{short}", bakery.shop));
    let form = form_of(&bakery.account, &view, &[]);
    let form = form
        .into_iter()
        .filter(|(name, _)| name != "on[]")
        .chain(boxes.map(|name| ("on[]".to_owned(), name)));
    bakery.olivia.change(UpdateContact::PATH, &borrowed(&form.collect::<Vec<_>>())).await.unwrap();
    assert_eq!(bakery.test.count("asks WHERE decided_at IS NULL").await, 0);
}

#[tokio::test]
async fn who_is_closed_hears_it_once_and_can_be_let_in_again() {
    let mut bakery = Bakery::new().await;
    let of = [("account", bakery.account.to_string()), ("contact", bakery.wes_contact.to_string())];
    let of = borrowed_pairs(&of);
    bakery.olivia.change(CloseContact::PATH, &of).await.unwrap();
    let service = [("account", bakery.account.as_str()), ("service", bakery.shop.as_str())];
    let shut: Result<serde_json::Value> = bakery.wes.call(ShowService::PATH, &service).await;
    assert_eq!(shut.unwrap_err(), AppError::NotFound);
    assert_eq!(
        bakery.test.last_mail("wes@example.com").await.subject,
        "Your access to Hart Bakery has ended"
    );
    assert!(
        matches!(bakery.olivia.change(CloseContact::PATH, &of).await, Err(AppError::Conflict(_))),
        "once"
    );
    bakery.olivia.change(ReopenContact::PATH, &of).await.unwrap();
    let open: Result<serde_json::Value> = bakery.wes.call(ShowService::PATH, &service).await;
    assert!(open.is_ok(), "what the contact held counts again");
    bakery.olivia.change(CloseContact::PATH, &of).await.unwrap();
    let told = bakery.test.mails_to("wes@example.com").await;
    bakery.olivia.change(DeleteContact::PATH, &of).await.unwrap();
    assert_eq!(bakery.test.mails_to("wes@example.com").await, told, "nobody gets the same news twice");
    // Nobody closes the owner or themself, and who may not see the guarded mail does not switch it on again.
    let owner = contact_by_email(&mut bakery.olivia, &bakery.account, "olivia@bakery.example").await.id;
    let own = [("account", bakery.account.as_str()), ("contact", owner.as_str())];
    assert!(matches!(bakery.olivia.change(CloseContact::PATH, &own).await, Err(AppError::Conflict(_))));
    add(&mut bakery.olivia, &bakery.account, "Books", "books@example.com").await.unwrap();
    bakery
        .test
        .execute(
            "UPDATE contacts SET mail = 'invoice', status = 'closed' WHERE email = 'books@example.com'"
                .into(),
        )
        .await;
    let books = contact_by_email(&mut bakery.olivia, &bakery.account, "books@example.com").await.id;
    let mut marta = bakery
        .test
        .member(&mut bakery.olivia, &bakery.account, "Marta", "marta@example.com", &["contacts.manage"])
        .await;
    let about = [("account", bakery.account.as_str()), ("contact", books.as_str())];
    assert!(matches!(marta.change(ReopenContact::PATH, &about).await, Err(AppError::Conflict(_))));
    assert!(bakery.olivia.change(ReopenContact::PATH, &about).await.is_ok());
}

#[tokio::test]
async fn what_somebody_did_and_got_is_shown_only_to_who_may_see_it() {
    let mut bakery = Bakery::new().await;
    bakery.ask("service.cancel").await;
    let of = [("account", bakery.account.to_string()), ("contact", bakery.wes_contact.to_string())];
    let of = borrowed_pairs(&of);
    let activity: PersonActivity = bakery.olivia.call(ShowPersonActivity::PATH, &of).await.unwrap();
    assert_eq!(activity.by[0].kind, "permissions.asked");
    assert!(activity.about.iter().any(|row| row.kind == "invitations.sent" && row.actor == "Olivia Hart"));
    let mail: PersonMail = bakery.olivia.call(ShowPersonMail::PATH, &of).await.unwrap();
    assert!(mail.rows.iter().all(|row| row.to_email == "wes@example.com") && !mail.rows.is_empty());
    // What they did long ago is no longer "lately"; what was changed about them stays.
    bakery.test.later(8 * 24 * 60);
    bakery.olivia.sign_in("olivia@bakery.example", PASSWORD).await.unwrap();
    let activity: PersonActivity = bakery.olivia.call(ShowPersonActivity::PATH, &of).await.unwrap();
    assert!(activity.by.is_empty() && !activity.about.is_empty());
    let mut marta = bakery
        .test
        .member(&mut bakery.olivia, &bakery.account, "Marta", "marta@example.com", &["contacts.manage"])
        .await;
    let seen = person(&mut marta, &bakery.account, &bakery.wes_contact).await.unwrap();
    assert!(seen.signed_in_from.is_empty() && seen.services.is_empty());
    let page = marta.get(&format!("/a/{}/contacts/{}", bakery.account, bakery.wes_contact)).await;
    assert!(page.body.contains("Login and mail"));
    for hidden in ["Mail and delivery", "Last 7 days", "Shop"] {
        assert!(!page.body.contains(hidden), "{hidden}");
    }
    let denied: Result<PersonActivity> = marta.call(ShowPersonActivity::PATH, &of).await;
    assert!(matches!(denied, Err(AppError::Lacks { .. })));
}

fn borrowed_pairs<'a, const N: usize>(fields: &'a [(&'a str, String); N]) -> [(&'a str, &'a str); N] {
    std::array::from_fn(|at| (fields[at].0, fields[at].1.as_str()))
}
