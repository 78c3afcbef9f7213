//! The card "Needs attention" of an account's overview.

use super::model::Need;
use super::rpc::ShowNeeds;
use super::words;
use crate::types::{AccountId, Timestamp};
use crate::ui::icon::Icon;
use crate::ui::load::{Loading, fetch_live, load_quietly};
use crate::ui::time_format;
use leptos::prelude::*;

/// Needs that a card names.
const NAMED: usize = 10;

/// What needs the person on an account.
#[derive(Clone, Copy)]
pub struct NeedsCard(Loading<(Vec<Need>, Timestamp)>);

impl NeedsCard {
    /// Made at the head of a page, before anything is waited for.
    pub fn prepare(account: Memo<AccountId>) -> Self {
        Self(fetch_live(move || ShowNeeds { account: account.get() }))
    }

    /// The card; says so when nothing needs them.
    pub fn show(self) -> AnyView {
        load_quietly(self.0, |(needs, now): (Vec<Need>, Timestamp)| {
            let more = needs.len().saturating_sub(NAMED);
            let body = if needs.is_empty() {
                view! { <p class="hint with-icon"><Icon name="check"/>{words::NOTHING_NEEDS_YOUR_ATTENTION_RIGHT}</p> }
                    .into_any()
            } else {
                let items = needs
                    .into_iter()
                    .take(NAMED)
                    .map(|need| {
                        let sentence = time_format::read(|time_format| need.sentence(now, time_format));
                        view! { <li><Icon name=need.icon()/><a href=need.path()>{sentence}</a></li> }
                    })
                    .collect_view();
                view! { <ul class="needs">{items}</ul>{(more > 0).then(|| view! { <p class="hint">{words::and_more(&more)}</p> })} }.into_any()
            };
            view! {
                <section class="card attention" aria-labelledby="needs-heading">
                    <h2 id="needs-heading"><Icon name="alert"/>{words::NEEDS_ATTENTION}</h2>
                    {body}
                </section>
            }
        })
    }
}
