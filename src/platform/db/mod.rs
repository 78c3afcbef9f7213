//! The database: one `SQLite` file in WAL mode with one writer and a pool of readers.
//!
//! Nothing outside this folder names the engine: [`engine`] has connections, statements and values, [`files`]
//! what is done with the file itself.

mod engine;
mod files;
pub mod search;
mod statements;
mod write;
mod writer;

pub use engine::{
    ColumnValue, Conn, Database, DbError, DbResult, FromRow, JSON_ARRAY, MIGRATIONS, MadeSql, Record,
    SqlText, Truth, Value, internal, is_duplicate, look_into,
};
pub(crate) use engine::{args, json_row};
pub use files::{DEMO, Inspection, backup, file, inspect, newest, put_in_place, setting};
#[cfg(test)]
pub use statements::Made;
pub(crate) use statements::made_statements;
pub(crate) use write::columns;
pub use write::{Write, WriteMany};
