//! What one knows of oneself.

use crate::features::audit::model::AuditRow;
use crate::features::second_factor::model::Factors;
use crate::types::Timestamp;
use serde::{Deserialize, Serialize};

/// The signed-in user, for the top bar.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Me {
    /// Name.
    pub name: String,
    /// Verified address.
    pub email: String,
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

/// A browser and its system as people call them: "Firefox on Linux". The order decides, because browsers claim to be their forebears.
pub fn browser(agent: &str) -> String {
    const BROWSERS: &[(&str, &str)] = &[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS", "Firefox"),
        ("Chrome/", "Chrome"),
        ("CriOS", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ];
    const SYSTEMS: &[(&str, &str)] = &[
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];
    let find = |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    match (find(BROWSERS), find(SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(name), None) | (None, Some(name)) => name.into(),
        (None, None) if agent.is_empty() => String::new(),
        (None, None) => "Another browser".into(),
    }
}

/// Longest name, in characters.
pub const NAME_MAX: usize = 200;

/// Reads a person's name.
///
/// # Errors
/// A sentence for the person.
pub fn name(text: &str) -> Result<String, String> {
    let name = crate::types::line(text, NAME_MAX)?;
    if name.is_empty() { Err("Enter your name.".into()) } else { Ok(name) }
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn browsers_are_called_what_people_call_them() {
        let named = [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Safari/605.1.15", "Safari on macOS"),
            ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
            ("curl/8.5.0", "curl"),
            ("<script>", "Another browser"),
            ("", ""),
        ];
        for (agent, name) in named {
            assert_eq!(browser(agent), name, "{agent}");
        }
    }
}
