//! What the command line can do, and what runs beside the server.

pub mod commands;
pub mod lifetimes;
pub mod run;
