//! How long previews are kept.

use super::words;
use crate::access::lifetimes::Lifetime;

/// Rows that time and strangers make more of.
pub const LIFETIMES: &[Lifetime] = &[Lifetime {
    what: "Previews",
    kept: words::N_30_MINUTES,
    after: |_| 0,
    count: "SELECT count(*) FROM previews",
    remove: &[
        r"DELETE FROM grants
                WHERE holder_id IN (SELECT id FROM previews WHERE expires_at <= $1 ORDER BY expires_at,
                    id LIMIT $2)",
        r"DELETE FROM previews
                WHERE id IN (SELECT id FROM previews WHERE expires_at <= $1 ORDER BY expires_at,
                    id LIMIT $2)",
    ],
}];
