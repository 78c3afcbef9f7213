//! One act on every customer that was found: closing, opening again, inviting owners. It runs beside the server,
//! says how far it is, goes on after an interruption, and is undone where that is possible.
//!
//! Used by staff who may do the act on one customer. Invariants: what is worked on is what was found when it
//! began; each customer is changed in a transaction of its own, with its trail, and once.

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
