//! The cookies that the portal sets and reads.

use axum::http::{HeaderMap, HeaderValue, header};

/// A cookie of ours: for this host only, for no script, sent along to links from elsewhere but to nothing
/// that changes anything.
pub fn cookie(name: &str, secure: bool, value: &str, max_age: i64) -> HeaderValue {
    let secure = if secure { "; Secure" } else { "" };
    HeaderValue::try_from(format!(
        "{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age}{secure}"
    ))
    .expect("tokens are plain ASCII")
}

/// Sets a cookie with the answer of the server function that is running.
pub fn set_cookie(cookie: HeaderValue) {
    leptos::prelude::expect_context::<leptos_axum::ResponseOptions>()
        .append_header(header::SET_COOKIE, cookie);
}

/// Name of the cookie that says whether pages are light or dark, see [`crate::access::session::cookie_name`].
pub fn theme_name(secure: bool) -> &'static str {
    if secure { "__Host-latchkey-theme" } else { "latchkey-theme" }
}

/// The value of a cookie.
pub fn find<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}
