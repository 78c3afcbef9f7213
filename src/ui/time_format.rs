//! Times as the person who looks reads them: in their zone, in their order of day and month.

use super::client_state::ClientState;
use crate::types::{TimeFormat, Timestamp};
use leptos::prelude::*;

/// Reads something as the person does.
pub fn read<T>(with: impl FnOnce(&TimeFormat) -> T) -> T {
    match use_context::<ClientState>() {
        Some(client) => client.time_format(with),
        None => with(&TimeFormat::default()),
    }
}

/// "22 Nov 2026".
pub fn date(at: Timestamp) -> String {
    read(|time_format| time_format.date(at))
}

/// "22 Nov 2026, 14:05 Lisbon".
pub fn exact(at: Timestamp) -> String {
    read(|time_format| time_format.exact(at))
}

/// "in 3 days"; beyond 30 days the date.
pub fn relative(at: Timestamp, now: Timestamp) -> String {
    read(|time_format| time_format.relative(at, now))
}

/// A time in words, with the exact one as tooltip.
#[component]
pub fn RelativeTime(at: Timestamp, now: Timestamp) -> impl IntoView {
    view! { <time datetime=at.iso() title=exact(at)>{relative(at, now)}</time> }
}
