//! A button that copies a text.

use super::icon::Icon;
use leptos::prelude::*;

/// Copies a text and says so. Only there with WASM: without it, people copy by hand.
#[component]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    let copied = RwSignal::new(false);
    let copy = move |_| {
        let _ = window().navigator().clipboard().write_text(&text);
        copied.set(true);
    };
    view! {
        <button type="button" class="button only-wasm" on:click=copy><Icon name="copy"/>{move || if copied.get() { "Copied" } else { "Copy" }}</button>
        <span role="status" class="visually-hidden">{move || copied.get().then_some("Copied to the clipboard.")}</span>
    }
}
