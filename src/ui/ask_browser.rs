//! Reading from the server in the browser, with gloo-net. What the server rendered is not asked for again.
//!
//! Every answer is held as the JSON it came as and read where it is shown: one kind of resource serves all
//! server functions, which keeps the WASM small.

use super::answer::{self, Unreadable};
use super::client_state::ClientState;
use super::load::Skeleton;
use crate::error::AppError;
use codee::string::FromToStringCodec;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::marker::PhantomData;

type Raw = Resource<String, FromToStringCodec>;
type PathAndBody = (&'static str, String);

/// An answer on its way.
pub struct Loading<T>(Raw, PhantomData<fn() -> T>);

impl<T> Clone for Loading<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Loading<T> {}

fn question<F: ServerFn + Serialize>(call: &F) -> PathAndBody {
    (F::PATH, serde_qs::to_string(call).unwrap_or_default())
}

/// Calls a server function with what `source` says, and again whenever that changes.
pub fn fetch<F>(source: impl Fn() -> F + Send + Sync + 'static) -> Loading<F::Output>
where
    F: ServerFn<Error = AppError> + Serialize + Send + 'static,
{
    Loading(raw(Box::new(move || (0, question(&source())))), PhantomData)
}

/// The same, and again after every change that this browser makes.
pub fn fetch_live<F>(source: impl Fn() -> F + Send + Sync + 'static) -> Loading<F::Output>
where
    F: ServerFn<Error = AppError> + Serialize + Send + 'static,
{
    let changes = ClientState::of_app().changes;
    Loading(raw(Box::new(move || (changes.get(), question(&source())))), PhantomData)
}

/// The same for a page of a list; see the server's.
pub fn fetch_rows<F>(source: impl Fn() -> F + Send + Sync + 'static) -> Loading<F::Output>
where
    F: ServerFn<Error = AppError> + Serialize + Send + 'static,
{
    fetch_live(source)
}

fn raw(source: Box<dyn Fn() -> (u32, PathAndBody) + Send + Sync>) -> Raw {
    Resource::new_str(source, |(_, (path, body))| {
        send_wrapper::SendWrapper::new(async move { answered(path, &body).await })
    })
}

/// The answer as the JSON of a `Result`, the form in which the server writes it into the page.
async fn answered(path: &str, body: &str) -> String {
    match super::send::post(path, body).await {
        Ok(text) => format!("{{\"Ok\":{text}}}"),
        Err(error) => serde_json::to_string(&Err::<(), _>(error)).unwrap_or_default(),
    }
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, AppError> {
    Ok(answer::from(said(text)?)?)
}

/// What stands in the `Result`.
fn said(text: &str) -> Result<Value, AppError> {
    let Value::Object(mut whole) = answer::tree(text)? else { return Err(Unreadable.into()) };
    match whole.remove("Ok") {
        Some(value) => Ok(value),
        None => Err(answer::from(whole.remove("Err").unwrap_or_default())?),
    }
}

impl<T: DeserializeOwned + 'static> Loading<T> {
    /// Shows the answer once it is there; the old one stays while a new one is fetched.
    pub fn show(
        self,
        view: impl Fn(Result<T, AppError>) -> AnyView + Clone + Send + Sync + 'static,
    ) -> AnyView {
        show_raw(self.0, Box::new(move |text| view(read(text))))
    }
}

fn show_raw(resource: Raw, view: Box<dyn Fn(&str) -> AnyView + Send + Sync>) -> AnyView {
    let view = StoredValue::new(view);
    view! {
        <Transition fallback=|| view! { <Skeleton/> }>
            {move || Suspend::new(async move {
                let text: String = resource.await;
                view.with_value(|view| view(&text))
            })}
        </Transition>
    }
    .into_any()
}

/// Calls a server function once.
pub async fn ask<F>(call: F) -> Result<F::Output, AppError>
where
    F: ServerFn<Error = AppError> + Serialize,
    F::Output: DeserializeOwned,
{
    let (path, body) = question(&call);
    read(&answered(path, &body).await)
}
