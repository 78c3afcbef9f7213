//! Settings (O5): the company's name and look, where mail goes, and what customers may do by themselves.
//!
//! Used by staff who may edit settings. Invariants: what the command line says wins and is shown as such; every
//! change is in the audit and is taken back by one click; no colour on which words cannot be read, and no
//! logo that is no image, is ever kept.

#[cfg(feature = "ssr")]
pub(crate) mod api;
pub mod components;
#[cfg(feature = "ssr")]
pub mod mail;
pub mod model;
pub mod pages;
pub mod rpc;
#[cfg(feature = "ssr")]
mod store;
pub mod words;
