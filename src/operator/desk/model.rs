//! What pages know of the staff area around them.

use crate::permission::StaffPermissions;
use crate::types::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};

/// Who works in the staff area.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Desk {
    /// Their name.
    pub person: String,
    /// What they may do.
    pub permissions: StaffPermissions,
}

/// What needs somebody, as far as the person may see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dashboard {
    /// Requests that wait, and since when the oldest does.
    pub requests: Option<(i64, Option<Timestamp>)>,
    /// Tickets that wait, since when the oldest does, and e-mails that could not be placed.
    pub tickets: Option<(i64, Option<Timestamp>, i64)>,
    /// Invoices that are overdue; for who sees invoices.
    pub overdue: Option<i64>,
    /// Numbers about customers.
    pub customers: Option<CustomerNumbers>,
    /// Dates that come close, the closest first.
    pub dates: Vec<CloseDate>,
    /// What is left to set up; only for who may edit settings.
    pub left: Vec<SetupStep>,
    /// The server's time.
    pub now: Timestamp,
}

/// Days before the end of a domain that the dashboard shows it.
pub const DOMAIN_DAYS: i64 = 30;
/// Days before a service is due, likewise.
pub const DUE_DAYS: i64 = 14;

/// A domain that ends and is not renewed, or a service that is due.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CloseDate {
    /// The account.
    pub account: AccountId,
    /// Its name.
    pub customer: String,
    /// The domain or service.
    pub name: String,
    /// It is a domain.
    pub is_domain: bool,
    /// Its page.
    pub path: String,
    /// When.
    pub at: Timestamp,
}

/// A step of setting the portal up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SetupStep {
    /// The company's postal address.
    Address,
    /// Its logo.
    Logo,
    /// A mail server.
    Mail,
    /// An address with https.
    Https,
}

/// Numbers about customers; each is counted up to [`crate::types::COUNTED`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CustomerNumbers {
    /// Messages that could not be delivered in the last 7 days.
    pub failed: i64,
    /// Invitations that have waited for more than 3 days.
    pub waiting: i64,
    /// Accounts whose owner has no login yet.
    pub without_login: i64,
    /// Addresses that mail does not reach.
    pub unreached: i64,
    /// Accounts opened in the last 7 days.
    pub new: i64,
    /// The newest of them.
    pub newest: Vec<NewCustomer>,
    /// Messages that failed last.
    pub failures: Vec<FailedMail>,
}

/// A customer who came lately.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewCustomer {
    /// The account.
    pub account: AccountId,
    /// Its name.
    pub name: String,
    /// Its number.
    pub number: i64,
    /// When it was opened.
    pub since: Timestamp,
}

/// A message that could not be delivered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FailedMail {
    /// The account it is about.
    pub account: AccountId,
    /// Its name.
    pub name: String,
    /// To whom.
    pub to: String,
    /// What the mail server said.
    pub why: String,
    /// When.
    pub at: Timestamp,
}
