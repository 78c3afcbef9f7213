//! What a role is and how it is named. Pure: no I/O.

use super::words;
use crate::features::permissions::model::Grant;
use crate::permission::Preset;
use crate::types::{ContactId, RoleId, line, lowercase};
use serde::{Deserialize, Serialize};

/// Roles of one account, at most.
pub const MAX_ROLES: usize = 20;
/// People whom a role's page names.
pub const NAMED_PEOPLE: usize = 50;
/// People whose permissions follow a changed role at once, at most.
pub const FOLLOW: usize = 500;

/// The name of a role: one line of 1 to 60 characters that no preset has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleName(String);

impl RoleName {
    /// Reads a name from a form.
    ///
    /// # Errors
    /// A sentence for the person that says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let name = line(text, 60)?;
        if name.is_empty() {
            return Err(words::NO_NAME.into());
        }
        let key = lowercase(&name);
        let taken = Preset::NAMED.iter().chain([&Preset::Custom]).map(|preset| preset.title());
        match taken.chain(["Owner"]).find(|title| lowercase(title) == key) {
            Some(title) => Err(words::name_of_ours(title)),
            None => Ok(Self(name)),
        }
    }

    /// As it was typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name in small letters: two roles of an account never have the same.
    pub fn key(&self) -> String {
        lowercase(&self.0)
    }
}

/// A role in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoleRow {
    /// The role.
    pub id: RoleId,
    /// Its name.
    pub name: String,
    /// What it opens, in one sentence.
    pub opens: String,
    /// How many people have it.
    pub people: i64,
}

/// A role as its form needs it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoleView {
    /// The role.
    pub id: RoleId,
    /// Counts its changes: a form made from an older one is refused.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// What it gives, as far as the viewer sees the assets.
    pub grant: Grant,
    /// How many people have it.
    pub count: i64,
    /// Who has it: id and name, at most [`NAMED_PEOPLE`].
    pub people: Vec<(ContactId, String)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_that_no_preset_has() {
        assert_eq!(RoleName::parse("  Shop helper ").unwrap().as_str(), "Shop helper");
        assert_eq!(RoleName::parse("SHOP Helper").unwrap().key(), "shop helper");
        for bad in ["", "  ", "a\nb", "technical staff", "Custom", "OWNER", &"x".repeat(61)] {
            assert!(RoleName::parse(bad).is_err(), "{bad}");
        }
    }
}
