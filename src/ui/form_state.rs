//! The state of one form: what was typed, why it was refused, whether it is being sent.

use super::client_state::ClientState;
use crate::error::{AppError, FormErrors};
use leptos::prelude::*;

/// State of one form, in context for its fields.
#[derive(Clone, Copy)]
pub struct FormState {
    /// Path of its server function.
    pub action: &'static str,
    /// Put before the ids of its fields, for pages with several forms.
    pub prefix: &'static str,
    typed: StoredValue<Option<Vec<(String, String)>>>,
    /// Why it was refused when it was last sent. It stands until the next try, so that nothing moves while it
    /// is corrected.
    pub refusal: RwSignal<Option<AppError>>,
    notes: RwSignal<FormErrors>,
    /// Whether it is on its way.
    pub sending: RwSignal<Sending>,
    /// What is watched of a long form.
    pub long: Option<Watched>,
    /// It was kept when the person went away from it, and is shown again.
    pub(super) interrupted: bool,
}

/// Whether a form is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sending {
    /// It is not.
    No,
    /// It is.
    Yes,
    /// There is no connection, and it is being tried again.
    Waiting,
}

/// What is watched of a long form while somebody types.
#[derive(Clone, Copy)]
pub struct Watched {
    /// Counts what was typed and chosen.
    pub edits: RwSignal<u32>,
    /// Headings of the parts that were changed.
    pub changed: RwSignal<Vec<String>>,
    /// What was typed was kept in this tab and is shown again.
    pub(super) restored: RwSignal<bool>,
}

impl Watched {
    fn new() -> Self {
        Self { edits: RwSignal::new(0), changed: RwSignal::new(Vec::new()), restored: RwSignal::new(false) }
    }
}

impl FormState {
    /// The state of a form for the server function at `action`; `about` tells several of one page apart.
    pub(super) fn new(
        action: &'static str,
        prefix: &'static str,
        about: Option<&(&'static str, String)>,
        long: bool,
        client: ClientState,
    ) -> Self {
        let same = |fields: &[(String, String)]| {
            about.is_none_or(|(name, value)| fields.iter().any(|(key, typed)| key == name && typed == value))
        };
        let submitted = client.submitted(action).filter(|submitted| same(&submitted.fields));
        let (typed, error) =
            submitted.map_or((None, None), |submitted| (Some(submitted.fields), submitted.error));
        Self {
            action,
            prefix,
            interrupted: typed.is_some() && error.is_none(),
            typed: StoredValue::new(typed),
            notes: RwSignal::new(by_field(error.as_ref())),
            refusal: RwSignal::new(error),
            sending: RwSignal::new(Sending::No),
            long: long.then(Watched::new),
        }
    }

    /// Is it on its way?
    pub fn busy(self) -> bool {
        self.sending.get() != Sending::No
    }

    /// Nothing of it is unsaved any more. The page may be gone by now; then its signals are too.
    pub(super) fn settle(self) {
        if let Some(long) = self.long {
            let _ = long.changed.try_set(Vec::new());
        }
    }

    /// What a field starts with: what was typed before, else this.
    pub fn value(self, name: &str, otherwise: String) -> String {
        self.typed.with_value(|typed| match typed {
            Some(fields) => {
                fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default()
            }
            None => otherwise,
        })
    }

    /// Whether a box starts ticked: as it was sent before, else as given.
    pub fn ticked(self, name: &str, value: &str, otherwise: bool) -> bool {
        self.typed.with_value(|typed| match typed {
            Some(fields) => fields.iter().any(|(key, typed)| key == name && typed == value),
            None => otherwise,
        })
    }

    /// Every value that was typed for a name; `None` when nothing was typed before.
    pub fn values(self, name: &str) -> Option<Vec<String>> {
        self.typed.with_value(|typed| {
            let fields = typed.as_ref()?;
            Some(fields.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect())
        })
    }

    /// The errors beside fields.
    pub fn errors(self) -> FormErrors {
        self.notes.get()
    }

    /// Shows why the form was refused, at its top and beside the fields; `None` when it was not.
    pub fn refuse(self, error: Option<AppError>) {
        // The page may be gone by now; then its signals are too.
        let _ = self.notes.try_set(by_field(error.as_ref()));
        let _ = self.refusal.try_set(error);
    }

    /// Sets or clears the message of one field when it is left.
    pub fn note(self, field: &str, problem: Option<String>) {
        let mut errors = self.notes.get_untracked();
        errors.0.retain(|error| error.field != field);
        if let Some(message) = problem {
            errors.add(field, message);
        }
        if self.notes.with_untracked(|before| *before != errors) {
            self.notes.set(errors);
        }
    }

    /// The id of a field's control.
    pub fn id(self, field: &str) -> String {
        format!("{}f-{field}", self.prefix)
    }
}

fn by_field(error: Option<&AppError>) -> FormErrors {
    match error {
        Some(AppError::Invalid(errors)) => errors.clone(),
        _ => FormErrors::default(),
    }
}
