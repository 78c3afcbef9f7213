//! What was typed into a long form and not sent: which parts of it, and a warning before it is lost. Only with
//! WASM; without it, browsers keep what was typed when one comes back.

use super::drafts;
use super::form_state::{FormState, Sending, Watched};
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, Event, HtmlAnchorElement};

const WARNING: &str = "You have unsaved changes. Leave this page?";

/// Notes in which part of the form something was typed.
pub fn note(form: Watched, event: &leptos::ev::Event) {
    let part = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .and_then(|field| field.closest("fieldset.card, .card").ok().flatten())
        .and_then(|part| part.query_selector("legend").ok().flatten())
        .and_then(|legend| legend.text_content());
    let part = part.unwrap_or_else(|| "Status".into());
    form.changed.update(|parts| {
        if !parts.contains(&part) {
            parts.push(part);
        }
    });
}

fn is_unsaved(form: FormState) -> bool {
    form.long.and_then(|long| long.changed.try_with_untracked(|parts| !parts.is_empty())) == Some(true)
        && form.sending.try_get_untracked() == Some(Sending::No)
}

/// Warns before the page is left by its address, by closing the tab, or by a link outside the form.
pub fn watch(form: FormState) {
    Effect::new(move || {
        let leaving = window_event_listener(leptos::ev::beforeunload, move |event| {
            if is_unsaved(form) {
                event.prevent_default();
            }
        });
        // Before the router hears of it.
        let following = Closure::<dyn Fn(Event)>::new(move |event| follow(form, &event));
        let _ = window().add_event_listener_with_callback_and_bool(
            "click",
            following.as_ref().unchecked_ref(),
            true,
        );
        let following = send_wrapper::SendWrapper::new(following);
        on_cleanup(move || {
            leaving.remove();
            let listener = following.as_ref().unchecked_ref();
            let _ = window().remove_event_listener_with_callback_and_bool("click", listener, true);
        });
    });
}

/// Asks before a link leads away from what was typed.
fn follow(form: FormState, event: &Event) {
    let link = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .and_then(|element| element.closest("a[href]").ok().flatten());
    let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) else { return };
    // A place on the same page, a file or another tab lose nothing.
    let leaves = !link.get_attribute("href").unwrap_or_default().starts_with('#')
        && !link.has_attribute("download")
        && link.target().is_empty();
    if !leaves || !is_unsaved(form) {
        return;
    }
    // "Cancel" says it already.
    let cancels = link.closest("form").ok().flatten().is_some();
    if cancels || window().confirm_with_message(WARNING) == Ok(true) {
        drafts::forget(form);
    } else {
        event.prevent_default();
        event.stop_propagation();
    }
}
