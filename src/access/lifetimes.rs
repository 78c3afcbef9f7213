//! How long rows are kept that strangers and time make more of. Each part of the program says it of its own in
//! its `jobs.rs`; what is over is removed a little at a time, so that nobody waits for it. Audit trails,
//! announcements, requests and everything a customer owns are not among them: they stay.

use crate::access::System;
use crate::access::state::AppState;
use crate::error::Result;
use crate::platform::config::Lifetimes;
use crate::platform::db::{Conn, DbResult, args};
use crate::types::Timestamp;

/// A kind of row with a lifetime.
pub struct Lifetime {
    /// What they are, as `docs/security/limits.md` and `doctor` call them.
    pub what: &'static str,
    /// How long they are kept, as `docs/security/limits.md` says it.
    pub kept: &'static str,
    /// Milliseconds after what the statements compare with, of the lifetimes that staff decide.
    pub after: fn(&Lifetimes) -> i64,
    /// Counts what there is.
    pub count: &'static str,
    /// Each removes up to `$2` rows that were over at `$1`.
    pub remove: &'static [&'static str],
}

/// A day in milliseconds.
pub const DAY: i64 = 86_400_000;

/// How often the job runs in a day: every ten minutes.
const TURNS: i64 = 144;

/// Is it the turn of what has this name? Each has one a day, so that looking through many files costs a little each
/// time.
pub fn is_turn_of(name: &str, now: Timestamp) -> bool {
    let turn = name.bytes().fold(0_i64, |sum, byte| (sum * 31 + i64::from(byte)) % TURNS);
    now.0 / (DAY / TURNS) % TURNS == turn
}

/// Rows that are removed in one change.
const STEP: i64 = 500;
/// Changes for one kind in one run of the job; the rest is for the next.
const STEPS: usize = 200;

impl Lifetime {
    /// Removes what is over.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn remove_what_is_over(&self, app: &AppState) -> Result<()> {
        let before = app.now().0 - (self.after)(&app.config().lifetimes);
        for _ in 0..STEPS {
            let mut tx = System::of(app).begin().await?;
            let mut most = 0;
            for statement in self.remove {
                most = tx.conn().execute(*statement, args![before, STEP]).await?;
            }
            tx.commit().await?;
            if most < STEP.unsigned_abs() {
                break;
            }
        }
        Ok(())
    }

    /// How many rows there are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn rows(&self, connection: &mut Conn) -> DbResult<i64> {
        connection.value(self.count, args![]).await
    }
}
