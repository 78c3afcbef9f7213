//! A template as its pages show it.

use crate::types::Timestamp;
use serde::{Deserialize, Serialize};

/// A kind of mail in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TemplateRow {
    /// Its name in tables and URLs.
    pub kind: String,
    /// Subject of a made-up mail of it.
    pub example: String,
    /// Staff worded it.
    pub changed: bool,
    /// There is a draft that is not used yet.
    pub draft: bool,
}

/// The words of a template.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TemplateForm {
    /// Subject.
    #[serde(default)]
    pub subject: String,
    /// Heading inside the mail.
    #[serde(default)]
    pub heading: String,
    /// The text as Markdown.
    #[serde(default)]
    pub body: String,
}

impl TemplateForm {
    /// A template that changes nothing.
    pub fn as_it_is() -> Self {
        Self { subject: "{{subject}}".into(), heading: "{{heading}}".into(), body: "{{text}}".into() }
    }
}

/// A template with everything around it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TemplatePage {
    /// The kind.
    pub row: TemplateRow,
    /// The draft, or what is used, or [`TemplateForm::as_it_is`].
    pub form: TemplateForm,
    /// Variables that it may use: name, and what it is in the made-up mail.
    pub variables: Vec<(String, String)>,
    /// Subject and plain text of the made-up mail as the form words it.
    pub preview: (String, String),
    /// What was used before, newest first: id, by whom, and when.
    pub history: Vec<(String, String, Timestamp)>,
    /// Counts the changes.
    pub version: i64,
    /// The server's time.
    pub now: Timestamp,
}
