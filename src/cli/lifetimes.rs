//! How long each kind of row is kept that strangers and time make more of. One job removes what is over, a
//! little at a time, so that nobody waits for it. Audit trails, announcements, requests and everything a
//! customer owns are not among them: they stay.

use crate::access::state::AppState;
use crate::access::{System, drafts, once};
use crate::error::Result;
use crate::platform::db::{Conn, DbResult, args};

/// A kind of row with a lifetime.
pub struct Lifetime {
    /// What they are, as `docs/security/limits.md` and `doctor` call them.
    pub what: &'static str,
    /// How long they are kept, as `docs/security/limits.md` says it.
    pub kept: &'static str,
    /// Milliseconds after what the statements compare with.
    after: i64,
    /// Counts what there is.
    count: &'static str,
    /// Each removes up to `$2` rows that were over at `$1`.
    remove: &'static [&'static str],
}

const DAY: i64 = 86_400_000;

/// Every kind, in the order in which `docs/security/limits.md` lists them.
pub const LIFETIMES: &[Lifetime] = &[
    Lifetime {
        what: "Links in mails about logins",
        kept: "1 hour to 3 days",
        after: 0,
        count: "SELECT count(*) FROM mail_links",
        remove: &[r"DELETE FROM mail_links
            WHERE token_hash IN (SELECT token_hash FROM mail_links WHERE expires_at <= $1 LIMIT $2)"],
    },
    Lifetime {
        what: "Sign-ups that nobody confirmed",
        kept: "7 days",
        after: 7 * DAY,
        count: "SELECT count(*) FROM users WHERE verified_at IS NULL AND deleted_at IS NULL",
        remove: &[r"DELETE FROM users
            WHERE id IN (SELECT u.id FROM users u WHERE u.verified_at IS NULL AND u.deleted_at IS NULL
                AND u.created_at <= $1 AND NOT EXISTS (SELECT 1 FROM mail_links l
                WHERE l.user_id = u.id) LIMIT $2)"],
    },
    Lifetime {
        what: "Mail about logins",
        kept: "90 days",
        after: 90 * DAY,
        count: "SELECT count(*) FROM outbox WHERE account_id IS NULL",
        remove: &[r"DELETE FROM outbox
            WHERE id IN (SELECT id FROM outbox WHERE account_id IS NULL AND created_at <= $1
                AND state <> 'queued' LIMIT $2)"],
    },
    Lifetime {
        what: "Mail of accounts",
        kept: "2 years",
        after: 730 * DAY,
        count: "SELECT count(*) FROM outbox WHERE account_id IS NOT NULL",
        remove: &[r"DELETE FROM outbox
            WHERE id IN (SELECT id FROM outbox WHERE created_at <= $1 AND state <> 'queued' LIMIT $2)"],
    },
    Lifetime {
        what: "Invitations that were answered or expired",
        kept: "2 years",
        after: 730 * DAY,
        count: "SELECT count(*) FROM invitations WHERE state <> 'pending'",
        remove: &[r"DELETE FROM invitations
            WHERE id IN (SELECT id FROM invitations WHERE state <> 'pending' AND created_at <= $1 LIMIT $2)"],
    },
    Lifetime {
        what: "Requests for access",
        kept: "180 days",
        after: 180 * DAY,
        count: "SELECT count(*) FROM asks",
        remove: &["DELETE FROM asks WHERE id IN (SELECT id FROM asks WHERE created_at <= $1 LIMIT $2)"],
    },
    Lifetime {
        what: "Known browsers",
        kept: "400 days after the last sign-in",
        after: crate::access::device::KEPT_DAYS * DAY,
        count: "SELECT count(*) FROM devices",
        remove: &[r"DELETE FROM devices
            WHERE (user_id, token_hash) IN (SELECT user_id, token_hash FROM devices
                WHERE last_seen_at <= $1 LIMIT $2)"],
    },
    Lifetime {
        what: "Sessions",
        kept: "14 days, and a day after their end",
        after: DAY,
        count: "SELECT count(*) FROM sessions",
        remove: &[r"DELETE FROM sessions
            WHERE token_hash IN (SELECT token_hash FROM sessions WHERE expires_at <= $1 LIMIT $2)"],
    },
    Lifetime {
        what: "Main addresses that wait for their confirmation",
        kept: "3 days",
        after: 0,
        count: "SELECT count(*) FROM main_address_changes",
        remove: &[r"DELETE FROM main_address_changes
            WHERE account_id IN (SELECT account_id FROM main_address_changes
                WHERE expires_at <= $1 LIMIT $2)"],
    },
    Lifetime {
        what: "Drafts of forms",
        kept: "1 hour; 20 of one person, 20 MB in all",
        after: 0,
        count: "SELECT count(*) FROM drafts",
        remove: &[r"DELETE FROM drafts
            WHERE token_hash IN (SELECT token_hash FROM drafts WHERE expires_at <= $1 LIMIT $2)"],
    },
    Lifetime {
        what: "Forms that were done",
        kept: "1 hour",
        after: 0,
        count: "SELECT count(*) FROM idempotency_keys",
        remove: &[r"DELETE FROM idempotency_keys
            WHERE key_hash IN (SELECT key_hash FROM idempotency_keys WHERE expires_at <= $1 LIMIT $2)"],
    },
    Lifetime {
        what: "Previews",
        kept: "30 minutes",
        after: 0,
        count: "SELECT count(*) FROM previews",
        remove: &[
            r"DELETE FROM grants
                WHERE holder_id IN (SELECT id FROM previews WHERE expires_at <= $1 ORDER BY expires_at,
                    id LIMIT $2)",
            r"DELETE FROM previews
                WHERE id IN (SELECT id FROM previews WHERE expires_at <= $1 ORDER BY expires_at,
                    id LIMIT $2)",
        ],
    },
    Lifetime {
        what: "Sign-ins that wait for the second factor",
        kept: "10 minutes",
        after: 0,
        count: "SELECT count(*) FROM pending_sign_ins",
        remove: &[r"DELETE FROM pending_sign_ins
            WHERE token_hash IN (SELECT token_hash FROM pending_sign_ins WHERE expires_at <= $1 LIMIT $2)"],
    },
    Lifetime {
        what: "Challenges for passkeys",
        kept: "5 minutes",
        after: 0,
        count: "SELECT count(*) FROM ceremonies",
        remove: &[r"DELETE FROM ceremonies
            WHERE token_hash IN (SELECT token_hash FROM ceremonies WHERE expires_at <= $1 LIMIT $2)"],
    },
    Lifetime {
        what: "Sign-on links to control panels",
        kept: "1 minute",
        after: 0,
        count: "SELECT count(*) FROM sign_ons",
        remove: &[r"DELETE FROM sign_ons
            WHERE token_hash IN (SELECT token_hash FROM sign_ons WHERE expires_at <= $1 LIMIT $2)"],
    },
];

const _: () = assert!(drafts::MINUTES == 60 && once::MINUTES == 60, "as the table says");

/// Rows that are removed in one change.
const STEP: i64 = 500;
/// Changes for one kind in one run of the job; the rest is for the next.
const STEPS: usize = 200;

/// Removes what is over.
///
/// # Errors
/// When the database cannot be written.
pub async fn remove_what_is_over(app: &AppState) -> Result<()> {
    for lifetime in LIFETIMES {
        let before = app.now().0 - lifetime.after;
        for _ in 0..STEPS {
            let mut tx = System::of(app).begin().await?;
            let mut most = 0;
            for statement in lifetime.remove {
                most = tx.conn().execute(*statement, args![before, STEP]).await?;
            }
            tx.commit().await?;
            if most < STEP.unsigned_abs() {
                break;
            }
        }
    }
    Ok(())
}

/// How many rows of each kind there are.
///
/// # Errors
/// When the database cannot be read.
pub async fn counts(connection: &mut Conn) -> DbResult<Vec<(&'static str, i64)>> {
    let mut counts = Vec::new();
    for lifetime in LIFETIMES {
        counts.push((lifetime.what, connection.value(lifetime.count, args![]).await?));
    }
    Ok(counts)
}

/// The table in `docs/security/limits.md`.
#[cfg(test)]
pub fn table() -> String {
    let rows: String =
        LIFETIMES.iter().map(|lifetime| format!("| {} | {} |\n", lifetime.what, lifetime.kept)).collect();
    format!("| what | kept |\n|---|---|\n{rows}")
}
