//! The only file that names the database engine: connections, statements and their values.
//!
//! SQL is text in `store.rs` with `$1`, `$2`, … for its values; [`args!`] takes them in that order. Rows are
//! read into tuples or structs with `#[derive(FromRow)]`. Another engine is one more arm of [`Inner`] and of
//! [`Value::add`], and nothing elsewhere changes. Invariants: writes are serialized by `BEGIN IMMEDIATE` on
//! the single writer connection; a transaction that is not committed leaves nothing behind.

use crate::error::AppError;
use crate::platform::clock;
use crate::platform::db::writer::{DbWriter, WriterInUse};
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqliteRow, SqliteSynchronous};
use sqlx::{
    Arguments as _, ConnectOptions as _, Connection as _, Decode, SqlSafeStr, Sqlite, SqliteConnection, Type,
};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A statement that was put together while the program runs. Nothing from outside may be in its text.
pub use sqlx::AssertSqlSafe as MadeSql;
pub use sqlx::Error as DbError;
pub use sqlx::FromRow;
/// The text of a statement: one of the source, or [`MadeSql`].
pub use sqlx::SqlSafeStr as SqlText;

/// The function of SQL that makes a JSON array of its values.
macro_rules! json_row {
    () => {
        "json_array"
    };
}
pub(crate) use json_row;

/// How to turn the rows of a subquery into one JSON array, the form in which hot lists are read: a row that
/// crosses to the caller costs more than the JSON of fifty.
pub const JSON_ARRAY: &str = concat!("json_group_array(", json_row!());

/// A truth value inside JSON that a statement makes: `SQLite` writes 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Truth(pub bool);

impl<'de> serde::Deserialize<'de> for Truth {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Written;
        impl serde::de::Visitor<'_> for Written {
            type Value = Truth;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a truth value")
            }

            fn visit_bool<E>(self, value: bool) -> Result<Truth, E> {
                Ok(Truth(value))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Truth, E> {
                Ok(Truth(value != 0))
            }
        }
        from.deserialize_any(Written)
    }
}

/// The migrations of this version.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

/// What a statement answers, or why the database did not.
pub type DbResult<T> = Result<T, DbError>;

/// A value of a statement; typed also where it is NULL.
#[derive(Clone, Debug)]
pub enum Value {
    /// TEXT.
    Text(Option<String>),
    /// BIGINT.
    Int(Option<i64>),
    /// BOOLEAN.
    Bool(bool),
    /// BYTEA or BLOB.
    Bytes(Vec<u8>),
}

impl Value {
    fn add(self, to: &mut SqliteArguments) -> DbResult<()> {
        let added = match self {
            Self::Text(text) => to.add(text),
            Self::Int(number) => to.add(number),
            Self::Bool(on) => to.add(on),
            Self::Bytes(bytes) => to.add(bytes),
        };
        added.map_err(DbError::Encode)
    }
}

macro_rules! values {
    ($($from:ty => |$value:ident| $to:expr;)*) => {$(
        impl From<$from> for Value {
            fn from($value: $from) -> Self {
                $to
            }
        }
    )*};
}
values! {
    &str => |value| Self::Text(Some(value.to_owned()));
    String => |value| Self::Text(Some(value));
    &String => |value| Self::Text(Some(value.clone()));
    Option<&str> => |value| Self::Text(value.map(str::to_owned));
    Option<String> => |value| Self::Text(value);
    Option<&String> => |value| Self::Text(value.cloned());
    &Option<String> => |value| Self::Text(value.clone());
    i64 => |value| Self::Int(Some(value));
    Option<i64> => |value| Self::Int(value);
    bool => |value| Self::Bool(value);
    Vec<u8> => |value| Self::Bytes(value);
    &[u8] => |value| Self::Bytes(value.to_vec());
}

/// The values of a statement, in the order of `$1`, `$2`, …
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::platform::db::Value::from($value)),*] };
}
pub(crate) use args;

/// A row that can be read: a tuple, or a struct with `#[derive(FromRow)]`.
pub trait Record: for<'r> FromRow<'r, SqliteRow> + Send + Unpin {}
impl<T: for<'r> FromRow<'r, SqliteRow> + Send + Unpin> Record for T {}

/// A value of a row that can be read.
pub trait ColumnValue: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + Send + Unpin {}
impl<T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + Send + Unpin> ColumnValue for T {}

/// A connection: of the readers, the writer in its transaction, or one that looks into a file.
pub struct Conn {
    inner: Inner,
    changed: bool,
}

impl From<Inner> for Conn {
    fn from(inner: Inner) -> Self {
        Self { inner, changed: false }
    }
}

enum Inner {
    Reader(ReaderInUse),
    Writer(WriterInUse),
    File(SqliteConnection),
}

fn arguments(values: Vec<Value>) -> DbResult<SqliteArguments> {
    let mut arguments = SqliteArguments::default();
    values.into_iter().try_for_each(|value| value.add(&mut arguments))?;
    Ok(arguments)
}

/// Does a statement change rows?
fn writes(sql: &str) -> bool {
    const VERBS: [&str; 3] = ["INSERT ", "UPDATE ", "DELETE "];
    let sql = sql.trim_start();
    VERBS.iter().any(|verb| sql.starts_with(verb))
        || sql.starts_with("WITH ") && VERBS.iter().any(|verb| sql.contains(verb))
}

impl Conn {
    fn engine(&mut self) -> &mut SqliteConnection {
        match &mut self.inner {
            Inner::Reader(reader) => {
                reader.connection.as_mut().expect("it is given back when this is dropped")
            }
            Inner::Writer(writer) => writer.connection(),
            Inner::File(connection) => connection,
        }
    }

    /// The one row of a statement.
    ///
    /// # Errors
    /// [`DbError::RowNotFound`] when there is none.
    pub async fn one<T: Record>(&mut self, sql: impl SqlSafeStr, args: Vec<Value>) -> DbResult<T> {
        self.optional(sql, args).await?.ok_or(DbError::RowNotFound)
    }

    /// The row of a statement, if there is one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn optional<T: Record>(
        &mut self,
        sql: impl SqlSafeStr,
        args: Vec<Value>,
    ) -> DbResult<Option<T>> {
        let sql = sql.into_sql_str();
        let writes = writes(sql.as_str());
        let row = sqlx::query_as_with(sql, arguments(args)?).fetch_optional(self.engine()).await?;
        self.changed |= writes && row.is_some();
        Ok(row)
    }

    /// Every row of a statement.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn all<T: Record>(&mut self, sql: impl SqlSafeStr, args: Vec<Value>) -> DbResult<Vec<T>> {
        let sql = sql.into_sql_str();
        let writes = writes(sql.as_str());
        let rows = sqlx::query_as_with(sql, arguments(args)?).fetch_all(self.engine()).await?;
        self.changed |= writes && !rows.is_empty();
        Ok(rows)
    }

    /// The one value of a statement.
    ///
    /// # Errors
    /// [`DbError::RowNotFound`] when there is none.
    pub async fn value<T: ColumnValue>(&mut self, sql: impl SqlSafeStr, args: Vec<Value>) -> DbResult<T> {
        Ok(self.one::<(T,)>(sql, args).await?.0)
    }

    /// The value of a statement, if there is one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn optional_value<T: ColumnValue>(
        &mut self,
        sql: impl SqlSafeStr,
        args: Vec<Value>,
    ) -> DbResult<Option<T>> {
        Ok(self.optional::<(T,)>(sql, args).await?.map(|(value,)| value))
    }

    /// The values of a statement, one of each row.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn values<T: ColumnValue>(
        &mut self,
        sql: impl SqlSafeStr,
        args: Vec<Value>,
    ) -> DbResult<Vec<T>> {
        Ok(self.all::<(T,)>(sql, args).await?.into_iter().map(|(value,)| value).collect())
    }

    /// Changes something; returns how many rows.
    ///
    /// # Errors
    /// When the database refuses, or cannot.
    pub async fn execute(&mut self, sql: impl SqlSafeStr, args: Vec<Value>) -> DbResult<u64> {
        let sql = sql.into_sql_str();
        let writes = writes(sql.as_str());
        let done = sqlx::query_with(sql, arguments(args)?).execute(self.engine()).await?.rows_affected();
        self.changed |= writes && done > 0;
        Ok(done)
    }

    /// Gives the connection much memory for a while, or takes it back: many rows at once touch every part of every
    /// index, and what does not stay in memory is read again for each.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn for_many_rows(&mut self, on: bool) -> DbResult<()> {
        let sql = if on { "PRAGMA cache_size = -400000" } else { "PRAGMA cache_size = -4096" };
        self.execute(sql, args![]).await.map(drop)
    }

    /// From here until [`Self::end_snapshot`] everything is read as it is at this moment.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn begin_snapshot(&mut self) -> DbResult<()> {
        self.execute("BEGIN", args![]).await.map(drop)
    }

    /// Ends [`Self::begin_snapshot`].
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_snapshot(&mut self) -> DbResult<()> {
        self.execute("COMMIT", args![]).await.map(drop)
    }

    /// Has anything been changed over this connection?
    pub fn has_changed(&self) -> bool {
        self.changed
    }

    /// Makes everything final that was done in this transaction; nothing for a connection that only reads.
    ///
    /// # Errors
    /// When the database cannot write it; then nothing of it happened.
    pub async fn commit(self) -> DbResult<()> {
        match self.inner {
            Inner::Writer(writer) => writer.commit().await,
            Inner::Reader(_) | Inner::File(_) => Ok(()),
        }
    }

    /// Prepares a statement without running it.
    #[cfg(test)]
    pub async fn prepare(&mut self, sql: String) -> DbResult<()> {
        use sqlx::Executor as _;
        self.engine().prepare(sqlx::AssertSqlSafe(sql).into_sql_str()).await.map(drop)
    }
}

/// The readers and the writer.
#[derive(Clone)]
pub struct Database {
    readers: Readers,
    writer: DbWriter,
}

/// Connections that read, opened when so many are needed at once. The driver's own pool asks each connection that
/// comes back whether it still lives, which costs a page two more switches between threads; one that reads a file
/// of ours does.
#[derive(Clone)]
struct Readers {
    options: SqliteConnectOptions,
    idle: Arc<Mutex<Vec<SqliteConnection>>>,
    free: Arc<Semaphore>,
}

/// A reader that goes back to the others when it is dropped.
struct ReaderInUse {
    connection: Option<SqliteConnection>,
    home: Arc<Mutex<Vec<SqliteConnection>>>,
    _place: OwnedSemaphorePermit,
}

impl Drop for ReaderInUse {
    fn drop(&mut self) {
        self.home.lock().unwrap_or_else(PoisonError::into_inner).extend(self.connection.take());
    }
}

impl Readers {
    async fn open(file: &Path) -> DbResult<Self> {
        let options = options(file).read_only(true).pragma("mmap_size", READ_AS_MEMORY);
        // One at once, so that a file that cannot be read is said before anybody asks.
        let idle = vec![options.connect().await?];
        Ok(Self { options, idle: Arc::new(Mutex::new(idle)), free: Arc::new(Semaphore::new(READERS)) })
    }

    async fn take(&self) -> DbResult<ReaderInUse> {
        let place = tokio::time::timeout(PATIENCE, self.free.clone().acquire_owned())
            .await
            .map_err(|_| DbError::PoolTimedOut)?;
        let place = place.map_err(|_| DbError::PoolClosed)?;
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.options.connect().await?,
        };
        Ok(ReaderInUse { connection: Some(connection), home: self.idle.clone(), _place: place })
    }

    async fn close(&self) {
        self.free.close();
        let idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for connection in idle {
            // What it had read is of no use any more.
            let _ = connection.close().await;
        }
    }
}

/// How many may read at once.
const READERS: usize = 4;
/// Bytes of the file that readers see as memory. What lies behind them, and what the write-ahead log holds, is read by calls into
/// the system, which took two fifths of the time of a search among 100,000 accounts.
const READ_AS_MEMORY: &str = "1073741824";
/// How long somebody waits for a connection.
const PATIENCE: Duration = Duration::from_secs(30);

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
        let cannot =
            |error: sqlx::Error| format!("The database {} cannot be opened: {error}.", file.display());
        let mut connection = options(file).connect().await.map_err(cannot)?;
        MIGRATIONS.run(&mut connection).await.map_err(|error| migration_sentence(file, &error))?;
        let writer = DbWriter::new(connection);
        let cannot = |error: sqlx::Error| format!("The database {} cannot be read: {error}.", file.display());
        let readers = Readers::open(file).await.map_err(cannot)?;
        Ok(Self { readers, writer })
    }

    /// A connection that reads committed data.
    ///
    /// # Errors
    /// When none is free for half a minute.
    pub async fn reader(&self) -> DbResult<Conn> {
        Ok(Inner::Reader(self.readers.take().await?).into())
    }

    /// The writer, in a transaction that holds the write lock.
    ///
    /// # Errors
    /// When it is not free for half a minute, or the database cannot be written.
    pub async fn write(&self) -> DbResult<Conn> {
        let turn = tokio::time::timeout(PATIENCE, self.writer.turn()).await;
        let writer = turn.map_err(|_| DbError::PoolTimedOut)?;
        Ok(Inner::Writer(writer?.begin().await?).into())
    }

    /// Makes writing fail, as on a full or read-only disk, or lets it go on.
    #[cfg(test)]
    pub async fn set_writable(&self, on: bool) {
        let sql = if on { "PRAGMA query_only = 0" } else { "PRAGMA query_only = 1" };
        let mut writer = self.writer.turn().await.expect("the writer");
        sqlx::query(sql).execute(writer.connection()).await.expect("a setting");
        writer.give_back();
    }

    /// Does the database answer?
    pub async fn ready(&self) -> bool {
        match self.reader().await {
            Ok(mut reader) => reader.value::<i64>("SELECT 1", args![]).await.is_ok(),
            Err(_) => false,
        }
    }

    /// Closes every connection, which also folds the write-ahead log into the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// A connection that reads a database file and changes nothing.
///
/// # Errors
/// A sentence for the operator.
pub async fn look_into(file: &Path) -> Result<Conn, String> {
    let options =
        SqliteConnectOptions::new().filename(file).read_only(true).busy_timeout(Duration::from_secs(10));
    let connection = options
        .connect()
        .await
        .map_err(|error| format!("The database {} cannot be read: {error}.", file.display()))?;
    Ok(Inner::File(connection).into())
}

/// A connection to a database file as the program opens it.
///
/// # Errors
/// When it cannot be opened.
pub(super) async fn open_file(file: &Path) -> DbResult<Conn> {
    Ok(Inner::File(options(file).connect().await?).into())
}

/// The number of the last migration that this version knows.
pub(super) fn newest_migration() -> i64 {
    MIGRATIONS.iter().map(|step| step.version).max().unwrap_or_default()
}

/// Why a database cannot be brought to this version.
pub(super) fn migration_sentence(file: &Path, error: &sqlx::migrate::MigrateError) -> String {
    use sqlx::migrate::MigrateError::{VersionMismatch, VersionMissing};
    match error {
        VersionMissing(_) => newer_sentence(file),
        VersionMismatch(version) => format!(
            "The database {} was created by a different build of Latchkey: its migration {version} differs.",
            file.display()
        ),
        other => format!("The database {} cannot be upgraded to this version: {other}.", file.display()),
    }
}

/// A newer version of the program wrote the file.
pub(super) fn newer_sentence(file: &Path) -> String {
    format!(
        "The database {} was written by a newer version of Latchkey. Install that version, or restore a backup made with this one.",
        file.display()
    )
}

impl From<DbError> for AppError {
    /// Logs what happened under a new reference. A full or read-only disk is told apart, because the person
    /// can only wait.
    fn from(error: DbError) -> Self {
        if matches!(error, sqlx::Error::RowNotFound) {
            return Self::NotFound;
        }
        let code = error
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code)
            .and_then(|code| code.parse::<u32>().ok());
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

/// True when a statement was refused because a unique index already holds that value.
pub fn is_duplicate(error: &DbError) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_rows_is_told_from_what_reads_them() {
        for sql in ["INSERT INTO a", "\n    UPDATE a", "DELETE FROM a", "WITH b AS (SELECT 1) INSERT INTO a"]
        {
            assert!(writes(sql), "{sql}");
        }
        for sql in
            ["SELECT 1", "WITH b AS (SELECT 1) SELECT * FROM b", "PRAGMA data_version", "BEGIN IMMEDIATE"]
        {
            assert!(!writes(sql), "{sql}");
        }
    }
}
