//! SQL of checkouts, and the settings of the gateway.

use super::model::CheckoutState;
use super::stripe::{Stripe, URL};
use crate::access::{InAccount, Open, Reader, Tx, settings};
use crate::error::Result;
use crate::platform::db::{Conn, FromRow, args, made_statements};
use crate::platform::token::Key;
use crate::types::{InvoiceId, Money, Timestamp};
use serde::{Deserialize, Serialize};

/// How payment by card is set up. What is secret is sealed with the installation's key.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GatewaySettings {
    /// Where the gateway is asked; empty for its own address.
    pub url: String,
    /// The secret key, sealed; empty where there is none.
    pub key: String,
    /// What messages are signed with, sealed.
    pub signing: String,
}

const STRIPE: &str = "stripe";

/// Seals a secret of the gateway.
pub fn seal(key: &Key, secret: &str) -> String {
    key.seal(STRIPE, secret)
}

/// How payment by card is set up.
pub async fn gateway_settings(conn: &mut Conn) -> Result<GatewaySettings> {
    settings::read(conn, STRIPE).await
}

/// Replaces it.
pub async fn set_gateway_settings<S>(tx: &mut Tx<S>, new: &GatewaySettings) -> Result<()> {
    settings::write(tx, STRIPE, new).await
}

/// The gateway; nothing where none is set up.
pub async fn gateway(conn: &mut Conn, key: &Key) -> Result<Option<Stripe>> {
    let stored = gateway_settings(conn).await?;
    let open = |sealed: &str| key.unseal(STRIPE, sealed).unwrap_or_default();
    let (secret, signing) = (open(&stored.key), open(&stored.signing));
    let url = if stored.url.is_empty() { URL.to_owned() } else { stored.url };
    Ok((!secret.is_empty()).then_some(Stripe { url, key: secret, signing }))
}

/// A checkout.
#[derive(Clone, Debug, FromRow)]
pub struct Checkout {
    /// Its id.
    pub id: String,
    /// The account.
    pub account_id: String,
    /// The invoice.
    pub invoice_id: String,
    /// The gateway's id; empty while it was not told.
    pub session: String,
    /// The gateway's page.
    pub url: String,
    /// What was asked for, in minor units.
    pub amount: i64,
    /// ISO 4217 code.
    pub currency: String,
    /// State, as its table has it.
    pub state: String,
    /// Who began it: the name stays when the card goes.
    pub by_name: String,
    /// The way of paying that is charged; empty where the customer is there.
    pub method_id: String,
}

impl Checkout {
    /// Where it stands.
    pub fn state(&self) -> CheckoutState {
        CheckoutState::from_key(&self.state)
    }

    /// What was asked for.
    pub fn money(&self) -> Money {
        Money { cents: self.amount, currency: self.currency.clone() }
    }
}

const BEGIN: &str = r"INSERT INTO checkouts (id, account_id, invoice_id, amount, currency, by_name, created_at, looked_at, method_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)";
const BEGUN: &str = "UPDATE checkouts SET session = $2, url = $3 WHERE id = $1 AND session = ''";
macro_rules! checkouts {
    ($rest:literal) => {
        concat!(
            r"SELECT id, account_id, invoice_id, session, url, amount, currency, state, by_name, method_id
    FROM checkouts
    WHERE ",
            $rest
        )
    };
}
const KNOWN: &str = checkouts!(
    "account_id = $1 AND invoice_id = $2 AND state = 'begun' AND amount = $3 AND url <> '' AND created_at > $4
    ORDER BY created_at DESC LIMIT 1"
);
const FIND: &str = checkouts!("account_id = $1 AND id = $2");
const BY_SESSION: &str = checkouts!("session = $1 AND session <> ''");
// The gateway, or a card that is kept, was asked for it, and has not said yet what became of it.
macro_rules! under_way {
    () => {
        "state = 'begun' AND (session <> '' OR method_id <> '')"
    };
}
const WAITING: &str =
    concat!(checkouts!(""), under_way!(), " AND looked_at <= $1 ORDER BY looked_at, id LIMIT 100");
const LOOKED: &str = "UPDATE checkouts SET looked_at = $2 WHERE id = $1";
const SETTLE: &str = "UPDATE checkouts SET state = $2, settled_at = $3, reference = $4, came = $5 WHERE id = $1 AND state = 'begun'";

/// Begins a checkout of what is open of an invoice. Returns its id.
pub async fn begin(tx: &mut Tx<InAccount>, invoice: &str, amount: &Money, method: &str) -> Result<String> {
    let (id, account, now) = (tx.new_id(), tx.account().clone(), tx.now().0);
    let by = tx.membership().user.name.clone();
    let args = args![&id, account.as_str(), invoice, amount.cents, &amount.currency, by, now, method];
    tx.conn().execute(BEGIN, args).await?;
    Ok(id)
}

/// The gateway began it.
pub async fn begun<S>(tx: &mut Tx<S>, id: &str, session: &str, url: &str) -> Result<()> {
    tx.conn().execute(BEGUN, args![id, session, url]).await?;
    Ok(())
}

/// One that was begun a short while ago for the same amount: whoever goes back and forth gets the same page.
pub async fn known(
    tx: &mut Tx<InAccount>,
    invoice: &InvoiceId,
    cents: i64,
    since: Timestamp,
) -> Result<Option<Checkout>> {
    let account = tx.account().clone();
    Ok(tx.conn().optional(KNOWN, args![account.as_str(), invoice.as_str(), cents, since.0]).await?)
}

/// A checkout of an account.
pub async fn find(conn: &mut Conn, account: &str, id: &str) -> Result<Option<Checkout>> {
    Ok(conn.optional(FIND, args![account, id]).await?)
}

/// The checkout that the gateway knows by this id.
pub async fn by_session(reader: &mut Reader<Open>, session: &str) -> Result<Option<Checkout>> {
    Ok(reader.conn().optional(BY_SESSION, args![session]).await?)
}

/// Those that nobody has asked after since.
pub async fn waiting(reader: &mut Reader<Open>, since: Timestamp) -> Result<Vec<Checkout>> {
    Ok(reader.conn().all(WAITING, args![since.0]).await?)
}

/// It was asked after.
pub async fn looked<S>(tx: &mut Tx<S>, id: &str) -> Result<()> {
    let now = tx.now().0;
    tx.conn().execute(LOOKED, args![id, now]).await?;
    Ok(())
}

/// Ends a checkout, once. Says whether it was this time.
pub async fn settle<S>(
    tx: &mut Tx<S>,
    id: &str,
    state: CheckoutState,
    reference: &str,
    came: &Money,
) -> Result<bool> {
    let now = tx.now().0;
    Ok(tx.conn().execute(SETTLE, args![id, state.key(), now, reference, came.to_string()]).await? > 0)
}

/// Customers whom the gateway is to forget.
pub async fn removals(conn: &mut Conn) -> Result<Vec<String>> {
    Ok(conn.values(REMOVALS, args![]).await?)
}

/// The gateway forgot a customer.
pub async fn removed<S>(tx: &mut Tx<S>, customer: &str) -> Result<()> {
    tx.conn().execute(REMOVED, args![customer]).await?;
    Ok(())
}

/// A way of paying that the gateway keeps for an account.
#[derive(Clone, Debug, FromRow)]
pub struct Method {
    /// Its id.
    pub id: String,
    /// The gateway's session in which it is kept.
    pub session: String,
    /// The gateway's id of the customer.
    pub customer: String,
    /// The gateway's id of it; empty while it is not kept.
    pub method: String,
    /// "Visa •••• 4242".
    pub label: String,
    /// "12/2030"; may be empty.
    pub expires: String,
    /// Invoices are charged to it on the day they are due.
    pub automatic: bool,
}

const CUSTOMER: &str = "SELECT customer FROM gateway_customers WHERE account_id = $1";
/// Has the gateway forget who an account, which ends, is there.
pub const FORGET_AT_THE_GATEWAY: &str = r"INSERT INTO gateway_removals (customer)
    SELECT customer FROM gateway_customers WHERE account_id = $1
    ON CONFLICT DO NOTHING";
const REMOVALS: &str = "SELECT customer FROM gateway_removals ORDER BY customer LIMIT 100";
const REMOVED: &str = "DELETE FROM gateway_removals WHERE customer = $1";
const SET_CUSTOMER: &str = r"INSERT INTO gateway_customers (account_id, customer)
    VALUES ($1, $2)
    ON CONFLICT (account_id) DO NOTHING";
const ADD_METHOD: &str = r"INSERT INTO payment_methods (id, account_id, customer, by_name, created_at)
    VALUES ($1, $2, $3, $4, $5)";
const METHOD_BEGUN: &str = "UPDATE payment_methods SET session = $2 WHERE id = $1 AND session = ''";
const METHOD_KEPT: &str = r"UPDATE payment_methods
    SET state = 'kept', method = $2, label = $3, expires = $4
    WHERE id = $1 AND state = 'begun'";
const METHOD_GONE: &str = "UPDATE payment_methods SET state = 'gone', automatic = FALSE WHERE account_id = $1 AND id = $2 AND state <> 'gone'";
macro_rules! methods {
    ($rest:literal) => {
        concat!(
            r"SELECT id, session, customer, method, label, expires, automatic
    FROM payment_methods
    WHERE account_id = $1 AND ",
            $rest
        )
    };
}
const METHODS: &str = methods!("state = 'kept' ORDER BY created_at, id LIMIT 50");
const METHOD: &str = methods!("id = $2 AND state <> 'gone'");
const AUTOMATIC: &str = methods!("automatic AND state = 'kept' LIMIT 1");
const NONE_AUTOMATIC: &str =
    "UPDATE payment_methods SET automatic = FALSE WHERE account_id = $1 AND automatic";
const SET_AUTOMATIC: &str =
    "UPDATE payment_methods SET automatic = TRUE WHERE account_id = $1 AND id = $2 AND state = 'kept'";
// Invoices that are due and are to be charged, each once.
const TO_CHARGE: &str = concat!(
    r"SELECT m.account_id, i.id
    FROM payment_methods m
    JOIN invoices i ON i.account_id = m.account_id AND i.status = 'open' AND i.kind = 'invoice' AND i.due_at <= $1
    WHERE m.automatic AND m.state = 'kept'
        AND NOT EXISTS (SELECT 1 FROM billing_events e WHERE e.event = 'charged' AND e.of_id = i.id)
        AND NOT EXISTS (SELECT 1 FROM checkouts WHERE account_id = m.account_id AND invoice_id = i.id AND ",
    under_way!(),
    ") ORDER BY i.due_at, i.id LIMIT 500"
);

/// A refund to a card.
#[derive(Clone, Debug, FromRow)]
pub struct Refund {
    /// Its id.
    pub id: String,
    /// The account.
    pub account_id: String,
    /// The invoice that the payment was for.
    pub invoice_id: String,
    /// How much, in minor units.
    pub amount: i64,
    /// ISO 4217 code.
    pub currency: String,
    /// The gateway's id of the refund; empty while it was not told.
    pub session: String,
    /// The gateway's id of the payment.
    pub payment: String,
    /// When it was begun, in UTC milliseconds.
    pub created_at: i64,
}

impl Refund {
    /// How much.
    pub fn money(&self) -> Money {
        Money { cents: self.amount, currency: self.currency.clone() }
    }
}

const REFUNDABLE: &str = r"SELECT c.id, c.reference, c.settled_at, c.currency, c.amount
            - (SELECT coalesce(sum(r.amount), 0) FROM refunds r WHERE r.checkout_id = c.id AND r.state <> 'failed') AS rest
    FROM checkouts c
    WHERE c.account_id = $1 AND c.state = 'paid' AND c.currency = $2 AND c.reference <> ''
    ORDER BY c.settled_at DESC LIMIT 50";
const BEGIN_REFUND: &str = r"INSERT INTO refunds (id, account_id, checkout_id, amount, currency, by_name, created_at, looked_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $7)";
const REFUND_TAKEN: &str = "UPDATE refunds SET session = $2 WHERE id = $1 AND session = ''";
const REFUND_LOOKED: &str = "UPDATE refunds SET looked_at = $2 WHERE id = $1";
// A bank may send back what had been sent.
const SETTLE_REFUND: &str =
    "UPDATE refunds SET state = $2, settled_at = $3 WHERE id = $1 AND state NOT IN ('failed', $2)";
macro_rules! refunds {
    ($rest:literal) => {
        concat!(
            r"SELECT r.id, r.account_id, c.invoice_id, r.amount, r.currency, r.session, c.reference AS payment, r.created_at
    FROM refunds r
    JOIN checkouts c ON c.id = r.checkout_id
    WHERE ",
            $rest
        )
    };
}
const REFUND: &str = refunds!("r.id = $1");
const REFUND_BY_SESSION: &str = refunds!("r.session = $1 AND r.session <> ''");
const REFUNDS_SENT: &str = refunds!(
    "r.state = 'done' AND r.looked_at <= $1 AND r.created_at > $2 ORDER BY r.looked_at, r.id LIMIT 100"
);
const REFUNDS_OF: &str = refunds!("r.account_id = $1 AND r.state = 'begun' ORDER BY r.id DESC LIMIT 20");
const REFUNDS_WAITING: &str =
    refunds!("r.state = 'begun' AND r.looked_at <= $1 ORDER BY r.looked_at, r.id LIMIT 100");
made_statements!(|| {
    let checkouts = [KNOWN, FIND, BY_SESSION, WAITING, METHODS, METHOD, AUTOMATIC, TO_CHARGE, BEING_PAID];
    let refunds = [REFUND, REFUND_BY_SESSION, REFUNDS_WAITING, REFUNDS_SENT, REFUNDS_OF];
    checkouts.into_iter().chain(refunds).map(str::to_owned).collect()
});

/// Payments by card of which something can be sent back: checkout, the gateway's id, when it was paid, and how much is left.
pub async fn refundable(
    conn: &mut Conn,
    account: &str,
    currency: &str,
) -> Result<Vec<(String, String, Timestamp, Money)>> {
    type Tuple = (String, String, i64, String, i64);
    let rows: Vec<Tuple> = conn.all(REFUNDABLE, args![account, currency]).await?;
    let row = |(id, payment, at, currency, cents): Tuple| {
        (cents > 0).then_some((id, payment, Timestamp(at), Money { cents, currency }))
    };
    Ok(rows.into_iter().filter_map(row).collect())
}

/// Begins a refund of a checkout. Returns its id.
pub async fn begin_refund(tx: &mut Tx<InAccount>, checkout: &str, amount: &Money) -> Result<String> {
    let (id, account, now) = (tx.new_id(), tx.account().clone(), tx.now().0);
    let by = tx.membership().user.name.clone();
    let args = args![&id, account.as_str(), checkout, amount.cents, &amount.currency, by, now];
    tx.conn().execute(BEGIN_REFUND, args).await?;
    Ok(id)
}

/// A refund, as it is now.
pub async fn refund(conn: &mut Conn, id: &str) -> Result<Option<Refund>> {
    Ok(conn.optional(REFUND, args![id]).await?)
}

/// The refund that the gateway knows by this id.
pub async fn refund_by_session(conn: &mut Conn, session: &str) -> Result<Option<Refund>> {
    Ok(conn.optional(REFUND_BY_SESSION, args![session]).await?)
}

/// Refunds that are to be asked after: what is on its way each hour, and what was sent each day for a month, since a bank may
/// send it back.
pub async fn refunds_to_ask(conn: &mut Conn, now: Timestamp) -> Result<Vec<Refund>> {
    let mut all: Vec<Refund> = conn.all(REFUNDS_WAITING, args![now.plus_minutes(-60).0]).await?;
    let (day, month) = (now.plus_days(-1), now.plus_days(-30));
    all.extend(conn.all::<Refund>(REFUNDS_SENT, args![day.0, month.0]).await?);
    Ok(all)
}

/// The account's refunds that are on their way.
pub async fn refunds_of(conn: &mut Conn, account: &str) -> Result<Vec<Refund>> {
    Ok(conn.all(REFUNDS_OF, args![account]).await?)
}

/// The gateway took a refund on, or was asked after it once more. Says whether it was taken on this time.
pub async fn refund_taken<S>(tx: &mut Tx<S>, id: &str, session: &str) -> Result<bool> {
    let now = tx.now().0;
    tx.conn().execute(REFUND_LOOKED, args![id, now]).await?;
    Ok(!session.is_empty() && tx.conn().execute(REFUND_TAKEN, args![id, session]).await? > 0)
}

/// Ends a refund, once. Says whether it was this time.
pub async fn settle_refund<S>(tx: &mut Tx<S>, id: &str, sent: bool) -> Result<bool> {
    let now = tx.now().0;
    let state = if sent { "done" } else { "failed" };
    Ok(tx.conn().execute(SETTLE_REFUND, args![id, state, now]).await? > 0)
}

/// The gateway's id of an account, if it has one.
pub async fn gateway_customer(conn: &mut Conn, account: &str) -> Result<Option<String>> {
    Ok(conn.optional_value(CUSTOMER, args![account]).await?)
}

/// Begins to keep a way of paying. Returns its id.
pub async fn add_method(tx: &mut Tx<InAccount>, customer: &str) -> Result<String> {
    let (id, account, now) = (tx.new_id(), tx.account().clone(), tx.now().0);
    let by = tx.membership().user.name.clone();
    tx.conn().execute(SET_CUSTOMER, args![account.as_str(), customer]).await?;
    tx.conn().execute(ADD_METHOD, args![&id, account.as_str(), customer, by, now]).await?;
    Ok(id)
}

/// The gateway began to keep it.
pub async fn method_begun<S>(tx: &mut Tx<S>, id: &str, session: &str) -> Result<()> {
    tx.conn().execute(METHOD_BEGUN, args![id, session]).await?;
    Ok(())
}

/// It is kept. Says whether that is new.
pub async fn method_kept<S>(
    tx: &mut Tx<S>,
    id: &str,
    method: &str,
    label: &str,
    expires: &str,
) -> Result<bool> {
    Ok(tx.conn().execute(METHOD_KEPT, args![id, method, label, expires]).await? > 0)
}

/// It is gone. Says whether it was there.
pub async fn method_gone(tx: &mut Tx<InAccount>, id: &str) -> Result<bool> {
    let account = tx.account().clone();
    Ok(tx.conn().execute(METHOD_GONE, args![account.as_str(), id]).await? > 0)
}

/// The ways of paying that are kept for an account.
pub async fn methods(conn: &mut Conn, account: &str) -> Result<Vec<Method>> {
    Ok(conn.all(METHODS, args![account]).await?)
}

/// One of them, also while it is not kept yet.
pub async fn method(conn: &mut Conn, account: &str, id: &str) -> Result<Option<Method>> {
    Ok(conn.optional(METHOD, args![account, id]).await?)
}

/// Invoices are charged to this one on the day they are due; to none where none is named.
pub async fn set_automatic(tx: &mut Tx<InAccount>, id: Option<&str>) -> Result<()> {
    let account = tx.account().clone();
    tx.conn().execute(NONE_AUTOMATIC, args![account.as_str()]).await?;
    if let Some(id) = id {
        tx.conn().execute(SET_AUTOMATIC, args![account.as_str(), id]).await?;
    }
    Ok(())
}

/// The one that invoices are charged to.
pub async fn automatic(conn: &mut Conn, account: &str) -> Result<Option<Method>> {
    Ok(conn.optional(AUTOMATIC, args![account]).await?)
}

const BEING_PAID: &str = concat!(
    "SELECT EXISTS (SELECT 1 FROM checkouts WHERE account_id = $1 AND invoice_id = $2 AND ",
    under_way!(),
    ")"
);

/// Is a payment of the invoice under way?
pub async fn is_being_paid(tx: &mut Tx<InAccount>, invoice: &str) -> Result<bool> {
    let account = tx.account().clone();
    Ok(tx.conn().value(BEING_PAID, args![account.as_str(), invoice]).await?)
}

/// Invoices that are due and are charged to a way of paying: account and invoice.
pub async fn to_charge(conn: &mut Conn, now: Timestamp) -> Result<Vec<(String, String)>> {
    Ok(conn.all(TO_CHARGE, args![now.0]).await?)
}
