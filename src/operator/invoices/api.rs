//! Files: invoices or bookings of a time for a spreadsheet or for bookkeeping, and a sample of an invoice.

use super::store::{self, Booking, Exported};
use super::words;
use crate::access::Staff;
use crate::access::request::RequestContext;
use crate::access::staff::{EditSettings, ViewInvoices};
use crate::error::AppError;
use crate::features::invoices::model::{BillingSettings, Party, TaxSum, tax_title};
use crate::features::invoices::store::billing_settings;
use crate::features::invoices::template;
use crate::paths;
use crate::platform::{answers, csv};
use crate::types::{Money, Timestamp};
use axum::Extension;
use axum::body::Body;
use axum::extract::Query as UrlQuery;
use axum::http::{Response, header};
use axum::response::IntoResponse as _;
use serde::Deserialize;

/// What is exported.
#[derive(Clone, Debug, Deserialize)]
pub struct Wanted {
    /// First day.
    #[serde(default)]
    from: String,
    /// Last day.
    #[serde(default)]
    to: String,
    /// `invoices`, or `bookings`.
    #[serde(default)]
    what: String,
}

/// Rows that are read at a time.
const PIECE: usize = 1_000;

/// `GET /operator/invoices/export.csv`: written piece by piece, so that years of it take no memory.
pub async fn export(
    Extension(context): Extension<RequestContext>,
    UrlQuery(wanted): UrlQuery<Wanted>,
) -> Response<Body> {
    let begun = async {
        let staff = Staff::<ViewInvoices>::of(context.clone()).await?;
        let day = |typed: &str, name: &str| {
            Timestamp::parse_day(typed).ok_or_else(|| AppError::field(name, words::ENTER_A_DAY))
        };
        let (from, to) = (day(&wanted.from, "from")?, day(&wanted.to, "to")?.plus_days(1));
        if from >= to {
            return Err(AppError::field("to", words::ENTER_A_DAY));
        }
        let settings = billing_settings(staff.read().await?.conn()).await?;
        Ok((from, to, settings))
    };
    let (from, to, settings) = match begun.await {
        Ok(begun) => begun,
        Err(error) => return answers::back(&error, paths::ALL_INVOICES, "refused"),
    };
    let bookings = wanted.what == "bookings";
    let name =
        format!("{}-{}-{}.csv", if bookings { "bookings" } else { "invoices" }, wanted.from, wanted.to);
    let start = (context, settings, (from.0 - 1, String::from("~")), true);
    csv::download(&name, start, move |(context, settings, after, first)| async move {
        let staff = Staff::<ViewInvoices>::of(context.afresh()).await?;
        let mut reader = staff.read().await?;
        let at = (after.0, after.1.as_str());
        let (text, last, count) = if bookings {
            let rows = store::bookings(&mut reader, at, to.0).await?;
            let last = rows.last().map(|row| (row.created_at, row.id.clone()));
            (of_bookings(&rows, &settings, first), last, rows.len())
        } else {
            let rows = store::invoices(&mut reader, at, to.0).await?;
            let last = rows.last().map(|row| (row.issued_at, row.id.clone()));
            (of_invoices(&rows, first), last, rows.len())
        };
        let more = last.filter(|_| count == PIECE).map(|last| (context, settings, last, false));
        Ok((text, more))
    })
}

/// `GET /operator/settings/billing/sample.pdf`: an invoice that nobody owes, made with the template that is used.
pub async fn sample(Extension(context): Extension<RequestContext>) -> Response<Body> {
    let made = async {
        let staff = Staff::<EditSettings>::of(context).await?;
        let mut reader = staff.read().await?;
        let now = reader.now();
        let made = template::sample(staff.app(), reader.conn(), None, now).await?;
        made.map_err(|says| AppError::Conflict(words::template_wrong(&says)))
    };
    match made.await {
        Ok(pdf) => (
            [
                (header::CONTENT_TYPE, "application/pdf"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"sample.pdf\""),
            ],
            pdf,
        )
            .into_response(),
        Err(error) => answers::json_error(&error),
    }
}

/// A row for each rate of tax, so that sums per rate need no second look.
fn of_invoices(rows: &[Exported], head: bool) -> Vec<u8> {
    let names = words::EXPORT_HEAD.map(str::to_owned);
    let lines = rows.iter().flat_map(|row| {
        let plain = |cents: i64| Money { cents, currency: row.currency.clone() }.typed();
        let payer: Party = serde_json::from_str(&row.payer).unwrap_or_default();
        let taxes: Vec<TaxSum> = serde_json::from_str(&row.taxes).unwrap_or_default();
        let sign = if row.kind == "invoice" { 1 } else { -1 };
        let due = row.due_at.map(|at| Timestamp(at).day()).unwrap_or_default();
        let of = |n: usize, sum: &TaxSum| {
            // What belongs to the whole stands in its first row.
            let once = |cents: i64| if n == 0 { plain(sign * cents) } else { String::new() };
            [
                row.number.clone(),
                row.kind.clone(),
                row.status.clone(),
                Timestamp(row.issued_at).day(),
                due.clone(),
                row.customer.to_string(),
                payer.name.clone(),
                payer.country.clone(),
                payer.tax_id.clone(),
                row.currency.clone(),
                tax_title(sum.category, sum.rate),
                plain(sign * sum.base),
                plain(sign * sum.tax),
                once(row.net),
                once(row.tax),
                once(row.rounding),
                once(row.total),
                once(row.paid),
                once(row.credited),
            ]
        };
        taxes.iter().enumerate().map(|(n, sum)| of(n, sum)).collect::<Vec<_>>()
    });
    csv::lines(head.then_some(names).into_iter().chain(lines))
}

/// A row for each line of the ledger, with the account of the bookkeeping that the settings give its book (DATEV: S for
/// debit, H for credit).
fn of_bookings(rows: &[Booking], settings: &BillingSettings, head: bool) -> Vec<u8> {
    let names = words::BOOKINGS_HEAD.map(str::to_owned);
    let lines = rows.iter().map(|row| {
        let amount = Money { cents: row.amount.abs(), currency: row.currency.clone() };
        [
            Timestamp(row.created_at).day(),
            amount.typed(),
            if row.amount >= 0 { "S".to_owned() } else { "H".to_owned() },
            row.currency.clone(),
            settings.account_of(&row.book).to_owned(),
            row.book.clone(),
            row.number.clone(),
            row.customer.to_string(),
            row.says.clone(),
        ]
    });
    csv::lines(head.then_some(names).into_iter().chain(lines))
}
