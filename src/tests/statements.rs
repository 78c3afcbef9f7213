//! Every SQL statement can be prepared on a migrated database, and none that lists customers' rows reads a
//! whole table.
//!
//! The statements are those that stand in the source, read from there, and those that files register which
//! make them while the program runs. So none can be forgotten, and a file that makes statements without
//! saying which fails.

use super::support::TestApp;
use crate::access::System;
use crate::platform::db::{Made, MadeSql, args};
use leptos::server_fn::inventory;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What a string of the source is.
#[derive(Debug, PartialEq)]
enum Text {
    /// It can be run as it is.
    Statement(String),
    /// It is a part of one, or has places to fill.
    Part,
}

/// The strings of Rust source, without comments; a macro that joins strings makes them parts.
fn strings(source: &str) -> Vec<(String, bool)> {
    let bytes: Vec<char> = source.chars().collect();
    let (mut at, mut found, mut code) = (0, Vec::new(), String::new());
    while at < bytes.len() {
        match bytes[at] {
            '/' if bytes.get(at + 1) == Some(&'/') => {
                while at < bytes.len() && bytes[at] != '\n' {
                    at += 1;
                }
            }
            // A character or a lifetime: what matters is that '"' opens no string.
            '\'' if bytes.get(at + 1) == Some(&'"') => at += 3,
            '\'' if bytes.get(at + 1) == Some(&'\\') => at += 4,
            '"' => {
                let raw = code.ends_with('r') || code.ends_with("r#");
                let closing: &[char] = if code.ends_with("r#") { &['"', '#'] } else { &['"'] };
                let mut text = String::new();
                at += 1;
                while !bytes[at..].starts_with(closing) {
                    if !raw && bytes[at] == '\\' {
                        at += 1;
                        match bytes[at] {
                            '\n' => {
                                while bytes[at + 1].is_whitespace() {
                                    at += 1;
                                }
                            }
                            'n' => text.push('\n'),
                            other => text.push(other),
                        }
                    } else {
                        text.push(bytes[at]);
                    }
                    at += 1;
                }
                at += closing.len();
                let before = code.trim_end();
                let joined = before.ends_with("concat!(") || before.ends_with("queued!(");
                found.push((text, joined));
                code.clear();
            }
            other => {
                code.push(other);
                at += 1;
            }
        }
    }
    found
}

fn read(text: &str, joined: bool) -> Option<Text> {
    let first = text.trim_start().split([' ', '\n']).next().unwrap_or_default();
    if !["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains(&first) || !text.trim().contains(' ') {
        return None;
    }
    let part = joined || text.ends_with(' ') || text.contains('{');
    // However it is broken into lines.
    Some(if part {
        Text::Part
    } else {
        Text::Statement(text.split_whitespace().collect::<Vec<_>>().join(" "))
    })
}

fn sources(dir: &Path, all: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("tests") {
            sources(&path, all);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            all.push(path);
        }
    }
}

/// Every statement with its file.
fn all() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    sources(&root.join("src"), &mut files);
    let made: BTreeMap<&str, &Made> =
        inventory::iter::<Made>.into_iter().map(|made| (made.file, made)).collect();
    let mut all = Vec::new();
    for file in files {
        let name = file.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        let source = std::fs::read_to_string(&file).unwrap();
        let source = source.split("#[cfg(test)]\nmod tests").next().unwrap();
        let lists = source.contains(": List = List {");
        assert!(
            !lists || made.contains_key(name.as_str()),
            "{name} makes lists and does not register their statements"
        );
        for (text, joined) in strings(source) {
            match read(&text, joined) {
                Some(Text::Statement(statement)) => all.push((name.clone(), statement)),
                // The lists of features are put together there; who makes one registers it.
                Some(Text::Part)
                    if ["src/access/list.rs", "src/platform/db/write.rs"].contains(&name.as_str()) => {}
                Some(Text::Part) => {
                    assert!(
                        made.contains_key(name.as_str()),
                        "{name} makes statements and does not register them: “{text}”"
                    );
                }
                None => {}
            }
        }
    }
    for made in made.values() {
        all.extend((made.all)().into_iter().map(|statement| (made.file.to_owned(), statement)));
    }
    all
}

#[test]
fn statements_are_found_where_they_stand() {
    let source = "const A: &str = \"SELECT 1 \\\n    FROM a\"; // \"SELECT 2\"\nlet q = '\"'; f(\"SELECT {x} FROM b\"); concat!(\"SELECT \", \"x\"); \"Select one\"";
    let found: Vec<_> =
        strings(source).into_iter().filter_map(|(text, joined)| read(&text, joined)).collect();
    assert_eq!(found, [Text::Statement("SELECT 1 FROM a".into()), Text::Part]);
    assert!(all().len() > 250, "{}", all().len());
}

#[tokio::test]
async fn every_statement_can_be_prepared() {
    let test = TestApp::new().await;
    let mut reader = System::of(&test.app).read().await.unwrap();
    for (file, sql) in all() {
        if let Err(error) = reader.conn().prepare(sql.clone()).await {
            panic!("{file}: {error} in {sql}");
        }
    }
}

/// Statements that may read a whole table: end of the file's path, how they begin, and the reason.
const WHOLE: &[(&str, &str, &str)] = &[
    (
        "src/features/accounts/store.rs",
        "SELECT id, tax_id",
        "the index holds nothing but what is to be asked",
    ),
    (
        "src/features/payments/store.rs",
        "SELECT customer FROM gateway_removals",
        "who is to be forgotten within the hour, a hundred at a time",
    ),
    (
        "src/operator/statements/store.rs",
        "SELECT c.account_id, a.name, c.invoice_id, c.amount",
        "the index holds nothing but what staff have to look at",
    ),
    (
        "src/features/incoming/store.rs",
        "SELECT id FROM departments WHERE lower(email)",
        "there are at most fifty departments",
    ),
    (
        "src/features/incoming/store.rs",
        "SELECT coalesce((SELECT department_id FROM incoming",
        "there are at most fifty departments",
    ),
    (
        "src/features/tickets/store.rs",
        "SELECT d.id, d.name FROM departments d",
        "there are at most fifty departments",
    ),
    ("src/features/tickets/store.rs", "SELECT d.id, d.name, EXISTS", "there are at most fifty departments"),
    ("src/features/tickets/store.rs", "SELECT s.user_id, u.name FROM staff s", "the staff of one company"),
    (
        "src/operator/tickets/store.rs",
        "SELECT coalesce(sum(count), 0)",
        "a row for each department, status and member of the staff",
    ),
    ("src/demo/scale.rs", "SELECT", "made once, for measuring"),
    (
        "src/features/deliveries/store.rs",
        "UPDATE deliveries SET state = 'failed', says = $1",
        "what waits, when the access point is taken away",
    ),
    ("src/demo/scale.rs", "UPDATE accounts", "made once, for measuring"),
    ("src/features/tickets/canned.rs", "SELECT", "there are at most five hundred canned replies"),
    (
        "src/features/audit/record.rs",
        "SELECT scope_id, serial, code FROM trails",
        "the operator's check of every trail",
    ),
    (
        "src/features/audit/record.rs",
        "SELECT count(*) FROM (SELECT 1 FROM activity a WHERE NOT EXISTS",
        "the operator's check of every trail",
    ),
    (
        "src/outbox/message.rs",
        "SELECT id, to_email, subject, created_at FROM outbox ORDER BY id DESC LIMIT 300",
        "the demo's page: a hundred rows of the key",
    ),
    (
        "src/outbox/worker.rs",
        "UPDATE outbox SET leased_until = NULL, due_at = $1",
        "its index holds only what is being sent",
    ),
    (
        "src/features/requests/store.rs",
        "SELECT r.id, ",
        "its index holds only what waits, and it stops after 500",
    ),
    (
        "src/access/settings.rs",
        "SELECT count(*) FROM (SELECT 1 FROM users LIMIT 1)",
        "stops at the first row",
    ),
    (
        "src/operator/team/store.rs",
        "SELECT u.id, u.name, u.email, u.has_factor, u.last_sign_in_at, st.permissions",
        "there are as many staff as people work there",
    ),
    ("src/operator/team/store.rs", "SELECT count(*) FROM staff", "the same"),
    (
        "src/operator/team/store.rs",
        "SELECT count(*) FROM (SELECT 1 FROM staff LIMIT 1)",
        "stops at the first row",
    ),
    (
        "src/operator/desk/store.rs",
        "SELECT (SELECT count(*) FROM (SELECT 1 FROM outbox",
        "each index holds only what is counted, and it is counted to a limit",
    ),
    (
        "src/outbox/message.rs",
        "SELECT (SELECT count(*) FROM outbox WHERE state = 'queued')",
        "its index holds only what waits",
    ),
    ("src/operator/team/store.rs", "SELECT r.id", "as many rows as the company names roles for its staff"),
    ("src/operator/team/store.rs", "INSERT INTO staff_roles", "likewise"),
    ("src/operator/team/store.rs", "SELECT EXISTS", "likewise"),
    ("src/operator/team/store.rs", "UPDATE staff", "as many rows as the company has staff"),
    ("src/operator/templates/store.rs", "SELECT kind, used", "as many rows as there are kinds of mail"),
    ("src/access/settings.rs", "SELECT kind, subject", "as many rows as there are kinds of mail"),
    (
        "src/features/requests/store.rs",
        "SELECT count(*), min(created_at)",
        "what waits, to a limit, and at most 50 departments",
    ),
    ("src/features/requests/store.rs", "SELECT EXISTS", "one request, and at most 50 departments"),
    ("src/operator/departments/store.rs", "SELECT ", "at most 50 departments"),
    ("src/features/requests/store.rs", "SELECT name, email FROM departments", "at most 50 departments"),
    ("src/operator/products/store.rs", "SELECT ", "as many rows as the company sells products"),
    ("src/operator/import/store.rs", "SELECT ", "an import compares a whole file with what there is, once"),
    (
        "src/operator/customers/store.rs",
        "SELECT string_agg",
        "a list of all: it stops after a page of its index",
    ),
    (
        "src/operator/customers/store.rs",
        "SELECT (SELECT string_agg",
        "the same, and what is counted is counted to a limit",
    ),
    ("/jobs.rs", "SELECT count(*) FROM", "the operator's check counts what there is"),
    (
        "src/access/drafts.rs",
        "SELECT coalesce(sum(bytes), 0) FROM drafts",
        "bounded: it is what keeps the table small, and reads an index",
    ),
    (
        "src/access/drafts.rs",
        "DELETE FROM drafts WHERE token_hash IN (SELECT token_hash FROM drafts ORDER BY",
        "twenty rows, the oldest by an index",
    ),
    ("src/platform/db/files.rs", "SELECT at FROM activity ORDER BY id DESC LIMIT 1", "one row of the key"),
    (
        "src/platform/db/files.rs",
        "SELECT count(*) FROM outbox WHERE state = 'queued'",
        "its index holds only what waits",
    ),
];

/// What a step of a plan reads from beginning to end: a table of the schema under its name or alias, or what
/// an inner query made.
fn scanned<'a>(step: &'a str, sql: &str, tables: &BTreeSet<String>) -> Option<&'a str> {
    let name = step.strip_prefix("SCAN ")?.split(' ').next()?;
    // A search by words reads its index, not the table; a list that is bound is no table.
    if name == "CONSTANT"
        || name.ends_with("-ROW")
        || name.starts_with('(')
        || step.contains("VIRTUAL TABLE INDEX")
    {
        return None;
    }
    let words: Vec<&str> =
        sql.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty()).collect();
    let of_table =
        tables.contains(name) || words.windows(2).any(|pair| tables.contains(pair[0]) && pair[1] == name);
    let made = name == "json_each"
        || sql.contains(&format!(") {name}"))
        || sql.contains(&format!(") AS {name}"))
        || sql.contains("json_each(");
    assert!(
        of_table || made || sql.contains("(SELECT"),
        "{name} is neither a table nor the name of a query in {sql}"
    );
    of_table.then_some(name)
}

#[tokio::test]
async fn no_statement_scans_a_table_that_grows_with_customers() {
    let test = TestApp::new().await;
    let mut reader = System::of(&test.app).read().await.unwrap();
    let tables: Vec<String> =
        reader.conn().values("SELECT name FROM sqlite_master WHERE type = 'table'", args![]).await.unwrap();
    let tables: BTreeSet<String> = tables.into_iter().collect();
    let (mut needed, mut wrong) = (BTreeSet::new(), Vec::new());
    for (file, sql) in all() {
        let plan: Vec<(i64, i64, i64, String)> =
            reader.conn().all(MadeSql(format!("EXPLAIN QUERY PLAN {sql}")), args![]).await.unwrap();
        let steps: Vec<String> = plan.into_iter().map(|(.., detail)| detail).collect();
        let whole: Vec<&str> = steps.iter().filter_map(|step| scanned(step, &sql, &tables)).collect();
        let allowed = WHOLE.iter().position(|(of, begins, _)| file.ends_with(of) && sql.starts_with(begins));
        match allowed {
            Some(which) if !whole.is_empty() => drop(needed.insert(which)),
            _ if whole.is_empty() => {}
            _ => wrong.push(format!("{file} reads all of {whole:?}: {steps:?} in {sql}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    let unneeded: Vec<_> = WHOLE.iter().enumerate().filter(|(which, _)| !needed.contains(which)).collect();
    assert!(unneeded.is_empty(), "no statement needs this any more: {unneeded:?}");
}
