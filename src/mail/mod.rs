//! What mail looks like, and where it can be read in demo mode.
//!
//! Every feature's `mail.rs` writes a [`letter::Letter`]; it becomes HTML and plain text from the same words. Invariant: words
//! from people are escaped in HTML and cannot leave their line in headers.

#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
pub mod letter;
pub mod model;
pub mod pages;
pub mod rpc;
