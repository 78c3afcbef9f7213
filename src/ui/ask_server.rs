//! Reading from the server while rendering there: server functions are called in place. Its twin is `ask_browser.rs`.

use crate::error::AppError;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// An answer on its way.
pub struct Loading<T: Send + Sync + 'static>(Resource<Result<T, AppError>>);

impl<T: Send + Sync + 'static> Clone for Loading<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Loading<T> {}

/// Calls a server function with what `source` says, and again whenever that changes.
pub fn fetch<F>(source: impl Fn() -> F + Send + Sync + 'static) -> Loading<F::Output>
where
    F: ServerFn<Error = AppError> + Serialize + Send + 'static,
    F::Output: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    Loading(Resource::new(|| (), move |()| untrack(&source).run_body()))
}

/// The same; a page is rendered once, so nothing changes meanwhile.
pub fn fetch_live<F>(source: impl Fn() -> F + Send + Sync + 'static) -> Loading<F::Output>
where
    F: ServerFn<Error = AppError> + Serialize + Send + 'static,
    F::Output: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    fetch(source)
}

impl<T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static> Loading<T> {
    /// Shows the answer once it is there.
    pub fn show(self, view: impl Fn(Result<T, AppError>) -> AnyView + Clone + Send + Sync + 'static) -> AnyView {
        let Self(resource) = self;
        view! {
            <Transition>
                {move || {
                    let view = view.clone();
                    Suspend::new(async move {
                        let answer = resource.await;
                        // Leptos looks into here once more before it renders, to see whether something else is waited for. A view that is
                        // made for that look reads everything inside it a second time; so it finds nothing to look at.
                        tokio::task::yield_now().await;
                        view(answer)
                    })
                }}
            </Transition>
        }
        .into_any()
    }
}

/// Calls a server function once.
pub async fn ask<F: ServerFn<Error = AppError>>(question: F) -> Result<F::Output, AppError> {
    question.run_body().await
}
