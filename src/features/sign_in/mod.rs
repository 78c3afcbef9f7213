//! Sign up, sign in, sign out, forgotten password (S1).
//!
//! Used by everybody before they are anybody. Invariants: no answer tells whether an address exists; a
//! session starts only with a verified address and the password, or with a secret that was mailed to the
//! address, and for who has a second factor with that too; or with a passkey alone.

pub mod components;
#[cfg(feature = "ssr")]
pub(crate) mod enter;
#[cfg(feature = "ssr")]
pub mod jobs;
pub mod pages;
pub mod rpc;
#[cfg(feature = "ssr")]
pub(crate) mod store;
pub mod words;
