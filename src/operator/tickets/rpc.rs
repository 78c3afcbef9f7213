//! Server functions of the ticket desk. Line 1 of each is the proof of access.

use super::model::DeskFacts;
#[cfg(feature = "ssr")]
use super::{store as own, words};
#[cfg(feature = "ssr")]
use crate::access::Staff;
#[cfg(feature = "ssr")]
use crate::access::staff::AnswerTickets;
#[cfg(feature = "ssr")]
use crate::error::{AppError, required};
use crate::error::{Outcome, Result};
use crate::features::tickets::model::TicketRow;
#[cfg(feature = "ssr")]
use crate::features::tickets::store;
#[cfg(feature = "ssr")]
use crate::operator::filters;
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use crate::types::line;
use crate::types::{ListQuery, Page};
use leptos::prelude::*;

/// A page of everybody's tickets, as far as the acting staff answer them: those that wait unless another status is
/// asked for, since that is what a desk is opened for; and whatever is found by words.
#[server(prefix = "/rpc", endpoint = "operator/tickets/list")]
pub async fn list_desk(#[server(flatten)] query: ListQuery) -> Result<Page<TicketRow>> {
    let staff = Staff::<AnswerTickets>::now().await?;
    store::list_for_staff(&mut staff.read().await?, &query).await
}

/// How much waits, and how the acting staff look at it.
#[server(prefix = "/rpc", endpoint = "operator/tickets/facts")]
pub async fn show_desk_facts() -> Result<DeskFacts> {
    let staff = Staff::<AnswerTickets>::now().await?;
    own::facts(&mut staff.read().await?).await
}

/// Saves what the list shows under a name, for oneself.
#[server(prefix = "/rpc", endpoint = "operator/tickets/save-view")]
pub async fn save_ticket_view(
    #[server(default)] name: String,
    #[server(flatten)] query: ListQuery,
) -> Result<Outcome> {
    let staff = Staff::<AnswerTickets>::now().await?;
    let name = required("name", line(&name, 60), words::NAME_THE_VIEW)?;
    let mut query = query;
    query.narrowed.retain(|name, _| matches!(name.as_str(), "whose" | "department"));
    let query = query.on_first_page(&[]);
    if query.len() > 500 {
        return Err(AppError::field("name", words::VIEW_TOO_LONG));
    }
    let mut tx = staff.begin().await?;
    filters::store::save(&mut tx, filters::store::TICKETS, &name, &query, words::TOO_MANY).await?;
    tx.unaudited("how one looks at a list");
    tx.commit().await?;
    Ok(Outcome::at(format!("{}{query}", paths::DESK), words::view_saved(&name)))
}

/// Deletes one of one's own views.
#[server(prefix = "/rpc", endpoint = "operator/tickets/delete-view")]
pub async fn delete_ticket_view(#[server(default)] id: String) -> Result<Outcome> {
    let staff = Staff::<AnswerTickets>::now().await?;
    let mut tx = staff.begin().await?;
    let name = filters::store::delete(&mut tx, filters::store::TICKETS, &id).await?;
    tx.unaudited("how one looks at a list");
    tx.commit().await?;
    Ok(Outcome::at(paths::DESK, words::view_deleted(&name)))
}
