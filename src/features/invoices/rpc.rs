//! Server functions of invoices. Line 1 of each is the proof of access.

use super::model::{Balance, InvoiceRow, InvoiceView, StatementRow};
#[cfg(feature = "ssr")]
use super::model::{InvoiceStatus, TransferDetails, grouped};
#[cfg(feature = "ssr")]
use super::{pdf, store, words, write};
#[cfg(feature = "ssr")]
use crate::access::{Access, PayInvoices, ViewInvoices};
#[cfg(feature = "ssr")]
use crate::error::AppError;
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::AuditKind;
#[cfg(feature = "ssr")]
use crate::features::audit::record::Entry;
#[cfg(feature = "ssr")]
use crate::features::deliveries::model::DeliveryState;
#[cfg(feature = "ssr")]
use crate::features::{deliveries, payments};
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use crate::permission::{Permission, StaffPermission};
use crate::types::{AccountId, InvoiceId, ListQuery, Page};
use leptos::prelude::*;

/// A page of the account's invoices and credit notes.
#[server(prefix = "/rpc", endpoint = "invoices/list")]
pub async fn list_invoices(
    account: AccountId,
    #[server(flatten)] query: ListQuery,
) -> Result<Page<InvoiceRow>> {
    let access = Access::<ViewInvoices>::to(account).await?;
    store::list(&mut access.read().await?, &query).await
}

/// What the account owes and is owed, per currency.
#[server(prefix = "/rpc", endpoint = "invoices/balances")]
pub async fn show_balances(account: AccountId) -> Result<Vec<Balance>> {
    let access = Access::<ViewInvoices>::to(account).await?;
    store::balances(&mut access.read().await?).await
}

/// The newest 500 entries of the account's ledger.
#[server(prefix = "/rpc", endpoint = "invoices/statement")]
pub async fn show_statement(account: AccountId) -> Result<Vec<StatementRow>> {
    let access = Access::<ViewInvoices>::to(account).await?;
    store::statement(&mut access.read().await?).await
}

/// One invoice; how to pay it only for who may.
#[server(prefix = "/rpc", endpoint = "invoices/show")]
pub async fn show_invoice(account: AccountId, invoice: InvoiceId) -> Result<InvoiceView> {
    let access = Access::<ViewInvoices>::to(account).await?;
    let mut reader = access.read().await?;
    let found = store::find(&mut reader, &invoice).await?;
    let (member, now) = (access.membership(), reader.now());
    let lines = store::lines(reader.conn(), &found.id).await?;
    let payments = store::payments(reader.conn(), &found.id).await?;
    let credit_notes = store::credit_notes(reader.conn(), &found.id).await?;
    let corrects = store::corrected(reader.conn(), &found).await?;
    let credit = store::credit(reader.conn(), &member.account, &found.currency).await?;
    let settings = store::billing_settings(reader.conn()).await?;
    let may_pay = member.permissions.has(Permission::PayInvoices) && member.preview.is_none();
    // Only for who can pay, and while there is something to.
    let (card, methods) = if may_pay && found.open() > 0 {
        let gateway = payments::store::gateway(reader.conn(), access.app().key()).await?;
        let kept = match &gateway {
            Some(_) => payments::store::methods(reader.conn(), member.account.as_str()).await?,
            None => Vec::new(),
        };
        (gateway.is_some(), kept.into_iter().map(|one| (one.id, one.label)).collect())
    } else {
        (false, Vec::new())
    };
    let mut delivery = match found.xml.as_str() {
        "" => None,
        _ => deliveries::store::of(reader.conn(), &invoice).await?,
    };
    // Why it does not go may name what is not the customer's business.
    if member.staff.is_none()
        && let Some(of) = delivery.as_mut().filter(|of| of.state != DeliveryState::Sent)
    {
        of.says.clear();
    }
    let (mut payer, mut seller) = found.parties();
    if found.status() == InvoiceStatus::Draft {
        payer = store::payer(reader.conn(), &member.account).await?;
        seller = store::seller(reader.conn(), &access.app().config().operator_name).await?;
    }
    let pay = (found.open() > 0 && member.permissions.has(Permission::PayInvoices)).then(|| {
        let code = pdf::transfer_code(&settings, &found.number, &found.money(found.open()));
        TransferDetails {
            holder: settings.holder.clone(),
            iban: grouped(&settings.iban),
            bic: settings.bic.clone(),
            bank: settings.bank.clone(),
            reference: found.number.clone(),
            qr: code.as_deref().and_then(pdf::transfer_picture).unwrap_or_default(),
        }
    });
    Ok(InvoiceView {
        row: found.row(),
        lines,
        inclusive: found.inclusive,
        taxes: found.sums(),
        sums: (found.net, found.tax, found.rounding),
        payer,
        seller,
        note: found.note.clone(),
        payments,
        credit_notes,
        corrects,
        pay,
        credit,
        card,
        methods,
        xml: !found.xml.is_empty(),
        delivery,
        may_pay,
        may_manage: member.staff.is_some_and(|held| held.has(StaffPermission::ManageInvoices)),
        version: found.version,
        now,
    })
}

/// Pays what is open of an invoice from the account's credit, as far as it goes.
#[server(prefix = "/rpc", endpoint = "invoices/use-credit")]
pub async fn use_credit(account: AccountId, invoice: InvoiceId) -> Result<Outcome> {
    let access = Access::<PayInvoices>::to(account).await?;
    let mut tx = access.begin().await?;
    let found = store::find(&mut tx, &invoice).await?;
    let used = write::use_credit(&mut tx, &invoice).await?;
    if used == 0 {
        return Err(AppError::Conflict(words::NO_CREDIT.into()));
    }
    let says = words::paid_from_credit(&found.number, &found.money(used));
    tx.record(Entry::new(AuditKind::InvoicePaid, says)).await?;
    let to = paths::invoice(&access.membership().in_url, &invoice);
    tx.commit().await?;
    Ok(Outcome::at(to, words::paid_with_credit(&found.money(used))))
}
