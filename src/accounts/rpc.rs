//! Server functions for choosing an account and for its profile.

use super::model::{Frame, Overview, Picker, Profile, ProfilePage, Rules};
#[cfg(feature = "ssr")]
use super::store;
use crate::error::{Done, Result};
use crate::types::AccountId;
#[cfg(feature = "ssr")]
use crate::{
    activity::model::{Change, Kind},
    error::{AppError, FormErrors},
    paths,
    permission::Group,
    recipients,
    server::access::{Access, AnyContact, EditProfile, Owner, SignedIn},
    server::trail::Entry,
    users,
};
use leptos::prelude::*;

/// The accounts one reaches and the invitations that wait.
#[server(prefix = "/rpc", endpoint = "accounts/picker")]
pub async fn show_picker() -> Result<Picker> {
    let signed_in = SignedIn::now().await?;
    let mut reader = signed_in.read().await?;
    Ok(Picker { accounts: store::choices(&mut reader).await?, waiting: store::waiting(&mut reader).await?, now: signed_in.house().now() })
}

/// What stands around every page of an account. Remembers the account as the last one entered (S5).
#[server(prefix = "/rpc", endpoint = "accounts/frame")]
pub async fn show_frame(account: AccountId) -> Result<Frame> {
    let access = Access::<AnyContact>::to(account).await?;
    let member = access.member();
    if member.preview.is_none() && member.user.last_account.as_ref() != Some(&member.account) {
        // A convenience: when the disk is full, people can still read.
        if let Err(error) = remember(&access).await {
            tracing::warn!(%error, "the last account was not remembered");
        }
    }
    Ok(Frame {
        account: member.in_url.clone(),
        name: member.account_name.clone(),
        number: member.account_number,
        person: member.preview.as_ref().map_or(&member.user.name, |preview| &preview.name).clone(),
        is_owner: member.is_owner,
        permissions: member.permissions,
        services: member.sees(Group::Service),
        domains: member.sees(Group::Domain),
        key_version: member.key_version,
        preview: member.preview.as_ref().and_then(|preview| serde_json::from_str(&preview.says).ok()),
    })
}

#[cfg(feature = "ssr")]
async fn remember(access: &Access<AnyContact>) -> Result<()> {
    let member = access.member();
    let mut tx = access.begin().await?;
    users::store::set_last_account(&mut tx, &member.user.id, member.account.as_str()).await?;
    tx.leaves_no_trail("a convenience");
    tx.commit().await
}

/// The account's first page.
#[server(prefix = "/rpc", endpoint = "accounts/overview")]
pub async fn show_overview(account: AccountId) -> Result<Overview> {
    let access = Access::<AnyContact>::to(account).await?;
    store::overview(&mut access.read().await?).await
}

/// The account's details, for the form.
#[server(prefix = "/rpc", endpoint = "accounts/profile")]
pub async fn show_profile(account: AccountId) -> Result<ProfilePage> {
    let access = Access::<EditProfile>::to(account).await?;
    let mut reader = access.read().await?;
    Ok((store::profile(&mut reader).await?, store::cards(&mut reader).await?))
}

/// Replaces the account's details.
#[server(prefix = "/rpc", endpoint = "accounts/save-profile")]
pub async fn save_profile(account: AccountId, #[server(flatten)] profile: Profile) -> Result<Done> {
    let access = Access::<EditProfile>::to(account).await?;
    let profile = profile.parse()?;
    let mut tx = access.begin().await?;
    let before = store::profile(&mut tx).await?;
    // Whoever is closed stays what they were until somebody else is chosen.
    let chosen = &profile.billing_contact;
    if !chosen.is_empty() && *chosen != before.billing_contact && !store::has_card(&mut tx, chosen).await? {
        return Err(AppError::field("billing_contact", "Choose an active contact from the list."));
    }
    store::save_profile(&mut tx, &profile).await?;
    recipients::store::somebody_gets_domain_mail(&mut tx, &access.member().account, Some("mail")).await?;
    let billing = if before.billing_contact == profile.billing_contact {
        None
    } else {
        let names = store::cards(&mut tx).await?;
        let name = |id: &str| names.iter().find(|(card, _)| card.as_str() == id).map_or("The account", |(_, name)| name).to_owned();
        Change::between("Billing contact", name(&before.billing_contact), name(&profile.billing_contact))
    };
    tx.record(Entry::new(Kind::ProfileChanged, "changed the account's profile").with(before.changes(&profile)).with(billing)).await?;
    tx.commit().await?;
    // The name of the account stands on every page.
    Ok(Done::afresh(paths::account_profile(&access.member().account), "The profile is saved."))
}

/// What the account asks of everybody who enters it. Only the owner decides that.
#[server(prefix = "/rpc", endpoint = "accounts/rules")]
pub async fn show_rules(account: AccountId) -> Result<Rules> {
    let access = Access::<Owner>::to(account).await?;
    store::rules(&mut access.read().await?).await
}

/// Asks everybody on the account for a second factor (X4), or no longer. Whoever has none is led through setting one up when they next
/// enter. The owner goes ahead.
#[server(prefix = "/rpc", endpoint = "accounts/save-rules")]
pub async fn save_rules(account: AccountId, #[server(default)] needs_factor: String) -> Result<Done> {
    let access = Access::<Owner>::to(account).await?;
    SignedIn::confirmed().await?;
    let needs = !needs_factor.is_empty();
    let mut tx = access.begin().await?;
    let rules = store::rules(&mut tx).await?;
    if needs && !rules.own {
        let mut errors = FormErrors::default();
        let path = paths::then(paths::SECOND_FACTOR, &paths::account_profile(&access.member().account));
        errors.add_link("needs_factor", "You have no second factor yourself, so you would shut yourself out.", "Set one up first", path);
        return Err(AppError::Invalid(errors));
    }
    if store::set_needs_factor(&mut tx, needs).await? {
        let says = if needs { "asked everybody on the account for a second factor" } else { "no longer asks everybody for a second factor" };
        tx.record(Entry::new(Kind::FactorRequired, says)).await?;
    }
    tx.commit().await?;
    let say = if needs { "Everybody on this account needs a second factor from now on." } else { "A second factor is everybody's own choice from now on." };
    Ok(Done::at(paths::account_profile(&access.member().account), say))
}
