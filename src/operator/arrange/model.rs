//! What can be rearranged about a ticket, and what that changes for people.

use crate::types::{AccountId, TicketId, Timestamp};
use serde::{Deserialize, Serialize};

/// A ticket that another can be merged into.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MergeTarget {
    /// Its id.
    pub id: TicketId,
    /// Its number.
    pub number: i64,
    /// Its subject.
    pub subject: String,
    /// Who from then on reads what was written in the other ticket, too.
    pub read_theirs: Vec<String>,
    /// Who from then on reads what was written in this one, too.
    pub read_this: Vec<String>,
    /// Who gets the answers of staff by mail.
    pub told: Vec<String>,
}

/// A customer that a ticket can be moved to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MovePlan {
    /// The account.
    pub account: AccountId,
    /// Its name.
    pub name: String,
    /// Its number.
    pub number: i64,
    /// The contact there with the opener's address, whose ticket it is then; empty for nobody.
    pub opener: String,
    /// Who no longer sees it.
    pub lose: Vec<String>,
}

/// A message, to choose those that go into a new ticket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Piece {
    /// Its id.
    pub id: String,
    /// Who wrote it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// How it begins.
    pub begins: String,
    /// A note of staff.
    pub note: bool,
    /// It is held, or was rejected.
    pub aside: bool,
}

/// What can be rearranged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arrangement {
    /// The account.
    pub account: AccountId,
    /// Its name.
    pub account_name: String,
    /// The number.
    pub number: i64,
    /// The subject.
    pub subject: String,
    /// The number of the ticket that shows what was written in this one.
    pub merged_into: Option<i64>,
    /// Tickets that are merged into this one: id, number and subject.
    pub merged: Vec<(TicketId, i64, String)>,
    /// The ticket that it was split from.
    pub split_from: Option<i64>,
    /// The customer that it was moved away from.
    pub moved_from: Option<String>,
    /// Other tickets of the customer: number and subject, the newest first.
    pub others: Vec<(i64, String)>,
    /// What was written, the newest last.
    pub pieces: Vec<Piece>,
    /// The ticket whose number was typed, or why it cannot be that one.
    pub merge: Option<Result<MergeTarget, String>>,
    /// The customer whose number was typed, or why it cannot be that one.
    pub moving: Option<Result<MovePlan, String>>,
    /// The time now.
    pub now: Timestamp,
}
