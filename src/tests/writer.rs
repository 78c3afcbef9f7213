//! Transactions that share a commit: nobody is told too early, nobody takes anything of the others along.

use crate::platform::db::{Conn, Database, DbResult, MadeSql, args};
use std::future::Future;
use std::pin::Pin;
use std::task::Poll;
use tempfile::TempDir;

const ADD: &str = "INSERT INTO jottings (note) VALUES ($1)";

async fn database() -> (TempDir, Database) {
    let dir = TempDir::new().unwrap();
    let database = Database::open(&dir.path().join("latchkey.db")).await.unwrap();
    let mut conn = database.write().await.unwrap();
    conn.execute("CREATE TABLE jottings (note TEXT NOT NULL)", args![]).await.unwrap();
    conn.commit().await.unwrap();
    (dir, database)
}

async fn notes(database: &Database) -> Vec<String> {
    let mut reader = database.reader().await.unwrap();
    reader.values("SELECT note FROM jottings ORDER BY rowid", args![]).await.unwrap()
}

/// A transaction that has added a note.
async fn adding(database: &Database, note: &str) -> Conn {
    let mut conn = database.write().await.unwrap();
    conn.execute(ADD, args![note]).await.unwrap();
    conn
}

/// Somebody who has queued for the writer.
async fn queued<'a>(database: &'a Database) -> Pin<Box<dyn Future<Output = DbResult<Conn>> + 'a>> {
    let mut turn: Pin<Box<dyn Future<Output = DbResult<Conn>>>> = Box::pin(database.write());
    assert!(futures::poll!(&mut turn).is_pending(), "somebody else has the writer");
    turn
}

#[tokio::test]
async fn a_commit_is_shared_with_those_who_wait_and_told_when_it_is_done() {
    let (_dir, database) = database().await;
    let first = adding(&database, "first").await;
    let second = queued(&database).await;
    let third = queued(&database).await;
    let mut done = Box::pin(first.commit());
    assert!(futures::poll!(&mut done).is_pending(), "others come first");
    let mut second = second.await.unwrap();
    second.execute(ADD, args!["second"]).await.unwrap();
    assert!(notes(&database).await.is_empty(), "nothing is final yet");
    // The second gives up: only its own changes go.
    drop(second);
    let mut third = third.await.unwrap();
    third.execute(ADD, args!["third"]).await.unwrap();
    assert!(matches!(futures::poll!(&mut done), Poll::Pending), "the third is not done");
    third.commit().await.unwrap();
    done.await.unwrap();
    assert_eq!(notes(&database).await, ["first", "third"]);
}

#[tokio::test]
async fn who_waits_and_goes_away_leaves_the_commit_to_the_others() {
    let (_dir, database) = database().await;
    let first = adding(&database, "first").await;
    let second = queued(&database).await;
    let mut done = Box::pin(first.commit());
    assert!(futures::poll!(&mut done).is_pending());
    drop(second);
    done.await.unwrap();
    assert_eq!(notes(&database).await, ["first"]);
}

#[tokio::test]
async fn a_transaction_that_is_dropped_frees_the_writer() {
    let (_dir, database) = database().await;
    drop(adding(&database, "dropped").await);
    let second = adding(&database, "second").await;
    second.commit().await.unwrap();
    assert_eq!(notes(&database).await, ["second"]);
}

#[tokio::test]
async fn a_disk_that_fills_up_fails_everybody_in_the_commit_and_leaves_nothing() {
    let (_dir, database) = database().await;
    let first = adding(&database, "first").await;
    let second = queued(&database).await;
    let mut done = Box::pin(first.commit());
    assert!(futures::poll!(&mut done).is_pending());
    let mut second = second.await.unwrap();
    let pages: i64 = second.value("PRAGMA page_count", args![]).await.unwrap();
    second.execute(MadeSql(format!("PRAGMA max_page_count = {pages}")), args![]).await.unwrap();
    let full = second.execute(ADD, args!["x".repeat(1_000_000)]).await.unwrap_err();
    assert_eq!(crate::error::AppError::from(full), crate::error::AppError::StorageFull);
    drop(second);
    assert!(done.await.is_err(), "what it added is gone, and it is told so");
    assert!(notes(&database).await.is_empty());
    let mut third = database.write().await.unwrap();
    third.execute("PRAGMA max_page_count = 1000000", args![]).await.unwrap();
    third.execute(ADD, args!["third"]).await.unwrap();
    third.commit().await.unwrap();
    assert_eq!(notes(&database).await, ["third"]);
}

#[tokio::test]
async fn many_at_once_lose_nothing() {
    let (_dir, database) = database().await;
    let adding = (0..200).map(|n: i64| {
        let database = database.clone();
        tokio::spawn(async move {
            let conn = adding(&database, &n.to_string()).await;
            if n % 7 == 0 {
                return false;
            }
            conn.commit().await.unwrap();
            // Whoever was told finds it.
            notes(&database).await.contains(&n.to_string())
        })
    });
    let mut found = 0;
    for one in adding.collect::<Vec<_>>() {
        found += i32::from(one.await.unwrap());
    }
    let all = notes(&database).await;
    assert_eq!((found, all.len()), (171, 171));
}

#[tokio::test]
async fn so_many_read_at_once_as_may() {
    let (_dir, database) = database().await;
    let mut readers = Vec::new();
    for _ in 0..4 {
        readers.push(database.reader().await.unwrap());
    }
    for reader in &mut readers {
        let jottings: i64 = reader.value("SELECT count(*) FROM jottings", args![]).await.unwrap();
        assert_eq!(jottings, 0);
    }
    drop(readers);
    database.close().await;
    assert!(database.reader().await.is_err(), "nobody reads what is closed");
}
