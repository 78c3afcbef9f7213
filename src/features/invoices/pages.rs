//! The screens of invoices: the list with what is owed, one document, and the statement.

use super::components::{Document, INVOICES, Transfer, invoice_in_url, number};
use super::model::{Balance, FILTERS, InvoiceStatus, InvoiceView, StatementRow};
use super::rpc::{ListInvoices, ShowBalances, ShowInvoice, ShowStatement, UseCredit};
use super::words;
use crate::features::deliveries::components::Delivery;
use crate::features::payments;
use crate::features::payments::components::PayWith;
use crate::features::permissions::components::Denial;
use crate::frame::{Frame, account_in_url, use_frame};
use crate::paths;
use crate::permission::{Permission, StaffPermission};
use crate::types::{AccountId, InvoiceId, Money};
use crate::ui::form::{Form, Submit};
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::list::{Filters, list_in_url};
use crate::ui::load::{fetch_live, fetch_rows, load, load_quietly};
use crate::ui::table::RowContext;
use crate::ui::time_format;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

fn home(frame: &Frame) -> (String, String) {
    (paths::account(&frame.account), frame.name.clone())
}

fn list(frame: &Frame) -> (String, String) {
    (paths::invoices(&frame.account), words::INVOICES.into())
}

/// `/a/{account}/invoices`
#[component]
pub fn InvoicesPage() -> impl IntoView {
    let account = account_in_url();
    let query = list_in_url(&[]);
    let frame = use_frame();
    if !frame.permissions.has(Permission::ViewInvoices) {
        return Denial::prepare(&frame.account, Permission::ViewInvoices, None).show();
    }
    let balances = fetch_live(move || ShowBalances { account: account.get() });
    let data = fetch_rows(move || ListInvoices { account: account.get(), query: query.get() });
    let path = Memo::new(move |_| paths::invoices(&account.get()));
    let add = frame.staff.filter(|held| held.has(StaffPermission::ManageInvoices)).map(|_| {
        view! { <a class="button primary" href=paths::manage_invoice(&frame.account, None)><Icon name="plus"/>{words::NEW_INVOICE}</a> }
    });
    let methods = frame.permissions.has(Permission::ManagePaymentMethods).then(|| {
        view! { <a class="button" href=paths::payment_methods(&frame.account)><Icon name="card"/>{payments::words::METHODS}</a> }
    });
    let statement = paths::statement(&frame.account);
    view! {
        <Heading title=words::INVOICES above=vec![home(&frame)]>
            <a class="button" href=statement><Icon name="history"/>{words::STATEMENT}</a>
            {methods}
            {add}
        </Heading>
        {load_quietly(balances, |all: Vec<Balance>| view! { <Balances all=all/> })}
        <Filters path=path query=query label=words::SEARCH_INVOICES placeholder=words::NUMBER_OR_NAME filters=FILTERS/>
        {load(data, move |page| {
            let account = account.get_untracked();
            // Not its items: those that the document shows already are left out of them in the browser.
            let some = !page.is_empty();
            let shown = query.get_untracked();
            let zip = paths::invoice_documents(&account, &shown.q, &shown.status);
            let (path, context) = (paths::invoices(&account), RowContext { now: page.now, account });
            view! {
                {INVOICES.show(&page, &path, &shown, &context)}
                {some.then(|| view! { <p><a href=zip rel="external" download><Icon name="download"/>{words::DOWNLOAD_THESE}</a></p> })}
            }
        })}
    }
    .into_any()
}

/// What is owed, in a line: one for each currency.
#[component]
fn Balances(all: Vec<Balance>) -> impl IntoView {
    if all.is_empty() {
        return view! { <p class="balances"><span class="pill green"><Icon name="check"/>{words::NOTHING_OPEN}</span></p> }.into_any();
    }
    all.into_iter()
        .map(|one| {
            let open = (one.open.cents > 0).then(|| view! { <strong class="figures">{words::open_amount(&one.open)}</strong> });
            let overdue = (one.overdue.cents > 0)
                .then(|| view! { <span class="pill red"><Icon name="alert"/>{words::overdue_amount(&one.overdue)}</span> });
            let credit = (one.credit.cents > 0)
                .then(|| view! { <span class="pill green"><Icon name="check"/>{words::credit_amount(&one.credit)}</span> });
            view! { <p class="balances">{open}{overdue}{credit}</p> }
        })
        .collect_view()
        .into_any()
}

/// `/a/{account}/invoices/{invoice}`
#[component]
pub fn InvoicePage() -> impl IntoView {
    let (account, invoice) = (account_in_url(), invoice_in_url());
    let frame = use_frame();
    if !frame.permissions.has(Permission::ViewInvoices) {
        return Denial::prepare(&frame.account, Permission::ViewInvoices, None).show();
    }
    let frame = StoredValue::new(frame);
    let data = fetch_live(move || ShowInvoice { account: account.get(), invoice: invoice.get() });
    load(data, move |shown: InvoiceView| {
        let frame = frame.get_value();
        let title = format!("{} {}", shown.row.kind.title(), shown.row.number);
        let title = if shown.row.number.is_empty() { number(&shown.row).to_owned() } else { title };
        let (account, id) = (frame.account.clone(), shown.row.id.clone());
        let issued = shown.row.status != InvoiceStatus::Draft;
        let download = issued.then(|| {
            view! { <a class="button" href=paths::invoice_pdf(&account, &id) rel="external" download><Icon name="download"/>{words::DOWNLOAD_PDF}</a> }
        });
        let xml = shown.xml.then(|| {
            view! { <a class="button" href=paths::invoice_xml(&account, &id) rel="external" download><Icon name="download"/>{words::DOWNLOAD_XML}</a> }
        });
        let manage = shown.may_manage.then(|| {
            view! { <a class="button primary" href=paths::manage_invoice(&account, Some(&id))><Icon name="edit"/>"Manage"</a> }
        });
        let (class, icon, word) = shown.row.pill(shown.now);
        let above = vec![home(&frame), list(&frame)];
        view! {
            <Heading title=title above=above>{xml}{download}{manage}</Heading>
            <p class="balances"><span class=class><Icon name=icon/>{word}</span>
                {(shown.row.open.cents > 0).then(|| view! { <strong class="figures">{words::open_amount(&shown.row.open)}</strong> })}
                {(!issued).then(|| view! { <span class="hint">{words::VIEWED_BY_STAFF}</span> })}
            </p>
            <Pay shown=shown.clone() account=account.clone()/>
            <Document shown=shown.clone()/>
            <Beside shown=shown account=account/>
        }
        .into_any()
    })
}

/// How an open invoice is paid.
#[component]
fn Pay(shown: InvoiceView, account: AccountId) -> impl IntoView {
    let open = shown.row.open.clone();
    let transfer = shown.pay.clone().map(|details| {
        let amount = open.clone();
        view! {
            <section class="card pay" aria-labelledby="pay-heading">
                <h2 id="pay-heading"><Icon name="card"/>{words::PAY_BY_TRANSFER}</h2>
                <Transfer details=details amount=amount/>
            </section>
        }
    });
    let card = shown.card.then(|| {
        view! {
            <div class="actions"><a class="button primary" href=paths::pay(&account, &shown.row.id) rel="external"><Icon name="card"/>{words::PAY_BY_CARD}</a></div>
        }
    });
    let pays = shown.credit.min(open.cents);
    let money = |cents| Money { cents, currency: open.currency.clone() };
    let (of, invoice, methods) = (account.clone(), shown.row.id.clone(), shown.methods.clone());
    let credit = (shown.may_pay && pays > 0).then(|| {
        let says = words::credit_pays(&money(shown.credit), &money(pays));
        let id = shown.row.id.to_string();
        view! {
            <section class="card">
                <p>{says}</p>
                <Form action=UseCredit::PATH prefix="credit-">
                    <input type="hidden" name="account" value=account.to_string()/>
                    <input type="hidden" name="invoice" value=id/>
                    <div class="actions"><Submit label=words::PAY_FROM_CREDIT/></div>
                </Form>
            </section>
        }
    });
    view! { <PayWith account=of invoice=invoice methods=methods/>{card}{credit}{transfer} }
}

/// Payments, and the documents that belong to this one.
#[component]
fn Beside(shown: InvoiceView, account: AccountId) -> impl IntoView {
    let link =
        |id: &InvoiceId, number: &str| view! { <a href=paths::invoice(&account, id)>{number.to_owned()}</a> };
    let payments = (!shown.payments.is_empty()).then(|| {
        let rows = shown
            .payments
            .iter()
            .map(|one| {
                view! { <dt>{time_format::date(one.at)}</dt><dd><strong class="figures">{one.amount.to_string()}</strong>" "{one.method.clone()}" "<span class="hint">{one.reference.clone()}</span></dd> }
            })
            .collect_view();
        view! { <section class="card"><h2>{words::PAYMENTS}</h2><dl class="facts">{rows}</dl></section> }
    });
    let notes = (!shown.credit_notes.is_empty()).then(|| {
        let rows = shown
            .credit_notes
            .iter()
            .map(|one| {
                view! { <dt>{link(&one.id, &one.number)}</dt><dd><strong class="figures">{one.total.to_string()}</strong>" "<span class="hint">{one.reason.clone()}</span></dd> }
            })
            .collect_view();
        view! { <section class="card"><h2>{words::CREDIT_NOTES}</h2><dl class="facts">{rows}</dl></section> }
    });
    let corrects = shown.corrects.as_ref().map(|one| {
        view! { <section class="card"><dl class="facts"><dt>{words::CORRECTS}</dt><dd>{link(&one.id, &one.number)}</dd></dl></section> }
    });
    let delivery = shown.delivery.clone().map(|of| view! { <Delivery of=of/> });
    view! { {delivery}{payments}{notes}{corrects} }
}

/// `/a/{account}/statement`
#[component]
pub fn StatementPage() -> impl IntoView {
    let account = account_in_url();
    let frame = use_frame();
    if !frame.permissions.has(Permission::ViewInvoices) {
        return Denial::prepare(&frame.account, Permission::ViewInvoices, None).show();
    }
    let data = fetch_live(move || ShowStatement { account: account.get() });
    let above = vec![home(&frame), list(&frame)];
    view! {
        <Heading title=words::STATEMENT above=above/>
        <p class="lead">{words::STATEMENT_LEAD}</p>
        {load(data, move |rows: Vec<StatementRow>| {
            if rows.is_empty() {
                return view! { <div class="empty"><Icon name="history"/><h2>{words::NO_ENTRIES}</h2><p>{words::NO_ENTRIES_HINT}</p></div> }.into_any();
            }
            let account = account.get_untracked();
            let rows = rows.into_iter().map(|row| {
                let says = match &row.invoice {
                    Some(invoice) => view! { <a href=paths::invoice(&account, invoice)>{row.says.clone()}</a> }.into_any(),
                    None => view! { <span>{row.says.clone()}</span> }.into_any(),
                };
                view! {
                    <tr>
                        <td class="person">{says}</td>
                        <td data-label=words::DATE>{time_format::date(row.at)}</td>
                        <td data-label=words::CHANGE class="figures amount">{row.amount.to_string()}</td>
                        <td data-label=words::BALANCE class="figures amount">{row.balance.to_string()}</td>
                    </tr>
                }
            }).collect_view();
            view! {
                <table class="rows">
                    <caption class="visually-hidden">{words::STATEMENT}</caption>
                    <thead><tr>
                        <th scope="col">{words::WHAT_HAPPENED}</th>
                        <th scope="col">{words::DATE}</th>
                        <th scope="col" class="amount">{words::CHANGE}</th>
                        <th scope="col" class="amount">{words::BALANCE}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            }.into_any()
        })}
    }
    .into_any()
}
