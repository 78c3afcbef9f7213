//! News for open pages, as server-sent events: what a contact may do on an account has changed, or a ticket that
//! they may see.
//!
//! Used by the frame of every page of an account. Invariants: a stream tells one contact about themselves
//! only, and ends when they may no longer enter; a page listens only while it is looked at, so that forty
//! open tabs hold one connection. News is offered, not forced: what stands in a form stays there until the
//! person wants the page anew.

#[cfg(feature = "ssr")]
pub mod api;
pub mod components;
#[cfg(not(feature = "ssr"))]
#[path = "listen_browser.rs"]
mod listen;
#[cfg(feature = "ssr")]
#[path = "listen_server.rs"]
mod listen;
pub mod words;
