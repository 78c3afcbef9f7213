//! How long drafts of tickets and the files of what was not sent are kept.

use super::words;
use crate::access::lifetimes::{DAY, Lifetime};

/// Rows that time and people make more of.
pub const LIFETIMES: &[Lifetime] = &[
    Lifetime {
        what: words::DRAFTS_OF_TICKETS,
        kept: words::KEPT_30_DAYS,
        after: |_| 30 * DAY,
        count: "SELECT count(*) FROM ticket_drafts",
        remove: &[r"DELETE FROM ticket_drafts
            WHERE (user_id, account_id, ticket_id) IN (SELECT user_id, account_id, ticket_id FROM ticket_drafts
                WHERE changed_at <= $1 ORDER BY changed_at LIMIT $2)"],
    },
    Lifetime {
        what: words::FILES_NOT_SENT,
        kept: words::KEPT_30_DAYS,
        after: |_| 30 * DAY,
        count: "SELECT count(*) FROM attachments WHERE message_id IS NULL",
        remove: &[r"DELETE FROM attachments
            WHERE id IN (SELECT id FROM attachments WHERE message_id IS NULL AND created_at <= $1
                ORDER BY created_at LIMIT $2)"],
    },
];
