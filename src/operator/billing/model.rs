//! The page of a night's work.

use crate::error::{FormErrors, Result};
use crate::features::billing::model::{Night, NightLine, Plan};
use crate::types::{Timestamp, is_web_address};
use serde::{Deserialize, Serialize};

/// What the next night will do, and what nights did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BillingPage {
    /// It is done by itself.
    pub automatic: bool,
    /// When the next night's work begins.
    pub next: Timestamp,
    /// What it will do.
    pub plan: Plan,
    /// The last nights.
    pub nights: Vec<Night>,
    /// The night whose work is listed: "2026-11-26"; empty while there was none.
    pub night: String,
    /// What it did.
    pub done: Vec<NightLine>,
    /// The person may have it done now.
    pub may_manage: bool,
    /// The server's time.
    pub now: Timestamp,
}

/// What is done by itself, as its table has it, with its class, icon and name.
pub const EVENTS: &[(&str, &str, &str, &str)] = &[
    ("invoiced", "pill green", "check", super::words::INVOICED),
    ("before", "pill", "mail", super::words::REMINDED_BEFORE),
    ("reminded", "pill", "mail", super::words::REMINDED),
    ("warned", "pill amber", "alert", super::words::WARNED),
    ("fee", "pill amber", "card", super::words::FEES),
    ("suspended", "pill amber", "lock", super::words::SUSPENDED),
    ("charged", "pill", "card", super::words::CHARGED),
    ("declined", "pill red", "alert", super::words::DECLINED),
    ("unrefunded", "pill red", "alert", super::words::UNREFUNDED),
    ("undelivered", "pill red", "alert", super::words::UNDELIVERED),
    ("unreached", "pill red", "alert", super::words::UNREACHED),
    ("failed", "pill red", "alert", super::words::FAILED),
];

/// Class, icon and name of what was done.
pub fn pill(event: &str) -> (&'static str, &'static str, &'static str) {
    EVENTS
        .iter()
        .find(|(key, ..)| *key == event)
        .map_or(("pill", "info", super::words::DONE), |(_, class, icon, title)| (class, icon, title))
}

/// The form of payment by card.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GatewayForm {
    /// Where the gateway is asked; empty for its own address.
    #[serde(default)]
    pub url: String,
    /// The secret key; empty for the one that is there.
    #[serde(default)]
    pub key: String,
    /// What messages are signed with; empty for the one that is there.
    #[serde(default)]
    pub signing: String,
    /// Take it away: anything but empty.
    #[serde(default)]
    pub remove: String,
}

/// Payment by card as it is set up. What is secret is not shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GatewayView {
    /// Where the gateway is asked; empty for its own address.
    pub url: String,
    /// A key is there.
    pub has_key: bool,
    /// A signing secret is there.
    pub has_signing: bool,
    /// Where messages go.
    pub hook: String,
}

/// The form of the access point.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AccessPointForm {
    /// Where it is asked; empty to take it away.
    #[serde(default)]
    pub url: String,
    /// What it knows us by; empty for what is there.
    #[serde(default)]
    pub token: String,
}

impl AccessPointForm {
    /// Checks what was typed.
    ///
    /// # Errors
    /// [`crate::error::AppError::Invalid`] with every field that cannot be taken.
    pub fn check(&self) -> Result<()> {
        let mut errors = FormErrors::default();
        let (url, token) = (self.url.trim(), self.token.trim());
        if !url.is_empty() && !is_web_address(url) {
            errors.add("url", super::words::NO_URL);
        }
        if !is_secret(token) {
            errors.add("token", super::words::NO_TOKEN);
        }
        errors.finish(())
    }
}

/// Can this be a secret of another program? It stands in a header.
fn is_secret(typed: &str) -> bool {
    typed.len() <= 300 && typed.bytes().all(|byte| byte.is_ascii_graphic())
}

impl GatewayForm {
    /// Checks what was typed.
    ///
    /// # Errors
    /// [`crate::error::AppError::Invalid`] with every field that cannot be taken.
    pub fn check(&self) -> Result<()> {
        let mut errors = FormErrors::default();
        let url = self.url.trim();
        if !url.is_empty() && !is_web_address(url) {
            errors.add("url", super::words::NO_URL);
        }
        for (name, typed) in [("key", &self.key), ("signing", &self.signing)] {
            if !is_secret(typed.trim()) {
                errors.add(name, super::words::NO_SECRET);
            }
        }
        errors.finish(())
    }
}
