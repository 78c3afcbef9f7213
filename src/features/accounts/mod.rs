//! Accounts: the customers. The picker, the frame around an account's pages, its overview and profile.
//!
//! Used by everybody who is signed in. Invariants: an account has exactly one owner; its number never
//! changes; an account that somebody cannot enter does not exist for them.

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
#[cfg(feature = "ssr")]
pub mod vies;
pub mod words;
