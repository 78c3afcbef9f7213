//! Users: logins. Their own name, password and address.
//!
//! Used by the "Welcome NAME" menu. Invariants: an address belongs to one login; a login without a verified
//! address cannot have a session.

#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
pub mod mail;
pub mod model;
pub mod pages;
pub mod parts;
pub mod rpc;
#[cfg(feature = "ssr")]
pub(crate) mod store;
pub mod words;
