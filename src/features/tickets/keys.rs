//! Single keys for staff who answer tickets.

use super::words;
use crate::paths;
use crate::ui::keys::{Keys, is_free};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlDetailsElement, HtmlElement, KeyboardEvent};

fn element(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// The keys of a ticket: R to reply, N for a note, A for who answers, U back to the desk.
#[component]
pub fn TicketKeys() -> impl IntoView {
    let navigate = use_navigate();
    Effect::new(move || {
        let navigate = navigate.clone();
        let listener = window_event_listener(leptos::ev::keydown, move |event: KeyboardEvent| {
            if !is_free(&event) {
                return;
            }
            let to = match event.key().as_str() {
                "r" => element("f-text"),
                "n" => {
                    let box_ = document().query_selector(".note-box").ok().flatten();
                    if let Some(details) = box_.and_then(|found| found.dyn_into::<HtmlDetailsElement>().ok())
                    {
                        details.set_open(true);
                    }
                    element("notef-text")
                }
                "a" => element("detailsf-assigned"),
                "u" => {
                    navigate(paths::DESK, leptos_router::NavigateOptions::default());
                    return;
                }
                _ => return,
            };
            if let Some(to) = to {
                event.prevent_default();
                to.scroll_into_view();
                let _ = to.focus();
            }
        });
        on_cleanup(move || listener.remove());
    });
    view! { <Keys says=words::TICKET_KEYS/> }
}
