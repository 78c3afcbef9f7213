//! The server's twin of `listen_browser.rs`: a page that is rendered hears nothing.

/// Nothing: effects do not run here.
pub fn listen(_: String, _: impl Fn(String) + Clone + 'static) {}
