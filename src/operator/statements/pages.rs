//! `/operator/statements`: bringing statements in, and what waits.

use super::model::{LineRow, LineState, StatementsPage as Page, Sums};
use super::rpc::{BookPayment, PutAside, PutBackPayment, ShowStatements};
use super::words;
use crate::operator::desk::components::needs;
use crate::paths;
use crate::permission::StaffPermission;
use crate::types::{AccountId, InvoiceId};
use crate::ui::field::Field;
use crate::ui::form::{Form, Submit};
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::load::{fetch_live, load};
use crate::ui::refused::RefusedInUrl;
use crate::ui::time_format;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

/// `/operator/statements`
#[component]
pub fn StatementsPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::ManageInvoices) {
        return refused;
    }
    let url = use_query_map();
    let brought = url.with_untracked(|url| url.get("brought")).unwrap_or_default();
    let state = Memo::new(move |_| url.read().get("state").unwrap_or_default());
    let line = Memo::new(move |_| url.read().get("line").unwrap_or_default());
    let data = fetch_live(move || ShowStatements { state: state.get() });
    let came = (!brought.is_empty())
        .then(|| view! { <div class="notice" role="status"><Icon name="check"/><p>{brought}</p></div> });
    let above = vec![(paths::ALL_INVOICES.to_owned(), words::INVOICES.to_owned())];
    view! {
        <Heading title=words::TITLE above=above/>
        <p class="lead">{words::LEAD}</p>
        <RefusedInUrl/>
        {came}
        <Upload/>
        {load(data, move |page: Page| view! { <Came page=page chosen=line.get()/> })}
    }
    .into_any()
}

#[component]
fn Upload() -> impl IntoView {
    let columns = [
        ("date", words::COLUMN_DATE),
        ("amount", words::COLUMN_AMOUNT),
        ("text", words::COLUMN_TEXT),
        ("payer", words::COLUMN_PAYER),
        ("currency", words::COLUMN_CURRENCY),
    ]
    .map(|(name, label)| {
        let id = format!("column-{name}");
        view! { <div class="field"><label for=id.clone()>{label}</label><input id=id name=name maxlength="100"/></div> }
    })
    .collect_view();
    view! {
        <section class="card" aria-labelledby="bring-heading">
            <h2 id="bring-heading"><Icon name="download"/>{words::BRING_IN}</h2>
            <form method="post" action=paths::STATEMENTS_UPLOAD enctype="multipart/form-data" data-plain="">
                <div class="upload">
                    <label for="statement-file">{words::FILE}</label>
                    <p class="hint" id="statement-hint">{words::FILE_HINT}</p>
                    <input id="statement-file" type="file" name="file" accept=".xml,.csv,text/xml,application/xml,text/csv,text/plain" aria-describedby="statement-hint"/>
                </div>
                <details><summary>{words::CSV_COLUMNS}</summary><div class="columns">{columns}</div></details>
                <div class="actions"><button class="button primary" type="submit">{words::BRING}</button></div>
            </form>
        </section>
    }
}

#[component]
fn Came(page: Page, chosen: String) -> impl IntoView {
    let Page { state, rows, sums, different } = page;
    let tabs = [
        (LineState::Waiting, words::WAITING),
        (LineState::Booked, words::BOOKED),
        (LineState::Aside, words::ASIDE),
    ]
    .map(|(of, label)| {
        let current = (of == state).then_some("page");
        view! { <a href=paths::statements_in(of.key()) aria-current=current>{label}</a> }
    })
    .collect_view();
    let list = if rows.is_empty() && state == LineState::Waiting {
        view! { <div class="empty"><Icon name="check"/><p><strong>{words::NOTHING_WAITS}</strong></p><p>{words::NOTHING_WAITS_HINT}</p></div> }.into_any()
    } else {
        rows.into_iter()
            .map(|row| {
                let chosen = row.id == chosen;
                view! { <Line row=row state=state chosen=chosen/> }
            })
            .collect_view()
            .into_any()
    };
    let different = (!different.is_empty()).then(|| {
        let rows = different
            .into_iter()
            .map(|(account, name, invoice, says)| {
                let to = paths::invoice(&AccountId::from(account), &InvoiceId::from(invoice));
                view! { <li><a href=to>{name}</a>": "{says}</li> }
            })
            .collect_view();
        view! {
            <section class="card" aria-labelledby="different-heading">
                <h2 id="different-heading"><Icon name="alert"/>{words::DIFFERENT}</h2>
                <p class="hint">{words::DIFFERENT_HINT}</p>
                <ul>{rows}</ul>
            </section>
        }
    });
    view! {
        {different}
        {sums.into_iter().map(|one| view! { <SumsOf sums=one/> }).collect_view()}
        <nav class="tabs" aria-label=words::WHAT_CAME>{tabs}</nav>
        {list}
    }
}

#[component]
fn SumsOf(sums: Sums) -> impl IntoView {
    view! {
        <p class="balances">
            <span class="pill amber"><Icon name="clock"/>{words::WAITING}" "{sums.waiting.to_string()}</span>
            <span class="pill green"><Icon name="check"/>{words::BOOKED}" "{sums.booked.to_string()}</span>
            <span class="pill"><Icon name="x"/>{words::ASIDE}" "{sums.aside.to_string()}</span>
            <strong class="figures">{words::ALL_OF_IT}" "{sums.all.to_string()}</strong>
        </p>
    }
}

/// A payment, and what can be done with it.
#[component]
fn Line(row: LineRow, state: LineState, chosen: bool) -> impl IntoView {
    let says = (!row.says.is_empty()).then(|| view! { <p class="hint">{row.says.clone()}</p> });
    let act = match state {
        LineState::Waiting if chosen => view! {
            <Form action=BookPayment::PATH prefix="book-" about=("id", row.id.clone())>
                <Field name="number" label=words::ON value=row.suggestion.clone() hint=words::ON_HINT/>
                <div class="actions"><Submit label=words::BOOK/></div>
            </Form>
            <Form action=PutAside::PATH prefix="aside-" about=("id", row.id.clone())>
                <Field name="reason" label=words::WHY/>
                <div class="actions"><Submit label=words::PUT_ASIDE kind=""/></div>
            </Form>
        }
        .into_any(),
        LineState::Waiting => {
            let number = row.suggestion.clone();
            let suggested = (!row.suggestion.is_empty()).then(|| {
                let label = words::book_on(&row.suggestion);
                view! {
                    <Form action=BookPayment::PATH about=("id", row.id.clone()) summary=false>
                        <input type="hidden" name="number" value=number/>
                        <Submit label=label/>
                    </Form>
                }
            });
            view! { <div class="actions">{suggested}<a class="button" href=paths::statement_line(&row.id)>{words::DECIDE}</a></div> }.into_any()
        }
        LineState::Aside => view! {
            <Form action=PutBackPayment::PATH about=("id", row.id.clone()) summary=false>
                <Submit label=words::PUT_BACK kind=""/>
            </Form>
        }
        .into_any(),
        LineState::Booked => ().into_any(),
    };
    let payer = if row.payer.is_empty() { words::WHAT_CAME.to_owned() } else { row.payer.clone() };
    let label = payer.clone();
    view! {
        <section class="card came" aria-label=label>
            <p><strong class="figures">{row.amount.to_string()}</strong>" "{payer}" "<span class="hint">{time_format::date(row.at)}</span></p>
            <p>{row.text.clone()}</p>
            {says}
            {act}
        </section>
    }
}
