//! The screens of domains: the list, and one domain with what can be changed about it.

use super::model::{DomainRow, DomainStatus, DomainView, FILTERS};
use super::rpc::{
    ListDomains, RequestLock, RequestNameservers, SetAutoRenew, ShowDomain, WithdrawDomainRequest,
};
use super::words;
use crate::features::holders::components::PeopleWithAccess;
use crate::features::permissions::components::Denial;
use crate::features::requests::components::PendingNotice;
use crate::features::requests::model::RequestKind;
use crate::frame::{Frame, account_in_url, use_frame};
use crate::paths;
use crate::permission::{Group, Permission, StaffPermission};
use crate::types::DomainId;
use crate::ui::client_state::ClientState;
use crate::ui::field::TextArea;
use crate::ui::form::{Form, Submit};
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::list::{Empty, Filters, list_in_url};
use crate::ui::load::{fetch_live, fetch_rows, load};
use crate::ui::markup::{day, pill, two_lines};
use crate::ui::table::{Column, RowContext, Table};
use crate::ui::time_format;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_params_map;
use maud::html;

/// `/a/{account}/domains`: the domains that the person may see.
#[component]
pub fn DomainsPage() -> impl IntoView {
    let account = account_in_url();
    let query = list_in_url(&[]);
    let frame = use_frame();
    if !frame.domains {
        return Denial::prepare(&frame.account, Permission::ViewDomain, None).show();
    }
    let data = fetch_rows(move || ListDomains { account: account.get(), query: query.get() });
    let path = Memo::new(move |_| paths::domains(&account.get()));
    let add = frame.staff.filter(|held| held.has(StaffPermission::EditServices)).map(|_| {
        view! { <a class="button primary" href=paths::domain_form(&frame.account, None)><Icon name="plus"/>{words::NEW_DOMAIN}</a> }
    });
    view! {
        <Heading title=words::DOMAINS above=vec![(paths::account(&frame.account), frame.name)]>{add}</Heading>
        <Filters path=path query=query label=words::SEARCH_DOMAINS placeholder=words::NAME filters=FILTERS/>
        {load(data, move |page| {
            let account = account.get_untracked();
            let (path, context) = (paths::domains(&account), RowContext { now: page.now, account });
            DOMAINS.show(&page, &path, &query.get_untracked(), &context)
        })}
    }
    .into_any()
}

const DOMAINS: Table<DomainRow, RowContext> = Table {
    caption: words::DOMAINS_YOU_CAN_SEE,
    columns: &[
        Column::of_names(words::DOMAIN, |row, of| {
            two_lines(&paths::domain(&of.account, &row.id), &row.name, "")
        }),
        Column::new(words::STATUS, |row, _| pill(row.status.pill())),
        Column::new(words::REGISTERED_UNTIL, |row, of| day(row.expires, of.now)),
        Column::new(words::AUTOMATIC_RENEWAL, |row, _| html! { (on_off(row.auto_renew)) }),
        Column::new(words::REGISTRAR_LOCK, |row, _| html! { (on_off(row.locked)) }),
    ],
    menu: None,
    closed: |row| row.status == DomainStatus::Cancelled,
    changed: |_, _| false,
    class: None,
    none: Empty { icon: "globe", what: "domains", purpose: words::DOMAIN_NAMES_REGISTERED_FOR_THIS },
};

fn on_off(on: bool) -> &'static str {
    if on { "On" } else { "Off" }
}

/// `/a/{account}/domains/{domain}`
#[component]
pub fn DomainPage() -> impl IntoView {
    let account = account_in_url();
    let params = use_params_map();
    let frame = StoredValue::new(use_frame());
    let domain = move || {
        params
            .read()
            .get("domain")
            .and_then(|id| DomainId::parse(&id))
            .unwrap_or_else(|| DomainId::from(String::new()))
    };
    let data = fetch_live(move || ShowDomain { account: account.get(), domain: domain() });
    let people = PeopleWithAccess::prepare(&frame.get_value(), untrack(domain).asset(), Group::Domain);
    load(data, move |domain| {
        let people = people.as_ref().map(PeopleWithAccess::show);
        view! { <Show domain=domain frame=frame.get_value()/>{people} }
    })
}

#[component]
fn Show(domain: DomainView, frame: Frame) -> impl IntoView {
    let account = frame.account.clone();
    let (id, now) = (domain.id.clone(), domain.now);
    let above = vec![
        (paths::account(&account), frame.name.clone()),
        (paths::domains(&account), words::DOMAINS.to_owned()),
    ];
    let manages = domain.may.has(Permission::ManageDomain) && domain.status != DomainStatus::Cancelled;
    let waits = |kind: RequestKind| domain.pending.iter().any(|pending| pending.kind == kind);
    let pending = domain
        .pending
        .iter()
        .map(|pending| {
            let withdraw = domain.may.has(Permission::ManageDomain).then_some(WithdrawDomainRequest::PATH);
            view! { <PendingNotice pending=pending.clone() account=account.clone() field="domain" asset=id.asset() withdraw=withdraw now=now/> }
        })
        .collect_view();
    let edit = frame.staff.filter(|held| held.has(StaffPermission::EditServices)).map(|_| {
        view! { <a class="button" href=paths::domain_form(&account, Some(&id))><Icon name="edit"/>{words::EDIT}</a> }
    });
    let (class, icon, word) = domain.status.pill();
    let ids = (account.to_string(), id.to_string());
    let of = move || {
        let (account, domain) = ids.clone();
        view! {
            <input type="hidden" name="account" value=account/>
            <input type="hidden" name="domain" value=domain/>
        }
    };
    let renewal = manages.then(|| {
        let label = if domain.auto_renew {
            words::SWITCH_OFF_AUTOMATIC_RENEWAL
        } else {
            words::SWITCH_ON_AUTOMATIC_RENEWAL
        };
        let of = of();
        view! {
            <Form action=SetAutoRenew::PATH>
                {of}
                {(!domain.auto_renew).then(|| view! { <input type="hidden" name="on" value="on"/> })}
                <Submit label=label kind="small"/>
            </Form>
        }
    });
    let lock = (manages && !waits(RequestKind::Lock)).then(|| {
        let label = if domain.locked { words::REQUEST_UNLOCK } else { words::REQUEST_LOCK };
        let of = of();
        view! {
            <Form action=RequestLock::PATH>
                {of}
                {(!domain.locked).then(|| view! { <input type="hidden" name="on" value="on"/> })}
                <Submit label=label kind="small"/>
            </Form>
        }
    });
    let nameservers = (manages && !waits(RequestKind::Nameservers)).then(|| {
        let (of, present) = (of(), domain.nameservers.clone());
        // A refused form is shown, not folded away.
        let refused = ClientState::of_app().submitted(RequestNameservers::PATH).is_some();
        view! {
            <details class="change" open=refused><summary>{words::CHANGE_NAMESERVERS}</summary>
                <Form action=RequestNameservers::PATH>
                    {of}
                    <TextArea name="nameservers_wanted" label=words::NAMESERVERS required=true value=present hint=words::ONE_PER_LINE_AT_LEAST/>
                    <div class="actions"><Submit label=words::REQUEST_CHANGE/></div>
                </Form>
            </details>
        }
    });
    let servers = domain.nameservers.lines().map(|name| view! { <li>{name.to_owned()}</li> }).collect_view();
    view! {
        <Heading title=domain.name.clone() above=above>{edit}</Heading>
        {pending}
        <div class="cards">
            <section class="card" aria-labelledby="domain-heading">
                <h2 id="domain-heading"><Icon name="globe"/>{words::DOMAIN}</h2>
                <dl class="facts">
                    <dt>{words::STATUS}</dt><dd><span class=class><Icon name=icon/>{word}</span></dd>
                    <dt>{words::REGISTERED}</dt><dd><time datetime=domain.registered.iso()>{time_format::date(domain.registered)}</time></dd>
                    <dt>{words::REGISTERED_UNTIL}</dt><dd><time datetime=domain.expires.iso() title=time_format::relative(domain.expires, now)>{time_format::date(domain.expires)}</time></dd>
                    <dt>{words::AUTOMATIC_RENEWAL}</dt><dd>{on_off(domain.auto_renew)}{renewal}</dd>
                    <dt>{words::REGISTRAR_LOCK}</dt><dd>{on_off(domain.locked)}{lock}</dd>
                </dl>
                <p class="hint">{words::THE_LOCK_STOPS_THE_DOMAIN}</p>
            </section>
            <section class="card" aria-labelledby="nameservers-heading">
                <h2 id="nameservers-heading"><Icon name="server"/>{words::NAMESERVERS}</h2>
                <ul class="servers">{servers}</ul>
                {nameservers}
            </section>
        </div>
    }
}
