//! A request as staff see it.

use crate::features::requests::model::Pending;
use crate::types::{AccountId, RequestId, Timestamp};
use serde::{Deserialize, Serialize};

/// Requests that wait, oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Queue {
    /// The requests.
    pub waiting: Vec<WaitingRequest>,
    /// The server's time.
    pub now: Timestamp,
}

/// One that waits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WaitingRequest {
    /// Its id.
    pub id: RequestId,
    /// What is wanted.
    pub pending: Pending,
    /// The account.
    pub account: AccountId,
    /// Its name and number.
    pub account_name: (String, i64),
    /// The service or domain.
    pub asset: String,
    /// Name of who works on it, or empty.
    pub taken_by: String,
}
