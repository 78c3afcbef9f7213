//! Brings statements in, and books payments: each in one transaction with its trail and its mail.

use super::model::{Candidate, LineRow, LineState, Match, matched, serials};
use super::read::{self, ColumnNames};
use super::{store, words};
use crate::access::staff::ManageInvoices;
use crate::access::{InAccount, Staff, Tx};
use crate::error::{AppError, Result};
use crate::features::audit::model::AuditKind;
use crate::features::audit::record::Entry;
use crate::features::invoices;
use crate::features::invoices::write::Incoming;
use crate::types::{AccountId, InvoiceId, Money, Timestamp};

/// What came of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Brought {
    /// Payments in it.
    pub all: usize,
    /// That were booked.
    pub booked: usize,
    /// That wait.
    pub waiting: usize,
    /// That were known already.
    pub known: usize,
    /// That went out.
    pub outgoing: usize,
}

/// Payments that are kept in one transaction.
const STEP: usize = 500;

/// Brings a statement in: all of it is kept, then what names its invoice and its amount is booked.
///
/// # Errors
/// [`AppError::Invalid`] for a file that cannot be read: nothing of it is kept.
pub async fn bring(staff: &Staff<ManageInvoices>, bytes: Vec<u8>, columns: ColumnNames) -> Result<Brought> {
    let settings = invoices::store::billing_settings(staff.read().await?.conn()).await?;
    let columns = ColumnNames { usual: settings.currency.clone(), ..columns };
    let read = tokio::task::spawn_blocking(move || read::read(&bytes, &columns)).await;
    let read = read.map_err(|_| AppError::field("file", words::NOT_A_STATEMENT))?;
    let statement = read.map_err(|says| AppError::field("file", says))?;
    let mut brought =
        Brought { all: statement.payments.len(), outgoing: statement.outgoing, ..Brought::default() };
    let mut new = Vec::new();
    for some in statement.payments.chunks(STEP) {
        let mut tx = staff.begin().await?;
        for one in some {
            match store::add(&mut tx, one).await? {
                Some(id) => new.push((id, one)),
                None => brought.known += 1,
            }
        }
        tx.record(Entry::new(AuditKind::StatementBrought, words::brought_entry(&some.len()))).await?;
        tx.commit().await?;
    }
    for (id, one) in new {
        let row = LineRow {
            id,
            at: Timestamp(one.at),
            amount: Money { cents: one.cents, currency: one.currency.clone() },
            payer: one.payer.clone(),
            text: one.text.clone(),
            says: String::new(),
            suggestion: String::new(),
        };
        if decide(staff, &row, &settings.prefix).await? {
            brought.booked += 1;
        } else {
            brought.waiting += 1;
        }
    }
    Ok(brought)
}

/// Books a payment whose invoice is certain, or notes which it could be. Says whether it was booked.
async fn decide(staff: &Staff<ManageInvoices>, row: &LineRow, prefix: &str) -> Result<bool> {
    let mut reader = staff.read().await?;
    let mut named = Vec::new();
    for serial in serials(&row.text, prefix).into_iter().take(20) {
        named.extend(store::by_serial(reader.conn(), serial, &row.amount.currency).await?);
    }
    let same = if named.is_empty() {
        store::by_amount(reader.conn(), row.amount.cents, &row.amount.currency).await?
    } else {
        Vec::new()
    };
    drop(reader);
    match matched(row.amount.cents, &named, &same) {
        Match::Books(all) => {
            // Somebody else may have booked meanwhile: then it waits.
            match book_all(staff, row, &all).await {
                Ok(()) => Ok(true),
                Err(AppError::Conflict(_)) => Ok(false),
                Err(error) => Err(error),
            }
        }
        Match::Suggests(number) => {
            let mut tx = staff.begin().await?;
            store::suggest(&mut tx, &row.id, &number).await?;
            tx.unaudited("a hint for whoever looks at it");
            tx.commit().await?;
            Ok(false)
        }
        Match::Nothing => Ok(false),
    }
}

async fn book_all(staff: &Staff<ManageInvoices>, row: &LineRow, all: &[Candidate]) -> Result<()> {
    let numbers: Vec<&str> = all.iter().map(|one| one.number.as_str()).collect();
    let mut tx = staff.begin().await?;
    if !store::decide(&mut tx, &row.id, LineState::Waiting, LineState::Booked, &numbers.join(", ")).await? {
        return Err(AppError::Conflict(words::DECIDED_MEANWHILE.into()));
    }
    for one in all {
        let mut on = tx.into_account(&AccountId::from(one.account.clone())).await?;
        book(&mut on, row, &one.invoice, one.open).await?;
        tx = on.into_staff()?;
    }
    tx.commit().await
}

/// A payment, or a part of it, as it is booked.
fn transfer(row: &LineRow, cents: i64) -> Incoming<'_> {
    Incoming { method: "bank_transfer", amount: cents, received: row.at, reference: &row.text }
}

/// Books a part of a payment, or all of it, on an invoice.
async fn book(tx: &mut Tx<InAccount>, row: &LineRow, invoice: &str, cents: i64) -> Result<()> {
    let id = InvoiceId::from(invoice.to_owned());
    let before = invoices::store::find(tx, &id).await?;
    let reference: String = row.text.chars().take(140).collect();
    let new = Incoming { reference: &reference, ..transfer(row, cents) };
    invoices::write::record_payment(tx, &before, &new).await?;
    let says = words::booked_entry(&before.money(cents), &before.number);
    tx.record(Entry::new(AuditKind::InvoicePaid, says)).await
}

/// Books a payment as staff say: on an invoice, or as the credit of a customer. Returns what was done, in words.
///
/// # Errors
/// [`AppError::Invalid`] for a number that is nobody's; [`AppError::Conflict`] when somebody was faster.
pub async fn book_on(staff: &Staff<ManageInvoices>, id: &str, number: &str) -> Result<String> {
    let number = number.trim().trim_start_matches('#').to_uppercase();
    if number.is_empty() {
        return Err(AppError::field("number", words::NOT_A_NUMBER));
    }
    let mut tx = staff.begin().await?;
    let (row, _) = store::find(tx.conn(), id).await?;
    let invoice = store::by_number(tx.conn(), &number).await?;
    let customer = match (&invoice, number.parse::<i64>()) {
        (None, Ok(number)) => store::customer(tx.conn(), number).await?,
        _ => None,
    };
    if !store::decide(&mut tx, id, LineState::Waiting, LineState::Booked, &number).await? {
        return Err(AppError::Conflict(words::DECIDED_MEANWHILE.into()));
    }
    match (invoice, customer) {
        (Some((invoice, account, currency)), _) => {
            if currency != row.amount.currency {
                return Err(AppError::field("number", words::OTHER_CURRENCY));
            }
            let mut on = tx.into_account(&AccountId::from(account)).await?;
            book(&mut on, &row, &invoice, row.amount.cents).await?;
            on.commit().await?;
            Ok(words::booked(&row.amount, &number))
        }
        (None, Some(account)) => {
            let mut on = tx.into_account(&AccountId::from(account)).await?;
            let says = words::credit_says(&row.text);
            let new = transfer(&row, row.amount.cents);
            invoices::write::receive_credit(&mut on, &row.amount.currency, &new, says).await?;
            on.record(Entry::new(AuditKind::InvoicePaid, words::credit_entry(&row.amount))).await?;
            let name = on.membership().account_name.clone();
            on.commit().await?;
            Ok(words::booked_as_credit(&row.amount, &name))
        }
        (None, None) => Err(AppError::field("number", words::NO_SUCH_NUMBER)),
    }
}

/// Puts a payment aside, or lets it wait again.
///
/// # Errors
/// [`AppError::Conflict`] when somebody was faster.
pub async fn put(staff: &Staff<ManageInvoices>, id: &str, aside: Option<&str>) -> Result<()> {
    let mut tx = staff.begin().await?;
    let (row, _) = store::find(tx.conn(), id).await?;
    let (from, to, says, entry) = match aside {
        Some(why) => {
            let entry = words::aside_entry(&row.amount, &why);
            (LineState::Waiting, LineState::Aside, why, entry)
        }
        None => (LineState::Aside, LineState::Waiting, "", words::back_entry(&row.amount)),
    };
    if !store::decide(&mut tx, id, from, to, says).await? {
        return Err(AppError::Conflict(words::DECIDED_MEANWHILE.into()));
    }
    tx.record(Entry::new(AuditKind::StatementBrought, entry)).await?;
    tx.commit().await
}
