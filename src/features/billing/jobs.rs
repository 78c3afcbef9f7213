//! The night's work.

use super::write;
use crate::access::state::AppState;
use crate::error::Result;

/// Every ten minutes: once a night, from the hour that the settings name, whatever is left to do.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn run(app: &AppState) -> Result<()> {
    write::tonight(app, false).await
}
