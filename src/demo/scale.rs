//! For measuring: so many tickets as a portal has after years, with what was written in them.

use super::browser::Browser;
use super::people::PASSWORD;
use crate::access::System;
use crate::access::state::AppState;
use crate::error::Result;
use crate::features::tickets::model::NEVER_DUE;
use crate::operator::customers::rpc::CreateCustomer;
use crate::platform::db::{args, internal};
use leptos::server_fn::ServerFn as _;
use std::fmt::Write as _;

/// Customers that they are of.
const CUSTOMERS: usize = 2_000;
/// Tickets that are written by one statement.
const CHUNK: usize = 2_000;
/// Days back to the first of them.
const DAYS: i64 = 1_000;

const ACCOUNTS: &str =
    "SELECT a.id, a.owner_id, a.name FROM accounts a WHERE a.name LIKE 'Scale %' ORDER BY a.number";
const DEPARTMENTS: &str = "SELECT id FROM departments ORDER BY name_key";
const STAFF: &str = "SELECT s.user_id, u.name FROM staff s JOIN users u ON u.id = s.user_id ORDER BY u.email";
const TICKETS: &str = r"INSERT INTO tickets (id, number, account_id, department_id, subject, priority, status, opener_id, opened_by,
        assigned_id, assigned_name, version, created_at, changed_at, answered_at, closed_at, waiting_since, due_at)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, 'normal', value ->> 5, value ->> 6, value ->> 7,
        nullif(value ->> 8, ''), value ->> 9, 8, value ->> 10, value ->> 11, CASE WHEN value ->> 5 <> 'open' THEN value ->> 11 END,
        CASE WHEN value ->> 5 = 'closed' THEN value ->> 11 END, CASE WHEN value ->> 5 = 'open' THEN value ->> 11 END,
        CASE WHEN value ->> 5 = 'open' THEN (value ->> 11) + $2 ELSE $3 END
    FROM json_each($1)";
const MESSAGES: &str = r"INSERT INTO ticket_messages (id, ticket_id, kind, state, badge, contact_id, by_name, by_email, text, created_at, shown_at)
    SELECT value ->> 0, value ->> 1, value ->> 2, 'shown', value ->> 3, nullif(value ->> 4, ''), value ->> 5, '', value ->> 6, value ->> 7, value ->> 7
    FROM json_each($1)";

/// Numbers that come out the same each time (a linear congruence).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % n.max(1)
    }

    /// A word; few are used often and many seldom, as in a language.
    fn word(&mut self, words: &[String]) -> usize {
        let (a, b) = (self.below(words.len()), self.below(words.len()));
        a * b / words.len()
    }

    fn words(&mut self, all: &[String], count: usize) -> String {
        let mut text = String::new();
        for n in 0..count {
            let at = self.word(all);
            let _ = write!(text, "{}{}", if n == 0 { "" } else { " " }, all[at]);
        }
        text
    }
}

/// Twenty thousand made-up words.
fn vocabulary() -> Vec<String> {
    let parts = ["ka", "lo", "mi", "ne", "ru", "sa", "te", "vo", "pi", "do", "fe", "gu"];
    (0..20_000_usize)
        .map(|n| [n % 12, n / 12 % 12, n / 144 % 12, n / 1_728 % 12].map(|at| parts[at]).concat())
        .collect()
}

/// This many tickets with six messages each on average.
pub async fn measure_tickets(app: &AppState, tickets: usize) -> Result<()> {
    let mut robin = Browser::of_app(app);
    robin.sign_in("robin@latchkey.example", PASSWORD).await?;
    for n in 0..CUSTOMERS {
        let (name, email) = (format!("Scale {n}"), format!("owner@scale-{n}.example"));
        let form = [("name", name.as_str()), ("first_name", "Otto"), ("email", &email)];
        robin.change(CreateCustomer::PATH, &form).await?;
    }
    let (words, mut dice) = (vocabulary(), Dice(7));
    let mut reader = System::of(app).read().await?;
    let accounts: Vec<(String, String, String)> = reader.conn().all(ACCOUNTS, args![]).await?;
    let departments: Vec<String> = reader.conn().values(DEPARTMENTS, args![]).await?;
    let staff: Vec<(String, String)> = reader.conn().all(STAFF, args![]).await?;
    drop(reader);
    let now = app.now();
    let step = DAYS * 86_400_000 / i64::try_from(tickets.max(1)).unwrap_or(1);
    for from in (0..tickets).step_by(CHUNK) {
        let mut tx = System::of(app).begin().await?;
        let (mut rows, mut messages) = (Vec::new(), Vec::new());
        for n in from..(from + CHUNK).min(tickets) {
            let left = i64::try_from(tickets - n).unwrap_or_default();
            let at = now.0 - left * step - 86_400_000;
            let (account, owner, name) = &accounts[dice.below(accounts.len())];
            // Two in a hundred wait, eight were answered; most of those that wait are new.
            let status = match dice.below(100) {
                0..2 => "open",
                2..10 => "answered",
                _ => "closed",
            };
            let (user, called) = match dice.below(3) {
                0 => (String::new(), String::new()),
                _ => staff[dice.below(staff.len())].clone(),
            };
            let id = tx.new_id();
            let count = 1 + dice.below(11);
            let subject = dice.words(&words, 5);
            let department = &departments[dice.below(departments.len())];
            let last = at + i64::try_from(count).unwrap_or_default() * 600_000;
            let number = 100_000 + n;
            for m in 0..count {
                let (badge, contact, by) = match m % 2 {
                    0 => ("owner", owner.as_str(), "Otto"),
                    _ => ("staff", "", "Sam Okoye"),
                };
                let kind = if m % 7 == 5 { "note" } else { "message" };
                let length = 15 + dice.below(50);
                let text = dice.words(&words, length);
                let when = at + i64::try_from(m).unwrap_or_default() * 600_000;
                messages.push((tx.new_id(), id.clone(), kind, badge, contact, by, text, when));
            }
            rows.push(serde_json::json!([
                id, number, account, department, subject, status, owner, name, user, called, at, last
            ]));
        }
        let json = |value: &serde_json::Value| value.to_string();
        tx.conn().execute(TICKETS, args![json(&rows.into()), NEVER_DUE, NEVER_DUE]).await?;
        for some in messages.chunks(2_000) {
            let some = serde_json::to_string(some).map_err(|error| internal(&error))?;
            tx.conn().execute(MESSAGES, args![some]).await?;
        }
        tx.commit().await?;
        if from % (CHUNK * 25) == 0 {
            println!("{from} of {tickets} tickets");
        }
    }
    Ok(())
}
