//! SQL of services and domains, as staff change them.

use super::model::{DomainData, DomainForm, ServiceAct, ServiceData, ServiceForm};
use super::words;
use crate::access::{InAccount, OfAccount, Tx};
use crate::error::{AppError, Result};
use crate::features::domains::model::DomainStatus;
use crate::features::domains::store::NewDomain;
use crate::features::services::model::{Cycle, ServiceStatus};
use crate::features::services::store::NewService;
use crate::features::{domains, services};
use crate::operator::products::model::typed;
use crate::platform::db::{FromRow, args};
use crate::types::{AccountId, AssetId, DomainId, Money, ServiceId, Timestamp};

const SHOW_SERVICE: &str = r"SELECT product, label, status, price_cents, currency, cycle, next_due, domain, server,
        login_name, notes, panel_url
    FROM services
    WHERE account_id = $1 AND id = $2";
const CHANGE_SERVICE: &str = r"UPDATE services
    SET product = $3, label = $4, price_cents = $5, currency = $6, cycle = $7, next_due = $8, domain = $9,
        server = $10, login_name = $11, notes = $12, panel_url = $13, name_key = $14, search_text = $15,
        status = CASE WHEN status IN ('pending', 'active') THEN $16 ELSE status END,
        anchor_day = CASE WHEN next_due = $8 AND cycle = $7 THEN anchor_day END
    WHERE account_id = $1 AND id = $2";
const SET_STATUS: &str = r"UPDATE services
    SET status = $3, suspended_for = NULL
    WHERE account_id = $1 AND id = $2 AND status = $4";
const SHOW_DOMAIN: &str = r"SELECT name, registered_at, expires_at, status, auto_renew, locked, nameservers
    FROM domains
    WHERE account_id = $1 AND id = $2";
const CHANGE_DOMAIN: &str = r"UPDATE domains
    SET name = $3, status = $4, registered_at = $5, expires_at = $6, auto_renew = $7, locked = $8, nameservers = $9
    WHERE account_id = $1 AND id = $2";
const BY_NUMBER: &str = "SELECT id, name FROM accounts WHERE number = $1 AND status = 'active'";
const HAS_REQUESTS: &str = "SELECT count(*) FROM requests WHERE asset_id = $1 AND state = 'pending'";
const NAME_OF: &str = r"SELECT coalesce((SELECT coalesce(nullif(label, ''), product) FROM services WHERE account_id = $1
        AND id = $2), (SELECT name FROM domains WHERE account_id = $1 AND id = $2))";
const MOVE_SERVICE: &str = "UPDATE services SET account_id = $3 WHERE account_id = $1 AND id = $2";
const MOVE_DOMAIN: &str = "UPDATE domains SET account_id = $3 WHERE account_id = $1 AND id = $2";
const LEAVE_GRANTS: &str = "DELETE FROM grants WHERE asset_id = $1";
const CHANGED_KEYS: &str = r"UPDATE contacts
    SET key_version = key_version + 1
    WHERE account_id = $1 AND id IN (SELECT holder_id FROM grants WHERE asset_id = $2)";

#[derive(FromRow)]
struct ServiceRecord {
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
    panel_url: String,
}

fn day(at: Option<i64>) -> String {
    at.filter(|at| *at != 0).map(|at| Timestamp(at).day()).unwrap_or_default()
}

/// The form of a service, and its state.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn service(on: &mut impl OfAccount, id: &ServiceId) -> Result<(ServiceForm, String)> {
    let account = on.acting().account.clone();
    let row: Option<ServiceRecord> =
        on.connection().optional(SHOW_SERVICE, args![account.as_str(), id.as_str()]).await?;
    let row = row.ok_or(AppError::NotFound)?;
    let form = ServiceForm {
        product: row.product,
        label: row.label,
        price: typed(row.price_cents),
        currency: row.currency,
        cycle: row.cycle,
        next_due: day(row.next_due),
        domain: row.domain,
        server: row.server,
        login_name: row.login_name,
        panel_url: row.panel_url,
        notes: row.notes,
        active: if row.status == "pending" { String::new() } else { "on".into() },
        prorate: String::new(),
    };
    Ok((form, row.status))
}

/// Sets a service up, or changes the one with this id. Returns its id.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn save_service(
    tx: &mut Tx<InAccount>,
    id: Option<&ServiceId>,
    new: &ServiceData,
) -> Result<ServiceId> {
    let status = if new.active { ServiceStatus::Active } else { ServiceStatus::Pending };
    let Some(id) = id else {
        let account = tx.account().clone();
        let service = NewService {
            product: &new.product,
            label: &new.label,
            status,
            price: Money { cents: new.cents, currency: new.currency.clone() },
            cycle: Cycle::from_key(&new.cycle),
            next_due: new.next_due.map(Timestamp),
            domain: &new.domain,
            server: &new.server,
            login_name: &new.login_name,
            notes: &new.notes,
            panel_url: &new.panel_url,
        };
        return services::store::insert(tx, &account, &service).await;
    };
    let (key, status) = (new.name().to_lowercase(), status.key());
    let search = format!("{} {} {} {}", new.label, new.product, new.domain, new.server).to_lowercase();
    let done = tx
        .execute(
            CHANGE_SERVICE,
            args![
                id.as_str(),
                &new.product,
                &new.label,
                new.cents,
                &new.currency,
                &new.cycle,
                new.next_due,
                &new.domain,
                &new.server,
                &new.login_name,
                &new.notes,
                &new.panel_url,
                key,
                search,
                status
            ],
        )
        .await?;
    if done == 0 { Err(AppError::NotFound) } else { Ok(id.clone()) }
}

/// Does something to a service that it can stand. Says whether it was done.
pub async fn act(tx: &mut Tx<InAccount>, id: &ServiceId, act: ServiceAct) -> Result<bool> {
    let (from, to) = act.states();
    for state in from {
        if tx.execute(SET_STATUS, args![id.as_str(), to, *state]).await? > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The form of a domain.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn domain(on: &mut impl OfAccount, id: &DomainId) -> Result<DomainForm> {
    type Tuple = (String, i64, i64, String, bool, bool, String);
    let account = on.acting().account.clone();
    let row: Option<Tuple> =
        on.connection().optional(SHOW_DOMAIN, args![account.as_str(), id.as_str()]).await?;
    let (name, registered, expires, status, auto_renew, locked, nameservers) =
        row.ok_or(AppError::NotFound)?;
    let on = |yes: bool| if yes { "on".to_owned() } else { String::new() };
    Ok(DomainForm {
        name,
        registered: day(Some(registered)),
        expires: day(Some(expires)),
        status,
        auto_renew: on(auto_renew),
        locked: on(locked),
        nameservers,
    })
}

/// Enters a domain, or changes the one with this id. Returns its id.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn save_domain(
    tx: &mut Tx<InAccount>,
    id: Option<&DomainId>,
    new: &DomainData,
) -> Result<DomainId> {
    let DomainData { name, registered, expires, status, auto_renew, locked, nameservers } = new;
    let Some(id) = id else {
        let account = tx.account().clone();
        let domain = NewDomain {
            name,
            status: DomainStatus::from_key(status),
            registered: Timestamp(*registered),
            expires: Timestamp(*expires),
            auto_renew: *auto_renew,
            locked: *locked,
            nameservers,
        };
        return domains::store::insert(tx, &account, &domain).await;
    };
    let args = args![id.as_str(), name, status, *registered, *expires, *auto_renew, *locked, nameservers];
    let done = tx.execute(CHANGE_DOMAIN, args).await?;
    if done == 0 { Err(AppError::NotFound) } else { Ok(id.clone()) }
}

/// An open account by its number: its id and name.
pub async fn by_number(tx: &mut Tx<InAccount>, number: i64) -> Result<Option<(AccountId, String)>> {
    let row: Option<(String, String)> = tx.conn().optional(BY_NUMBER, args![number]).await?;
    Ok(row.map(|(id, name)| (id.into(), name)))
}

/// Moves a service or domain to another account. Returns what it is called.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] while it has open requests.
pub async fn move_asset(tx: &mut Tx<InAccount>, asset: &AssetId, to: &AccountId) -> Result<String> {
    let name: Option<String> = tx.value(NAME_OF, args![asset.as_str()]).await?;
    let name = name.ok_or(AppError::NotFound)?;
    if tx.conn().value::<i64>(HAS_REQUESTS, args![asset.as_str()]).await? > 0 {
        return Err(AppError::Conflict(words::HAS_REQUESTS.into()));
    }
    tx.execute(CHANGED_KEYS, args![asset.as_str()]).await?;
    tx.conn().execute(LEAVE_GRANTS, args![asset.as_str()]).await?;
    if tx.execute(MOVE_SERVICE, args![asset.as_str(), to.as_str()]).await? == 0 {
        tx.execute(MOVE_DOMAIN, args![asset.as_str(), to.as_str()]).await?;
    }
    Ok(name)
}
