//! SQL of handing over and leaving. Races are settled by conditional updates, the unique index on pending
//! offers, and the triggers that keep exactly one owner.

use super::mail;
use super::model::{DAYS, Ownership, OwnershipParty, Successor, Transfer};
use super::words;
use crate::access::state::News;
use crate::access::{InAccount, OfAccount, Tx};
use crate::error::{AppError, Result};
use crate::features::audit::model::AuditKind;
use crate::features::audit::record::{Actor, Entry};
use crate::permission::Permissions;
use crate::platform::db::{Conn, FromRow, args};
use crate::types::{AccountId, ContactId, Timestamp};

const PENDING: &str = r"SELECT t.from_id, t.to_id, f.name AS from_name, u.name AS to_name,
        u.email AS to_email, t.created_at, t.expires_at
    FROM transfers t
    JOIN contacts cf ON cf.id = t.from_id
    JOIN users f ON f.id = cf.user_id
    JOIN contacts ct ON ct.id = t.to_id
    JOIN users u ON u.id = ct.user_id
    WHERE t.account_id = $1 AND t.state = 'pending' AND t.expires_at > $2";
const CANDIDATES: &str = r"SELECT c.id, u.name, u.email
    FROM contacts c
    JOIN users u ON u.id = c.user_id
    WHERE c.account_id = $1 AND c.status = 'active' AND c.can_log_in AND c.user_id IS NOT NULL
        AND NOT c.is_owner
    ORDER BY c.name_key, c.id LIMIT 100";
const OFFERED_BY: &str = r"SELECT f.name
    FROM transfers t
    JOIN contacts c ON c.id = t.from_id
    JOIN users f ON f.id = c.user_id
    WHERE t.to_id = $1 AND t.state = 'pending' AND t.expires_at > $2 LIMIT 1";
const LAPSE: &str = r"UPDATE transfers
    SET state = 'withdrawn', decided_at = $1
    WHERE state = 'pending' AND expires_at <= $1 AND ($2 = '' OR account_id = $2)
    RETURNING account_id, from_id, to_id";
const NAME: &str = "SELECT name FROM accounts WHERE id = $1";
const OFFER: &str = r"INSERT INTO transfers (id, account_id, from_id, to_id, created_at,
        expires_at) SELECT $1, $2, $3, c.id, $5, $6
    FROM contacts c
    WHERE c.id = $4 AND c.account_id = $2 AND c.status = 'active' AND c.can_log_in AND c.user_id IS NOT NULL
        AND NOT c.is_owner
    ON CONFLICT DO NOTHING
    RETURNING id";
const DECIDE_AS_OWNER: &str = r"UPDATE transfers
    SET state = 'withdrawn', decided_at = $3
    WHERE account_id = $1 AND from_id = $2 AND state = 'pending'
    RETURNING to_id";
const DECIDE_AS_OTHER: &str = r"UPDATE transfers
    SET state = $4, decided_at = $3
    WHERE account_id = $1 AND to_id = $2 AND state = 'pending' AND expires_at > $3
    RETURNING from_id";
const HAND_OVER: &str = r"UPDATE accounts
    SET owner_id = $2
    WHERE id = $1 AND owner_id = $3 AND EXISTS (SELECT 1 FROM contacts c WHERE c.id = $2
        AND c.account_id = $1 AND c.status = 'active' AND c.can_log_in AND c.user_id IS NOT NULL)";
const KEYS: &str = r"UPDATE contacts
    SET permissions = $2, updated_at = $3, version = version + 1, key_version = key_version + 1
    WHERE id = $1";
const PERSON: &str = r"SELECT u.name, u.email, a.email
    FROM contacts c
    JOIN users u ON u.id = c.user_id
    JOIN accounts a ON a.id = c.account_id
    WHERE c.id = $1";
const OWNER: &str = r"SELECT u.name, u.email, a.email
    FROM contacts c
    JOIN users u ON u.id = c.user_id
    JOIN accounts a ON a.id = c.account_id
    WHERE c.account_id = $1 AND c.is_owner";
const LEAVE: &str = r"UPDATE contacts
    SET user_id = NULL, can_log_in = FALSE, status = 'closed', permissions = '', updated_at = $2,
        version = version + 1, key_version = key_version + 1, signed_in_at = 0
    WHERE id = $1 AND NOT is_owner AND user_id IS NOT NULL";
const DROP_OFFERS: &str =
    "UPDATE transfers SET state = 'withdrawn', decided_at = $2 WHERE to_id = $1 AND state = 'pending'";

async fn person<S>(tx: &mut Tx<S>, sql: &'static str, id: &str) -> Result<OwnershipParty> {
    let row: Option<(String, String, String)> = tx.conn().optional(sql, args![id]).await?;
    row.map(|(name, email, main_address)| OwnershipParty { name, email, main_address })
        .ok_or(AppError::NotFound)
}

/// The person behind a contact, with the account's main address.
pub async fn of_contact(tx: &mut Tx<InAccount>, contact: &ContactId) -> Result<OwnershipParty> {
    person(tx, PERSON, contact.as_str()).await
}

/// The owner of the account.
pub async fn owner(tx: &mut Tx<InAccount>) -> Result<OwnershipParty> {
    let account = tx.account().clone();
    person(tx, OWNER, account.as_str()).await
}

#[derive(FromRow)]
struct PendingTransferRow {
    from_id: String,
    to_id: String,
    from_name: String,
    to_name: String,
    to_email: String,
    created_at: i64,
    expires_at: i64,
}

/// Who could own the account: other active contacts with a login, by name; at most 100.
pub async fn candidates(conn: &mut Conn, account: &AccountId) -> Result<Vec<Successor>> {
    let rows: Vec<(String, String, String)> = conn.all(CANDIDATES, args![account.as_str()]).await?;
    Ok(rows.into_iter().map(|(id, name, email)| (id.into(), name, email)).collect())
}

/// The offer that stands and, for the owner, who can be offered the account.
pub async fn show(on: &mut impl OfAccount) -> Result<Ownership> {
    let (membership, now) = (on.acting(), on.time());
    let row: Option<PendingTransferRow> =
        on.connection().optional(PENDING, args![membership.account.as_str(), now.0]).await?;
    // Only the two it is between know of it.
    let me = membership.contact.as_str();
    let mine = |row: &PendingTransferRow| row.from_id == me || row.to_id == me;
    let transfer = row.filter(|row| membership.preview.is_none() && mine(row)).map(|row| Transfer {
        from: row.from_name,
        for_me: row.to_id == me,
        to: (row.to_name, row.to_email),
        since: Timestamp(row.created_at),
        until: Timestamp(row.expires_at),
    });
    let candidates = match membership.is_owner {
        true => candidates(on.connection(), &membership.account).await?,
        false => Vec::new(),
    };
    let asked = match membership.is_owner {
        true => {
            Some(crate::features::second_factor::store::asked(on.connection(), &membership.user.id).await?)
        }
        false => None,
    };
    Ok(Ownership { transfer, candidates, asked, now })
}

/// Who offers the account to the acting contact, if somebody does.
pub async fn offered_by(on: &mut impl OfAccount) -> Result<Option<String>> {
    let (membership, now) = (on.acting(), on.time().0);
    if membership.is_owner || membership.preview.is_some() {
        return Ok(None);
    }
    Ok(on.connection().optional_value(OFFERED_BY, args![membership.contact.as_str(), now]).await?)
}

/// Offers the account to a contact.
///
/// # Errors
/// [`AppError::Conflict`] when an offer stands already (the index decides), or the contact cannot own the
/// account.
pub async fn offer(tx: &mut Tx<InAccount>, to: &ContactId) -> Result<()> {
    let (account, from, now, id) = (tx.account().clone(), tx.actor().clone(), tx.now(), tx.new_id());
    lapse(tx, account.as_str()).await?;
    let made: Option<String> = tx
        .conn()
        .optional_value(
            OFFER,
            args![id, account.as_str(), from.as_str(), to.as_str(), now.0, now.plus_days(DAYS).0],
        )
        .await?;
    let refused = || AppError::Conflict(words::THE_ACCOUNT_CANNOT_BE_OFFERED.into());
    made.map(|_| ()).ok_or_else(refused)
}

/// Ends offers that nobody has answered in time, of one account or, with an empty text, of all, and tells
/// everybody whom it concerns.
pub async fn lapse<S>(tx: &mut Tx<S>, account: &str) -> Result<()> {
    let now = tx.now().0;
    let over: Vec<(String, String, String)> = tx.conn().all(LAPSE, args![now, account]).await?;
    for (account, from, to) in over {
        let name: String = tx.conn().value(NAME, args![&account]).await?;
        let account = AccountId::from(account);
        let (from, to) = (person(tx, PERSON, &from).await?, person(tx, PERSON, &to).await?);
        let messages = mail::lapsed(tx.app(), mail::AboutOwnership(&account, &name), &from, &to);
        tx.send_all(messages).await?;
        let says = words::ended_the_offer_of_ownership(&to.name);
        tx.record_for(&account, &Actor::program(), Entry::new(AuditKind::OwnershipWithdrawn, says)).await?;
    }
    Ok(())
}

/// Ends an offer to a contact who is about to lose their login or their contact, and tells everybody whom it
/// concerns. Returns whom it was for.
pub async fn drop_offer<S>(
    tx: &mut Tx<S>,
    about: mail::AboutOwnership<'_>,
    contact: &ContactId,
) -> Result<Option<OwnershipParty>> {
    let now = tx.now().0;
    let ended = tx.conn().execute(DROP_OFFERS, args![contact.as_str(), now]).await?;
    if ended == 0 {
        return Ok(None);
    }
    let (to, owner) =
        (person(tx, PERSON, contact.as_str()).await?, person(tx, OWNER, about.0.as_str()).await?);
    let messages = mail::dropped(tx.app(), about, &owner, &to);
    tx.send_all(messages).await?;
    Ok(Some(to))
}

/// Ends an offer to somebody who is about to lose their access or their contact, tells everybody whom it
/// concerns, and records it.
pub async fn end_offer(tx: &mut Tx<InAccount>, contact: &ContactId) -> Result<()> {
    let membership = tx.acting();
    let Some(to) = drop_offer(tx, (&*membership).into(), contact).await? else { return Ok(()) };
    tx.record(Entry::new(AuditKind::OwnershipWithdrawn, words::ended_the_offer_of_ownership_to(&to.name)))
        .await
}

/// The refusal of an answer to an offer that does not stand.
fn gone() -> AppError {
    AppError::Conflict(words::THIS_OFFER_IS_NO_LONGER.into())
}

/// Takes the offer back, as the owner. Returns whom it was for.
///
/// # Errors
/// [`AppError::Conflict`] when it was answered meanwhile.
pub async fn withdraw(tx: &mut Tx<InAccount>) -> Result<ContactId> {
    let (from, now) = (tx.actor().clone(), tx.now().0);
    let to: Option<String> = tx.optional_value(DECIDE_AS_OWNER, args![from.as_str(), now]).await?;
    to.map(ContactId::from).ok_or_else(gone)
}

async fn answer(tx: &mut Tx<InAccount>, state: &str) -> Result<ContactId> {
    let (to, now) = (tx.actor().clone(), tx.now().0);
    let from: Option<String> = tx.optional_value(DECIDE_AS_OTHER, args![to.as_str(), now, state]).await?;
    from.map(ContactId::from).ok_or_else(gone)
}

/// Declines the offer, as whom it is for. Returns who made it.
///
/// # Errors
/// [`AppError::Conflict`] when it does not stand any more.
pub async fn decline(tx: &mut Tx<InAccount>) -> Result<ContactId> {
    answer(tx, "declined").await
}

/// Accepts the offer, as whom it is for: from now on they own the account, and the former owner holds
/// everything else. Returns the former owner.
///
/// # Errors
/// [`AppError::Conflict`] when it does not stand any more, or either of the two has changed meanwhile.
pub async fn accept(tx: &mut Tx<InAccount>) -> Result<ContactId> {
    let (account, to, now) = (tx.account().clone(), tx.actor().clone(), tx.now().0);
    let from = answer(tx, "accepted").await?;
    let done = tx.execute(HAND_OVER, args![to.as_str(), from.as_str()]).await?;
    if done == 0 {
        return Err(gone());
    }
    for (shown, keys) in [(&from, Permissions::all().keys()), (&to, String::new())] {
        tx.conn().execute(KEYS, args![shown.as_str(), keys, now]).await?;
        crate::features::permissions::store::clear(tx, shown.as_str()).await?;
        tx.tell(News::contact(account.clone(), shown.clone()));
    }
    Ok(from)
}

/// Gives up the acting contact's key: their contact is closed, without a login. Says whether it did; never
/// for the owner.
pub async fn leave(tx: &mut Tx<InAccount>) -> Result<bool> {
    let (account, contact, now) = (tx.account().clone(), tx.actor().clone(), tx.now().0);
    let done = tx.conn().execute(LEAVE, args![contact.as_str(), now]).await?;
    if done == 0 {
        return Ok(false);
    }
    crate::features::permissions::store::clear(tx, contact.as_str()).await?;
    tx.tell(News::contact(account, contact));
    Ok(true)
}
