//! A replacement that waits, as the owner and staff see it.

use crate::types::Timestamp;
use serde::{Deserialize, Serialize};

/// A replacement that waits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Replacement {
    /// Name and address of who takes over.
    pub to: (String, String),
    /// Which of the staff began it.
    pub by: String,
    /// Why.
    pub reason: String,
    /// The former owner's contact is closed then.
    pub close_former: bool,
    /// When it began.
    pub since: Timestamp,
    /// When the account is handed over.
    pub due: Timestamp,
}
