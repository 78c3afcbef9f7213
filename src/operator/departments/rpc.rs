//! Server functions of departments. Line 1 of each is the proof of access.

#[cfg(feature = "ssr")]
use super::model::hours;
use super::model::{Department, DepartmentForm};
#[cfg(feature = "ssr")]
use super::{store, words};
#[cfg(feature = "ssr")]
use crate::access::Staff;
#[cfg(feature = "ssr")]
use crate::access::staff::EditSettings;
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::{AuditChange, AuditKind};
#[cfg(feature = "ssr")]
use crate::features::audit::record::Entry;
#[cfg(feature = "ssr")]
use crate::paths;
use leptos::prelude::*;

/// Every department.
#[server(prefix = "/rpc", endpoint = "operator/departments/list")]
pub async fn list_departments() -> Result<Vec<Department>> {
    let staff = Staff::<EditSettings>::now().await?;
    store::list(staff.read().await?.conn()).await
}

/// A department, for its form.
#[server(prefix = "/rpc", endpoint = "operator/departments/show")]
pub async fn show_department(#[server(default)] id: String) -> Result<Department> {
    let staff = Staff::<EditSettings>::now().await?;
    store::show(staff.read().await?.conn(), &id).await
}

/// Adds a department, or changes the one with this id.
#[server(prefix = "/rpc", endpoint = "operator/departments/save")]
pub async fn save_department(
    #[server(default)] id: String,
    #[server(default)] version: i64,
    #[server(flatten)] form: DepartmentForm,
) -> Result<Outcome> {
    let staff = Staff::<EditSettings>::now().await?;
    let new = form.parse()?;
    let known = (!id.is_empty()).then_some(id.as_str());
    let mut tx = staff.begin().await?;
    let before = match known {
        Some(id) => store::show(tx.conn(), id).await?,
        None => Department::default(),
    };
    store::save(&mut tx, known, version, &new).await?;
    let says = match known {
        Some(_) => words::changed_department(&new.name),
        None => words::added_department(&new.name),
    };
    let yes = |is: bool| if is { words::YES } else { words::NO };
    let changes = [
        AuditChange::between(words::NAME, &before.name, &new.name),
        AuditChange::between(words::MAIL, &before.email, &new.email),
        AuditChange::between(words::TAKES, before.requests.join(", "), new.requests.join(", ")),
        AuditChange::between(words::HIDDEN, yes(before.hidden), yes(new.hidden)),
        AuditChange::between(words::BY_MAIL, yes(before.by_mail), yes(new.by_mail)),
        AuditChange::between(words::FIRST_ANSWER, hours(before.answers.0), hours(new.answers.0)),
        AuditChange::between(words::NEXT_ANSWER, hours(before.answers.1), hours(new.answers.1)),
    ];
    tx.record(Entry::new(AuditKind::SettingsChanged, says).with(changes.into_iter().flatten())).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::DEPARTMENTS, words::saved(&new.name)))
}

/// Deletes a department.
#[server(prefix = "/rpc", endpoint = "operator/departments/delete")]
pub async fn delete_department(#[server(default)] id: String) -> Result<Outcome> {
    let staff = Staff::<EditSettings>::now().await?;
    let mut tx = staff.begin().await?;
    let name = store::delete(&mut tx, &id).await?;
    tx.record(Entry::new(AuditKind::SettingsChanged, words::deleted_department(&name))).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::DEPARTMENTS, words::deleted(&name)))
}
