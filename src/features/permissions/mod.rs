//! Permissions: who holds what, the section of a form that changes it, and what is said to who lacks one.
//!
//! Used by the contact form and "Invite User", and by every page that is denied. Invariants: a preset and a
//! change of boxes never silently overrule each other; nobody gives what they do not hold (R5).

pub mod components;
pub mod difference;
pub mod grant_form;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
pub(crate) mod mail;
pub mod model;
#[cfg(feature = "ssr")]
pub(crate) mod record;
pub mod rpc;
#[cfg(feature = "ssr")]
pub(crate) mod store;
mod table;
pub mod words;
