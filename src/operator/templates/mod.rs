//! Mail templates (M8): how each kind of mail is worded, edited by staff with a draft, a preview with made-up
//! data, a test mail, a history, and the way back to how the program words it.
//!
//! Used by staff who may edit settings. Invariants: one source, Markdown with variables, makes HTML and plain
//! text; values are words and never markup or variables; a template that does not close is not saved; what the
//! button of a mail leads to, and why somebody gets it, are not the template's to leave out.

#[cfg(feature = "ssr")]
pub(crate) mod api;
pub mod model;
pub mod pages;
pub mod rpc;
#[cfg(feature = "ssr")]
pub(crate) mod samples;
#[cfg(feature = "ssr")]
pub(crate) mod store;
pub mod words;
