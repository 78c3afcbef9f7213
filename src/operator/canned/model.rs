//! A canned reply, and its form.

use super::words;
use crate::error::{FormErrors, Result};
use crate::types::{line, text_block};
use serde::{Deserialize, Serialize};

/// Characters of a canned reply.
pub const TEXT: usize = 10_000;

/// The variables, with what each stands for.
pub const VARIABLES: &[(&str, &str)] = &[
    ("first_name", words::FIRST_NAME),
    ("name", words::WHOLE_NAME),
    ("customer", words::CUSTOMER),
    ("number", words::TICKET_NUMBER),
    ("subject", words::TICKET_SUBJECT),
    ("department", words::ITS_DEPARTMENT),
    ("staff", words::YOUR_NAME),
];

/// A canned reply.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CannedView {
    /// Its id; empty for a new one.
    pub id: String,
    /// What staff find it by.
    pub name: String,
    /// The department it belongs to: id and name; empty for all.
    pub department: (String, String),
    /// Markdown with variables.
    pub text: String,
    /// Counts the changes.
    pub version: i64,
    /// Departments to choose from: id and name.
    pub departments: Vec<(String, String)>,
}

/// The form of a canned reply.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CannedForm {
    /// Name.
    #[serde(default)]
    pub name: String,
    /// Id of a department, or empty.
    #[serde(default)]
    pub department: String,
    /// Text.
    #[serde(default)]
    pub text: String,
}

impl CannedForm {
    /// Reads the form.
    ///
    /// # Errors
    /// [`crate::error::AppError::Invalid`] with every field that cannot be taken.
    pub fn parse(&self) -> Result<Self> {
        let mut errors = FormErrors::default();
        let name = errors.keep("name", line(&self.name, 100));
        let text = errors.keep("text", text_block(&self.text, TEXT));
        if name.is_empty() && errors.of("name").is_none() {
            errors.add("name", words::ENTER_A_NAME);
        }
        if text.is_empty() && errors.of("text").is_none() {
            errors.add("text", words::ENTER_A_TEXT);
        }
        errors.finish(Self { name, text, department: self.department.clone() })
    }
}
