//! Merging two tickets of a customer, splitting one, and moving one to another customer.
//!
//! Used by staff who answer tickets. Invariants: nothing is lost or copied. What is merged points to the ticket that it
//! goes back to, so that each step is undone with one click; who reads or hears
//! more than before is said first; nobody is mailed about it; a ticket that others were merged into is merged into
//! none, so that there is never a chain.

pub mod model;
pub mod pages;
pub mod rpc;
#[cfg(feature = "ssr")]
pub(crate) mod store;
pub mod words;
