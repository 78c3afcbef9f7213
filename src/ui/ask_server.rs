//! Reading from the server while rendering there: server functions are called in place. Its twin is
//! `ask_browser.rs`.

use crate::error::AppError;
use crate::types::Page;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// An answer on its way.
pub struct Loading<T: Send + Sync + 'static> {
    resource: Resource<Result<T, AppError>>,
    complete: StoredValue<Option<Complete<T>>>,
}

/// Puts back what is not handed to the browser because the document shows it.
type Complete<T> = Box<dyn Fn(&mut T) + Send + Sync>;

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
    Loading {
        resource: Resource::new(|| (), move |()| untrack(&source).run_body()),
        complete: StoredValue::new(None),
    }
}

/// The same; a page is rendered once, so nothing changes meanwhile.
pub fn fetch_live<F>(source: impl Fn() -> F + Send + Sync + 'static) -> Loading<F::Output>
where
    F: ServerFn<Error = AppError> + Serialize + Send + 'static,
    F::Output: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    fetch(source)
}

/// The same for a page of a list whose rows are written as text: the document holds them, so that they are
/// not handed to the browser once more as data.
pub fn fetch_rows<F, R>(source: impl Fn() -> F + Send + Sync + 'static) -> Loading<Page<R>>
where
    F: ServerFn<Error = AppError, Output = Page<R>> + Serialize + Send + 'static,
    R: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let rows = StoredValue::new(Vec::new());
    let resource = Resource::new(
        || (),
        move |()| {
            let page = untrack(&source).run_body();
            async move {
                let mut page = page.await?;
                page.omitted = page.items.len();
                rows.set_value(std::mem::take(&mut page.items));
                Ok(page)
            }
        },
    );
    let complete = move |page: &mut Page<R>| {
        page.items = rows.try_update_value(std::mem::take).unwrap_or_default();
        page.omitted = 0;
    };
    Loading { resource, complete: StoredValue::new(Some(Box::new(complete))) }
}

impl<T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static> Loading<T> {
    /// Shows the answer once it is there.
    pub fn show(
        self,
        view: impl Fn(Result<T, AppError>) -> AnyView + Clone + Send + Sync + 'static,
    ) -> AnyView {
        let Self { resource, complete } = self;
        view! {
            <Transition>
                {move || {
                    let view = view.clone();
                    Suspend::new(async move {
                        let mut answer = resource.await;
                        // Leptos looks into here once more before it renders, to see whether something else
                        // is waited for. A view that is made for that look reads everything inside it a
                        // second time; so it finds nothing to look at.
                        tokio::task::yield_now().await;
                        complete.with_value(|complete| {
                            if let (Some(complete), Ok(answer)) = (complete, &mut answer) {
                                complete(answer);
                            }
                        });
                        assert_readable(&answer);
                        view(answer)
                    })
                }}
            </Transition>
        }
        .into_any()
    }
}

/// Every answer that a test sees on a page is one that a browser could read.
#[cfg(test)]
fn assert_readable<T: Serialize + DeserializeOwned>(answer: &Result<T, AppError>) {
    if let Ok(answer) = answer {
        let text = serde_json::to_string(answer).unwrap();
        let read = super::answer::read::<T>(&text).unwrap_or_else(|_| panic!("unreadable: {text}"));
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
    }
}

#[cfg(not(test))]
fn assert_readable<T>(_: &Result<T, AppError>) {}

/// Calls a server function once.
pub async fn ask<F: ServerFn<Error = AppError>>(question: F) -> Result<F::Output, AppError> {
    question.run_body().await
}
