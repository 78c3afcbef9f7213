//! Settings that live in the database rather than on the command line.

use crate::access::state::AppState;
use crate::access::{Open, Tx};
use crate::error::Result;
use crate::platform::config::{Company, Served, Template};
use crate::platform::db::{Conn, DEMO, Database, args, setting};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

const SET: &str = r"INSERT INTO settings (name, value)
    VALUES ($1, $2)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value";
const ANY_USER: &str = "SELECT count(*) FROM (SELECT 1 FROM users LIMIT 1) AS some";

/// Writes a setting. `platform::db::setting` reads it.
pub async fn set<S>(tx: &mut Tx<S>, name: &str, value: &str) -> Result<()> {
    tx.conn().execute(SET, args![name, value]).await?;
    Ok(())
}

/// A setting that is kept as JSON; as it is at first where there is none.
pub async fn read<T: DeserializeOwned + Default>(conn: &mut Conn, name: &str) -> Result<T> {
    let value = setting(conn, name).await?;
    Ok(value.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default())
}

/// Writes a setting that is kept as JSON.
pub async fn write<S, T: Serialize>(tx: &mut Tx<S>, name: &str, value: &T) -> Result<()> {
    set(tx, name, &serde_json::to_string(value).unwrap_or_default()).await
}

/// A setting of a database that no program is running on yet.
async fn get(database: &Database, name: &str) -> std::result::Result<Option<String>, String> {
    let found = async { setting(&mut database.reader().await?, name).await };
    found.await.map_err(|error| format!("The settings cannot be read: {error}."))
}

/// Is this data directory marked as a demo? The mark is set by `latchkey demo`, which only fills an empty
/// one.
///
/// # Errors
/// A sentence for the operator.
pub async fn is_demo(database: &Database) -> std::result::Result<bool, String> {
    Ok(get(database, DEMO).await?.is_some())
}

/// Marks the data directory as a demo.
pub async fn mark_demo(tx: &mut Tx<Open>) -> Result<()> {
    set(tx, DEMO, "yes").await
}

/// What staff set about their company, in a transaction or a reader's connection.
pub async fn company(conn: &mut Conn) -> Result<Company> {
    read(conn, COMPANY).await
}

const COMPANY: &str = "company";

/// Notes what staff set about their company. It counts once the transaction is committed and
/// [`AppState::set_company`] was called.
pub async fn set_company<S>(tx: &mut Tx<S>, company: &Company) -> Result<()> {
    write(tx, COMPANY, company).await
}

/// The hash of the secret of the first start; nothing when it was used.
pub async fn setup(conn: &mut Conn) -> Result<Option<String>> {
    Ok(setting(conn, SETUP).await?.filter(|hash| !hash.is_empty()))
}

/// Replaces the hash of the secret of the first start.
pub async fn set_setup(tx: &mut Tx<Open>, hash: &str) -> Result<()> {
    set(tx, SETUP, hash).await
}

const SETUP: &str = "setup";

/// Makes what staff set count, at the start of the program.
///
/// # Errors
/// A sentence for the operator.
pub async fn load_company(app: &AppState) -> std::result::Result<(), String> {
    let found = async { company(&mut app.database().reader().await?).await };
    let company = found.await.map_err(|error| format!("The settings cannot be read: {error}."))?;
    let found = async { templates(&mut app.database().reader().await?).await };
    let templates = found.await.map_err(|error| format!("The mail templates cannot be read: {error}."))?;
    app.set_company(&company)?;
    app.set_templates(templates);
    Ok(())
}

const TEMPLATES: &str = "SELECT kind, subject, heading, body FROM mail_templates WHERE used LIMIT 1000";

/// The mails that staff word, by kind.
pub async fn templates(conn: &mut Conn) -> Result<BTreeMap<String, Template>> {
    let rows: Vec<(String, String, String, String)> = conn.all(TEMPLATES, args![]).await?;
    let template = |(kind, subject, heading, body)| (kind, Template { subject, heading, body });
    Ok(rows.into_iter().map(template).collect())
}

/// How the portal was last served; nothing if it never was.
///
/// # Errors
/// A sentence for the operator.
pub async fn served(database: &Database) -> std::result::Result<Served, String> {
    let value = get(database, "served").await?;
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
    write(tx, "served", served).await
}

/// Is there no user yet?
///
/// # Errors
/// A sentence for the operator.
pub async fn is_empty(database: &Database) -> std::result::Result<bool, String> {
    let count = async { database.reader().await?.value::<i64>(ANY_USER, args![]).await };
    Ok(count.await.map_err(|error| format!("The users cannot be read: {error}."))? == 0)
}
