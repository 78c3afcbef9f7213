//! What the form to look as a customer knows.

use crate::features::support::model::SupportAccess;
use crate::types::{ContactId, Timestamp};
use serde::{Deserialize, Serialize};

/// How the acting staff stand with an account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ViewForm {
    /// Name of the account.
    pub name: String,
    /// Its number.
    pub number: i64,
    /// What the account chose.
    pub access: SupportAccess,
    /// The owner's contact, as whom one looks unless somebody else is named.
    pub owner: ContactId,
    /// Set after asking: whether it was allowed, and until when that holds or the question waits.
    pub asked: Option<(bool, Timestamp)>,
    /// The reason that was given when asking.
    pub reason: String,
    /// They may look without consent.
    pub may_break_glass: bool,
    /// The server's time.
    pub now: Timestamp,
}
