//! Support looks with consent (O2, O4): staff see the portal as a customer does only if the account allows it.
//!
//! Used by owners, who choose (always, ask me, never) and answer, and by the staff area, which asks and looks.
//! Invariants: a look has a reason and an end, changes nothing, and stands in the account's activity; an owner's
//! "never" is only overridden by breaking the glass, which the owner is told of at once; a choice against it
//! ends every open look.

pub mod components;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
pub mod mail;
pub mod model;
pub mod rpc;
#[cfg(feature = "ssr")]
pub(crate) mod store;
pub mod words;
