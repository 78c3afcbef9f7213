//! Canned replies: answers that staff give often, with variables. Staff who answer tickets keep them together.

pub mod model;
pub mod pages;
pub mod rpc;
pub mod words;
