//! Every SQL statement can be prepared on a migrated database, and none that lists customers' rows reads a whole table.

use super::support::TestHouse;
use crate::server::access::System;
use crate::{
    accounts, activity, contacts, domains, invitations, mail, ownership, permissions, previews, recipients, requests, second_factor, server, services, sign_in,
    users,
};
use sqlx::{AssertSqlSafe, Executor as _, Row as _, SqlSafeStr as _};

fn all() -> Vec<String> {
    let fixed = [
        contacts::store::STATEMENTS,
        domains::store::STATEMENTS,
        invitations::store::STATEMENTS,
        mail::announce::STATEMENTS,
        mail::store::STATEMENTS,
        ownership::store::STATEMENTS,
        previews::store::STATEMENTS,
        second_factor::store::STATEMENTS,
        sign_in::half::STATEMENTS,
        server::device::STATEMENTS,
        server::trail::STATEMENTS,
        services::store::STATEMENTS,
        users::store::STATEMENTS,
        server::forms::STATEMENTS,
        server::member::STATEMENTS,
        server::session::STATEMENTS,
        server::settings::STATEMENTS,
    ];
    let made = [
        accounts::store::statements(),
        activity::store::statements(),
        contacts::store::list_statements(),
        domains::store::list_statements(),
        mail::store::list_statements(),
        permissions::store::statements(),
        recipients::store::statements(),
        requests::store::statements(),
        services::store::list_statements(),
    ];
    fixed.concat().into_iter().chain(server::outbox::statements()).map(str::to_owned).chain(made.concat()).collect()
}

#[tokio::test]
async fn every_statement_can_be_prepared() {
    let test = TestHouse::new().await;
    let mut reader = System::of(&test.house).read().await.unwrap();
    for sql in all() {
        if let Err(error) = reader.conn().prepare(AssertSqlSafe(sql.clone()).into_sql_str()).await {
            panic!("{error} in {sql}");
        }
    }
}

/// Statements that may read a whole table, with the reason.
const WHOLE: &[(&str, &str)] = &[
    ("FROM accounts WHERE status = 'active' AND ($1", "an announcement goes through every account, a hundred at a time"),
    ("FROM trails ORDER BY scope_id", "the operator's check of every trail"),
    ("FROM activity a WHERE NOT EXISTS", "the operator's check of every trail"),
    ("FROM outbox ORDER BY id DESC", "stops after a hundred rows of the primary key"),
    ("FROM outbox WHERE lower(to_email)", "the demo maker and tests only"),
    ("SET leased_until = NULL, due_at = $1", "its index holds only what is being sent"),
    ("WHERE r.state = 'pending' ORDER BY", "its index holds only what waits, and it stops after 500"),
    ("FROM (SELECT 1 FROM users LIMIT 1)", "stops at the first row"),
];

#[tokio::test]
async fn no_statement_scans_a_table_that_grows_with_customers() {
    let test = TestHouse::new().await;
    let mut reader = System::of(&test.house).read().await.unwrap();
    for sql in all() {
        if WHOLE.iter().any(|(part, _)| sql.contains(part)) {
            continue;
        }
        let plan = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"))).fetch_all(reader.conn()).await.unwrap();
        for step in plan {
            let step: String = step.get("detail");
            let fine = !step.starts_with("SCAN ") || step.contains("CONSTANT ROW") || step.starts_with("SCAN (") || !step.contains(' ') || subquery(&step);
            assert!(fine, "{step} in {sql}");
        }
    }
}

/// Reading the rows that an inner query already picked is no scan of a table.
fn subquery(step: &str) -> bool {
    let name = step.trim_start_matches("SCAN ").split(' ').next().unwrap_or_default();
    ![
        "accounts",
        "contacts",
        "invitations",
        "mail_links",
        "outbox",
        "sessions",
        "users",
        "drafts",
        "settings",
        "services",
        "domains",
        "grants",
        "previews",
        "requests",
        "asks",
        "activity",
        "trails",
        "devices",
        "passkeys",
        "ceremonies",
        "half_sign_ins",
        "recovery_used",
        "transfers",
        "announcements",
        "announced",
        "sign_ons",
        "a",
        "c",
        "d",
        "g",
        "i",
        "l",
        "n",
        "o",
        "p",
        "r",
        "s",
        "sv",
        "t",
        "u",
        "inviter",
    ]
    .contains(&name)
}
