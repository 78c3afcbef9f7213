//! The frame of the staff area, and its dashboard: what needs somebody now (O1).
//!
//! Used by everybody on the staff; each sees the numbers that their permissions open.

pub mod components;
pub mod model;
pub mod pages;
pub mod rpc;
#[cfg(feature = "ssr")]
pub(crate) mod store;
pub mod words;
