//! Server functions of work on many customers. Line 1 of each is the proof of access; what the act takes is asked
//! right after it.

#[cfg(feature = "ssr")]
use super::model::BulkAct;
use super::model::BulkView;
#[cfg(feature = "ssr")]
use super::{job, store, words};
#[cfg(feature = "ssr")]
use crate::access::Staff;
#[cfg(feature = "ssr")]
use crate::access::staff::{AnyStaff, ViewCustomers};
#[cfg(feature = "ssr")]
use crate::error::AppError;
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::operator::customers;
#[cfg(feature = "ssr")]
use crate::paths;
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

/// Does something to everybody who is found, beside the server.
#[server(prefix = "/rpc", endpoint = "operator/bulk/begin")]
pub async fn begin_bulk(
    #[server(default)] act: String,
    #[server(default)] reason: String,
    #[server(default)] q: String,
    #[server(default)] status: String,
) -> Result<Outcome> {
    let staff = Staff::<ViewCustomers>::now().await?;
    let act = BulkAct::from_key(&act).ok_or_else(|| AppError::field("act", words::CHOOSE))?;
    let worker = may(act).await?;
    let reason = text_block(&reason, 500).map_err(|message| AppError::field("reason", message))?;
    if reason.is_empty() && act != BulkAct::Invite {
        return Err(AppError::field("reason", words::SAY_WHY));
    }
    let query = ListQuery { q, status, ..ListQuery::default() };
    let found = store::found(&mut staff.read().await?, &query).await?;
    if found.is_empty() {
        return Err(AppError::Conflict(words::NOTHING_FOUND.into()));
    }
    let mut tx = staff.begin().await?;
    let (id, count) = store::begin(&mut tx, act, &reason, Ok(&found)).await?;
    tx.unaudited("each customer gets an entry");
    tx.commit().await?;
    job::work(worker, &id, act, &reason);
    Ok(Outcome::at(paths::bulk(&id), words::begun(&counted(i64::try_from(count).unwrap_or(i64::MAX)))))
}

/// Whoever may do an act to one customer may do it to many.
#[cfg(feature = "ssr")]
async fn may(act: BulkAct) -> Result<Staff<AnyStaff>> {
    Staff::<AnyStaff>::now().await?.holding(act.needs())
}

/// How far it is.
#[server(prefix = "/rpc", endpoint = "operator/bulk/show")]
pub async fn show_bulk(#[server(default)] id: String) -> Result<BulkView> {
    let staff = Staff::<ViewCustomers>::now().await?;
    store::show(staff.read().await?.conn(), &id, job::is_running(&id), staff.app().now()).await
}

/// Goes on with what was interrupted.
#[server(prefix = "/rpc", endpoint = "operator/bulk/continue")]
pub async fn continue_bulk(#[server(default)] id: String) -> Result<Outcome> {
    let staff = Staff::<ViewCustomers>::now().await?;
    let view = store::show(staff.read().await?.conn(), &id, false, staff.app().now()).await?;
    let worker = may(view.act).await?;
    if !job::work(worker, &id, view.act, &view.reason) {
        return Err(AppError::Conflict(words::IS_RUNNING.into()));
    }
    Ok(Outcome::at(paths::bulk(&id), words::GOES_ON))
}

/// Undoes it for everybody whom it changed.
#[server(prefix = "/rpc", endpoint = "operator/bulk/undo")]
pub async fn undo_bulk(#[server(default)] id: String) -> Result<Outcome> {
    let staff = Staff::<ViewCustomers>::now().await?;
    let view = store::show(staff.read().await?.conn(), &id, job::is_running(&id), staff.app().now()).await?;
    let cannot = || AppError::Conflict(words::NOT_TO_UNDO.into());
    let act = view.act.undone_by().filter(|_| !view.running).ok_or_else(cannot)?;
    let worker = may(act).await?;
    let mut tx = staff.begin().await?;
    let (new, count) = store::begin(&mut tx, act, words::UNDOES, Err(&id)).await?;
    tx.unaudited("each customer gets an entry");
    tx.commit().await?;
    job::work(worker, &new, act, words::UNDOES);
    Ok(Outcome::at(paths::bulk(&new), words::undone(&counted(i64::try_from(count).unwrap_or(i64::MAX)))))
}
