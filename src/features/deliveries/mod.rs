//! E-invoices on their way through a network for them (B2): an access point of the operator's hands them over, and a customer
//! who wants it so gets them there.
//!
//! Who: customers choose it on their profile, staff set the access point up. Invariants: what is sent is the document as it was
//! issued; whoever chose the network gets the mail as well, so that nobody waits for a letter that is lost; what cannot be
//! delivered is told to staff, and sent again only because they say so.

#[cfg(feature = "ssr")]
mod access_point;
pub mod components;
#[cfg(feature = "ssr")]
pub mod jobs;
pub mod model;
#[cfg(feature = "ssr")]
mod phase4;
#[cfg(feature = "ssr")]
pub mod store;
pub mod words;
#[cfg(feature = "ssr")]
pub mod write;
