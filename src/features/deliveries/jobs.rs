//! Every ten minutes: what is to go through the network goes.

use super::{store, write};
use crate::access::System;
use crate::access::state::AppState;
use crate::error::Result;

/// How long one run may take, in minutes: other jobs wait for it.
const LONGEST: i64 = 4;

/// Hands over what waits, one after the other, for some minutes.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn run(app: &AppState) -> Result<()> {
    let began = app.now();
    loop {
        let mut reader = System::of(app).read().await?;
        let now = reader.now();
        let waiting = store::waiting(reader.conn(), now).await?;
        if waiting.is_empty() {
            return Ok(());
        }
        let Some(point) = store::access_point(reader.conn(), app.key()).await? else { return Ok(()) };
        drop(reader);
        for one in waiting {
            // Where it is away or slow, the others wait for the next time.
            if app.now() > began.plus_minutes(LONGEST) || !write::send(app, &point, &one).await? {
                return Ok(());
            }
        }
    }
}
