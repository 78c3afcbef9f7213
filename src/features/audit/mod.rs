//! "Activity" (X2): everything that changed on an account, by whom, when, from where, before and after.
//!
//! Used by the owner and whoever holds `activity.view`. Invariants: entries are written by
//! [`crate::features::audit::record`] in the transaction of the change and never again; nothing secret is in
//! them; names are kept as they were.

#[cfg(feature = "ssr")]
pub mod api;
pub mod components;
pub mod model;
pub mod pages;
#[cfg(feature = "ssr")]
pub mod record;
pub mod rpc;
#[cfg(feature = "ssr")]
pub(crate) mod store;
pub mod words;
