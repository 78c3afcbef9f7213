//! SQL of bank statements.

use super::model::{Candidate, LineRow, LineState, Sums};
use super::read::Payment;
use crate::access::{OfStaff, Reader, Tx};
use crate::error::{AppError, Result};
use crate::platform::db::{Conn, FromRow, args, made_statements};
use crate::types::{Money, Timestamp};

const ADD: &str = r"INSERT INTO statement_lines (id, mark, at, amount, currency, payer, text, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (mark) DO NOTHING";

/// Keeps a payment. Its id; nothing for one that is known.
pub async fn add(tx: &mut Tx<OfStaff>, one: &Payment) -> Result<Option<String>> {
    let (id, now) = (tx.new_id(), tx.now().0);
    let args = args![&id, &one.mark, one.at, one.cents, &one.currency, &one.payer, &one.text, now];
    Ok((tx.conn().execute(ADD, args).await? > 0).then_some(id))
}

const BY_SERIAL: &str = r"SELECT id, account_id, number, total - paid - credited
    FROM invoices
    WHERE kind = 'invoice' AND serial = $1 AND status = 'open' AND currency = $2";
const BY_AMOUNT: &str = r"SELECT id, account_id, number, total - paid - credited
    FROM invoices
    WHERE status = 'open' AND kind = 'invoice' AND currency = $2 AND total - paid - credited = $1
    ORDER BY due_at LIMIT 2";

type CandidateRow = (String, String, String, i64);

fn candidate((invoice, account, number, open): CandidateRow) -> Candidate {
    Candidate { invoice, account, number, open }
}

/// The open invoice at this place of its series, in a currency.
pub async fn by_serial(conn: &mut Conn, serial: i64, currency: &str) -> Result<Option<Candidate>> {
    let row: Option<CandidateRow> = conn.optional(BY_SERIAL, args![serial, currency]).await?;
    Ok(row.map(candidate))
}

/// Up to two open invoices of which just this is open.
pub async fn by_amount(conn: &mut Conn, cents: i64, currency: &str) -> Result<Vec<Candidate>> {
    let rows: Vec<CandidateRow> = conn.all(BY_AMOUNT, args![cents, currency]).await?;
    Ok(rows.into_iter().map(candidate).collect())
}

const DECIDE: &str = r"UPDATE statement_lines
    SET state = $3, says = $4, suggestion = ''
    WHERE id = $1 AND state = $2";
const SUGGEST: &str = "UPDATE statement_lines SET suggestion = $2 WHERE id = $1";

/// Decides what a payment is. Says whether it still was in the state that it had.
pub async fn decide<S>(tx: &mut Tx<S>, id: &str, from: LineState, to: LineState, says: &str) -> Result<bool> {
    Ok(tx.conn().execute(DECIDE, args![id, from.key(), to.key(), says]).await? > 0)
}

/// Notes which invoice could be meant.
pub async fn suggest<S>(tx: &mut Tx<S>, id: &str, number: &str) -> Result<()> {
    tx.conn().execute(SUGGEST, args![id, number]).await?;
    Ok(())
}

#[derive(FromRow)]
struct PaymentRow {
    id: String,
    at: i64,
    amount: i64,
    currency: String,
    payer: String,
    text: String,
    says: String,
    suggestion: String,
    state: String,
}

impl PaymentRow {
    fn row(self) -> LineRow {
        LineRow {
            id: self.id,
            at: Timestamp(self.at),
            amount: Money { cents: self.amount, currency: self.currency },
            payer: self.payer,
            text: self.text,
            says: self.says,
            suggestion: self.suggestion,
        }
    }
}

macro_rules! lines {
    ($rest:literal) => {
        concat!(
            r"SELECT id, at, amount, currency, payer, text, says, suggestion, state
    FROM statement_lines
    WHERE ",
            $rest
        )
    };
}
const FIND: &str = lines!("id = $1");
const WAITING: &str = lines!("state = 'waiting' ORDER BY at, id LIMIT 200");
const DECIDED: &str = lines!("state = $1 ORDER BY at DESC, id DESC LIMIT 200");
made_statements!(|| [FIND, WAITING, DECIDED].map(str::to_owned).into());

/// A payment, and where it stands.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn find(conn: &mut Conn, id: &str) -> Result<(LineRow, LineState)> {
    let row: Option<PaymentRow> = conn.optional(FIND, args![id]).await?;
    let row = row.ok_or(AppError::NotFound)?;
    let state = LineState::from_key(&row.state);
    Ok((row.row(), state))
}

/// Up to 200 payments in a state: the oldest that wait, else the newest.
pub async fn list(conn: &mut Conn, state: LineState) -> Result<Vec<LineRow>> {
    let rows: Vec<PaymentRow> = match state {
        LineState::Waiting => conn.all(WAITING, args![]).await?,
        state => conn.all(DECIDED, args![state.key()]).await?,
    };
    Ok(rows.into_iter().map(PaymentRow::row).collect())
}

const SUMS: &str = r"SELECT currency, state, sum(amount)
    FROM statement_lines
    WHERE at > $1
    GROUP BY currency, state
    ORDER BY currency LIMIT 60";

/// What came in since then, per currency.
pub async fn sums(conn: &mut Conn, since: Timestamp) -> Result<Vec<Sums>> {
    let rows: Vec<(String, String, i64)> = conn.all(SUMS, args![since.0]).await?;
    let mut all: Vec<Sums> = Vec::new();
    for (currency, state, cents) in rows {
        if all.last().is_none_or(|last| last.all.currency != currency) {
            let none = Money { cents: 0, currency: currency.clone() };
            all.push(Sums { waiting: none.clone(), booked: none.clone(), aside: none.clone(), all: none });
        }
        if let Some(sums) = all.last_mut() {
            sums.all.cents += cents;
            match LineState::from_key(&state) {
                LineState::Waiting => sums.waiting.cents += cents,
                LineState::Booked => sums.booked.cents += cents,
                LineState::Aside => sums.aside.cents += cents,
            }
        }
    }
    Ok(all)
}

const DIFFERENT: &str = r"SELECT c.account_id, a.name, c.invoice_id, c.amount, c.currency, c.came
    FROM checkouts c
    JOIN accounts a ON a.id = c.account_id
    WHERE c.state = 'mismatch'
    ORDER BY c.settled_at DESC LIMIT 50";

/// Checkouts of which another amount came than was asked for: account, name, invoice, asked for, came.
pub async fn different(reader: &mut Reader<OfStaff>) -> Result<Vec<(String, String, String, Money, String)>> {
    type Tuple = (String, String, String, i64, String, String);
    let rows: Vec<Tuple> = reader.conn().all(DIFFERENT, args![]).await?;
    let row = |(account, name, invoice, cents, currency, came): Tuple| {
        (account, name, invoice, Money { cents, currency }, came)
    };
    Ok(rows.into_iter().map(row).collect())
}

const BY_NUMBER: &str = r"SELECT id, account_id, currency
    FROM invoices
    WHERE number = $1 AND kind = 'invoice' AND status <> 'draft'";
const CUSTOMER: &str = "SELECT id FROM accounts WHERE number = $1";

/// An invoice by its number: id, account and currency.
pub async fn by_number(conn: &mut Conn, number: &str) -> Result<Option<(String, String, String)>> {
    Ok(conn.optional(BY_NUMBER, args![number]).await?)
}

/// The account with this number.
pub async fn customer(conn: &mut Conn, number: i64) -> Result<Option<String>> {
    Ok(conn.optional_value(CUSTOMER, args![number]).await?)
}
