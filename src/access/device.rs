//! Known browsers: where a user has signed in before.
//!
//! A browser keeps a random token, another one from each sign-in on; beside its SHA-256 stands which users
//! have signed in with it. A user is told by mail of a sign-in from any other browser, may spare themself the
//! second factor in this one for a while, and cannot be kept out of it by somebody elsewhere who tries
//! passwords on their address ([`crate::platform::limits`]).

use crate::access::cookies::cookie;
use crate::access::request::RequestContext;
use crate::access::{OfUser, Open, Reader, Tx};
use crate::error::Result;
use crate::platform::db::{Conn, args};
use crate::platform::token;
use crate::types::UserId;
use axum::http::HeaderValue;

/// How long "Remember this device" spares the second factor.
pub const REMEMBERED_DAYS: i64 = 30;
/// How long a browser keeps its token, and we know it: as long as browsers allow.
pub const KEPT_DAYS: i64 = 400;

const SEEN: &str = r"INSERT INTO devices (token_hash, user_id, agent, first_seen_at, last_seen_at,
        remembered_until)
    VALUES ($1, $2, $3, $4, $4, $5)
    ON CONFLICT (user_id, token_hash) DO UPDATE SET agent = excluded.agent,
        last_seen_at = excluded.last_seen_at, remembered_until = coalesce(excluded.remembered_until,
        devices.remembered_until)";
const BEFORE: &str = r"SELECT EXISTS (SELECT 1 FROM devices WHERE user_id = $1),
        EXISTS (SELECT 1 FROM devices WHERE user_id = $1 AND token_hash = $2)";
const MOVE: &str = "UPDATE devices SET token_hash = $2 WHERE token_hash = $1";
const REMEMBERED: &str = "SELECT count(*) FROM devices WHERE user_id = $1 AND remembered_until > $2";
const KNOWN: &str = "SELECT EXISTS (SELECT 1 FROM devices WHERE user_id = $1 AND token_hash = $2)";
const FORGET: &str = "UPDATE devices SET remembered_until = NULL WHERE user_id = $1 AND token_hash <> $2";
const STRANGERS: &str = "DELETE FROM devices WHERE user_id = $1 AND token_hash <> $2";

/// Name of the cookie, see [`crate::access::session::cookie_name`].
pub fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-latchkey-device" } else { "latchkey-device" }
}

/// What is known of the browser that a user signs in with.
pub struct Seen {
    /// The cookie to set.
    pub cookie: HeaderValue,
    /// They have signed in before, but never with this browser.
    pub new: bool,
}

/// What names this browser in the table; nothing for one that has no token.
fn hash(context: &RequestContext) -> String {
    context.device().map(token::hash).unwrap_or_default()
}

/// Notes that a user signs in with this browser, and with `remember` that it is not asked for the second
/// factor for a while.
pub async fn seen(
    tx: &mut Tx<Open>,
    context: &RequestContext,
    user: &UserId,
    remember: bool,
) -> Result<Seen> {
    let now = tx.now();
    let (token, old) = (token::new_token(), hash(context));
    let new = token::hash(&token);
    let (any, this): (bool, bool) = tx.conn().one(BEFORE, args![user.as_str(), &old]).await?;
    // Whoever used or prepared this browser before may know its old token.
    tx.conn().execute(MOVE, args![&old, &new]).await?;
    tx.conn()
        .execute(
            SEEN,
            args![
                &new,
                user.as_str(),
                context.agent(),
                now.0,
                remember.then(|| now.plus_days(REMEMBERED_DAYS).0)
            ],
        )
        .await?;
    let secure = context.app().config().secure();
    Ok(Seen { cookie: cookie(cookie_name(secure), secure, &token, KEPT_DAYS * 86_400), new: any && !this })
}

/// In how many browsers the acting user is not asked for the second factor.
pub async fn remembered(reader: &mut Reader<OfUser>) -> Result<i64> {
    let now = reader.now().0;
    Ok(reader.value(REMEMBERED, args![now]).await?)
}

/// The name of this browser, if a user has signed in with it: what it says of itself proves nothing.
pub async fn known<'a>(
    conn: &mut Conn,
    context: &'a RequestContext,
    user: &UserId,
) -> Result<Option<&'a str>> {
    let Some(token) = context.device() else { return Ok(None) };
    let known: bool = conn.value(KNOWN, args![user.as_str(), hash(context)]).await?;
    Ok(known.then_some(token))
}

/// From now on every browser of a user is asked for the second factor again.
pub async fn forget<S>(tx: &mut Tx<S>, user: &UserId) -> Result<()> {
    tx.conn().execute(FORGET, args![user.as_str(), ""]).await?;
    Ok(())
}

/// The same for every browser but this one.
pub async fn forget_others<S>(tx: &mut Tx<S>, context: &RequestContext, user: &UserId) -> Result<()> {
    tx.conn().execute(FORGET, args![user.as_str(), hash(context)]).await?;
    Ok(())
}

/// Every browser but this one is a stranger from now on: the next sign-in with it is told by mail. For when
/// somebody else may have used one.
pub async fn distrust_others<S>(tx: &mut Tx<S>, context: &RequestContext, user: &UserId) -> Result<()> {
    tx.conn().execute(STRANGERS, args![user.as_str(), hash(context)]).await?;
    Ok(())
}
