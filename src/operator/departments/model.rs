//! A department, and its form.

use super::words;
use crate::error::{FormErrors, Result};
use crate::features::requests::model::RequestKind;
use crate::types::{EmailAddress, line};
use serde::{Deserialize, Serialize};

/// A department.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Department {
    /// Its id.
    pub id: String,
    /// What customers know it as.
    pub name: String,
    /// Where its mail goes.
    pub email: String,
    /// Customers do not choose it; staff move things there.
    pub hidden: bool,
    /// Mail to its address opens tickets.
    pub by_mail: bool,
    /// Keys of the kinds of requests it takes.
    pub requests: Vec<String>,
    /// Names of the staff who work in it alone, or among others.
    pub staff: Vec<String>,
    /// Counts the changes.
    pub version: i64,
}

/// The form of a department.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DepartmentForm {
    /// Name.
    #[serde(default)]
    pub name: String,
    /// Address.
    #[serde(default)]
    pub email: String,
    /// Customers do not choose it.
    #[serde(default)]
    pub hidden: String,
    /// Mail opens tickets.
    #[serde(default)]
    pub by_mail: String,
    /// Kinds of requests.
    #[serde(default)]
    pub requests: Vec<String>,
}

impl DepartmentForm {
    /// Reads the form.
    ///
    /// # Errors
    /// [`crate::error::AppError::Invalid`] with every field that cannot be taken.
    pub fn parse(&self) -> Result<Department> {
        let mut errors = FormErrors::default();
        let name = errors.keep("name", line(&self.name, 60));
        if name.is_empty() && errors.of("name").is_none() {
            errors.add("name", words::ENTER_A_NAME);
        }
        let email = match EmailAddress::parse(&self.email) {
            Ok(email) => email.to_string(),
            Err(message) => errors.keep("email", Err(message)),
        };
        let kinds = RequestKind::ALL.into_iter().map(RequestKind::key);
        let requests = kinds.filter(|key| self.requests.iter().any(|typed| typed == key)).map(str::to_owned);
        errors.finish(Department {
            name,
            email,
            hidden: !self.hidden.is_empty(),
            by_mail: !self.by_mail.is_empty(),
            requests: requests.collect(),
            ..Department::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_department_has_a_name_and_an_address() {
        let form = DepartmentForm { requests: vec!["lock".into(), "x".into()], ..DepartmentForm::default() };
        let crate::error::AppError::Invalid(errors) = form.parse().unwrap_err() else { panic!("valid") };
        assert_eq!(errors.0.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), ["name", "email"]);
        let form = DepartmentForm { name: "Domains".into(), email: "d@nord.example".into(), ..form };
        assert_eq!(form.parse().unwrap().requests, ["lock"]);
    }
}
