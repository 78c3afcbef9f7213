//! Billing by itself (B2, B3): each night services are invoiced for their next period, what is due is called to mind, what
//! is late is asked for, and services of what stays unpaid are suspended.
//!
//! Who: the program; staff see what a night will do and did ([`crate::operator::billing`]). Invariants, held by the
//! database whatever breaks off or runs twice: a period of a service stands on one invoice; a reminder, warning, fee or
//! suspension happens once per invoice; a service is suspended only for an invoice that reached somebody, after a final
//! warning that did.

#[cfg(feature = "ssr")]
pub mod jobs;
pub mod model;
#[cfg(feature = "ssr")]
pub mod store;
pub mod words;
#[cfg(feature = "ssr")]
pub mod write;
