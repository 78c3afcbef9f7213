//! SQL of departments.

use super::model::Department;
use super::words;
use crate::access::{OfStaff, Tx};
use crate::error::{AppError, Result};
use crate::platform::db::{Conn, args, is_duplicate};

/// Departments there can be.
const MOST: i64 = 50;

const LIST: &str = r"SELECT d.id, d.name, d.email, d.hidden, d.by_mail, d.requests, d.version, d.first_answer, d.next_answer,
        coalesce((SELECT group_concat(u.name, ', ') FROM staff_departments s JOIN users u ON u.id = s.user_id
            WHERE s.department_id = d.id), '')
    FROM departments d
    ORDER BY d.name_key LIMIT 50";
const COUNT: &str = "SELECT count(*) FROM departments";
const INSERT: &str = r"INSERT INTO departments (id, name, name_key, email, hidden, by_mail, requests, created_at, first_answer, next_answer)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const CHANGE: &str = r"UPDATE departments
    SET name = $3, name_key = $4, email = $5, hidden = $6, by_mail = $7, requests = $8, first_answer = $9, next_answer = $10, version = version + 1
    WHERE id = $1 AND version = $2";
const HAS_TICKETS: &str = "SELECT EXISTS (SELECT 1 FROM tickets WHERE department_id = $1)";
const DELETE: &str = "DELETE FROM departments WHERE id = $1 RETURNING name";

type Tuple = (String, String, String, bool, bool, String, i64, i64, i64, String);

/// Every department, by name.
pub async fn list(conn: &mut Conn) -> Result<Vec<Department>> {
    let rows: Vec<Tuple> = conn.all(LIST, args![]).await?;
    let split = |text: &str, at: &str| -> Vec<String> {
        text.split(at).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let one = |(id, name, email, hidden, by_mail, requests, version, first, next, staff): Tuple| Department {
        id,
        name,
        email,
        hidden,
        by_mail,
        requests: split(&requests, ","),
        answers: (first, next),
        staff: split(&staff, ", "),
        version,
    };
    Ok(rows.into_iter().map(one).collect())
}

/// One of them.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn show(conn: &mut Conn, id: &str) -> Result<Department> {
    list(conn).await?.into_iter().find(|one| one.id == id).ok_or(AppError::NotFound)
}

/// Adds a department, or changes the one with this id unless it has changed since `version`.
///
/// # Errors
/// [`AppError::Invalid`] for a name that another has; [`AppError::Conflict`] when somebody was faster, or there
/// are too many.
pub async fn save(tx: &mut Tx<OfStaff>, id: Option<&str>, version: i64, new: &Department) -> Result<()> {
    let (key, now) = (new.name.to_lowercase(), tx.now().0);
    // Between commas, so that a kind is found as a whole.
    let requests = format!(",{},", new.requests.join(","));
    let done = match id {
        None => {
            if tx.conn().value::<i64>(COUNT, args![]).await? >= MOST {
                return Err(AppError::Conflict(words::TOO_MANY.into()));
            }
            let own = tx.new_id();
            let (first, next) = new.answers;
            let args =
                args![own, &new.name, key, &new.email, new.hidden, new.by_mail, requests, now, first, next];
            tx.conn().execute(INSERT, args).await
        }
        Some(id) => {
            let (first, next) = new.answers;
            let args = args![
                id, version, &new.name, key, &new.email, new.hidden, new.by_mail, requests, first, next
            ];
            tx.conn().execute(CHANGE, args).await
        }
    };
    match done {
        Ok(0) => Err(AppError::Conflict(words::CHANGED_MEANWHILE.into())),
        Ok(_) => Ok(()),
        Err(error) if is_duplicate(&error) => Err(AppError::field("name", words::NAME_TAKEN)),
        Err(error) => Err(error.into()),
    }
}

/// Deletes a department. Returns its name.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] while it has tickets, which would be nowhere.
pub async fn delete(tx: &mut Tx<OfStaff>, id: &str) -> Result<String> {
    if tx.conn().value(HAS_TICKETS, args![id]).await? {
        return Err(AppError::Conflict(words::HAS_TICKETS.into()));
    }
    let name: Option<String> = tx.conn().optional_value(DELETE, args![id]).await?;
    name.ok_or(AppError::NotFound)
}
