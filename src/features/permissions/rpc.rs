//! Server functions of permissions. Line 1 of each is the proof of access.

use super::model::Givable;
#[cfg(feature = "ssr")]
use super::{mail, store};
#[cfg(feature = "ssr")]
use crate::access::{Access, AnyContact, ManageContacts};
#[cfg(feature = "ssr")]
use crate::error::AppError;
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::AuditKind;
#[cfg(feature = "ssr")]
use crate::features::audit::record::Entry;
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use crate::permission::Permission;
#[cfg(feature = "ssr")]
use crate::types::AssetId;
use crate::types::{AccountId, ContactId};
use leptos::prelude::*;

/// What the person can give: the boxes of the permissions section that they can change.
#[server(prefix = "/rpc", endpoint = "permissions/givable")]
pub async fn show_givable(account: AccountId) -> Result<Givable> {
    let access = Access::<ManageContacts>::to(account).await?;
    store::givable(&mut access.read().await?).await
}

/// Who can give a permission that the person lacks (R6): id of the contact and name, the owner first.
#[server(prefix = "/rpc", endpoint = "permissions/granters")]
pub async fn show_granters(
    account: AccountId,
    permission: String,
    #[server(default)] asset: String,
) -> Result<Vec<(ContactId, String)>> {
    let asset = AssetId::parse(&asset);
    let access = Access::<AnyContact>::near(account, asset.as_ref()).await?;
    let permission = Permission::from_key(&permission).ok_or(AppError::NotFound)?;
    let found = store::granters(&mut access.read().await?, permission, asset.as_ref()).await?;
    Ok(found.into_iter().map(|granter| (granter.contact, granter.name)).collect())
}

/// "Ask NAME for access" (R6): mails them a link to the box in the contact form. Recorded, and limited to
/// once a day for the same.
#[server(prefix = "/rpc", endpoint = "permissions/ask")]
pub async fn ask_for_access(
    account: AccountId,
    permission: String,
    #[server(default)] asset: String,
    asked: ContactId,
    #[server(default)] back: String,
) -> Result<Outcome> {
    let asset = AssetId::parse(&asset);
    let access = Access::<AnyContact>::near(account, asset.as_ref()).await?;
    let permission = Permission::from_key(&permission).ok_or(AppError::NotFound)?;
    let mut tx = access.begin().await?;
    let name = match &asset {
        Some(asset) => store::asset_name(&mut tx, asset).await?,
        None => None,
    };
    let granter = store::granters(&mut tx, permission, asset.as_ref())
        .await?
        .into_iter()
        .find(|granter| granter.contact == asked);
    let granter = granter.ok_or(AppError::NotFound)?;
    store::record_ask(&mut tx, &asked, permission, asset.as_ref()).await?;
    let message =
        mail::asked(access.app(), access.membership(), &granter, permission, asset.as_ref(), name.as_deref());
    tx.send(&message).await?;
    let on = name.map(|name| format!(" on {name}")).unwrap_or_default();
    tx.record(Entry::new(
        AuditKind::AccessAsked,
        format!("asked {} for “{}”{on}", granter.name, permission.name()),
    ))
    .await?;
    tx.commit().await?;
    let back = if back.is_empty() {
        paths::account(&access.membership().in_url)
    } else {
        paths::safe_next(&back).to_owned()
    };
    Ok(Outcome::at(
        back,
        format!(
            "{} is asked by mail. What they allow counts at once; you need not sign in again.",
            granter.name
        ),
    ))
}
