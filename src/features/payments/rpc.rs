//! Server functions of payment through a gateway. Line 1 of each is the proof of access.

#[cfg(feature = "ssr")]
use super::model::{CheckoutState, MethodRow};
use super::model::{Confirmed, MethodsPage};
#[cfg(feature = "ssr")]
use super::{store, words, write};
#[cfg(feature = "ssr")]
use crate::access::{Access, ManagePaymentMethods, PayInvoices};
#[cfg(feature = "ssr")]
use crate::error::AppError;
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::invoices;
#[cfg(feature = "ssr")]
use crate::paths;
use crate::types::{AccountId, InvoiceId};
use leptos::prelude::*;

/// The gateway's page on which what is open of an invoice is paid.
#[server(prefix = "/rpc", endpoint = "payments/begin")]
pub async fn begin_checkout(account: AccountId, invoice: InvoiceId) -> Result<String> {
    let access = Access::<PayInvoices>::to(account).await?;
    write::begin(&access, &invoice).await
}

/// How a checkout stands: the gateway is asked, and what has arrived is booked.
#[server(prefix = "/rpc", endpoint = "payments/confirm")]
pub async fn confirm_checkout(
    account: AccountId,
    invoice: InvoiceId,
    #[server(default)] checkout: String,
) -> Result<Confirmed> {
    let access = Access::<PayInvoices>::to(account).await?;
    let mut reader = access.read().await?;
    let account = access.membership().account.clone();
    let found = store::find(reader.conn(), account.as_str(), &checkout).await?.ok_or(AppError::NotFound)?;
    let of = invoices::store::find(&mut reader, &invoice).await?;
    if found.invoice_id != of.id {
        return Err(AppError::NotFound);
    }
    let gateway = store::gateway(reader.conn(), access.app().key()).await?;
    drop(reader);
    let state = match gateway {
        // Who cannot be asked now is asked later.
        Some(stripe) => write::look(access.app(), &stripe, &found).await.unwrap_or(found.state()),
        None => found.state(),
    };
    Ok(Confirmed { state, invoice, number: of.number, amount: found.money() })
}

/// Pays what is open of an invoice with a card that is kept.
#[server(prefix = "/rpc", endpoint = "payments/charge")]
pub async fn pay_with_method(
    account: AccountId,
    invoice: InvoiceId,
    #[server(default)] method: String,
) -> Result<Outcome> {
    let access = Access::<PayInvoices>::to(account).await?;
    let state = write::charge_now(&access, &invoice, &method).await?;
    let of = invoices::store::find(&mut access.read().await?, &invoice).await?;
    let to = paths::invoice(&access.membership().in_url, &invoice);
    match state {
        CheckoutState::Paid => Ok(Outcome::at(to, words::paid_with(&of.money(of.total), &of.number))),
        CheckoutState::Begun => Ok(Outcome::at(to, words::BEING_PAID)),
        CheckoutState::Ended => Err(AppError::Conflict(words::WAS_DECLINED.into())),
        CheckoutState::Mismatch => Ok(Outcome::at(to, words::mismatch(&of.number))),
    }
}

/// The cards that the gateway keeps for the account.
#[server(prefix = "/rpc", endpoint = "payments/methods")]
pub async fn show_methods(account: AccountId) -> Result<MethodsPage> {
    let access = Access::<ManagePaymentMethods>::to(account).await?;
    let mut reader = access.read().await?;
    let all = store::methods(reader.conn(), access.membership().account.as_str()).await?;
    let set_up = store::gateway(reader.conn(), access.app().key()).await?.is_some();
    let row = |one: store::Method| MethodRow {
        id: one.id,
        label: one.label,
        expires: one.expires,
        automatic: one.automatic,
    };
    Ok(MethodsPage { methods: all.into_iter().map(row).collect(), set_up })
}

/// The gateway's page on which a card is added.
#[server(prefix = "/rpc", endpoint = "payments/add-method")]
pub async fn add_method(account: AccountId) -> Result<String> {
    let access = Access::<ManagePaymentMethods>::to(account).await?;
    write::add_method(&access).await
}

/// What became of a card that was being added: what it is called, if it is kept.
#[server(prefix = "/rpc", endpoint = "payments/confirm-method")]
pub async fn confirm_method(account: AccountId, #[server(default)] method: String) -> Result<Option<String>> {
    let access = Access::<ManagePaymentMethods>::to(account).await?;
    write::confirm_method(&access, &method).await
}

/// Removes a card, here and at the gateway.
#[server(prefix = "/rpc", endpoint = "payments/remove-method")]
pub async fn remove_method(account: AccountId, #[server(default)] method: String) -> Result<Outcome> {
    let access = Access::<ManagePaymentMethods>::to(account).await?;
    let label = write::remove_method(&access, &method).await?;
    Ok(Outcome::at(paths::payment_methods(&access.membership().in_url), words::removed(&label)))
}

/// Lets invoices be charged to a card on the day they are due; to none where none is named.
#[server(prefix = "/rpc", endpoint = "payments/set-automatic")]
pub async fn set_automatic(account: AccountId, #[server(default)] method: String) -> Result<Outcome> {
    let access = Access::<ManagePaymentMethods>::to(account).await?;
    let chosen = Some(method.as_str()).filter(|method| !method.is_empty());
    write::set_automatic(&access, chosen).await?;
    let mut reader = access.read().await?;
    let found = store::automatic(reader.conn(), access.membership().account.as_str()).await?;
    let says = found.map_or_else(|| words::NOW_MANUAL.to_owned(), |found| words::now_automatic(&found.label));
    Ok(Outcome::at(paths::payment_methods(&access.membership().in_url), says))
}
