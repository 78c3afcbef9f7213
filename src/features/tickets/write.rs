//! What is written into tickets, and who hears of it: by people in the portal, and by mail that comes in.
//!
//! Invariant: a message, its trail and its mail are one transaction's; nobody is mailed what was held or noted.

use super::model::{Badge, CALL_BACK_SECONDS, NEVER_DUE, Priority, SUBJECT, Status, TEXT};
use super::row::{Ticket, find};
use super::who::{Writer, last_mail, told};
use super::{files, mail, words};
use crate::access::state::News;
use crate::access::{InAccount, Tx};
use crate::category::Category;
use crate::error::{AppError, Result};
use crate::outbox;
use crate::platform::db::{FromRow, args};
use crate::types::{AccountId, ContactId, UserId};

/// What is written.
#[derive(Clone, Debug, Default)]
pub struct Body<'a> {
    /// The words.
    pub text: &'a str,
    /// Message-ID and id of the mail that it came by, and the addresses of its To and Cc.
    pub mail: Option<(&'a str, &'a str, &'a str)>,
    /// Its files are those of this login's draft in this ticket, or in a new one (empty).
    pub draft: Option<&'a str>,
    /// For how many milliseconds it can be called back.
    pub wait: i64,
}

/// A ticket that is to be opened.
pub struct TicketToOpen<'a> {
    /// The account.
    pub account: &'a AccountId,
    /// The department.
    pub department: &'a str,
    /// The service or domain, or empty.
    pub asset: &'a str,
    /// How urgent.
    pub priority: Priority,
    /// Subject.
    pub subject: &'a str,
    /// The contact whose ticket it is.
    pub opener: Option<&'a ContactId>,
    /// Their name.
    pub opened_by: &'a str,
}

const OPEN: &str = r"INSERT INTO tickets (id, number, account_id, department_id, asset_id, subject, priority, status,
        opener_id, opened_by, created_at, changed_at)
    VALUES ($1, (SELECT coalesce(max(number), 1000) + 1 FROM tickets), $2, $3, $4, $5, $6, 'open', $7, $8, $9, $9)
    RETURNING number";
const WRITE: &str = r"INSERT INTO ticket_messages (id, ticket_id, kind, state, badge, contact_id, user_id, by_name, by_email,
        text, message_id, mail_id, also_to, created_at, shown_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
const TAKE_FILES: &str = r"UPDATE attachments
    SET message_id = $1, ticket_id = $5
    WHERE user_id = $2 AND account_id = $3 AND ticket_id = $4 AND message_id IS NULL";
const FORGET_DRAFT: &str =
    "DELETE FROM ticket_drafts WHERE user_id = $1 AND account_id = $2 AND ticket_id = $3";
// Nobody's change is passed over: the row has the version that was read, or it is somebody's turn to read.
const MOVED: &str = r"UPDATE tickets
    SET status = $2, version = version + 1, changed_at = $3,
        closed_at = CASE WHEN $2 = 'closed' THEN $3 END
    WHERE id = $1";
// When staff answered first, and since when it waits: since the customer's first message after our last answer, or since
// somebody opened it again.
const TIMES: &str = r"UPDATE tickets
    SET answered_at = (SELECT min(created_at) FROM ticket_messages m
            WHERE m.ticket_id = $1 AND m.kind = 'message' AND m.state = 'shown' AND m.badge = 'staff'),
        waiting_since = CASE WHEN status = 'open' THEN coalesce((SELECT min(m.created_at) FROM ticket_messages m
            WHERE m.ticket_id = $1 AND m.kind = 'message' AND m.state = 'shown' AND m.badge <> 'staff'
                AND m.created_at > coalesce((SELECT max(s.created_at) FROM ticket_messages s WHERE s.ticket_id = $1
                    AND s.kind = 'message' AND s.state = 'shown' AND s.badge = 'staff'), 0)), waiting_since, changed_at) END
    WHERE id = $1";
// Until when an answer is promised; without a promise far away, by how long it waits.
const DUE: &str = r"UPDATE tickets
    SET due_at = CASE WHEN status <> 'open' THEN $2 ELSE (SELECT waiting_since
                + CASE WHEN p.minutes = 0 THEN $2 ELSE p.minutes * 60000 END
            FROM (SELECT CASE WHEN answered_at IS NULL THEN d.first_answer ELSE d.next_answer END AS minutes
                FROM departments d WHERE d.id = tickets.department_id) AS p) END
    WHERE id = $1";
const HOLD: &str = "UPDATE tickets SET held = held + $2, version = version + 1 WHERE id = $1";

/// Opens a ticket with its first message. Who has to hear of it does. Returns the ticket and the message's id.
pub async fn open<S>(
    tx: &mut Tx<S>,
    new: &TicketToOpen<'_>,
    by: &Writer,
    text: &Body<'_>,
) -> Result<(Ticket, String)> {
    let (id, now) = (tx.new_id(), tx.now().0);
    let args = args![
        &id,
        new.account.as_str(),
        new.department,
        new.asset,
        new.subject,
        new.priority.key(),
        new.opener.map(ContactId::as_str),
        new.opened_by,
        now
    ];
    tx.conn().execute(OPEN, args).await?;
    let ticket = find(tx.conn(), &id, "", "").await?.ok_or(AppError::NotFound)?;
    let message = write(tx, &ticket, by, text, &[]).await?;
    Ok((ticket, message))
}

/// Adds a message to a ticket, which then waits for the other side; who has to hear of it does. `also` are the
/// addresses beside the rule that somebody ticked. Returns the message's id.
pub async fn write<S>(
    tx: &mut Tx<S>,
    ticket: &Ticket,
    by: &Writer,
    text: &Body<'_>,
    also: &[String],
) -> Result<String> {
    let id = insert(tx, ticket, by, text, "message", "shown").await?;
    let staff = by.badge == Badge::Staff;
    let status = if staff { Status::Answered } else { Status::Open };
    set_status(tx, &ticket.id, status).await?;
    tell(tx, ticket, by, text, &id, also).await?;
    Ok(id)
}

/// Sends a shown message to whom the rule names.
pub async fn tell<S>(
    tx: &mut Tx<S>,
    ticket: &Ticket,
    by: &Writer,
    text: &Body<'_>,
    message: &str,
    also: &[String],
) -> Result<()> {
    let account = AccountId::from(ticket.account_id.clone());
    let told = told(tx.conn(), ticket, by).await?;
    let (last, _) = last_mail(tx.conn(), &ticket.id).await?;
    let app = tx.app().clone();
    let mut letter = mail::message(&app, ticket, by, text.text, &last, (message, text.wait));
    // Who has no login gets what staff attached with the answer; what customers attach stays in the ticket.
    match files::carried(tx.conn(), message).await? {
        Ok(files) if by.badge == Badge::Staff => letter.files = files,
        Ok(files) if files.is_empty() => {}
        Ok(files) => letter.after.push(words::files_in_ticket(&names(files.into_iter().map(|one| one.name)))),
        Err(all) => letter.after.push(words::files_in_ticket(&names(all.into_iter()))),
    }
    for recipient in &told {
        let to_one = letter.clone().to(&account, recipient, Category::Support);
        tx.send(&to_one.seal(&app)).await?;
    }
    for email in also {
        let to_one = mail::to_outsider(letter.clone(), email);
        tx.send(&to_one.seal(&app)).await?;
    }
    if by.badge != Badge::Staff
        && let Some(message) = mail::to_staff(tx, ticket, by, text.text).await?
    {
        tx.send(&message).await?;
    }
    Ok(())
}

fn names(all: impl Iterator<Item = String>) -> String {
    all.collect::<Vec<_>>().join(", ")
}

/// Tells open pages that something is new in a ticket.
pub fn changed<S>(tx: &mut Tx<S>, ticket: &Ticket) {
    tx.tell(News::ticket(ticket.account_id.clone().into(), ticket.id.clone().into()));
}

/// Writes a message's row, and gives it the files of the draft.
async fn insert<S>(
    tx: &mut Tx<S>,
    ticket: &Ticket,
    by: &Writer,
    text: &Body<'_>,
    kind: &str,
    state: &str,
) -> Result<String> {
    changed(tx, ticket);
    let (id, now) = (tx.new_id(), tx.now().0);
    let (message_id, mail, also_to) = text.mail.unwrap_or_default();
    let args = args![
        &id,
        &ticket.id,
        kind,
        state,
        by.badge.key(),
        by.contact.as_ref().map(ContactId::as_str),
        by.user.as_ref().map(UserId::as_str),
        &by.name,
        &by.email,
        text.text,
        message_id,
        text.mail.is_some().then_some(mail),
        also_to,
        now,
        now + text.wait
    ];
    tx.conn().execute(WRITE, args).await?;
    if let (Some(draft), Some(user)) = (text.draft, &by.user) {
        let of = args![user.as_str(), &ticket.account_id, draft];
        tx.conn().execute(TAKE_FILES, [args![&id], of.clone(), args![&ticket.id]].concat()).await?;
        tx.conn().execute(FORGET_DRAFT, of).await?;
    }
    Ok(id)
}

/// Adds a note of staff. Nobody is mailed.
pub async fn note<S>(tx: &mut Tx<S>, ticket: &Ticket, by: &Writer, text: &Body<'_>) -> Result<()> {
    insert(tx, ticket, by, text, "note", "shown").await?;
    let status = Status::from_key(&ticket.status);
    set_status(tx, &ticket.id, status).await
}

/// Keeps a message for somebody to decide about: nobody is mailed, and nothing else changes.
pub async fn hold<S>(tx: &mut Tx<S>, ticket: &Ticket, by: &Writer, text: &Body<'_>) -> Result<String> {
    let id = insert(tx, ticket, by, text, "message", "held").await?;
    tx.conn().execute(HOLD, args![&ticket.id, 1]).await?;
    Ok(id)
}

/// Sets whose turn it is.
pub async fn set_status<S>(tx: &mut Tx<S>, ticket: &str, status: Status) -> Result<()> {
    let now = tx.now().0;
    tx.conn().execute(MOVED, args![ticket, status.key(), now]).await?;
    set_due(tx, ticket).await
}

/// Works out anew since when a ticket waits, and until when an answer is promised.
pub async fn set_due<S>(tx: &mut Tx<S>, ticket: &str) -> Result<()> {
    tx.conn().execute(TIMES, args![ticket]).await?;
    tx.conn().execute(DUE, args![ticket, NEVER_DUE]).await?;
    Ok(())
}

const MESSAGE: &str = r"SELECT state, shown_at, coalesce(user_id, '') AS user_id, text, by_name, by_email
    FROM ticket_messages
    WHERE ticket_id = $1 AND id = $2";

#[derive(FromRow)]
struct StateRow {
    state: String,
    shown_at: i64,
    user_id: String,
    text: String,
    by_name: String,
    by_email: String,
}

async fn message<S>(tx: &mut Tx<S>, ticket: &Ticket, id: &str) -> Result<StateRow> {
    let row: Option<StateRow> = tx.conn().optional(MESSAGE, args![&ticket.id, id]).await?;
    row.ok_or(AppError::NotFound)
}

const DROP: &str = "DELETE FROM ticket_messages WHERE id = $1";
const KEEP_FILES: &str = "UPDATE attachments SET message_id = NULL WHERE message_id = $1";
const BACK: &str = "UPDATE tickets SET status = $2, version = version + 1 WHERE id = $1";

/// Takes an answer back that nobody was sent yet: it is a draft again. Says whether it was in time.
pub async fn call_back<S>(tx: &mut Tx<S>, ticket: &Ticket, message: &str, user: &UserId) -> Result<bool> {
    let row = self::message(tx, ticket, message).await?;
    let now = tx.now().0;
    if row.user_id != user.as_str() {
        return Err(AppError::NotFound);
    }
    if row.shown_at <= now || !outbox::call_back(tx, message).await? {
        return Ok(false);
    }
    tx.conn().execute(KEEP_FILES, args![message]).await?;
    tx.conn().execute(DROP, args![message]).await?;
    let account = AccountId::from(ticket.account_id.clone());
    keep_draft(tx, user, &account, &ticket.id, "", &row.text).await?;
    tx.conn().execute(BACK, args![&ticket.id, Status::Open.key()]).await?;
    changed(tx, ticket);
    set_due(tx, &ticket.id).await?;
    Ok(true)
}

const DECIDE: &str = "UPDATE ticket_messages SET state = $3, contact_id = $4, badge = $5 WHERE ticket_id = $1 AND id = $2 AND state = 'held'";

/// A message that is held.
pub struct HeldMessage {
    /// Who wrote it.
    pub by: Writer,
    /// What.
    pub text: String,
}

/// A held message of a ticket.
///
/// # Errors
/// [`AppError::Conflict`] when somebody has decided; [`AppError::NotFound`].
pub async fn held<S>(tx: &mut Tx<S>, ticket: &Ticket, message: &str) -> Result<HeldMessage> {
    let row = self::message(tx, ticket, message).await?;
    if row.state != "held" {
        return Err(AppError::Conflict(words::DECIDED_ALREADY.into()));
    }
    Ok(HeldMessage { by: Writer::of_mail(&row.by_name, &row.by_email, Badge::Other), text: row.text })
}

/// Shows a held message, as from this contact if it is one's, or refuses it.
///
/// # Errors
/// [`AppError::Conflict`] when somebody was faster.
pub async fn decide<S>(
    tx: &mut Tx<S>,
    ticket: &Ticket,
    message: &str,
    shown: bool,
    contact: Option<&ContactId>,
) -> Result<()> {
    let badge = if contact.is_some() { Badge::Contact } else { Badge::Other };
    let state = if shown { "shown" } else { "refused" };
    let args = args![&ticket.id, message, state, contact.map(ContactId::as_str), badge.key()];
    if tx.conn().execute(DECIDE, args).await? == 0 {
        return Err(AppError::Conflict(words::DECIDED_ALREADY.into()));
    }
    tx.conn().execute(HOLD, args![&ticket.id, -1]).await?;
    changed(tx, ticket);
    if shown {
        set_status(tx, &ticket.id, Status::Open).await?;
    }
    Ok(())
}

/// How long an answer of staff waits.
pub const WAIT: i64 = CALL_BACK_SECONDS * 1_000;

const KEEP_DRAFT: &str = r"INSERT INTO ticket_drafts (user_id, account_id, ticket_id, subject, text, changed_at)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (user_id, account_id, ticket_id)
        DO UPDATE SET subject = excluded.subject, text = excluded.text, changed_at = excluded.changed_at";

/// Keeps what somebody has written in a ticket, or in a new one (empty).
pub async fn keep_draft<S>(
    tx: &mut Tx<S>,
    user: &UserId,
    account: &AccountId,
    ticket: &str,
    subject: &str,
    text: &str,
) -> Result<()> {
    let now = tx.now().0;
    let cut = |text: &str, most: usize| text.chars().take(most).collect::<String>();
    let (subject, text) = (cut(subject, SUBJECT), cut(text, TEXT));
    let args = args![user.as_str(), account.as_str(), ticket, subject, text, now];
    tx.conn().execute(KEEP_DRAFT, args).await?;
    Ok(())
}

const RATE: &str = "UPDATE tickets SET rating = $2, rating_text = $3 WHERE id = $1";

/// Notes how a ticket was answered.
pub async fn rate(tx: &mut Tx<InAccount>, ticket: &Ticket, rating: i64, text: &str) -> Result<()> {
    tx.conn().execute(RATE, args![&ticket.id, rating, text]).await?;
    Ok(())
}

const ADD_PERSON: &str = r"INSERT INTO ticket_people (ticket_id, contact_id, by_name, created_at)
    VALUES ($1, $2, $3, $4)
    ON CONFLICT (ticket_id, contact_id) DO UPDATE SET merged_from = ''";
const REMOVE_PERSON: &str = "DELETE FROM ticket_people WHERE ticket_id = $1 AND contact_id = $2";
const KEY_CHANGED: &str = "UPDATE contacts SET key_version = key_version + 1 WHERE id = $1";

/// Lets a contact see a ticket.
pub async fn add_person(tx: &mut Tx<InAccount>, ticket: &Ticket, contact: &ContactId) -> Result<()> {
    let (by, now) = (tx.membership().user.name.clone(), tx.now().0);
    tx.conn().execute(ADD_PERSON, args![&ticket.id, contact.as_str(), by, now]).await?;
    tx.conn().execute(KEY_CHANGED, args![contact.as_str()]).await?;
    Ok(())
}

/// Takes a contact out of a ticket.
///
/// # Errors
/// [`AppError::NotFound`] for one who is not in it.
pub async fn remove_person(tx: &mut Tx<InAccount>, ticket: &Ticket, contact: &ContactId) -> Result<()> {
    if tx.conn().execute(REMOVE_PERSON, args![&ticket.id, contact.as_str()]).await? == 0 {
        return Err(AppError::NotFound);
    }
    tx.conn().execute(KEY_CHANGED, args![contact.as_str()]).await?;
    Ok(())
}

const CHANGE: &str = r"UPDATE tickets
    SET department_id = $2, priority = $3, assigned_id = $4, assigned_name = $5, version = version + 1
    WHERE id = $1";

/// Sets the department, the priority, and who of the staff answers: id and name, empty for nobody.
pub async fn change(
    tx: &mut Tx<InAccount>,
    ticket: &Ticket,
    department: &str,
    priority: Priority,
    (assigned, name): (&str, &str),
) -> Result<()> {
    let assigned = (!assigned.is_empty()).then_some(assigned);
    changed(tx, ticket);
    tx.conn().execute(CHANGE, args![&ticket.id, department, priority.key(), assigned, name]).await?;
    set_due(tx, &ticket.id).await
}
