//! Sessions: who is signed in, and as what on which account.
//!
//! A session is a row; the browser holds a random token of 256 bits and the row its SHA-256. A session exists only for a user
//! whose address is verified. It ends after [`DAYS`] days, at sign-out, or when the password changes.

use super::access::{OfUser, Open, Tx};
use super::state::Visit;
use super::token;
use crate::error::{AppError, Result};
use crate::permission::Permissions;
use crate::types::{AccountId, ContactId, UserId};
use axum::http::HeaderValue;

/// How long a session lasts.
pub const DAYS: i64 = 14;

/// The signed-in user of a request.
#[derive(Clone, Debug)]
pub struct SessionUser {
    /// Their id.
    pub id: UserId,
    /// Their e-mail address; verified, or there would be no session.
    pub email: String,
    /// Their name.
    pub name: String,
    /// The account they were in last.
    pub last_account: Option<AccountId>,
}

/// The signed-in user as a contact of one account.
#[derive(Clone, Debug)]
pub struct Member {
    /// Who they are.
    pub user: SessionUser,
    /// Their card on the account.
    pub contact: ContactId,
    /// Are they the owner?
    pub is_owner: bool,
    /// What they may do; everything for the owner.
    pub permissions: Permissions,
    /// The account.
    pub account: AccountId,
    /// Its name.
    pub account_name: String,
    /// Its number, as people quote it.
    pub account_number: i64,
}

const USER: &str = "SELECT u.id, u.email, u.name, u.last_account_id FROM sessions s JOIN users u ON u.id = s.user_id \
    WHERE s.token_hash = $1 AND s.expires_at > $2";

const MEMBER: &str = "SELECT u.id, u.email, u.name, u.last_account_id, c.id, c.is_owner, c.permissions, a.name, a.number \
    FROM sessions s JOIN users u ON u.id = s.user_id \
    LEFT JOIN contacts c ON c.user_id = u.id AND c.account_id = $3 AND c.status = 'active' AND c.can_log_in \
    LEFT JOIN accounts a ON a.id = c.account_id AND a.status = 'active' \
    WHERE s.token_hash = $1 AND s.expires_at > $2";

const INSERT: &str = "INSERT INTO sessions (token_hash, user_id, created_at, expires_at, source, agent) VALUES ($1, $2, $3, $4, $5, $6)";
const DELETE: &str = "DELETE FROM sessions WHERE token_hash = $1";
const DELETE_OF_USER: &str = "DELETE FROM sessions WHERE user_id = $1";
const DELETE_OTHERS: &str = "DELETE FROM sessions WHERE user_id = $1 AND token_hash <> $2";
const DELETE_EXPIRED: &str = "DELETE FROM sessions WHERE expires_at <= $1";
const SIGNED_IN: &str = "UPDATE users SET last_sign_in_at = $2 WHERE id = $1";

/// Every statement of this file, for the test that prepares them.
pub const STATEMENTS: &[&str] = &[USER, MEMBER, INSERT, DELETE, DELETE_OF_USER, DELETE_OTHERS, DELETE_EXPIRED, SIGNED_IN];

fn hash(visit: &Visit) -> Result<&str> {
    visit.session().ok_or(AppError::SignedOut)
}

/// The user of a request's session.
///
/// # Errors
/// [`AppError::SignedOut`] when there is none.
pub(in crate::server) async fn user(visit: &Visit) -> Result<SessionUser> {
    let mut reader = visit.house().database().reader().await?;
    let row: Option<(String, String, String, Option<String>)> =
        sqlx::query_as(USER).bind(hash(visit)?).bind(visit.house().now().0).fetch_optional(&mut *reader).await?;
    let (id, email, name, last) = row.ok_or(AppError::SignedOut)?;
    Ok(SessionUser { id: id.into(), email, name, last_account: last.map(AccountId::from) })
}

/// The user of a request's session as a contact of an account, in one indexed query.
///
/// # Errors
/// [`AppError::SignedOut`] without a session; [`AppError::NotFound`] when the account is closed, does not exist, or is not
/// theirs to enter (S4).
pub(in crate::server) async fn member(visit: &Visit, account: &AccountId) -> Result<Member> {
    type Row = (String, String, String, Option<String>, Option<String>, Option<bool>, Option<String>, Option<String>, Option<i64>);
    let mut reader = visit.house().database().reader().await?;
    let row: Option<Row> = sqlx::query_as(MEMBER).bind(hash(visit)?).bind(visit.house().now().0).bind(account.as_str()).fetch_optional(&mut *reader).await?;
    let (id, email, name, last, contact, is_owner, permissions, account_name, number) = row.ok_or(AppError::SignedOut)?;
    let (Some(contact), Some(account_name), Some(account_number)) = (contact, account_name, number) else {
        return Err(AppError::NotFound);
    };
    let is_owner = is_owner.unwrap_or_default();
    let permissions = if is_owner { Permissions::all() } else { Permissions::from_keys(&permissions.unwrap_or_default()) };
    Ok(Member {
        user: SessionUser { id: id.into(), email, name, last_account: last.map(AccountId::from) },
        contact: contact.into(),
        is_owner,
        permissions,
        account: account.clone(),
        account_name,
        account_number,
    })
}

/// Name of the session cookie: with the `__Host-` prefix where https allows it (RFC 6265bis §4.1.3.2).
pub fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-latchkey" } else { "latchkey" }
}

fn cookie(secure: bool, value: &str, max_age: i64) -> HeaderValue {
    let name = cookie_name(secure);
    let secure = if secure { "; Secure" } else { "" };
    HeaderValue::try_from(format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age}{secure}")).expect("tokens are plain ASCII")
}

/// Starts a session for a user, ends the one this browser had (rotation), and returns the cookie to set.
pub async fn start(tx: &mut Tx<Open>, visit: &Visit, user: &UserId) -> Result<HeaderValue> {
    let now = tx.now();
    let token = token::new_token();
    if let Some(old) = visit.session() {
        sqlx::query(DELETE).bind(old).execute(tx.conn()).await?;
    }
    sqlx::query(DELETE_EXPIRED).bind(now.0).execute(tx.conn()).await?;
    sqlx::query(INSERT)
        .bind(token::hash(&token))
        .bind(user.as_str())
        .bind(now.0)
        .bind(now.plus_days(DAYS).0)
        .bind(visit.source().to_string())
        .bind(visit.agent())
        .execute(tx.conn())
        .await?;
    sqlx::query(SIGNED_IN).bind(user.as_str()).bind(now.0).execute(tx.conn()).await?;
    Ok(cookie(visit.house().config().secure(), &token, DAYS * 86_400))
}

/// Ends the session of this browser and returns the cookie that clears its token.
pub async fn end(tx: &mut Tx<Open>, visit: &Visit) -> Result<HeaderValue> {
    if let Some(old) = visit.session() {
        sqlx::query(DELETE).bind(old).execute(tx.conn()).await?;
    }
    Ok(cookie(visit.house().config().secure(), "", 0))
}

/// Ends every session of a user, for example after a change of password.
pub async fn end_all<S>(tx: &mut Tx<S>, user: &UserId) -> Result<()> {
    sqlx::query(DELETE_OF_USER).bind(user.as_str()).execute(tx.conn()).await?;
    Ok(())
}

/// Ends every session of the acting user but the one of this browser.
pub async fn end_others(tx: &mut Tx<OfUser>, visit: &Visit) -> Result<()> {
    let user = tx.user().clone();
    sqlx::query(DELETE_OTHERS).bind(user.as_str()).bind(hash(visit)?).execute(tx.conn()).await?;
    Ok(())
}
