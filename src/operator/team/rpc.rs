//! Server functions of staff. Line 1 of each is the proof of access.

use super::model::{NamedRole, StaffForm, StaffRow};
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
use crate::operator::departments;
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

/// One of them, for the form; nobody for new staff.
#[server(prefix = "/rpc", endpoint = "operator/staff/show")]
pub async fn show_staff(#[server(default)] user: String) -> Result<StaffForm> {
    let staff = Staff::<ManageStaff>::now().await?;
    let mut reader = staff.read().await?;
    let row = match user.as_str() {
        "" => None,
        id => {
            let user = UserId::parse(id).ok_or(AppError::NotFound)?;
            Some(store::show(reader.conn(), &staff.member().user.id, &user).await?)
        }
    };
    let departments = departments::store::list(reader.conn()).await?;
    Ok(StaffForm {
        row,
        roles: store::roles(reader.conn()).await?,
        departments: departments.into_iter().map(|one| (one.id, one.name)).collect(),
    })
}

/// Puts somebody on the staff; they get a link to choose a password.
#[server(prefix = "/rpc", endpoint = "operator/staff/add")]
pub async fn add_staff(
    #[server(default)] name: String,
    #[server(default)] email: String,
    #[server(default)] role: String,
    #[server(default)] permissions: Vec<String>,
    #[server(default)] departments: Vec<String>,
) -> Result<Outcome> {
    let staff = Staff::<ManageStaff>::now().await?.just_confirmed()?;
    let (name, email) = model::person(&name, &email)?;
    let mut tx = staff.begin().await?;
    let roles = store::roles(tx.conn()).await?;
    let held = model::chosen(&role, &permissions, &roles)?;
    gives(&staff.member().permissions, held)?;
    let (user, link) = store::add(&mut tx, &name, &email, held).await?;
    store::set_departments(&mut tx, &user, &departments).await?;
    tx.send(&mail::welcome(staff.app(), &name, email.as_str(), &link)).await?;
    let entry = Entry::new(AuditKind::StaffAdded, words::added_to_staff(&name, &model::title(held, &roles)));
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
    #[server(default)] departments: Vec<String>,
) -> Result<Outcome> {
    let staff = Staff::<ManageStaff>::now().await?.just_confirmed()?;
    let mut tx = staff.begin().await?;
    let roles = store::roles(tx.conn()).await?;
    let held = model::chosen(&role, &permissions, &roles)?;
    let before = somebody_else(&mut tx, &user).await?;
    // What they hold already may stay, also what the acting person does not hold.
    gives(&staff.member().permissions, held.minus(before.permissions))?;
    store::change(&mut tx, &user, version, held, before.active).await?;
    store::set_departments(&mut tx, &user, &departments).await?;
    let after = store::show(tx.conn(), &staff.member().user.id, &user).await?;
    let known = departments::store::list(tx.conn()).await?;
    let named = |ids: &[String]| {
        let names: Vec<&str> =
            known.iter().filter(|one| ids.contains(&one.id)).map(|one| one.name.as_str()).collect();
        if names.is_empty() { words::ALL.to_owned() } else { names.join(", ") }
    };
    let changes = [
        AuditChange::between(words::PERMISSIONS, before.permissions.keys(), held.keys()),
        AuditChange::between(words::DEPARTMENTS, named(&before.departments), named(&after.departments)),
    ];
    let entry = Entry::new(AuditKind::StaffChanged, words::changed_staff(&before.name));
    tx.record(entry.with(changes.into_iter().flatten())).await?;
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

/// Roles of staff under a name.
#[server(prefix = "/rpc", endpoint = "operator/staff/list-roles")]
pub async fn list_staff_roles() -> Result<Vec<NamedRole>> {
    let staff = Staff::<ManageStaff>::now().await?;
    store::roles(staff.read().await?.conn()).await
}

/// Saves a role under a name: a new one, or the one with this id, with the people who have it if wanted.
#[server(prefix = "/rpc", endpoint = "operator/staff/save-role")]
pub async fn save_staff_role(
    #[server(default)] id: String,
    #[server(default)] version: i64,
    #[server(default)] name: String,
    #[server(default)] permissions: Vec<String>,
    #[server(default)] follow: String,
) -> Result<Outcome> {
    let staff = Staff::<ManageStaff>::now().await?.just_confirmed()?;
    let (name, held) = model::role(&name, &permissions)?;
    let mut tx = staff.begin().await?;
    let before = match id.as_str() {
        "" => None,
        id => Some(role_with(&mut tx, id).await?),
    };
    let had = before.as_ref().map(|role| role.permissions).unwrap_or_default();
    if held.minus(had).minus(staff.member().permissions) != StaffPermissions::NONE {
        return Err(AppError::field("permissions", words::MORE_THAN_YOU));
    }
    let people =
        store::save_role(&mut tx, before.as_ref(), version, (&name, held), !follow.is_empty()).await?;
    let change = AuditChange::between(words::PERMISSIONS, had.keys(), held.keys());
    tx.record(Entry::new(AuditKind::StaffChanged, words::saved_role(&name)).with(change.clone())).await?;
    for person in &people {
        let entry = Entry::new(AuditKind::StaffChanged, words::changed_with_role(person, &name));
        tx.record(entry.with(change.clone())).await?;
    }
    tx.commit().await?;
    let say = match people.as_slice() {
        [] => words::role_saved(&name),
        people => words::role_saved_for(&name, &people.join(", ")),
    };
    Ok(Outcome::at(paths::STAFF_ROLES, say))
}

/// Deletes a role under a name; nobody loses anything.
#[server(prefix = "/rpc", endpoint = "operator/staff/delete-role")]
pub async fn delete_staff_role(#[server(default)] id: String) -> Result<Outcome> {
    let staff = Staff::<ManageStaff>::now().await?;
    let mut tx = staff.begin().await?;
    let name = store::delete_role(&mut tx, &id).await?;
    tx.record(Entry::new(AuditKind::StaffChanged, words::deleted_role(&name))).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::STAFF_ROLES, words::role_deleted(&name)))
}

#[cfg(feature = "ssr")]
async fn role_with(tx: &mut Tx<OfStaff>, id: &str) -> Result<NamedRole> {
    store::roles(tx.conn()).await?.into_iter().find(|role| role.id == id).ok_or(AppError::NotFound)
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
