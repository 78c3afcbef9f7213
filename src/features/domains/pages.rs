//! The screens of domains: the list, and one domain with what can be changed about it.

use super::model::{DomainQuery, DomainRow, DomainStatus, DomainView, FILTERS};
use super::rpc::{
    ListDomains, RequestLock, RequestNameservers, SetAutoRenew, ShowDomain, WithdrawDomainRequest,
};
use crate::features::permissions::components::Denial;
use crate::features::requests::components::PendingNotice;
use crate::features::requests::model::RequestKind;
use crate::frame::{Frame, account_in_url, use_frame};
use crate::paths;
use crate::permission::Permission;
use crate::types::{AccountId, DomainId, Page, Timestamp};
use crate::ui::client_state::ClientState;
use crate::ui::field::TextArea;
use crate::ui::form::{Form, Submit};
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::list::{Empty, Filters, ListParams, ListPosition, Pager};
use crate::ui::load::{fetch_live, fetch_rows, load};
use crate::ui::markup::{Escaped, IconText};
use crate::ui::time_format;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_params_map;
use std::fmt::Write as _;

/// The parts of the list's URL.
const TERMS: &[&str] = &["q", "status", "after", "before"];

/// `/a/{account}/domains`: the domains that the person may see.
#[component]
pub fn DomainsPage() -> impl IntoView {
    let account = account_in_url();
    let params = ListParams::of_url(TERMS);
    let query = move || {
        params.with(|params| DomainQuery {
            q: params.get("q"),
            status: params.get("status"),
            after: params.get("after"),
            before: params.get("before"),
        })
    };
    let frame = use_frame();
    if !frame.domains {
        return Denial::prepare(&frame.account, Permission::ViewDomain, None).show();
    }
    let data = fetch_rows(move || ListDomains { account: account.get(), query: query() });
    let path = Memo::new(move |_| paths::domains(&account.get()));
    view! {
        <Heading title="Domains" above=vec![(paths::account(&frame.account), frame.name)]/>
        <Filters path=path params=params label="Search domains" placeholder="Name" filters=FILTERS/>
        {load(data, move |page| view! { <Table page=page account=account.get_untracked() params=params.get_untracked()/> })}
    }
    .into_any()
}

#[component]
fn Table(page: Page<DomainRow>, account: AccountId, params: ListParams) -> impl IntoView {
    let list = paths::domains(&account);
    if page.is_empty() {
        let purpose = "Domain names that are registered for this account appear here.";
        return view! { <Empty params=params path=list icon="globe" what="domains" purpose=purpose/> }
            .into_any();
    }
    let place = ListPosition::of(&page, &list, &params);
    let mut rows = String::with_capacity(600 * page.items.len());
    for row in &page.items {
        // Writing to a string cannot fail.
        let _ = write_row(&mut rows, row, &account, page.now);
    }
    view! {
        <table class="rows">
            <caption class="visually-hidden">"The domains you may see"</caption>
            <thead><tr>
                <th scope="col">"Domain"</th> <th scope="col">"Status"</th> <th scope="col">"Registered until"</th>
                <th scope="col">"Automatic renewal"</th> <th scope="col">"Registrar lock"</th>
            </tr></thead>
            <tbody inner_html=rows></tbody>
        </table>
        <Pager place=place/>
    }
    .into_any()
}

fn on_off(on: bool) -> &'static str {
    if on { "On" } else { "Off" }
}

fn write_row(out: &mut String, row: &DomainRow, account: &AccountId, now: Timestamp) -> std::fmt::Result {
    let (class, icon, word) = row.status.pill();
    let ended = if row.status == DomainStatus::Cancelled { " class=\"closed\"" } else { "" };
    write!(
        out,
        "<tr{ended}><td class=\"person\"><span class=\"two-lines\"><a href=\"{}\">{}</a></span></td>\
         <td data-label=\"Status\"><span class=\"{class}\">{}{word}</span></td>\
         <td data-label=\"Registered until\"><time datetime=\"{}\" title=\"{}\">{}</time></td>\
         <td data-label=\"Automatic renewal\">{}</td><td data-label=\"Registrar lock\">{}</td></tr>",
        paths::domain(account, &row.id),
        Escaped(&row.name),
        IconText(icon),
        row.expires.iso(),
        time_format::relative(row.expires, now),
        time_format::date(row.expires),
        on_off(row.auto_renew),
        on_off(row.locked),
    )
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
    load(data, move |domain| view! { <Show domain=domain frame=frame.get_value()/> })
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
            if domain.auto_renew { "Switch automatic renewal off" } else { "Switch automatic renewal on" };
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
        let label = if domain.locked { "Request to unlock" } else { "Request to lock" };
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
                    <TextArea name="nameservers_wanted" label="Nameservers" required=true value=present hint="One a line, at least two. Website and mail of the domain follow them."/>
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
                <p class="hint">"The lock keeps the domain from being moved to another registrar."</p>
            </section>
            <section class="card" aria-labelledby="nameservers-heading">
                <h2 id="nameservers-heading"><Icon name="server"/>"Nameservers"</h2>
                <ul class="servers">{servers}</ul>
                {nameservers}
            </section>
        </div>
    }
}
