//! The HTML document around the app: head, and the script that hydrates the page.

use crate::app::App;
use crate::paths;
use crate::ui::initial_state::InitialState;
use crate::web::static_files::NAMES;
use axum::http::{HeaderName, HeaderValue};
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

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
        view! {
            <link rel="modulepreload" href=script.clone() nonce=nonce.clone()/>
            {NAMES.loader.as_ref().map(|loader| view! { <link rel="modulepreload" href=loader.clone() nonce=nonce.clone()/> })}
            <script r#type="module" r#async nonce=nonce.clone() inner_html=code></script>
        }
    });
    view! {
        <!DOCTYPE html>
        <html lang=language data-theme=theme.key()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content=theme.color_scheme()/>
                {if initial.logo.is_empty() {
                    view! { <link rel="icon" href="/favicon.svg" r#type="image/svg+xml"/> }.into_any()
                } else {
                    view! { <link rel="icon" href=initial.logo/> }.into_any()
                }}
                <link rel="preload" href="/fonts/inter-latin-5.woff2" r#as="font" r#type="font/woff2" crossorigin="anonymous"/>
                {NAMES.style.as_ref().map(|style| view! { <link rel="stylesheet" href=style.clone()/> })}
                {(!initial.accent.is_empty()).then(|| {
                    let href = format!("{}?c={}", paths::BRAND, initial.accent.trim_start_matches('#'));
                    view! { <link rel="stylesheet" href=href/> }
                })}
                <MetaTags/>
                {wake}
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
