//! Server functions of imports. Line 1 of each is the proof of access.

use super::model::ImportView;
#[cfg(feature = "ssr")]
use super::model::{ImportState, Report};
#[cfg(feature = "ssr")]
use super::{job, store, words};
#[cfg(feature = "ssr")]
use crate::access::Staff;
#[cfg(feature = "ssr")]
use crate::access::staff::ImportCustomers;
#[cfg(feature = "ssr")]
use crate::error::AppError;
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::AuditKind;
#[cfg(feature = "ssr")]
use crate::features::audit::record::Entry;
#[cfg(feature = "ssr")]
use crate::paths;
use leptos::prelude::*;

/// Mistakes that a page shows; the file of the report has all.
#[cfg(feature = "ssr")]
const SHOWN: usize = 100;

/// The files that were brought in lately.
#[server(prefix = "/rpc", endpoint = "operator/import/list")]
pub async fn list_imports() -> Result<Vec<ImportView>> {
    let staff = Staff::<ImportCustomers>::now().await?;
    store::list(&mut staff.read().await?).await
}

/// How far a file is, and what was found in it.
#[server(prefix = "/rpc", endpoint = "operator/import/show")]
pub async fn show_import(#[server(default)] id: String) -> Result<ImportView> {
    let staff = Staff::<ImportCustomers>::now().await?;
    let mut view = store::show(staff.read().await?.conn(), &id, staff.app().now()).await?;
    view.progress = job::progress(&id);
    if view.state.is_running() && view.progress.is_none() {
        // It may have ended between the two looks.
        view = store::show(staff.read().await?.conn(), &id, staff.app().now()).await?;
        if view.state.is_running() {
            view.state = ImportState::Failed;
            view.report = Report {
                errors: vec![super::model::RowError {
                    line: 1,
                    column: String::new(),
                    reason: words::STOPPED.into(),
                }],
                ..Report::default()
            };
        }
    }
    view.report.errors.truncate(SHOWN);
    Ok(view)
}

/// Brings a checked file in, beside the server.
#[server(prefix = "/rpc", endpoint = "operator/import/start")]
pub async fn start_import(#[server(default)] id: String) -> Result<Outcome> {
    let staff = Staff::<ImportCustomers>::now().await?;
    let mut tx = staff.begin().await?;
    let view = store::show(tx.conn(), &id, staff.app().now()).await?;
    if view.state != ImportState::Checked || view.report.wrong > 0 {
        return Err(AppError::Conflict(words::NOT_CHECKED.into()));
    }
    store::set_state(&mut tx, &id, ImportState::Checked, ImportState::Importing, &view.report).await?;
    tx.unaudited("what is imported leaves its own entries");
    tx.commit().await?;
    job::import(staff, &id, view.kind, view.file);
    Ok(Outcome::at(paths::import(&id), words::STARTED))
}

/// Invites everybody who came with a file and has no login yet.
#[server(prefix = "/rpc", endpoint = "operator/import/announce")]
pub async fn announce_import(#[server(default)] id: String) -> Result<Outcome> {
    let staff = Staff::<ImportCustomers>::now().await?;
    let mut tx = staff.begin().await?;
    let view = store::show(tx.conn(), &id, staff.app().now()).await?;
    if view.state != ImportState::Done || view.to_announce == 0 {
        return Err(AppError::Conflict(words::NOT_CHECKED.into()));
    }
    store::set_announced(&mut tx, &id).await?;
    let says = words::announced_says(&view.to_announce, &view.file);
    tx.record(Entry::new(AuditKind::Imported, says)).await?;
    tx.commit().await?;
    job::announce(staff, &id);
    Ok(Outcome::at(paths::import(&id), words::ANNOUNCING))
}
