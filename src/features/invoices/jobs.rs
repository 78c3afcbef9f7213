//! What is done about invoices by itself.

use super::{documents, store};
use crate::access::System;
use crate::access::state::AppState;
use crate::error::Result;

/// Removes documents that no invoice names: they were left by a transaction that gave up.
pub async fn tidy(app: &AppState) -> Result<()> {
    let mut reader = System::of(app).read().await?;
    for (hash, at) in documents::old(&app.config().data_dir, app.now()) {
        if !store::names_document(reader.conn(), &hash).await? {
            let _ = std::fs::remove_file(at);
        }
    }
    Ok(())
}
