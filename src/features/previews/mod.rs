//! "See it as NAME" (R7): the portal, read-only, as somebody else would see it, also with permissions that
//! are not saved yet.
//!
//! Used by whoever manages contacts. A preview takes the place of the account in URLs, so that every page
//! works in it as it is. Invariants: nothing can be changed and no link or token made in it, because its
//! proofs of access give no transaction; it shows nothing that its viewer may not see; it ends after
//! [`model::MINUTES`], and with any change of what its viewer may do.

pub mod components;
#[cfg(feature = "ssr")]
pub mod jobs;
pub mod model;
pub mod rpc;
#[cfg(feature = "ssr")]
pub(crate) mod store;
pub mod words;
