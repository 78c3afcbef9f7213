//! The product catalogue: what the company sells, in groups, with prices per cycle and currency.
//!
//! Used by staff who may edit products, and by the form of a service, which starts from a product. Invariant: a
//! service keeps its own price: changing a product changes no service.

pub mod model;
pub mod pages;
pub mod rpc;
#[cfg(feature = "ssr")]
pub(crate) mod store;
pub mod words;
