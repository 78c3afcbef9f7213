//! SQL of services. What a person may not see is left out by the statement itself.

use super::model::{Billing, Cycle, FILTERS, PER_PAGE, ServiceQuery, ServiceRow, ServiceStatus, ServiceView};
use crate::access::list::{self, ListParts, ListSql};
use crate::access::{InAccount, OfAccount, Open, Reader, Tx};
use crate::error::{AppError, Result};
use crate::features::permissions::model::Asset;
use crate::features::requests;
use crate::permission::{Group, Permission, Permissions};
use crate::platform::db::{FromRow, JSON_ARRAY, Write, args, columns, internal, made_statements};
use crate::platform::token;
use crate::types::{AccountId, ContactId, Money, Page, ServiceId, Timestamp};
use std::collections::HashMap;
use std::sync::LazyLock;

static INSERT: LazyLock<Write> = LazyLock::new(|| {
    const COLUMNS: &[&str] = &[
        "id", "account_id", "product", "label", "status", "price_cents", "currency", "cycle", "next_due",
        "domain", "server", "login_name", "notes", "panel_url", "name_key", "search_text", "created_at",
    ];
    Write::insert("services", COLUMNS, "")
});
const SHOW: &str = r"SELECT product, label, status, price_cents, currency, cycle, next_due, domain, server,
        login_name, notes, panel_url <> '' AS panel
    FROM services
    WHERE account_id = $1 AND id = $2";
const SIGN_ON: &str = r"INSERT INTO sign_ons (token_hash, service_id, contact_id, expires_at) SELECT $1, id,
        $4, $5
    FROM services
    WHERE account_id = $2 AND id = $3 AND panel_url <> '' AND status = 'active'
    RETURNING (SELECT panel_url FROM services WHERE id = service_id)";
const USE_SIGN_ON: &str = r"UPDATE sign_ons
    SET used_at = $2
    WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2
    RETURNING service_id, contact_id";
const SIGNED_ON: &str = r"SELECT s.server, s.login_name, s.domain, s.product, a.number, a.name, u.name,
        u.email, c.is_owner, c.permissions, coalesce(g.permissions, '')
    FROM services s
    JOIN accounts a ON a.id = s.account_id AND a.status = 'active'
    JOIN contacts c ON c.id = $2 AND c.account_id = a.id AND c.status = 'active' AND c.can_log_in
    JOIN users u ON u.id = c.user_id
    LEFT JOIN grants g ON g.holder_id = c.id AND g.asset_id = s.id
    WHERE s.id = $1 AND s.status = 'active'";

// Everything an account has, with what is held on it beside.
const ALL: &str = "services s LEFT JOIN grants g ON g.holder_id = $6 AND g.asset_id = s.id";
// Only what is held: read from the grants, however many services the account has. CROSS JOIN keeps that
// order.
const SOME: &str = "grants g CROSS JOIN services s";
const SOME_IF: &str = "AND g.holder_id = $6 AND s.id = g.asset_id AND g.permissions LIKE 'service.view%'";

fn list_sql(all: bool, status: &str, search: bool) -> ListSql {
    let (from, held) = if all { (ALL, "") } else { (SOME, SOME_IF) };
    let status = if status.is_empty() { String::new() } else { format!("AND s.status = '{status}'") };
    let search = if search { "s.search_text LIKE $2 ESCAPE '\\'" } else { "TRUE" };
    ListSql::of(&ListParts {
        json: "id, product, label, status, price_cents, currency, cycle, next_due, domain, panel, held, name_key",
        columns: "s.id, s.product, s.label, s.status, s.price_cents, s.currency, s.cycle, s.next_due, s.domain, s.panel_url <> '' AS panel, \
            coalesce(g.permissions, '') AS held, s.name_key",
        from,
        table: ("services", "s"),
        filter: &format!("s.account_id = $1 AND {search} {status} {held}"),
        key: "s.name_key",
        value: "$3",
        descending: false,
        counted: from,
    })
}

/// The services for the permissions section: of all, or of those that may be seen.
fn assets_sql(all: bool) -> String {
    let (from, held) = if all {
        (ALL.replace("$6", "$2"), String::new())
    } else {
        (SOME.to_owned(), SOME_IF.replace("$6", "$2"))
    };
    format!(
        r"SELECT {JSON_ARRAY}(id, name, detail, held))
                FROM (SELECT s.id, CASE WHEN s.label = '' THEN s.product ELSE s.label END AS name, s.domain
                AS detail, coalesce(g.permissions, '') AS held
            FROM {from}
            WHERE s.account_id = $1 AND s.status <> 'cancelled' {held}
            ORDER BY s.name_key, s.id)"
    )
}

/// All visible, status, words searched.
type ListKey = (bool, &'static str, bool);

static LISTS: LazyLock<HashMap<ListKey, &'static ListSql>> = LazyLock::new(|| {
    let mut lists = HashMap::new();
    for (status, _) in FILTERS {
        for bits in 0..4 {
            let (all, search) = (bits & 1 != 0, bits & 2 != 0);
            let sql: &'static ListSql = Box::leak(Box::new(list_sql(all, status, search)));
            lists.insert((all, *status, search), sql);
        }
    }
    lists
});
static ASSETS: LazyLock<[String; 2]> = LazyLock::new(|| [assets_sql(false), assets_sql(true)]);

made_statements!(|| LISTS
    .values()
    .flat_map(|sql| sql.all())
    .chain(ASSETS.iter().cloned())
    .chain([INSERT.sql().to_owned()])
    .collect());

/// A row as its JSON array has it.
#[derive(serde::Deserialize)]
struct ListRow(
    String,
    String,
    String,
    ServiceStatus,
    i64,
    String,
    Cycle,
    Option<i64>,
    String,
    u8,
    String,
    String,
);

/// A page of the services that the person may see.
pub async fn list(reader: &mut Reader<InAccount>, query: &ServiceQuery) -> Result<Page<ServiceRow>> {
    let membership = reader.acting();
    let everywhere = membership.permissions.within(Group::Service.permissions());
    let status = FILTERS.iter().map(|(key, _)| *key).find(|key| *key == query.status).unwrap_or_default();
    let words = list::words(&query.q);
    let sql = LISTS[&(everywhere.has(Permission::ViewService), status, !words.is_empty())];
    let wanted = list::PageRequest {
        search: &list::pattern(&words),
        after: &query.after,
        before: &query.before,
        rows: PER_PAGE,
        extra: Some(&membership.holder),
    };
    let page = list::read(reader, sql, &wanted, |row: &ListRow| (row.11.clone(), row.0.clone())).await?;
    Ok(page.map(
        |ListRow(id, product, label, status, cents, currency, cycle, next_due, domain, panel, held, _)| {
            let may = everywhere.and(Permissions::from_keys(&held)).opening();
            let billing = may.has(Permission::ViewServiceBilling).then(|| Billing {
                price: Money { cents, currency },
                cycle,
                next_due: next_due.map(Timestamp),
            });
            let (name, product) = if label.is_empty() { (product, String::new()) } else { (label, product) };
            ServiceRow { id: id.into(), name, product, domain, status, billing, may, panel: panel != 0 }
        },
    ))
}

/// The services that whoever acts may see and that have not ended, with what they hold on each beyond what
/// they hold everywhere.
pub async fn assets(on: &mut impl OfAccount) -> Result<Vec<Asset>> {
    let membership = on.acting();
    let all = membership.permissions.has(Permission::ViewService);
    let json: String = on
        .connection()
        .value(ASSETS[usize::from(all)].as_str(), args![membership.account.as_str(), &membership.holder])
        .await?;
    let rows: Vec<(String, String, String, String)> =
        serde_json::from_str(&json).map_err(|error| internal(&error))?;
    let asset = |(id, name, detail, held): (String, String, String, String)| Asset {
        detail: if detail == name { String::new() } else { detail },
        id: id.into(),
        name,
        also: Permissions::from_keys(&held),
    };
    Ok(rows.into_iter().map(asset).collect())
}

#[derive(FromRow)]
struct ShowRow {
    product: String,
    label: String,
    status: String,
    price_cents: i64,
    currency: String,
    cycle: String,
    next_due: Option<i64>,
    domain: String,
    server: String,
    login_name: String,
    notes: String,
    panel: bool,
}

/// One service; `may` is what the person holds on it.
///
/// # Errors
/// [`AppError::NotFound`] when the account has no such service.
pub async fn show(on: &mut impl OfAccount, service: &ServiceId, may: Permissions) -> Result<ServiceView> {
    let account = on.acting().account.clone();
    let row: Option<ShowRow> =
        on.connection().optional(SHOW, args![account.as_str(), service.as_str()]).await?;
    let row = row.ok_or(AppError::NotFound)?;
    let pending = requests::store::pending(on, &service.asset()).await?;
    Ok(ServiceView {
        id: service.clone(),
        product: row.product,
        label: row.label,
        status: ServiceStatus::from_key(&row.status),
        domain: row.domain,
        server: row.server,
        login_name: row.login_name,
        notes: row.notes,
        billing: may.has(Permission::ViewServiceBilling).then(|| Billing {
            price: Money { cents: row.price_cents, currency: row.currency },
            cycle: Cycle::from_key(&row.cycle),
            next_due: row.next_due.map(Timestamp),
        }),
        may,
        panel: row.panel,
        pending,
        now: on.time(),
    })
}

/// A service to set up.
pub struct NewService<'a> {
    /// Product.
    pub product: &'a str,
    /// What the customer calls it, or empty.
    pub label: &'a str,
    /// State.
    pub status: ServiceStatus,
    /// Price per cycle.
    pub price: Money,
    /// How often it is paid.
    pub cycle: Cycle,
    /// When it is due next.
    pub next_due: Option<Timestamp>,
    /// Domain, or empty.
    pub domain: &'a str,
    /// Server, or empty.
    pub server: &'a str,
    /// Login name at the control panel, or empty.
    pub login_name: &'a str,
    /// Notes for the customer, or empty.
    pub notes: &'a str,
    /// Where the control panel takes sign-on links, or empty.
    pub panel_url: &'a str,
}

/// Sets a service up.
pub async fn insert(tx: &mut Tx<Open>, account: &AccountId, new: &NewService<'_>) -> Result<ServiceId> {
    let (id, now) = (tx.new_id(), tx.now().0);
    let name = if new.label.is_empty() { new.product } else { new.label };
    let columns = columns![
        id: &id,
        account_id: account.as_str(),
        product: new.product,
        label: new.label,
        status: new.status.key(),
        price_cents: new.price.cents,
        currency: &new.price.currency,
        cycle: new.cycle.key(),
        next_due: new.next_due.map(|at| at.0),
        domain: new.domain,
        server: new.server,
        login_name: new.login_name,
        notes: new.notes,
        panel_url: new.panel_url,
        name_key: name.to_lowercase(),
        search_text: format!("{} {} {} {}", new.label, new.product, new.domain, new.server).to_lowercase(),
        created_at: now,
    ];
    tx.conn().execute(INSERT.sql(), INSERT.args(args![], columns)?).await?;
    Ok(id.into())
}

/// How long a sign-on link works, in milliseconds.
const SIGN_ON_MS: i64 = 60_000;

/// The signature of a sign-on link.
fn signature(key: &token::Key, secret: &str) -> String {
    key.derive(&["sign-on", secret])
}

/// A link that signs the acting person on to the control panel of a service, once, within a minute.
///
/// # Errors
/// [`AppError::Conflict`] when the service has no panel, or is not active.
pub async fn sign_on_link(tx: &mut Tx<InAccount>, service: &ServiceId) -> Result<String> {
    let (account, contact, now) = (tx.account().clone(), tx.actor().clone(), tx.now());
    let secret = token::new_token();
    let url: Option<String> = tx
        .conn()
        .optional_value(
            SIGN_ON,
            args![
                token::hash(&secret),
                account.as_str(),
                service.as_str(),
                contact.as_str(),
                now.0 + SIGN_ON_MS
            ],
        )
        .await?;
    let url = url.ok_or_else(|| {
        AppError::Conflict("This service has no control panel that can be opened now.".into())
    })?;
    let joined = if url.contains('?') { '&' } else { '?' };
    Ok(format!("{url}{joined}sign_on={secret}.{}", signature(tx.app().key(), &secret)))
}

/// Whom a sign-on link lets in where; what the control panel is told.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct SignOn {
    /// The service.
    pub service: String,
    /// Its server.
    pub server: String,
    /// The login name to sign on as.
    pub login: String,
    /// Its domain.
    pub domain: String,
    /// Its product.
    pub product: String,
    /// Number of the customer's account.
    pub account: i64,
    /// Name of the account.
    pub account_name: String,
    /// Who signs on.
    pub name: String,
    /// Their address.
    pub email: String,
}

/// The secret of a sign-on link that this installation signed; `None` for a forged one.
pub fn signed_secret<'a>(key: &token::Key, sign_on: &'a str) -> Option<&'a str> {
    let (secret, signed) = sign_on.split_once('.')?;
    // Both sides hashed: comparing takes the same time wherever they differ.
    (token::hash(signed) == token::hash(&signature(key, secret))).then_some(secret)
}

/// Takes a sign-on link by its secret, once. `None` for one that is used, too old, or whose maker may no
/// longer use the panel.
pub async fn take_sign_on(tx: &mut Tx<Open>, secret: &str) -> Result<Option<SignOn>> {
    type ServiceRow = (String, String, String, String, i64, String, String, String, bool, String, String);
    let now = tx.now().0;
    let taken: Option<(String, String)> =
        tx.conn().optional(USE_SIGN_ON, args![token::hash(secret), now]).await?;
    let Some((service, contact)) = taken else { return Ok(None) };
    let row: Option<ServiceRow> =
        tx.conn().optional(SIGNED_ON, args![&service, ContactId::from(contact).as_str()]).await?;
    Ok(row.and_then(
        |(server, login, domain, product, account, account_name, name, email, is_owner, everywhere, here)| {
            let held = Permissions::from_keys(&everywhere).and(Permissions::from_keys(&here)).opening();
            (is_owner || held.has(Permission::UseServicePanel)).then_some(SignOn {
                service,
                server,
                login,
                domain,
                product,
                account,
                account_name,
                name,
                email,
            })
        },
    ))
}
