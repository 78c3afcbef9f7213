//! Times as the person who looks reads them: in their zone, in their order of day and month.

use super::stage::Stage;
use crate::types::{Reading, Timestamp};
use leptos::prelude::*;

/// Reads something as the person does.
pub fn read<T>(with: impl FnOnce(&Reading) -> T) -> T {
    match use_context::<Stage>() {
        Some(stage) => stage.reading(with),
        None => with(&Reading::default()),
    }
}

/// "22 Nov 2026".
pub fn date(at: Timestamp) -> String {
    read(|reading| reading.date(at))
}

/// "22 Nov 2026, 14:05 Lisbon".
pub fn exact(at: Timestamp) -> String {
    read(|reading| reading.exact(at))
}

/// "in 3 days"; beyond 30 days the date.
pub fn relative(at: Timestamp, now: Timestamp) -> String {
    read(|reading| reading.relative(at, now))
}

/// A time in words, with the exact one as tooltip.
#[component]
pub fn When(at: Timestamp, now: Timestamp) -> impl IntoView {
    view! { <time datetime=at.iso() title=exact(at)>{relative(at, now)}</time> }
}
