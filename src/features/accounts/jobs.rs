//! How long a new main address waits for its confirmation.

use super::words;
use crate::access::lifetimes::Lifetime;

/// Rows that time and strangers make more of.
pub const LIFETIMES: &[Lifetime] = &[Lifetime {
    what: words::MAIN_ADDRESSES_THAT_WAIT_FOR,
    kept: words::N_3_DAYS,
    after: |_| 0,
    count: "SELECT count(*) FROM main_address_changes",
    remove: &[r"DELETE FROM main_address_changes
            WHERE account_id IN (SELECT account_id FROM main_address_changes
                WHERE expires_at <= $1 LIMIT $2)"],
}];
