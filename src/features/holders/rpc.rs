//! Server functions of "People with access". Line 1 of each is the proof of access.

use super::model::Holders;
#[cfg(feature = "ssr")]
use super::store;
#[cfg(feature = "ssr")]
use crate::access::{Access, ManageContacts};
#[cfg(feature = "ssr")]
use crate::error::AppError;
use crate::error::Result;
use crate::types::AccountId;
#[cfg(feature = "ssr")]
use crate::types::AssetId;
use leptos::prelude::*;

/// Who holds what on the service or domain `about`, which has to be visible to whoever asks (R10).
#[server(prefix = "/rpc", endpoint = "holders/show")]
pub async fn show_holders(account: AccountId, #[server(default)] about: String) -> Result<Holders> {
    let access = Access::<ManageContacts>::to(account).await?;
    let asset = AssetId::parse(&about).ok_or(AppError::NotFound)?;
    let group = access.sees(&asset).await?;
    store::holders(&mut access.read().await?, &asset, group).await
}
