//! Who writes in a ticket, who hears of it by mail, and where answers go.
//!
//! Invariant: whom a page names as recipients and whom the mail goes to is one function ([`told`]).

use super::model::{Badge, Outsider};
use super::row::Ticket;
use crate::access::membership::Membership;
use crate::error::Result;
use crate::features::recipients;
use crate::features::recipients::model::{Event, Reason, Recipient};
use crate::permission::{Permission, Permissions};
use crate::platform::db::{Conn, args};
use crate::platform::token::Key;
use crate::types::{AccountId, ContactId, TicketId, UserId};

/// Who writes.
#[derive(Clone, Debug)]
pub struct Writer {
    /// Their contact; nobody for staff and for whoever reads the main address.
    pub contact: Option<ContactId>,
    /// Their login, if they wrote in the portal.
    pub user: Option<UserId>,
    /// Name.
    pub name: String,
    /// Address.
    pub email: String,
    /// What they are.
    pub badge: Badge,
}

impl Writer {
    /// Whoever acts in the portal.
    pub fn of(member: &Membership) -> Self {
        let badge = match (member.staff.is_some(), member.is_owner) {
            (true, _) => Badge::Staff,
            (_, true) => Badge::Owner,
            _ => Badge::Contact,
        };
        Self {
            contact: (badge != Badge::Staff).then(|| member.contact.clone()),
            user: Some(member.user.id.clone()),
            name: member.user.name.clone(),
            email: member.user.email.clone(),
            badge,
        }
    }

    /// Whoever wrote an e-mail: no contact of the account.
    pub fn of_mail(name: &str, email: &str, badge: Badge) -> Self {
        Self { contact: None, user: None, name: name.into(), email: email.into(), badge }
    }

    /// A contact who wrote an e-mail.
    pub fn contact_of_mail(contact: ContactId, is_owner: bool, name: &str, email: &str) -> Self {
        let badge = if is_owner { Badge::Owner } else { Badge::Contact };
        Self { contact: Some(contact), ..Self::of_mail(name, email, badge) }
    }
}

const LAST_MAIL: &str = r"SELECT message_id, also_to
    FROM ticket_messages
    WHERE ticket_id = $1 AND kind = 'message' AND state = 'shown' AND badge <> 'staff'
    ORDER BY created_at DESC, id DESC LIMIT 1";

/// Message-ID of the newest mail of the customer, and who stood in it; empty when they wrote in the portal.
pub async fn last_mail(conn: &mut Conn, ticket: &str) -> Result<(String, String)> {
    Ok(conn.optional(LAST_MAIL, args![ticket]).await?.unwrap_or_default())
}

const OPENER: &str = r"SELECT c.can_log_in AND NOT c.is_owner, c.permissions,
        EXISTS (SELECT 1 FROM closed_departments x WHERE x.contact_id = c.id AND x.department_id = $2)
    FROM contacts c
    WHERE c.id = $1";

/// May a contact have tickets by mail in a department? Permissions count there as on pages: who can log in needs
/// `tickets.open`; for whom no login was switched on, mail about support is what lets them (T2).
pub async fn may_by_mail(conn: &mut Conn, contact: &ContactId, department: &str) -> Result<bool> {
    let row: Option<(bool, String, bool)> =
        conn.optional(OPENER, args![contact.as_str(), department]).await?;
    let Some((enters, permissions, barred)) = row else { return Ok(false) };
    let held = Permissions::from_keys(&permissions);
    let opens = [Permission::OpenTickets, Permission::ViewTickets].into_iter().any(|one| held.has(one));
    Ok(!barred && (!enters || opens))
}

/// Who gets a mail when somebody writes in a ticket: what M2 says, but never the writer.
pub async fn told(conn: &mut Conn, ticket: &Ticket, by: &Writer) -> Result<Vec<Recipient>> {
    let account = AccountId::from(ticket.account_id.clone());
    if by.badge != Badge::Staff {
        return copies(conn, &account, by).await;
    }
    // Whoever opened a ticket that was merged into this one opened this one, as long as they are in it.
    let openers: Vec<String> = conn.values(OPENERS, args![&ticket.id]).await?;
    let mut all: Vec<Recipient> = Vec::new();
    let mut may: Vec<Option<ContactId>> = Vec::new();
    for opener in openers.into_iter().map(ContactId::from) {
        if may_by_mail(conn, &opener, &ticket.department_id).await? {
            may.push(Some(opener));
        }
    }
    if may.is_empty() {
        may.push(None);
    }
    for opener in may {
        let people = recipients::store::people_around(conn, &account, opener.as_ref(), "").await?;
        for one in recipients::model::recipients(&Event::TicketAnswered(opener), &people) {
            if !all.iter().any(|known| known.email.eq_ignore_ascii_case(&one.email)) {
                all.push(one);
            }
        }
    }
    // One of several openers hears of it: then somebody does.
    if all.iter().any(|one| one.reason == Reason::Opener && one.failing.is_none()) {
        all.retain(|one| one.reason != Reason::NobodyElse);
    }
    Ok(all)
}

const OPENERS: &str = r"SELECT opener_id
    FROM tickets
    WHERE opener_id IS NOT NULL AND (id = $1 OR (merged_into = $1 AND EXISTS (SELECT 1 FROM ticket_people p
        WHERE p.ticket_id = $1 AND p.contact_id = opener_id)))
    ORDER BY number LIMIT 20";

/// Who gets a mail when somebody on the account opens or answers a ticket.
pub async fn copies(conn: &mut Conn, account: &AccountId, by: &Writer) -> Result<Vec<Recipient>> {
    let people = recipients::store::people_around(conn, account, None, "").await?;
    let mut all = recipients::model::recipients(&Event::TicketWritten, &people);
    all.retain(|one| !one.email.eq_ignore_ascii_case(&by.email));
    Ok(all)
}

/// Whoever else stood in the mail that is answered: they get the answer only when somebody ticks them.
pub async fn outsiders(conn: &mut Conn, ticket: &Ticket, told: &[Recipient]) -> Result<Vec<Outsider>> {
    let (_, also) = last_mail(conn, &ticket.id).await?;
    let known = |email: &str| {
        told.iter().any(|one| one.email.eq_ignore_ascii_case(email))
            || email.eq_ignore_ascii_case(&ticket.department_email)
    };
    let mut all = Vec::new();
    for email in also.split(',').filter(|email| !email.is_empty() && !known(email)).take(20) {
        let contact: Option<String> =
            conn.optional_value(IS_CONTACT, args![&ticket.account_id, email.to_ascii_lowercase()]).await?;
        all.push(Outsider { email: email.to_owned(), contact: contact.is_some() });
    }
    Ok(all)
}

const IS_CONTACT: &str = "SELECT id FROM contacts WHERE account_id = $1 AND email_key = $2";

/// The signed part of a ticket's own address (T2): nobody else can make it.
fn signature(key: &Key, ticket: &str) -> String {
    key.derive_bytes(&["ticket address", ticket])[..10].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where an answer to a ticket goes: the department's address with the ticket and its signature in it. Empty
/// where mail to the department opens no tickets.
pub fn address(key: &Key, ticket: &Ticket) -> String {
    match ticket.department_email.split_once('@') {
        Some((local, host)) if ticket.by_mail => {
            let plain = local.split('+').next().unwrap_or(local);
            format!("{plain}+t{}-{}@{host}", ticket.number, signature(key, &ticket.id))
        }
        _ => String::new(),
    }
}

const BY_NUMBER: &str = "SELECT id FROM tickets WHERE number = $1";

/// The ticket that an address names, if its signature is ours.
pub async fn by_address(conn: &mut Conn, key: &Key, address: &str) -> Result<Option<TicketId>> {
    let read = || {
        let (local, _) = address.split_once('@')?;
        let (number, signed) = local.rsplit_once("+t")?.1.split_once('-')?;
        Some((number.parse::<i64>().ok()?, signed.to_ascii_lowercase()))
    };
    let Some((number, signed)) = read() else { return Ok(None) };
    let id: Option<String> = conn.optional_value(BY_NUMBER, args![number]).await?;
    Ok(id.filter(|id| signature(key, id) == signed).map(TicketId::from))
}
