//! How long sent mail is kept.

use crate::access::lifetimes::{DAY, Lifetime};

/// Rows that time and strangers make more of.
pub const LIFETIMES: &[Lifetime] = &[
    Lifetime {
        what: "Mail about logins",
        kept: "90 days, unless staff set another time",
        after: |set| set.login_mail_days * DAY,
        count: "SELECT count(*) FROM outbox WHERE account_id IS NULL",
        remove: &[r"DELETE FROM outbox
            WHERE id IN (SELECT id FROM outbox WHERE account_id IS NULL AND created_at <= $1
                AND state <> 'queued' LIMIT $2)"],
    },
    Lifetime {
        what: "Addresses that mail does not reach",
        kept: "1 year after the last try",
        after: |_| 365 * DAY,
        count: "SELECT count(*) FROM undeliverable",
        remove: &[r"DELETE FROM undeliverable
            WHERE (account_id, email_key) IN (SELECT account_id, email_key FROM undeliverable
                WHERE last_at <= $1 LIMIT $2)"],
    },
    Lifetime {
        what: "Mail about accounts",
        kept: "2 years, unless staff set another time",
        after: |set| set.account_mail_days * DAY,
        count: "SELECT count(*) FROM outbox WHERE account_id IS NOT NULL",
        remove: &[r"DELETE FROM outbox
            WHERE id IN (SELECT id FROM outbox WHERE created_at <= $1 AND state <> 'queued' LIMIT $2)"],
    },
];
