//! SQL of customers, across accounts.

use super::model::{Columns, CustomerRow, CustomerView, MyList, Note, OwnerLogin};
use crate::access::list::{self, List, Selection, Sort, States, list_row};
use crate::access::{InAccount, OfStaff, Reader, Tx};
use crate::error::{AppError, Result};
use crate::features::invitations;
use crate::operator::filters;
use crate::platform::db::{FromRow, Truth, args, made_statements, search};
use crate::types::{AccountId, COUNTED, ContactId, EmailAddress, ListQuery, Page, Timestamp, country};
use std::sync::LazyLock;

list_row! {
    ListRow {
        id: String = "a.id",
        number: i64 = "a.number",
        name: String = "a.name",
        email: String = "a.email",
        phone: String = "a.phone",
        country: String = "a.country",
        owner: String = "trim(o.first_name || ' ' || o.last_name)",
        has_login: Truth = "o.user_id IS NOT NULL",
        closed: Truth = "a.status = 'closed'",
        since: i64 = "a.created_at",
    }
}

/// The scope of a list that is everybody's.
const EVERYBODY: &str = "all";

const LIST: List = List {
    table: ("accounts", "a"),
    scope: "'all'",
    joins: "LEFT JOIN contacts o ON o.id = a.owner_id",
    sorts: &[
        Sort { name: "name", key: "a.name_key", number: false, descending: false },
        Sort { name: "number", key: "a.number", number: true, descending: false },
    ],
    // Like what is counted, each stops at 10,000 and one more.
    states: States::Sql(&[
        ("active", "a.status = 'active'"),
        ("closed", "a.status = 'closed'"),
        (
            "no-login",
            "a.id IN (SELECT account_id FROM contacts WHERE is_owner AND user_id IS NULL LIMIT 10001)",
        ),
        ("waiting", "a.id IN (SELECT account_id FROM invitations WHERE state = 'pending' LIMIT 10001)"),
        ("failed", "a.id IN (SELECT account_id FROM outbox WHERE state = 'failed' LIMIT 10001)"),
        ("unreached", "a.id IN (SELECT account_id FROM undeliverable LIMIT 10001)"),
    ]),
};

static FOUND: LazyLock<String> = LazyLock::new(|| format!("{} f CROSS JOIN accounts a", search::ACCOUNTS));

fn found_by(typed: &str) -> Selection {
    match search::pattern(typed) {
        Some(pattern) => Selection::of_with(&FOUND, pattern).only("a.id = f.account_id"),
        None => Selection::all(),
    }
}

const SET_COLUMNS: &str = "UPDATE staff SET columns = $2 WHERE user_id = $1";
const SHOW: &str = r"SELECT a.id, a.number, a.name, a.email, a.phone, a.street, a.city, a.region, a.postcode,
        a.country, a.status = 'closed' AS closed, a.created_at, a.support_access, o.id AS owner,
        trim(o.first_name || ' ' || o.last_name) AS owner_name, coalesce(u.email, o.email) AS owner_email,
        u.id IS NOT NULL AS has_login, u.last_sign_in_at, i.expires_at AS invited_until,
        (SELECT count(*) FROM (SELECT 1 FROM contacts WHERE account_id = a.id LIMIT $2) AS some) AS contacts,
        (SELECT count(*) FROM (SELECT 1 FROM services WHERE account_id = a.id LIMIT $2) AS some) AS services,
        (SELECT count(*) FROM (SELECT 1 FROM domains WHERE account_id = a.id LIMIT $2) AS some) AS domains,
        (SELECT count(*) FROM requests WHERE account_id = a.id AND state = 'pending') AS requests,
        (SELECT count(*) FROM (SELECT 1 FROM outbox WHERE account_id = a.id AND created_at > $3
            AND state = 'failed' LIMIT $2) AS some) AS failed
    FROM accounts a
    JOIN contacts o ON o.id = a.owner_id
    LEFT JOIN users u ON u.id = o.user_id
    LEFT JOIN invitations i ON i.contact_id = o.id AND i.state = 'pending' AND i.expires_at > $4
    WHERE a.id = $1";
const NOTES: &str = r"SELECT id, user_id, by_name, text, created_at
    FROM notes
    WHERE account_id = $1
    ORDER BY created_at DESC, id DESC LIMIT $2";
const ADD_NOTE: &str = r"INSERT INTO notes (id, account_id, user_id, by_name, text, created_at)
    VALUES ($1, $2, $3, $4, $5, $6)";
const DELETE_NOTE: &str = "DELETE FROM notes WHERE account_id = $1 AND id = $2 AND user_id = $3";
const SET_STATUS: &str = r"UPDATE accounts
    SET status = $2, version = version + 1
    WHERE id = $1 AND status <> $2 AND ended = ''";
const END_GRANTS: &str =
    "DELETE FROM grants WHERE holder_id IN (SELECT id FROM previews WHERE account_id = $1)";
const END_VIEWS: &str = "DELETE FROM previews WHERE account_id = $1";

made_statements!(|| LIST.statements::<ListRow>(&[Selection::all(), found_by("word")]));

/// A page of customers.
pub async fn list(reader: &mut Reader<OfStaff>, query: &ListQuery) -> Result<Page<CustomerRow>> {
    let (now, columns) = (reader.now(), Columns::from_names(&reader.staff().columns));
    let page = list::read_in(reader.conn(), EVERYBODY, now, &LIST, found_by(&query.q), query).await?;
    Ok(page.map(|row: ListRow| CustomerRow {
        account: row.id.into(),
        number: row.number,
        name: row.name,
        email: row.email,
        phone: row.phone,
        country: row.country,
        owner: row.owner,
        has_login: row.has_login.0,
        closed: row.closed.0,
        since: Timestamp(row.since),
        columns,
    }))
}

/// How the acting staff look at the list.
pub async fn my_list(reader: &mut Reader<OfStaff>) -> Result<MyList> {
    let columns = Columns::from_names(&reader.staff().columns);
    Ok(MyList { columns, filters: filters::store::of_list(reader, filters::store::CUSTOMERS).await? })
}

/// Chooses the columns.
pub async fn set_columns(tx: &mut Tx<OfStaff>, columns: &str) -> Result<()> {
    let own = tx.staff().user.id.clone();
    tx.conn().execute(SET_COLUMNS, args![own.as_str(), columns]).await?;
    Ok(())
}

#[derive(FromRow)]
struct ShownCustomer {
    id: String,
    number: i64,
    name: String,
    email: String,
    phone: String,
    street: String,
    city: String,
    region: String,
    postcode: String,
    country: String,
    closed: bool,
    created_at: i64,
    support_access: String,
    owner: String,
    owner_name: String,
    owner_email: String,
    has_login: bool,
    last_sign_in_at: Option<i64>,
    invited_until: Option<i64>,
    contacts: i64,
    services: i64,
    domains: i64,
    requests: i64,
    failed: i64,
}

/// Notes on the summary.
const FEW: i64 = 3;
/// Notes on their own page.
const MANY: i64 = 500;

/// A customer's summary.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn show(reader: &mut Reader<OfStaff>, account: &AccountId) -> Result<CustomerView> {
    let now = reader.now();
    let row: Option<ShownCustomer> =
        reader.optional(SHOW, args![account.as_str(), COUNTED + 1, now.plus_days(-7).0, now.0]).await?;
    let row = row.ok_or(AppError::NotFound)?;
    let notes = some_notes(reader, account, FEW).await?;
    let city = format!("{} {}", row.postcode, row.city).trim().to_owned();
    let land = country::name(&row.country).unwrap_or_default().to_owned();
    let login = match (row.has_login, row.invited_until) {
        (true, _) => OwnerLogin::Has(row.last_sign_in_at.map(Timestamp)),
        (false, Some(until)) => OwnerLogin::Invited(Timestamp(until)),
        (false, None) => OwnerLogin::None,
    };
    Ok(CustomerView {
        account: row.id.into(),
        number: row.number,
        name: row.name,
        email: row.email,
        phone: row.phone,
        address: [row.street, city, row.region, land].into_iter().filter(|part| !part.is_empty()).collect(),
        closed: row.closed,
        since: Timestamp(row.created_at),
        owner: row.owner.into(),
        owner_name: (row.owner_name, row.owner_email),
        login,
        counts: (row.contacts, row.services, row.domains),
        requests: row.requests,
        failed: row.failed,
        support: row.support_access,
        notes,
        now,
    })
}

/// What staff noted about a customer, newest first.
pub async fn notes(reader: &mut Reader<OfStaff>, account: &AccountId) -> Result<Vec<Note>> {
    some_notes(reader, account, MANY).await
}

async fn some_notes(reader: &mut Reader<OfStaff>, account: &AccountId, most: i64) -> Result<Vec<Note>> {
    let own = reader.staff().user.id.clone();
    let rows: Vec<(String, String, String, String, i64)> =
        reader.all(NOTES, args![account.as_str(), most]).await?;
    let note = |(id, user, by, text, at): (String, String, String, String, i64)| Note {
        id,
        by,
        own: user == own.as_str(),
        text,
        at: Timestamp(at),
    };
    Ok(rows.into_iter().map(note).collect())
}

/// Adds a note.
pub async fn add_note<S>(tx: &mut Tx<S>, account: &AccountId, by: (&str, &str), text: &str) -> Result<()> {
    let (id, now) = (tx.new_id(), tx.now().0);
    tx.conn().execute(ADD_NOTE, args![id, account.as_str(), by.0, by.1, text, now]).await?;
    Ok(())
}

/// Deletes a note of the acting staff. Says whether there was one.
pub async fn delete_note(tx: &mut Tx<OfStaff>, account: &AccountId, note: &str) -> Result<bool> {
    let own = tx.staff().user.id.clone();
    Ok(tx.conn().execute(DELETE_NOTE, args![account.as_str(), note, own.as_str()]).await? > 0)
}

/// Closes an account or opens it again. Says whether that is new. What staff see of it as the customer ends.
pub async fn set_closed<S>(tx: &mut Tx<S>, account: &AccountId, closed: bool) -> Result<bool> {
    let status = if closed { "closed" } else { "active" };
    let done = tx.conn().execute(SET_STATUS, args![account.as_str(), status]).await?;
    if closed {
        tx.conn().execute(END_GRANTS, args![account.as_str()]).await?;
        tx.conn().execute(END_VIEWS, args![account.as_str()]).await?;
    }
    Ok(done > 0)
}

/// For how long an invitation by staff is open.
const INVITED_DAYS: i64 = 14;

/// Makes an invitation of a contact, and its mail. Says whether none was open; what it leaves in the trail is the
/// caller's to say.
pub async fn invite(
    tx: &mut Tx<InAccount>,
    contact: &ContactId,
    (name, email): (&str, &EmailAddress),
    able_to: &str,
) -> Result<bool> {
    let Some(issued) = invitations::store::issue(tx, contact, email, INVITED_DAYS, false).await? else {
        return Ok(false);
    };
    let message = invitations::mail::invitation(tx.app(), tx.membership(), name, able_to, &issued);
    tx.send(&message).await?;
    Ok(true)
}
