//! Import (O3): customers, contacts, services and domains from CSV files.
//!
//! Used by staff who may import. A file is checked first, and says what would change; then it is brought in by
//! one transaction. Invariants: nothing is half-imported; a file with a mistake changes nothing; the same file
//! again changes nothing; nobody gets a mail until it is announced to them.

#[cfg(feature = "ssr")]
pub(crate) mod api;
#[cfg(feature = "ssr")]
pub(crate) mod job;
pub mod model;
pub mod pages;
#[cfg(feature = "ssr")]
pub(crate) mod plan;
#[cfg(feature = "ssr")]
pub(crate) mod read;
pub mod rpc;
#[cfg(feature = "ssr")]
pub(crate) mod store;
pub mod words;
