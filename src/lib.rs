//! Latchkey: a self-hosted client portal. Who may act for a customer, on what, and who gets which mail.
//!
//! One crate, built twice: with `ssr` it is the server, with `hydrate` the WASM that hydrates its pages. Each
//! feature is a folder with the same file names; docs/architecture.md says which and why.

#[cfg(feature = "ssr")]
pub mod access;
pub mod app;
pub mod category;
#[cfg(feature = "ssr")]
pub mod cli;
#[cfg(feature = "ssr")]
pub mod demo;
pub mod error;
pub mod features;
pub mod frame;
pub mod operator;
#[cfg(feature = "ssr")]
pub mod outbox;
pub mod paths;
pub mod permission;
#[cfg(feature = "ssr")]
pub mod platform;
#[cfg(all(test, feature = "ssr"))]
mod tests;
pub mod types;
pub mod ui;
#[cfg(feature = "ssr")]
pub mod web;
pub mod words;

/// Reads an e-mail as it would be when it comes in: what the fuzzer calls (`make fuzz`), and the test of its corpus.
#[cfg(all(any(test, fuzzing), feature = "ssr"))]
pub fn read_everything(raw: &[u8]) {
    let text = features::incoming::read::read_all(raw);
    let (new, old) = features::tickets::quote::split(&text);
    assert!(new.len() + old.len() <= text.len(), "nothing is made up");
}

/// Hydrates the server's page in the browser.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub async fn hydrate() {
    let document = leptos::prelude::document();
    if let Some(body) = document.body() {
        leptos::mount::hydrate_from_async(body, app::App).await.forget();
    }
    // The style sheet learns that WASM runs.
    if let Some(root) = document.document_element() {
        let _ = root.set_attribute("data-wasm", "");
    }
}
