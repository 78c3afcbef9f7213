//! The staff area: who may enter it, what staff do there and on accounts, and looks with consent.

use super::access::{Who, table};
use super::support::{PASSWORD, TestApp, accept_all, add, contact_by_email, invite};
use crate::error::AppError;
use crate::features::accounts::rpc::{SaveProfile, ShowFrame};
use crate::features::audit::model::AuditRow;
use crate::features::audit::rpc::ListActivity;
use crate::features::contacts::rpc::ListContacts;
use crate::features::domains::rpc::{RequestLock, ShowDomain};
use crate::features::incoming::rpc::{DismissIncoming, OpenIncoming};
use crate::features::invitations::rpc::Join;
use crate::features::invoices::rpc::UseCredit;
use crate::features::replacements::rpc::StopReplacement;
use crate::features::services::rpc::OpenPanel;
use crate::features::support::model::SupportChoice;
use crate::features::support::rpc::{AnswerSupport, ChooseSupport, EndSupport, ShowSupport};
use crate::features::tickets::rpc::{CallBackReply, ChangeTicket, DecideHeld};
use crate::frame::Frame;
use crate::operator::activity::rpc::ListStaffActivity;
use crate::operator::arrange::rpc::{
    MergeTickets, MoveBack, MoveTicket, PutBack, SplitTicket, UnmergeTicket,
};
use crate::operator::assets::rpc::*;
use crate::operator::billing::rpc::*;
use crate::operator::bulk::rpc::*;
use crate::operator::canned::rpc::{DeleteCanned, SaveCanned};
use crate::operator::customers::model::{CustomerRow, CustomerView, NotesPage, OwnerLogin};
use crate::operator::customers::rpc::*;
use crate::operator::data::rpc::*;
use crate::operator::departments::rpc::*;
use crate::operator::desk::model::Dashboard;
use crate::operator::desk::rpc::{ShowDashboard, ShowDesk};
use crate::operator::invoices::rpc::*;
use crate::operator::merge::rpc::*;
use crate::operator::owners::rpc::{KeepOwner, ReplaceOwner};
use crate::operator::products::model::Product;
use crate::operator::products::rpc::*;
use crate::operator::queue::model::Queue;
use crate::operator::queue::rpc::*;
use crate::operator::settings::model::SettingsPage;
use crate::operator::settings::rpc::*;
use crate::operator::setup::rpc::{BeginSetup, SetupLink};
use crate::operator::statements::rpc::*;
use crate::operator::team::model::StaffRow;
use crate::operator::team::rpc::*;
use crate::operator::templates::rpc::*;
use crate::operator::views::rpc::{LookWithoutConsent, OpenView};
use crate::permission::{StaffPermission, StaffPermissions, StaffRole};
use crate::types::{AccountId, Page};
use axum::http::StatusCode;
use leptos::server_fn::ServerFn as _;

fn only(keys: &str) -> StaffPermissions {
    StaffPermissions::from_keys(keys)
}

fn fields(account: &AccountId) -> String {
    format!(
        "account={account}&contact=01k9zv5s8t3w2x1y0abcdefghj&request=01k9zv5s8t3w2x1y0abcdefghj&user=01k9zv5s8t3w2x1y0abcdefghj&ticket=01k9zv5s8t3w2x1y0abcdefghj"
    )
}

#[tokio::test]
async fn the_staff_area_is_closed_to_everybody_else() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let mut ada = test.ada().await;
    for (path, who) in table() {
        let Who::Staff(needed) = who else { continue };
        assert_eq!(
            olivia.post(path, fields(&bakery)).await.status,
            StatusCode::NOT_FOUND,
            "{path} as a customer"
        );
        let others: StaffPermissions =
            StaffPermissions::all().iter().filter(|one| one.key() != needed).collect();
        let mut without =
            test.staff("Sid", &format!("{}@operator.example", path.replace('/', "-")), others).await;
        let refused = without.post(path, fields(&bakery)).await.status;
        if needed.is_empty() {
            // What an act takes is asked once it is known: see the tests of work on many.
            let later = path.starts_with("/rpc/operator/bulk/");
            assert!(later || refused == StatusCode::OK, "{path} as any staff: {refused}");
        } else {
            assert_eq!(refused, StatusCode::FORBIDDEN, "{path} without {needed}");
        }
        let open = ada.post(path, fields(&bakery)).await;
        // What takes a fresh proof asks for one by now.
        let asked = open.body.contains("Unconfirmed");
        assert!(open.status != StatusCode::FORBIDDEN || asked, "{path} with everything: {}", open.body);
        assert_ne!(open.status, StatusCode::INTERNAL_SERVER_ERROR, "{path} with everything");
    }
}

#[tokio::test]
async fn pages_of_the_staff_area_know_who_comes() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let (mut ada, mut sid) =
        (test.ada().await, test.staff("Sid", "sid@operator.example", only("customers.break_glass")).await);
    for (page, who) in super::access::PAGES.iter().filter(|(page, _)| page.starts_with("/operator")) {
        let path = page.replace("{account}", bakery.as_str());
        let user = test.user_id("sid@operator.example").await;
        let path = path.replace("{user}", user.as_str());
        assert_eq!(test.browser().get(&path).await.status, StatusCode::SEE_OTHER, "{page} as nobody");
        let theirs = olivia.get(&path).await;
        assert_eq!(theirs.status, StatusCode::NOT_FOUND, "{page} as a customer");
        if path.contains('{') {
            continue;
        }
        let allowed = if *who == "staff" { StatusCode::OK } else { StatusCode::FORBIDDEN };
        assert_eq!(sid.get(&path).await.status, allowed, "{page} without the permission");
        assert_eq!(ada.get(&path).await.status, StatusCode::OK, "{page} as an administrator");
    }
}

#[tokio::test]
async fn staff_need_a_second_factor_before_they_see_anything() {
    let test = TestApp::new().await;
    test.ada().await;
    let mut tx = crate::access::System::of(&test.app).begin().await.unwrap();
    let email = crate::types::EmailAddress::parse("new@operator.example").unwrap();
    let (_, link) =
        crate::operator::team::store::add(&mut tx, "New One", &email, StaffPermissions::all()).await.unwrap();
    tx.commit().await.unwrap();
    let mut new = test.browser();
    new.change(
        crate::features::sign_in::rpc::ResetPassword::PATH,
        &[("token", &link), ("password", PASSWORD)],
    )
    .await
    .unwrap();
    new.sign_in("new@operator.example", PASSWORD).await.unwrap();
    assert_eq!(new.call::<serde_json::Value>(ShowDesk::PATH, &[]).await.unwrap_err(), AppError::NeedsFactor);
    let asked = new.get("/operator").await;
    assert!(
        asked.location().starts_with("/security/second-factor?needed=yes&next=%2Foperator"),
        "{}",
        asked.location()
    );
    test.set_up_app(&mut new, "new@operator.example").await;
    assert_eq!(new.get("/operator").await.status, StatusCode::OK);
    // The picker has nothing for staff.
    assert_eq!(new.get("/accounts").await.location(), "/operator");
}

#[tokio::test]
async fn a_customer_is_brought_in_and_the_owner_accepts() {
    let test = TestApp::new().await;
    let mut ada = test.ada().await;
    let form = [
        ("name", "Nord Möbel GmbH"),
        ("first_name", "Nora"),
        ("last_name", "Nord"),
        ("email", "nora@nord.example"),
        ("country", "DE"),
        ("invite", "on"),
    ];
    let done = ada.change(CreateCustomer::PATH, &form).await.unwrap();
    assert!(done.say.contains("invitation is on its way to nora@nord.example"), "{}", done.say);
    let account = AccountId::parse(done.to.rsplit('/').next().unwrap()).unwrap();
    let shown: CustomerView = ada.call(ShowCustomer::PATH, &[("account", account.as_str())]).await.unwrap();
    assert!(matches!(shown.login, OwnerLogin::Invited(_)), "{:?}", shown.login);
    assert_eq!(shown.owner_name, ("Nora Nord".to_owned(), "nora@nord.example".to_owned()));
    let dashboard: Dashboard = ada.call(ShowDashboard::PATH, &[]).await.unwrap();
    assert_eq!(dashboard.customers.as_ref().unwrap().without_login, 1);

    let mut nora = test.browser();
    let token = nora.mailed("nora@nord.example", "/invitations/").await.unwrap();
    assert!(nora.get(&format!("/invitations/{token}")).await.body.contains("do everything on the account"));
    nora.change(Join::PATH, &[("token", &token), ("name", "Nora Nord"), ("password", PASSWORD)])
        .await
        .unwrap();
    accept_all(&mut nora).await.unwrap();
    let frame: Frame = nora.call(ShowFrame::PATH, &[("account", account.as_str())]).await.unwrap();
    assert!(frame.is_owner && frame.staff.is_none());
    let shown: CustomerView = ada.call(ShowCustomer::PATH, &[("account", account.as_str())]).await.unwrap();
    assert!(matches!(shown.login, OwnerLogin::Has(_)));
    let trail: Page<AuditRow> =
        nora.call(ListActivity::PATH, &[("account", account.as_str())]).await.unwrap();
    assert!(
        trail.items.iter().any(
            |entry| entry.actor == "Ada Admin · Staff for Nord Möbel GmbH" && entry.actor_kind == "staff"
        ),
        "{trail:?}"
    );
    assert_eq!(test.count("activity WHERE scope_id = 'installation' AND kind = 'invitations.sent'").await, 1);
}

async fn found(ada: &mut crate::demo::browser::Browser, words: &str) -> Vec<String> {
    let page: Page<CustomerRow> = ada.call(ListCustomers::PATH, &[("q", words)]).await.unwrap();
    page.items.into_iter().map(|row| row.name).collect()
}

#[tokio::test]
async fn the_form_of_a_service_opens_in_every_state() {
    let test = TestApp::new().await;
    let (_, bakery) = test.olivia().await;
    let mut ada = test.ada().await;
    let service = test.service(&bakery, "Website").await;
    for status in ["pending", "active", "suspended", "cancelled"] {
        test.execute(format!("UPDATE services SET status = '{status}'")).await;
        let form = ada.get(&format!("/operator/customers/{bakery}/services/{service}")).await;
        assert!(form.status == 200 && form.body.contains("Website"), "{status}");
        assert_eq!(form.body.contains("name=\"prorate\""), status == "active", "{status}");
    }
}

#[tokio::test]
async fn staff_who_only_look_are_offered_nothing_that_they_may_not_do() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    invite(&mut olivia, &bakery, "ben@example.com", "Ben", &["contacts.manage"]).await.unwrap();
    let (list, own) = (crate::paths::contacts(&bakery), crate::paths::own_mail(&bakery));
    let changes =
        ["Add New Contact", "Invite User", "Resend invitation", "?link=", "?delete=", "type=\"checkbox\""];
    let looks = only("customers.view,invoices.view");
    let mut sam = test.staff("Sam", "sam@operator.example", looks).await;
    let shown = sam.get(&list).await;
    assert!(shown.status == 200 && shown.body.contains("ben@example.com"));
    assert!(changes.iter().all(|one| !shown.body.contains(one)));
    let mut ada = test.ada().await;
    let shown = ada.get(&list).await.body;
    assert!(changes.iter().all(|one| shown.contains(one)));
    // They are no contact of the account, whatever else they may.
    for (staff, invites) in [(&mut sam, false), (&mut ada, true)] {
        let overview = staff.get(&crate::paths::account(&bakery)).await;
        assert!(overview.status == 200 && !overview.body.contains(&own));
        assert_eq!(overview.body.contains("Invite User"), invites);
    }
    // A form that would be refused is shown and cannot be sent; their own are not among them.
    let locked = "<fieldset disabled class=\"locked\">";
    let mut tess = test.staff("Tess", "tess@operator.example", only("customers.view,tickets.answer")).await;
    let pages = [crate::paths::account_profile(&bakery), crate::paths::new_ticket(&bakery)];
    for (staff, shown) in [(&mut ada, [0, 0]), (&mut tess, [1, 0])] {
        for (path, times) in pages.iter().zip(shown) {
            let page = staff.get(path).await;
            assert!(page.status == 200 && page.body.matches(locked).count() == times, "{path}");
        }
    }
    // What is shown is no refusal, and leads to none.
    assert_eq!(sam.get(crate::paths::ALL_INVOICES).await.status, 200);
    assert!(!sam.get(crate::paths::BILLING).await.body.contains(crate::paths::BILLING_SETTINGS));
}

#[tokio::test]
async fn a_customer_is_found_by_what_belongs_to_them() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    test.oscar().await;
    let mut ada = test.ada().await;
    add(&mut olivia, &bakery, "Émile", "emile.zola@paris.example").await.unwrap();
    let domain = test.domain(&bakery, "sourdough-shop.example").await;
    test.service(&bakery, "Webshop").await;
    for words in [
        "hart",
        "har bak",
        "10001",
        "zola",
        "emile.zola@paris.example",
        "EMILE",
        "sourdough-shop.example",
        "sourd",
        "webshop",
        "hartbake",
        "olivia",
    ] {
        assert_eq!(found(&mut ada, words).await, ["Hart Bakery"], "{words}");
    }
    assert_eq!(found(&mut ada, "").await.len(), 2);
    for words in ["nobody", "zola elsewhere", "\"hart\" OR elsewhere", "ziegler*"] {
        assert_eq!(found(&mut ada, words).await, Vec::<String>::new(), "{words}");
    }
    // It follows what changes.
    let emile = contact_by_email(&mut olivia, &bakery, "emile.zola@paris.example").await.id;
    let of = [("account", bakery.as_str()), ("contact", emile.as_str())];
    olivia.change(crate::features::contacts::rpc::DeleteContact::PATH, &of).await.unwrap();
    assert_eq!(found(&mut ada, "zola").await, Vec::<String>::new());
    test.execute(format!("UPDATE domains SET name = 'rye.example' WHERE id = '{domain}'")).await;
    assert_eq!(found(&mut ada, "sourdough").await, Vec::<String>::new());
    assert_eq!(found(&mut ada, "rye").await, ["Hart Bakery"]);
}

#[tokio::test]
async fn a_closed_account_is_entered_by_nobody_but_staff() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let mut ada = test.ada().await;
    let of = ("account", bakery.as_str());
    let without = ada.change(CloseCustomer::PATH, &[of]).await.unwrap_err();
    assert!(matches!(without, AppError::Invalid(_)), "{without:?}");
    ada.change(CloseCustomer::PATH, &[of, ("reason", "Did not pay.")]).await.unwrap();
    assert_eq!(olivia.get(&format!("/a/{bakery}")).await.status, StatusCode::NOT_FOUND);
    assert!(olivia.get("/accounts").await.body.contains("aria-disabled"), "the picker shows it disabled");
    assert_eq!(ada.get(&format!("/a/{bakery}/contacts")).await.status, StatusCode::OK);
    assert!(matches!(
        ada.change(CloseCustomer::PATH, &[of, ("reason", "Again.")]).await,
        Err(AppError::Conflict(_))
    ));
    ada.change(ReopenCustomer::PATH, &[of]).await.unwrap();
    assert_eq!(olivia.get(&format!("/a/{bakery}")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_staff_do_on_an_account_is_theirs_alone_to_do_and_is_said() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let service = test.service(&bakery, "Shop").await;
    let of = ("account", bakery.as_str());
    let mut looks = test.staff("Lou Look", "lou@operator.example", only("customers.view")).await;
    let mut edits =
        test.staff("Eve Edit", "eve@operator.example", only("customers.view,customers.edit")).await;
    let mut none = test.staff("Nic None", "nic@operator.example", only("requests.answer")).await;
    assert_eq!(none.get(&format!("/a/{bakery}/contacts")).await.status, StatusCode::FORBIDDEN);
    looks.call::<serde_json::Value>(ListContacts::PATH, &[of]).await.unwrap();
    let refused = add(&mut looks, &bakery, "Ann", "ann@example.com").await.unwrap_err();
    assert!(refused.to_string().contains("“Edit customers”"), "{refused}");
    add(&mut edits, &bakery, "Ann", "ann@example.com").await.unwrap();
    let trail: Page<AuditRow> = olivia.call(ListActivity::PATH, &[of]).await.unwrap();
    assert_eq!(trail.items[0].actor, "Eve Edit · Staff for Hart Bakery");
    assert_eq!(trail.items[0].badge(), "Staff");
    // A control panel is the customer's own; e-mail takes a permission of its own.
    let panel =
        edits.call::<String>(OpenPanel::PATH, &[of, ("service", service.as_str())]).await.unwrap_err();
    assert!(matches!(panel, AppError::Lacks { .. }), "{panel:?}");
    assert_eq!(edits.get(&format!("/a/{bakery}/emails")).await.status, StatusCode::FORBIDDEN);
    // Nothing is theirs as a contact: they have none.
    let leave = edits.change(crate::features::ownership::rpc::LeaveAccount::PATH, &[of]).await.unwrap_err();
    assert!(matches!(leave, AppError::Forbidden(_)), "{leave:?}");
    let page = edits.get(&format!("/a/{bakery}/contacts")).await;
    assert!(
        page.body.contains("Staff area") && page.body.contains("You work here as staff"),
        "{}",
        page.body
    );
    assert!(edits.get(&format!("/a/{bakery}/profile")).await.body.contains("Main e-mail"));
    let save = edits
        .save(SaveProfile::PATH, &[of, ("name", "Hart & Sons"), ("email", "olivia@bakery.example")])
        .await;
    assert!(save.is_ok(), "{save:?}");
    assert_eq!(found(&mut edits, "sons").await, ["Hart & Sons"]);
}

#[tokio::test]
async fn staff_look_as_a_customer_only_with_consent() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let mut sam =
        test.staff("Sam Support", "sam@operator.example", StaffRole::Support.permissions().unwrap()).await;
    let owner = contact_by_email(&mut olivia, &bakery, "olivia@bakery.example").await.id;
    let of = ("account", bakery.as_str());
    let ask = [of, ("contact", owner.as_str()), ("reason", "Ticket 12: a button is missing.")];
    let without = sam.change(OpenView::PATH, &ask[..2]).await.unwrap_err();
    assert!(matches!(without, AppError::Invalid(_)), "a reason is needed: {without:?}");

    // Ask: the owner is told by mail and on the overview, and nothing opens until they allow it.
    let asked = sam.change(OpenView::PATH, &ask).await.unwrap();
    assert!(asked.say.contains("Olivia Hart was asked"), "{}", asked.say);
    assert!(matches!(sam.change(OpenView::PATH, &ask).await, Err(AppError::Conflict(_))));
    let mail = test.last_mail("olivia@bakery.example").await;
    assert!(mail.subject.contains("Sam Support asks"), "{}", mail.subject);
    let overview = olivia.get(&format!("/a/{bakery}")).await.body;
    assert!(
        overview.contains("Allow for one hour") && overview.contains("a button is missing"),
        "{overview}"
    );
    let choice: SupportChoice = olivia.call(ShowSupport::PATH, &[of]).await.unwrap();
    let view = choice.waiting[0].id.clone();
    olivia.change(AnswerSupport::PATH, &[of, ("view", &view), ("answer", "allow")]).await.unwrap();
    assert!(matches!(
        olivia.change(AnswerSupport::PATH, &[of, ("view", &view), ("answer", "allow")]).await,
        Err(AppError::Conflict(_))
    ));

    // Allowed: exactly what the owner sees, and nothing can be changed.
    let open = sam.change(OpenView::PATH, &ask).await.unwrap();
    let seen = AccountId::parse(open.to.trim_start_matches("/a/")).unwrap();
    let frame: Frame = sam.call(ShowFrame::PATH, &[("account", seen.as_str())]).await.unwrap();
    assert!(frame.is_owner && frame.staff.is_none() && frame.preview.as_ref().unwrap().support);
    let page = sam.get(&format!("/a/{seen}/contacts")).await;
    assert!(page.body.contains("Olivia Hart") && page.body.contains("preview support"), "{}", page.body);
    assert_eq!(add(&mut sam, &seen, "Ann", "ann@example.com").await.unwrap_err(), AppError::Preview);
    let trail: Page<AuditRow> = olivia.call(ListActivity::PATH, &[of]).await.unwrap();
    assert!(
        trail.items.iter().any(|entry| entry.says.contains("saw the portal as Olivia Hart: Ticket 12")),
        "{trail:?}"
    );

    // It ends by itself, and at once when the owner says never.
    olivia.change(ChooseSupport::PATH, &[of, ("access", "never")]).await.unwrap();
    assert_eq!(sam.get(&format!("/a/{seen}")).await.status, StatusCode::NOT_FOUND);
    assert!(matches!(sam.change(OpenView::PATH, &ask).await, Err(AppError::Conflict(_))));
    olivia.change(ChooseSupport::PATH, &[of, ("access", "always")]).await.unwrap();
    let open = sam.change(OpenView::PATH, &ask).await.unwrap();
    assert_eq!(sam.get(&open.to).await.status, StatusCode::OK);
    test.later(61);
    assert_eq!(sam.get(&open.to).await.status, StatusCode::NOT_FOUND);
    // Another customer, or another of the staff, cannot use it.
    let (mut oscar, _) = test.oscar().await;
    let open = sam.change(OpenView::PATH, &ask).await.unwrap();
    assert_eq!(oscar.get(&open.to).await.status, StatusCode::NOT_FOUND);
    let mut ada = test.ada().await;
    assert_eq!(ada.get(&open.to).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn breaking_the_glass_is_told_at_once() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let mut ada = test.ada().await;
    let owner = contact_by_email(&mut olivia, &bakery, "olivia@bakery.example").await.id;
    let of = ("account", bakery.as_str());
    olivia.change(ChooseSupport::PATH, &[of, ("access", "never")]).await.unwrap();
    let ask = [of, ("contact", owner.as_str()), ("reason", "The shop sends spam.")];
    let open = ada.change(LookWithoutConsent::PATH, &ask).await.unwrap();
    assert_eq!(ada.get(&open.to).await.status, StatusCode::OK);
    let mail = test.last_mail("olivia@bakery.example").await;
    assert!(mail.subject.contains("in an emergency"), "{}", mail.subject);
    let trail: Page<AuditRow> = olivia.call(ListActivity::PATH, &[of]).await.unwrap();
    assert!(trail.items[0].says.contains("without consent"), "{trail:?}");
    // It takes a fresh proof.
    test.later(15);
    assert_eq!(ada.change(LookWithoutConsent::PATH, &ask).await.unwrap_err(), AppError::Unconfirmed);
}

#[tokio::test]
async fn a_request_is_taken_and_answered_once() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let domain = test.domain(&bakery, "bakery.example").await;
    let of = [("account", bakery.as_str()), ("domain", domain.as_str())];
    olivia.change(RequestLock::PATH, &of).await.unwrap();
    let (mut ada, mut sam) = (
        test.ada().await,
        test.staff("Sam Support", "sam@operator.example", StaffRole::Support.permissions().unwrap()).await,
    );
    let queue: Queue = sam.call(ListRequests::PATH, &[]).await.unwrap();
    let id = queue.waiting[0].id.to_string();
    sam.change(TakeRequest::PATH, &[("request", &id), ("on", "on")]).await.unwrap();
    assert!(matches!(
        ada.change(TakeRequest::PATH, &[("request", &id), ("on", "on")]).await,
        Err(AppError::Conflict(_))
    ));
    let silent =
        sam.change(AnswerRequest::PATH, &[("request", &id), ("answer", "refuse")]).await.unwrap_err();
    assert!(matches!(silent, AppError::Invalid(_)), "{silent:?}");
    sam.change(AnswerRequest::PATH, &[("request", &id), ("answer", "approve")]).await.unwrap();
    assert!(matches!(
        ada.change(AnswerRequest::PATH, &[("request", &id), ("answer", "approve")]).await,
        Err(AppError::Conflict(_))
    ));
    let shown: serde_json::Value = olivia.call(ShowDomain::PATH, &of).await.unwrap();
    assert_eq!(shown["locked"], false);
    assert!(test.last_mail("olivia@bakery.example").await.subject.to_lowercase().contains("lock"));
    let trail: Page<AuditRow> = olivia.call(ListActivity::PATH, &of[..1]).await.unwrap();
    assert_eq!(trail.items[0].actor, "Sam Support · Staff for Hart Bakery");
}

#[tokio::test]
async fn notes_are_for_staff_alone() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let (mut ada, mut sam) =
        (test.ada().await, test.staff("Sam", "sam@operator.example", only("customers.view")).await);
    let of = ("account", bakery.as_str());
    ada.change(AddNote::PATH, &[of, ("text", "Calls on Mondays.\nLikes rye.")]).await.unwrap();
    assert!(ada.get(&format!("/operator/customers/{bakery}")).await.body.contains("Calls on Mondays."));
    let page: NotesPage = sam.call(ListNotes::PATH, &[of]).await.unwrap();
    let note = page.notes[0].id.clone();
    assert!(matches!(sam.change(DeleteNote::PATH, &[of, ("note", &note)]).await, Err(AppError::Conflict(_))));
    ada.change(DeleteNote::PATH, &[of, ("note", &note)]).await.unwrap();
    assert!(matches!(ada.change(AddNote::PATH, &[of, ("text", " ")]).await, Err(AppError::Invalid(_))));
    let trail: Page<AuditRow> = olivia.call(ListActivity::PATH, &[of]).await.unwrap();
    assert!(!trail.items.iter().any(|entry| entry.says.contains("note")), "{trail:?}");
    assert_eq!(test.count("activity WHERE scope_id = 'installation' AND kind = 'account.note'").await, 2);
}

#[tokio::test]
async fn staff_are_managed_by_who_may_and_somebody_stays() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let mut ada = test.ada().await;
    let taken = ada
        .change(
            AddStaff::PATH,
            &[("name", "Olivia"), ("email", "olivia@bakery.example"), ("role", "support")],
        )
        .await;
    assert!(matches!(taken, Err(AppError::Invalid(_))), "a login that enters accounts: {taken:?}");
    ada.change(
        AddStaff::PATH,
        &[("name", "Bo Billing"), ("email", "bo@operator.example"), ("role", "billing")],
    )
    .await
    .unwrap();
    assert!(test.last_mail("bo@operator.example").await.subject.contains("on the staff"));
    let rows: Vec<StaffRow> = ada.call(ListStaff::PATH, &[]).await.unwrap();
    let bo = rows.iter().find(|row| row.email == "bo@operator.example").unwrap().clone();
    let own = rows.iter().find(|row| row.own).unwrap().clone();
    assert_eq!(bo.permissions.role(), StaffRole::Billing);
    // Nobody changes themself, and somebody who manages staff stays.
    let version = own.version.to_string();
    let of = |row: &StaffRow| row.user.to_string();
    let off = ada.change(SetStaffActive::PATH, &[("user", &of(&own)), ("version", &version)]).await;
    assert!(matches!(off, Err(AppError::Conflict(_))), "{off:?}");
    assert!(
        crate::cli::commands::disable_staff(&test.app, "ada@operator.example")
            .await
            .unwrap_err()
            .contains("last active administrator")
    );
    // Who manages staff gives only what they hold.
    let mut mia = test.staff("Mia", "mia@operator.example", only("staff.manage,customers.view")).await;
    let more = [("name", "Max"), ("email", "max@operator.example"), ("role", "administrator")];
    assert!(matches!(mia.change(AddStaff::PATH, &more).await, Err(AppError::Invalid(_))));
    let less = [
        ("name", "Max"),
        ("email", "max@operator.example"),
        ("role", "custom"),
        ("permissions[]", "customers.view"),
    ];
    mia.change(AddStaff::PATH, &less).await.unwrap();
    // A change from an old form is refused; removing signs out at once.
    let mut sam = test.staff("Sam", "sam@operator.example", only("customers.view")).await;
    let rows: Vec<StaffRow> = ada.call(ListStaff::PATH, &[]).await.unwrap();
    let row = rows.iter().find(|row| row.email == "sam@operator.example").unwrap().clone();
    let stale = [("user", row.user.as_str()), ("version", "0"), ("role", "support")];
    assert!(matches!(ada.change(ChangeStaff::PATH, &stale).await, Err(AppError::Conflict(_))));
    let version = row.version.to_string();
    ada.change(SetStaffActive::PATH, &[("user", row.user.as_str()), ("version", &version)]).await.unwrap();
    assert_eq!(sam.get("/operator").await.status, StatusCode::SEE_OTHER);
    // Staff do not become contacts.
    let invited = super::support::invite(&mut olivia, &bakery, "bo@operator.example", "Bo", &[]).await;
    assert!(invited.is_ok());
    assert!(StaffPermission::ALL.len() < 32, "a set is 32 bits");
}

#[tokio::test]
async fn what_staff_change_stands_in_the_trails() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let domain = test.domain(&bakery, "bakery.example").await;
    olivia
        .change(RequestLock::PATH, &[("account", bakery.as_str()), ("domain", domain.as_str())])
        .await
        .unwrap();
    let owner = contact_by_email(&mut olivia, &bakery, "olivia@bakery.example").await.id.to_string();
    test.member(&mut olivia, &bakery, "Mia Member", "mia@example.com", &[]).await;
    let mia = contact_by_email(&mut olivia, &bakery, "mia@example.com").await.id.to_string();
    let mut ada = test.ada().await;
    test.staff("Sam", "sam@operator.example", only("customers.view")).await;
    let sam = test.user_id("sam@operator.example").await.to_string();
    let queue: Queue = ada.call(ListRequests::PATH, &[]).await.unwrap();
    let request = queue.waiting[0].id.to_string();
    let account = bakery.to_string();
    let row = |path: &str| {
        let found = super::audit::table().into_iter().find(|(of, _)| *of == path);
        match found.unwrap().1 {
            super::audit::Leaves::ByStaff(kinds) => kinds,
            _ => panic!("{path} is not by staff"),
        }
    };
    let named = |more: &[(&'static str, &str)]| -> Vec<(&'static str, String)> {
        more.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
    };
    // A test may not know the ids of what it makes beforehand: they are read where they are needed.
    type Call = (&'static str, bool, Vec<(&'static str, String)>);
    let calls: Vec<Call> = vec![
        (AddNote::PATH, true, named(&[("text", "Likes rye.")])),
        (DeleteNote::PATH, true, named(&[("note", "?notes")])),
        (
            CreateCustomer::PATH,
            true,
            named(&[("first_name", "Nora"), ("email", "nora@nord.example"), ("invite", "on")]),
        ),
        (ReplaceOwner::PATH, true, named(&[("contact", &mia), ("reason", "Gone")])),
        (KeepOwner::PATH, true, vec![]),
        (ReplaceOwner::PATH, true, named(&[("contact", &mia), ("reason", "Gone")])),
        (StopReplacement::PATH, false, vec![]),
        (OpenView::PATH, true, named(&[("contact", &owner), ("reason", "Ticket 1")])),
        (AnswerSupport::PATH, false, named(&[("view", "?support_views"), ("answer", "refuse")])),
        (LookWithoutConsent::PATH, true, named(&[("contact", &owner), ("reason", "Spam")])),
        (EndSupport::PATH, false, vec![]),
        (ChooseSupport::PATH, false, named(&[("access", "always")])),
        (AnswerRequest::PATH, true, named(&[("request", &request), ("answer", "approve")])),
        (
            AddStaff::PATH,
            true,
            named(&[("name", "Bo"), ("email", "bo@operator.example"), ("role", "billing")]),
        ),
        (ChangeStaff::PATH, true, named(&[("user", &sam), ("version", "1"), ("role", "support")])),
        (SetStaffActive::PATH, true, named(&[("user", &sam), ("version", "2")])),
        (
            SaveProduct::PATH,
            true,
            named(&[("name", "Web Hosting M"), ("amount[]", "12.90"), ("currency[]", "EUR")]),
        ),
        (
            SaveService::PATH,
            true,
            named(&[("product", "Web Hosting M"), ("currency", "EUR"), ("active", "on")]),
        ),
        (SaveDomain::PATH, true, named(&[("name", "rye.example"), ("expires", "2027-03-01")])),
        (
            ActOnService::PATH,
            true,
            named(&[("service", "?services"), ("act", "suspend"), ("reason", "Unpaid")]),
        ),
        (MoveAsset::PATH, true, named(&[("asset", "?services"), ("number", "10002")])),
        (CloseCustomer::PATH, true, named(&[("reason", "Gone")])),
        (ReopenCustomer::PATH, true, vec![]),
        (SaveCompany::PATH, true, named(&super::invoices::COMPANY)),
        (RemoveLogo::PATH, true, vec![]),
    ];
    let mut calls = calls;
    let numbers = ["7", "5", "10", "60", "365"];
    let fields =
        crate::operator::settings::model::LIFETIMES.iter().map(|one| one.0).zip(numbers.map(str::to_owned));
    calls.push((SaveLifetimes::PATH, true, fields.collect()));
    calls.push((
        SaveMailSettings::PATH,
        true,
        named(&[("security", "tls"), ("sender", "mail@nord.example")]),
    ));
    calls.push((TakeBackMail::PATH, true, vec![]));
    let words = [("kind", "test"), ("subject", "Hello"), ("heading", "{{heading}}"), ("body", "{{text}}")];
    ada.change(SaveTemplateDraft::PATH, &words).await.unwrap();
    calls.push((UseTemplate::PATH, true, named(&[("kind", "test")])));
    calls.push((ResetTemplate::PATH, true, named(&[("kind", "test")])));
    let department = [("name", "Domains"), ("email", "d@nord.example"), ("requests[]", "lock")];
    calls.push((SaveDepartment::PATH, true, named(&department)));
    calls.push((DeleteDepartment::PATH, true, named(&[("id", "?departments")])));
    calls.push((SaveCanned::PATH, true, named(&[("name", "Thanks"), ("text", "Hello {{name}}")])));
    calls.push((DeleteCanned::PATH, true, named(&[("id", "?canned_replies")])));
    calls.push((SaveBillingSettings::PATH, true, named(&super::invoices::SETTINGS)));
    let template = "#let data = json(\"/data.json\")\n#set document(title: data.title, date: datetime(year: 2026, month: 1, day: 1))\n\
                    #set text(lang: \"en\")\n= Mine";
    calls.push((SaveInvoiceTemplate::PATH, true, named(&[("template", template)])));
    calls.push((SaveInvoiceTemplate::PATH, true, named(&[])));
    calls.push((RunBilling::PATH, true, named(&[])));
    calls.push((SaveGateway::PATH, true, named(&[("key", "sk_test_1"), ("signing", "whsec_1")])));
    calls.push((SaveAccessPoint::PATH, true, named(&[("url", "https://ap.example"), ("token", "secret")])));
    calls.push((SetCustomerTax::PATH, true, named(&[("tax", "E0")])));
    let newest = ("invoice", "?invoices");
    calls.push((SaveDraft::PATH, true, named(&super::invoices::LINES)));
    calls.push((DeleteDraft::PATH, true, named(&[newest])));
    calls.push((SaveDraft::PATH, true, named(&super::invoices::LINES)));
    calls.push((IssueInvoice::PATH, true, named(&[newest, ("version", "1")])));
    let paid = [newest, ("version", "2"), ("amount", "2000"), ("received", "2026-11-20"), ("method", "cash")];
    calls.push((RecordPayment::PATH, true, named(&paid)));
    let refund = [("currency", "EUR"), ("amount", "1"), ("reference", "Back")];
    calls.push((RefundCredit::PATH, true, named(&refund)));
    calls.push((ReissueInvoice::PATH, true, named(&[newest, ("version", "3")])));
    calls.push((CreditInvoice::PATH, true, named(&[newest, ("version", "3"), ("reason", "Gone")])));
    calls.push((SaveStaffRole::PATH, true, named(&[("name", "Desk"), ("permissions[]", "customers.view")])));
    calls.push((DeleteStaffRole::PATH, true, named(&[("id", "?staff_roles")])));
    calls.push((CloseCustomer::PATH, true, named(&[("reason", "Asked to be erased")])));
    calls.push((EraseCustomer::PATH, true, named(&[("number", "10001"), ("reason", "Asked by letter")])));
    let mut walked: std::collections::BTreeSet<&str> = calls.iter().map(|(path, ..)| *path).collect();
    // Only once in a portal's life: see the test of the first start.
    walked.insert(BeginSetup::PATH);
    // See the test of it: another account is gone after it.
    walked.insert(MergeCustomer::PATH);
    // Only where the data is a demo's.
    walked.insert(SetDemo::PATH);
    // See src/tests/tickets.rs and src/tests/incoming.rs.
    walked.extend([
        CallBackReply::PATH,
        ChangeTicket::PATH,
        DecideHeld::PATH,
        OpenIncoming::PATH,
        DismissIncoming::PATH,
        SplitTicket::PATH,
        PutBack::PATH,
        MergeTickets::PATH,
        UnmergeTicket::PATH,
        MoveTicket::PATH,
        MoveBack::PATH,
    ]);
    // See src/tests/invoices.rs.
    walked.extend([UseCredit::PATH, WriteOffInvoice::PATH]);
    // See src/tests/deliveries.rs.
    walked.insert(SendEInvoiceAgain::PATH);
    // See src/tests/payments.rs.
    walked.insert(GiveRefundUp::PATH);
    // See src/tests/statements.rs.
    walked.extend([BookPayment::PATH, PutAside::PATH, PutBackPayment::PATH]);
    // See src/tests/import.rs.
    walked.insert(crate::operator::import::rpc::AnnounceImport::PATH);
    for (path, leaves) in super::audit::table() {
        if matches!(leaves, super::audit::Leaves::ByStaff(_)) {
            assert!(walked.contains(path), "nobody has seen what {path} leaves");
        }
    }
    for (path, by_staff, mut fields) in calls {
        for (_, value) in &mut fields {
            if let Some(table) = value.strip_prefix('?') {
                let sql = format!("SELECT id FROM {table} ORDER BY id DESC LIMIT 1");
                let mut reader = crate::access::System::of(&test.app).read().await.unwrap();
                *value = reader
                    .conn()
                    .value(crate::platform::db::MadeSql(sql), crate::platform::db::args![])
                    .await
                    .unwrap();
            }
        }
        fields.push(("account", account.clone()));
        let all: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let before = test.kinds().await.len();
        let browser = if by_staff { &mut ada } else { &mut olivia };
        browser.change(path, &all).await.unwrap_or_else(|error| panic!("{path}: {error:?}"));
        assert_eq!(test.kinds().await[before..], *row(path), "{path}");
    }
}

#[tokio::test]
async fn the_first_start_leads_through_it_once() {
    let test = TestApp::new().await;
    let first = crate::operator::setup::store::link(&test.app).await.unwrap().unwrap();
    let link = crate::operator::setup::store::link(&test.app).await.unwrap().unwrap();
    assert!(link.starts_with("http://portal.example/setup/"), "{link}");
    let token = |link: &str| link.rsplit('/').next().unwrap().to_owned();
    let (old, token) = (token(&first), token(&link));
    let mut ada = test.browser();
    assert_eq!(ada.call::<Option<String>>(SetupLink::PATH, &[("token", &old)]).await.unwrap(), None);
    assert!(ada.get(&format!("/setup/{token}")).await.body.contains("http://portal.example"));
    let form = |token: &'static str| {
        vec![
            ("token", token),
            ("company", "Nord Hosting"),
            ("address", "Kai 1\n20457 Hamburg"),
            ("colour", "#102030"),
            ("name", "Ada Admin"),
            ("email", "ada@nord.example"),
            ("password", PASSWORD),
        ]
    };
    let wrong = ada.change(BeginSetup::PATH, &form("x")).await.unwrap_err();
    assert!(matches!(wrong, AppError::Conflict(_)), "{wrong:?}");
    let light = [("token", token.as_str()), ("colour", "#ffcc00")];
    assert!(refused_at(&ada.change(BeginSetup::PATH, &light).await.unwrap_err(), "colour", "too light"));
    let weak = [("token", token.as_str()), ("password", "short"), ("email", "nobody")];
    assert!(matches!(ada.change(BeginSetup::PATH, &weak).await, Err(AppError::Invalid(_))));
    let before = test.kinds().await.len();
    let token: &'static str = Box::leak(token.into_boxed_str());
    let done = ada.change(BeginSetup::PATH, &form(token)).await.unwrap();
    assert_eq!(test.kinds().await[before..], ["staff.added", "login.signed-in"]);
    assert_eq!(done.to, "/security/second-factor?needed=yes&next=%2Foperator%2Fsettings");
    assert_eq!(test.app.config().operator_name, "Nord Hosting");
    assert_eq!(test.app.config().look.accent, "#102030");
    assert!(test.browser().get("/sign-in").await.body.contains("Nord Hosting"));
    // Used up: nobody gets in behind them, whatever they hold.
    assert!(matches!(
        test.browser().change(BeginSetup::PATH, &form(token)).await,
        Err(AppError::Conflict(_))
    ));
    assert!(crate::operator::setup::store::link(&test.app).await.unwrap().is_none());
    test.set_up_app(&mut ada, "ada@nord.example").await;
    let settings = ada.get("/operator/settings").await;
    assert!(settings.status == StatusCode::OK && settings.body.contains("20457 Hamburg"));
    // What is left is on the dashboard until it is done.
    let desk = ada.get("/operator").await.body;
    assert!(desk.contains("Upload your logo") && desk.contains("Set a mail server"), "{desk}");
    assert!(!desk.contains("postal address"), "{desk}");
}

#[tokio::test]
async fn the_company_stands_everywhere_and_is_taken_back() {
    let test = TestApp::new().await;
    let mut ada = test.ada().await;
    let page: SettingsPage = ada.call(ShowSettings::PATH, &[]).await.unwrap();
    assert_eq!((page.form.name.as_str(), page.form.sign_up.as_str()), ("Test Hosting", "on"));
    let light = [("name", "Nord"), ("colour", "#ffcc00"), ("sign_up", "on")];
    let refused = ada.change(SaveCompany::PATH, &light).await.unwrap_err();
    assert!(refused_at(&refused, "colour", "too light"), "{refused:?}");
    let form = [
        ("name", "Nord & Co"),
        ("colour", "#7a1f5c"),
        ("email", "help@nord.example"),
        ("address", "Kai 1\n20457 Hamburg"),
    ];
    let done = ada.change(SaveCompany::PATH, &form).await.unwrap();
    let page = test.browser().get("/sign-in").await;
    assert!(
        page.body.contains("Nord &amp; Co") && page.body.contains("/brand.css?c=7a1f5c"),
        "{}",
        page.body
    );
    assert!(!page.body.contains("Sign up"), "customers no longer sign up by themselves");
    assert!(test.browser().get("/brand.css").await.body.contains("#7a1f5c"));
    let up = [("name", "Olivia"), ("email", "olivia@bakery.example"), ("password", PASSWORD)];
    let closed = test.browser().change(crate::features::sign_in::rpc::SignUp::PATH, &up).await.unwrap_err();
    assert!(matches!(closed, AppError::Conflict(_)), "{closed:?}");
    ada.change(SendTestMail::PATH, &[]).await.unwrap();
    let mail = test.last_mail("ada@operator.example").await;
    assert!(mail.subject.contains("Nord & Co") && mail.body_html.contains("#7a1f5c"), "{}", mail.body_html);
    let trail: Page<AuditRow> = ada.call(ListStaffActivity::PATH, &[]).await.unwrap();
    assert!(trail.items[0].changes.iter().any(|change| change.after == "Nord & Co"), "{trail:?}");
    // One click takes it back, and it survives a start.
    let undo = done.undo.unwrap();
    let fields: Vec<(&str, &str)> =
        undo.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    ada.change(SaveCompany::PATH, &fields).await.unwrap();
    assert_eq!(test.app.config().operator_name, "Test Hosting");
    ada.change(SaveCompany::PATH, &form).await.unwrap();
    test.app.set_company(&crate::platform::config::Company::default()).unwrap();
    crate::access::settings::load_company(&test.app).await.unwrap();
    assert_eq!(test.app.config().operator_name, "Nord & Co");
}

fn refused_at(error: &AppError, field: &str, says: &str) -> bool {
    matches!(error, AppError::Invalid(errors) if errors.of(field).is_some_and(|error| error.message.contains(says)))
}

#[tokio::test]
async fn what_the_command_line_says_wins() {
    let test = TestApp::with(|config| config.fixed.name = true).await;
    let mut ada = test.ada().await;
    let page: SettingsPage = ada.call(ShowSettings::PATH, &[]).await.unwrap();
    assert_eq!(page.fixed, ["name"]);
    ada.change(SaveCompany::PATH, &[("name", "Other"), ("colour", "#102030")]).await.unwrap();
    assert_eq!(test.app.config().operator_name, "Test Hosting");
    assert!(ada.get("/operator/settings").await.body.contains("Set on the command line"));
}

/// The smallest PNG: one pixel.
const PIXEL: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0,
    0, 1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 0x0d, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x62, 0,
    1, 0, 0, 5, 0, 1, 0x0d, 0x0a, 0x2d, 0xb4, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

async fn upload(browser: &mut crate::demo::browser::Browser, bytes: &[u8]) -> (StatusCode, String) {
    let mut body =
        b"--x\r\nContent-Disposition: form-data; name=\"logo\"; filename=\"logo.png\"\r\n\r\n".to_vec();
    body.extend(bytes);
    body.extend(b"\r\n--x--\r\n");
    let request = axum::http::Request::post("/operator/settings/logo")
        .header("content-type", "multipart/form-data; boundary=x")
        .body(axum::body::Body::from(body));
    let answer = browser.send(request.unwrap()).await;
    let to =
        if answer.status == StatusCode::SEE_OTHER { answer.location().to_owned() } else { String::new() };
    (answer.status, to)
}

#[tokio::test]
async fn a_logo_is_an_image_or_refused() {
    let test = TestApp::new().await;
    let (mut olivia, _) = test.olivia().await;
    let mut ada = test.ada().await;
    assert_eq!(upload(&mut olivia, PIXEL).await.0, StatusCode::NOT_FOUND);
    let nobody = upload(&mut test.browser(), PIXEL).await;
    assert!(nobody.1.starts_with("/sign-in"), "{nobody:?}");
    let mut lacks = test.staff("Sid", "sid@operator.example", only("customers.view")).await;
    assert_eq!(upload(&mut lacks, PIXEL).await.0, StatusCode::FORBIDDEN);
    let large = [PIXEL, &vec![0; 200_000]].concat();
    let cases: [(&[u8], &str); 4] = [
        (b"<svg onload=alert(1)>", "neither"),
        (&PIXEL[..12], "damaged"),
        (b"", "Choose"),
        (&large, "too%20large"),
    ];
    for (bytes, why) in cases {
        let (_, to) = upload(&mut ada, bytes).await;
        assert!(to.starts_with("/operator/settings?logo=") && to.contains(why), "{to}");
        assert_eq!(test.browser().get("/logo").await.status, StatusCode::NOT_FOUND);
    }
    // 40 MB do not even arrive.
    let (_, to) = upload(&mut ada, &vec![0; 40_000_000]).await;
    assert!(to.contains("too%20large"), "{to}");
    let (_, to) = upload(&mut ada, PIXEL).await;
    assert_eq!(to, "/operator/settings");
    assert_eq!(test.browser().get("/logo").await.status, StatusCode::OK);
    assert!(test.browser().get("/sign-in").await.body.contains("/logo?v="));
    ada.change(RemoveLogo::PATH, &[]).await.unwrap();
    assert_eq!(test.browser().get("/logo").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_password_hash_that_was_brought_along_becomes_our_own() {
    let test = TestApp::new().await;
    test.olivia().await;
    let hash = bcrypt::hash(PASSWORD, 4).unwrap().replacen("$2b$", "$2y$", 1);
    test.execute(format!("UPDATE users SET password_hash = '{hash}'")).await;
    let mut olivia = test.browser();
    assert!(olivia.sign_in("olivia@bakery.example", "something else 12").await.is_err());
    olivia.sign_in("olivia@bakery.example", PASSWORD).await.unwrap();
    assert_eq!(test.count("users WHERE password_hash LIKE '$argon2id$%'").await, 1);
    test.browser().sign_in("olivia@bakery.example", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn a_service_is_set_up_suspended_and_moved() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let (mut oscar, elsewhere) = test.oscar().await;
    let mut ada = test.ada().await;
    let of = ("account", bakery.as_str());
    let product = [
        ("name", "Web Hosting M"),
        ("group", "Web hosting"),
        ("offered", "on"),
        ("cycle[]", "monthly"),
        ("amount[]", "12.90"),
        ("currency[]", "EUR"),
        ("setup[]", "20"),
        ("cycle[]", "yearly"),
        ("amount[]", "129"),
        ("currency[]", "EUR"),
    ];
    ada.change(SaveProduct::PATH, &product).await.unwrap();
    assert!(
        matches!(ada.change(SaveProduct::PATH, &product).await, Err(AppError::Invalid(_))),
        "the name is taken"
    );
    let products: Vec<Product> = ada.call(ListProducts::PATH, &[]).await.unwrap();
    assert_eq!(products[0].prices.iter().map(|price| price.price.cents).collect::<Vec<_>>(), [1_290, 12_900]);
    let stale = [&product[..], &[("id", products[0].id.as_str()), ("version", "7")]].concat();
    assert!(matches!(ada.change(SaveProduct::PATH, &stale).await, Err(AppError::Conflict(_))));

    let form = [
        of,
        ("product", "Web Hosting M"),
        ("label", "Shop"),
        ("price", "12,90"),
        ("currency", "eur"),
        ("cycle", "monthly"),
        ("active", "on"),
    ];
    let done = ada.change(SaveService::PATH, &form).await.unwrap();
    let service = done.to.rsplit('/').next().unwrap().to_owned();
    let shown: serde_json::Value = olivia
        .call(crate::features::services::rpc::ShowService::PATH, &[of, ("service", &service)])
        .await
        .unwrap();
    assert_eq!(
        (shown["status"].as_str(), shown["billing"]["price"]["cents"].as_i64()),
        (Some("active"), Some(1_290))
    );
    let wrong = [of, ("product", ""), ("price", "much"), ("currency", "EUR")];
    assert!(matches!(ada.change(SaveService::PATH, &wrong).await, Err(AppError::Invalid(_))));

    // Suspended with a reason that the customer reads; only once.
    let suspend = [
        of,
        ("service", service.as_str()),
        ("act", "suspend"),
        ("reason", "The invoice of October is open."),
    ];
    assert!(matches!(ada.change(ActOnService::PATH, &suspend[..3]).await, Err(AppError::Invalid(_))));
    ada.change(ActOnService::PATH, &suspend).await.unwrap();
    assert!(matches!(ada.change(ActOnService::PATH, &suspend).await, Err(AppError::Conflict(_))));
    let mail = test.last_mail("olivia@bakery.example").await;
    assert!(
        mail.subject.contains("Shop was suspended") && mail.body_text.contains("October"),
        "{}",
        mail.body_text
    );
    ada.change(ActOnService::PATH, &[of, ("service", service.as_str()), ("act", "unsuspend")]).await.unwrap();

    // Moved: what was given on it stays behind, and both accounts know.
    let service_id = crate::types::ServiceId::parse(&service).unwrap();
    let mut wes =
        test.helper(&mut olivia, &bakery, "wes@example.com", &[], &[(service_id.asset(), &["view"])]).await;
    let there = crate::paths::service(&elsewhere, &service_id);
    let nowhere = [of, ("asset", service.as_str()), ("number", "99")];
    assert!(matches!(ada.change(MoveAsset::PATH, &nowhere).await, Err(AppError::Invalid(_))));
    ada.change(MoveAsset::PATH, &[of, ("asset", service.as_str()), ("number", "10002")]).await.unwrap();
    assert_eq!(oscar.get(&there).await.status, StatusCode::OK);
    for browser in [&mut olivia, &mut wes] {
        assert_eq!(
            browser.get(&crate::paths::service(&bakery, &service_id)).await.status,
            StatusCode::NOT_FOUND
        );
    }
    assert_eq!(found(&mut ada, "shop").await, ["Elsewhere Ltd"]);
    let trail: Page<AuditRow> =
        oscar.call(ListActivity::PATH, &[("account", elsewhere.as_str())]).await.unwrap();
    assert!(trail.items[0].says.contains("moved Shop here from Hart Bakery"), "{trail:?}");
    // A domain: entered, changed, and not moved while something is asked about it.
    let domain =
        [of, ("name", "Rye.example"), ("expires", "2027-03-01"), ("nameservers", "a.example\nb.example")];
    let done = ada.change(SaveDomain::PATH, &domain).await.unwrap();
    let id = done.to.rsplit('/').next().unwrap().to_owned();
    olivia.change(RequestLock::PATH, &[of, ("domain", &id), ("on", "on")]).await.unwrap();
    let held = ada.change(MoveAsset::PATH, &[of, ("asset", &id), ("number", "10002")]).await.unwrap_err();
    assert!(held.to_string().contains("open requests"), "{held}");
}

#[tokio::test]
async fn numbers_are_for_who_brings_the_token_or_this_machine() {
    let test = TestApp::new().await;
    test.olivia().await;
    let ask = async |test: &TestApp, headers: &[(&str, &str)]| {
        let mut request = axum::http::Request::get("/metrics");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        test.browser().send(request.body(axum::body::Body::empty()).unwrap()).await
    };
    let shown = ask(&test, &[]).await;
    for part in [
        "latchkey_requests_total{",
        "latchkey_outbox_messages{state=\"queued\"}",
        "latchkey_sessions 1",
        "latchkey_database_bytes",
    ] {
        assert!(shown.body.contains(part), "{part}: {}", shown.body);
    }
    assert!(!shown.body.contains("olivia") && !shown.body.contains("Hart"), "no names in numbers");
    assert_eq!(ask(&test, &[("x-forwarded-for", "203.0.113.7")]).await.status, StatusCode::NOT_FOUND);
    let guarded = TestApp::with(|config| config.metrics_token = Some("a-long-secret".into())).await;
    assert_eq!(ask(&guarded, &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(ask(&guarded, &[("authorization", "Bearer wrong")]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(ask(&guarded, &[("authorization", "Bearer a-long-secret")]).await.status, StatusCode::OK);
    assert_eq!(guarded.app.jobs_done().0, 0);
    crate::cli::jobs::run(&guarded.app).await.unwrap();
    assert_eq!(guarded.app.jobs_done(), guarded.app.now());
}

#[tokio::test]
async fn what_customers_may_do_by_themselves_is_set() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let mut ben = test.member(&mut olivia, &bakery, "Ben Carter", "ben@example.com", &[]).await;
    test.execute("UPDATE contacts SET mail = 'service,newsletter' WHERE email = 'ben@example.com'".into())
        .await;
    let mut ada = test.ada().await;
    let of = ("account", bakery.as_str());
    ada.change(SaveCompany::PATH, &[("name", "Nord"), ("colour", "#102030"), ("sign_up", "on")])
        .await
        .unwrap();
    // Customers do not invite; staff do, on the customer's own page.
    let contacts = format!("/a/{bakery}/contacts");
    assert!(!olivia.get(&contacts).await.body.contains("Invite User"));
    assert!(ada.get(&contacts).await.body.contains("Invite User"));
    let refused =
        super::support::invite(&mut olivia, &bakery, "cleo@example.com", "Cleo", &[]).await.unwrap_err();
    assert!(refused.to_string().contains("Only Nord invites people"), "{refused}");
    add(&mut olivia, &bakery, "Nora", "nora@example.com").await.expect("who only gets mail is added");
    super::support::invite(&mut ada, &bakery, "cleo@example.com", "Cleo", &[]).await.unwrap();
    // Contacts choose nothing but to end newsletters.
    use crate::features::recipients::rpc::Choose;
    let page = ben.get(&format!("/a/{bakery}/mail")).await.body;
    assert!(page.contains("value=\"newsletter\"") && !page.contains("value=\"service\""), "{page}");
    ben.save(Choose::PATH, &[of]).await.unwrap();
    assert_eq!(test.count("contacts WHERE email = 'ben@example.com' AND mail = 'service'").await, 1);
    assert!(matches!(ben.save(Choose::PATH, &[of, ("mail[]", "domain")]).await, Err(AppError::Invalid(_))));
    // Taken back.
    let all = [("name", "Nord"), ("colour", "#102030"), ("invites", "on"), ("own_mail", "on")];
    ada.change(SaveCompany::PATH, &all).await.unwrap();
    super::support::invite(&mut olivia, &bakery, "dan@example.com", "Dan", &[]).await.unwrap();
    ben.save(Choose::PATH, &[of, ("mail[]", "domain")]).await.unwrap();
}

#[tokio::test]
async fn lifetimes_count_at_once() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let mut ada = test.ada().await;
    let names = crate::operator::settings::model::LIFETIMES.map(|one| one.0);
    let form = |numbers: [&'static str; 5]| -> Vec<(&'static str, &'static str)> {
        names.into_iter().zip(numbers).collect()
    };
    let refused = ada.change(SaveLifetimes::PATH, &form(["31", "0", "x", "1", ""])).await;
    assert_eq!(super::support::refused_fields(refused).len(), 5);
    let done = ada.change(SaveLifetimes::PATH, &form(["21", "2", "10", "30", "90"])).await.unwrap();
    assert!(done.undo.is_some());
    assert!(
        olivia
            .get(&format!("/a/{bakery}/contacts/invite"))
            .await
            .body
            .contains("<option value=\"21\" selected")
    );
    test.later(2 * 24 * 60 - 10);
    assert_eq!(olivia.get(&format!("/a/{bakery}")).await.status, StatusCode::OK);
    test.later(2 * 24 * 60 + 6);
    assert_eq!(
        olivia.get(&format!("/a/{bakery}")).await.status,
        StatusCode::SEE_OTHER,
        "two days without use"
    );
    test.execute("UPDATE outbox SET state = 'sent'".into()).await;
    test.later(89 * 24 * 60);
    crate::cli::jobs::run(&test.app).await.unwrap();
    assert_eq!(
        test.count("outbox WHERE account_id IS NULL").await,
        0,
        "mail about logins is kept for 30 days"
    );
}

#[tokio::test]
async fn a_mail_server_is_set_in_the_browser() {
    let test = TestApp::new().await;
    let mut ada = test.ada().await;
    let taken = std::sync::Arc::<std::sync::Mutex<Vec<String>>>::default();
    let hold = std::sync::Arc::new(tokio::sync::Semaphore::new(100));
    let port = super::outbox::mail_server(taken.clone(), hold).await.to_string();
    let server = [
        ("sender", "hello@nord.example"),
        ("host", "127.0.0.1"),
        ("port", port.as_str()),
        ("security", "none"),
    ];
    let nobody = [("host", "127.0.0.1"), ("port", "1"), ("security", "none")];
    let refused = ada.change(SaveMailSettings::PATH, &nobody).await.unwrap_err();
    assert!(refused_at(&refused, "host", "cannot be used"), "{refused:?}");
    let login = [&server[..], &[("user", "portal")]].concat();
    assert!(refused_at(
        &ada.change(SaveMailSettings::PATH, &login).await.unwrap_err(),
        "password",
        "Enter the password"
    ));
    ada.change(SaveMailSettings::PATH, &server).await.unwrap();
    let page = ada.get("/operator/settings/mail").await.body;
    assert!(page.contains("hello@nord.example") && page.contains("127.0.0.1"), "{page}");
    // What was started before it was set sends through it.
    let transport = crate::outbox::Transport::serving(None, None, test.dir.path()).unwrap();
    ada.change(SendTestMail::PATH, &[]).await.unwrap();
    assert!(crate::outbox::send_due(&test.app, &transport).await.unwrap() > 0);
    assert!(!taken.lock().unwrap().is_empty());
    // A password is stored sealed, shown to nobody, and kept for the same server and user alone.
    let secret = [&login[..], &[("password", "correct-horse"), ("anyway", "on")]].concat();
    ada.change(SaveMailSettings::PATH, &secret).await.unwrap();
    assert_eq!(test.count("settings WHERE value LIKE '%correct-horse%'").await, 0);
    assert!(!ada.get("/operator/settings/mail").await.body.contains("correct-horse"));
    assert!(!ada.get("/operator/activity").await.body.contains("correct-horse"));
    let again = [&login[..], &[("anyway", "on")]].concat();
    ada.change(SaveMailSettings::PATH, &again).await.unwrap();
    assert!(crate::outbox::set_server(&test.app).unwrap().contains("correct%2Dhorse"));
    let elsewhere = [("host", "evil.example"), ("security", "tls"), ("user", "portal"), ("anyway", "on")];
    assert!(refused_at(
        &ada.change(SaveMailSettings::PATH, &elsewhere).await.unwrap_err(),
        "password",
        "Enter"
    ));
    // Back to what was before, and without one into files.
    ada.change(SaveMailSettings::PATH, &[("security", "tls")]).await.unwrap();
    assert!(crate::outbox::set_server(&test.app).is_none());
    ada.change(SendTestMail::PATH, &[]).await.unwrap();
    crate::outbox::send_due(&test.app, &transport).await.unwrap();
    assert!(std::fs::read_dir(crate::outbox::mail_dir(test.dir.path())).unwrap().count() > 0);
    ada.change(TakeBackMail::PATH, &[]).await.unwrap();
    assert!(crate::outbox::set_server(&test.app).is_some());
    assert!(matches!(ada.change(TakeBackMail::PATH, &[]).await, Err(AppError::Conflict(_))));
}

#[tokio::test]
async fn a_demo_is_turned_off_only_where_it_is_one() {
    let test = TestApp::new().await;
    let mut ada = test.ada().await;
    assert_eq!(ada.change(SetDemo::PATH, &[("on", "on")]).await.unwrap_err(), AppError::NotFound);
    assert!(!test.app.config().demo);
    let demo = TestApp::with(|config| (config.demo, config.demo_data) = (true, true)).await;
    let mut ada = demo.ada().await;
    assert_eq!(demo.browser().get("/dev/mail").await.status, StatusCode::OK);
    ada.change(SetDemo::PATH, &[]).await.unwrap();
    assert_eq!(demo.browser().get("/dev/mail").await.status, StatusCode::NOT_FOUND);
    ada.change(SetDemo::PATH, &[("on", "on")]).await.unwrap();
    assert_eq!(demo.browser().get("/dev/mail").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_department_gets_its_requests_and_staff_of_others_do_not_see_them() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let (domain, service) =
        (test.domain(&bakery, "bakery.example").await, test.service(&bakery, "Shop").await);
    let mut ada = test.ada().await;
    let mut dora = test.staff("Dora", "dora@operator.example", only("requests.answer")).await;
    let mut bill = test.staff("Bill", "bill@operator.example", only("requests.answer")).await;
    for (name, email, kind) in
        [("Domains", "domains@nord.example", "lock"), ("Billing", "billing@nord.example", "upgrade")]
    {
        let form = [("name", name), ("email", email), ("requests[]", kind), ("by_mail", "on")];
        ada.change(SaveDepartment::PATH, &form).await.unwrap();
    }
    let again = [("name", "domains"), ("email", "x@nord.example")];
    assert!(refused_at(
        &ada.change(SaveDepartment::PATH, &again).await.unwrap_err(),
        "name",
        "Another department"
    ));
    let all: Vec<crate::operator::departments::model::Department> =
        ada.call(ListDepartments::PATH, &[]).await.unwrap();
    let rows: Vec<StaffRow> = ada.call(ListStaff::PATH, &[]).await.unwrap();
    for (email, name) in [("dora@operator.example", "Domains"), ("bill@operator.example", "Billing")] {
        let row = rows.iter().find(|row| row.email == email).unwrap();
        let department = all.iter().find(|one| one.name == name).unwrap();
        let form = [
            ("user", row.user.as_str()),
            ("version", "1"),
            ("role", "custom"),
            ("permissions[]", "requests.answer"),
            ("departments[]", department.id.as_str()),
        ];
        ada.change(ChangeStaff::PATH, &form).await.unwrap();
    }
    let of = ("account", bakery.as_str());
    olivia.change(RequestLock::PATH, &[of, ("domain", domain.as_str())]).await.unwrap();
    assert!(test.last_mail("domains@nord.example").await.subject.contains("bakery.example"));
    let cancel = [of, ("service", service.as_str()), ("when", "end"), ("reason", "Moved"), ("sure", "on")];
    olivia.change(crate::features::services::rpc::RequestCancellation::PATH, &cancel).await.unwrap();
    assert!(test.last_mail("staff@portal.example").await.subject.contains("Shop"), "no department takes it");
    let seen = async |browser: &mut crate::demo::browser::Browser| {
        let queue: Queue = browser.call(ListRequests::PATH, &[]).await.unwrap();
        let desk: Dashboard = browser.call(ShowDashboard::PATH, &[]).await.unwrap();
        let all: Vec<String> = queue.waiting.into_iter().map(|one| one.asset).collect();
        assert_eq!(desk.requests.unwrap().0, i64::try_from(all.len()).unwrap());
        all
    };
    assert_eq!(seen(&mut ada).await, ["bakery.example", "Shop"]);
    assert_eq!(seen(&mut dora).await, ["bakery.example", "Shop"]);
    assert_eq!(seen(&mut bill).await, ["Shop"]);
    let queue: Queue = ada.call(ListRequests::PATH, &[]).await.unwrap();
    let lock = queue.waiting[0].id.to_string();
    for path in [TakeRequest::PATH, AnswerRequest::PATH] {
        let tried = bill.change(path, &[("request", &lock), ("on", "on"), ("answer", "approve")]).await;
        assert_eq!(tried.unwrap_err(), AppError::NotFound, "{path}");
    }
    assert_eq!(bill.get(&format!("/operator/requests/{lock}")).await.status, StatusCode::NOT_FOUND);
    let department = &all.iter().find(|one| one.name == "Billing").unwrap().id;
    ada.change(DeleteDepartment::PATH, &[("id", department)]).await.unwrap();
    assert_eq!(seen(&mut bill).await, ["bakery.example", "Shop"], "without his department he sees all again");
    dora.change(AnswerRequest::PATH, &[("request", &lock), ("answer", "approve")]).await.unwrap();
}

#[tokio::test]
async fn roles_of_staff_have_names_and_take_their_people_along() {
    let test = TestApp::new().await;
    let mut ada = test.ada().await;
    let form =
        [("name", "Domain desk"), ("permissions[]", "customers.view"), ("permissions[]", "requests.answer")];
    ada.change(SaveStaffRole::PATH, &form).await.unwrap();
    let same =
        [("name", "Another"), ("permissions[]", "requests.answer"), ("permissions[]", "customers.view")];
    assert!(refused_at(
        &ada.change(SaveStaffRole::PATH, &same).await.unwrap_err(),
        "permissions",
        "exactly these"
    ));
    let roles: Vec<crate::operator::team::model::NamedRole> =
        ada.call(ListStaffRoles::PATH, &[]).await.unwrap();
    let (role, key) = (roles[0].id.clone(), roles[0].key());
    let new = [("name", "Dora"), ("email", "dora@operator.example"), ("role", key.as_str())];
    ada.change(AddStaff::PATH, &new).await.unwrap();
    let rows = async |ada: &mut crate::demo::browser::Browser| -> StaffRow {
        let rows: Vec<StaffRow> = ada.call(ListStaff::PATH, &[]).await.unwrap();
        rows.into_iter().find(|row| row.email == "dora@operator.example").unwrap()
    };
    let dora = rows(&mut ada).await;
    assert_eq!(
        (dora.role.as_str(), dora.permissions.keys().as_str()),
        ("Domain desk", "customers.view,requests.answer")
    );
    // Nobody gives with a role what they do not hold.
    let mut mia = test.staff("Mia", "mia@operator.example", only("staff.manage,customers.view")).await;
    let more = [
        ("id", role.as_str()),
        ("version", "1"),
        ("name", "Domain desk"),
        ("permissions[]", "settings.edit"),
    ];
    assert!(refused_at(
        &mia.change(SaveStaffRole::PATH, &more).await.unwrap_err(),
        "permissions",
        "what you may do"
    ));
    let change = [
        ("id", role.as_str()),
        ("version", "1"),
        ("name", "Desk"),
        ("permissions[]", "requests.answer"),
        ("follow", "on"),
    ];
    let done = ada.change(SaveStaffRole::PATH, &change).await.unwrap();
    assert!(done.say.contains("what Dora may do"), "{}", done.say);
    assert_eq!(rows(&mut ada).await.permissions.keys(), "requests.answer");
    assert!(
        matches!(ada.change(SaveStaffRole::PATH, &change).await, Err(AppError::Conflict(_))),
        "from an old form"
    );
    ada.change(DeleteStaffRole::PATH, &[("id", &role)]).await.unwrap();
    let dora = rows(&mut ada).await;
    assert_eq!((dora.role.as_str(), dora.permissions.keys().as_str()), ("Custom", "requests.answer"));
}

#[tokio::test]
async fn staff_word_the_mails() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let mut ada = test.ada().await;
    let list: Vec<crate::operator::templates::model::TemplateRow> =
        ada.call(ListTemplates::PATH, &[]).await.unwrap();
    assert!(
        list.len() >= 25
            && list.iter().any(|row| row.kind == "invitation")
            && list.iter().any(|row| row.kind == "staff")
    );
    let form = |subject: &'static str, body: &'static str, version: &'static str| {
        [
            ("kind", "invitation"),
            ("version", version),
            ("subject", subject),
            ("heading", "Welcome"),
            ("body", body),
        ]
    };
    for (subject, body, field, why) in [
        ("Hello {{name", "x", "subject", "does not close"),
        ("Hello", "{{nome}}", "body", "no variable “nome”"),
        ("", "x", "subject", "Enter something"),
    ] {
        let refused = ada.change(SaveTemplateDraft::PATH, &form(subject, body, "0")).await.unwrap_err();
        assert!(refused_at(&refused, field, why), "{refused:?}");
    }
    let page = "/operator/settings/templates/invitation";
    ada.change(SaveTemplateDraft::PATH, &form("{{inviter}} waits", "Dear {{name}},\n\n{{text}}", "0"))
        .await
        .unwrap();
    assert!(matches!(
        ada.change(SaveTemplateDraft::PATH, &form("x", "x", "7")).await,
        Err(AppError::Conflict(_))
    ));
    // A draft is seen in the preview and in a test mail, and goes to nobody else.
    assert!(ada.get(&format!("{page}/preview")).await.body.contains("Dear Ben Carter,"));
    assert_eq!(olivia.get(&format!("{page}/preview")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(ada.get("/operator/settings/templates/nothing/preview").await.status, StatusCode::NOT_FOUND);
    ada.change(TestTemplate::PATH, &[("kind", "invitation")]).await.unwrap();
    assert!(test.last_mail("ada@operator.example").await.body_text.contains("Dear Ben Carter,"));
    super::support::invite(&mut olivia, &bakery, "cleo@example.com", "Cleo", &[]).await.unwrap();
    assert!(!test.last_mail("cleo@example.com").await.body_text.contains("Dear"));
    // Used, it words every mail of its kind; the link works, and is not stored.
    ada.change(UseTemplate::PATH, &[("kind", "invitation")]).await.unwrap();
    super::support::invite(&mut olivia, &bakery, "dan@example.com", "Dan <b>", &[]).await.unwrap();
    let mail = test.last_mail("dan@example.com").await;
    assert_eq!(mail.subject, "Olivia Hart waits");
    assert!(
        mail.body_html.contains("Dear Dan &lt;b&gt;,") && mail.body_html.contains("/invitations/"),
        "{}",
        mail.body_html
    );
    assert!(mail.body_html.contains("You get this mail because"), "{}", mail.body_html);
    // It counts after a start, too; and the way back is one click.
    crate::access::settings::load_company(&test.app).await.unwrap();
    assert!(test.app.config().templates.contains_key("invitation"));
    ada.change(ResetTemplate::PATH, &[("kind", "invitation")]).await.unwrap();
    assert!(matches!(
        ada.change(ResetTemplate::PATH, &[("kind", "invitation")]).await,
        Err(AppError::Conflict(_))
    ));
    super::support::invite(&mut olivia, &bakery, "eve@example.com", "Eve", &[]).await.unwrap();
    assert!(!test.last_mail("eve@example.com").await.body_text.contains("Dear"));
    let shown: crate::operator::templates::model::TemplatePage =
        ada.call(ShowTemplate::PATH, &[("kind", "invitation")]).await.unwrap();
    assert_eq!(shown.history.len(), 1);
    let take = [("kind", "invitation"), ("version", &shown.version.to_string()), ("id", &shown.history[0].0)];
    ada.change(TakeTemplate::PATH, &take).await.unwrap();
    assert!(ada.get(page).await.body.contains("{{inviter}} waits"));
}

#[tokio::test]
async fn a_service_costs_what_the_catalogue_says_and_its_dates_are_seen() {
    let test = TestApp::new().await;
    let (_, bakery) = test.olivia().await;
    let mut ada = test.ada().await;
    let of = ("account", bakery.as_str());
    let product = [
        ("name", "Web Hosting M"),
        ("amount[]", "12.90"),
        ("currency[]", "EUR"),
        ("cycle[]", "monthly"),
        ("offered", "on"),
    ];
    ada.change(SaveProduct::PATH, &product).await.unwrap();
    let due = test.app.now().plus_days(3).iso()[..10].to_owned();
    let form = |price: &'static str| {
        [
            of,
            ("product", "web hosting m"),
            ("currency", "EUR"),
            ("cycle", "monthly"),
            ("price", price),
            ("active", "on"),
        ]
    };
    ada.change(SaveService::PATH, &[&form("")[..], &[("next_due", due.as_str())]].concat()).await.unwrap();
    assert_eq!(test.count("services WHERE price_cents = 1290").await, 1);
    ada.change(SaveService::PATH, &form("9.00")).await.unwrap();
    assert_eq!(test.count("services WHERE price_cents = 900").await, 1, "what is typed counts");
    let domain = [of, ("name", "rye.example"), ("expires", due.as_str())];
    ada.change(SaveDomain::PATH, &domain).await.unwrap();
    let desk: Dashboard = ada.call(ShowDashboard::PATH, &[]).await.unwrap();
    let dates: Vec<(bool, &str)> =
        desk.dates.iter().map(|date| (date.is_domain, date.name.as_str())).collect();
    assert!(dates.contains(&(true, "rye.example")) && dates.contains(&(false, "web hosting m")), "{dates:?}");
    let mut sid = test.staff("Sid", "sid@operator.example", only("requests.answer")).await;
    let desk: Dashboard = sid.call(ShowDashboard::PATH, &[]).await.unwrap();
    assert!(desk.dates.is_empty() && desk.left.is_empty());
}

#[tokio::test]
async fn a_customer_is_exported_and_erased() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let (mut oscar, shop) = test.oscar().await;
    let mut ben =
        test.member(&mut olivia, &bakery, "Ben Carter", "ben@example.com", &["invoices.view"]).await;
    test.service(&bakery, "Shop").await;
    test.domain(&bakery, "bakery.example").await;
    // Cleo has another account, too.
    let mut cleo = test.member(&mut olivia, &bakery, "Cleo Doe", "cleo@example.com", &[]).await;
    super::support::invite(&mut oscar, &shop, "cleo@example.com", "Cleo Doe", &[]).await.unwrap();
    accept_all(&mut cleo).await.unwrap();
    let mut ada = test.ada().await;
    let of = ("account", bakery.as_str());
    ada.change(AddNote::PATH, &[of, ("text", "Likes rye.")]).await.unwrap();
    // Everything in one archive, and no secret in it.
    let request = axum::http::Request::get(format!("/operator/customers/{bakery}/archive.zip"));
    let file = ada.open(request.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(file.status(), StatusCode::OK);
    let bytes = axum::body::to_bytes(file.into_body(), usize::MAX).await.unwrap();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes.to_vec())).unwrap();
    let mut all = String::new();
    for at in 0..zip.len() {
        use std::io::Read as _;
        zip.by_index(at).unwrap().read_to_string(&mut all).unwrap();
    }
    for part in [
        "Hart Bakery", "ben@example.com", "bakery.example", "Likes rye.", "invoices.view",
        "invited Ben Carter",
    ] {
        assert!(all.contains(part), "{part}");
    }
    assert!(!all.contains("Lee Wong") && !all.contains("token_hash") && !all.contains("password"), "{all}");
    // Only a closed one, by its number, with a reason.
    let form = [of, ("number", "10001"), ("reason", "Asked by letter.")];
    assert!(matches!(ada.change(EraseCustomer::PATH, &form).await, Err(AppError::Conflict(_))));
    ada.change(CloseCustomer::PATH, &[of, ("reason", "Asked.")]).await.unwrap();
    let wrong = [of, ("number", "10002"), ("reason", "Asked.")];
    assert!(refused_at(
        &ada.change(EraseCustomer::PATH, &wrong).await.unwrap_err(),
        "number",
        "not the number"
    ));
    assert!(refused_at(&ada.change(EraseCustomer::PATH, &form[..2]).await.unwrap_err(), "reason", "Say why"));
    ada.change(EraseCustomer::PATH, &form).await.unwrap();
    // Nothing of it is left where it can be found; logins of others stay.
    assert_eq!(ben.get("/accounts").await.status, StatusCode::SEE_OTHER, "his login is gone");
    assert_eq!(cleo.get(&format!("/a/{shop}")).await.status, StatusCode::OK);
    for word in ["Hart", "ben@example.com", "bakery.example", "olivia"] {
        assert_eq!(found(&mut ada, word).await, Vec::<String>::new(), "{word}");
    }
    for (table, left) in [
        ("contacts WHERE email LIKE '%example%'", 2),
        ("domains", 0),
        ("outbox WHERE account_id IS NOT NULL", 1),
        ("notes", 0),
    ] {
        assert_eq!(test.count(table).await, left, "{table}");
    }
    assert_eq!(test.count("services WHERE label = '' AND product <> ''").await, 1, "books have to be kept");
    assert!(matches!(ada.change(ReopenCustomer::PATH, &[of]).await, Err(AppError::Conflict(_))));
    assert!(matches!(ada.change(EraseCustomer::PATH, &form).await, Err(AppError::Conflict(_))));
    assert_eq!(ada.get(&format!("/operator/customers/{bakery}")).await.status, StatusCode::OK);
    // Who may not.
    let mut sid = test.staff("Sid", "sid@operator.example", only("customers.view")).await;
    assert_eq!(
        sid.get(&format!("/operator/customers/{shop}/archive.zip")).await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn two_accounts_become_one_and_nobody_sees_more_than_before() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let (mut oscar, shop) = test.oscar().await;
    // On the account that is emptied: Ben sees all services, Cleo is a contact of both, Dora only gets mail.
    let mut ben = test
        .member(&mut olivia, &bakery, "Ben Carter", "ben@example.com", &["service.view", "invoices.view"])
        .await;
    test.member(&mut olivia, &bakery, "Cleo Doe", "cleo@example.com", &[]).await;
    add(&mut olivia, &bakery, "Dora", "dora@example.com").await.unwrap();
    super::support::invite(&mut oscar, &shop, "cleo@example.com", "Cleo Doe", &[]).await.unwrap();
    let moved = test.service(&bakery, "Moved").await;
    let other = test.service(&shop, "Other").await;
    test.domain(&bakery, "bakery.example").await;
    let mut ada = test.ada().await;
    let of = ("account", bakery.as_str());
    let plan: crate::operator::merge::model::MergePlan =
        ada.call(PlanMerge::PATH, &[of, ("number", "10002")]).await.unwrap();
    assert_eq!((plan.services, plan.domains), (1, 1));
    assert_eq!(
        (plan.joins, plan.moves),
        (vec!["Cleo Doe".to_owned()], vec!["Ben Carter".to_owned(), "Dora".into(), "Olivia Hart".into()])
    );
    let page = ada.get(&format!("/operator/customers/{bakery}/merge?number=10002")).await.body;
    assert!(
        page.contains("would be merged into") && page.contains("Ben Carter, Dora, Olivia Hart"),
        "{page}"
    );
    assert!(
        ada.get(&format!("/operator/customers/{bakery}/merge?number=7"))
            .await
            .body
            .contains("no open account")
    );
    for (number, why) in [("10001", "the account itself"), ("7", "no open account")] {
        let refused =
            ada.change(MergeCustomer::PATH, &[of, ("number", number), ("reason", "x")]).await.unwrap_err();
        assert!(refused_at(&refused, "number", why), "{refused:?}");
    }
    let form = [of, ("number", "10002"), ("reason", "One company.")];
    let before = test.kinds().await.len();
    ada.change(MergeCustomer::PATH, &form).await.unwrap();
    assert_eq!(test.kinds().await[before..], ["account.merged"; 4]);
    // The old account is gone for good, and says so.
    assert_eq!(olivia.get(&format!("/a/{bakery}")).await.status, StatusCode::NOT_FOUND);
    assert!(matches!(ada.change(ReopenCustomer::PATH, &[of]).await, Err(AppError::Conflict(_))));
    assert!(matches!(ada.change(MergeCustomer::PATH, &form).await, Err(AppError::Conflict(_))));
    // Ben sees the service that moved, and nothing else of the account that he came to.
    let service = |id: &crate::types::ServiceId| format!("/a/{shop}/services/{id}");
    assert_eq!(ben.get(&service(&moved)).await.status, StatusCode::OK);
    assert_ne!(ben.get(&service(&other)).await.status, StatusCode::OK);
    assert_eq!(ben.get(&format!("/a/{shop}/contacts")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(test.count("contacts WHERE email = 'ben@example.com' AND permissions <> ''").await, 0);
    // Olivia keeps what she owned, as a contact; Oscar owns everything.
    assert_eq!(olivia.get(&service(&moved)).await.status, StatusCode::OK);
    assert_ne!(olivia.get(&service(&other)).await.status, StatusCode::OK);
    assert_eq!(oscar.get(&service(&moved)).await.status, StatusCode::OK);
    let contacts = oscar.get(&format!("/a/{shop}/contacts?q=dora")).await.body;
    assert!(contacts.contains("dora@example.com"), "found by its words: {contacts}");
    assert_eq!(found(&mut ada, "moved").await.len(), 1);
    assert!(test.last_mail("olivia@bakery.example").await.subject.contains("is now part of"));
}

#[tokio::test]
async fn one_act_on_all_found_runs_beside_the_server_and_is_undone() {
    use crate::operator::bulk::model::BulkView;
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let (mut oscar, shop) = test.oscar().await;
    let mut ada = test.ada().await;
    let new = [("first_name", "Nora"), ("email", "nora@nord.example")];
    ada.change(CreateCustomer::PATH, &new).await.unwrap();
    async fn ended(ada: &mut crate::demo::browser::Browser, to: &str) -> BulkView {
        let id = to.rsplit('/').next().unwrap();
        loop {
            let view: BulkView = ada.call(ShowBulk::PATH, &[("id", id)]).await.unwrap();
            if !view.running {
                return view;
            }
            tokio::task::yield_now().await;
        }
    }
    let count: i64 = ada.call(CountFound::PATH, &[("q", "hart")]).await.unwrap();
    assert_eq!(count, 1);
    assert!(ada.get("/operator/customers/bulk?q=hart").await.body.contains("Customers found: 1"));
    // What it takes is asked, and so is a reason.
    let form = [("act", "close"), ("reason", "Moved away."), ("status", "active")];
    let mut sid = test.staff("Sid", "sid@operator.example", only("customers.view")).await;
    assert!(matches!(sid.change(BeginBulk::PATH, &form).await, Err(AppError::Forbidden(_))));
    assert!(refused_at(&ada.change(BeginBulk::PATH, &form[..1]).await.unwrap_err(), "reason", "Say why"));
    assert!(refused_at(&ada.change(BeginBulk::PATH, &[]).await.unwrap_err(), "act", "Choose"));
    let none = [("act", "close"), ("reason", "x"), ("q", "nobodyatall")];
    assert!(matches!(ada.change(BeginBulk::PATH, &none).await, Err(AppError::Conflict(_))));
    // Closed: each with its own entry.
    let begun = ada.change(BeginBulk::PATH, &form).await.unwrap();
    let view = ended(&mut ada, &begun.to).await;
    assert_eq!((view.total, view.changed, view.left), (3, 3, 0));
    assert_eq!(olivia.get(&format!("/a/{bakery}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(oscar.get(&format!("/a/{shop}")).await.status, StatusCode::NOT_FOUND);
    assert!(ada.get(&format!("/a/{shop}/activity")).await.body.contains("with others: Moved away."));
    // Undone, once, for those whom it changed.
    let undone = ada.change(UndoBulk::PATH, &[("id", &view.id)]).await.unwrap();
    assert_eq!(ended(&mut ada, &undone.to).await.changed, 3);
    assert_eq!(olivia.get(&format!("/a/{bakery}")).await.status, StatusCode::OK);
    assert!(matches!(ada.change(UndoBulk::PATH, &[("id", &view.id)]).await, Err(AppError::Conflict(_))));
    assert!(ada.get(&begun.to).await.body.contains("This was undone"));
    // Owners without a login are invited; the others are left alone, and mail cannot be undone.
    let begun = ada.change(BeginBulk::PATH, &[("act", "invite")]).await.unwrap();
    let view = ended(&mut ada, &begun.to).await;
    assert_eq!((view.changed, view.left), (1, 2));
    assert_eq!(test.mails_to("nora@nord.example").await, 1);
    assert!(matches!(ada.change(UndoBulk::PATH, &[("id", &view.id)]).await, Err(AppError::Conflict(_))));
    // What was interrupted goes on.
    test.execute("UPDATE bulk_items SET state = 'waiting'".into()).await;
    assert!(ada.get(&begun.to).await.body.contains("Interrupted"));
    ada.change(ContinueBulk::PATH, &[("id", &view.id)]).await.unwrap();
    let view = ended(&mut ada, &begun.to).await;
    assert_eq!((view.changed, view.left), (0, 3), "she is invited already");
}

#[tokio::test]
async fn each_of_the_staff_looks_at_the_list_in_their_own_way() {
    let test = TestApp::new().await;
    test.olivia().await;
    let mut ada = test.ada().await;
    let mut sid = test.staff("Sid", "sid@operator.example", only("customers.view")).await;
    ada.change(SaveColumns::PATH, &[("columns[]", "country"), ("columns[]", "nonsense")]).await.unwrap();
    let page = ada.get("/operator/customers").await.body;
    assert!(page.contains(">Country</th>") && !page.contains("data-label=\"Owner\""), "{page}");
    assert!(sid.get("/operator/customers").await.body.contains("data-label=\"Owner\""));
    assert!(refused_at(
        &ada.change(SaveFilter::PATH, &[("status", "closed")]).await.unwrap_err(),
        "name",
        "Give it a name"
    ));
    let filter = [("name", "Gone <b>"), ("status", "closed"), ("q", "a&b")];
    ada.change(SaveFilter::PATH, &filter).await.unwrap();
    ada.change(SaveFilter::PATH, &filter).await.unwrap();
    let mine: crate::operator::customers::model::MyList = ada.call(ShowMyList::PATH, &[]).await.unwrap();
    assert_eq!(mine.filters.len(), 1);
    assert_eq!(mine.filters[0].2, "?q=a%26b&status=closed");
    let page = ada.get("/operator/customers").await.body;
    assert!(
        page.contains("Gone &lt;b&gt;")
            && page.contains("href=\"/operator/customers?q=a%26b&amp;status=closed\""),
        "{page}"
    );
    let id = mine.filters[0].0.clone();
    assert_eq!(
        sid.change(DeleteFilter::PATH, &[("id", &id)]).await.unwrap_err(),
        AppError::NotFound,
        "it is not his"
    );
    ada.change(DeleteFilter::PATH, &[("id", &id)]).await.unwrap();
}
