//! Server functions for the owner. Line 1 of each is the proof of access.

use super::model::Replacement;
#[cfg(feature = "ssr")]
use super::{store, words};
#[cfg(feature = "ssr")]
use crate::access::{Access, Owner};
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::AuditKind;
#[cfg(feature = "ssr")]
use crate::features::audit::record::Entry;
#[cfg(feature = "ssr")]
use crate::paths;
use crate::types::AccountId;
use leptos::prelude::*;

/// What waits on the account, for its owner.
#[server(prefix = "/rpc", endpoint = "replacements/show")]
pub async fn show_replacement(account: AccountId) -> Result<Option<Replacement>> {
    let access = Access::<Owner>::to(account).await?;
    let mut reader = access.read().await?;
    let account = reader.account().clone();
    store::shown(reader.conn(), &account).await
}

/// The owner is still here.
#[server(prefix = "/rpc", endpoint = "replacements/stop")]
pub async fn stop_replacement(account: AccountId) -> Result<Outcome> {
    let access = Access::<Owner>::to(account).await?;
    let mut tx = access.begin().await?;
    let stopped = store::stop(&mut tx).await?;
    tx.record(Entry::new(AuditKind::OwnershipWithdrawn, words::stopped_it(&stopped.to_name))).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::ownership(&access.membership().account), words::STOPPED))
}
