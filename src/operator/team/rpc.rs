//! Server functions of staff. Line 1 of each is the proof of access.

use super::model::StaffRow;
#[cfg(feature = "ssr")]
use super::{mail, model, store, words};
#[cfg(feature = "ssr")]
use crate::access::staff::ManageStaff;
#[cfg(feature = "ssr")]
use crate::access::{OfStaff, Staff, Tx, session};
#[cfg(feature = "ssr")]
use crate::error::AppError;
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::{AuditChange, AuditKind};
#[cfg(feature = "ssr")]
use crate::features::audit::record::Entry;
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use crate::permission::StaffPermissions;
use crate::types::UserId;
use leptos::prelude::*;

/// Everybody on the staff.
#[server(prefix = "/rpc", endpoint = "operator/staff/list")]
pub async fn list_staff() -> Result<Vec<StaffRow>> {
    let staff = Staff::<ManageStaff>::now().await?;
    store::list(&mut staff.read().await?).await
}

/// One of them, for the form.
#[server(prefix = "/rpc", endpoint = "operator/staff/show")]
pub async fn show_staff(user: UserId) -> Result<StaffRow> {
    let staff = Staff::<ManageStaff>::now().await?;
    store::show(staff.read().await?.conn(), &staff.member().user.id, &user).await
}

/// Puts somebody on the staff; they get a link to choose a password.
#[server(prefix = "/rpc", endpoint = "operator/staff/add")]
pub async fn add_staff(
    #[server(default)] name: String,
    #[server(default)] email: String,
    #[server(default)] role: String,
    #[server(default)] permissions: Vec<String>,
) -> Result<Outcome> {
    let staff = Staff::<ManageStaff>::now().await?.just_confirmed()?;
    let (name, email) = model::person(&name, &email)?;
    let held = model::chosen(&role, &permissions)?;
    gives(&staff.member().permissions, held)?;
    let mut tx = staff.begin().await?;
    let (_, link) = store::add(&mut tx, &name, &email, held).await?;
    tx.send(&mail::welcome(staff.app(), &name, email.as_str(), &link)).await?;
    let entry = Entry::new(AuditKind::StaffAdded, words::added_to_staff(&name, &held.role().title()));
    tx.record(entry.with(AuditChange::between(words::PERMISSIONS, "", held.keys()))).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::STAFF, words::added(&name)))
}

/// Changes what somebody on the staff may do.
#[server(prefix = "/rpc", endpoint = "operator/staff/change")]
pub async fn change_staff(
    user: UserId,
    #[server(default)] version: i64,
    #[server(default)] role: String,
    #[server(default)] permissions: Vec<String>,
) -> Result<Outcome> {
    let staff = Staff::<ManageStaff>::now().await?.just_confirmed()?;
    let held = model::chosen(&role, &permissions)?;
    let mut tx = staff.begin().await?;
    let before = somebody_else(&mut tx, &user).await?;
    // What they hold already may stay, also what the acting person does not hold.
    gives(&staff.member().permissions, held.minus(before.permissions))?;
    store::change(&mut tx, &user, version, held, before.active).await?;
    let change = AuditChange::between(words::PERMISSIONS, before.permissions.keys(), held.keys());
    tx.record(Entry::new(AuditKind::StaffChanged, words::changed_staff(&before.name)).with(change)).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::STAFF, words::changed(&before.name)))
}

/// Removes somebody from the staff, or takes them back.
#[server(prefix = "/rpc", endpoint = "operator/staff/set-active")]
pub async fn set_staff_active(
    user: UserId,
    #[server(default)] version: i64,
    #[server(default)] on: String,
) -> Result<Outcome> {
    let staff = Staff::<ManageStaff>::now().await?.just_confirmed()?;
    let active = !on.is_empty();
    let mut tx = staff.begin().await?;
    let before = somebody_else(&mut tx, &user).await?;
    if active {
        gives(&staff.member().permissions, before.permissions)?;
    } else {
        session::end_all(&mut tx, &user).await?;
    }
    store::change(&mut tx, &user, version, before.permissions, active).await?;
    let (does, say) = match active {
        true => (words::enabled_staff(&before.name), words::taken_back(&before.name)),
        false => (words::disabled_staff(&before.name), words::removed(&before.name)),
    };
    tx.record(Entry::new(AuditKind::StaffChanged, does)).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::STAFF, say))
}

/// Nobody gives what they do not hold.
#[cfg(feature = "ssr")]
fn gives(held: &StaffPermissions, given: StaffPermissions) -> Result<()> {
    if given.minus(*held) == StaffPermissions::NONE {
        Ok(())
    } else {
        Err(AppError::field("role", words::MORE_THAN_YOU))
    }
}

#[cfg(feature = "ssr")]
async fn somebody_else(tx: &mut Tx<OfStaff>, user: &UserId) -> Result<StaffRow> {
    let own = tx.staff().user.id.clone();
    let before = store::show(tx.conn(), &own, user).await?;
    if before.own { Err(AppError::Conflict(words::NOT_YOURSELF.into())) } else { Ok(before) }
}
