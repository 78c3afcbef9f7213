//! Server functions of bank statements. Line 1 of each is the proof of access.

#[cfg(feature = "ssr")]
use super::model::LineState;
use super::model::StatementsPage;
#[cfg(feature = "ssr")]
use super::{store, words, write};
#[cfg(feature = "ssr")]
use crate::access::Staff;
#[cfg(feature = "ssr")]
use crate::access::staff::ManageInvoices;
#[cfg(feature = "ssr")]
use crate::error::AppError;
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use crate::types::line;
use leptos::prelude::*;

/// What came in, and the payments in one state.
#[server(prefix = "/rpc", endpoint = "operator/statements/show")]
pub async fn show_statements(#[server(default)] state: String) -> Result<StatementsPage> {
    let staff = Staff::<ManageInvoices>::now().await?;
    let mut reader = staff.read().await?;
    let state = LineState::from_key(&state);
    let rows = store::list(reader.conn(), state).await?;
    let since = reader.now().plus_days(-366);
    let sums = store::sums(reader.conn(), since).await?;
    let different = store::different(&mut reader).await?;
    let different = different.into_iter().map(|(account, name, invoice, asked, came)| {
        (account, name, invoice, words::asked_and_came(&asked, &came))
    });
    Ok(StatementsPage { state, rows, sums, different: different.collect() })
}

/// Books a payment on an invoice, or as the credit of a customer.
#[server(prefix = "/rpc", endpoint = "operator/statements/book")]
pub async fn book_payment(
    #[server(default)] id: String,
    #[server(default)] number: String,
) -> Result<Outcome> {
    let staff = Staff::<ManageInvoices>::now().await?;
    let says = write::book_on(&staff, &id, &number).await?;
    Ok(Outcome::at(paths::STATEMENTS, says))
}

/// Puts a payment aside: it is none of a customer's.
#[server(prefix = "/rpc", endpoint = "operator/statements/put-aside")]
pub async fn put_aside(#[server(default)] id: String, #[server(default)] reason: String) -> Result<Outcome> {
    let staff = Staff::<ManageInvoices>::now().await?;
    let reason = line(&reason, 200).map_err(|message| AppError::field("reason", message))?;
    if reason.is_empty() {
        return Err(AppError::field("reason", words::SAY_WHY));
    }
    write::put(&staff, &id, Some(&reason)).await?;
    Ok(Outcome::at(paths::STATEMENTS, words::WAS_PUT_ASIDE))
}

/// Lets a payment that was put aside wait again.
#[server(prefix = "/rpc", endpoint = "operator/statements/put-back")]
pub async fn put_back_payment(#[server(default)] id: String) -> Result<Outcome> {
    let staff = Staff::<ManageInvoices>::now().await?;
    write::put(&staff, &id, None).await?;
    Ok(Outcome::at(paths::STATEMENTS, words::WAITS_AGAIN))
}
