//! What an owner sees of looks of staff: the question on the overview, and the choice in the profile.

use super::model::{SupportAccess, SupportChoice, WaitingView};
use super::rpc::{AnswerSupport, ChooseSupport, EndSupport, ShowSupport};
use super::words;
use crate::types::AccountId;
use crate::ui::client_state::ClientState;
use crate::ui::field::FieldError;
use crate::ui::form::{AnswerButton, Form, Submit};
use crate::ui::icon::Icon;
use crate::ui::load::{Loading, fetch_live, load_quietly};
use crate::ui::time_format;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// What the owner decides, made at the head of a page before anything is waited for.
#[derive(Clone)]
pub struct Support {
    account: AccountId,
    choice: Loading<SupportChoice>,
}

impl Support {
    /// For the owner; nobody else decides.
    pub fn prepare(account: &AccountId, is_owner: bool) -> Option<Self> {
        is_owner.then(|| {
            let of = account.clone();
            Self { account: account.clone(), choice: fetch_live(move || ShowSupport { account: of.clone() }) }
        })
    }

    /// The questions that wait.
    pub fn questions(&self) -> AnyView {
        let account = self.account.clone();
        load_quietly(self.choice, move |choice: SupportChoice| {
            let account = account.clone();
            choice
                .waiting
                .into_iter()
                .map(|waiting| view! { <Question waiting=waiting account=account.clone()/> })
                .collect_view()
        })
    }

    /// The choice.
    pub fn choice(&self) -> AnyView {
        let account = self.account.clone();
        load_quietly(
            self.choice,
            move |choice: SupportChoice| view! { <Choice choice=choice account=account.clone()/> },
        )
    }
}

#[component]
fn Question(waiting: WaitingView, account: AccountId) -> impl IntoView {
    let operator = ClientState::of_app().operator();
    let id = waiting.id.clone();
    view! {
        <section class="card question" aria-label=words::SUPPORT_ACCESS>
            <h2><Icon name="eye"/>{words::wants_to_see(&waiting.by, &operator)}</h2>
            <p>{words::reason(&waiting.reason)}</p>
            <p class="hint">{words::LOOKS_ONLY}</p>
            <Form action=AnswerSupport::PATH about=("view", id)>
                <input type="hidden" name="account" value=account.to_string()/>
                <div class="actions">
                    <AnswerButton name="answer" value="allow" label=words::ALLOW class="button primary"/>
                    <AnswerButton name="answer" value="refuse" label=words::REFUSE class="button"/>
                </div>
            </Form>
        </section>
    }
}

#[component]
fn Choice(choice: SupportChoice, account: AccountId) -> impl IntoView {
    let now = choice.now;
    let of = account.to_string();
    let rows = SupportAccess::ALL
        .into_iter()
        .map(|one| {
            let (label, means) = one.says();
            view! {
                <label class="choice-row">
                    <input type="radio" name="access" value=one.key() checked={ choice.access == one }/>
                    <span class="two-lines"><strong>{label}</strong><small>{means}</small></span>
                </label>
            }
        })
        .collect_view();
    let open = choice
        .open
        .iter()
        .map(|(by, until)| view! { <p class="notice"><Icon name="eye"/>{words::may_look(by, &time_format::relative(*until, now))}</p> })
        .collect_view();
    let end = (!choice.open.is_empty()).then(|| {
        view! {
            <Form action=EndSupport::PATH prefix="e-" summary=false>
                <input type="hidden" name="account" value=account.to_string()/>
                <div class="actions"><Submit label=words::END_NOW kind=""/></div>
            </Form>
        }
    });
    view! {
        <section class="card" aria-labelledby="support-heading">
            <h2 id="support-heading"><Icon name="eye"/>{words::SUPPORT_ACCESS}</h2>
            <p>{words::LEAD}</p>
            {open}
            {end}
            <Form action=ChooseSupport::PATH prefix="s-">
                <input type="hidden" name="account" value=of/>
                <div class="choice-rows" role="radiogroup" aria-labelledby="support-heading">{rows}</div>
                <FieldError name="access"/>
                <div class="actions"><Submit label=words::SAVE/></div>
            </Form>
        </section>
    }
}
