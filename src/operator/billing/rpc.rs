//! Server functions of a night's work. Line 1 of each is the proof of access.

use super::model::{AccessPointForm, BillingPage, GatewayForm, GatewayView};
#[cfg(feature = "ssr")]
use super::words;
#[cfg(feature = "ssr")]
use crate::access::Staff;
#[cfg(feature = "ssr")]
use crate::access::staff::{EditSettings, ManageInvoices, ViewInvoices};
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::{AuditChange, AuditKind};
#[cfg(feature = "ssr")]
use crate::features::audit::record::Entry;
#[cfg(feature = "ssr")]
use crate::features::billing;
#[cfg(feature = "ssr")]
use crate::features::deliveries::store as deliveries;
#[cfg(feature = "ssr")]
use crate::features::deliveries::words::NO_ACCESS_POINT;
#[cfg(feature = "ssr")]
use crate::features::invoices::store::billing_settings;
#[cfg(feature = "ssr")]
use crate::features::payments::store::{GatewaySettings, gateway_settings, seal, set_gateway_settings};
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use crate::permission::StaffPermission;
#[cfg(feature = "ssr")]
use crate::types::Timestamp;
use leptos::prelude::*;

/// What the next night will do, and what nights did; `night` is the one whose work is listed, else the last.
#[server(prefix = "/rpc", endpoint = "operator/billing/show")]
pub async fn show_billing(#[server(default)] night: String) -> Result<BillingPage> {
    let staff = Staff::<ViewInvoices>::now().await?;
    let mut reader = staff.read().await?;
    let now = reader.now();
    let settings = billing_settings(reader.conn()).await?;
    let nights = billing::store::nights(reader.conn(), now).await?;
    // What was not done today, from its hour on; else what is left for tomorrow.
    let today = Timestamp(now.midnight().0 + settings.hour * 3_600_000);
    let ended = billing::store::has_ended(reader.conn(), &now.day()).await?;
    let next = if ended { today.plus_days(1) } else { today.max(now) };
    let plan = billing::write::plan(reader.conn(), &settings, next).await?;
    let night = match nights.iter().find(|one| one.night == night).or(nights.first()) {
        Some(one) => one.night.clone(),
        None => String::new(),
    };
    let done = billing::store::done(reader.conn(), &night).await?;
    let may_manage = staff.member().permissions.has(StaffPermission::ManageInvoices);
    let automatic = settings.automatic;
    Ok(BillingPage { automatic, next, plan, nights, night, done, may_manage, now })
}

/// Has what is left of the night's work done at once.
#[server(prefix = "/rpc", endpoint = "operator/billing/run")]
pub async fn run_billing() -> Result<Outcome> {
    let staff = Staff::<ManageInvoices>::now().await?;
    let mut tx = staff.begin().await?;
    tx.record(Entry::new(AuditKind::InvoiceIssued, words::STARTED_ENTRY)).await?;
    tx.commit().await?;
    let app = staff.app().clone();
    tokio::spawn(async move {
        if let Err(error) = billing::write::tonight(&app, true).await {
            tracing::warn!(%error, "the night's billing was not done");
        }
    });
    Ok(Outcome::at(paths::BILLING.to_owned(), words::STARTED))
}

/// How payment by card is set up. What is secret is not shown: only whether it is there.
#[server(prefix = "/rpc", endpoint = "operator/billing/show-gateway")]
pub async fn show_gateway() -> Result<GatewayView> {
    let staff = Staff::<EditSettings>::now().await?;
    let stored = gateway_settings(staff.read().await?.conn()).await?;
    Ok(GatewayView {
        url: stored.url,
        has_key: !stored.key.is_empty(),
        has_signing: !stored.signing.is_empty(),
        hook: staff.app().url(paths::GATEWAY),
    })
}

/// Sets payment by card up. A secret that is left empty stays as it is, until it is taken away.
#[server(prefix = "/rpc", endpoint = "operator/billing/save-gateway")]
pub async fn save_gateway(#[server(flatten)] form: GatewayForm) -> Result<Outcome> {
    let staff = Staff::<EditSettings>::now().await?.just_confirmed()?;
    form.check()?;
    let mut tx = staff.begin().await?;
    let before = gateway_settings(tx.conn()).await?;
    let key = staff.app().key();
    let kept = |typed: &str, known: &str| match typed.trim() {
        _ if !form.remove.is_empty() => String::new(),
        "" => known.to_owned(),
        typed => seal(key, typed),
    };
    let new = GatewaySettings {
        url: form.url.trim().trim_end_matches('/').to_owned(),
        key: kept(&form.key, &before.key),
        signing: kept(&form.signing, &before.signing),
    };
    set_gateway_settings(&mut tx, &new).await?;
    let says = if new.key.is_empty() { words::GATEWAY_REMOVED_ENTRY } else { words::GATEWAY_CHANGED_ENTRY };
    let changes = AuditChange::between(words::GATEWAY_URL, &before.url, &new.url);
    tx.record(Entry::new(AuditKind::SettingsChanged, says).with(changes)).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::BILLING_SETTINGS, words::GATEWAY_SAVED))
}

/// Where the access point for e-invoices is asked, and whether it knows us by something. What that is is not shown.
#[server(prefix = "/rpc", endpoint = "operator/billing/show-access-point")]
pub async fn show_access_point() -> Result<(String, bool)> {
    let staff = Staff::<EditSettings>::now().await?;
    let stored = deliveries::access_point_settings(staff.read().await?.conn()).await?;
    Ok((stored.url, !stored.token.is_empty()))
}

/// Sets the access point for e-invoices up, or takes it away. A token that is left empty stays as it is.
#[server(prefix = "/rpc", endpoint = "operator/billing/save-access-point")]
pub async fn save_access_point(#[server(flatten)] form: AccessPointForm) -> Result<Outcome> {
    let staff = Staff::<EditSettings>::now().await?.just_confirmed()?;
    form.check()?;
    let mut tx = staff.begin().await?;
    let before = deliveries::access_point_settings(tx.conn()).await?;
    let url = form.url.trim().trim_end_matches('/').to_owned();
    let token = match form.token.trim() {
        _ if url.is_empty() => String::new(),
        "" => before.token.clone(),
        typed => deliveries::seal(staff.app().key(), typed),
    };
    let new = deliveries::AccessPointSettings { url, token };
    deliveries::set_access_point_settings(&mut tx, &new).await?;
    let given_up = match new.url.is_empty() {
        true => deliveries::give_all_up(&mut tx, NO_ACCESS_POINT).await?,
        false => 0,
    };
    let says = if new.url.is_empty() { words::POINT_REMOVED_ENTRY } else { words::POINT_CHANGED_ENTRY };
    let changes = AuditChange::between(words::POINT_URL, &before.url, &new.url);
    tx.record(Entry::new(AuditKind::SettingsChanged, says).with(changes)).await?;
    tx.commit().await?;
    let says = if given_up > 0 { words::point_removed(&given_up) } else { words::POINT_SAVED.to_owned() };
    Ok(Outcome::at(paths::BILLING_SETTINGS, says))
}
