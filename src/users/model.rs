//! What one knows of oneself.

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
