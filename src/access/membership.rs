//! Members: the signed-in user as a contact of one account, with what they may do there. Looked up once a request by one query, and
//! again under the write lock before anything is changed.

use crate::access::session::{IDLE_DAYS, SessionUser, UserRow, hash};
use crate::access::state::RequestContext;
use crate::error::{AppError, Result};
use crate::permission::{Group, Permissions};
use crate::types::{AccountId, AssetId, ContactId, Timestamp};
use sqlx::SqliteConnection;

/// The signed-in user as a contact of one account, or as the person whose view of it they look at (R7).
#[derive(Clone, Debug)]
pub struct Membership {
    /// Who they are; in a preview, still the person who looks.
    pub user: SessionUser,
    /// The card that is acted for: their own, or the one that the preview shows.
    pub contact: ContactId,
    /// Whose permissions on single assets count: the card's id, or the preview's.
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
    asset: Option<(AssetId, Group, Permissions)>,
}

/// A look at the portal as somebody else sees it (R7).
#[derive(Clone, Debug)]
pub struct Preview {
    /// Name of the person it shows.
    pub name: String,
    /// What its banner says, as JSON of the feature `previews`.
    pub says: String,
}

impl Membership {
    /// Olivia Hart of Hart Bakery, for mails that are shown and not sent. No proof of access comes of it.
    pub fn sample() -> Self {
        let (account, contact) = crate::features::mail::samples::nobody();
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
            asset: None,
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
    pub fn may_name(&self, asset: &AssetId) -> bool {
        [Group::Service, Group::Domain].into_iter().any(|group| !self.on(asset, group).is_empty())
    }

    /// What they may do with the thing that the request is about; nothing when it is another one, or none of this account.
    pub(crate) fn on(&self, asset: &AssetId, group: Group) -> Permissions {
        match &self.asset {
            Some((known, of, held)) if known == asset && *of == group => self.permissions.and(*held).within(group.permissions()).opening(),
            _ => Permissions::NONE,
        }
    }
}

// One query, whatever the number of services: each join finds at most one row by a key. A preview stands for the account in the URL,
// and dies with its time and with any change of what its viewer may do.
const MEMBER: &str = "SELECT u.id, u.email, u.name, u.last_account_id, u.has_factor, s.id AS session, s.confirmed_at, s.last_used_at, \
    a.needs_factor, c.id AS contact, c.is_owner, c.permissions, c.key_version, \
    a.id AS account, a.name AS account_name, a.number, \
    p.id AS preview, p.contact_id AS shown, p.name AS shown_name, p.permissions AS shown_permissions, p.says, \
    EXISTS (SELECT 1 FROM grants g WHERE g.holder_id = coalesce(p.id, c.id) AND g.permissions LIKE 'service.view%') AS some_services, \
    EXISTS (SELECT 1 FROM grants g WHERE g.holder_id = coalesce(p.id, c.id) AND g.permissions LIKE 'domain.view%') AS some_domains, \
    sv.id AS service, d.id AS domain, t.permissions AS on_asset \
    FROM sessions s JOIN users u ON u.id = s.user_id \
    LEFT JOIN previews p ON p.id = $3 AND p.user_id = u.id AND p.expires_at > $2 \
    LEFT JOIN contacts c ON c.user_id = u.id AND c.account_id = coalesce(p.account_id, $3) AND c.status = 'active' AND c.can_log_in \
    AND (p.id IS NULL OR (p.viewer_id = c.id AND p.key_version = c.key_version)) \
    LEFT JOIN accounts a ON a.id = c.account_id AND a.status = 'active' \
    LEFT JOIN services sv ON sv.id = $4 AND sv.account_id = a.id \
    LEFT JOIN domains d ON d.id = $4 AND d.account_id = a.id \
    LEFT JOIN grants t ON t.holder_id = coalesce(p.id, c.id) AND t.asset_id = $4 \
    WHERE s.token_hash = $1 AND s.expires_at > $2 AND s.last_used_at > $5";

const STILL_HOLDS: &str = "SELECT c.key_version FROM sessions s JOIN contacts c ON c.user_id = s.user_id AND c.id = $1 WHERE s.token_hash = $2 AND s.expires_at > $3 AND s.last_used_at > 0";

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
    on_asset: Option<String>,
}

/// The user of a request's session as a contact of an account, with what they hold on one thing of it: one query, whatever the
/// number of services.
///
/// # Errors
/// [`AppError::SignedOut`] without a session; [`AppError::NotFound`] when the account is closed, does not exist, or is not
/// theirs to enter (S4).
pub(crate) async fn membership(context: &RequestContext, in_url: &AccountId, asset: Option<&AssetId>) -> Result<Membership> {
    let mut reader = context.app().database().reader().await?;
    let row: Option<MemberRow> = sqlx::query_as(MEMBER)
        .bind(hash(context)?)
        .bind(context.app().now().0)
        .bind(in_url.as_str())
        .bind(asset.map(AssetId::as_str))
        .bind(context.app().now().plus_days(-IDLE_DAYS).0)
        .fetch_optional(&mut *reader)
        .await?;
    let row = row.ok_or(AppError::SignedOut)?;
    let (Some(contact), Some(account), Some(account_name), Some(account_number)) = (row.contact, row.account, row.account_name, row.number) else {
        return Err(AppError::NotFound);
    };
    let own = if row.is_owner.unwrap_or_default() { Permissions::all() } else { Permissions::from_keys(&row.permissions.unwrap_or_default()) };
    let preview = row.shown_name.zip(row.says).map(|(name, says)| Preview { name, says });
    let group = if row.service.is_some() { Group::Service } else { Group::Domain };
    Ok(Membership {
        lacks_factor: row.needs_factor.unwrap_or_default() && !row.user.has_factor,
        user: row.user.used(context),
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
        asset: row.service.or(row.domain).map(|id| (id.into(), group, Permissions::from_keys(&row.on_asset.unwrap_or_default()))),
    })
}

/// Is what a member holds still what was looked up, and their session still there? Asked under the write lock, behind every change that
/// came before.
pub(crate) async fn still_holds(conn: &mut SqliteConnection, context: &RequestContext, membership: &Membership) -> Result<bool> {
    let now = context.app().now().0;
    let version: Option<i64> = sqlx::query_scalar(STILL_HOLDS).bind(membership.contact.as_str()).bind(hash(context)?).bind(now).fetch_optional(conn).await?;
    Ok(version == Some(membership.key_version))
}
