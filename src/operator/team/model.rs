//! What pages know of staff.

use super::words;
use crate::error::{FormErrors, Result};
use crate::permission::{StaffPermission, StaffPermissions, StaffRole};
use crate::types::{EmailAddress, Timestamp, UserId, line};
use serde::{Deserialize, Serialize};

/// Somebody on the staff.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StaffRow {
    /// Their user.
    pub user: UserId,
    /// Name.
    pub name: String,
    /// Address.
    pub email: String,
    /// What they may do.
    pub permissions: StaffPermissions,
    /// They can enter.
    pub active: bool,
    /// They have a second factor.
    pub has_factor: bool,
    /// When they signed in last.
    pub seen: Option<Timestamp>,
    /// Counts the changes: a form made from an older one is refused.
    pub version: i64,
    /// It is who looks.
    pub own: bool,
}

/// What a form says that staff may do.
pub fn chosen(role: &str, boxes: &[String]) -> Result<StaffPermissions> {
    let Some(role) = StaffRole::from_key(role) else {
        let mut errors = FormErrors::default();
        errors.add("role", words::CHOOSE_A_ROLE);
        return errors.finish(StaffPermissions::NONE);
    };
    let set = role
        .permissions()
        .unwrap_or_else(|| boxes.iter().filter_map(|key| StaffPermission::from_key(key)).collect());
    if set == StaffPermissions::NONE {
        let mut errors = FormErrors::default();
        errors.add("role", words::TICK_AT_LEAST_ONE);
        return errors.finish(set);
    }
    Ok(set)
}

/// Name and address of new staff.
pub fn person(name: &str, email: &str) -> Result<(String, EmailAddress)> {
    let mut errors = FormErrors::default();
    let name = errors.keep("name", line(name, 100));
    if name.is_empty() && errors.of("name").is_none() {
        errors.add("name", words::ENTER_THEIR_NAME);
    }
    match EmailAddress::parse(email) {
        Ok(email) => errors.finish((name, email)),
        Err(message) => {
            errors.add("email", message);
            Err(crate::error::AppError::Invalid(errors))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_counts_more_than_boxes() {
        let boxes = ["staff.manage".to_owned()];
        assert_eq!(chosen("support", &boxes).unwrap(), StaffRole::Support.permissions().unwrap());
        assert_eq!(chosen("custom", &boxes).unwrap().keys(), "staff.manage");
        assert!(chosen("custom", &["no.such".to_owned()]).is_err());
        assert!(chosen("emperor", &boxes).is_err());
    }
}
