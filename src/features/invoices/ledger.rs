//! The ledger: double entry. The lines of an entry sum to zero, and nothing of it is ever changed.

use crate::access::{InAccount, Tx};
use crate::error::Result;
use crate::platform::db::internal;

/// Where amounts stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Book {
    /// What customers owe.
    Receivable,
    /// What was sold, net.
    Revenue,
    /// Tax that we owe.
    Tax,
    /// What came in, and went out.
    Bank,
    /// What we owe customers.
    Credit,
    /// What nobody expects any more.
    WriteOff,
    /// What rounding left over.
    Rounding,
}

impl Book {
    fn key(self) -> &'static str {
        match self {
            Self::Receivable => "receivable",
            Self::Revenue => "revenue",
            Self::Tax => "tax",
            Self::Bank => "bank",
            Self::Credit => "credit",
            Self::WriteOff => "write_off",
            Self::Rounding => "rounding",
        }
    }
}

/// What happened.
#[derive(Debug, Default)]
pub struct LedgerEntry<'a> {
    /// In words, as the statement shows it.
    pub says: String,
    /// Currency of all its lines.
    pub currency: &'a str,
    /// The document that it is about.
    pub invoice: Option<&'a str>,
    /// The payment that it is about.
    pub payment: Option<&'a str>,
    /// Its lines: book and amount in minor units.
    pub lines: &'a [(Book, i64)],
}

/// Writes an entry.
///
/// # Errors
/// When its lines do not sum to zero: then nothing is kept of what caused it.
pub async fn post(tx: &mut Tx<InAccount>, entry: &LedgerEntry<'_>) -> Result<()> {
    if entry.lines.iter().map(|(_, amount)| amount).sum::<i64>() != 0 {
        return Err(internal(&"an entry of the ledger does not sum to zero"));
    }
    super::write::add_entry(tx, entry.lines.iter().map(|(book, amount)| (book.key(), *amount)), entry).await
}
