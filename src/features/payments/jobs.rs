//! What was begun and never heard of again: a message may be lost, and paid is paid.

use super::gateway::{Gateway as _, GatewayError};
use super::stripe::Stripe;
use super::{store, write};
use crate::access::System;
use crate::access::state::AppState;
use crate::error::Result;

/// Charges what is due, asks the gateway after every checkout and refund that nobody has asked after for an hour, and has it
/// forget customers who are gone.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn run(app: &AppState) -> Result<()> {
    let mut reader = System::of(app).read().await?;
    let Some(stripe) = store::gateway(reader.conn(), app.key()).await? else { return Ok(()) };
    let now = reader.now();
    let since = now.plus_minutes(-60);
    let waiting = store::waiting(&mut reader, since).await?;
    let refunds = store::refunds_to_ask(reader.conn(), now).await?;
    let removals = store::removals(reader.conn()).await?;
    drop(reader);
    write::charge_due(app, &stripe).await?;
    for checkout in waiting {
        if let Err(error) = write::look(app, &stripe, &checkout).await {
            tracing::warn!(%error, "a checkout could not be asked after");
        }
    }
    for refund in refunds {
        if let Err(error) = write::send_refund(app, &stripe, &refund).await {
            tracing::warn!(%error, "a refund could not be asked after");
        }
    }
    for customer in removals {
        if let Err(error) = forget(app, &stripe, &customer).await {
            tracing::warn!(%error, "the gateway could not be made to forget a customer");
        }
    }
    Ok(())
}

/// Their cards go with them. What the gateway does not know is forgotten.
async fn forget(app: &AppState, stripe: &Stripe, customer: &str) -> Result<()> {
    match stripe.forget_customer(customer).await {
        Ok(()) | Err(GatewayError::Refused(_)) => {}
        Err(error) => return Err(error.into()),
    }
    let mut tx = System::of(app).begin().await?;
    store::removed(&mut tx, customer).await?;
    tx.commit().await
}
