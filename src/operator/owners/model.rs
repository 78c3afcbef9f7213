//! What the form to replace an owner knows.

use crate::features::ownership::model::Successor;
use crate::features::replacements::model::Replacement;
use crate::types::Timestamp;
use serde::{Deserialize, Serialize};

/// How an account stands with its owner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OwnerForm {
    /// Name of the account.
    pub name: String,
    /// Who can take it over; at most 100.
    pub candidates: Vec<Successor>,
    /// What waits already.
    pub waiting: Option<Replacement>,
    /// Days of the waiting time.
    pub days: i64,
    /// The server's time.
    pub now: Timestamp,
}
