//! What happens to invitations by time: they expire, and are forgotten later.

use super::store;
use super::words;
use crate::access::lifetimes::{DAY, Lifetime};
use crate::access::{Open, Tx};
use crate::error::Result;

/// Rows that time and strangers make more of.
pub const LIFETIMES: &[Lifetime] = &[Lifetime {
    what: words::INVITATIONS_THAT_WERE_ANSWERED_OR,
    kept: words::N_2_YEARS,
    after: |_| 730 * DAY,
    count: "SELECT count(*) FROM invitations WHERE state <> 'pending'",
    remove: &[r"DELETE FROM invitations
            WHERE id IN (SELECT id FROM invitations WHERE state <> 'pending' AND created_at <= $1 LIMIT $2)"],
}];

/// Every ten minutes: those whose time is over expire.
///
/// # Errors
/// When the database cannot be written.
pub async fn run(tx: &mut Tx<Open>) -> Result<()> {
    store::expire(tx).await
}
