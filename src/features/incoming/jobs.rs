//! How long what came in is kept.

use super::words;
use crate::access::lifetimes::{DAY, Lifetime};

/// Rows that strangers make more of. Messages in tickets keep their rows, and so does what waits for staff.
pub const LIFETIMES: &[Lifetime] = &[Lifetime {
    what: words::WHAT,
    kept: words::KEPT,
    after: |_| 90 * DAY,
    count: "SELECT count(*) FROM incoming",
    remove: &[r"DELETE FROM incoming
        WHERE id IN (SELECT id FROM incoming WHERE created_at <= $1 AND state IN ('repeated', 'automatic', 'bounce', 'refused', 'dismissed')
            ORDER BY created_at, id LIMIT $2)"],
}];
