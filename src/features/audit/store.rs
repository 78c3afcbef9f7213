//! SQL that reads audit trails. They are written by [`crate::features::audit::record`].

use super::model::{
    ABOUT, Actors, AuditChange, AuditKind, AuditRow, FROM, KIND, PERSON, PersonActivity, TO, TOPICS,
};
use super::record::INSTALLATION;
use crate::access::list::{self, List, Selection, Sort, States, list_row};
use crate::access::{InAccount, OfStaff, OfUser, Reader};
use crate::error::{AppError, Result};
use crate::platform::db::{Conn, args, made_statements};
use crate::types::{ContactId, ListQuery, Page, TimeFormat, Timestamp, UserId};

/// What stands for somebody without a login: whoever holds a link from a mail by their address, the program
/// by its kind.
macro_rules! nameless {
    () => {
        "CASE actor_kind WHEN 'person' THEN 'link ' || actor_name ELSE actor_kind END"
    };
}

const PEOPLE: &str = concat!(
    "SELECT coalesce(nullif(actor_id, ''), ",
    nameless!(),
    ") AS who, max(actor_name) FROM activity WHERE scope_id = $1 GROUP BY who ORDER BY lower(max(actor_name)) LIMIT 500"
);

list_row! {
    ListRow {
        id: String = "e.id",
        at: i64 = "e.at",
        actor_kind: String = "e.actor_kind",
        actor: String = "e.actor_name",
        source: String = "e.source",
        agent: String = "e.agent",
        kind: String = "e.kind",
        says: String = "e.says",
        changes: String = "e.changes",
    }
}
const LIST: List = List {
    table: ("activity", "e"),
    scope: "e.scope_id",
    joins: "",
    sorts: &[Sort { name: "", key: "e.at", number: true, descending: true }],
    states: States::None,
};

impl From<ListRow> for AuditRow {
    fn from(row: ListRow) -> Self {
        let changes: Vec<AuditChange> = serde_json::from_str(&row.changes).unwrap_or_default();
        Self {
            id: row.id,
            at: Timestamp(row.at),
            actor_kind: row.actor_kind,
            actor: row.actor,
            source: row.source,
            agent: row.agent,
            kind: row.kind,
            says: row.says,
            changes,
        }
    }
}

fn about(rows: Selection, contact: &ContactId) -> Selection {
    rows.only("e.subject_id <> ''").only_with("e.subject_id = {}", contact.as_str())
}

fn by(user: &str, since: Timestamp) -> Selection {
    Selection::all().only_with("e.actor_id = {}", user).only_with("e.at >= {}", since.0)
}

/// The entries that a query asks for; days as the person's own calendar has them.
fn wanted(query: &ListQuery, time_format: &TimeFormat) -> Selection {
    let mut rows = Selection::all().containing("e.search_text LIKE {} ESCAPE '\\'", &query.q);
    let person: String = query.get(PERSON).chars().take(300).collect();
    if !person.is_empty() {
        rows = rows
            .only_with(concat!("(e.actor_id = {} OR (e.actor_id = '' AND ", nameless!(), " = {}))"), person);
    }
    if let Some(contact) = ContactId::parse(query.get(ABOUT)) {
        rows = about(rows, &contact);
    }
    if let Some((topic, _)) = TOPICS.iter().find(|(key, _)| *key == query.get(KIND)) {
        rows = rows.only_with("e.kind LIKE {}", format!("{topic}.%"));
    }
    if let Some(day) = Timestamp::parse_day(query.get(FROM)) {
        rows = rows.only_with("e.at >= {}", time_format.midnight(day).0);
    }
    if let Some(day) = Timestamp::parse_day(query.get(TO)) {
        rows = rows.only_with("e.at < {}", time_format.midnight(day.plus_days(1)).0);
    }
    rows
}

made_statements!(|| {
    let part = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let narrowed = [
        part(PERSON, "x"),
        part(ABOUT, "01k9zv5s8t3w2x1y0abcdefghj"),
        part(KIND, "contacts"),
        part(FROM, "2026-01-01"),
        part(TO, "2026-01-02"),
    ];
    let all = ListQuery { q: "word".into(), narrowed: narrowed.clone().into(), ..ListQuery::default() };
    let each = narrowed.map(|part| ListQuery { narrowed: [part].into(), ..ListQuery::default() });
    let queries = [vec![ListQuery::default(), all], each.into()].concat();
    let mut selections: Vec<_> = queries.iter().map(|query| wanted(query, &TimeFormat::default())).collect();
    selections.push(by("x", Timestamp(0)));
    LIST.statements::<ListRow>(&selections).into_iter().chain([PEOPLE.to_owned()]).collect()
});

/// A page of the account's audit trail, newest first.
pub async fn page(
    reader: &mut Reader<InAccount>,
    query: &ListQuery,
    time_format: &TimeFormat,
) -> Result<Page<AuditRow>> {
    let page = list::read(reader, &LIST, wanted(query, time_format), query).await?;
    Ok(page.map(|row: ListRow| row.into()))
}

/// A page of the installation's audit trail, newest first.
pub async fn page_of_installation(
    reader: &mut Reader<OfStaff>,
    query: &ListQuery,
    time_format: &TimeFormat,
) -> Result<Page<AuditRow>> {
    let now = reader.now();
    let rows = wanted(query, time_format);
    let page = list::read_in(reader.conn(), INSTALLATION, now, &LIST, rows, query).await?;
    Ok(page.map(|row: ListRow| row.into()))
}

/// Who has acted in the installation's audit trail, for the filter.
pub async fn people_of_installation(reader: &mut Reader<OfStaff>) -> Result<Actors> {
    Ok(reader.all(PEOPLE, args![INSTALLATION]).await?)
}

async fn read_on(
    conn: &mut Conn,
    scope: &str,
    rows: &Selection,
    behind: Option<&AuditRow>,
    count: usize,
) -> Result<Vec<AuditRow>> {
    let behind = behind.map(|row| (row.at.0, row.id.as_str()));
    let rows: Vec<ListRow> = list::read_on(conn, scope, &LIST, rows, behind, count).await?;
    Ok(rows.into_iter().map(AuditRow::from).collect())
}

/// The entries behind one, newest first: for a file that is written piece by piece.
pub async fn next(
    reader: &mut Reader<InAccount>,
    query: &ListQuery,
    time_format: &TimeFormat,
    after: Option<&AuditRow>,
    rows: usize,
) -> Result<Vec<AuditRow>> {
    let account = reader.account().clone();
    read_on(reader.conn(), account.as_str(), &wanted(query, time_format), after, rows).await
}

/// Who has acted on the account.
pub async fn people(reader: &mut Reader<InAccount>) -> Result<Actors> {
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

const USER_OF: &str = "SELECT coalesce(user_id, '') FROM contacts WHERE account_id = $1 AND id = $2";

/// Entries of a kind that a person's page shows.
const ON_PAGE: usize = 10;

/// What a person did in the last 7 days, and what was changed about them.
///
/// # Errors
/// [`AppError::NotFound`] when the account has no such contact.
pub async fn of_person(reader: &mut Reader<InAccount>, contact: &ContactId) -> Result<PersonActivity> {
    let (account, now) = (reader.account().clone(), reader.now());
    let user: Option<String> = reader.optional_value(USER_OF, args![contact.as_str()]).await?;
    let user = user.ok_or(AppError::NotFound)?;
    let (scope, week) = (account.as_str(), by(&user, now.plus_days(-7)));
    let did = match user.is_empty() {
        true => Vec::new(),
        false => read_on(reader.conn(), scope, &week, None, ON_PAGE).await?,
    };
    let was = about(Selection::all(), contact);
    let about = read_on(reader.conn(), scope, &was, None, ON_PAGE).await?;
    Ok(PersonActivity { by: did, about, user, now })
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
    read_on(reader.conn(), user.as_str(), &Selection::all(), after, rows).await
}
