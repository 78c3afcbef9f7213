//! Server functions of the activity of staff. Line 1 of each is the proof of access.

#[cfg(feature = "ssr")]
use crate::access::Staff;
#[cfg(feature = "ssr")]
use crate::access::staff::ViewAudit;
use crate::error::Result;
use crate::features::audit::model::{Actors, AuditRow};
#[cfg(feature = "ssr")]
use crate::features::audit::store;
use crate::types::{ListQuery, Page};
use leptos::prelude::*;

/// A page of what staff did, newest first.
#[server(prefix = "/rpc", endpoint = "operator/activity/list")]
pub async fn list_staff_activity(#[server(flatten)] query: ListQuery) -> Result<Page<AuditRow>> {
    let staff = Staff::<ViewAudit>::now().await?;
    let format = staff.context().time_format();
    store::page_of_installation(&mut staff.read().await?, &query, &format).await
}

/// Who of the staff did anything, for the filter.
#[server(prefix = "/rpc", endpoint = "operator/activity/people")]
pub async fn list_acting_staff() -> Result<Actors> {
    let staff = Staff::<ViewAudit>::now().await?;
    store::people_of_installation(&mut staff.read().await?).await
}
