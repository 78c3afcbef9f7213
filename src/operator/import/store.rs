//! SQL of imports: what is there, and rows by the hundred.

use super::model::{ImportKind, ImportState, ImportView, Report};
use super::plan::{Change, Customer, Domain, Existing, ImportPlan, PlannedPerson, PlannedService};
use crate::access::{OfStaff, Reader, Tx};
use crate::error::{AppError, Result};
use crate::features::contacts::store::name_key_and_search_text;
use crate::platform::db::{Conn, FromRow, Value, WriteMany, args, made_statements, search};
use crate::types::{AccountId, ContactId, Timestamp};
use std::collections::BTreeMap;
use std::sync::LazyLock;

const INSERT: &str = r"INSERT INTO imports (id, kind, file_name, user_id, by_name, state, created_at)
    VALUES ($1, $2, $3, $4, $5, 'checking', $6)";
const SET_STATE: &str = "UPDATE imports SET state = $2, report = $3 WHERE id = $1 AND state = $4";
const FAIL: &str = "UPDATE imports SET state = 'failed', report = $2 WHERE id = $1";
const ANNOUNCED: &str = "UPDATE imports SET announced_at = $2 WHERE id = $1 AND announced_at IS NULL";
const SHOW: &str = r"SELECT id, kind, file_name, by_name, state, report, created_at, announced_at
    FROM imports
    WHERE id = $1";
const LIST: &str = r"SELECT id, kind, file_name, by_name, state, '' AS report, created_at, announced_at
    FROM imports
    ORDER BY created_at DESC LIMIT 50";
const TO_ANNOUNCE: &str = r"SELECT count(*)
    FROM contacts c
    WHERE c.import_id = $1 AND c.can_log_in AND c.user_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM invitations i WHERE i.contact_id = c.id AND i.state = 'pending')";
const WHOM: &str = r"SELECT c.id, c.account_id, c.email, trim(c.first_name || ' ' || c.last_name), c.is_owner, c.permissions
    FROM contacts c
    WHERE c.import_id = $1 AND c.can_log_in AND c.user_id IS NULL AND c.id > $2
        AND NOT EXISTS (SELECT 1 FROM invitations i WHERE i.contact_id = c.id AND i.state = 'pending')
    ORDER BY c.id LIMIT 200";

const ACCOUNTS: &str = r"SELECT a.number, a.id, a.name, o.email_key, a.phone, a.street, a.postcode, a.city, a.region,
        a.country, a.ended <> ''
    FROM accounts a
    JOIN contacts o ON o.id = a.owner_id";
const STAFF: &str = "SELECT u.email_key FROM staff s JOIN users u ON u.id = s.user_id";
const PEOPLE: &str = r"SELECT id, account_id, email_key, first_name, last_name, company, phone, can_log_in,
        permissions, mail, is_owner
    FROM contacts";
const SERVICES: &str = r"SELECT id, account_id, product, label, status, price_cents, currency, cycle, next_due,
        domain, server, login_name
    FROM services";
const DOMAINS: &str = r"SELECT id, account_id, name, status, registered_at, expires_at, auto_renew, locked, nameservers
    FROM domains";

static ADD_ACCOUNTS: LazyLock<WriteMany> = LazyLock::new(|| {
    let text = r"INSERT INTO accounts (id, number, name, email, owner_id, created_at, phone, street, postcode, city,
        region, country)
        VALUES {rows}";
    WriteMany::new(text, 12)
});
static ADD_PEOPLE: LazyLock<WriteMany> = LazyLock::new(|| {
    let text = r"INSERT INTO contacts (id, account_id, first_name, last_name, company, email, email_key, phone,
        name_key, search_text, is_owner, can_log_in, permissions, mail, import_id, created_at, updated_at, user_id,
        street, city, region, postcode, country)
        SELECT r.*, (SELECT u.id FROM users u WHERE u.email_key = r.column7 AND u.verified_at IS NOT NULL
            AND u.password_hash <> '' AND r.column12), '', '', '', '', ''
        FROM (VALUES {rows}) r";
    WriteMany::new(text, 17)
});
static ADD_USERS: LazyLock<WriteMany> = LazyLock::new(|| {
    let text = r"INSERT INTO users (id, email, email_key, name, password_hash, verified_at, created_at)
        VALUES {rows}
        ON CONFLICT DO NOTHING";
    WriteMany::new(text, 7)
});
static ADD_SERVICES: LazyLock<WriteMany> = LazyLock::new(|| {
    let text = r"INSERT INTO services (id, account_id, product, label, status, price_cents, currency, cycle,
        next_due, domain, server, login_name, name_key, search_text, created_at, notes, panel_url)
        SELECT r.*, '', '' FROM (VALUES {rows}) r";
    WriteMany::new(text, 15)
});
static ADD_DOMAINS: LazyLock<WriteMany> = LazyLock::new(|| {
    let text = r"INSERT INTO domains (id, account_id, name, status, registered_at, expires_at, auto_renew, locked,
        nameservers, created_at)
        VALUES {rows}";
    WriteMany::new(text, 10)
});

made_statements!(|| {
    [&ADD_ACCOUNTS, &ADD_PEOPLE, &ADD_USERS, &ADD_SERVICES, &ADD_DOMAINS]
        .iter()
        .flat_map(|add| add.texts())
        .collect()
});

const CHANGE_ACCOUNT: &str = r"UPDATE accounts
    SET name = $2, phone = $3, street = $4, postcode = $5, city = $6, region = $7, country = $8, version = version + 1
    WHERE id = $1";
const CHANGE_PERSON: &str = r"UPDATE contacts
    SET first_name = $2, last_name = $3, company = $4, phone = $5, can_log_in = $6, permissions = $7, mail = $8,
        name_key = $9, search_text = $10, version = version + 1, key_version = key_version + 1, updated_at = $11
    WHERE id = $1 AND NOT is_owner";
const CHANGE_SERVICE: &str = r"UPDATE services
    SET status = $2, price_cents = $3, currency = $4, cycle = $5, next_due = $6, server = $7, login_name = $8
    WHERE id = $1";
const CHANGE_DOMAIN: &str = r"UPDATE domains
    SET status = $2, registered_at = $3, expires_at = $4, auto_renew = $5, locked = $6, nameservers = $7
    WHERE id = $1";

/// Rows after which the progress is noted.
const AT_ONCE: usize = 500;

/// Notes a file that is being checked. Returns its id.
pub async fn insert(tx: &mut Tx<OfStaff>, id: &str, kind: ImportKind, file: &str) -> Result<()> {
    let (user, now) = (tx.staff().user.clone(), tx.now().0);
    tx.conn().execute(INSERT, args![id, kind.key(), file, user.id.as_str(), &user.name, now]).await?;
    Ok(())
}

/// Notes how far a file is, if it still is where it was.
///
/// # Errors
/// [`AppError::Conflict`] when it is not: somebody else was faster.
pub async fn set_state<S>(
    tx: &mut Tx<S>,
    id: &str,
    from: ImportState,
    to: ImportState,
    report: &Report,
) -> Result<()> {
    let json = serde_json::to_string(report).unwrap_or_default();
    let done = tx.conn().execute(SET_STATE, args![id, to.key(), json, from.key()]).await?;
    if done == 0 { Err(AppError::Conflict(super::words::NOT_CHECKED.into())) } else { Ok(()) }
}

/// Notes that a file changed nothing, and why.
pub async fn fail<S>(tx: &mut Tx<S>, id: &str, report: &Report) -> Result<()> {
    let json = serde_json::to_string(report).unwrap_or_default();
    tx.conn().execute(FAIL, args![id, json]).await?;
    Ok(())
}

/// Notes that who came with a file is being invited. Says whether nobody was faster.
pub async fn set_announced(tx: &mut Tx<OfStaff>, id: &str) -> Result<bool> {
    let now = tx.now().0;
    Ok(tx.conn().execute(ANNOUNCED, args![id, now]).await? > 0)
}

#[derive(FromRow)]
struct ImportRow {
    id: String,
    kind: String,
    file_name: String,
    by_name: String,
    state: String,
    report: String,
    created_at: i64,
    announced_at: Option<i64>,
}

impl ImportRow {
    fn view(self, to_announce: i64, now: Timestamp) -> ImportView {
        ImportView {
            id: self.id,
            kind: ImportKind::from_key(&self.kind).unwrap_or(ImportKind::Customers),
            file: self.file_name,
            by: self.by_name,
            state: ImportState::from_key(&self.state),
            progress: None,
            report: serde_json::from_str(&self.report).unwrap_or_default(),
            to_announce,
            at: Timestamp(self.created_at),
            announced: self.announced_at.map(Timestamp),
            now,
        }
    }
}

/// A file, with every mistake.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn show(conn: &mut Conn, id: &str, now: Timestamp) -> Result<ImportView> {
    let row: Option<ImportRow> = conn.optional(SHOW, args![id]).await?;
    let row = row.ok_or(AppError::NotFound)?;
    let to_announce = if row.state == "done" { conn.value(TO_ANNOUNCE, args![id]).await? } else { 0 };
    Ok(row.view(to_announce, now))
}

/// The newest files.
pub async fn list(reader: &mut Reader<OfStaff>) -> Result<Vec<ImportView>> {
    let now = reader.now();
    let rows: Vec<ImportRow> = reader.all(LIST, args![]).await?;
    Ok(rows.into_iter().map(|row| row.view(0, now)).collect())
}

/// The next of those who came with a file, behind a contact.
pub async fn whom(
    conn: &mut Conn,
    id: &str,
    behind: &str,
) -> Result<Vec<(ContactId, AccountId, String, String, bool, String)>> {
    let rows: Vec<(String, String, String, String, bool, String)> = conn.all(WHOM, args![id, behind]).await?;
    Ok(rows
        .into_iter()
        .map(|(c, a, email, name, owner, held)| (c.into(), a.into(), email, name, owner, held))
        .collect())
}

/// What is there, as far as a file of this kind could change it.
pub async fn existing(conn: &mut Conn, kind: ImportKind) -> Result<Existing> {
    type AccountFields = (i64, String, String, String, String, String, String, String, String, String, bool);
    let mut existing = Existing::default();
    let accounts: Vec<AccountFields> = conn.all(ACCOUNTS, args![]).await?;
    for (number, id, name, owner, phone, street, postcode, city, region, country, ended) in accounts {
        if ended {
            existing.ended.insert(number);
            continue;
        }
        if kind == ImportKind::Customers {
            let place = [phone, street, postcode, city, region, country];
            let customer = Customer { number, name: name.clone(), place, ..Customer::default() };
            existing.customers.insert(number, customer);
        }
        existing.accounts.insert(number, (id, name, owner));
    }
    let staff: Vec<String> = conn.values(STAFF, args![]).await?;
    existing.staff = staff.into_iter().collect();
    match kind {
        ImportKind::Customers => {}
        ImportKind::Contacts => {
            type Tuple = (String, String, String, String, String, String, String, bool, String, String, bool);
            let rows: Vec<Tuple> = conn.all(PEOPLE, args![]).await?;
            for (
                id,
                account,
                email,
                first_name,
                last_name,
                company,
                phone,
                can_log_in,
                permissions,
                mail,
                owner,
            ) in rows
            {
                let key = (account.clone(), email.clone());
                let person = PlannedPerson {
                    account,
                    email,
                    first_name,
                    last_name,
                    company,
                    phone,
                    can_log_in,
                    permissions,
                    mail,
                    password_hash: String::new(),
                };
                existing.people.insert(key, (id, owner, person));
            }
        }
        ImportKind::Services => {
            type Tuple = (
                String,
                String,
                String,
                String,
                String,
                i64,
                String,
                String,
                Option<i64>,
                String,
                String,
                String,
            );
            let rows: Vec<Tuple> = conn.all(SERVICES, args![]).await?;
            for (
                id,
                account,
                product,
                label,
                status,
                cents,
                currency,
                cycle,
                next_due,
                domain,
                server,
                login,
            ) in rows
            {
                let key = (account.clone(), product.clone(), label.clone(), domain.clone());
                let service = PlannedService {
                    account,
                    product,
                    label,
                    status,
                    cents,
                    currency,
                    cycle,
                    next_due,
                    domain,
                    server,
                    login_name: login,
                };
                existing.services.insert(key, (id, service));
            }
        }
        ImportKind::Domains => {
            type Tuple = (String, String, String, String, i64, i64, bool, bool, String);
            let rows: Vec<Tuple> = conn.all(DOMAINS, args![]).await?;
            for (id, account, name, status, registered, expires, auto_renew, locked, nameservers) in rows {
                let key = (account.clone(), name.clone());
                let domain =
                    Domain { account, name, status, registered, expires, auto_renew, locked, nameservers };
                existing.domains.insert(key, (id, domain));
            }
        }
    }
    Ok(existing)
}

/// Which accounts a file touched, each with how many rows, in the order in which what is written about them is kept: it is written
/// at one place after the other. New ones have no rows of their own.
pub type Touched = BTreeMap<String, u64>;

/// Brings a plan in. `done` hears how many rows are in. Returns the accounts that are new, with their names, and
/// those that were changed.
pub async fn apply(
    tx: &mut Tx<OfStaff>,
    import: &str,
    plan: &ImportPlan,
    done: &(dyn Fn(usize) + Send + Sync),
) -> Result<(Vec<(AccountId, String)>, Touched)> {
    let now = tx.now().0;
    let (mut opened, mut touched, mut count) = (Vec::new(), Touched::new(), 0);
    tx.conn().execute(search::WAITS_FOR_MANY, args![]).await?;
    for chunk in plan.customers.chunks(AT_ONCE) {
        let (mut accounts, mut owners, mut users) = (Vec::new(), Vec::new(), Vec::new());
        for (change, one) in chunk {
            match change {
                Change::Same => {}
                Change::Changed(id) => {
                    let [phone, street, postcode, city, region, country] = &one.place;
                    tx.conn()
                        .execute(
                            CHANGE_ACCOUNT,
                            args![id, &one.name, phone, street, postcode, city, region, country],
                        )
                        .await?;
                    *touched.entry(id.clone()).or_default() += 1;
                }
                Change::New => {
                    let (account, owner) = (tx.new_id(), tx.new_id());
                    let key = one.email.to_ascii_lowercase();
                    let (first, last) = &one.owner;
                    if !one.password_hash.is_empty() {
                        let name = format!("{first} {last}").trim().to_owned();
                        let name = if name.is_empty() { one.name.clone() } else { name };
                        users.push(args![tx.new_id(), &one.email, key, name, &one.password_hash, now, now]);
                    }
                    let company = if format!("{first} {last}").trim() == one.name { "" } else { &one.name };
                    owners.push(contact_row(
                        &owner,
                        &account,
                        (first, last, company),
                        &one.email,
                        &one.place[0],
                        true,
                        true,
                        "",
                        OWNERS_MAIL,
                        import,
                        now,
                    ));
                    accounts.push(args![
                        account.clone(),
                        one.number,
                        &one.name,
                        &one.email,
                        owner,
                        now,
                        &one.place[0],
                        &one.place[1],
                        &one.place[2],
                        &one.place[3],
                        &one.place[4],
                        &one.place[5],
                    ]);
                    opened.push((AccountId::from(account), one.name.clone()));
                }
            }
        }
        ADD_USERS.write(tx.conn(), users).await?;
        ADD_ACCOUNTS.write(tx.conn(), accounts).await?;
        ADD_PEOPLE.write(tx.conn(), owners).await?;
        count += chunk.len();
        done(count);
    }
    for chunk in plan.people.chunks(AT_ONCE) {
        let (mut people, mut users) = (Vec::new(), Vec::new());
        for (change, one) in chunk {
            let name = format!("{} {}", one.first_name, one.last_name).trim().to_owned();
            match change {
                Change::Same => continue,
                Change::Changed(id) => {
                    let named = (one.first_name.as_str(), one.last_name.as_str(), one.company.as_str());
                    let (shown, search) = name_key_and_search_text(named, &one.email);
                    tx.conn()
                        .execute(
                            CHANGE_PERSON,
                            args![
                                id, &one.first_name, &one.last_name, &one.company, &one.phone,
                                one.can_log_in, &one.permissions, &one.mail, shown, search, now
                            ],
                        )
                        .await?;
                }
                Change::New => {
                    let key = one.email.to_ascii_lowercase();
                    if !one.password_hash.is_empty() && one.can_log_in {
                        let name = if name.is_empty() { one.company.clone() } else { name };
                        users.push(args![tx.new_id(), &one.email, key, name, &one.password_hash, now, now]);
                    }
                    let id = tx.new_id();
                    let named = (one.first_name.as_str(), one.last_name.as_str(), one.company.as_str());
                    people.push(contact_row(
                        &id, &one.account, named, &one.email, &one.phone, false, one.can_log_in,
                        &one.permissions, &one.mail, import, now,
                    ));
                }
            }
            *touched.entry(one.account.clone()).or_default() += 1;
        }
        ADD_USERS.write(tx.conn(), users).await?;
        ADD_PEOPLE.write(tx.conn(), people).await?;
        count += chunk.len();
        done(count);
    }
    for chunk in plan.services.chunks(AT_ONCE) {
        let mut rows = Vec::new();
        for (change, one) in chunk {
            match change {
                Change::Same => continue,
                Change::Changed(id) => {
                    tx.conn()
                        .execute(
                            CHANGE_SERVICE,
                            args![
                                id, &one.status, one.cents, &one.currency, &one.cycle, one.next_due,
                                &one.server, &one.login_name
                            ],
                        )
                        .await?;
                }
                Change::New => {
                    let shown = if one.label.is_empty() { &one.product } else { &one.label };
                    let found_by = [one.label.as_str(), &one.product, &one.domain, &one.server].join(" ");
                    rows.push(args![
                        tx.new_id(),
                        &one.account,
                        &one.product,
                        &one.label,
                        &one.status,
                        one.cents,
                        &one.currency,
                        &one.cycle,
                        one.next_due,
                        &one.domain,
                        &one.server,
                        &one.login_name,
                        shown.to_lowercase(),
                        found_by.to_lowercase(),
                        now,
                    ]);
                }
            }
            *touched.entry(one.account.clone()).or_default() += 1;
        }
        ADD_SERVICES.write(tx.conn(), rows).await?;
        count += chunk.len();
        done(count);
    }
    for chunk in plan.domains.chunks(AT_ONCE) {
        let mut rows = Vec::new();
        for (change, one) in chunk {
            match change {
                Change::Same => continue,
                Change::Changed(id) => {
                    tx.conn()
                        .execute(
                            CHANGE_DOMAIN,
                            args![
                                id, &one.status, one.registered, one.expires, one.auto_renew, one.locked,
                                &one.nameservers
                            ],
                        )
                        .await?;
                }
                Change::New => rows.push(args![
                    tx.new_id(),
                    &one.account,
                    &one.name,
                    &one.status,
                    one.registered,
                    one.expires,
                    one.auto_renew,
                    one.locked,
                    &one.nameservers,
                    now,
                ]),
            }
            *touched.entry(one.account.clone()).or_default() += 1;
        }
        ADD_DOMAINS.write(tx.conn(), rows).await?;
        count += chunk.len();
        done(count);
    }
    tx.conn().execute(search::WAITS_FOR_FEW, args![]).await?;
    Ok((opened, touched))
}

/// The mail that an owner gets from the beginning, as for who signs up.
const OWNERS_MAIL: &str = "general,service,domain,invoice,support";

/// The values of [`ADD_PEOPLE`], in their order.
#[expect(clippy::too_many_arguments, reason = "the columns of one row")]
fn contact_row(
    id: &str,
    account: &str,
    (first, last, company): (&str, &str, &str),
    email: &str,
    phone: &str,
    is_owner: bool,
    can_log_in: bool,
    permissions: &str,
    mail: &str,
    import: &str,
    now: i64,
) -> Vec<Value> {
    let (shown, search) = name_key_and_search_text((first, last, company), email);
    let key = email.to_ascii_lowercase();
    args![
        id, account, first, last, company, email, key, phone, shown, search, is_owner, can_log_in,
        permissions, mail, import, now, now
    ]
}
