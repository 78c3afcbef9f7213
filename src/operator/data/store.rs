//! SQL of a customer's data: what the archive holds, and what erasing takes away.

use super::model::{DataPage, ERASED};
use super::words;
use crate::access::{OfStaff, Reader, Tx};
use crate::error::{AppError, Result};
use crate::features::payments::store::FORGET_AT_THE_GATEWAY;
use crate::features::{permissions, users};
use crate::platform::db::{Conn, args, made_statements};
use crate::types::{AccountId, UserId};
use std::sync::LazyLock;

/// Rows of one kind that are read at once.
pub const PIECE: usize = 500;

/// A file of the archive: its name, the columns of a row, and where rows are. None of them is a secret.
const FILES: &[(&str, &[&str], &str)] = &[
    (
        "account",
        &[
            "id", "number", "name", "email", "phone", "street", "city", "region", "postcode", "country",
            "status", "mail", "billing_contact_id", "billing_only", "no_copies", "owner_id", "needs_factor",
            "support_access", "tax_id", "tax_state", "tax_checked_at", "tax", "endpoint", "reference",
            "invoice_channel", "created_at",
        ],
        "accounts t WHERE t.id = $1",
    ),
    (
        "contacts",
        &[
            "id", "first_name", "last_name", "company", "email", "phone", "street", "city", "region",
            "postcode", "country", "status", "is_owner", "can_log_in", "permissions", "mail", "signed_in_at",
            "created_at", "updated_at",
        ],
        "contacts t WHERE t.account_id = $1",
    ),
    (
        "invitations",
        &["id", "contact_id", "email", "state", "created_at", "expires_at", "decided_at"],
        "invitations t WHERE t.account_id = $1",
    ),
    ("roles", &["id", "name", "permissions", "created_at"], "roles t WHERE t.account_id = $1"),
    (
        "services",
        &[
            "id", "product", "label", "status", "price_cents", "currency", "cycle", "next_due", "domain",
            "server", "login_name", "notes", "panel_url", "created_at",
        ],
        "services t WHERE t.account_id = $1",
    ),
    (
        "domains",
        &[
            "id", "name", "status", "registered_at", "expires_at", "auto_renew", "locked", "nameservers",
            "created_at",
        ],
        "domains t WHERE t.account_id = $1",
    ),
    (
        "requests",
        &["id", "asset_id", "kind", "state", "by_name", "wanted", "wanted_from", "created_at", "decided_at"],
        "requests t WHERE t.account_id = $1",
    ),
    (
        "messages",
        &[
            "id", "kind", "category", "to_name", "to_email", "subject", "body_text", "state", "last_error",
            "created_at", "sent_at", "failed_at",
        ],
        "outbox t WHERE t.account_id = $1",
    ),
    (
        "tickets",
        &[
            "id", "number", "department_id", "asset_id", "subject", "priority", "status", "opener_id",
            "opened_by", "rating", "rating_text", "created_at", "changed_at", "closed_at",
        ],
        "tickets t WHERE t.account_id = $1",
    ),
    (
        "ticket-messages",
        &[
            "id", "ticket_id", "kind", "state", "badge", "by_name", "by_email", "text", "also_to",
            "created_at",
        ],
        "ticket_messages t WHERE t.ticket_id IN (SELECT k.id FROM tickets k WHERE k.account_id = $1)",
    ),
    (
        "attachments",
        &["id", "ticket_id", "message_id", "name", "content_type", "size", "hash", "created_at"],
        "attachments t WHERE t.account_id = $1",
    ),
    (
        "invoices",
        &[
            "id", "kind", "status", "number", "currency", "inclusive", "net", "tax", "rounding", "total",
            "paid", "credited", "payer", "seller", "taxes", "note", "corrects_id", "reason", "document",
            "issued_at", "due_at",
        ],
        "invoices t WHERE t.account_id = $1",
    ),
    (
        "invoice-lines",
        &["id", "invoice_id", "position", "description", "quantity", "price", "rate", "category", "net"],
        "invoice_lines t WHERE t.invoice_id IN (SELECT i.id FROM invoices i WHERE i.account_id = $1)",
    ),
    (
        "payments",
        &["id", "invoice_id", "method", "amount", "currency", "received_at", "reference", "created_at"],
        "payments t WHERE t.account_id = $1",
    ),
    (
        "ledger",
        &["id", "entry_id", "book", "amount", "currency", "invoice_id", "payment_id", "says", "created_at"],
        "ledger t WHERE t.account_id = $1",
    ),
    (
        "payment-methods",
        &["id", "label", "expires", "automatic", "state", "by_name", "created_at"],
        "payment_methods t WHERE t.account_id = $1",
    ),
    (
        "checkouts",
        &[
            "id", "invoice_id", "amount", "currency", "state", "by_name", "reference", "created_at",
            "settled_at",
        ],
        "checkouts t WHERE t.account_id = $1",
    ),
    (
        "refunds",
        &["id", "checkout_id", "amount", "currency", "state", "by_name", "created_at", "settled_at"],
        "refunds t WHERE t.account_id = $1",
    ),
    (
        "deliveries",
        &["id", "invoice_id", "sender", "receiver", "state", "at"],
        "deliveries t WHERE t.account_id = $1",
    ),
    (
        "billing-items",
        &["id", "description", "amount", "currency", "due_at", "created_at", "invoice_id"],
        "billing_items t WHERE t.account_id = $1",
    ),
    (
        "billing-events",
        &["id", "night", "event", "invoice_id", "at", "says"],
        "billing_events t WHERE t.account_id = $1",
    ),
    ("notes", &["id", "by_name", "text", "created_at"], "notes t WHERE t.account_id = $1"),
    (
        "support-views",
        &["id", "by_name", "reason", "break_glass", "state", "created_at", "decided_at"],
        "support_views t WHERE t.account_id = $1",
    ),
    (
        "activity",
        &["id", "at", "actor_kind", "actor_name", "source", "agent", "kind", "says", "changes"],
        "activity t WHERE t.scope_id = $1",
    ),
];

static STATEMENTS: LazyLock<Vec<(&str, String)>> = LazyLock::new(|| {
    let statement = |(name, columns, rows): &(&'static str, &[&str], &str)| {
        let pairs: Vec<String> = columns.iter().map(|column| format!("'{column}', t.{column}")).collect();
        let sql = format!(
            "SELECT t.id, json_object({}) FROM {rows} AND t.id > $2 ORDER BY t.id LIMIT {PIECE}",
            pairs.join(", ")
        );
        (*name, sql)
    };
    FILES.iter().map(statement).collect()
});

// What is held on single services and domains has no id of its own.
const GRANTS: &str = r"SELECT json_object('contact_id', g.holder_id, 'asset_id', g.asset_id, 'permissions', g.permissions)
    FROM contacts c
    JOIN grants g ON g.holder_id = c.id
    WHERE c.account_id = $1";

const COUNTS: &str = r"SELECT a.name, a.number, a.status = 'closed', a.ended,
        (SELECT count(*) FROM contacts WHERE account_id = a.id),
        (SELECT count(*) FROM services WHERE account_id = a.id),
        (SELECT count(*) FROM domains WHERE account_id = a.id),
        (SELECT count(*) FROM outbox WHERE account_id = a.id)
    FROM accounts a
    WHERE a.id = $1";
/// Logins that enter no other account. Staff are contacts of none.
const LOGINS: &str = r"SELECT u.id, u.email
    FROM contacts c
    JOIN users u ON u.id = c.user_id
    WHERE c.account_id = $1
        AND NOT EXISTS (SELECT 1 FROM contacts o WHERE o.user_id = c.user_id AND o.account_id <> $1)";
const STATE: &str = "SELECT number, status = 'closed', ended FROM accounts WHERE id = $1";

/// What erasing does, in this order. The owner's contact stays without a name: an account has an owner.
const ERASE: &[&str] = &[
    "DELETE FROM previews WHERE account_id = $1",
    "DELETE FROM support_views WHERE account_id = $1",
    "DELETE FROM asks WHERE account_id = $1",
    "DELETE FROM transfers WHERE account_id = $1",
    "DELETE FROM replacements WHERE account_id = $1",
    "DELETE FROM main_address_changes WHERE account_id = $1",
    "DELETE FROM invitations WHERE account_id = $1",
    "DELETE FROM roles WHERE account_id = $1",
    "DELETE FROM requests WHERE account_id = $1",
    "DELETE FROM notes WHERE account_id = $1",
    "DELETE FROM ticket_drafts WHERE account_id = $1",
    "DELETE FROM attachments WHERE account_id = $1",
    "DELETE FROM incoming WHERE account_id = $1",
    "DELETE FROM tickets WHERE account_id = $1",
    "DELETE FROM payment_methods WHERE account_id = $1",
    FORGET_AT_THE_GATEWAY,
    "DELETE FROM gateway_customers WHERE account_id = $1",
    "UPDATE checkouts SET by_name = '', url = '' WHERE account_id = $1",
    "UPDATE refunds SET by_name = '' WHERE account_id = $1",
    "DELETE FROM billing_items WHERE account_id = $1 AND invoice_id IS NULL",
    "DELETE FROM invoices WHERE account_id = $1 AND status = 'draft'",
    "DELETE FROM undeliverable WHERE account_id = $1",
    "DELETE FROM outbox WHERE account_id = $1",
    "DELETE FROM domains WHERE account_id = $1",
    r"UPDATE services
        SET label = '', domain = '', server = '', login_name = '', notes = '', panel_url = '',
            status = 'cancelled', name_key = lower(product), search_text = lower(product)
        WHERE account_id = $1",
    "UPDATE accounts SET billing_contact_id = NULL WHERE id = $1",
    "DELETE FROM contacts WHERE account_id = $1 AND NOT is_owner",
];
const ERASE_OWNER: &str = r"UPDATE contacts
    SET user_id = NULL, first_name = '', last_name = $2, company = '', email = $3, email_key = $3, phone = '',
        street = '', city = '', region = '', postcode = '', country = '', name_key = lower($2),
        search_text = lower($2), permissions = '', mail = '', signed_in_at = 0, entered_at = 0,
        import_id = NULL, version = version + 1, key_version = key_version + 1
    WHERE account_id = $1 AND is_owner";
const ERASE_ACCOUNT: &str = r"UPDATE accounts
    SET name = $2, email = $3, phone = '', street = '', city = '', region = '', postcode = '', tax_id = '', endpoint = '', reference = '', invoice_channel = '', tax_state = '',
        tax_consultation = '',
        mail = '', ended = $4, version = version + 1
    WHERE id = $1";

made_statements!(|| STATEMENTS.iter().map(|(_, sql)| sql.clone()).collect());

/// Names of the files of an archive, in their order.
pub fn files() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(name, ..)| *name)
}

/// A piece of a file, from the row after `after` on: each row as JSON, and the last row's id.
pub async fn piece(
    conn: &mut Conn,
    account: &AccountId,
    file: &str,
    after: &str,
) -> Result<(Vec<String>, Option<String>)> {
    let Some((_, sql)) = STATEMENTS.iter().find(|(name, _)| *name == file) else {
        return Ok((Vec::new(), None));
    };
    let rows: Vec<(String, String)> = conn.all(sql.as_str(), args![account.as_str(), after]).await?;
    let next = (rows.len() == PIECE).then(|| rows.last().map(|(id, _)| id.clone())).flatten();
    Ok((rows.into_iter().map(|(_, json)| json).collect(), next))
}

/// What contacts hold on single services and domains, each as JSON.
pub async fn grants(conn: &mut Conn, account: &AccountId) -> Result<Vec<String>> {
    Ok(conn.values(GRANTS, args![account.as_str()]).await?)
}

/// What there is of a customer.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn counts(reader: &mut Reader<OfStaff>, account: &AccountId) -> Result<DataPage> {
    type Counts = (String, i64, bool, String, i64, i64, i64, i64);
    let row: Option<Counts> = reader.optional(COUNTS, args![account.as_str()]).await?;
    let (name, number, closed, ended, contacts, services, domains, messages) =
        row.ok_or(AppError::NotFound)?;
    let logins: Vec<(String, String)> = reader.all(LOGINS, args![account.as_str()]).await?;
    let logins = i64::try_from(logins.len()).unwrap_or(i64::MAX);
    Ok(DataPage {
        name,
        number,
        closed,
        ended,
        contacts,
        logins,
        services,
        domains,
        messages,
        ..DataPage::default()
    })
}

/// Erases a closed account whose number was typed.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Invalid`] for another number; [`AppError::Conflict`] for an account that is
/// not closed, or was ended already.
pub async fn erase(tx: &mut Tx<OfStaff>, account: &AccountId, typed: &str) -> Result<()> {
    let state: Option<(i64, bool, String)> = tx.conn().optional(STATE, args![account.as_str()]).await?;
    let (number, closed, ended) = state.ok_or(AppError::NotFound)?;
    if !ended.is_empty() {
        return Err(AppError::Conflict(words::ENDED.into()));
    }
    if !closed {
        return Err(AppError::Conflict(words::NOT_CLOSED.into()));
    }
    if typed.trim() != number.to_string() {
        return Err(AppError::field("number", words::NOT_THE_NUMBER));
    }
    let logins: Vec<(String, String)> = tx.conn().all(LOGINS, args![account.as_str()]).await?;
    let email = format!("erased-{number}@erased.invalid");
    tx.conn().execute(ERASE_OWNER, args![account.as_str(), words::ERASED_NAME, &email]).await?;
    for (user, address) in logins {
        users::store::forget_user(tx, &UserId::from(user), &address).await?;
    }
    permissions::store::clear_account(tx, account).await?;
    for statement in ERASE {
        tx.conn().execute(*statement, args![account.as_str()]).await?;
    }
    let name = words::erased_customer(&number);
    tx.conn().execute(ERASE_ACCOUNT, args![account.as_str(), name, email, ERASED]).await?;
    Ok(())
}
