//! SQL of what is open: one statement for each kind, for all accounts of a person.

use super::model::{DOMAIN_DAYS, MOST, OpenItem, OpenKind, OpenPage};
use crate::access::{OfUser, Reader};
use crate::error::Result;
use crate::paths;
use crate::permission::{Permission, Permissions};
use crate::platform::db::{FromRow, args, internal};
use crate::types::{AccountId, DomainId, InvoiceId, Money, TicketId, Timestamp};

// Where everybody needs a second factor, nothing is told to who has none.
const MEMBERSHIPS: &str = r"SELECT c.account_id, c.id, c.is_owner, c.permissions
    FROM contacts c
    JOIN accounts a ON a.id = c.account_id AND a.status = 'active'
    JOIN users u ON u.id = c.user_id
    WHERE c.user_id = $1 AND c.can_log_in AND c.status = 'active' AND (u.has_factor OR NOT a.needs_factor)
    ORDER BY c.account_id LIMIT 500";
// `m` are the accounts as JSON, each with whose permissions on single assets count and whether all are seen.
const INVOICES: &str = r"SELECT i.account_id AS account, a.name, i.id, i.number AS title, i.due_at AS at, i.total - i.paid - i.credited AS cents,
        i.currency
    FROM (SELECT value ->> 0 AS account FROM json_each($1)) m
    CROSS JOIN invoices i ON i.account_id = m.account AND i.status = 'open' AND i.kind = 'invoice'
    JOIN accounts a ON a.id = i.account_id
    ORDER BY i.due_at, i.id LIMIT $2";
const TICKETS: &str = r"SELECT t.account_id AS account, a.name, t.id, '#' || t.number || ' ' || t.subject AS title, t.changed_at AS at, 0 AS cents,
        '' AS currency
    FROM (SELECT value ->> 0 AS account, value ->> 1 AS holder, value ->> 2 AS everything FROM json_each($1)) m
    CROSS JOIN tickets t ON t.account_id = m.account AND t.status <> 'closed'
    JOIN accounts a ON a.id = t.account_id
    WHERE m.everything OR t.opener_id = m.holder
    ORDER BY t.changed_at DESC LIMIT $2";
const DOMAINS: &str = r"SELECT d.account_id AS account, a.name, d.id, d.name AS title, d.expires_at AS at, 0 AS cents, '' AS currency
    FROM (SELECT value ->> 0 AS account, value ->> 1 AS holder, value ->> 2 AS everything FROM json_each($1)) m
    CROSS JOIN domains d ON d.account_id = m.account AND d.status IN ('active', 'expired') AND d.expires_at < $3
    JOIN accounts a ON a.id = d.account_id
    WHERE m.everything OR EXISTS (SELECT 1 FROM grants g WHERE g.holder_id = m.holder AND g.asset_id = d.id
            AND g.permissions LIKE 'domain.view%')
    ORDER BY d.expires_at, d.id LIMIT $2";

#[derive(FromRow)]
struct OpenItemRow {
    account: String,
    name: String,
    id: String,
    title: String,
    at: i64,
    cents: i64,
    currency: String,
}

/// What waits on all accounts of the person.
pub async fn open(reader: &mut Reader<OfUser>) -> Result<OpenPage> {
    let (user, now) = (reader.person().id.clone(), reader.now());
    let members: Vec<(String, String, bool, String)> =
        reader.conn().all(MEMBERSHIPS, args![user.as_str()]).await?;
    let (mut invoices, mut tickets, mut domains) = (Vec::new(), Vec::new(), Vec::new());
    for (account, contact, is_owner, permissions) in &members {
        let held = Permissions::of_contact(*is_owner, permissions);
        let of = |everything: bool| (account.as_str(), contact.as_str(), i64::from(everything));
        if held.has(Permission::ViewInvoices) {
            invoices.push(of(true));
        }
        tickets.push(of(held.has(Permission::ViewTickets)));
        domains.push(of(held.has(Permission::ViewDomain)));
    }
    let json = |of: &[(&str, &str, i64)]| serde_json::to_string(of).map_err(|error| internal(&error));
    let most = i64::try_from(MOST + 1).unwrap_or(i64::MAX);
    let conn = reader.conn();
    let to_pay: Vec<OpenItemRow> = conn.all(INVOICES, args![json(&invoices)?, most]).await?;
    let asked: Vec<OpenItemRow> = conn.all(TICKETS, args![json(&tickets)?, most]).await?;
    let until = now.plus_days(DOMAIN_DAYS).0;
    let ending: Vec<OpenItemRow> = conn.all(DOMAINS, args![json(&domains)?, most, until]).await?;
    let more = [&to_pay, &asked, &ending].iter().any(|rows| rows.len() > MOST);
    let mut sums: Vec<Money> = Vec::new();
    for row in to_pay.iter().take(MOST) {
        match sums.iter_mut().find(|sum| sum.currency == row.currency) {
            Some(sum) => sum.cents += row.cents,
            None => sums.push(Money { cents: row.cents, currency: row.currency.clone() }),
        }
    }
    let all = [(OpenKind::Invoice, to_pay), (OpenKind::Ticket, asked), (OpenKind::Domain, ending)]
        .into_iter()
        .flat_map(|(kind, rows)| rows.into_iter().take(MOST).map(move |row| line(kind, row)))
        .collect();
    Ok(OpenPage { all, sums, more, now })
}

fn line(kind: OpenKind, row: OpenItemRow) -> OpenItem {
    let account = AccountId::from(row.account);
    let (path, title) = match kind {
        OpenKind::Invoice => (paths::invoice(&account, &InvoiceId::from(row.id)), row.title),
        OpenKind::Ticket => (paths::ticket(&account, &TicketId::from(row.id)), row.title),
        OpenKind::Domain => (paths::domain(&account, &DomainId::from(row.id)), row.title),
    };
    let amount = (kind == OpenKind::Invoice).then_some(Money { cents: row.cents, currency: row.currency });
    OpenItem { kind, account: row.name, title, path, at: Timestamp(row.at), amount }
}
