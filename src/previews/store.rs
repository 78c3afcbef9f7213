//! SQL of previews. They are read where memberships are, see [`crate::server::session`].

use super::model::{MINUTES, Says};
use crate::error::Result;
use crate::permissions;
use crate::permissions::model::Grant;
use crate::server::access::{InAccount, Tx};
use crate::server::db::internal;
use crate::types::{AccountId, ContactId};

const TIDY_GRANTS: &str = "DELETE FROM grants WHERE holder_id IN (SELECT id FROM previews WHERE expires_at <= $1)";
const TIDY: &str = "DELETE FROM previews WHERE expires_at <= $1";
const INSERT: &str = "INSERT INTO previews (id, user_id, key_version, account_id, contact_id, name, permissions, says, expires_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

/// Every statement of this file, for the test that prepares them.
#[cfg(test)]
pub const STATEMENTS: &[&str] = &[TIDY_GRANTS, TIDY, INSERT];

/// Makes a preview for whoever acts: of a card, or of somebody who has none yet, with this grant. Returns what stands for the
/// account in its URLs.
pub async fn insert(tx: &mut Tx<InAccount>, contact: Option<&ContactId>, grant: &Grant, says: &Says) -> Result<AccountId> {
    let (account, now, id) = (tx.account().clone(), tx.now(), tx.new_id());
    let viewer = tx.member().clone();
    sqlx::query(TIDY_GRANTS).bind(now.0).execute(tx.conn()).await?;
    sqlx::query(TIDY).bind(now.0).execute(tx.conn()).await?;
    sqlx::query(INSERT)
        .bind(&id)
        .bind(viewer.user.id.as_str())
        .bind(viewer.key_version)
        .bind(account.as_str())
        .bind(contact.map_or(id.as_str(), ContactId::as_str))
        .bind(&says.name)
        .bind(grant.everywhere.keys())
        .bind(serde_json::to_string(says).map_err(|error| internal(&error))?)
        .bind(now.plus_minutes(MINUTES).0)
        .execute(tx.conn())
        .await?;
    permissions::store::replace(tx, &id, &Grant::default(), grant).await?;
    Ok(id.into())
}
