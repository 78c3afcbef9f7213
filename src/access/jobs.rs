//! How long known browsers, sessions, drafts and forms that were done are kept.

use super::lifetimes::{DAY, Lifetime};
use super::{device, drafts, once};

/// Rows that time and strangers make more of.
pub const LIFETIMES: &[Lifetime] = &[
    Lifetime {
        what: "Known browsers",
        kept: "400 days after the last sign-in",
        after: |_| device::KEPT_DAYS * DAY,
        count: "SELECT count(*) FROM devices",
        remove: &[r"DELETE FROM devices
            WHERE (user_id, token_hash) IN (SELECT user_id, token_hash FROM devices
                WHERE last_seen_at <= $1 LIMIT $2)"],
    },
    Lifetime {
        what: "Sessions",
        kept: "14 days, and 1 day after they end",
        after: |_| DAY,
        count: "SELECT count(*) FROM sessions",
        remove: &[r"DELETE FROM sessions
            WHERE token_hash IN (SELECT token_hash FROM sessions WHERE expires_at <= $1 LIMIT $2)"],
    },
    Lifetime {
        what: "Form drafts",
        kept: "1 hour; 20 per person, 20 MB in all",
        after: |_| 0,
        count: "SELECT count(*) FROM drafts",
        remove: &[r"DELETE FROM drafts
            WHERE token_hash IN (SELECT token_hash FROM drafts WHERE expires_at <= $1 LIMIT $2)"],
    },
    Lifetime {
        what: "Submitted forms, so that none is done twice",
        kept: "1 hour",
        after: |_| 0,
        count: "SELECT count(*) FROM idempotency_keys",
        remove: &[r"DELETE FROM idempotency_keys
            WHERE key_hash IN (SELECT key_hash FROM idempotency_keys WHERE expires_at <= $1 LIMIT $2)"],
    },
];

const _: () = assert!(drafts::MINUTES == 60 && once::MINUTES == 60, "as the table says");
