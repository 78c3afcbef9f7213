//! What the server hands to the browser together with a page.

use crate::error::{AppError, Undo};
use crate::types::{Theme, TimeFormat};
use serde::{Deserialize, Serialize};

/// What a request brings along beside its URL: the flash message, and a form that was refused or interrupted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct InitialState {
    /// The flash message.
    pub flash: Flash,
    /// How the person reads times.
    pub time_format: TimeFormat,
    /// Light or dark.
    pub theme: Theme,
    /// Name of the company that runs the portal.
    pub operator: String,
    /// Address of its logo, or empty.
    #[serde(default)]
    pub logo: String,
    /// Its colour where it is not the product's own, "#0f5c5c"; else empty.
    #[serde(default)]
    pub accent: String,
    /// Customers may not open accounts by themselves.
    #[serde(default)]
    pub no_sign_up: bool,
    /// Random mark of this page: its forms are done only once.
    pub once: String,
    /// The form to show again.
    pub submitted: Option<Submitted>,
}

/// What is said after a change, and how it is taken back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Flash {
    /// The sentence; empty for none.
    pub say: String,
    /// Offered beside it.
    #[serde(default)]
    pub undo: Option<Undo>,
}

/// A form that was sent and not done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Submitted {
    /// Path of its server function; empty when the request named none.
    pub action: String,
    /// What was typed, without passwords.
    pub fields: Vec<(String, String)>,
    /// Why it was refused; `None` when the person went away from it, to sign in again or to see a preview.
    pub error: Option<AppError>,
}
