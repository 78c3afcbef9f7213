//! What a merge would do.

use crate::types::AccountId;
use serde::{Deserialize, Serialize};

/// What would move from one account to another.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MergePlan {
    /// Name and number of the account that is emptied.
    pub from: (String, i64),
    /// The account that everything moves to, with name and number; nothing before one was named.
    pub to: Option<(AccountId, String, i64)>,
    /// People who become contacts there.
    pub moves: Vec<String>,
    /// People who are contacts of both.
    pub joins: Vec<String>,
    /// Services.
    pub services: i64,
    /// Domains.
    pub domains: i64,
    /// Messages of the e-mail history.
    pub messages: i64,
    /// Notes.
    pub notes: i64,
    /// Requests that wait, which go along.
    pub requests: i64,
}

/// People that a plan names.
pub const NAMED: usize = 20;
/// `accounts.ended` of an account that was merged into another.
pub const MERGED: &str = "merged";
