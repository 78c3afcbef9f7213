//! The browser's side of the stream.

use futures::StreamExt as _;
use gloo_net::eventsource::futures::EventSource;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Listens at `path` while the page is looked at, and tells what comes.
pub fn listen(path: String, tell: impl Fn(String) + Clone + 'static) {
    let open = StoredValue::new_local(None::<EventSource>);
    let look = move || {
        if document().hidden() {
            open.set_value(None);
        } else if open.with_value(Option::is_none) {
            open.set_value(connect(&path, tell.clone()));
        }
    };
    look();
    let handle = window_event_listener_untyped("visibilitychange", move |_| look());
    on_cleanup(move || handle.remove());
}

/// Dropping it closes the connection and ends the task.
fn connect(path: &str, tell: impl Fn(String) + 'static) -> Option<EventSource> {
    let mut source = EventSource::new(path).ok()?;
    let mut news = source.subscribe("keys").ok()?;
    spawn_local(async move {
        while let Some(Ok((_, message))) = news.next().await {
            tell(message.data().as_string().unwrap_or_default());
        }
    });
    Some(source)
}
