//! What one knows of oneself.

use super::words;
use crate::features::audit::model::AuditRow;
use crate::features::second_factor::model::Factors;
use crate::types::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};

/// The signed-in user, for the top bar.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Me {
    /// Name.
    pub name: String,
    /// Verified address.
    pub email: String,
    /// The account they were in last and can still enter, and its name: the way back.
    pub last: Option<(AccountId, String)>,
    /// The server's time.
    pub now: Timestamp,
}

/// A session on its user's page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionView {
    /// What names it.
    pub id: String,
    /// The browser: "Firefox on Linux".
    pub browser: String,
    /// The address it was last used from.
    pub source: String,
    /// When it began.
    pub since: Timestamp,
    /// When it was last used, to a few minutes.
    pub used: Timestamp,
    /// Is it this browser's?
    pub here: bool,
}

/// Everything on the page "Security".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Security {
    /// Name.
    pub name: String,
    /// Verified address.
    pub email: String,
    /// Second factors.
    pub factors: Factors,
    /// Where the login is signed in, the session used last first.
    pub sessions: Vec<SessionView>,
    /// What happened to the login lately.
    pub recent: Vec<AuditRow>,
    /// The server's time.
    pub now: Timestamp,
}

/// One's own profile, for the form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OwnProfile {
    /// Counts the changes: a form made from an older one is refused.
    pub version: i64,
    /// Name.
    pub name: String,
    /// Verified address.
    pub email: String,
    /// Language tag.
    pub language: String,
    /// Name of the time zone.
    pub time_zone: String,
    /// Key of the order of day, month and year.
    pub date_format: String,
    /// The zones to choose from.
    pub zones: Vec<String>,
    /// The server's time.
    pub now: Timestamp,
}

/// What deleting one's login means.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Farewell {
    /// The address.
    pub email: String,
    /// Id and name of the accounts that would be left without an owner.
    pub owned: Vec<(crate::types::AccountId, String)>,
    /// Names of the other accounts one can enter.
    pub entered: Vec<String>,
}

/// Longest name, in characters.
pub const NAME_MAX: usize = 200;

/// Reads a person's name.
///
/// # Errors
/// A sentence for the person.
pub fn name(text: &str) -> Result<String, String> {
    let name = crate::types::line(text, NAME_MAX)?;
    if name.is_empty() { Err(words::ENTER_YOUR_NAME.into()) } else { Ok(name) }
}
