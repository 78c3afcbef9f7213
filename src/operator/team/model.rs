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
    /// The role that gives exactly this.
    pub role: String,
    /// Ids of the departments they work in; none for all.
    pub departments: Vec<String>,
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

/// A set of staff permissions under a name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NamedRole {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it gives.
    pub permissions: StaffPermissions,
    /// Names of the staff who have exactly that.
    pub people: Vec<String>,
    /// Counts the changes.
    pub version: i64,
}

impl NamedRole {
    /// Its name in the form of staff.
    pub fn key(&self) -> String {
        format!("role:{}", self.id)
    }
}

/// What the form of somebody on the staff shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StaffForm {
    /// Them; nobody for new staff.
    pub row: Option<StaffRow>,
    /// Roles under a name.
    pub roles: Vec<NamedRole>,
    /// Id and name of each department.
    pub departments: Vec<(String, String)>,
}

/// The title of the role that gives exactly a set.
pub fn title(held: StaffPermissions, roles: &[NamedRole]) -> String {
    let named = roles.iter().find(|role| role.permissions == held).map(|role| role.name.clone());
    match held.role() {
        StaffRole::Custom => named.unwrap_or_else(|| StaffRole::Custom.title().into()),
        ours => ours.title().into(),
    }
}

/// The name and the set of a role, as a form says them.
///
/// # Errors
/// [`crate::error::AppError::Invalid`] beside the fields: without a name or a permission, or with the name or
/// the set of a role that there is always.
pub fn role(name: &str, boxes: &[String]) -> Result<(String, StaffPermissions)> {
    let mut errors = FormErrors::default();
    let name = errors.keep("name", line(name, 60));
    let held: StaffPermissions = boxes.iter().filter_map(|key| StaffPermission::from_key(key)).collect();
    let all = StaffRole::NAMED.into_iter().chain([StaffRole::Custom]);
    if name.is_empty() && errors.of("name").is_none() {
        errors.add("name", words::ENTER_A_NAME);
    } else if all.into_iter().any(|ours| ours.title().eq_ignore_ascii_case(&name)) {
        errors.add("name", words::name_of_ours(&name));
    }
    if held == StaffPermissions::NONE {
        errors.add("permissions", words::TICK_AT_LEAST_ONE);
    } else if held.role() != StaffRole::Custom {
        errors.add("permissions", words::same_as(&held.role().title()));
    }
    errors.finish((name, held))
}

/// What a form says that staff may do.
pub fn chosen(role: &str, boxes: &[String], roles: &[NamedRole]) -> Result<StaffPermissions> {
    if let Some(named) = roles.iter().find(|named| named.key() == role) {
        return Ok(named.permissions);
    }
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
        let chosen = |role: &str, boxes: &[String]| chosen(role, boxes, &[]);
        assert_eq!(chosen("support", &boxes).unwrap(), StaffRole::Support.permissions().unwrap());
        assert_eq!(chosen("custom", &boxes).unwrap().keys(), "staff.manage");
        assert!(chosen("custom", &["no.such".to_owned()]).is_err());
        assert!(chosen("emperor", &boxes).is_err());
    }

    #[test]
    fn a_role_under_a_name_is_none_of_ours() {
        let boxes = ["customers.view".to_owned()];
        let (name, held) = role(" Domain desk ", &boxes).unwrap();
        assert_eq!((name.as_str(), held.keys().as_str()), ("Domain desk", "customers.view"));
        let named = [NamedRole { id: "x".into(), name, permissions: held, ..NamedRole::default() }];
        assert_eq!(super::chosen("role:x", &[], &named).unwrap(), held);
        assert_eq!(title(held, &named), "Domain desk");
        assert_eq!(title(StaffPermissions::all(), &named), "Administrator");
        let support: Vec<String> =
            StaffRole::Support.permissions().unwrap().iter().map(|one| one.key().to_owned()).collect();
        for (name, boxes) in [("", &boxes[..]), ("support", &boxes[..]), ("Desk", &[]), ("Desk", &support)] {
            assert!(role(name, boxes).is_err(), "{name}");
        }
    }
}
