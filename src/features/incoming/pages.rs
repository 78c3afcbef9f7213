//! The screens of e-mails that came in: what waits for staff, and the choice of an account.

use super::model::{Choice, MailQueue, State, WaitingMail};
use super::rpc::{ChooseAccount, DismissIncoming, ListIncoming, OpenIncoming, ShowChoice};
use super::words;
use crate::paths;
use crate::types::Timestamp;
use crate::ui::form::{Form, Submit};
use crate::ui::icon::Icon;
use crate::ui::layout::{Heading, PersonPage};
use crate::ui::load::{fetch, fetch_live, load};
use crate::ui::time_format;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_params_map;

/// `/operator/tickets/mail`
#[component]
pub fn IncomingPage() -> impl IntoView {
    let data = fetch_live(|| ListIncoming {});
    view! {
        <Heading title=words::TITLE above=vec![(paths::DESK.to_owned(), words::TO_TICKETS.to_owned())]/>
        <p class="lead">{words::LEAD}</p>
        {load(data, move |queue: MailQueue| {
            if queue.waiting.is_empty() {
                return view! { <div class="empty"><Icon name="check"/><h2>{words::NONE}</h2><p>{words::NONE_HINT}</p></div> }.into_any();
            }
            let now = queue.now;
            queue.waiting.into_iter().map(|one| view! { <Card one=one now=now/> }).collect_view().into_any()
        })}
    }
}

#[component]
fn Card(one: WaitingMail, now: Timestamp) -> impl IntoView {
    let heading = format!("m-{}", one.id);
    let labelled = heading.clone();
    let class = if one.state == State::Parked { "pill red" } else { "pill amber" };
    let email = (one.email != one.from).then(|| format!(" <{}>", one.email));
    let (open, dismiss) = (one.id.clone(), one.id.clone());
    let preview = (!one.preview.is_empty())
        .then(|| view! { <blockquote class="plain">{one.preview.clone()}</blockquote> });
    view! {
        <section class="card request" aria-labelledby=labelled>
            <h2 id=heading><Icon name="mail"/>{one.subject}</h2>
            <p><b>{one.from}</b>{email}" "<span class="hint">{words::to_(&one.to)}</span>" "
                <time class="hint" datetime=one.at.iso()>{time_format::relative(one.at, now)}</time></p>
            <p><span class=class>{one.state.title()}</span>" "{one.reason}</p>
            {preview}
            <Form action=OpenIncoming::PATH about=("id", open)>
                <label class="number-of">{words::NUMBER}<input name="number" inputmode="numeric" autocomplete="off"/><span class="hint">{words::NUMBER_HINT}</span></label>
                <div class="actions"><Submit label=words::OPEN_TICKET/></div>
            </Form>
            <div class="actions">
                <a class="button" href=paths::incoming_original(&one.id) rel="external" download><Icon name="download"/>{words::DOWNLOAD}</a>
                <Form action=DismissIncoming::PATH about=("id", dismiss) summary=false><Submit label=words::DISMISS kind=""/></Form>
            </div>
        </section>
    }
}

/// `/mail-in/{id}`
#[component]
pub fn ChoicePage() -> impl IntoView {
    let params = use_params_map();
    let id = move || params.read().get("id").unwrap_or_default();
    let data = fetch(move || ShowChoice { id: id() });
    view! {
        <PersonPage title=words::WHICH_ACCOUNT>
            <Heading title=words::WHICH_ACCOUNT/>
            {load(data, move |choice: Choice| {
                let buttons = choice.accounts.into_iter().map(|(account, name)| view! {
                    <Form action=ChooseAccount::PATH about=("account", account.to_string()) summary=false>
                        <input type="hidden" name="id" value=untrack(id)/>
                        <Submit label=name kind=""/>
                    </Form>
                }).collect_view();
                view! { <p class="lead">{words::which_account(&choice.subject)}</p><div class="actions">{buttons}</div> }
            })}
        </PersonPage>
    }
}
