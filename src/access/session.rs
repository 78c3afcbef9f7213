//! Sessions: who is signed in, since when, and until when. As what on which account is
//! [`crate::access::membership`]'s.
//!
//! A session is a row; the browser holds a random token of 256 bits and the row its SHA-256. A session exists
//! only for a user whose address is verified. It ends after [`DAYS`] days, after the days that staff set without
//! use, at sign-out, when its user ends it from another browser, or when the password changes (OWASP ASVS 5.0
//! §7.3).

use crate::access::cookies::cookie;
use crate::access::membership::SessionUser;
use crate::access::request::RequestContext;
use crate::access::{OfUser, Open, Reader, Tx};
use crate::error::{AppError, Result};
use crate::platform::db::{Conn, FromRow, args};
use crate::platform::token;
use crate::types::{AccountId, Timestamp, UserId, browser_name};
use axum::http::HeaderValue;

/// How long a session lasts.
pub const DAYS: i64 = 14;
/// How long somebody who proved to be there may do what is dangerous.
pub const CONFIRMED_MINUTES: i64 = 10;
/// How exactly it is known when a session was last used: reading pages should not write each time.
const USED_MINUTES: i64 = 5;

const USER: &str = r"SELECT u.id, u.email, u.name, u.last_account_id, u.has_factor, s.id AS session,
        s.confirmed_at, s.last_used_at
    FROM sessions s
    JOIN users u ON u.id = s.user_id
    WHERE s.token_hash = $1 AND s.expires_at > $2 AND s.last_used_at > $3";

const STILL_SIGNED_IN: &str = r"SELECT user_id, confirmed_at
    FROM sessions
    WHERE token_hash = $1 AND expires_at > $2 AND last_used_at > 0";
const INSERT: &str = r"INSERT INTO sessions (token_hash, user_id, created_at, expires_at, source, agent, id,
        last_used_at, confirmed_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $3, $8)";
const TOUCH: &str = r"UPDATE sessions
    SET last_used_at = $2, source = $3
    WHERE token_hash = $1 AND last_used_at BETWEEN 1 AND $2 - 1";
const CONFIRM: &str =
    "UPDATE sessions SET confirmed_at = $2, token_hash = $3 WHERE token_hash = $1 RETURNING expires_at";
const OF_USER: &str = r"SELECT id, created_at, last_used_at, source, agent, token_hash = $3
    FROM sessions
    WHERE user_id = $1 AND expires_at > $2 AND last_used_at > $4
    ORDER BY last_used_at DESC LIMIT 100";
const COUNT: &str = "SELECT count(*) FROM sessions WHERE expires_at > $1";
const LATELY: &str = "SELECT user_id FROM sessions WHERE token_hash = $1";
// What has ended stays for a day, see `lately`. It was never used, so that it stays ended when the clock is
// set back.
const END_ONE: &str = r"UPDATE sessions
    SET expires_at = $3, last_used_at = 0
    WHERE user_id = $1 AND id = $2 AND expires_at > $3
    RETURNING agent";
const END: &str =
    "UPDATE sessions SET expires_at = $2, last_used_at = 0 WHERE token_hash = $1 AND expires_at > $2";
const END_OF_USER: &str =
    "UPDATE sessions SET expires_at = $2, last_used_at = 0 WHERE user_id = $1 AND expires_at > $2";
const END_OTHERS: &str = r"UPDATE sessions
    SET expires_at = $3, last_used_at = 0
    WHERE user_id = $1 AND token_hash <> $2 AND expires_at > $3";
const UNCONFIRM: &str = "UPDATE sessions SET confirmed_at = 0 WHERE user_id = $1 AND token_hash <> $2";
const SIGNED_IN: &str = "UPDATE users SET last_sign_in_at = $2, last_sign_in_from = $3 WHERE id = $1";
const SIGNED_IN_CONTACTS: &str = "UPDATE contacts SET signed_in_at = $2 WHERE user_id = $1";

/// What names the session of a request in the table.
///
/// # Errors
/// [`AppError::SignedOut`] when there is none.
pub(super) fn hash(context: &RequestContext) -> Result<&str> {
    context.session().ok_or(AppError::SignedOut)
}

/// The user of a request's session.
///
/// # Errors
/// [`AppError::SignedOut`] when there is none.
pub(crate) async fn user(context: &RequestContext) -> Result<SessionUser> {
    let mut reader = context.app().database().reader().await?;
    let now = context.app().now();
    let row: Option<UserRow> =
        reader.optional(USER, args![hash(context)?, now.0, context.app().idle_since().0]).await?;
    Ok(row.ok_or(AppError::SignedOut)?.used(context))
}

#[derive(FromRow)]
pub(super) struct UserRow {
    id: String,
    email: String,
    name: String,
    last_account_id: Option<String>,
    pub(super) has_factor: bool,
    session: String,
    confirmed_at: i64,
    last_used_at: i64,
}

impl UserRow {
    /// Whose session it is. Notes beside that it was used, if that has not been noted for a while.
    pub(super) fn used(self, context: &RequestContext) -> SessionUser {
        let now = context.app().now();
        if self.last_used_at < now.plus_minutes(-USED_MINUTES).0 {
            let context = context.clone();
            tokio::spawn(async move {
                // A convenience: when the disk is full, people can still read.
                if let Err(error) = touch(&context, now).await {
                    tracing::warn!(%error, "the use of a session was not noted");
                }
            });
        }
        SessionUser {
            id: self.id.into(),
            email: self.email,
            name: self.name,
            last_account: self.last_account_id.map(AccountId::from),
            has_factor: self.has_factor,
            session: self.session,
            confirmed: Timestamp(self.confirmed_at),
        }
    }
}

async fn touch(context: &RequestContext, now: Timestamp) -> Result<()> {
    let mut tx = context.app().database().write().await?;
    tx.execute(TOUCH, args![hash(context)?, now.0, context.source().to_string()]).await?;
    Ok(tx.commit().await?)
}

/// Checks under the write lock that the session has not been ended meanwhile, by a change of the password for
/// example. Returns when its user last proved to be there.
///
/// # Errors
/// [`AppError::SignedOut`].
pub(crate) async fn still_signed_in(
    conn: &mut Conn,
    context: &RequestContext,
    user: &UserId,
) -> Result<Timestamp> {
    let now = context.app().now().0;
    let found: Option<(String, i64)> = conn.optional(STILL_SIGNED_IN, args![hash(context)?, now]).await?;
    found
        .filter(|(of, _)| of == user.as_str())
        .map(|(_, confirmed)| Timestamp(confirmed))
        .ok_or(AppError::SignedOut)
}

/// Name of the session cookie: with the `__Host-` prefix where https allows it (RFC 6265bis §4.1.3.2).
pub fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-latchkey" } else { "latchkey" }
}

/// Starts a session for a user, ends the one this browser had (rotation), and returns the cookie to set.
/// `proven` says that they proved to be there with everything they have; a remembered device is not asked for
/// all of it.
pub async fn start(
    tx: &mut Tx<Open>,
    context: &RequestContext,
    user: &UserId,
    proven: bool,
) -> Result<HeaderValue> {
    let now = tx.now();
    let (token, id) = (token::new_token(), tx.new_id());
    end(tx, context).await?;
    tx.conn()
        .execute(
            INSERT,
            args![
                token::hash(&token),
                user.as_str(),
                now.0,
                now.plus_days(DAYS).0,
                context.source().to_string(),
                context.agent(),
                id,
                if proven { now.0 } else { 0 }
            ],
        )
        .await?;
    let from = format!("{} · {}", browser_name(context.agent()), context.source());
    tx.conn().execute(SIGNED_IN, args![user.as_str(), now.0, from]).await?;
    tx.conn().execute(SIGNED_IN_CONTACTS, args![user.as_str(), now.0]).await?;
    let secure = context.app().config().secure();
    Ok(cookie(cookie_name(secure), secure, &token, DAYS * 86_400))
}

/// Ends the session of this browser and returns the cookie that clears its token.
pub async fn end(tx: &mut Tx<Open>, context: &RequestContext) -> Result<()> {
    let now = tx.now().0;
    if let Some(old) = context.session() {
        tx.conn().execute(END, args![old, now]).await?;
    }
    Ok(())
}

/// The cookie that says that there is no session any more.
pub fn no_cookie(context: &RequestContext) -> HeaderValue {
    let secure = context.app().config().secure();
    cookie(cookie_name(secure), secure, "", 0)
}

/// Ends every session of a user, for example after a change of password.
pub async fn end_all<S>(tx: &mut Tx<S>, user: &UserId) -> Result<()> {
    let now = tx.now().0;
    tx.conn().execute(END_OF_USER, args![user.as_str(), now]).await?;
    Ok(())
}

/// Ends every session of the acting user but the one of this browser.
pub async fn end_others(tx: &mut Tx<OfUser>, context: &RequestContext) -> Result<()> {
    let now = tx.now().0;
    tx.execute(END_OTHERS, args![hash(context)?, now]).await?;
    Ok(())
}

/// In every session of the acting user but that of this browser they have to prove anew that it is them: what
/// they have to prove it with is another thing now (OWASP ASVS 5.0 §7.5.1).
pub async fn unconfirm_others(tx: &mut Tx<OfUser>, context: &RequestContext) -> Result<()> {
    tx.execute(UNCONFIRM, args![hash(context)?]).await?;
    Ok(())
}

/// Whose session this browser has, or lately had: what ended less than a day ago is still known. It proves
/// nothing but whose browser it was.
pub(crate) async fn lately(context: &RequestContext) -> Result<Option<UserId>> {
    let Some(hash) = context.session() else { return Ok(None) };
    let mut reader = context.app().database().reader().await?;
    let user: Option<String> = reader.optional_value(LATELY, args![hash]).await?;
    Ok(user.map(UserId::from))
}

/// How many sessions have not ended.
pub async fn count(conn: &mut Conn, now: Timestamp) -> Result<i64> {
    Ok(conn.value(COUNT, args![now.0]).await?)
}

/// A session as its user sees it.
pub struct KnownSession {
    /// What names it.
    pub id: String,
    /// When it began.
    pub since: Timestamp,
    /// When it was last used, to a few minutes.
    pub used: Timestamp,
    /// The address it was last used from.
    pub source: String,
    /// The browser's name of itself.
    pub agent: String,
    /// Is it this browser's?
    pub here: bool,
}

/// The sessions of the acting user, the one used last first.
pub async fn of_user(reader: &mut Reader<OfUser>, context: &RequestContext) -> Result<Vec<KnownSession>> {
    type Tuple = (String, i64, i64, String, String, bool);
    let now = reader.now();
    let rows: Vec<Tuple> =
        reader.all(OF_USER, args![now.0, hash(context)?, context.app().idle_since().0]).await?;
    let known = |(id, since, used, source, agent, here)| KnownSession {
        id,
        since: Timestamp(since),
        used: Timestamp(used),
        source,
        agent,
        here,
    };
    Ok(rows.into_iter().map(known).collect())
}

/// Ends one session of the acting user; `None` when there is none by that name, else the browser's name of
/// itself.
pub async fn end_one(tx: &mut Tx<OfUser>, id: &str) -> Result<Option<String>> {
    let now = tx.now().0;
    Ok(tx.optional_value(END_ONE, args![id, now]).await?)
}

/// Notes that the acting user has just proved to be there. Their session gets another token (OWASP ASVS 5.0
/// §7.2.4); returns the cookie to set.
pub async fn confirm(tx: &mut Tx<OfUser>, context: &RequestContext) -> Result<HeaderValue> {
    let (now, token) = (tx.now().0, token::new_token());
    let secure = context.app().config().secure();
    let left: Option<i64> =
        tx.conn().optional_value(CONFIRM, args![hash(context)?, now, token::hash(&token)]).await?;
    let seconds = (left.ok_or(AppError::SignedOut)? - now) / 1000;
    Ok(cookie(cookie_name(secure), secure, &token, seconds))
}
