//! First start (O5): one link, printed by `latchkey serve` while there is no staff, leads whoever runs the portal
//! through it: the first administrator with a second factor, then the company and its mail.
//!
//! Invariants: the link works only while there is no staff at all, and of two at once one gets it; closing the
//! browser loses nothing, because each step is kept when it is done.

pub mod pages;
pub mod rpc;
#[cfg(feature = "ssr")]
pub(crate) mod store;
pub mod words;
