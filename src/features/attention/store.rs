//! SQL of "Needs attention": one statement for all accounts of a person.

use super::model::{DOMAIN_DAYS, INVITATION_DAYS, LATELY_DAYS, Need, NeedKind};
use crate::access::{InAccount, OfAccount as _, Reader};
use crate::error::Result;
use crate::permission::{Permission, Permissions};
use crate::platform::db::{Conn, FromRow, args, internal};
use crate::types::{AccountId, Timestamp};

/// Needs that are read at most.
const MOST: i64 = 200;

// `m` are the memberships as JSON: account, holder, manages contacts, sees all services, sees all domains, sees invoices. $2 is
// now, $3 when "lately" began, $4 when an invitation ends soon, $5 when a domain does. What is said of people is
// read only where contacts are managed; services and domains only where they are seen.
const NEEDS: &str = r"WITH m AS (SELECT value ->> 0 AS account, value ->> 1 AS holder, value ->> 2 AS manages,
        value ->> 3 AS services, value ->> 4 AS domains, value ->> 5 AS invoices
        FROM json_each($1)),
    invited AS (SELECT m.account, c.id, coalesce(nullif(trim(c.first_name || ' ' || c.last_name), ''),
        nullif(c.company, ''), c.email) AS name, i.state, i.expires_at, i.email_key, i.created_at
        FROM m
        CROSS JOIN contacts c ON c.account_id = m.account AND c.status = 'active' AND c.can_log_in
            AND c.user_id IS NULL
        JOIN invitations i ON i.id = (SELECT n.id FROM invitations n WHERE n.contact_id = c.id
            ORDER BY n.created_at DESC, n.id DESC LIMIT 1)
        WHERE m.manages AND i.state IN ('pending', 'expired') AND i.expires_at > $3)
    SELECT *
    FROM (SELECT m.account, 'ask' AS kind, c.id, coalesce(nullif(trim(c.first_name || ' ' || c.last_name),
            ''), nullif(c.company, ''), c.email) AS name, a.permission AS detail, max(a.created_at) AS at
        FROM m
        CROSS JOIN asks a ON a.account_id = m.account AND a.decided_at IS NULL AND a.created_at > $3
        JOIN contacts c ON c.id = a.contact_id AND c.status = 'active' AND c.can_log_in
        WHERE m.manages
        GROUP BY m.account, c.id, a.permission
        UNION ALL SELECT account, 'invitation', id, name, '', expires_at
        FROM invited
        WHERE expires_at < $4
        UNION ALL SELECT v.account, 'undelivered', v.id, v.name, o.last_error, o.created_at
        FROM invited v
        CROSS JOIN outbox o ON o.id = (SELECT n.id FROM outbox n WHERE lower(n.to_email) = v.email_key
            AND n.account_id = v.account AND n.kind = 'invitation' AND n.created_at >= v.created_at
            ORDER BY n.created_at DESC LIMIT 1)
        WHERE o.state = 'failed'
        UNION ALL SELECT m.account, 'failing', coalesce(c.id, ''), coalesce(nullif(trim(c.first_name || ' '
            || c.last_name), ''), nullif(c.company, ''), f.email_key), f.reason, f.since
        FROM m
        CROSS JOIN undeliverable f ON f.account_id = m.account
        LEFT JOIN contacts c ON c.account_id = f.account_id AND c.email_key = f.email_key
        JOIN accounts w ON w.id = m.account
        WHERE m.manages AND (lower(w.email) = f.email_key OR (c.status = 'active' AND c.mail <> ''))
        UNION ALL SELECT m.account, 'factor', '', '', CAST(count(*) AS TEXT), 0
        FROM m
        JOIN accounts w ON w.id = m.account AND w.needs_factor
        JOIN contacts c ON c.account_id = m.account AND c.status = 'active' AND c.can_log_in
            AND c.user_id IS NOT NULL
        JOIN users u ON u.id = c.user_id AND NOT u.has_factor
        WHERE m.manages
        GROUP BY m.account
        UNION ALL SELECT m.account, 'suspended', s.id, coalesce(nullif(s.label, ''), s.product), '', 0
        FROM m
        CROSS JOIN services s ON s.account_id = m.account AND s.status = 'suspended'
        WHERE m.services OR EXISTS (SELECT 1 FROM grants g WHERE g.holder_id = m.holder
            AND g.asset_id = s.id AND g.permissions LIKE 'service.view%')
        UNION ALL SELECT m.account, 'domain', d.id, d.name, '', d.expires_at
        FROM m
        CROSS JOIN domains d ON d.account_id = m.account AND d.status IN ('active', 'expired')
            AND NOT d.auto_renew AND d.expires_at < $5
        WHERE m.domains OR EXISTS (SELECT 1 FROM grants g WHERE g.holder_id = m.holder
            AND g.asset_id = d.id AND g.permissions LIKE 'domain.view%')
        UNION ALL SELECT m.account, 'invoice', i.id, i.number, '', i.due_at
        FROM m
        CROSS JOIN invoices i ON i.account_id = m.account AND i.status = 'open' AND i.kind = 'invoice'
            AND i.due_at < $2
        WHERE m.invoices
        UNION ALL SELECT m.account, 'domain-mail', '', '', '', 0
        FROM m
        JOIN accounts w ON w.id = m.account
        WHERE m.manages
            AND EXISTS (SELECT 1 FROM domains d WHERE d.account_id = w.id AND d.status = 'active')
            AND EXISTS (SELECT 1 FROM undeliverable f WHERE f.account_id = w.id
                AND f.email_key = lower(w.email))
            AND NOT EXISTS (SELECT 1 FROM contacts c WHERE c.account_id = w.id AND c.status = 'active'
            AND instr(c.mail, 'domain') > 0
            AND NOT EXISTS (SELECT 1 FROM undeliverable f WHERE f.account_id = c.account_id
                AND f.email_key = c.email_key)))
        AS needs
    LIMIT $6";

/// A membership as far as it decides what is told.
pub struct ToldMember<'a> {
    /// The account.
    pub account: &'a str,
    /// Whose permissions on single assets count: a contact, or a preview.
    pub holder: &'a str,
    /// What is held on the account and on all services and domains.
    pub held: Permissions,
}

#[derive(FromRow)]
struct NeedRow {
    account: String,
    kind: String,
    id: String,
    name: String,
    detail: String,
    at: i64,
}

/// What needs somebody on these accounts; the most pressing kinds first.
pub async fn needs(conn: &mut Conn, of: &[ToldMember<'_>], now: Timestamp) -> Result<Vec<Need>> {
    let flag = |of: &ToldMember, permission| i64::from(of.held.has(permission));
    let memberships: Vec<_> = of
        .iter()
        .map(|of| {
            (
                of.account,
                of.holder,
                flag(of, Permission::ManageContacts),
                flag(of, Permission::ViewService),
                flag(of, Permission::ViewDomain),
                flag(of, Permission::ViewInvoices),
            )
        })
        .collect();
    let json = serde_json::to_string(&memberships).map_err(|error| internal(&error))?;
    let args = args![
        json,
        now.0,
        now.plus_days(-LATELY_DAYS).0,
        now.plus_days(INVITATION_DAYS).0,
        now.plus_days(DOMAIN_DAYS).0,
        MOST
    ];
    let rows: Vec<NeedRow> = conn.all(NEEDS, args).await?;
    let need = |row: NeedRow| {
        let kind = match row.kind.as_str() {
            "ask" => NeedKind::Ask,
            "invitation" => NeedKind::Invitation,
            "undelivered" => NeedKind::Undelivered,
            "failing" => NeedKind::Failing,
            "factor" => NeedKind::Factor,
            "suspended" => NeedKind::Suspended,
            "domain" => NeedKind::Domain,
            "invoice" => NeedKind::Invoice,
            _ => NeedKind::DomainMail,
        };
        Need {
            account: AccountId::from(row.account),
            kind,
            id: row.id,
            name: row.name,
            detail: row.detail,
            at: Timestamp(row.at),
        }
    };
    Ok(rows.into_iter().map(need).collect())
}

/// What needs whoever acts on their account. In a preview: what would need the person whom it shows.
pub async fn of_account(reader: &mut Reader<InAccount>) -> Result<Vec<Need>> {
    let (membership, now) = (reader.acting(), reader.now());
    let of = ToldMember {
        account: membership.account.as_str(),
        holder: &membership.holder,
        held: membership.permissions,
    };
    let mut needs = needs(reader.conn(), &[of], now).await?;
    // Links stay inside a preview.
    needs.iter_mut().for_each(|need| need.account = membership.in_url.clone());
    Ok(needs)
}
