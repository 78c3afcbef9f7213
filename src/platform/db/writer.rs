//! The one connection that writes, handed from transaction to transaction, and commits that several of them
//! share.
//!
//! A commit with `synchronous=FULL` waits for the disk. Whoever is done while others wait for their turn does
//! not make them wait for that too: it puts a commit for all into the queue, behind those who wait already,
//! and each of these adds its changes under a savepoint of its own. Invariants: nobody is told that their
//! transaction is final before it is on the disk; one that gives up takes only its own changes back; when the
//! shared commit fails, everybody in it is told so and nothing of it happened.

use sqlx::error::{DatabaseError, ErrorKind};
use sqlx::{AssertSqlSafe, Connection as _, Error as DbError, SqliteConnection};
use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

type SqlxResult<T> = Result<T, DbError>;

/// The writing connection of a database.
#[derive(Clone)]
pub(super) struct DbWriter {
    turn: Arc<Mutex<WriteTurn>>,
    waiting: Arc<AtomicUsize>,
}

/// Who has it, writes.
struct WriteTurn {
    /// Nothing once the database is closed.
    connection: Option<SqliteConnection>,
    /// Those who wait for the commit of the open transaction.
    group: Vec<oneshot::Sender<SqlxResult<()>>>,
}

/// Somebody waits for their turn, however that ends.
struct WaitingTurn<'a>(&'a AtomicUsize);

impl Drop for WaitingTurn<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl DbWriter {
    pub(super) fn new(connection: SqliteConnection) -> Self {
        let turn = WriteTurn { connection: Some(connection), group: Vec::new() };
        Self { turn: Arc::new(Mutex::new(turn)), waiting: Arc::default() }
    }

    /// Waits for the turn; first come, first served.
    pub(super) async fn turn(&self) -> SqlxResult<WriterInUse> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let waiting = WaitingTurn(&self.waiting);
        let turn = self.turn.clone().lock_owned().await;
        drop(waiting);
        if turn.connection.is_none() {
            return Err(DbError::PoolClosed);
        }
        Ok(WriterInUse { writer: self.clone(), turn: Some(turn) })
    }

    /// Closes the connection once everybody in front has had their turn.
    pub(super) async fn close(&self) {
        let mut turn = self.turn.lock().await;
        if let Some(connection) = turn.connection.take() {
            // What was committed is on the disk.
            let _ = connection.close().await;
        }
    }
}

impl WriteTurn {
    async fn run(&mut self, sql: String) -> SqlxResult<()> {
        let connection = self.connection.as_mut().ok_or(DbError::PoolClosed)?;
        sqlx::query(AssertSqlSafe(sql)).execute(connection).await.map(drop)
    }

    /// Where the changes of whoever has the turn begin, behind those of the group. No name is used twice in
    /// a transaction.
    fn savepoint(&self) -> String {
        format!("member_{}", self.group.len())
    }

    /// Makes the open transaction final and tells everybody in it.
    async fn commit(&mut self) -> SqlxResult<()> {
        let result = self.run("COMMIT".into()).await;
        self.tell(result).await
    }

    async fn tell(&mut self, result: SqlxResult<()>) -> SqlxResult<()> {
        let Err(error) = result else {
            // Whoever does not listen any more has gone; what they did stays.
            self.group.drain(..).for_each(|member| drop(member.send(Ok(()))));
            return Ok(());
        };
        // A full disk has undone everything already; then there is nothing to take back.
        let _ = self.run("ROLLBACK".into()).await;
        let error = Arc::new(error);
        self.group.drain(..).for_each(|member| drop(member.send(Err(shared(&error)))));
        Err(shared(&error))
    }

    /// Takes back what whoever has the turn did.
    async fn undo(&mut self) {
        if self.group.is_empty() {
            // Where nothing was begun, or a full disk has undone it, there is nothing to take back.
            let _ = self.run("ROLLBACK".into()).await;
            return;
        }
        let undone = self.run(format!("ROLLBACK TO {}", self.savepoint())).await;
        if undone.is_err() {
            // The transaction is gone, and with it what the others did.
            let _ = self.tell(undone).await;
        }
    }
}

/// The writer in its turn: a transaction that is undone when it is dropped.
pub(super) struct WriterInUse {
    writer: DbWriter,
    turn: Option<OwnedMutexGuard<WriteTurn>>,
}

impl WriterInUse {
    fn turn(&mut self) -> &mut WriteTurn {
        self.turn.as_mut().expect("it is given away when this ends")
    }

    pub(super) fn connection(&mut self) -> &mut SqliteConnection {
        self.turn().connection.as_mut().expect("it was there when the turn began")
    }

    /// Begins a transaction with the write lock, or within the one that others have open.
    pub(super) async fn begin(mut self) -> SqlxResult<Self> {
        let turn = self.turn();
        let sql = if turn.group.is_empty() {
            "BEGIN IMMEDIATE".into()
        } else {
            format!("SAVEPOINT {}", turn.savepoint())
        };
        turn.run(sql).await?;
        Ok(self)
    }

    /// Makes the changes final; returns once they are.
    pub(super) async fn commit(mut self) -> SqlxResult<()> {
        let alone = self.writer.waiting.load(Ordering::Relaxed) == 0;
        let writer = self.writer.clone();
        let turn = self.turn();
        if alone && turn.group.is_empty() {
            let result = turn.commit().await;
            self.give_back();
            return result;
        }
        let (tell, told) = oneshot::channel();
        turn.group.push(tell);
        if turn.group.len() == 1 {
            // Behind everybody who waits by now.
            let mut queued = Box::pin(writer.turn.lock_owned());
            let _ = futures::poll!(&mut queued);
            tokio::spawn(async move {
                // Each member hears how it ended.
                let _ = queued.await.commit().await;
            });
        }
        self.give_back();
        told.await.unwrap_or(Err(DbError::PoolClosed))
    }

    /// The turn is over, and nothing is to be undone.
    pub(super) fn give_back(mut self) {
        self.turn = None;
    }
}

impl Drop for WriterInUse {
    fn drop(&mut self) {
        let Some(mut turn) = self.turn.take() else { return };
        // Nobody else gets the turn before it is undone. Without a runtime the program is ending, and the
        // engine undoes it.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { turn.undo().await });
        }
    }
}

/// The same error for everybody in a group.
fn shared(error: &Arc<DbError>) -> DbError {
    DbError::Database(Box::new(Shared(error.clone())))
}

#[derive(Debug)]
struct Shared(Arc<DbError>);

impl std::fmt::Display for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Shared {}

impl DatabaseError for Shared {
    fn message(&self) -> &str {
        self.0.as_database_error().map_or("the transaction could not be committed", DatabaseError::message)
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        self.0.as_database_error().and_then(DatabaseError::code)
    }

    fn as_error(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn std::error::Error + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn std::error::Error + Send + Sync + 'static> {
        self
    }

    fn kind(&self) -> ErrorKind {
        self.0.as_database_error().map_or(ErrorKind::Other, DatabaseError::kind)
    }
}
