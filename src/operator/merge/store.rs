//! SQL of merging.

use super::model::{MERGED, MergePlan, NAMED};
use super::words;
use crate::access::state::News;
use crate::access::{OfStaff, Reader, Tx};
use crate::error::{AppError, Result};
use crate::features::payments::store::FORGET_AT_THE_GATEWAY;
use crate::features::permissions;
use crate::permission::{Group, Permissions};
use crate::platform::db::{Conn, FromRow, args};
use crate::types::{AccountId, ContactId};
use std::collections::HashMap;

/// Permissions on single services and domains that a merge writes at most.
const MOST: usize = 20_000;

const TARGET: &str =
    "SELECT id, name, number FROM accounts WHERE number = $1 AND status = 'active' AND ended = ''";
const LIVES: &str = "SELECT ended = '' FROM accounts WHERE id = $1";
const COUNTS: &str = r"SELECT (SELECT count(*) FROM services WHERE account_id = $1),
        (SELECT count(*) FROM domains WHERE account_id = $1), (SELECT count(*) FROM outbox WHERE account_id = $1),
        (SELECT count(*) FROM notes WHERE account_id = $1),
        (SELECT count(*) FROM requests WHERE account_id = $1 AND state = 'pending')";
// Everybody on the emptied account, with their contact on the other, by address or by login.
const PEOPLE: &str = r"SELECT c.id, coalesce(nullif(trim(c.first_name || ' ' || c.last_name), ''),
        nullif(c.company, ''), c.email) AS name, c.is_owner, c.status = 'active' AND c.can_log_in AS enters,
        c.permissions, t.id AS there, coalesce(t.is_owner, FALSE) AS owns_there
    FROM contacts c
    LEFT JOIN contacts t ON t.id = coalesce((SELECT o.id FROM contacts o WHERE o.account_id = $2
        AND o.user_id = c.user_id), (SELECT o.id FROM contacts o WHERE o.account_id = $2
        AND o.email_key = c.email_key))
    WHERE c.account_id = $1
    ORDER BY c.name_key, c.id LIMIT 5001";
const ASSETS: &str = r"SELECT id, TRUE FROM services WHERE account_id = $1
    UNION ALL SELECT id, FALSE FROM domains WHERE account_id = $1";
const GRANTS: &str = r"SELECT g.holder_id, g.asset_id, g.permissions
    FROM contacts c
    JOIN grants g ON g.holder_id = c.id
    WHERE c.account_id = $1";
const GIVE: &str = r"INSERT INTO grants (holder_id, asset_id, permissions)
    VALUES ($1, $2, $3)
    ON CONFLICT (holder_id, asset_id) DO UPDATE SET permissions = $3";
const MOVE: &str = r"UPDATE contacts
    SET account_id = $2, permissions = '', mail = '', updated_at = $3, version = version + 1,
        key_version = key_version + 1
    WHERE id = $1";
const MOVE_INVITATIONS: &str = "UPDATE invitations SET account_id = $2 WHERE contact_id = $1";
const OWNER_THERE: &str = r"INSERT INTO contacts (id, account_id, user_id, first_name, last_name, company, email,
        email_key, phone, street, city, region, postcode, country, name_key, search_text, can_log_in, permissions,
        mail, created_at, updated_at)
    SELECT $2, $3, user_id, first_name, last_name, company, email, email_key, phone, street, city, region, postcode,
        country, name_key, search_text, user_id IS NOT NULL, '', '', $4, $4
    FROM contacts
    WHERE id = $1";
const CHANGED: &str =
    "UPDATE contacts SET version = version + 1, key_version = key_version + 1 WHERE id = $1";
// Tickets stay those of the person who opened them, or was added to them.
const TICKETS_OF: &[&str] = &[
    "UPDATE tickets SET opener_id = $2 WHERE opener_id = $1",
    "UPDATE ticket_messages SET contact_id = $2 WHERE contact_id = $1",
    "UPDATE OR IGNORE ticket_people SET contact_id = $2 WHERE contact_id = $1",
];
const DROP_CONTACT: &str = "DELETE FROM contacts WHERE id = $1";
/// What moves or ends with the account, in this order; `$2` is the account that stays.
const ALONG: &[&str] = &[
    "UPDATE services SET account_id = $2 WHERE account_id = $1",
    "UPDATE domains SET account_id = $2 WHERE account_id = $1",
    "UPDATE requests SET account_id = $2 WHERE account_id = $1",
    "UPDATE outbox SET account_id = $2 WHERE account_id = $1",
    "UPDATE notes SET account_id = $2 WHERE account_id = $1",
    "UPDATE tickets SET account_id = $2 WHERE account_id = $1",
    "UPDATE attachments SET account_id = $2 WHERE account_id = $1",
    "UPDATE invoices SET account_id = $2 WHERE account_id = $1",
    "UPDATE payments SET account_id = $2 WHERE account_id = $1",
    "UPDATE ledger SET account_id = $2 WHERE account_id = $1",
    "UPDATE checkouts SET account_id = $2 WHERE account_id = $1",
    "UPDATE refunds SET account_id = $2 WHERE account_id = $1",
    "UPDATE deliveries SET account_id = $2 WHERE account_id = $1",
    // The gateway keeps cards for a customer of its own, who is another one there.
    "UPDATE payment_methods SET state = 'gone', automatic = FALSE, account_id = $2 WHERE account_id = $1",
    FORGET_AT_THE_GATEWAY,
    "DELETE FROM gateway_customers WHERE account_id = $1",
    "UPDATE billing_items SET account_id = $2 WHERE account_id = $1",
    "UPDATE billing_events SET account_id = $2 WHERE account_id = $1",
];
/// Invitations of those who do not move.
const END_INVITATIONS: &str =
    "UPDATE invitations SET state = 'withdrawn', decided_at = $2 WHERE account_id = $1 AND state = 'pending'";
const ENDS: &[&str] = &[
    "UPDATE transfers SET state = 'withdrawn', decided_at = $2 WHERE account_id = $1 AND state = 'pending'",
    "UPDATE replacements SET state = 'stopped', decided_at = $2 WHERE account_id = $1 AND state = 'waiting'",
    "UPDATE asks SET decided_at = $2 WHERE account_id = $1 AND decided_at IS NULL",
];
const FAILING_ALONG: &str = "UPDATE OR IGNORE undeliverable SET account_id = $2 WHERE account_id = $1";
const FAILING_LEFT: &str = "DELETE FROM undeliverable WHERE account_id = $1";
const END_ROLES: &str = "DELETE FROM roles WHERE account_id = $1";
const END_PREVIEWS: &str = "DELETE FROM previews WHERE account_id = $1";
const END: &str = r"UPDATE accounts
    SET status = 'closed', ended = $2, billing_contact_id = NULL, version = version + 1
    WHERE id = $1 AND ended = ''";
const OWNERS: &str = r"SELECT coalesce(u.name, trim(c.first_name || ' ' || c.last_name)), coalesce(u.email, c.email)
    FROM accounts a
    JOIN contacts c ON c.id = a.owner_id
    LEFT JOIN users u ON u.id = c.user_id
    WHERE a.id IN ($1, $2)";

#[derive(FromRow)]
struct MergedPersonRow {
    id: String,
    name: String,
    is_owner: bool,
    enters: bool,
    permissions: String,
    there: Option<String>,
    owns_there: bool,
}

/// The open account with a number.
///
/// # Errors
/// [`AppError::Invalid`] beside the field for none, or for the account itself.
pub async fn target(conn: &mut Conn, from: &AccountId, number: &str) -> Result<(AccountId, String, i64)> {
    let number = number.trim().parse::<i64>().unwrap_or_default();
    let found: Option<(String, String, i64)> = conn.optional(TARGET, args![number]).await?;
    let (id, name, number) = found.ok_or_else(|| AppError::field("number", words::NO_SUCH_ACCOUNT))?;
    if id == from.as_str() {
        return Err(AppError::field("number", words::SAME_ACCOUNT));
    }
    Ok((id.into(), name, number))
}

/// Refuses an account that was ended.
///
/// # Errors
/// [`AppError::Conflict`].
pub async fn must_live(conn: &mut Conn, account: &AccountId) -> Result<()> {
    let lives: Option<bool> = conn.optional_value(LIVES, args![account.as_str()]).await?;
    match lives {
        Some(true) => Ok(()),
        Some(false) => Err(AppError::Conflict(words::IS_ENDED.into())),
        None => Err(AppError::NotFound),
    }
}

/// What would move.
pub async fn plan(
    reader: &mut Reader<OfStaff>,
    from: &AccountId,
    named: (String, i64),
    to: (AccountId, String, i64),
) -> Result<MergePlan> {
    let (services, domains, messages, notes, requests): (i64, i64, i64, i64, i64) =
        reader.one(COUNTS, args![from.as_str()]).await?;
    let people: Vec<MergedPersonRow> = reader.all(PEOPLE, args![from.as_str(), to.0.as_str()]).await?;
    let (joins, moves): (Vec<MergedPersonRow>, Vec<MergedPersonRow>) =
        people.into_iter().partition(|person| person.there.is_some());
    let names = |people: Vec<MergedPersonRow>| {
        let (count, mut names) = (people.len(), Vec::new());
        names.extend(people.into_iter().take(NAMED).map(|person| person.name));
        if count > NAMED {
            names.push(words::and_more(&(count - NAMED)));
        }
        names
    };
    Ok(MergePlan {
        from: named,
        to: Some(to),
        moves: names(moves),
        joins: names(joins),
        services,
        domains,
        messages,
        notes,
        requests,
    })
}

/// Names and addresses of both owners.
pub async fn owners(conn: &mut Conn, from: &AccountId, to: &AccountId) -> Result<Vec<(String, String)>> {
    Ok(conn.all(OWNERS, args![from.as_str(), to.as_str()]).await?)
}

/// Makes what one contact wrote and opened another's.
async fn give_tickets<S>(tx: &mut Tx<S>, from: &str, to: &str) -> Result<()> {
    for statement in TICKETS_OF {
        tx.conn().execute(*statement, args![from, to]).await?;
    }
    Ok(())
}

/// Merges one account into another.
///
/// # Errors
/// [`AppError::Conflict`] for what is too large for one step, or was ended meanwhile.
pub async fn merge<S>(tx: &mut Tx<S>, from: &AccountId, to: &AccountId) -> Result<()> {
    must_live(tx.conn(), from).await?;
    let now = tx.now().0;
    let people: Vec<MergedPersonRow> = tx.conn().all(PEOPLE, args![from.as_str(), to.as_str()]).await?;
    let assets: Vec<(String, bool)> = tx.conn().all(ASSETS, args![from.as_str()]).await?;
    let grants: Vec<(String, String, String)> = tx.conn().all(GRANTS, args![from.as_str()]).await?;
    if people.len() > 5_000 || people.len().saturating_mul(assets.len().max(1)) > MOST {
        return Err(AppError::Conflict(words::TOO_LARGE.into()));
    }
    let single: HashMap<(&str, &str), &str> = grants
        .iter()
        .map(|(holder, asset, keys)| ((holder.as_str(), asset.as_str()), keys.as_str()))
        .collect();
    permissions::store::clear_account(tx, from).await?;
    for statement in ENDS {
        tx.conn().execute(*statement, args![from.as_str(), now]).await?;
    }
    for person in &people {
        let there = match (&person.there, person.is_owner) {
            (Some(there), true) => {
                give_tickets(tx, &person.id, there).await?;
                there.clone()
            }
            (Some(there), false) => {
                give_tickets(tx, &person.id, there).await?;
                tx.conn().execute(DROP_CONTACT, args![&person.id]).await?;
                there.clone()
            }
            (None, true) => {
                let id = tx.new_id();
                tx.conn().execute(OWNER_THERE, args![&person.id, &id, to.as_str(), now]).await?;
                give_tickets(tx, &person.id, &id).await?;
                id
            }
            (None, false) => {
                tx.conn().execute(MOVE, args![&person.id, to.as_str(), now]).await?;
                tx.conn().execute(MOVE_INVITATIONS, args![&person.id, to.as_str()]).await?;
                person.id.clone()
            }
        };
        if person.enters && !person.owns_there {
            let everywhere = Permissions::of_contact(person.is_owner, &person.permissions);
            for (asset, is_service) in &assets {
                let here = single.get(&(person.id.as_str(), asset.as_str())).copied().unwrap_or_default();
                let group = if *is_service { Group::Service } else { Group::Domain };
                let held = Permissions::on_asset(everywhere, Permissions::from_keys(here), group);
                if !held.is_empty() {
                    tx.conn().execute(GIVE, args![&there, asset, held.keys()]).await?;
                }
            }
        }
        tx.conn().execute(CHANGED, args![&there]).await?;
        tx.tell(News::contact(from.clone(), ContactId::from(person.id.clone())));
        tx.tell(News::contact(to.clone(), ContactId::from(there)));
    }
    tx.conn().execute(END_INVITATIONS, args![from.as_str(), now]).await?;
    for statement in ALONG {
        tx.conn().execute(*statement, args![from.as_str(), to.as_str()]).await?;
    }
    tx.conn().execute(FAILING_ALONG, args![from.as_str(), to.as_str()]).await?;
    tx.conn().execute(FAILING_LEFT, args![from.as_str()]).await?;
    tx.conn().execute(END_ROLES, args![from.as_str()]).await?;
    tx.conn().execute(END_PREVIEWS, args![from.as_str()]).await?;
    match tx.conn().execute(END, args![from.as_str(), MERGED]).await? {
        0 => Err(AppError::Conflict(words::IS_ENDED.into())),
        _ => Ok(()),
    }
}
