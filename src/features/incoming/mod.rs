//! E-mail that comes in (T2, T4): it becomes tickets and answers, or waits for somebody to decide.
//!
//! Used by the mail server in front of the portal, through `latchkey mail-in` or LMTP, and by staff who look at
//! what could not be placed. Invariants: the raw message is on the disk before anything is answered, and stays; a
//! message is worked on in one transaction, and once however often it comes; a message that cannot be read waits
//! with its reason, and the next one goes on; automatic mail, bounces and our own messages cause no mail.

#[cfg(feature = "ssr")]
pub(crate) mod api;
#[cfg(feature = "ssr")]
pub(crate) mod jobs;
#[cfg(feature = "ssr")]
pub(crate) mod mail;
pub mod model;
pub mod pages;
#[cfg(feature = "ssr")]
pub(crate) mod read;
pub mod rpc;
#[cfg(feature = "ssr")]
pub(crate) mod spool;
#[cfg(feature = "ssr")]
pub(crate) mod store;
pub mod words;
#[cfg(feature = "ssr")]
pub(crate) mod work;
