//! `/operator/billing`: what the next night does, and what nights did.

use super::model::{BillingPage as Page, pill};
use super::rpc::{RunBilling, ShowBilling};
use super::words;
use crate::features::billing::model::{Night, NightLine, Plan, PlannedInvoice, PlannedStep};
use crate::operator::desk::components::{needs, use_desk};
use crate::paths;
use crate::permission::StaffPermission;
use crate::types::{AccountId, InvoiceId, Timestamp};
use crate::ui::form::{Form, Submit};
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::load::{fetch_live, load, look_again_every};
use crate::ui::time_format::{self, RelativeTime};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;
use std::time::Duration;

/// How often the page looks while a night's work is done.
const EVERY: Duration = Duration::from_secs(3);

/// `/operator/billing`
#[component]
pub fn BillingPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::ViewInvoices) {
        return refused;
    }
    let may_set = use_desk().permissions.has(StaffPermission::EditSettings);
    let url = use_query_map();
    let night = Memo::new(move |_| url.read().get("night").unwrap_or_default());
    let data = fetch_live(move || ShowBilling { night: night.get() });
    // While a night's work is done, the page shows how far it is.
    let running = RwSignal::new(false);
    look_again_every(EVERY, move || running.get());
    let above = vec![(paths::ALL_INVOICES.to_owned(), words::INVOICES.to_owned())];
    view! {
        <Heading title=words::TITLE above=above>
            {may_set.then(|| view! { <a class="button" href=paths::BILLING_SETTINGS>{words::SETTINGS}</a> })}
        </Heading>
        <p class="lead">{words::LEAD}</p>
        {load(data, move |page: Page| {
            let now = page.nights.first().is_some_and(|night| night.ended.is_none());
            if running.get_untracked() != now {
                running.set(now);
            }
            view! { <Nightly page=page/> }
        })}
    }
    .into_any()
}

#[component]
fn Nightly(page: Page) -> impl IntoView {
    let off = (!page.automatic).then(|| view! { <p class="hint">{words::OFF}</p> });
    let Page { plan, nights, night, done, may_manage, now, next, .. } = page;
    let something = plan.count + plan.steps_count > 0;
    let run = (may_manage && something).then(|| {
        view! {
            <Form action=RunBilling::PATH>
                <p class="hint">{words::DO_NOW_HINT}</p>
                <div class="actions"><Submit label=words::DO_NOW/></div>
            </Form>
        }
    });
    view! {
        {off}
        <section class="card" aria-labelledby="next-heading">
            <h2 id="next-heading"><Icon name="clock"/>{words::next(&time_format::exact(next))}</h2>
            <Planned plan=plan/>
            {run}
        </section>
        <section aria-labelledby="nights-heading">
            <h2 id="nights-heading">{words::NIGHTS}</h2>
            <Nights nights=nights chosen=night.clone()/>
        </section>
        <Happened night=night done=done now=now/>
    }
}

fn customer(account: &str, name: &str) -> impl IntoView + use<> {
    view! { <a href=paths::customer(&AccountId::from(account.to_owned()))>{name.to_owned()}</a> }
}

fn tag((class, icon, title): (&'static str, &'static str, &'static str)) -> impl IntoView + use<> {
    view! { <span class=class><Icon name=icon/>{title}</span> }
}

#[component]
fn Planned(plan: Plan) -> impl IntoView {
    let more = |count: i64, shown: usize| {
        let rest = count - i64::try_from(shown).unwrap_or_default();
        (rest > 0).then(|| view! { <p class="hint">{words::and_more(&rest)}</p> })
    };
    let held = (plan.held > 0).then(|| view! { <p class="hint">{words::held(&plan.held)}</p> });
    let sums = plan.sums.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let invoices = (plan.count > 0).then(|| {
        let rest = more(plan.count, plan.invoices.len());
        let rows = plan.invoices.into_iter().map(|one: PlannedInvoice| {
            view! {
                <tr>
                    <td class="person">{customer(&one.account, &one.customer)}</td>
                    <td data-label=words::LINES class="figures">{one.lines}</td>
                    <td data-label=words::DUE>{time_format::date(one.due)}</td>
                    <td data-label=words::TOTAL class="figures">{one.total.to_string()}</td>
                </tr>
            }
        });
        view! {
            <h3>{words::to_issue(&plan.count, &sums)}</h3>
            <table class="rows">
                <caption class="visually-hidden">{words::TO_ISSUE}</caption>
                <thead><tr>
                    <th scope="col">{words::CUSTOMER}</th>
                    <th scope="col">{words::LINES}</th>
                    <th scope="col">{words::DUE}</th>
                    <th scope="col">{words::TOTAL}</th>
                </tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
            {rest}
        }
    });
    let steps = (plan.steps_count > 0).then(|| {
        let rest = more(plan.steps_count, plan.steps.len());
        let rows = plan.steps.into_iter().map(|one: PlannedStep| {
            let to = paths::invoice(&AccountId::from(one.account.clone()), &InvoiceId::from(one.invoice));
            view! {
                <tr>
                    <td class="person">{customer(&one.account, &one.customer)}</td>
                    <td data-label=words::WHAT><a href=to>{one.says}</a></td>
                </tr>
            }
        });
        view! {
            <h3>{words::TO_ASK}</h3>
            <table class="rows">
                <caption class="visually-hidden">{words::TO_ASK}</caption>
                <thead><tr><th scope="col">{words::CUSTOMER}</th><th scope="col">{words::WHAT}</th></tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
            {rest}
        }
    });
    let nothing = (invoices.is_none() && steps.is_none()).then(
        || view! { <p><strong>{words::NOTHING_TO_DO}</strong></p><p class="hint">{words::NOTHING_HINT}</p> },
    );
    view! { {held}{nothing}{invoices}{steps} }
}

#[component]
fn Nights(nights: Vec<Night>, chosen: String) -> impl IntoView {
    if nights.is_empty() {
        return view! {
            <div class="empty"><Icon name="clock"/><p><strong>{words::NO_NIGHTS}</strong></p><p>{words::NO_NIGHTS_HINT}</p></div>
        }
        .into_any();
    }
    let rows = nights.into_iter().map(|one| {
        let current = (one.night == chosen).then_some("true");
        let counts = one
            .counts
            .iter()
            .map(|(event, count)| {
                let (class, icon, title) = pill(event);
                view! { <span class=class><Icon name=icon/>{words::count_of(count, &title)}</span>" " }
            })
            .collect_view();
        let counts = if one.counts.is_empty() { words::NOTHING_DONE.into_any() } else { counts.into_any() };
        let ended = one.ended.is_none().then(|| tag(("pill amber", "clock", words::NOT_ENDED)));
        view! {
            <tr>
                <td class="person"><a href=paths::billing_night(&one.night) aria-current=current>{one.started.date()}</a></td>
                <td data-label=words::DONE>{counts}{ended}</td>
            </tr>
        }
    });
    view! {
        <table class="rows">
            <caption class="visually-hidden">{words::NIGHTS}</caption>
            <thead><tr><th scope="col">{words::NIGHT}</th><th scope="col">{words::DONE}</th></tr></thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
    .into_any()
}

#[component]
fn Happened(night: String, done: Vec<NightLine>, now: Timestamp) -> impl IntoView {
    let heading = Timestamp::parse_day(&night).map(|at| words::on(&at.date())).unwrap_or_default();
    (!done.is_empty()).then(|| {
        let rows = done.into_iter().map(|one| {
            let account = AccountId::from(one.account.clone());
            let says = match one.invoice {
                Some(id) => {
                    let to = paths::invoice(&account, &InvoiceId::from(id));
                    view! { <a href=to>{one.says}</a> }.into_any()
                }
                None => one.says.into_any(),
            };
            view! {
                <tr>
                    <td class="person">{customer(&one.account, &one.customer)}</td>
                    <td data-label=words::WHAT>{says}</td>
                    <td data-label=words::DONE>{tag(pill(&one.event))}</td>
                    <td data-label=words::WHEN><RelativeTime at=one.at now=now/></td>
                </tr>
            }
        });
        view! {
            <section aria-labelledby="done-heading">
                <h2 id="done-heading">{heading.clone()}</h2>
                <table class="rows">
                    <caption class="visually-hidden">{heading}</caption>
                    <thead><tr>
                        <th scope="col">{words::CUSTOMER}</th>
                        <th scope="col">{words::WHAT}</th>
                        <th scope="col">{words::DONE}</th>
                        <th scope="col">{words::WHEN}</th>
                    </tr></thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </section>
        }
    })
}
