//! The screen on which staff merge, split and move a ticket.

use super::model::{Arrangement, MergeTarget, MovePlan, Piece};
use super::rpc::{MergeTickets, MoveBack, MoveTicket, PutBack, ShowArrangement, SplitTicket, UnmergeTicket};
use super::words;
use crate::operator::desk::components::needs;
use crate::paths;
use crate::permission::StaffPermission;
use crate::types::{TicketId, Timestamp};
use crate::ui::field::{Field, FieldError, Tick};
use crate::ui::form::{Form, Submit};
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::load::{fetch_live, load};
use crate::ui::time_format;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::{use_params_map, use_query_map};

/// `/operator/tickets/{ticket}/arrange`
#[component]
pub fn ArrangePage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::AnswerTickets) {
        return refused;
    }
    let (params, url) = (use_params_map(), use_query_map());
    let ticket = move || {
        let id = params.read().get("ticket").and_then(|id| TicketId::parse(&id));
        id.unwrap_or_else(|| TicketId::from(String::new()))
    };
    let typed = move |name: &'static str| url.read().get(name).unwrap_or_default();
    let data = fetch_live(move || ShowArrangement {
        ticket: ticket(),
        merge: typed("merge"),
        customer: typed("customer"),
    });
    load(data, move |found: Arrangement| {
        view! { <Shown found=found ticket=untrack(ticket) merge=untrack(|| typed("merge")) customer=untrack(|| typed("customer"))/> }
    })
}

/// A number to look something up by, without changing anything.
#[component]
fn Look(
    path: String,
    name: &'static str,
    label: &'static str,
    value: String,
    error: Option<String>,
) -> impl IntoView {
    let (id, describes) = (format!("look-{name}"), format!("look-{name}-error"));
    let error = error.map(
        |says| view! { <p class="error" id=describes.clone() role="alert"><Icon name="alert"/>{says}</p> },
    );
    let described = error.is_some().then(|| describes.clone());
    view! {
        <form method="get" action=path class="field">
            <label for=id.clone()>{label}</label>
            <input id=id name=name inputmode="numeric" autocomplete="off" list=format!("{name}-list") value=value aria-describedby=described/>
            {error}
            <div class="actions"><button type="submit" class="button">{words::LOOK}</button></div>
        </form>
    }
}

/// A way back: a sentence, and its button.
#[component]
fn Back(says: String, action: &'static str, ticket: TicketId, label: &'static str) -> impl IntoView {
    view! {
        <div class="notice"><Icon name="info"/><span>{says}</span>
            <Form action=action about=("ticket", ticket.to_string()) summary=false><Submit label=label kind="small"/></Form>
        </div>
    }
}

#[component]
fn Shown(found: Arrangement, ticket: TicketId, merge: String, customer: String) -> impl IntoView {
    let back = paths::ticket(&found.account, &ticket);
    let path = paths::arrange(&ticket);
    let above = vec![
        (paths::DESK.to_owned(), words::TICKETS.to_owned()),
        (back, words::named(&found.number, &found.subject)),
    ];
    let into = found.merged_into.map(|number| {
        view! { <Back says=words::merged_into(&number) action=UnmergeTicket::PATH ticket=ticket.clone() label=words::UNDO_MERGE/> }
    });
    let merged = found
        .merged
        .iter()
        .map(|(id, number, subject)| {
            view! { <Back says=words::takes_back(number, subject) action=UnmergeTicket::PATH ticket=id.clone() label=words::UNDO_MERGE/> }
        })
        .collect_view();
    let free = found.merged_into.is_none();
    let split = found.split_from.filter(|_| free).map(|number| {
        view! { <Back says=words::split_from(&number) action=PutBack::PATH ticket=ticket.clone() label=words::PUT_BACK/> }
    });
    let moved = found.moved_from.clone().filter(|_| free).map(|name| {
        view! { <Back says=words::moved_from(&name) action=MoveBack::PATH ticket=ticket.clone() label=words::MOVE_BACK/> }
    });
    let forms = free.then(|| {
        let (merge_error, merge_plan) = parts(found.merge.clone());
        let (move_error, move_plan) = parts(found.moving.clone());
        let others = found
            .others
            .iter()
            .map(|(number, subject)| view! { <option value=number.to_string()>{subject.clone()}</option> })
            .collect_view();
        view! {
            <section class="card" aria-labelledby="merge-heading">
                <h2 id="merge-heading">{words::MERGE}</h2>
                <p class="hint">{words::MERGE_HINT}</p>
                <datalist id="merge-list">{others}</datalist>
                <Look path=path.clone() name="merge" label=words::MERGE_NUMBER value=merge error=merge_error/>
                {merge_plan.map(|plan| view! { <Merging plan=plan ticket=ticket.clone()/> })}
            </section>
            <Splitting pieces=found.pieces ticket=ticket.clone() now=found.now/>
            <section class="card" aria-labelledby="move-heading">
                <h2 id="move-heading">{words::MOVE}</h2>
                <p class="hint">{words::MOVE_HINT}</p>
                <Look path=path name="customer" label=words::MOVE_NUMBER value=customer error=move_error/>
                {move_plan.map(|plan| view! { <Moving plan=plan ticket=ticket/> })}
            </section>
        }
    });
    view! {
        <Heading title=words::TITLE above=above/>
        <p class="lead">{words::LEAD}</p>
        {into}{merged}{split}{moved}
        {forms}
    }
}

fn parts<T>(found: Option<Result<T, String>>) -> (Option<String>, Option<T>) {
    match found {
        Some(Ok(plan)) => (None, Some(plan)),
        Some(Err(why)) => (Some(why), None),
        None => (None, None),
    }
}

fn names(all: &[String]) -> String {
    if all.is_empty() { words::NOBODY.to_owned() } else { all.join(", ") }
}

#[component]
fn Merging(plan: MergeTarget, ticket: TicketId) -> impl IntoView {
    let reads = [(&plan.read_theirs, words::READ_THEIRS), (&plan.read_this, words::READ_THIS)];
    let reads: Vec<_> = reads
        .into_iter()
        .filter(|(who, _)| !who.is_empty())
        .map(|(who, what)| view! { <li><strong>{names(who)}</strong>" "{what}</li> })
        .collect();
    let nobody = reads.is_empty().then(|| view! { <li>{words::NOBODY_READS_MORE}</li> });
    view! {
        <h3>{words::merge_plan(&plan.number, &plan.subject)}</h3>
        <ul class="bullets">{reads}{nobody}<li>{words::TOLD}" "<strong>{names(&plan.told)}</strong></li></ul>
        <Form action=MergeTickets::PATH prefix="merge-">
            <input type="hidden" name="ticket" value=ticket.to_string()/>
            <input type="hidden" name="number" value=plan.number.to_string()/>
            <div class="actions"><Submit label=words::MERGE_NOW/></div>
        </Form>
    }
}

#[component]
fn Splitting(pieces: Vec<Piece>, ticket: TicketId, now: Timestamp) -> impl IntoView {
    if pieces.len() < 2 {
        return ().into_any();
    }
    let rows = move || {
        pieces
            .into_iter()
            .map(|piece| {
                let note = match (piece.note, piece.aside) {
                    (true, _) => format!(" · {}", words::NOTE),
                    (_, true) => format!(" · {}", words::ASIDE),
                    _ => String::new(),
                };
                let label = format!(
                    "{}{note} · {}: {}",
                    piece.by,
                    time_format::relative(piece.at, now),
                    piece.begins
                );
                view! { <Tick name="messages[]" value=piece.id label=label/> }
            })
            .collect_view()
    };
    view! {
        <section class="card" aria-labelledby="split-heading">
            <h2 id="split-heading">{words::SPLIT}</h2>
            <p class="hint">{words::SPLIT_HINT}</p>
            <Form action=SplitTicket::PATH prefix="split-">
                <input type="hidden" name="ticket" value=ticket.to_string()/>
                <Field name="subject" label=words::SPLIT_SUBJECT required=true/>
                <fieldset class="pieces"><legend>{words::MESSAGES}</legend>{rows()}<FieldError name="messages"/></fieldset>
                <div class="actions"><Submit label=words::SPLIT_NOW kind=""/></div>
            </Form>
        </section>
    }
    .into_any()
}

#[component]
fn Moving(plan: MovePlan, ticket: TicketId) -> impl IntoView {
    let opener = if plan.opener.is_empty() { words::MAIN_ADDRESS.to_owned() } else { plan.opener.clone() };
    let lose = (!plan.lose.is_empty())
        .then(|| view! { <li><strong>{names(&plan.lose)}</strong>" "{words::NO_LONGER_SEE}</li> });
    view! {
        <h3>{words::move_plan(&plan.name, &plan.number)}</h3>
        <ul class="bullets"><li>{words::BECOMES}" "<strong>{opener}</strong></li>{lose}</ul>
        <Form action=MoveTicket::PATH prefix="move-">
            <input type="hidden" name="ticket" value=ticket.to_string()/>
            <input type="hidden" name="number" value=plan.number.to_string()/>
            <div class="actions"><Submit label=words::MOVE_NOW kind="danger"/></div>
        </Form>
    }
}
