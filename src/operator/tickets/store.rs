//! SQL of what stands above the list of the desk. Numbers are kept by the database, and read.

use super::model::{DeskFacts, MOST_VIEWS};
use super::words;
use crate::access::{OfStaff, Reader, Tx};
use crate::error::{AppError, Result};
use crate::features::{incoming, tickets};
use crate::platform::db::args;

const COUNTS: &str = r"SELECT coalesce(sum(count), 0), coalesce(sum(CASE WHEN assigned_id = $1 THEN count ELSE 0 END), 0),
        coalesce(sum(CASE WHEN assigned_id = '' THEN count ELSE 0 END), 0)
    FROM ticket_counts c
    WHERE c.status = 'open' AND (NOT EXISTS (SELECT 1 FROM staff_departments w WHERE w.user_id = $1)
        OR EXISTS (SELECT 1 FROM staff_departments w WHERE w.user_id = $1 AND w.department_id = c.department_id))";
const LATE: &str = r"SELECT count(*)
    FROM (SELECT 1 FROM tickets t
        WHERE t.status = 'open' AND t.due_at < $2 AND (NOT EXISTS (SELECT 1 FROM staff_departments w WHERE w.user_id = $1)
            OR EXISTS (SELECT 1 FROM staff_departments w WHERE w.user_id = $1 AND w.department_id = t.department_id))
        LIMIT 1001) AS some";
const VIEWS: &str = r"SELECT id, name, query
    FROM ticket_views
    WHERE user_id = $1
    ORDER BY name LIMIT 20";
const SAVE_VIEW: &str = r"INSERT INTO ticket_views (id, user_id, name, query, created_at)
    SELECT $1, $2, $3, $4, $5
    WHERE (SELECT count(*) FROM ticket_views WHERE user_id = $2) < $6
        OR EXISTS (SELECT 1 FROM ticket_views WHERE user_id = $2 AND name = $3)
    ON CONFLICT (user_id, name) DO UPDATE SET query = $4";
const DELETE_VIEW: &str = "DELETE FROM ticket_views WHERE user_id = $1 AND id = $2 RETURNING name";

/// What stands above the list for the acting staff.
pub async fn facts(reader: &mut Reader<OfStaff>) -> Result<DeskFacts> {
    let (own, now) = (reader.staff().user.id.clone(), reader.now().0);
    let (waiting, mine, nobody): (i64, i64, i64) = reader.one(COUNTS, args![own.as_str()]).await?;
    let late = reader.conn().value(LATE, args![own.as_str(), now]).await?;
    let views = reader.all(VIEWS, args![own.as_str()]).await?;
    let mail = incoming::store::count(reader).await?;
    let departments = tickets::store::all_departments(reader.conn()).await?;
    Ok(DeskFacts { waiting, mine, nobody, late, mail, departments, views })
}

/// Saves a way to look at the list under a name, in place of one with the same name.
///
/// # Errors
/// [`AppError::Conflict`] for too many.
pub async fn save_view(tx: &mut Tx<OfStaff>, name: &str, query: &str) -> Result<()> {
    let (id, now, own) = (tx.new_id(), tx.now().0, tx.staff().user.id.clone());
    let args = args![id, own.as_str(), name, query, now, MOST_VIEWS];
    if tx.conn().execute(SAVE_VIEW, args).await? == 0 {
        return Err(AppError::Conflict(words::too_many(&MOST_VIEWS)));
    }
    Ok(())
}

/// Deletes one of one's own. Returns its name.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn delete_view(tx: &mut Tx<OfStaff>, id: &str) -> Result<String> {
    let own = tx.staff().user.id.clone();
    let name: Option<String> = tx.conn().optional_value(DELETE_VIEW, args![own.as_str(), id]).await?;
    name.ok_or(AppError::NotFound)
}
