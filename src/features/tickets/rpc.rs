//! Server functions of tickets. Line 1 of each is the proof of access.

use super::model::{NewTicketPage, ReplyForm, TicketForm, TicketNow, TicketRow, TicketView};
#[cfg(feature = "ssr")]
use super::model::{Priority, Status, TEXT};
#[cfg(feature = "ssr")]
use super::row::Ticket;
#[cfg(feature = "ssr")]
use super::who::{self, Writer};
#[cfg(feature = "ssr")]
use super::write::{Body, TicketToOpen};
#[cfg(feature = "ssr")]
use super::{canned, files, presence, store, words, write};
#[cfg(feature = "ssr")]
use crate::access::{Access, CloseTickets, InAccount, ManageContacts, OpenTickets, SeeTickets, Tx};
#[cfg(feature = "ssr")]
use crate::error::AppError;
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::{AuditChange, AuditKind};
#[cfg(feature = "ssr")]
use crate::features::audit::record::Entry;
#[cfg(feature = "ssr")]
use crate::features::mail::letter::markdown;
#[cfg(feature = "ssr")]
use crate::features::{contacts, domains, services};
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use crate::permission::Permission;
use crate::types::{AccountId, ContactId, ListQuery, Page, TicketId};
#[cfg(feature = "ssr")]
use crate::types::{EmailAddress, text_block};
use leptos::prelude::*;

/// A page of the tickets that the person sees.
#[server(prefix = "/rpc", endpoint = "tickets/list")]
pub async fn list_tickets(
    account: AccountId,
    #[server(flatten)] query: ListQuery,
) -> Result<Page<TicketRow>> {
    let access = Access::<SeeTickets>::to(account).await?;
    store::list(&mut access.read().await?, &query).await
}

/// A ticket with what was written in it.
#[server(prefix = "/rpc", endpoint = "tickets/show")]
pub async fn show_ticket(account: AccountId, ticket: TicketId) -> Result<TicketView> {
    let access = Access::<SeeTickets>::to(account).await?;
    store::show(&mut access.read().await?, &ticket).await
}

/// What an open page of a ticket asks for again and again: whether something was written, and who else of the staff
/// is there. `answering` says that the person has begun to write.
#[server(prefix = "/rpc", endpoint = "tickets/version")]
pub async fn ticket_version(
    account: AccountId,
    ticket: TicketId,
    #[server(default)] answering: bool,
) -> Result<TicketNow> {
    let access = Access::<SeeTickets>::to(account).await?;
    let mut reader = access.read().await?;
    let version = store::seen(&mut reader, &ticket).await?.version;
    let member = access.membership();
    let mut here = Vec::new();
    if member.staff.is_some() {
        let (user, now) = (&member.user, reader.now());
        presence::note(ticket.as_str(), user.id.as_str(), &user.name, answering, now);
        here = presence::here(ticket.as_str(), user.id.as_str(), now);
    }
    Ok(TicketNow { version, here })
}

/// What somebody writes as it will stand in the ticket, as HTML of our own making.
#[server(prefix = "/rpc", endpoint = "tickets/preview")]
pub async fn preview_ticket(account: AccountId, #[server(default)] text: String) -> Result<String> {
    Access::<SeeTickets>::to(account).await?;
    let text = text_block(&text, TEXT).map_err(|message| AppError::field("text", message))?;
    Ok(markdown(&text))
}

/// A canned reply with the ticket's values in place of its variables, for staff.
#[server(prefix = "/rpc", endpoint = "tickets/canned")]
pub async fn fill_canned(
    account: AccountId,
    ticket: TicketId,
    #[server(default)] canned: String,
) -> Result<String> {
    let access = Access::<SeeTickets>::to(account).await?;
    let member = access.membership();
    let mut reader = access.read().await?;
    let found = store::seen(&mut reader, &ticket).await?;
    if member.staff.is_none() {
        return Err(AppError::NotFound);
    }
    canned::filled(reader.conn(), &canned, &found, &member.user.name).await
}

/// What the form of a new ticket needs.
#[server(prefix = "/rpc", endpoint = "tickets/new")]
pub async fn new_ticket(account: AccountId) -> Result<NewTicketPage> {
    let access = Access::<OpenTickets>::to(account).await?;
    store::new_page(&mut access.read().await?).await
}

/// Opens a ticket.
#[server(prefix = "/rpc", endpoint = "tickets/open")]
pub async fn open_ticket(account: AccountId, #[server(flatten)] form: TicketForm) -> Result<Outcome> {
    let access = Access::<OpenTickets>::to(account).await?;
    brought(&form.files)?;
    let form = form.parse()?;
    let mut tx = access.begin().await?;
    let member = access.membership();
    let departments = store::departments(&mut tx).await?;
    if !departments.iter().any(|(id, _)| *id == form.department) {
        return Err(AppError::field("department", words::CHOOSE_A_DEPARTMENT));
    }
    if !form.asset.is_empty() {
        let (mine, domains) =
            (services::store::assets(&mut tx).await?, domains::store::assets(&mut tx).await?);
        if !mine.iter().chain(&domains).any(|one| one.id.as_str() == form.asset) {
            return Err(AppError::field("asset", words::CHOOSE_AN_ASSET));
        }
    }
    let by = Writer::of(member);
    let (opener, opened_by) = match (member.staff.is_some(), ContactId::parse(&form.contact)) {
        (false, _) => (Some(member.contact.clone()), member.user.name.clone()),
        (true, None) => (None, member.user.name.clone()),
        (true, Some(contact)) => {
            let (_, name) = store::contact(&mut tx, &contact).await?;
            (Some(contact), name)
        }
    };
    if store::opened_today(&mut tx, PER_DAY).await? >= PER_DAY {
        return Err(AppError::Conflict(words::TOO_MANY_TODAY.into()));
    }
    let new = TicketToOpen {
        account: &member.account,
        department: &form.department,
        asset: &form.asset,
        priority: Priority::from_key(&form.priority),
        subject: &form.subject,
        opener: opener.as_ref(),
        opened_by: &opened_by,
    };
    let text = Body { text: &form.text, draft: Some(""), ..Body::default() };
    let (ticket, _) = write::open(&mut tx, &new, &by, &text).await?;
    let says = words::opened(&ticket.number, &ticket.subject);
    tx.record(Entry::new(AuditKind::TicketOpened, says)).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::ticket(&member.in_url, &ticket.id.clone().into()), words::is_open(&ticket.number)))
}

/// Refuses a form without WASM whose files were chosen and not brought: only their names are here.
#[cfg(feature = "ssr")]
fn brought(files: &[String]) -> Result<()> {
    if files.iter().all(String::is_empty) {
        Ok(())
    } else {
        Err(AppError::Conflict(words::ATTACH_FIRST.into()))
    }
}

/// Tickets that one account opens in a day, by people: each is a mail to staff.
#[cfg(feature = "ssr")]
const PER_DAY: i64 = 200;

/// Answers that one person writes in a day: each is a mail, too.
#[cfg(feature = "ssr")]
const MESSAGES_PER_DAY: i64 = 500;

/// Answers a ticket, or adds a note that staff alone see. `version` is what the person had read: when something was
/// written since, nothing is sent, and that is shown.
#[server(prefix = "/rpc", endpoint = "tickets/reply")]
pub async fn reply_to_ticket(
    account: AccountId,
    ticket: TicketId,
    #[server(default)] version: i64,
    #[server(flatten)] form: ReplyForm,
) -> Result<Outcome> {
    let access = Access::<SeeTickets>::to(account).await?;
    let member = access.membership();
    if form.then == "insert" {
        return insert_canned(&access, &ticket, &form).await;
    }
    brought(&form.files)?;
    let text = form.parse()?;
    let mut tx = access.begin().await?;
    let found = store::seen(&mut tx, &ticket).await?;
    may_go_on(&found)?;
    let may = found.may(member);
    if !may.reply {
        return Err(AppError::Lacks { permission: Permission::OpenTickets.key().into(), asset: None });
    }
    let page = paths::ticket(&member.in_url, &ticket);
    if found.version != version {
        return Err(AppError::Conflict(words::MOVED.into()));
    }
    let by = Writer::of(member);
    let number = found.number;
    let message = Body { text: &text, draft: Some(ticket.as_str()), ..Body::default() };
    if form.kind == "note" {
        if !may.staff {
            return Err(AppError::NotFound);
        }
        write::note(&mut tx, &found, &by, &message).await?;
        tx.record_among_staff(Entry::new(AuditKind::NoteAdded, words::noted(&number))).await?;
        tx.commit().await?;
        return Ok(Outcome::at(page, words::NOTE_ADDED));
    }
    if !may.staff && store::written_today(&mut tx, MESSAGES_PER_DAY).await? >= MESSAGES_PER_DAY {
        return Err(AppError::Conflict(words::TOO_MANY_MESSAGES.into()));
    }
    let wait = if may.staff { write::WAIT } else { 0 };
    let mut others = Vec::new();
    if may.staff && !form.also.is_empty() {
        let told = who::told(tx.conn(), &found, &by).await?;
        let known = who::outsiders(tx.conn(), &found, &told).await?;
        // Only who stood in the mail that is answered, and only who was ticked.
        others = known.into_iter().map(|one| one.email).filter(|email| form.also.contains(email)).collect();
    }
    write::write(&mut tx, &found, &by, &Body { wait, ..message }, &others).await?;
    let changes = AuditChange::between(words::ALSO_SENT_TO, "", others.join(", "));
    tx.record(Entry::new(AuditKind::TicketAnswered, words::answered(&number)).with(changes)).await?;
    if form.then == "close" && may.close {
        write::set_status(&mut tx, ticket.as_str(), Status::Closed).await?;
        tx.record(Entry::new(AuditKind::TicketClosed, words::closed(&number))).await?;
    }
    tx.commit().await?;
    Ok(Outcome::at(page, if may.staff { words::SENT_SOON } else { words::SENT }))
}

/// Refuses to write in a ticket, or to change it, that was merged into another.
#[cfg(feature = "ssr")]
fn may_go_on(ticket: &Ticket) -> Result<()> {
    match ticket.merged_number {
        Some(number) => Err(AppError::Conflict(words::goes_on_in(&number))),
        None => Ok(()),
    }
}

/// Puts a canned reply behind what was written: it is the draft, and nothing is sent.
#[cfg(feature = "ssr")]
async fn insert_canned(access: &Access<SeeTickets>, ticket: &TicketId, form: &ReplyForm) -> Result<Outcome> {
    let member = access.membership();
    let mut tx = access.begin().await?;
    let found = store::seen(&mut tx, ticket).await?;
    if member.staff.is_none() {
        return Err(AppError::NotFound);
    }
    if form.canned.is_empty() {
        return Err(AppError::field("canned", words::CHOOSE_A_CANNED));
    }
    let filled = canned::filled(tx.conn(), &form.canned, &found, &member.user.name).await?;
    let text = [form.text.trim(), &filled].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
    keep_draft(&mut tx, ticket.as_str(), "", &text.join("\n\n")).await?;
    tx.unaudited("nothing was sent");
    tx.commit().await?;
    Ok(Outcome::at(format!("{}#write", paths::ticket(&member.in_url, ticket)), words::CANNED_INSERTED))
}

/// Takes one's own answer back, in the seconds before it is sent (T6). It is a draft again.
#[server(prefix = "/rpc", endpoint = "tickets/call-back")]
pub async fn call_back_reply(
    account: AccountId,
    ticket: TicketId,
    #[server(default)] message: String,
) -> Result<Outcome> {
    let access = Access::<SeeTickets>::to(account).await?;
    let member = access.membership();
    let mut tx = access.begin().await?;
    let found = store::seen(&mut tx, &ticket).await?;
    if !write::call_back(&mut tx, &found, &message, &member.user.id).await? {
        return Err(AppError::Conflict(words::TOO_LATE.into()));
    }
    tx.record(Entry::new(AuditKind::TicketCalledBack, words::called_back(&found.number))).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::ticket(&member.in_url, &ticket), words::CALLED_BACK))
}

/// Closes a ticket (`to` is `closed`), or opens it again.
#[server(prefix = "/rpc", endpoint = "tickets/set-status")]
pub async fn set_ticket_status(
    account: AccountId,
    ticket: TicketId,
    #[server(default)] to: String,
) -> Result<Outcome> {
    let access = Access::<CloseTickets>::to(account).await?;
    let member = access.membership();
    let mut tx = access.begin().await?;
    let found = store::seen(&mut tx, &ticket).await?;
    let page = paths::ticket(&member.in_url, &ticket);
    may_go_on(&found)?;
    let (status, kind, entry, says) = if to == "closed" {
        (
            Status::Closed,
            AuditKind::TicketClosed,
            words::closed(&found.number),
            words::is_closed(&found.number),
        )
    } else {
        (
            Status::Open,
            AuditKind::TicketReopened,
            words::reopened(&found.number),
            words::is_open_again(&found.number),
        )
    };
    if (found.status == "closed") == (status == Status::Closed) {
        return Ok(Outcome::at(page, says));
    }
    write::set_status(&mut tx, ticket.as_str(), status).await?;
    write::changed(&mut tx, &found);
    tx.record(Entry::new(kind, entry)).await?;
    tx.commit().await?;
    Ok(Outcome::at(page, says))
}

/// Says how one's closed ticket was answered: 1 to 5, and words.
#[server(prefix = "/rpc", endpoint = "tickets/rate")]
pub async fn rate_ticket(
    account: AccountId,
    ticket: TicketId,
    #[server(default)] rating: i64,
    #[server(default)] rating_text: String,
) -> Result<Outcome> {
    let access = Access::<SeeTickets>::to(account).await?;
    let member = access.membership();
    let mut tx = access.begin().await?;
    let found = store::seen(&mut tx, &ticket).await?;
    if !(1..=5).contains(&rating) {
        return Err(AppError::field("rating", words::CHOOSE_A_RATING));
    }
    if !found.may(member).rate {
        return Err(AppError::Forbidden(words::ONLY_THE_OPENER.into()));
    }
    let text = text_block(&rating_text, 1_000).map_err(|message| AppError::field("rating_text", message))?;
    write::rate(&mut tx, &found, rating, &text).await?;
    tx.record(Entry::new(AuditKind::TicketRated, words::rated(&found.number, &rating))).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::ticket(&member.in_url, &ticket), words::THANKS))
}

/// Refuses to change who is in a ticket, or what is held in it, to who may not.
#[cfg(feature = "ssr")]
fn may_change_people(tx: &Tx<InAccount>, ticket: &Ticket) -> Result<()> {
    if ticket.may(tx.membership()).people {
        Ok(())
    } else {
        Err(AppError::Forbidden(words::ONLY_ITS_PEOPLE.into()))
    }
}

/// Lets one more person of the account see a ticket and answer in it (T6).
#[server(prefix = "/rpc", endpoint = "tickets/add-person")]
pub async fn add_ticket_person(
    account: AccountId,
    ticket: TicketId,
    #[server(default)] contact: String,
) -> Result<Outcome> {
    let access = Access::<SeeTickets>::to(account).await?;
    let contact =
        ContactId::parse(&contact).ok_or_else(|| AppError::field("contact", words::CHOOSE_A_PERSON))?;
    let member = access.membership();
    let mut tx = access.begin().await?;
    let found = store::seen(&mut tx, &ticket).await?;
    let (_, name) = store::contact(&mut tx, &contact).await?;
    if !store::enters(&mut tx, &contact).await? {
        return Err(AppError::field("contact", words::CANNOT_LOG_IN));
    }
    may_change_people(&tx, &found)?;
    write::add_person(&mut tx, &found, &contact).await?;
    tx.record(Entry::new(AuditKind::TicketPeople, words::added_person(&name, &found.number)).about(&contact))
        .await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::ticket(&member.in_url, &ticket), words::can_see_it(&name)))
}

/// Takes somebody out of a ticket again.
#[server(prefix = "/rpc", endpoint = "tickets/remove-person")]
pub async fn remove_ticket_person(
    account: AccountId,
    ticket: TicketId,
    #[server(default)] contact: String,
) -> Result<Outcome> {
    let access = Access::<SeeTickets>::to(account).await?;
    let contact = ContactId::parse(&contact).ok_or(AppError::NotFound)?;
    let member = access.membership();
    let mut tx = access.begin().await?;
    let found = store::seen(&mut tx, &ticket).await?;
    let (_, name) = store::contact(&mut tx, &contact).await?;
    write::remove_person(&mut tx, &found, &contact).await?;
    may_change_people(&tx, &found)?;
    tx.record(
        Entry::new(AuditKind::TicketPeople, words::removed_person(&name, &found.number)).about(&contact),
    )
    .await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::ticket(&member.in_url, &ticket), words::no_longer_sees_it(&name)))
}

/// Keeps what somebody has written so far in a ticket that they see, or in a new one (empty).
#[cfg(feature = "ssr")]
pub(super) async fn keep_draft(
    tx: &mut Tx<InAccount>,
    ticket: &str,
    subject: &str,
    text: &str,
) -> Result<()> {
    may_write(tx, ticket).await?;
    let (user, account) = (tx.membership().user.id.clone(), tx.account().clone());
    write::keep_draft(tx, &user, &account, ticket, subject, text).await
}

/// Refuses a draft in a ticket that somebody does not see.
#[cfg(feature = "ssr")]
pub(super) async fn may_write(tx: &mut Tx<InAccount>, ticket: &str) -> Result<()> {
    match TicketId::parse(ticket) {
        Some(id) => store::seen(tx, &id).await.map(drop),
        None if ticket.is_empty() => Ok(()),
        None => Err(AppError::NotFound),
    }
}

/// Keeps what somebody writes, while they write it: it survives a reload and signing out.
#[server(prefix = "/rpc", endpoint = "tickets/save-draft")]
pub async fn save_ticket_draft(
    account: AccountId,
    #[server(default)] ticket: String,
    #[server(default)] subject: String,
    #[server(default)] text: String,
) -> Result<()> {
    let access = Access::<SeeTickets>::to(account).await?;
    let mut tx = access.begin().await?;
    keep_draft(&mut tx, &ticket, &subject, &text).await?;
    tx.unaudited("nothing was sent");
    tx.commit().await
}

/// Takes a file out of what one writes.
#[server(prefix = "/rpc", endpoint = "tickets/remove-file")]
pub async fn remove_ticket_file(
    account: AccountId,
    #[server(default)] ticket: String,
    #[server(default)] file: String,
) -> Result<Outcome> {
    let access = Access::<SeeTickets>::to(account).await?;
    let member = access.membership();
    let mut tx = access.begin().await?;
    if !files::remove(tx.conn(), &file, member.user.id.as_str(), &member.account).await? {
        return Err(AppError::NotFound);
    }
    tx.unaudited("nothing was sent");
    tx.commit().await?;
    let page = TicketId::parse(&ticket)
        .map_or_else(|| paths::new_ticket(&member.in_url), |ticket| paths::ticket(&member.in_url, &ticket));
    Ok(Outcome::at(page, words::FILE_REMOVED))
}

/// Decides about a message that is held (T4): `add` makes its sender a contact, `once` shows it, `reject` does not.
#[server(prefix = "/rpc", endpoint = "tickets/decide")]
pub async fn decide_held(
    account: AccountId,
    ticket: TicketId,
    #[server(default)] message: String,
    #[server(default)] decision: String,
) -> Result<Outcome> {
    let access = Access::<SeeTickets>::to(account).await?;
    let member = access.membership();
    let mut tx = access.begin().await?;
    let found = store::seen(&mut tx, &ticket).await?;
    let held = write::held(&mut tx, &found, &message).await?;
    may_change_people(&tx, &found)?;
    let page = paths::ticket(&member.in_url, &ticket);
    let who = held.by.email.clone();
    let (entry, says) = match decision.as_str() {
        "reject" => {
            write::decide(&mut tx, &found, &message, false, None).await?;
            (words::rejected_mail(&who, &found.number), words::mail_rejected(&who))
        }
        "add" | "once" => {
            let contact = if decision == "add" {
                if !member.permissions.has(Permission::ManageContacts) {
                    return Err(AppError::Lacks {
                        permission: Permission::ManageContacts.key().into(),
                        asset: None,
                    });
                }
                let email =
                    EmailAddress::parse(&who).map_err(|message| AppError::field("message", message))?;
                Some(contacts::store::insert_from_mail(&mut tx, &held.by.name, &email).await?)
            } else {
                None
            };
            write::decide(&mut tx, &found, &message, true, contact.as_ref()).await?;
            let text = Body { text: &held.text, ..Body::default() };
            write::tell(&mut tx, &found, &held.by, &text, &message, &[]).await?;
            match contact {
                Some(_) => (words::added_from_mail(&who, &found.number), words::mail_added(&who)),
                None => (words::allowed_mail(&who, &found.number), words::mail_allowed(&who)),
            }
        }
        _ => return Err(AppError::NotFound),
    };
    tx.record(Entry::new(AuditKind::TicketMail, entry)).await?;
    tx.commit().await?;
    Ok(Outcome::at(page, says))
}

/// Staff set the department, the priority, and who answers.
#[server(prefix = "/rpc", endpoint = "tickets/change")]
pub async fn change_ticket(
    account: AccountId,
    ticket: TicketId,
    #[server(default)] department: String,
    #[server(default)] priority: String,
    #[server(default)] assigned: String,
) -> Result<Outcome> {
    let access = Access::<SeeTickets>::to(account).await?;
    let member = access.membership();
    if member.staff.is_none() {
        return Err(AppError::NotFound);
    }
    let mut tx = access.begin().await?;
    let found = store::seen(&mut tx, &ticket).await?;
    may_go_on(&found)?;
    let departments = store::departments(&mut tx).await?;
    let name_of = |of: &[(String, String)], id: &str| {
        of.iter().find(|(one, _)| one == id).map(|(_, name)| name.clone())
    };
    let Some(to) = name_of(&departments, &department) else {
        return Err(AppError::field("department", words::CHOOSE_A_DEPARTMENT));
    };
    let staff = store::staff(tx.conn()).await?;
    let who = name_of(&staff, &assigned);
    if who.is_none() && !assigned.is_empty() {
        return Err(AppError::field("assigned", words::CHOOSE_A_PERSON));
    }
    let who = who.unwrap_or_default();
    let (before, after) = (Priority::from_key(&found.priority), Priority::from_key(&priority));
    write::change(&mut tx, &found, &department, after, (&assigned, &who)).await?;
    let changes: Vec<AuditChange> = AuditChange::between(words::DEPARTMENT, &found.department, to)
        .into_iter()
        .chain(AuditChange::between(words::PRIORITY, before.title(), after.title()))
        .collect();
    let says = words::changed(&found.number);
    // Who answers is among staff; the rest the customer may read.
    let answers = AuditChange::between(words::ASSIGNED_TO, &found.assigned_name, who);
    if answers.is_some() || changes.is_empty() {
        tx.record_among_staff(Entry::new(AuditKind::TicketChanged, says.clone()).with(answers)).await?;
    }
    if !changes.is_empty() {
        tx.record(Entry::new(AuditKind::TicketChanged, says).with(changes)).await?;
    }
    tx.commit().await?;
    // Who works in other departments alone does not see it any more.
    let mut reader = access.read().await?;
    let page = match store::seen(&mut reader, &ticket).await {
        Ok(_) => paths::ticket(&member.in_url, &ticket),
        Err(_) => paths::DESK.to_owned(),
    };
    Ok(Outcome::at(page, words::CHANGED))
}

/// Departments with whether they are closed to a contact: id, name, closed.
#[server(prefix = "/rpc", endpoint = "tickets/show-departments")]
pub async fn show_departments(account: AccountId, contact: ContactId) -> Result<Vec<(String, String, bool)>> {
    let access = Access::<ManageContacts>::to(account).await?;
    let mut reader = access.read().await?;
    let (is_owner, _) = store::contact(&mut reader, &contact).await?;
    if is_owner {
        return Ok(Vec::new());
    }
    store::closed_to(&mut reader, &contact).await
}

/// Closes departments to a contact, who then does not know of them (R1); those that are not ticked.
#[server(prefix = "/rpc", endpoint = "tickets/close-departments")]
pub async fn close_departments(
    account: AccountId,
    contact: ContactId,
    #[server(default)] open: Vec<String>,
) -> Result<Outcome> {
    let access = Access::<ManageContacts>::to(account).await?;
    let member = access.membership();
    let mut tx = access.begin().await?;
    let (is_owner, name) = store::contact(&mut tx, &contact).await?;
    if is_owner || contact == member.contact {
        return Err(AppError::Forbidden(words::NOT_ONES_OWN.into()));
    }
    let before = store::closed_to(&mut tx, &contact).await?;
    let own = store::closed_to(&mut tx, &member.contact.clone()).await?;
    // Nobody opens what is closed to themself (R5).
    let barred = |id: &str| own.iter().any(|(one, _, closed)| one == id && *closed);
    let closed: Vec<String> = before
        .iter()
        .filter(|(id, _, was)| !open.contains(id) || (*was && barred(id)))
        .map(|(id, ..)| id.clone())
        .collect();
    store::close_to(&mut tx, &contact, &closed).await?;
    let names = |of: &dyn Fn(&(String, String, bool)) -> bool| {
        before.iter().filter(|one| of(one)).map(|(_, name, _)| name.clone()).collect::<Vec<_>>().join(", ")
    };
    let changes = AuditChange::between(
        words::CLOSED_DEPARTMENTS,
        names(&|(.., was)| *was),
        names(&|(id, ..)| closed.contains(id)),
    );
    tx.record(
        Entry::new(AuditKind::DepartmentsClosed, words::closed_departments_of(&name))
            .with(changes)
            .about(&contact),
    )
    .await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::contact(&member.in_url, &contact), words::DEPARTMENTS_SAVED))
}
