//! Server functions of the activity. Line 1 of each is the proof of access.

use super::model::{Actors, AuditRow, PersonActivity};
#[cfg(feature = "ssr")]
use super::store;
#[cfg(feature = "ssr")]
use crate::access::{Access, ViewActivity};
use crate::error::Result;
use crate::types::{AccountId, ContactId, ListQuery, Page};
use leptos::prelude::*;

/// A page of what happened on the account (X2).
#[server(prefix = "/rpc", endpoint = "activity/list")]
pub async fn list_activity(
    account: AccountId,
    #[server(flatten)] query: ListQuery,
) -> Result<Page<AuditRow>> {
    let access = Access::<ViewActivity>::to(account).await?;
    store::page(&mut access.read().await?, &query, &access.context().time_format()).await
}

/// Who has acted on the account, for the filter.
#[server(prefix = "/rpc", endpoint = "activity/people")]
pub async fn list_actors(account: AccountId) -> Result<Actors> {
    let access = Access::<ViewActivity>::to(account).await?;
    store::people(&mut access.read().await?).await
}

/// What a person did lately, and what was changed about them (P11).
#[server(prefix = "/rpc", endpoint = "activity/of-person")]
pub async fn show_person_activity(account: AccountId, contact: ContactId) -> Result<PersonActivity> {
    let access = Access::<ViewActivity>::to(account).await?;
    store::of_person(&mut access.read().await?, &contact).await
}
