//! Invoices, credit notes, payments and the ledger of an account (B1, B2, B5, B7).
//!
//! Who sees them: `invoices.view`; who pays: `invoices.pay`; drafts and everything that changes amounts is staff's
//! ([`crate::operator::invoices`]). Invariants: what was issued stays as it is; numbers have no gaps; the ledger sums to
//! zero.

#[cfg(feature = "ssr")]
pub mod api;
pub mod components;
#[cfg(feature = "ssr")]
pub mod documents;
#[cfg(feature = "ssr")]
mod e_invoice;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
mod ledger;
#[cfg(feature = "ssr")]
pub mod mail;
pub mod model;
pub mod pages;
#[cfg(feature = "ssr")]
mod pdf;
#[cfg(feature = "ssr")]
mod printed;
pub mod rpc;
#[cfg(feature = "ssr")]
mod standing;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
pub mod template;
#[cfg(feature = "ssr")]
mod totals;
pub mod words;
#[cfg(feature = "ssr")]
pub mod write;
