//! The browser's side of the stream.

use crate::ui::client_state::ClientState;
use futures::StreamExt as _;
use gloo_net::eventsource::futures::EventSource;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// Pause before a stream that the server refused, for example while it restarts, is opened again.
const PAUSE: Duration = Duration::from_secs(15);

/// Listens at `path` while the page is looked at, and tells what comes about the person; what is told `gone` is
/// told nothing more. Of tickets the whole app hears.
pub fn listen(path: String, tell: impl Fn(String) + Clone + 'static) {
    let ear = Ear {
        client: ClientState::of_app(),
        open: StoredValue::new_local(None),
        path: StoredValue::new_local(path),
        over: StoredValue::new_local(false),
    };
    ear.look(tell.clone());
    let handle = window_event_listener_untyped("visibilitychange", move |_| ear.look(tell.clone()));
    on_cleanup(move || handle.remove());
}

#[derive(Clone, Copy)]
struct Ear {
    client: ClientState,
    /// Dropping it closes the connection and ends the task.
    open: StoredValue<Option<EventSource>, LocalStorage>,
    path: StoredValue<String, LocalStorage>,
    over: StoredValue<bool, LocalStorage>,
}

impl Ear {
    fn look(self, tell: impl Fn(String) + Clone + 'static) {
        // The page may be gone by now.
        let Some(closed) = self.open.try_with_value(Option::is_none) else { return };
        if document().hidden() {
            self.open.set_value(None);
        } else if closed && !self.over.get_value() {
            self.connect(tell);
        }
    }

    fn connect(self, tell: impl Fn(String) + Clone + 'static) {
        let Ok(mut source) = EventSource::new(&self.path.get_value()) else { return };
        let (Ok(keys), Ok(tickets)) = (source.subscribe("keys"), source.subscribe("ticket")) else { return };
        let mut news = futures::stream::select(keys, tickets);
        self.open.set_value(Some(source));
        spawn_local(async move {
            while let Some(Ok((event, message))) = news.next().await {
                let data = message.data().as_string().unwrap_or_default();
                if event == "ticket" {
                    self.client.hear_of_ticket(&data);
                    continue;
                }
                let _ = self.over.try_update_value(|over| *over = data == "gone");
                tell(data);
            }
            // Closed by ourselves there is nothing open any more; refused by the server it is tried again.
            let refused = self.open.try_update_value(|open| open.take().is_some()) == Some(true);
            if refused {
                set_timeout(move || self.look(tell), PAUSE);
            }
        });
    }
}
