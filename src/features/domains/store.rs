//! SQL of domains. What a person may not see is left out by the statement itself.

use super::model::{DomainRow, DomainStatus, DomainView, FILTERS};
use crate::access::list::{self, List, Selection, Sort, States, list_row};
use crate::access::{InAccount, OfAccount, Reader, Tx};
use crate::error::{AppError, Result};
use crate::features::permissions::model::Asset;
use crate::features::requests;
use crate::permission::{Group, Permission, Permissions};
use crate::platform::db::{FromRow, Truth, args, made_statements};
use crate::types::{AccountId, AssetId, DomainId, ListQuery, Page, Timestamp};

const INSERT: &str = r"INSERT INTO domains (id, account_id, name, status, registered_at, expires_at,
        auto_renew, locked, nameservers, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const SHOW: &str = r"SELECT name, status, registered_at, expires_at, auto_renew, locked, nameservers
    FROM domains
    WHERE account_id = $1 AND id = $2";
const AUTO_RENEW: &str = "UPDATE domains SET auto_renew = $3 WHERE account_id = $1 AND id = $2";

list_row! {
    ListRow {
        id: String = "d.id",
        name: String = "d.name",
        status: DomainStatus = "d.status",
        expires: i64 = "d.expires_at",
        auto_renew: Truth = "d.auto_renew",
        locked: Truth = "d.locked",
        held: String = "coalesce(g.permissions, '')",
    }
}
const LIST: List = List {
    table: ("domains", "d"),
    scope: "d.account_id",
    joins: "",
    sorts: &[Sort { name: "", key: "d.name", number: false, descending: false }],
    states: States::Column("d.status", FILTERS),
};

list_row! {
    AssetRow {
        id: AssetId = "d.id",
        name: String = "d.name",
        held: String = "coalesce(g.permissions, '')",
    }
}
const ASSETS: List = List { states: States::None, ..LIST };

fn visible(all: bool, holder: &str) -> Selection {
    Selection::visible(&LIST, Permission::ViewDomain, all, holder)
}

fn found_by(rows: Selection, typed: &str) -> Selection {
    rows.containing("d.name LIKE {} ESCAPE '\\'", typed)
}

fn kept(rows: Selection) -> Selection {
    rows.only("d.status <> 'cancelled'")
}

made_statements!(|| {
    let visible = [true, false].map(|all| visible(all, "holder"));
    let found = visible.clone().map(|rows| found_by(rows, "word"));
    let mut all = LIST.statements::<ListRow>(&[visible.clone(), found].concat());
    all.extend(ASSETS.statements::<AssetRow>(&visible.map(kept)));
    all
});

/// A page of the domains that the person may see.
pub async fn list(reader: &mut Reader<InAccount>, query: &ListQuery) -> Result<Page<DomainRow>> {
    let membership = reader.acting();
    let everywhere = membership.permissions;
    let rows = visible(everywhere.has(Permission::ViewDomain), &membership.holder);
    let page = list::read(reader, &LIST, found_by(rows, &query.q), query).await?;
    Ok(page.map(|row: ListRow| DomainRow {
        id: row.id.into(),
        name: row.name,
        status: row.status,
        expires: Timestamp(row.expires),
        auto_renew: row.auto_renew.0,
        locked: row.locked.0,
        may: Permissions::on_asset(everywhere, Permissions::from_keys(&row.held), Group::Domain),
    }))
}

/// The domains that whoever acts may see and that were not given up, with what they hold on each beyond what
/// they hold everywhere.
pub async fn assets(on: &mut impl OfAccount) -> Result<Vec<Asset>> {
    let membership = on.acting();
    let rows = kept(visible(membership.permissions.has(Permission::ViewDomain), &membership.holder));
    let asset = |row: AssetRow| Asset {
        id: row.id,
        name: row.name,
        detail: String::new(),
        also: Permissions::from_keys(&row.held),
    };
    Ok(list::read_all(on, &ASSETS, &rows).await?.into_iter().map(asset).collect())
}

#[derive(FromRow)]
struct ShownDomain {
    name: String,
    status: String,
    registered_at: i64,
    expires_at: i64,
    auto_renew: bool,
    locked: bool,
    nameservers: String,
}

/// One domain; `may` is what the person holds on it.
///
/// # Errors
/// [`AppError::NotFound`] when the account has no such domain.
pub async fn show(on: &mut impl OfAccount, domain: &DomainId, may: Permissions) -> Result<DomainView> {
    let account = on.acting().account.clone();
    let row: Option<ShownDomain> =
        on.connection().optional(SHOW, args![account.as_str(), domain.as_str()]).await?;
    let row = row.ok_or(AppError::NotFound)?;
    let pending = requests::store::pending(on, &domain.asset()).await?;
    Ok(DomainView {
        id: domain.clone(),
        name: row.name,
        status: DomainStatus::from_key(&row.status),
        registered: Timestamp(row.registered_at),
        expires: Timestamp(row.expires_at),
        auto_renew: row.auto_renew,
        locked: row.locked,
        nameservers: row.nameservers,
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
pub async fn insert<S>(tx: &mut Tx<S>, account: &AccountId, new: &NewDomain<'_>) -> Result<DomainId> {
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
