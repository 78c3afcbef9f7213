//! The database: one SQLite file in WAL mode with one writer and a pool of readers.
//!
//! Invariants: writes are serialized by `BEGIN IMMEDIATE` on the single writer connection; a transaction that is not
//! committed leaves nothing behind; no other module names SQLite's own functions.

use crate::error::AppError;
use crate::platform::clock;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Sqlite, SqliteConnection, SqlitePool, Transaction};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How to turn the rows of a subquery into one JSON array, the form in which hot lists are read: a row that crosses to the
/// caller costs more than the JSON of fifty.
pub const JSON_ARRAY: &str = "json_group_array(json_array";

/// The statements of a file that are put together while the program runs. Those that stand in a file as they are, the tests find there.
#[cfg(test)]
pub struct Made {
    /// The file.
    pub file: &'static str,
    /// Every one of them.
    pub all: fn() -> Vec<String>,
}
#[cfg(test)]
leptos::server_fn::inventory::collect!(Made);

/// Registers what a file makes; the tests refuse a file that makes statements and has no such line.
macro_rules! made_statements {
    ($all:expr) => {
        #[cfg(test)]
        leptos::server_fn::inventory::submit! { crate::platform::db::Made { file: file!(), all: $all } }
    };
}
pub(crate) use made_statements;

/// The migrations of this version.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

/// Both pools. Private to `server`: access proofs hand out connections.
#[derive(Clone)]
pub struct Database {
    readers: SqlitePool,
    writer: SqlitePool,
}

/// The file of the database in a data directory.
pub fn file(data_dir: &Path) -> PathBuf {
    data_dir.join("latchkey.db")
}

fn options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .pragma("cache_size", "-4096")
        .statement_cache_capacity(200)
}

impl Database {
    /// Opens the database file and brings it to this version.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn open(file: &Path) -> Result<Self, String> {
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(Duration::from_secs(30))
            .connect_with(options(file))
            .await
            .map_err(|error| format!("The database {} cannot be opened: {error}.", file.display()))?;
        MIGRATIONS.run(&writer).await.map_err(|error| migration_sentence(file, &error))?;
        let readers = SqlitePoolOptions::new()
            .max_connections(4)
            .acquire_timeout(Duration::from_secs(30))
            .connect_with(options(file).read_only(true))
            .await
            .map_err(|error| format!("The database {} cannot be read: {error}.", file.display()))?;
        Ok(Self { readers, writer })
    }

    /// A connection that reads committed data.
    pub(crate) async fn reader(&self) -> Result<sqlx::pool::PoolConnection<Sqlite>, AppError> {
        Ok(self.readers.acquire().await?)
    }

    /// The writer, in a transaction that holds the write lock.
    pub(crate) async fn write(&self) -> Result<Transaction<'static, Sqlite>, AppError> {
        match self.writer.begin_with("BEGIN IMMEDIATE").await {
            // After a full disk SQLite has rolled back by itself and the connection has lost count: a new one has not.
            Err(sqlx::Error::InvalidSavePointStatement) => {
                self.writer.acquire().await?.close().await?;
                Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
            }
            other => Ok(other?),
        }
    }

    /// Makes writing fail, as on a full or read-only disk, or lets it go on.
    #[cfg(test)]
    pub(crate) async fn set_writable(&self, on: bool) {
        let mut writer = self.writer.acquire().await.expect("the writer");
        let sql = if on { "PRAGMA query_only = 0" } else { "PRAGMA query_only = 1" };
        sqlx::query(sql).execute(&mut *writer).await.expect("a setting");
    }

    /// Does the database answer?
    pub async fn ready(&self) -> bool {
        match self.readers.acquire().await {
            Ok(mut connection) => sqlx::query("SELECT 1").execute(&mut *connection).await.is_ok(),
            Err(_) => false,
        }
    }

    /// Closes every connection, which also folds the write-ahead log into the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

const SETTING: &str = "SELECT value FROM settings WHERE name = $1";

/// A setting that lives in the database rather than on the command line.
pub async fn setting(connection: &mut SqliteConnection, name: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar(SETTING).bind(name).fetch_optional(connection).await
}

/// Is the database behind a connection a demo's?
pub async fn has_demo_mark(connection: &mut SqliteConnection) -> sqlx::Result<bool> {
    Ok(setting(connection, "demo").await?.is_some())
}

/// What `doctor` finds in a database without changing it.
pub struct Inspection {
    /// It is marked as a demo.
    pub demo: bool,
    /// The next start will bring it to this version.
    pub older: bool,
}

/// A connection that reads a database file and changes nothing.
///
/// # Errors
/// A sentence for the operator.
pub async fn look_into(file: &Path) -> Result<SqliteConnection, String> {
    use sqlx::ConnectOptions as _;
    let options = SqliteConnectOptions::new().filename(file).read_only(true).busy_timeout(Duration::from_secs(10));
    options.connect().await.map_err(|error| format!("The database {} cannot be read: {error}.", file.display()))
}

/// Reads a database file from end to end without changing it: version, pages, indexes, foreign keys.
///
/// # Errors
/// A sentence for the operator.
pub async fn inspect(file: &Path) -> Result<Inspection, String> {
    let unreadable = |error: sqlx::Error| format!("The database {} cannot be read: {error}.", file.display());
    let mut connection = look_into(file).await?;
    let verdict: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut connection).await.map_err(unreadable)?;
    if verdict != "ok" {
        return Err(format!("The database {} is damaged: {verdict}. Restore a backup.", file.display()));
    }
    let orphans = sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut connection).await.map_err(unreadable)?;
    if !orphans.is_empty() {
        return Err(format!("The database {} has {} rows that point to nothing. Restore a backup.", file.display(), orphans.len()));
    }
    let applied: i64 = sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM _sqlx_migrations").fetch_one(&mut connection).await.map_err(unreadable)?;
    let ours = MIGRATIONS.iter().map(|step| step.version).max().unwrap_or_default();
    if applied > ours {
        return Err(migration_sentence(file, &sqlx::migrate::MigrateError::VersionMissing(applied)));
    }
    let demo = has_demo_mark(&mut connection).await.map_err(unreadable)?;
    Ok(Inspection { demo, older: applied < ours })
}

fn migration_sentence(file: &Path, error: &sqlx::migrate::MigrateError) -> String {
    use sqlx::migrate::MigrateError::{VersionMismatch, VersionMissing};
    match error {
        VersionMissing(_) => {
            format!("The database {} was written by a newer version of Latchkey. Install that version, or restore a backup made with this one.", file.display())
        }
        VersionMismatch(version) => format!("The database {} was made by another build of Latchkey: its step {version} differs.", file.display()),
        other => format!("The database {} cannot be brought to this version: {other}.", file.display()),
    }
}

/// When the last entry of any trail was written in a database; 0 for none. UTC milliseconds.
///
/// # Errors
/// A sentence for the operator.
pub async fn newest(file: &Path) -> Result<i64, String> {
    let mut connection = look_into(file).await?;
    // Ids begin with the time at which they were made. A database that is damaged, or has no trail yet, is newer than none.
    let last: sqlx::Result<Option<i64>> = sqlx::query_scalar("SELECT at FROM activity ORDER BY id DESC LIMIT 1").fetch_optional(&mut connection).await;
    Ok(last.ok().flatten().unwrap_or_default())
}

/// What stands after the name of a database that a backup has replaced.
const REPLACED: &str = "replaced";

/// Copies a backup to where the database is; the old one is kept beside it, with `.replaced` behind its name, and a number where there is one already. Returns how many messages waited in it.
///
/// # Errors
/// A sentence for the operator.
pub async fn put_in_place(backup: &Path, target: &Path) -> Result<i64, String> {
    let failed = |error: std::io::Error| format!("The backup could not be copied to {}: {error}.", target.display());
    let mut log = backup.as_os_str().to_owned();
    log.push("-wal");
    if std::fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
        let file = backup.display();
        return Err(format!(
            "{file} is a database with a log beside it, not a backup: the newest of it is in {}. Make a backup of it with `latchkey backup` first.",
            Path::new(&log).display()
        ));
    }
    let half = target.with_extension("restoring");
    std::fs::copy(backup, &half).and_then(|_| File::open(&half)).and_then(|file| file.sync_all()).map_err(failed)?;
    // The old one is kept beside, with what it had not yet taken over from its log: it is not the new one's. None that is kept is replaced.
    const PARTS: [&str; 3] = ["db", "db-wal", "db-shm"];
    let kept = |part: &str, n: u32| target.with_extension(if n == 1 { format!("{part}.{REPLACED}") } else { format!("{part}.{REPLACED}-{n}") });
    let free = (1..).find(|n| PARTS.iter().all(|part| !kept(part, *n).exists())).unwrap_or(1);
    for part in PARTS {
        let old = target.with_extension(part);
        if old.exists() {
            std::fs::rename(&old, kept(part, free)).map_err(failed)?;
        }
    }
    std::fs::rename(&half, target).map_err(failed)?;
    let unreadable = |error: sqlx::Error| format!("The database {} cannot be read: {error}.", target.display());
    let mut connection = look_into(target).await?;
    sqlx::query_scalar("SELECT count(*) FROM outbox WHERE state = 'queued'").fetch_one(&mut connection).await.map_err(unreadable)
}

/// Writes a consistent copy of a database to a new file while others use it.
///
/// # Errors
/// A sentence for the operator.
pub async fn backup(from: &Path, to: &Path) -> Result<(), String> {
    use sqlx::ConnectOptions as _;
    if !from.exists() {
        return Err(format!("There is no database at {}.", from.display()));
    }
    if to.exists() {
        return Err(format!("{} exists already; a backup is written to a new file.", to.display()));
    }
    let target = to.to_str().ok_or("The name of the backup file is not text.")?;
    let mut connection: SqliteConnection =
        options(from).connect().await.map_err(|error| format!("The database {} cannot be opened: {error}.", from.display()))?;
    sqlx::query("VACUUM INTO $1")
        .bind(target)
        .execute(&mut connection)
        .await
        .map_err(|error| format!("The backup {} could not be written: {error}.", to.display()))?;
    Ok(())
}

impl From<sqlx::Error> for AppError {
    /// Logs what happened under a new reference. A full or read-only disk is told apart, because the person can only wait.
    fn from(error: sqlx::Error) -> Self {
        if matches!(error, sqlx::Error::RowNotFound) {
            return Self::NotFound;
        }
        let code = error.as_database_error().and_then(|e| e.code()).and_then(|code| code.parse::<u32>().ok());
        // SQLITE_READONLY, SQLITE_IOERR and SQLITE_FULL, also with their extended codes.
        if matches!(code.map(|code| code & 0xff), Some(8 | 10 | 13)) {
            tracing::error!(%error, "the database cannot be written");
            return Self::StorageFull;
        }
        internal(&error)
    }
}

/// Logs an error that nobody outside should read, and returns the reference under which it stands in the log.
pub fn internal(error: &dyn std::fmt::Display) -> AppError {
    let reference = clock::random::<4>().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    tracing::error!(%reference, %error, "internal error");
    AppError::Internal { reference }
}

/// How many rows a connection has changed since it was opened.
pub async fn changes(connection: &mut SqliteConnection) -> Result<i64, AppError> {
    Ok(sqlx::query_scalar("SELECT total_changes()").fetch_one(connection).await?)
}

/// True when a statement was refused because a unique index already holds that value.
pub fn is_duplicate(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|e| e.is_unique_violation())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_database_from_a_newer_version_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let file = file(dir.path());
        Database::open(&file).await.unwrap();
        let mut connection = sqlx::ConnectOptions::connect(&options(&file)).await.unwrap();
        let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'later', 1, x'00', 0)";
        sqlx::query(later).execute(&mut connection).await.unwrap();
        let sentence = format!(
            "The database {} was written by a newer version of Latchkey. Install that version, or restore a backup made with this one.",
            file.display()
        );
        assert_eq!(Database::open(&file).await.err(), Some(sentence.clone()));
        assert_eq!(inspect(&file).await.err(), Some(sentence));
    }
}
