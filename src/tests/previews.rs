//! "See it as NAME" (R7), denied pages that help (R6), and news for open pages.

use super::support::*;
use crate::demo::browser::Browser;
use crate::error::{AppError, Result};
use crate::features::accounts::rpc::{SaveProfile, ShowFrame};
use crate::features::contacts::model::ContactView;
use crate::features::contacts::rpc::*;
use crate::features::permissions::rpc::*;
use crate::features::previews::rpc::*;
use crate::features::second_factor::rpc::Confirm;
use crate::features::services::model::ServiceRow;
use crate::features::services::rpc::*;
use crate::frame::Frame;
use crate::platform::db::args;
use crate::types::{AccountId, ContactId, Page, ServiceId};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use futures::StreamExt as _;
use leptos::server_fn::ServerFn as _;

/// A bakery with two services, of which Wes may see one.
struct Bakery {
    test: TestApp,
    olivia: Browser,
    account: AccountId,
    shop: ServiceId,
    blog: ServiceId,
    wes: Browser,
    wes_contact: ContactView,
}

impl Bakery {
    /// Somebody who manages contacts and sees services.
    async fn marta(&mut self) -> Browser {
        let keys = ["contacts.manage", "service.view"];
        self.test.member(&mut self.olivia, &self.account, "Marta", "marta@example.com", &keys).await
    }

    async fn new() -> Self {
        let test = TestApp::new().await;
        let (mut olivia, account) = test.olivia().await;
        let (shop, blog) = (test.service(&account, "Shop").await, test.service(&account, "Blog").await);
        let wes = test
            .helper(
                &mut olivia,
                &account,
                "wes@example.com",
                &["tickets.open"],
                &[(shop.asset(), &["view", "panel"])],
            )
            .await;
        let wes_contact = contact_by_email(&mut olivia, &account, "wes@example.com").await;
        Self { test, olivia, account, shop, blog, wes, wes_contact }
    }

    /// Opens a preview and returns what stands for the account in it.
    async fn preview(&mut self, fields: &[(String, String)]) -> Result<AccountId> {
        let done = self.olivia.change(SeeForm::PATH, &borrowed(fields)).await?;
        Ok(AccountId::parse(done.to.trim_start_matches("/a/")).expect("the preview's place"))
    }

    /// Wes's form with exactly these boxes on the shop and the blog.
    fn form(&self, on: &[String]) -> Vec<(String, String)> {
        let mut fields =
            form_of(&self.account, &self.wes_contact, &[("drawn", &format!("{},{}", self.shop, self.blog))]);
        fields.extend(on.iter().map(|name| ("on[]".to_owned(), name.clone())));
        fields
    }
}

async fn services(browser: &mut Browser, account: &AccountId) -> Vec<String> {
    let page: Page<ServiceRow> =
        browser.call(ListServices::PATH, &[("account", account.as_str())]).await.expect("the list");
    page.items.into_iter().map(|row| row.name).collect()
}

async fn frame(browser: &mut Browser, account: &AccountId) -> Result<Frame> {
    browser.call(ShowFrame::PATH, &[("account", account.as_str())]).await
}

#[tokio::test]
async fn a_preview_shows_what_the_person_sees() {
    let mut bakery = Bakery::new().await;
    let done = bakery
        .olivia
        .change(
            SeeContact::PATH,
            &[("account", bakery.account.as_str()), ("contact", bakery.wes_contact.id.as_str())],
        )
        .await
        .unwrap();
    let preview = AccountId::parse(done.to.trim_start_matches("/a/")).unwrap();
    assert_eq!(
        services(&mut bakery.olivia, &preview).await,
        services(&mut bakery.wes, &bakery.account).await
    );
    let blog = bakery.olivia.get(&format!("/a/{preview}/services/{}", bakery.blog)).await;
    assert_eq!(blog.status, StatusCode::NOT_FOUND);
    assert_eq!(bakery.olivia.get(&format!("/a/{preview}/contacts")).await.status, StatusCode::FORBIDDEN);
    let theirs = bakery.wes.get(&format!("/a/{}/services/{}", bakery.account, bakery.shop)).await.body;
    let seen = bakery.olivia.get(&format!("/a/{preview}/services/{}", bakery.shop)).await.body;
    for words in [
        "Control panel",
        "Request upgrade",
        "Request cancellation",
        "Billing information",
        "Back-ups at night.",
    ] {
        assert_eq!(theirs.contains(words), seen.contains(words), "{words}");
    }
    assert!(
        seen.contains("Nothing can be changed here.")
            && seen.contains("Leave preview")
            && seen.contains("Welcome Wes Diaz")
    );
    assert!(seen.contains(&format!("href=\"/a/{preview}/services\"")), "its links stay in it");
    // Nobody else gets in with its address.
    assert_eq!(frame(&mut bakery.wes, &preview).await.unwrap_err(), AppError::NotFound);
    assert_eq!(bakery.test.browser().get(&format!("/a/{preview}")).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_preview_shows_what_is_not_saved_yet_and_leads_back_to_it() {
    let mut bakery = Bakery::new().await;
    let fields = bakery.form(&[format!("{}.view", bakery.blog)]);
    let preview = bakery.preview(&fields).await.unwrap();
    assert_eq!(services(&mut bakery.olivia, &preview).await, ["Blog"]);
    assert_eq!(services(&mut bakery.wes, &bakery.account).await, ["Shop"], "nothing was saved");
    let says = frame(&mut bakery.olivia, &preview).await.unwrap().preview.unwrap();
    assert_eq!(
        (says.able.as_slice(), says.no_longer.as_slice()),
        (&["view Blog".to_owned()][..], &["view and use the control panel on Shop".to_owned()][..])
    );
    let back = bakery.olivia.get(&says.back).await.body;
    assert!(back.contains("What you typed is still here"));
    assert!(
        back.contains(&format!(
            "value=\"{}.view\" data-of=\"service.view\" aria-label=\"View: Blog\" checked",
            bakery.blog
        )),
        "the unsaved box is ticked"
    );
    assert!(!back.contains("aria-label=\"View: Shop\" checked"));
    // The same from the form without WASM: its second button.
    let page = format!("/a/{}/contacts/{}", bakery.account, bakery.wes_contact.id);
    let mut with_button = borrowed(&fields);
    with_button.insert(0, ("_action", UpdateContact::PATH));
    let answer = bakery.olivia.submit(&page, SeeForm::PATH, &with_button).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(answer.location().starts_with("/a/01"), "{}", answer.location());
}

#[tokio::test]
async fn nothing_can_be_changed_or_made_in_a_preview() {
    let mut bakery = Bakery::new().await;
    let everything = [("preset", "full_privileges")];
    let fields: Vec<(String, String)> = form_of(&bakery.account, &bakery.wes_contact, &everything);
    let preview = bakery.preview(&fields).await.unwrap();
    assert_eq!(services(&mut bakery.olivia, &preview).await.len(), 2);
    let ids = [
        ("account", preview.as_str()),
        ("contact", bakery.wes_contact.id.as_str()),
        ("service", bakery.shop.as_str()),
    ];
    let with = |more: &[(&'static str, &'static str)]| {
        ids.into_iter().chain(more.iter().copied()).collect::<Vec<_>>()
    };
    let profile = with(&[("name", "Changed"), ("email", "a@b.example")]);
    let person = with(&[("first_name", "X"), ("email", "x@example.com"), ("emails", "x@example.com")]);
    let cancel = with(&[("reason", "x"), ("when", "end"), ("sure", "on")]);
    for (path, fields) in [
        (SaveProfile::PATH, &profile),
        (CreateContact::PATH, &person),
        (InviteUsers::PATH, &person),
        (UpdateContact::PATH, &person),
        (DeleteContact::PATH, &person),
        (ResendInvitation::PATH, &person),
        (WithdrawInvitation::PATH, &person),
        (InvitationLink::PATH, &person),
        (OpenPanel::PATH, &cancel),
        (RequestCancellation::PATH, &cancel),
        (SeeContact::PATH, &person),
        (SeeForm::PATH, &with(&[("log_in", "on")])),
    ] {
        assert_eq!(bakery.olivia.change(path, fields).await.unwrap_err(), AppError::Preview, "{path}");
    }
    assert_eq!(
        bakery.test.scalar("SELECT count(*) FROM sign_ons").await
            + bakery.test.scalar("SELECT count(*) FROM requests").await,
        0
    );
    assert_eq!(bakery.test.mails_to("x@example.com").await, 0);
    let panel = bakery.olivia.get(&format!("/a/{preview}/services/{}/panel", bakery.shop)).await;
    assert_eq!(panel.status, StatusCode::FORBIDDEN);
    // The last account stays the real one.
    assert_eq!(
        bakery
            .test
            .scalar("SELECT count(*) FROM users WHERE last_account_id IN (SELECT id FROM previews)")
            .await,
        0
    );
}

#[tokio::test]
async fn a_preview_ends_with_its_time_and_with_what_its_viewer_may_do() {
    let mut bakery = Bakery::new().await;
    let of = [
        ("account", bakery.account.clone()),
        ("contact", AccountId::from(bakery.wes_contact.id.to_string())),
    ];
    let of: Vec<(&str, &str)> = of.iter().map(|(name, id)| (*name, id.as_str())).collect();
    let mut marta = bakery.marta().await;
    let seen = |done: crate::error::Outcome| AccountId::parse(done.to.trim_start_matches("/a/")).unwrap();
    let preview = seen(marta.change(SeeContact::PATH, &of).await.unwrap());
    let held = frame(&mut marta, &preview).await.unwrap();
    assert_eq!(services(&mut marta, &preview).await, ["Shop"]);
    // Marta may not use the panel, so she does not see it offered, and is told.
    let page = marta.get(&format!("/a/{preview}/services/{}", bakery.shop)).await.body;
    assert!(
        !page.contains("target=\"_blank\"")
            && page.contains("Not shown, because you may not see it yourself")
    );
    assert!(held.preview.unwrap().hidden.iter().any(|part| part == "use the control panel on Shop"));
    let view = contact_by_email(&mut bakery.olivia, &bakery.account, "marta@example.com").await;
    let reduced = form_of(&bakery.account, &view, &[("permissions[]", "contacts.manage")]);
    bakery.olivia.change(UpdateContact::PATH, &borrowed(&reduced)).await.unwrap();
    assert_eq!(
        frame(&mut marta, &preview).await.unwrap_err(),
        AppError::NotFound,
        "what she may see has changed"
    );
    let preview = seen(marta.change(SeeContact::PATH, &of).await.unwrap());
    bakery.test.later(crate::features::previews::model::MINUTES);
    assert_eq!(frame(&mut marta, &preview).await.unwrap_err(), AppError::NotFound, "its time is over");
    // Opening the next one clears what is over away.
    marta.change(SeeContact::PATH, &of).await.unwrap();
    assert_eq!(bakery.test.scalar("SELECT count(*) FROM previews").await, 1);
}

#[tokio::test]
async fn the_owner_and_oneself_have_no_preview() {
    let mut bakery = Bakery::new().await;
    let own = contact_by_email(&mut bakery.olivia, &bakery.account, "olivia@bakery.example").await;
    let refused = bakery
        .olivia
        .change(SeeContact::PATH, &[("account", bakery.account.as_str()), ("contact", own.id.as_str())])
        .await;
    assert!(matches!(refused, Err(AppError::Conflict(_))));
    let forged: Vec<(String, String)> = bakery.form(&[format!("{}.view", "01k9zv5s8t3w2x1y0abcdefghj")]);
    assert!(matches!(bakery.preview(&forged).await, Err(AppError::Forbidden(_))));
}

#[tokio::test]
async fn who_lacks_a_permission_can_ask_for_it_once_a_day() {
    let mut bakery = Bakery::new().await;
    let denied = bakery.wes.get(&format!("/a/{}/contacts", bakery.account)).await;
    assert!(
        denied.body.contains("This needs the permission “Manage contacts”")
            && denied.body.contains("Olivia Hart can grant it to you.")
    );
    let granters: Vec<(ContactId, String)> = bakery
        .wes
        .call(
            ShowGranters::PATH,
            &[
                ("account", bakery.account.as_str()),
                ("permission", "service.cancel"),
                ("asset", bakery.shop.as_str()),
            ],
        )
        .await
        .unwrap();
    let ask = [
        ("account", bakery.account.as_str()),
        ("permission", "service.cancel"),
        ("asset", bakery.shop.as_str()),
        ("asked", granters[0].0.as_str()),
    ];
    bakery.wes.change(AskForAccess::PATH, &ask).await.unwrap();
    let mail = bakery.test.last_mail("olivia@bakery.example").await;
    assert_eq!(mail.subject, "Wes Diaz asks for access to Hart Bakery");
    let link = format!("/a/{}/contacts/{}", bakery.account, bakery.wes_contact.id);
    assert!(
        mail.body_text.contains("“Cancel” on Shop") && mail.body_text.contains(&link),
        "{}",
        mail.body_text
    );
    assert!(
        matches!(bakery.wes.change(AskForAccess::PATH, &ask).await, Err(AppError::Conflict(_))),
        "limited"
    );
    assert_eq!(bakery.test.scalar("SELECT count(*) FROM asks").await, 1, "recorded");
    // The form shows what was asked for until it is given.
    let form = contact_by_email(&mut bakery.olivia, &bakery.account, "wes@example.com").await;
    let asks: Vec<_> = form.asks.iter().map(|ask| (ask.label.as_str(), ask.may_give)).collect();
    assert_eq!(asks, [("Cancel on Shop", true)]);
    let edit = bakery.olivia.get(&format!("{link}/edit")).await;
    assert!(edit.body.contains(&format!("{link}/edit#on-{}", bakery.shop)), "the form leads to the box");
    // Nobody learns names of what they may not see, nor asks those who could not give it.
    let hidden = [
        ("account", bakery.account.as_str()),
        ("permission", "service.view"),
        ("asset", bakery.blog.as_str()),
        ("asked", granters[0].0.as_str()),
    ];
    assert_eq!(bakery.wes.change(AskForAccess::PATH, &hidden).await.unwrap_err(), AppError::NotFound);
    let nobody = [
        ("account", bakery.account.as_str()),
        ("permission", "invoices.view"),
        ("asked", bakery.wes_contact.id.as_str()),
    ];
    assert_eq!(bakery.wes.change(AskForAccess::PATH, &nobody).await.unwrap_err(), AppError::NotFound);
}

/// The data of the next event of a stream that is no comment.
pub(super) async fn next_event(
    stream: &mut (impl futures::Stream<Item = Result<axum::body::Bytes, axum::Error>> + Unpin),
) -> Option<String> {
    loop {
        let text = String::from_utf8(stream.next().await?.ok()?.to_vec()).ok()?;
        if let Some(data) = text.lines().find_map(|line| line.strip_prefix("data: ")) {
            return Some(data.to_owned());
        }
    }
}

#[tokio::test]
async fn open_pages_hear_of_changed_permissions_and_of_the_end() {
    let mut bakery = Bakery::new().await;
    let events = format!("/a/{}/events", bakery.account);
    let response = bakery.wes.open(Request::get(&events).body(Body::empty()).unwrap()).await;
    assert_eq!(response.status(), StatusCode::OK);
    let mut stream = response.into_body().into_data_stream();
    let began = next_event(&mut stream).await.unwrap();
    assert_eq!(began, frame(&mut bakery.wes, &bakery.account).await.unwrap().key_version.to_string());
    // Another name is no news; other permissions are.
    let named = form_of(&bakery.account, &bakery.wes_contact, &[("phone", "1")]);
    bakery.olivia.change(UpdateContact::PATH, &borrowed(&named)).await.unwrap();
    bakery.wes_contact = contact_by_email(&mut bakery.olivia, &bakery.account, "wes@example.com").await;
    let fields = bakery.form(&[format!("{}.view", bakery.blog)]);
    bakery.olivia.change(UpdateContact::PATH, &borrowed(&fields)).await.unwrap();
    assert_eq!(next_event(&mut stream).await.unwrap(), (began.parse::<i64>().unwrap() + 1).to_string());
    bakery
        .olivia
        .change(
            DeleteContact::PATH,
            &[("account", bakery.account.as_str()), ("contact", bakery.wes_contact.id.as_str())],
        )
        .await
        .unwrap();
    assert_eq!(next_event(&mut stream).await.unwrap(), "gone");
    assert!(stream.next().await.is_none(), "the stream ends");
    assert_eq!(
        bakery.test.scalar("SELECT count(*) FROM grants").await,
        0,
        "what was held on single things goes with the card"
    );
    let mut nobody = bakery.test.browser();
    let mut signed_out =
        nobody.open(Request::get(&events).body(Body::empty()).unwrap()).await.into_body().into_data_stream();
    assert_eq!(next_event(&mut signed_out).await.unwrap(), "gone");
    assert!(signed_out.next().await.is_none());
    assert_eq!(bakery.wes.get(&events).await.status, StatusCode::NOT_FOUND);
    // A session that got another name, because its owner proved that it is them, ends the stream and is no
    // bad news.
    let mut stream = bakery
        .olivia
        .open(Request::get(&events).body(Body::empty()).unwrap())
        .await
        .into_body()
        .into_data_stream();
    next_event(&mut stream).await.unwrap();
    bakery.olivia.change(Confirm::PATH, &[("current_password", PASSWORD)]).await.unwrap();
    let mut tx = crate::access::System::of(&bakery.test.app).begin().await.unwrap();
    let own: String = tx.conn().value("SELECT owner_id FROM accounts", args![]).await.unwrap();
    tx.tell(crate::access::state::News::contact(bakery.account.clone(), own.into()));
    tx.commit().await.unwrap();
    assert!(next_event(&mut stream).await.is_none());
    // Other streams end with the program.
    let mut stream = bakery
        .olivia
        .open(Request::get(&events).body(Body::empty()).unwrap())
        .await
        .into_body()
        .into_data_stream();
    next_event(&mut stream).await.unwrap();
    bakery.test.app.stop();
    assert!(next_event(&mut stream).await.is_none());
}

#[tokio::test]
async fn a_preview_dies_with_the_card_of_who_looks() {
    let mut bakery = Bakery::new().await;
    let mut marta = bakery.marta().await;
    let done = marta
        .change(
            SeeContact::PATH,
            &[("account", bakery.account.as_str()), ("contact", bakery.wes_contact.id.as_str())],
        )
        .await
        .unwrap();
    let preview = AccountId::parse(done.to.trim_start_matches("/a/")).unwrap();
    assert!(frame(&mut marta, &preview).await.is_ok());
    let contact = contact_by_email(&mut bakery.olivia, &bakery.account, "marta@example.com").await;
    bakery
        .olivia
        .change(
            DeleteContact::PATH,
            &[("account", bakery.account.as_str()), ("contact", contact.id.as_str())],
        )
        .await
        .unwrap();
    assert_eq!(frame(&mut marta, &preview).await.unwrap_err(), AppError::NotFound);
    invite(&mut bakery.olivia, &bakery.account, "marta@example.com", "Marta", &[]).await.unwrap();
    accept_all(&mut marta).await.unwrap();
    assert!(frame(&mut marta, &bakery.account).await.is_ok());
    assert_eq!(
        frame(&mut marta, &preview).await.unwrap_err(),
        AppError::NotFound,
        "a new contact is another key"
    );
}
