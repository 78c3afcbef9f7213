//! How long it is kept what was done to many customers: what stands in their activity stays.

use super::words;
use crate::access::lifetimes::{DAY, Lifetime};

/// Rows that time makes more of.
pub const LIFETIMES: &[Lifetime] = &[Lifetime {
    what: words::WORK,
    kept: words::KEPT,
    after: |_| 90 * DAY,
    count: "SELECT count(*) FROM bulk_jobs",
    remove: &[
        r"DELETE FROM bulk_items
            WHERE (job_id, of_id) IN (SELECT i.job_id, i.of_id FROM bulk_jobs j
                CROSS JOIN bulk_items i ON i.job_id = j.id
                WHERE j.created_at <= $1 LIMIT $2)",
        r"DELETE FROM bulk_jobs
            WHERE id IN (SELECT j.id FROM bulk_jobs j WHERE j.created_at <= $1
                AND NOT EXISTS (SELECT 1 FROM bulk_items i WHERE i.job_id = j.id) LIMIT $2)",
    ],
}];
