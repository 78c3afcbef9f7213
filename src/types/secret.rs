//! What a person types and nobody is shown again.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Deref;

/// A password, a code, or what a passkey answered: the field's type says that it is never kept, shown again
/// or logged. It travels as text.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "Secret")]
pub struct Secret(String);

/// The name under which serde meets a [`Secret`]: what collects fields to keep leaves it out.
pub const SECRET: &str = "Secret";

impl Deref for Secret {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}
