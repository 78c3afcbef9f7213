//! How long what came in is kept.

use super::{spool, words};
use crate::access::System;
use crate::access::lifetimes::{DAY, Lifetime, is_turn_of};
use crate::access::state::AppState;
use crate::error::Result;
use crate::platform::db::{args, internal};

/// Rows that strangers make more of. Messages in tickets keep their rows, and so does what waits for staff.
pub const LIFETIMES: &[Lifetime] = &[Lifetime {
    what: words::WHAT,
    kept: words::KEPT,
    after: |_| 90 * DAY,
    count: "SELECT count(*) FROM incoming",
    remove: &[r"DELETE FROM incoming
        WHERE id IN (SELECT id FROM incoming WHERE created_at <= $1 AND state IN ('repeated', 'automatic', 'bounce', 'refused', 'dismissed')
            ORDER BY created_at, id LIMIT $2)"],
}];

const NAMED: &str = r"SELECT EXISTS (SELECT 1 FROM incoming WHERE id = $1)
    OR EXISTS (SELECT 1 FROM ticket_messages WHERE mail_id = $1)";

/// Removes the files of e-mails that no row names any more. Each is looked at once a day.
pub async fn tidy(app: &AppState) -> Result<()> {
    let dir = app.config().data_dir.clone();
    let (kept, now) = (spool::kept(&dir).map_err(|error| internal(&error))?, app.now());
    let mut reader = System::of(app).read().await?;
    for id in kept.into_iter().filter(|id| is_turn_of(id, now)) {
        if !reader.conn().value::<bool>(NAMED, args![&id]).await? {
            spool::remove(&dir, &id);
        }
    }
    Ok(())
}
