//! SQL of tickets, for reading. What a person may not see is left out by the statement itself.

use super::model::{
    Badge, FILTERS, FileView, MessageView, NewTicketPage, Priority, Status, TicketPerson, TicketRow,
    TicketView, Told,
};
use super::row::{Ticket, due, find};
use super::who::{Writer, copies, outsiders, told};
use super::{beside, canned, presence, quote};
use crate::access::list::{self, List, Selection, Sort, States, list_row};
use crate::access::membership::Membership;
use crate::access::{InAccount, OfAccount, OfStaff, Reader, Tx};
use crate::error::{AppError, Result};
use crate::features::mail::letter::markdown;
use crate::features::{domains, services};
use crate::permission::Permission;
use crate::platform::db::{Conn, FromRow, Truth, args, made_statements, search};
use crate::types::{AssetId, ContactId, ListQuery, Page, TicketId, Timestamp, UserId};
use maud::html;
use std::sync::LazyLock;

list_row! {
    ListRow {
        id: String = "t.id",
        number: i64 = "t.number",
        subject: String = "t.subject",
        status: Status = "t.status",
        priority: Priority = "t.priority",
        department: String = "d.name",
        opened_by: String = "t.opened_by",
        assigned: String = "CASE WHEN t.assigned_id IS NULL THEN '' ELSE t.assigned_name END",
        held: i64 = "t.held",
        merged: Truth = "t.merged_into IS NOT NULL",
        due: i64 = "t.due_at",
        changed: i64 = "t.changed_at",
        account: String = "t.account_id",
        account_name: String = "a.name",
    }
}

impl From<ListRow> for TicketRow {
    fn from(row: ListRow) -> Self {
        Self {
            id: row.id.into(),
            number: row.number,
            subject: row.subject,
            status: row.status,
            priority: row.priority,
            department: row.department,
            opened_by: row.opened_by,
            assigned: row.assigned,
            held: row.held,
            merged: row.merged.0,
            due: due(row.due),
            changed: Timestamp(row.changed),
            account: row.account.into(),
            account_name: row.account_name,
            answering: Vec::new(),
        }
    }
}

const LIST: List = List {
    table: ("tickets", "t"),
    scope: "t.account_id",
    joins: "JOIN departments d ON d.id = t.department_id JOIN accounts a ON a.id = t.account_id",
    sorts: &[Sort { name: "", key: "t.changed_at", number: true, descending: true }],
    states: States::Column("t.status", FILTERS),
};

/// Every account's in one status, for staff: what is due first comes first, then whoever waits longest.
const DESK: List = List {
    scope: "t.status",
    sorts: &[
        Sort { name: "due", key: "t.due_at", number: true, descending: false },
        Sort { name: "changed", key: "t.changed_at", number: true, descending: true },
    ],
    states: States::None,
    ..LIST
};

/// What is found by words, in whatever status unless one is asked for.
const DESK_FOUND: List = List {
    scope: "'all'",
    sorts: &[Sort { name: "changed", key: "t.changed_at", number: true, descending: true }],
    states: States::Column("t.status", FILTERS),
    ..LIST
};
const EVERYBODYS: &str = "all";

// A department that is closed to a contact does not exist for them.
const OPEN_TO: &str = "NOT EXISTS (SELECT 1 FROM closed_departments x WHERE x.contact_id = {} AND x.department_id = t.department_id)";
// Staff who work in some departments see those.
const OF_STAFF: &str = "(NOT EXISTS (SELECT 1 FROM staff_departments w WHERE w.user_id = {}) \
    OR EXISTS (SELECT 1 FROM staff_departments w WHERE w.user_id = {} AND w.department_id = t.department_id))";

/// The tickets that somebody sees on an account.
fn visible(member: &Membership, typed: &str, now: Timestamp) -> Selection {
    let on = Some(member.account.as_str());
    if member.staff.is_some() {
        return found_by(typed, on, None).only_with(OF_STAFF, member.user.id.as_str());
    }
    let rows = found_by(typed, on, Some(now));
    let contact = member.contact.as_str();
    let rows = if member.permissions.has(Permission::ViewTickets) {
        rows
    } else if member.preview.is_some() {
        // What is somebody's own is theirs: a preview shows what the looker may see too.
        rows.only("t.id = ''")
    } else if member.permissions.has(Permission::OpenTickets) {
        rows.only_with(
            "(t.opener_id = {} OR EXISTS (SELECT 1 FROM ticket_people p WHERE p.ticket_id = t.id AND p.contact_id = {}))",
            contact,
        )
    } else {
        rows.only_with(
            "EXISTS (SELECT 1 FROM ticket_people p WHERE p.ticket_id = t.id AND p.contact_id = {})",
            contact,
        )
    };
    rows.only_with(OPEN_TO, contact)
}

static FOUND: LazyLock<String> = LazyLock::new(|| format!("{} f CROSS JOIN tickets t", search::TICKETS));

/// The tickets that hold what was typed: their number, subject or messages. On an account what staff alone see is
/// not looked at; for who is not staff, neither is at this time what can still be called back.
fn found_by(typed: &str, account: Option<&str>, at: Option<Timestamp>) -> Selection {
    let Some(pattern) = search::ticket_pattern(typed, account) else { return Selection::all() };
    let rows = Selection::of_with(&FOUND, pattern).only("t.id = f.ticket_id");
    match at {
        Some(now) => rows.only_with(
            "NOT EXISTS (SELECT 1 FROM ticket_messages m WHERE m.ticket_id = t.id AND m.shown_at > {})",
            now.0,
        ),
        None => rows,
    }
}

fn narrowed(rows: Selection, query: &ListQuery) -> Selection {
    match query.get("department") {
        "" => rows,
        department => rows.only_with("t.department_id = {}", department),
    }
}

fn desk(own: &str, query: &ListQuery, now: Timestamp) -> Selection {
    let rows = narrowed(found_by(&query.q, None, None).only_with(OF_STAFF, own), query);
    match query.get("whose") {
        "mine" => rows.only_with("t.assigned_id = {}", own),
        "nobody" => rows.only("t.assigned_id IS NULL"),
        "late" => rows.only_with("t.due_at < {}", now.0),
        "held" => rows.only("t.held > 0"),
        _ => rows,
    }
}

made_statements!(|| {
    let all = ["department", "whose"].map(|name| (name.to_owned(), "x".to_owned()));
    let query = ListQuery { q: "word".into(), narrowed: all.into_iter().collect(), ..ListQuery::default() };
    let contact = Membership::sample();
    let mut own = contact.clone();
    own.permissions = [Permission::OpenTickets].into_iter().collect();
    let mut added = own.clone();
    added.permissions = crate::permission::Permissions::NONE;
    let selections: Vec<Selection> = [contact, own, added]
        .iter()
        .map(|one| narrowed(visible(one, "word", Timestamp(0)), &query))
        .collect();
    let mut sql = LIST.statements::<ListRow>(&selections);
    sql.extend(DESK.statements::<ListRow>(&[
        desk("x", &ListQuery::default(), Timestamp(0)),
        desk("x", &query, Timestamp(0)),
    ]));
    sql.extend(DESK_FOUND.statements::<ListRow>(&[desk("x", &query, Timestamp(0))]));
    sql
});

/// A page of the account's tickets that the person sees.
pub async fn list(reader: &mut Reader<InAccount>, query: &ListQuery) -> Result<Page<TicketRow>> {
    let rows = narrowed(visible(&reader.acting(), &query.q, reader.now()), query);
    let page = list::read(reader, &LIST, rows, query).await?;
    Ok(page.map(|row: ListRow| row.into()))
}

/// A page of everybody's tickets, as far as the acting staff answer them: those that wait unless another status is
/// asked for, and whatever is found by words.
pub async fn list_for_staff(reader: &mut Reader<OfStaff>, query: &ListQuery) -> Result<Page<TicketRow>> {
    let (own, now) = (reader.staff().user.id.clone(), reader.now());
    let rows = desk(own.as_str(), query, now);
    let status = Status::from_key(&query.status);
    // Only what waits is due; of the rest the newest comes first.
    let mut query = query.clone();
    if status != Status::Open && query.sort.is_empty() {
        query.sort = "changed".into();
    }
    let page = if search::ticket_pattern(&query.q, None).is_some() {
        list::read_in(reader.conn(), EVERYBODYS, now, &DESK_FOUND, rows, &query).await?
    } else {
        list::read_in(reader.conn(), status.key(), now, &DESK, rows, &query).await?
    };
    Ok(page.map(|row: ListRow| {
        let row = TicketRow::from(row);
        let here = presence::here(row.id.as_str(), own.as_str(), now);
        let answering = here.into_iter().filter(|one| one.answering).map(|one| one.name).collect();
        TicketRow { answering, ..row }
    }))
}

const WAITING: &str = r"SELECT count(*), min(changed_at)
    FROM (SELECT t.changed_at FROM tickets t
        WHERE t.status = 'open' AND (NOT EXISTS (SELECT 1 FROM staff_departments w WHERE w.user_id = $1)
            OR EXISTS (SELECT 1 FROM staff_departments w WHERE w.user_id = $1 AND w.department_id = t.department_id))
        ORDER BY t.changed_at, t.id LIMIT 1001) AS some";

/// How many tickets wait for somebody on the staff, and since when the oldest does.
pub async fn waiting_for(reader: &mut Reader<OfStaff>) -> Result<(i64, Option<Timestamp>)> {
    let own = reader.staff().user.id.clone();
    let (count, oldest): (i64, Option<i64>) = reader.conn().one(WAITING, args![own.as_str()]).await?;
    Ok((count, oldest.map(Timestamp)))
}

/// A ticket of the account that whoever acts sees.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn seen(on: &mut impl OfAccount, ticket: &TicketId) -> Result<Ticket> {
    let member = on.acting();
    let staff = if member.staff.is_some() { member.user.id.as_str() } else { "" };
    let found = find(on.connection(), ticket.as_str(), member.contact.as_str(), staff).await?;
    found.filter(|ticket| ticket.is_seen_by(&member)).ok_or(AppError::NotFound)
}

/// Messages that a page shows: the newest.
const SHOWN: i64 = 200;

const MESSAGES: &str = r"SELECT id, kind, state, badge, user_id, by_name, by_email, text, mail_id, created_at, shown_at
    FROM ticket_messages
    WHERE ticket_id = $1 AND (kind = 'message' OR $2) AND (state = 'shown' OR (state = 'held' AND $3) OR $2)
        AND (shown_at <= $4 OR user_id = $5 OR $2)
    ORDER BY created_at DESC, id DESC LIMIT $6";
const COUNT: &str =
    "SELECT count(*) FROM ticket_messages WHERE ticket_id = $1 AND kind = 'message' AND state = 'shown'";
const FILES_OF: &str = r"SELECT f.message_id, f.id, f.name, f.size, f.content_type
    FROM ticket_messages m
    JOIN attachments f ON f.message_id = m.id
    WHERE m.ticket_id = $1
    ORDER BY f.id LIMIT 2000";
const DRAFT_FILES: &str = r"SELECT id, name, size, content_type
    FROM attachments
    WHERE user_id = $1 AND account_id = $2 AND ticket_id = $3 AND message_id IS NULL
    ORDER BY id LIMIT 20";
const DRAFT: &str =
    "SELECT subject, text FROM ticket_drafts WHERE user_id = $1 AND account_id = $2 AND ticket_id = $3";
const PEOPLE: &str = r"SELECT c.id, coalesce(nullif(trim(c.first_name || ' ' || c.last_name), ''), nullif(c.company, ''), c.email), p.by_name
    FROM ticket_people p
    JOIN contacts c ON c.id = p.contact_id
    JOIN tickets t ON t.id = p.ticket_id AND t.account_id = c.account_id
    WHERE p.ticket_id = $1
    ORDER BY c.name_key, c.id LIMIT 100";
// Who can log in, is active, and was not added yet.
const OTHERS: &str = r"SELECT c.id, coalesce(nullif(trim(c.first_name || ' ' || c.last_name), ''), nullif(c.company, ''), c.email), ''
    FROM contacts c
    WHERE c.account_id = $1 AND c.status = 'active' AND c.can_log_in AND NOT c.is_owner AND c.id <> $3
        AND NOT EXISTS (SELECT 1 FROM ticket_people p WHERE p.ticket_id = $2 AND p.contact_id = c.id)
    ORDER BY c.name_key, c.id LIMIT 200";
const DEPARTMENTS: &str = r"SELECT d.id, d.name
    FROM departments d
    WHERE (NOT d.hidden OR $2) AND NOT EXISTS (SELECT 1 FROM closed_departments x
        WHERE x.contact_id = $1 AND x.department_id = d.id)
    ORDER BY d.name_key LIMIT 50";
const STAFF: &str = r"SELECT s.user_id, u.name
    FROM staff s
    JOIN users u ON u.id = s.user_id
    WHERE s.status = 'active' AND ',' || s.permissions || ',' LIKE '%,tickets.answer,%'
    ORDER BY u.name LIMIT 200";
const SERVICE: &str =
    "SELECT coalesce(nullif(label, ''), product) FROM services WHERE account_id = $1 AND id = $2";
const DOMAIN: &str = "SELECT name FROM domains WHERE account_id = $1 AND id = $2";

#[derive(FromRow)]
struct MessageRow {
    id: String,
    kind: String,
    state: String,
    badge: String,
    user_id: Option<String>,
    by_name: String,
    by_email: String,
    text: String,
    mail_id: Option<String>,
    created_at: i64,
    shown_at: i64,
}

/// A text of a mail as HTML: as it was, with its lines.
fn plain(text: &str) -> String {
    html! { div class="plain" { (text.trim()) } }.into_string()
}

impl MessageRow {
    fn view(self, user: &str, now: Timestamp, files: Vec<FileView>) -> MessageView {
        let (html, quoted) = match self.mail_id {
            None => (markdown(&self.text), String::new()),
            Some(_) => {
                let (new, old) = quote::split(&self.text);
                (plain(new), if old.is_empty() { String::new() } else { plain(old) })
            }
        };
        MessageView {
            id: self.id,
            note: self.kind == "note",
            held: self.state == "held",
            refused: self.state == "refused",
            by: self.by_name,
            email: self.by_email,
            badge: Badge::from_key(&self.badge),
            html,
            quoted,
            by_mail: self.mail_id.is_some(),
            files,
            at: Timestamp(self.created_at),
            until: (self.shown_at > now.0 && self.user_id.as_deref() == Some(user))
                .then_some(Timestamp(self.shown_at)),
        }
    }
}

/// The files that somebody has put to what they are writing.
pub async fn draft_files(on: &mut impl OfAccount, ticket: &str) -> Result<Vec<FileView>> {
    let member = on.acting();
    let rows: Vec<(String, String, i64, String)> = on
        .connection()
        .all(DRAFT_FILES, args![member.user.id.as_str(), member.account.as_str(), ticket])
        .await?;
    let file = |(id, name, size, kind): (_, _, _, String)| FileView::of(id, name, size, &kind);
    Ok(rows.into_iter().map(file).collect())
}

/// What somebody had written: subject and text.
pub async fn draft(on: &mut impl OfAccount, ticket: &str) -> Result<(String, String)> {
    let member = on.acting();
    let args = args![member.user.id.as_str(), member.account.as_str(), ticket];
    Ok(on.connection().optional(DRAFT, args).await?.unwrap_or_default())
}

fn people(rows: Vec<(String, String, String)>) -> Vec<TicketPerson> {
    rows.into_iter().map(|(id, name, by)| TicketPerson { id: id.into(), name, by }).collect()
}

/// The name of the service or domain that a ticket is about, and whether it is a service, where whoever acts
/// may see it.
async fn about(on: &mut impl OfAccount, ticket: &Ticket) -> Result<Option<(bool, String, String)>> {
    let Some(asset) = AssetId::parse(&ticket.asset_id) else { return Ok(None) };
    let (mine, domains) = (services::store::assets(on).await?, domains::store::assets(on).await?);
    let find = |of: &[crate::features::permissions::model::Asset]| {
        of.iter().find(|one| one.id == asset).map(|one| one.name.clone())
    };
    let found = find(&mine).map(|name| (true, name)).or_else(|| find(&domains).map(|name| (false, name)));
    if found.is_none() && on.acting().staff.is_some() {
        // It was given up since, or moved.
        let args = args![ticket.account_id.as_str(), asset.as_str()];
        let name: Option<String> = match on.connection().optional_value(SERVICE, args.clone()).await? {
            Some(name) => Some(name),
            None => on.connection().optional_value(DOMAIN, args).await?,
        };
        return Ok(name.map(|name| (true, asset.to_string(), name)));
    }
    Ok(found.map(|(service, name)| (service, asset.to_string(), name)))
}

/// One ticket as whoever acts sees it.
///
/// # Errors
/// [`AppError::NotFound`] for one that they do not see.
pub async fn show(reader: &mut Reader<InAccount>, id: &TicketId) -> Result<TicketView> {
    let (member, now) = (reader.acting(), reader.now());
    let ticket = seen(reader, id).await?;
    let may = ticket.may(&member);
    let user = member.user.id.as_str();
    let conn = reader.conn();
    let args = args![id.as_str(), may.staff, may.people, now.0, user, SHOWN];
    let mut rows: Vec<MessageRow> = conn.all(MESSAGES, args).await?;
    rows.reverse();
    let all: i64 = if rows.len() == usize::try_from(SHOWN).unwrap_or_default() {
        conn.value(COUNT, args![id.as_str()]).await?
    } else {
        0
    };
    let files: Vec<(String, String, String, i64, String)> = conn.all(FILES_OF, args![id.as_str()]).await?;
    let files_of = |message: &str| {
        let of = files.iter().filter(|(of, ..)| of == message);
        of.map(|(_, id, name, size, kind)| FileView::of(id.clone(), name.clone(), *size, kind)).collect()
    };
    let earlier = (all - SHOWN).max(0);
    let messages = rows
        .into_iter()
        .map(|row| {
            let files = files_of(&row.id);
            row.view(user, now, files)
        })
        .collect();
    let told = told(conn, &ticket, &Writer::of(&member)).await?;
    let outsiders = if may.staff { outsiders(conn, &ticket, &told).await? } else { Vec::new() };
    let added = people(conn.all(PEOPLE, args![id.as_str()]).await?);
    // Who there is on the account is for who manages its people.
    let others = if may.people && member.permissions.has(Permission::ManageContacts) {
        let args = args![member.account.as_str(), id.as_str(), ticket.opener_id.clone().unwrap_or_default()];
        people(conn.all(OTHERS, args).await?)
    } else {
        Vec::new()
    };
    let (departments, staff) = if may.staff {
        (all_departments(conn).await?, self::staff(conn).await?)
    } else {
        (Vec::new(), Vec::new())
    };
    let (canned, beside) = if may.staff {
        (
            canned::for_department(conn, &ticket.department_id).await?,
            Some(beside::show(conn, &ticket, user).await?),
        )
    } else {
        (Vec::new(), None)
    };
    let named = |id: &Option<String>, number| Some((TicketId::from(id.clone()?), number?));
    let merged_into = named(&ticket.merged_into, ticket.merged_number);
    let split_from = named(&ticket.split_from, ticket.split_number).filter(|_| may.staff);
    let moved_from = ticket.moved_name.clone().filter(|_| may.staff);
    let merged = if may.staff { merged(conn, id.as_str()).await? } else { Vec::new() };
    let merged = merged.into_iter().map(|(id, number, _)| (id, number)).collect();
    let (about, (_, draft), files) = (
        about(reader, &ticket).await?,
        draft(reader, id.as_str()).await?,
        draft_files(reader, id.as_str()).await?,
    );
    Ok(TicketView {
        row: ticket.row(),
        department_id: ticket.department_id,
        about,
        messages,
        earlier,
        told: told.iter().map(Told::of).collect(),
        outsiders,
        people: added,
        others,
        may,
        draft,
        merged_into,
        merged,
        split_from,
        moved_from,
        canned,
        beside,
        files,
        departments,
        staff,
        assigned: ticket.assigned_id.unwrap_or_default(),
        rating: ticket.rating,
        rating_text: ticket.rating_text,
        version: ticket.version,
        now,
    })
}

/// The departments that are open to whoever acts: id and name. Staff move tickets to hidden ones, too.
pub async fn departments(on: &mut impl OfAccount) -> Result<Vec<(String, String)>> {
    let member = on.acting();
    Ok(on.connection().all(DEPARTMENTS, args![member.contact.as_str(), member.staff.is_some()]).await?)
}

const MERGED: &str =
    "SELECT id, number, subject FROM tickets WHERE merged_into = $1 ORDER BY number LIMIT 100";

/// Tickets that are merged into one: id, number, subject.
pub async fn merged(conn: &mut Conn, ticket: &str) -> Result<Vec<(TicketId, i64, String)>> {
    let rows: Vec<(String, i64, String)> = conn.all(MERGED, args![ticket]).await?;
    Ok(rows.into_iter().map(|(id, number, subject)| (id.into(), number, subject)).collect())
}

/// Every department: id and name. Staff move tickets to hidden ones, too.
pub async fn all_departments(conn: &mut Conn) -> Result<Vec<(String, String)>> {
    Ok(conn.all(DEPARTMENTS, args!["", true]).await?)
}

/// Staff who can answer tickets: id and name.
pub async fn staff(conn: &mut Conn) -> Result<Vec<(String, String)>> {
    Ok(conn.all(STAFF, args![]).await?)
}

const FOR_CONTACTS: &str = r"SELECT c.id, coalesce(nullif(trim(c.first_name || ' ' || c.last_name), ''), nullif(c.company, ''), c.email), ''
    FROM contacts c
    WHERE c.account_id = $1 AND c.status = 'active'
    ORDER BY c.is_owner DESC, c.name_key, c.id LIMIT 200";

/// What the form of a new ticket needs.
pub async fn new_page(reader: &mut Reader<InAccount>) -> Result<NewTicketPage> {
    let member = reader.acting();
    let assets: Vec<(String, String)> =
        [services::store::assets(reader).await?, domains::store::assets(reader).await?]
            .into_iter()
            .flatten()
            .map(|asset| (asset.id.to_string(), asset.name))
            .collect();
    let departments = departments(reader).await?;
    let (subject, text) = draft(reader, "").await?;
    let files = draft_files(reader, "").await?;
    let contacts = if member.staff.is_some() {
        people(reader.conn().all(FOR_CONTACTS, args![member.account.as_str()]).await?)
    } else {
        Vec::new()
    };
    let told = if member.staff.is_some() {
        Vec::new()
    } else {
        let main = copies(reader.conn(), &member.account, &Writer::of(&member)).await?;
        main.iter().map(Told::of).collect()
    };
    Ok(NewTicketPage { departments, assets, told, subject, text, files, contacts })
}

const CLOSED_TO: &str = r"SELECT d.id, d.name, EXISTS (SELECT 1 FROM closed_departments x WHERE x.contact_id = $1 AND x.department_id = d.id)
    FROM departments d
    WHERE NOT d.hidden
    ORDER BY d.name_key LIMIT 50";
const IS_CONTACT: &str = "SELECT is_owner, coalesce(nullif(trim(first_name || ' ' || last_name), ''), nullif(company, ''), email) FROM contacts WHERE account_id = $1 AND id = $2";
const OPEN_ALL: &str = "DELETE FROM closed_departments WHERE contact_id = $1";
const CLOSE_ONE: &str = r"INSERT INTO closed_departments (contact_id, department_id)
    SELECT $1, id FROM departments WHERE id = $2
    ON CONFLICT DO NOTHING";

/// A contact's name, and whether they own the account.
///
/// # Errors
/// [`AppError::NotFound`] when the account has no such contact.
pub async fn contact(on: &mut impl OfAccount, contact: &ContactId) -> Result<(bool, String)> {
    let account = on.acting().account.clone();
    let row = on.connection().optional(IS_CONTACT, args![account.as_str(), contact.as_str()]).await?;
    row.ok_or(AppError::NotFound)
}

/// Departments with whether they are closed to a contact: id, name, closed.
pub async fn closed_to(on: &mut impl OfAccount, contact: &ContactId) -> Result<Vec<(String, String, bool)>> {
    Ok(on.connection().all(CLOSED_TO, args![contact.as_str()]).await?)
}

/// Closes these departments to a contact, and opens all others.
pub async fn close_to(tx: &mut Tx<InAccount>, contact: &ContactId, departments: &[String]) -> Result<()> {
    tx.conn().execute(OPEN_ALL, args![contact.as_str()]).await?;
    for department in departments.iter().take(50) {
        tx.conn().execute(CLOSE_ONE, args![contact.as_str(), department]).await?;
    }
    Ok(())
}

const RECENT: &str = "SELECT count(*) FROM (SELECT 1 FROM tickets WHERE account_id = $1 AND created_at > $2 AND changed_at > $2 LIMIT $3) AS some";

/// How many tickets an account has opened in the last day; at most `most`.
pub async fn opened_today(tx: &mut Tx<InAccount>, most: i64) -> Result<i64> {
    let since = tx.now().plus_days(-1).0;
    Ok(tx.value(RECENT, args![since, most]).await?)
}

const WRITTEN: &str = r"SELECT count(*)
    FROM (SELECT 1 FROM ticket_messages WHERE user_id = $1 AND created_at > $2 LIMIT $3) AS some";

/// How many messages whoever acts has written in the last day; at most `most`.
pub async fn written_today(tx: &mut Tx<InAccount>, most: i64) -> Result<i64> {
    let (since, user) = (tx.now().plus_days(-1).0, tx.membership().user.id.clone());
    Ok(tx.value(WRITTEN, args![user.as_str(), since, most]).await?)
}

const ENTERS: &str = "SELECT EXISTS (SELECT 1 FROM contacts WHERE account_id = $1 AND id = $2 AND status = 'active' AND can_log_in)";

/// Can a contact of the account log in?
pub async fn enters(tx: &mut Tx<InAccount>, contact: &ContactId) -> Result<bool> {
    Ok(tx.value(ENTERS, args![contact.as_str()]).await?)
}

const WRITTEN_BY: &str = r"SELECT t.number, t.subject, m.text, m.created_at
    FROM (SELECT id FROM ticket_messages WHERE user_id = $1
        UNION SELECT m.id FROM contacts c JOIN ticket_messages m ON m.contact_id = c.id WHERE c.user_id = $1) AS own
    JOIN ticket_messages m ON m.id = own.id
    JOIN tickets t ON t.id = m.ticket_id
    WHERE m.kind = 'message' AND m.state <> 'refused'
    ORDER BY m.created_at, m.id LIMIT 10000";

/// What somebody wrote in tickets, on any account: number, subject, text and time; for their own data (R7).
pub async fn written_by(conn: &mut Conn, user: &UserId) -> Result<Vec<(i64, String, String, i64)>> {
    Ok(conn.all(WRITTEN_BY, args![user.as_str()]).await?)
}

const FILE: &str = r"SELECT f.name, f.content_type, f.size, f.hash, f.ticket_id, f.account_id, coalesce(f.user_id, '') AS user_id,
        coalesce(m.kind, 'draft') AS kind, coalesce(m.state, 'shown') AS state, coalesce(m.shown_at, 0) AS shown_at
    FROM attachments f
    LEFT JOIN ticket_messages m ON m.id = f.message_id
    WHERE f.id = $1";

/// A file that somebody may have.
#[derive(FromRow)]
pub struct FileRow {
    /// Its name.
    pub name: String,
    /// What it is, by its first bytes.
    pub content_type: String,
    /// Bytes.
    pub size: i64,
    /// Name of the file on the disk.
    pub hash: String,
    ticket_id: String,
    account_id: String,
    user_id: String,
    kind: String,
    state: String,
    shown_at: i64,
}

/// A file of the account, if whoever acts sees what it belongs to: the message of a ticket, or their own draft.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn file(reader: &mut Reader<InAccount>, id: &str) -> Result<FileRow> {
    let (member, now) = (reader.acting(), reader.now().0);
    let row: Option<FileRow> = reader.conn().optional(FILE, args![id]).await?;
    let row = row.filter(|row| row.account_id == member.account.as_str()).ok_or(AppError::NotFound)?;
    let own = row.user_id == member.user.id.as_str() && member.preview.is_none();
    let allowed = if row.kind == "draft" {
        own
    } else {
        let may = seen(reader, &row.ticket_id.clone().into()).await?.may(&member);
        may.sees(&row.kind, &row.state) && (row.shown_at <= now || own || may.staff)
    };
    if allowed { Ok(row) } else { Err(AppError::NotFound) }
}

const MAIL_OF: &str =
    "SELECT ticket_id, mail_id, kind, state FROM ticket_messages WHERE id = $1 AND mail_id IS NOT NULL";

/// The e-mail that a message came by, if whoever acts sees the message.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn mail_of(reader: &mut Reader<InAccount>, message: &str) -> Result<String> {
    let member = reader.acting();
    let row: Option<(String, String, String, String)> =
        reader.conn().optional(MAIL_OF, args![message]).await?;
    let (ticket, mail, kind, state) = row.ok_or(AppError::NotFound)?;
    let may = seen(reader, &ticket.into()).await?.may(&member);
    if may.sees(&kind, &state) { Ok(mail) } else { Err(AppError::NotFound) }
}
