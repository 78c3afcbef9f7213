//! SQL that reads audit trails. They are written by [`crate::features::audit::record`].

use super::model::{AuditChange, AuditKind, AuditQuery, AuditRow, People, TOPICS};
use crate::access::{InAccount, OfUser, Reader, list};
use crate::error::Result;
use crate::platform::db::{Conn, JSON_ARRAY, args, internal, made_statements};
use crate::types::{COUNTED, Page, TimeFormat, Timestamp, UserId, cursor};
use std::sync::LazyLock;

/// Entries on a page.
pub const PER_PAGE: usize = 50;

/// What stands for somebody without a login: whoever holds a link from a mail by their address, the program
/// by its kind.
macro_rules! nameless {
    () => {
        "CASE actor_kind WHEN 'person' THEN 'link ' || actor_name ELSE actor_kind END"
    };
}

/// `$1` the scope, `$2` a pattern, `$3` who, `$4` a pattern of kinds, `$5` and `$6` from and until when, `$7`
/// and `$8` the cursor.
const FILTER: &str = concat!(
    "scope_id = $1 AND search_text LIKE $2 ESCAPE '\\' AND ($3 = '' OR actor_id = $3 OR (actor_id = '' AND ",
    nameless!(),
    " = $3)) AND kind LIKE $4 AND at >= $5 AND at < $6"
);
const COLUMNS: &str = "id, at, actor_kind, actor_name, source, agent, kind, says, changes";
const PEOPLE: &str = concat!(
    "SELECT coalesce(nullif(actor_id, ''), ",
    nameless!(),
    ") AS who, max(actor_name) FROM activity WHERE scope_id = $1 GROUP BY who ORDER BY lower(max(actor_name)) LIMIT 500"
);

fn page_sql(backwards: bool) -> String {
    let (than, order) = list::direction(true, backwards);
    format!(
        r"SELECT {JSON_ARRAY}({COLUMNS})) FROM (SELECT {COLUMNS}
            FROM activity
            WHERE {FILTER} AND ($8 = '' OR (at, id) {than} ($7, $8))
            ORDER BY at {order}, id {order} LIMIT $9)"
    )
}

static PAGE: LazyLock<String> = LazyLock::new(|| page_sql(false));
static PAGE_BACK: LazyLock<String> = LazyLock::new(|| page_sql(true));
static COUNTS: LazyLock<String> = LazyLock::new(|| {
    let count = |behind: &str| {
        format!("(SELECT count(*) FROM (SELECT 1 FROM activity WHERE {FILTER} {behind} LIMIT $9) AS some)")
    };
    format!("SELECT {}, {}", count(""), count("AND (at, id) > ($7, $8)"))
});
const AT: &str = "SELECT at FROM activity WHERE scope_id = $1 AND id = $2";

made_statements!(|| vec![PEOPLE.into(), PAGE.clone(), PAGE_BACK.clone(), COUNTS.clone()]);

/// A row as its JSON array has it.
#[derive(serde::Deserialize)]
struct ListRow(String, i64, String, String, String, String, String, String, String);

impl From<ListRow> for AuditRow {
    fn from(row: ListRow) -> Self {
        let ListRow(id, at, actor_kind, actor, source, agent, kind, says, changes) = row;
        let changes: Vec<AuditChange> = serde_json::from_str(&changes).unwrap_or_default();
        Self { id, at: Timestamp(at), actor_kind, actor, source, agent, kind, says, changes }
    }
}

/// What a query asks for, in the form in which SQL wants it.
struct AuditFilter {
    pattern: String,
    person: String,
    kinds: String,
    from: i64,
    until: i64,
}

impl AuditFilter {
    fn of(query: &AuditQuery, time_format: &TimeFormat) -> Self {
        let topic = TOPICS.iter().map(|(key, _)| *key).find(|key| *key == query.kind);
        Self {
            pattern: list::pattern(&list::words(&query.q)),
            person: query.person.chars().take(300).collect(),
            kinds: topic.map_or_else(|| "%".to_owned(), |topic| format!("{topic}.%")),
            // Days as the person's own calendar has them.
            from: Timestamp::parse_day(&query.from).map_or(i64::MIN, |day| time_format.midnight(day).0),
            until: Timestamp::parse_day(&query.to)
                .map_or(i64::MAX, |day| time_format.midnight(day.plus_days(1)).0),
        }
    }
}

async fn read(
    conn: &mut Conn,
    scope: &str,
    wanted: &AuditFilter,
    cursor: Option<&AuditPosition>,
    backwards: bool,
    rows: usize,
) -> Result<Vec<AuditRow>> {
    let sql: &'static str = if backwards { PAGE_BACK.as_str() } else { PAGE.as_str() };
    let json: String = conn
        .value(
            sql,
            args![
                scope,
                &wanted.pattern,
                &wanted.person,
                &wanted.kinds,
                wanted.from,
                wanted.until,
                cursor.map(|(at, _)| *at).unwrap_or_default(),
                cursor.map(|(_, id)| id.as_str()).unwrap_or_default(),
                i64::try_from(rows).unwrap_or(i64::MAX)
            ],
        )
        .await?;
    let rows: Vec<ListRow> = serde_json::from_str(&json).map_err(|error| internal(&error))?;
    Ok(rows.into_iter().map(AuditRow::from).collect())
}

/// Where an entry stands: its time and id.
type AuditPosition = (i64, String);

fn place_of(row: &AuditRow) -> AuditPosition {
    (row.at.0, row.id.clone())
}

/// Where the entry behind an id from a URL stands; nothing for one that is none of the scope's.
async fn find(reader: &mut Reader<InAccount>, asked: &str) -> Result<Option<AuditPosition>> {
    let Some(id) = cursor(asked) else { return Ok(None) };
    let at: Option<i64> = reader.optional_value(AT, args![id]).await?;
    Ok(at.map(|at| (at, id.to_owned())))
}

/// A page of the account's audit trail, newest first.
pub async fn page(
    reader: &mut Reader<InAccount>,
    query: &AuditQuery,
    time_format: &TimeFormat,
) -> Result<Page<AuditRow>> {
    let (account, now) = (reader.account().clone(), reader.now());
    let wanted = AuditFilter::of(query, time_format);
    let before = find(reader, &query.before).await?;
    let backwards = before.is_some();
    let cursor = match before {
        Some(before) => Some(before),
        None => find(reader, &query.after).await?,
    };
    let mut items =
        read(reader.conn(), account.as_str(), &wanted, cursor.as_ref(), backwards, PER_PAGE + 1).await?;
    let more = items.len() > PER_PAGE;
    items.truncate(PER_PAGE);
    if backwards {
        items.reverse();
    }
    let (at, id) = items.first().map_or((i64::MAX, String::new()), place_of);
    let (total, skipped): (i64, i64) = reader
        .one(
            COUNTS.as_str(),
            args![
                &wanted.pattern,
                &wanted.person,
                &wanted.kinds,
                wanted.from,
                wanted.until,
                at,
                &id,
                COUNTED + 1
            ],
        )
        .await?;
    let previous = (skipped > 0).then_some(id);
    let next = items.last().filter(|_| backwards || more).map(|row| row.id.clone());
    Ok(Page { items, total, skipped, now, previous, next, omitted: 0 })
}

/// The entries behind one, newest first: for a file that is written piece by piece.
pub async fn next(
    reader: &mut Reader<InAccount>,
    query: &AuditQuery,
    time_format: &TimeFormat,
    after: Option<&AuditRow>,
    rows: usize,
) -> Result<Vec<AuditRow>> {
    let account = reader.account().clone();
    let cursor = after.map(place_of);
    read(reader.conn(), account.as_str(), &AuditFilter::of(query, time_format), cursor.as_ref(), false, rows)
        .await
}

/// Who has acted on the account.
pub async fn people(reader: &mut Reader<InAccount>) -> Result<People> {
    Ok(reader.all(PEOPLE, args![]).await?)
}

/// What happened to the acting user's login lately, newest first.
pub async fn of_user(reader: &mut Reader<OfUser>) -> Result<Vec<AuditRow>> {
    login(reader, None, 15).await
}

/// Everything that happened to the acting user's login, newest first.
pub async fn all_of_user(reader: &mut Reader<OfUser>) -> Result<Vec<AuditRow>> {
    let mut all = Vec::new();
    loop {
        let more = login(reader, all.last(), 1_000).await?;
        if more.is_empty() {
            return Ok(all);
        }
        all.extend(more);
    }
}

const ADDRESS_CHANGES: &str = "SELECT changes FROM activity WHERE scope_id = $1 AND kind = $2";

/// The addresses that a user's login had before.
pub async fn former_addresses(conn: &mut Conn, user: &UserId) -> Result<Vec<String>> {
    let changes: Vec<String> =
        conn.values(ADDRESS_CHANGES, args![user.as_str(), AuditKind::AddressChanged.key()]).await?;
    let changes =
        changes.iter().filter_map(|json| serde_json::from_str::<Vec<AuditChange>>(json).ok()).flatten();
    Ok(changes.map(|change| change.before).collect())
}

async fn login(reader: &mut Reader<OfUser>, after: Option<&AuditRow>, rows: usize) -> Result<Vec<AuditRow>> {
    let user = reader.user().clone();
    let cursor = after.map(place_of);
    read(
        reader.conn(),
        user.as_str(),
        &AuditFilter::of(&AuditQuery::default(), &TimeFormat::default()),
        cursor.as_ref(),
        false,
        rows,
    )
    .await
}
