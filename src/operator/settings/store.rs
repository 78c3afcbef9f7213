//! Keeping what staff set: stored, in the trail, and counting from now on.

use crate::access::staff::EditSettings;
use crate::access::{OfStaff, Staff, Tx, settings};
use crate::error::{AppError, Result};
use crate::features::audit::record::Entry;
use crate::platform::config::Company;

/// Replaces what staff set about their company and portal, with its entry, and ends the transaction.
///
/// # Errors
/// [`AppError::Conflict`] for what cannot count; whoever may have typed that checks it before.
pub async fn keep(
    staff: &Staff<EditSettings>,
    mut tx: Tx<OfStaff>,
    company: &Company,
    entry: Entry,
) -> Result<()> {
    settings::set_company(&mut tx, company).await?;
    tx.record(entry).await?;
    tx.commit().await?;
    staff.app().set_company(company).map_err(AppError::Conflict)
}
