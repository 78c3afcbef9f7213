//! Lists: a feature says which columns, orders and filters a list has; searching, paging by key, counting and
//! the statements themselves are here.
//!
//! A page is one aggregated row, because a row that crosses from the engine costs more than the JSON of
//! fifty; its rows are read into structs whose fields carry the SQL of their columns ([`list_row!`]). `$1` is
//! always the scope's id, account or user. A URL holds only the id of the row beside the page; where that row
//! stands is looked up. Rows are counted up to [`COUNTED`], so that a list of any length costs the same.
//! Invariant: the text of a statement holds nothing from outside; what was typed is bound.

use crate::access::OfAccount;
use crate::error::Result;
use crate::permission::Permission;
use crate::platform::db::{Conn, MadeSql, Value, args, internal, json_row};
use crate::types::{COUNTED, ListQuery, Page, Timestamp, cursor};
use serde::de::DeserializeOwned;

/// Rows on a page.
const PER_PAGE: usize = 50;

/// A list.
#[derive(Clone, Copy)]
pub struct List {
    /// The table of its rows, and its alias.
    pub table: (&'static str, &'static str),
    /// The column with the id of the account or user.
    pub scope: &'static str,
    /// Joins that only the columns need: rows are counted without them.
    pub joins: &'static str,
    /// By what it can be sorted; the first is how it is shown unless something else is asked for.
    pub sorts: &'static [Sort],
    /// What its tabs choose from.
    pub states: States,
}

/// A column by which a list is sorted; each has an index.
#[derive(Clone, Copy)]
pub struct Sort {
    /// Name in the URL, with `-` before it for the other way; empty for the only one.
    pub name: &'static str,
    /// The column.
    pub key: &'static str,
    /// It holds numbers.
    pub number: bool,
    /// From the largest to the smallest.
    pub descending: bool,
}

/// Conditions by the value of `status` in the URL.
#[derive(Clone, Copy)]
pub enum States {
    /// There are none.
    None,
    /// The column has this value: a column, and the tabs of the list.
    Column(&'static str, &'static [(&'static str, &'static str)]),
    /// SQL for each value.
    Sql(&'static [(&'static str, &'static str)]),
}

impl States {
    fn condition(self, asked: &str) -> Option<String> {
        let find = |all: &'static [(&'static str, &'static str)]| {
            all.iter().find(|(name, _)| !name.is_empty() && *name == asked)
        };
        match self {
            Self::None => None,
            // A literal and not a value: so the planner sees which index serves it.
            Self::Column(column, tabs) => find(tabs).map(|(name, _)| format!("{column} = '{name}'")),
            Self::Sql(conditions) => find(conditions).map(|(_, sql)| (*sql).to_owned()),
        }
    }
}

/// What a row of a list shows.
pub trait Row: DeserializeOwned {
    /// The SQL of its columns.
    const COLUMNS: &'static str;

    /// Its id.
    fn id(&self) -> &str;
}

/// A struct whose fields are the columns of a list, each with its SQL; the first is `id`.
macro_rules! list_row {
    ($(#[$about:meta])* $name:ident { id: $id:ty = $of:expr, $($field:ident: $type:ty = $sql:expr),* $(,)? }) => {
        $(#[$about])*
        #[derive(serde::Deserialize)]
        struct $name {
            id: $id,
            $($field: $type,)*
        }

        impl crate::access::list::Row for $name {
            const COLUMNS: &'static str = concat!($of, $(", ", $sql),*);

            fn id(&self) -> &str {
                self.id.as_str()
            }
        }
    };
}
pub(crate) use list_row;

/// Which rows of a list are wanted. In SQL, `{}` stands for the value given beside it.
#[derive(Clone, Default)]
pub struct Selection {
    tables: Option<String>,
    conditions: String,
    /// From `$2` on.
    values: Vec<Value>,
    choices: Option<FilterChoices>,
}

/// What a filter of the page can choose of the account `$1`, read together with the page.
#[derive(Clone, Copy)]
pub struct FilterChoices {
    /// The columns of a value in the URL and of its label.
    pub pair: &'static str,
    /// Where they are read, in order: what follows `FROM`.
    pub of: &'static str,
}

impl Selection {
    /// Every row of the scope.
    pub fn all() -> Self {
        Self::default()
    }

    /// Rows of these tables, which hold the list's own under its alias.
    pub fn of_with(tables: &str, value: impl Into<Value>) -> Self {
        Self::all().among(tables, value)
    }

    /// The services, or domains, of a list that a holder may see, with what they hold on each in `g`:
    /// everything the account has, or only what is held with the permission `view`, read from the grants,
    /// however many the account has. CROSS JOIN keeps that order.
    pub fn visible(list: &List, view: Permission, all: bool, holder: &str) -> Self {
        let (table, alias) = list.table;
        if all {
            let tables = format!(
                "{table} {alias} LEFT JOIN grants g ON g.holder_id = {{}} AND g.asset_id = {alias}.id"
            );
            return Self::all().among(&tables, holder);
        }
        let mut rows = Self { tables: Some(format!("grants g CROSS JOIN {table} {alias}")), ..Self::all() };
        let held = format!(
            "g.holder_id = {{}} AND {alias}.id = g.asset_id AND g.permissions LIKE '{}%'",
            view.key()
        );
        let held = rows.bind(&held, holder);
        rows.add(&held);
        rows
    }

    fn among(mut self, tables: &str, value: impl Into<Value>) -> Self {
        self.tables = Some(self.bind(tables, value));
        self
    }

    fn bind(&mut self, sql: &str, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        sql.replace("{}", &format!("${}", self.values.len() + 1))
    }

    fn add(&mut self, condition: &str) {
        self.conditions.push_str(" AND ");
        self.conditions.push_str(condition);
    }

    /// Only those for which this holds.
    pub fn only(mut self, condition: &'static str) -> Self {
        self.add(condition);
        self
    }

    /// Only those for which this holds with a value.
    pub fn only_with(mut self, condition: &'static str, value: impl Into<Value>) -> Self {
        let condition = self.bind(condition, value);
        self.add(&condition);
        self
    }

    /// With the choices of a filter, for [`Page::choices`].
    pub fn with_choices(mut self, choices: FilterChoices) -> Self {
        self.choices = Some(choices);
        self
    }

    /// Only those whose column, in small letters, contains what was typed.
    pub fn containing(self, like: &'static str, typed: &str) -> Self {
        let words = words(typed);
        if words.is_empty() { self } else { self.only_with(like, pattern(&words)) }
    }
}

/// What is searched for: lowercase, at most 200 characters.
pub fn words(typed: &str) -> String {
    typed.trim().to_lowercase().chars().take(200).collect()
}

/// A pattern that finds words anywhere in a text.
fn pattern(words: &str) -> String {
    format!("%{}%", words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// An order and the direction in which it is walked through.
#[derive(Clone, Copy)]
struct Order {
    sort: Sort,
    descending: bool,
}

/// Where a row stands: its sort value as text, and its id.
type Position = (String, String);

impl Order {
    fn of(list: &List, asked: &str) -> Self {
        let (name, turned) = asked.strip_prefix('-').map_or((asked, false), |name| (name, true));
        let known = list.sorts.iter().find(|sort| sort.name == name && !name.is_empty());
        match known {
            Some(sort) => Self { sort: *sort, descending: sort.descending != turned },
            None => Self { sort: list.sorts[0], descending: list.sorts[0].descending },
        }
    }

    /// Comparison and order. Walking backwards reads the rows before the position in reverse.
    fn direction(self, backwards: bool) -> (&'static str, &'static str) {
        if self.descending == backwards { (">", "ASC") } else { ("<", "DESC") }
    }

    fn value(self, position: &Position) -> Value {
        if self.sort.number {
            position.0.parse::<i64>().unwrap_or_default().into()
        } else {
            (&position.0).into()
        }
    }
}

impl List {
    fn tables<'a>(&self, rows: &'a Selection) -> std::borrow::Cow<'a, str> {
        let (table, alias) = self.table;
        rows.tables.as_deref().map_or_else(|| format!("{table} {alias}").into(), Into::into)
    }

    /// Reads rows as [`lines_sql`] does; of a page beside a position, whose value and id are the two values before
    /// the last, the number of rows.
    fn page_sql<R: Row>(&self, rows: &Selection, order: Order, beside: Option<bool>) -> String {
        let (alias, key, last) = (self.table.1, order.sort.key, rows.values.len() + 2);
        let (than, direction) = order.direction(beside == Some(true));
        let (behind, limit) = match beside {
            Some(_) => (format!(" AND ({key}, {alias}.id) {than} (${last}, ${})", last + 1), last + 2),
            None => (String::new(), last),
        };
        let of = format!(
            r"{} {}
                WHERE {} = $1{}{behind}
                ORDER BY {key} {direction}, {alias}.id {direction} LIMIT ${limit}",
            self.tables(rows),
            self.joins,
            self.scope,
            rows.conditions,
        );
        lines_sql(R::COLUMNS, &of)
    }

    /// The page, the choices of its filter, the number of rows in all, and the number of those before it or,
    /// walking backwards, before the position; all at once, because each statement costs two switches between
    /// threads. The last value says how far is counted.
    fn counted_page_sql<R: Row>(&self, rows: &Selection, order: Order, beside: Option<bool>) -> String {
        let (alias, key, at) = (self.table.1, order.sort.key, rows.values.len() + 2);
        let limit = if beside.is_some() { at + 3 } else { at + 1 };
        let count = |before: &str| {
            format!(
                "(SELECT count(*) FROM (SELECT 1 FROM {} WHERE {} = $1{}{before} LIMIT ${limit}) AS some)",
                self.tables(rows),
                self.scope,
                rows.conditions,
            )
        };
        let before = beside.map(|backwards| {
            // What stands before the page behind a position ends with the row there.
            let (than, _) = order.direction(true);
            let or_at = if backwards { "" } else { "=" };
            count(&format!(" AND ({key}, {alias}.id) {than}{or_at} (${at}, ${})", at + 1))
        });
        format!(
            "SELECT ({}), ({}), {}, {}",
            self.page_sql::<R>(rows, order, beside),
            rows.choices.map_or_else(|| "CAST(NULL AS TEXT)".into(), |own| lines_sql(own.pair, own.of)),
            count(""),
            before.as_deref().unwrap_or("CAST(0 AS BIGINT)")
        )
    }

    /// The sort value of the row `$2`.
    fn position_sql(&self, order: Order) -> String {
        let (table, alias) = self.table;
        format!(
            "SELECT CAST({} AS TEXT) FROM {table} {alias} WHERE {} = $1 AND {alias}.id = $2",
            order.sort.key, self.scope
        )
    }

    /// Every statement that this list can become of these selections, for the tests that prepare them and
    /// read their plans.
    #[cfg(test)]
    pub fn statements<R: Row>(&self, selections: &[Selection]) -> Vec<String> {
        let states = match self.states {
            States::None => &[],
            States::Column(_, all) | States::Sql(all) => all,
        };
        let states = std::iter::once("").chain(states.iter().map(|(name, _)| *name));
        let mut all = Vec::new();
        for sort in self.sorts {
            for descending in [false, true] {
                let order = Order { sort: *sort, descending };
                all.push(self.position_sql(order));
                for state in states.clone() {
                    for rows in selections {
                        let rows = self.in_state(rows.clone(), state);
                        let pages = [None, Some(false), Some(true)];
                        all.extend(pages.map(|beside| self.page_sql::<R>(&rows, order, beside)));
                        all.extend(pages.map(|beside| self.counted_page_sql::<R>(&rows, order, beside)));
                    }
                }
            }
        }
        all
    }

    fn in_state(&self, mut rows: Selection, asked: &str) -> Selection {
        if let Some(condition) = self.states.condition(asked) {
            rows.add(&condition);
        }
        rows
    }
}

/// Rows as JSON arrays of their columns, one behind the other, which [`parse`] reads. The inner statement makes the
/// array, so that it hands on one value of a row and not twenty.
fn lines_sql(columns: &str, of: &str) -> String {
    format!(
        "SELECT string_agg(line, ' ') FROM (SELECT CAST({}({columns}) AS TEXT) AS line FROM {of}) AS page",
        json_row!()
    )
}

fn parse<R: DeserializeOwned>(lines: Option<String>) -> Result<Vec<R>> {
    let lines = lines.unwrap_or_default();
    let rows = serde_json::Deserializer::from_str(&lines).into_iter();
    rows.collect::<std::result::Result<_, _>>().map_err(|error| internal(&error))
}

fn bound(scope: &str, rows: &Selection, more: impl IntoIterator<Item = Value>) -> Vec<Value> {
    let mut args = args![scope];
    args.extend(rows.values.iter().cloned());
    args.extend(more);
    args
}

fn limit(rows: usize) -> Value {
    i64::try_from(rows).unwrap_or(i64::MAX).into()
}

/// Reads the page that a URL asks for.
///
/// # Errors
/// When the database does not answer.
pub async fn read<R: Row>(
    on: &mut impl OfAccount,
    list: &List,
    rows: Selection,
    query: &ListQuery,
) -> Result<Page<R>> {
    let (account, now) = (on.acting().account.clone(), on.time());
    read_in(on.connection(), account.as_str(), now, list, rows, query).await
}

/// The same for a list of another scope than an account.
///
/// # Errors
/// When the database does not answer.
pub async fn read_in<R: Row>(
    conn: &mut Conn,
    account: &str,
    now: Timestamp,
    list: &List,
    rows: Selection,
    query: &ListQuery,
) -> Result<Page<R>> {
    let order = Order::of(list, &query.sort);
    let rows = list.in_state(rows, &query.status);
    let asked =
        cursor(&query.before).map(|id| (id, true)).or_else(|| cursor(&query.after).map(|id| (id, false)));
    let mut beside = None;
    if let Some((id, backwards)) = asked {
        let value: Option<String> =
            conn.optional_value(MadeSql(list.position_sql(order)), args![account, id]).await?;
        // A row that is gone is nowhere: the list begins anew.
        beside = value.map(|value| ((value, id.to_owned()), backwards));
    }
    let backwards = beside.as_ref().is_some_and(|(_, backwards)| *backwards);
    let position = beside.as_ref().map(|(position, _)| position);
    let at = position.into_iter().flat_map(|position| [order.value(position), (&position.1).into()]);
    let args = bound(account, &rows, at.chain([limit(PER_PAGE + 1), (COUNTED + 1).into()]));
    let sql = list.counted_page_sql::<R>(&rows, order, position.map(|_| backwards));
    let (lines, choices, total, before): (Option<String>, Option<String>, i64, i64) =
        conn.one(MadeSql(sql), args).await?;
    let mut found: Vec<R> = parse(lines)?;
    let more = found.len() > PER_PAGE;
    found.truncate(PER_PAGE);
    let mut skipped = before;
    if backwards {
        found.reverse();
        // Beyond what is counted it stays unknown.
        if before <= COUNTED {
            skipped -= i64::try_from(found.len()).unwrap_or(before);
        }
    }
    Ok(Page {
        previous: found.first().filter(|_| skipped > 0).map(|row| row.id().to_owned()),
        next: found.last().filter(|_| backwards || more).map(|row| row.id().to_owned()),
        items: found,
        total,
        skipped,
        now,
        choices: parse(choices)?,
        omitted: 0,
    })
}

/// The rows behind a position, its sort value and id, or from the beginning; in the order in which the list
/// is shown. For files that are written piece by piece.
///
/// # Errors
/// When the database does not answer.
pub async fn read_on<R: Row>(
    conn: &mut Conn,
    scope: &str,
    list: &List,
    rows: &Selection,
    behind: Option<(i64, &str)>,
    count: usize,
) -> Result<Vec<R>> {
    let at = behind.into_iter().flat_map(|(value, id)| [value.into(), id.into()]);
    let args = bound(scope, rows, at.chain([limit(count)]));
    let sql = list.page_sql::<R>(rows, Order::of(list, ""), behind.map(|_| false));
    parse(conn.value(MadeSql(sql), args).await?)
}

/// Every row, for choices.
///
/// # Errors
/// When the database does not answer.
pub async fn read_all<R: Row>(on: &mut impl OfAccount, list: &List, rows: &Selection) -> Result<Vec<R>> {
    let account = on.acting().account.clone();
    let args = bound(account.as_str(), rows, [i64::MAX.into()]);
    let sql = list.page_sql::<R>(rows, Order::of(list, ""), None);
    parse(on.connection().value(MadeSql(sql), args).await?)
}
