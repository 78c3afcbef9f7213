//! How long sign-on links are kept.

use crate::access::lifetimes::Lifetime;

/// Rows that time and strangers make more of.
pub const LIFETIMES: &[Lifetime] = &[Lifetime {
    what: "Sign-on links to control panels",
    kept: "1 minute",
    after: 0,
    count: "SELECT count(*) FROM sign_ons",
    remove: &[r"DELETE FROM sign_ons
            WHERE token_hash IN (SELECT token_hash FROM sign_ons WHERE expires_at <= $1 LIMIT $2)"],
}];
