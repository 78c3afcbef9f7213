//! Customers (O1): the list of all of them, one customer's summary and notes, and bringing a new one in.
//!
//! Used by staff who may see customers. What belongs to one account is changed on its own pages. Invariants: a
//! search costs the same however many customers there are; who is no staff learns nothing of it.

pub mod components;
pub mod model;
pub mod pages;
pub mod rpc;
#[cfg(feature = "ssr")]
pub(crate) mod store;
pub mod words;
