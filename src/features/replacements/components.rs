//! What the owner sees of it, on the page of ownership.

use super::model::Replacement;
use super::rpc::{ShowReplacement, StopReplacement};
use super::words;
use crate::types::AccountId;
use crate::ui::client_state::ClientState;
use crate::ui::form::{Form, Submit};
use crate::ui::icon::Icon;
use crate::ui::load::{Loading, fetch_live, load_quietly};
use crate::ui::time_format;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// What waits on an account, with the button that stops it; nothing when nothing does.
#[derive(Clone, Copy)]
pub struct ReplacementCard(Loading<Option<Replacement>>, Memo<AccountId>);

impl ReplacementCard {
    /// Made at the head of a page, before anything is waited for.
    pub fn prepare(account: Memo<AccountId>) -> Self {
        Self(fetch_live(move || ShowReplacement { account: account.get() }), account)
    }

    /// The card.
    pub fn show(self) -> AnyView {
        let Self(data, account) = self;
        load_quietly(data, move |waiting: Option<Replacement>| {
            waiting.map(|one| {
                let operator = ClientState::of_app().operator();
                let (name, email) = one.to;
                let says = words::says(&operator, &one.by, &name, &email, &one.reason);
                view! {
                    <section class="card" aria-labelledby="replacement-heading">
                        <h2 id="replacement-heading"><Icon name="alert"/>{words::HEADING}</h2>
                        <p class="lead">{says}</p>
                        <p>{words::due(&time_format::exact(one.due))}" "{words::STOP_LEAD}</p>
                        <Form action=StopReplacement::PATH prefix="s-">
                            <input type="hidden" name="account" value=account.get_untracked().to_string()/>
                            <div class="actions"><Submit label=words::STOP/></div>
                        </Form>
                    </section>
                }
            })
        })
    }
}
