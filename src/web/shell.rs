//! The HTML document around the app: head, and the script that hydrates the page.

use crate::app::App;
use crate::paths;
use crate::ui::initial_state::InitialState;
use crate::web::static_files::NAMES;
use axum::http::{HeaderName, HeaderValue};
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos::tachys::html::InertElement;
use leptos_meta::MetaTags;
use maud::{PreEscaped, html};

/// The content security policy of a page: nothing but our own files, scripts only with this response's nonce.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; font-src 'self'; \
         img-src 'self' data:; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

/// The document.
pub fn shell() -> impl IntoView {
    let initial = use_context::<InitialState>().unwrap_or_default();
    let (language, theme) = (initial.time_format.language, initial.theme);
    let nonce = use_nonce().map(|nonce| nonce.to_string()).unwrap_or_default();
    if let (Some(response), Ok(value)) =
        (use_context::<leptos_axum::ResponseOptions>(), HeaderValue::from_str(&policy(&nonce)))
    {
        response.insert_header(HeaderName::from_static("content-security-policy"), value);
    }
    // The WASM file is fetched beside the script that needs it, and by nobody who runs no scripts. Both are
    // made ready while the rest of the page arrives; the page wakes up when it is whole.
    let wake = NAMES.script.as_ref().zip(NAMES.wasm.as_ref()).map(|(script, wasm)| {
        let code = format!(
            "const w=fetch('{wasm}'),d=new Promise(r=>document.readyState=='loading'?addEventListener('DOMContentLoaded',r):r());\
             import('{script}').then(m=>m.default({{module_or_path:w}}).then(()=>d).then(()=>m.hydrate()))"
        );
        let written = html! {
            link rel="modulepreload" href=(script) nonce=(nonce);
            @if let Some(loader) = &NAMES.loader { link rel="modulepreload" href=(loader) nonce=(nonce); }
            script type="module" async nonce=(nonce) { (PreEscaped(&code)) }
        };
        InertElement::new(written.0)
    });
    let head = html! {
        meta charset="utf-8";
        meta name="viewport" content="width=device-width, initial-scale=1";
        meta name="color-scheme" content=(theme.color_scheme());
        @if initial.logo.is_empty() {
            link rel="icon" href="/favicon.svg" type="image/svg+xml";
        } @else {
            link rel="icon" href=(initial.logo);
        }
        link rel="preload" href="/fonts/inter-latin-5.woff2" as="font" type="font/woff2" crossorigin="anonymous";
        @if let Some(style) = &NAMES.style { link rel="stylesheet" href=(style); }
        @if !initial.accent.is_empty() {
            link rel="stylesheet" href={ (paths::BRAND) "?c=" (initial.accent.trim_start_matches('#')) };
        }
    };
    view! {
        <!DOCTYPE html>
        <html lang=language data-theme=theme.key()>
            <head>
                {InertElement::new(head.0)}
                <MetaTags/>
                {wake}
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
