//! "View as customer" (O2): staff see the portal as somebody on an account does.
//!
//! Used by staff with that permission. What an account allows, and what its owner is told, is
//! [`crate::features::support`]'s.

pub mod model;
pub mod pages;
pub mod rpc;
pub mod words;
