//! The frame of every page of the staff area, and the dashboard.

use super::model::{CloseDate, CustomerNumbers, Dashboard, Desk, SetupStep};
use super::rpc::{ShowDashboard, ShowDesk};
use super::words;
use crate::frame::staff_items;
use crate::operator::customers::components::Palette;
use crate::paths;
use crate::types::{Timestamp, counted};
use crate::ui::icon::Icon;
use crate::ui::layout::{Heading, RefusedPage, StaffFrame};
use crate::ui::load::{fetch, fetch_live, load, look_again_every};
use crate::ui::time_format;
use leptos::context::Provider;
use leptos::prelude::*;
use leptos_router::components::Outlet;
use std::time::Duration;

/// The frame of every page under `/operator`.
#[component]
pub fn OperatorLayout() -> impl IntoView {
    let data = fetch(|| ShowDesk {});
    data.show(|desk| match desk {
        Ok(desk) => view! { <Inside desk=desk/> }.into_any(),
        Err(error) => view! { <RefusedPage error=error/> }.into_any(),
    })
}

#[component]
fn Inside(desk: Desk) -> impl IntoView {
    view! {
        <StaffFrame person=desk.person.clone() items=staff_items(desk.permissions)>
            <Palette held=desk.permissions/>
            <Provider value=desk><Outlet/></Provider>
        </StaffFrame>
    }
}

/// How often the dashboard looks for itself while it is open.
const EVERY: Duration = Duration::from_secs(20);

/// `/operator`
#[component]
pub fn DashboardPage() -> impl IntoView {
    let data = fetch_live(|| ShowDashboard {});
    look_again_every(EVERY, || true);
    view! {
        <Heading title=words::DASHBOARD/>
        {load(data, |shown: Dashboard| {
            let now = shown.now;
            let requests = shown.requests.map(|(count, oldest)| {
                let hint = oldest.map_or_else(|| words::NONE_WAITS.to_owned(), |at| words::oldest(&time_format::relative(at, now)));
                view! { <Number label=words::REQUESTS count=count hint=hint to=paths::WORK_QUEUE.into() calm={ count == 0 }/> }
            });
            let tickets = shown.tickets.map(|(count, oldest, mail)| {
                let hint = oldest.map_or_else(|| words::NONE_WAITS.to_owned(), |at| words::oldest(&time_format::relative(at, now)));
                let mail = (mail > 0).then(|| view! { <Number label=words::MAIL_THAT_WAITS count=mail hint=words::NOT_PLACED.into() to=paths::INCOMING.into() calm=false/> });
                view! { <Number label=words::TICKETS count=count hint=hint to=paths::DESK.into() calm={ count == 0 }/>{mail} }
            });
            view! {
                <div class="tiles">
                    {tickets}
                    {requests}
                    {shown.overdue.map(|count| view! {
                        <Number label=words::OVERDUE count=count hint=words::INVOICES_NOT_PAID.into() to=format!("{}?status=overdue", paths::ALL_INVOICES) calm={ count == 0 }/>
                    })}
                    {shown.customers.clone().map(|numbers| view! { <Numbers numbers=numbers/> })}
                </div>
                {(!shown.left.is_empty()).then(|| view! { <Left steps=shown.left/> })}
                {shown.customers.map(|numbers| view! { <Lately numbers=numbers dates=shown.dates now=now/> })}
            }
        })}
    }
}

/// A number that leads to what it counts.
#[component]
fn Number(label: &'static str, count: i64, hint: String, to: String, calm: bool) -> impl IntoView {
    view! {
        <a class="tile" class:calm=calm href=to>
            <span class="tile-label">{label}</span>
            <strong>{counted(count)}</strong>
            <small>{hint}</small>
        </a>
    }
}

#[component]
fn Numbers(numbers: CustomerNumbers) -> impl IntoView {
    let CustomerNumbers { failed, waiting, without_login, unreached, new, .. } = numbers;
    let with = |status: &str| format!("{}?status={status}", paths::CUSTOMERS);
    view! {
        <Number label=words::FAILED count=failed hint=words::LAST_7_DAYS.into() to=with("failed") calm={ failed == 0 }/>
        <Number label=words::UNREACHED count=unreached hint=words::UNTIL_ONE_ARRIVES.into() to=with("unreached") calm={ unreached == 0 }/>
        <Number label=words::WAITING count=waiting hint=words::MORE_THAN_3_DAYS.into() to=with("waiting") calm={ waiting == 0 }/>
        <Number label=words::WITHOUT_LOGIN count=without_login hint=words::NOT_ACCEPTED.into() to=with("no-login") calm={ without_login == 0 }/>
        <Number label=words::NEW count=new hint=words::LAST_7_DAYS.into() to=format!("{}?sort=-number", paths::CUSTOMERS) calm=true/>
    }
}

/// What is left to set up, each with its way.
#[component]
fn Left(steps: Vec<SetupStep>) -> impl IntoView {
    let steps = steps
        .into_iter()
        .map(|step| {
            let (says, to) = match step {
                SetupStep::Address => (words::LEFT_ADDRESS, Some(paths::SETTINGS)),
                SetupStep::Logo => (words::LEFT_LOGO, Some(paths::SETTINGS)),
                SetupStep::Mail => (words::LEFT_MAIL, Some(paths::MAIL_SETTINGS)),
                SetupStep::Https => (words::LEFT_HTTPS, None),
            };
            match to {
                Some(to) => view! { <li><a href=to>{says}</a></li> }.into_any(),
                None => view! { <li>{says}</li> }.into_any(),
            }
        })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="left-heading">
            <h2 id="left-heading"><Icon name="shield"/>{words::LEFT}</h2>
            <ul class="bullets">{steps}</ul>
        </section>
    }
}

#[component]
fn Lately(numbers: CustomerNumbers, dates: Vec<CloseDate>, now: Timestamp) -> impl IntoView {
    let ago = move |at: Timestamp| view! { <time class="hint" datetime=at.iso() title=time_format::exact(at)>{time_format::relative(at, now)}</time> };
    let failures = numbers
        .failures
        .into_iter()
        .map(|mail| {
            let to = paths::emails(&mail.account);
            view! { <li><a href=to>{mail.name}</a><span>{mail.to}</span><small>{mail.why}</small>{ago(mail.at)}</li> }
        })
        .collect_view();
    let newest = numbers
        .newest
        .into_iter()
        .map(|one| {
            let to = paths::customer(&one.account);
            view! { <li><a href=to>{one.name}</a><small>{words::account(&one.number)}</small>{ago(one.since)}</li> }
        })
        .collect_view();
    let no_dates = dates.is_empty();
    let dates = dates
        .into_iter()
        .map(|date| {
            let (what, icon) = if date.is_domain { (words::ENDS, "globe") } else { (words::IS_DUE, "server") };
            let to = paths::customer(&date.account);
            view! {
                <li>
                    <Icon name=icon/><a href=date.path>{date.name}</a><span><a href=to>{date.customer}</a></span>
                    <small>{what}" "{ago(date.at)}</small>
                </li>
            }
        })
        .collect_view();
    let (no_failures, no_newest) = (numbers.failed == 0, numbers.new == 0);
    view! {
        <div class="cards">
            <section class="card" aria-labelledby="failures-heading">
                <h2 id="failures-heading"><Icon name="inbox"/>{words::FAILURES}</h2>
                {no_failures.then(|| view! { <p class="hint">{words::NO_FAILURES}</p> })}
                <ul class="lines">{failures}</ul>
            </section>
            <section class="card" aria-labelledby="dates-heading">
                <h2 id="dates-heading"><Icon name="clock"/>{words::DATES}</h2>
                {no_dates.then(|| view! { <p class="hint">{words::NO_DATES}</p> })}
                <ul class="lines">{dates}</ul>
            </section>
            <section class="card" aria-labelledby="newest-heading">
                <h2 id="newest-heading"><Icon name="building"/>{words::NEWEST}</h2>
                {no_newest.then(|| view! { <p class="hint">{words::NO_CUSTOMERS}</p> })}
                <ul class="lines">{newest}</ul>
                <p class="foot"><a href=paths::CUSTOMERS>{words::ALL_CUSTOMERS}</a></p>
            </section>
        </div>
    }
}
