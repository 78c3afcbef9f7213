//! Invoices in the staff area: drafts, issuing, payments, corrections, what customers owe, and how invoices are made.
//!
//! Who sees them: `invoices.view`; who changes them: `invoices.manage`; how they are made: `settings.edit`.

#[cfg(feature = "ssr")]
pub mod api;
pub mod components;
pub mod model;
pub mod pages;
pub mod rpc;
pub mod settings;
#[cfg(feature = "ssr")]
mod store;
pub mod words;
