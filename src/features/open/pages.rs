//! `/accounts/open`: everything that is open.

use super::model::{OpenItem, OpenKind, OpenPage as Page};
use super::rpc::ShowOpen;
use super::words;
use crate::paths;
use crate::types::Timestamp;
use crate::ui::icon::Icon;
use crate::ui::layout::PersonPage;
use crate::ui::load::{fetch_live, load};
use crate::ui::time_format::{self, RelativeTime};
use leptos::prelude::*;

/// `/accounts/open`
#[component]
pub fn OpenPage() -> impl IntoView {
    let data = fetch_live(|| ShowOpen {});
    view! {
        <PersonPage title=words::TITLE>
            <p class="lead">{words::LEAD}" "<a href=paths::ACCOUNTS>{words::YOUR_ACCOUNTS}</a></p>
            {load(data, |page: Page| view! { <Everything page=page/> })}
        </PersonPage>
    }
}

#[component]
fn Everything(page: Page) -> impl IntoView {
    let Page { all, sums, more, now } = page;
    if all.is_empty() {
        return view! { <div class="empty"><Icon name="check"/><h2>{words::NOTHING}</h2><p>{words::NOTHING_HINT}</p></div> }.into_any();
    }
    let of = |kind: OpenKind| all.iter().filter(|one| one.kind == kind).cloned().collect::<Vec<_>>();
    let sums = sums.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let together = (!sums.is_empty()).then(|| words::together(&sums));
    view! {
        <Kind title=words::TO_PAY rows=of(OpenKind::Invoice) below=together.unwrap_or_default() now=now/>
        <Kind title=words::TICKETS rows=of(OpenKind::Ticket) below=String::new() now=now/>
        <Kind title=words::DOMAINS rows=of(OpenKind::Domain) below=String::new() now=now/>
        {more.then(|| view! { <p class="hint">{words::MORE}</p> })}
    }
    .into_any()
}

#[component]
fn Kind(title: &'static str, rows: Vec<OpenItem>, below: String, now: Timestamp) -> impl IntoView {
    if rows.is_empty() {
        return ().into_any();
    }
    let money = rows.iter().any(|row| row.amount.is_some());
    let lines = rows
        .into_iter()
        .map(|row| {
            let late = row.kind != OpenKind::Ticket && row.at < now;
            let when = if row.kind == OpenKind::Ticket {
                view! { <RelativeTime at=row.at now=now/> }.into_any()
            } else {
                time_format::date(row.at).into_any()
            };
            let amount = row.amount.map(
                |amount| view! { <td data-label=words::AMOUNT class="figures">{amount.to_string()}</td> },
            );
            let overdue =
                late.then(|| view! { <span class="pill red"><Icon name="alert"/>{words::OVERDUE}</span> });
            view! {
                <tr>
                    <td class="person"><a href=row.path>{row.title}</a></td>
                    <td data-label=words::ACCOUNT>{row.account}</td>
                    <td data-label=words::WHEN>{when}" "{overdue}</td>
                    {amount}
                </tr>
            }
        })
        .collect_view();
    view! {
        <section>
            <h2>{title}</h2>
            <table class="rows">
                <caption class="visually-hidden">{title}</caption>
                <thead><tr>
                    <th scope="col">{words::WHAT}</th>
                    <th scope="col">{words::ACCOUNT}</th>
                    <th scope="col">{words::WHEN}</th>
                    {money.then(|| view! { <th scope="col">{words::AMOUNT}</th> })}
                </tr></thead>
                <tbody>{lines}</tbody>
            </table>
            {(!below.is_empty()).then(|| view! { <p class="figures"><strong>{below}</strong></p> })}
        </section>
    }
    .into_any()
}
