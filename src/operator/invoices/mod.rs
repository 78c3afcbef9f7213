//! Invoices in the staff area: drafts, issuing, payments, corrections, what customers owe, and how invoices are made.
//!
//! Who sees them: `invoices.view`; who changes them: `invoices.manage`; how they are made: `settings.edit`.

pub mod model;
pub mod pages;
pub mod rpc;
pub mod settings;
pub mod words;
