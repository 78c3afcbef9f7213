//! Departments of the company: a name and an address each, the requests they take, and how tickets reach them.
//!
//! Used by staff who may edit settings; who works in some departments alone is in [`super::team`]. Invariant: a
//! kind of request that no department takes is everybody's, so that none is lost.

pub mod model;
pub mod pages;
pub mod rpc;
#[cfg(feature = "ssr")]
pub(crate) mod store;
pub mod words;
