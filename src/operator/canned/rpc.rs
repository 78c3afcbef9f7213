//! Server functions of canned replies. Line 1 of each is the proof of access.

#[cfg(feature = "ssr")]
use super::model::VARIABLES;
use super::model::{CannedForm, CannedView};
#[cfg(feature = "ssr")]
use super::words;
#[cfg(feature = "ssr")]
use crate::access::Staff;
#[cfg(feature = "ssr")]
use crate::access::staff::AnswerTickets;
#[cfg(feature = "ssr")]
use crate::error::AppError;
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::{AuditChange, AuditKind};
#[cfg(feature = "ssr")]
use crate::features::audit::record::Entry;
#[cfg(feature = "ssr")]
use crate::features::mail::template;
#[cfg(feature = "ssr")]
use crate::features::tickets::canned::{self, Canned};
#[cfg(feature = "ssr")]
use crate::features::tickets::store;
#[cfg(feature = "ssr")]
use crate::paths;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
fn view(one: Canned) -> CannedView {
    CannedView {
        id: one.id,
        name: one.name,
        department: (one.department_id, one.department),
        text: one.text,
        version: one.version,
        departments: Vec::new(),
    }
}

/// Every canned reply, by name.
#[server(prefix = "/rpc", endpoint = "operator/canned/list")]
pub async fn list_canned() -> Result<Vec<CannedView>> {
    let staff = Staff::<AnswerTickets>::now().await?;
    let all = canned::list(staff.read().await?.conn()).await?;
    Ok(all.into_iter().map(view).collect())
}

/// A canned reply, or a new one (empty), for its form.
#[server(prefix = "/rpc", endpoint = "operator/canned/show")]
pub async fn show_canned(#[server(default)] id: String) -> Result<CannedView> {
    let staff = Staff::<AnswerTickets>::now().await?;
    let mut reader = staff.read().await?;
    let one = match id.as_str() {
        "" => CannedView::default(),
        id => view(canned::show(reader.conn(), id).await?),
    };
    Ok(CannedView { departments: store::all_departments(reader.conn()).await?, ..one })
}

/// Adds a canned reply, or changes the one with this id.
#[server(prefix = "/rpc", endpoint = "operator/canned/save")]
pub async fn save_canned(
    #[server(default)] id: String,
    #[server(default)] version: i64,
    #[server(flatten)] form: CannedForm,
) -> Result<Outcome> {
    let staff = Staff::<AnswerTickets>::now().await?;
    let form = form.parse()?;
    let known: Vec<String> = VARIABLES.iter().map(|(name, _)| (*name).to_owned()).collect();
    template::check(&form.text, &known).map_err(|message| AppError::field("text", message))?;
    let mut tx = staff.begin().await?;
    let departments = store::all_departments(tx.conn()).await?;
    let department = departments.into_iter().find(|(id, _)| *id == form.department);
    if department.is_none() && !form.department.is_empty() {
        return Err(AppError::field("department", words::CHOOSE_A_DEPARTMENT));
    }
    let (department_id, department) = department.unwrap_or_default();
    let before = if id.is_empty() { Canned::default() } else { canned::show(tx.conn(), &id).await? };
    let new = Canned { id, version, name: form.name, department_id, department, text: form.text };
    canned::save(&mut tx, &new, (words::NAME_TAKEN, words::TOO_MANY, words::CHANGED_MEANWHILE)).await?;
    let says = if new.id.is_empty() { words::added(&new.name) } else { words::changed(&new.name) };
    let changes = [
        AuditChange::between(words::NAME, &before.name, &new.name),
        AuditChange::between(words::DEPARTMENT, &before.department, &new.department),
        AuditChange::between(words::TEXT, &before.text, &new.text),
    ];
    tx.record(Entry::new(AuditKind::SettingsChanged, says).with(changes.into_iter().flatten())).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::CANNED, words::saved(&new.name)))
}

/// Deletes a canned reply.
#[server(prefix = "/rpc", endpoint = "operator/canned/delete")]
pub async fn delete_canned(#[server(default)] id: String) -> Result<Outcome> {
    let staff = Staff::<AnswerTickets>::now().await?;
    let mut tx = staff.begin().await?;
    let name = canned::delete(&mut tx, &id).await?;
    tx.record(Entry::new(AuditKind::SettingsChanged, words::removed(&name))).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::CANNED, words::deleted(&name)))
}
