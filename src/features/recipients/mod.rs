//! Who gets which mail (M1, M2, M3, M6, M7): the rule, everybody's own choice, and the page that shows both.
//!
//! Used by everything that sends mail about an account, by whoever manages contacts, and by each person for
//! themself, with a login or with the link in a mail. Invariants: [`model::recipients`] is the only place
//! that decides who gets something; an address gets a message once; at least one recipient of domain mail
//! remains.

#[cfg(feature = "ssr")]
pub mod api;
pub mod components;
pub mod model;
pub mod pages;
pub mod rpc;
#[cfg(feature = "ssr")]
pub(crate) mod store;
pub mod words;
