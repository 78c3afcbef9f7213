//! What waits somewhere.

use crate::types::{Money, Timestamp};
use serde::{Deserialize, Serialize};

/// A domain that expires within so many days is shown.
pub const DOMAIN_DAYS: i64 = 60;
/// Lines that are shown of each kind at most.
pub const MOST: usize = 200;

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OpenKind {
    /// An unpaid invoice.
    Invoice,
    /// A ticket.
    Ticket,
    /// A domain that expires.
    Domain,
}

/// Something that waits on an account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenItem {
    /// What it is.
    pub kind: OpenKind,
    /// Name of the account.
    pub account: String,
    /// What it is called.
    pub title: String,
    /// Where it is.
    pub path: String,
    /// When it is due, was changed or ends.
    pub at: Timestamp,
    /// What is to be paid.
    pub amount: Option<Money>,
}

/// The page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenPage {
    /// Everything, the most pressing first.
    pub all: Vec<OpenItem>,
    /// What is to be paid, per currency.
    pub sums: Vec<Money>,
    /// Not everything is shown.
    pub more: bool,
    /// The server's time.
    pub now: Timestamp,
}
