//! The screens of contacts: the table, the form for one card, "Invite User".

use super::model::{CardForm, CardView, FILTERS, Query, Row};
use super::parts::{CardFields, DaysField, DeleteDialog, LinkDialog, StatusPill};
use super::row::rows;
use super::rpc::{CreateContact, InviteUsers, ListContacts, ResendInvitation, ShowContact, UpdateContact, WithdrawInvitation};
use crate::accounts::model::Frame;
use crate::accounts::pages::{account_in_url, use_frame};
use crate::mail::model::Category;
use crate::paths;
use crate::permission::{Permission, Permissions};
use crate::permissions::parts::PermissionsSection;
use crate::types::{AccountId, ContactId, Page};
use crate::ui::avatar::Avatar;
use crate::ui::field::{Field, Select, TextArea, Tick};
use crate::ui::form::{Form, Hidden, Submit};
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::load::{fetch, fetch_live, load};
use crate::ui::refused::Refused;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};
use std::time::Duration;

fn above(frame: &Frame) -> Vec<(String, String)> {
    vec![(paths::account(&frame.account), frame.name.clone()), (paths::contacts(&frame.account), "Contacts".into())]
}

/// `/a/{account}/contacts`: everybody on the account (P1).
#[component]
pub fn ContactsPage() -> impl IntoView {
    let account = account_in_url();
    let url = use_query_map();
    let query = Memo::new(move |_| {
        url.with(|url| {
            let get = |name| url.get(name).unwrap_or_default();
            Query { q: get("q"), status: get("status"), sort: get("sort"), after: get("after"), before: get("before") }
        })
    });
    let data = fetch_live(move || ListContacts { account: account.get(), query: query.get() });
    let frame = use_frame();
    if let Some(refused) = needs_manager(&frame) {
        return refused;
    }
    let home = vec![(paths::account(&frame.account), frame.name.clone())];
    let (new, invite) = (paths::new_contact(&frame.account), paths::invite_user(&frame.account));
    view! {
        <Heading title="Contacts" above=home>
            <a class="button" href=new><Icon name="plus"/>"Add New Contact"</a>
            <a class="button primary" href=invite><Icon name="send"/>"Invite User"</a>
        </Heading>
        <Filters account=account query=query/>
        {load(data, move |page| view! { <Table page=page account=account.get_untracked() query=query.get_untracked()/> })}
        <Dialogs account=account query=query/>
    }
    .into_any()
}

#[component]
fn Filters(account: Memo<AccountId>, query: Memo<Query>) -> impl IntoView {
    let navigate = use_navigate();
    let typed = StoredValue::new(0_u32);
    let start = query.get_untracked();
    let words = RwSignal::new(start.q.clone());
    let go = move || {
        let to = query.get_untracked().first_page().with(&[("q", words.get_untracked().trim())]);
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate(&format!("{}{to}", paths::contacts(&account.get_untracked())), options);
    };
    let at_once = go.clone();
    let search = move |event| {
        words.set(event_target_value(&event));
        typed.update_value(|count| *count += 1);
        let mine = typed.get_value();
        let go = go.clone();
        let after_a_pause = move || {
            if typed.try_get_value() == Some(mine) {
                go();
            }
        };
        set_timeout(after_a_pause, Duration::from_millis(250));
    };
    let entered = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        typed.update_value(|count| *count += 1);
        at_once();
    };
    // The way back, or "Show all contacts", changes the words without typing.
    Effect::new(move || {
        let wanted = query.get().q;
        if wanted != words.get_untracked().trim() {
            words.set(wanted);
        }
    });
    let links = FILTERS
        .map(|(value, label)| {
            let to = move || format!("{}{}", paths::contacts(&account.get()), query.get().first_page().with(&[("status", value)]));
            let current = move || (query.get().status == value).then_some("true");
            view! { <a href=to aria-current=current>{label}</a> }
        })
        .collect_view();
    view! {
        <div class="filters">
            <form method="get" class="search" role="search" on:submit=entered>
                <label class="visually-hidden" for="search">"Search contacts"</label>
                <Icon name="search"/>
                <input id="search" name="q" type="search" placeholder="Name, company or e-mail" autocomplete="off" value=start.q prop:value=words on:input=search/>
                {(!start.status.is_empty()).then(|| view! { <input type="hidden" name="status" value=start.status/> })}
                {(!start.sort.is_empty()).then(|| view! { <input type="hidden" name="sort" value=start.sort/> })}
                <button class="button no-wasm">"Search"</button>
            </form>
            <nav class="tabs" aria-label="Status">{links}</nav>
        </div>
    }
}

#[component]
fn Table(page: Page<Row>, account: AccountId, query: Query) -> impl IntoView {
    let list = paths::contacts(&account);
    if page.items.is_empty() {
        return view! { <Empty query=query list=list/> }.into_any();
    }
    let shown = i64::try_from(page.items.len()).unwrap_or_default();
    let range = format!("{}–{} of {}", page.skipped + 1, page.skipped + shown, page.total);
    let previous = page.previous.map(|cursor| format!("{list}{}", query.with(&[("before", &cursor), ("after", "")])));
    let next = page.next.map(|cursor| format!("{list}{}", query.with(&[("after", &cursor), ("before", "")])));
    let header = |key: &'static str, label: &'static str| {
        let current = if query.sort.is_empty() { "name" } else { query.sort.as_str() };
        let (sorted, to) = match current {
            current if current == key => (Some("ascending"), format!("-{key}")),
            current if current.strip_prefix('-') == Some(key) => (Some("descending"), key.to_owned()),
            _ => (None, key.to_owned()),
        };
        let href = format!("{list}{}", query.clone().first_page().with(&[("sort", if to == "name" { "" } else { &to })]));
        view! { <th scope="col" aria-sort=sorted><a href=href>{label}</a></th> }
    };
    let headers = view! { {header("name", "Name")} <th scope="col">"Login"</th> <th scope="col">"Status"</th> <th scope="col">"Permissions"</th> <th scope="col">"Mail"</th> {header("sign-in", "Last sign-in")} };
    let (of, of_too) = (account.to_string(), account.to_string());
    let rows = rows(&page.items, &account, &query, page.now);
    view! {
        <table class="rows">
            <caption class="visually-hidden">"Everybody on this account"</caption>
            <thead><tr>{headers}<th scope="col"><span class="visually-hidden">"Actions"</span></th></tr></thead>
            <tbody inner_html=rows></tbody>
        </table>
        // One form for each action serves every row: the button says which card it is about.
        <Form action=ResendInvitation::PATH id="resend" class="row-form"><input type="hidden" name="account" value=of/></Form>
        <Form action=WithdrawInvitation::PATH id="withdraw" class="row-form"><input type="hidden" name="account" value=of_too/></Form>
        <nav class="pager" aria-label="Pages">
            <span>{range}</span>
            {previous.map(|path| view! { <a class="button" href=path><Icon name="previous"/>"Previous"</a> })}
            {next.map(|path| view! { <a class="button" href=path>"Next"<Icon name="next"/></a> })}
        </nav>
    }
    .into_any()
}

#[component]
fn Empty(query: Query, list: String) -> impl IntoView {
    if query.q.is_empty() && query.status.is_empty() {
        return view! {
            <div class="empty">
                <Icon name="users"/>
                <h2>"Nobody here"</h2>
                <p>"Contacts are the people who get mail about this account or may do something on it: a bookkeeper, a web designer, a second mailbox for invoices."</p>
            </div>
        }
        .into_any();
    }
    let words = query.q.clone();
    view! {
        <div class="empty">
            <Icon name="search"/>
            <h2>{if words.is_empty() { "Nobody has this status".to_owned() } else { format!("Nobody matches “{words}”") }}</h2>
            <p><a href=list>"Show all contacts"</a></p>
        </div>
    }
    .into_any()
}

/// The dialogs that the query of a list can open.
#[component]
fn Dialogs(account: Memo<AccountId>, query: Memo<Query>) -> impl IntoView {
    let url = use_query_map();
    let contact = move |name: &'static str| url.with(|url| url.get(name)).and_then(|id| ContactId::parse(&id));
    let close = move || format!("{}{}", paths::contacts(&account.get()), query.get().with(&[]));
    view! {
        {move || contact("delete").map(|contact| view! { <DeleteDialog account=account.get() opener=format!("more-{contact}") contact=contact close=close()/> })}
        {move || contact("link").map(|contact| view! { <LinkDialog account=account.get() opener=format!("more-{contact}") contact=contact close=close()/> })}
    }
}

/// `/a/{account}/contacts/new`: "Add New Contact" (P2).
#[component]
pub fn NewContactPage() -> impl IntoView {
    let frame = use_frame();
    if let Some(refused) = needs_manager(&frame) {
        return refused;
    }
    let back = paths::contacts(&frame.account);
    let card = CardForm { mail: vec![Category::General.key().into()], ..CardForm::default() };
    view! {
        <Heading title="Add New Contact" above=above(&frame)/>
        <Form action=CreateContact::PATH>
            <input type="hidden" name="account" value=frame.account.to_string()/>
            <CardFields card=card held=frame.permissions/>
            <div class="card">
                <Tick name="notify" label="Notify Client?" ticked=true hint="Mails the person that they were added; with a login, this is the invitation."/>
            </div>
            <div class="actions">
                <Submit label="Submit"/>
                <a class="button" href=back>"Cancel"</a>
            </div>
        </Form>
    }
    .into_any()
}

/// The refusal of a form to somebody who may not manage contacts; the server function would refuse it too.
fn needs_manager(frame: &Frame) -> Option<AnyView> {
    let needed = Permission::ManageContacts;
    (!frame.permissions.has(needed)).then(|| view! { <Refused error=crate::error::AppError::Forbidden(needed.title().into())/> }.into_any())
}

/// `/a/{account}/contacts/invite`: "Invite User" (P3).
#[component]
pub fn InviteUserPage() -> impl IntoView {
    let frame = use_frame();
    if let Some(refused) = needs_manager(&frame) {
        return refused;
    }
    let back = paths::contacts(&frame.account);
    view! {
        <Heading title="Invite User" above=above(&frame)/>
        <p class="lead">"Each person gets a mail, creates a login or uses the one they have, and fills in the rest."</p>
        <Form action=InviteUsers::PATH>
            <input type="hidden" name="account" value=frame.account.to_string()/>
            <fieldset class="card">
                <legend>"Who"</legend>
                <div class="columns">
                    <Field name="name" label="Name" hint="For one person. Leave it empty for several."/>
                    <TextArea name="emails" label="E-mail" required=true hint="Several addresses: one per line, or separated by commas."/>
                    <DaysField/>
                </div>
            </fieldset>
            <fieldset class="card">
                <legend>"Permissions"</legend>
                <PermissionsSection granted=Permissions::NONE held=frame.permissions/>
            </fieldset>
            <div class="actions">
                <Submit label="Send invitation"/>
                <a class="button" href=back>"Cancel"</a>
            </div>
        </Form>
    }
    .into_any()
}

/// `/a/{account}/contacts/{contact}`: "Edit Contact" (P5).
#[component]
pub fn EditContactPage() -> impl IntoView {
    let frame = StoredValue::new(use_frame());
    let account = account_in_url();
    let params = use_params_map();
    let url = use_query_map();
    let contact = move || params.read().get("contact").and_then(|id| ContactId::parse(&id)).unwrap_or_else(|| ContactId::from(String::new()));
    let data = fetch(move || ShowContact { account: account.get(), contact: contact() });
    let dialog = move || {
        url.with(|url| url.get("delete").is_some()).then(|| {
            let (account, contact) = (account.get(), contact());
            view! { <DeleteDialog close=paths::contact(&account, &contact) account=account contact=contact opener="delete".to_owned()/> }
        })
    };
    view! {
        {load(data, move |card| view! { <Edit card=card frame=frame.get_value()/> })}
        {dialog}
    }
}

#[component]
fn Edit(card: CardView, frame: Frame) -> impl IntoView {
    let title = card.title();
    let back = paths::contacts(&frame.account);
    let path = paths::contact(&frame.account, &card.id);
    let hands_off = card.is_owner && !frame.is_owner;
    let why_fixed = if card.is_owner {
        "The owner holds every permission and cannot be closed or deleted."
    } else {
        "This is your own card: somebody else who manages contacts changes its permissions and status."
    };
    if hands_off {
        return view! {
            <Heading title=title.clone() above=above(&frame)/>
            <section class="card">
                <p class="notice"><Icon name="lock"/>"This is the owner's card. Only the owner changes it."</p>
                <dl class="facts"><dt>"Name"</dt><dd>{title}</dd><dt>"E-mail"</dt><dd>{card.form.email}</dd><dt>"Phone"</dt><dd>{card.form.phone}</dd></dl>
            </section>
        }
        .into_any();
    }
    let fixed = card.is_owner || card.is_own;
    let pending = !card.linked && !card.form.log_in.is_empty();
    let status = if card.form.status == "closed" { "closed" } else { "active" };
    let invitation = pending.then(|| view! { <div class="card-status"><StatusPill status=card.status/></div> });
    view! {
        <Heading title="Edit Contact" above=above(&frame)>{invitation}</Heading>
        <p class="lead who"><Avatar name=title.clone()/><strong>{title}</strong></p>
        <Form action=UpdateContact::PATH>
            <input type="hidden" name="account" value=frame.account.to_string()/>
            <input type="hidden" name="contact" value=card.id.to_string()/>
            <Hidden name="version" value=card.version.to_string()/>
            <CardFields card=card.form held=frame.permissions fixed=fixed why_fixed=why_fixed linked=card.linked/>
            <div class="card">
                {(!fixed).then(|| view! {
                    <Select name="status" label="Status" value=status options=vec![("active".into(), "Active".into()), ("closed".into(), "Closed".into())]
                        hint="A closed contact gets no mail and cannot enter the account. It keeps its history and can be opened again."/>
                })}
                {(!card.linked && !fixed).then(|| view! { <Tick name="notify" label="Notify Client?" ticked=true hint="Mails a new invitation when the login is activated or the address changes."/> })}
            </div>
            <div class="actions">
                <Submit label="Submit"/>
                <a class="button" href=back>"Cancel"</a>
            </div>
        </Form>
        {(!fixed).then(|| view! {
            <p class="foot"><a id="delete" class="danger-link" href=format!("{path}?delete=1")><Icon name="trash"/>"Delete"</a></p>
        })}
    }
    .into_any()
}
