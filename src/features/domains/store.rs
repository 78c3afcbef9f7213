//! SQL of domains. What a person may not see is left out by the statement itself.

use super::model::{DomainQuery, DomainRow, DomainStatus, DomainView, FILTERS, PER_PAGE};
use crate::access::list::{self, ListParts, ListSql};
use crate::access::{InAccount, OfAccount, Open, Reader, Tx};
use crate::error::{AppError, Result};
use crate::features::permissions::model::Asset;
use crate::features::requests;
use crate::permission::{Group, Permission, Permissions};
use crate::platform::db::{JSON_ARRAY, args, internal, made_statements};
use crate::types::{AccountId, DomainId, Page, Timestamp};
use std::collections::HashMap;
use std::sync::LazyLock;

const INSERT: &str = r"INSERT INTO domains (id, account_id, name, status, registered_at, expires_at,
        auto_renew, locked, nameservers, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const SHOW: &str = r"SELECT name, status, registered_at, expires_at, auto_renew, locked, nameservers
    FROM domains
    WHERE account_id = $1 AND id = $2";
const AUTO_RENEW: &str = "UPDATE domains SET auto_renew = $3 WHERE account_id = $1 AND id = $2";

// As in services: everything with what is held beside, or only what is held, read from the grants.
const ALL: &str = "domains d LEFT JOIN grants g ON g.holder_id = $6 AND g.asset_id = d.id";
const SOME: &str = "grants g CROSS JOIN domains d";
const SOME_IF: &str = "AND g.holder_id = $6 AND d.id = g.asset_id AND g.permissions LIKE 'domain.view%'";

fn list_sql(all: bool, status: &str, search: bool) -> ListSql {
    let (from, held) = if all { (ALL, "") } else { (SOME, SOME_IF) };
    let status = if status.is_empty() { String::new() } else { format!("AND d.status = '{status}'") };
    let search = if search { "d.name LIKE $2 ESCAPE '\\'" } else { "TRUE" };
    ListSql::of(&ListParts {
        json: "id, name, status, expires_at, auto_renew, locked, held",
        columns: "d.id, d.name, d.status, d.expires_at, d.auto_renew, d.locked, coalesce(g.permissions, '') AS held",
        from,
        table: ("domains", "d"),
        filter: &format!("d.account_id = $1 AND {search} {status} {held}"),
        key: "d.name",
        value: "$3",
        descending: false,
        counted: from,
    })
}

fn assets_sql(all: bool) -> String {
    let (from, held) = if all {
        (ALL.replace("$6", "$2"), String::new())
    } else {
        (SOME.to_owned(), SOME_IF.replace("$6", "$2"))
    };
    format!(
        r"SELECT {JSON_ARRAY}(id, name, held)) FROM (SELECT d.id, d.name, coalesce(g.permissions, '')
                AS held
            FROM {from}
            WHERE d.account_id = $1 AND d.status <> 'cancelled' {held}
            ORDER BY d.name, d.id)"
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

made_statements!(|| LISTS.values().flat_map(|sql| sql.all()).chain(ASSETS.iter().cloned()).collect());

/// A row as its JSON array has it.
#[derive(serde::Deserialize)]
struct ListRow(String, String, DomainStatus, i64, u8, u8, String);

/// A page of the domains that the person may see.
pub async fn list(reader: &mut Reader<InAccount>, query: &DomainQuery) -> Result<Page<DomainRow>> {
    let membership = reader.acting();
    let everywhere = membership.permissions.within(Group::Domain.permissions());
    let status = FILTERS.iter().map(|(key, _)| *key).find(|key| *key == query.status).unwrap_or_default();
    let words = list::words(&query.q);
    let sql = LISTS[&(everywhere.has(Permission::ViewDomain), status, !words.is_empty())];
    let wanted = list::PageRequest {
        search: &list::pattern(&words),
        after: &query.after,
        before: &query.before,
        rows: PER_PAGE,
        extra: Some(&membership.holder),
    };
    let page = list::read(reader, sql, &wanted, |row: &ListRow| (row.1.clone(), row.0.clone())).await?;
    Ok(page.map(|ListRow(id, name, status, expires, auto_renew, locked, held)| DomainRow {
        id: id.into(),
        name,
        status,
        expires: Timestamp(expires),
        auto_renew: auto_renew != 0,
        locked: locked != 0,
        may: everywhere.and(Permissions::from_keys(&held)).opening(),
    }))
}

/// The domains that whoever acts may see and that were not given up, with what they hold on each beyond what
/// they hold everywhere.
pub async fn assets(on: &mut impl OfAccount) -> Result<Vec<Asset>> {
    let membership = on.acting();
    let all = membership.permissions.has(Permission::ViewDomain);
    let json: String = on
        .connection()
        .value(ASSETS[usize::from(all)].as_str(), args![membership.account.as_str(), &membership.holder])
        .await?;
    let rows: Vec<(String, String, String)> =
        serde_json::from_str(&json).map_err(|error| internal(&error))?;
    Ok(rows
        .into_iter()
        .map(|(id, name, held)| Asset {
            id: id.into(),
            name,
            detail: String::new(),
            also: Permissions::from_keys(&held),
        })
        .collect())
}

/// One domain; `may` is what the person holds on it.
///
/// # Errors
/// [`AppError::NotFound`] when the account has no such domain.
pub async fn show(on: &mut impl OfAccount, domain: &DomainId, may: Permissions) -> Result<DomainView> {
    type DomainRow = (String, String, i64, i64, bool, bool, String);
    let account = on.acting().account.clone();
    let row: Option<DomainRow> =
        on.connection().optional(SHOW, args![account.as_str(), domain.as_str()]).await?;
    let (name, status, registered, expires, auto_renew, locked, nameservers) =
        row.ok_or(AppError::NotFound)?;
    let pending = requests::store::pending(on, &domain.asset()).await?;
    Ok(DomainView {
        id: domain.clone(),
        name,
        status: DomainStatus::from_key(&status),
        registered: Timestamp(registered),
        expires: Timestamp(expires),
        auto_renew,
        locked,
        nameservers,
        may,
        pending,
        now: on.time(),
    })
}

/// Switches automatic renewal.
pub async fn set_auto_renew(tx: &mut Tx<InAccount>, domain: &DomainId, on: bool) -> Result<()> {
    tx.execute(AUTO_RENEW, args![domain.as_str(), on]).await?;
    Ok(())
}

/// A domain to enter.
pub struct NewDomain<'a> {
    /// Its name.
    pub name: &'a str,
    /// State.
    pub status: DomainStatus,
    /// When it was registered.
    pub registered: Timestamp,
    /// When its registration ends.
    pub expires: Timestamp,
    /// It is renewed automatically.
    pub auto_renew: bool,
    /// The registrar lock is on.
    pub locked: bool,
    /// One host name a line.
    pub nameservers: &'a str,
}

/// Enters a domain.
pub async fn insert(tx: &mut Tx<Open>, account: &AccountId, new: &NewDomain<'_>) -> Result<DomainId> {
    let (id, now) = (tx.new_id(), tx.now().0);
    tx.conn()
        .execute(
            INSERT,
            args![
                &id,
                account.as_str(),
                new.name,
                new.status.key(),
                new.registered.0,
                new.expires.0,
                new.auto_renew,
                new.locked,
                new.nameservers,
                now
            ],
        )
        .await?;
    Ok(id.into())
}
