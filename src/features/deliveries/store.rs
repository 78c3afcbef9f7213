//! SQL of e-invoices on their way, and the settings of the access point.

use super::model::{DeliveryState, DeliveryView};
use super::phase4::Phase4;
use crate::access::{InAccount, Tx, settings};
use crate::error::Result;
use crate::platform::db::{Conn, FromRow, args};
use crate::platform::token::Key;
use crate::types::{InvoiceId, Timestamp};
use serde::{Deserialize, Serialize};

/// How the access point is set up. What is secret is sealed with the installation's key.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccessPointSettings {
    /// Where it is asked; empty where there is none.
    pub url: String,
    /// What it knows us by, sealed.
    pub token: String,
}

const ACCESS_POINT: &str = "access_point";

/// Seals what the access point knows us by.
pub fn seal(key: &Key, token: &str) -> String {
    key.seal(ACCESS_POINT, token)
}

/// How the access point is set up.
pub async fn access_point_settings(conn: &mut Conn) -> Result<AccessPointSettings> {
    settings::read(conn, ACCESS_POINT).await
}

/// Replaces it.
pub async fn set_access_point_settings<S>(tx: &mut Tx<S>, new: &AccessPointSettings) -> Result<()> {
    settings::write(tx, ACCESS_POINT, new).await
}

/// The access point; nothing where none is set up.
pub async fn access_point(conn: &mut Conn, key: &Key) -> Result<Option<Phase4>> {
    let stored = access_point_settings(conn).await?;
    let token = key.unseal(ACCESS_POINT, &stored.token).unwrap_or_default();
    Ok((!stored.url.is_empty()).then_some(Phase4 { url: stored.url, token }))
}

const ORDER: &str = r"INSERT INTO deliveries (id, invoice_id, account_id, sender, receiver, country, next_at, at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $7)";
const CHANNEL: &str = "SELECT invoice_channel FROM accounts WHERE id = $1";
const OF: &str = "SELECT state, receiver, says, at FROM deliveries WHERE invoice_id = $1";
const WAITING: &str = r"SELECT d.id, d.invoice_id, d.account_id, d.sender, d.receiver, d.country, d.tries, i.number, i.xml,
        i.kind = 'credit_note' AS credit_note
    FROM deliveries d
    JOIN invoices i ON i.id = d.invoice_id
    WHERE d.state = 'waiting' AND d.next_at <= $1
    ORDER BY d.next_at, d.id LIMIT 50";
const SENT: &str =
    "UPDATE deliveries SET state = 'sent', says = $2, at = $3 WHERE id = $1 AND state = 'waiting'";
const LATER: &str =
    "UPDATE deliveries SET tries = tries + 1, says = $2, next_at = $3 WHERE id = $1 AND state = 'waiting'";
const FAILED: &str =
    "UPDATE deliveries SET state = 'failed', says = $2, at = $3 WHERE id = $1 AND state = 'waiting'";
const GIVE_ALL_UP: &str =
    "UPDATE deliveries SET state = 'failed', says = $1, at = $2 WHERE state = 'waiting'";
const AGAIN: &str = r"UPDATE deliveries
    SET state = 'waiting', tries = 0, next_at = $2, at = $2
    WHERE invoice_id = $1 AND state = 'failed'";

/// How invoices reach the account: "", "portal" or "network", as profiles name it.
pub async fn channel(conn: &mut Conn, account: &str) -> Result<String> {
    Ok(conn.value(CHANNEL, args![account]).await?)
}

/// An e-invoice that was issued goes through the network, where there is an access point.
pub async fn order(
    tx: &mut Tx<InAccount>,
    invoice: &str,
    sender: &str,
    receiver: &str,
    country: &str,
) -> Result<()> {
    if access_point_settings(tx.conn()).await?.url.is_empty() {
        return Ok(());
    }
    let (id, account, now) = (tx.new_id(), tx.account().clone(), tx.now().0);
    let args = args![id, invoice, account.as_str(), sender, receiver, country, now];
    tx.conn().execute(ORDER, args).await?;
    Ok(())
}

/// How the delivery of an invoice stands; nothing where it has none.
pub async fn of(conn: &mut Conn, invoice: &InvoiceId) -> Result<Option<DeliveryView>> {
    let row: Option<(String, String, String, i64)> = conn.optional(OF, args![invoice.as_str()]).await?;
    Ok(row.map(|(state, receiver, says, at)| DeliveryView {
        state: DeliveryState::from_key(&state),
        receiver,
        says,
        at: Timestamp(at),
    }))
}

/// A delivery that waits.
#[derive(Clone, Debug, FromRow)]
pub struct WaitingDelivery {
    /// Its id.
    pub id: String,
    /// The invoice.
    pub invoice_id: String,
    /// The account.
    pub account_id: String,
    /// Who sends: scheme and value.
    pub sender: String,
    /// Who gets it: scheme and value.
    pub receiver: String,
    /// Country of who sends.
    pub country: String,
    /// How often it was tried.
    pub tries: i64,
    /// The invoice's number.
    pub number: String,
    /// Hash of the document.
    pub xml: String,
    /// It is a credit note.
    pub credit_note: bool,
}

/// The next fifty that are to go now.
pub async fn waiting(conn: &mut Conn, now: Timestamp) -> Result<Vec<WaitingDelivery>> {
    Ok(conn.all(WAITING, args![now.0]).await?)
}

/// The receiver's access point has it, under this id.
pub async fn sent(tx: &mut Tx<InAccount>, id: &str, message: &str) -> Result<bool> {
    let now = tx.now().0;
    Ok(tx.conn().execute(SENT, args![id, message, now]).await? > 0)
}

/// It is tried again at `next`; why it did not go.
pub async fn later(tx: &mut Tx<InAccount>, id: &str, says: &str, next: Timestamp) -> Result<()> {
    tx.conn().execute(LATER, args![id, says, next.0]).await?;
    Ok(())
}

/// It is given up; why it did not go.
pub async fn failed(tx: &mut Tx<InAccount>, id: &str, says: &str) -> Result<bool> {
    let now = tx.now().0;
    Ok(tx.conn().execute(FAILED, args![id, says, now]).await? > 0)
}

/// Gives up whatever waits. Returns how many that were.
pub async fn give_all_up<S>(tx: &mut Tx<S>, says: &str) -> Result<u64> {
    let now = tx.now().0;
    Ok(tx.conn().execute(GIVE_ALL_UP, args![says, now]).await?)
}

/// What was given up goes once more. Says whether it had been.
pub async fn again(tx: &mut Tx<InAccount>, invoice: &InvoiceId) -> Result<bool> {
    let now = tx.now().0;
    Ok(tx.conn().execute(AGAIN, args![invoice.as_str(), now]).await? > 0)
}
