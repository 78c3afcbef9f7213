//! What came in and could not be placed, as staff see it, and the choice of an account.

use super::words;
use crate::types::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It is in a ticket.
    Done,
    /// It was here already.
    Repeated,
    /// A program wrote it: nothing was done.
    Automatic,
    /// It told that a message of ours was not handed over.
    Bounce,
    /// Its sender was told that they may not write.
    Refused,
    /// Nobody knows its sender.
    Unknown,
    /// Its sender is asked which account it is about.
    Choose,
    /// It cannot be read, or its sender is not proven.
    Parked,
    /// Staff put it away.
    Dismissed,
}

impl State {
    /// The name in tables.
    pub fn key(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Repeated => "repeated",
            Self::Automatic => "automatic",
            Self::Bounce => "bounce",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
            Self::Choose => "choose",
            Self::Parked => "parked",
            Self::Dismissed => "dismissed",
        }
    }

    /// The state with this name.
    pub fn from_key(key: &str) -> Self {
        let all = [
            Self::Done,
            Self::Repeated,
            Self::Automatic,
            Self::Bounce,
            Self::Refused,
            Self::Unknown,
            Self::Choose,
            Self::Dismissed,
        ];
        all.into_iter().find(|one| one.key() == key).unwrap_or(Self::Parked)
    }

    /// What stands on it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Unknown => words::UNKNOWN_SENDER,
            Self::Choose => words::ASKED_WHICH_ACCOUNT,
            Self::Parked => words::SET_ASIDE,
            Self::Refused => words::REFUSED,
            _ => words::DONE,
        }
    }
}

/// A message that waits for staff.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WaitingMail {
    /// Its id.
    pub id: String,
    /// Name of the sender, or their address.
    pub from: String,
    /// Their address; may be empty.
    pub email: String,
    /// Subject.
    pub subject: String,
    /// Where it was sent.
    pub to: String,
    /// What became of it.
    pub state: State,
    /// Why.
    pub reason: String,
    /// The beginning of its text; may be empty.
    pub preview: String,
    /// When it came.
    pub at: Timestamp,
}

/// What waits, oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MailQueue {
    /// They; at most 100.
    pub waiting: Vec<WaitingMail>,
    /// The time now.
    pub now: Timestamp,
}

/// A message whose sender chooses the account that it is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// Subject.
    pub subject: String,
    /// Accounts on which they may write.
    pub accounts: Vec<(AccountId, String)>,
}
