//! SQL of work on many customers or tickets.

use super::model::{BulkAct, BulkView, MOST};
use super::words;
use crate::access::{OfStaff, Reader, Tx};
use crate::error::{AppError, Result};
use crate::features::tickets;
use crate::operator::customers;
use crate::platform::db::{Conn, args, internal};
use crate::types::{AccountId, ContactId, ListQuery, Timestamp, UserId};

const INSERT: &str = r"INSERT INTO bulk_jobs (id, act, reason, user_id, by_name, undoes, created_at, value)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT DO NOTHING";
const FILL: &str = "INSERT INTO bulk_items (job_id, of_id) SELECT $1, value FROM json_each($2)";
const FILL_BACK: &str = r"INSERT INTO bulk_items (job_id, of_id, value, was)
    SELECT $1, of_id, was, CASE WHEN value <> '' THEN value ELSE (SELECT value FROM bulk_jobs WHERE id = $2) END
    FROM bulk_items
    WHERE job_id = $2 AND state = 'changed'";
const SHOW: &str = r"SELECT j.act, j.reason, j.by_name, j.created_at,
        (SELECT count(*) FROM bulk_items WHERE job_id = j.id),
        (SELECT count(*) FROM bulk_items WHERE job_id = j.id AND state = 'changed'),
        (SELECT count(*) FROM bulk_items WHERE job_id = j.id AND state = 'left'),
        (SELECT u.id FROM bulk_jobs u WHERE u.undoes = j.id), j.value
    FROM bulk_jobs j
    WHERE j.id = $1";
const NEXT: &str = r"SELECT of_id, value, was
    FROM bulk_items
    WHERE job_id = $1 AND state = 'waiting'
    ORDER BY of_id LIMIT 100";
const SET: &str =
    "UPDATE bulk_items SET state = $3, was = $4 WHERE job_id = $1 AND of_id = $2 AND state = 'waiting'";
const OWNER: &str = r"SELECT o.id, o.email, trim(o.first_name || ' ' || o.last_name)
    FROM accounts a
    JOIN contacts o ON o.id = a.owner_id AND o.user_id IS NULL
    WHERE a.id = $1 AND a.status = 'active'";

/// Ids of everything that is found, page by page.
///
/// # Errors
/// [`AppError::Conflict`] for too many.
pub async fn found(reader: &mut Reader<OfStaff>, act: BulkAct, query: &ListQuery) -> Result<Vec<String>> {
    let mut query = ListQuery { after: String::new(), before: String::new(), ..query.clone() };
    let mut all = Vec::new();
    loop {
        let (ids, next): (Vec<String>, _) = if act.of_tickets() {
            let page = tickets::store::list_for_staff(reader, &query).await?;
            (page.items.into_iter().map(|row| row.id.to_string()).collect(), page.next)
        } else {
            let page = customers::store::list(reader, &query).await?;
            (page.items.into_iter().map(|row| row.account.to_string()).collect(), page.next)
        };
        all.extend(ids);
        if all.len() > MOST {
            return Err(AppError::Conflict(words::too_many(&MOST)));
        }
        match next {
            Some(next) => query.after = next,
            None => return Ok(all),
        }
    }
}

/// Notes work on these, or, without any, on those that an earlier one changed. Returns its id, and on how
/// many it works.
///
/// # Errors
/// [`AppError::Conflict`] for an earlier one that was undone already.
pub async fn begin(
    tx: &mut Tx<OfStaff>,
    act: BulkAct,
    value: &str,
    reason: &str,
    on: std::result::Result<&[String], &str>,
) -> Result<(String, u64)> {
    let (id, now, user) = (tx.new_id(), tx.now().0, tx.staff().user.clone());
    let args = args![&id, act.key(), reason, user.id.as_str(), user.name, on.err(), now, value];
    if tx.conn().execute(INSERT, args).await? == 0 {
        return Err(AppError::Conflict(words::NOT_TO_UNDO.into()));
    }
    let count = match on {
        Ok(ids) => {
            let json = serde_json::to_string(ids).map_err(|error| internal(&error))?;
            tx.conn().execute(FILL, args![&id, json]).await?
        }
        Err(undoes) => tx.conn().execute(FILL_BACK, args![&id, undoes]).await?,
    };
    Ok((id, count))
}

/// How far it is.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn show(conn: &mut Conn, id: &str, running: bool, now: Timestamp) -> Result<BulkView> {
    type Tuple = (String, String, String, i64, i64, i64, i64, Option<String>, String);
    let row: Option<Tuple> = conn.optional(SHOW, args![id]).await?;
    let (act, reason, by, at, total, changed, left, undone_by, value) = row.ok_or(AppError::NotFound)?;
    let act = BulkAct::from_key(&act).ok_or(AppError::NotFound)?;
    let (id, at) = (id.to_owned(), Timestamp(at));
    Ok(BulkView { id, act, reason, value, by, at, total, changed, left, running, undone_by, now })
}

const UNDOES: &str = "SELECT undoes IS NOT NULL, user_id FROM bulk_jobs WHERE id = $1";
const LIMITED: &str = "SELECT EXISTS (SELECT 1 FROM staff_departments WHERE user_id = $1)";

/// Does it undo another, and did somebody who works in some departments alone not begin it?
pub async fn undoes(conn: &mut Conn, id: &str, user: &UserId) -> Result<(bool, bool)> {
    let (undoes, by): (bool, String) = conn.one(UNDOES, args![id]).await?;
    let limited: bool = conn.value(LIMITED, args![user.as_str()]).await?;
    Ok((undoes, limited && by != user.as_str()))
}

/// Some of those that wait: id, what to set there where that is not the same for all, and for undoing what has to be
/// there.
pub async fn next(conn: &mut Conn, id: &str) -> Result<Vec<(String, String, String)>> {
    Ok(conn.all(NEXT, args![id]).await?)
}

/// Notes what came of one; `was` is what was there before, if it was changed. Says whether nobody was faster.
pub async fn note<S>(tx: &mut Tx<S>, id: &str, of: &str, was: Option<&str>) -> Result<bool> {
    let state = if was.is_some() { "changed" } else { "left" };
    Ok(tx.conn().execute(SET, args![id, of, state, was.unwrap_or_default()]).await? > 0)
}

/// Contact, address and name of an owner who has no login, on an open account.
pub async fn owner_without_login(
    conn: &mut Conn,
    account: &AccountId,
) -> Result<Option<(ContactId, String, String)>> {
    let row: Option<(String, String, String)> = conn.optional(OWNER, args![account.as_str()]).await?;
    Ok(row.map(|(id, email, name)| (id.into(), email, name)))
}
