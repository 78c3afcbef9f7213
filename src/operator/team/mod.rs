//! Staff: who works in the staff area, and what each may do there (O1).
//!
//! Used by administrators, and by the command line for the first of them. Invariants: there is always an active
//! administrator; nobody gives what they do not hold, or changes themself; staff are contacts of no account
//! and have a second factor before they see anything.

pub mod components;
#[cfg(feature = "ssr")]
pub mod mail;
pub mod model;
pub mod pages;
pub mod roles;
pub mod rpc;
#[cfg(feature = "ssr")]
pub(crate) mod store;
pub mod words;
