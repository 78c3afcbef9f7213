//! Everything of one customer as an archive (GDPR article 20), and erasure (article 17) with what the law makes
//! one keep.
//!
//! Used by staff with a permission of their own for each. Invariants: an archive holds no secret, neither of
//! links nor of logins; only a closed account is erased, by somebody who has just proved to be there and typed
//! its number; the audit trail stays, because nobody may change it.

#[cfg(feature = "ssr")]
pub(crate) mod api;
#[cfg(feature = "ssr")]
mod archive;
pub mod model;
pub mod pages;
pub mod rpc;
#[cfg(feature = "ssr")]
pub(crate) mod store;
pub mod words;
