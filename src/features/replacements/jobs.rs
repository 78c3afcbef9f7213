//! Accounts are handed over when the waiting time has passed.

use super::store;
use crate::access::{Open, Tx};
use crate::error::Result;

/// Every ten minutes, for all accounts.
///
/// # Errors
/// When the database cannot be written.
pub async fn run(tx: &mut Tx<Open>) -> Result<()> {
    store::hand_over_due(tx).await
}
