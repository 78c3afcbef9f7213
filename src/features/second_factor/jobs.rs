//! How long challenges for passkeys are kept.

use crate::access::lifetimes::Lifetime;

/// Rows that time and strangers make more of.
pub const LIFETIMES: &[Lifetime] = &[Lifetime {
    what: "Challenges for passkeys",
    kept: "5 minutes",
    after: 0,
    count: "SELECT count(*) FROM ceremonies",
    remove: &[r"DELETE FROM ceremonies
            WHERE token_hash IN (SELECT token_hash FROM ceremonies WHERE expires_at <= $1 LIMIT $2)"],
}];
