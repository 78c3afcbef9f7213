//! Services and domains of customers, as staff set them up and change them (O1).
//!
//! Used by staff who may edit services. Invariants: what is suspended or ended is told to who gets mail about
//! services, with the reason; an asset moves to another account only without open requests, and leaves the
//! permissions that were given on it behind.

#[cfg(feature = "ssr")]
pub mod mail;
pub mod model;
pub mod pages;
pub mod rpc;
#[cfg(feature = "ssr")]
pub(crate) mod store;
pub mod words;
