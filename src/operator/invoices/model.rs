//! The forms of staff about invoices.

use super::words;
use crate::error::{FormErrors, Result};
use crate::features::deliveries::model::DeliveryView;
use crate::features::invoices::model::{DraftPage, InvoiceLine, InvoiceRow, METHODS};
use crate::types::{Money, Timestamp, line};
use serde::{Deserialize, Serialize};

/// The filters of everybody's list: value in the URL and label.
pub const FILTERS: &[(&str, &str)] = &[
    ("", words::OPEN),
    ("overdue", words::OVERDUE),
    ("draft", words::DRAFTS),
    ("paid", words::PAID),
    ("credited", words::CREDITED),
    ("cancelled", words::CANCELLED),
    ("written_off", words::WRITTEN_OFF),
];

/// What customers owe in a currency, by how long it is overdue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Aged {
    /// Currency.
    pub currency: String,
    /// Not due, up to 30, up to 60 and more days, in minor units.
    pub owed: [i64; 4],
}

/// Revenue of a month in a currency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Month {
    /// Its beginning.
    pub start: Timestamp,
    /// What was invoiced before tax, less what was credited.
    pub net: Money,
}

/// An invoice, as staff manage it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ManagePage {
    /// The customer: name and number.
    pub customer: (String, i64),
    /// A draft, or a new one.
    pub draft: Option<DraftPage>,
    /// What was issued.
    pub issued: Option<IssuedPage>,
}

/// What staff may do to an invoice that was issued.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IssuedPage {
    /// The invoice.
    pub row: InvoiceRow,
    /// Its lines.
    pub lines: Vec<InvoiceLine>,
    /// What of it can still be credited.
    pub left: Money,
    /// Nothing of it was credited yet.
    pub whole: bool,
    /// The customer's credit in its currency.
    pub credit: Money,
    /// How it stands on its way through the network for e-invoices, where it goes there.
    pub delivery: Option<DeliveryView>,
    /// Payments by card that it can be sent back to, the newest first: checkout and what it is called.
    pub refundable: Vec<(String, String)>,
    /// Refunds to a card that are on their way: id and what they are called.
    pub waiting: Vec<(String, String)>,
    /// What can be sent back to the first of them, or by hand where there is none.
    pub refund: Money,
    /// Counts the changes.
    pub version: i64,
    /// The day it is, for the form of a payment.
    pub today: String,
}

/// The form of a refund, as typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RefundForm {
    /// The checkout whose card it goes back to; empty for what was sent by hand.
    #[serde(default)]
    pub to: String,
    /// How much.
    #[serde(default)]
    pub amount: String,
    /// ISO 4217 code.
    #[serde(default)]
    pub currency: String,
    /// How it was sent by hand.
    #[serde(default)]
    pub reference: String,
}

impl RefundForm {
    /// Reads the form: amount and reference.
    ///
    /// # Errors
    /// [`crate::error::AppError::Invalid`] with every field that cannot be taken.
    pub fn parse(&self) -> Result<(Money, String)> {
        let mut errors = FormErrors::default();
        let amount = Money::parse(&self.amount, &self.currency).filter(|amount| amount.cents > 0);
        if amount.is_none() {
            errors.add("amount", words::ENTER_AN_AMOUNT);
        }
        let reference = errors.keep("reference", line(&self.reference, 140));
        if reference.is_empty() && self.to.is_empty() {
            errors.add("reference", words::ENTER_A_REFERENCE);
        }
        errors.finish((amount.unwrap_or_default(), reference))
    }
}

/// The form of a payment, as typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PaymentForm {
    /// How.
    #[serde(default)]
    pub method: String,
    /// How much.
    #[serde(default)]
    pub amount: String,
    /// On which day.
    #[serde(default)]
    pub received: String,
    /// What it said.
    #[serde(default)]
    pub reference: String,
}

impl PaymentForm {
    /// Reads the form: amount, day and reference.
    ///
    /// # Errors
    /// [`crate::error::AppError::Invalid`] with every field that cannot be taken.
    pub fn parse(&self, currency: &str, now: Timestamp) -> Result<(Money, Timestamp, String)> {
        let mut errors = FormErrors::default();
        let amount = Money::parse(&self.amount, currency).filter(|amount| amount.cents > 0);
        if amount.is_none() {
            errors.add("amount", words::ENTER_AN_AMOUNT);
        }
        let day = Timestamp::parse_day(&self.received).filter(|day| *day < now.plus_days(1));
        if day.is_none() {
            errors.add("received", words::ENTER_A_DAY);
        }
        if !METHODS.iter().any(|(key, _)| *key == self.method) {
            errors.add("method", words::CHOOSE_A_METHOD);
        }
        let reference = errors.keep("reference", line(&self.reference, 140));
        errors.finish((amount.unwrap_or_default(), day.unwrap_or(now), reference))
    }
}
