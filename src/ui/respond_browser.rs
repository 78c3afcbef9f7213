//! The browser's side of what a page says to HTTP: there is no status to set, and a redirect is a new page.

use leptos::prelude::window;

/// Nothing: the page was already answered.
pub fn status(_: u16) {}

/// Leaves for another page.
pub fn redirect(to: &str) {
    let _ = window().location().set_href(to);
}

/// Nothing: the loader fetches it.
pub fn needs(_: &str) {}

/// The page being shown, with its query.
pub fn current_path() -> String {
    let location = window().location();
    location.pathname().unwrap_or_default() + &location.search().unwrap_or_default()
}

/// Nothing: later pages are not arrived at by HTTP.
pub fn initial() -> super::initial_state::InitialState {
    super::initial_state::InitialState::default()
}
