//! Logs: one line per event, for people or as JSON for machines.

use tracing_subscriber::EnvFilter;

/// Starts logging to standard error. Does nothing when logging has started already.
///
/// # Errors
/// A sentence for the operator when the filter cannot be read.
pub fn start(filter: &str, format: &str) -> Result<(), String> {
    let filter = EnvFilter::try_new(filter)
        .map_err(|error| format!("The log filter {filter} cannot be read: {error}."))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let _ = if format == "json" {
        builder.json().flatten_event(true).try_init()
    } else {
        builder.with_target(false).compact().try_init()
    };
    Ok(())
}
