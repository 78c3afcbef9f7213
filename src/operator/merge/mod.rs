//! Merging two accounts of one customer: what is on one moves to the other, after a preview of it.
//!
//! Used by staff with a permission of its own. Invariants: nobody sees through a merge what they did not see
//! before: what somebody may do on the account or on all of its services becomes permissions on the services and
//! domains that move, and no more; who is on both accounts is one contact; the emptied account is closed for good.

pub mod model;
pub mod pages;
pub mod rpc;
#[cfg(feature = "ssr")]
pub(crate) mod store;
pub mod words;
