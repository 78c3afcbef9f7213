//! SQL of staff.

use super::model::{self, NamedRole, StaffRow};
use super::words;
use crate::access::{OfStaff, Reader, Tx};
use crate::error::{AppError, Result};
use crate::features::users;
use crate::permission::{StaffPermission, StaffPermissions};
use crate::platform::db::{Conn, FromRow, args, is_duplicate};
use crate::types::{EmailAddress, Timestamp, UserId};

const LIST: &str = r"SELECT u.id, u.name, u.email, u.has_factor, u.last_sign_in_at, st.permissions,
        st.status = 'active' AS active, st.version, coalesce((SELECT group_concat(w.department_id)
            FROM staff_departments w WHERE w.user_id = st.user_id), '') AS departments
    FROM staff st
    JOIN users u ON u.id = st.user_id
    ORDER BY st.status, lower(u.name), u.id LIMIT 1000";
const SHOW: &str = r"SELECT u.id, u.name, u.email, u.has_factor, u.last_sign_in_at, st.permissions,
        st.status = 'active' AS active, st.version, coalesce((SELECT group_concat(w.department_id)
            FROM staff_departments w WHERE w.user_id = st.user_id), '') AS departments
    FROM staff st
    JOIN users u ON u.id = st.user_id
    WHERE st.user_id = $1";
const INSERT: &str = r"INSERT INTO staff (user_id, permissions, created_at)
    VALUES ($1, $2, $3)
    ON CONFLICT DO NOTHING
    RETURNING user_id";
const CHANGE: &str = r"UPDATE staff
    SET permissions = $3, status = $4, version = version + 1
    WHERE user_id = $1 AND version = $2";
const ENTERS_ACCOUNTS: &str = "SELECT EXISTS (SELECT 1 FROM contacts WHERE user_id = $1)";
const ADMINISTRATORS: &str = r"SELECT count(*)
    FROM staff
    WHERE status = 'active' AND user_id <> $1 AND ',' || permissions || ',' LIKE '%,staff.manage,%'";
const LEAVE_DEPARTMENTS: &str = "DELETE FROM staff_departments WHERE user_id = $1";
const JOIN_DEPARTMENT: &str = r"INSERT INTO staff_departments (user_id, department_id)
    SELECT $1, id
    FROM departments
    WHERE id = $2
    ON CONFLICT DO NOTHING";
const ROLES: &str = r"SELECT r.id, r.name, r.permissions, r.version, coalesce((SELECT group_concat(u.name, char(10))
        FROM staff s JOIN users u ON u.id = s.user_id
        WHERE s.permissions = r.permissions AND s.status = 'active'), '')
    FROM staff_roles r
    ORDER BY r.name_key LIMIT 50";
const INSERT_ROLE: &str = r"INSERT INTO staff_roles (id, name, name_key, permissions, created_at)
    SELECT $1, $2, $3, $4, $5
    WHERE (SELECT count(*) FROM staff_roles) < 50";
const CHANGE_ROLE: &str = r"UPDATE staff_roles
    SET name = $3, name_key = $4, permissions = $5, version = version + 1
    WHERE id = $1 AND version = $2";
const SAME_SET: &str = "SELECT EXISTS (SELECT 1 FROM staff_roles WHERE permissions = $1 AND id <> $2)";
const DELETE_ROLE: &str = "DELETE FROM staff_roles WHERE id = $1 RETURNING name";
const FOLLOW: &str = r"UPDATE staff
    SET permissions = $2, version = version + 1
    WHERE permissions = $1 AND user_id <> $3
    RETURNING (SELECT u.name FROM users u WHERE u.id = staff.user_id)";
const ANY: &str = "SELECT count(*) FROM (SELECT 1 FROM staff LIMIT 1) AS some";

#[derive(FromRow)]
struct MemberRow {
    id: String,
    name: String,
    email: String,
    has_factor: bool,
    last_sign_in_at: Option<i64>,
    permissions: String,
    active: bool,
    version: i64,
    departments: String,
}

impl MemberRow {
    fn shown(self, own: &UserId, roles: &[NamedRole]) -> StaffRow {
        let permissions = StaffPermissions::from_keys(&self.permissions);
        let departments = self.departments.split(',').filter(|id| !id.is_empty()).map(str::to_owned);
        StaffRow {
            role: model::title(permissions, roles),
            departments: departments.collect(),
            own: self.id == own.as_str(),
            user: self.id.into(),
            name: self.name,
            email: self.email,
            permissions,
            active: self.active,
            has_factor: self.has_factor,
            seen: self.last_sign_in_at.map(Timestamp),
            version: self.version,
        }
    }
}

/// Everybody on the staff, the active ones first.
pub async fn list(reader: &mut Reader<OfStaff>) -> Result<Vec<StaffRow>> {
    let own = reader.staff().user.id.clone();
    let roles = roles(reader.conn()).await?;
    let rows: Vec<MemberRow> = reader.all(LIST, args![]).await?;
    Ok(rows.into_iter().map(|row| row.shown(&own, &roles)).collect())
}

/// One of them.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn show(conn: &mut Conn, own: &UserId, user: &UserId) -> Result<StaffRow> {
    let row: Option<MemberRow> = conn.optional(SHOW, args![user.as_str()]).await?;
    let roles = roles(conn).await?;
    Ok(row.ok_or(AppError::NotFound)?.shown(own, &roles))
}

/// Limits somebody on the staff to departments; none of them is all.
pub async fn set_departments(tx: &mut Tx<OfStaff>, user: &UserId, departments: &[String]) -> Result<()> {
    tx.conn().execute(LEAVE_DEPARTMENTS, args![user.as_str()]).await?;
    for department in departments {
        tx.conn().execute(JOIN_DEPARTMENT, args![user.as_str(), department]).await?;
    }
    Ok(())
}

/// Roles under a name.
pub async fn roles(conn: &mut Conn) -> Result<Vec<NamedRole>> {
    let rows: Vec<(String, String, String, i64, String)> = conn.all(ROLES, args![]).await?;
    let role = |(id, name, permissions, version, people): (String, String, String, i64, String)| NamedRole {
        id,
        name,
        permissions: StaffPermissions::from_keys(&permissions),
        people: people.lines().map(str::to_owned).collect(),
        version,
    };
    Ok(rows.into_iter().map(role).collect())
}

/// Saves a role, a new one without an id. With `follow`, everybody else who had exactly its set gets the new one;
/// their names are returned.
///
/// # Errors
/// [`AppError::Invalid`] for a name or a set that another role has; [`AppError::Conflict`] when somebody was
/// faster, or there are too many.
pub async fn save_role(
    tx: &mut Tx<OfStaff>,
    before: Option<&NamedRole>,
    version: i64,
    (name, held): (&str, StaffPermissions),
    follow: bool,
) -> Result<Vec<String>> {
    let (key, keys, now, own) = (name.to_lowercase(), held.keys(), tx.now().0, tx.staff().user.id.clone());
    let id = before.map_or_else(|| tx.new_id(), |role| role.id.clone());
    if tx.conn().value(SAME_SET, args![&keys, &id]).await? {
        return Err(AppError::field("permissions", words::SAME_SET));
    }
    let done = match before {
        None => tx.conn().execute(INSERT_ROLE, args![&id, name, key, &keys, now]).await,
        Some(_) => tx.conn().execute(CHANGE_ROLE, args![&id, version, name, key, &keys]).await,
    };
    match (done, before) {
        (Ok(0), None) => return Err(AppError::Conflict(words::TOO_MANY_ROLES.into())),
        (Ok(0), Some(_)) => return Err(AppError::Conflict(words::ROLE_CHANGED_MEANWHILE.into())),
        (Ok(_), _) => {}
        (Err(error), _) if is_duplicate(&error) => return Err(AppError::field("name", words::ROLE_TAKEN)),
        (Err(error), _) => return Err(error.into()),
    }
    match before.filter(|role| follow && role.permissions != held) {
        Some(role) => {
            Ok(tx.conn().values(FOLLOW, args![role.permissions.keys(), keys, own.as_str()]).await?)
        }
        None => Ok(Vec::new()),
    }
}

/// Deletes a role; nobody loses anything. Returns its name.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn delete_role(tx: &mut Tx<OfStaff>, id: &str) -> Result<String> {
    let name: Option<String> = tx.conn().optional_value(DELETE_ROLE, args![id]).await?;
    name.ok_or(AppError::NotFound)
}

/// Is there any staff yet?
pub async fn any(conn: &mut Conn) -> Result<bool> {
    Ok(conn.value::<i64>(ANY, args![]).await? > 0)
}

/// Puts somebody on the staff: under a login of their own, which is made if there is none. Returns the user and
/// the secret of a link to choose a password.
///
/// # Errors
/// [`AppError::Invalid`] for an address that is on the staff already, or whose login enters accounts.
pub async fn add<S>(
    tx: &mut Tx<S>,
    name: &str,
    email: &EmailAddress,
    held: StaffPermissions,
) -> Result<(UserId, String)> {
    let now = tx.now().0;
    let known = users::store::by_email_for_change(tx, &email.key()).await?;
    if let Some(known) = &known
        && tx.conn().value(ENTERS_ACCOUNTS, args![&known.id]).await?
    {
        return Err(AppError::field("email", words::IS_CONTACT));
    }
    let new = users::store::NewUser { name, email, password_hash: "", opens_account: None };
    let user = match known {
        Some(known) if known.verified_at.is_some() => known.id.into(),
        unconfirmed => {
            let user = users::store::ask_for(tx, &new, unconfirmed.as_ref()).await?;
            users::store::set_verified(tx, &user).await?;
            user
        }
    };
    let made: Option<String> =
        tx.conn().optional_value(INSERT, args![user.as_str(), held.keys(), now]).await?;
    if made.is_none() {
        return Err(AppError::field("email", words::IS_STAFF));
    }
    let link = users::store::new_link(tx, users::store::LinkKind::Reset, &user, email.as_str()).await?;
    Ok((user, link))
}

/// Changes what somebody on the staff may do, and whether they may enter at all.
///
/// # Errors
/// [`AppError::Conflict`] when they changed meanwhile, or no active administrator would be left.
pub async fn change<S>(
    tx: &mut Tx<S>,
    user: &UserId,
    version: i64,
    held: StaffPermissions,
    active: bool,
) -> Result<()> {
    let status = if active { "active" } else { "disabled" };
    let done = tx.conn().execute(CHANGE, args![user.as_str(), version, held.keys(), status]).await?;
    if done == 0 {
        return Err(AppError::Conflict(words::CHANGED_MEANWHILE.into()));
    }
    let stays = active && held.has(StaffPermission::ManageStaff);
    if !stays && tx.conn().value::<i64>(ADMINISTRATORS, args![user.as_str()]).await? == 0 {
        return Err(AppError::Conflict(words::LAST_ADMINISTRATOR.into()));
    }
    Ok(())
}
