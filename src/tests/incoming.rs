//! E-mail that comes in: who may open and answer tickets by it, and what becomes of everything else.

use super::support::*;
use super::tickets::{department, ground};
use crate::demo::browser::Browser;
use crate::error::AppError;
use crate::features::incoming::model::{Choice, MailQueue, State};
use crate::features::incoming::rpc::*;
use crate::features::incoming::spool::{self, Envelope};
use crate::features::incoming::work::work_on_all;
use crate::features::tickets::model::*;
use crate::features::tickets::rpc::*;
use crate::operator::tickets::rpc::ListDesk;
use crate::types::{AccountId, Page};
use axum::http::StatusCode;
use leptos::server_fn::ServerFn as _;

const OLIVIA: &str = "olivia@bakery.example";
const BEN: &str = "ben@example.com";
const SUPPORT: &str = "support@portal.example";

/// Brings a message and works on it.
async fn came(test: &TestApp, from: &str, to: &str, head: &str, text: &str) {
    let number = test.count("incoming").await;
    let id = head
        .lines()
        .find_map(|line| line.strip_prefix("Message-ID: "))
        .is_none()
        .then(|| format!("Message-ID: <m{number}@x.example>\r\n"));
    let raw = format!("From: {from}\r\nTo: {to}\r\n{}{head}\r\n\r\n{text}", id.unwrap_or_default());
    let address = from.split('<').next_back().unwrap_or(from).trim_end_matches('>').to_owned();
    brought(test, Envelope { from: address, to: vec![to.to_owned()] }, raw.as_bytes()).await;
}

async fn brought(test: &TestApp, envelope: Envelope, raw: &[u8]) {
    spool::put(test.dir.path(), &test.app.new_id(), &envelope, raw).unwrap();
    work_on_all(&test.app).await.unwrap();
    assert!(spool::waiting(test.dir.path()).unwrap().is_empty());
}

async fn states(test: &TestApp, state: &str) -> i64 {
    test.count(&format!("incoming WHERE state = '{state}'")).await
}

/// A contact who gets and writes support mail, and cannot log in.
async fn mail_contact(by: &mut Browser, account: &AccountId, name: &str, email: &str) {
    add(by, account, name, email).await.unwrap();
    let contact = contact_by_email(by, account, email).await;
    by.update_contact(account, &contact, &[("mail[]", "support")]).await.unwrap();
}

/// Every ticket that is not closed, the oldest first.
async fn desk(ada: &mut Browser) -> Vec<TicketRow> {
    let mut all = Vec::new();
    for status in ["open", "answered"] {
        all.extend(ada.call::<Page<TicketRow>>(ListDesk::PATH, &[("status", status)]).await.unwrap().items);
    }
    all.sort_by_key(|row| row.number);
    all
}

async fn see(by: &mut Browser, account: &AccountId, ticket: &str) -> TicketView {
    by.call(ShowTicket::PATH, &[("account", account.as_str()), ("ticket", ticket)]).await.unwrap()
}

async fn answer(ada: &mut Browser, account: &AccountId, ticket: &str, text: &str, more: &[(&str, &str)]) {
    let version = see(ada, account, ticket).await.version.to_string();
    let form = [("account", account.as_str()), ("ticket", ticket), ("version", &version), ("text", text)];
    ada.change(ReplyToTicket::PATH, &[&form[..], more].concat()).await.unwrap();
}

#[tokio::test]
async fn a_support_contact_writes_and_only_they_and_the_main_address_get_the_answer() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    mail_contact(&mut olivia, &bakery, "Ben", BEN).await;
    mail_contact(&mut olivia, &bakery, "Bea", "bea@example.com").await;
    let before = test.mails_to(BEN).await;
    came(&test, &format!("Ben Carter <{BEN}>"), SUPPORT, "Subject: Cold oven", "Is it *off*?\r\n").await;
    let rows = desk(&mut ada).await;
    assert_eq!((rows.len(), rows[0].subject.as_str(), rows[0].opened_by.as_str()), (1, "Cold oven", "Ben"));
    assert_eq!(test.mails_to(BEN).await, before, "nobody is answered by a program");
    assert!(test.last_mail(OLIVIA).await.subject.contains("Cold oven"), "the main address has a copy");
    let ticket = rows[0].id.to_string();
    let view = see(&mut ada, &bakery, &ticket).await;
    assert_eq!((view.messages[0].badge, view.messages[0].by_mail), (Badge::Contact, true));
    assert!(view.messages[0].html.contains("Is it *off*?"), "mail is no Markdown: {}", view.messages[0].html);
    let bea = test.mails_to("bea@example.com").await;
    answer(&mut ada, &bakery, &ticket, "Switch it on.", &[]).await;
    let (mail, main) = (test.last_mail(BEN).await, test.last_mail(OLIVIA).await);
    assert!(mail.body_text.contains("Switch it on.") && main.body_text.contains("Switch it on."));
    assert_eq!(test.mails_to("bea@example.com").await, bea, "she did not open it");
    // The answer comes back to the signed address, and by what it answers.
    test.later(1);
    let to: String = test.scalar_text("SELECT reply_to FROM outbox WHERE to_email = 'ben@example.com' AND reply_to <> '' ORDER BY id DESC LIMIT 1").await;
    came(
        &test,
        BEN,
        &to,
        "Subject: whatever",
        "It is on.\r\n\r\nOn Monday Support wrote:\r\n> Switch it on.\r\n",
    )
    .await;
    let head = format!("Subject: no number\r\nIn-Reply-To: <{}@portal.example>", mail.id);
    came(&test, BEN, SUPPORT, &head, "And warm.").await;
    let view = see(&mut ada, &bakery, &ticket).await;
    assert_eq!(view.messages.len(), 4, "{view:?}");
    assert!(view.messages[2].html.contains("It is on.") && !view.messages[2].html.contains("wrote:"));
    assert!(view.messages[2].quoted.contains("Switch it on."), "folded, not cut");
    // A subject with the number is nobody's proof.
    came(&test, BEN, SUPPORT, "Subject: Re: [#1001] Cold oven", "New").await;
    assert_eq!(desk(&mut ada).await.len(), 2);
    // A signature that is not ours opens nothing of the ticket.
    let forged = to.replace("+t1001-", "+t1001-0");
    came(&test, BEN, &forged, "Subject: forged", "Let me in").await;
    assert_eq!(see(&mut ada, &bakery, &ticket).await.messages.len(), 4);
    // The original stays, word for word, for who sees the ticket.
    let original = format!("/a/{bakery}/tickets/originals/{}", view.messages[2].id);
    assert!(ada.get(&original).await.body.contains("> Switch it on."));
    let mut oscar = test.oscar().await.0;
    assert_eq!(oscar.get(&original).await.status, StatusCode::NOT_FOUND);
    assert!(
        olivia
            .get(&format!("/a/{bakery}/activity"))
            .await
            .body
            .contains("opened ticket #1001 by e-mail: Cold oven")
    );
}

#[tokio::test]
async fn who_may_not_write_gets_one_polite_answer_and_strangers_wait_for_staff() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    add(&mut olivia, &bakery, "Ben", BEN).await.unwrap();
    let before = test.mails_to(BEN).await;
    came(&test, BEN, SUPPORT, "Subject: Hello", "Hi").await;
    assert_eq!((states(&test, "refused").await, test.mails_to(BEN).await), (1, before + 1));
    assert!(test.last_mail(BEN).await.body_text.contains("no ticket was opened"));
    for _ in 0..12 {
        came(&test, BEN, SUPPORT, "Subject: Hello", "Hi").await;
    }
    assert_eq!(test.mails_to(BEN).await, before + 10, "ten an hour at most");
    assert!(desk(&mut ada).await.is_empty());
    // A department that is closed to them, and a contact that is closed.
    mail_contact(&mut olivia, &bakery, "Bea", "bea@example.com").await;
    let contact = contact_by_email(&mut olivia, &bakery, "bea@example.com").await.id;
    let billing = department(&mut olivia, &bakery, "Billing").await;
    let close = [("account", bakery.as_str()), ("contact", contact.as_str()), ("open[]", billing.as_str())];
    olivia.change(CloseDepartments::PATH, &close).await.unwrap();
    came(&test, "bea@example.com", SUPPORT, "Subject: Hello", "Hi").await;
    assert!(desk(&mut ada).await.is_empty());
    // Strangers, and addresses that nobody has.
    came(&test, "Mallory <m@evil.example>", SUPPORT, "Subject: Buy", "Now").await;
    came(&test, "m@evil.example", "sales@portal.example", "Subject: Buy", "Now").await;
    assert_eq!(test.mails_to("m@evil.example").await, 0);
    let queue: MailQueue = ada.call(ListIncoming::PATH, &[]).await.unwrap();
    assert_eq!(queue.waiting.len(), 2);
    let first = queue.waiting[0].clone();
    assert_eq!(
        (first.from.as_str(), first.state, first.preview.as_str()),
        ("Mallory", State::Unknown, "Now")
    );
    assert!(
        ada.get(&format!("/operator/tickets/mail/{}/original", first.id)).await.body.contains("Subject: Buy")
    );
    assert_eq!(
        olivia.get(&format!("/operator/tickets/mail/{}/original", first.id)).await.status,
        StatusCode::NOT_FOUND
    );
    let wrong = [("id", first.id.as_str()), ("number", "1")];
    assert_eq!(refused_fields(ada.change(OpenIncoming::PATH, &wrong).await)[0].0, "number");
    let number = test.scalar("SELECT number FROM accounts WHERE name = 'Hart Bakery'").await.to_string();
    ada.change(OpenIncoming::PATH, &[("id", first.id.as_str()), ("number", &number)]).await.unwrap();
    assert_eq!(desk(&mut ada).await.len(), 1);
    assert!(matches!(
        ada.change(OpenIncoming::PATH, &[("id", first.id.as_str()), ("number", &number)]).await,
        Err(AppError::Conflict(_))
    ));
    assert_eq!(desk(&mut ada).await.len(), 1, "once");
    ada.change(DismissIncoming::PATH, &[("id", queue.waiting[1].id.as_str())]).await.unwrap();
    let trail = ada.get("/operator/activity").await.body;
    assert!(
        trail.contains("dismissed an e-mail from m@evil.example")
            && trail.contains("Ticket #1001 was opened")
    );
    assert!(
        olivia.get(&format!("/a/{bakery}/activity")).await.body.contains("opened ticket #1001 by e-mail")
    );
    assert!(ada.call::<MailQueue>(ListIncoming::PATH, &[]).await.unwrap().waiting.is_empty());
    assert_eq!(ada.get("/operator/tickets/mail").await.status, StatusCode::OK);
}

#[tokio::test]
async fn mail_of_somebody_without_a_right_to_a_ticket_is_held() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    mail_contact(&mut olivia, &bakery, "Ben", BEN).await;
    came(&test, BEN, SUPPORT, "Subject: Cold oven", "Hi").await;
    let ticket = desk(&mut ada).await[0].id.to_string();
    answer(&mut ada, &bakery, &ticket, "Yes?", &[]).await;
    test.later(1);
    let to: String = test
        .scalar_text(
            "SELECT reply_to FROM outbox WHERE to_email = 'ben@example.com' AND reply_to <> '' LIMIT 1",
        )
        .await;
    let mails = test.count("outbox").await;
    // Ben, from another address.
    came(&test, "Ben at home <ben@home.example>", &to, "Subject: Re", "It is me").await;
    came(&test, "Eve <eve@evil.example>", &to, "Subject: Re", "Send it to me").await;
    assert_eq!(test.count("outbox").await, mails, "nobody hears of it");
    let view = see(&mut olivia, &bakery, &ticket).await;
    assert_eq!((view.row.held, view.messages.len()), (2, 4));
    assert!(view.messages[2].held && view.messages[2].badge == Badge::Other);
    let decide = |message: &str, decision: &str| {
        [
            ("account", bakery.to_string()),
            ("ticket", ticket.clone()),
            ("message", message.to_owned()),
            ("decision", decision.to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
    };
    let (his, evil) = (view.messages[2].id.clone(), view.messages[3].id.clone());
    olivia.change(DecideHeld::PATH, &borrowed(&decide(&evil, "reject"))).await.unwrap();
    olivia.change(DecideHeld::PATH, &borrowed(&decide(&his, "add"))).await.unwrap();
    assert!(matches!(
        ada.change(DecideHeld::PATH, &borrowed(&decide(&his, "once"))).await,
        Err(AppError::Conflict(_))
    ));
    let trail = olivia.get(&format!("/a/{bakery}/activity")).await.body;
    assert!(
        trail.contains("rejected a mail from eve@evil.example")
            && trail.contains("added ben@home.example as a contact")
    );
    let view = see(&mut olivia, &bakery, &ticket).await;
    assert_eq!((view.row.held, view.messages.len(), view.messages[2].badge), (0, 3, Badge::Contact));
    assert_eq!(contact_by_email(&mut olivia, &bakery, "ben@home.example").await.form.mail, ["support"]);
    assert!(
        see(&mut ada, &bakery, &ticket).await.messages.iter().any(|one| one.refused),
        "staff can still read it"
    );
    // It is not the ticket that the new contact opened: their next mail is held again.
    came(&test, "ben@home.example", &to, "Subject: Re", "Me again").await;
    assert_eq!(see(&mut olivia, &bakery, &ticket).await.row.held, 1);
}

#[tokio::test]
async fn programs_repeats_and_bounces_cause_no_mail() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    mail_contact(&mut olivia, &bakery, "Ben", BEN).await;
    for head in ["Auto-Submitted: auto-replied", "Precedence: bulk", "List-Id: <x>"] {
        came(&test, BEN, SUPPORT, &format!("Subject: Away\r\n{head}"), "I am away").await;
    }
    let raw = format!("From: {BEN}\r\nTo: {SUPPORT}\r\nMessage-ID: <n@x>\r\nSubject: Null\r\n\r\nx");
    brought(&test, Envelope { from: String::new(), to: vec![SUPPORT.into()] }, raw.as_bytes()).await;
    assert_eq!((states(&test, "automatic").await, desk(&mut ada).await.len()), (4, 0));
    // The same message twice, also at once by another way.
    for _ in 0..3 {
        came(&test, BEN, SUPPORT, "Message-ID: <once@x.example>\r\nSubject: Cold oven", "Hi").await;
    }
    assert_eq!((states(&test, "repeated").await, desk(&mut ada).await.len()), (2, 1));
    let ticket = desk(&mut ada).await[0].id.to_string();
    answer(&mut ada, &bakery, &ticket, "Yes?", &[]).await;
    test.later(1);
    let transport = crate::outbox::Transport::open(None, None, test.dir.path()).unwrap();
    crate::outbox::send_due(&test.app, &transport).await.unwrap();
    let sent = test.last_mail(BEN).await;
    let mails = test.count("outbox").await;
    // Our own message, come back.
    let head = format!("Message-ID: <{}@portal.example>\r\nSubject: ours", sent.id);
    came(&test, BEN, SUPPORT, &head, "x").await;
    assert_eq!(desk(&mut ada).await.len(), 1);
    let report = |recipient: &str| {
        format!(
            "From: MAILER-DAEMON@mx.example\r\nMessage-ID: <{recipient}>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
            --b\r\nContent-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; {recipient}\r\nAction: failed\r\nDiagnostic-Code: smtp; 552 mailbox full\r\n\
            --b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <{}@portal.example>\r\n\r\nx\r\n--b--\r\n",
            sent.id
        )
    };
    let envelope = Envelope { from: String::new(), to: vec![SUPPORT.into()] };
    brought(&test, envelope.clone(), report("somebody@else.example").as_bytes()).await;
    assert_eq!(test.count("undeliverable").await, 0, "it is not about that recipient");
    brought(&test, envelope, report(BEN).as_bytes()).await;
    assert_eq!((test.count("undeliverable").await, test.count("outbox").await), (1, mails));
    let contact = contact_by_email(&mut olivia, &bakery, BEN).await.id;
    let page = olivia.get(&format!("/a/{bakery}/contacts/{contact}")).await.body;
    assert!(page.contains("552 mailbox full"), "{page}");
}

#[tokio::test]
async fn a_sender_of_several_accounts_chooses_and_the_link_signs_nobody_in() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let (mut oscar, elsewhere) = test.oscar().await;
    let mut ben = test.member(&mut olivia, &bakery, "Ben Carter", BEN, &["tickets.open"]).await;
    invite(&mut oscar, &elsewhere, BEN, "Ben Carter", &["tickets.open"]).await.unwrap();
    accept_all(&mut ben).await.unwrap();
    for (by, account) in [(&mut olivia, &bakery), (&mut oscar, &elsewhere)] {
        let contact = contact_by_email(by, account, BEN).await;
        by.update_contact(account, &contact, &[("mail[]", "support")]).await.unwrap();
    }
    came(&test, BEN, SUPPORT, "Subject: Which one", "Hi").await;
    assert!(desk(&mut ada).await.is_empty());
    let mail = test.last_mail(BEN).await;
    let path = mail
        .body_text
        .split("http://portal.example")
        .nth(1)
        .unwrap()
        .split_whitespace()
        .next()
        .unwrap()
        .to_owned();
    assert!(path.starts_with("/mail-in/"), "{path}");
    let mut nobody = test.browser();
    assert_eq!(nobody.get(&path).await.status, StatusCode::SEE_OTHER, "sign in first");
    let id = path.split('/').next_back().unwrap().to_owned();
    let of = [("id", id.as_str())];
    assert!(matches!(olivia.call::<Choice>(ShowChoice::PATH, &of).await, Err(AppError::NotFound)));
    let choice: Choice = ben.call(ShowChoice::PATH, &of).await.unwrap();
    assert_eq!(choice.accounts.len(), 2);
    assert!(ben.get(&path).await.body.contains("Elsewhere Ltd"));
    // Where support was switched off since, nothing is opened; the same rule as for the mail.
    test.execute(format!(
        "UPDATE contacts SET mail = 'general' WHERE account_id = '{bakery}' AND email = '{BEN}'"
    ))
    .await;
    let choice: Choice = ben.call(ShowChoice::PATH, &of).await.unwrap();
    assert_eq!(choice.accounts.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>(), ["Elsewhere Ltd"]);
    ben.change(ChooseAccount::PATH, &[("id", id.as_str()), ("account", elsewhere.as_str())]).await.unwrap();
    let rows = desk(&mut ada).await;
    assert_eq!(
        (rows.len(), rows[0].account_name.as_str(), rows[0].subject.as_str()),
        (1, "Elsewhere Ltd", "Which one")
    );
    assert!(ben.call::<Choice>(ShowChoice::PATH, &of).await.is_err(), "once");
}

#[tokio::test]
async fn a_sender_whom_the_trusted_server_does_not_confirm_waits_for_staff() {
    let test = TestApp::with(|config| config.mail_trusts = Some("mx.portal.example".into())).await;
    let (mut olivia, bakery) = test.olivia().await;
    let mut ada = test.ada().await;
    let form = [("name", "Support"), ("email", SUPPORT), ("by_mail", "on")];
    ada.change(crate::operator::departments::rpc::SaveDepartment::PATH, &form).await.unwrap();
    mail_contact(&mut olivia, &bakery, "Ben", BEN).await;
    came(
        &test,
        BEN,
        SUPPORT,
        "Authentication-Results: mx.portal.example; dmarc=fail\r\nSubject: Forged",
        "Hi",
    )
    .await;
    came(&test, BEN, SUPPORT, "Subject: Unsaid", "Hi").await;
    came(&test, BEN, SUPPORT, "Authentication-Results: evil.example; dmarc=pass\r\nSubject: Claimed", "Hi")
        .await;
    assert_eq!((states(&test, "parked").await, desk(&mut ada).await.len()), (3, 0));
    came(&test, BEN, SUPPORT, "Authentication-Results: mx.portal.example; dmarc=pass\r\nSubject: Real", "Hi")
        .await;
    assert_eq!(desk(&mut ada).await.len(), 1);
    brought(&test, Envelope::default(), b"\xff\xfe\x00").await;
    assert_eq!(states(&test, "parked").await, 4, "what cannot be read waits, and the next goes on");
}

#[tokio::test]
async fn attachments_of_mail_are_files_and_who_stood_in_it_needs_a_click() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    mail_contact(&mut olivia, &bakery, "Ben", BEN).await;
    let raw = format!(
        "From: {BEN}\r\nTo: {SUPPORT}, wes@pixel.example\r\nCc: {OLIVIA}\r\nMessage-ID: <a@x>\r\nSubject: With a file\r\n\
        Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee the file.\r\n--b\r\nContent-Type: text/html; name=\"x.html\"\r\n\
        Content-Disposition: attachment; filename=\"x.html\"\r\n\r\n<script>alert(1)</script>\r\n--b--\r\n"
    );
    brought(&test, Envelope { from: BEN.into(), to: vec![SUPPORT.into()] }, raw.as_bytes()).await;
    let ticket = desk(&mut ada).await[0].id.to_string();
    let view = see(&mut ada, &bakery, &ticket).await;
    assert_eq!(view.messages[0].files[0].name, "x.html");
    assert!(view.messages[0].html.contains("See the file."));
    let outsiders: Vec<&str> = view.outsiders.iter().map(|one| one.email.as_str()).collect();
    assert_eq!(outsiders, ["wes@pixel.example"], "Olivia gets it by the rule");
    assert!(see(&mut olivia, &bakery, &ticket).await.outsiders.is_empty());
    answer(&mut ada, &bakery, &ticket, "Thanks", &[]).await;
    assert_eq!(test.mails_to("wes@pixel.example").await, 0, "not without a click");
    answer(
        &mut ada,
        &bakery,
        &ticket,
        "Thanks, Wes",
        &[("also[]", "wes@pixel.example"), ("also[]", "eve@evil.example")],
    )
    .await;
    assert_eq!((test.mails_to("wes@pixel.example").await, test.mails_to("eve@evil.example").await), (1, 0));
    let mail = test.last_mail("wes@pixel.example").await;
    assert!(!mail.body_html.contains("/a/") && mail.body_text.contains("Thanks, Wes"), "{}", mail.body_text);
    assert!(olivia.get(&format!("/a/{bakery}/activity")).await.body.contains("wes@pixel.example"));
}

#[tokio::test]
async fn what_was_kept_before_a_crash_is_worked_on_once_after_it() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    mail_contact(&mut olivia, &bakery, "Ben", BEN).await;
    let raw = format!("From: {BEN}\r\nTo: {SUPPORT}\r\nSubject: No id\r\n\r\nHi");
    let id = test.app.new_id();
    let envelope = Envelope { from: BEN.into(), to: vec![SUPPORT.into()] };
    spool::put(test.dir.path(), &id, &envelope, raw.as_bytes()).unwrap();
    work_on_all(&test.app).await.unwrap();
    // As if the program had died between the commit and the move.
    let (kept, new) = (format!("incoming/kept/{id}.eml"), format!("incoming/new/{id}.eml"));
    std::fs::rename(test.dir.path().join(kept), test.dir.path().join(new)).unwrap();
    work_on_all(&test.app).await.unwrap();
    assert_eq!(desk(&mut ada).await.len(), 1);
    assert!(spool::waiting(test.dir.path()).unwrap().is_empty());
    assert_eq!(desk(&mut ada).await[0].opened_by, "Ben");
}

#[tokio::test]
async fn mail_for_a_ticket_that_was_merged_arrives_where_it_goes_on() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    mail_contact(&mut olivia, &bakery, "Ben", BEN).await;
    came(&test, BEN, SUPPORT, "Subject: Oven", "Cold").await;
    came(&test, BEN, SUPPORT, "Subject: Oven again", "Still cold").await;
    let ids: Vec<String> = desk(&mut ada).await.into_iter().map(|row| row.id.to_string()).collect();
    answer(&mut ada, &bakery, &ids[0], "Which one?", &[("kind", "reply")]).await;
    let mail = test.last_mail(BEN).await;
    let signed = crate::features::tickets::row::find(
        crate::access::System::of(&test.app).read().await.unwrap().conn(),
        &ids[0],
        "",
        "",
    )
    .await
    .unwrap()
    .map(|ticket| crate::features::tickets::who::address(test.app.key(), &ticket))
    .unwrap();
    ada.change(
        crate::operator::arrange::rpc::MergeTickets::PATH,
        &[("ticket", ids[0].as_str()), ("number", "1002")],
    )
    .await
    .unwrap();
    test.later(1);
    // By the Message-ID that it answers, and by the signed address of the old ticket.
    let head = format!("Subject: Re: Oven\r\nIn-Reply-To: <{}@portal.example>", mail.id);
    came(&test, BEN, SUPPORT, &head, "The left one").await;
    came(&test, BEN, &signed, "Subject: x", "The right one, too").await;
    assert_eq!(see(&mut ada, &bakery, &ids[0]).await.messages.len(), 0);
    let view = see(&mut ada, &bakery, &ids[1]).await;
    let texts: Vec<bool> = ["left one", "right one"]
        .iter()
        .map(|words| view.messages.iter().any(|one| one.html.contains(words)))
        .collect();
    assert_eq!((texts, view.may.reply, states(&test, "done").await), (vec![true, true], true, 4));
    assert!(view.told.iter().any(|one| one.email == BEN), "who opened both hears of the answer");
}
