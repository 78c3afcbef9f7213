//! Fields of a form: label above, hint below it, error under the control.

use super::icon::Icon;
use super::markup;
use crate::ui::form_state::FormState;
use leptos::prelude::*;

/// A rule that is tried when a field is left, the same that the server applies.
pub type Rule = fn(&str) -> Result<(), String>;

/// One line of text.
#[component]
pub fn Field(
    /// Name in the form.
    name: &'static str,
    /// Label.
    label: &'static str,
    /// What it starts with.
    #[prop(optional, into)]
    value: String,
    /// `type` of the input.
    #[prop(default = "text")]
    kind: &'static str,
    /// Shown under the label.
    #[prop(optional)]
    hint: &'static str,
    /// `autocomplete` token (WCAG 1.3.5).
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Marked as required.
    #[prop(optional)]
    required: bool,
    /// Shown but not to be changed.
    #[prop(optional)]
    fixed: bool,
    /// Never shown again once it was sent, as passwords are not.
    #[prop(optional)]
    secret: bool,
    /// Tried when the field is left.
    #[prop(optional)]
    rule: Option<Rule>,
    /// Told of every change.
    #[prop(optional, into)]
    changed: Option<Callback<String>>,
    /// Id of a list of what is often typed.
    #[prop(optional)]
    list: Option<&'static str>,
    /// When it has the focus as the page is shown.
    #[prop(optional)]
    focus: Focus,
) -> impl IntoView {
    let form: FormState = expect_context();
    let id = form.id(name);
    let secret = secret || kind == "password";
    let start = if secret { String::new() } else { form.value(name, value) };
    let left = move |event| {
        let value = event_target_value(&event);
        if let Some(rule) = rule
            && !value.is_empty()
        {
            let problem = rule(&value).err();
            when_released(move || form.note(name, problem));
        }
    };
    let typed = move |event| {
        if let Some(changed) = changed {
            changed.run(event_target_value(&event));
        }
    };
    view! {
        <div class="field">
            <Label name=name label=label required=required hint=hint/>
            <input id=id.clone() name=name type=kind value=start autocomplete=autocomplete list=list readonly=fixed
                aria-required=required.to_string() aria-invalid=move || wrong(form, name)
                aria-describedby=format!("{id}-hint {id}-error") on:change=left on:input=typed
                autofocus={ match first_wrong(form) { Some(wrong) => wrong == name, None => focus == Focus::First } }/>
            <FieldError name=name/>
        </div>
    }
}

/// When a field has the focus as its page is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Focus {
    /// Only when it is what was wrong.
    #[default]
    WhenWrong,
    /// At once: the page is there for this field.
    First,
}

/// Runs once no mouse button is held down. A message that appears while something is being clicked would push
/// it away, and the click would be lost.
fn when_released(run: impl FnOnce() + 'static) {
    if document().query_selector("html:active").ok().flatten().is_some() {
        request_animation_frame(move || when_released(run));
    } else {
        run();
    }
}

fn wrong(form: FormState, name: &str) -> &'static str {
    if form.errors().of(name).is_some() { "true" } else { "false" }
}

/// The field that has the focus when a refused form is shown again.
fn first_wrong(form: FormState) -> Option<String> {
    untrack(|| form.errors().0.first().map(|error| error.field.clone()))
}

/// Several lines of text.
#[component]
pub fn TextArea(
    /// Name in the form.
    name: &'static str,
    /// Label.
    label: &'static str,
    /// Shown under the label.
    #[prop(optional)]
    hint: &'static str,
    /// Marked as required.
    #[prop(optional)]
    required: bool,
    /// What it starts with.
    #[prop(optional, into)]
    value: String,
    /// Lines that are in sight.
    #[prop(default = 3)]
    rows: u32,
    /// Told of every change.
    #[prop(optional, into)]
    changed: Option<Callback<String>>,
) -> impl IntoView {
    let form: FormState = expect_context();
    let id = form.id(name);
    let typed = move |event| {
        if let Some(changed) = changed {
            changed.run(event_target_value(&event));
        }
    };
    view! {
        <div class="field">
            <Label name=name label=label required=required hint=hint/>
            <textarea id=id.clone() name=name rows=rows aria-required=required.to_string() aria-invalid=move || wrong(form, name)
                aria-describedby=format!("{id}-hint {id}-error") on:input=typed>{form.value(name, value)}</textarea>
            <FieldError name=name/>
        </div>
    }
}

/// A choice of one from a list.
#[component]
pub fn Select(
    /// Name in the form.
    name: &'static str,
    /// Label.
    label: &'static str,
    /// What is chosen at first.
    #[prop(into)]
    value: String,
    /// Value and label of each option.
    options: Vec<(String, String)>,
    /// Shown under the label.
    #[prop(optional)]
    hint: &'static str,
    /// `autocomplete` token (WCAG 1.3.5).
    #[prop(default = "off")]
    autocomplete: &'static str,
) -> impl IntoView {
    let form: FormState = expect_context();
    let id = form.id(name);
    let chosen = form.value(name, value);
    let options = markup::options(&options, &chosen);
    view! {
        <div class="field">
            <Label name=name label=label required=false hint=hint/>
            <select id=id.clone() name=name autocomplete=autocomplete aria-invalid=move || wrong(form, name) aria-describedby=format!("{id}-hint {id}-error") inner_html=options></select>
            <FieldError name=name/>
        </div>
    }
}

/// A box with its label and a sentence.
#[component]
pub fn Tick(
    /// Name in the form.
    name: &'static str,
    /// What is sent when it is ticked.
    #[prop(default = "on".into(), into)]
    value: String,
    /// Label.
    #[prop(into)]
    label: String,
    /// Shown under the label.
    #[prop(optional)]
    hint: &'static str,
    /// Whether it starts ticked.
    #[prop(optional)]
    ticked: bool,
    /// Told of every change.
    #[prop(optional, into)]
    changed: Option<Callback<bool>>,
) -> impl IntoView {
    let form: FormState = expect_context();
    let id = format!("{}-{value}", form.id(name));
    let toggled = move |event| {
        if let Some(changed) = changed {
            changed.run(event_target_checked(&event));
        }
    };
    view! {
        <div class="tick">
            <input id=id.clone() type="checkbox" name=name value=value.clone() checked=form.ticked(name, &value, ticked) on:change=toggled
                aria-describedby=(!hint.is_empty()).then(|| format!("{id}-hint"))/>
            <label for=id.clone()>{label}</label>
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=format!("{id}-hint")>{hint}</p> })}
        </div>
    }
}

#[component]
fn Label(name: &'static str, label: &'static str, required: bool, hint: &'static str) -> impl IntoView {
    let form: FormState = expect_context();
    let id = form.id(name);
    view! {
        <label for=id.clone()>{label}{required.then(|| view! { <span class="required">" (required)"</span> })}</label>
        {(!hint.is_empty()).then(|| view! { <p class="hint" id=format!("{id}-hint")>{hint}</p> })}
    }
}

/// The message under a field.
#[component]
pub fn FieldError(name: &'static str) -> impl IntoView {
    let form: FormState = expect_context();
    let id = format!("{}-error", form.id(name));
    view! {
        <p class="field-error" id=id>
            {move || form.errors().of(name).cloned().map(|error| view! {
                <Icon name="alert"/>
                <span>{error.message}" "{error.link.map(|(label, path)| view! { <a href=path>{label}</a> })}</span>
            })}
        </p>
    }
}
