//! What can be brought in, and how far a file is.

use super::words;
use crate::types::Timestamp;
use serde::{Deserialize, Serialize};

/// What the rows of a file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImportKind {
    /// Accounts, each with its owner.
    Customers,
    /// Other people on accounts.
    Contacts,
    /// Services of accounts.
    Services,
    /// Domains of accounts.
    Domains,
}

/// A column: name, whether it is needed, and what stands in it.
pub type ColumnHelp = (&'static str, bool, &'static str);

impl ImportKind {
    /// Every kind, in the order in which they are brought in.
    pub const ALL: [Self; 4] = [Self::Customers, Self::Contacts, Self::Services, Self::Domains];

    /// The name in tables and forms.
    pub fn key(self) -> &'static str {
        match self {
            Self::Customers => "customers",
            Self::Contacts => "contacts",
            Self::Services => "services",
            Self::Domains => "domains",
        }
    }

    /// The kind with this name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// The label.
    pub fn title(self) -> &'static str {
        match self {
            Self::Customers => words::CUSTOMERS,
            Self::Contacts => words::CONTACTS,
            Self::Services => words::SERVICES,
            Self::Domains => words::DOMAINS,
        }
    }

    /// Its columns.
    pub fn columns(self) -> &'static [ColumnHelp] {
        match self {
            Self::Customers => &[
                ("number", true, words::C_NUMBER),
                ("company", false, words::C_COMPANY),
                ("first_name", false, words::C_FIRST_NAME),
                ("last_name", false, words::C_LAST_NAME),
                ("email", true, words::C_OWNER_EMAIL),
                ("phone", false, words::C_PHONE),
                ("street", false, words::C_STREET),
                ("postcode", false, words::C_POSTCODE),
                ("city", false, words::C_CITY),
                ("region", false, words::C_REGION),
                ("country", false, words::C_COUNTRY),
                ("password_hash", false, words::C_PASSWORD),
            ],
            Self::Contacts => &[
                ("account", true, words::C_ACCOUNT),
                ("email", true, words::C_EMAIL),
                ("first_name", false, words::C_FIRST),
                ("last_name", false, words::C_LAST),
                ("company", false, words::C_CONTACT_COMPANY),
                ("phone", false, words::C_PHONE),
                ("can_log_in", false, words::C_LOG_IN),
                ("permissions", false, words::C_PERMISSIONS),
                ("mail", false, words::C_MAIL),
                ("password_hash", false, words::C_PASSWORD),
            ],
            Self::Services => &[
                ("account", true, words::C_ACCOUNT),
                ("product", true, words::C_PRODUCT),
                ("label", false, words::C_LABEL),
                ("status", false, words::C_STATUS),
                ("price", false, words::C_PRICE),
                ("currency", false, words::C_CURRENCY),
                ("cycle", false, words::C_CYCLE),
                ("next_due", false, words::C_NEXT_DUE),
                ("domain", false, words::C_DOMAIN),
                ("server", false, words::C_SERVER),
                ("login_name", false, words::C_LOGIN_NAME),
            ],
            Self::Domains => &[
                ("account", true, words::C_ACCOUNT),
                ("domain", true, words::C_DOMAIN_NAME),
                ("registered", false, words::C_REGISTERED),
                ("expires", true, words::C_EXPIRES),
                ("status", false, words::C_DOMAIN_STATUS),
                ("auto_renew", false, words::C_RENEW),
                ("locked", false, words::C_LOCKED),
                ("nameservers", false, words::C_NAMESERVERS),
            ],
        }
    }

    /// A file that can be brought in as it is.
    pub fn example(self) -> &'static str {
        match self {
            Self::Customers => words::CUSTOMERS_EXAMPLE,
            Self::Contacts => words::CONTACTS_EXAMPLE,
            Self::Services => words::SERVICES_EXAMPLE,
            Self::Domains => words::DOMAINS_EXAMPLE,
        }
    }
}

/// How far a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImportState {
    /// It is being read.
    Checking,
    /// It says what would change.
    Checked,
    /// It is being brought in.
    Importing,
    /// Everything is in.
    Done,
    /// Nothing was changed; the report says why.
    Failed,
}

impl ImportState {
    const ALL: [Self; 5] = [Self::Checking, Self::Checked, Self::Importing, Self::Done, Self::Failed];

    /// The name in the table.
    pub fn key(self) -> &'static str {
        match self {
            Self::Checking => "checking",
            Self::Checked => "checked",
            Self::Importing => "importing",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    /// The state with this name; an unknown one has failed.
    pub fn from_key(key: &str) -> Self {
        Self::ALL.into_iter().find(|state| state.key() == key).unwrap_or(Self::Failed)
    }

    /// Is somebody working on it?
    pub fn is_running(self) -> bool {
        matches!(self, Self::Checking | Self::Importing)
    }
}

/// A mistake in a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RowError {
    /// Line of the file; the first is 1.
    pub line: u64,
    /// Name of the column, or empty for the row.
    pub column: String,
    /// What is wrong.
    pub reason: String,
}

/// What was found in a file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// Rows in all.
    pub rows: u64,
    /// Rows of what is not there yet.
    pub new: u64,
    /// Rows that change what is there.
    pub changed: u64,
    /// Rows that change nothing.
    pub same: u64,
    /// Mistakes in all.
    pub wrong: u64,
    /// The first of them.
    pub errors: Vec<RowError>,
}

/// A file that was brought in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportView {
    /// Its id.
    pub id: String,
    /// What its rows are.
    pub kind: ImportKind,
    /// Its name.
    pub file: String,
    /// Who brought it.
    pub by: String,
    /// How far it is.
    pub state: ImportState,
    /// Rows done and in all, while somebody works on it.
    pub progress: Option<(u64, u64)>,
    /// What was found in it.
    pub report: Report,
    /// People who came in with it, can log in, and have no login and no invitation yet.
    pub to_announce: i64,
    /// When it was brought.
    pub at: Timestamp,
    /// When those people were invited.
    pub announced: Option<Timestamp>,
    /// The server's time.
    pub now: Timestamp,
}
