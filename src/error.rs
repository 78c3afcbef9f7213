//! The one error type of every server function and page, and the errors of a form.
//!
//! Invariant: what is in an [`AppError`] may be read by the person who caused it. Database and library errors
//! are logged under a reference on the server and only that reference travels.

use crate::paths;
use crate::permission::Permission;
use crate::types::AssetId;
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What every fallible function of the product returns.
pub type Result<T, E = AppError> = std::result::Result<T, E>;

/// Why something did not happen. Each maps to one HTTP status, see [`AppError::status`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum AppError {
    /// Nobody is signed in (401; pages lead to the sign-in page).
    SignedOut,
    /// They are signed in, but have to prove anew that it is them (403; pages lead to the page that asks for
    /// it).
    Unconfirmed,
    /// The account wants everybody to have a second factor and they have none (403; pages lead to setting it
    /// up, X4).
    NeedsFactor,
    /// The account is theirs to enter, but they lack a permission (403).
    Lacks {
        /// Its key in the catalogue.
        permission: String,
        /// The service or domain on which it is missing.
        asset: Option<AssetId>,
    },
    /// Not theirs to do, whatever they hold (403). Names what it would take.
    Forbidden(String),
    /// They look at the portal as somebody else sees it: nothing can be changed there (403).
    Preview,
    /// There is no such thing, or it belongs to somebody else (404); nobody can tell which.
    NotFound,
    /// The request is not one a form of ours can send (400).
    BadRequest(String),
    /// More was sent than any form of ours can hold (413).
    TooLarge,
    /// What was typed cannot be taken (422).
    Invalid(FormErrors),
    /// It cannot be done as things stand (409). The sentence says why and what to do.
    Conflict(String),
    /// Too many attempts (429).
    TooMany {
        /// Seconds until the next try is allowed.
        retry_after: u32,
    },
    /// Something broke on our side (500).
    Internal {
        /// What to quote to support; the log has the cause under it.
        reference: String,
    },
    /// The disk of the server is full or read-only (507): nothing was saved.
    StorageFull,
    /// The browser could not reach the server. Never sent by the server.
    Offline,
}

/// A text that has to be there: what was read of it, or what is wrong, beside its field.
///
/// # Errors
/// [`AppError::Invalid`] for a text that could not be read, or is empty.
pub fn required(field: &str, read: std::result::Result<String, String>, missing: &str) -> Result<String> {
    match read {
        Ok(text) if text.is_empty() => Err(AppError::field(field, missing)),
        Ok(text) => Ok(text),
        Err(message) => Err(AppError::field(field, message)),
    }
}

impl AppError {
    /// The HTTP status of this error.
    pub fn status(&self) -> u16 {
        match self {
            Self::SignedOut => 401,
            Self::Lacks { .. }
            | Self::Forbidden(_)
            | Self::Preview
            | Self::Unconfirmed
            | Self::NeedsFactor => 403,
            Self::NotFound => 404,
            Self::BadRequest(_) => 400,
            Self::TooLarge => 413,
            Self::Invalid(_) => 422,
            Self::Conflict(_) => 409,
            Self::TooMany { .. } => 429,
            Self::Internal { .. } => 500,
            Self::StorageFull => 507,
            Self::Offline => 503,
        }
    }

    /// A refusal for one field of a form.
    pub fn field(name: &str, message: impl Into<String>) -> Self {
        let mut errors = FormErrors::default();
        errors.add(name, message);
        Self::Invalid(errors)
    }
}

impl AppError {
    /// The page where the person can do what is missing and then go on to `next`; nothing when there is none.
    pub fn remedy_path(&self, next: &str) -> Option<String> {
        match self {
            Self::SignedOut => Some(paths::sign_in_then(next)),
            Self::Unconfirmed => Some(paths::confirm_then(next)),
            Self::NeedsFactor => Some(paths::second_factor_then(next)),
            _ => None,
        }
    }
}

impl fmt::Display for AppError {
    /// The sentence a person reads: what happened, what is kept, what to do.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SignedOut => f.write_str("You are signed out. Sign in and try again."),
            Self::Unconfirmed => f.write_str("Confirm that it is you, then try again. Nothing has been changed yet."),
            Self::NeedsFactor => f.write_str("You need a second factor here. Set one up, then come back."),
            Self::Lacks { permission, .. } => {
                let name = Permission::from_key(permission).map_or_else(|| permission.clone(), Permission::name);
                write!(f, "This needs the permission “{name}”, which you do not have.")
            }
            Self::Preview => f.write_str("This is a preview: nothing can be changed in it. Nothing was saved."),
            Self::Forbidden(missing) => write!(f, "You cannot do this: {missing}."),
            Self::NotFound => f.write_str("This page does not exist, or you do not have access to it."),
            Self::BadRequest(why) => f.write_str(why),
            Self::TooLarge => f.write_str("That is more than this form can take. Nothing was saved: go back and shorten it."),
            Self::Invalid(_) => f.write_str("Nothing has been saved yet. Correct the marked fields and send the form again."),
            Self::Conflict(why) => f.write_str(why),
            Self::TooMany { retry_after } => {
                let minutes = retry_after.div_ceil(60);
                let plural = if minutes == 1 { "" } else { "s" };
                write!(f, "Too many attempts. Wait {minutes} minute{plural}, then try again.")
            }
            Self::Internal { reference } => {
                write!(f, "Something went wrong on our side and nothing was changed. Try again; if it happens again, quote {reference} to support.")
            }
            Self::StorageFull => f.write_str("The server has no room to save this. Nothing was changed. Try again later; support has been told."),
            Self::Offline => f.write_str("No connection to the server. What you typed is kept."),
        }
    }
}

impl std::error::Error for AppError {}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Offline,
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_) => Self::BadRequest(
                "This form could not be read. Nothing was saved: load the page again and retry.".into(),
            ),
            _ => Self::Internal { reference: "transport".into() },
        }
    }
}

/// The errors of one form, field by field, in the order in which they were found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FormErrors(pub Vec<FieldError>);

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name in the form.
    pub field: String,
    /// A sentence that says what to do.
    pub message: String,
    /// Where to go instead, for example to the contact that already exists: label and path.
    pub link: Option<(String, String)>,
}

impl FormErrors {
    /// Notes that a field cannot be taken.
    pub fn add(&mut self, field: &str, message: impl Into<String>) {
        self.0.push(FieldError { field: field.into(), message: message.into(), link: None });
    }

    /// Notes that a field cannot be taken, with a link to where the person probably wants to go.
    pub fn add_link(
        &mut self,
        field: &str,
        message: impl Into<String>,
        label: impl Into<String>,
        path: impl Into<String>,
    ) {
        self.0.push(FieldError {
            field: field.into(),
            message: message.into(),
            link: Some((label.into(), path.into())),
        });
    }

    /// Keeps the value of a field that parsed; notes the message of one that did not and returns the default.
    pub fn keep<T: Default>(&mut self, field: &str, parsed: std::result::Result<T, String>) -> T {
        parsed.unwrap_or_else(|message| {
            self.add(field, message);
            T::default()
        })
    }

    /// The first error of a field.
    pub fn of(&self, field: &str) -> Option<&FieldError> {
        self.0.iter().find(|error| error.field == field)
    }

    /// `value` when nothing was wrong.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with everything that was noted.
    pub fn finish<T>(self, value: T) -> Result<T> {
        if self.0.is_empty() { Ok(value) } else { Err(AppError::Invalid(self)) }
    }
}

/// What a change answers: where to go next and what to tell the person there.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Path of the page to show next.
    pub to: String,
    /// One sentence for the flash message; empty for none.
    pub say: String,
    /// True when who is signed in has changed, so that everything the browser holds is stale.
    pub reload: bool,
    /// How it is taken back, where that is one click.
    #[serde(default)]
    pub undo: Option<Undo>,
}

/// The call that takes a change back, offered beside the flash message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Undo {
    /// Path of the server function: one of [`crate::paths::UNDO`].
    pub action: String,
    /// Its fields.
    pub fields: Vec<(String, String)>,
}

impl Undo {
    /// A call of the server function at `action` with these fields.
    pub fn by(action: &str, fields: &[(&str, &str)]) -> Self {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { action: action.into(), fields }
    }
}

impl Outcome {
    /// Go to a page and say what happened.
    pub fn at(to: impl Into<String>, say: impl Into<String>) -> Self {
        Self { to: to.into(), say: say.into(), ..Self::default() }
    }

    /// The same, after which the browser starts afresh.
    pub fn afresh(to: impl Into<String>, say: impl Into<String>) -> Self {
        Self { reload: true, ..Self::at(to, say) }
    }

    /// The same, with a way to take it back.
    pub fn undone_by(self, undo: impl Into<Option<Undo>>) -> Self {
        Self { undo: undo.into(), ..self }
    }
}

/// A part of the app that cannot be fetched: the line is down, or the server has another version by now.
impl From<leptos::wasm_split::SplitLoaderError> for AppError {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Self::Offline
    }
}
