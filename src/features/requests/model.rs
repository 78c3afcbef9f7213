//! What can be requested, and a request that waits.

use super::words;
use crate::types::{TimeFormat, Timestamp};
use serde::{Deserialize, Serialize};

/// What staff are asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RequestKind {
    /// Another plan for a service.
    Upgrade,
    /// The end of a service.
    Cancel,
    /// Other nameservers for a domain.
    Nameservers,
    /// The registrar lock of a domain on or off.
    Lock,
}

impl RequestKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Upgrade, Self::Cancel, Self::Nameservers, Self::Lock];

    /// The name in tables and forms.
    pub fn key(self) -> &'static str {
        match self {
            Self::Upgrade => "upgrade",
            Self::Cancel => "cancel",
            Self::Nameservers => "nameservers",
            Self::Lock => "lock",
        }
    }

    /// The kind with this name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// What is requested, as a noun.
    pub fn title(self) -> &'static str {
        match self {
            Self::Upgrade => words::UPGRADE,
            Self::Cancel => words::CANCELLATION,
            Self::Nameservers => words::NAMESERVER_CHANGE,
            Self::Lock => words::REGISTRAR_LOCK_CHANGE,
        }
    }
}

/// A request to record.
#[derive(Clone, Copy, Debug)]
pub struct NewRequest<'a> {
    /// What.
    pub kind: RequestKind,
    /// The details: words, host names one a line, or `on` and `off`.
    pub wanted: &'a str,
    /// From when; nothing is as soon as possible, and for a cancellation the end of the paid period.
    pub from: Option<Timestamp>,
}

/// A request that staff have not answered yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pending {
    /// What.
    pub kind: RequestKind,
    /// Who asked.
    pub by: String,
    /// The details.
    pub wanted: String,
    /// From when.
    pub from: Option<Timestamp>,
    /// When it was asked.
    pub at: Timestamp,
}

impl Pending {
    /// What is wanted, in a sentence. A day is a day of the calendar of whoever reads it; in mail, of whoever
    /// asked.
    pub fn sentence(&self, time_format: &TimeFormat) -> String {
        match (self.kind, self.from) {
            (RequestKind::Upgrade, _) => self.wanted.clone(),
            (RequestKind::Cancel, Some(from)) => words::from(&time_format.named_date(from), &self.wanted),
            (RequestKind::Cancel, None) => words::at_the_end_of_the(&self.wanted),
            (RequestKind::Nameservers, _) => self.wanted.replace('\n', ", "),
            (RequestKind::Lock, _) => words::switch_it(&self.wanted),
        }
    }
}
