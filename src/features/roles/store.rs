//! SQL of roles.

use super::model::{MAX_ROLES, RoleName, RoleRow};
use super::words;
use crate::access::{InAccount, OfAccount, Reader, Tx};
use crate::error::{AppError, Result};
use crate::features::permissions;
use crate::features::permissions::model::{Givable, Grant, Role};
use crate::features::permissions::store::has_role;
use crate::permission::{Permissions, Preset};
use crate::platform::db::{MadeSql, args, made_statements};
use crate::types::{ContactId, RoleId, first_filled};
use std::collections::HashMap;

const SHOW: &str = "SELECT version, name, permissions FROM roles WHERE account_id = $1 AND id = $2";
const INSERT: &str = r"INSERT INTO roles (id, account_id, name, name_key, permissions, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (account_id, name_key) DO NOTHING";
const NAME_TAKEN: &str = "SELECT id FROM roles WHERE account_id = $1 AND name_key = $2";
const UPDATE: &str = r"UPDATE roles
    SET name = $4, name_key = $5, permissions = $6, updated_at = $7, version = version + 1
    WHERE account_id = $1 AND id = $2 AND version = $3";
const DELETE: &str = "DELETE FROM roles WHERE account_id = $1 AND id = $2";
const HAS_ROLE: &str = has_role!();

fn counts_sql() -> String {
    format!(
        "SELECT r.id, (SELECT count(*) FROM contacts c WHERE c.can_log_in AND NOT c.is_owner AND {HAS_ROLE}) \
         FROM roles r WHERE r.account_id = $1"
    )
}

/// From whoever has one role.
fn from_people(columns: &str) -> String {
    format!(
        "SELECT {columns} FROM roles r JOIN contacts c ON c.account_id = r.account_id \
         WHERE r.account_id = $1 AND r.id = $2 AND c.can_log_in AND NOT c.is_owner AND {HAS_ROLE}"
    )
}

fn count_sql() -> String {
    from_people("count(*)")
}

fn people_sql() -> String {
    let people = from_people("c.id, trim(c.first_name || ' ' || c.last_name), c.company, c.email");
    format!("{people} ORDER BY c.name_key, c.id LIMIT $3")
}

made_statements!(|| vec![counts_sql(), count_sql(), people_sql()]);

/// A role as it is stored.
pub struct StoredRole {
    /// Counts its changes.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// Everything it gives.
    pub grant: Grant,
}

/// The roles of the account, as somebody sees them who can give `givable`.
pub async fn list(reader: &mut Reader<InAccount>, givable: &Givable) -> Result<Vec<RoleRow>> {
    let account = reader.account().clone();
    let counts: Vec<(String, i64)> =
        reader.conn().all(MadeSql(counts_sql()), args![account.as_str()]).await?;
    let mut counts: HashMap<_, _> = counts.into_iter().collect();
    let row = |role: &Role| RoleRow {
        people: counts.remove(role.id.as_str()).unwrap_or_default(),
        opens: role.opens(givable),
        id: role.id.clone(),
        name: role.name.clone(),
    };
    Ok(givable.roles.iter().map(row).collect())
}

/// A role and everything it gives.
///
/// # Errors
/// [`AppError::NotFound`] when the account has no such role.
pub async fn show(on: &mut impl OfAccount, role: &RoleId) -> Result<StoredRole> {
    let account = on.acting().account.clone();
    let row: Option<(i64, String, String)> =
        on.connection().optional(SHOW, args![account.as_str(), role.as_str()]).await?;
    let (version, name, keys) = row.ok_or(AppError::NotFound)?;
    let everywhere = Permissions::from_keys(&keys);
    let grant = permissions::store::grant_of(on.connection(), role.as_str(), everywhere).await?;
    Ok(StoredRole { version, name, grant })
}

/// Somebody who has a role.
pub struct RoleHolder {
    /// Their contact.
    pub contact: ContactId,
    /// Their name, else their company, else their address.
    pub name: String,
    /// Their address.
    pub email: String,
}

/// Who has a role, by name: at most `limit`.
pub async fn people(on: &mut impl OfAccount, role: &RoleId, limit: usize) -> Result<Vec<RoleHolder>> {
    let account = on.acting().account.clone();
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows: Vec<(String, String, String, String)> =
        on.connection().all(MadeSql(people_sql()), args![account.as_str(), role.as_str(), limit]).await?;
    Ok(rows
        .into_iter()
        .map(|(id, name, company, email)| RoleHolder {
            contact: id.into(),
            name: first_filled([name, company, email.clone()]),
            email,
        })
        .collect())
}

/// How many have a role.
pub async fn count(on: &mut impl OfAccount, role: &RoleId) -> Result<i64> {
    let account = on.acting().account.clone();
    Ok(on.connection().value(MadeSql(count_sql()), args![account.as_str(), role.as_str()]).await?)
}

/// Saves a role.
///
/// # Errors
/// Beside `field`: a name that another role has, a set that a preset or another role gives, and one role too
/// many.
pub async fn insert(tx: &mut Tx<InAccount>, field: &str, name: &RoleName, grant: &Grant) -> Result<()> {
    let refused = |message: String| AppError::field(field, message);
    if new_set(tx, None, grant, field).await? >= MAX_ROLES {
        return Err(refused(words::too_many(MAX_ROLES)));
    }
    let (account, id, now) = (tx.account().clone(), RoleId::from(tx.new_id()), tx.now().0);
    let made = args![id.as_str(), account.as_str(), name.as_str(), name.key(), grant.everywhere.keys(), now];
    if tx.conn().execute(INSERT, made).await? == 0 {
        return Err(refused(words::name_taken(name.as_str())));
    }
    permissions::store::replace(tx, id.as_str(), &Grant::default(), grant).await
}

/// Refuses a set that opens nothing, or that a preset or another role gives already. Says how many roles there
/// are.
async fn new_set(tx: &mut Tx<InAccount>, own: Option<&RoleId>, grant: &Grant, field: &str) -> Result<usize> {
    if grant.is_empty() {
        return Err(AppError::field(field, words::EMPTY));
    }
    if grant.preset() != Preset::Custom {
        return Err(AppError::field(field, words::same_as(grant.preset().title())));
    }
    let all = permissions::store::roles(tx).await?;
    match all.iter().find(|(id, _, gives)| Some(id) != own && gives == grant) {
        Some((_, title, _)) => Err(AppError::field(field, words::same_as(title))),
        None => Ok(all.len()),
    }
}

/// Replaces a role, unless it has changed since `version`.
///
/// # Errors
/// [`AppError::Conflict`] when it has; as [`insert`] beside the fields of its form.
pub async fn update(
    tx: &mut Tx<InAccount>,
    role: &RoleId,
    version: i64,
    name: &RoleName,
    before: &Grant,
    after: &Grant,
) -> Result<()> {
    if after != before {
        new_set(tx, Some(role), after, "preset").await?;
    }
    let taken: Option<(String,)> = tx.optional(NAME_TAKEN, args![name.key()]).await?;
    if taken.is_some_and(|(id,)| id != role.as_str()) {
        return Err(AppError::field("name", words::name_taken(name.as_str())));
    }
    let now = tx.now().0;
    let made = args![role.as_str(), version, name.as_str(), name.key(), after.everywhere.keys(), now];
    if tx.execute(UPDATE, made).await? == 0 {
        return Err(AppError::Conflict(words::CHANGED_MEANWHILE.into()));
    }
    permissions::store::replace(tx, role.as_str(), before, after).await
}

/// Removes a role; what people hold stays.
///
/// # Errors
/// [`AppError::NotFound`] when it is gone.
pub async fn delete(tx: &mut Tx<InAccount>, role: &RoleId) -> Result<()> {
    if tx.execute(DELETE, args![role.as_str()]).await? == 0 {
        return Err(AppError::NotFound);
    }
    permissions::store::clear(tx, role.as_str()).await
}
