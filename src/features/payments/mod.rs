//! Payment through a gateway (B3): the customer pays on the gateway's own page, and what it says of that is what counts.
//!
//! Who pays: `invoices.pay`. Invariants: no number of a card ever comes here; money is booked when the gateway says so when
//! asked, never because a browser or a message says so; each checkout is booked once, whatever repeats, is late or comes in
//! another order; an amount that is not the one that was asked for is shown to staff instead of guessed at.

#[cfg(feature = "ssr")]
pub mod api;
pub mod components;
#[cfg(feature = "ssr")]
mod gateway;
#[cfg(feature = "ssr")]
pub mod jobs;
pub mod model;
pub mod pages;
pub mod rpc;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
mod stripe;
pub mod words;
#[cfg(feature = "ssr")]
pub mod write;
