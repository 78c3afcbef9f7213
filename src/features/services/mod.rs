//! Services: what a customer rents. The list, one service, its control panel, and what can be requested about
//! it (B4).
//!
//! Used by whoever holds `service.view` on at least one. Invariants: a service that somebody may not see does
//! not exist for them; price, due date and cycle leave the server only for who holds `service.billing` on
//! that service; a sign-on link works once, for a minute, and only while its maker may still use the panel.

#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
pub mod jobs;
pub mod model;
pub mod pages;
mod parts;
pub mod rpc;
#[cfg(feature = "ssr")]
pub(crate) mod store;
pub mod words;
