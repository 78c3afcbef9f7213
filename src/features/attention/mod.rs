//! "Needs attention": what somebody should do next on their accounts, on the overview and on the picker.
//!
//! Invariant: a person is told only of what they could see, and of people only when they manage contacts.

pub mod components;
pub mod model;
pub mod rpc;
#[cfg(feature = "ssr")]
pub(crate) mod store;
pub mod words;
