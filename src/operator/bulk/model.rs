//! Work on many customers.

use super::words;
use crate::permission::StaffPermission;
use crate::types::Timestamp;
use serde::{Deserialize, Serialize};

/// What is done to each customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BulkAct {
    /// Closes the account.
    Close,
    /// Opens it again.
    Reopen,
    /// Invites the owner who has no login.
    Invite,
}

impl BulkAct {
    /// Every act.
    pub const ALL: [Self; 3] = [Self::Invite, Self::Close, Self::Reopen];

    /// The name in tables and forms.
    pub fn key(self) -> &'static str {
        match self {
            Self::Close => "close",
            Self::Reopen => "reopen",
            Self::Invite => "invite",
        }
    }

    /// The act with this name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.key() == key)
    }

    /// The label.
    pub fn title(self) -> &'static str {
        match self {
            Self::Close => words::CLOSE,
            Self::Reopen => words::REOPEN,
            Self::Invite => words::INVITE,
        }
    }

    /// What it takes.
    pub fn needs(self) -> StaffPermission {
        match self {
            Self::Close | Self::Reopen => StaffPermission::CloseCustomers,
            Self::Invite => StaffPermission::CreateCustomers,
        }
    }

    /// What takes it back; mail cannot be.
    pub fn undone_by(self) -> Option<Self> {
        match self {
            Self::Close => Some(Self::Reopen),
            Self::Reopen => Some(Self::Close),
            Self::Invite => None,
        }
    }
}

/// Customers that one act works on at most.
pub const MOST: usize = 10_000;

/// How far work on many customers is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BulkView {
    /// Its id.
    pub id: String,
    /// What is done.
    pub act: BulkAct,
    /// Why.
    pub reason: String,
    /// Who began it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Customers in all.
    pub total: i64,
    /// Those that were changed.
    pub changed: i64,
    /// Those where there was nothing to do.
    pub left: i64,
    /// Somebody works on it.
    pub running: bool,
    /// It was undone, by this.
    pub undone_by: Option<String>,
    /// The server's time.
    pub now: Timestamp,
}

impl BulkView {
    /// Customers that were dealt with.
    pub fn done(&self) -> i64 {
        self.changed + self.left
    }
}
