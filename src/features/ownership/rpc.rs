//! Server functions of handing over and leaving. Line 1 of each is the proof of access.

use super::model::Ownership;
#[cfg(feature = "ssr")]
use super::words;
#[cfg(feature = "ssr")]
use super::{mail, store};
#[cfg(feature = "ssr")]
use crate::access::{Access, AnyContact, Owner, SignedIn};
#[cfg(feature = "ssr")]
use crate::error::AppError;
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::{AuditChange, AuditKind};
#[cfg(feature = "ssr")]
use crate::features::audit::record::Entry;
use crate::features::second_factor::model::Proof;
#[cfg(feature = "ssr")]
use crate::features::{accounts, contacts, permissions, recipients, second_factor};
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use crate::permission::Permission;
#[cfg(feature = "ssr")]
use crate::types::ContactId;
use crate::types::{AccountId, Secret};
use leptos::prelude::*;

/// The offer that stands, for the two it is between, and for the owner whom the account can be offered to.
#[server(prefix = "/rpc", endpoint = "ownership/show")]
pub async fn show_ownership(account: AccountId) -> Result<Ownership> {
    let access = Access::<AnyContact>::to(account).await?;
    store::show(&mut access.read().await?).await
}

/// "Transfer ownership" (P7): the owner confirms with password and second factor; nothing changes until the
/// other accepts.
#[server(prefix = "/rpc", endpoint = "ownership/offer")]
pub async fn offer_ownership(
    account: AccountId,
    #[server(default)] contact: String,
    #[server(default)] current_password: Secret,
    #[server(flatten)] proof: Proof,
) -> Result<Outcome> {
    let access = Access::<Owner>::to(account).await?;
    let unknown = || AppError::field("contact", words::CHOOSE_THE_NEW_OWNER);
    if contact.is_empty() {
        return Err(unknown());
    }
    // Used up on its own: a code counts once, whatever comes of the offer.
    let mut proven = second_factor::prove::prove(&SignedIn::now().await?, &current_password, &proof).await?;
    proven.unaudited("the offer does");
    proven.commit_step().await?;
    let mut tx = access.begin().await?;
    let named = accounts::store::active_contact(&mut tx, &contact).await?;
    let contact = named.or_else(|| ContactId::parse(&contact)).ok_or_else(unknown)?;
    store::offer(&mut tx, &contact).await?;
    let (owner, to) = (store::owner(&mut tx).await?, store::of_contact(&mut tx, &contact).await?);
    tx.send_all(mail::offered(access.app(), access.membership(), &owner, &to)).await?;
    tx.record(Entry::new(AuditKind::OwnershipOffered, words::offered_ownership_to(&to.name, &to.email)))
        .await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::ownership(&access.membership().account), words::was_asked_by_e_mail(&to.name)))
}

/// Takes the offer back.
#[server(prefix = "/rpc", endpoint = "ownership/withdraw")]
pub async fn withdraw_ownership(account: AccountId) -> Result<Outcome> {
    let access = Access::<Owner>::to(account).await?;
    let mut tx = access.begin().await?;
    let contact = store::withdraw(&mut tx).await?;
    let (owner, to) = (store::owner(&mut tx).await?, store::of_contact(&mut tx, &contact).await?);
    tx.send_all(mail::withdrawn(access.app(), access.membership(), &owner, &to)).await?;
    tx.record(Entry::new(AuditKind::OwnershipWithdrawn, words::withdrew_the_offer_of_ownership_to(&to.name)))
        .await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::ownership(&access.membership().account), words::THE_OFFER_WAS_WITHDRAWN_NOTHING))
}

/// Accepts the offer that is for the acting contact.
#[server(prefix = "/rpc", endpoint = "ownership/accept")]
pub async fn accept_ownership(account: AccountId) -> Result<Outcome> {
    let access = Access::<AnyContact>::to(account).await?;
    // Nobody becomes the owner of an account with a session that was left open (OWASP ASVS 5.0 §7.5.1).
    SignedIn::confirmed().await?;
    let mut tx = access.begin().await?;
    let former = store::accept(&mut tx).await?;
    let former = store::of_contact(&mut tx, &former).await?;
    tx.send_all(mail::accepted(access.app(), access.membership(), &former)).await?;
    let change = AuditChange::between(
        words::OWNER,
        format!("{} ({})", former.name, former.email),
        format!("{} ({})", access.membership().user.name, access.membership().user.email),
    );
    tx.record(
        Entry::new(AuditKind::OwnershipAccepted, words::ACCEPTED_OWNERSHIP_OF_THE_ACCOUNT).with(change),
    )
    .await?;
    tx.commit().await?;
    Ok(Outcome::afresh(
        paths::account_profile(&access.membership().account),
        words::you_now_own_its_main(&access.membership().account_name, &former.main_address),
    ))
}

/// Declines the offer that is for the acting contact.
#[server(prefix = "/rpc", endpoint = "ownership/decline")]
pub async fn decline_ownership(account: AccountId) -> Result<Outcome> {
    let access = Access::<AnyContact>::to(account).await?;
    let mut tx = access.begin().await?;
    store::decline(&mut tx).await?;
    let owner = store::owner(&mut tx).await?;
    tx.send_all(mail::declined(access.app(), access.membership(), &owner)).await?;
    tx.record(Entry::new(AuditKind::OwnershipDeclined, words::DECLINED_OWNERSHIP_OF_THE_ACCOUNT)).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::account(&access.membership().account), words::YOU_DECLINED_OWNERSHIP_NOTHING_HAS))
}

/// "Leave account" (P8): the acting contact gives up the key by themself.
#[server(prefix = "/rpc", endpoint = "ownership/leave")]
pub async fn leave_account(account: AccountId) -> Result<Outcome> {
    let access = Access::<AnyContact>::to(account).await?;
    let mut tx = access.begin().await?;
    let (contact, membership) = (tx.actor().clone(), access.membership());
    let names = permissions::store::names_of(tx.conn(), contact.as_str()).await?;
    let shown = contacts::store::show(&mut tx, &contact).await?;
    let held = shown.grant.able_to(|id| names.get(id).cloned()).say();
    if !membership.is_owner {
        store::end_offer(&mut tx, &contact).await?;
    }
    if !store::leave(&mut tx).await? {
        return Err(AppError::Conflict(words::THE_OWNER_CANNOT_LEAVE_TRANSFER.into()));
    }
    if shown.bills {
        contacts::billing::hand_over_billing(&mut tx, &shown, None).await?;
    }
    let owner = store::owner(&mut tx).await?;
    match recipients::store::somebody_gets_domain_mail(&mut tx, &membership.account, None).await {
        Err(AppError::Conflict(_)) if !membership.permissions.has(Permission::ManageContacts) => {
            return Err(AppError::Conflict(words::you_are_the_only_one(&owner.name, &owner.email)));
        }
        other => other?,
    }
    tx.send(&mail::left(access.app(), access.membership(), &owner)).await?;
    tx.record(Entry::new(AuditKind::ContactLeft, words::LEFT_THE_ACCOUNT_AND_IS).with(AuditChange::between(
        words::PERMISSIONS,
        held,
        "",
    )))
    .await?;
    tx.commit().await?;
    Ok(Outcome::afresh(paths::ACCOUNTS, words::you_left_you_can_no(&access.membership().account_name)))
}
