//! Filters of a list under a name, each of the staff their own: of customers, and of tickets.
//!
//! What it takes to look at a list is asked by the list's own server functions.

pub mod components;
#[cfg(feature = "ssr")]
pub(crate) mod store;
