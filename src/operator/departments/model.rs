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
    /// Minutes in which an answer is promised: the first, and each after; 0 for no promise.
    pub answers: (i64, i64),
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
    /// Hours and minutes ("4", "0:30") to the first answer; empty for no promise.
    #[serde(default)]
    pub first_answer: String,
    /// The same to each answer after it.
    #[serde(default)]
    pub next_answer: String,
    /// Kinds of requests.
    #[serde(default)]
    pub requests: Vec<String>,
}

/// Minutes of "4", "4:30" or "0:15": hours and minutes, at most thirty days; 0 for nothing.
///
/// # Errors
/// A sentence for beside the field.
fn minutes(typed: &str) -> std::result::Result<i64, String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(0);
    }
    let (hours, minutes) = typed.split_once(':').unwrap_or((typed, "0"));
    let number = |text: &str| text.parse::<u32>().ok().map(i64::from);
    match (number(hours), number(minutes)) {
        (Some(hours), Some(minutes)) if hours <= 720 && minutes < 60 => Ok(hours * 60 + minutes),
        _ => Err(words::NOT_A_TIME.into()),
    }
}

/// What the field shows for minutes.
pub fn hours(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, 0) => String::new(),
        (hours, 0) => hours.to_string(),
        (hours, minutes) => format!("{hours}:{minutes:02}"),
    }
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
        let answers = (
            errors.keep("first_answer", minutes(&self.first_answer)),
            errors.keep("next_answer", minutes(&self.next_answer)),
        );
        let kinds = RequestKind::ALL.into_iter().map(RequestKind::key);
        let requests = kinds.filter(|key| self.requests.iter().any(|typed| typed == key)).map(str::to_owned);
        errors.finish(Department {
            name,
            email,
            hidden: !self.hidden.is_empty(),
            by_mail: !self.by_mail.is_empty(),
            answers,
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
        for (typed, read) in [
            ("", Some(0)),
            (" 4 ", Some(240)),
            ("0:15", Some(15)),
            ("1:60", None),
            ("721", None),
            ("-1", None),
        ] {
            assert_eq!(minutes(typed).ok(), read, "{typed}");
        }
        assert_eq!([0, 15, 90, 240].map(hours), ["", "0:15", "1:30", "4"]);
    }
}
