//! The screens of domains: the list, and one domain with what can be changed about it.

use super::model::{DomainRow, DomainStatus, DomainView, FILTERS};
use super::rpc::{
    ListDomains, RequestLock, RequestNameservers, SetAutoRenew, ShowDomain, WithdrawDomainRequest,
};
use crate::features::holders::components::PeopleWithAccess;
use crate::features::permissions::components::Denial;
use crate::features::requests::components::PendingNotice;
use crate::features::requests::model::RequestKind;
use crate::frame::{Frame, account_in_url, use_frame};
use crate::paths;
use crate::permission::{Group, Permission};
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
    view! {
        <Heading title="Domains" above=vec![(paths::account(&frame.account), frame.name)]/>
        <Filters path=path query=query label="Search domains" placeholder="Name" filters=FILTERS/>
        {load(data, move |page| {
            let account = account.get_untracked();
            let (path, context) = (paths::domains(&account), RowContext { now: page.now, account });
            DOMAINS.show(&page, &path, &query.get_untracked(), &context)
        })}
    }
    .into_any()
}

const DOMAINS: Table<DomainRow, RowContext> = Table {
    caption: "Domains you can see",
    columns: &[
        Column::of_names("Domain", |row, of| two_lines(&paths::domain(&of.account, &row.id), &row.name, "")),
        Column::new("Status", |row, _| pill(row.status.pill())),
        Column::new("Registered until", |row, of| day(row.expires, of.now)),
        Column::new("Automatic renewal", |row, _| html! { (on_off(row.auto_renew)) }),
        Column::new("Registrar lock", |row, _| html! { (on_off(row.locked)) }),
    ],
    menu: None,
    closed: |row| row.status == DomainStatus::Cancelled,
    changed: |_, _| false,
    class: None,
    none: Empty {
        icon: "globe",
        what: "domains",
        purpose: "Domain names registered for this account appear here.",
    },
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
        (paths::domains(&account), "Domains".to_owned()),
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
        let label =
            if domain.auto_renew { "Switch off automatic renewal" } else { "Switch on automatic renewal" };
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
        let label = if domain.locked { "Request unlock" } else { "Request lock" };
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
            <details class="change" open=refused><summary>"Change nameservers"</summary>
                <Form action=RequestNameservers::PATH>
                    {of}
                    <TextArea name="nameservers_wanted" label="Nameservers" required=true value=present hint="One per line, at least two. The domain's website and mail depend on them."/>
                    <div class="actions"><Submit label="Request change"/></div>
                </Form>
            </details>
        }
    });
    let servers = domain.nameservers.lines().map(|name| view! { <li>{name.to_owned()}</li> }).collect_view();
    view! {
        <Heading title=domain.name.clone() above=above/>
        {pending}
        <div class="cards">
            <section class="card" aria-labelledby="domain-heading">
                <h2 id="domain-heading"><Icon name="globe"/>"Domain"</h2>
                <dl class="facts">
                    <dt>"Status"</dt><dd><span class=class><Icon name=icon/>{word}</span></dd>
                    <dt>"Registered"</dt><dd><time datetime=domain.registered.iso()>{time_format::date(domain.registered)}</time></dd>
                    <dt>"Registered until"</dt><dd><time datetime=domain.expires.iso() title=time_format::relative(domain.expires, now)>{time_format::date(domain.expires)}</time></dd>
                    <dt>"Automatic renewal"</dt><dd>{on_off(domain.auto_renew)}{renewal}</dd>
                    <dt>"Registrar lock"</dt><dd>{on_off(domain.locked)}{lock}</dd>
                </dl>
                <p class="hint">"The lock stops the domain being transferred to another registrar."</p>
            </section>
            <section class="card" aria-labelledby="nameservers-heading">
                <h2 id="nameservers-heading"><Icon name="server"/>"Nameservers"</h2>
                <ul class="servers">{servers}</ul>
                {nameservers}
            </section>
        </div>
    }
}
