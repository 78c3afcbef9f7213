//! Passkeys need a browser; the server, which draws the same pages, never asks for one. Its twin is
//! `authenticator_browser.rs`.

/// Makes a passkey. Never on the server.
pub async fn create(_options: &str) -> Result<String, String> {
    Err(String::new())
}

/// Answers with a passkey. Never on the server.
pub async fn get(_options: &str) -> Result<String, String> {
    Err(String::new())
}
