//! A replacement as a row, with everybody whom it concerns.

use super::model::Replacement;
use crate::platform::db::FromRow;
use crate::types::{AccountId, Timestamp};

/// A replacement with everybody whom it concerns.
#[derive(FromRow)]
pub struct Waiting {
    pub(super) id: String,
    account_id: String,
    pub(super) from_id: String,
    pub(super) to_id: String,
    /// Name of the account.
    pub account: String,
    /// Its main address.
    pub main: String,
    /// Name of the owner.
    pub from_name: String,
    /// Their address.
    pub from_email: String,
    /// Name of who takes over.
    pub to_name: String,
    /// Their address.
    pub to_email: String,
    /// Which of the staff began it.
    pub by_name: String,
    /// Their address.
    pub by_email: String,
    /// Why.
    pub reason: String,
    pub(super) close_former: bool,
    created_at: i64,
    due_at: i64,
}

impl Waiting {
    /// A made-up one.
    pub(super) fn sample(now: Timestamp) -> Self {
        let text = |text: &str| text.to_owned();
        Self {
            id: String::new(),
            account_id: text("01k9zv5s8t3w2x1y0abcdefghj"),
            from_id: String::new(),
            to_id: String::new(),
            account: text("Hart Bakery"),
            main: text("office@bakery.example"),
            from_name: text("Olivia Hart"),
            from_email: text("olivia@bakery.example"),
            to_name: text("Ben Carter"),
            to_email: text("ben@example.com"),
            by_name: text("Robin Falk"),
            by_email: text("robin@example.com"),
            reason: super::words::SAMPLE_REASON.into(),
            close_former: true,
            created_at: now.0,
            due_at: now.plus_days(7).0,
        }
    }

    /// The account.
    pub fn account_id(&self) -> AccountId {
        self.account_id.clone().into()
    }

    /// When the account is handed over.
    pub fn due(&self) -> Timestamp {
        Timestamp(self.due_at)
    }

    /// As people see it.
    pub fn shown(self) -> Replacement {
        Replacement {
            to: (self.to_name, self.to_email),
            by: self.by_name,
            reason: self.reason,
            close_former: self.close_former,
            since: Timestamp(self.created_at),
            due: Timestamp(self.due_at),
        }
    }

    /// The main address is the owner's, and goes with them.
    pub(super) fn moves_main(&self) -> bool {
        self.main.eq_ignore_ascii_case(&self.from_email)
    }
}
