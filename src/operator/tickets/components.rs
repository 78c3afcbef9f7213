//! What others of the staff area take from the desk.

use super::rpc::ListDesk;
use crate::error::Result;
use crate::features::tickets::model::TicketRow;
use crate::types::ListQuery;
use crate::ui::load::ask;

/// Tickets that words find, in whatever status, in the browser.
///
/// # Errors
/// As [`super::rpc::list_desk`].
pub async fn find(words: String) -> Result<Vec<TicketRow>> {
    let query = ListQuery { q: words, ..ListQuery::default() };
    Ok(ask(ListDesk { query }).await?.items)
}
