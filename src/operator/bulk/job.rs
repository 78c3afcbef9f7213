//! The work itself, beside the server. What is being worked on is kept in memory: a job with something that waits and
//! nobody who works on it was interrupted.

use super::model::BulkAct;
use super::{store, words};
use crate::access::staff::AnyStaff;
use crate::access::{InAccount, Staff, Tx};
use crate::error::Result;
use crate::features::audit::model::{AuditChange, AuditKind};
use crate::features::audit::record::Entry;
use crate::features::tickets::model::{Priority, Status};
use crate::features::tickets::row::{Ticket, find};
use crate::features::tickets::{self, words as ticket_words, write};
use crate::operator::customers;
use crate::permission::Permissions;
use crate::types::{AccountId, EmailAddress};
use std::collections::HashSet;
use std::sync::{LazyLock, Mutex, PoisonError};

static RUNNING: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);

fn running() -> std::sync::MutexGuard<'static, HashSet<String>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Does somebody work on it?
pub(super) fn is_running(id: &str) -> bool {
    running().contains(id)
}

/// Works on it beside the server. Says whether nobody did already.
pub(super) fn work(staff: Staff<AnyStaff>, id: &str, act: BulkAct, value: &str, reason: &str) -> bool {
    if !running().insert(id.to_owned()) {
        return false;
    }
    let (id, value, reason) = (id.to_owned(), value.to_owned(), reason.to_owned());
    tokio::spawn(async move {
        if let Err(error) = done(&staff, &id, act, &value, &reason).await {
            tracing::warn!(%error, "work on many was interrupted");
        }
        running().remove(&id);
    });
    true
}

async fn done(staff: &Staff<AnyStaff>, id: &str, act: BulkAct, value: &str, reason: &str) -> Result<()> {
    let stopped = staff.app().stopped();
    let (undoes, _) = store::undoes(staff.read().await?.conn(), id, &staff.member().user.id).await?;
    loop {
        let some = store::next(staff.read().await?.conn(), id).await?;
        if some.is_empty() {
            return Ok(());
        }
        for (of, own, expected) in some {
            if *stopped.borrow() {
                return Ok(());
            }
            if act.of_tickets() {
                let value = if value.is_empty() { &own } else { value };
                let expected = undoes.then_some(expected.as_str());
                ticket(staff, (id, &of), act, value, expected, reason).await?;
            } else {
                one(staff, id, &AccountId::from(of), act, reason).await?;
            }
        }
    }
}

/// One customer, in a transaction of its own, which is refused once what they may do has changed.
async fn one(
    staff: &Staff<AnyStaff>,
    id: &str,
    account: &AccountId,
    act: BulkAct,
    reason: &str,
) -> Result<()> {
    let mut tx = staff.begin().await?.into_account(account).await?;
    let entry = match act {
        BulkAct::Close | BulkAct::Reopen => {
            let closed = act == BulkAct::Close;
            let changed = customers::store::set_closed(&mut tx, account, closed).await?;
            let (kind, says) = match closed {
                true => (AuditKind::AccountClosed, words::closed_with(&reason)),
                false => (AuditKind::AccountReopened, words::reopened_with(&reason)),
            };
            changed.then(|| Entry::new(kind, says))
        }
        BulkAct::Invite => invited(&mut tx, account).await?,
        // Those are of tickets.
        BulkAct::CloseTicket | BulkAct::ReopenTicket | BulkAct::Assign | BulkAct::Transfer => None,
    };
    if !store::note(&mut tx, id, account.as_str(), entry.is_some().then_some("")).await? {
        return Ok(());
    }
    match entry {
        Some(entry) => tx.record(entry).await?,
        None => tx.unaudited("nothing was changed"),
    }
    tx.commit().await
}

/// One ticket, in a transaction of its own. Undoing leaves alone what somebody has changed since: `expected` is what
/// was set here.
async fn ticket(
    staff: &Staff<AnyStaff>,
    (id, of): (&str, &str),
    act: BulkAct,
    value: &str,
    expected: Option<&str>,
    reason: &str,
) -> Result<()> {
    let user = staff.member().user.id.clone();
    let mut tx = staff.begin().await?;
    // It may have gone to another department, or into another ticket, since it was found.
    let found = find(tx.conn(), of, "", user.as_str()).await?;
    let now = |one: &Ticket| match act {
        BulkAct::Assign => one.assigned_id.clone().unwrap_or_default(),
        _ => one.department_id.clone(),
    };
    let is_as_set = |one: &Ticket| match (act, expected) {
        (BulkAct::Assign | BulkAct::Transfer, Some(expected)) => now(one) == expected,
        _ => true,
    };
    // Undoing brings back what went out of one's departments.
    let found = found.filter(|one| {
        (one.is_of_their_departments() || expected.is_some()) && one.merged_into.is_none() && is_as_set(one)
    });
    let Some(found) = found else {
        store::note(&mut tx, id, of, None).await?;
        tx.unaudited("nothing was changed");
        return tx.commit().await;
    };
    let mut tx = tx.into_account(&AccountId::from(found.account_id.clone())).await?;
    let (number, was) = (found.number, Status::from_key(&found.status));
    // What was there before, and what stands in the trail; nothing where there is nothing to do.
    let done = match act {
        BulkAct::CloseTicket if was != Status::Closed => {
            write::set_status(&mut tx, of, Status::Closed).await?;
            Some((was.key().to_owned(), Entry::new(AuditKind::TicketClosed, ticket_words::closed(&number))))
        }
        BulkAct::ReopenTicket if was == Status::Closed => {
            let to = if value == Status::Answered.key() { Status::Answered } else { Status::Open };
            write::set_status(&mut tx, of, to).await?;
            Some((
                was.key().to_owned(),
                Entry::new(AuditKind::TicketReopened, ticket_words::reopened(&number)),
            ))
        }
        BulkAct::Assign | BulkAct::Transfer => {
            let given = given(&mut tx, &found, act, value).await?;
            let entry = Entry::new(AuditKind::TicketChanged, ticket_words::changed(&number));
            given.map(|(before, changes)| (before, entry.with(changes)))
        }
        _ => None,
    };
    if !store::note(&mut tx, id, of, done.as_ref().map(|(before, _)| before.as_str())).await? {
        return Ok(());
    }
    let because = AuditChange::between(words::REASON, "", reason);
    match done {
        // Who answers is among staff; the rest the customer may read.
        Some((_, entry)) if act == BulkAct::Assign => tx.record_among_staff(entry.with(because)).await?,
        Some((_, entry)) => tx.record(entry.with(because)).await?,
        None => tx.unaudited("nothing was changed"),
    }
    tx.commit().await
}

/// Gives a ticket to somebody, or to a department. `None` when nothing changes, or there is no such one any more.
async fn given(
    tx: &mut Tx<InAccount>,
    ticket: &Ticket,
    act: BulkAct,
    value: &str,
) -> Result<Option<(String, Vec<AuditChange>)>> {
    let known = match act {
        BulkAct::Assign => tickets::store::staff(tx.conn()).await?,
        _ => tickets::store::all_departments(tx.conn()).await?,
    };
    let name = known.into_iter().find(|(one, _)| one == value).map(|(_, name)| name);
    let assigned = ticket.assigned_id.clone().unwrap_or_default();
    let (before, department, who, change) = match (act, name) {
        (BulkAct::Assign, name) if value.is_empty() || name.is_some() => {
            let name = name.unwrap_or_default();
            let change = AuditChange::between(ticket_words::ASSIGNED_TO, &ticket.assigned_name, &name);
            (assigned, ticket.department_id.clone(), (value.to_owned(), name), change)
        }
        (BulkAct::Transfer, Some(name)) => {
            let change = AuditChange::between(ticket_words::DEPARTMENT, &ticket.department, name);
            let who = (assigned, ticket.assigned_name.clone());
            (ticket.department_id.clone(), value.to_owned(), who, change)
        }
        _ => return Ok(None),
    };
    if before == value {
        return Ok(None);
    }
    let priority = Priority::from_key(&ticket.priority);
    write::change(tx, ticket, &department, priority, (&who.0, &who.1)).await?;
    Ok(Some((before, change.into_iter().collect())))
}

/// Invites an owner who has no login and no open invitation.
async fn invited(tx: &mut Tx<InAccount>, account: &AccountId) -> Result<Option<Entry>> {
    let Some((contact, email, name)) = store::owner_without_login(tx.conn(), account).await? else {
        return Ok(None);
    };
    let Ok(address) = EmailAddress::parse(&email) else { return Ok(None) };
    let able_to = Permissions::all().able_to();
    let made = customers::store::invite(tx, &contact, (&name, &address), &able_to).await?;
    let entry = || Entry::new(AuditKind::InvitationSent, words::invited_with(&email)).about(&contact);
    Ok(made.then(entry))
}
