//! Reading a page of a list: one aggregated row for the page and one for the counts.
//!
//! Every list has the same shape: `$1` is the account, `$2` a pattern for the words that are searched, `$3` and `$4` sort value
//! and id of the row beside the page, `$5` the number of rows to read, and `$6`, where the list needs it, one more value.

use super::access::OfAccount;
use super::db::internal;
use crate::error::Result;
use crate::types::{Cursor, Page, Timestamp};
use serde::de::DeserializeOwned;

/// The two statements of a list.
pub struct ListSql {
    /// Reads up to `$5` rows as one JSON array.
    pub page: String,
    /// Counts the rows in all, and those before the row at `$3` and `$4`.
    pub counts: String,
}

/// What is wanted of a list.
pub struct Wanted<'a> {
    /// Words to search for, as [`words`] cleans them.
    pub words: &'a str,
    /// Cursor of the row before the page, as it came in a URL.
    pub after: &'a str,
    /// Cursor of the row after the page, as it came in a URL.
    pub before: &'a str,
    /// Rows on a page.
    pub rows: usize,
    /// The value of `$6`.
    pub extra: Option<&'a str>,
}

/// What is searched for: lowercase, at most 200 characters.
pub fn words(typed: &str) -> String {
    typed.trim().to_lowercase().chars().take(200).collect()
}

/// Does this cursor walk backwards?
pub fn backwards(before: &str) -> bool {
    Cursor::parse(before).is_some()
}

/// Comparison and order that walk through a list: `>` and `ASC`, or `<` and `DESC`. Walking backwards reads the rows before the
/// cursor in reverse; [`read`] turns them around.
pub fn direction(descending: bool, backwards: bool) -> (&'static str, &'static str) {
    if descending == backwards { (">", "ASC") } else { ("<", "DESC") }
}

/// Reads a page. `key` says where a row stands.
pub async fn read<R: DeserializeOwned>(on: &mut impl OfAccount, sql: &'static ListSql, wanted: &Wanted<'_>, key: impl Fn(&R) -> Cursor) -> Result<Page<R>> {
    let none = || Cursor { value: String::new(), id: String::new() };
    let pattern = format!("%{}%", wanted.words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    let before = Cursor::parse(wanted.before);
    let backwards = before.is_some();
    let cursor = before.or_else(|| Cursor::parse(wanted.after)).unwrap_or_else(none);
    let (member, now): (_, Timestamp) = (on.acting(), on.time());
    let account = member.account.as_str();
    let mut page = sqlx::query_scalar::<_, String>(sql.page.as_str())
        .bind(account)
        .bind(&pattern)
        .bind(&cursor.value)
        .bind(&cursor.id)
        .bind(i64::try_from(wanted.rows + 1).unwrap_or(i64::MAX));
    if let Some(extra) = wanted.extra {
        page = page.bind(extra);
    }
    let mut rows: Vec<R> = serde_json::from_str(&page.fetch_one(on.connection()).await?).map_err(|error| internal(&error))?;
    let more = rows.len() > wanted.rows;
    rows.truncate(wanted.rows);
    if backwards {
        rows.reverse();
    }
    let (first, last) = (rows.first().map(&key), rows.last().map(&key));
    let start = first.clone().unwrap_or_else(none);
    // The counts do not use the limit; bound all the same, the numbers of the parameters stay.
    let mut counts = sqlx::query_as::<_, (i64, i64)>(sql.counts.as_str()).bind(account).bind(&pattern).bind(&start.value).bind(&start.id);
    if let Some(extra) = wanted.extra {
        counts = counts.bind(0_i64).bind(extra);
    }
    let (total, skipped) = counts.fetch_one(on.connection()).await?;
    Ok(Page {
        items: rows,
        total,
        skipped,
        now,
        previous: first.filter(|_| skipped > 0).map(|cursor| cursor.to_param()),
        next: last.filter(|_| backwards || more).map(|cursor| cursor.to_param()),
    })
}
