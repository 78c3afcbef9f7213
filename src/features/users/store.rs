//! SQL of users and of the links in their mails.

use super::words;
use crate::access::zone::Chosen;
use crate::access::{OfUser, Open, Reader, Tx};
use crate::error::{AppError, Result};
use crate::features::audit;
use crate::features::permissions::store as permissions;
use crate::outbox::PLACEHOLDER;
use crate::permission::Permissions;
use crate::platform::db::{Conn, FromRow, args, is_duplicate};
use crate::platform::token;
use crate::types::{AccountId, AssetId, EmailAddress, Timestamp, UserId};
use serde::Serialize;

/// A user as the sign-in needs it.
#[derive(Clone, Debug, FromRow)]
pub struct UserRecord {
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
    /// Is there a second factor?
    pub has_factor: bool,
}

/// A user as the sign-in needs it, and what is known of the browser.
#[derive(Clone, Debug, FromRow)]
pub struct Arriving {
    /// The user.
    #[sqlx(flatten)]
    pub user: UserRecord,
    /// They have signed in with this browser before.
    pub known: bool,
    /// And are not asked for the second factor in it.
    pub remembered: bool,
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

const BY_KEY: &str =
    "SELECT id, email, name, password_hash, verified_at, has_factor FROM users WHERE email_key = $1";
const BY_ID: &str = r"SELECT id, email, name, password_hash, verified_at, has_factor
    FROM users
    WHERE id = $1";
const ARRIVING: &str = r"SELECT u.id, u.email, u.name, u.password_hash, u.verified_at, u.has_factor,
        d.user_id IS NOT NULL AS known, coalesce(d.remembered_until > $3, FALSE) AS remembered
    FROM users u
    LEFT JOIN devices d ON d.user_id = u.id AND d.token_hash = $2
    WHERE u.email_key = $1";
const LINKS_OF_KIND: &str =
    "SELECT count(*) FROM mail_links WHERE user_id = $1 AND kind = $2 AND expires_at > $3";
const INSERT: &str = r"INSERT INTO users (id, email, email_key, name, password_hash, opens_account,
        created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const REPLACE: &str = r"UPDATE users
    SET name = $2, password_hash = $3, opens_account = $4
    WHERE id = $1 AND verified_at IS NULL";
const FORGET_UNVERIFIED: &str = "DELETE FROM users WHERE email_key = $1 AND verified_at IS NULL";
const SET_PASSWORD: &str = "UPDATE users SET password_hash = $2 WHERE id = $1";
const SET_PROFILE: &str = r"UPDATE users
    SET name = $2, language = $3, time_zone = $4, date_format = $5, version = version + 1
    WHERE id = $1 AND version = $6";
const CHOSEN: &str = "SELECT language, time_zone, date_format, version FROM users WHERE id = $1";
const CONTACTS: &str = r"SELECT c.id, a.id AS account, a.name AS account_name, a.number, c.is_owner,
        c.first_name, c.last_name, c.company, c.email, c.phone, c.street, c.city, c.region, c.postcode,
        c.country, c.permissions, c.mail, c.status, c.created_at
    FROM contacts c
    JOIN accounts a ON a.id = c.account_id
    WHERE c.user_id = $1
    ORDER BY a.name, a.number";
const DATES: &str = "SELECT created_at, last_sign_in_at, last_sign_in_from FROM users WHERE id = $1";
const DEVICES: &str = r"SELECT agent, first_seen_at, last_seen_at, remembered_until
    FROM devices
    WHERE user_id = $1
    ORDER BY last_seen_at DESC";
const LEAVE_CARDS: &str = r"UPDATE contacts
    SET user_id = NULL, can_log_in = FALSE, permissions = '', updated_at = $2, version = version + 1,
        key_version = key_version + 1, signed_in_at = 0
    WHERE user_id = $1 AND NOT is_owner";
const LEAVE_GRANTS: &str =
    "DELETE FROM grants WHERE holder_id IN (SELECT id FROM contacts WHERE user_id = $1)";
const FORGET_SESSIONS: &str = "DELETE FROM sessions WHERE user_id = $1";
const FORGET_DEVICES: &str = "DELETE FROM devices WHERE user_id = $1";
const FORGET_PREVIEWS: &str = "DELETE FROM previews WHERE user_id = $1";
const FORGET_CEREMONIES: &str = "DELETE FROM ceremonies WHERE user_id = $1";
const LOGIN_MAILS: &str = r"SELECT created_at, subject, body_text, to_email
    FROM outbox
    WHERE account_id IS NULL AND lower(to_email) = $1
    ORDER BY created_at DESC, id DESC LIMIT 1000";
const FORGET_MAILS: &str = "DELETE FROM outbox WHERE account_id IS NULL AND lower(to_email) = $1";
const FORGET_USER: &str = r"UPDATE users
    SET email = '', email_key = 'deleted ' || id, name = 'Deleted login', password_hash = '',
        verified_at = NULL, last_account_id = NULL, last_sign_in_at = NULL,
        last_sign_in_from = '', deleted_at = $2
    WHERE id = $1";
const OPENS: &str = "SELECT opens_account, name, email FROM users WHERE id = $1";
const SET_VERIFIED: &str =
    "UPDATE users SET verified_at = coalesce(verified_at, $2), opens_account = NULL WHERE id = $1";
const SET_EMAIL: &str = "UPDATE users SET email = $2, email_key = $3 WHERE id = $1";
const LAST_ACCOUNT: &str = r"SELECT a.id, a.name
    FROM users u
    JOIN accounts a ON a.id = u.last_account_id AND a.status = 'active'
    JOIN contacts c ON c.account_id = a.id AND c.user_id = u.id AND c.status = 'active' AND c.can_log_in
    WHERE u.id = $1";
const SET_LAST_ACCOUNT: &str = "UPDATE users SET last_account_id = $2 WHERE id = $1";
const LINK_INSERT: &str = r"INSERT INTO mail_links (token_hash, kind, user_id, email, created_at,
        expires_at)
    VALUES ($1, $2, $3, $4, $5, $6)";
const LINK_CLEAR: &str = "DELETE FROM mail_links WHERE user_id = $1 AND kind = $2";
const LINK_CLEAR_ALL: &str = "DELETE FROM mail_links WHERE user_id = $1";
const LINK: &str = r"SELECT u.id, l.email, u.name, u.password_hash, u.verified_at, u.has_factor
    FROM mail_links l
    JOIN users u ON u.id = l.user_id
    WHERE l.token_hash = $1 AND l.kind = $2 AND l.expires_at > $3";
const LINK_USE: &str = r"DELETE FROM mail_links
    WHERE token_hash = $1 AND kind = $2 AND expires_at > $3
    RETURNING user_id, email";

/// Who arrives with an address, in any spelling of its case, and a browser's own token.
pub async fn arriving(
    conn: &mut Conn,
    now: Timestamp,
    email_key: &str,
    device: Option<&str>,
) -> Result<Option<Arriving>> {
    let device = device.map(token::hash).unwrap_or_default();
    Ok(conn.optional(ARRIVING, args![email_key, device, now.0]).await?)
}

/// The user with an address, inside a transaction.
pub async fn by_email_for_change<S>(tx: &mut Tx<S>, email_key: &str) -> Result<Option<UserRecord>> {
    Ok(tx.conn().optional(BY_KEY, args![email_key]).await?)
}

/// A user with their password hash.
pub async fn own(conn: &mut Conn, user: &UserId) -> Result<UserRecord> {
    conn.optional(BY_ID, args![user.as_str()]).await?.ok_or(AppError::SignedOut)
}

/// The acting user as they are under the write lock.
///
/// # Errors
/// [`AppError::Conflict`] when this is no longer their password's hash: what proved who they are proves
/// nothing any more.
pub async fn unchanged(tx: &mut Tx<OfUser>, password_hash: &str) -> Result<UserRecord> {
    let user = tx.user().clone();
    let now = own(tx.conn(), &user).await?;
    if now.password_hash == password_hash {
        return Ok(now);
    }
    Err(AppError::Conflict(words::YOUR_PASSWORD_WAS_CHANGED_A.into()))
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

/// Adds an unconfirmed user, in place of an earlier one with this address: it proved nothing and owns
/// nothing.
pub async fn ask_for<S>(tx: &mut Tx<S>, new: &NewUser<'_>, before: Option<&UserRecord>) -> Result<UserId> {
    if let Some(before) = before {
        tx.conn().execute(REPLACE, args![&before.id, new.name, new.password_hash, new.opens_account]).await?;
        return Ok(before.id.clone().into());
    }
    let (id, now) = (tx.new_id(), tx.now().0);
    tx.conn()
        .execute(
            INSERT,
            args![
                &id,
                new.email.as_str(),
                new.email.key(),
                new.name,
                new.password_hash,
                new.opens_account,
                now
            ],
        )
        .await?;
    Ok(id.into())
}

/// Forgets an unconfirmed user with this address, who stands in the way of somebody who proved it.
pub async fn forget_unverified(tx: &mut Tx<OfUser>, email_key: &str) -> Result<()> {
    tx.conn().execute(FORGET_UNVERIFIED, args![email_key]).await?;
    Ok(())
}

/// Replaces the password.
pub async fn set_password<S>(tx: &mut Tx<S>, user: &UserId, password_hash: &str) -> Result<()> {
    tx.conn().execute(SET_PASSWORD, args![user.as_str(), password_hash]).await?;
    Ok(())
}

/// Replaces the acting user's name and how they read times, unless they have changed since `version`. Says
/// whether it did.
pub async fn set_profile(tx: &mut Tx<OfUser>, version: i64, name: &str, chosen: &Chosen) -> Result<bool> {
    let user = tx.user().clone();
    let args = args![user.as_str(), name, &chosen.language, &chosen.time_zone, &chosen.date_format, version];
    Ok(tx.conn().execute(SET_PROFILE, args).await? > 0)
}

/// How a user reads times.
pub async fn chosen(conn: &mut Conn, user: &UserId) -> Result<Chosen> {
    Ok(conn.one(CHOSEN, args![user.as_str()]).await?)
}

/// A contact that a user is linked to, as their own data has it.
#[derive(Clone, Debug, Serialize, FromRow)]
pub struct OwnContact {
    #[serde(skip)]
    pub id: String,
    /// Id of the account.
    #[serde(skip)]
    pub account: String,
    /// Its name.
    pub account_name: String,
    number: i64,
    /// Do they own it?
    pub is_owner: bool,
    first_name: String,
    last_name: String,
    company: String,
    email: String,
    phone: String,
    street: String,
    city: String,
    region: String,
    postcode: String,
    country: String,
    /// Keys of the permissions on the whole account.
    pub permissions: String,
    /// Thing and permissions on it, of single services and domains.
    #[sqlx(skip)]
    pub on_single_assets: Vec<(String, String)>,
    mail: String,
    status: String,
    #[serde(serialize_with = "iso")]
    created_at: i64,
}

fn iso<S: serde::Serializer>(at: &i64, to: S) -> std::result::Result<S::Ok, S::Error> {
    to.serialize_str(&Timestamp(*at).iso())
}

/// The contacts that a user is linked to.
pub async fn contacts(conn: &mut Conn, user: &UserId) -> Result<Vec<OwnContact>> {
    Ok(conn.all(CONTACTS, args![user.as_str()]).await?)
}

/// The same, with what each holds on single services and domains.
pub async fn cards_in_full(conn: &mut Conn, user: &UserId) -> Result<Vec<OwnContact>> {
    let mut all = contacts(conn, user).await?;
    for contact in &mut all {
        let names = permissions::names_of(conn, &contact.id).await?;
        let held = permissions::grant_of(conn, &contact.id, Permissions::NONE).await?;
        let name = |asset: &AssetId| names.get(asset).cloned().unwrap_or_else(|| asset.to_string());
        contact.on_single_assets = held.each.iter().map(|(asset, set)| (name(asset), set.keys())).collect();
        contact.on_single_assets.sort();
    }
    Ok(all)
}

/// When a user's login was made, when it was last used, UTC milliseconds, and from where.
pub async fn dates(reader: &mut Reader<OfUser>) -> Result<(i64, Option<i64>, String)> {
    Ok(reader.one(DATES, args![]).await?)
}

/// The browsers a user has signed in with: their names of themselves, first and last time, and until when
/// they are remembered.
pub async fn devices(reader: &mut Reader<OfUser>) -> Result<Vec<(String, i64, i64, Option<i64>)>> {
    Ok(reader.all(DEVICES, args![]).await?)
}

/// Every address that a user's login has or had, in small letters: its audit trail knows.
async fn addresses<S>(tx: &mut Tx<S>, user: &UserId, email: &str) -> Result<Vec<String>> {
    let mut all = audit::store::former_addresses(tx.conn(), user).await?;
    all.push(email.to_owned());
    Ok(all.into_iter().map(|address| address.to_ascii_lowercase()).collect())
}

/// A mail about a login, as its owner's own data has it.
#[derive(Serialize, FromRow)]
pub struct UserMail {
    #[serde(serialize_with = "iso", rename = "at")]
    created_at: i64,
    subject: String,
    #[serde(rename = "text")]
    body_text: String,
    #[serde(rename = "to")]
    to_email: String,
}

/// The mails about the acting user's login that are kept, newest first. The secrets of their links are not in
/// them.
pub async fn user_mails(reader: &mut Reader<OfUser>) -> Result<Vec<UserMail>> {
    let (user, email) = (reader.user().clone(), reader.person().email.clone());
    let mut addresses = audit::store::former_addresses(reader.conn(), &user).await?;
    addresses.push(email);
    let mut all = Vec::new();
    for address in addresses {
        all.extend(reader.conn().all::<UserMail>(LOGIN_MAILS, args![address.to_ascii_lowercase()]).await?);
    }
    for mail in &mut all {
        mail.body_text = mail.body_text.replace(PLACEHOLDER, "…");
    }
    Ok(all)
}

/// Deletes the acting user's login, with everything that is theirs alone. Their contacts stay with the
/// accounts, without a login. Who owns an account has to be refused before.
pub async fn forget(tx: &mut Tx<OfUser>) -> Result<()> {
    let (user, email) = (tx.user().clone(), tx.person().email.clone());
    forget_user(tx, &user, &email).await
}

/// The same for a login of an account that is erased.
pub async fn forget_user<S>(tx: &mut Tx<S>, user: &UserId, email: &str) -> Result<()> {
    let now = tx.now().0;
    tx.conn().execute(LEAVE_GRANTS, args![user.as_str()]).await?;
    tx.conn().execute(LEAVE_CARDS, args![user.as_str(), now]).await?;
    crate::features::second_factor::store::reset(tx, user).await?;
    clear_all_links(tx, user).await?;
    for statement in [FORGET_SESSIONS, FORGET_DEVICES, FORGET_PREVIEWS, FORGET_CEREMONIES] {
        tx.conn().execute(statement, args![user.as_str()]).await?;
    }
    for address in addresses(tx, user, email).await? {
        tx.conn().execute(FORGET_MAILS, args![address]).await?;
    }
    tx.conn().execute(FORGET_USER, args![user.as_str(), now]).await?;
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
pub async fn set_verified<S>(tx: &mut Tx<S>, user: &UserId) -> Result<Option<Opening>> {
    let now = tx.now().0;
    let (company, name, email): (Option<String>, String, String) =
        tx.conn().one(OPENS, args![user.as_str()]).await?;
    tx.conn().execute(SET_VERIFIED, args![user.as_str(), now]).await?;
    let Some(company) = company else { return Ok(None) };
    let email = EmailAddress::parse(&email).map_err(AppError::BadRequest)?;
    Ok(Some(Opening { name, email, company }))
}

/// Replaces the address.
///
/// # Errors
/// [`AppError::Conflict`] when another login has taken it meanwhile.
pub async fn set_email(tx: &mut Tx<OfUser>, user: &UserId, email: &EmailAddress) -> Result<()> {
    match tx.conn().execute(SET_EMAIL, args![user.as_str(), email.as_str(), email.key()]).await {
        Ok(_) => Ok(()),
        Err(error) if is_duplicate(&error) => {
            Err(AppError::Conflict(words::THIS_ADDRESS_CANNOT_BE_USED.into()))
        }
        Err(error) => Err(error.into()),
    }
}

/// The account that the acting user was in last, if they can still enter it, and its name.
pub async fn last_account(reader: &mut Reader<OfUser>) -> Result<Option<(AccountId, String)>> {
    let row: Option<(String, String)> = reader.optional(LAST_ACCOUNT, args![]).await?;
    Ok(row.map(|(id, name)| (id.into(), name)))
}

/// Remembers the account somebody was in last (S5).
pub async fn set_last_account<S>(tx: &mut Tx<S>, user: &UserId, account: &str) -> Result<()> {
    tx.conn().execute(SET_LAST_ACCOUNT, args![user.as_str(), account]).await?;
    Ok(())
}

/// Makes a link and kills earlier ones of its kind. Returns the secret.
pub async fn new_link<S>(tx: &mut Tx<S>, kind: LinkKind, user: &UserId, email: &str) -> Result<String> {
    clear_links(tx, kind, user).await?;
    one_more_link(tx, kind, user, email).await
}

/// Links to set a new password that work side by side. Whoever else asks for them can neither make the one in
/// the mail stop working nor fill the person's mailbox.
const RESETS_AT_ONCE: i64 = 3;

/// Makes a link to set a new password; `None` when there are enough of them already. Earlier ones keep
/// working.
pub async fn new_reset_link<S>(tx: &mut Tx<S>, user: &UserId, email: &str) -> Result<Option<String>> {
    let now = tx.now().0;
    let there: i64 = tx.conn().value(LINKS_OF_KIND, args![user.as_str(), LinkKind::Reset.key(), now]).await?;
    if there >= RESETS_AT_ONCE {
        Ok(None)
    } else {
        one_more_link(tx, LinkKind::Reset, user, email).await.map(Some)
    }
}

async fn one_more_link<S>(tx: &mut Tx<S>, kind: LinkKind, user: &UserId, email: &str) -> Result<String> {
    let now = tx.now();
    let secret = token::new_token();
    tx.conn()
        .execute(
            LINK_INSERT,
            args![
                token::hash(&secret),
                kind.key(),
                user.as_str(),
                email,
                now.0,
                now.plus_minutes(kind.minutes()).0
            ],
        )
        .await?;
    Ok(secret)
}

/// Kills a user's links of a kind.
async fn clear_links<S>(tx: &mut Tx<S>, kind: LinkKind, user: &UserId) -> Result<()> {
    tx.conn().execute(LINK_CLEAR, args![user.as_str(), kind.key()]).await?;
    Ok(())
}

/// Kills every link of a user: what was mailed before a change of password or address must not undo it.
pub async fn clear_all_links<S>(tx: &mut Tx<S>, user: &UserId) -> Result<()> {
    tx.conn().execute(LINK_CLEAR_ALL, args![user.as_str()]).await?;
    Ok(())
}

/// Whose link this is, if it still works. `email` of the row is the address that the link proves.
pub async fn link(reader: &mut Reader<Open>, kind: LinkKind, secret: &str) -> Result<Option<UserRecord>> {
    let now = reader.now().0;
    Ok(reader.conn().optional(LINK, args![token::hash(secret), kind.key(), now]).await?)
}

/// Uses a link up: of many at once, one gets the user and address, the others nothing.
pub async fn use_link<S>(tx: &mut Tx<S>, kind: LinkKind, secret: &str) -> Result<Option<(UserId, String)>> {
    let now: Timestamp = tx.now();
    let row: Option<(String, String)> =
        tx.conn().optional(LINK_USE, args![token::hash(secret), kind.key(), now.0]).await?;
    Ok(row.map(|(user, email)| (user.into(), email)))
}
