//! How long a sign-in waits for its second factor.

use super::words;
use crate::access::lifetimes::Lifetime;

/// Rows that time and strangers make more of.
pub const LIFETIMES: &[Lifetime] = &[Lifetime {
    what: words::SIGN_INS_THAT_WAIT_FOR,
    kept: words::N_10_MINUTES,
    after: |_| 0,
    count: "SELECT count(*) FROM pending_sign_ins",
    remove: &[r"DELETE FROM pending_sign_ins
            WHERE token_hash IN (SELECT token_hash FROM pending_sign_ins WHERE expires_at <= $1 LIMIT $2)"],
}];
