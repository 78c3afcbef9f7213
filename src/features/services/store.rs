//! SQL of services. What a person may not see is left out by the statement itself.

use super::model::{Billing, Cycle, FILTERS, ServiceRow, ServiceStatus, ServiceView};
use super::words;
use crate::access::list::{self, List, Selection, Sort, States, list_row};
use crate::access::{InAccount, OfAccount, Open, Reader, Tx};
use crate::error::{AppError, Result};
use crate::features::permissions::model::Asset;
use crate::features::requests;
use crate::permission::{Group, Permission, Permissions};
use crate::platform::db::{FromRow, Truth, Write, args, columns, made_statements};
use crate::platform::token;
use crate::types::{AccountId, AssetId, ContactId, ListQuery, Money, Page, ServiceId, Timestamp};
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
const SIGNED_ON: &str = r"SELECT s.server, s.login_name AS login, s.domain, s.product, a.number AS account,
        a.name AS account_name, u.name, u.email, c.is_owner, c.permissions AS everywhere,
        coalesce(g.permissions, '') AS here
    FROM services s
    JOIN accounts a ON a.id = s.account_id AND a.status = 'active'
    JOIN contacts c ON c.id = $2 AND c.account_id = a.id AND c.status = 'active' AND c.can_log_in
    JOIN users u ON u.id = c.user_id
    LEFT JOIN grants g ON g.holder_id = c.id AND g.asset_id = s.id
    WHERE s.id = $1 AND s.status = 'active'";

list_row! {
    ListRow {
        id: String = "s.id",
        product: String = "s.product",
        label: String = "s.label",
        status: ServiceStatus = "s.status",
        cents: i64 = "s.price_cents",
        currency: String = "s.currency",
        cycle: Cycle = "s.cycle",
        next_due: Option<i64> = "s.next_due",
        domain: String = "s.domain",
        panel: Truth = "s.panel_url <> ''",
        held: String = "coalesce(g.permissions, '')",
    }
}
const LIST: List = List {
    table: ("services", "s"),
    scope: "s.account_id",
    joins: "",
    sorts: &[Sort { name: "", key: "s.name_key", number: false, descending: false }],
    states: States::Column("s.status", FILTERS),
};

list_row! {
    AssetRow {
        id: AssetId = "s.id",
        name: String = "CASE WHEN s.label = '' THEN s.product ELSE s.label END",
        detail: String = "s.domain",
        held: String = "coalesce(g.permissions, '')",
    }
}
const ASSETS: List = List { states: States::None, ..LIST };

fn visible(all: bool, holder: &str) -> Selection {
    Selection::visible(&LIST, Permission::ViewService, all, holder)
}

fn found_by(rows: Selection, typed: &str) -> Selection {
    rows.containing("s.search_text LIKE {} ESCAPE '\\'", typed)
}

fn running(rows: Selection) -> Selection {
    rows.only("s.status <> 'cancelled'")
}

made_statements!(|| {
    let visible = [true, false].map(|all| visible(all, "holder"));
    let found = visible.clone().map(|rows| found_by(rows, "word"));
    let mut all = LIST.statements::<ListRow>(&[visible.clone(), found].concat());
    all.extend(ASSETS.statements::<AssetRow>(&visible.map(running)));
    all.push(INSERT.sql().to_owned());
    all
});

/// A page of the services that the person may see.
pub async fn list(reader: &mut Reader<InAccount>, query: &ListQuery) -> Result<Page<ServiceRow>> {
    let membership = reader.acting();
    let everywhere = membership.permissions;
    let rows = visible(everywhere.has(Permission::ViewService), &membership.holder);
    let page = list::read(reader, &LIST, found_by(rows, &query.q), query).await?;
    Ok(page.map(|row: ListRow| {
        let may = Permissions::on_asset(everywhere, Permissions::from_keys(&row.held), Group::Service);
        let (name, product) =
            if row.label.is_empty() { (row.product, String::new()) } else { (row.label, row.product) };
        ServiceRow {
            id: row.id.into(),
            name,
            product,
            domain: row.domain,
            status: row.status,
            billing: may.has(Permission::ViewServiceBilling).then(|| Billing {
                price: Money { cents: row.cents, currency: row.currency },
                cycle: row.cycle,
                next_due: row.next_due.map(Timestamp),
            }),
            may,
            panel: row.panel.0,
        }
    }))
}

/// The services that whoever acts may see and that have not ended, with what they hold on each beyond what
/// they hold everywhere.
pub async fn assets(on: &mut impl OfAccount) -> Result<Vec<Asset>> {
    let membership = on.acting();
    let rows = running(visible(membership.permissions.has(Permission::ViewService), &membership.holder));
    let asset = |row: AssetRow| Asset {
        detail: if row.detail == row.name { String::new() } else { row.detail },
        id: row.id,
        name: row.name,
        also: Permissions::from_keys(&row.held),
    };
    Ok(list::read_all(on, &ASSETS, &rows).await?.into_iter().map(asset).collect())
}

#[derive(FromRow)]
struct ShownService {
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
    let row: Option<ShownService> =
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
pub async fn insert<S>(tx: &mut Tx<S>, account: &AccountId, new: &NewService<'_>) -> Result<ServiceId> {
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
    let url = url.ok_or_else(|| AppError::Conflict(words::THIS_SERVICE_IS_NOT_ACTIVE.into()))?;
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

#[derive(FromRow)]
struct SignedOn {
    server: String,
    login: String,
    domain: String,
    product: String,
    account: i64,
    account_name: String,
    name: String,
    email: String,
    is_owner: bool,
    everywhere: String,
    here: String,
}

/// Takes a sign-on link by its secret, once. `None` for one that is used, too old, or whose maker may no
/// longer use the panel.
pub async fn take_sign_on(tx: &mut Tx<Open>, secret: &str) -> Result<Option<SignOn>> {
    let now = tx.now().0;
    let taken: Option<(String, String)> =
        tx.conn().optional(USE_SIGN_ON, args![token::hash(secret), now]).await?;
    let Some((service, contact)) = taken else { return Ok(None) };
    let row: Option<SignedOn> =
        tx.conn().optional(SIGNED_ON, args![&service, ContactId::from(contact).as_str()]).await?;
    Ok(row.and_then(|row| {
        let (everywhere, here) = (Permissions::from_keys(&row.everywhere), Permissions::from_keys(&row.here));
        let held = Permissions::on_asset(everywhere, here, Group::Service);
        (row.is_owner || held.has(Permission::UseServicePanel)).then_some(SignOn {
            service,
            server: row.server,
            login: row.login,
            domain: row.domain,
            product: row.product,
            account: row.account,
            account_name: row.account_name,
            name: row.name,
            email: row.email,
        })
    }))
}
