//! The screen of the work queue.

use super::model::{Queue, WaitingRequest};
use super::rpc::{AnswerRequest, ListRequests, ShowRequest, TakeRequest};
use super::words;
use crate::features::requests::model::Pending;
use crate::operator::desk::components::{needs, use_desk};
use crate::paths;
use crate::permission::StaffPermission;
use crate::types::{AccountId, RequestId, Timestamp};
use crate::ui::field::TextArea;
use crate::ui::form::{AnswerButton, Form, Submit};
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::load::{fetch, fetch_live, load};
use crate::ui::time_format;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_params_map;

/// `/operator/requests`
#[component]
pub fn QueuePage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::AnswerRequests) {
        return refused;
    }
    let me = use_desk().person;
    let data = fetch_live(|| ListRequests {});
    view! {
        <Heading title=words::REQUESTS/>
        <p class="lead">{words::LEAD}</p>
        {load(data, move |queue: Queue| {
            if queue.waiting.is_empty() {
                return view! { <div class="empty"><Icon name="check"/><h2>{words::NONE}</h2><p>{words::NONE_HINT}</p></div> }.into_any();
            }
            let (me, now) = (me.clone(), queue.now);
            queue.waiting.into_iter().map(|one| view! { <Card one=one me=me.clone() now=now/> }).collect_view().into_any()
        })}
    }
    .into_any()
}

#[component]
fn Card(one: WaitingRequest, me: String, now: Timestamp) -> impl IntoView {
    let WaitingRequest { id, pending, account, account_name, asset, taken_by } = one;
    let heading = format!("r-{id}");
    let labelled = heading.clone();
    let (mine, free) = (taken_by == me, taken_by.is_empty());
    let taken = (!free).then(|| view! { <span class="pill">{words::taken_by(&taken_by)}</span> });
    let take = (mine || free).then(|| {
        let (label, on) = if free { (words::TAKE, "on") } else { (words::GIVE_BACK, "") };
        view! {
            <Form action=TakeRequest::PATH about=("request", id.to_string()) summary=false>
                <input type="hidden" name="on" value=on/>
                <Submit label=label kind=""/>
            </Form>
        }
    });
    view! {
        <section class="card request" aria-labelledby=labelled>
            <h2 id=heading><a href=paths::request(&id)>{words::title(&pending.kind.title(), &asset)}</a>" "{taken}</h2>
            <Wanted pending=pending account=account account_name=account_name now=now/>
            <div class="actions"><a class="button primary" href=paths::request(&id)>{words::ANSWER}</a>{take}</div>
        </section>
    }
}

#[component]
fn Wanted(
    pending: Pending,
    account: AccountId,
    account_name: (String, i64),
    now: Timestamp,
) -> impl IntoView {
    view! {
        <p>{time_format::read(|format| pending.sentence(format))}</p>
        <p class="hint">
            <a href=paths::customer(&account)>{words::account(&account_name.0, &account_name.1)}</a>
            " · "{words::by(&pending.by)}" · "
            <time datetime=pending.at.iso() title=time_format::exact(pending.at)>{time_format::relative(pending.at, now)}</time>
        </p>
    }
}

/// `/operator/requests/{request}`
#[component]
pub fn RequestPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::AnswerRequests) {
        return refused;
    }
    let params = use_params_map();
    let request = move || {
        let id = params.read().get("request").and_then(|id| RequestId::parse(&id));
        id.unwrap_or_else(|| RequestId::from(String::new()))
    };
    let data = fetch(move || ShowRequest { request: request() });
    load(data, |(one, now): (WaitingRequest, Timestamp)| {
        let above = vec![(paths::WORK_QUEUE.to_owned(), words::REQUESTS.to_owned())];
        let id = one.id.to_string();
        let taken = (!one.taken_by.is_empty())
            .then(|| view! { <p class="notice"><Icon name="info"/>{words::taken_by(&one.taken_by)}</p> });
        view! {
            <Heading title=words::title(&one.pending.kind.title(), &one.asset) above=above/>
            {taken}
            <section class="card">
                <Wanted pending=one.pending account=one.account account_name=one.account_name now=now/>
                <Form action=AnswerRequest::PATH>
                    <input type="hidden" name="request" value=id/>
                    <TextArea name="message" label=words::MESSAGE hint=words::MESSAGE_HINT/>
                    <div class="actions">
                        <AnswerButton name="answer" value="approve" label=words::APPROVE class="button primary"/>
                        <AnswerButton name="answer" value="refuse" label=words::REFUSE class="button"/>
                    </div>
                </Form>
            </section>
        }
    })
}
