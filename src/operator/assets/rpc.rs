//! Server functions of customers' services and domains. Line 1 of each is the proof of access.

use super::model::{DomainForm, DomainPage, ServiceForm, ServicePage};
#[cfg(feature = "ssr")]
use super::model::{ServiceAct, ServiceData, usual_price};
#[cfg(feature = "ssr")]
use super::{mail, store, words};
#[cfg(feature = "ssr")]
use crate::access::staff::EditServices;
#[cfg(feature = "ssr")]
use crate::access::{InAccount, Staff, Tx};
#[cfg(feature = "ssr")]
use crate::category::Category;
#[cfg(feature = "ssr")]
use crate::error::AppError;
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::{AuditChange, AuditKind};
#[cfg(feature = "ssr")]
use crate::features::audit::record::{Entry, record_as_staff};
#[cfg(feature = "ssr")]
use crate::features::billing;
#[cfg(feature = "ssr")]
use crate::features::billing::model::prorated;
#[cfg(feature = "ssr")]
use crate::features::invoices::model::InvoiceLine;
#[cfg(feature = "ssr")]
use crate::features::invoices::store::{billing_settings, tax_of};
#[cfg(feature = "ssr")]
use crate::features::recipients;
#[cfg(feature = "ssr")]
use crate::features::recipients::model::Event;
#[cfg(feature = "ssr")]
use crate::features::services::model::Cycle;
#[cfg(feature = "ssr")]
use crate::operator::products;
#[cfg(feature = "ssr")]
use crate::paths;
use crate::types::AccountId;
#[cfg(feature = "ssr")]
use crate::types::{AssetId, DomainId, Money, ServiceId, Timestamp, text_block};
use leptos::prelude::*;

/// The form of a service; empty for a new one.
#[server(prefix = "/rpc", endpoint = "operator/assets/show-service")]
pub async fn show_service_form(
    account: AccountId,
    #[server(default)] service: String,
) -> Result<ServicePage> {
    let staff = Staff::<EditServices>::now().await?;
    let mut products = products::store::list(staff.read().await?.conn()).await?;
    products.retain(|product| product.offered);
    let mut reader = staff.read().await?.into_account(&account).await?;
    let acting = reader.membership().clone();
    let (form, status) = match ServiceId::parse(&service) {
        Some(service) => store::service(&mut reader, &service).await?,
        None if service.is_empty() => {
            let form = ServiceForm { currency: "EUR".into(), active: "on".into(), ..ServiceForm::default() };
            (form, String::new())
        }
        None => return Err(AppError::NotFound),
    };
    let name = if form.label.is_empty() { form.product.clone() } else { form.label.clone() };
    Ok(ServicePage { account: (acting.account_name, acting.account_number), form, status, name, products })
}

/// Sets a service up, or changes it.
#[server(prefix = "/rpc", endpoint = "operator/assets/save-service")]
pub async fn save_service(
    account: AccountId,
    #[server(default)] service: String,
    #[server(flatten)] form: ServiceForm,
) -> Result<Outcome> {
    let staff = Staff::<EditServices>::now().await?;
    let known = ServiceId::parse(&service);
    let mut form = form;
    if known.is_none() && form.price.trim().is_empty() {
        let products = products::store::list(staff.read().await?.conn()).await?;
        form.price = usual_price(&products, &form).unwrap_or_default();
    }
    let new = form.parse()?;
    let mut tx = staff.begin().await?.into_account(&account).await?;
    let before = match &known {
        Some(service) => store::service(&mut tx, service).await?.0,
        None => ServiceForm::default(),
    };
    let id = store::save_service(&mut tx, known.as_ref(), &new).await?;
    let name = new.name().to_owned();
    if known.is_some() && !form.prorate.is_empty() {
        prorate(&mut tx, &before, &new).await?;
    }
    let (kind, says) = match known {
        Some(_) => (AuditKind::AssetChanged, words::changed_service(&name)),
        None => (AuditKind::AssetAdded, words::added_service(&name)),
    };
    let price = |form: &ServiceForm| format!("{} {}", form.price, form.currency).trim().to_owned();
    let changes = [
        AuditChange::between(words::PRODUCT, &before.product, &form.product),
        AuditChange::between(words::LABEL, &before.label, &form.label),
        AuditChange::between(words::PRICE, price(&before), price(&form)),
        AuditChange::between(words::NEXT_DUE, &before.next_due, &form.next_due),
        AuditChange::between(words::DOMAIN, &before.domain, &form.domain),
        AuditChange::between(words::SERVER, &before.server, &form.server),
    ];
    tx.record(Entry::new(kind, says).with(changes.into_iter().flatten())).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::service(&account, &id), words::saved(&name)))
}

/// Puts what a change of price comes to for the rest of the period on the next invoice. Where currency, length or date of
/// the period change too, there is no rest to speak of.
#[cfg(feature = "ssr")]
async fn prorate(tx: &mut Tx<InAccount>, before: &ServiceForm, new: &ServiceData) -> Result<()> {
    let old = before.parse()?;
    let same = old.currency == new.currency && old.cycle == new.cycle && old.next_due == new.next_due;
    let Some(due) = new.next_due.map(Timestamp).filter(|_| same) else { return Ok(()) };
    let (cycle, now) = (Cycle::from_key(&new.cycle), tx.now());
    let Some((cents, days, whole)) = prorated(new.cents - old.cents, cycle, due, None, now) else {
        return Ok(());
    };
    let settings = billing_settings(tx.conn()).await?;
    let account = tx.account().clone();
    let (category, rate) = tax_of(tx.conn(), &account, &settings).await?;
    let amount = Money { cents, currency: new.currency.clone() };
    let line = InvoiceLine {
        description: billing::words::prorated(
            &new.name(),
            &now.date(),
            &due.plus_days(-1).date(),
            &days,
            &whole,
        ),
        quantity: "1".into(),
        price: amount.typed(),
        category,
        rate,
        ..InvoiceLine::default()
    };
    billing::store::add_item(tx, &line, &amount, due).await
}

/// Suspends a service, switches it on again, or ends it; who gets mail about services is told.
#[server(prefix = "/rpc", endpoint = "operator/assets/act")]
pub async fn act_on_service(
    account: AccountId,
    #[server(default)] service: String,
    #[server(default)] act: String,
    #[server(default)] reason: String,
) -> Result<Outcome> {
    let staff = Staff::<EditServices>::now().await?;
    let service = ServiceId::parse(&service).ok_or(AppError::NotFound)?;
    let act = ServiceAct::from_key(&act).ok_or(AppError::NotFound)?;
    let reason = text_block(&reason, 500).map_err(|message| AppError::field("reason", message))?;
    if reason.is_empty() && act != ServiceAct::Unsuspend {
        return Err(AppError::field("reason", words::SAY_WHY));
    }
    let mut tx = staff.begin().await?.into_account(&account).await?;
    let (form, _) = store::service(&mut tx, &service).await?;
    let name = if form.label.is_empty() { form.product } else { form.label };
    if !store::act(&mut tx, &service, act).await? {
        return Err(AppError::Conflict(words::NOT_NOW.into()));
    }
    let people = recipients::store::people(tx.conn(), &account).await?;
    for recipient in recipients::model::recipients(&Event::Notice(Category::Service), &people) {
        let message = mail::acted(tx.app(), tx.membership(), &recipient, (&service, &name), act, &reason);
        tx.send(&message).await?;
    }
    let why = AuditChange::between(words::REASON, "", &reason);
    tx.record(Entry::new(AuditKind::AssetChanged, words::did(&act.done(), &name)).with(why)).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::service(&account, &service), words::acted(&name, &act.done())))
}

/// Moves a service or domain to another account.
#[server(prefix = "/rpc", endpoint = "operator/assets/move")]
pub async fn move_asset(
    account: AccountId,
    #[server(default)] asset: String,
    #[server(default)] number: String,
) -> Result<Outcome> {
    let staff = Staff::<EditServices>::now().await?;
    let asset = AssetId::parse(&asset).ok_or(AppError::NotFound)?;
    let mut tx = staff.begin().await?.into_account(&account).await?;
    let number = number.trim().parse::<i64>().unwrap_or_default();
    let target = store::by_number(&mut tx, number).await?;
    let (to, name) = target.ok_or_else(|| AppError::field("number", words::NO_SUCH_ACCOUNT))?;
    if to == account {
        return Err(AppError::field("number", words::SAME_ACCOUNT));
    }
    let asset = store::move_asset(&mut tx, &asset, &to).await?;
    let from = tx.membership().clone();
    let here = words::moved_here(&asset, &from.account_name, &from.account_number);
    tx.record(Entry::new(AuditKind::AssetMoved, words::moved_away(&asset, &name, &number))).await?;
    record_as_staff(&mut tx, &from.user, (&to, &name, number), Entry::new(AuditKind::AssetMoved, here))
        .await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::customer(&to), words::moved(&asset, &name)))
}

/// The form of a domain; empty for a new one.
#[server(prefix = "/rpc", endpoint = "operator/assets/show-domain")]
pub async fn show_domain_form(account: AccountId, #[server(default)] domain: String) -> Result<DomainPage> {
    let staff = Staff::<EditServices>::now().await?;
    let mut reader = staff.read().await?.into_account(&account).await?;
    let acting = reader.membership().clone();
    let form = match DomainId::parse(&domain) {
        Some(domain) => store::domain(&mut reader, &domain).await?,
        None if domain.is_empty() => {
            DomainForm { auto_renew: "on".into(), locked: "on".into(), ..DomainForm::default() }
        }
        None => return Err(AppError::NotFound),
    };
    Ok(DomainPage { account: (acting.account_name, acting.account_number), form })
}

/// Enters a domain, or changes it.
#[server(prefix = "/rpc", endpoint = "operator/assets/save-domain")]
pub async fn save_domain(
    account: AccountId,
    #[server(default)] domain: String,
    #[server(flatten)] form: DomainForm,
) -> Result<Outcome> {
    let staff = Staff::<EditServices>::now().await?;
    let new = form.parse()?;
    let known = DomainId::parse(&domain);
    let mut tx = staff.begin().await?.into_account(&account).await?;
    let before = match &known {
        Some(domain) => store::domain(&mut tx, domain).await?,
        None => DomainForm::default(),
    };
    let id = store::save_domain(&mut tx, known.as_ref(), &new).await?;
    let (kind, says) = match known {
        Some(_) => (AuditKind::AssetChanged, words::changed_service(&new.name)),
        None => (AuditKind::AssetAdded, words::added_service(&new.name)),
    };
    let changes = [
        AuditChange::between(words::EXPIRES, &before.expires, &form.expires),
        AuditChange::between(words::STATUS, &before.status, &new.status),
        AuditChange::between(words::NAMESERVERS, &before.nameservers, &new.nameservers),
    ];
    tx.record(Entry::new(kind, says).with(changes.into_iter().flatten())).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::domain(&account, &id), words::saved(&new.name)))
}
