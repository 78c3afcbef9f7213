//! "People with access": who holds what on one service or domain, and by which way (R10).
//!
//! Shown on the page of every service and domain to whoever manages contacts. Invariant: what it says is
//! computed by [`crate::permission::Permissions::on_asset`], the rule that opens the doors.

pub mod components;
pub mod model;
pub mod rpc;
#[cfg(feature = "ssr")]
pub(crate) mod store;
pub mod words;
