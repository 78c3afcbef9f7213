//! What mail looks like, an account's e-mail history, and where mail can be read in demo mode.
//!
//! Every feature's `mail.rs` writes a [`letter::Letter`]; it becomes HTML and plain text from the same words.
//! Invariant: words from people are escaped in HTML and cannot leave their line in headers; the history shows
//! no link that was for its recipient alone.

#[cfg(feature = "ssr")]
pub mod announce;
#[cfg(feature = "ssr")]
pub mod api;
pub mod components;
#[cfg(feature = "ssr")]
pub mod letter;
pub mod model;
pub mod pages;
pub mod rpc;
#[cfg(feature = "ssr")]
pub mod samples;
#[cfg(feature = "ssr")]
pub(crate) mod store;
#[cfg(feature = "ssr")]
pub mod template;
pub mod words;
