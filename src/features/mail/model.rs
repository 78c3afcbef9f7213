//! Mail as the history and the demo show it.

use super::words;
use crate::types::{MessageId, Timestamp};
use serde::{Deserialize, Serialize};

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DemoMailSummary {
    /// Id of the message.
    pub id: String,
    /// Recipient's address.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// When it was written.
    pub at: Timestamp,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DemoMail {
    /// Its line in the list.
    pub summary: DemoMailSummary,
    /// Sender.
    pub from: String,
    /// Plain text body.
    pub text: String,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailState {
    /// On its way, or to be tried again.
    Queued,
    /// Handed over to the mail server.
    Sent,
    /// Given up.
    Failed,
}

impl MailState {
    /// The state with this name in tables; an unknown one is queued.
    pub fn from_key(key: &str) -> Self {
        match key {
            "sent" => Self::Sent,
            "failed" => Self::Failed,
            _ => Self::Queued,
        }
    }

    /// Class, icon and word of its pill.
    pub fn pill(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Queued => ("pill amber", "clock", words::QUEUED),
            Self::Sent => ("pill green", "check", words::SENT),
            Self::Failed => ("pill red", "alert", words::FAILED),
        }
    }
}

/// The filters of the history: value in the URL and label.
pub const FILTERS: &[(&str, &str)] =
    &[("", words::ALL), ("sent", words::SENT), ("queued", words::QUEUED), ("failed", words::FAILED)];

/// A line of the history (M5).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryRow {
    /// The message.
    pub id: MessageId,
    /// Name of the recipient; may be empty.
    pub to_name: String,
    /// Address of the recipient.
    pub to_email: String,
    /// Subject.
    pub subject: String,
    /// What became of it.
    pub state: MailState,
    /// Why it was not delivered, or not yet; empty when nothing went wrong.
    pub error: String,
    /// When it was written.
    pub at: Timestamp,
}

/// The newest mails to one contact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonMail {
    /// Their address.
    pub email: String,
    /// The newest first, some of them.
    pub rows: Vec<HistoryRow>,
    /// The server's time.
    pub now: Timestamp,
}

/// One message of the history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MailView {
    /// Its line.
    pub row: HistoryRow,
    /// Plain text body.
    pub text: String,
    /// Tries so far.
    pub attempts: i64,
    /// When it was handed over.
    pub sent: Option<Timestamp>,
    /// When it was given up.
    pub failed: Option<Timestamp>,
    /// When it is tried again; nothing for one that has not been tried yet.
    pub next_try: Option<Timestamp>,
    /// It can be sent once more: it is not on its way, and it held no link that was for its recipient alone.
    pub again: bool,
    /// The server's time.
    pub now: Timestamp,
}
