//! Custom roles (R11): sets of permissions that an account saves under a name and gives like a preset.
//!
//! Used by whoever manages contacts. Who has a role is whoever holds exactly what it gives: like a preset it is
//! given once and not tied to the contact. Invariants: nobody saves or changes into a role what they do not
//! hold (R5); no two roles of an account have the same name or give the same, and none gives what a preset
//! gives.

pub mod model;
pub mod pages;
#[cfg(feature = "ssr")]
pub(crate) mod record;
pub mod rpc;
#[cfg(feature = "ssr")]
pub(crate) mod store;
pub mod words;
