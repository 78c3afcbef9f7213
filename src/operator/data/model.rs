//! What the page of a customer's data shows.

use serde::{Deserialize, Serialize};

/// What there is of a customer; numbers are exact.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DataPage {
    /// Name of the account.
    pub name: String,
    /// Its number.
    pub number: i64,
    /// It is closed, and can be erased.
    pub closed: bool,
    /// What became of it for good; empty while it lives.
    pub ended: String,
    /// Contacts.
    pub contacts: i64,
    /// Logins that enter no other account.
    pub logins: i64,
    /// Services.
    pub services: i64,
    /// Domains.
    pub domains: i64,
    /// Messages.
    pub messages: i64,
    /// The acting staff may export.
    pub may_export: bool,
    /// They may erase.
    pub may_erase: bool,
}

/// `accounts.ended` of an erased account.
pub const ERASED: &str = "erased";
