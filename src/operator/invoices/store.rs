//! SQL of what goes to bookkeeping, and of revenue.

use super::model::Month;
use crate::access::{OfStaff, Reader};
use crate::error::Result;
use crate::platform::db::{FromRow, args};
use crate::types::{Money, Timestamp};

const REVENUE: &str = r"SELECT month, currency, net
    FROM revenue
    WHERE month >= $1
    ORDER BY currency, month LIMIT 300";

/// Revenue before tax of the last twelve months, per currency.
pub async fn revenue(reader: &mut Reader<OfStaff>) -> Result<Vec<Month>> {
    let now = reader.now();
    let first = now.midnight().plus_days(1 - i64::from(now.calendar().2));
    let months: Vec<i64> = (0..12).map(|n| first.plus_months(n - 11, 1).0).collect();
    let rows: Vec<(i64, String, i64)> = reader.conn().all(REVENUE, args![months[0]]).await?;
    let mut currencies: Vec<&String> = rows.iter().map(|(_, currency, _)| currency).collect();
    currencies.dedup();
    let month = |currency: &String, start: i64| {
        let of = rows.iter().find(|(at, of, _)| *at == start && of == currency);
        let net = Money { cents: of.map_or(0, |(.., cents)| *cents), currency: currency.clone() };
        Month { start: Timestamp(start), net }
    };
    Ok(currencies.iter().flat_map(|of| months.iter().map(|start| month(of, *start))).collect())
}

/// An invoice for a spreadsheet.
#[derive(FromRow)]
pub struct Exported {
    pub id: String,
    pub number: String,
    pub kind: String,
    pub status: String,
    pub issued_at: i64,
    pub due_at: Option<i64>,
    pub customer: i64,
    pub payer: String,
    pub currency: String,
    pub net: i64,
    pub tax: i64,
    pub rounding: i64,
    pub total: i64,
    pub paid: i64,
    pub credited: i64,
    pub taxes: String,
}

const INVOICES: &str = r"SELECT i.id, i.number, i.kind, i.status, i.issued_at, i.due_at, a.number AS customer, i.payer, i.currency, i.net, i.tax,
        i.rounding, i.total, i.paid, i.credited, i.taxes
    FROM invoices i
    JOIN accounts a ON a.id = i.account_id
    WHERE (i.issued_at, i.id) > ($1, $2) AND i.issued_at < $3
    ORDER BY i.issued_at, i.id LIMIT 1000";

/// The next invoices after this time and id, up to a time.
pub async fn invoices(reader: &mut Reader<OfStaff>, after: (i64, &str), until: i64) -> Result<Vec<Exported>> {
    Ok(reader.conn().all(INVOICES, args![after.0, after.1, until]).await?)
}

/// A booking.
#[derive(FromRow)]
pub struct Booking {
    pub id: String,
    pub created_at: i64,
    pub book: String,
    pub amount: i64,
    pub currency: String,
    pub number: String,
    pub says: String,
    pub customer: i64,
}

const BOOKINGS: &str = r"SELECT l.id, l.created_at, l.book, l.amount, l.currency, coalesce(i.number, '') AS number, l.says,
        a.number AS customer
    FROM ledger l
    JOIN accounts a ON a.id = l.account_id
    LEFT JOIN invoices i ON i.id = l.invoice_id
    WHERE (l.created_at, l.id) > ($1, $2) AND l.created_at < $3
    ORDER BY l.created_at, l.id LIMIT 1000";

/// The next bookings after this time and id, up to a time.
pub async fn bookings(reader: &mut Reader<OfStaff>, after: (i64, &str), until: i64) -> Result<Vec<Booking>> {
    Ok(reader.conn().all(BOOKINGS, args![after.0, after.1, until]).await?)
}
