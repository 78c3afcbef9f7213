//! SQL of replacements. Races are settled by the index on what waits, and by conditional updates.

use super::model::Replacement;
use super::waiting::Waiting;
use super::{mail, words};
use crate::access::state::News;
use crate::access::{InAccount, Open, Tx};
use crate::error::{AppError, Result};
use crate::features::audit::model::{AuditChange, AuditKind};
use crate::features::audit::record::{Actor, Entry};
use crate::features::permissions;
use crate::permission::Permissions;
use crate::platform::db::{Conn, args, made_statements};
use crate::types::{AccountId, ContactId};

macro_rules! replacement {
    ($rest:literal) => {
        concat!(
            r"SELECT r.id, r.account_id, r.from_id, r.to_id, a.name AS account, a.email AS main,
                    trim(f.first_name || ' ' || f.last_name) AS from_name, coalesce(fu.email, f.email) AS from_email,
                    coalesce(tu.name, trim(t.first_name || ' ' || t.last_name)) AS to_name,
                    coalesce(tu.email, t.email) AS to_email, r.by_name, coalesce(s.email, '') AS by_email, r.reason,
                    r.close_former, r.created_at, r.due_at
                FROM replacements r
                JOIN accounts a ON a.id = r.account_id
                JOIN contacts f ON f.id = r.from_id
                LEFT JOIN users fu ON fu.id = f.user_id
                JOIN contacts t ON t.id = r.to_id
                LEFT JOIN users tu ON tu.id = t.user_id
                LEFT JOIN users s ON s.id = r.user_id ",
            $rest
        )
    };
}

const WAITING: &str = replacement!("WHERE r.account_id = $1 AND r.state = 'waiting'");
const DUE: &str = replacement!("WHERE r.state = 'waiting' AND r.due_at <= $1 ORDER BY r.due_at LIMIT 100");
const BEGIN: &str = r"INSERT INTO replacements (id, account_id, from_id, to_id, user_id, by_name, reason,
        close_former, state, created_at, due_at)
    SELECT $1, a.id, a.owner_id, c.id, $4, $5, $6, $7, 'waiting', $8, $9
    FROM accounts a
    JOIN contacts c ON c.account_id = a.id AND c.id = $3 AND c.status = 'active' AND c.can_log_in
        AND c.user_id IS NOT NULL AND NOT c.is_owner
    WHERE a.id = $2
    ON CONFLICT DO NOTHING
    RETURNING id";
const DECIDE: &str =
    "UPDATE replacements SET state = $2, decided_at = $3 WHERE id = $1 AND state = 'waiting'";
const HAND_OVER: &str = r"UPDATE accounts
    SET owner_id = $2, email = CASE WHEN lower(email) = lower($4) THEN $5 ELSE email END, version = version + 1
    WHERE id = $1 AND owner_id = $3 AND EXISTS (SELECT 1 FROM contacts c WHERE c.id = $2 AND c.account_id = $1
        AND c.status = 'active' AND c.can_log_in AND c.user_id IS NOT NULL)";
const HELD: &str = r"UPDATE contacts
    SET permissions = $2, status = CASE WHEN $3 THEN 'closed' ELSE status END, updated_at = $4,
        version = version + 1, key_version = key_version + 1
    WHERE id = $1";
const BILLS_NO_MORE: &str =
    "UPDATE accounts SET billing_contact_id = NULL WHERE id = $1 AND billing_contact_id = $2";
const WITHDRAW_OFFERS: &str =
    "UPDATE transfers SET state = 'withdrawn', decided_at = $2 WHERE account_id = $1 AND state = 'pending'";

made_statements!(|| [WAITING, DUE].map(str::to_owned).into());

/// The replacement that waits on an account.
pub async fn waiting(conn: &mut Conn, account: &AccountId) -> Result<Option<Waiting>> {
    Ok(conn.optional(WAITING, args![account.as_str()]).await?)
}

/// The same as people see it.
pub async fn shown(conn: &mut Conn, account: &AccountId) -> Result<Option<Replacement>> {
    Ok(waiting(conn, account).await?.map(Waiting::shown))
}

/// Begins one, as the acting staff, and tells everybody whom it concerns.
///
/// # Errors
/// [`AppError::Conflict`] when one waits already; beside the field for a contact who cannot own the account.
pub async fn begin(
    tx: &mut Tx<InAccount>,
    contact: &ContactId,
    reason: &str,
    close_former: bool,
) -> Result<Waiting> {
    let (account, now, id) = (tx.account().clone(), tx.now(), tx.new_id());
    if waiting(tx.conn(), &account).await?.is_some() {
        return Err(AppError::Conflict(words::ALREADY.into()));
    }
    let (user, name) = (tx.membership().user.id.clone(), tx.membership().user.name.clone());
    let args = args![
        id,
        account.as_str(),
        contact.as_str(),
        user.as_str(),
        name,
        reason,
        close_former,
        now.0,
        now.plus_days(tx.app().config().lifetimes.replacement_days).0
    ];
    let made: Option<String> = tx.conn().optional_value(BEGIN, args).await?;
    let cannot = || AppError::field("contact", words::CANNOT_OWN);
    made.ok_or_else(cannot)?;
    let begun = waiting(tx.conn(), &account).await?.ok_or_else(cannot)?;
    let messages = mail::begun(tx.app(), &begun);
    tx.send_all(messages).await?;
    Ok(begun)
}

/// Stops what waits, and tells everybody whom it concerns.
///
/// # Errors
/// [`AppError::Conflict`] when nothing waits any more.
pub async fn stop(tx: &mut Tx<InAccount>) -> Result<Waiting> {
    let (account, now) = (tx.account().clone(), tx.now().0);
    let gone = || AppError::Conflict(words::NOTHING_WAITS.into());
    let stopped = waiting(tx.conn(), &account).await?.ok_or_else(gone)?;
    if tx.conn().execute(DECIDE, args![&stopped.id, "stopped", now]).await? == 0 {
        return Err(gone());
    }
    let messages = mail::stopped(tx.app(), &stopped);
    tx.send_all(messages).await?;
    Ok(stopped)
}

/// Hands over every account whose waiting time has passed.
pub async fn hand_over_due(tx: &mut Tx<Open>) -> Result<()> {
    let now = tx.now().0;
    let due: Vec<Waiting> = tx.conn().all(DUE, args![now]).await?;
    for one in due {
        hand_over(tx, &one).await?;
    }
    Ok(())
}

async fn hand_over(tx: &mut Tx<Open>, one: &Waiting) -> Result<()> {
    let (account, now) = (one.account_id(), tx.now().0);
    let args = args![account.as_str(), &one.to_id, &one.from_id, &one.from_email, &one.to_email];
    let done = tx.conn().execute(HAND_OVER, args).await? > 0;
    tx.conn().execute(DECIDE, args![&one.id, if done { "done" } else { "stopped" }, now]).await?;
    if !done {
        let messages = mail::stopped(tx.app(), one);
        tx.send_all(messages).await?;
        let entry = Entry::new(AuditKind::OwnershipWithdrawn, words::could_not(&one.to_name));
        return tx.record_for(&account, &Actor::program(), entry).await;
    }
    let left = if one.close_former { String::new() } else { Permissions::all().keys() };
    for (contact, keys, closes) in
        [(&one.from_id, left, one.close_former), (&one.to_id, String::new(), false)]
    {
        tx.conn().execute(HELD, args![contact, keys, closes, now]).await?;
        permissions::store::clear(tx, contact).await?;
        tx.tell(News::contact(account.clone(), contact.clone().into()));
    }
    if one.close_former {
        tx.conn().execute(BILLS_NO_MORE, args![account.as_str(), &one.from_id]).await?;
    }
    tx.conn().execute(WITHDRAW_OFFERS, args![account.as_str(), now]).await?;
    let messages = mail::done(tx.app(), one);
    tx.send_all(messages).await?;
    let both = |name: &str, email: &str| format!("{name} ({email})");
    let owner = AuditChange::between(
        words::OWNER,
        both(&one.from_name, &one.from_email),
        both(&one.to_name, &one.to_email),
    );
    let main = one
        .moves_main()
        .then(|| AuditChange::between(words::MAIN_ADDRESS, &one.main, &one.to_email))
        .flatten();
    let entry =
        Entry::new(AuditKind::OwnershipAccepted, words::became_the_owner(&one.to_name, &one.to_email));
    tx.record_for(&account, &Actor::program(), entry.with(owner.into_iter().chain(main))).await
}
