//! Looks memberships up: once a request by one query, and again under the write lock before anything is
//! changed.

use crate::access::membership::{Membership, Preview};
use crate::access::request::{LookedUp, RequestContext};
use crate::access::session::{UserRow, hash};
use crate::access::staff;
use crate::error::{AppError, Result};
use crate::permission::{Group, Permissions, StaffPermission, StaffPermissions};
use crate::platform::db::{Conn, FromRow, args};
use crate::types::{AccountId, AssetId};
use std::sync::Arc;

// One query, whatever the number of services: each join finds at most one row by a key. A preview stands for
// the account in the URL, and dies with its time and with any change of what its viewer may do. Staff reach
// every account without being a contact of it, also a closed one.
const MEMBERSHIP: &str = r"SELECT u.id, u.email, u.name, u.last_account_id, u.has_factor, s.id AS session,
        s.confirmed_at, s.last_used_at, a.needs_factor, c.id AS contact, c.is_owner, c.permissions,
        c.key_version, st.permissions AS staff, st.version AS staff_version, pc.is_owner AS shown_is_owner, a.id AS account, a.name AS account_name, a.number, p.id AS preview, p.contact_id
        AS shown, p.name AS shown_name, p.permissions AS shown_permissions, p.says,
        EXISTS (SELECT 1 FROM grants g WHERE g.holder_id = coalesce(p.id, c.id)
        AND g.permissions LIKE 'service.view%') AS some_services,
        EXISTS (SELECT 1 FROM grants g WHERE g.holder_id = coalesce(p.id, c.id)
        AND g.permissions LIKE 'domain.view%') AS some_domains,
        p.id IS NULL AND EXISTS (SELECT 1 FROM ticket_people tp WHERE tp.contact_id = c.id) AS some_tickets, sv.id AS service, d.id AS domain,
        t.permissions AS on_asset
    FROM sessions s
    JOIN users u ON u.id = s.user_id
    LEFT JOIN previews p ON p.id = $3 AND p.user_id = u.id AND p.expires_at > $2
    LEFT JOIN contacts c ON c.user_id = u.id AND c.account_id = coalesce(p.account_id, $3)
        AND c.status = 'active' AND c.can_log_in
        AND (p.id IS NULL OR (p.viewer_id = c.id AND p.key_version = c.key_version))
    LEFT JOIN staff st ON st.user_id = u.id AND st.status = 'active'
    LEFT JOIN contacts pc ON pc.id = p.contact_id AND pc.account_id = p.account_id
    LEFT JOIN accounts a ON a.id = coalesce(c.account_id,
        CASE WHEN st.user_id IS NOT NULL AND (p.id IS NULL OR p.viewer_id = 'staff')
        THEN coalesce(p.account_id, $3) END) AND (a.status = 'active' OR st.user_id IS NOT NULL)
    LEFT JOIN services sv ON sv.id = $4 AND sv.account_id = a.id
    LEFT JOIN domains d ON d.id = $4 AND d.account_id = a.id
    LEFT JOIN grants t ON t.holder_id = coalesce(p.id, c.id) AND t.asset_id = $4
    WHERE s.token_hash = $1 AND s.expires_at > $2 AND s.last_used_at > $5";

const STILL_HOLDS: &str = r"SELECT c.key_version
    FROM sessions s
    JOIN contacts c ON c.user_id = s.user_id AND c.id = $1
    WHERE s.token_hash = $2 AND s.expires_at > $3 AND s.last_used_at > 0";

#[derive(FromRow)]
struct MembershipRow {
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
    staff: Option<String>,
    staff_version: Option<i64>,
    shown_is_owner: Option<bool>,
    some_services: bool,
    some_domains: bool,
    some_tickets: bool,
    service: Option<String>,
    domain: Option<String>,
    on_asset: Option<String>,
}

/// The membership this request acts under, with what it holds on one asset. Looked up once.
///
/// # Errors
/// As [`look_up`].
pub async fn membership(
    context: &RequestContext,
    in_url: &AccountId,
    asset: Option<&AssetId>,
) -> Result<Arc<Membership>> {
    let asset = asset.or(context.asset());
    let mut slot = context.looked_up().lock().await;
    if let Some(known) = slot.as_ref()
        && known.in_url == *in_url
        && (asset.is_none() || known.asset.as_ref() == asset)
    {
        return Ok(known.membership.clone());
    }
    let membership = Arc::new(look_up(context, in_url, asset).await?);
    context.app().count_lookup();
    *slot = Some(LookedUp { in_url: in_url.clone(), asset: asset.cloned(), membership: membership.clone() });
    Ok(membership)
}

/// The user of a request's session as a contact of an account, with what they hold on one asset of it: one
/// query, whatever the number of services.
///
/// # Errors
/// [`AppError::SignedOut`] without a session; [`AppError::NotFound`] when the account is closed, does not
/// exist, or is not theirs to enter (S4).
async fn look_up(
    context: &RequestContext,
    in_url: &AccountId,
    asset: Option<&AssetId>,
) -> Result<Membership> {
    let mut reader = context.app().database().reader().await?;
    let row: Option<MembershipRow> = reader
        .optional(
            MEMBERSHIP,
            args![
                hash(context)?,
                context.app().now().0,
                in_url.as_str(),
                asset.map(AssetId::as_str),
                context.app().idle_since().0
            ],
        )
        .await?;
    let row = row.ok_or(AppError::SignedOut)?;
    let (Some(account), Some(account_name), Some(account_number)) =
        (row.account, row.account_name, row.number)
    else {
        return Err(AppError::NotFound);
    };
    let staff = row.staff.map(|keys| StaffPermissions::from_keys(&keys)).filter(|_| row.contact.is_none());
    let own = match staff {
        Some(held) => held.on_accounts(),
        None => Permissions::of_contact(
            row.is_owner.unwrap_or_default(),
            row.permissions.as_deref().unwrap_or_default(),
        ),
    };
    if staff.is_some() && own.is_empty() {
        return Err(staff::lacks(StaffPermission::ViewCustomers));
    }
    let contact = row.contact.unwrap_or_default();
    let preview = row.shown_name.zip(row.says).map(|(name, says)| Preview { name, says });
    let group = if row.service.is_some() { Group::Service } else { Group::Domain };
    let needs_factor =
        (staff.is_some() && !context.app().config().demo) || row.needs_factor.unwrap_or_default();
    Ok(Membership {
        lacks_factor: needs_factor && !row.user.has_factor,
        user: row.user.used(context),
        holder: row.preview.unwrap_or_else(|| contact.clone()),
        contact: row.shown.unwrap_or(contact).into(),
        // Whom staff see the portal as may be the owner; everybody else's preview is of somebody else.
        is_owner: match &preview {
            Some(_) => staff.is_some() && row.shown_is_owner.unwrap_or_default(),
            None => row.is_owner.unwrap_or_default(),
        },
        permissions: row.shown_permissions.map_or(own, |keys| Permissions::from_keys(&keys)),
        some_services: row.some_services,
        some_domains: row.some_domains,
        some_tickets: row.some_tickets,
        key_version: row.key_version.or(row.staff_version).unwrap_or_default(),
        account: account.into(),
        in_url: in_url.clone(),
        account_name,
        account_number,
        staff,
        program: false,
        preview,
        asset: row
            .service
            .or(row.domain)
            .map(|id| (id.into(), group, Permissions::from_keys(&row.on_asset.unwrap_or_default()))),
    })
}

/// Is what a member holds still what was looked up, and their session still there? Asked under the write
/// lock, behind every change that came before.
pub async fn still_holds(conn: &mut Conn, context: &RequestContext, membership: &Membership) -> Result<bool> {
    if membership.staff.is_some() {
        return Ok(staff::still_staff(conn, context).await? == Some(membership.key_version));
    }
    let now = context.app().now().0;
    let version: Option<i64> =
        conn.optional_value(STILL_HOLDS, args![membership.contact.as_str(), hash(context)?, now]).await?;
    Ok(version == Some(membership.key_version))
}
