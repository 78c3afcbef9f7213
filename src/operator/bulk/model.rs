//! Work on many customers or tickets.

use super::words;
use crate::permission::StaffPermission;
use crate::types::Timestamp;
use serde::{Deserialize, Serialize};

/// What is done to each customer, or ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BulkAct {
    /// Closes the account.
    Close,
    /// Opens it again.
    Reopen,
    /// Invites the owner who has no login.
    Invite,
    /// Closes the ticket.
    CloseTicket,
    /// Opens it again; undoing a close gives back the status of before.
    ReopenTicket,
    /// Gives it to one of the staff, or to nobody.
    Assign,
    /// Gives it to a department.
    Transfer,
}

impl BulkAct {
    /// Every act on customers.
    pub const CUSTOMERS: [Self; 3] = [Self::Invite, Self::Close, Self::Reopen];
    /// Every act on tickets.
    pub const TICKETS: [Self; 4] = [Self::Assign, Self::Transfer, Self::CloseTicket, Self::ReopenTicket];

    /// The name in tables and forms.
    pub fn key(self) -> &'static str {
        match self {
            Self::Close => "close",
            Self::Reopen => "reopen",
            Self::Invite => "invite",
            Self::CloseTicket => "close-ticket",
            Self::ReopenTicket => "reopen-ticket",
            Self::Assign => "assign",
            Self::Transfer => "transfer",
        }
    }

    /// The act with this name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::CUSTOMERS.into_iter().chain(Self::TICKETS).find(|act| act.key() == key)
    }

    /// Is it done to tickets?
    pub fn of_tickets(self) -> bool {
        Self::TICKETS.contains(&self)
    }

    /// The label.
    pub fn title(self) -> &'static str {
        match self {
            Self::Close => words::CLOSE,
            Self::Reopen => words::REOPEN,
            Self::Invite => words::INVITE,
            Self::CloseTicket => words::CLOSE_TICKETS,
            Self::ReopenTicket => words::REOPEN_TICKETS,
            Self::Assign => words::ASSIGN,
            Self::Transfer => words::TRANSFER,
        }
    }

    /// What it takes.
    pub fn needs(self) -> StaffPermission {
        match self {
            Self::Close | Self::Reopen => StaffPermission::CloseCustomers,
            Self::Invite => StaffPermission::CreateCustomers,
            Self::CloseTicket | Self::ReopenTicket | Self::Assign | Self::Transfer => {
                StaffPermission::AnswerTickets
            }
        }
    }

    /// What takes it back; mail cannot be.
    pub fn undone_by(self) -> Option<Self> {
        match self {
            Self::Close => Some(Self::Reopen),
            Self::Reopen => Some(Self::Close),
            Self::Invite => None,
            Self::CloseTicket => Some(Self::ReopenTicket),
            Self::ReopenTicket => Some(Self::CloseTicket),
            Self::Assign | Self::Transfer => Some(self),
        }
    }
}

/// Customers or tickets that one act works on at most.
pub const MOST: usize = 10_000;

/// What can be done with the tickets that are found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TicketBulk {
    /// How many they are; counted to 10,001.
    pub count: i64,
    /// Departments: id and name.
    pub departments: Vec<(String, String)>,
    /// Staff who answer tickets: id and name.
    pub staff: Vec<(String, String)>,
}

/// How far work on many is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BulkView {
    /// Its id.
    pub id: String,
    /// What is done.
    pub act: BulkAct,
    /// Why.
    pub reason: String,
    /// What the act needs beside its name: to whom, or where.
    pub value: String,
    /// Who began it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Customers or tickets in all.
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
    /// Those that were dealt with.
    pub fn done(&self) -> i64 {
        self.changed + self.left
    }
}
