//! The network's side of the portal: routes, forms, the document around a page, and the files of the browser.

pub mod compress;
mod document;
pub mod forms;
pub mod functions;
pub mod http;
pub(crate) mod lmtp;
pub(crate) mod metrics;
pub mod shell;
pub mod state;
pub mod static_files;
pub(crate) mod turns;
