//! How long requests for access are kept.

use super::words;
use crate::access::lifetimes::{DAY, Lifetime};

/// Rows that time and strangers make more of.
pub const LIFETIMES: &[Lifetime] = &[Lifetime {
    what: words::REQUESTS_FOR_ACCESS,
    kept: words::N_180_DAYS,
    after: |_| 180 * DAY,
    count: "SELECT count(*) FROM asks",
    remove: &["DELETE FROM asks WHERE id IN (SELECT id FROM asks WHERE created_at <= $1 LIMIT $2)"],
}];
