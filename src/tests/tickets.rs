//! Tickets in the portal: who sees them, who is told, and what can be taken back.

use super::previews::next_event;
use super::support::*;
use crate::demo::browser::Browser;
use crate::error::{AppError, Outcome, Result};
use crate::features::tickets::files;
use crate::features::tickets::model::*;
use crate::features::tickets::rpc::*;
use crate::operator::customers::rpc::CloseCustomer;
use crate::operator::data::rpc::EraseCustomer;
use crate::operator::departments::rpc::{DeleteDepartment, SaveDepartment};
use crate::operator::merge::rpc::MergeCustomer;
use crate::operator::tickets::rpc::ListDesk;
use crate::outbox::{Transport, send_due};
use crate::permission::{StaffPermission, StaffPermissions};
use crate::types::{AccountId, Page};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use leptos::server_fn::ServerFn as _;

const OLIVIA: &str = "olivia@bakery.example";
const BEN: &str = "ben@example.com";

/// Hart Bakery, an administrator, and two departments: mail to Support opens tickets.
pub(super) async fn ground() -> (TestApp, Browser, AccountId, Browser) {
    let test = TestApp::new().await;
    let (olivia, bakery) = test.olivia().await;
    let mut ada = test.ada().await;
    for form in [
        &[("name", "Billing"), ("email", "billing@portal.example")][..],
        &[("name", "Support"), ("email", "support@portal.example"), ("by_mail", "on")],
    ] {
        ada.change(SaveDepartment::PATH, form).await.unwrap();
    }
    (test, olivia, bakery, ada)
}

pub(super) async fn department(by: &mut Browser, account: &AccountId, name: &str) -> String {
    let page: NewTicketPage = by.call(NewTicket::PATH, &[("account", account.as_str())]).await.unwrap();
    page.departments.into_iter().find(|(_, known)| known == name).map(|(id, _)| id).unwrap_or_default()
}

async fn open_in(by: &mut Browser, account: &AccountId, department: &str, subject: &str) -> Result<String> {
    let form = [
        ("account", account.as_str()),
        ("department", department),
        ("subject", subject),
        ("text", "The **oven** is cold.\n\n<script>alert(1)</script>"),
    ];
    let done = by.change(OpenTicket::PATH, &form).await?;
    Ok(done.to.split('/').next_back().unwrap_or_default().to_owned())
}

pub(super) async fn open(by: &mut Browser, account: &AccountId, name: &str, subject: &str) -> String {
    let department = department(by, account, name).await;
    open_in(by, account, &department, subject).await.unwrap()
}

pub(super) async fn see(by: &mut Browser, account: &AccountId, ticket: &str) -> Result<TicketView> {
    by.call(ShowTicket::PATH, &[("account", account.as_str()), ("ticket", ticket)]).await
}

pub(super) async fn reply(
    by: &mut Browser,
    account: &AccountId,
    ticket: &str,
    text: &str,
    more: &[(&str, &str)],
) -> Result<Outcome> {
    let version = see(by, account, ticket).await?.version.to_string();
    let form = [("account", account.as_str()), ("ticket", ticket), ("version", &version), ("text", text)];
    by.change(ReplyToTicket::PATH, &[&form[..], more].concat()).await
}

async fn listed(by: &mut Browser, account: &AccountId) -> Vec<String> {
    let page: Page<TicketRow> = by.call(ListTickets::PATH, &[("account", account.as_str())]).await.unwrap();
    page.items.into_iter().map(|row| row.subject).collect()
}

fn not_found<T: std::fmt::Debug>(result: Result<T>) {
    assert!(matches!(result, Err(AppError::NotFound)), "{result:?}");
}

#[tokio::test]
async fn a_ticket_is_opened_answered_and_closed() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let missing = [("account", bakery.as_str()), ("department", ""), ("subject", " "), ("text", "")];
    let fields: Vec<String> = refused_fields(olivia.change(OpenTicket::PATH, &missing).await)
        .into_iter()
        .map(|(field, _)| field)
        .collect();
    assert_eq!(fields, ["subject", "text", "department"]);
    let ticket = open(&mut olivia, &bakery, "Billing", "Cold oven").await;
    let view = see(&mut olivia, &bakery, &ticket).await.unwrap();
    assert_eq!((view.row.number, view.row.status), (1001, Status::Open));
    assert_eq!(view.messages[0].badge, Badge::Owner);
    let html = &view.messages[0].html;
    assert!(html.contains("<strong>oven</strong>") && !html.contains("<script>"), "{html}");
    assert!(test.last_mail("billing@portal.example").await.subject.contains("[#1001] Cold oven"));
    assert_eq!(
        test.mails_to(OLIVIA).await,
        1,
        "nobody is mailed what they wrote themself: the one is of signing up"
    );
    // Staff answer on the same page.
    let shown = see(&mut ada, &bakery, &ticket).await.unwrap();
    assert!(shown.may.staff && shown.may.reply);
    let told: Vec<&str> = shown.told.iter().map(|one| one.email.as_str()).collect();
    assert_eq!(told, [OLIVIA]);
    reply(&mut ada, &bakery, &ticket, "We are on it.", &[("kind", "reply")]).await.unwrap();
    let view = see(&mut olivia, &bakery, &ticket).await.unwrap();
    assert_eq!(view.messages.len(), 1, "it can still be called back");
    test.later(1);
    let view = see(&mut olivia, &bakery, &ticket).await.unwrap();
    assert_eq!(
        (view.messages.len(), view.messages[1].badge, view.row.status),
        (2, Badge::Staff, Status::Answered)
    );
    let mail = test.last_mail(OLIVIA).await;
    assert!(mail.subject == "[#1001] Cold oven" && mail.body_text.contains("We are on it."), "{mail:?}");
    reply(&mut olivia, &bakery, &ticket, "Thanks", &[]).await.unwrap();
    assert_eq!(see(&mut ada, &bakery, &ticket).await.unwrap().row.status, Status::Open);
    let of = [("account", bakery.as_str()), ("ticket", ticket.as_str())];
    let rate = [&of[..], &[("rating", "5")]].concat();
    assert!(
        matches!(olivia.change(RateTicket::PATH, &rate).await, Err(AppError::Forbidden(_))),
        "not before it is closed"
    );
    olivia.change(SetTicketStatus::PATH, &[&of[..], &[("to", "closed")]].concat()).await.unwrap();
    olivia.change(RateTicket::PATH, &rate).await.unwrap();
    let view = see(&mut olivia, &bakery, &ticket).await.unwrap();
    assert_eq!((view.row.status, view.rating), (Status::Closed, 5));
    reply(&mut olivia, &bakery, &ticket, "It is cold again", &[]).await.unwrap();
    assert_eq!(see(&mut olivia, &bakery, &ticket).await.unwrap().row.status, Status::Open);
    let trail = olivia.get(&format!("/a/{bakery}/activity")).await.body;
    for says in [
        "opened ticket #1001: Cold oven",
        "answered ticket #1001",
        "closed ticket #1001",
        "rated ticket #1001: 5 of 5",
    ] {
        assert!(trail.contains(says), "{says} in {trail}");
    }
    let page = olivia.get(&format!("/a/{bakery}/tickets/{ticket}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Cold oven") && page.body.contains("We are on it."), "{}", page.body);
    assert!(olivia.get(&format!("/a/{bakery}/tickets?q=1001")).await.body.contains("Cold oven"));
}

#[tokio::test]
async fn whoever_has_no_right_to_a_ticket_finds_none() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let mut ben = test.member(&mut olivia, &bakery, "Ben Carter", BEN, &["tickets.open"]).await;
    let mut bea = test.member(&mut olivia, &bakery, "Bea Lind", "bea@example.com", &["tickets.view"]).await;
    let mut cleo = test.member(&mut olivia, &bakery, "Cleo", "cleo@example.com", &["invoices.view"]).await;
    let (mut oscar, elsewhere) = test.oscar().await;
    let hers = open(&mut olivia, &bakery, "Support", "Hers").await;
    let his = open(&mut ben, &bakery, "Support", "His").await;
    assert_eq!(listed(&mut ben, &bakery).await, ["His"]);
    assert_eq!(listed(&mut bea, &bakery).await, ["His", "Hers"]);
    not_found(see(&mut ben, &bakery, &hers).await);
    not_found(see(&mut oscar, &elsewhere, &hers).await);
    assert!(matches!(see(&mut cleo, &bakery, &hers).await, Err(AppError::Lacks { .. })));
    assert_eq!(oscar.get(&format!("/a/{elsewhere}/tickets/{hers}")).await.status, StatusCode::NOT_FOUND);
    // Reading is not writing.
    assert!(!see(&mut bea, &bakery, &his).await.unwrap().may.reply);
    assert!(matches!(reply(&mut bea, &bakery, &his, "Hi", &[]).await, Err(AppError::Lacks { .. })));
    // A person is added to one ticket, and taken out again.
    let contact = contact_by_email(&mut olivia, &bakery, "cleo@example.com").await.id;
    let of = [("account", bakery.as_str()), ("ticket", his.as_str()), ("contact", contact.as_str())];
    assert!(matches!(bea.change(AddTicketPerson::PATH, &of).await, Err(AppError::Forbidden(_))));
    ben.change(AddTicketPerson::PATH, &of).await.unwrap();
    assert_eq!(listed(&mut cleo, &bakery).await, ["His"]);
    reply(&mut cleo, &bakery, &his, "I can help", &[]).await.unwrap();
    not_found(see(&mut cleo, &bakery, &hers).await);
    ben.change(RemoveTicketPerson::PATH, &of).await.unwrap();
    assert!(see(&mut cleo, &bakery, &his).await.is_err());
    // A department that is closed to somebody does not exist for them.
    let contact = contact_by_email(&mut olivia, &bakery, BEN).await.id;
    let support = department(&mut olivia, &bakery, "Support").await;
    let billing = department(&mut olivia, &bakery, "Billing").await;
    let close = [("account", bakery.as_str()), ("contact", contact.as_str()), ("open[]", billing.as_str())];
    olivia.change(CloseDepartments::PATH, &close).await.unwrap();
    assert_eq!(department(&mut ben, &bakery, "Support").await, "");
    assert!(listed(&mut ben, &bakery).await.is_empty());
    not_found(see(&mut ben, &bakery, &his).await);
    assert_eq!(refused_fields(open_in(&mut ben, &bakery, &support, "Try").await)[0].0, "department");
    // Staff who work in other departments do not find it either.
    assert!(see(&mut ada, &bakery, &his).await.is_ok());
    let answers = [StaffPermission::ViewCustomers, StaffPermission::AnswerTickets]
        .into_iter()
        .collect::<StaffPermissions>();
    let mut sam = test.staff("Sam", "sam@portal.example", answers).await;
    let user = test.user_id("sam@portal.example").await;
    test.execute(format!(
        "INSERT INTO staff_departments (user_id, department_id) VALUES ('{user}', '{billing}')"
    ))
    .await;
    not_found(see(&mut sam, &bakery, &his).await);
    let desk: Page<TicketRow> = sam.call(ListDesk::PATH, &[]).await.unwrap();
    assert!(desk.items.is_empty(), "{desk:?}");
}

#[tokio::test]
async fn an_answer_can_be_called_back_and_what_is_told_is_what_is_sent() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let mut ben = test.member(&mut olivia, &bakery, "Ben Carter", BEN, &["tickets.open"]).await;
    let contact = contact_by_email(&mut olivia, &bakery, BEN).await;
    olivia.update_contact(&bakery, &contact, &[("mail[]", "support")]).await.unwrap();
    let ticket = open(&mut ben, &bakery, "Support", "Cold oven").await;
    let before = (test.mails_to(OLIVIA).await, test.mails_to(BEN).await);
    reply(&mut ada, &bakery, &ticket, "Have you tried **turning it on**?", &[]).await.unwrap();
    assert_eq!((test.mails_to(OLIVIA).await, test.mails_to(BEN).await), (before.0 + 1, before.1 + 1));
    let transport = Transport::open(None, None, test.dir.path()).unwrap();
    send_due(&test.app, &transport).await.unwrap();
    assert_eq!(test.count("outbox WHERE state = 'queued' AND cause <> ''").await, 2, "both wait");
    let view = see(&mut ada, &bakery, &ticket).await.unwrap();
    let answer = view.messages.last().unwrap().clone();
    assert!(answer.until.is_some());
    let of = [("account", bakery.as_str()), ("ticket", ticket.as_str()), ("message", answer.id.as_str())];
    not_found(olivia.change(CallBackReply::PATH, &of).await);
    ada.change(CallBackReply::PATH, &of).await.unwrap();
    assert_eq!((test.mails_to(OLIVIA).await, test.mails_to(BEN).await), before, "nobody gets it");
    for trail in
        [olivia.get(&format!("/a/{bakery}/activity")).await.body, ada.get("/operator/activity").await.body]
    {
        assert!(trail.contains("called an answer in ticket #1001 back"), "{trail}");
    }
    let view = see(&mut ada, &bakery, &ticket).await.unwrap();
    assert_eq!((view.messages.len(), view.draft.as_str()), (1, "Have you tried **turning it on**?"));
    // Sent, it cannot be called back; and it went to whom the box named.
    let told: Vec<String> = view.told.iter().map(|one| one.email.clone()).collect();
    assert_eq!(told, [OLIVIA, BEN]);
    reply(&mut ada, &bakery, &ticket, "Turn it on.", &[]).await.unwrap();
    let answer = see(&mut ada, &bakery, &ticket).await.unwrap().messages.last().unwrap().id.clone();
    test.later(1);
    send_due(&test.app, &transport).await.unwrap();
    let of = [("account", bakery.as_str()), ("ticket", ticket.as_str()), ("message", answer.as_str())];
    assert!(matches!(ada.change(CallBackReply::PATH, &of).await, Err(AppError::Conflict(_))));
    let mail = test.last_mail(BEN).await;
    let files =
        std::fs::read_to_string(test.dir.path().join("mail").join(format!("{}.eml", mail.id))).unwrap();
    assert!(files.contains("Reply-To: support+t1001-"), "{files}");
    assert!(mail.body_text.contains("opened this ticket"), "{}", mail.body_text);
    // Who has lost the right gets no more of it.
    let contact = contact_by_email(&mut olivia, &bakery, BEN).await;
    olivia.update_contact(&bakery, &contact, &[("preset", "none")]).await.unwrap();
    let told = see(&mut ada, &bakery, &ticket).await.unwrap().told;
    assert_eq!(told.iter().map(|one| one.email.as_str()).collect::<Vec<_>>(), [OLIVIA]);
}

#[tokio::test]
async fn notes_are_for_staff_and_nothing_is_sent_past_what_is_new() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let ticket = open(&mut olivia, &bakery, "Support", "Cold oven").await;
    let mails = test.count("outbox").await;
    reply(&mut ada, &bakery, &ticket, "She is angry", &[("kind", "note")]).await.unwrap();
    assert_eq!(test.count("outbox").await, mails, "a note is no mail");
    assert!(see(&mut ada, &bakery, &ticket).await.unwrap().messages[1].note);
    assert_eq!(see(&mut olivia, &bakery, &ticket).await.unwrap().messages.len(), 1);
    let page = olivia.get(&format!("/a/{bakery}/tickets/{ticket}")).await.body;
    let trail = olivia.get(&format!("/a/{bakery}/activity")).await.body;
    assert!(!page.contains("She is angry") && !trail.contains("wrote a note"), "{trail}");
    assert!(ada.get("/operator/activity").await.body.contains("wrote a note in ticket #1001"));
    not_found(reply(&mut olivia, &bakery, &ticket, "Mine", &[("kind", "note")]).await);
    // Two write at once: the second reads first.
    let version = see(&mut ada, &bakery, &ticket).await.unwrap().version.to_string();
    reply(&mut olivia, &bakery, &ticket, "It is warm again", &[]).await.unwrap();
    let form = [
        ("account", bakery.as_str()),
        ("ticket", ticket.as_str()),
        ("version", &version),
        ("text", "Buy another"),
    ];
    assert!(matches!(ada.change(ReplyToTicket::PATH, &form).await, Err(AppError::Conflict(_))));
    assert_eq!(test.count("outbox WHERE cause <> ''").await, 0);
    // Who answers, and where: staff decide.
    let view = see(&mut ada, &bakery, &ticket).await.unwrap();
    let billing = view.departments.iter().find(|(_, name)| name == "Billing").unwrap().0.clone();
    let me = view.staff[0].0.clone();
    let change = [
        ("account", bakery.as_str()),
        ("ticket", ticket.as_str()),
        ("department", billing.as_str()),
        ("priority", "high"),
        ("assigned", me.as_str()),
    ];
    not_found(olivia.change(ChangeTicket::PATH, &change).await);
    ada.change(ChangeTicket::PATH, &change).await.unwrap();
    let row = see(&mut olivia, &bakery, &ticket).await.unwrap().row;
    assert_eq!((row.department.as_str(), row.priority), ("Billing", Priority::High));
    for trail in
        [olivia.get(&format!("/a/{bakery}/activity")).await.body, ada.get("/operator/activity").await.body]
    {
        assert!(trail.contains("changed ticket #1001"), "{trail}");
    }
    let id = [("id", billing.as_str())];
    assert!(
        matches!(ada.change(DeleteDepartment::PATH, &id).await, Err(AppError::Conflict(_))),
        "its tickets would be nowhere"
    );
    let desk: Page<TicketRow> = ada.call(ListDesk::PATH, &[("whose", "mine")]).await.unwrap();
    assert_eq!(desk.items.len(), 1);
    // Staff without the permission see no tickets.
    let mut billing =
        test.staff("Bo", "bo@portal.example", [StaffPermission::ViewCustomers].into_iter().collect()).await;
    assert!(matches!(see(&mut billing, &bakery, &ticket).await, Err(AppError::Lacks { .. })));
    assert!(billing.call::<Page<TicketRow>>(ListDesk::PATH, &[]).await.is_err());
}

/// A form with files, as a browser without WASM sends it.
async fn bring(
    by: &mut Browser,
    account: &AccountId,
    fields: &[(&str, &str)],
    file: (&str, &[u8]),
) -> StatusCode {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes(),
        );
    }
    let (name, bytes) = file;
    body.extend(
        format!("--b\r\nContent-Disposition: form-data; name=\"files[]\"; filename=\"{name}\"\r\n\r\n")
            .into_bytes(),
    );
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--b--\r\n");
    let request = Request::post(format!("/a/{account}/tickets/files"))
        .header("content-type", "multipart/form-data; boundary=b")
        .body(Body::from(body))
        .unwrap();
    by.open(request).await.status()
}

#[tokio::test]
async fn files_are_brought_kept_and_served_as_downloads_alone() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let mut ben = test.member(&mut olivia, &bakery, "Ben Carter", BEN, &["tickets.open"]).await;
    let html = b"<script>alert(1)</script>";
    let typed = [("ticket", ""), ("subject", "Broken page"), ("text", "See the file")];
    assert_eq!(bring(&mut olivia, &bakery, &typed, ("..\\page.html", html)).await, StatusCode::SEE_OTHER);
    let page: NewTicketPage = olivia.call(NewTicket::PATH, &[("account", bakery.as_str())]).await.unwrap();
    assert_eq!(
        (page.subject.as_str(), page.text.as_str(), page.files[0].name.as_str()),
        ("Broken page", "See the file", "page.html")
    );
    let again: NewTicketPage = test
        .another_browser(OLIVIA)
        .await
        .call(NewTicket::PATH, &[("account", bakery.as_str())])
        .await
        .unwrap();
    assert_eq!(again.text, "See the file", "a draft is there wherever she signs in");
    let file = format!("/a/{bakery}/tickets/files/{}", page.files[0].id);
    assert_eq!(ada.get(&file).await.status, StatusCode::NOT_FOUND, "a draft is its writer's");
    // Names alone are not files.
    let support = department(&mut olivia, &bakery, "Support").await;
    let forgot = [
        ("account", bakery.as_str()),
        ("department", &support),
        ("subject", "x"),
        ("text", "y"),
        ("files[]", "a.png"),
    ];
    assert!(matches!(olivia.change(OpenTicket::PATH, &forgot).await, Err(AppError::Conflict(_))));
    let ticket = open_in(&mut olivia, &bakery, &support, "Broken page").await.unwrap();
    let view = see(&mut olivia, &bakery, &ticket).await.unwrap();
    assert_eq!(view.messages[0].files.len(), 1);
    let page: NewTicketPage = olivia.call(NewTicket::PATH, &[("account", bakery.as_str())]).await.unwrap();
    assert!(page.files.is_empty() && page.text.is_empty());
    let answer = olivia.open(Request::get(&file).body(Body::empty()).unwrap()).await;
    let header = |name: &str| answer.headers().get(name).unwrap().to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "application/octet-stream");
    assert_eq!(header("content-disposition"), "attachment; filename*=UTF-8''page.html");
    assert_eq!(header("content-security-policy"), "default-src 'none'; sandbox");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(ada.get(&file).await.status, StatusCode::OK);
    assert_eq!(ben.get(&file).await.status, StatusCode::NOT_FOUND, "the ticket is not his");
    // In pieces; one that is sent again is not there twice.
    let piece = |upload: &str, offset: usize, last: bool, bytes: &'static [u8]| {
        let uri = format!(
            "/a/{bakery}/tickets/pieces?ticket={ticket}&upload={upload}&offset={offset}&last={last}&name=a.png"
        );
        Request::post(uri).body(Body::from(bytes)).unwrap()
    };
    let upload = "a".repeat(26);
    let png: &[u8] = b"\x89PNG\r\n\x1a\n";
    for _ in 0..2 {
        assert_eq!(ada.open(piece(&upload, 0, false, png)).await.status(), StatusCode::OK);
    }
    assert_eq!(ada.open(piece(&upload, 8, true, b"rest")).await.status(), StatusCode::OK);
    assert_eq!(ada.open(piece("../../x", 0, true, b"rest")).await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(ben.open(piece(&upload, 0, true, b"x")).await.status(), StatusCode::NOT_FOUND);
    let view = see(&mut ada, &bakery, &ticket).await.unwrap();
    assert_eq!((view.files[0].size, view.files[0].picture), (12, true));
    reply(&mut ada, &bakery, &ticket, "Like this", &[("kind", "note")]).await.unwrap();
    let note = see(&mut ada, &bakery, &ticket).await.unwrap().messages[1].files[0].id.clone();
    let picture = format!("/a/{bakery}/tickets/files/{note}");
    assert_eq!(ada.get(&picture).await.status, StatusCode::OK);
    assert_eq!(olivia.get(&picture).await.status, StatusCode::NOT_FOUND, "a file of a note is a note");
    // Too large, and what is left over.
    let large = vec![0_u8; usize::try_from(FILE).unwrap() + 1];
    bring(&mut olivia, &bakery, &[("ticket", &ticket)], ("large.bin", &large)).await;
    assert_eq!(test.count("attachments").await, 2);
    assert_eq!(
        bring(&mut olivia, &bakery, &[("ticket", &ticket)], ("note.txt", b"x")).await,
        StatusCode::SEE_OTHER
    );
    let files = see(&mut olivia, &bakery, &ticket).await.unwrap().files;
    let of = [("account", bakery.as_str()), ("ticket", ticket.as_str()), ("file", files[0].id.as_str())];
    not_found(ada.change(RemoveTicketFile::PATH, &of).await);
    olivia.change(RemoveTicketFile::PATH, &of).await.unwrap();
    assert_eq!(test.count("attachments").await, 2);
}

#[tokio::test]
async fn whoever_manages_no_contacts_is_not_told_who_there_is() {
    let (test, mut olivia, bakery, _) = ground().await;
    let mut ben = test.member(&mut olivia, &bakery, "Ben Carter", BEN, &["tickets.open"]).await;
    test.member(&mut olivia, &bakery, "Cleo Secret", "cleo@example.com", &[]).await;
    let ticket = open(&mut ben, &bakery, "Support", "His").await;
    assert!(see(&mut ben, &bakery, &ticket).await.unwrap().others.is_empty());
    assert!(
        see(&mut olivia, &bakery, &ticket).await.unwrap().others.iter().any(|one| one.name == "Cleo Secret")
    );
    assert!(!ben.get(&format!("/a/{bakery}/tickets/{ticket}")).await.body.contains("Cleo Secret"));
}

#[tokio::test]
async fn tickets_go_along_when_accounts_are_merged_exported_and_erased() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let (mut oscar, elsewhere) = test.oscar().await;
    let mut ben = test.member(&mut olivia, &bakery, "Ben Carter", BEN, &["tickets.open"]).await;
    invite(&mut oscar, &elsewhere, BEN, "Ben Carter", &["tickets.open"]).await.unwrap();
    accept_all(&mut ben).await.unwrap();
    bring(&mut ben, &bakery, &[("ticket", ""), ("text", "x")], ("a.txt", b"oven")).await;
    let ticket = open(&mut ben, &bakery, "Support", "Cold oven").await;
    let number = test.scalar("SELECT number FROM accounts WHERE name = 'Elsewhere Ltd'").await.to_string();
    let merge = [("account", bakery.as_str()), ("number", &number), ("reason", "One company.")];
    ada.change(MergeCustomer::PATH, &merge).await.unwrap();
    assert_eq!(test.words_left_over().await, 0);
    assert_eq!(listed(&mut ben, &elsewhere).await, ["Cold oven"], "it stays his");
    let file = see(&mut oscar, &elsewhere, &ticket).await.unwrap().messages[0].files[0].id.clone();
    assert_eq!(oscar.get(&format!("/a/{elsewhere}/tickets/files/{file}")).await.status, StatusCode::OK);
    let archive = ada.get(&format!("/operator/customers/{elsewhere}/archive.zip")).await;
    assert_eq!(archive.status, StatusCode::OK);
    let close = [("account", elsewhere.as_str()), ("reason", "Gone")];
    ada.change(CloseCustomer::PATH, &close).await.unwrap();
    ada.change(
        EraseCustomer::PATH,
        &[("account", elsewhere.as_str()), ("number", &number), ("reason", "Asked")],
    )
    .await
    .unwrap();
    assert_eq!(
        test.count("tickets").await + test.count("ticket_messages").await + test.count("attachments").await,
        0
    );
}

/// Numbers that are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

#[tokio::test]
async fn in_any_thread_what_the_box_says_is_what_the_outbox_holds() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let mut ben = test.member(&mut olivia, &bakery, "Ben Carter", BEN, &["tickets.open"]).await;
    let mut bea = test
        .member(&mut olivia, &bakery, "Bea Lind", "bea@example.com", &["tickets.view", "tickets.open"])
        .await;
    let mut dice = Dice(7);
    for _ in 0..6 {
        for email in [BEN, "bea@example.com"] {
            let mail = if dice.below(2) == 0 { "support" } else { "general" };
            test.execute(format!("UPDATE contacts SET mail = '{mail}' WHERE email = '{email}'")).await;
        }
        let ticket = match dice.below(3) {
            0 => open(&mut olivia, &bakery, "Support", "Hers").await,
            1 => open(&mut ben, &bakery, "Support", "His").await,
            _ => open(&mut bea, &bakery, "Billing", "Bea's").await,
        };
        for _ in 0..5 {
            let by = match dice.below(4) {
                0 => &mut olivia,
                1 => &mut bea,
                _ => &mut ada,
            };
            let told: Vec<String> =
                see(by, &bakery, &ticket).await.unwrap().told.into_iter().map(|one| one.email).collect();
            test.execute("UPDATE outbox SET kind = 'before'".into()).await;
            reply(by, &bakery, &ticket, "Words", &[]).await.unwrap();
            assert_eq!(test.count("outbox WHERE kind = 'ticket'").await, i64::try_from(told.len()).unwrap());
            for email in told {
                assert_eq!(
                    test.count(&format!("outbox WHERE kind = 'ticket' AND to_email = '{email}'")).await,
                    1,
                    "{email}"
                );
            }
        }
    }
}

#[tokio::test]
async fn files_that_nothing_names_are_removed_and_others_stay() {
    let (test, mut olivia, bakery, _) = ground().await;
    bring(&mut olivia, &bakery, &[("ticket", "")], ("a.txt", b"named")).await;
    let orphan = files::keep(&test.app, b"of a message that is gone").await.unwrap();
    let named = test.scalar_text("SELECT hash FROM attachments").await;
    let at = |hash: &str| files::path(&test.app, hash);
    let days = std::time::Duration::from_secs(3 * 86_400);
    for hash in [&orphan.hash, &named] {
        let file = std::fs::File::options().write(true).open(at(hash)).unwrap();
        let before = file.metadata().unwrap().modified().unwrap() - days;
        file.set_modified(before).unwrap();
    }
    // Each folder has its turn in a day.
    for _ in 0..144 {
        test.later(10);
        files::tidy(&test.app).await.unwrap();
    }
    assert!(!at(&orphan.hash).exists() && at(&named).exists());
}

#[tokio::test]
async fn what_staff_attach_goes_along_by_mail_unless_it_is_too_large() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let ticket = open(&mut olivia, &bakery, "Support", "Cold oven").await;
    let sent = async |test: &TestApp| {
        test.later(1);
        let transport = Transport::open(None, None, test.dir.path()).unwrap();
        send_due(&test.app, &transport).await.unwrap();
        let mail = test.last_mail(OLIVIA).await;
        let bytes = std::fs::read(test.dir.path().join("mail").join(format!("{}.eml", mail.id))).unwrap();
        (mail, String::from_utf8_lossy(&bytes).into_owned())
    };
    bring(&mut ada, &bakery, &[("ticket", &ticket)], ("how to.txt", b"Press start.")).await;
    reply(&mut ada, &bakery, &ticket, "See the file", &[("kind", "reply")]).await.unwrap();
    let (mail, raw) = sent(&test).await;
    assert!(raw.contains("multipart/mixed") && raw.contains("filename=\"how to.txt\""), "{raw}");
    assert!(raw.contains("Press start.") || raw.contains("UHJlc3Mgc3RhcnQu"), "{raw}");
    assert!(!mail.body_text.contains("In the ticket:"), "{}", mail.body_text);
    // What a customer attaches, and what is too large, is named.
    let large = vec![b'x'; 11 * 1024 * 1024];
    bring(&mut ada, &bakery, &[("ticket", &ticket)], ("large.txt", &large)).await;
    reply(&mut ada, &bakery, &ticket, "And this", &[("kind", "reply")]).await.unwrap();
    let (mail, raw) = sent(&test).await;
    assert!(mail.body_text.contains("In the ticket: large.txt") && raw.len() < 100_000, "{}", mail.body_text);
    test.execute(format!("UPDATE accounts SET email = 'main@bakery.example' WHERE id = '{bakery}'")).await;
    bring(&mut olivia, &bakery, &[("ticket", &ticket)], ("oven.txt", b"cold")).await;
    reply(&mut olivia, &bakery, &ticket, "Look", &[]).await.unwrap();
    let mail = test.last_mail("main@bakery.example").await;
    assert!(mail.body_text.contains("In the ticket: oven.txt"), "{}", mail.body_text);
    // Called back, the file is in the draft again and went to nobody.
    bring(&mut ada, &bakery, &[("ticket", &ticket)], ("secret.txt", b"oops")).await;
    reply(&mut ada, &bakery, &ticket, "Wrong one", &[("kind", "reply")]).await.unwrap();
    let message = see(&mut ada, &bakery, &ticket).await.unwrap().messages.pop().unwrap().id;
    let of = [("account", bakery.as_str()), ("ticket", ticket.as_str()), ("message", message.as_str())];
    ada.change(CallBackReply::PATH, &of).await.unwrap();
    assert_eq!(test.count("outbox WHERE files LIKE '%secret%'").await, 0);
    assert_eq!(see(&mut ada, &bakery, &ticket).await.unwrap().files[0].name, "secret.txt");
}

#[tokio::test]
async fn open_pages_hear_at_once_of_tickets_that_their_people_may_see() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let mut ann = test.member(&mut olivia, &bakery, "Ann", "ann@bakery.example", &["tickets.open"]).await;
    let ticket = open(&mut olivia, &bakery, "Support", "Cold oven").await;
    let events = format!("/a/{bakery}/events");
    let mut streams = Vec::new();
    for by in [&mut olivia, &mut ann, &mut ada] {
        let answer = by.open(Request::get(&events).body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let mut stream = answer.into_body().into_data_stream();
        next_event(&mut stream).await.unwrap();
        streams.push(stream);
    }
    reply(&mut ada, &bakery, &ticket, "On our way", &[("kind", "reply")]).await.unwrap();
    assert_eq!(next_event(&mut streams[0]).await.unwrap(), ticket);
    assert_eq!(next_event(&mut streams[2]).await.unwrap(), ticket, "staff around the account hear of it");
    let of = [("account", bakery.as_str()), ("ticket", ticket.as_str())];
    olivia.change(SetTicketStatus::PATH, &[&of[..], &[("to", "closed")]].concat()).await.unwrap();
    assert_eq!(next_event(&mut streams[0]).await.unwrap(), ticket);
    // Ann sees only her own: the first she hears of is the one that she opens.
    let hers = open(&mut ann, &bakery, "Support", "Warm fridge").await;
    assert_eq!(next_event(&mut streams[1]).await.unwrap(), hers);
}
