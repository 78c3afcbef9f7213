//! Contacts: one contact per person on an account. The feature to read first, and the shape that others copy.
//!
//! A contact, a sub-account and an invited user are the same contact with different switches: gets mail, can
//! log in, may do. Used by whoever holds `contacts.manage`. Invariants, each enforced by `rpc` or by an index
//! of the table:
//! - one contact per address and per user on an account (P9);
//! - exactly one owner, who cannot be deleted, closed or reduced (P7);
//! - nobody grants what they do not hold, edits their own permissions, or touches the owner's contact (R5).

#[cfg(feature = "ssr")]
mod acts;
#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
pub(crate) mod audit;
#[cfg(feature = "ssr")]
pub(crate) mod billing;
#[cfg(feature = "ssr")]
pub(crate) mod mail;
pub mod model;
pub mod pages;
mod parts;
pub mod person;
mod row;
pub mod rpc;
pub mod several;
#[cfg(feature = "ssr")]
pub(crate) mod store;
pub mod words;
