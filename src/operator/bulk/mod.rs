//! One act on every customer or ticket that was found: closing, opening again, inviting owners, giving tickets to
//! somebody or to a department. It runs beside the server, says how far it is, goes on after an interruption, and is
//! undone where that is possible.
//!
//! Used by staff who may do the act on one of them. Invariants: what is worked on is what was found when it began;
//! each is changed in a transaction of its own, with its trail, and once; what was there before is kept for undoing.

#[cfg(feature = "ssr")]
mod job;
#[cfg(feature = "ssr")]
pub mod jobs;
pub mod model;
pub mod pages;
pub mod rpc;
#[cfg(feature = "ssr")]
pub(crate) mod store;
pub mod words;
