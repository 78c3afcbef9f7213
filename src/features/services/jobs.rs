//! How long sign-on links are kept.

use super::words;
use crate::access::lifetimes::Lifetime;

/// Rows that time and strangers make more of.
pub const LIFETIMES: &[Lifetime] = &[Lifetime {
    what: words::SIGN_ON_LINKS_TO_CONTROL,
    kept: words::N_1_MINUTE,
    after: |_| 0,
    count: "SELECT count(*) FROM sign_ons",
    remove: &[r"DELETE FROM sign_ons
            WHERE token_hash IN (SELECT token_hash FROM sign_ons WHERE expires_at <= $1 LIMIT $2)"],
}];
