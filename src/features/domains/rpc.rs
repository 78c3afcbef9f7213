//! Server functions of domains. Line 1 of each is the proof of access.

use super::model::{DomainRow, DomainView};
#[cfg(feature = "ssr")]
use super::model::{DomainStatus, nameservers};
#[cfg(feature = "ssr")]
use super::store;
#[cfg(feature = "ssr")]
use super::words;
#[cfg(feature = "ssr")]
use crate::access::{Access, ManageDomain, ViewDomain, ViewDomains};
#[cfg(feature = "ssr")]
use crate::error::AppError;
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::AuditKind;
#[cfg(feature = "ssr")]
use crate::features::audit::record::Entry;
#[cfg(feature = "ssr")]
use crate::features::requests;
#[cfg(feature = "ssr")]
use crate::features::requests::model::{NewRequest, RequestKind};
#[cfg(feature = "ssr")]
use crate::paths;
use crate::types::{AccountId, DomainId, ListQuery, Page};
use leptos::prelude::*;

/// A page of the domains that the person may see.
#[server(prefix = "/rpc", endpoint = "domains/list")]
pub async fn list_domains(
    account: AccountId,
    #[server(flatten)] query: ListQuery,
) -> Result<Page<DomainRow>> {
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
pub async fn request_nameservers(
    account: AccountId,
    domain: DomainId,
    #[server(default)] nameservers_wanted: String,
) -> Result<Outcome> {
    let access = Access::<ManageDomain>::on_domain(account, &domain).await?;
    let wanted =
        nameservers(&nameservers_wanted).map_err(|message| AppError::field("nameservers_wanted", message))?;
    let mut tx = access.begin().await?;
    let view = store::show(&mut tx, &domain, access.held()).await?;
    in_use(&view)?;
    if view.nameservers == wanted {
        return Err(AppError::field("nameservers_wanted", words::already_has_these_nameservers(&view.name)));
    }
    let say = requests::store::record(
        &mut tx,
        &domain.asset(),
        &view.name,
        &NewRequest { kind: RequestKind::Nameservers, wanted: &wanted, from: None },
        &access.context().time_format(),
    )
    .await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::domain(&access.membership().in_url, &domain), say))
}

/// Requests that the registrar lock is switched the other way.
#[server(prefix = "/rpc", endpoint = "domains/request-lock")]
pub async fn request_lock(
    account: AccountId,
    domain: DomainId,
    #[server(default)] on: String,
) -> Result<Outcome> {
    let access = Access::<ManageDomain>::on_domain(account, &domain).await?;
    let mut tx = access.begin().await?;
    let view = store::show(&mut tx, &domain, access.held()).await?;
    in_use(&view)?;
    let wanted = !on.is_empty();
    if view.locked == wanted {
        return Err(AppError::Conflict(words::the_registrar_lock_of_is(
            &view.name,
            &(if wanted { "on" } else { "off" }),
        )));
    }
    let new = NewRequest { kind: RequestKind::Lock, wanted: if wanted { "on" } else { "off" }, from: None };
    let say =
        requests::store::record(&mut tx, &domain.asset(), &view.name, &new, &access.context().time_format())
            .await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::domain(&access.membership().in_url, &domain), say))
}

/// Refuses to change a domain that was given up.
#[cfg(feature = "ssr")]
fn in_use(view: &DomainView) -> Result<()> {
    if view.status == DomainStatus::Cancelled {
        Err(AppError::Conflict(words::has_been_cancelled_so_nothing(&view.name)))
    } else {
        Ok(())
    }
}

/// Takes a request about a domain back, while staff have not answered.
#[server(prefix = "/rpc", endpoint = "domains/withdraw-request")]
pub async fn withdraw_domain_request(
    account: AccountId,
    domain: DomainId,
    #[server(default)] kind: String,
) -> Result<Outcome> {
    let access = Access::<ManageDomain>::on_domain(account, &domain).await?;
    let kind = RequestKind::from_key(&kind)
        .filter(|kind| matches!(kind, RequestKind::Nameservers | RequestKind::Lock))
        .ok_or(AppError::NotFound)?;
    let mut tx = access.begin().await?;
    let view = store::show(&mut tx, &domain, access.held()).await?;
    let say = requests::store::take_back(&mut tx, &domain.asset(), &view.name, kind).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::domain(&access.membership().in_url, &domain), say))
}

/// Switches automatic renewal, at once.
#[server(prefix = "/rpc", endpoint = "domains/set-auto-renew")]
pub async fn set_auto_renew(
    account: AccountId,
    domain: DomainId,
    #[server(default)] on: String,
) -> Result<Outcome> {
    let access = Access::<ManageDomain>::on_domain(account, &domain).await?;
    let mut tx = access.begin().await?;
    let view = store::show(&mut tx, &domain, access.held()).await?;
    in_use(&view)?;
    let on = !on.is_empty();
    store::set_auto_renew(&mut tx, &domain, on).await?;
    let word = if on { "on" } else { "off" };
    tx.record(Entry::new(
        AuditKind::RenewalSwitched,
        words::switched_automatic_renewal_of(&view.name, &word),
    ))
    .await?;
    tx.commit().await?;
    let say = if on {
        words::now_renews_automatically(&view.name)
    } else {
        words::no_longer_renews_automatically_it(
            &view.name,
            &access.context().time_format().date(view.expires),
        )
    };
    Ok(Outcome::at(paths::domain(&access.membership().in_url, &domain), say))
}
