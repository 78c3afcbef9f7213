//! The ground: clock, configuration, database, keys and limits. Knows nothing of accounts, people or
//! features.

pub mod answers;
pub mod clock;
pub mod config;
pub mod csv;
pub mod db;
pub mod http_client;
pub mod limits;
pub mod listen;
pub mod metrics;
pub mod password;
pub mod telemetry;
pub mod token;
pub mod turns;
pub mod typeset;
pub mod typo;
