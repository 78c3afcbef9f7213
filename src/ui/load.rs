//! Shows what a server function answers: a skeleton while it is on its way, the page, or why not.

pub use super::ask::{Loading, ask, fetch, fetch_live, fetch_rows};
use super::refused::Refused;
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

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
