//! The screens of work on many customers: what to do, and how far it is.

use super::model::{BulkAct, BulkView, TicketBulk};
use super::rpc::{BeginBulk, ContinueBulk, CountFound, PlanTicketBulk, ShowBulk, UndoBulk};
use super::words;
use crate::operator::desk::components::{needs, use_desk};
use crate::paths;
use crate::permission::StaffPermission;
use crate::types::{ListQuery, counted};
use crate::ui::field::{FieldError, Select, TextArea};
use crate::ui::form::{Form, Submit};
use crate::ui::layout::Heading;
use crate::ui::list::list_in_url;
use crate::ui::load::{fetch, fetch_live, load, look_again_every};
use crate::ui::time_format;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_params_map;
use std::time::Duration;

fn above() -> Vec<(String, String)> {
    vec![(paths::CUSTOMERS.into(), words::CUSTOMERS.into())]
}

/// `/operator/customers/bulk`
#[component]
pub fn NewBulkPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::ViewCustomers) {
        return refused;
    }
    let query = list_in_url(&[]);
    let data = fetch(move || CountFound { query: query.get() });
    view! {
        <Heading title=words::TITLE above=above()/>
        {load(data, move |count: i64| {
            let query = query.get_untracked();
            let back = format!("{}{}", paths::CUSTOMERS, query.on_first_page(&[]));
            view! { <Act count=count q=query.q status=query.status back=back/> }
        })}
    }
    .into_any()
}

/// `/operator/tickets/bulk`
#[component]
pub fn TicketBulkPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::AnswerTickets) {
        return refused;
    }
    let query = list_in_url(&["whose", "department"]);
    let data = fetch(move || PlanTicketBulk { query: query.get() });
    view! {
        <Heading title=words::TITLE above=vec![(paths::DESK.to_owned(), words::TICKETS.to_owned())]/>
        {load(data, move |plan: TicketBulk| view! { <TicketActs plan=plan query=query.get_untracked()/> })}
    }
    .into_any()
}

#[component]
fn TicketActs(plan: TicketBulk, query: ListQuery) -> impl IntoView {
    if plan.count == 0 {
        return view! { <p class="notice">{words::NOTHING_FOUND}</p> }.into_any();
    }
    let mut staff = vec![(String::new(), words::NOBODY.to_owned())];
    staff.extend(plan.staff);
    let departments = plan.departments;
    let back = format!("{}{}", paths::DESK, query.on_first_page(&[]));
    let hidden = ["whose", "department"]
        .into_iter()
        .map(|name| (name, query.get(name).to_owned()))
        .chain([("q", query.q.clone()), ("status", query.status.clone())])
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    let acts = BulkAct::TICKETS
        .into_iter()
        .map(|act| view! { <label class="choice-row"><input type="radio" name="act" value=act.key()/><strong>{act.title()}</strong></label> })
        .collect_view();
    view! {
        <section class="card">
            <p class="lead">{words::tickets_found(&counted(plan.count))}</p>
            <Form action=BeginBulk::PATH>
                {hidden}
                <fieldset>
                    <legend>{words::ACT}</legend>
                    {acts}
                    <FieldError name="act"/>
                </fieldset>
                <div class="columns">
                    <Select name="assign" label=words::TO_WHOM value="" options=staff/>
                    <Select name="transfer" label=words::TO_DEPARTMENT value="" options=departments/>
                </div>
                <TextArea name="reason" label=words::REASON hint=words::REASON_HINT/>
                <p class="hint">{words::NO_MAIL}</p>
                <div class="actions"><Submit label=words::BEGIN/><a class="button" href=back>{words::CANCEL}</a></div>
            </Form>
        </section>
    }
    .into_any()
}

#[component]
fn Act(count: i64, q: String, status: String, back: String) -> impl IntoView {
    let held = use_desk().permissions;
    if count == 0 {
        return view! { <p class="notice">{words::NOTHING_FOUND}</p> }.into_any();
    }
    let acts = BulkAct::CUSTOMERS
        .into_iter()
        .filter(|act| held.has(act.needs()))
        .map(|act| view! { <label class="choice-row"><input type="radio" name="act" value=act.key()/><strong>{act.title()}</strong></label> })
        .collect_view();
    view! {
        <section class="card">
            <p class="lead">{words::found(&counted(count))}</p>
            <Form action=BeginBulk::PATH>
                <input type="hidden" name="q" value=q/>
                <input type="hidden" name="status" value=status/>
                <fieldset>
                    <legend>{words::ACT}</legend>
                    <div class="choice-rows">{acts}</div>
                    <FieldError name="act"/>
                </fieldset>
                <TextArea name="reason" label=words::REASON hint=words::REASON_HINT/>
                <div class="actions"><Submit label=words::BEGIN kind="danger"/><a class="button" href=back>{words::CANCEL}</a></div>
            </Form>
        </section>
    }
    .into_any()
}

/// How often the page looks for itself while something runs.
const EVERY: Duration = Duration::from_secs(1);

/// `/operator/customers/bulk/{id}`
#[component]
pub fn BulkPage() -> impl IntoView {
    let held = use_desk().permissions;
    if !held.has(StaffPermission::AnswerTickets)
        && let Some(refused) = needs(StaffPermission::ViewCustomers)
    {
        return refused;
    }
    let params = use_params_map();
    let data = fetch_live(move || ShowBulk { id: params.read().get("bulk").unwrap_or_default() });
    let running = RwSignal::new(false);
    look_again_every(EVERY, move || running.get());
    load(data, move |view: BulkView| {
        if running.get_untracked() != view.running {
            running.set(view.running);
        }
        view! { <Shown view=view/> }
    })
}

#[component]
fn Shown(view: BulkView) -> impl IntoView {
    let (done, total) = (view.done(), view.total);
    let here = paths::bulk(&view.id);
    let state = match (view.running, done < total) {
        (true, _) => words::RUNNING,
        (false, true) => words::INTERRUPTED,
        (false, false) => words::DONE,
    };
    let go_on = (!view.running && done < total).then(|| {
        view! {
            <Form action=ContinueBulk::PATH summary=false about=("id", view.id.clone())>
                <div class="actions"><Submit label=words::GO_ON/></div>
            </Form>
        }
    });
    let undo =
        (!view.running && view.changed > 0 && view.undone_by.is_none() && view.act.undone_by().is_some())
            .then(|| {
                view! {
                    <Form action=UndoBulk::PATH summary=false prefix="u-" about=("id", view.id.clone())>
                        <div class="actions"><Submit label=words::UNDO kind=""/></div>
                    </Form>
                }
            });
    let undone = view.undone_by.map(|id| {
        view! { <p class="notice">{words::IS_UNDONE}" "<a href=paths::bulk(&id)>{words::SEE_UNDO}</a></p> }
    });
    let again = view.running.then(|| view! { <p class="no-wasm"><a class="button" href=here rel="external">{words::LOOK_AGAIN}</a></p> });
    view! {
        <Heading title=view.act.title() above=if view.act.of_tickets() { vec![(paths::DESK.to_owned(), words::TICKETS.to_owned())] } else { above() }/>
        <p class="hint">{words::by(&view.by)}" · "<time datetime=view.at.iso()>{time_format::relative(view.at, view.now)}</time></p>
        <section class="card" aria-labelledby="state-heading">
            <h2 id="state-heading">{state}</h2>
            {(!view.reason.is_empty()).then(|| view! { <p class="text">{view.reason.clone()}</p> })}
            <p role="status">{words::progress(&counted(done), &counted(total))}</p>
            <progress max=total.max(1).to_string() value=done.to_string() aria-label=state></progress>
            <p>{words::result(&counted(view.changed), &counted(view.left))}</p>
            {again}
            {go_on}
            {undo}
            {undone}
        </section>
    }
}
