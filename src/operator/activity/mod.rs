//! What staff did, everywhere (X2): the audit trail of the installation.
//!
//! Used by staff who may see it. What they did on an account stands in that account's activity as well.

pub mod pages;
pub mod rpc;
pub mod words;
