//! Shows what a server function answers: a skeleton while it is on its way, the page, or why not.

use super::refused::Refused;
use crate::error::AppError;
use leptos::prelude::*;

/// Shows the value of a resource, or the refusal that came instead. The old value stays while a new one is fetched.
pub fn load<T, V>(resource: Resource<Result<T, AppError>>, show: impl Fn(T) -> V + Clone + Send + Sync + 'static) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    view! {
        <Transition fallback=|| view! { <Skeleton/> }>
            {move || {
                let show = show.clone();
                Suspend::new(async move {
                    match resource.await {
                        Ok(value) => show(value).into_any(),
                        Err(error) => view! { <Refused error=error/> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
}

/// Grey bars where text will be. They appear only after a moment (style sheet), so quick answers do not flicker.
#[component]
pub fn Skeleton() -> impl IntoView {
    view! {
        <div class="skeleton" aria-busy="true">
            <span class="visually-hidden">"Loading"</span>
            <div></div><div></div><div></div><div></div>
        </div>
    }
}
