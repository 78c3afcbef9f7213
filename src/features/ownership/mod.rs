//! Ownership (P7, P8): handing an account over to another contact, and leaving an account.
//!
//! Used by the owner, by whoever is offered the account, and by every other contact who wants to go.
//! Invariants: an account has exactly one owner at any time, which the database guarantees
//! (`accounts.owner_id` and its triggers); an offer is confirmed by the owner with password and second
//! factor, and by the other by accepting; the former owner keeps "Full Privileges".

pub mod components;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
pub mod mail;
pub mod model;
pub mod pages;
pub mod rpc;
#[cfg(feature = "ssr")]
pub(crate) mod store;
pub mod words;
