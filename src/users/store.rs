//! SQL of users and of the links in their mails.

use crate::error::{AppError, Result};
use crate::server::access::{OfUser, Open, Reader, Tx};
use crate::server::db::is_duplicate;
use crate::server::token;
use crate::types::{EmailAddress, Timestamp, UserId};

/// A user as the sign-in needs it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct UserRow {
    /// Id.
    pub id: String,
    /// Address as typed.
    pub email: String,
    /// Name.
    pub name: String,
    /// argon2id hash.
    pub password_hash: String,
    /// When the address was verified, UTC milliseconds.
    pub verified_at: Option<i64>,
}

/// What a mailed link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// Confirms the address of a new login; three days.
    Verify,
    /// Sets a new password; one hour.
    Reset,
    /// Confirms a changed address; one day.
    Email,
}

impl LinkKind {
    fn key(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::Reset => "reset",
            Self::Email => "email",
        }
    }

    fn minutes(self) -> i64 {
        match self {
            Self::Verify => 3 * 24 * 60,
            Self::Reset => 60,
            Self::Email => 24 * 60,
        }
    }
}

const BY_KEY: &str = "SELECT id, email, name, password_hash, verified_at FROM users WHERE email_key = $1";
const BY_ID: &str = "SELECT id, email, name, password_hash, verified_at FROM users WHERE id = $1";
const INSERT: &str = "INSERT INTO users (id, email, email_key, name, password_hash, opens_account, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
const REPLACE: &str = "UPDATE users SET name = $2, password_hash = $3, opens_account = $4 WHERE id = $1 AND verified_at IS NULL";
const FORGET_UNVERIFIED: &str = "DELETE FROM users WHERE email_key = $1 AND verified_at IS NULL";
const SET_PASSWORD: &str = "UPDATE users SET password_hash = $2 WHERE id = $1";
const SET_NAME: &str = "UPDATE users SET name = $2 WHERE id = $1";
const OPENS: &str = "SELECT opens_account, name, email FROM users WHERE id = $1";
const SET_VERIFIED: &str = "UPDATE users SET verified_at = coalesce(verified_at, $2), opens_account = NULL WHERE id = $1";
const SET_EMAIL: &str = "UPDATE users SET email = $2, email_key = $3 WHERE id = $1";
const SET_LAST_ACCOUNT: &str = "UPDATE users SET last_account_id = $2 WHERE id = $1";
const LINK_INSERT: &str = "INSERT INTO mail_links (token_hash, kind, user_id, email, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)";
const LINK_CLEAR: &str = "DELETE FROM mail_links WHERE user_id = $1 AND kind = $2";
const LINK_CLEAR_ALL: &str = "DELETE FROM mail_links WHERE user_id = $1";
const LINK_TIDY: &str = "DELETE FROM mail_links WHERE expires_at <= $1";
const LINK: &str = "SELECT u.id, l.email, u.name, u.password_hash, u.verified_at FROM mail_links l JOIN users u ON u.id = l.user_id \
    WHERE l.token_hash = $1 AND l.kind = $2 AND l.expires_at > $3";
const LINK_USE: &str = "DELETE FROM mail_links WHERE token_hash = $1 AND kind = $2 AND expires_at > $3 RETURNING user_id, email";

/// Every statement of this file, for the test that prepares them.
#[cfg(test)]
pub const STATEMENTS: &[&str] = &[
    BY_KEY,
    BY_ID,
    INSERT,
    REPLACE,
    FORGET_UNVERIFIED,
    SET_PASSWORD,
    SET_NAME,
    OPENS,
    SET_VERIFIED,
    SET_EMAIL,
    SET_LAST_ACCOUNT,
    LINK_INSERT,
    LINK_CLEAR,
    LINK_CLEAR_ALL,
    LINK_TIDY,
    LINK,
    LINK_USE,
];

/// The user with an address, in any spelling of its case.
pub async fn by_email(reader: &mut Reader<Open>, email_key: &str) -> Result<Option<UserRow>> {
    Ok(sqlx::query_as(BY_KEY).bind(email_key).fetch_optional(reader.conn()).await?)
}

/// The same inside a transaction.
pub async fn by_email_for_change<S>(tx: &mut Tx<S>, email_key: &str) -> Result<Option<UserRow>> {
    Ok(sqlx::query_as(BY_KEY).bind(email_key).fetch_optional(tx.conn()).await?)
}

/// The acting user with their password hash.
pub async fn own(reader: &mut Reader<OfUser>) -> Result<UserRow> {
    let id = reader.user().clone();
    sqlx::query_as(BY_ID).bind(id.as_str()).fetch_optional(reader.conn()).await?.ok_or(AppError::SignedOut)
}

/// A login that is asked for: who, and what to open once the address is confirmed.
pub struct NewUser<'a> {
    /// Name.
    pub name: &'a str,
    /// Address, not confirmed yet.
    pub email: &'a EmailAddress,
    /// argon2id hash.
    pub password_hash: &'a str,
    /// `Some(company)` opens an account on confirmation; `None` for somebody who was invited.
    pub opens_account: Option<&'a str>,
}

/// Adds an unconfirmed user, in place of an earlier one with this address: it proved nothing and owns nothing.
pub async fn ask_for(tx: &mut Tx<Open>, new: &NewUser<'_>, before: Option<&UserRow>) -> Result<UserId> {
    if let Some(before) = before {
        sqlx::query(REPLACE).bind(&before.id).bind(new.name).bind(new.password_hash).bind(new.opens_account).execute(tx.conn()).await?;
        return Ok(before.id.clone().into());
    }
    let (id, now) = (tx.new_id(), tx.now().0);
    sqlx::query(INSERT)
        .bind(&id)
        .bind(new.email.as_str())
        .bind(new.email.key())
        .bind(new.name)
        .bind(new.password_hash)
        .bind(new.opens_account)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(id.into())
}

/// Forgets an unconfirmed user with this address, who stands in the way of somebody who proved it.
pub async fn forget_unverified(tx: &mut Tx<OfUser>, email_key: &str) -> Result<()> {
    sqlx::query(FORGET_UNVERIFIED).bind(email_key).execute(tx.conn()).await?;
    Ok(())
}

/// Replaces the password.
pub async fn set_password<S>(tx: &mut Tx<S>, user: &UserId, password_hash: &str) -> Result<()> {
    sqlx::query(SET_PASSWORD).bind(user.as_str()).bind(password_hash).execute(tx.conn()).await?;
    Ok(())
}

/// Replaces the name.
pub async fn set_name<S>(tx: &mut Tx<S>, user: &UserId, name: &str) -> Result<()> {
    sqlx::query(SET_NAME).bind(user.as_str()).bind(name).execute(tx.conn()).await?;
    Ok(())
}

/// An account that is opened when its owner's address is confirmed.
pub struct Opening {
    /// Name of the owner.
    pub name: String,
    /// Their address.
    pub email: EmailAddress,
    /// Company; empty for a private account.
    pub company: String,
}

/// Notes that the address is proven. Returns the account that the sign-up asked for, the first time.
pub async fn set_verified(tx: &mut Tx<Open>, user: &UserId) -> Result<Option<Opening>> {
    let now = tx.now().0;
    let (company, name, email): (Option<String>, String, String) = sqlx::query_as(OPENS).bind(user.as_str()).fetch_one(tx.conn()).await?;
    sqlx::query(SET_VERIFIED).bind(user.as_str()).bind(now).execute(tx.conn()).await?;
    let Some(company) = company else { return Ok(None) };
    let email = EmailAddress::parse(&email).map_err(AppError::BadRequest)?;
    Ok(Some(Opening { name, email, company }))
}

/// Replaces the address.
///
/// # Errors
/// [`AppError::Conflict`] when another login has taken it meanwhile.
pub async fn set_email(tx: &mut Tx<OfUser>, user: &UserId, email: &EmailAddress) -> Result<()> {
    match sqlx::query(SET_EMAIL).bind(user.as_str()).bind(email.as_str()).bind(email.key()).execute(tx.conn()).await {
        Ok(_) => Ok(()),
        Err(error) if is_duplicate(&error) => Err(AppError::Conflict("This address cannot be used for your login.".into())),
        Err(error) => Err(error.into()),
    }
}

/// Remembers the account somebody was in last (S5).
pub async fn set_last_account<S>(tx: &mut Tx<S>, user: &UserId, account: &str) -> Result<()> {
    sqlx::query(SET_LAST_ACCOUNT).bind(user.as_str()).bind(account).execute(tx.conn()).await?;
    Ok(())
}

/// Makes a link and kills earlier ones of its kind. Returns the secret.
pub async fn new_link<S>(tx: &mut Tx<S>, kind: LinkKind, user: &UserId, email: &str) -> Result<String> {
    let now = tx.now();
    let secret = token::new_token();
    sqlx::query(LINK_TIDY).bind(now.0).execute(tx.conn()).await?;
    clear_links(tx, kind, user).await?;
    sqlx::query(LINK_INSERT)
        .bind(token::hash(&secret))
        .bind(kind.key())
        .bind(user.as_str())
        .bind(email)
        .bind(now.0)
        .bind(now.plus_minutes(kind.minutes()).0)
        .execute(tx.conn())
        .await?;
    Ok(secret)
}

/// Kills a user's links of a kind.
async fn clear_links<S>(tx: &mut Tx<S>, kind: LinkKind, user: &UserId) -> Result<()> {
    sqlx::query(LINK_CLEAR).bind(user.as_str()).bind(kind.key()).execute(tx.conn()).await?;
    Ok(())
}

/// Kills every link of a user: what was mailed before a change of password or address must not undo it.
pub async fn clear_all_links<S>(tx: &mut Tx<S>, user: &UserId) -> Result<()> {
    sqlx::query(LINK_CLEAR_ALL).bind(user.as_str()).execute(tx.conn()).await?;
    Ok(())
}

/// Whose link this is, if it still works. `email` of the row is the address that the link proves.
pub async fn link(reader: &mut Reader<Open>, kind: LinkKind, secret: &str) -> Result<Option<UserRow>> {
    let now = reader.now().0;
    Ok(sqlx::query_as(LINK).bind(token::hash(secret)).bind(kind.key()).bind(now).fetch_optional(reader.conn()).await?)
}

/// Uses a link up: of many at once, one gets the user and address, the others nothing.
pub async fn use_link<S>(tx: &mut Tx<S>, kind: LinkKind, secret: &str) -> Result<Option<(UserId, String)>> {
    let now: Timestamp = tx.now();
    let row: Option<(String, String)> = sqlx::query_as(LINK_USE).bind(token::hash(secret)).bind(kind.key()).bind(now.0).fetch_optional(tx.conn()).await?;
    Ok(row.map(|(user, email)| (user.into(), email)))
}
