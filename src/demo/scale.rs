//! For measuring: so many tickets and invoices as a portal has after years, with what was written in them and paid.

use super::browser::Browser;
use super::people::PASSWORD;
use crate::access::System;
use crate::access::state::AppState;
use crate::error::Result;
use crate::features::tickets::model::NEVER_DUE;
use crate::operator::customers::rpc::CreateCustomer;
use crate::platform::db::{args, internal};
use crate::types::{AccountId, Timestamp};
use leptos::server_fn::ServerFn as _;
use std::fmt::Write as _;

/// Customers that they are of.
const CUSTOMERS: usize = 2_000;
/// Tickets, or invoices, that are written by one statement.
const CHUNK: usize = 2_000;
/// Days back to the first of them.
const DAYS: i64 = 1_000;

const ACCOUNTS: &str =
    "SELECT a.id, a.owner_id, a.name FROM accounts a WHERE a.name LIKE 'Scale %' ORDER BY a.number";
// E-invoices need to know where their payer is.
const ADDRESSES: &str = r"UPDATE accounts
    SET street = 'Harbour 2', postcode = '20457', city = 'Hamburg', country = 'DE'
    WHERE name LIKE 'Scale %'";
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

const SERIES: &str = "SELECT next FROM invoice_series WHERE kind = 'invoice'";
const SET_SERIES: &str = "UPDATE invoice_series SET next = $1 WHERE kind = 'invoice'";
const INVOICES: &str = r"INSERT INTO invoices (id, account_id, kind, currency, net, tax, total, payer, seller, taxes, dated_at, created_at)
    SELECT value ->> 0, value ->> 1, 'invoice', 'EUR', value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 5, '[]', value ->> 6, value ->> 6
    FROM json_each($1)";
const LINES: &str = r"INSERT INTO invoice_lines (id, invoice_id, position, description, quantity, price, rate, category, net)
    SELECT value ->> 7, value ->> 0, 1, 'Web Hosting M', '1', '12.90', 1900, 'S', value ->> 2
    FROM json_each($1)";
const ISSUE: &str = r"UPDATE invoices
    SET status = value ->> 8, serial = value ->> 9, number = value ->> 10, issued_at = value ->> 6, due_at = value ->> 11,
        paid = CASE value ->> 8 WHEN 'paid' THEN value ->> 4 ELSE 0 END, search_text = value ->> 12
    FROM json_each($1)
    WHERE invoices.id = value ->> 0";
const PAYMENTS: &str = r"INSERT INTO payments (id, account_id, invoice_id, method, amount, currency, received_at, created_at)
    VALUES ($1, $2, $3, 'bank_transfer', $4, 'EUR', $5, $5)";
const LEDGER: &str = r"INSERT INTO ledger (id, entry_id, account_id, book, amount, currency, invoice_id, says, created_at)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, 'EUR', value ->> 5, value ->> 6, value ->> 7
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

/// When the nth of so many was written, in UTC milliseconds: they are spread over [`DAYS`], the last of them yesterday.
fn when(now: Timestamp, n: usize, of: usize) -> i64 {
    let count = |n: usize| i64::try_from(n).unwrap_or_default();
    now.0 - count(of - n) * (DAYS * 86_400_000 / count(of).max(1)) - 86_400_000
}

/// Those whose tickets and invoices they are.
pub async fn customers(app: &AppState) -> Result<()> {
    let mut robin = Browser::of_app(app);
    robin.sign_in("robin@latchkey.example", PASSWORD).await?;
    for n in 0..CUSTOMERS {
        let (name, email) = (format!("Scale {n}"), format!("owner@scale-{n}.example"));
        let form = [("name", name.as_str()), ("first_name", "Otto"), ("email", &email)];
        robin.change(CreateCustomer::PATH, &form).await?;
    }
    let mut tx = System::of(app).begin().await?;
    tx.conn().execute(ADDRESSES, args![]).await?;
    tx.commit().await
}

/// This many tickets with six messages each on average.
pub async fn measure_tickets(app: &AppState, tickets: usize) -> Result<()> {
    let (words, mut dice) = (vocabulary(), Dice(7));
    let mut reader = System::of(app).read().await?;
    let accounts: Vec<(String, String, String)> = reader.conn().all(ACCOUNTS, args![]).await?;
    let departments: Vec<String> = reader.conn().values(DEPARTMENTS, args![]).await?;
    let staff: Vec<(String, String)> = reader.conn().all(STAFF, args![]).await?;
    drop(reader);
    let now = app.now();
    for from in (0..tickets).step_by(CHUNK) {
        let mut tx = System::of(app).begin().await?;
        let (mut rows, mut messages) = (Vec::new(), Vec::new());
        for n in from..(from + CHUNK).min(tickets) {
            let at = when(now, n, tickets);
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

/// This many invoices, each of one line and nearly all of them paid, and for every second customer a service to bill.
pub async fn measure_invoices(app: &AppState, invoices: usize) -> Result<()> {
    let mut dice = Dice(11);
    let mut reader = System::of(app).read().await?;
    let accounts: Vec<(String, String, String)> = reader.conn().all(ACCOUNTS, args![]).await?;
    let first: usize =
        usize::try_from(reader.conn().value::<i64>(SERIES, args![]).await?).unwrap_or_default();
    drop(reader);
    let now = app.now();
    for from in (0..invoices).step_by(CHUNK) {
        let mut tx = System::of(app).begin().await?;
        let (mut rows, mut ledger, mut paid) = (Vec::new(), Vec::new(), Vec::new());
        for n in from..(from + CHUNK).min(invoices) {
            let at = when(now, n, invoices);
            let (account, _, name) = &accounts[dice.below(accounts.len())];
            let net = 500 + i64::try_from(dice.below(20_000)).unwrap_or_default();
            let tax = net * 19 / 100;
            let total = net + tax;
            let (id, serial) = (tx.new_id(), first + n);
            let number = format!("INV-{serial:05}");
            let status = if dice.below(100) < 3 { "open" } else { "paid" };
            let due = at + 14 * 86_400_000;
            let party = serde_json::json!({ "name": name, "city": "Hamburg", "country": "DE" }).to_string();
            let search = format!("{number} {}", name.to_lowercase());
            let mut entry = |says: &str, at: i64, lines: &[(&str, i64)]| {
                let entry = tx.new_id();
                for (book, amount) in lines {
                    ledger.push(serde_json::json!([tx.new_id(), entry, account, book, amount, id, says, at]));
                }
            };
            entry("Issued", at, &[("receivable", total), ("revenue", -net), ("tax", -tax)]);
            if status == "paid" {
                entry("Paid", due, &[("bank", total), ("receivable", -total)]);
                paid.push((account.clone(), id.clone(), total, due));
            }
            rows.push(serde_json::json!([
                id,
                account,
                net,
                tax,
                total,
                party,
                at,
                tx.new_id(),
                status,
                serial,
                number,
                due,
                search
            ]));
        }
        let rows = serde_json::Value::from(rows).to_string();
        for statement in [INVOICES, LINES, ISSUE] {
            tx.conn().execute(statement, args![&rows]).await?;
        }
        for (account, invoice, total, at) in paid {
            let args = args![tx.new_id(), account, invoice, total, at];
            tx.conn().execute(PAYMENTS, args).await?;
        }
        tx.conn().execute(LEDGER, args![serde_json::Value::from(ledger).to_string()]).await?;
        tx.commit().await?;
    }
    let mut tx = System::of(app).begin().await?;
    tx.conn().execute(SET_SERIES, args![i64::try_from(first + invoices).unwrap_or_default()]).await?;
    tx.commit().await?;
    for (account, ..) in accounts.iter().step_by(2) {
        super::assets::many(app, &AccountId::from(account.clone()), 1).await?;
    }
    Ok(())
}
