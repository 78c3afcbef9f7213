//! The [`Stage`]: what outlives a page in the browser. The flash message, and the news that something changed.

use super::form::{Arrival, Submitted};
use super::respond;
use leptos::prelude::*;

/// State of the whole app, in context everywhere.
#[derive(Clone, Copy)]
pub struct Stage {
    /// The sentence to show after a change; empty for none.
    pub flash: RwSignal<String>,
    /// Counts changes; what is read from it is read again after each.
    pub changes: RwSignal<u32>,
    arrival: StoredValue<Arrival>,
    arriving: StoredValue<bool>,
}

impl Stage {
    /// A stage set with what the request brought along.
    pub fn set_up() -> Self {
        let arrival = SharedValue::new(respond::arrival).into_inner();
        Self { flash: RwSignal::new(arrival.flash.clone()), changes: RwSignal::new(0), arrival: StoredValue::new(arrival), arriving: StoredValue::new(false) }
    }

    /// The stage of this app.
    pub fn of_app() -> Self {
        expect_context()
    }

    /// What was submitted to this server function before the page was rendered, for the first form that asks.
    pub fn submitted(self, action: &str) -> Option<Submitted> {
        self.arrival.with_value(|arrival| arrival.submitted.clone().filter(|submitted| submitted.action == action))
    }

    /// A refusal that belongs to no form on the page.
    pub fn stray_error(self) -> Option<crate::error::AppError> {
        self.arrival.with_value(|arrival| arrival.submitted.as_ref().filter(|s| s.action.is_empty()).and_then(|s| s.error.clone()))
    }

    /// The mark under which a form of this page is done only once.
    pub fn once(self) -> String {
        self.arrival.with_value(|arrival| arrival.once.clone())
    }

    /// Forgets what the first page brought along: later pages begin with empty forms, and their heading takes the focus.
    pub fn leave(self) {
        self.arrival.update_value(|arrival| arrival.submitted = None);
        self.arriving.set_value(true);
        self.focus_heading();
    }

    /// After a navigation, gives the focus to the heading. A heading may be drawn more than once while its page is loading,
    /// so each asks for it, until the person does something.
    pub fn focus_heading(self) {
        if !self.arriving.get_value() {
            return;
        }
        request_animation_frame(|| {
            use leptos::wasm_bindgen::JsCast as _;
            let heading = document().query_selector("h1").ok().flatten();
            if let Some(heading) = heading.and_then(|element| element.dyn_into::<leptos::web_sys::HtmlElement>().ok()) {
                let _ = heading.focus();
            }
        });
    }

    /// Whoever presses a key or the mouse has arrived.
    pub fn listen(self) {
        window_event_listener(leptos::ev::keydown, move |_| self.arriving.set_value(false));
        window_event_listener(leptos::ev::pointerdown, move |_| self.arriving.set_value(false));
    }
}

/// The heading of a page, which has the focus after a navigation to it.
#[component]
pub fn PageTitle(#[prop(into)] text: String) -> impl IntoView {
    let stage = Stage::of_app();
    Effect::new(move || stage.focus_heading());
    view! { <h1 tabindex="-1">{text}</h1> }
}

/// Shows the flash message until it is closed or the next one comes. Always in the page, so that screen readers notice it.
#[component]
pub fn FlashMessage() -> impl IntoView {
    let stage = Stage::of_app();
    view! {
        <div class="flash-place" role="status" aria-live="polite">
            {move || {
                let text = stage.flash.get();
                (!text.is_empty()).then(|| view! {
                    <p class="flash">
                        <super::icon::Icon name="check"/>
                        <span>{text}</span>
                        <button type="button" class="quiet only-wasm" aria-label="Close message" on:click=move |_| stage.flash.set(String::new())>
                            <super::icon::Icon name="x"/>
                        </button>
                    </p>
                })
            }}
        </div>
    }
}
