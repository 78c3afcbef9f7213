//! Settings that live in the database rather than on the command line.

use crate::access::state::AppState;
use crate::access::{Open, Tx};
use crate::error::Result;
use crate::platform::config::Served;
use crate::platform::db::args;
use crate::platform::db::{Database, has_demo_mark, setting};

const SET: &str = r"INSERT INTO settings (name, value)
    VALUES ($1, $2)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value";
const ANY_USER: &str = "SELECT count(*) FROM (SELECT 1 FROM users LIMIT 1) AS some";

async fn set(tx: &mut Tx<Open>, name: &str, value: &str) -> Result<()> {
    tx.conn().execute(SET, args![name, value]).await?;
    Ok(())
}

/// Is this data directory marked as a demo? The mark is set by `latchkey demo`, which only fills an empty
/// one.
///
/// # Errors
/// A sentence for the operator.
pub async fn is_demo(database: &Database) -> std::result::Result<bool, String> {
    let sentence = |error: &dyn std::fmt::Display| format!("The settings cannot be read: {error}.");
    let mut reader = database.reader().await.map_err(|error| sentence(&error))?;
    has_demo_mark(&mut reader).await.map_err(|error| sentence(&error))
}

/// Marks the data directory as a demo.
pub async fn mark_demo(tx: &mut Tx<Open>) -> Result<()> {
    set(tx, "demo", "yes").await
}

/// How the portal was last served; nothing if it never was.
///
/// # Errors
/// A sentence for the operator.
pub async fn served(database: &Database) -> std::result::Result<Served, String> {
    let sentence = |error: &dyn std::fmt::Display| format!("The settings cannot be read: {error}.");
    let mut reader = database.reader().await.map_err(|error| sentence(&error))?;
    let value = setting(&mut reader, "served").await.map_err(|error| sentence(&error))?;
    Ok(value.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default())
}

/// The same, of a running program.
///
/// # Errors
/// As [`served`].
pub async fn last_served(app: &AppState) -> std::result::Result<Served, String> {
    served(app.database()).await
}

/// Notes how the portal is served.
pub async fn note_served(tx: &mut Tx<Open>, served: &Served) -> Result<()> {
    set(tx, "served", &serde_json::to_string(served).unwrap_or_default()).await
}

/// Is there no user yet?
///
/// # Errors
/// A sentence for the operator.
pub async fn is_empty(database: &Database) -> std::result::Result<bool, String> {
    let sentence = |error: &dyn std::fmt::Display| format!("The users cannot be read: {error}.");
    let mut reader = database.reader().await.map_err(|error| sentence(&error))?;
    let count: i64 = reader.value(ANY_USER, args![]).await.map_err(|error| sentence(&error))?;
    Ok(count == 0)
}
