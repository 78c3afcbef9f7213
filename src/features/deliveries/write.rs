//! Hands e-invoices over, and keeps what came of it.

use super::access_point::{AccessPoint, Outgoing, Undelivered};
use super::store::{self, WaitingDelivery};
use super::{model, words};
use crate::access::System;
use crate::access::state::AppState;
use crate::error::Result;
use crate::features::audit::model::AuditKind;
use crate::features::audit::record::Entry;
use crate::features::billing::store::NightEvent;
use crate::features::{billing, invoices};
use crate::types::AccountId;

/// Hands one over. What does not go is tried again for a day and a half; then staff read of it. Says whether the access point
/// could be asked.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn send(app: &AppState, point: &impl AccessPoint, of: &WaitingDelivery) -> Result<bool> {
    let answer = match invoices::store::e_invoice(app, &of.xml).await {
        Ok(document) => {
            let (sender, receiver, country) = (&of.sender, &of.receiver, &of.country);
            let credit_note = of.credit_note;
            point.send(Outgoing { sender, receiver, country, credit_note, document }).await
        }
        Err(error) => {
            tracing::warn!(%error, number = of.number, "an e-invoice cannot be read");
            Err(Undelivered::Later(words::NOT_READABLE.to_owned()))
        }
    };
    let mut tx = System::of(app).begin_in(&AccountId::from(of.account_id.clone())).await?;
    let tries = of.tries + 1;
    let asked = answer != Err(Undelivered::Unreachable);
    let (says, next) = match answer {
        Ok(message) => {
            if store::sent(&mut tx, &of.id, &message).await? {
                let says = words::sent_entry(&of.number, &of.receiver);
                tx.record(Entry::new(AuditKind::InvoiceIssued, says)).await?;
            }
            tx.commit().await?;
            return Ok(true);
        }
        Err(Undelivered::Unreachable) => (words::NO_ANSWER.to_owned(), model::again(tries, tx.now())),
        Err(Undelivered::Later(says)) => (says, model::again(tries, tx.now())),
        Err(Undelivered::Never(says)) => (says, None),
    };
    if let Some(next) = next {
        store::later(&mut tx, &of.id, &says, next).await?;
    } else if store::failed(&mut tx, &of.id, &says).await? {
        let entry = words::undelivered_entry(&of.number, &of.receiver);
        tx.record(Entry::new(AuditKind::InvoiceIssued, entry)).await?;
        let text = words::undelivered(&of.number, &says);
        // Sent again, it may fail again: each is told.
        let each = format!("{}:{}", of.id, tx.now().0);
        let event = NightEvent { of: &each, ..NightEvent::of("undelivered", &of.invoice_id, &text) };
        billing::store::happened(&mut tx, &event).await?;
    }
    tx.commit().await?;
    Ok(asked)
}
