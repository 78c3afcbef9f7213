//! Server functions of "People with access". Line 1 of each is the proof of access.

use super::model::Holders;
#[cfg(feature = "ssr")]
use super::store;
#[cfg(feature = "ssr")]
use crate::access::{Access, ManageContacts};
use crate::error::Result;
use crate::types::{AccountId, AssetId};
use leptos::prelude::*;

/// Who holds what on the service or domain `about`, which has to be visible to whoever asks (R10).
#[server(prefix = "/rpc", endpoint = "holders/show")]
pub async fn show_holders(account: AccountId, about: AssetId) -> Result<Holders> {
    let (access, group) = Access::<ManageContacts>::about(account, &about).await?;
    store::holders(&mut access.read().await?, &about, group).await
}
