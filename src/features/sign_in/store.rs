//! Sign-ins whose password was right and whose second factor is awaited: a row for ten minutes, and a cookie
//! that names it.

use super::words;
use crate::access::cookies::cookie;
use crate::access::request::RequestContext;
use crate::access::{Open, Reader, Tx};
use crate::error::{AppError, Result};
use crate::platform::db::{FromRow, args};
use crate::platform::token;
use crate::types::UserId;
use axum::http::HeaderValue;

/// How long the second factor is awaited.
const MINUTES: i64 = 10;
/// Wrong codes after which one has to start over with the password.
const TRIES: i64 = 10;
/// The try before which the person is told that there were wrong ones.
pub const TELLING: i64 = 5;

const INSERT: &str = "INSERT INTO pending_sign_ins (token_hash, user_id, expires_at) VALUES ($1, $2, $3)";
const FIND: &str = r"SELECT u.id, u.email, u.name
    FROM pending_sign_ins h
    JOIN users u ON u.id = h.user_id
    WHERE h.token_hash = $1 AND h.expires_at > $2 AND h.tries < $3";
const TRY: &str = r"UPDATE pending_sign_ins
    SET tries = tries + 1
    WHERE token_hash = $1 AND expires_at > $2 AND tries < $3
    RETURNING tries";
const END: &str = "DELETE FROM pending_sign_ins WHERE token_hash = $1 RETURNING user_id";
const END_OF_USER: &str = "DELETE FROM pending_sign_ins WHERE user_id = $1";

/// Name of the cookie, see [`crate::access::session::cookie_name`].
pub fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-latchkey-half" } else { "latchkey-half" }
}

/// Whose second factor is awaited.
#[derive(Clone, Debug, FromRow)]
pub struct PendingSignIn {
    /// The user.
    #[sqlx(try_from = "String")]
    pub id: UserId,
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
}

/// The refusal of what has no pending sign-in, or one that is over.
pub fn over() -> AppError {
    AppError::Conflict(words::THIS_SIGN_IN_TOOK_TOO.into())
}

/// Begins one and returns the cookie to set.
pub async fn begin(tx: &mut Tx<Open>, user: &UserId) -> Result<HeaderValue> {
    let (now, token) = (tx.now(), token::new_token());
    tx.conn().execute(INSERT, args![token::hash(&token), user.as_str(), now.plus_minutes(MINUTES).0]).await?;
    let secure = tx.app().config().secure();
    Ok(cookie(cookie_name(secure), secure, &token, MINUTES * 60))
}

/// Whose second factor this browser has to bring.
///
/// # Errors
/// [`over`].
pub async fn awaited(reader: &mut Reader<Open>, context: &RequestContext) -> Result<PendingSignIn> {
    let now = reader.now().0;
    let pending = context.pending_sign_in().ok_or_else(over)?;
    reader.conn().optional(FIND, args![pending, now, TRIES]).await?.ok_or_else(over)
}

/// Counts a try, before it is known whether it is right. Returns which it is.
///
/// # Errors
/// [`over`].
pub async fn count(tx: &mut Tx<Open>, context: &RequestContext) -> Result<i64> {
    let now = tx.now().0;
    let pending = context.pending_sign_in().ok_or_else(over)?;
    let tries: Option<i64> = tx.conn().optional_value(TRY, args![pending, now, TRIES]).await?;
    tries.ok_or_else(over)
}

/// Ends it: the second factor was brought. Of many at once, one ends it. Returns the cookie to set.
///
/// # Errors
/// [`over`].
pub async fn end(tx: &mut Tx<Open>, context: &RequestContext) -> Result<HeaderValue> {
    let pending = context.pending_sign_in().ok_or_else(over)?;
    let user: Option<String> = tx.conn().optional_value(END, args![pending]).await?;
    user.ok_or_else(over)?;
    let secure = tx.app().config().secure();
    Ok(cookie(cookie_name(secure), secure, "", 0))
}

/// Ends those of a user whose password or second factor has changed.
pub async fn end_of<S>(tx: &mut Tx<S>, user: &UserId) -> Result<()> {
    tx.conn().execute(END_OF_USER, args![user.as_str()]).await?;
    Ok(())
}
