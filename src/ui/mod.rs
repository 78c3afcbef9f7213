//! Components that know no feature: layout, forms, dialogs, menus, flash messages, pages of a list.
//!
//! Used by every feature's `pages`. Invariant: each works as plain HTML first; what WASM adds is in the event
//! handlers.

pub mod answer;
pub mod avatar;
pub mod client_state;
pub mod copy;
pub mod country;
pub mod dialog;
pub mod dom;
pub mod drafts;
pub mod field;
pub mod flash;
pub mod form;
pub mod form_state;
pub mod icon;
pub mod initial_state;
pub mod keys;
pub mod layout;
pub mod list;
pub mod load;
pub mod mailed_link;
pub mod markup;
pub mod menu;
pub mod refused;
pub mod rules;
pub mod section;
pub mod send;
pub mod table;
pub mod theme;
pub mod time_format;
mod unsaved;

#[cfg(not(feature = "ssr"))]
#[path = "ask_browser.rs"]
mod ask;
#[cfg(feature = "ssr")]
#[path = "ask_server.rs"]
mod ask;

#[cfg(not(feature = "ssr"))]
#[path = "respond_browser.rs"]
pub mod respond;
#[cfg(feature = "ssr")]
#[path = "respond_server.rs"]
pub mod respond;
