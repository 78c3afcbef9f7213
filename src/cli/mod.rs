//! What the command line can do, and what runs beside the server.

pub mod commands;
pub mod jobs;
pub mod run;
