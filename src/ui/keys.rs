//! Single keys. They do nothing while somebody types, or with Ctrl, Alt or Meta, and can be turned off in each browser.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, KeyboardEvent, Storage};

/// Where a browser keeps that somebody wants no single keys (WCAG 2.1.4).
const OFF: &str = "latchkey-no-single-keys";

fn kept() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

fn are_on() -> bool {
    kept().and_then(|kept| kept.get_item(OFF).ok().flatten()).is_none()
}

/// What the keys of a page are, and the way to turn them off: a voice or a shaking hand presses them by mistake.
#[component]
pub fn Keys(
    /// The keys.
    says: &'static str,
) -> impl IntoView {
    let on = RwSignal::new(true);
    Effect::new(move || on.set(are_on()));
    let turn = move |_| {
        if let Some(kept) = kept() {
            let _ = if on.get_untracked() { kept.set_item(OFF, "1") } else { kept.remove_item(OFF) };
        }
        on.set(are_on());
    };
    view! {
        <p class="hint wasm keys">
            {move || if on.get() { says } else { "Single keys are off in this browser." }}" "
            <button type="button" class="button small" on:click=turn>{move || if on.get() { "Turn single keys off" } else { "Turn single keys on" }}</button>
        </p>
    }
}

/// Is this a key that nobody typed into a field, for who wants single keys?
pub fn is_free(event: &KeyboardEvent) -> bool {
    let typing = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlElement>().ok())
        .is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"));
    are_on() && !typing && !event.ctrl_key() && !event.alt_key() && !event.meta_key()
}
