//! Shows what a server function answers: a skeleton while it is on its way, the page, or why not.

pub use super::ask::{Loading, ask, fetch, fetch_live, fetch_rows};
use super::client_state::ClientState;
use super::refused::Refused;
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::Duration;

/// Shows the answer, or the refusal that came instead.
pub fn load<T, V>(answer: Loading<T>, show: impl Fn(T) -> V + Clone + Send + Sync + 'static) -> AnyView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    V: IntoView + 'static,
{
    answer.show(move |answer| match answer {
        Ok(value) => show(value).into_any(),
        Err(error) => view! { <Refused error=error/> }.into_any(),
    })
}

/// Shows the answer, or nothing when it is refused.
pub fn load_quietly<T, V>(
    answer: Loading<T>,
    show: impl Fn(T) -> V + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    V: IntoView + 'static,
{
    answer.show(move |answer| answer.ok().map(&show).into_any())
}

/// Lets the page look for itself every so often while `on` holds.
pub fn look_again_every(every: Duration, on: impl Fn() -> bool + 'static) {
    let changes = ClientState::of_app().changes;
    Effect::new(move || {
        if !on() {
            return;
        }
        let timer = set_interval_with_handle(move || changes.update(|count| *count += 1), every);
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
}

/// Grey bars where text will be. They appear only after a moment (style sheet), so quick answers do not
/// flicker.
#[component]
pub fn Skeleton() -> impl IntoView {
    view! {
        <div class="skeleton" aria-busy="true">
            <span class="visually-hidden">"Loading"</span>
            <div></div>
            <div></div>
            <div></div>
            <div></div>
        </div>
    }
}
