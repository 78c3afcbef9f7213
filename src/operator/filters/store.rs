//! SQL of filters under a name.

use crate::access::{OfStaff, Reader, Tx};
use crate::error::{AppError, Result};
use crate::platform::db::args;

/// The list of customers.
pub const CUSTOMERS: &str = "customers";
/// The ticket desk.
pub const TICKETS: &str = "tickets";

/// Filters of one's own, for each list.
const MOST: i64 = 20;

const OF_LIST: &str = r"SELECT id, name, query
    FROM saved_filters
    WHERE user_id = $1 AND list = $2
    ORDER BY name LIMIT 20";
const SAVE: &str = r"INSERT INTO saved_filters (id, user_id, list, name, query, created_at)
    SELECT $1, $2, $3, $4, $5, $6
    WHERE (SELECT count(*) FROM saved_filters WHERE user_id = $2 AND list = $3) < $7
        OR EXISTS (SELECT 1 FROM saved_filters WHERE user_id = $2 AND list = $3 AND name = $4)
    ON CONFLICT (user_id, list, name) DO UPDATE SET query = $5";
const DELETE: &str = "DELETE FROM saved_filters WHERE user_id = $1 AND list = $2 AND id = $3 RETURNING name";

/// Those of the acting staff: id, name and query.
pub async fn of_list(reader: &mut Reader<OfStaff>, list: &str) -> Result<Vec<(String, String, String)>> {
    let own = reader.staff().user.id.clone();
    Ok(reader.all(OF_LIST, args![own.as_str(), list]).await?)
}

/// Saves a filter under a name; one with the name is replaced.
///
/// # Errors
/// [`AppError::Conflict`] with a sentence beyond the limit.
pub async fn save(tx: &mut Tx<OfStaff>, list: &str, name: &str, query: &str, too_many: &str) -> Result<()> {
    let (id, own, now) = (tx.new_id(), tx.staff().user.id.clone(), tx.now().0);
    match tx.conn().execute(SAVE, args![id, own.as_str(), list, name, query, now, MOST]).await? {
        0 => Err(AppError::Conflict(too_many.into())),
        _ => Ok(()),
    }
}

/// Deletes one of the acting staff's filters. Returns its name.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn delete(tx: &mut Tx<OfStaff>, list: &str, id: &str) -> Result<String> {
    let own = tx.staff().user.id.clone();
    let name: Option<String> = tx.conn().optional_value(DELETE, args![own.as_str(), list, id]).await?;
    name.ok_or(AppError::NotFound)
}
