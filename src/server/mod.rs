//! The server's machinery: what stands between the network, the data and the features.
//!
//! Used by every feature's `rpc` (through [`access`]) and `store` (through [`db`]). Invariant: nothing outside this folder
//! can get at a database connection without an access proof, because pools and constructors are private to it.

pub mod access;
pub mod assets;
pub mod clock;
pub mod commands;
pub mod config;
pub mod db;
pub mod device;
pub mod drafts;
pub mod fields;
pub mod forms;
pub mod functions;
pub mod http;
pub mod in_memory;
pub mod lifetimes;
pub mod limits;
pub mod list;
pub mod listen;
pub mod member;
pub mod once;
pub mod outbox;
pub mod password;
pub mod run;
pub mod session;
pub mod settings;
pub mod shell;
pub mod state;
pub mod telemetry;
pub mod token;
pub mod trail;
pub mod turns;
pub mod zone;
