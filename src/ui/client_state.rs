//! The [`ClientState`]: what outlives a page in the browser. The flash message, and the news that something
//! changed.

use super::answer::AnswerCodec;
use super::respond;
use crate::types::{Theme, TicketId, TimeFormat};
use crate::ui::initial_state::{Flash, InitialState, Submitted};
use leptos::prelude::*;

/// State of the whole app, in context everywhere.
#[derive(Clone, Copy)]
pub struct ClientState {
    /// What to say after a change.
    pub flash: RwSignal<Flash>,
    /// Counts changes; what is read from it is read again after each.
    pub changes: RwSignal<u32>,
    /// The ticket of which something new was heard last.
    pub heard_of: RwSignal<Option<TicketId>>,
    /// Light or dark.
    pub theme: RwSignal<Theme>,
    initial: StoredValue<InitialState>,
}

impl ClientState {
    /// A stage set with what the request brought along.
    pub fn set_up() -> Self {
        let initial = SharedValue::<_, AnswerCodec>::new_with_encoding(respond::initial).into_inner();
        Self {
            flash: RwSignal::new(initial.flash.clone()),
            changes: RwSignal::new(0),
            heard_of: RwSignal::new(None),
            theme: RwSignal::new(initial.theme),
            initial: StoredValue::new(initial),
        }
    }

    /// The stage of this app.
    pub fn of_app() -> Self {
        expect_context()
    }

    /// Something new was heard of this ticket.
    pub fn hear_of_ticket(self, id: &str) {
        let _ = self.heard_of.try_set(TicketId::parse(id));
    }

    /// What was submitted to this server function before the page was rendered, for the first form that asks.
    pub fn submitted(self, action: &str) -> Option<Submitted> {
        self.initial.with_value(|initial| {
            initial.submitted.as_ref().filter(|submitted| submitted.action == action).cloned()
        })
    }

    /// A refusal that belongs to no form on the page.
    pub fn stray_error(self) -> Option<crate::error::AppError> {
        self.initial.with_value(|initial| {
            initial.submitted.as_ref().filter(|s| s.action.is_empty()).and_then(|s| s.error.clone())
        })
    }

    /// The mark under which a form of this page is done only once.
    pub fn once(self) -> String {
        self.initial.with_value(|initial| initial.once.clone())
    }

    /// Address of the company's logo, or empty.
    pub fn logo(self) -> String {
        self.initial.with_value(|initial| initial.logo.clone())
    }

    /// May customers open accounts by themselves?
    pub fn sign_up(self) -> bool {
        self.initial.with_value(|initial| !initial.no_sign_up)
    }

    /// Name of the company that runs the portal.
    pub fn operator(self) -> String {
        self.initial.with_value(|initial| initial.operator.clone())
    }

    /// How the person reads times.
    pub fn time_format<T>(self, read: impl FnOnce(&TimeFormat) -> T) -> T {
        self.initial.with_value(|initial| read(&initial.time_format))
    }

    /// Forgets what the first page brought along: later pages begin with empty forms.
    pub fn leave(self) {
        self.initial.update_value(|initial| initial.submitted = None);
    }
}
