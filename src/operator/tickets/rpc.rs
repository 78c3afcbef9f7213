//! Server functions of the ticket desk. Line 1 of each is the proof of access.

#[cfg(feature = "ssr")]
use crate::access::Staff;
#[cfg(feature = "ssr")]
use crate::access::staff::AnswerTickets;
use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::features::tickets::model::Status;
use crate::features::tickets::model::TicketRow;
#[cfg(feature = "ssr")]
use crate::features::tickets::store;
use crate::types::{ListQuery, Page};
use leptos::prelude::*;

/// A page of everybody's tickets in a status, as far as the acting staff answer them. Without one those that
/// wait: that is what a desk is opened for.
#[server(prefix = "/rpc", endpoint = "operator/tickets/list")]
pub async fn list_desk(#[server(flatten)] query: ListQuery) -> Result<Page<TicketRow>> {
    let staff = Staff::<AnswerTickets>::now().await?;
    store::list_for_staff(&mut staff.read().await?, Status::from_key(&query.status), &query).await
}
