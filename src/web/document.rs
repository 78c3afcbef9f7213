//! Renders the document of a page. A page is rendered whole before any of it is sent, so it needs none of the
//! streams in which Leptos hands documents on, each of which copies them once more: its pieces are put together
//! once.

use super::shell::shell;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Response, header};
use futures::{StreamExt as _, stream};
use leptos::context::provide_context;
use leptos::nonce::provide_nonce;
use leptos::prelude::RenderHtml;
use leptos::reactive::owner::Owner;
use leptos::tachys::ssr::StreamChunk;
use leptos_axum::ResponseOptions;
use leptos_integration_utils::{BoxedFnOnce, PinnedFuture, PinnedStream, build_response};
use leptos_meta::ServerMetaContext;
use leptos_router::components::provide_server_redirect;
use leptos_router::location::RequestUrl;
use std::mem;
use std::sync::PoisonError;

/// The document at the address of a request, with status and headers that its pages chose; `provide` gives them
/// their context.
pub async fn render(request: Parts, provide: impl FnOnce() + Send + 'static) -> Response<String> {
    let options = ResponseOptions::default();
    let (meta, registered) = ServerMetaContext::new();
    let given = options.clone();
    let context = move || {
        let address = request.uri.path_and_query().map_or("/", |address| address.as_str());
        provide_context(RequestUrl::new(&format!("http://localhost{address}")));
        provide_context(meta);
        provide_context(request);
        provide_context(given);
        provide_server_redirect(leptos_axum::redirect);
        provide_nonce();
        provide();
    };
    let (owner, pieces) = build_response(shell, context, in_pieces, false);
    let mut pieces = pieces.await;
    // The head is in the first; what pages said belongs in there is known by now.
    let first = stream::iter(pieces.next().await);
    let mut head = Box::pin(registered.inject_meta_context(first).await);
    let first = head.next().await.unwrap_or_default();
    let rest: Vec<String> = pieces.collect().await;
    owner.unset_with_forced_cleanup();
    let mut document = String::with_capacity(first.len() + rest.iter().map(String::len).sum::<usize>());
    document.push_str(&first);
    document.extend(rest);
    let mut response = Response::new(document);
    let mut options = options.0.write().unwrap_or_else(PoisonError::into_inner);
    if let Some(status) = options.status {
        *response.status_mut() = status;
    }
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, html);
    response.headers_mut().extend(mem::take(&mut options.headers));
    response
}

/// The pieces of a document in order, once each is there, and behind them what is handed to the browser as data.
fn in_pieces<V: RenderHtml>(
    app: V,
    data: BoxedFnOnce<PinnedStream<String>>,
    _: bool,
) -> PinnedFuture<PinnedStream<String>> {
    let shared = Owner::current_shared_context();
    let mut chunks = app.to_html_stream_in_order().take_chunks();
    Box::pin(async move {
        let mut pieces = Vec::new();
        while let Some(chunk) = chunks.pop_front() {
            match chunk {
                StreamChunk::Sync(text) => pieces.push(text),
                StreamChunk::Async { chunks: awaited } => {
                    for chunk in awaited.await.into_iter().rev() {
                        chunks.push_front(chunk);
                    }
                }
                StreamChunk::OutOfOrder { .. } => unreachable!("rendered in order"),
            }
        }
        while let Some(pending) = shared.as_ref().and_then(|shared| shared.await_deferred()) {
            pending.await;
        }
        pieces.extend(data().collect::<Vec<_>>().await);
        Box::pin(stream::iter(pieces)) as PinnedStream<String>
    })
}
