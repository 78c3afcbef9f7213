//! Server functions of services. Line 1 of each is the proof of access.

use super::model::{CancelForm, ServiceRow, ServiceView};
#[cfg(feature = "ssr")]
use super::store;
#[cfg(feature = "ssr")]
use super::words;
#[cfg(feature = "ssr")]
use crate::access::{
    Access, CancelService, Public, Requirement, UpgradeService, UseServicePanel, ViewService, ViewServices,
};
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
#[cfg(feature = "ssr")]
use crate::types::text_block;
use crate::types::{AccountId, ListQuery, Page, ServiceId};
use leptos::prelude::*;

/// A page of the services that the person may see.
#[server(prefix = "/rpc", endpoint = "services/list")]
pub async fn list_services(
    account: AccountId,
    #[server(flatten)] query: ListQuery,
) -> Result<Page<ServiceRow>> {
    let access = Access::<ViewServices>::to(account).await?;
    store::list(&mut access.read().await?, &query).await
}

/// One service, with billing information only for who may see it.
#[server(prefix = "/rpc", endpoint = "services/show")]
pub async fn show_service(account: AccountId, service: ServiceId) -> Result<ServiceView> {
    let access = Access::<ViewService>::on_service(account, &service).await?;
    store::show(&mut access.read().await?, &service, access.held()).await
}

/// Makes a link to the control panel that signs the person on, once, within a minute; returns it.
#[server(prefix = "/rpc", endpoint = "services/open-panel")]
pub async fn open_panel(account: AccountId, service: ServiceId) -> Result<String> {
    let access = Access::<UseServicePanel>::on_service(account, &service).await?;
    let mut tx = access.begin().await?;
    let view = store::show(&mut tx, &service, access.held()).await?;
    let link = store::sign_on_link(&mut tx, &service).await?;
    tx.record(Entry::new(AuditKind::PanelOpened, words::opened_the_control_panel_of(&view.name()))).await?;
    tx.commit().await?;
    Ok(link)
}

/// "Request upgrade": recorded, mailed to staff, and pending until they answer.
#[server(prefix = "/rpc", endpoint = "services/request-upgrade")]
pub async fn request_upgrade(
    account: AccountId,
    service: ServiceId,
    #[server(default)] wanted: String,
) -> Result<Outcome> {
    let access = Access::<UpgradeService>::on_service(account, &service).await?;
    let wanted = text_block(&wanted, 2_000).map_err(|message| AppError::field("wanted", message))?;
    if wanted.is_empty() {
        return Err(AppError::field("wanted", words::SAY_WHAT_YOU_NEED_FOR));
    }
    ask(&access, &service, NewRequest { kind: RequestKind::Upgrade, wanted: &wanted, from: None }).await
}

/// "Request cancellation", with a reason and a date, after confirming it.
#[server(prefix = "/rpc", endpoint = "services/request-cancellation")]
pub async fn request_cancellation(
    account: AccountId,
    service: ServiceId,
    #[server(flatten)] form: CancelForm,
) -> Result<Outcome> {
    let access = Access::<CancelService>::on_service(account, &service).await?;
    let (reason, day) = form.parse(access.app().now(), &access.context().time_format())?;
    ask(&access, &service, NewRequest { kind: RequestKind::Cancel, wanted: &reason, from: day }).await
}

#[cfg(feature = "ssr")]
async fn ask<P: Requirement>(
    access: &Access<P>,
    service: &ServiceId,
    new: NewRequest<'_>,
) -> Result<Outcome> {
    let mut tx = access.begin().await?;
    let view = store::show(&mut tx, service, access.held()).await?;
    if view.status == super::model::ServiceStatus::Cancelled {
        return Err(AppError::Conflict(words::has_already_ended(&view.name())));
    }
    let say = requests::store::record(
        &mut tx,
        &service.asset(),
        view.name(),
        &new,
        &access.context().time_format(),
    )
    .await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::service(&access.membership().in_url, service), say))
}

/// Takes a request for an upgrade back, while staff have not answered.
#[server(prefix = "/rpc", endpoint = "services/withdraw-upgrade")]
pub async fn withdraw_upgrade(account: AccountId, service: ServiceId) -> Result<Outcome> {
    let access = Access::<UpgradeService>::on_service(account, &service).await?;
    take_back(&access, &service, RequestKind::Upgrade).await
}

/// Takes a request for a cancellation back, while staff have not answered.
#[server(prefix = "/rpc", endpoint = "services/withdraw-cancellation")]
pub async fn withdraw_cancellation(account: AccountId, service: ServiceId) -> Result<Outcome> {
    let access = Access::<CancelService>::on_service(account, &service).await?;
    take_back(&access, &service, RequestKind::Cancel).await
}

#[cfg(feature = "ssr")]
async fn take_back<P: Requirement>(
    access: &Access<P>,
    service: &ServiceId,
    kind: RequestKind,
) -> Result<Outcome> {
    let mut tx = access.begin().await?;
    let view = store::show(&mut tx, service, access.held()).await?;
    let say = requests::store::take_back(&mut tx, &service.asset(), view.name(), kind).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::service(&access.membership().in_url, service), say))
}

/// What the control panel of the demo learns from a sign-on link: server, login name, domain, and who signs
/// on. Takes the link.
#[server(prefix = "/rpc", endpoint = "services/demo-panel")]
pub async fn demo_panel(
    #[server(default)] sign_on: String,
) -> Result<Option<(String, String, String, String)>> {
    let public = Public::because("demo mode only: plays a control panel, which asks as anybody could")?;
    if !public.app().config().demo {
        return Err(AppError::NotFound);
    }
    let Some(secret) = store::signed_secret(public.app().key(), &sign_on) else { return Ok(None) };
    let mut tx = public.begin().await?;
    let taken = store::take_sign_on(&mut tx, secret).await?;
    tx.unaudited("opening the control panel left it");
    tx.commit().await?;
    Ok(taken.map(|taken| (taken.server, taken.login, taken.domain, taken.name)))
}
