//! Server functions of "Needs attention". Line 1 of each is the proof of access.

use super::model::Need;
#[cfg(feature = "ssr")]
use super::store;
#[cfg(feature = "ssr")]
use crate::access::{Access, AnyContact};
use crate::error::Result;
use crate::types::{AccountId, Timestamp};
use leptos::prelude::*;

/// What needs the person on an account, and the server's time.
#[server(prefix = "/rpc", endpoint = "attention/show")]
pub async fn show_needs(account: AccountId) -> Result<(Vec<Need>, Timestamp)> {
    let access = Access::<AnyContact>::to(account).await?;
    let mut reader = access.read().await?;
    let needs = store::of_account(&mut reader).await?;
    Ok((needs, reader.now()))
}
