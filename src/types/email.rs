//! E-mail addresses as this product accepts them: the part of RFC 5321 that mail servers really deliver to.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A checked e-mail address, at most 254 characters (RFC 5321 §4.5.3.1.3 with the angle brackets taken off),
/// ASCII only. Spelled as the person typed it; [`EmailAddress::key`] is what comparisons use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Longest address accepted, in bytes.
    pub const MAX: usize = 254;

    /// Reads what a person typed, ignoring blanks around it.
    ///
    /// # Errors
    /// A sentence for the person that says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err("Enter an e-mail address.".into());
        }
        if text.len() > Self::MAX {
            return Err(format!("An e-mail address has at most {} characters.", Self::MAX));
        }
        if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err("An e-mail address has no spaces or control characters.".into());
        }
        if !text.is_ascii() {
            return Err("Use plain letters without accents. A domain with other letters can be written in its xn-- form.".into());
        }
        let Some((local, domain)) = text.rsplit_once('@') else {
            return Err("An e-mail address has an @, like name@example.com.".into());
        };
        if domain.is_empty() || !domain.contains('.') {
            return Err("The part after the @ is a domain, like example.com.".into());
        }
        if !valid_domain(domain) {
            return Err("The part after the @ is not a valid domain.".into());
        }
        if !valid_local(local) {
            return Err("The part before the @ is not valid.".into());
        }
        Ok(Self(text.to_owned()))
    }

    /// The address as it was typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address in lowercase: two spellings with the same key are the same address.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn valid_domain(domain: &str) -> bool {
    domain.len() <= 253
        && domain.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        })
        && !domain.rsplit('.').next().unwrap_or_default().bytes().all(|b| b.is_ascii_digit())
}

fn valid_local(local: &str) -> bool {
    (1..=64).contains(&local.len())
        && local.split('.').all(|atom| {
            !atom.is_empty()
                && atom.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn accepts_what_people_have() {
        for good in [
            "a@b.co",
            "Ben.Carter+shop@Mail.Example.com",
            "o'neil@example.ie",
            "x@xn--bcher-kva.example",
            " padded@example.com ",
        ] {
            assert!(EmailAddress::parse(good).is_ok(), "{good}");
        }
        assert_eq!(EmailAddress::parse("Ben@Example.COM").unwrap().key(), "ben@example.com");
    }

    #[test]
    fn refuses_the_rest_with_a_sentence() {
        let long = format!("{}@example.com", "a".repeat(250));
        for bad in [
            "",
            " ",
            "ben",
            "ben@",
            "ben@localhost",
            "@example.com",
            "a b@example.com",
            "a@b..com",
            "a..b@example.com",
            ".a@example.com",
            "bücher@example.com",
            "a@bücher.example",
            "a@example.com\r\nBcc: x@y.z",
            "a@-x.com",
            "a@1.2.3.4",
            "<a@example.com>",
            "a@b@c.com\0",
            &long,
        ] {
            let message = EmailAddress::parse(bad).expect_err(bad);
            assert!(message.ends_with('.'), "{message}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_accepted_cannot_break_a_header(text in "\\PC{0,60}(@\\PC{0,60})?") {
            if let Ok(address) = EmailAddress::parse(&text) {
                prop_assert!(address.as_str().bytes().all(|b| b.is_ascii_graphic()));
                prop_assert_eq!(EmailAddress::parse(address.as_str()).unwrap(), address);
            }
        }
    }
}
