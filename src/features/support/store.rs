//! SQL of looks of staff at an account. Races are settled by conditional updates and a unique index.

use super::mail::AboutOwner;
use super::model::{ALLOWED_MINUTES, ASKED_MINUTES, SupportAccess, SupportChoice, WaitingView};
use crate::access::{InAccount, OfAccount, Tx};
use crate::error::{AppError, Result};
use crate::features::accounts::store::{Concerned, concerned};
use crate::platform::db::args;
use crate::types::{AccountId, ContactId, Timestamp};

const CHOICE: &str = "SELECT support_access FROM accounts WHERE id = $1";
const WAITING: &str = r"SELECT id, by_name, reason, created_at
    FROM support_views
    WHERE account_id = $1 AND state = 'pending' AND expires_at > $2
    ORDER BY created_at, id";
const OPEN: &str = r"SELECT by_name, expires_at
    FROM support_views
    WHERE account_id = $1 AND state = 'allowed' AND expires_at > $2
    ORDER BY created_at, id";
const CHOOSE: &str =
    "UPDATE accounts SET support_access = $2, version = version + 1 WHERE id = $1 AND support_access <> $2";
const ANSWER: &str = r"UPDATE support_views
    SET state = $3, decided_at = $4, expires_at = $5
    WHERE account_id = $1 AND id = $2 AND state = 'pending' AND expires_at > $4
    RETURNING by_name";
const END: &str = r"UPDATE support_views
    SET state = 'ended', expires_at = $2
    WHERE account_id = $1 AND state IN ('pending', 'allowed')";
const END_GRANTS: &str = r"DELETE FROM grants
    WHERE holder_id IN (SELECT id FROM previews WHERE account_id = $1 AND viewer_id = 'staff')";
const END_PREVIEWS: &str = "DELETE FROM previews WHERE account_id = $1 AND viewer_id = 'staff'";
const EXPIRE: &str = r"UPDATE support_views
    SET state = 'ended'
    WHERE account_id = $1 AND state IN ('pending', 'allowed') AND expires_at <= $2";
const ASK: &str = r"INSERT INTO support_views (id, account_id, user_id, by_name, contact_id, reason,
        break_glass, state, created_at, decided_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT DO NOTHING
    RETURNING id";
const MINE: &str = r"SELECT state, reason, expires_at
    FROM support_views
    WHERE account_id = $1 AND user_id = $2 AND state IN ('pending', 'allowed') AND expires_at > $3
    ORDER BY state, created_at DESC LIMIT 1";
const SHOWN: &str = r"SELECT trim(first_name || ' ' || last_name), is_owner, permissions
    FROM contacts
    WHERE account_id = $1 AND id = $2 AND status = 'active' AND can_log_in";
const OPEN_VIEW: &str = r"INSERT INTO previews (id, user_id, viewer_id, key_version, account_id, contact_id,
        name, permissions, says, expires_at)
    VALUES ($1, $2, 'staff', 0, $3, $4, $5, $6, $7, $8)";
const COPY_GRANTS: &str = r"INSERT INTO grants (holder_id, asset_id, permissions)
    SELECT $1, asset_id, permissions FROM grants WHERE holder_id = $2";

/// What the account chose.
pub async fn access(on: &mut impl OfAccount) -> Result<SupportAccess> {
    let account = on.acting().account.clone();
    let key: String = on.connection().value(CHOICE, args![account.as_str()]).await?;
    Ok(SupportAccess::from_key(&key).unwrap_or(SupportAccess::Never))
}

/// What the owner chooses and answers.
pub async fn choice(on: &mut impl OfAccount) -> Result<SupportChoice> {
    let (account, now) = (on.acting().account.clone(), on.time());
    let access = access(on).await?;
    let waiting: Vec<(String, String, String, i64)> =
        on.connection().all(WAITING, args![account.as_str(), now.0]).await?;
    let open: Vec<(String, i64)> = on.connection().all(OPEN, args![account.as_str(), now.0]).await?;
    let view = |(id, by, reason, at)| WaitingView { id, by, reason, at: Timestamp(at) };
    Ok(SupportChoice {
        access,
        waiting: waiting.into_iter().map(view).collect(),
        open: open.into_iter().map(|(by, until)| (by, Timestamp(until))).collect(),
        now,
    })
}

/// Replaces the choice. Says whether it is another one. One against looking ends every look.
pub async fn choose(tx: &mut Tx<InAccount>, access: SupportAccess) -> Result<bool> {
    if access == SupportAccess::Never {
        end(tx).await?;
    }
    Ok(tx.execute(CHOOSE, args![access.key()]).await? > 0)
}

/// Ends every look and question.
pub async fn end(tx: &mut Tx<InAccount>) -> Result<()> {
    let now = tx.now().0;
    tx.execute(END, args![now]).await?;
    tx.execute(END_GRANTS, args![]).await?;
    tx.execute(END_PREVIEWS, args![]).await?;
    Ok(())
}

/// Answers a question. Returns who asked; `None` when it no longer waits.
pub async fn answer(tx: &mut Tx<InAccount>, view: &str, allowed: bool) -> Result<Option<String>> {
    let now = tx.now();
    let (state, until) =
        if allowed { ("allowed", now.plus_minutes(ALLOWED_MINUTES)) } else { ("refused", now) };
    Ok(tx.optional_value(ANSWER, args![view, state, now.0, until.0]).await?)
}

/// How the acting staff stand with the account: the look they asked for or may take.
pub async fn mine(on: &mut impl OfAccount) -> Result<Option<MyView>> {
    let (acting, now) = (on.acting(), on.time());
    let row: Option<(String, String, i64)> = on
        .connection()
        .optional(MINE, args![acting.account.as_str(), acting.user.id.as_str(), now.0])
        .await?;
    Ok(row.map(|(state, reason, until)| MyView {
        allowed: state == "allowed",
        reason,
        until: Timestamp(until),
    }))
}

/// A look of the acting staff.
pub struct MyView {
    /// The owner allowed it.
    pub allowed: bool,
    /// Why.
    pub reason: String,
    /// Until when it may be taken, or waits.
    pub until: Timestamp,
}

/// What staff ask for.
pub struct NewView<'a> {
    /// As whom they want to look.
    pub contact: &'a ContactId,
    /// Why.
    pub reason: &'a str,
    /// Without consent.
    pub break_glass: bool,
    /// It needs no answer.
    pub allowed: bool,
}

/// Notes that the acting staff ask to look, or may.
///
/// # Errors
/// [`AppError::Conflict`] when they asked already.
pub async fn ask(tx: &mut Tx<InAccount>, new: &NewView<'_>, again: &str) -> Result<()> {
    let (account, now, id) = (tx.account().clone(), tx.now(), tx.new_id());
    let user = tx.membership().user.clone();
    tx.execute(EXPIRE, args![now.0]).await?;
    let (state, minutes) =
        if new.allowed { ("allowed", ALLOWED_MINUTES) } else { ("pending", ASKED_MINUTES) };
    let made: Option<String> = tx
        .conn()
        .optional_value(
            ASK,
            args![
                id,
                account.as_str(),
                user.id.as_str(),
                &user.name,
                new.contact.as_str(),
                new.reason,
                new.break_glass,
                state,
                now.0,
                new.allowed.then_some(now.0),
                now.plus_minutes(minutes).0
            ],
        )
        .await?;
    made.map(|_| ()).ok_or_else(|| AppError::Conflict(again.into()))
}

/// Whom mail about looks goes to.
pub async fn owner(tx: &mut Tx<InAccount>) -> Result<AboutOwner> {
    let account = tx.account().clone();
    let Concerned { name, owner, .. } = concerned(tx, &account).await?;
    Ok(AboutOwner { account, account_name: name, owner })
}

/// Whom a look shows: name, whether they own the account, and the keys of what they may do.
///
/// # Errors
/// [`AppError::NotFound`] for who cannot enter the account.
pub async fn shown(on: &mut impl OfAccount, contact: &ContactId) -> Result<(String, bool, String)> {
    let account = on.acting().account.clone();
    let row = on.connection().optional(SHOWN, args![account.as_str(), contact.as_str()]).await?;
    row.ok_or(AppError::NotFound)
}

/// Opens a look of the acting staff: what stands for the account in its URLs.
pub async fn open_view(
    tx: &mut Tx<InAccount>,
    contact: &ContactId,
    name: &str,
    permissions: &str,
    says: &str,
    until: Timestamp,
) -> Result<AccountId> {
    let (account, id) = (tx.account().clone(), tx.new_id());
    let user = tx.membership().user.id.clone();
    tx.conn()
        .execute(
            OPEN_VIEW,
            args![&id, user.as_str(), account.as_str(), contact.as_str(), name, permissions, says, until.0],
        )
        .await?;
    tx.conn().execute(COPY_GRANTS, args![&id, contact.as_str()]).await?;
    Ok(id.into())
}
