//! Databases of released versions become databases of this one: migrations are never changed, and each works
//! on rows, not only on tables.
//!
//! `schemas/NNNN.db` is a populated database as the version whose newest migration was NNNN left it, with the
//! key of the test applications.

use super::support::*;
use crate::access::System;
use crate::cli::commands;
use crate::features::services::rpc::RequestUpgrade;
use crate::platform::config::CommandLine;
use crate::platform::db::{self, Database, MIGRATIONS, MadeSql, args};
use crate::platform::token;
use clap::Parser as _;
use leptos::server_fn::ServerFn as _;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn fixture(version: i64) -> PathBuf {
    root().join(format!("src/tests/schemas/{version:04}.db"))
}

/// The versions that were released with a database to keep.
const RELEASED: &[i64] = &[5, 12];

/// `migrations/CHECKSUMS` as it would be written for the files that are there.
fn checksums() -> String {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(root().join("migrations")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "sql"));
    files.sort();
    let line = |file: &PathBuf| {
        format!(
            "{}  {}\n",
            token::hash(&std::fs::read_to_string(file).unwrap()),
            file.file_name().unwrap().to_str().unwrap()
        )
    };
    files.iter().map(line).collect()
}

#[test]
fn migrations_are_never_changed() {
    let kept = std::fs::read_to_string(root().join("migrations/CHECKSUMS")).unwrap();
    assert_eq!(
        checksums(),
        kept,
        "a migration that was published stays as it is: write another one, and add its line (SHA-256 as base64url) to migrations/CHECKSUMS"
    );
}

#[test]
fn what_triggers_guarantee_is_written_for_postgresql_too() {
    let triggers = |text: String| -> std::collections::BTreeSet<String> {
        let after = text.split("CREATE TRIGGER ").skip(1);
        after.map(|rest| rest.split_whitespace().next().unwrap().to_owned()).collect()
    };
    let mut here = std::collections::BTreeSet::new();
    for entry in std::fs::read_dir(root().join("migrations")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "sql") {
            here.extend(triggers(std::fs::read_to_string(path).unwrap()));
        }
    }
    let there = std::fs::read_to_string(root().join("migrations/postgres/guards.sql")).unwrap();
    assert!(!here.is_empty());
    assert_eq!(here, triggers(there));
}

#[tokio::test]
async fn a_database_of_each_released_version_is_brought_to_this_one() {
    for version in RELEASED {
        let dir = tempfile::tempdir().unwrap();
        let file = db::file(dir.path());
        std::fs::copy(fixture(*version), &file).unwrap();
        std::fs::write(dir.path().join("latchkey.key"), [7; 32]).unwrap();
        let count = async |what: &str| -> i64 {
            let mut connection = db::look_into(&file).await.unwrap();
            connection.value(MadeSql(format!("SELECT count(*) FROM {what}")), args![]).await.unwrap()
        };
        let tables = [
            "users", "accounts", "contacts", "invitations", "outbox", "activity", "services", "domains",
            "requests", "grants", "sessions",
        ];
        let mut before = Vec::new();
        for table in tables {
            before.push(count(table).await);
        }
        assert!(before.iter().all(|rows| *rows > 0), "{before:?}");
        Database::open(&file).await.unwrap().close().await;
        for (table, rows) in tables.iter().zip(&before) {
            assert_eq!(count(table).await, *rows, "{table} of {version}");
        }
        assert_eq!(
            count("_sqlx_migrations WHERE success").await,
            i64::try_from(MIGRATIONS.iter().count()).unwrap()
        );
        let line =
            ["latchkey", "doctor", "--data-dir", dir.path().to_str().unwrap(), "--listen", "127.0.0.1:0"];
        commands::execute(CommandLine::parse_from(line))
            .await
            .unwrap_or_else(|sentence| panic!("{version}: {sentence}"));
    }
}

#[tokio::test]
async fn tickets_that_were_there_before_are_counted_found_and_wait() {
    let dir = tempfile::tempdir().unwrap();
    let file = db::file(dir.path());
    std::fs::copy(fixture(12), &file).unwrap();
    Database::open(&file).await.unwrap().close().await;
    let mut connection = db::look_into(&file).await.unwrap();
    for (rows, expected) in [
        ("tickets", 3),
        ("ticket_counts WHERE count = 1", 3),
        ("ticket_rows", 9),
        ("ticket_index WHERE ticket_index MATCH '{subject text} : thermostat'", 3),
        ("ticket_index WHERE ticket_index MATCH '{subject text} : pays'", 0),
        ("ticket_index WHERE ticket_index MATCH 'staff : pays'", 3),
        ("ticket_index WHERE ticket_index MATCH 'subject : 1002'", 1),
        ("tickets WHERE status = 'open' AND waiting_since = changed_at AND due_at > changed_at", 1),
        ("tickets WHERE status <> 'open' AND waiting_since IS NULL", 2),
        ("bulk_items i JOIN accounts a ON a.id = i.of_id JOIN bulk_jobs j ON j.id = i.job_id", 1),
        ("pragma_foreign_key_check", 0),
    ] {
        let sql = MadeSql(format!("SELECT count(*) FROM {rows}"));
        assert_eq!(connection.value::<i64>(sql, args![]).await.unwrap(), expected, "{rows}");
    }
}

/// Writes the database that this version leaves behind, for when it is released: `LATCHKEY_WRITE_SCHEMA=1
/// cargo test … writes_a_database`.
#[tokio::test]
async fn writes_a_database_of_this_version() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let shop = test.service(&bakery, "Shop").await;
    test.service(&bakery, "Blog").await;
    let domain = test.domain(&bakery, "bakery.example").await;
    add(&mut olivia, &bakery, "Ada", "ada@example.com").await.unwrap();
    let ben = test
        .member(&mut olivia, &bakery, "Ben Carter", "ben@example.com", &["contacts.manage", "invoices.view"])
        .await;
    test.helper(
        &mut olivia,
        &bakery,
        "wes@example.com",
        &[],
        &[(shop.asset(), &["view", "panel"]), (domain.asset(), &["view"])],
    )
    .await;
    for email in ["pending@example.com", "late@example.com", "declined@example.com"] {
        invite(&mut olivia, &bakery, email, "", &["invoices.view"]).await.unwrap();
    }
    test.execute(format!(
        "UPDATE invitations SET expires_at = {} WHERE email_key = 'late@example.com'",
        NOW.plus_days(-1).0
    ))
    .await;
    test.execute("UPDATE invitations SET state = 'declined' WHERE email_key = 'declined@example.com'".into())
        .await;
    let wanted = [("account", bakery.as_str()), ("service", shop.as_str()), ("wanted", "more space")];
    olivia.change(RequestUpgrade::PATH, &wanted).await.unwrap();
    test.set_up_app(&mut olivia, "olivia@bakery.example").await;
    drop(ben);
    assert_eq!(test.count("contacts").await, 7);
    if std::env::var_os("LATCHKEY_WRITE_SCHEMA").is_some() {
        let version = MIGRATIONS.iter().map(|step| step.version).max().unwrap();
        let _ = std::fs::remove_file(fixture(version));
        let mut reader = System::of(&test.app).read().await.unwrap();
        reader.conn().execute("PRAGMA page_size = 512", args![]).await.unwrap();
        reader.conn().execute("VACUUM INTO $1", args![fixture(version).to_str().unwrap()]).await.unwrap();
    }
}
