//! Checks and brings in a file beside the server, and invites who came with it.
//!
//! How far each is, is kept in memory; how it ended, in its row. A file whose row says that somebody works on it
//! while nobody does was interrupted: nothing of it was changed.

use super::model::{ImportKind, ImportState, Report, RowError};
use super::plan::{ImportPlan, plan};
use super::{read, store, words};
use crate::access::staff::ImportCustomers;
use crate::access::state::AppState;
use crate::access::{Staff, System};
use crate::error::{AppError, Result};
use crate::features::audit::model::AuditKind;
use crate::features::audit::record::{Entry, record_many};
use crate::features::invitations;
use crate::operator::customers;
use crate::permission::Permissions;
use crate::platform::db::internal;
use crate::types::EmailAddress;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{LazyLock, Mutex, PoisonError};

/// Rows done and in all, by the id of the file.
static RUNNING: LazyLock<Mutex<HashMap<String, (u64, u64)>>> = LazyLock::new(Mutex::default);

/// How far a file is; nothing when nobody works on it.
pub fn progress(id: &str) -> Option<(u64, u64)> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner).get(id).copied()
}

fn note(id: &str, progress: Option<(u64, u64)>) {
    let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    match progress {
        Some(progress) => drop(running.insert(id.to_owned(), progress)),
        None => drop(running.remove(id)),
    }
}

/// Where an uploaded file waits.
pub fn file(app: &AppState, id: &str) -> PathBuf {
    app.config().data_dir.join("imports").join(format!("{id}.csv"))
}

/// Days after which a file that was checked and not brought in is removed: it holds what customers told.
const FILE_DAYS: i64 = 7;

/// Removes files that nobody brought in. Their ids say when they came.
pub fn tidy(app: &AppState) {
    let before = app.now().plus_days(-FILE_DAYS).0;
    let Ok(files) = std::fs::read_dir(app.config().data_dir.join("imports")) else { return };
    for path in files.flatten().map(|file| file.path()) {
        let name = path.file_stem().map(|name| name.to_string_lossy().to_uppercase()).unwrap_or_default();
        let came = ulid::Ulid::from_string(&name)
            .map_or(0, |id| i64::try_from(id.timestamp_ms()).unwrap_or_default());
        if came < before
            && let Err(error) = std::fs::remove_file(&path)
        {
            tracing::warn!(%error, "a file that nobody imported was not removed");
        }
    }
}

/// Checks a file beside the server.
pub fn check(app: &AppState, id: &str, kind: ImportKind) {
    note(id, Some((0, 0)));
    let (app, id) = (app.clone(), id.to_owned());
    tokio::spawn(async move {
        let found = planned(&app, &id, kind).await;
        let ended = async {
            let mut tx = System::of(&app).begin().await?;
            match found {
                Ok((plan, _)) => {
                    store::set_state(&mut tx, &id, ImportState::Checking, ImportState::Checked, &plan.report)
                        .await?;
                }
                Err(error) => store::fail(&mut tx, &id, &refusal(&error)).await?,
            }
            tx.commit().await
        };
        if let Err(error) = ended.await {
            tracing::warn!(%error, "how a file was checked was not noted");
        }
        note(&id, None);
    });
}

/// A file that changes nothing, and why.
fn refusal(error: &AppError) -> Report {
    let reason = error.to_string();
    Report {
        wrong: 1,
        errors: vec![RowError { line: 1, column: String::new(), reason }],
        ..Report::default()
    }
}

/// What a file would change, with the names of the accounts that there are, by their ids.
async fn planned(
    app: &AppState,
    id: &str,
    kind: ImportKind,
) -> Result<(ImportPlan, HashMap<String, String>)> {
    let path = file(app, id);
    let existing = store::existing(System::of(app).read().await?.conn(), kind).await?;
    let work = move || {
        let bytes = std::fs::read(&path).map_err(|error| internal(&error))?;
        let mut errors = Vec::new();
        let table = read::read(kind, &bytes, &mut errors).map_err(AppError::Conflict)?;
        let plan = plan(kind, &table, &existing, errors);
        Ok((plan, existing.accounts.into_values().map(|(id, name, _)| (id, name)).collect()))
    };
    tokio::task::spawn_blocking(work).await.map_err(|error| internal(&error))?
}

/// Brings a checked file in, beside the server.
pub fn import(staff: Staff<ImportCustomers>, id: &str, kind: ImportKind, name: String) {
    note(id, Some((0, 0)));
    let id = id.to_owned();
    tokio::spawn(async move {
        let app = staff.app().clone();
        if let Err(error) = brought(&staff, &id, kind, &name).await {
            tracing::warn!(%error, "a file was not imported");
            let noted = async {
                let mut tx = System::of(&app).begin().await?;
                store::fail(&mut tx, &id, &refusal(&error)).await?;
                tx.commit().await
            };
            if let Err(error) = noted.await {
                tracing::warn!(%error, "how an import ended was not noted");
            }
        }
        let done = async {
            let mut tx = System::of(&app).begin().await?;
            tx.conn().for_many_rows(false).await?;
            tx.commit().await
        };
        if let Err(error) = done.await {
            tracing::warn!(%error, "the memory of an import was not given back");
        }
        note(&id, None);
        // It is in, or changed nothing: either way it is not needed any more.
        let _ = tokio::fs::remove_file(file(&app, &id)).await;
    });
}

/// One transaction: everything is in, or nothing.
async fn brought(staff: &Staff<ImportCustomers>, id: &str, kind: ImportKind, name: &str) -> Result<()> {
    // What is there may have changed since the file was checked.
    let (plan, names) = planned(staff.app(), id, kind).await?;
    if plan.report.wrong > 0 {
        let mut tx = System::of(staff.app()).begin().await?;
        store::fail(&mut tx, id, &plan.report).await?;
        return tx.commit().await;
    }
    let total = plan.report.rows;
    let done = |rows: usize| note(id, Some((u64::try_from(rows).unwrap_or(total), total)));
    let mut tx = staff.begin().await?;
    tx.conn().for_many_rows(true).await?;
    let (opened, touched) = store::apply(&mut tx, id, &plan, &done).await?;
    let mut entries: Vec<_> = opened
        .into_iter()
        .map(|(account, name)| (account, name, words::IMPORTED_ACCOUNT.to_owned()))
        .collect();
    let says = |n: &u64| words::imported_into(n, &kind.title().to_lowercase());
    entries.extend(touched.iter().map(|(account, n)| {
        (account.clone().into(), names.get(account).cloned().unwrap_or_default(), says(n))
    }));
    record_many(&mut tx, AuditKind::Imported, &entries).await?;
    let changed = plan.report.new + plan.report.changed;
    let says = words::imported(&changed, &kind.title().to_lowercase(), &name);
    tx.record(Entry::new(AuditKind::Imported, says)).await?;
    store::set_state(&mut tx, id, ImportState::Importing, ImportState::Done, &plan.report).await?;
    tx.commit().await
}

/// Invites everybody who came with a file and has no login, one after the other beside the server. What is
/// interrupted is gone on with by announcing again.
pub fn announce(staff: Staff<ImportCustomers>, id: &str) {
    let id = id.to_owned();
    tokio::spawn(async move {
        if let Err(error) = invited(&staff, &id).await {
            tracing::warn!(%error, "an announcement was interrupted");
        }
    });
}

async fn invited(staff: &Staff<ImportCustomers>, id: &str) -> Result<()> {
    let mut behind = String::new();
    loop {
        let people = store::whom(staff.read().await?.conn(), id, &behind).await?;
        let Some((last, ..)) = people.last() else { return Ok(()) };
        behind = last.to_string();
        for (contact, account, email, name, is_owner, held) in people {
            let Ok(email) = EmailAddress::parse(&email) else { continue };
            let mut tx = staff.begin().await?.into_account(&account).await?;
            let able_to = Permissions::of_contact(is_owner, &held).able_to();
            if !customers::store::invite(&mut tx, &contact, (&name, &email), &able_to).await? {
                continue;
            }
            let says = invitations::words::invited_after_import(&email);
            tx.record(Entry::new(AuditKind::InvitationSent, says).about(&contact)).await?;
            tx.commit().await?;
        }
    }
}
