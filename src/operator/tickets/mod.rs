//! The ticket desk: everybody's tickets (O1), how many they are, and ways to look at them under a name.
//!
//! Used by staff who answer tickets; who works in some departments sees those. A ticket itself is the page that
//! its customer has, with what staff have beside.

pub mod components;
pub mod model;
pub mod pages;
pub mod rpc;
#[cfg(feature = "ssr")]
pub(crate) mod store;
pub mod words;
