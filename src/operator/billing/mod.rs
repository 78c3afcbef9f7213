//! What the next night bills and asks for, and what nights did.
//!
//! Who sees it: `invoices.view`; who has it done at once: `invoices.manage`.

pub mod components;
pub mod model;
pub mod pages;
pub mod rpc;
pub mod words;
