//! "Everything that is open": what waits on all accounts of a person, on one page (S2, B2).
//!
//! Invariant: nothing stands there that the person would not see on the account itself.

pub mod model;
pub mod pages;
pub mod rpc;
#[cfg(feature = "ssr")]
mod store;
pub mod words;
