//! Every ten minutes: what is to go through the network goes.

use super::{store, write};
use crate::access::System;
use crate::access::state::AppState;
use crate::error::Result;

/// Hands over whatever waits, one after the other.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn run(app: &AppState) -> Result<()> {
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
            // Where it is away, the others wait for the next time.
            if !write::send(app, &point, &one).await? {
                return Ok(());
            }
        }
    }
}
