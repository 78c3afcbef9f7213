//! The ticket desk: everybody's tickets (O1).
//!
//! Used by staff who answer tickets; who works in some departments sees those. A ticket itself is the page that
//! its customer has, with what staff have beside.

pub mod pages;
pub mod rpc;
pub mod words;
