//! Sessions: who is signed in, and as what on which account.
//!
//! A session is a row; the browser holds a random token of 256 bits and the row its SHA-256. A session exists only for a user
//! whose address is verified. It ends after [`DAYS`] days, after [`IDLE_DAYS`] days without use, at sign-out, when its user ends it
//! from another browser, or when the password changes (OWASP ASVS 5.0 §7.3).

use super::access::{OfUser, Open, Reader, Tx};
use super::state::Visit;
use super::token;
use crate::error::{AppError, Result};
use crate::permission::{Group, Permissions};
use crate::types::{AccountId, ContactId, ThingId, Timestamp, UserId};
use axum::http::HeaderValue;
use sqlx::SqliteConnection;

/// How long a session lasts.
pub const DAYS: i64 = 14;
/// How long it lasts without being used.
pub const IDLE_DAYS: i64 = 7;
/// How long somebody who proved to be there may do what is dangerous.
pub const CONFIRMED_MINUTES: i64 = 10;
/// How exactly it is known when a session was last used: reading pages should not write each time.
const USED_MINUTES: i64 = 5;

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
    /// Do they have a second factor?
    pub has_factor: bool,
    /// What names this session on their page.
    pub session: String,
    /// When they last proved to be there, with everything they have to prove it with.
    pub confirmed: Timestamp,
}

/// The signed-in user as a contact of one account, or as the person whose view of it they look at (R7).
#[derive(Clone, Debug)]
pub struct Member {
    /// Who they are; in a preview, still the person who looks.
    pub user: SessionUser,
    /// The card that is acted for: their own, or the one that the preview shows.
    pub contact: ContactId,
    /// Whose permissions on single things count: the card's id, or the preview's.
    pub holder: String,
    /// Are they the owner?
    pub is_owner: bool,
    /// What they may do on the account and on every service and domain; everything for the owner.
    pub permissions: Permissions,
    /// May they see single services?
    pub some_services: bool,
    /// May they see single domains?
    pub some_domains: bool,
    /// Counts the changes of what the card opens.
    pub key_version: i64,
    /// The account.
    pub account: AccountId,
    /// What stands for the account in URLs: its id, or the preview's.
    pub in_url: AccountId,
    /// Everybody on it needs a second factor, and this person has none (X4).
    pub lacks_factor: bool,
    /// Its name.
    pub account_name: String,
    /// Its number, as people quote it.
    pub account_number: i64,
    /// Set in a preview: whom it shows, and what its banner says.
    pub preview: Option<Preview>,
    /// The service or domain that the request is about, if it is of this account, with what is held on it.
    thing: Option<(ThingId, Group, Permissions)>,
}

/// A look at the portal as somebody else sees it (R7).
#[derive(Clone, Debug)]
pub struct Preview {
    /// Name of the person it shows.
    pub name: String,
    /// What its banner says, as JSON of the feature `previews`.
    pub says: String,
}

impl Member {
    /// Olivia Hart of Hart Bakery, for mails that are shown and not sent. No proof of access comes of it.
    pub fn sample() -> Self {
        let (account, contact) = crate::mail::samples::nobody();
        let user = SessionUser {
            id: contact.as_str().to_owned().into(),
            email: "olivia@bakery.example".into(),
            name: "Olivia Hart".into(),
            last_account: None,
            has_factor: false,
            session: String::new(),
            confirmed: Timestamp(0),
        };
        Self {
            user,
            holder: contact.to_string(),
            contact,
            is_owner: true,
            permissions: Permissions::all(),
            some_services: false,
            some_domains: false,
            key_version: 0,
            in_url: account.clone(),
            account,
            lacks_factor: false,
            account_name: "Hart Bakery".into(),
            account_number: 10_001,
            preview: None,
            thing: None,
        }
    }

    /// May they see any service, or any domain?
    pub fn sees(&self, group: Group) -> bool {
        let (view, some) = match group {
            Group::Service => (crate::permission::Permission::ViewService, self.some_services),
            _ => (crate::permission::Permission::ViewDomain, self.some_domains),
        };
        some || self.permissions.has(view)
    }

    /// May they know what the thing is called that the request is about?
    pub fn may_name(&self, thing: &ThingId) -> bool {
        [Group::Service, Group::Domain].into_iter().any(|group| !self.on(thing, group).is_empty())
    }

    /// What they may do with the thing that the request is about; nothing when it is another one, or none of this account.
    pub(in crate::server) fn on(&self, thing: &ThingId, group: Group) -> Permissions {
        match &self.thing {
            Some((known, of, held)) if known == thing && *of == group => self.permissions.and(*held).within(group.permissions()).opening(),
            _ => Permissions::NONE,
        }
    }
}

const USER: &str = "SELECT u.id, u.email, u.name, u.last_account_id, u.has_factor, s.id AS session, s.confirmed_at, s.last_used_at \
    FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.token_hash = $1 AND s.expires_at > $2 AND s.last_used_at > $3";

// One query, whatever the number of services: each join finds at most one row by a key. A preview stands for the account in the URL,
// and dies with its time and with any change of what its viewer may do.
const MEMBER: &str = "SELECT u.id, u.email, u.name, u.last_account_id, u.has_factor, s.id AS session, s.confirmed_at, s.last_used_at, \
    a.needs_factor, c.id AS contact, c.is_owner, c.permissions, c.key_version, \
    a.id AS account, a.name AS account_name, a.number, \
    p.id AS preview, p.contact_id AS shown, p.name AS shown_name, p.permissions AS shown_permissions, p.says, \
    EXISTS (SELECT 1 FROM grants g WHERE g.holder_id = coalesce(p.id, c.id) AND g.permissions LIKE 'service.view%') AS some_services, \
    EXISTS (SELECT 1 FROM grants g WHERE g.holder_id = coalesce(p.id, c.id) AND g.permissions LIKE 'domain.view%') AS some_domains, \
    sv.id AS service, d.id AS domain, t.permissions AS on_thing \
    FROM sessions s JOIN users u ON u.id = s.user_id \
    LEFT JOIN previews p ON p.id = $3 AND p.user_id = u.id AND p.expires_at > $2 \
    LEFT JOIN contacts c ON c.user_id = u.id AND c.account_id = coalesce(p.account_id, $3) AND c.status = 'active' AND c.can_log_in \
    AND (p.id IS NULL OR (p.viewer_id = c.id AND p.key_version = c.key_version)) \
    LEFT JOIN accounts a ON a.id = c.account_id AND a.status = 'active' \
    LEFT JOIN services sv ON sv.id = $4 AND sv.account_id = a.id \
    LEFT JOIN domains d ON d.id = $4 AND d.account_id = a.id \
    LEFT JOIN grants t ON t.holder_id = coalesce(p.id, c.id) AND t.thing_id = $4 \
    WHERE s.token_hash = $1 AND s.expires_at > $2 AND s.last_used_at > $5";

const STILL_HOLDS: &str =
    "SELECT c.key_version FROM sessions s JOIN contacts c ON c.user_id = s.user_id AND c.id = $1 WHERE s.token_hash = $2 AND s.expires_at > $3";
const STILL_SIGNED_IN: &str = "SELECT user_id FROM sessions WHERE token_hash = $1 AND expires_at > $2";
const INSERT: &str = "INSERT INTO sessions (token_hash, user_id, created_at, expires_at, source, agent, id, last_used_at, confirmed_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $3, $8)";
const TOUCH: &str = "UPDATE sessions SET last_used_at = $2, source = $3 WHERE token_hash = $1 AND last_used_at < $2";
const CONFIRM: &str = "UPDATE sessions SET confirmed_at = $2, token_hash = $3 WHERE token_hash = $1 RETURNING expires_at";
const OF_USER: &str = "SELECT id, created_at, last_used_at, source, agent, token_hash = $3 FROM sessions \
    WHERE user_id = $1 AND expires_at > $2 AND last_used_at > $4 ORDER BY last_used_at DESC LIMIT 100";
const END_ONE: &str = "DELETE FROM sessions WHERE user_id = $1 AND id = $2 RETURNING agent";
const DELETE: &str = "DELETE FROM sessions WHERE token_hash = $1";
const DELETE_OF_USER: &str = "DELETE FROM sessions WHERE user_id = $1";
const DELETE_OTHERS: &str = "DELETE FROM sessions WHERE user_id = $1 AND token_hash <> $2";
const DELETE_EXPIRED: &str = "DELETE FROM sessions WHERE expires_at <= $1";
const SIGNED_IN: &str = "UPDATE users SET last_sign_in_at = $2 WHERE id = $1";

/// Every statement of this file, for the test that prepares them.
pub const STATEMENTS: &[&str] =
    &[TOUCH, CONFIRM, OF_USER, END_ONE, USER, MEMBER, STILL_HOLDS, STILL_SIGNED_IN, INSERT, DELETE, DELETE_OF_USER, DELETE_OTHERS, DELETE_EXPIRED, SIGNED_IN];

fn hash(visit: &Visit) -> Result<&str> {
    visit.session().ok_or(AppError::SignedOut)
}

/// The user of a request's session.
///
/// # Errors
/// [`AppError::SignedOut`] when there is none.
pub(in crate::server) async fn user(visit: &Visit) -> Result<SessionUser> {
    let mut reader = visit.house().database().reader().await?;
    let now = visit.house().now();
    let row: Option<UserRow> = sqlx::query_as(USER).bind(hash(visit)?).bind(now.0).bind(now.plus_days(-IDLE_DAYS).0).fetch_optional(&mut *reader).await?;
    Ok(row.ok_or(AppError::SignedOut)?.used(visit))
}

#[derive(sqlx::FromRow)]
struct UserRow {
    id: String,
    email: String,
    name: String,
    last_account_id: Option<String>,
    has_factor: bool,
    session: String,
    confirmed_at: i64,
    last_used_at: i64,
}

impl UserRow {
    /// Whose session it is. Notes beside that it was used, if that has not been noted for a while.
    fn used(self, visit: &Visit) -> SessionUser {
        let now = visit.house().now();
        if self.last_used_at < now.plus_minutes(-USED_MINUTES).0 {
            let visit = visit.clone();
            tokio::spawn(async move {
                // A convenience: when the disk is full, people can still read.
                if let Err(error) = touch(&visit, now).await {
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

async fn touch(visit: &Visit, now: Timestamp) -> Result<()> {
    let mut tx = visit.house().database().write().await?;
    sqlx::query(TOUCH).bind(hash(visit)?).bind(now.0).bind(visit.source().to_string()).execute(&mut *tx).await?;
    Ok(tx.commit().await?)
}

#[derive(sqlx::FromRow)]
struct MemberRow {
    #[sqlx(flatten)]
    user: UserRow,
    needs_factor: Option<bool>,
    contact: Option<String>,
    is_owner: Option<bool>,
    permissions: Option<String>,
    key_version: Option<i64>,
    account: Option<String>,
    account_name: Option<String>,
    number: Option<i64>,
    preview: Option<String>,
    shown: Option<String>,
    shown_name: Option<String>,
    shown_permissions: Option<String>,
    says: Option<String>,
    some_services: bool,
    some_domains: bool,
    service: Option<String>,
    domain: Option<String>,
    on_thing: Option<String>,
}

/// The user of a request's session as a contact of an account, with what they hold on one thing of it: one query, whatever the
/// number of services.
///
/// # Errors
/// [`AppError::SignedOut`] without a session; [`AppError::NotFound`] when the account is closed, does not exist, or is not
/// theirs to enter (S4).
pub(in crate::server) async fn member(visit: &Visit, in_url: &AccountId, thing: Option<&ThingId>) -> Result<Member> {
    let mut reader = visit.house().database().reader().await?;
    let row: Option<MemberRow> = sqlx::query_as(MEMBER)
        .bind(hash(visit)?)
        .bind(visit.house().now().0)
        .bind(in_url.as_str())
        .bind(thing.map(ThingId::as_str))
        .bind(visit.house().now().plus_days(-IDLE_DAYS).0)
        .fetch_optional(&mut *reader)
        .await?;
    let row = row.ok_or(AppError::SignedOut)?;
    let (Some(contact), Some(account), Some(account_name), Some(account_number)) = (row.contact, row.account, row.account_name, row.number) else {
        return Err(AppError::NotFound);
    };
    let own = if row.is_owner.unwrap_or_default() { Permissions::all() } else { Permissions::from_keys(&row.permissions.unwrap_or_default()) };
    let preview = row.shown_name.zip(row.says).map(|(name, says)| Preview { name, says });
    let group = if row.service.is_some() { Group::Service } else { Group::Domain };
    Ok(Member {
        lacks_factor: row.needs_factor.unwrap_or_default() && !row.user.has_factor,
        user: row.user.used(visit),
        holder: row.preview.unwrap_or_else(|| contact.clone()),
        contact: row.shown.unwrap_or(contact).into(),
        is_owner: row.is_owner.unwrap_or_default() && preview.is_none(),
        permissions: row.shown_permissions.map_or(own, |keys| Permissions::from_keys(&keys)),
        some_services: row.some_services,
        some_domains: row.some_domains,
        key_version: row.key_version.unwrap_or_default(),
        account: account.into(),
        in_url: in_url.clone(),
        account_name,
        account_number,
        preview,
        thing: row.service.or(row.domain).map(|id| (id.into(), group, Permissions::from_keys(&row.on_thing.unwrap_or_default()))),
    })
}

/// Is what a member holds still what was looked up, and their session still there? Asked under the write lock, behind every change that
/// came before.
pub(in crate::server) async fn still_holds(conn: &mut SqliteConnection, visit: &Visit, member: &Member) -> Result<bool> {
    let now = visit.house().now().0;
    let version: Option<i64> = sqlx::query_scalar(STILL_HOLDS).bind(member.contact.as_str()).bind(hash(visit)?).bind(now).fetch_optional(conn).await?;
    Ok(version == Some(member.key_version))
}

/// Checks under the write lock that the session has not been ended meanwhile, by a change of the password for example.
///
/// # Errors
/// [`AppError::SignedOut`].
pub(in crate::server) async fn still_signed_in(conn: &mut SqliteConnection, visit: &Visit, user: &UserId) -> Result<()> {
    let now = visit.house().now().0;
    let found: Option<String> = sqlx::query_scalar(STILL_SIGNED_IN).bind(hash(visit)?).bind(now).fetch_optional(conn).await?;
    if found.as_deref() == Some(user.as_str()) { Ok(()) } else { Err(AppError::SignedOut) }
}

/// Name of the session cookie: with the `__Host-` prefix where https allows it (RFC 6265bis §4.1.3.2).
pub fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-latchkey" } else { "latchkey" }
}

/// A cookie of ours: for this host only, for no script, sent along to links from elsewhere but to nothing that changes anything.
pub fn cookie(name: &str, secure: bool, value: &str, max_age: i64) -> HeaderValue {
    let secure = if secure { "; Secure" } else { "" };
    HeaderValue::try_from(format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age}{secure}")).expect("tokens are plain ASCII")
}

/// Starts a session for a user, ends the one this browser had (rotation), and returns the cookie to set. `proven` says that they proved
/// to be there with everything they have; a remembered device is not asked for all of it.
pub async fn start(tx: &mut Tx<Open>, visit: &Visit, user: &UserId, proven: bool) -> Result<HeaderValue> {
    let now = tx.now();
    let (token, id) = (token::new_token(), tx.new_id());
    if let Some(old) = visit.session() {
        sqlx::query(DELETE).bind(old).execute(tx.conn()).await?;
    }
    sqlx::query(INSERT)
        .bind(token::hash(&token))
        .bind(user.as_str())
        .bind(now.0)
        .bind(now.plus_days(DAYS).0)
        .bind(visit.source().to_string())
        .bind(visit.agent())
        .bind(id)
        .bind(if proven { now.0 } else { 0 })
        .execute(tx.conn())
        .await?;
    sqlx::query(SIGNED_IN).bind(user.as_str()).bind(now.0).execute(tx.conn()).await?;
    let secure = visit.house().config().secure();
    Ok(cookie(cookie_name(secure), secure, &token, DAYS * 86_400))
}

/// Ends the session of this browser and returns the cookie that clears its token.
pub async fn end(tx: &mut Tx<Open>, visit: &Visit) -> Result<HeaderValue> {
    if let Some(old) = visit.session() {
        sqlx::query(DELETE).bind(old).execute(tx.conn()).await?;
    }
    let secure = visit.house().config().secure();
    Ok(cookie(cookie_name(secure), secure, "", 0))
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

/// A session as its user sees it.
pub struct Known {
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
pub async fn of_user(reader: &mut Reader<OfUser>, visit: &Visit) -> Result<Vec<Known>> {
    type Row = (String, i64, i64, String, String, bool);
    let (user, now) = (reader.user().clone(), reader.now());
    let rows: Vec<Row> =
        sqlx::query_as(OF_USER).bind(user.as_str()).bind(now.0).bind(hash(visit)?).bind(now.plus_days(-IDLE_DAYS).0).fetch_all(reader.conn()).await?;
    let known = |(id, since, used, source, agent, here)| Known { id, since: Timestamp(since), used: Timestamp(used), source, agent, here };
    Ok(rows.into_iter().map(known).collect())
}

/// Ends one session of the acting user; `None` when there is none by that name, else the browser's name of itself.
pub async fn end_one(tx: &mut Tx<OfUser>, id: &str) -> Result<Option<String>> {
    let user = tx.user().clone();
    Ok(sqlx::query_scalar(END_ONE).bind(user.as_str()).bind(id).fetch_optional(tx.conn()).await?)
}

/// Notes that the acting user has just proved to be there. Their session gets another token (OWASP ASVS 5.0 §7.2.4); returns the cookie to
/// set.
pub async fn confirm(tx: &mut Tx<OfUser>, visit: &Visit) -> Result<HeaderValue> {
    let (now, token) = (tx.now().0, token::new_token());
    let secure = visit.house().config().secure();
    let left: Option<i64> = sqlx::query_scalar(CONFIRM).bind(hash(visit)?).bind(now).bind(token::hash(&token)).fetch_optional(tx.conn()).await?;
    let seconds = (left.ok_or(AppError::SignedOut)? - now) / 1000;
    Ok(cookie(cookie_name(secure), secure, &token, seconds))
}

/// Forgets sessions that are over.
pub async fn tidy(tx: &mut Tx<Open>) -> Result<()> {
    let now = tx.now().0;
    sqlx::query(DELETE_EXPIRED).bind(now).execute(tx.conn()).await?;
    Ok(())
}
