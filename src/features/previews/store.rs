//! SQL of previews. They are read where memberships are, see [`crate::access::session`].

use super::model::MINUTES;
use crate::access::{InAccount, Tx};
use crate::error::{AppError, Result};
use crate::features::permissions;
use crate::features::permissions::model::Grant;
use crate::frame::PreviewBanner;
use crate::platform::db::{args, internal};
use crate::types::{AccountId, ContactId};

const TIDY_GRANTS: &str =
    "DELETE FROM grants WHERE holder_id IN (SELECT id FROM previews WHERE expires_at <= $1)";
const TIDY: &str = "DELETE FROM previews WHERE expires_at <= $1";
const INSERT: &str = r"INSERT INTO previews (id, user_id, viewer_id, key_version, account_id, contact_id,
        name, permissions, says, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const OPEN: &str = "SELECT count(*) FROM previews WHERE user_id = $1 AND expires_at > $2";

/// Previews that somebody can have open at once.
const MAX_OPEN: i64 = 40;

/// Forgets previews whose time is over.
pub async fn tidy<S>(tx: &mut Tx<S>) -> Result<()> {
    let now = tx.now().0;
    tx.conn().execute(TIDY_GRANTS, args![now]).await?;
    tx.conn().execute(TIDY, args![now]).await?;
    Ok(())
}

/// Makes a preview for whoever acts: of a contact, or of somebody who has none yet, with this grant. Returns
/// what stands for the account in its URLs.
///
/// # Errors
/// [`AppError::TooMany`] when they have too many open.
pub async fn insert(
    tx: &mut Tx<InAccount>,
    contact: Option<&ContactId>,
    grant: &Grant,
    says: &PreviewBanner,
) -> Result<AccountId> {
    let (account, now, id) = (tx.account().clone(), tx.now(), tx.new_id());
    let viewer = tx.membership().clone();
    tidy(tx).await?;
    let open: i64 = tx.conn().value(OPEN, args![viewer.user.id.as_str(), now.0]).await?;
    if open >= MAX_OPEN {
        return Err(AppError::TooMany { retry_after: u32::try_from(MINUTES * 60).unwrap_or(u32::MAX) });
    }
    tx.conn()
        .execute(
            INSERT,
            args![
                &id,
                viewer.user.id.as_str(),
                viewer.contact.as_str(),
                viewer.key_version,
                account.as_str(),
                contact.map_or(id.as_str(), ContactId::as_str),
                &says.name,
                grant.everywhere.keys(),
                serde_json::to_string(says).map_err(|error| internal(&error))?,
                now.plus_minutes(MINUTES).0
            ],
        )
        .await?;
    permissions::store::replace(tx, &id, &Grant::default(), grant).await?;
    Ok(id.into())
}
