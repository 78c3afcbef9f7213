//! SQL of contacts.

use super::model::{
    CATEGORY, Contact, ContactBefore, ContactForm, ContactKind, ContactRow, ContactStatus, ContactView,
    LastInvitation, LooseEnds, ONLY, ROLE, phrase,
};
use super::words;
use crate::access::list::{self, List, Selection, Sort, States, list_row};
use crate::access::state::News;
use crate::access::{InAccount, OfAccount, OfUser, Reader, Tx};
use crate::category::{Categories, Category};
use crate::error::{AppError, Result};
use crate::features::accounts::model::MAX_CHOICES;
use crate::features::accounts::store::NamedContact;
use crate::features::invitations::model::PER_DAY;
use crate::features::mail::model::MailState;
use crate::features::permissions::model::Grant;
use crate::features::permissions::store::{ROLE_CHOICES, has_role, summary};
use crate::features::permissions::words::Summary;
use crate::features::recipients::model::Failing;
use crate::features::{permissions, recipients};
use crate::permission::{Permission, Permissions, Preset};
use crate::platform::db::{FromRow, Truth, Value, Write, args, columns, internal, json_row, made_statements};
use crate::types::{AccountId, COUNTED, ContactId, EmailAddress, ListQuery, Page, RoleId, Timestamp};
use std::sync::LazyLock;

static INSERT: LazyLock<Write> = LazyLock::new(|| {
    const COLUMNS: &[&str] = &[
        "id", "account_id", "first_name", "last_name", "company", "email", "email_key", "phone", "street",
        "city", "region", "postcode", "country", "name_key", "search_text", "can_log_in", "permissions",
        "mail", "created_at", "updated_at",
    ];
    Write::insert("contacts", COLUMNS, "ON CONFLICT (account_id, email_key) DO NOTHING RETURNING id")
});
static UPDATE: LazyLock<Write> = LazyLock::new(|| {
    const COLUMNS: &[&str] = &[
        "first_name", "last_name", "company", "email", "email_key", "phone", "street", "city", "region",
        "postcode", "country", "name_key", "search_text", "can_log_in", "permissions", "mail", "status",
        "updated_at",
    ];
    Write::update(
        "contacts",
        4,
        "account_id = $1 AND id = $2 AND version = $3",
        COLUMNS,
        "version = version + 1, key_version = key_version + $4",
    )
});

const BY_EMAIL: &str = "SELECT id FROM contacts WHERE account_id = $1 AND email_key = $2";
const SHOW: &str = r"SELECT c.id, c.version, c.first_name, c.last_name, c.company, c.email, c.phone,
        c.street, c.city, c.region, c.postcode, c.country, c.mail, c.can_log_in, c.permissions, c.status,
        c.is_owner, c.user_id, i.state, i.expires_at,
        EXISTS (SELECT 1 FROM accounts a WHERE a.id = c.account_id AND a.billing_contact_id = c.id) AS bills
    FROM contacts c
    LEFT JOIN invitations i ON i.id = (SELECT n.id FROM invitations n WHERE n.contact_id = c.id
        ORDER BY n.created_at DESC, n.id DESC LIMIT 1)
    WHERE c.account_id = $1 AND c.id = $2";
const FACTS: &str = r"SELECT c.signed_in_at, coalesce(u.last_sign_in_from, '') AS signed_in_from,
        u.has_factor, i.state, i.email, i.days, i.expires_at, i.decided_at, w.name AS inviter,
        o.state AS mail, o.last_error, f.since AS failing_since, f.reason AS failing_reason
    FROM contacts c
    LEFT JOIN undeliverable f ON f.account_id = c.account_id AND f.email_key = c.email_key
    LEFT JOIN users u ON u.id = c.user_id
    LEFT JOIN invitations i ON i.id = (SELECT n.id FROM invitations n WHERE n.contact_id = c.id
        ORDER BY n.created_at DESC, n.id DESC LIMIT 1)
    LEFT JOIN users w ON w.id = i.inviter_id
    LEFT JOIN outbox o ON o.id = (SELECT m.id FROM outbox m WHERE lower(m.to_email) = i.email_key
        AND m.account_id = c.account_id AND m.kind = 'invitation' AND m.created_at >= i.created_at
        ORDER BY m.created_at DESC LIMIT 1)
    WHERE c.account_id = $1 AND c.id = $2";
const SET_STATUS: &str = r"UPDATE contacts
    SET status = $3, updated_at = $4, version = version + 1, key_version = key_version + 1
    WHERE account_id = $1 AND id = $2 AND status <> $3 AND NOT is_owner";
const DELETE: &str = "DELETE FROM contacts WHERE account_id = $1 AND id = $2 AND NOT is_owner";

const LOOSE: &str = r"SELECT a.email, EXISTS (SELECT 1 FROM transfers t WHERE t.to_id = $2
        AND t.state = 'pending' AND t.expires_at > $3),
        (SELECT count(*) FROM previews p WHERE p.account_id = $1 AND (p.viewer_id = $2 OR p.contact_id = $2)
        AND p.expires_at > $3), (SELECT count(*) FROM sign_ons s WHERE s.contact_id = $2
        AND s.used_at IS NULL AND s.expires_at > $3),
        (SELECT count(*) FROM (SELECT 1 FROM tickets k WHERE k.opener_id = $2 AND k.status <> 'closed' LIMIT 100) AS some)
    FROM accounts a
    WHERE a.id = $1";
const OTHERS: &str = r"SELECT id, trim(first_name || ' ' || last_name) AS name, company, email,
        FALSE AS closed
    FROM contacts
    WHERE account_id = $1 AND status = 'active' AND id <> $2
    ORDER BY name_key, id LIMIT $3";
const GET_MAIL: &str = r"UPDATE contacts
    SET mail = $3, updated_at = $4, version = version + 1
    WHERE account_id = $1 AND id = $2";
const END_PREVIEW_GRANTS: &str = r"DELETE FROM grants
    WHERE holder_id IN (SELECT p.id FROM previews p WHERE p.account_id = $1
        AND (p.viewer_id = $2 OR p.contact_id = $2))";
const END_PREVIEWS: &str =
    "DELETE FROM previews WHERE account_id = $1 AND (viewer_id = $2 OR contact_id = $2)";
const END_SIGN_ONS: &str = "DELETE FROM sign_ons WHERE contact_id = $1";
const OF_USER: &str = r"SELECT c.id AS contact, c.account_id AS account, a.name AS account_name,
        u.name AS owner, u.email AS owner_email,
        trim(c.first_name || ' ' || c.last_name || ' ' || c.company) AS name,
        EXISTS (SELECT 1 FROM contacts o WHERE o.account_id = c.account_id AND o.email_key = $3
        AND o.id <> c.id) AS taken
    FROM contacts c
    JOIN accounts a ON a.id = c.account_id
    JOIN contacts w ON w.id = a.owner_id
    JOIN users u ON u.id = w.user_id
    WHERE c.user_id = $1 AND c.email_key = $2
    ORDER BY a.name, a.number";
// The words it is found by are in small letters of every alphabet, which SQLite does not know: only the
// address among them is replaced.
const FOLLOW: &str = r"UPDATE contacts
    SET email = $2, email_key = $3, search_text = replace(search_text, email_key, $3), name_key = CASE
        WHEN first_name || last_name || company = '' THEN $3 ELSE name_key END, updated_at = $4,
        version = version + 1
    WHERE id = $1";
const NOTICES: &str =
    "SELECT count(*) FROM outbox WHERE account_id = $1 AND kind = 'added' AND created_at > $2";
const SWITCH_OFF: &str = r"UPDATE contacts
    SET can_log_in = FALSE, updated_at = $3, version = version + 1
    WHERE account_id = $1 AND id = $2 AND user_id IS NULL";

/// Behind every text that begins with another one.
const BEHIND: &str = "\u{10ffff}";

/// The contact has, for each word of a JSON array, one that begins like it.
const HAS_ALL: &str = "NOT EXISTS (SELECT 1 FROM json_each({}) q WHERE instr(c.search_text, q.value) = 0 OR instr(' ' || \
    replace(replace(replace(replace(replace(replace(replace(replace(replace(c.search_text, \
    '@', ' '), '.', ' '), '-', ' '), '_', ' '), '+', ' '), '/', ' '), ',', ' '), '(', ' '), ')', ' '), ' ' || q.value) = 0)";
/// The contacts that have a word that begins like this.
const THOSE: &str = "(SELECT DISTINCT contact_id FROM contact_words WHERE account_id = $1 AND word >= {} AND word < {} || char(1114111)) found \
    CROSS JOIN contacts c ON c.id = found.contact_id";
const HAVE_WORD: &str = r"SELECT count(*)
    FROM (SELECT 1 FROM contact_words WHERE account_id = $1 AND word >= $2 AND word < $3 LIMIT $4) AS some";

list_row! {
    ListRow {
        id: String = "c.id",
        name: String = "trim(c.first_name || ' ' || c.last_name)",
        company: String = "c.company",
        email: String = "c.email",
        is_owner: Truth = "c.is_owner",
        can_log_in: Truth = "c.can_log_in",
        linked: Truth = "c.user_id IS NOT NULL",
        closed: Truth = "c.status = 'closed'",
        permissions: String = "c.permissions",
        held: Option<HeldKeys> = concat!("CASE WHEN c.can_log_in AND NOT c.is_owner THEN ", json_row!(), "(",
            summary!(), ", (SELECT r.name FROM roles r WHERE ", has_role!(), ")) END"),
        mail: String = "c.mail",
        signed_in: i64 = "c.signed_in_at",
        invitation: Option<Invitation> = concat!("CASE WHEN i.id IS NOT NULL THEN ", json_row!(), "(i.state, i.expires_at, \
            i.expires_at - i.days * 86400000, (SELECT w.name FROM users w WHERE w.id = i.inviter_id), \
            (SELECT o.state || ':' || o.last_error FROM outbox o \
            WHERE lower(o.to_email) = i.email_key AND o.account_id = i.account_id AND o.kind = 'invitation' \
            AND o.created_at >= i.created_at ORDER BY o.created_at DESC LIMIT 1)) END"),
        factor: Option<Truth> = "u.has_factor",
    }
}

/// What somebody with a login holds on single services and domains, and the role that this makes.
#[derive(serde::Deserialize)]
struct HeldKeys {
    each: Option<String>,
    role: Option<String>,
}

/// The last invitation of somebody who has not accepted one.
#[derive(serde::Deserialize)]
struct Invitation {
    state: String,
    expires: i64,
    sent: i64,
    inviter: Option<String>,
    mailed: Option<String>,
}

/// The table of contacts (P1). Each state has an index for each order.
const LIST: List = List {
    table: ("contacts", "c"),
    scope: "c.account_id",
    // Looked for inside CASE, an invitation costs nothing of those who have none.
    joins: r"LEFT JOIN users u ON u.id = c.user_id
        LEFT JOIN invitations i ON i.id = CASE WHEN c.can_log_in AND c.user_id IS NULL THEN (SELECT n.id
            FROM invitations n WHERE n.contact_id = c.id ORDER BY n.created_at DESC, n.id DESC LIMIT 1) END",
    sorts: &[
        Sort { name: "name", key: "c.name_key", number: false, descending: false },
        Sort { name: "email", key: "c.email_key", number: false, descending: false },
        Sort { name: "sign-in", key: "c.signed_in_at", number: true, descending: false },
    ],
    states: States::Sql(&[
        ("access", "c.status = 'active' AND c.can_log_in AND c.user_id IS NOT NULL"),
        ("invited", "c.status = 'active' AND c.can_log_in AND c.user_id IS NULL"),
        ("mail", "c.status = 'active' AND NOT c.can_log_in"),
        ("closed", "c.status = 'closed'"),
    ]),
};

/// Who is found by all of some words; `rare` is one that few have: then those are read and the other words
/// compared. Where many have each of them, the list is read in its order until the page is full.
fn found_by(words: &[String], rare: Option<&str>) -> Result<Selection> {
    let rows = rare.map_or_else(Selection::all, |word| Selection::of_with(THOSE, word));
    if words.is_empty() {
        return Ok(rows);
    }
    let json = serde_json::to_string(words).map_err(|error| internal(&error))?;
    Ok(rows.only_with(HAS_ALL, json))
}

made_statements!(|| {
    let word = ["word".to_owned()];
    let selections = [(&word[..0], None), (&word, Some("word")), (&word, None)];
    let mut selections: Vec<_> = selections.map(|(words, rare)| found_by(words, rare).unwrap()).into();
    let queries = [(ROLE, "accounting"), (ROLE, "01k9zv5s8t3w2x1y0abcdefghj"), (ONLY, "no-factor")];
    let queries = queries.into_iter().chain([(ONLY, "never"), (ONLY, "billing"), (CATEGORY, "invoice")]);
    selections.extend(queries.map(|(name, value)| {
        let narrowed = [(name.to_owned(), value.to_owned())].into();
        narrow(Selection::all(), &ListQuery { narrowed, ..ListQuery::default() })
    }));
    let mut all = LIST.statements::<ListRow>(&selections);
    all.extend([INSERT.sql().to_owned(), UPDATE.sql().to_owned()]);
    all
});

/// Narrows the table down to what its fields say, and brings along what they can choose.
fn narrow(rows: Selection, query: &ListQuery) -> Selection {
    const ALIKE: &str =
        "c.can_log_in AND NOT c.is_owner AND NOT EXISTS (SELECT 1 FROM grants h WHERE h.holder_id = c.id)";
    const HAVE_ROLE: &str = concat!(
        "c.can_log_in AND NOT c.is_owner AND EXISTS (SELECT 1 FROM roles r WHERE r.id = {} AND ",
        has_role!(),
        ")"
    );
    let rows = rows.with_choices(ROLE_CHOICES);
    let asked = query.get(ROLE);
    let rows = match (Preset::from_key(asked).and_then(Preset::permissions), RoleId::parse(asked)) {
        (Some(meant), _) => rows.only(ALIKE).only_with("c.permissions = {}", meant.keys()),
        (None, Some(role)) => rows.only_with(HAVE_ROLE, role.as_str()),
        (None, None) => rows,
    };
    let rows = match query.get(ONLY) {
        "no-factor" => rows.only(
            "c.status = 'active' AND c.can_log_in AND c.user_id IS NOT NULL \
             AND EXISTS (SELECT 1 FROM users f WHERE f.id = c.user_id AND NOT f.has_factor)",
        ),
        "never" => rows.only("c.status = 'active' AND c.can_log_in AND c.signed_in_at = 0"),
        "billing" => rows.only("c.id = (SELECT a.billing_contact_id FROM accounts a WHERE a.id = $1)"),
        _ => rows,
    };
    // Each a literal, so that the planner sees which index serves it.
    match Category::from_key(query.get(CATEGORY)) {
        None => rows,
        Some(category) => rows.only(match category {
            Category::General => "c.status = 'active' AND instr(c.mail, 'general') > 0",
            Category::Service => "c.status = 'active' AND instr(c.mail, 'service') > 0",
            Category::Domain => "c.status = 'active' AND instr(c.mail, 'domain') > 0",
            Category::Invoice => "c.status = 'active' AND instr(c.mail, 'invoice') > 0",
            Category::Support => "c.status = 'active' AND instr(c.mail, 'support') > 0",
            Category::Newsletter => "c.status = 'active' AND instr(c.mail, 'newsletter') > 0",
        }),
    }
}

fn status(
    closed: bool,
    can_log_in: bool,
    linked: bool,
    state: Option<&str>,
    expires: Option<i64>,
    now: Timestamp,
) -> ContactStatus {
    match (closed, can_log_in && !linked, state) {
        (true, _, _) => ContactStatus::Closed,
        (false, true, Some("declined")) => ContactStatus::Declined,
        (false, true, Some("pending")) if expires.is_some_and(|at| at > now.0) => ContactStatus::Invited,
        (false, true, _) => ContactStatus::Expired,
        _ => ContactStatus::Active,
    }
}

fn what(is_owner: bool, can_log_in: bool) -> ContactKind {
    match (is_owner, can_log_in) {
        (true, _) => ContactKind::Owner,
        (_, true) => ContactKind::LogsIn,
        _ => ContactKind::MailOnly,
    }
}

/// What stands between words; [`HAS_ALL`] and the view that fills `contact_words` know the same.
fn words(typed: &str) -> Vec<String> {
    let words = list::words(typed);
    let apart =
        words.split(|c: char| c.is_whitespace() || "@.-_+/,()".contains(c)).filter(|word| !word.is_empty());
    apart.take(5).map(str::to_owned).collect()
}

/// Of these words the one that the fewest contacts have, if few have it.
async fn rare(reader: &mut Reader<InAccount>, words: &[String]) -> Result<Option<String>> {
    let account = reader.account().clone();
    let mut rarest: Option<(i64, &String)> = None;
    for word in words {
        let args = args![account.as_str(), word, format!("{word}{BEHIND}"), COUNTED + 1];
        let count: i64 = reader.conn().value(HAVE_WORD, args).await?;
        rarest = rarest.filter(|(least, _)| *least <= count).or(Some((count, word)));
    }
    Ok(rarest.filter(|(count, _)| *count <= COUNTED).map(|(_, word)| word.clone()))
}

/// A page of the table.
pub async fn list(reader: &mut Reader<InAccount>, query: &ListQuery) -> Result<Page<ContactRow>> {
    let words = words(&query.q);
    let rare = rare(reader, &words).await?;
    let rows = narrow(found_by(&words, rare.as_deref())?, query);
    let page = list::read(reader, &LIST, rows, query).await?;
    let now = page.now;
    Ok(page.map(|row: ListRow| {
        let what = what(row.is_owner.0, row.can_log_in.0);
        let held = row.held.unwrap_or(HeldKeys { each: None, role: None });
        let invitation = row.invitation.as_ref();
        let (state, expires) =
            (invitation.map(|sent| sent.state.as_str()), invitation.map(|sent| sent.expires));
        ContactRow {
            id: row.id.into(),
            name: if row.name.is_empty() { row.company } else { row.name },
            email: row.email,
            what,
            status: status(row.closed.0, row.can_log_in.0, row.linked.0, state, expires, now),
            expires: expires.filter(|at| state == Some("pending") && *at > now.0).map(Timestamp),
            may: held.role.unwrap_or_else(|| {
                let each = Summary::from_column(held.each.as_deref());
                phrase(what, Permissions::from_keys(&row.permissions), each)
            }),
            mail: Categories::from_column(&row.mail),
            last_sign_in: Some(row.signed_in).filter(|at| *at > 0).map(Timestamp),
            factor: row.factor.map(|on| on.0),
            mailed: invitation
                .and_then(|sent| sent.mailed.as_deref()?.split_once(':'))
                .map(|(state, error)| (MailState::from_key(state), error.to_owned())),
            sent: row.invitation.and_then(|sent| Some(Timestamp(sent.sent)).zip(sent.inviter)),
        }
    }))
}

#[derive(FromRow)]
struct ContactRecord {
    id: String,
    version: i64,
    first_name: String,
    last_name: String,
    company: String,
    email: String,
    phone: String,
    street: String,
    city: String,
    region: String,
    postcode: String,
    country: String,
    mail: String,
    can_log_in: bool,
    permissions: String,
    status: String,
    is_owner: bool,
    user_id: Option<String>,
    state: Option<String>,
    expires_at: Option<i64>,
    bills: bool,
}

fn keys(column: &str) -> Vec<String> {
    column.split(',').filter(|key| !key.is_empty()).map(str::to_owned).collect()
}

impl ContactRecord {
    fn view(self, grant: Grant, actor: &ContactId, now: Timestamp) -> ContactView {
        let linked = self.user_id.is_some();
        let closed = self.status == "closed";
        ContactView {
            is_own: self.id == actor.as_str(),
            is_owner: self.is_owner,
            linked,
            status: status(closed, self.can_log_in, linked, self.state.as_deref(), self.expires_at, now),
            version: self.version,
            id: self.id.into(),
            asks: Vec::new(),
            bills: self.bills,
            loose: LooseEnds::default(),
            form: ContactForm {
                first_name: self.first_name,
                last_name: self.last_name,
                company: self.company,
                email: self.email,
                phone: self.phone,
                street: self.street,
                city: self.city,
                region: self.region,
                postcode: self.postcode,
                country: self.country,
                mail: keys(&self.mail),
                log_in: if self.can_log_in { "on".into() } else { String::new() },
                status: self.status,
                permissions: grant.everywhere.iter().map(|permission| permission.key().to_owned()).collect(),
                ..ContactForm::default()
            },
            grant,
        }
    }
}

/// A contact with its fields and everything it holds. Inside a transaction, what it says still holds when the
/// change is written.
///
/// # Errors
/// [`AppError::NotFound`] when the account has no such contact.
pub async fn show(on: &mut impl OfAccount, contact: &ContactId) -> Result<ContactView> {
    let (membership, now) = (on.acting(), on.time());
    let row: Option<ContactRecord> =
        on.connection().optional(SHOW, args![membership.account.as_str(), contact.as_str()]).await?;
    let row = row.ok_or(AppError::NotFound)?;
    let everywhere = Permissions::of_contact(row.is_owner, &row.permissions);
    let grant = permissions::store::grant_of(on.connection(), contact.as_str(), everywhere).await?;
    Ok(row.view(grant, &membership.contact, now))
}

/// A person's page.
pub struct PersonFacts {
    /// The last invitation.
    pub invitation: Option<LastInvitation>,
    /// When they last signed in.
    pub last_sign_in: Option<Timestamp>,
    /// Browser and address of it.
    pub signed_in_from: String,
    /// Have they a second factor?
    pub factor: Option<bool>,
    /// Mail does not reach them.
    pub failing: Option<Failing>,
}

#[derive(FromRow)]
struct FactsRow {
    signed_in_at: i64,
    signed_in_from: String,
    has_factor: Option<bool>,
    state: Option<String>,
    email: Option<String>,
    days: Option<i64>,
    expires_at: Option<i64>,
    decided_at: Option<i64>,
    inviter: Option<String>,
    mail: Option<String>,
    last_error: Option<String>,
    failing_since: Option<i64>,
    failing_reason: Option<String>,
}

/// What is known of a contact beside its fields: the last invitation and the last sign-in.
///
/// # Errors
/// [`AppError::NotFound`] when the account has no such contact.
pub async fn facts(reader: &mut Reader<InAccount>, contact: &ContactId) -> Result<PersonFacts> {
    let now = reader.now();
    let row: Option<FactsRow> = reader.optional(FACTS, args![contact.as_str()]).await?;
    let row = row.ok_or(AppError::NotFound)?;
    let invitation = row.state.zip(row.expires_at).map(|(state, expires)| LastInvitation {
        // The job that writes it down may not have come by yet.
        state: if state == "pending" && expires <= now.0 { "expired".into() } else { state },
        sent: Timestamp(expires).plus_days(-row.days.unwrap_or_default()),
        by: row.inviter.unwrap_or_default(),
        email: row.email.unwrap_or_default(),
        expires: Timestamp(expires),
        decided: row.decided_at.map(Timestamp),
        mail: row.mail.map(|state| (MailState::from_key(&state), row.last_error.unwrap_or_default())),
    });
    Ok(PersonFacts {
        invitation,
        last_sign_in: (row.signed_in_at > 0).then_some(Timestamp(row.signed_in_at)),
        signed_in_from: row.signed_in_from,
        factor: row.has_factor,
        failing: recipients::store::failing(row.failing_since, row.failing_reason),
    })
}

/// Closes a contact, or opens it again; never the owner's. Says whether it changed anything. Open pages are told.
pub async fn set_closed(tx: &mut Tx<InAccount>, contact: &ContactId, closed: bool) -> Result<bool> {
    let (account, now) = (tx.account().clone(), tx.now().0);
    let status = if closed { "closed" } else { "active" };
    let done = tx.execute(SET_STATUS, args![contact.as_str(), status, now]).await?;
    if done > 0 {
        tx.tell(News::contact(account, contact.clone()));
    }
    Ok(done > 0)
}

/// What the rules need to know of a contact before it changes.
pub fn before(view: &ContactView) -> ContactBefore {
    ContactBefore {
        is_owner: view.is_owner,
        is_own: view.is_own,
        linked: view.linked,
        log_in: !view.form.log_in.is_empty(),
        closed: view.form.status == "closed",
        grant: view.grant.clone(),
        mail: Categories::from_keys(&view.form.mail),
        bills: view.bills,
        email_key: view.form.email.to_ascii_lowercase(),
    }
}

/// The contact with an address, if the account has one.
pub async fn by_email(tx: &mut Tx<InAccount>, email_key: &str) -> Result<Option<ContactId>> {
    let id: Option<String> = tx.optional_value(BY_EMAIL, args![email_key]).await?;
    Ok(id.map(ContactId::from))
}

/// The contact with an address of a mail, added if the account has none: they may write to support, and no login
/// is switched on.
///
/// # Errors
/// [`AppError::Conflict`] when the account has one that was closed.
pub async fn insert_from_mail(tx: &mut Tx<InAccount>, name: &str, email: &EmailAddress) -> Result<ContactId> {
    if let Some(known) = by_email(tx, &email.key()).await? {
        return Ok(known);
    }
    let name =
        if name.trim().is_empty() { email.as_str().split('@').next().unwrap_or_default() } else { name };
    let (first, last) = name.trim().split_once(' ').unwrap_or((name.trim(), ""));
    let form = ContactForm {
        first_name: first.chars().take(100).collect(),
        last_name: last.chars().take(100).collect(),
        email: email.to_string(),
        mail: vec![Category::Support.key().to_owned()],
        ..ContactForm::default()
    };
    let contact = form.parse()?;
    insert(tx, &contact).await?.ok_or_else(|| AppError::Conflict(words::ADDED_MEANWHILE.into()))
}

/// What a contact is sorted by and the words it is found by: the columns `name_key` and `search_text`.
pub fn name_key_and_search_text((first, last, company): (&str, &str, &str), email: &str) -> (String, String) {
    let name = format!("{first} {last}");
    let name = name.trim();
    let shown = [name, company, email].into_iter().find(|text| !text.is_empty()).unwrap_or_default();
    (shown.to_lowercase(), format!("{name} {company} {email}").to_lowercase())
}

/// What a contact's own fields are as columns.
fn columns_of(contact: &Contact) -> Vec<(&'static str, Value)> {
    let named = (contact.first_name.as_str(), contact.last_name.as_str(), contact.company.as_str());
    let (name_key, search_text) = name_key_and_search_text(named, contact.email.as_str());
    columns![
        first_name: &contact.first_name,
        last_name: &contact.last_name,
        company: &contact.company,
        email: contact.email.as_str(),
        email_key: contact.email.key(),
        phone: &contact.phone,
        street: &contact.street,
        city: &contact.city,
        region: &contact.region,
        postcode: &contact.postcode,
        country: &contact.country,
        name_key: name_key,
        search_text: search_text,
        can_log_in: contact.log_in,
        mail: contact.mail.column(),
    ]
}

/// Adds a contact. `None` when the account has one with this address (P9); the index decides, also between
/// requests at once.
pub async fn insert(tx: &mut Tx<InAccount>, shown: &Contact) -> Result<Option<ContactId>> {
    let account: AccountId = tx.account().clone();
    let (id, now) = (tx.new_id(), tx.now().0);
    let mut columns = columns_of(shown);
    columns.extend(columns![
        id: id,
        account_id: account.as_str(),
        permissions: shown.grant.everywhere.keys(),
        created_at: now,
        updated_at: now,
    ]);
    let made: Option<String> = tx.conn().optional_value(INSERT.sql(), INSERT.args(args![], columns)?).await?;
    let made = made.map(ContactId::from);
    if let Some(contact) = &made {
        permissions::store::replace(tx, contact.as_str(), &Grant::default(), &shown.grant).await?;
    }
    Ok(made)
}

/// Replaces a contact's fields, unless it has changed since `version`. Says whether it did. The owner's
/// permissions are not stored. When what the contact opens has changed, its open pages are told.
pub async fn update(
    tx: &mut Tx<InAccount>,
    contact: &ContactId,
    version: i64,
    shown: &Contact,
    before: &ContactBefore,
) -> Result<bool> {
    let other_keys =
        shown.grant != before.grant || shown.log_in != before.log_in || shown.closed != before.closed;
    let account: AccountId = tx.account().clone();
    let now = tx.now().0;
    let mut columns = columns_of(shown);
    columns.extend(columns![
        permissions: if before.is_owner { String::new() } else { shown.grant.everywhere.keys() },
        status: if shown.closed { "closed" } else { "active" },
        updated_at: now,
    ]);
    let keys = args![account.as_str(), contact.as_str(), version, i64::from(other_keys)];
    let done = tx.conn().execute(UPDATE.sql(), UPDATE.args(keys, columns)?).await?;
    if done == 0 {
        return Ok(false);
    }
    if other_keys {
        permissions::store::replace(tx, contact.as_str(), &before.grant, &shown.grant).await?;
        tx.tell(News::contact(account, contact.clone()));
    }
    Ok(true)
}

/// Removes a contact with everything it holds; never the owner's. Says whether it did.
pub async fn delete(tx: &mut Tx<InAccount>, contact: &ContactId) -> Result<bool> {
    let account = tx.account().clone();
    let done = tx.execute(DELETE, args![contact.as_str()]).await?;
    if done == 0 {
        return Ok(false);
    }
    permissions::store::clear(tx, contact.as_str()).await?;
    tx.tell(News::contact(account, contact.clone()));
    Ok(true)
}

/// What hangs on a contact, and to whom it can be handed (P10).
pub async fn loose_ends(on: &mut impl OfAccount, view: &ContactView) -> Result<LooseEnds> {
    let (membership, now) = (on.acting(), on.time().0);
    let account = &membership.account;
    let (main, ownership, previews, sign_ons, tickets): (String, bool, i64, i64, i64) =
        on.connection().one(LOOSE, args![account.as_str(), view.id.as_str(), now]).await?;
    let gets = view.form.status != "closed" && Categories::from_keys(&view.form.mail).has(Category::Domain);
    let domain = gets
        && !recipients::store::somebody_else_gets_domain_mail(on.connection(), account, view.id.as_str())
            .await?;
    let mut loose = LooseEnds {
        billing: view.bills,
        may_choose_billing: membership.permissions.has(Permission::ViewInvoices),
        domain,
        ownership,
        previews,
        sign_ons,
        tickets,
        main,
        others: Vec::new(),
    };
    if loose.to_hand_over() {
        let limit = i64::try_from(MAX_CHOICES).unwrap_or(i64::MAX);
        let rows: Vec<NamedContact> =
            on.connection().all(OTHERS, args![account.as_str(), view.id.as_str(), limit]).await?;
        loose.others = rows.into_iter().map(NamedContact::named).collect();
    }
    Ok(loose)
}

/// Switches a category on for a contact.
pub async fn add_mail(tx: &mut Tx<InAccount>, contact: &ContactId, category: Category) -> Result<()> {
    let mail = Categories::from_keys(show(tx, contact).await?.form.mail).and(category.into());
    set_mail(tx, contact, mail).await
}

/// A contact gets this mail from now on.
pub async fn set_mail(tx: &mut Tx<InAccount>, contact: &ContactId, mail: Categories) -> Result<()> {
    let now = tx.now().0;
    tx.execute(GET_MAIL, args![contact.as_str(), mail.column(), now]).await?;
    Ok(())
}

/// Ends what a contact has open beside sessions: previews that its person looks at or that show it, and
/// sign-on links.
pub async fn end_what_is_open(tx: &mut Tx<InAccount>, contact: &ContactId) -> Result<()> {
    for statement in [END_PREVIEW_GRANTS, END_PREVIEWS] {
        tx.execute(statement, args![contact.as_str()]).await?;
    }
    tx.conn().execute(END_SIGN_ONS, args![contact.as_str()]).await?;
    Ok(())
}

/// A contact of a user whose login has another address from now on.
#[derive(FromRow)]
pub struct ContactOfUser {
    /// The contact.
    pub contact: String,
    /// Its account.
    pub account: String,
    /// Name of the account.
    pub account_name: String,
    /// Name of the account's owner.
    pub owner: String,
    /// Address of the account's owner.
    pub owner_email: String,
    /// The person's or company's name; may be empty.
    pub name: String,
    /// Another contact of the account has the new address.
    pub taken: bool,
}

/// The contacts that a user is linked to and that carry the address their login had.
pub async fn of_user(tx: &mut Tx<OfUser>, old_key: &str, new_key: &str) -> Result<Vec<ContactOfUser>> {
    Ok(tx.all(OF_USER, args![old_key, new_key]).await?)
}

/// A contact carries the new address of its user's login from now on.
pub async fn follow(tx: &mut Tx<OfUser>, contact: &str, email: &EmailAddress) -> Result<()> {
    let now = tx.now().0;
    tx.conn().execute(FOLLOW, args![contact, email.as_str(), email.key(), now]).await?;
    Ok(())
}

/// Takes the login off a contact that nobody is linked to.
pub async fn switch_off_login(tx: &mut Tx<InAccount>, contact: &ContactId) -> Result<()> {
    let now = tx.now().0;
    tx.execute(SWITCH_OFF, args![contact.as_str(), now]).await?;
    Ok(())
}

/// Refuses when an account has told too many people in 24 hours that they were added: mail to strangers is
/// limited like invitations are (I6).
///
/// # Errors
/// [`AppError::Conflict`] with the limit.
pub async fn check_notices(tx: &mut Tx<InAccount>) -> Result<()> {
    let since = tx.now().plus_days(-1).0;
    let sent: i64 = tx.value(NOTICES, args![since]).await?;
    if sent < PER_DAY {
        return Ok(());
    }
    Err(AppError::Conflict(words::this_account_has_already_told(&PER_DAY)))
}
