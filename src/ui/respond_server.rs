//! What a page says to HTTP while it is rendered on the server. Its twin for the browser is
//! `respond_browser.rs`.

use axum::http::StatusCode;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::Script;
use std::collections::BTreeMap;

/// The files of each part of the app; in context while a page is rendered.
#[derive(Clone, Copy)]
pub struct PartFiles(pub &'static BTreeMap<String, Vec<String>>);

/// Sets the status of the page.
pub fn status(code: u16) {
    if let (Some(response), Ok(code)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(code)) {
        response.set_status(code);
    }
}

/// Answers with a redirect (303).
pub fn redirect(to: &str) {
    leptos_axum::redirect(to);
    status(303);
}

/// Tells the browser to fetch the files of a part of the app right away, beside the main one. A script does
/// it, so that they are not fetched where none run; the loader then finds them in the browser's cache.
pub fn needs(part: &str) {
    let code = use_context::<PartFiles>()
        .and_then(|files| files.0.get(part))
        .into_iter()
        .flatten()
        .map(|file| format!("fetch('{file}');"))
        .collect::<String>();
    // Rendering it registers it for the head.
    let _ = view! { <Script type_="module" async_="true">{code}</Script> }.to_html();
}

/// The page being asked for, with its query.
pub fn current_path() -> String {
    let parts = use_context::<axum::http::request::Parts>();
    parts.and_then(|parts| parts.uri.path_and_query().map(ToString::to_string)).unwrap_or_default()
}

/// What the request brought along beside its URL.
pub fn initial() -> super::initial_state::InitialState {
    use_context().unwrap_or_default()
}
