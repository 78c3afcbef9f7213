//! What a domain is, and how its nameservers are typed. Pure: no I/O.

use super::words;
use crate::features::requests::model::Pending;
use crate::permission::Permissions;
use crate::types::{DomainId, Timestamp};
use serde::{Deserialize, Serialize};

/// The state of a domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DomainStatus {
    /// Being registered or transferred.
    Pending,
    /// Registered.
    Active,
    /// Not renewed in time.
    Expired,
    /// Given up.
    Cancelled,
}

impl DomainStatus {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Active, Self::Expired, Self::Cancelled];

    /// The name in tables and URLs.
    pub fn key(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state with this name; an unknown one is pending.
    pub fn from_key(key: &str) -> Self {
        Self::ALL.into_iter().find(|status| status.key() == key).unwrap_or(Self::Pending)
    }

    /// Class, icon and word of its pill.
    pub fn pill(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Pending => ("pill amber", "clock", words::BEING_REGISTERED),
            Self::Active => ("pill green", "check", words::ACTIVE),
            Self::Expired => ("pill amber", "alert", words::EXPIRED),
            Self::Cancelled => ("pill", "x", words::CANCELLED),
        }
    }
}

/// The filters of the list: value in the URL and label.
pub const FILTERS: &[(&str, &str)] = &[
    ("", words::ALL),
    ("active", words::ACTIVE),
    ("pending", words::BEING_REGISTERED),
    ("expired", words::EXPIRED),
    ("cancelled", words::CANCELLED),
];

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DomainRow {
    /// The domain.
    pub id: DomainId,
    /// Its name.
    pub name: String,
    /// State.
    pub status: DomainStatus,
    /// When its registration ends.
    pub expires: Timestamp,
    /// It is renewed automatically.
    pub auto_renew: bool,
    /// The registrar lock is on.
    pub locked: bool,
    /// What the person may do with it.
    pub may: Permissions,
}

/// One domain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DomainView {
    /// The domain.
    pub id: DomainId,
    /// Its name.
    pub name: String,
    /// State.
    pub status: DomainStatus,
    /// When it was registered.
    pub registered: Timestamp,
    /// When its registration ends.
    pub expires: Timestamp,
    /// It is renewed automatically.
    pub auto_renew: bool,
    /// The registrar lock is on.
    pub locked: bool,
    /// One host name a line.
    pub nameservers: String,
    /// What the person may do with it.
    pub may: Permissions,
    /// Requests that staff have not answered yet.
    pub pending: Vec<Pending>,
    /// The server's time.
    pub now: Timestamp,
}

/// True for a host name (RFC 1123 §2.1) of at least two labels.
fn is_host(name: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    name.len() <= 253
        && name.contains('.')
        && name.split('.').all(label)
        && !name.split('.').next_back().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()))
}

/// Reads nameservers: one host name a line, at least two, as registries ask for (RFC 2182 §5), at most 13.
///
/// # Errors
/// A sentence for the person.
pub fn nameservers(text: &str) -> Result<String, String> {
    let mut found: Vec<String> = Vec::new();
    for name in text
        .split([',', ';', ' ', '\n', '\r', '\t'])
        .map(|name| name.trim().trim_end_matches('.').to_ascii_lowercase())
        .filter(|name| !name.is_empty())
    {
        if !is_host(&name) {
            return Err(words::is_not_the_name_of(&name.chars().take(60).collect::<String>()));
        }
        if !found.contains(&name) {
            found.push(name);
        }
    }
    match found.len() {
        2..=13 => Ok(found.join("\n")),
        0 | 1 => Err(words::ENTER_AT_LEAST_TWO_NAMESERVERS.into()),
        _ => Err(words::ENTER_AT_MOST_13_NAMESERVERS.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nameservers_are_host_names_one_a_line() {
        assert_eq!(
            nameservers("NS1.example.com.\r\nns2.example.com\nns1.example.com").unwrap(),
            "ns1.example.com\nns2.example.com"
        );
        for bad in [
            "",
            "ns1.example.com",
            "ns1.example.com\nlocalhost",
            "ns1.example.com\n10.0.0.1",
            "a_b.example.com\nns1.example.com",
            "-a.example.com\nb.example.com",
        ] {
            assert!(nameservers(bad).is_err(), "{bad}");
        }
        assert!(nameservers(&(0..14).map(|i| format!("ns{i}.example.com\n")).collect::<String>()).is_err());
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_read_or_refused(text in "\\PC{0,200}") {
            if let Ok(kept) = nameservers(&text) {
                prop_assert!(kept.lines().all(is_host));
            }
        }
    }
}
