//! Forms: one component for every change, with and without WASM.
//!
//! A form posts to the page it stands on; the server calls the function that `_action` names. With WASM the same fields go to
//! that function directly, errors appear beside their fields and the next page is shown without a reload. What was typed is
//! kept either way.

use super::client_state::ClientState;
use super::icon::Icon;
use super::send;
use crate::error::{AppError, FormErrors};
use crate::types::TimeFormat;
use leptos::context::Provider;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use serde::{Deserialize, Serialize};

/// What a request brings along beside its URL: the flash message, and a form that was refused or interrupted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct InitialState {
    /// The flash message; empty for none.
    pub flash: String,
    /// How the person reads times.
    pub time_format: TimeFormat,
    /// Random mark of this page: its forms are done only once.
    pub once: String,
    /// The form to show again.
    pub submitted: Option<Submitted>,
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

/// State of one form, in context for its fields.
#[derive(Clone, Copy)]
pub struct FormState {
    /// Path of its server function.
    pub action: &'static str,
    /// Put before the ids of its fields, for pages with several forms.
    pub prefix: &'static str,
    typed: StoredValue<Option<Vec<(String, String)>>>,
    /// Why it was refused when it was last sent. It stands until the next try, so that nothing moves while it is corrected.
    pub refusal: RwSignal<Option<AppError>>,
    notes: RwSignal<FormErrors>,
    /// True while it is being sent.
    pub busy: RwSignal<bool>,
    /// True while there is no connection and it is being tried again.
    pub waiting: RwSignal<bool>,
    /// Counts what was typed and chosen.
    pub edits: RwSignal<u32>,
    interrupted: bool,
}

impl FormState {
    fn new(action: &'static str, prefix: &'static str, about: Option<&(&'static str, String)>, client: ClientState) -> Self {
        let same = |fields: &[(String, String)]| about.is_none_or(|(name, value)| fields.iter().any(|(key, typed)| key == name && typed == value));
        let submitted = client.submitted(action).filter(|submitted| same(&submitted.fields));
        let (typed, error) = submitted.map_or((None, None), |submitted| (Some(submitted.fields), submitted.error));
        Self {
            action,
            prefix,
            interrupted: typed.is_some() && error.is_none(),
            typed: StoredValue::new(typed),
            notes: RwSignal::new(by_field(error.as_ref())),
            refusal: RwSignal::new(error),
            busy: RwSignal::new(false),
            waiting: RwSignal::new(false),
            edits: RwSignal::new(0),
        }
    }

    /// What a field starts with: what was typed before, else this.
    pub fn value(self, name: &str, otherwise: String) -> String {
        self.typed.with_value(|typed| match typed {
            Some(fields) => fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default(),
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

/// A form that calls the server function at `action`.
#[component]
pub fn Form(
    /// `PATH` of the server function.
    action: &'static str,
    /// Class of the form element.
    #[prop(optional)]
    class: &'static str,
    /// Id of the form element, so that buttons elsewhere can send it.
    #[prop(optional)]
    id: &'static str,
    /// Put before the ids of the fields, for pages with several forms.
    #[prop(optional)]
    prefix: &'static str,
    /// Name and value of the hidden field that says what the form is about, when several forms of a page call the same function.
    #[prop(optional, into)]
    about: Option<(&'static str, String)>,
    /// Show refusals as a summary at the top; off for forms that are only a button.
    #[prop(default = true)]
    summary: bool,
    children: Children,
) -> impl IntoView {
    let client = ClientState::of_app();
    let state = FormState::new(action, prefix, about.as_ref(), client);
    let navigate = use_navigate();
    let send = move |event: leptos::ev::SubmitEvent| send::submit(event, state, client, navigate.clone());
    view! {
        <Provider value=state>
            <form method="post" class=class id=(!id.is_empty()).then_some(id) novalidate aria-busy=move || state.busy.get().to_string() on:submit=send
                on:input=move |_| state.edits.update(|edits| *edits += 1)>
                <input type="hidden" name="_action" value=action/>
                <input type="hidden" name="_once" value=client.once()/>
                {about.map(|(name, value)| view! { <input type="hidden" name=name value=value/> })}
                {summary.then(|| view! { <Summary/> })}
                {children()}
            </form>
        </Provider>
    }
}

/// What is wrong with the form as a whole, with links to the fields.
#[component]
fn Summary() -> impl IntoView {
    let form: FormState = expect_context();
    let again = form.interrupted.then(|| {
        view! {
            <div class="notice"><Icon name="info"/><p>"What you typed is still here: check it and send it."</p></div>
        }
    });
    view! {
        {again}
        <div class="summary-place" role="alert">
            {move || {
                if form.waiting.get() {
                    return Some(view! {
                        <div class="notice waiting"><Icon name="off"/><p>"No connection to the server. What you typed is kept, and it is being sent again every few seconds."</p></div>
                    }.into_any());
                }
                let error = form.refusal.get()?;
                let links = match &error {
                    AppError::Invalid(errors) => errors.0.iter().map(|error| {
                        let href = format!("#{}", form.id(&error.field));
                        let link = error.link.clone().map(|(label, path)| view! { " " <a href=path>{label}</a> });
                        view! { <li><a href=href rel="external">{error.message.clone()}</a>{link}</li> }
                    }).collect_view().into_any(),
                    _ => ().into_any(),
                };
                Some(view! {
                    <div class="summary" tabindex="-1">
                        <Icon name="alert"/>
                        <div><p>{error.to_string()}</p><ul>{links}</ul></div>
                    </div>
                }.into_any())
            }}
        </div>
    }
}

/// A field that is not shown. When a refused form is shown again it has the value it was sent with, whatever is true by now.
#[component]
pub fn Hidden(
    /// Name in the form.
    name: &'static str,
    /// What it starts with.
    #[prop(into)]
    value: String,
) -> impl IntoView {
    let form: FormState = expect_context();
    view! { <input type="hidden" name=name value=form.value(name, value)/> }
}

/// The button that sends the form.
#[component]
pub fn Submit(
    /// What it says: a verb.
    #[prop(into)]
    label: String,
    /// Class beside `button`: `danger` for what destroys.
    #[prop(default = "primary")]
    kind: &'static str,
) -> impl IntoView {
    let form: FormState = expect_context();
    view! { <button type="submit" class=format!("button {kind}") disabled=move || form.busy.get()>{label}</button> }
}
