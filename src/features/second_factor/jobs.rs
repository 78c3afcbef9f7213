//! How long challenges for passkeys are kept.

use super::words;
use crate::access::lifetimes::Lifetime;

/// Rows that time and strangers make more of.
pub const LIFETIMES: &[Lifetime] = &[Lifetime {
    what: words::CHALLENGES_FOR_PASSKEYS,
    kept: words::N_5_MINUTES,
    after: |_| 0,
    count: "SELECT count(*) FROM ceremonies",
    remove: &[r"DELETE FROM ceremonies
            WHERE token_hash IN (SELECT token_hash FROM ceremonies WHERE expires_at <= $1 LIMIT $2)"],
}];
