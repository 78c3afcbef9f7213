//! The screens of customers: the list, a customer's summary and notes, and the form of a new one.

use super::model::{COLUMNS, CustomerRow, CustomerView, FILTERS, MyList, Note, OwnerLogin};
use super::rpc::{
    AddNote, CloseCustomer, CreateCustomer, DeleteFilter, DeleteNote, ListCustomers, ListNotes,
    ReopenCustomer, SaveColumns, SaveFilter, ShowCustomer, ShowMyList,
};
use super::words;
use crate::frame::{CustomerTabs, account_in_url};
use crate::operator::desk::components::{needs, use_desk};
use crate::operator::filters::components::SavedFilters;
use crate::paths;
use crate::permission::StaffPermission;
use crate::types::{AccountId, ListQuery, Timestamp, counted, country};
use crate::ui::country::country_options;
use crate::ui::dialog::Dialog;
use crate::ui::field::{Field, Select, TextArea, Tick};
use crate::ui::form::{Form, Submit, SubmitBar};
use crate::ui::icon::Icon;
use crate::ui::layout::{Heading, TitlePart};
use crate::ui::list::{Empty, Filters, list_in_url};
use crate::ui::load::{fetch_live, fetch_rows, load, load_quietly};
use crate::ui::markup::{ago, pill, two_lines};
use crate::ui::table::{Column, Table};
use crate::ui::time_format;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;
use maud::html;

fn above() -> Vec<(String, String)> {
    vec![(paths::CUSTOMERS.into(), words::CUSTOMERS.into())]
}

/// `/operator/customers`
#[component]
pub fn CustomersPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::ViewCustomers) {
        return refused;
    }
    let query = list_in_url(&[]);
    let data = fetch_rows(move || ListCustomers { query: query.get() });
    let path = Memo::new(|_| paths::CUSTOMERS.to_owned());
    let mine = fetch_live(|| ShowMyList {});
    let new = use_desk().permissions.has(StaffPermission::CreateCustomers).then(|| {
        view! { <a class="button primary" href=paths::NEW_CUSTOMER><Icon name="plus"/>{words::NEW}</a> }
    });
    view! {
        <Heading title=words::CUSTOMERS>{new}</Heading>
        <Filters path=path query=query label=words::SEARCH placeholder=words::SEARCH_BY filters=FILTERS/>
        {load_quietly(mine, move |mine: MyList| view! { <Mine mine=mine query=query/> })}
        {load(data, move |page| {
            let now = page.now;
            TABLE.show(&page, paths::CUSTOMERS, &query.get_untracked(), &now)
        })}
    }
    .into_any()
}

/// What is one's own about the list: filters under a name, columns, and the way to do something with all found.
#[component]
fn Mine(mine: MyList, query: Memo<ListQuery>) -> impl IntoView {
    let held = use_desk().permissions;
    let part = move |name: &'static str| move || query.with(|query| query.get(name).to_owned());
    let columns = mine.columns;
    let bulk = [StaffPermission::CloseCustomers, StaffPermission::CreateCustomers]
        .into_iter()
        .any(|one| held.has(one));
    let to_bulk = move || format!("{}{}", paths::NEW_BULK, query.get().on_first_page(&[("sort", "")]));
    view! {
        <div class="my-list">
            <SavedFilters filters=mine.filters path=paths::CUSTOMERS label=words::SAVED delete=DeleteFilter::PATH delete_label=words::delete_filter/>
            <details>
                <summary>{words::SAVE_FILTER}</summary>
                <Form action=SaveFilter::PATH prefix="f-">
                    <input type="hidden" name="q" value=part("q")/>
                    <input type="hidden" name="status" value=part("status")/>
                    <input type="hidden" name="sort" value=part("sort")/>
                    <Field name="name" label=words::FILTER_NAME required=true/>
                    <div class="actions"><Submit label=words::SAVE_FILTER/></div>
                </Form>
            </details>
            <details>
                <summary>{words::COLUMNS}</summary>
                <Form action=SaveColumns::PATH prefix="c-">
                    {COLUMNS.into_iter().map(|(name, label)| view! { <Tick name="columns[]" value=name label=label ticked=columns.has(name)/> }).collect_view()}
                    <div class="actions"><Submit label=words::SAVE_COLUMNS/></div>
                </Form>
            </details>
            {bulk.then(|| view! { <a class="button" href=to_bulk>{words::BULK}</a> })}
        </div>
    }
}

const TABLE: Table<CustomerRow, Timestamp> = Table {
    caption: words::CUSTOMERS,
    columns: &[
        Column::of_names(words::CUSTOMER, |row: &CustomerRow, _| {
            two_lines(&paths::customer(&row.account), &row.name, &row.email)
        })
        .sorted("name"),
        Column::new(words::NUMBER, |row: &CustomerRow, _| html! { (row.number) })
            .sorted("number")
            .if_any(|row| row.columns.has("number")),
        Column::new(words::OWNER, |row: &CustomerRow, _| html! { (row.owner) })
            .if_any(|row| row.columns.has("owner")),
        Column::new(words::PHONE, |row: &CustomerRow, _| html! { (row.phone) })
            .if_any(|row| row.columns.has("phone")),
        Column::new(
            words::COUNTRY,
            |row: &CustomerRow, _| html! { (country::name(&row.country).unwrap_or_default()) },
        )
        .if_any(|row| row.columns.has("country")),
        Column::new(words::STATUS, |row: &CustomerRow, _| pill(status(row)))
            .if_any(|row| row.columns.has("status")),
        Column::new(words::SINCE, |row: &CustomerRow, now| ago(row.since, *now))
            .if_any(|row| row.columns.has("since")),
    ],
    menu: None,
    closed: |row| row.closed,
    changed: |_, _| false,
    class: None,
    none: Empty { icon: "building", what: "customers", purpose: words::PURPOSE },
};

fn status(row: &CustomerRow) -> (&'static str, &'static str, &'static str) {
    match (row.closed, row.has_login) {
        (true, _) => ("pill", "lock", words::CLOSED),
        (false, true) => ("pill teal", "check", words::ACTIVE),
        (false, false) => ("pill amber", "clock", words::NO_LOGIN_YET),
    }
}

/// What stands above every page of a customer in the staff area.
#[component]
fn Customer(account: AccountId, name: String, number: i64) -> impl IntoView {
    let held = use_desk().permissions;
    let title = format!("{name} · {number}");
    view! {
        <section class="on-customer" aria-label=words::CUSTOMER>
            <p><Icon name="building"/><strong>{title}</strong></p>
            <CustomerTabs account=account held=held/>
        </section>
    }
}

/// `/operator/customers/{account}`
#[component]
pub fn CustomerPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::ViewCustomers) {
        return refused;
    }
    let account = account_in_url();
    let url = use_query_map();
    let data = fetch_live(move || ShowCustomer { account: account.get() });
    load(data, move |shown: CustomerView| {
        let closing = url.with_untracked(|url| url.get("close")).is_some() && !shown.closed;
        let dialog = closing.then(|| view! { <CloseDialog account=shown.account.clone()/> });
        view! { <Summary shown=shown/>{dialog} }
    })
}

#[component]
fn Summary(shown: CustomerView) -> impl IntoView {
    let held = use_desk().permissions;
    let account = shown.account.clone();
    let now = shown.now;
    provide_context(TitlePart(shown.name.clone()));
    let closed = shown.closed.then(|| {
        view! { <p class="notice"><Icon name="lock"/>{words::CLOSED_NOTICE}</p> }
    });
    let relative = move |at: Timestamp| time_format::relative(at, now);
    let login = match &shown.login {
        OwnerLogin::Has(Some(at)) => words::last_seen(&relative(*at)),
        OwnerLogin::Has(None) => words::NEVER_SEEN.into(),
        OwnerLogin::Invited(until) => words::invited_until(&relative(*until)),
        OwnerLogin::None => words::NOT_INVITED.into(),
    };
    let invitation = (!matches!(shown.login, OwnerLogin::Has(_))).then(|| {
        view! { <p><a href=paths::contact(&account, &shown.owner)>{words::MANAGE_INVITATION}</a></p> }
    });
    let merges = held.has(StaffPermission::MergeCustomers) && !shown.closed;
    let keeps = held.has(StaffPermission::ExportCustomers) || held.has(StaffPermission::EraseCustomers);
    let replace = (held.has(StaffPermission::ReplaceOwners) && !shown.closed).then(|| {
        view! { <p><a href=paths::replace_owner(&account)>{words::REPLACE_OWNER}</a></p> }
    });
    let needs: Vec<(String, String)> = [
        (shown.requests > 0).then(|| (words::requests_wait(&shown.requests), paths::WORK_QUEUE.to_owned())),
        (shown.failed > 0).then(|| (words::mails_failed(&counted(shown.failed)), paths::emails(&account))),
    ]
    .into_iter()
    .flatten()
    .collect();
    let calm = needs
        .is_empty()
        .then(|| view! { <p class="hint with-icon"><Icon name="check"/>{words::NOTHING}</p> });
    let needs = needs.into_iter().map(|(says, to)| view! { <li><a href=to>{says}</a></li> }).collect_view();
    let (contacts, services, domains) = shown.counts;
    let counts = [
        (words::CONTACTS, contacts, paths::contacts(&account)),
        (words::SERVICES, services, paths::services(&account)),
        (words::DOMAINS, domains, paths::domains(&account)),
    ]
    .map(|(label, count, to)| view! { <div><dt>{label}</dt><dd><a href=to>{counted(count)}</a></dd></div> })
    .into_iter()
    .collect_view();
    let address = (!shown.address.is_empty()).then(|| {
        let lines = shown.address.into_iter().map(|line| view! { {line}<br/> }).collect_view();
        view! { <dt>{words::ADDRESS}</dt><dd>{lines}</dd> }
    });
    let (of, to_close) = (account.to_string(), format!("{}?close=1", paths::customer(&account)));
    let close = held.has(StaffPermission::CloseCustomers).then(|| match shown.closed {
        true => view! {
            <Form action=ReopenCustomer::PATH summary=false>
                <input type="hidden" name="account" value=of/>
                <Submit label=words::REOPEN kind=""/>
            </Form>
        }
        .into_any(),
        false => view! { <a class="button" id="close-account" href=to_close>{words::CLOSE}</a> }.into_any(),
    });
    let view_as = (held.has(StaffPermission::ViewAsCustomer) && !shown.closed).then(|| {
        view! { <a class="button" href=paths::view_as(&account)><Icon name="eye"/>{words::VIEW_AS}</a> }
    });
    let (owner_name, owner_email) = shown.owner_name;
    view! {
        <Customer account=shown.account.clone() name=shown.name.clone() number=shown.number/>
        <Heading title=shown.name above=above()>{view_as}{close}</Heading>
        {closed}
        <div class="cards">
            <section class="card" aria-labelledby="details-heading">
                <h2 id="details-heading"><Icon name="building"/>{words::DETAILS}</h2>
                <dl class="facts">
                    <dt>{words::NUMBER}</dt><dd>{shown.number}</dd>
                    <dt>{words::MAIN_E_MAIL}</dt><dd>{shown.email}</dd>
                    {(!shown.phone.is_empty()).then(|| view! { <dt>{words::PHONE}</dt><dd>{shown.phone.clone()}</dd> })}
                    {address}
                    <dt>{words::SINCE}</dt><dd><time datetime=shown.since.iso() title=time_format::exact(shown.since)>{time_format::date(shown.since)}</time></dd>
                </dl>
            </section>
            <section class="card" aria-labelledby="owner-heading">
                <h2 id="owner-heading"><Icon name="key"/>{words::OWNER}</h2>
                <p><strong>{owner_name}</strong><br/>{owner_email}</p>
                <p class="hint">{login}</p>
                {invitation}
                {replace}
            </section>
            <section class="card" aria-labelledby="needs-heading">
                <h2 id="needs-heading"><Icon name="alert"/>{words::NEEDS_ATTENTION}</h2>
                {calm}
                <ul class="lines">{needs}</ul>
                <dl class="numbers of-customer">{counts}</dl>
            </section>
            <section class="card" aria-labelledby="notes-heading">
                <h2 id="notes-heading"><Icon name="edit"/>{words::NOTES}</h2>
                <Notes notes=shown.notes account=account.clone() now=now deletes=false/>
                <p class="foot"><a href=paths::customer_notes(&account)>{words::ALL_NOTES}</a></p>
            </section>
        </div>
        <p class="foot ends">
            {merges.then(|| view! { <a href=paths::merge(&account)><Icon name="users"/>{words::MERGE}</a> })}
            {keeps.then(|| view! { <a href=paths::customer_data(&account)><Icon name="download"/>{words::EXPORT_OR_ERASE}</a> })}
        </p>
    }
}

#[component]
fn CloseDialog(account: AccountId) -> impl IntoView {
    let back = paths::customer(&account);
    let cancel = back.clone();
    view! {
        <Dialog title=words::CLOSE close=back opener="close-account">
            <p>{words::CLOSE_LEAD}</p>
            <Form action=CloseCustomer::PATH prefix="c-">
                <input type="hidden" name="account" value=account.to_string()/>
                <TextArea name="reason" label=words::REASON hint=words::REASON_HINT required=true/>
                <div class="actions">
                    <a class="button" href=cancel>{words::CANCEL}</a>
                    <Submit label=words::CLOSE kind="danger"/>
                </div>
            </Form>
        </Dialog>
    }
}

#[component]
fn Notes(notes: Vec<Note>, account: AccountId, now: Timestamp, deletes: bool) -> impl IntoView {
    if notes.is_empty() {
        return view! { <p class="hint">{words::NO_NOTES}</p> }.into_any();
    }
    let rows = notes
        .into_iter()
        .map(|note| {
            let account = account.to_string();
            let delete = (note.own && deletes).then(|| {
                view! {
                    <Form action=DeleteNote::PATH about=("note", note.id.clone()) summary=false>
                        <input type="hidden" name="account" value=account/>
                        <Submit label=words::DELETE_NOTE kind="small"/>
                    </Form>
                }
            });
            view! {
                <li class="note">
                    <p class="text">{note.text}</p>
                    <p class="hint">{note.by}" · "<time datetime=note.at.iso() title=time_format::exact(note.at)>{time_format::relative(note.at, now)}</time></p>
                    {delete}
                </li>
            }
        })
        .collect_view();
    view! { <ul class="notes">{rows}</ul> }.into_any()
}

/// `/operator/customers/{account}/notes`
#[component]
pub fn NotesPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::ViewCustomers) {
        return refused;
    }
    let account = account_in_url();
    let data = fetch_live(move || ListNotes { account: account.get() });
    load(data, move |page: super::model::NotesPage| {
        let account = account.get_untracked();
        let of = account.to_string();
        provide_context(TitlePart(page.name.clone()));
        let up = [above(), vec![(paths::customer(&account), page.name.clone())]].concat();
        view! {
            <Customer account=account.clone() name=page.name.clone() number=page.number/>
            <Heading title=words::NOTES above=up/>
            <p class="lead">{words::NOTES_LEAD}</p>
            <section class="card">
                <Form action=AddNote::PATH>
                    <input type="hidden" name="account" value=of/>
                    <TextArea name="text" label=words::NOTE required=true/>
                    <div class="actions"><Submit label=words::ADD_NOTE/></div>
                </Form>
            </section>
            <Notes notes=page.notes account=account.clone() now=page.now deletes=true/>
        }
    })
}

/// `/operator/customers/new`
#[component]
pub fn NewCustomerPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::CreateCustomers) {
        return refused;
    }
    view! {
        <Heading title=words::NEW above=above()/>
        <Form action=CreateCustomer::PATH>
            <section class="card">
                <div class="columns">
                    <Field name="name" label=words::COMPANY hint=words::COMPANY_HINT/>
                    <Field name="email" label=words::OWNERS_E_MAIL kind="email" required=true hint=words::OWNERS_E_MAIL_HINT/>
                    <Field name="first_name" label=words::FIRST_NAME/>
                    <Field name="last_name" label=words::LAST_NAME/>
                    <Field name="phone" label=words::PHONE kind="tel"/>
                    <Select name="country" label=words::COUNTRY value="" options=country_options()/>
                </div>
                <Tick name="invite" label=words::INVITE_NOW ticked=true hint=words::INVITE_HINT/>
            </section>
            <SubmitBar>
                <Submit label=words::CREATE/>
                <a class="button" href=paths::CUSTOMERS>{words::CANCEL}</a>
            </SubmitBar>
        </Form>
    }
    .into_any()
}
