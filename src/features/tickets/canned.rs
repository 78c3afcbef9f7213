//! SQL of canned replies: answers that staff give often, with variables.

use super::row::Ticket;
use crate::access::Tx;
use crate::error::{AppError, Result};
use crate::features::mail::template;
use crate::platform::db::{Conn, FromRow, args, is_duplicate};

/// Canned replies there can be.
const MOST: i64 = 500;

const FOR_DEPARTMENT: &str = r"SELECT id, name
    FROM canned_replies
    WHERE department_id IS NULL OR department_id = $1
    ORDER BY name_key LIMIT 500";
// All of them, or the one with this id.
const LIST: &str = r"SELECT r.id, r.name, coalesce(r.department_id, '') AS department_id, coalesce(d.name, '') AS department, r.text, r.version
    FROM canned_replies r
    LEFT JOIN departments d ON d.id = r.department_id
    WHERE $1 = '' OR r.id = $1
    ORDER BY r.name_key LIMIT 500";
const COUNT: &str = "SELECT count(*) FROM canned_replies";
const INSERT: &str = r"INSERT INTO canned_replies (id, department_id, name, name_key, text, created_at)
    VALUES ($1, $2, $3, $4, $5, $6)";
const CHANGE: &str = r"UPDATE canned_replies
    SET department_id = $3, name = $4, name_key = $5, text = $6, version = version + 1
    WHERE id = $1 AND version = $2";
const DELETE: &str = "DELETE FROM canned_replies WHERE id = $1 RETURNING name";
const OPENER: &str = r"SELECT first_name, last_name, company FROM contacts WHERE id = $1";

/// A canned reply.
#[derive(Clone, Debug, Default, FromRow)]
pub struct Canned {
    /// Its id.
    pub id: String,
    /// What staff find it by.
    pub name: String,
    /// The department it belongs to; empty for all.
    pub department_id: String,
    /// Its name.
    pub department: String,
    /// Markdown with variables.
    pub text: String,
    /// Counts the changes.
    pub version: i64,
}

/// Those that fit a department: id and name.
pub async fn for_department(conn: &mut Conn, department: &str) -> Result<Vec<(String, String)>> {
    Ok(conn.all(FOR_DEPARTMENT, args![department]).await?)
}

/// All of them, by name.
pub async fn list(conn: &mut Conn) -> Result<Vec<Canned>> {
    Ok(conn.all(LIST, args![""]).await?)
}

/// One of them.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn show(conn: &mut Conn, id: &str) -> Result<Canned> {
    let found: Option<Canned> = conn.optional(LIST, args![id]).await?;
    found.ok_or(AppError::NotFound)
}

/// Adds one, or changes the one with this id unless it has changed since `version`. `refusals` say that the name is
/// taken, that there are too many, and that somebody was faster.
///
/// # Errors
/// [`AppError::Invalid`] for a name that another has; [`AppError::Conflict`] when somebody was faster, or there are
/// too many.
pub async fn save<S>(
    tx: &mut Tx<S>,
    new: &Canned,
    (taken, too_many, changed): (&str, &str, &str),
) -> Result<()> {
    let (key, now) = (new.name.to_lowercase(), tx.now().0);
    let department = (!new.department_id.is_empty()).then_some(new.department_id.as_str());
    let done = if new.id.is_empty() {
        if tx.conn().value::<i64>(COUNT, args![]).await? >= MOST {
            return Err(AppError::Conflict(too_many.into()));
        }
        let id = tx.new_id();
        tx.conn().execute(INSERT, args![id, department, &new.name, key, &new.text, now]).await
    } else {
        tx.conn().execute(CHANGE, args![&new.id, new.version, department, &new.name, key, &new.text]).await
    };
    match done {
        Ok(0) => Err(AppError::Conflict(changed.into())),
        Ok(_) => Ok(()),
        Err(error) if is_duplicate(&error) => Err(AppError::field("name", taken)),
        Err(error) => Err(error.into()),
    }
}

/// Deletes one. Returns its name.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn delete<S>(tx: &mut Tx<S>, id: &str) -> Result<String> {
    let name: Option<String> = tx.conn().optional_value(DELETE, args![id]).await?;
    name.ok_or(AppError::NotFound)
}

/// The words of one for a ticket, with every variable filled in. What people typed is never read as a variable.
///
/// # Errors
/// [`AppError::NotFound`] for none, or one of another department.
pub async fn filled(conn: &mut Conn, id: &str, ticket: &Ticket, staff: &str) -> Result<String> {
    let one = show(conn, id).await?;
    if !one.department_id.is_empty() && one.department_id != ticket.department_id {
        return Err(AppError::NotFound);
    }
    let (first, last, company): (String, String, String) = match &ticket.opener_id {
        Some(contact) => conn.optional(OPENER, args![contact]).await?.unwrap_or_default(),
        None => Default::default(),
    };
    let full = format!("{first} {last}").trim().to_owned();
    let or = |first: &str, second: &str| if first.is_empty() { second.to_owned() } else { first.to_owned() };
    let name = or(&or(&full, &company), &ticket.account_name);
    Ok(template::fill(&one.text, |variable| match variable {
        "first_name" => Some(or(&first, &name)),
        "name" => Some(name.clone()),
        "customer" => Some(ticket.account_name.clone()),
        "number" => Some(ticket.number.to_string()),
        "subject" => Some(ticket.subject.clone()),
        "department" => Some(ticket.department.clone()),
        "staff" => Some(staff.to_owned()),
        _ => None,
    }))
}
