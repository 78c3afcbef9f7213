//! Offers of an account lapse when their time is over.

use super::store;
use crate::access::{Open, Tx};
use crate::error::Result;

/// Every ten minutes, for all accounts.
///
/// # Errors
/// When the database cannot be written.
pub async fn run(tx: &mut Tx<Open>) -> Result<()> {
    store::lapse(tx, "").await
}
