//! Server functions of work on many customers or tickets. Line 1 of each is the proof of access; what the act takes is asked
//! right after it.

#[cfg(feature = "ssr")]
use super::model::BulkAct;
use super::model::{BulkView, TicketBulk};
#[cfg(feature = "ssr")]
use super::{job, store, words};
#[cfg(feature = "ssr")]
use crate::access::Staff;
#[cfg(feature = "ssr")]
use crate::access::staff::{AnswerTickets, AnyStaff, ViewCustomers};
#[cfg(feature = "ssr")]
use crate::error::AppError;
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::tickets;
#[cfg(feature = "ssr")]
use crate::operator::customers;
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use crate::permission::StaffPermission;
use crate::types::ListQuery;
#[cfg(feature = "ssr")]
use crate::types::{counted, text_block};
use leptos::prelude::*;

/// How many customers are found.
#[server(prefix = "/rpc", endpoint = "operator/bulk/count")]
pub async fn count_found(#[server(flatten)] query: ListQuery) -> Result<i64> {
    let staff = Staff::<ViewCustomers>::now().await?;
    Ok(customers::store::list(&mut staff.read().await?, &query).await?.total)
}

/// How many tickets are found, and what can be done with them.
#[server(prefix = "/rpc", endpoint = "operator/bulk/tickets")]
pub async fn plan_ticket_bulk(#[server(flatten)] query: ListQuery) -> Result<TicketBulk> {
    let staff = Staff::<AnswerTickets>::now().await?;
    let mut reader = staff.read().await?;
    let count = tickets::store::list_for_staff(&mut reader, &query).await?.total;
    let departments = tickets::store::all_departments(reader.conn()).await?;
    Ok(TicketBulk { count, departments, staff: tickets::store::staff(reader.conn()).await? })
}

/// Does something to everything that is found, beside the server. `value` is whom or where the act needs.
#[server(prefix = "/rpc", endpoint = "operator/bulk/begin")]
pub async fn begin_bulk(
    #[server(default)] act: String,
    #[server(default)] reason: String,
    #[server(default)] assign: String,
    #[server(default)] transfer: String,
    #[server(flatten)] query: ListQuery,
) -> Result<Outcome> {
    let staff = Staff::<AnyStaff>::now().await?;
    let act = BulkAct::from_key(&act).ok_or_else(|| AppError::field("act", words::CHOOSE))?;
    let worker = may(act).await?;
    let staff = if act.of_tickets() { staff } else { staff.holding(StaffPermission::ViewCustomers)? };
    let reason = text_block(&reason, 500).map_err(|message| AppError::field("reason", message))?;
    if reason.is_empty() && matches!(act, BulkAct::Close | BulkAct::Reopen) {
        return Err(AppError::field("reason", words::SAY_WHY));
    }
    let mut reader = staff.read().await?;
    let value = match act {
        BulkAct::Assign => assign,
        BulkAct::Transfer => transfer,
        _ => String::new(),
    };
    let known = match act {
        BulkAct::Assign if !value.is_empty() => tickets::store::staff(reader.conn()).await?,
        BulkAct::Transfer => tickets::store::all_departments(reader.conn()).await?,
        _ => vec![(value.clone(), String::new())],
    };
    if !known.iter().any(|(id, _)| *id == value) {
        return Err(AppError::field(act.key(), words::CHOOSE_ONE));
    }
    let found = store::found(&mut reader, act, &query).await?;
    drop(reader);
    if found.is_empty() {
        return Err(AppError::Conflict(words::NOTHING_FOUND.into()));
    }
    let mut tx = staff.begin().await?;
    let (id, count) = store::begin(&mut tx, act, &value, &reason, Ok(&found)).await?;
    tx.unaudited("each of them gets an entry");
    tx.commit().await?;
    job::work(worker, &id, act, &value, &reason);
    Ok(Outcome::at(paths::bulk(&id), words::begun(&counted(i64::try_from(count).unwrap_or(i64::MAX)))))
}

/// Whoever may do an act to one may do it to many.
#[cfg(feature = "ssr")]
async fn may(act: BulkAct) -> Result<Staff<AnyStaff>> {
    Staff::<AnyStaff>::now().await?.holding(act.needs())
}

/// How far it is.
#[server(prefix = "/rpc", endpoint = "operator/bulk/show")]
pub async fn show_bulk(#[server(default)] id: String) -> Result<BulkView> {
    let staff = Staff::<AnyStaff>::now().await?;
    let view = store::show(staff.read().await?.conn(), &id, job::is_running(&id), staff.app().now()).await?;
    let sees =
        if view.act.of_tickets() { StaffPermission::AnswerTickets } else { StaffPermission::ViewCustomers };
    staff.holding(sees)?;
    Ok(view)
}

/// Goes on with what was interrupted.
#[server(prefix = "/rpc", endpoint = "operator/bulk/continue")]
pub async fn continue_bulk(#[server(default)] id: String) -> Result<Outcome> {
    let staff = Staff::<AnyStaff>::now().await?;
    let view = store::show(staff.read().await?.conn(), &id, false, staff.app().now()).await?;
    let worker = may(view.act).await?;
    if !job::work(worker, &id, view.act, &view.value, &view.reason) {
        return Err(AppError::Conflict(words::IS_RUNNING.into()));
    }
    Ok(Outcome::at(paths::bulk(&id), words::GOES_ON))
}

/// Undoes it for everything that it changed.
#[server(prefix = "/rpc", endpoint = "operator/bulk/undo")]
pub async fn undo_bulk(#[server(default)] id: String) -> Result<Outcome> {
    let staff = Staff::<AnyStaff>::now().await?;
    let view = store::show(staff.read().await?.conn(), &id, job::is_running(&id), staff.app().now()).await?;
    let cannot = || AppError::Conflict(words::NOT_TO_UNDO.into());
    let act = view.act.undone_by().filter(|_| !view.running).ok_or_else(cannot)?;
    // Who works in some departments alone would undo a part, and nobody the rest.
    let (_, others) = store::undoes(staff.read().await?.conn(), &id, &staff.member().user.id).await?;
    if act.of_tickets() && others {
        return Err(AppError::Conflict(words::NOT_YOURS_TO_UNDO.into()));
    }
    let worker = may(act).await?;
    let mut tx = staff.begin().await?;
    let (new, count) = store::begin(&mut tx, act, "", words::UNDOES, Err(&id)).await?;
    tx.unaudited("each of them gets an entry");
    tx.commit().await?;
    job::work(worker, &new, act, "", words::UNDOES);
    Ok(Outcome::at(paths::bulk(&new), words::undone(&counted(i64::try_from(count).unwrap_or(i64::MAX)))))
}
