//! Domains: the list, one domain, and what can be changed about it (B4).
//!
//! Used by whoever holds `domain.view` on at least one. Invariants: a domain that somebody may not see does
//! not exist for them; automatic renewal is the portal's own and changes at once, nameservers and registrar
//! lock are requests to staff.

pub mod model;
pub mod pages;
pub mod rpc;
#[cfg(feature = "ssr")]
pub(crate) mod store;
pub mod words;
