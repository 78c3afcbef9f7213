//! The screen of the ticket desk.

use super::model::DeskFacts;
use super::rpc::{DeleteTicketView, ListDesk, SaveTicketView, ShowDeskFacts};
use super::words;
use crate::features::tickets::components::{pills, subject};
use crate::features::tickets::model::TicketRow;
use crate::features::tickets::words as ticket;
use crate::operator::desk::components::needs;
use crate::operator::filters::components::SavedFilters;
use crate::paths;
use crate::permission::StaffPermission;
use crate::types::{ListQuery, Timestamp, counted};
use crate::ui::dom;
use crate::ui::field::Field;
use crate::ui::form::{Form, Submit};
use crate::ui::icon::Icon;
use crate::ui::keys::{Keys, is_free};
use crate::ui::layout::Heading;
use crate::ui::list::{Empty, Filters, Narrow, NarrowField, list_in_url};
use crate::ui::load::{fetch_live, fetch_rows, load, load_quietly};
use crate::ui::markup::{ago, nothing, two_lines};
use crate::ui::table::{Column, Table};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use maud::html;
use web_sys::KeyboardEvent;

/// The tabs: value in the URL and label.
const FILTERS: &[(&str, &str)] =
    &[("", words::WAITS_FOR_US), ("answered", words::ANSWERED), ("closed", words::CLOSED)];

/// `/operator/tickets`
#[component]
pub fn DeskPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::AnswerTickets) {
        return refused;
    }
    let query = list_in_url(&["whose", "department"]);
    let data = fetch_rows(move || ListDesk { query: query.get() });
    let facts = fetch_live(|| ShowDeskFacts {});
    let path = Memo::new(|_| paths::DESK.to_owned());
    let whose = ["", "mine", "nobody", "late", "held"]
        .into_iter()
        .zip([ticket::EVERYBODYS, ticket::MINE, ticket::NOBODYS, words::LATE, ticket::WITH_HELD_MAIL])
        .map(|(key, label)| (key.to_owned(), label.to_owned()))
        .collect::<Vec<_>>();
    view! {
        <Heading title=words::TICKETS>
            <a class="button" href=paths::INCOMING><Icon name="mail"/>{words::MAIL_THAT_WAITS}</a>
            <a class="button" href=paths::CANNED><Icon name="edit"/>{words::CANNED}</a>
        </Heading>
        <p class="lead">{words::LEAD}</p>
        <Filters path=path query=query label=words::SEARCH placeholder=words::SEARCH_BY filters=FILTERS/>
        {load_quietly(facts, move |facts: DeskFacts| {
            let departments = facts.departments.clone();
            let whose = whose.clone();
            let narrow = move || {
                let mut all = vec![(String::new(), words::ALL_DEPARTMENTS.to_owned())];
                all.extend(departments.clone());
                let fields = vec![
                    (ticket::WHOSE, "whose", NarrowField::Choice(whose.clone())),
                    (ticket::DEPARTMENT, "department", NarrowField::Choice(all)),
                ];
                view! { <Narrow fields=fields query=query.get()/> }
            };
            view! { {narrow}<Facts facts=facts query=query/> }
        })}
        {load(data, move |page| TICKETS.show(&page, paths::DESK, &query.get_untracked(), &page.now))}
        <DeskKeys/>
    }
    .into_any()
}

/// How much waits, one's own views, and the way to do something with all found.
#[component]
fn Facts(facts: DeskFacts, query: Memo<ListQuery>) -> impl IntoView {
    let counts = [
        (words::ALL, "", facts.waiting),
        (ticket::MINE, "?whose=mine", facts.mine),
        (ticket::NOBODYS, "?whose=nobody", facts.nobody),
        (words::LATE, "?whose=late", facts.late),
    ];
    let counts = counts
        .into_iter()
        .map(|(label, query, count)| {
            let class = if label == words::LATE && count > 0 { "pill red" } else { "pill" };
            view! { <li><a class="chip" href=format!("{}{query}", paths::DESK)>{label}" "<span class=class>{counted(count)}</span></a></li> }
        })
        .collect_view();
    let mail = (facts.mail > 0).then(|| {
        view! { <li><a class="chip" href=paths::INCOMING>{words::MAIL_THAT_WAITS}" "<span class="pill amber">{counted(facts.mail)}</span></a></li> }
    });
    let part = move |name: &'static str| move || query.with(|query| query.get(name).to_owned());
    let to_bulk = move || format!("{}{}", paths::TICKET_BULK, query.get().on_first_page(&[("sort", "")]));
    view! {
        <div class="my-list">
            <ul class="chips counts" aria-label=words::HOW_MUCH>{counts}{mail}</ul>
            <SavedFilters filters=facts.views path=paths::DESK label=words::VIEWS delete=DeleteTicketView::PATH delete_label=words::delete_view/>
            <details>
                <summary>{words::SAVE_VIEW}</summary>
                <Form action=SaveTicketView::PATH prefix="v-">
                    <input type="hidden" name="q" value=part("q")/>
                    <input type="hidden" name="status" value=part("status")/>
                    <input type="hidden" name="sort" value=part("sort")/>
                    <input type="hidden" name="whose" value=part("whose")/>
                    <input type="hidden" name="department" value=part("department")/>
                    <Field name="name" label=words::VIEW_NAME required=true/>
                    <div class="actions"><Submit label=words::SAVE_VIEW/></div>
                </Form>
            </details>
            <a class="button" href=to_bulk>{words::BULK}</a>
        </div>
    }
}

/// J and K go through the list, like the arrow keys of a menu.
#[component]
fn DeskKeys() -> impl IntoView {
    Effect::new(move || {
        let listener = window_event_listener(leptos::ev::keydown, move |event: KeyboardEvent| {
            let by = match event.key().as_str() {
                "j" => 1,
                "k" => -1,
                _ => return,
            };
            if is_free(&event)
                && let Some(table) = document().query_selector("table.rows tbody").ok().flatten()
            {
                dom::step(&event, &dom::all(&table, "td.person a"), by);
            }
        });
        on_cleanup(move || listener.remove());
    });
    view! { <Keys says=words::DESK_KEYS/> }
}

const TICKETS: Table<TicketRow, Timestamp> = Table {
    caption: words::CAPTION,
    columns: &[
        Column::of_names(ticket::SUBJECT, |row, _| subject(row, &paths::ticket(&row.account, &row.id))),
        Column::new(ticket::CUSTOMER, |row, _| {
            two_lines(&paths::customer(&row.account), &row.account_name, &row.opened_by)
        }),
        Column::new(ticket::STATUS, |row, _| {
            html! {
                (pills(row, true))
                @if !row.answering.is_empty() { " " span class="pill teal" { (words::answering(&row.answering.join(", "))) } }
            }
        }),
        Column::new(words::DUE, |row: &TicketRow, now: &Timestamp| match row.due {
            Some(at) if at < *now => html! { span class="pill red" { (words::LATE) " " (ago(at, *now)) } },
            Some(at) => ago(at, *now),
            None => nothing(),
        })
        .sorted("due")
        .if_any(|row| row.due.is_some()),
        Column::new(ticket::DEPARTMENT, |row, _| html! { (row.department) }),
        Column::new(ticket::ASSIGNED_TO, |row: &TicketRow, _: &Timestamp| html! { (row.assigned) })
            .if_any(|row| !row.assigned.is_empty()),
        Column::new(ticket::LAST_MESSAGE, |row: &TicketRow, now: &Timestamp| ago(row.changed, *now))
            .sorted("changed"),
    ],
    menu: None,
    closed: |_| false,
    changed: |_, _| false,
    class: None,
    none: Empty { icon: "ticket", what: "tickets", purpose: ticket::DESK_PURPOSE },
};
