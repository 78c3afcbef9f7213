//! The ticket desk: what is due, canned replies, views, merging, splitting, moving, and work on all that is found.

use super::support::*;
use super::tickets::{department, ground, open, reply, see};
use crate::demo::browser::Browser;
use crate::error::{AppError, Result};
use crate::features::tickets::model::*;
use crate::features::tickets::rpc::*;
use crate::operator::arrange::model::Arrangement;
use crate::operator::arrange::rpc::*;
use crate::operator::bulk::model::{BulkView, TicketBulk};
use crate::operator::bulk::rpc::*;
use crate::operator::canned::model::CannedView;
use crate::operator::canned::rpc::*;
use crate::operator::customers::rpc::CloseCustomer;
use crate::operator::data::rpc::EraseCustomer;
use crate::operator::departments::rpc::SaveDepartment;
use crate::operator::tickets::model::DeskFacts;
use crate::operator::tickets::rpc::*;
use crate::permission::{StaffPermission, StaffPermissions};
use crate::types::{AccountId, Page};
use leptos::server_fn::ServerFn as _;

const OLIVIA: &str = "olivia@bakery.example";
const BEN: &str = "ben@example.com";

async fn desk(by: &mut Browser, query: &[(&str, &str)]) -> Vec<String> {
    let page: Page<TicketRow> = by.call(ListDesk::PATH, query).await.unwrap();
    page.items.into_iter().map(|row| row.subject).collect()
}

async fn facts(by: &mut Browser) -> DeskFacts {
    by.call(ShowDeskFacts::PATH, &[]).await.unwrap()
}

fn of<'a>(account: &'a AccountId, ticket: &'a str) -> [(&'static str, &'a str); 2] {
    [("account", account.as_str()), ("ticket", ticket)]
}

async fn arrangement(by: &mut Browser, ticket: &str, more: &[(&str, &str)]) -> Result<Arrangement> {
    by.call(ShowArrangement::PATH, &[&[("ticket", ticket)], more].concat()).await
}

/// Somebody of the staff who answers tickets of one department.
async fn limited(test: &TestApp, to: &str) -> Browser {
    let answers = [StaffPermission::ViewCustomers, StaffPermission::AnswerTickets]
        .into_iter()
        .collect::<StaffPermissions>();
    let sid = test.staff("Sid", "sid@portal.example", answers).await;
    let user = test.user_id("sid@portal.example").await;
    test.execute(format!("INSERT INTO staff_departments (user_id, department_id) VALUES ('{user}', '{to}')"))
        .await;
    sid
}

#[tokio::test]
async fn what_is_due_first_comes_first_and_numbers_are_kept() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let billing = department(&mut olivia, &bakery, "Billing").await;
    let wrong =
        [("id", billing.as_str()), ("version", "1"), ("name", "Billing"), ("email", "b@portal.example")];
    let typed = [&wrong[..], &[("first_answer", "soon")]].concat();
    assert_eq!(refused_fields(ada.change(SaveDepartment::PATH, &typed).await)[0].0, "first_answer");
    let typed = [&wrong[..], &[("first_answer", "1"), ("next_answer", "0:30")]].concat();
    ada.change(SaveDepartment::PATH, &typed).await.unwrap();
    // Without a promise who waits longest comes first; what was promised comes before it.
    let first = open(&mut olivia, &bakery, "Support", "First").await;
    test.later(1);
    open(&mut olivia, &bakery, "Support", "Second").await;
    test.later(1);
    let promised = open(&mut olivia, &bakery, "Billing", "Promised").await;
    assert_eq!(desk(&mut ada, &[]).await, ["Promised", "First", "Second"]);
    let due = |view: &TicketView| view.row.due.map(|at| (at.0 - view.now.0) / 60_000);
    assert_eq!(due(&see(&mut ada, &bakery, &promised).await.unwrap()), Some(60));
    assert_eq!(due(&see(&mut ada, &bakery, &first).await.unwrap()), None);
    let counts = facts(&mut ada).await;
    assert_eq!((counts.waiting, counts.mine, counts.nobody, counts.late), (3, 0, 3, 0));
    // What the customer adds does not move it; when the time has passed it is late.
    reply(&mut olivia, &bakery, &promised, "Hello?", &[]).await.unwrap();
    test.later(61);
    assert_eq!(facts(&mut ada).await.late, 1);
    assert_eq!(desk(&mut ada, &[("whose", "late")]).await, ["Promised"]);
    assert!(ada.get("/operator/tickets").await.body.contains("Late"));
    // Answered, nothing is due; the next answer has its own time.
    reply(&mut ada, &bakery, &promised, "Here", &[("kind", "reply")]).await.unwrap();
    let counts = facts(&mut ada).await;
    assert_eq!((counts.waiting, counts.late), (2, 0));
    test.later(1);
    reply(&mut olivia, &bakery, &promised, "And now?", &[]).await.unwrap();
    assert_eq!(due(&see(&mut ada, &bakery, &promised).await.unwrap()), Some(30));
    // In another department another promise counts, from since when it has waited.
    let support = department(&mut olivia, &bakery, "Support").await;
    let user = test.user_id("ada@operator.example").await;
    let change = [("department", support.as_str()), ("priority", "high"), ("assigned", user.as_str())];
    ada.change(ChangeTicket::PATH, &[&of(&bakery, &promised)[..], &change].concat()).await.unwrap();
    assert_eq!(due(&see(&mut ada, &bakery, &promised).await.unwrap()), None);
    let counts = facts(&mut ada).await;
    assert_eq!((counts.waiting, counts.mine, counts.nobody), (3, 1, 2));
    // Who works in one department counts what is there.
    let mut sid = limited(&test, &billing).await;
    assert_eq!(facts(&mut sid).await.waiting, 0);
}

#[tokio::test]
async fn words_find_tickets_by_what_was_written_and_nothing_that_is_not_ones_own() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let mut ben = test.member(&mut olivia, &bakery, "Ben Carter", BEN, &["tickets.open"]).await;
    let (mut oscar, elsewhere) = test.oscar().await;
    let hers = open(&mut olivia, &bakery, "Support", "Cold oven").await;
    open(&mut ben, &bakery, "Support", "Broken mixer").await;
    open(&mut oscar, &elsewhere, "Support", "Flat tyre").await;
    reply(&mut olivia, &bakery, &hers, "The thermostat is a Würzburg 900", &[]).await.unwrap();
    reply(&mut ada, &bakery, &hers, "She pays late", &[("kind", "note")]).await.unwrap();
    async fn mine(by: &mut Browser, account: &AccountId, q: &str) -> Vec<String> {
        let form = [("account", account.as_str()), ("q", q)];
        let page: Page<TicketRow> = by.call(ListTickets::PATH, &form).await.unwrap();
        page.items.into_iter().map(|row| row.subject).collect()
    }
    assert_eq!(mine(&mut olivia, &bakery, "wurzburg").await, ["Cold oven"]);
    assert_eq!(mine(&mut olivia, &bakery, "#1001").await, ["Cold oven"]);
    assert_eq!(mine(&mut olivia, &bakery, "thermo mixer").await, Vec::<String>::new());
    assert!(mine(&mut olivia, &bakery, "pays").await.is_empty(), "a note is for staff");
    assert!(mine(&mut ben, &bakery, "thermostat").await.is_empty(), "not his ticket");
    assert!(mine(&mut oscar, &elsewhere, "mixer").await.is_empty(), "not their account");
    // Staff find notes too, and what is closed.
    olivia
        .change(SetTicketStatus::PATH, &[&of(&bakery, &hers)[..], &[("to", "closed")]].concat())
        .await
        .unwrap();
    assert_eq!(desk(&mut ada, &[("q", "pays")]).await, ["Cold oven"]);
    assert_eq!(desk(&mut ada, &[("q", "1002")]).await, ["Broken mixer"]);
    assert!(desk(&mut ada, &[("q", "oven"), ("status", "answered")]).await.is_empty());
    assert!(ada.get("/operator/tickets?q=thermostat").await.body.contains("Cold oven"));
    let billing = department(&mut olivia, &bakery, "Billing").await;
    let mut sid = limited(&test, &billing).await;
    assert!(desk(&mut sid, &[("q", "oven")]).await.is_empty(), "another department's");
    // What can still be called back is not found by customers.
    reply(&mut ada, &bakery, &hers, "Zanzibar", &[("kind", "reply")]).await.unwrap();
    assert!(mine(&mut olivia, &bakery, "zanzibar").await.is_empty());
    test.later(1);
    assert_eq!(mine(&mut olivia, &bakery, "zanzibar").await, ["Cold oven"]);
    // Words with marks are words.
    for nasty in ["\"", "a AND", "NEAR(", "*", "account:x", "{subject", "สวัสดีครับ", "नमस्ते", "cafe\u{301}"]
    {
        desk(&mut ada, &[("q", nasty)]).await;
        mine(&mut olivia, &bakery, nasty).await;
    }
}

#[tokio::test]
async fn canned_replies_are_filled_in_and_nothing_is_sent() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let ticket = open(&mut olivia, &bakery, "Support", "Cold oven").await;
    let fields =
        |result: Result<_>| refused_fields(result).into_iter().map(|(field, _)| field).collect::<Vec<_>>();
    assert_eq!(fields(ada.change(SaveCanned::PATH, &[]).await), ["name", "text"]);
    let unknown = [("name", "Oven"), ("text", "Hello {{nobody}}")];
    assert_eq!(fields(ada.change(SaveCanned::PATH, &unknown).await), ["text"]);
    let text = "Hello {{first_name}}, #{{number}} “{{subject}}” of {{customer}}. {{staff}}";
    ada.change(SaveCanned::PATH, &[("name", "Oven"), ("text", text)]).await.unwrap();
    assert_eq!(fields(ada.change(SaveCanned::PATH, &[("name", "oven"), ("text", "x")]).await), ["name"]);
    let billing = department(&mut olivia, &bakery, "Billing").await;
    let theirs = [("name", "Invoice"), ("text", "Paid."), ("department", billing.as_str())];
    ada.change(SaveCanned::PATH, &theirs).await.unwrap();
    // In the box are those of its department; customers have none.
    let shown = see(&mut ada, &bakery, &ticket).await.unwrap();
    assert_eq!(shown.canned.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>(), ["Oven"]);
    assert!(see(&mut olivia, &bakery, &ticket).await.unwrap().canned.is_empty());
    let all: Vec<CannedView> = ada.call(ListCanned::PATH, &[]).await.unwrap();
    let (invoice, oven) = (&all[0], &all[1]);
    let fill = [&of(&bakery, &ticket)[..], &[("canned", oven.id.as_str())]].concat();
    let filled: String = ada.call(FillCanned::PATH, &fill).await.unwrap();
    assert_eq!(filled, "Hello Olivia, #1001 “Cold oven” of Hart Bakery. Ada Admin");
    assert_eq!(olivia.call::<String>(FillCanned::PATH, &fill).await, Err(AppError::NotFound));
    let other = [&of(&bakery, &ticket)[..], &[("canned", invoice.id.as_str())]].concat();
    assert_eq!(ada.call::<String>(FillCanned::PATH, &other).await, Err(AppError::NotFound));
    // Without WASM it goes behind what was typed, and stays a draft.
    let mails = test.count("outbox").await;
    let insert = [("then", "insert"), ("text", "Hi."), ("canned", oven.id.as_str()), ("kind", "reply")];
    ada.change(ReplyToTicket::PATH, &[&of(&bakery, &ticket)[..], &insert].concat()).await.unwrap();
    let shown = see(&mut ada, &bakery, &ticket).await.unwrap();
    assert_eq!((shown.messages.len(), shown.draft), (1, format!("Hi.\n\n{filled}")));
    assert_eq!(test.count("outbox").await, mails);
    // A change from an old form is refused; one that is gone is gone.
    let stale = [("id", oven.id.as_str()), ("version", "0"), ("name", "Oven"), ("text", "x")];
    assert!(matches!(ada.change(SaveCanned::PATH, &stale).await, Err(AppError::Conflict(_))));
    ada.change(DeleteCanned::PATH, &[("id", oven.id.as_str())]).await.unwrap();
    assert_eq!(ada.call::<CannedView>(ShowCanned::PATH, &[("id", &oven.id)]).await, Err(AppError::NotFound));
    assert!(ada.get("/operator/tickets/canned").await.body.contains("Invoice"));
}

#[tokio::test]
async fn staff_see_each_other_and_the_customer_beside_the_ticket() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let ticket = open(&mut olivia, &bakery, "Support", "Cold oven").await;
    open(&mut olivia, &bakery, "Billing", "Invoice twice").await;
    let answers = [StaffPermission::ViewCustomers, StaffPermission::AnswerTickets]
        .into_iter()
        .collect::<StaffPermissions>();
    let mut sam = test.staff("Sam", "sam@portal.example", answers).await;
    let now = |answering: &'static str| [&of(&bakery, &ticket)[..], &[("answering", answering)]].concat();
    let (looks, writes) = (now("false"), now("true"));
    let first: TicketNow = ada.call(TicketVersion::PATH, &writes).await.unwrap();
    assert!(first.here.is_empty());
    let second: TicketNow = sam.call(TicketVersion::PATH, &looks).await.unwrap();
    assert_eq!(second.here, [Here { name: "Ada Admin".into(), answering: true }]);
    let theirs: TicketNow = olivia.call(TicketVersion::PATH, &looks).await.unwrap();
    assert!(theirs.here.is_empty(), "a customer learns nothing of it");
    let page: Page<TicketRow> = sam.call(ListDesk::PATH, &[]).await.unwrap();
    let row = page.items.iter().find(|row| row.subject == "Cold oven").unwrap();
    assert_eq!(row.answering, ["Ada Admin"]);
    test.later(1);
    let later: TicketNow = sam.call(TicketVersion::PATH, &looks).await.unwrap();
    assert!(later.here.is_empty(), "who does not ask any more has left");
    let shown = see(&mut sam, &bakery, &ticket).await.unwrap();
    let beside = shown.beside.unwrap();
    assert_eq!((beside.email.as_str(), beside.open, beside.unreached), (OLIVIA, 2, false));
    assert_eq!(beside.related.iter().map(|row| row.subject.as_str()).collect::<Vec<_>>(), ["Invoice twice"]);
    assert!(see(&mut olivia, &bakery, &ticket).await.unwrap().beside.is_none());
    let support = department(&mut olivia, &bakery, "Support").await;
    let mut sid = limited(&test, &support).await;
    assert!(see(&mut sid, &bakery, &ticket).await.unwrap().beside.unwrap().related.is_empty());
}

#[tokio::test]
async fn views_are_ones_own() {
    let (_test, _, _, mut ada) = ground().await;
    assert_eq!(refused_fields(ada.change(SaveTicketView::PATH, &[("whose", "mine")]).await)[0].0, "name");
    for _ in 0..2 {
        let view = [("name", "Mine <b>"), ("whose", "mine"), ("status", "answered"), ("q", "a&b")];
        ada.change(SaveTicketView::PATH, &view).await.unwrap();
    }
    let views = facts(&mut ada).await.views;
    assert_eq!(views.len(), 1);
    assert_eq!(views[0].2, "?q=a%26b&status=answered&whose=mine");
    assert!(ada.get("/operator/tickets").await.body.contains("Mine &lt;b&gt;"));
    for n in 0..19 {
        ada.change(SaveTicketView::PATH, &[("name", &format!("View {n}"))]).await.unwrap();
    }
    assert!(matches!(
        ada.change(SaveTicketView::PATH, &[("name", "One more")]).await,
        Err(AppError::Conflict(_))
    ));
    ada.change(DeleteTicketView::PATH, &[("id", &views[0].0)]).await.unwrap();
    assert_eq!(
        ada.change(DeleteTicketView::PATH, &[("id", &views[0].0)]).await.unwrap_err(),
        AppError::NotFound
    );
}

#[tokio::test]
async fn merging_shows_both_in_one_says_who_reads_more_and_is_undone() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let mut ben = test.member(&mut olivia, &bakery, "Ben Carter", BEN, &["tickets.open"]).await;
    let contact = contact_by_email(&mut olivia, &bakery, BEN).await;
    olivia.update_contact(&bakery, &contact, &[("mail[]", "support")]).await.unwrap();
    let hers = open(&mut olivia, &bakery, "Support", "Cold oven").await;
    test.later(1);
    let his = open(&mut ben, &bakery, "Support", "Oven is cold").await;
    test.later(1);
    reply(&mut olivia, &bakery, &hers, "Still cold", &[]).await.unwrap();
    let mails = test.count("outbox").await;
    // What it changes is said first.
    let plan = arrangement(&mut ada, &his, &[("merge", "#1001")]).await.unwrap().merge.unwrap().unwrap();
    assert_eq!(
        (plan.number, plan.read_theirs, plan.read_this.len()),
        (1001, vec!["Ben Carter".to_owned()], 0)
    );
    assert_eq!(plan.told, [OLIVIA, BEN]);
    let page = ada.get(&format!("/operator/tickets/{his}/arrange?merge=1001")).await.body;
    assert!(page.contains("Ben Carter") && page.contains("will also read"), "{page}");
    for (number, why) in [("1002", "no other ticket"), ("77", "no other ticket"), ("x", "no other ticket")] {
        let refused = arrangement(&mut ada, &his, &[("merge", number)]).await.unwrap().merge.unwrap();
        assert!(refused.unwrap_err().contains(why), "{number}");
    }
    let merge = [("ticket", his.as_str()), ("number", "1001")];
    let done = ada.change(MergeTickets::PATH, &merge).await.unwrap();
    assert_eq!(done.to, format!("/a/{bakery}/tickets/{hers}"));
    assert!(done.undo.is_some());
    assert_eq!(test.count("outbox").await, mails, "nobody is mailed about it");
    // Both in one, in order of time; he sees it now, and hears of answers.
    let view = see(&mut ben, &bakery, &hers).await.unwrap();
    let by: Vec<&str> = view.messages.iter().map(|one| one.by.as_str()).collect();
    assert_eq!(by, ["Olivia Hart", "Ben Carter", "Olivia Hart"]);
    let shown = see(&mut ada, &bakery, &hers).await.unwrap();
    assert_eq!(shown.merged.iter().map(|(_, number)| *number).collect::<Vec<_>>(), [1002]);
    assert_eq!(shown.told.iter().map(|one| one.email.as_str()).collect::<Vec<_>>(), [OLIVIA, BEN]);
    let old = see(&mut ben, &bakery, &his).await.unwrap();
    assert_eq!((old.merged_into.map(|(_, number)| number), old.messages.len()), (Some(1001), 0));
    assert!(!old.may.reply);
    // Nothing goes on in the other one.
    let answer = [("version", "9"), ("text", "x"), ("kind", "reply")];
    for (path, form) in [
        (ReplyToTicket::PATH, &answer[..]),
        (SetTicketStatus::PATH, &[("to", "open")]),
        (ChangeTicket::PATH, &[]),
    ] {
        let refused = ada.change(path, &[&of(&bakery, &his)[..], form].concat()).await;
        assert!(matches!(refused, Err(AppError::Conflict(_))), "{path}: {refused:?}");
    }
    assert!(matches!(ada.change(MergeTickets::PATH, &merge).await, Err(AppError::Conflict(_))), "once");
    // Never a chain: one that others are in goes nowhere, and nothing goes into one that is in another.
    open(&mut olivia, &bakery, "Support", "Third").await;
    let third = [("ticket", hers.as_str()), ("number", "1003")];
    assert!(matches!(ada.change(MergeTickets::PATH, &third).await, Err(AppError::Conflict(_))));
    let refused = arrangement(&mut ada, &hers, &[("merge", "1002")]).await.unwrap().merge.unwrap();
    assert!(refused.unwrap_err().contains("itself merged into #1001"));
    reply(&mut ada, &bakery, &hers, "Turn it on", &[("kind", "reply")]).await.unwrap();
    // Undone: each has what was written in it.
    ada.change(UnmergeTicket::PATH, &[("ticket", his.as_str())]).await.unwrap();
    assert!(matches!(
        ada.change(UnmergeTicket::PATH, &[("ticket", his.as_str())]).await,
        Err(AppError::Conflict(_))
    ));
    test.later(1);
    assert_eq!(see(&mut ben, &bakery, &hers).await.unwrap_err(), AppError::NotFound);
    let view = see(&mut ben, &bakery, &his).await.unwrap();
    assert_eq!((view.messages.len(), view.row.status, view.may.reply), (1, Status::Open, true));
    let view = see(&mut olivia, &bakery, &hers).await.unwrap();
    assert_eq!((view.messages.len(), view.row.status), (3, Status::Answered));
    let trail = olivia.get(&format!("/a/{bakery}/activity")).await.body;
    assert!(
        trail.contains("merged ticket #1002 into #1001")
            && trail.contains("took ticket #1002 back out of #1001")
    );
    // Who works in another department neither sees nor merges it.
    let billing = department(&mut olivia, &bakery, "Billing").await;
    let mut sid = limited(&test, &billing).await;
    assert_eq!(arrangement(&mut sid, &his, &[]).await.unwrap_err(), AppError::NotFound);
    for path in [MergeTickets::PATH, UnmergeTicket::PATH, PutBack::PATH, MoveTicket::PATH, MoveBack::PATH] {
        assert_eq!(sid.change(path, &merge).await.unwrap_err(), AppError::NotFound, "{path}");
    }
}

#[tokio::test]
async fn a_ticket_is_split_and_put_back() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let ben = test.member(&mut olivia, &bakery, "Ben Carter", BEN, &["tickets.view", "tickets.open"]).await;
    let mut ben = ben;
    let ticket = open(&mut olivia, &bakery, "Support", "Cold oven").await;
    test.later(1);
    reply(&mut ben, &bakery, &ticket, "And the mixer is loud", &[]).await.unwrap();
    let pieces = arrangement(&mut ada, &ticket, &[]).await.unwrap().pieces;
    assert_eq!(pieces.iter().map(|one| one.by.as_str()).collect::<Vec<_>>(), ["Olivia Hart", "Ben Carter"]);
    let id = ticket.as_str();
    assert!(ada.get(&format!("/operator/tickets/{id}/arrange")).await.body.contains("And the mixer is loud"));
    assert_eq!(refused_fields(ada.change(SplitTicket::PATH, &[("ticket", id)]).await)[0].0, "subject");
    let named = [("ticket", id), ("subject", "Loud mixer")];
    let of_another = [&named[..], &[("messages[]", "01k9zv5s8t3w2x1y0abcdefghj")]].concat();
    assert_eq!(
        refused_fields(ada.change(SplitTicket::PATH, &of_another).await)[0].1,
        "Tick the messages that go into the new ticket."
    );
    let all: Vec<(&str, &str)> = pieces.iter().map(|one| ("messages[]", one.id.as_str())).collect();
    let refused = refused_fields(ada.change(SplitTicket::PATH, &[&named[..], &all].concat()).await);
    assert_eq!(refused[0].1, "Leave at least one message here.");
    assert_eq!(test.count("tickets").await, 1, "nothing is half done");
    let done = ada.change(SplitTicket::PATH, &[&named[..], &all[1..]].concat()).await.unwrap();
    let new = done.to.rsplit('/').next().unwrap().to_owned();
    let view = see(&mut ada, &bakery, &new).await.unwrap();
    assert_eq!(
        (view.row.number, view.row.subject.as_str(), view.row.opened_by.as_str()),
        (1002, "Loud mixer", "Ben Carter")
    );
    assert_eq!((view.messages.len(), view.split_from.map(|(_, number)| number)), (1, Some(1001)));
    assert_eq!(see(&mut ada, &bakery, id).await.unwrap().messages.len(), 1);
    reply(&mut ada, &bakery, &new, "Oil it", &[("kind", "reply")]).await.unwrap();
    // Put back, the answer that was written meanwhile comes along.
    ada.change(PutBack::PATH, &[("ticket", new.as_str())]).await.unwrap();
    assert_eq!(see(&mut ada, &bakery, id).await.unwrap().messages.len(), 3);
    assert!(matches!(ada.change(PutBack::PATH, &[("ticket", id)]).await, Err(AppError::Conflict(_))));
    let trail = olivia.get(&format!("/a/{bakery}/activity")).await.body;
    assert!(trail.contains("split ticket #1002 from #1001"), "{trail}");
}

#[tokio::test]
async fn what_was_rearranged_twice_is_undone_as_a_whole() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let mut ben = test.member(&mut olivia, &bakery, "Ben Carter", BEN, &["tickets.open"]).await;
    let first = open(&mut olivia, &bakery, "Support", "Cold oven").await;
    test.later(1);
    reply(&mut olivia, &bakery, &first, "And the mixer is loud", &[]).await.unwrap();
    let other = open(&mut olivia, &bakery, "Support", "Mixer").await;
    let closed = [&of(&bakery, &other)[..], &[("to", "closed")]].concat();
    olivia.change(SetTicketStatus::PATH, &closed).await.unwrap();
    // Split off, and merged elsewhere: the undo brings back what the split had taken, and the other is closed again.
    let mixer = arrangement(&mut ada, &first, &[]).await.unwrap().pieces.pop().unwrap().id;
    let split = [("ticket", first.as_str()), ("subject", "Loud mixer"), ("messages[]", &mixer)];
    let done = ada.change(SplitTicket::PATH, &split).await.unwrap();
    let new = done.to.rsplit('/').next().unwrap().to_owned();
    ada.change(MergeTickets::PATH, &[("ticket", &new), ("number", "1002")]).await.unwrap();
    assert_eq!(see(&mut ada, &bakery, &other).await.unwrap().row.status, Status::Open);
    ada.change(UnmergeTicket::PATH, &[("ticket", &new)]).await.unwrap();
    assert_eq!(see(&mut ada, &bakery, &new).await.unwrap().messages.len(), 1);
    let view = see(&mut ada, &bakery, &other).await.unwrap();
    assert_eq!((view.row.status, view.messages.len()), (Status::Closed, 1));
    // Put back, and taken out again.
    ada.change(PutBack::PATH, &[("ticket", &new)]).await.unwrap();
    assert_eq!(see(&mut ada, &bakery, &first).await.unwrap().messages.len(), 2);
    ada.change(UnmergeTicket::PATH, &[("ticket", &new)]).await.unwrap();
    assert_eq!(see(&mut ada, &bakery, &new).await.unwrap().messages.len(), 1);
    // Of two tickets of one person the one that stays keeps them in it; who is taken out hears nothing.
    let (a, c) =
        (open(&mut ben, &bakery, "Support", "One").await, open(&mut ben, &bakery, "Support", "Two").await);
    for ticket in [&a, &c] {
        ada.change(MergeTickets::PATH, &[("ticket", ticket), ("number", "1001")]).await.unwrap();
    }
    ada.change(UnmergeTicket::PATH, &[("ticket", &a)]).await.unwrap();
    assert!(see(&mut ben, &bakery, &first).await.is_ok(), "what he wrote in the other is there");
    let contact = contact_by_email(&mut olivia, &bakery, BEN).await.id;
    test.execute(format!("UPDATE contacts SET mail = 'support' WHERE id = '{contact}'")).await;
    let told = see(&mut ada, &bakery, &first).await.unwrap().told;
    assert!(told.iter().any(|one| one.email == BEN), "{told:?}");
    let person = [&of(&bakery, &first)[..], &[("contact", contact.as_str())]].concat();
    olivia.change(RemoveTicketPerson::PATH, &person).await.unwrap();
    let told = see(&mut ada, &bakery, &first).await.unwrap().told;
    assert!(told.iter().all(|one| one.email != BEN), "{told:?}");
}

#[tokio::test]
async fn what_was_split_off_and_moved_outlives_the_customer_it_came_from() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let (mut oscar, elsewhere) = test.oscar().await;
    let ticket = open(&mut olivia, &bakery, "Support", "Cold oven").await;
    reply(&mut olivia, &bakery, &ticket, "My friend's tyre is flat, too", &[]).await.unwrap();
    let tyre = arrangement(&mut ada, &ticket, &[]).await.unwrap().pieces.pop().unwrap().id;
    let split = [("ticket", ticket.as_str()), ("subject", "Flat tyre"), ("messages[]", &tyre)];
    let done = ada.change(SplitTicket::PATH, &split).await.unwrap();
    let new = done.to.rsplit('/').next().unwrap().to_owned();
    ada.change(MoveTicket::PATH, &[("ticket", new.as_str()), ("number", "10002")]).await.unwrap();
    ada.change(CloseCustomer::PATH, &[("account", bakery.as_str()), ("reason", "Gone")]).await.unwrap();
    let erase = [("account", bakery.as_str()), ("number", "10001"), ("reason", "Asked")];
    ada.change(EraseCustomer::PATH, &erase).await.unwrap();
    assert_eq!(see(&mut oscar, &elsewhere, &new).await.unwrap().messages.len(), 1);
    assert!(desk(&mut ada, &[("q", "oven")]).await.is_empty(), "nothing of the other is found");
    assert_eq!(test.count("ticket_rows").await, 2, "of the ticket, and of its message");
    assert!(matches!(ada.change(MoveBack::PATH, &[("ticket", &new)]).await, Err(AppError::Conflict(_))));
    assert!(matches!(ada.change(PutBack::PATH, &[("ticket", &new)]).await, Err(AppError::Conflict(_))));
}

#[tokio::test]
async fn a_ticket_goes_to_another_customer_and_back() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let mut ben = test.member(&mut olivia, &bakery, "Ben Carter", BEN, &["tickets.open"]).await;
    let (mut oscar, elsewhere) = test.oscar().await;
    let ticket = open(&mut ben, &bakery, "Support", "Flat tyre").await;
    let id = ticket.as_str();
    assert!(
        arrangement(&mut ada, id, &[("customer", "10001")]).await.unwrap().moving.unwrap().is_err(),
        "its own"
    );
    let plan = arrangement(&mut ada, id, &[("customer", "10002")]).await.unwrap().moving.unwrap().unwrap();
    assert_eq!(
        (plan.account.clone(), plan.opener.as_str(), plan.lose),
        (elsewhere.clone(), "", vec!["Ben Carter".to_owned()])
    );
    let wrong = [("ticket", id), ("number", "77")];
    assert_eq!(refused_fields(ada.change(MoveTicket::PATH, &wrong).await)[0].0, "customer");
    let mails = test.count("outbox").await;
    let done = ada.change(MoveTicket::PATH, &[("ticket", id), ("number", "10002")]).await.unwrap();
    assert_eq!(done.to, format!("/a/{elsewhere}/tickets/{ticket}"));
    assert_eq!(test.count("outbox").await, mails);
    assert_eq!(see(&mut ben, &bakery, id).await.unwrap_err(), AppError::NotFound);
    assert_eq!(see(&mut olivia, &bakery, id).await.unwrap_err(), AppError::NotFound);
    assert_eq!(see(&mut oscar, &elsewhere, id).await.unwrap().messages.len(), 1);
    let told = see(&mut ada, &elsewhere, id).await.unwrap().told;
    assert!(told.iter().all(|one| one.email != BEN && one.email != OLIVIA), "{told:?}");
    assert!(desk(&mut ada, &[("q", "tyre")]).await.len() == 1);
    let found: Page<TicketRow> =
        oscar.call(ListTickets::PATH, &[("account", elsewhere.as_str()), ("q", "script")]).await.unwrap();
    assert_eq!(found.items.len(), 1, "what was written is found on its new account");
    // Neither learns who the other is.
    let (here, there) = (
        olivia.get(&format!("/a/{bakery}/activity")).await.body,
        oscar.get(&format!("/a/{elsewhere}/activity")).await.body,
    );
    assert!(here.contains("moved ticket #1001 to another customer"), "{here}");
    assert!(
        there.contains("moved ticket #1001 here from another customer") && !there.contains("Hart Bakery"),
        "{there}"
    );
    assert!(see(&mut oscar, &elsewhere, id).await.unwrap().moved_from.is_none(), "nor from the ticket");
    ada.change(MoveBack::PATH, &[("ticket", id)]).await.unwrap();
    assert!(see(&mut ben, &bakery, id).await.unwrap().may.reply, "it is his again");
    assert_eq!(see(&mut oscar, &elsewhere, id).await.unwrap_err(), AppError::NotFound);
    assert!(matches!(ada.change(MoveBack::PATH, &[("ticket", id)]).await, Err(AppError::Conflict(_))));
}

#[tokio::test]
async fn many_tickets_are_given_closed_and_undone() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    async fn ended(ada: &mut Browser, to: &str) -> BulkView {
        let id = to.rsplit('/').next().unwrap();
        loop {
            let view: BulkView = ada.call(ShowBulk::PATH, &[("id", id)]).await.unwrap();
            if !view.running {
                return view;
            }
            tokio::task::yield_now().await;
        }
    }
    let first = open(&mut olivia, &bakery, "Support", "First").await;
    let second = open(&mut olivia, &bakery, "Support", "Second").await;
    open(&mut olivia, &bakery, "Billing", "Third").await;
    reply(&mut ada, &bakery, &second, "Done", &[("kind", "reply")]).await.unwrap();
    let support = department(&mut olivia, &bakery, "Support").await;
    let plan: TicketBulk = ada.call(PlanTicketBulk::PATH, &[("department", support.as_str())]).await.unwrap();
    assert_eq!((plan.count, plan.departments.len()), (1, 2));
    assert!(
        ada.get(&format!("/operator/tickets/bulk?department={support}"))
            .await
            .body
            .contains("Tickets found: 1")
    );
    // Given to somebody, and back to nobody.
    let own = test.user_id("ada@operator.example").await;
    let wrong = [("act", "transfer"), ("transfer", "x")];
    assert_eq!(refused_fields(ada.change(BeginBulk::PATH, &wrong).await)[0].0, "transfer");
    let begun = ada.change(BeginBulk::PATH, &[("act", "assign"), ("assign", own.as_str())]).await.unwrap();
    let view = ended(&mut ada, &begun.to).await;
    assert_eq!((view.total, view.changed, view.left), (2, 2, 0), "those that wait");
    assert_eq!(facts(&mut ada).await.mine, 2);
    let undone = ada.change(UndoBulk::PATH, &[("id", &view.id)]).await.unwrap();
    assert_eq!(ended(&mut ada, &undone.to).await.changed, 2);
    assert_eq!(facts(&mut ada).await.mine, 0);
    // Closed, found by words in whatever status; undone, each is as it was.
    let mails = test.count("outbox").await;
    let close = [("act", "close-ticket"), ("q", "oven"), ("reason", "Old")];
    let begun = ada.change(BeginBulk::PATH, &close).await.unwrap();
    let view = ended(&mut ada, &begun.to).await;
    assert_eq!((view.changed, view.left), (3, 0));
    assert_eq!(facts(&mut ada).await.waiting, 0);
    assert!(olivia.get(&format!("/a/{bakery}/activity")).await.body.contains("closed ticket #1001"));
    let undone = ada.change(UndoBulk::PATH, &[("id", &view.id)]).await.unwrap();
    ended(&mut ada, &undone.to).await;
    assert_eq!(see(&mut ada, &bakery, &first).await.unwrap().row.status, Status::Open);
    assert_eq!(see(&mut ada, &bakery, &second).await.unwrap().row.status, Status::Answered);
    assert_eq!(test.count("outbox").await, mails, "nobody is mailed");
    // What went to another department meanwhile is left alone, for who works in one.
    let mut sid = limited(&test, &support).await;
    let move_all = [("act", "transfer"), ("transfer", support.as_str())];
    let begun = ada.change(BeginBulk::PATH, &move_all).await.unwrap();
    assert_eq!((ended(&mut ada, &begun.to).await.changed, facts(&mut sid).await.waiting), (1, 2));
    let seen: BulkView =
        sid.call(ShowBulk::PATH, &[("id", begun.to.rsplit('/').next().unwrap())]).await.unwrap();
    assert_eq!(seen.changed, 1);
    let close_customers = [("act", "close"), ("reason", "x")];
    assert!(matches!(sid.change(BeginBulk::PATH, &close_customers).await, Err(AppError::Forbidden(_))));
}

/// Everybody to whom a mail was written, as often as one was.
async fn mailed(test: &TestApp) -> Vec<String> {
    let all = test.scalar_text("SELECT coalesce(group_concat(to_email, ' '), '') FROM outbox").await;
    all.split_whitespace().map(str::to_owned).collect()
}

/// Somebody of the account in a line of `cases.txt`: "ann", who can log in and may open tickets.
fn person(name: &str) -> (&'static str, &'static str) {
    match name {
        "ann" => ("Ann Lee", "ann@example.com"),
        "ben" => ("Ben Carter", BEN),
        _ => panic!("{name}"),
    }
}

/// What happens in a ticket, as `cases.txt` of recipients says, in the real application: each line that begins with
/// "ticket:" is a portal of its own.
#[tokio::test]
async fn every_event_of_a_ticket_is_mailed_to_whom_the_table_of_cases_names() {
    let lines = include_str!("../features/recipients/cases.txt").lines();
    let mut cases = 0;
    for line in lines.filter(|line| line.starts_with("ticket:")) {
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        let [event, situation, expected] = parts.as_slice() else { panic!("{line}") };
        let event = event.trim_start_matches("ticket:").trim();
        let has = |word: &str| situation.split(',').any(|one| one.trim() == word);
        let (test, mut olivia, bakery, mut ada) = ground().await;
        let mut people = Vec::new();
        for name in ["ann", "ben"] {
            let (called, email) = person(name);
            let rights: &[&str] =
                if has(&format!("{name} without rights")) { &[] } else { &["tickets.open", "tickets.close"] };
            let browser =
                test.member(&mut olivia, &bakery, called, email, &["tickets.open", "tickets.close"]).await;
            let contact = contact_by_email(&mut olivia, &bakery, email).await.id;
            let mail = if has(&format!("{name} on")) { "support" } else { "" };
            test.execute(format!("UPDATE contacts SET mail = '{mail}' WHERE id = '{contact}'")).await;
            people.push((name, browser, contact, rights));
        }
        // Somebody else reads the main address, unless it is the owner's.
        if !has("main is the owner") {
            test.execute(format!("UPDATE accounts SET email = 'main@bakery.example' WHERE id = '{bakery}'"))
                .await;
        }
        if has("main wants no copies") {
            test.execute(format!("UPDATE accounts SET no_copies = TRUE WHERE id = '{bakery}'")).await;
        }
        let owner = contact_by_email(&mut olivia, &bakery, OLIVIA).await.id;
        let mail = if has("owner on") { "support" } else { "" };
        test.execute(format!("UPDATE contacts SET mail = '{mail}' WHERE id = '{owner}'")).await;
        let opener = situation.split(',').find_map(|one| one.trim().strip_prefix("opened by "));
        let ticket = match opener {
            Some("ann") => open(&mut people[0].1, &bakery, "Support", "Cold oven").await,
            Some("ben") => open(&mut people[1].1, &bakery, "Support", "Cold oven").await,
            _ => open(&mut olivia, &bakery, "Support", "Cold oven").await,
        };
        let second = open(&mut people[1].1, &bakery, "Support", "Oven is cold").await;
        let support = department(&mut olivia, &bakery, "Support").await;
        for (name, _, contact, rights) in &people {
            if rights.is_empty() {
                test.execute(format!("UPDATE contacts SET permissions = '' WHERE id = '{contact}'")).await;
            }
            if has(&format!("{name} closed")) {
                test.execute(format!("UPDATE contacts SET status = 'closed' WHERE id = '{contact}'")).await;
            }
            if has(&format!("{name} barred")) {
                test.execute(format!("INSERT INTO closed_departments (contact_id, department_id) VALUES ('{contact}', '{support}')"))
                    .await;
            }
        }
        let of_ticket = of(&bakery, &ticket);
        let held = || {
            test.execute(format!(
                "INSERT INTO ticket_messages (id, ticket_id, kind, state, badge, by_name, by_email, text, created_at, shown_at)
                VALUES ('01k9zv5s8t3w2x1y0abcdefghk', '{ticket}', 'message', 'held', 'other', 'Eve', 'eve@elsewhere.example', 'Me too', 1, 1)"
            ))
        };
        if event.contains("held") {
            held().await;
            test.execute(format!("UPDATE tickets SET held = 1 WHERE id = '{ticket}'")).await;
        }
        if event == "answered after a merge" {
            ada.change(MergeTickets::PATH, &[("ticket", second.as_str()), ("number", "1001")]).await.unwrap();
        }
        let before = mailed(&test).await;
        let with = |more: &[(&'static str, &'static str)]| [&of_ticket[..], more].concat();
        match event {
            "opened by ann" => {
                open(&mut people[0].1, &bakery, "Support", "More").await;
            }
            "opened by the owner" => {
                open(&mut olivia, &bakery, "Support", "More").await;
            }
            "answered by ann" => {
                reply(&mut people[0].1, &bakery, &ticket, "More", &[]).await.unwrap();
            }
            "answered" | "answered after a merge" => {
                reply(&mut ada, &bakery, &ticket, "Done", &[("kind", "reply")]).await.unwrap();
            }
            "answered and closed" => {
                reply(&mut ada, &bakery, &ticket, "Done", &[("kind", "reply"), ("then", "close")])
                    .await
                    .unwrap();
            }
            "answered and called back" => {
                reply(&mut ada, &bakery, &ticket, "Done", &[("kind", "reply")]).await.unwrap();
                let message = see(&mut ada, &bakery, &ticket).await.unwrap().messages.pop().unwrap().id;
                ada.change(CallBackReply::PATH, &[&of_ticket[..], &[("message", &message)]].concat())
                    .await
                    .unwrap();
            }
            "noted" => {
                reply(&mut ada, &bakery, &ticket, "Hm", &[("kind", "note")]).await.unwrap();
            }
            "closed" => {
                ada.change(SetTicketStatus::PATH, &with(&[("to", "closed")])).await.unwrap();
            }
            "given to somebody" => {
                let user = test.user_id("ada@operator.example").await;
                let form =
                    [("department", support.as_str()), ("priority", "high"), ("assigned", user.as_str())];
                ada.change(ChangeTicket::PATH, &[&of_ticket[..], &form].concat()).await.unwrap();
            }
            "a person added" => {
                let ben = people[1].2.to_string();
                ada.change(AddTicketPerson::PATH, &[&of_ticket[..], &[("contact", &ben)]].concat())
                    .await
                    .unwrap();
            }
            "merged" => {
                ada.change(MergeTickets::PATH, &[("ticket", second.as_str()), ("number", "1001")])
                    .await
                    .unwrap();
            }
            "split" => {
                reply(&mut ada, &bakery, &ticket, "Hm", &[("kind", "note")]).await.unwrap();
                let note = see(&mut ada, &bakery, &ticket).await.unwrap().messages.pop().unwrap().id;
                let form = [("ticket", ticket.as_str()), ("subject", "Two"), ("messages[]", &note)];
                ada.change(SplitTicket::PATH, &form).await.unwrap();
            }
            "moved" => {
                test.oscar().await;
                let before = test.count("outbox").await;
                ada.change(MoveTicket::PATH, &[("ticket", ticket.as_str()), ("number", "10002")])
                    .await
                    .unwrap();
                assert_eq!(test.count("outbox").await, before, "{line}");
                cases += 1;
                continue;
            }
            "mail held" => {}
            "mail held and allowed" => {
                let form = with(&[("message", "01k9zv5s8t3w2x1y0abcdefghk"), ("decision", "once")]);
                olivia.change(DecideHeld::PATH, &form).await.unwrap();
            }
            "mail held and rejected" => {
                let form = with(&[("message", "01k9zv5s8t3w2x1y0abcdefghk"), ("decision", "reject")]);
                olivia.change(DecideHeld::PATH, &form).await.unwrap();
            }
            _ => panic!("{line}"),
        }
        let mut sent = mailed(&test).await;
        for one in before {
            if let Some(at) = sent.iter().position(|email| *email == one) {
                sent.swap_remove(at);
            }
        }
        // Staff hear of customers' words in another way, which is no rule of an account.
        let got: std::collections::BTreeSet<&str> = sent
            .iter()
            .filter(|email| !email.ends_with("portal.example") && !email.ends_with("operator.example"))
            .map(|email| email.split('@').next().unwrap_or_default())
            .collect();
        let expected: std::collections::BTreeSet<&str> =
            expected.split(' ').filter(|name| !name.is_empty() && *name != "nobody").collect();
        assert_eq!(got, expected, "{line}");
        cases += 1;
    }
    assert!(cases >= 24, "{cases}");
}
