//! Requests: what customers ask staff to do with a service or a domain (B4).
//!
//! Made by `services` and `domains`, answered by staff on the command line. Invariants: one pending request
//! of a kind per thing, which the database decides; every request is mailed to staff in the transaction that
//! records it, and its answer to whoever asked.

pub mod components;
#[cfg(feature = "ssr")]
pub(crate) mod mail;
pub mod model;
#[cfg(feature = "ssr")]
pub(crate) mod store;
pub mod words;
