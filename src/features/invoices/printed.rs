//! What stands on an invoice, whether people read it or their programs.

use super::model::{BillingSettings, InvoiceKind, InvoiceLine, Party, Related};
use super::totals::Totals;
use crate::types::{InvoiceId, Timestamp};

/// What is printed.
pub struct Printed<'a> {
    /// Its id.
    pub id: &'a InvoiceId,
    /// What it is.
    pub kind: InvoiceKind,
    /// Its number.
    pub number: &'a str,
    /// When it is issued.
    pub dated: Timestamp,
    /// Until when it is to be paid.
    pub due: Timestamp,
    /// ISO 4217 code.
    pub currency: &'a str,
    /// Who sells.
    pub seller: &'a Party,
    /// Who pays.
    pub payer: &'a Party,
    /// The account's number.
    pub customer: i64,
    /// Its lines.
    pub lines: &'a [InvoiceLine],
    /// Prices hold their tax.
    pub inclusive: bool,
    /// What they add up to.
    pub sums: &'a Totals,
    /// A note under it.
    pub note: &'a str,
    /// What a credit note corrects.
    pub corrects: Option<&'a Related>,
    /// Why.
    pub reason: &'a str,
    /// How it is paid.
    pub settings: &'a BillingSettings,
    /// The company's colour.
    pub accent: &'a str,
    /// The company's logo, with its media type.
    pub logo: Option<(&'a [u8], &'a str)>,
}
