//! Reading a page of a list: one aggregated row for the page and one for the counts.
//!
//! Every list has the same shape: `$1` is the account, `$2` what is searched for, `$3` and `$4` sort value
//! and id of the row beside the page, `$5` the number of rows to read, and `$6`, where the list needs it, one
//! more value. A URL holds only the id of that row; its sort value is looked up. Rows are counted up to
//! [`COUNTED`], so that a list of any length costs the same.

use crate::access::OfAccount;
use crate::error::Result;
use crate::platform::db::{Value, args, internal};
use crate::types::{COUNTED, Page, Timestamp, cursor};
use serde::de::DeserializeOwned;

/// The statements of a list.
pub struct ListSql {
    /// Reads up to `$5` rows as one JSON array, from the beginning.
    first: String,
    /// The same from the row at `$3` and `$4` on, forwards.
    after: String,
    /// The same backwards.
    before: String,
    /// Counts the rows in all; up to `$5`.
    total: String,
    /// Counts the rows in all, and those before the row at `$3` and `$4`; each up to `$5`.
    counts: String,
    /// The sort value of the row `$2` of the account `$1`.
    at: String,
}

/// What a list is made from.
pub struct ListParts<'a> {
    /// Names of the columns in the JSON of a row.
    pub json: &'a str,
    /// The columns: SQL with these names.
    pub columns: &'a str,
    /// Tables and joins.
    pub from: &'a str,
    /// The table of the rows, and its alias.
    pub table: (&'a str, &'a str),
    /// Which rows.
    pub filter: &'a str,
    /// The column by which it is sorted.
    pub key: &'a str,
    /// `$3` as the type of that column.
    pub value: &'a str,
    /// From the largest to the smallest.
    pub descending: bool,
    /// The tables that the filter needs: rows are counted without the others.
    pub counted: &'a str,
}

impl ListSql {
    /// Puts the statements together.
    pub fn of(parts: &ListParts<'_>) -> Self {
        let ListParts { json, columns, from, table: (table, alias), filter, key, value, descending, counted } =
            *parts;
        let array = crate::platform::db::JSON_ARRAY;
        let page = |backwards: bool, behind: &str| {
            // Walking backwards reads the rows before the cursor in reverse; `read` turns them around.
            let (than, order) = direction(descending, backwards);
            let behind = if behind.is_empty() {
                String::new()
            } else {
                format!("AND ({key}, {alias}.id) {than} {behind}")
            };
            format!(
                r"SELECT {array}({json})) FROM (SELECT {columns}
                    FROM {from}
                    WHERE {filter} {behind}
                    ORDER BY {key} {order}, {alias}.id {order} LIMIT $5)"
            )
        };
        let cursor = format!("({value}, $4)");
        let before = if descending { ">" } else { "<" };
        let count = |behind: &str| {
            format!(
                "(SELECT count(*) FROM (SELECT 1 FROM {counted} WHERE {filter} {behind} LIMIT $5) AS some)"
            )
        };
        Self {
            first: page(false, ""),
            after: page(false, &cursor),
            before: page(true, &cursor),
            total: format!("SELECT {}", count("")),
            counts: format!(
                "SELECT {}, {}",
                count(""),
                count(&format!("AND ({key}, {alias}.id) {before} {cursor}"))
            ),
            at: format!(
                r"SELECT CAST({key} AS TEXT)
                    FROM {table} {alias}
                    WHERE {alias}.account_id = $1 AND {alias}.id = $2"
            ),
        }
    }
}

#[cfg(test)]
impl ListSql {
    /// All of them, for the tests that prepare them and read their plans.
    pub fn all(&self) -> [String; 6] {
        [&self.first, &self.after, &self.before, &self.total, &self.counts, &self.at].map(Clone::clone)
    }
}

/// What is wanted of a list.
pub struct PageRequest<'a> {
    /// What is searched for, in the form in which the statements want it.
    pub search: &'a str,
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

/// A pattern that finds words anywhere in a text.
pub fn pattern(words: &str) -> String {
    format!("%{}%", words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// Comparison and order that walk through a list: `>` and `ASC`, or `<` and `DESC`. Walking backwards reads
/// the rows before the cursor in reverse; [`read`] turns them around.
pub fn direction(descending: bool, backwards: bool) -> (&'static str, &'static str) {
    if descending == backwards { (">", "ASC") } else { ("<", "DESC") }
}

/// Reads a page. `key` says where a row stands: its sort value and its id.
pub async fn read<R: DeserializeOwned>(
    on: &mut impl OfAccount,
    sql: &'static ListSql,
    wanted: &PageRequest<'_>,
    key: impl Fn(&R) -> (String, String),
) -> Result<Page<R>> {
    let (membership, now): (_, Timestamp) = (on.acting(), on.time());
    let account = membership.account.as_str();
    let asked =
        cursor(wanted.before).map(|id| (id, true)).or_else(|| cursor(wanted.after).map(|id| (id, false)));
    let mut from = None;
    if let Some((id, backwards)) = asked {
        let value: Option<String> =
            on.connection().optional_value(sql.at.as_str(), args![account, id]).await?;
        // A row that is gone is nowhere: the list begins anew.
        from = value.map(|value| (value, id.to_owned(), backwards));
    }
    let backwards = from.as_ref().is_some_and(|(.., backwards)| *backwards);
    let begun = from.is_none();
    let text = match &from {
        None => &sql.first,
        Some((.., true)) => &sql.before,
        Some((.., false)) => &sql.after,
    };
    let (value, id) = from.map(|(value, id, _)| (value, id)).unwrap_or_default();
    let limit = i64::try_from(wanted.rows + 1).unwrap_or(i64::MAX);
    let args = |value: &str, id: &str, limit: i64| {
        let mut args = args![account, wanted.search, value, id, limit];
        args.extend(wanted.extra.map(Value::from));
        args
    };
    let json: String = on.connection().value(text.as_str(), args(&value, &id, limit)).await?;
    let mut rows: Vec<R> = serde_json::from_str(&json).map_err(|error| internal(&error))?;
    let more = rows.len() > wanted.rows;
    rows.truncate(wanted.rows);
    if backwards {
        rows.reverse();
    }
    let (value, id) = rows.first().map(&key).unwrap_or_default();
    // From the beginning nothing stands before, and a page that is not full is everything.
    let (total, skipped): (i64, i64) = match (begun, more) {
        (true, true) => (on.connection().value(sql.total.as_str(), args(&value, &id, COUNTED + 1)).await?, 0),
        (true, false) => (i64::try_from(rows.len()).unwrap_or(i64::MAX), 0),
        (false, _) => on.connection().one(sql.counts.as_str(), args(&value, &id, COUNTED + 1)).await?,
    };
    let id = |row: &R| key(row).1;
    Ok(Page {
        previous: rows.first().map(id).filter(|_| skipped > 0),
        next: rows.last().map(id).filter(|_| backwards || more),
        items: rows,
        total,
        skipped,
        now,
        omitted: 0,
    })
}
