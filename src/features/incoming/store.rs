//! SQL of e-mails that came in.

use super::model::{MailQueue, State, WaitingMail};
use super::words;
use crate::access::{OfStaff, Reader, Tx};
use crate::category::{Categories, Category};
use crate::error::{AppError, Result};
use crate::features::tickets::model::Badge;
use crate::features::tickets::row::Ticket;
use crate::features::tickets::who::{Writer, may_by_mail};
use crate::permission::{Permission, Permissions};
use crate::platform::db::{Conn, FromRow, args};
use crate::types::{AccountId, ContactId, TicketId, Timestamp, UserId};

const INSERT: &str = r"INSERT INTO incoming (id, from_name, from_email, recipients, subject, message_id, state, reason, preview, ticket_id,
        account_id, department_id, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    ON CONFLICT DO NOTHING";
const IS_DONE: &str = "SELECT EXISTS (SELECT 1 FROM incoming WHERE id = $1)";
const KNOWN: &str = "SELECT EXISTS (SELECT 1 FROM incoming WHERE message_id = $1 AND message_id <> '' AND state <> 'repeated')";
const DEPARTMENT: &str = "SELECT id FROM departments WHERE lower(email) = $1 AND by_mail LIMIT 1";
const OF_MESSAGE: &str =
    r"SELECT ticket_id FROM ticket_messages WHERE message_id = $1 AND message_id <> '' LIMIT 1";
// Everybody with an address, on any account.
const CONTACTS: &str = r"SELECT c.id, c.account_id, trim(c.first_name || ' ' || c.last_name || CASE WHEN c.first_name || c.last_name = ''
        THEN c.company ELSE '' END), c.is_owner, c.status = 'active' AND a.status = 'active', c.mail
    FROM contacts c
    JOIN accounts a ON a.id = c.account_id
    WHERE c.email_key = $1
    ORDER BY a.number LIMIT 200";
const MAINS: &str =
    r"SELECT id, name, status = 'active' FROM accounts WHERE lower(email) = $1 ORDER BY number LIMIT 200";
const ON_ACCOUNT: &str = r"SELECT c.id, trim(c.first_name || ' ' || c.last_name || CASE WHEN c.first_name || c.last_name = ''
        THEN c.company ELSE '' END), c.is_owner, c.can_log_in, c.permissions, c.mail, EXISTS (SELECT 1 FROM ticket_people p
        WHERE p.ticket_id = $3 AND p.contact_id = c.id)
    FROM contacts c
    WHERE c.account_id = $1 AND c.email_key = $2 AND c.status = 'active'";
const MAIN_OF: &str = "SELECT name, status = 'active' FROM accounts WHERE id = $1";
const ANSWERS: &str =
    "SELECT count(*) FROM outbox WHERE lower(to_email) = $1 AND created_at > $2 AND kind LIKE 'mail-in-%'";
const WAITING: &str = r"SELECT id, from_name, from_email, subject, recipients, state, reason, preview, created_at
    FROM incoming
    WHERE state IN ('unknown', 'parked', 'choose')
    ORDER BY created_at, id LIMIT 100";
const COUNT: &str = r"SELECT count(*) FROM (SELECT 1 FROM incoming WHERE state IN ('unknown', 'parked', 'choose') LIMIT 1001) AS some";
const FIND: &str = r"SELECT id, from_name, from_email, subject, recipients, state, reason, preview, created_at FROM incoming WHERE id = $1";
const DECIDE: &str = r"UPDATE incoming
    SET state = $2, ticket_id = $3, account_id = $4
    WHERE id = $1 AND state IN ('unknown', 'parked', 'choose')";
const FIRST_DEPARTMENT: &str = "SELECT coalesce((SELECT department_id FROM incoming WHERE id = $1 AND department_id IS NOT NULL
        AND department_id IN (SELECT id FROM departments)), (SELECT id FROM departments ORDER BY hidden, name_key LIMIT 1))";
const BY_NUMBER: &str = "SELECT id, name FROM accounts WHERE number = $1 AND status = 'active'";
const OF_USER: &str = r"SELECT c.id, c.account_id, a.name
    FROM contacts c
    JOIN accounts a ON a.id = c.account_id
    WHERE c.user_id = $1 AND c.email_key = $2 AND c.status = 'active' AND a.status = 'active'
    ORDER BY a.number LIMIT 200";
const CHOOSING: &str = "SELECT from_email, subject, coalesce(department_id, '') FROM incoming WHERE id = $1 AND state = 'choose'";

/// What is noted of a message.
#[derive(Debug)]
pub struct Noted<'a> {
    /// Its id.
    pub id: &'a str,
    /// Name and address of its sender.
    pub from: (&'a str, &'a str),
    /// Where it was sent, between commas.
    pub to: String,
    /// Subject.
    pub subject: &'a str,
    /// Message-ID.
    pub message_id: &'a str,
    /// What became of it.
    pub state: State,
    /// Why.
    pub reason: &'a str,
    /// The beginning of its text.
    pub preview: &'a str,
    /// The ticket it is in.
    pub ticket: Option<&'a str>,
    /// The account.
    pub account: Option<&'a str>,
    /// The department it was sent to.
    pub department: Option<&'a str>,
}

/// Notes what became of a message.
pub async fn insert<S>(tx: &mut Tx<S>, noted: &Noted<'_>) -> Result<()> {
    let now = tx.now().0;
    let args = args![
        noted.id,
        noted.from.0,
        noted.from.1,
        noted.to.chars().take(2_000).collect::<String>(),
        noted.subject,
        noted.message_id,
        noted.state.key(),
        noted.reason,
        noted.preview,
        noted.ticket,
        noted.account,
        noted.department,
        now
    ];
    tx.conn().execute(INSERT, args).await?;
    Ok(())
}

/// Was a file worked on before?
pub async fn is_done(conn: &mut Conn, id: &str) -> Result<bool> {
    Ok(conn.value(IS_DONE, args![id]).await?)
}

/// Did a message with this Message-ID come before?
pub async fn is_known(conn: &mut Conn, message_id: &str) -> Result<bool> {
    Ok(!message_id.is_empty() && conn.value(KNOWN, args![message_id]).await?)
}

/// The department that takes mail at an address: what stands after `+` is ours to read.
pub async fn department(conn: &mut Conn, address: &str) -> Result<Option<String>> {
    let (local, host) = address.split_once('@').unwrap_or((address, ""));
    let plain = format!("{}@{host}", local.split('+').next().unwrap_or(local));
    for address in [address, &plain] {
        let found: Option<String> =
            conn.optional_value(DEPARTMENT, args![address.to_ascii_lowercase()]).await?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// The ticket that a message of a customer is in.
pub async fn ticket_of(conn: &mut Conn, message_id: &str) -> Result<Option<TicketId>> {
    let id: Option<String> = conn.optional_value(OF_MESSAGE, args![message_id]).await?;
    Ok(id.map(TicketId::from))
}

/// Somebody who may open a ticket by mail.
#[derive(Clone, Debug)]
pub struct Sender {
    /// The account.
    pub account: AccountId,
    /// They.
    pub by: Writer,
}

/// Who may open a ticket in a department with an address, one for each account, and whether the address is
/// known at all.
pub async fn senders(
    conn: &mut Conn,
    email: &str,
    name: &str,
    department: &str,
) -> Result<(Vec<Sender>, bool)> {
    type Correspondent = (String, String, String, bool, bool, String);
    let contacts: Vec<Correspondent> = conn.all(CONTACTS, args![email]).await?;
    let mains: Vec<(String, String, bool)> = conn.all(MAINS, args![email]).await?;
    let known = !contacts.is_empty() || !mains.is_empty();
    let mut all: Vec<Sender> = Vec::new();
    for (id, account, called, is_owner, active, mail) in contacts {
        let contact = ContactId::from(id);
        let wants = is_owner || Categories::from_column(&mail).has(Category::Support);
        if !active || !wants || !may_by_mail(conn, &contact, department).await? {
            continue;
        }
        let called = if called.is_empty() { name } else { &called };
        let by = Writer::contact_of_mail(contact, is_owner, called, email);
        all.push(Sender { account: account.into(), by });
    }
    for (account, account_name, active) in mains {
        if active && all.iter().all(|one| one.account.as_str() != account) {
            let by = Writer::of_mail(&account_name, email, Badge::Account);
            all.push(Sender { account: account.into(), by });
        }
    }
    Ok((all, known))
}

/// Who a sender is to a ticket: who may write in it, or somebody whose mail is held. `None` when its account is
/// closed.
pub async fn writer_in(
    conn: &mut Conn,
    ticket: &Ticket,
    email: &str,
    name: &str,
) -> Result<Option<(Writer, bool)>> {
    let (account_name, active): (String, bool) = conn.one(MAIN_OF, args![&ticket.account_id]).await?;
    if !active {
        return Ok(None);
    }
    type Tuple = (String, String, bool, bool, String, String, bool);
    let row: Option<Tuple> = conn.optional(ON_ACCOUNT, args![&ticket.account_id, email, &ticket.id]).await?;
    let shown = if name.is_empty() { email } else { name };
    if let Some((id, called, is_owner, enters, permissions, mail, added)) = row {
        let contact = ContactId::from(id);
        let held = Permissions::from_keys(&permissions);
        let opener = ticket.is_opened_by(&contact) && Categories::from_column(&mail).has(Category::Support);
        let sees = enters && held.has(Permission::ViewTickets) && held.has(Permission::OpenTickets);
        let may = is_owner
            || ((opener || sees || added) && may_by_mail(conn, &contact, &ticket.department_id).await?);
        let name = if called.is_empty() { shown } else { &called };
        return Ok(Some((Writer::contact_of_mail(contact, is_owner, name, email), may)));
    }
    let is_main = ticket.main_email.eq_ignore_ascii_case(email);
    let by = if is_main {
        Writer::of_mail(&account_name, email, Badge::Account)
    } else {
        Writer::of_mail(shown, email, Badge::Other)
    };
    Ok(Some((by, is_main)))
}

/// Is there room for one more automatic answer to an address: at most ten an hour, of all kinds?
pub async fn may_answer<S>(tx: &mut Tx<S>, email: &str) -> Result<bool> {
    let since = tx.now().plus_minutes(-60).0;
    let sent: i64 = tx.conn().value(ANSWERS, args![email, since]).await?;
    Ok(sent < 10)
}

#[derive(FromRow)]
struct WaitingMailRow {
    id: String,
    from_name: String,
    from_email: String,
    subject: String,
    recipients: String,
    state: String,
    reason: String,
    preview: String,
    created_at: i64,
}

impl WaitingMailRow {
    fn waiting(self) -> WaitingMail {
        let from = if self.from_name.is_empty() { self.from_email.clone() } else { self.from_name };
        WaitingMail {
            id: self.id,
            from,
            email: self.from_email,
            subject: if self.subject.is_empty() { words::UNNAMED.to_owned() } else { self.subject },
            to: self.recipients.replace(',', ", "),
            state: State::from_key(&self.state),
            reason: self.reason,
            preview: self.preview,
            at: Timestamp(self.created_at),
        }
    }
}

/// What waits for staff.
pub async fn queue(reader: &mut Reader<OfStaff>) -> Result<MailQueue> {
    let now = reader.now();
    let rows: Vec<WaitingMailRow> = reader.conn().all(WAITING, args![]).await?;
    Ok(MailQueue { waiting: rows.into_iter().map(WaitingMailRow::waiting).collect(), now })
}

/// How much waits for staff; at most 1,001.
pub async fn count(reader: &mut Reader<OfStaff>) -> Result<i64> {
    Ok(reader.conn().value(COUNT, args![]).await?)
}

/// A message.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn find(conn: &mut Conn, id: &str) -> Result<WaitingMail> {
    let row: Option<WaitingMailRow> = conn.optional(FIND, args![id]).await?;
    row.map(WaitingMailRow::waiting).ok_or(AppError::NotFound)
}

/// Notes what was decided about a message that waits.
///
/// # Errors
/// [`AppError::Conflict`] when somebody was faster.
pub async fn decide<S>(
    tx: &mut Tx<S>,
    id: &str,
    state: State,
    ticket: Option<&str>,
    account: Option<&AccountId>,
) -> Result<()> {
    let args = args![id, state.key(), ticket, account.map(AccountId::as_str)];
    if tx.conn().execute(DECIDE, args).await? == 0 {
        Err(AppError::Conflict(words::DECIDED.into()))
    } else {
        Ok(())
    }
}

/// The department that a message that waits was sent to, or else the first.
///
/// # Errors
/// [`AppError::Conflict`] when there is none.
pub async fn department_of(conn: &mut Conn, id: &str) -> Result<String> {
    let found: Option<String> = conn.value(FIRST_DEPARTMENT, args![id]).await?;
    found.ok_or_else(|| AppError::Conflict(words::NO_DEPARTMENT.into()))
}

/// The active account with a number.
///
/// # Errors
/// [`AppError::Invalid`] beside the field.
pub async fn account(conn: &mut Conn, number: &str) -> Result<(AccountId, String)> {
    let number = number.trim().parse::<i64>().unwrap_or_default();
    let found: Option<(String, String)> = conn.optional(BY_NUMBER, args![number]).await?;
    let (id, name) = found.ok_or_else(|| AppError::field("number", words::NO_SUCH_ACCOUNT))?;
    Ok((id.into(), name))
}

/// The accounts for which a user, who wrote the message with this id, may choose; with the contact. Also the subject
/// and the department.
///
/// # Errors
/// [`AppError::NotFound`] for a message that waits for nobody's choice, or for somebody else's.
pub async fn choices(
    conn: &mut Conn,
    id: &str,
    user: &UserId,
) -> Result<(Vec<(AccountId, String, ContactId)>, String, String)> {
    let found: Option<(String, String, String)> = conn.optional(CHOOSING, args![id]).await?;
    let (email, subject, department) = found.ok_or(AppError::NotFound)?;
    let rows: Vec<(String, String, String)> = conn.all(OF_USER, args![user.as_str(), &email]).await?;
    let (may, _) = senders(conn, &email, "", &department).await?;
    let may = |contact: &ContactId| may.iter().any(|one| one.by.contact.as_ref() == Some(contact));
    let all: Vec<_> = rows
        .into_iter()
        .map(|(contact, account, name)| (account.into(), name, ContactId::from(contact)))
        .filter(|(.., contact)| may(contact))
        .collect();
    if all.is_empty() { Err(AppError::NotFound) } else { Ok((all, subject, department)) }
}
