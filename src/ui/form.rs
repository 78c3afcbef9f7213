//! Forms: one component for every change, with and without WASM.
//!
//! A form posts to the page it stands on; the server calls the function that `_action` names. With WASM the
//! same fields go to that function directly, errors appear beside their fields and the next page is shown
//! without a reload. What was typed is kept either way.

use super::client_state::ClientState;
use super::form_state::{FormState, Sending};
use super::icon::Icon;
use super::{drafts, send, unsaved};
use crate::error::AppError;
use leptos::context::Provider;
use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

/// In context, as an `Option`, of pages whose reader may change nothing: forms show what stands in them and cannot be
/// sent.
#[derive(Clone, Copy)]
pub struct ReadOnly {
    /// But for those whose server function begins like this.
    pub but: Option<&'static str>,
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
    /// Name and value of the hidden field that says what the form is about, when several forms of a page call
    /// the same function.
    #[prop(optional, into)]
    about: Option<(&'static str, String)>,
    /// A long form: a bar at its foot says which parts were changed, and it warns before they are lost.
    #[prop(optional)]
    long: bool,
    /// Show refusals as a summary at the top; off for forms that are only a button.
    #[prop(default = true)]
    summary: bool,
    children: Children,
) -> impl IntoView {
    let client = ClientState::of_app();
    let only = use_context::<Option<ReadOnly>>().flatten();
    let locked = only.is_some_and(|only| only.but.is_none_or(|path| !action.starts_with(path)));
    let state = FormState::new(action, prefix, about.as_ref(), long, client);
    let navigate = use_navigate();
    let send = move |event: leptos::ev::SubmitEvent| send::submit(event, state, client, navigate.clone());
    let element = NodeRef::<html::Form>::new();
    if let Some(long) = state.long {
        unsaved::watch(state);
        // Once the fields have woken up. What the server shows again is newer.
        Effect::new(move || {
            if let Some(element) = element.get()
                && !state.interrupted
                && state.refusal.with_untracked(Option::is_none)
            {
                request_animation_frame(move || {
                    let _ = long.restored.try_set(drafts::restore(state, &element));
                });
            }
        });
    }
    let edited = move |event: leptos::ev::Event| {
        if let Some(long) = state.long {
            long.edits.update(|edits| *edits += 1);
            unsaved::note(long, &event);
            drafts::keep(state, &event);
        }
    };
    // A choice may have changed other fields by now.
    let settled = move |event: leptos::ev::Event| {
        if state.long.is_some() {
            drafts::keep(state, &event);
        }
    };
    view! {
        <Provider value=state>
            <form node_ref=element method="post" class=class id=(!id.is_empty()).then_some(id) novalidate aria-busy=move || state.busy().to_string() on:submit=send
                on:input=edited on:change=settled>
                <input type="hidden" name="_action" value=action/>
                <input type="hidden" name="_once" value=client.once()/>
                {about.map(|(name, value)| view! { <input type="hidden" name=name value=value/> })}
                {summary.then(|| view! { <Summary/> })}
                {if locked { view! { <fieldset disabled class="locked">{children()}</fieldset> }.into_any() } else { children() }}
            </form>
        </Provider>
    }
}

/// The foot of a long form, always in sight: what was changed, and the buttons.
#[component]
pub fn SubmitBar(children: Children) -> impl IntoView {
    let form: FormState = expect_context();
    let says = move || {
        form.long?.changed.with(|parts| (!parts.is_empty()).then(|| format!("Changed: {}", parts.join(", "))))
    };
    view! { <div class="actions bar">{children()}<p class="hint" role="status">{says}</p></div> }
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
    let restored = form.long.map(|long| {
        move || {
            long.restored.get().then(|| {
                let over = move |_| {
                    drafts::forget(form);
                    form.settle();
                    let _ = window().location().reload();
                };
                view! {
                    <div class="notice">
                        <Icon name="info"/>
                        <div>
                            <p>"What you typed is still here: check it and send it."</p>
                            <button type="button" class="button small" on:click=over>"Start over"</button>
                        </div>
                    </div>
                }
            })
        }
    });
    view! {
        {again}
        {restored}
        <div class="summary-place" role="alert">
            {move || {
                if form.sending.get() == Sending::Waiting {
                    return Some(view! {
                        <div class="notice waiting"><Icon name="off"/><p>"No connection to the server. What you typed is kept, and we try again every few seconds."</p></div>
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

/// A field that is not shown. When a refused form is shown again it has the value it was sent with, whatever
/// is true by now.
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
    view! { <button type="submit" class=format!("button {kind}") disabled=move || form.busy()>{label}</button> }
}

/// A button that sends its form with an answer of its own: one of several.
#[component]
pub fn AnswerButton(
    /// Name of the field that says which was pressed.
    name: &'static str,
    /// What it says then.
    value: &'static str,
    /// Label.
    label: &'static str,
    /// Class.
    #[prop(default = "button")]
    class: &'static str,
) -> impl IntoView {
    let form: FormState = expect_context();
    view! { <button type="submit" class=class name=name value=value disabled=move || form.busy()>{label}</button> }
}
