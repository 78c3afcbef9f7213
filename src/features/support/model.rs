//! What pages know of looks of staff at an account.

use super::words;
use crate::types::Timestamp;
use serde::{Deserialize, Serialize};

/// Whether staff may see the portal as the customer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SupportAccess {
    /// Without asking.
    Always,
    /// The owner is asked each time.
    Ask,
    /// Not at all.
    Never,
}

impl SupportAccess {
    /// Every choice, in the order of the form.
    pub const ALL: [Self; 3] = [Self::Always, Self::Ask, Self::Never];

    /// The name in tables and forms.
    pub fn key(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Ask => "ask",
            Self::Never => "never",
        }
    }

    /// The choice with this name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.key() == key)
    }

    /// Its label, and what it means.
    pub fn says(self) -> (&'static str, &'static str) {
        match self {
            Self::Always => (words::ALWAYS, words::ALWAYS_MEANS),
            Self::Ask => (words::ASK_ME, words::ASK_ME_MEANS),
            Self::Never => (words::NEVER, words::NEVER_MEANS),
        }
    }
}

/// How long an allowed look may last, in minutes.
pub const ALLOWED_MINUTES: i64 = 60;
/// How long a question waits for the owner, in minutes.
pub const ASKED_MINUTES: i64 = 24 * 60;

/// A question of staff that waits for the owner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WaitingView {
    /// Its id.
    pub id: String,
    /// Who asks.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When they asked.
    pub at: Timestamp,
}

/// What the owner chooses and answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SupportChoice {
    /// The choice.
    pub access: SupportAccess,
    /// Questions that wait.
    pub waiting: Vec<WaitingView>,
    /// Who may look at the moment, and until when.
    pub open: Vec<(String, Timestamp)>,
    /// The server's time.
    pub now: Timestamp,
}
