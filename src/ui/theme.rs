//! The switch between light and dark. The choice is a cookie of this browser: the server draws every page in it,
//! also without WASM.

use super::client_state::ClientState;
use super::form::Form;
use super::form_state::FormState;
use crate::paths;
use crate::types::Theme;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Three buttons: as the device, light, dark.
#[component]
pub fn ThemeChoice() -> impl IntoView {
    let client = ClientState::of_app();
    let location = use_location();
    let here = move || format!("{}{}", location.pathname.get(), query(&location.search.get()));
    view! {
        <Form action=paths::CHOOSE_THEME class="theme" prefix="theme-" summary=false>
            <input type="hidden" name="back" value=here/>
            <fieldset>
                <legend>"Colours"</legend>
                {Theme::ALL.map(|theme| view! { <ThemeButton theme=theme client=client/> }).into_iter().collect_view()}
            </fieldset>
        </Form>
    }
}

fn query(search: &str) -> String {
    if search.is_empty() { String::new() } else { format!("?{}", search.trim_start_matches('?')) }
}

#[component]
fn ThemeButton(theme: Theme, client: ClientState) -> impl IntoView {
    let form: FormState = expect_context();
    let pressed = move || (client.theme.get() == theme).to_string();
    // It is dark at once; the cookie follows with the answer.
    let chosen = move |_| {
        client.theme.set(theme);
        if let Some(page) = document().document_element() {
            let _ = page.set_attribute("data-theme", theme.key());
        }
    };
    view! {
        <button type="submit" name="theme" value=theme.key() aria-pressed=pressed disabled=move || form.busy() on:click=chosen>{theme.title()}</button>
    }
}
