//! Rules of fields that several forms have, tried when the field is left.

use crate::types::EmailAddress;

/// The rule of e-mail fields, tried when they are left.
pub fn email_rule(text: &str) -> Result<(), String> {
    EmailAddress::parse(text).map(|_| ())
}
