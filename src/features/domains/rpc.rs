//! Server functions of domains. Line 1 of each is the proof of access.

use super::model::{DomainView, Query, Row};
#[cfg(feature = "ssr")]
use super::model::{Status, nameservers};
#[cfg(feature = "ssr")]
use super::store;
#[cfg(feature = "ssr")]
use crate::access::{Access, ManageDomain, ViewDomain, ViewDomains};
#[cfg(feature = "ssr")]
use crate::error::AppError;
use crate::error::{Done, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::Kind as Happened;
#[cfg(feature = "ssr")]
use crate::features::audit::trail::Entry;
#[cfg(feature = "ssr")]
use crate::features::requests;
#[cfg(feature = "ssr")]
use crate::features::requests::model::{Kind, New};
#[cfg(feature = "ssr")]
use crate::paths;
use crate::types::{AccountId, DomainId, Page};
use leptos::prelude::*;

/// A page of the domains that the person may see.
#[server(prefix = "/rpc", endpoint = "domains/list")]
pub async fn list_domains(account: AccountId, #[server(flatten)] query: Query) -> Result<Page<Row>> {
    let access = Access::<ViewDomains>::to(account).await?;
    store::list(&mut access.read().await?, &query).await
}

/// One domain.
#[server(prefix = "/rpc", endpoint = "domains/show")]
pub async fn show_domain(account: AccountId, domain: DomainId) -> Result<DomainView> {
    let access = Access::<ViewDomain>::on_domain(account, &domain).await?;
    store::show(&mut access.read().await?, &domain, access.held()).await
}

/// Requests other nameservers: recorded, mailed to staff, and pending until they answer.
#[server(prefix = "/rpc", endpoint = "domains/request-nameservers")]
pub async fn request_nameservers(account: AccountId, domain: DomainId, #[server(default)] nameservers_wanted: String) -> Result<Done> {
    let access = Access::<ManageDomain>::on_domain(account, &domain).await?;
    let wanted = nameservers(&nameservers_wanted).map_err(|message| AppError::field("nameservers_wanted", message))?;
    let mut tx = access.begin().await?;
    let view = store::show(&mut tx, &domain, access.held()).await?;
    in_use(&view)?;
    if view.nameservers == wanted {
        return Err(AppError::field("nameservers_wanted", format!("{} has these nameservers already.", view.name)));
    }
    let say =
        requests::store::record(&mut tx, &domain.thing(), &view.name, &New { kind: Kind::Nameservers, wanted: &wanted, from: None }, &access.visit().reading())
            .await?;
    tx.commit().await?;
    Ok(Done::at(paths::domain(&access.member().in_url, &domain), say))
}

/// Requests that the registrar lock is switched the other way.
#[server(prefix = "/rpc", endpoint = "domains/request-lock")]
pub async fn request_lock(account: AccountId, domain: DomainId, #[server(default)] on: String) -> Result<Done> {
    let access = Access::<ManageDomain>::on_domain(account, &domain).await?;
    let mut tx = access.begin().await?;
    let view = store::show(&mut tx, &domain, access.held()).await?;
    in_use(&view)?;
    let wanted = !on.is_empty();
    if view.locked == wanted {
        return Err(AppError::Conflict(format!("The registrar lock of {} is {} already.", view.name, if wanted { "on" } else { "off" })));
    }
    let new = New { kind: Kind::Lock, wanted: if wanted { "on" } else { "off" }, from: None };
    let say = requests::store::record(&mut tx, &domain.thing(), &view.name, &new, &access.visit().reading()).await?;
    tx.commit().await?;
    Ok(Done::at(paths::domain(&access.member().in_url, &domain), say))
}

/// Refuses to change a domain that was given up.
#[cfg(feature = "ssr")]
fn in_use(view: &DomainView) -> Result<()> {
    if view.status == Status::Cancelled { Err(AppError::Conflict(format!("{} was given up; nothing can be changed about it.", view.name))) } else { Ok(()) }
}

/// Takes a request about a domain back, while staff have not answered.
#[server(prefix = "/rpc", endpoint = "domains/withdraw-request")]
pub async fn withdraw_domain_request(account: AccountId, domain: DomainId, #[server(default)] kind: String) -> Result<Done> {
    let access = Access::<ManageDomain>::on_domain(account, &domain).await?;
    let kind = Kind::from_key(&kind).filter(|kind| matches!(kind, Kind::Nameservers | Kind::Lock)).ok_or(AppError::NotFound)?;
    let mut tx = access.begin().await?;
    let view = store::show(&mut tx, &domain, access.held()).await?;
    let say = requests::store::take_back(&mut tx, &domain.thing(), &view.name, kind).await?;
    tx.commit().await?;
    Ok(Done::at(paths::domain(&access.member().in_url, &domain), say))
}

/// Switches automatic renewal, at once.
#[server(prefix = "/rpc", endpoint = "domains/set-auto-renew")]
pub async fn set_auto_renew(account: AccountId, domain: DomainId, #[server(default)] on: String) -> Result<Done> {
    let access = Access::<ManageDomain>::on_domain(account, &domain).await?;
    let mut tx = access.begin().await?;
    let view = store::show(&mut tx, &domain, access.held()).await?;
    in_use(&view)?;
    let on = !on.is_empty();
    store::set_auto_renew(&mut tx, &domain, on).await?;
    let word = if on { "on" } else { "off" };
    tx.record(Entry::new(Happened::RenewalSwitched, format!("switched the automatic renewal of {} {word}", view.name))).await?;
    tx.commit().await?;
    let say = if on {
        format!("{} is renewed automatically from now on.", view.name)
    } else {
        format!("{} is no longer renewed automatically: it ends on {}.", view.name, access.visit().reading().date(view.expires))
    };
    Ok(Done::at(paths::domain(&access.member().in_url, &domain), say))
}
