//! Server functions to look as a customer. Line 1 of each is the proof of access.

use super::model::ViewForm;
#[cfg(feature = "ssr")]
use super::words;
#[cfg(feature = "ssr")]
use crate::access::staff::{BreakGlass, ViewAsCustomer};
#[cfg(feature = "ssr")]
use crate::access::{InAccount, Staff, Tx};
#[cfg(feature = "ssr")]
use crate::error::{AppError, required};
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::AuditKind;
#[cfg(feature = "ssr")]
use crate::features::audit::record::Entry;
#[cfg(feature = "ssr")]
use crate::features::support::model::{ALLOWED_MINUTES, SupportAccess};
#[cfg(feature = "ssr")]
use crate::features::support::{mail, store, words as support};
#[cfg(feature = "ssr")]
use crate::frame::PreviewBanner;
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use crate::permission::{Permissions, StaffPermission};
#[cfg(feature = "ssr")]
use crate::platform::db::internal;
use crate::types::AccountId;
#[cfg(feature = "ssr")]
use crate::types::{ContactId, text_block};
use leptos::prelude::*;

/// How the acting staff stand with an account.
#[server(prefix = "/rpc", endpoint = "operator/views/show")]
pub async fn show_view_form(account: AccountId) -> Result<ViewForm> {
    let staff = Staff::<ViewAsCustomer>::now().await?;
    let owner = crate::operator::customers::store::show(&mut staff.read().await?, &account).await?.owner;
    let mut reader = staff.read().await?.into_account(&account).await?;
    let mine = store::mine(&mut reader).await?;
    let access = store::access(&mut reader).await?;
    Ok(ViewForm {
        name: reader.membership().account_name.clone(),
        number: reader.membership().account_number,
        access,
        owner,
        reason: mine.as_ref().map(|mine| mine.reason.clone()).unwrap_or_default(),
        asked: mine.map(|mine| (mine.allowed, mine.until)),
        may_break_glass: staff.member().permissions.has(StaffPermission::BreakGlass),
        now: staff.app().now(),
    })
}

/// Looks as a customer where that is allowed, or asks the owner.
#[server(prefix = "/rpc", endpoint = "operator/views/open")]
pub async fn open_view(
    account: AccountId,
    #[server(default)] contact: String,
    #[server(default)] reason: String,
) -> Result<Outcome> {
    let staff = Staff::<ViewAsCustomer>::now().await?;
    let reason = why(&reason)?;
    let contact = whom(&contact)?;
    let mut tx = staff.begin().await?.into_account(&account).await?;
    let mine = store::mine(&mut tx).await?;
    match (store::access(&mut tx).await?, mine) {
        (SupportAccess::Never, _) => Err(AppError::Conflict(words::NOT_ALLOWED.into())),
        (_, Some(mine)) if mine.allowed => {
            look(tx, &contact, &reason, AuditKind::ViewOpened, false, mine.until).await
        }
        (SupportAccess::Always, _) => {
            let until = tx.now().plus_minutes(ALLOWED_MINUTES);
            let new =
                store::NewView { contact: &contact, reason: &reason, break_glass: false, allowed: true };
            store::ask(&mut tx, &new, words::ALREADY_ASKED).await?;
            look(tx, &contact, &reason, AuditKind::ViewOpened, false, until).await
        }
        (SupportAccess::Ask, Some(_)) => Err(AppError::Conflict(words::ALREADY_ASKED.into())),
        (SupportAccess::Ask, None) => {
            let new =
                store::NewView { contact: &contact, reason: &reason, break_glass: false, allowed: false };
            store::ask(&mut tx, &new, words::ALREADY_ASKED).await?;
            let owner = store::owner(&mut tx).await?;
            let by = tx.membership().user.name.clone();
            let message = mail::asks(tx.app(), &owner, &by, &reason);
            tx.send(&message).await?;
            tx.record(Entry::new(AuditKind::ViewAsked, support::asked_to_view(&reason))).await?;
            tx.commit().await?;
            Ok(Outcome::at(paths::view_as(&account), words::asked_say(&owner.owner.0)))
        }
    }
}

/// Looks without consent. The owner is told at once.
#[server(prefix = "/rpc", endpoint = "operator/views/look-without-consent")]
pub async fn look_without_consent(
    account: AccountId,
    #[server(default)] contact: String,
    #[server(default)] reason: String,
) -> Result<Outcome> {
    let staff = Staff::<BreakGlass>::now().await?.just_confirmed()?;
    let reason = why(&reason)?;
    let contact = whom(&contact)?;
    let mut tx = staff.begin().await?.into_account(&account).await?;
    let until = tx.now().plus_minutes(ALLOWED_MINUTES);
    let new = store::NewView { contact: &contact, reason: &reason, break_glass: true, allowed: true };
    store::ask(&mut tx, &new, words::ALREADY_ASKED).await?;
    let owner = store::owner(&mut tx).await?;
    let by = tx.membership().user.name.clone();
    let message = mail::glass_broken(tx.app(), &owner, &by, &reason);
    tx.send(&message).await?;
    look(tx, &contact, &reason, AuditKind::ViewOpened, true, until).await
}

#[cfg(feature = "ssr")]
fn why(reason: &str) -> Result<String> {
    required("reason", text_block(reason, 500), words::SAY_WHY)
}

#[cfg(feature = "ssr")]
fn whom(contact: &str) -> Result<ContactId> {
    ContactId::parse(contact).ok_or(AppError::NotFound)
}

#[cfg(feature = "ssr")]
async fn look(
    mut tx: Tx<InAccount>,
    contact: &ContactId,
    reason: &str,
    kind: AuditKind,
    glass: bool,
    until: crate::types::Timestamp,
) -> Result<Outcome> {
    let (name, is_owner, keys) = store::shown(&mut tx, contact).await?;
    let held = Permissions::of_contact(is_owner, &keys);
    let able = held.iter().map(|permission| permission.able_to().to_owned()).collect();
    let says = PreviewBanner {
        name: name.clone(),
        able,
        back: paths::view_as(tx.account()),
        support: true,
        ..PreviewBanner::default()
    };
    let says = serde_json::to_string(&says).map_err(|error| internal(&error))?;
    let id = store::open_view(&mut tx, contact, &name, &held.keys(), &says, until).await?;
    let does =
        if glass { support::broke_glass(&name, &reason) } else { support::opened_view(&name, &reason) };
    tx.record(Entry::new(kind, does)).await?;
    tx.commit().await?;
    // Another account to the browser: it starts afresh.
    Ok(Outcome::afresh(paths::account(&id), ""))
}
