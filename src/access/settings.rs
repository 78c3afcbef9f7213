//! Settings that live in the database rather than on the command line.

use crate::access::{Open, Tx};
use crate::error::Result;
use crate::platform::db::Database;
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;
use std::path::PathBuf;

const GET: &str = "SELECT value FROM settings WHERE name = $1";
const SET: &str = "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
const ANY_USER: &str = "SELECT count(*) FROM (SELECT 1 FROM users LIMIT 1) AS some";

async fn get(connection: &mut SqliteConnection, name: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar(GET).bind(name).fetch_optional(connection).await
}

async fn set(tx: &mut Tx<Open>, name: &str, value: &str) -> Result<()> {
    sqlx::query(SET).bind(name).bind(value).execute(tx.conn()).await?;
    Ok(())
}

/// Is this data directory marked as a demo? The mark is set by `latchkey demo`, which only fills an empty one.
///
/// # Errors
/// A sentence for the operator.
pub async fn is_demo(database: &Database) -> std::result::Result<bool, String> {
    let sentence = |error: &dyn std::fmt::Display| format!("The settings cannot be read: {error}.");
    let mut reader = database.reader().await.map_err(|error| sentence(&error))?;
    has_demo_mark(&mut reader).await.map_err(|error| sentence(&error))
}

/// The same, of the database behind a connection.
pub async fn has_demo_mark(connection: &mut SqliteConnection) -> sqlx::Result<bool> {
    Ok(get(connection, "demo").await?.is_some())
}

/// Marks the data directory as a demo.
pub async fn mark_demo(tx: &mut Tx<Open>) -> Result<()> {
    set(tx, "demo", "yes").await
}

/// What mail that is written depends on, as the portal was last served: commands write it in the same way.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Served {
    /// Scheme and host that links start with.
    pub base_url: Option<String>,
    /// Name of the company that runs the portal.
    pub operator_name: Option<String>,
    /// Its colour.
    pub operator_colour: Option<String>,
    /// The file with its logo.
    pub operator_logo: Option<PathBuf>,
    /// Where requests and answers go.
    pub staff_email: Option<String>,
}

/// How the portal was last served; nothing if it never was.
///
/// # Errors
/// A sentence for the operator.
pub async fn served(database: &Database) -> std::result::Result<Served, String> {
    let sentence = |error: &dyn std::fmt::Display| format!("The settings cannot be read: {error}.");
    let mut reader = database.reader().await.map_err(|error| sentence(&error))?;
    let value = get(&mut reader, "served").await.map_err(|error| sentence(&error))?;
    Ok(value.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default())
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
    let count: i64 = sqlx::query_scalar(ANY_USER).fetch_one(&mut *reader).await.map_err(|error| sentence(&error))?;
    Ok(count == 0)
}
