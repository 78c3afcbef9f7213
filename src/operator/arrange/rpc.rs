//! Server functions of rearranging tickets. Line 1 of each is the proof of access.

use super::model::Arrangement;
#[cfg(feature = "ssr")]
use super::model::{MergeTarget, MovePlan};
#[cfg(feature = "ssr")]
use super::{store, words};
#[cfg(feature = "ssr")]
use crate::access::Staff;
#[cfg(feature = "ssr")]
use crate::access::membership::SessionUser;
#[cfg(feature = "ssr")]
use crate::access::staff::{AnswerTickets, named};
#[cfg(feature = "ssr")]
use crate::access::{OfStaff, Tx};
#[cfg(feature = "ssr")]
use crate::error::{AppError, Undo, required};
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::AuditKind;
#[cfg(feature = "ssr")]
use crate::features::audit::record::{Entry, record_as_staff};
#[cfg(feature = "ssr")]
use crate::features::tickets;
#[cfg(feature = "ssr")]
use crate::features::tickets::model::{Badge, SUBJECT};
#[cfg(feature = "ssr")]
use crate::features::tickets::row::Ticket;
#[cfg(feature = "ssr")]
use crate::features::tickets::who::{self, Writer};
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use crate::platform::db::Conn;
use crate::types::TicketId;
#[cfg(feature = "ssr")]
use crate::types::{AccountId, UserId, line};
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use leptos::server_fn::ServerFn as _;

/// What can be rearranged about a ticket, and what that would change. `merge` is the number of another ticket,
/// `customer` that of another customer; either may be empty.
#[server(prefix = "/rpc", endpoint = "operator/arrange/show")]
pub async fn show_arrangement(
    ticket: TicketId,
    #[server(default)] merge: String,
    #[server(default)] customer: String,
) -> Result<Arrangement> {
    let staff = Staff::<AnswerTickets>::now().await?;
    let mut reader = staff.read().await?;
    let (now, own) = (reader.now(), staff.member().user.id.clone());
    let conn = reader.conn();
    let found = store::seen(conn, &ticket, &own).await?;
    let merged = tickets::store::merged(conn, ticket.as_str()).await?;
    let merge = match number(&merge) {
        Some(typed) => Some(plan_merge(conn, &found, typed, &own, &staff.member().user).await?),
        None => None,
    };
    let moving = match number(&customer) {
        Some(typed) => Some(plan_move(conn, &found, typed).await?),
        None => None,
    };
    let (others, pieces) = (store::others(conn, &found, &own).await?, store::pieces(conn, &found.id).await?);
    Ok(Arrangement {
        account: found.account_id.into(),
        account_name: found.account_name,
        number: found.number,
        subject: found.subject,
        merged_into: found.merged_number,
        merged,
        split_from: found.split_number,
        moved_from: found.moved_name,
        others,
        pieces,
        merge,
        moving,
        now,
    })
}

/// What was typed as a number; `None` for nothing at all.
#[cfg(feature = "ssr")]
fn number(typed: &str) -> Option<i64> {
    let typed = typed.trim().trim_start_matches('#');
    (!typed.is_empty()).then(|| typed.parse().unwrap_or_default())
}

/// The ticket of a number to merge one into, or why that cannot be.
#[cfg(feature = "ssr")]
async fn target(
    conn: &mut Conn,
    ticket: &Ticket,
    number: i64,
    own: &UserId,
) -> Result<std::result::Result<Ticket, String>> {
    let Some(into) = store::by_number(conn, ticket, number, own).await? else {
        return Ok(Err(words::NO_SUCH_TICKET.into()));
    };
    if let Some(number) = into.merged_number {
        return Ok(Err(words::is_merged(&number)));
    }
    if ticket.merged_into.is_some() {
        return Ok(Err(words::MERGED_ALREADY.into()));
    }
    if !tickets::store::merged(conn, &ticket.id).await?.is_empty() {
        return Ok(Err(words::HAS_MERGED.into()));
    }
    Ok(Ok(into))
}

#[cfg(feature = "ssr")]
async fn plan_merge(
    conn: &mut Conn,
    ticket: &Ticket,
    number: i64,
    own: &UserId,
    user: &SessionUser,
) -> Result<std::result::Result<MergeTarget, String>> {
    let into = match target(conn, ticket, number, own).await? {
        Ok(into) => into,
        Err(why) => return Ok(Err(why)),
    };
    let (mine, theirs) = (store::own(conn, ticket, false).await?, store::own(conn, &into, false).await?);
    let names = |all: &[(String, String)], but: &[(String, String)]| {
        all.iter().filter(|one| !but.contains(one)).map(|(_, name)| name.clone()).collect()
    };
    let by = Writer::of_mail(&user.name, &user.email, Badge::Staff);
    let mut told: Vec<String> = Vec::new();
    for one in [who::told(conn, &into, &by).await?, who::told(conn, ticket, &by).await?].concat() {
        if !told.contains(&one.email) {
            told.push(one.email);
        }
    }
    Ok(Ok(MergeTarget {
        read_theirs: names(&mine, &theirs),
        read_this: names(&theirs, &mine),
        id: into.id.into(),
        number: into.number,
        subject: into.subject,
        told,
    }))
}

#[cfg(feature = "ssr")]
async fn plan_move(
    conn: &mut Conn,
    ticket: &Ticket,
    number: i64,
) -> Result<std::result::Result<MovePlan, String>> {
    let there = store::account(conn, number).await?.filter(|(id, ..)| *id != ticket.account_id);
    let Some((account, name, number)) = there else {
        return Ok(Err(words::NO_SUCH_CUSTOMER.into()));
    };
    let opener = store::opener_there(conn, ticket, &account).await?.map(|(_, name)| name).unwrap_or_default();
    let lose = store::own(conn, ticket, true).await?.into_iter().map(|(_, name)| name).collect();
    Ok(Ok(MovePlan { account: account.into(), name, number, opener, lose }))
}

/// Writes what was done to a ticket into the trail of its account, and of the installation.
#[cfg(feature = "ssr")]
async fn record(tx: &mut Tx<OfStaff>, account: &AccountId, says: String) -> Result<()> {
    let user = tx.staff().user.clone();
    let (name, number) = named(tx.conn(), account).await?;
    let entry = Entry::new(AuditKind::TicketChanged, says);
    record_as_staff(tx, &user, (account, &name, number), entry).await
}

/// Merges a ticket into another of the same customer (T6).
#[server(prefix = "/rpc", endpoint = "operator/arrange/merge")]
pub async fn merge_tickets(ticket: TicketId, #[server(default)] number: i64) -> Result<Outcome> {
    let staff = Staff::<AnswerTickets>::now().await?;
    let user = staff.member().user.clone();
    let mut tx = staff.begin().await?;
    let from = store::seen(tx.conn(), &ticket, &user.id).await?;
    let into = target(tx.conn(), &from, number, &user.id).await?.map_err(AppError::Conflict)?;
    store::merge(&mut tx, &from, &into, &user.name, words::MERGED_ALREADY).await?;
    let account = AccountId::from(from.account_id.clone());
    record(&mut tx, &account, words::did_merge(&from.number, &into.number)).await?;
    tx.commit().await?;
    let undo = Undo::by(UnmergeTicket::PATH, &[("ticket", ticket.as_str())]);
    let to = paths::ticket(&account, &into.id.clone().into());
    Ok(Outcome::at(to, words::merged_say(&from.number, &into.number)).undone_by(undo))
}

/// Takes a ticket back out of the one it was merged into.
#[server(prefix = "/rpc", endpoint = "operator/arrange/unmerge")]
pub async fn unmerge_ticket(ticket: TicketId) -> Result<Outcome> {
    let staff = Staff::<AnswerTickets>::now().await?;
    let user = staff.member().user.clone();
    let mut tx = staff.begin().await?;
    let found = store::seen(tx.conn(), &ticket, &user.id).await?;
    let other = found.merged_into.clone().map(TicketId::from);
    let other = other.ok_or_else(|| AppError::Conflict(words::NOT_MERGED.into()))?;
    let into = store::seen(tx.conn(), &other, &user.id).await?.number;
    store::unmerge(&mut tx, &found, &user.name, words::NOT_MERGED).await?;
    let account = AccountId::from(found.account_id.clone());
    record(&mut tx, &account, words::did_unmerge(&found.number, &into)).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::ticket(&account, &ticket), words::unmerged_say(&found.number)))
}

/// Puts some messages of a ticket into a new one of the same customer (T6).
#[server(prefix = "/rpc", endpoint = "operator/arrange/split")]
pub async fn split_ticket(
    ticket: TicketId,
    #[server(default)] subject: String,
    #[server(default)] messages: Vec<String>,
) -> Result<Outcome> {
    let staff = Staff::<AnswerTickets>::now().await?;
    let user = staff.member().user.clone();
    let subject = required("subject", line(&subject, SUBJECT), words::ENTER_A_SUBJECT)?;
    let mut tx = staff.begin().await?;
    let found = store::seen(tx.conn(), &ticket, &user.id).await?;
    if found.merged_into.is_some() {
        return Err(AppError::Conflict(words::MERGED_ALREADY.into()));
    }
    let (new, number) = store::split(&mut tx, &found, &subject, &messages).await?.map_err(|none_left| {
        AppError::field("messages", if none_left { words::LEAVE_ONE } else { words::TICK_ONE })
    })?;
    let account = AccountId::from(found.account_id.clone());
    record(&mut tx, &account, words::did_split(&found.number, &number)).await?;
    tx.commit().await?;
    let undo = Undo::by(PutBack::PATH, &[("ticket", new.as_str())]);
    Ok(Outcome::at(paths::ticket(&account, &new.into()), words::split_say(&number)).undone_by(undo))
}

/// Puts a ticket that was split from another back into it.
#[server(prefix = "/rpc", endpoint = "operator/arrange/put-back")]
pub async fn put_back(ticket: TicketId) -> Result<Outcome> {
    let staff = Staff::<AnswerTickets>::now().await?;
    let user = staff.member().user.clone();
    let mut tx = staff.begin().await?;
    let found = store::seen(tx.conn(), &ticket, &user.id).await?;
    let from = found.split_number.ok_or_else(|| AppError::Conflict(words::NOT_SPLIT.into()))?;
    let into = target(tx.conn(), &found, from, &user.id).await?.map_err(AppError::Conflict)?;
    store::merge(&mut tx, &found, &into, &user.name, words::MERGED_ALREADY).await?;
    let account = AccountId::from(found.account_id.clone());
    record(&mut tx, &account, words::did_merge(&found.number, &into.number)).await?;
    tx.commit().await?;
    let to = paths::ticket(&account, &into.id.clone().into());
    Ok(Outcome::at(to, words::merged_say(&found.number, &into.number)))
}

/// Moves a ticket to another customer.
#[server(prefix = "/rpc", endpoint = "operator/arrange/move")]
pub async fn move_ticket(ticket: TicketId, #[server(default)] number: i64) -> Result<Outcome> {
    let staff = Staff::<AnswerTickets>::now().await?;
    let user = staff.member().user.clone();
    let mut tx = staff.begin().await?;
    let found = store::seen(tx.conn(), &ticket, &user.id).await?;
    let there = store::account(tx.conn(), number).await?.filter(|(id, ..)| *id != found.account_id);
    let there = there.ok_or_else(|| AppError::field("customer", words::NO_SUCH_CUSTOMER))?;
    let (account, name) = (AccountId::from(there.0), there.1);
    relocate(&mut tx, &found, &account).await?;
    tx.commit().await?;
    let undo = Undo::by(MoveBack::PATH, &[("ticket", ticket.as_str())]);
    let says = words::moved_say(&found.number, &name);
    Ok(Outcome::at(paths::ticket(&account, &ticket), says).undone_by(undo))
}

/// Moves a ticket back to the customer it was moved away from.
#[server(prefix = "/rpc", endpoint = "operator/arrange/move-back")]
pub async fn move_back(ticket: TicketId) -> Result<Outcome> {
    let staff = Staff::<AnswerTickets>::now().await?;
    let user = staff.member().user.clone();
    let mut tx = staff.begin().await?;
    let found = store::seen(tx.conn(), &ticket, &user.id).await?;
    let before = found.moved_from.clone().unwrap_or_default();
    let there = store::account_by_id(tx.conn(), &before).await?;
    let there = there.ok_or_else(|| AppError::Conflict(words::NOT_MOVED.into()))?;
    let (account, name) = (AccountId::from(there.0), there.1);
    relocate(&mut tx, &found, &account).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::ticket(&account, &ticket), words::moved_say(&found.number, &name)))
}

/// Moves a ticket, and writes so into the trails of both accounts. Neither learns the other's name from it.
#[cfg(feature = "ssr")]
async fn relocate(tx: &mut Tx<OfStaff>, ticket: &Ticket, to: &AccountId) -> Result<()> {
    if ticket.merged_into.is_some() {
        return Err(AppError::Conflict(words::MERGED_ALREADY.into()));
    }
    if !tickets::store::merged(tx.conn(), &ticket.id).await?.is_empty() {
        return Err(AppError::Conflict(words::HAS_MERGED.into()));
    }
    let from = AccountId::from(ticket.account_id.clone());
    if ticket.moved_from.as_deref().is_some_and(|before| before != to.as_str()) {
        return Err(AppError::Conflict(words::MOVED_ALREADY.into()));
    }
    store::relocate(tx, ticket, to, words::NOT_MOVED).await?;
    record(tx, &from, words::did_move_away(&ticket.number, &words::ANOTHER_CUSTOMER)).await?;
    record(tx, to, words::did_move_here(&ticket.number, &words::ANOTHER_CUSTOMER)).await
}
