//! The flash message: what was done, and "Undo" where one click takes it back.

use super::client_state::ClientState;
use super::form::{Form, Submit};
use super::icon::Icon;
use crate::error::Undo;
use crate::paths;
use crate::ui::initial_state::Flash;
use leptos::prelude::*;

/// Shows the flash message until it is closed or the next one comes. Always in the page, so that screen
/// readers notice it.
#[component]
pub fn FlashMessage() -> impl IntoView {
    let client = ClientState::of_app();
    view! {
        <div class="flash-place" role="status" aria-live="polite">
            {move || {
                let Flash { say, undo } = client.flash.get();
                (!say.is_empty()).then(|| view! {
                    <div class="flash">
                        <Icon name="check"/>
                        <span>{say}</span>
                        {undo.map(|undo| view! { <UndoButton undo=undo/> })}
                        <button type="button" class="quiet only-wasm" aria-label="Close message" on:click=move |_| client.flash.set(Flash::default())>
                            <Icon name="x"/>
                        </button>
                    </div>
                })
            }}
        </div>
    }
}

#[component]
fn UndoButton(undo: Undo) -> impl IntoView {
    let action = paths::UNDO.into_iter().find(|known| *known == undo.action)?;
    let fields = undo
        .fields
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    Some(
        view! { <Form action=action prefix="undo-" summary=false>{fields}<Submit label="Undo" kind="quiet"/></Form> },
    )
}
