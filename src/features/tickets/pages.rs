//! The list of tickets, and the form of a new one.

use super::components::{pills, subject};
use super::model::{FILTERS, NewTicketPage, Priority, TicketRow};
use super::parts::{FilesBox, Preview, Recipients};
use super::rpc::{ListTickets, NewTicket, OpenTicket};
use super::words;
use crate::features::permissions::components::Denial;
use crate::frame::{account_in_url, use_frame};
use crate::paths;
use crate::permission::Permission;
use crate::types::TicketId;
use crate::ui::field::{Field, Select, TextArea};
use crate::ui::form::{Form, Submit};
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::list::{Empty, Filters, list_in_url};
use crate::ui::load::{fetch, fetch_rows, load};
use crate::ui::markup::ago;
use crate::ui::table::{Column, RowContext, Table};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use maud::html;

/// `/a/{account}/tickets`: the tickets that the person sees.
#[component]
pub fn TicketsPage() -> impl IntoView {
    let account = account_in_url();
    let query = list_in_url(&["department"]);
    let frame = use_frame();
    if !frame.tickets {
        return Denial::prepare(&frame.account, Permission::OpenTickets, None).show();
    }
    let data = fetch_rows(move || ListTickets { account: account.get(), query: query.get() });
    let path = Memo::new(move |_| paths::tickets(&account.get()));
    let new = (frame.permissions.has(Permission::OpenTickets) && frame.preview.is_none()).then(|| {
        view! { <a class="button primary" href=paths::new_ticket(&frame.account)><Icon name="plus"/>{words::NEW_TICKET}</a> }
    });
    view! {
        <Heading title=words::TICKETS above=vec![(paths::account(&frame.account), frame.name)]>{new}</Heading>
        <Filters path=path query=query label=words::SEARCH_TICKETS placeholder=words::SUBJECT_OR_NUMBER filters=FILTERS/>
        {load(data, move |page| {
            let account = account.get_untracked();
            let (path, context) = (paths::tickets(&account), RowContext { now: page.now, account });
            TICKETS.show(&page, &path, &query.get_untracked(), &context)
        })}
    }
    .into_any()
}

const TICKETS: Table<TicketRow, RowContext> = Table {
    caption: words::TICKETS_YOU_CAN_SEE,
    columns: &[
        Column::of_names(words::SUBJECT, |row, of| subject(row, &paths::ticket(&of.account, &row.id))),
        Column::new(words::STATUS, |row, _| pills(row, false)),
        Column::new(words::DEPARTMENT, |row, _| html! { (row.department) }),
        Column::new(words::OPENED_BY, |row, _| html! { (row.opened_by) }),
        Column::new(words::LAST_MESSAGE, |row, of| ago(row.changed, of.now)),
    ],
    menu: None,
    closed: |row| row.status == super::model::Status::Closed,
    changed: |_, _| false,
    class: None,
    none: Empty { icon: "ticket", what: "tickets", purpose: words::PURPOSE },
};

/// `/a/{account}/tickets/new`
#[component]
pub fn NewTicketScreen() -> impl IntoView {
    let account = account_in_url();
    let frame = use_frame();
    if !frame.permissions.has(Permission::OpenTickets) {
        return Denial::prepare(&frame.account, Permission::OpenTickets, None).show();
    }
    let data = fetch(move || NewTicket { account: account.get() });
    let above = vec![
        (paths::account(&frame.account), frame.name.clone()),
        (paths::tickets(&frame.account), words::TICKETS.to_owned()),
    ];
    view! {
        <Heading title=words::NEW_TICKET above=above/>
        {load(data, move |page| view! { <NewForm page=page/> })}
    }
    .into_any()
}

#[component]
fn NewForm(page: NewTicketPage) -> impl IntoView {
    let frame = use_frame();
    let account = frame.account.clone();
    if page.departments.is_empty() {
        return view! { <div class="empty"><Icon name="ticket"/><h2>{words::TICKETS}</h2><p>{words::NO_DEPARTMENT}</p></div> }.into_any();
    }
    let choice = |first: &str, all: Vec<(String, String)>| {
        let mut options = vec![(String::new(), first.to_owned())];
        options.extend(all);
        options
    };
    let one = page.departments.len() == 1;
    let department = if one { page.departments[0].0.clone() } else { String::new() };
    let departments =
        if one { page.departments } else { choice(words::CHOOSE_A_DEPARTMENT, page.departments) };
    let priorities = Priority::ALL
        .into_iter()
        .map(|one| (one.key().to_owned(), one.title().to_owned()))
        .collect::<Vec<_>>();
    let assets = (!page.assets.is_empty()).then(|| choice(words::NOTHING_IN_PARTICULAR, page.assets));
    let contacts = (!page.contacts.is_empty()).then(|| {
        choice(
            words::NOBODY_IN_PARTICULAR,
            page.contacts.into_iter().map(|one| (one.id.to_string(), one.name)).collect(),
        )
    });
    let (told, files, text, subject) = (page.told, page.files, page.text, page.subject);
    let writing = super::parts::Writing::new(&account, "", &subject, &text);
    let of_preview = account.clone();
    let (kept_subject, kept_text) = (writing, writing);
    let (path, staff) = (paths::tickets(&account), frame.staff.is_some());
    let id = account.to_string();
    view! {
        <Form action=OpenTicket::PATH id="write" class="card">
            <input type="hidden" name="account" value=id/>
            <input type="hidden" name="ticket" value=""/>
            {contacts.map(|options| view! { <Select name="contact" label=words::OPENED_FOR value="" options=options/> })}
            <div class="fields">
                <Select name="department" label=words::DEPARTMENT value=department options=departments/>
                <Select name="priority" label=words::PRIORITY value="normal" options=priorities/>
            </div>
            {assets.map(|options| view! { <Select name="asset" label=words::ABOUT value="" options=options/> })}
            <Field name="subject" label=words::SUBJECT required=true value=subject changed=Callback::new(move |typed| kept_subject.subject(typed))/>
            <TextArea name="text" label=words::MESSAGE required=true rows=10 value=text hint=words::MARKDOWN_HINT changed=Callback::new(move |typed| kept_text.text(typed))/>
            <Preview writing=writing account=of_preview/>
            {(!staff).then(|| view! { <Recipients told=told support=true/> })}
            <div class="actions">
                <Submit label=words::OPEN_TICKET/>
                <a class="button" href=path>{words::CANCEL}</a>
                <span class="hint" role="status">{move || writing.says()}</span>
            </div>
        </Form>
        <FilesBox account=account ticket=String::new() files=files/>
    }
    .into_any()
}

/// A ticket's id of the URL.
pub(super) fn ticket_in(text: Option<String>) -> TicketId {
    text.and_then(|id| TicketId::parse(&id)).unwrap_or_else(|| TicketId::from(String::new()))
}
