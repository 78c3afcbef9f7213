//! Server functions of permissions. Line 1 of each is the proof of access.

use super::model::Givable;
#[cfg(feature = "ssr")]
use super::model::Grant;
#[cfg(feature = "ssr")]
use super::words;
#[cfg(feature = "ssr")]
use super::{mail, store};
#[cfg(feature = "ssr")]
use crate::access::{Access, AnyContact, InAccount, ManageContacts, SignedIn, Tx};
#[cfg(feature = "ssr")]
use crate::error::AppError;
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::{AuditChange, AuditKind};
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
    let message = mail::asked(access.app(), access.membership(), &granter, permission, name.as_deref());
    tx.send(&message).await?;
    let on = name.map(|name| words::on_3(&name)).unwrap_or_default();
    let says = words::asked_for(&granter.name, &permission.name(), &on);
    tx.record(Entry::new(AuditKind::AccessAsked, says)).await?;
    tx.commit().await?;
    let back = if back.is_empty() {
        paths::account(&access.membership().in_url)
    } else {
        paths::safe_next(&back).to_owned()
    };
    Ok(Outcome::at(back, words::gets_an_e_mail_with(&granter.name)))
}

/// "Grant": gives what somebody asked for, with what it needs, and tells them (R6).
#[server(prefix = "/rpc", endpoint = "permissions/grant")]
pub async fn grant_access(
    account: AccountId,
    contact: ContactId,
    permission: String,
    #[server(default)] asset: String,
) -> Result<Outcome> {
    let access = Access::<ManageContacts>::to(account).await?;
    let permission = Permission::from_key(&permission).ok_or(AppError::NotFound)?;
    // Whoever lets somebody else hand out permissions proves that it is them (OWASP ASVS 5.0 §7.5.1).
    if permission == Permission::ManageContacts {
        SignedIn::confirmed().await?;
    }
    let asset = AssetId::parse(&asset);
    let mut tx = access.begin().await?;
    let (asker, givable, label) = asked_for(&mut tx, &contact, permission, asset.as_ref()).await?;
    if !givable.may_give(permission, asset.as_ref()) {
        return Err(AppError::Lacks { permission: permission.key().into(), asset });
    }
    answer(&mut tx, &contact, permission, asset.as_ref()).await?;
    let after = asker.grant.with(permission, asset.as_ref());
    store::give(&mut tx, &contact, &asker.grant, &after).await?;
    store::settle(&mut tx, &contact, &after).await?;
    tx.send(&mail::granted(access.app(), access.membership(), &asker, &label)).await?;
    let say = |grant: &Grant| grant.able_to(|id| givable.name(id)).say();
    let entry = Entry::new(
        AuditKind::PermissionsGiven,
        words::granted_as_requested(&asker.name, &asker.email, &label),
    );
    tx.record(entry.about(&contact).with(AuditChange::between(
        words::PERMISSIONS,
        say(&asker.grant),
        say(&after),
    )))
    .await?;
    tx.commit().await?;
    Ok(Outcome::at(
        paths::contact(&access.membership().in_url, &contact),
        words::now_has_and_gets_an(&asker.name, &label),
    ))
}

/// "Refuse": answers a request with no, and tells whoever asked (R6).
#[server(prefix = "/rpc", endpoint = "permissions/refuse")]
pub async fn refuse_access(
    account: AccountId,
    contact: ContactId,
    permission: String,
    #[server(default)] asset: String,
) -> Result<Outcome> {
    let access = Access::<ManageContacts>::to(account).await?;
    let permission = Permission::from_key(&permission).ok_or(AppError::NotFound)?;
    let asset = AssetId::parse(&asset);
    let mut tx = access.begin().await?;
    let (asker, _, label) = asked_for(&mut tx, &contact, permission, asset.as_ref()).await?;
    answer(&mut tx, &contact, permission, asset.as_ref()).await?;
    tx.send(&mail::refused(access.app(), access.membership(), &asker, &label)).await?;
    let says = words::refused(&asker.name, &asker.email, &label);
    tx.record(Entry::new(AuditKind::AccessRefused, says).about(&contact)).await?;
    tx.commit().await?;
    Ok(Outcome::at(
        paths::contact(&access.membership().in_url, &contact),
        words::you_refused_gets_an_e(&label, &asker.name),
    ))
}

/// Who asks, what whoever acts can give, and what the request is called.
///
/// # Errors
/// What [`store::asker`] refuses; [`AppError::NotFound`] for an asset that whoever acts does not see.
#[cfg(feature = "ssr")]
async fn asked_for(
    tx: &mut Tx<InAccount>,
    contact: &ContactId,
    permission: Permission,
    asset: Option<&AssetId>,
) -> Result<(store::Asker, Givable, String)> {
    let asker = store::asker(tx, contact).await?;
    let givable = store::givable(tx).await?;
    let label = givable.label(permission, asset).ok_or(AppError::NotFound)?;
    Ok((asker, givable, label))
}

/// Gives a request its answer, once.
///
/// # Errors
/// [`AppError::Conflict`] when it has one.
#[cfg(feature = "ssr")]
async fn answer(
    tx: &mut Tx<InAccount>,
    contact: &ContactId,
    permission: Permission,
    asset: Option<&AssetId>,
) -> Result<()> {
    if store::decide(tx, contact, permission, asset).await? {
        return Ok(());
    }
    Err(AppError::Conflict(words::THIS_REQUEST_HAS_ALREADY_BEEN.into()))
}
