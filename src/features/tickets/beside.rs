//! What staff see beside a ticket: its customer, and other tickets.

use super::model::{Beside, Priority, Status, TicketRow};
use super::row::{Ticket, due};
use crate::error::Result;
use crate::platform::db::{Conn, FromRow, args};
use crate::types::Timestamp;

/// How far services, domains and tickets are counted.
const MOST: i64 = 1_001;

const CUSTOMER: &str = r"SELECT a.number, a.email, a.status = 'closed', a.created_at,
        EXISTS (SELECT 1 FROM undeliverable u WHERE u.account_id = a.id AND u.email_key = lower(a.email)),
        (SELECT count(*) FROM (SELECT 1 FROM services WHERE account_id = a.id LIMIT $2) AS some),
        (SELECT count(*) FROM (SELECT 1 FROM domains WHERE account_id = a.id LIMIT $2) AS some),
        (SELECT count(*) FROM (SELECT 1 FROM tickets WHERE account_id = a.id AND status = 'open' LIMIT $2) AS some)
    FROM accounts a
    WHERE a.id = $1";
// Of the newest hundred: those about the same service or domain, then the newest.
const RELATED: &str = r"SELECT t.id, t.number, t.subject, t.status, t.priority, d.name AS department, t.opened_by, t.held, t.due_at, t.changed_at
    FROM (SELECT id FROM tickets WHERE account_id = $1 ORDER BY changed_at DESC, id DESC LIMIT 100) n
    JOIN tickets t ON t.id = n.id
    JOIN departments d ON d.id = t.department_id
    WHERE t.id <> $2 AND t.merged_into IS NULL
        AND (NOT EXISTS (SELECT 1 FROM staff_departments w WHERE w.user_id = $4)
            OR EXISTS (SELECT 1 FROM staff_departments w WHERE w.user_id = $4 AND w.department_id = t.department_id))
    ORDER BY (t.asset_id = $3 AND $3 <> '') DESC, t.changed_at DESC LIMIT 5";

#[derive(FromRow)]
struct BesideRow {
    id: String,
    number: i64,
    subject: String,
    status: String,
    priority: String,
    department: String,
    opened_by: String,
    held: i64,
    due_at: i64,
    changed_at: i64,
}

/// The customer of a ticket, and its other tickets as far as the staff it was looked up for answer them.
pub async fn show(conn: &mut Conn, ticket: &Ticket, staff: &str) -> Result<Beside> {
    type Facts = (i64, String, bool, i64, bool, i64, i64, i64);
    let (number, email, closed, since, unreached, services, domains, open): Facts =
        conn.one(CUSTOMER, args![&ticket.account_id, MOST]).await?;
    let args = args![&ticket.account_id, &ticket.id, &ticket.asset_id, staff];
    let rows: Vec<BesideRow> = conn.all(RELATED, args).await?;
    let row = |row: BesideRow| TicketRow {
        id: row.id.into(),
        number: row.number,
        subject: row.subject,
        status: Status::from_key(&row.status),
        priority: Priority::from_key(&row.priority),
        department: row.department,
        opened_by: row.opened_by,
        assigned: String::new(),
        held: row.held,
        merged: false,
        due: due(row.due_at),
        changed: Timestamp(row.changed_at),
        account: ticket.account_id.clone().into(),
        account_name: ticket.account_name.clone(),
        answering: Vec::new(),
    };
    let related = rows.into_iter().map(row).collect();
    Ok(Beside { number, email, unreached, closed, since: Timestamp(since), services, domains, open, related })
}
