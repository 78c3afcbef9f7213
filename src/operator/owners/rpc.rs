//! Server functions to replace an owner. Line 1 of each is the proof of access.

use super::model::OwnerForm;
#[cfg(feature = "ssr")]
use super::words;
#[cfg(feature = "ssr")]
use crate::access::Staff;
#[cfg(feature = "ssr")]
use crate::access::staff::{ReplaceOwners, named};
#[cfg(feature = "ssr")]
use crate::error::{AppError, required};
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::AuditKind;
#[cfg(feature = "ssr")]
use crate::features::audit::record::Entry;
#[cfg(feature = "ssr")]
use crate::features::{ownership, replacements};
#[cfg(feature = "ssr")]
use crate::paths;
use crate::types::AccountId;
#[cfg(feature = "ssr")]
use crate::types::{ContactId, text_block};
use leptos::prelude::*;

/// Who can take an account over, and what waits already.
#[server(prefix = "/rpc", endpoint = "operator/owners/show")]
pub async fn show_owner_form(account: AccountId) -> Result<OwnerForm> {
    let staff = Staff::<ReplaceOwners>::now().await?;
    let mut reader = staff.read().await?;
    let (name, _) = named(reader.conn(), &account).await?;
    let waiting = replacements::store::shown(reader.conn(), &account).await?;
    Ok(OwnerForm {
        name,
        candidates: ownership::store::candidates(reader.conn(), &account).await?,
        waiting,
        days: staff.app().config().lifetimes.replacement_days,
        now: staff.app().now(),
    })
}

/// Begins the waiting time after which a contact owns the account.
#[server(prefix = "/rpc", endpoint = "operator/owners/replace")]
pub async fn replace_owner(
    account: AccountId,
    #[server(default)] contact: String,
    #[server(default)] reason: String,
    #[server(default)] close_former: String,
) -> Result<Outcome> {
    let staff = Staff::<ReplaceOwners>::now().await?.just_confirmed()?;
    let contact = ContactId::parse(&contact)
        .ok_or_else(|| AppError::field("contact", replacements::words::CANNOT_OWN))?;
    let reason = required("reason", text_block(&reason, 500), words::SAY_WHY)?;
    let mut tx = staff.begin().await?.into_account(&account).await?;
    let begun = replacements::store::begin(&mut tx, &contact, &reason, !close_former.is_empty()).await?;
    let says = words::began(&begun.to_name, &begun.to_email, &reason);
    tx.record(Entry::new(AuditKind::OwnershipOffered, says)).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::replace_owner(&account), words::begun(&begun.to_name, &begun.due().exact())))
}

/// Staff stop it, for example because the owner called.
#[server(prefix = "/rpc", endpoint = "operator/owners/keep")]
pub async fn keep_owner(account: AccountId) -> Result<Outcome> {
    let staff = Staff::<ReplaceOwners>::now().await?;
    let mut tx = staff.begin().await?.into_account(&account).await?;
    let stopped = replacements::store::stop(&mut tx).await?;
    tx.record(Entry::new(AuditKind::OwnershipWithdrawn, words::stopped_it(&stopped.to_name))).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::replace_owner(&account), words::STOPPED))
}
