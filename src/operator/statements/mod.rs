//! Bank statements: what arrived is matched with what is open, and every cent of it is accounted for.
//!
//! Who: `invoices.manage`. Invariants: a line of a statement is known by the bank's own name for it, so that bringing a file
//! twice changes nothing; a line is booked once; what is brought in is booked, or waits, or was put aside by somebody, and
//! the three add up to it.

#[cfg(feature = "ssr")]
pub mod api;
pub mod model;
pub mod pages;
#[cfg(feature = "ssr")]
mod read;
pub mod rpc;
#[cfg(feature = "ssr")]
pub mod store;
pub mod words;
#[cfg(feature = "ssr")]
pub mod write;
