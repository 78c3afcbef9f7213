//! Replacing an owner who is gone: staff name a contact with a reason, and the account is theirs after a waiting
//! time in which the owner can say no.
//!
//! Used by staff in their own area, and by the owner on the page of ownership. Invariants: one replacement waits
//! per account, which an index guarantees; the owner is told at their own address and at the main address before
//! anything changes; nobody takes over who has no login on the account.

pub mod components;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
pub mod mail;
pub mod model;
pub mod rpc;
#[cfg(feature = "ssr")]
pub(crate) mod store;
#[cfg(feature = "ssr")]
mod waiting;
pub mod words;
