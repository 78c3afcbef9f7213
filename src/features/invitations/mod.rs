//! Invitations: the offer to a person to link their login to a contact.
//!
//! Made by whoever manages contacts (the `contacts` feature calls [`store`]), answered by the invited.
//! Invariants: at most one pending invitation per contact; it is bound to an address and used once; of its
//! links only hashes are stored. The mailed link proves the address. The link that the inviter can copy does
//! not: whoever opens it must sign in with the address or confirm it.

pub mod components;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
pub(crate) mod mail;
pub mod model;
pub mod pages;
pub mod rpc;
#[cfg(feature = "ssr")]
pub(crate) mod store;
pub mod words;
