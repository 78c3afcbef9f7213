//! SQL of staff.

use super::model::StaffRow;
use super::words;
use crate::access::{OfStaff, Reader, Tx};
use crate::error::{AppError, Result};
use crate::features::users;
use crate::permission::{StaffPermission, StaffPermissions};
use crate::platform::db::{Conn, FromRow, args};
use crate::types::{EmailAddress, Timestamp, UserId};

const LIST: &str = r"SELECT u.id, u.name, u.email, u.has_factor, u.last_sign_in_at, st.permissions,
        st.status = 'active' AS active, st.version
    FROM staff st
    JOIN users u ON u.id = st.user_id
    ORDER BY st.status, lower(u.name), u.id LIMIT 1000";
const SHOW: &str = r"SELECT u.id, u.name, u.email, u.has_factor, u.last_sign_in_at, st.permissions,
        st.status = 'active' AS active, st.version
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
const ANY: &str = "SELECT count(*) FROM (SELECT 1 FROM staff LIMIT 1) AS some";

#[derive(FromRow)]
struct Row {
    id: String,
    name: String,
    email: String,
    has_factor: bool,
    last_sign_in_at: Option<i64>,
    permissions: String,
    active: bool,
    version: i64,
}

impl Row {
    fn shown(self, own: &UserId) -> StaffRow {
        StaffRow {
            own: self.id == own.as_str(),
            user: self.id.into(),
            name: self.name,
            email: self.email,
            permissions: StaffPermissions::from_keys(&self.permissions),
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
    let rows: Vec<Row> = reader.all(LIST, args![]).await?;
    Ok(rows.into_iter().map(|row| row.shown(&own)).collect())
}

/// One of them.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn show(conn: &mut Conn, own: &UserId, user: &UserId) -> Result<StaffRow> {
    let row: Option<Row> = conn.optional(SHOW, args![user.as_str()]).await?;
    Ok(row.ok_or(AppError::NotFound)?.shown(own))
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
