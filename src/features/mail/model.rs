//! The categories of mail (M1), and mail as the demo shows it.

use crate::permission::{Permission, Permissions};
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
            Self::Queued => ("pill amber", "clock", "Queued"),
            Self::Sent => ("pill green", "check", "Sent"),
            Self::Failed => ("pill red", "alert", "Failed"),
        }
    }
}

/// The filters of the history: value in the URL and label.
pub const FILTERS: &[(&str, &str)] = &[("", "All"), ("sent", "Sent"), ("queued", "Queued"), ("failed", "Failed")];

/// Rows on a page.
pub const PER_PAGE: usize = 50;

/// Which messages the history shows. Everything comes from a URL, so nonsense falls back to the default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryQuery {
    /// Words that subject, name or address of the recipient contain.
    #[serde(default)]
    pub q: String,
    /// A state, or all.
    #[serde(default)]
    pub status: String,
    /// Cursor of the row before the page.
    #[serde(default)]
    pub after: String,
    /// Cursor of the row after the page.
    #[serde(default)]
    pub before: String,
}

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

/// One message of the history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessageView {
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

/// A kind of mail that a contact can switch on or off (M1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    /// News about the account.
    General,
    /// About services.
    Service,
    /// About domains.
    Domain,
    /// Invoices and payments.
    Invoice,
    /// Tickets.
    Support,
    /// News of the operator.
    Newsletter,
}

impl Category {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 6] = [Self::General, Self::Service, Self::Domain, Self::Invoice, Self::Support, Self::Newsletter];

    /// The name in tables and forms.
    pub fn key(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Service => "service",
            Self::Domain => "domain",
            Self::Invoice => "invoice",
            Self::Support => "support",
            Self::Newsletter => "newsletter",
        }
    }

    /// The category with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.key() == key)
    }

    /// The permission that guards what it shows: only who holds it switches it on, for anybody (M10).
    pub fn guard(self) -> Option<Permission> {
        match self {
            Self::Invoice => Some(Permission::ViewInvoices),
            Self::Support => Some(Permission::OpenTickets),
            _ => None,
        }
    }

    /// The label of its box.
    pub fn title(self) -> &'static str {
        match self {
            Self::General => "General",
            Self::Service => "Service",
            Self::Domain => "Domain",
            Self::Invoice => "Invoice",
            Self::Support => "Support",
            Self::Newsletter => "Newsletter",
        }
    }

    /// One sentence under it.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::General => "News about the account.",
            Self::Service => "Welcome mails, maintenance and notices about services.",
            Self::Domain => "Registration, transfer and renewal of domains.",
            Self::Invoice => "Copies of invoices, reminders and receipts.",
            Self::Support => "May open tickets by mail, and gets answers to their own.",
            Self::Newsletter => "Now and then, offers and product news.",
        }
    }
}

/// A set of categories; in tables and on the wire the keys in order, joined by commas.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Categories(String);

impl FromIterator<Category> for Categories {
    fn from_iter<T: IntoIterator<Item = Category>>(all: T) -> Self {
        Self::from_keys(all.into_iter().map(Category::key))
    }
}

impl Categories {
    /// What an address that is nobody's card can choose: invoices without a billing contact and copies of tickets reach it in any case.
    pub fn of_main() -> Self {
        [Category::General, Category::Service, Category::Domain, Category::Newsletter].into_iter().collect()
    }

    /// What somebody who holds `may` can switch, the rest is left as it is (M10).
    pub fn switchable(may: Permissions) -> Self {
        Category::ALL.into_iter().filter(|category| category.guard().is_none_or(|needed| may.has(needed))).collect()
    }

    /// Without these.
    pub fn minus(&self, other: &Self) -> Self {
        self.iter().filter(|category| !other.has(*category)).collect()
    }

    /// Is nothing on?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Everything that is in one of the two.
    pub fn and(&self, other: &Self) -> Self {
        self.iter().chain(other.iter()).collect()
    }

    /// What is in both.
    pub fn among(&self, other: &Self) -> Self {
        self.iter().filter(|category| other.has(*category)).collect()
    }

    /// Reads keys from a form; what is no category is left out.
    pub fn from_keys(keys: impl IntoIterator<Item: AsRef<str>>) -> Self {
        let wanted: Vec<Category> = keys.into_iter().filter_map(|key| Category::from_key(key.as_ref())).collect();
        let kept: Vec<_> = Category::ALL.iter().filter(|category| wanted.contains(category)).map(|category| category.key()).collect();
        Self(kept.join(","))
    }

    /// Reads the column of a table.
    pub fn from_column(keys: &str) -> Self {
        Self::from_keys(keys.split(','))
    }

    /// The column of a table.
    pub fn column(&self) -> &str {
        &self.0
    }

    /// The titles of those that are on: "General, Domain".
    pub fn titles(&self) -> String {
        self.iter().map(Category::title).collect::<Vec<_>>().join(", ")
    }

    /// Is this category on?
    pub fn has(&self, category: Category) -> bool {
        self.0.split(',').any(|key| key == category.key())
    }

    /// The categories that are on.
    pub fn iter(&self) -> impl Iterator<Item = Category> {
        Category::ALL.into_iter().filter(|category| self.has(*category))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_keep_their_order_and_forget_nonsense() {
        let set = Categories::from_keys(["support", "x", "general", "support"]);
        assert_eq!(set.column(), "general,support");
        assert_eq!(Categories::from_column(set.column()), set);
        assert!(set.has(Category::General) && !set.has(Category::Invoice));
        assert_eq!(Categories::from_column("").iter().count(), 0);
    }
}
