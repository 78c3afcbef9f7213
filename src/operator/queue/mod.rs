//! The work queue (O1): what customers requested and nobody has answered.
//!
//! Used by staff who may answer requests. Invariants: of two at once one takes or answers a request; approving
//! applies it; whoever asked is told in the same transaction.

pub mod model;
pub mod pages;
pub mod rpc;
pub mod words;
