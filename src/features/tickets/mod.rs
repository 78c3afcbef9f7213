//! Tickets (T1, T3, T5, T6): what customers and staff write to each other.
//!
//! Used by contacts who may see or open tickets, by whom somebody added to one, and by staff who answer them, on
//! the same pages. Invariants: a ticket that somebody may not see does not exist for them, and neither does a
//! department that is closed to them; notes are for staff alone; who gets a mail is said in the reply box by the
//! rule that sends it; the account of a ticket is changed by nothing that arrives.

#[cfg(feature = "ssr")]
pub(crate) mod api;
#[cfg(feature = "ssr")]
mod beside;
#[cfg(feature = "ssr")]
pub(crate) mod canned;
pub mod components;
#[cfg(feature = "ssr")]
pub(crate) mod files;
#[cfg(feature = "ssr")]
pub(crate) mod jobs;
mod keys;
#[cfg(feature = "ssr")]
pub(crate) mod mail;
pub mod model;
pub mod pages;
mod parts;
#[cfg(feature = "ssr")]
pub(crate) mod presence;
pub mod quote;
#[cfg(feature = "ssr")]
pub(crate) mod row;
pub mod rpc;
pub mod show;
#[cfg(feature = "ssr")]
pub(crate) mod store;
mod upload;
#[cfg(feature = "ssr")]
pub(crate) mod who;
pub mod words;
#[cfg(feature = "ssr")]
pub(crate) mod write;
