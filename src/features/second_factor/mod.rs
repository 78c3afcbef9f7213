//! Second factors (X1, X4): an authenticator app, recovery codes, and passkeys, which also sign in by
//! themselves.
//!
//! Used by everybody who wants their login safe, or has to. Invariants: a code counts once; what the app and
//! the recovery codes are made from is worth nothing without the installation's key; recovery codes exist
//! exactly while there is a factor; the last factor takes them along. A login without its phone is helped by
//! a recovery code, or by whoever runs the portal.

pub mod components;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
pub mod mail;
pub mod model;
pub mod pages;
#[cfg(feature = "ssr")]
pub(crate) mod passkeys;
pub mod rpc;
#[cfg(feature = "ssr")]
pub(crate) mod secrets;
#[cfg(feature = "ssr")]
pub(crate) mod store;

#[cfg(not(feature = "ssr"))]
#[path = "authenticator_browser.rs"]
pub mod authenticator;
#[cfg(feature = "ssr")]
#[path = "authenticator_server.rs"]
pub mod authenticator;
#[cfg(feature = "ssr")]
pub(crate) mod prove;
pub mod words;
