//! SQL of billing by itself: what is due, what is open, what was done.

use super::model::{Advance, Asked, DueService, Item, Night, NightLine};
use crate::access::{InAccount, Tx};
use crate::error::Result;
use crate::features::invoices::model::{InvoiceLine, TaxCategory};
use crate::features::services::model::Cycle;
use crate::platform::db::{Conn, FromRow, args, made_statements};
use crate::types::{AccountId, Money, Timestamp};

// Accounts in their order, from one on: with a service whose period begins soon enough, or with something that has waited.
const ACCOUNTS: &str = r"SELECT account_id FROM (SELECT s.account_id
        FROM services s
        WHERE s.status = 'active' AND s.next_due IS NOT NULL AND s.next_due <= $1 AND s.price_cents > 0
        UNION SELECT b.account_id
        FROM billing_items b
        WHERE b.invoice_id IS NULL AND b.due_at <= $2) due
    WHERE account_id > $3 AND EXISTS (SELECT 1 FROM accounts a WHERE a.id = account_id AND a.status = 'active')
    ORDER BY account_id LIMIT 200";

/// The next accounts with something to bill.
pub async fn accounts(
    conn: &mut Conn,
    horizon: Timestamp,
    now: Timestamp,
    after: &str,
) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = conn.all(ACCOUNTS, args![horizon.0, now.0, after]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

// Whoever asked for an end is not billed for what comes after it.
const DUE: &str = r"SELECT s.id, coalesce(nullif(s.label, ''), s.product) AS name, s.domain, s.price_cents, s.currency, s.cycle,
        s.next_due, s.anchor_day,
        EXISTS (SELECT 1 FROM requests r WHERE r.asset_id = s.id AND r.kind = 'cancel' AND r.state = 'pending'
            AND (r.wanted_from IS NULL OR r.wanted_from <= s.next_due)) AS held
    FROM services s
    WHERE s.account_id = $1 AND s.status = 'active' AND s.next_due IS NOT NULL AND s.next_due <= $2 AND s.price_cents > 0
    ORDER BY s.next_due, s.id LIMIT 500";
const WAITING: &str = r"SELECT id, description, price, amount, currency, rate, category, due_at
    FROM billing_items
    WHERE account_id = $1 AND invoice_id IS NULL
    ORDER BY created_at, id LIMIT 100";

#[derive(FromRow)]
struct DueRow {
    id: String,
    name: String,
    domain: String,
    price_cents: i64,
    currency: String,
    cycle: String,
    next_due: i64,
    anchor_day: Option<i64>,
    held: bool,
}

/// What an account is to be billed for: services, how many more wait for the answer to a cancellation, and items.
pub async fn due(
    conn: &mut Conn,
    account: &AccountId,
    horizon: Timestamp,
) -> Result<(Vec<DueService>, i64, Vec<Item>)> {
    let rows: Vec<DueRow> = conn.all(DUE, args![account.as_str(), horizon.0]).await?;
    let (held, rows): (Vec<DueRow>, Vec<DueRow>) = rows.into_iter().partition(|row| row.held);
    let service = |row: DueRow| DueService {
        id: row.id,
        name: row.name,
        domain: row.domain,
        price: Money { cents: row.price_cents, currency: row.currency },
        cycle: Cycle::from_key(&row.cycle),
        start: Timestamp(row.next_due),
        anchor: row.anchor_day.and_then(|day| u8::try_from(day).ok()),
    };
    type WaitingFor = (String, String, String, i64, String, i64, String, i64);
    let items: Vec<WaitingFor> = conn.all(WAITING, args![account.as_str()]).await?;
    let item = |(id, description, price, cents, currency, rate, category, due): WaitingFor| Item {
        id,
        line: InvoiceLine {
            description,
            quantity: "1".into(),
            price,
            category: TaxCategory::from_key(&category).unwrap_or_default(),
            rate,
            net: 0,
            period: None,
        },
        amount: Money { cents, currency },
        due: Timestamp(due),
    };
    Ok((
        rows.into_iter().map(service).collect(),
        i64::try_from(held.len()).unwrap_or_default(),
        items.into_iter().map(item).collect(),
    ))
}

const ADVANCE: &str = r"UPDATE services
    SET next_due = $4, anchor_day = $5
    WHERE account_id = $1 AND id = $2 AND next_due = $3 AND status = 'active'";

/// A service goes on to its next period. Says whether it still stood where it did.
pub async fn advance(tx: &mut Tx<InAccount>, by: &Advance) -> Result<bool> {
    let account = tx.account().clone();
    let (to, anchor) = (by.to.map(|at| at.0), i64::from(by.anchor));
    let args = args![account.as_str(), &by.service, by.from.0, to, anchor];
    Ok(tx.conn().execute(ADVANCE, args).await? > 0)
}

const BILLED: &str = "UPDATE billing_items SET invoice_id = $2 WHERE id = $1 AND invoice_id IS NULL";

/// An item stands on an invoice.
pub async fn billed(tx: &mut Tx<InAccount>, item: &str, invoice: &str) -> Result<()> {
    tx.conn().execute(BILLED, args![item, invoice]).await?;
    Ok(())
}

const ADD_ITEM: &str = r"INSERT INTO billing_items (id, account_id, description, price, amount, currency, rate, category, due_at, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

/// Something that goes on the next invoice of the account; from `due` on it gets one of its own.
pub async fn add_item(
    tx: &mut Tx<InAccount>,
    line: &InvoiceLine,
    amount: &Money,
    due: Timestamp,
) -> Result<()> {
    let (id, account, now) = (tx.new_id(), tx.account().clone(), tx.now().0);
    let args = args![
        id,
        account.as_str(),
        &line.description,
        &line.price,
        amount.cents,
        &amount.currency,
        line.rate,
        line.category.key(),
        due.0,
        now
    ];
    tx.conn().execute(ADD_ITEM, args).await?;
    Ok(())
}

macro_rules! open_invoices {
    ($rest:literal) => {
        concat!(
            r"SELECT i.id, i.account_id, a.name AS customer, i.number, i.issued_at, i.due_at,
        EXISTS (SELECT 1 FROM billing_events e WHERE e.event = 'before' AND e.of_id = i.id) AS before,
        (SELECT max(e.days) FROM billing_events e WHERE e.invoice_id = i.id AND e.event = 'reminded') AS reminded,
        (SELECT e.at FROM billing_events e WHERE e.event = 'warned' AND e.of_id = i.id) AS warned,
        EXISTS (SELECT 1 FROM billing_events e WHERE e.event = 'fee' AND e.of_id = i.id) AS fee,
        EXISTS (SELECT 1 FROM invoice_lines l JOIN services s ON s.id = l.service_id AND s.status = 'active'
            WHERE l.invoice_id = i.id) AS active,
        (SELECT count(*) FROM billing_items b WHERE b.invoice_id = i.id)
            = (SELECT count(*) FROM invoice_lines l WHERE l.invoice_id = i.id) AS only_fees
    FROM invoices i
    JOIN accounts a ON a.id = i.account_id
    WHERE i.status = 'open' AND i.kind = 'invoice' AND ",
            $rest
        )
    };
}

// Those that are due, or will be soon, in the order of their days.
const OPEN: &str =
    open_invoices!("(i.due_at, i.id) > ($1, $2) AND i.due_at <= $3 ORDER BY i.due_at, i.id LIMIT 200");
const OPEN_ONE: &str = open_invoices!("i.id = $1");

made_statements!(|| [OPEN, OPEN_ONE].map(str::to_owned).into());

/// An open invoice, and what was done about it.
#[derive(Clone, Debug, FromRow)]
pub struct OpenInvoice {
    /// Its id.
    pub id: String,
    /// The account.
    pub account_id: String,
    /// Its name.
    pub customer: String,
    /// Number.
    pub number: String,
    issued_at: Option<i64>,
    /// When it is due, UTC milliseconds.
    pub due_at: i64,
    before: bool,
    reminded: Option<i64>,
    warned: Option<i64>,
    fee: bool,
    active: bool,
    only_fees: bool,
}

impl OpenInvoice {
    /// What steps are decided by.
    pub fn asked(&self) -> Asked {
        Asked {
            issued: self.issued_at.unwrap_or(self.due_at),
            due: self.due_at,
            before: self.before,
            reminded: self.reminded,
            warned: self.warned,
            fee: self.fee,
            active: self.active,
            only_fees: self.only_fees,
        }
    }
}

/// The next open invoices after this due day and id that are due until then.
pub async fn open(conn: &mut Conn, after: (i64, &str), until: Timestamp) -> Result<Vec<OpenInvoice>> {
    Ok(conn.all(OPEN, args![after.0, after.1, until.0]).await?)
}

/// One of them, as it is now; nothing when it is not open any more.
pub async fn open_one(conn: &mut Conn, invoice: &str) -> Result<Option<OpenInvoice>> {
    Ok(conn.optional(OPEN_ONE, args![invoice]).await?)
}

// Of the invoice and of the warning, whether either reached an address that mail arrives at.
const REACHED: &str = r"SELECT count(DISTINCT o.kind)
    FROM outbox o
    WHERE o.account_id = $1 AND o.kind IN ('invoice', 'final-warning') AND o.thread = $2 AND o.state = 'sent'
        AND NOT EXISTS (SELECT 1 FROM undeliverable u WHERE u.account_id = $1 AND u.email_key = lower(o.to_email))";

/// Did both the invoice and its final warning reach somebody?
pub async fn reached(tx: &mut Tx<InAccount>, thread: &str) -> Result<bool> {
    let account = tx.account().clone();
    Ok(tx.conn().value::<i64>(REACHED, args![account.as_str(), thread]).await? == 2)
}

const HAPPENED: &str = r"INSERT INTO billing_events (id, night, account_id, event, of_id, invoice_id, days, at, says)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (event, of_id) DO NOTHING";

/// Something that a night does once.
#[derive(Debug)]
pub struct NightEvent<'a> {
    /// What.
    pub event: &'a str,
    /// To what.
    pub of: &'a str,
    /// The invoice, if it is about one.
    pub invoice: Option<&'a str>,
    /// Of a reminder: how many days after it was due.
    pub days: Option<i64>,
    /// In words.
    pub says: &'a str,
}

impl<'a> NightEvent<'a> {
    /// Something that happens to an invoice once.
    pub fn of(event: &'a str, invoice: &'a str, says: &'a str) -> Self {
        Self { event, of: invoice, invoice: Some(invoice), days: None, says }
    }
}

/// Notes that something is done. Says whether it had not been done before.
pub async fn happened(tx: &mut Tx<InAccount>, event: &NightEvent<'_>) -> Result<bool> {
    let (id, account, now) = (tx.new_id(), tx.account().clone(), tx.now());
    let args = args![
        id,
        now.day(),
        account.as_str(),
        event.event,
        event.of,
        event.invoice,
        event.days,
        now.0,
        event.says
    ];
    Ok(tx.conn().execute(HAPPENED, args).await? > 0)
}

const BEGIN: &str = r"INSERT INTO billing_runs (night, started_at)
    VALUES ($1, $2)
    ON CONFLICT (night) DO UPDATE SET ended_at = NULL";
const ENDED: &str = "SELECT EXISTS (SELECT 1 FROM billing_runs WHERE night = $1 AND ended_at IS NOT NULL)";
const END: &str = "UPDATE billing_runs SET ended_at = $2 WHERE night = $1";

/// Is a night's work done?
pub async fn has_ended(conn: &mut Conn, night: &str) -> Result<bool> {
    Ok(conn.value(ENDED, args![night]).await?)
}

/// Begins a night, or goes on with it.
pub async fn begin_night<S>(tx: &mut Tx<S>) -> Result<()> {
    let (night, now) = (tx.now().day(), tx.now().0);
    tx.conn().execute(BEGIN, args![&night, now]).await?;
    Ok(())
}

/// A night's work is done.
pub async fn end_night<S>(tx: &mut Tx<S>, night: &str) -> Result<()> {
    let now = tx.now().0;
    tx.conn().execute(END, args![night, now]).await?;
    Ok(())
}

// Cards are charged, refunds and e-invoices sent also where no night's work is done.
const NIGHTS: &str = r"SELECT r.night, r.started_at, r.ended_at, e.event, count(e.id)
    FROM (SELECT night, started_at, ended_at FROM billing_runs WHERE night > $1
        UNION ALL SELECT night, min(at), max(at) FROM billing_events o
        WHERE night > $1 AND NOT EXISTS (SELECT 1 FROM billing_runs b WHERE b.night = o.night)
        GROUP BY night) r
    LEFT JOIN billing_events e ON e.night = r.night
    GROUP BY r.night, r.started_at, r.ended_at, e.event
    ORDER BY r.night DESC, e.event LIMIT 400";

/// The last month of nights, the newest first.
pub async fn nights(conn: &mut Conn, now: Timestamp) -> Result<Vec<Night>> {
    type Tuple = (String, i64, Option<i64>, Option<String>, i64);
    let rows: Vec<Tuple> = conn.all(NIGHTS, args![now.plus_days(-31).day()]).await?;
    let mut all: Vec<Night> = Vec::new();
    for (night, started, ended, event, count) in rows {
        if all.last().is_none_or(|last| last.night != night) {
            let (started, ended) = (Timestamp(started), ended.map(Timestamp));
            all.push(Night { night, started, ended, counts: Vec::new() });
        }
        if let (Some(last), Some(event)) = (all.last_mut(), event) {
            last.counts.push((event, count));
        }
    }
    Ok(all)
}

const DONE: &str = r"SELECT e.account_id, a.name, e.invoice_id, e.event, e.says, e.at
    FROM billing_events e
    JOIN accounts a ON a.id = e.account_id
    WHERE e.night = $1
    ORDER BY e.id DESC LIMIT 200";

/// The newest of what a night did.
pub async fn done(conn: &mut Conn, night: &str) -> Result<Vec<NightLine>> {
    type Tuple = (String, String, Option<String>, String, String, i64);
    let rows: Vec<Tuple> = conn.all(DONE, args![night]).await?;
    let done = |(account, customer, invoice, event, says, at): Tuple| NightLine {
        account,
        customer,
        invoice,
        event,
        says,
        at: Timestamp(at),
    };
    Ok(rows.into_iter().map(done).collect())
}
