//! The screens of services: the list, one service, and the forms to request an upgrade or a cancellation.

use super::model::{FILTERS, ServiceStatus, ServiceView};
use super::parts::{SERVICES, StatusPill, price};
use super::rpc::{
    DemoPanel, ListServices, OpenPanel, RequestCancellation, RequestUpgrade, ShowService,
    WithdrawCancellation, WithdrawUpgrade,
};
use super::words;
use crate::features::holders::components::PeopleWithAccess;
use crate::features::permissions::components::{Denial, go_on};
use crate::features::requests::components::PendingNotice;
use crate::features::requests::model::RequestKind;
use crate::frame::{Frame, account_in_url, use_frame};
use crate::paths;
use crate::permission::{Group, Permission, StaffPermission};
use crate::types::ServiceId;
use crate::ui::field::{Field, FieldError, TextArea, Tick};
use crate::ui::form::{Form, Submit};
use crate::ui::form_state::FormState;
use crate::ui::icon::Icon;
use crate::ui::layout::{Heading, PlainPage};
use crate::ui::list::{Filters, list_in_url};
use crate::ui::load::{fetch, fetch_live, fetch_rows, load};
use crate::ui::table::RowContext;
use crate::ui::time_format;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::{use_params_map, use_query_map};

fn home(frame: &Frame) -> (String, String) {
    (paths::account(&frame.account), frame.name.clone())
}

fn list(frame: &Frame) -> (String, String) {
    (paths::services(&frame.account), words::SERVICES.into())
}

/// `/a/{account}/services`: the services that the person may see.
#[component]
pub fn ServicesPage() -> impl IntoView {
    let account = account_in_url();
    let query = list_in_url(&[]);
    let frame = use_frame();
    if !frame.services {
        return Denial::prepare(&frame.account, Permission::ViewService, None).show();
    }
    let data = fetch_rows(move || ListServices { account: account.get(), query: query.get() });
    let path = Memo::new(move |_| paths::services(&account.get()));
    let add = frame.staff.filter(|held| held.has(StaffPermission::EditServices)).map(|_| {
        view! { <a class="button primary" href=paths::service_form(&frame.account, None)><Icon name="plus"/>{words::NEW_SERVICE}</a> }
    });
    view! {
        <Heading title=words::SERVICES above=vec![home(&frame)]>{add}</Heading>
        <Filters path=path query=query label=words::SEARCH_SERVICES placeholder=words::NAME_PRODUCT_DOMAIN_OR_SERVER filters=FILTERS/>
        {load(data, move |page| {
            let account = account.get_untracked();
            let (path, context) = (paths::services(&account), RowContext { now: page.now, account });
            SERVICES.show(&page, &path, &query.get_untracked(), &context)
        })}
    }
    .into_any()
}

/// The service in the URL. An impossible id becomes one that no service has.
fn service_in_url() -> Memo<ServiceId> {
    let params = use_params_map();
    Memo::new(move |_| {
        params
            .read()
            .get("service")
            .and_then(|id| ServiceId::parse(&id))
            .unwrap_or_else(|| ServiceId::from(String::new()))
    })
}

/// A page about the service in the URL, for who holds `needed` on it.
fn about<V: IntoView + 'static>(
    needed: Permission,
    show: impl Fn(ServiceView, Frame) -> V + Clone + Send + Sync + 'static,
) -> AnyView {
    let (account, service) = (account_in_url(), service_in_url());
    let frame = StoredValue::new(use_frame());
    let data = fetch_live(move || ShowService { account: account.get(), service: service.get() });
    let denial = (needed != Permission::ViewService)
        .then(|| Denial::prepare(&account.get_untracked(), needed, Some(service.get_untracked().asset())));
    load(data, move |service: ServiceView| match &denial {
        Some(denial) if !service.may.has(needed) => denial.show(),
        _ => show(service, frame.get_value()).into_any(),
    })
}

/// `/a/{account}/services/{service}`
#[component]
pub fn ServicePage() -> impl IntoView {
    let asset = service_in_url().get_untracked().asset();
    let people = PeopleWithAccess::prepare(&use_frame(), asset, Group::Service);
    about(Permission::ViewService, move |service, frame| {
        let people = people.as_ref().map(PeopleWithAccess::show);
        view! { <Show service=service frame=frame people=people/> }
    })
}

#[component]
fn Show(service: ServiceView, frame: Frame, people: Option<AnyView>) -> impl IntoView {
    let account = frame.account.clone();
    let (id, now, may) = (service.id.clone(), service.now, service.may);
    let name = service.name().to_owned();
    let running = service.status != ServiceStatus::Cancelled;
    let panel = (service.panel && service.status == ServiceStatus::Active && may.has(Permission::UseServicePanel)).then(|| {
        view! { <a class="button primary" href=paths::service_panel(&account, &id) target="_blank" rel="noopener"><Icon name="panel"/>{words::CONTROL_PANEL}</a> }
    });
    let edit = frame.staff.filter(|held| held.has(StaffPermission::EditServices)).map(|_| {
        view! { <a class="button" href=paths::service_form(&account, Some(&id))><Icon name="edit"/>{words::EDIT}</a> }
    });
    let upgrade = (running && may.has(Permission::UpgradeService)).then(|| {
        view! { <a class="button" href=paths::upgrade_service(&account, &id)><Icon name="up"/>{words::REQUEST_UPGRADE}</a> }
    });
    let pending = service
        .pending
        .iter()
        .map(|pending| {
            let (needed, action) = match pending.kind {
                RequestKind::Cancel => (Permission::CancelService, WithdrawCancellation::PATH),
                _ => (Permission::UpgradeService, WithdrawUpgrade::PATH),
            };
            let withdraw = may.has(needed).then_some(action);
            view! { <PendingNotice pending=pending.clone() account=account.clone() field="service" asset=id.asset() withdraw=withdraw now=now/> }
        })
        .collect_view();
    let fact = |label: &'static str, value: &str| {
        (!value.is_empty()).then(|| view! { <dt>{label}</dt><dd>{value.to_owned()}</dd> })
    };
    let billing = service.billing.as_ref().map(|billing| {
        let due = billing
            .next_due
            .map(|at| view! { <dt>{words::NEXT_DUE}</dt><dd><time datetime=at.iso() title=time_format::relative(at, now)>{time_format::date(at)}</time></dd> });
        view! {
            <section class="card" aria-labelledby="billing-heading">
                <h2 id="billing-heading"><Icon name="card"/>{words::BILLING_INFORMATION}</h2>
                <dl class="facts"><dt>{words::PRICE}</dt><dd>{price(billing)}</dd>{due}</dl>
            </section>
        }
    });
    let notes = (!service.notes.is_empty()).then(|| {
        view! { <section class="card" aria-labelledby="notes-heading"><h2 id="notes-heading"><Icon name="info"/>{words::NOTES}</h2><p class="words">{service.notes.clone()}</p></section> }
    });
    let cancel = (running && may.has(Permission::CancelService) && !service.pending.iter().any(|pending| pending.kind == RequestKind::Cancel)).then(|| {
        view! { <p class="foot"><a class="danger-link" href=paths::cancel_service(&account, &id)><Icon name="x"/>{words::REQUEST_CANCELLATION}</a></p> }
    });
    view! {
        <Heading title=name above=vec![home(&frame), list(&frame)]>{edit}{upgrade}{panel}</Heading>
        {pending}
        <div class="cards">
            <section class="card" aria-labelledby="service-heading">
                <h2 id="service-heading"><Icon name="server"/>{words::SERVICE}</h2>
                <dl class="facts">
                    <dt>{words::PRODUCT}</dt><dd>{service.product.clone()}</dd>
                    {fact(words::LABEL, &service.label)}
                    <dt>{words::STATUS}</dt><dd><StatusPill status=service.status/></dd>
                    {fact(words::DOMAIN, &service.domain)}
                    {fact(words::SERVER, &service.server)}
                    {fact(words::LOGIN_NAME, &service.login_name)}
                </dl>
            </section>
            {billing}
            {notes}
        </div>
        {people}
        {cancel}
    }
}

/// `/a/{account}/services/{service}/panel`: leads on to the control panel, signed on.
#[component]
pub fn ServicePanelPage() -> impl IntoView {
    let (account, service) = (account_in_url(), service_in_url());
    let link = fetch(move || OpenPanel { account: account.get(), service: service.get() });
    let denial = Denial::prepare(
        &account.get_untracked(),
        Permission::UseServicePanel,
        Some(service.get_untracked().asset()),
    );
    go_on(link, denial)
}

/// `/a/{account}/services/{service}/upgrade`: "Request upgrade".
#[component]
pub fn UpgradePage() -> impl IntoView {
    about(Permission::UpgradeService, |service, frame| {
        let name = service.name().to_owned();
        let back = paths::service(&frame.account, &service.id);
        view! {
            <Heading title=words::request_an_upgrade_for(&name) above=vec![home(&frame), list(&frame), (back.clone(), name)]/>
            <section class="card">
                <Form action=RequestUpgrade::PATH>
                    <input type="hidden" name="account" value=frame.account.to_string()/>
                    <input type="hidden" name="service" value=service.id.to_string()/>
                    <TextArea name="wanted" label=words::WHAT_DO_YOU_NEED required=true hint=words::FOR_EXAMPLE_MORE_SPACE_ANOTHER/>
                    <div class="actions"><Submit label=words::REQUEST_UPGRADE/><a class="button" href=back>{words::CANCEL}</a></div>
                </Form>
            </section>
        }
    })
}

/// `/a/{account}/services/{service}/cancel`: "Request cancellation".
#[component]
pub fn CancelPage() -> impl IntoView {
    about(Permission::CancelService, |service, frame| {
        let name = service.name().to_owned();
        let back = paths::service(&frame.account, &service.id);
        let end = service.billing.as_ref().and_then(|billing| billing.next_due);
        let end = match end {
            Some(at) if at > service.now => words::at_the_end_of_the(&time_format::date(at)),
            Some(_) => words::AS_SOON_AS_POSSIBLE_THE.to_owned(),
            None => words::AT_THE_END_OF_THE.to_owned(),
        };
        let domain =
            (!service.domain.is_empty()).then(|| words::stops_working_with_this_service(&service.domain));
        let now = service.now;
        view! {
            <Heading title=words::request_cancellation_of(&name) above=vec![home(&frame), list(&frame), (back.clone(), name.clone())]/>
            <section class="card">
                <ul class="losses">
                    <li>{words::is_switched_off_on_the(&name)}</li>
                    {domain.map(|domain| view! { <li>{domain}</li> })}
                    <li>{words::UNTIL_THEN_NOTHING_CHANGES_AND}</li>
                </ul>
                <Form action=RequestCancellation::PATH>
                    <input type="hidden" name="account" value=frame.account.to_string()/>
                    <input type="hidden" name="service" value=service.id.to_string()/>
                    <TextArea name="reason" label=words::REASON required=true/>
                    <RelativeTime end=end/>
                    <Field name="day" label=words::DAY kind="date" value=time_format::read(|time_format| time_format.day(now.plus_days(30))) hint=words::USED_ONLY_IF_YOU_CHOOSE/>
                    <Tick name="sure" label=words::yes_i_want_to_cancel(&name)/>
                    <FieldError name="sure"/>
                    <div class="actions"><Submit label=words::REQUEST_CANCELLATION kind="danger"/><a class="button" href=back>{words::KEEP_IT}</a></div>
                </Form>
            </section>
        }
    })
}

/// When a service ends.
#[component]
fn RelativeTime(end: String) -> impl IntoView {
    let form: FormState = expect_context();
    let chosen = form.value("when", "end".into());
    let choice = |value: &'static str, label: String| {
        let id = format!("{}-{value}", form.id("when"));
        view! { <div class="tick"><input type="radio" name="when" id=id.clone() value=value checked=chosen == value/><label for=id>{label}</label></div> }
    };
    view! { <fieldset class="field"><legend>{words::WHEN}</legend>{choice("end", end)}{choice("day", words::ON_A_SPECIFIC_DAY.into())}</fieldset> }
}

/// `/dev/panel`: plays the control panel that a sign-on link of the demo leads to.
#[component]
pub fn DevPanelPage() -> impl IntoView {
    let query = use_query_map();
    let taken = fetch(move || DemoPanel { sign_on: query.read().get("sign_on").unwrap_or_default() });
    view! {
        <PlainPage title=words::DEMO_CONTROL_PANEL>
            {load(taken, |taken| match taken {
                Some((server, login, domain, name)) => view! {
                    <p class="lead">{words::signed_in_to_as_for(&server, &login, &name)}</p>
                    <p>{words::a_real_control_panel_would(&domain)}</p>
                }.into_any(),
                None => view! {
                    <p class="lead">{words::THIS_SIGN_ON_LINK_NO}</p>
                    <p>{words::SIGN_ON_LINKS_WORK_ONCE}</p>
                }.into_any(),
            })}
        </PlainPage>
    }
}
