//! How long looks of staff are kept: what stands in the activity stays.

use super::words;
use crate::access::lifetimes::{DAY, Lifetime};

/// Rows that time makes more of.
pub const LIFETIMES: &[Lifetime] = &[Lifetime {
    what: "Views of support",
    kept: words::KEPT,
    after: |_| 365 * DAY,
    count: "SELECT count(*) FROM support_views",
    remove: &[r"DELETE FROM support_views
        WHERE id IN (SELECT id FROM support_views WHERE expires_at <= $1 LIMIT $2)"],
}];
