//! How long links in mails about logins, and sign-ups that nobody confirmed, are kept.

use super::words;
use crate::access::lifetimes::{DAY, Lifetime};

/// Rows that time and strangers make more of.
pub const LIFETIMES: &[Lifetime] = &[
    Lifetime {
        what: words::LINKS_IN_MAILS_ABOUT_LOGINS,
        kept: words::N_1_HOUR_TO_3_DAYS,
        after: |_| 0,
        count: "SELECT count(*) FROM mail_links",
        remove: &[r"DELETE FROM mail_links
            WHERE token_hash IN (SELECT token_hash FROM mail_links WHERE expires_at <= $1 LIMIT $2)"],
    },
    Lifetime {
        what: words::SIGN_UPS_THAT_NOBODY_CONFIRMED,
        kept: words::N_7_DAYS,
        after: |_| 7 * DAY,
        count: "SELECT count(*) FROM users WHERE verified_at IS NULL AND deleted_at IS NULL",
        remove: &[r"DELETE FROM users
            WHERE id IN (SELECT u.id FROM users u WHERE u.verified_at IS NULL AND u.deleted_at IS NULL
                AND u.created_at <= $1 AND NOT EXISTS (SELECT 1 FROM mail_links l
                WHERE l.user_id = u.id) LIMIT $2)"],
    },
];
