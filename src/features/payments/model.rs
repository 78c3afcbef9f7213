//! What a checkout is, and the settings of the gateway. Pure: no I/O.

use crate::types::{InvoiceId, Money};
use serde::{Deserialize, Serialize};

/// Where a checkout stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckoutState {
    /// The customer was sent to the gateway.
    #[default]
    Begun,
    /// The money is there, and booked.
    Paid,
    /// It ended without money.
    Ended,
    /// Another amount came than was asked for: staff look at it.
    Mismatch,
}

impl CheckoutState {
    /// The name in tables.
    pub fn key(self) -> &'static str {
        match self {
            Self::Begun => "begun",
            Self::Paid => "paid",
            Self::Ended => "ended",
            Self::Mismatch => "mismatch",
        }
    }

    /// The state with this name; an unknown one has begun.
    pub fn from_key(key: &str) -> Self {
        [Self::Paid, Self::Ended, Self::Mismatch]
            .into_iter()
            .find(|state| state.key() == key)
            .unwrap_or_default()
    }
}

/// What the page after a payment says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Confirmed {
    /// Where it stands.
    pub state: CheckoutState,
    /// The invoice.
    pub invoice: InvoiceId,
    /// Its number.
    pub number: String,
    /// What was asked for.
    pub amount: Money,
}

/// A way of paying as a list shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MethodRow {
    /// Its id.
    pub id: String,
    /// "Visa •••• 4242".
    pub label: String,
    /// "12/2030"; may be empty.
    pub expires: String,
    /// Invoices are charged to it on the day they are due.
    pub automatic: bool,
}

/// The page of payment methods.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MethodsPage {
    /// What is kept.
    pub methods: Vec<MethodRow>,
    /// A gateway is set up.
    pub set_up: bool,
}
