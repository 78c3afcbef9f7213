//! Server functions for choosing an account and for its profile.

use super::model::{Frame, Overview, Picker, Profile};
#[cfg(feature = "ssr")]
use super::store;
use crate::error::{Done, Result};
use crate::types::AccountId;
#[cfg(feature = "ssr")]
use crate::{
    paths,
    permission::Group,
    server::access::{Access, AnyContact, EditProfile, SignedIn},
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
pub async fn show_profile(account: AccountId) -> Result<Profile> {
    let access = Access::<EditProfile>::to(account).await?;
    store::profile(&mut access.read().await?).await
}

/// Replaces the account's details.
#[server(prefix = "/rpc", endpoint = "accounts/save-profile")]
pub async fn save_profile(account: AccountId, #[server(flatten)] profile: Profile) -> Result<Done> {
    let access = Access::<EditProfile>::to(account).await?;
    let profile = profile.parse()?;
    let mut tx = access.begin().await?;
    store::save_profile(&mut tx, &profile).await?;
    tx.commit().await?;
    // The name of the account stands on every page.
    Ok(Done::afresh(paths::account_profile(&access.member().account), "The profile is saved."))
}
