//! What others of the staff area take from invoices.

use super::rpc::ListAllInvoices;
use crate::error::Result;
use crate::features::invoices::model::InvoiceRow;
use crate::types::ListQuery;
use crate::ui::load::ask;

/// Invoices that are shown at once.
const MOST: usize = 4;

/// Invoices with a number, in whatever status, in the browser.
///
/// # Errors
/// As [`super::rpc::list_all_invoices`].
pub async fn by_number(words: String) -> Result<Vec<InvoiceRow>> {
    let query = ListQuery { q: words, ..ListQuery::default() };
    Ok(ask(ListAllInvoices { query }).await?.items.into_iter().take(MOST).collect())
}
