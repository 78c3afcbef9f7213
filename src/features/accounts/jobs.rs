//! How long a new main address waits for its confirmation.

use crate::access::lifetimes::Lifetime;

/// Rows that time and strangers make more of.
pub const LIFETIMES: &[Lifetime] = &[Lifetime {
    what: "Main addresses that wait for their confirmation",
    kept: "3 days",
    after: 0,
    count: "SELECT count(*) FROM main_address_changes",
    remove: &[r"DELETE FROM main_address_changes
            WHERE account_id IN (SELECT account_id FROM main_address_changes
                WHERE expires_at <= $1 LIMIT $2)"],
}];
