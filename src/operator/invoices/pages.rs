//! The screens of invoices in the staff area: everybody's, and one with what can be done to it.

use super::model::{Aged, FILTERS, IssuedPage, ManagePage, Month};
use super::rpc::{
    CreditInvoice, DeleteDraft, GiveRefundUp, IssueInvoice, ListAllInvoices, ManageInvoice, RecordPayment,
    RefundCredit, ReissueInvoice, SaveDraft, SendEInvoiceAgain, SetCustomerTax, ShowReceivables, ShowRevenue,
    WriteOffInvoice,
};
use super::words;
use crate::features::deliveries::components::Delivery;
use crate::features::deliveries::model::DeliveryState;
use crate::features::invoices::components::{address_lines, number, open, total};
use crate::features::invoices::model::{DraftPage, InvoiceKind, InvoiceLine, InvoiceRow, METHODS, tax_key};
use crate::operator::desk::components::{needs, use_desk};
use crate::paths;
use crate::permission::StaffPermission;
use crate::types::{AccountId, InvoiceId, Money, Timestamp};
use crate::ui::field::{Field, FieldError, Select, TextArea, Tick};
use crate::ui::form::{Form, Hidden, Submit, SubmitBar};
use crate::ui::form_state::FormState;
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::list::{Empty, Filters, list_in_url};
use crate::ui::load::{fetch_live, fetch_rows, load, load_quietly};
use crate::ui::markup::{day, nothing, options, pill, two_lines};
use crate::ui::refused::RefusedInUrl;
use crate::ui::table::{Column, Table};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_params_map;

/// Every customer's invoices.
const INVOICES: Table<InvoiceRow, Timestamp> = Table {
    caption: words::EVERYBODYS,
    columns: &[
        Column::of_names(words::NUMBER, |row, _| {
            let account = AccountId::from(row.customer.clone().unwrap_or_default().0);
            let name = row.customer.clone().unwrap_or_default().1;
            two_lines(&paths::invoice(&account, &row.id), number(row), &name)
        }),
        Column::new(words::STATUS, |row, now| pill(row.pill(*now))),
        Column::new(words::DATE, |row, now| day(row.dated, *now)),
        Column::new(words::DUE, |row, now| row.due.map_or_else(nothing, |due| day(due, *now))),
        Column::new(words::AMOUNT, |row, _| total(row)),
        Column::new(words::STILL_OPEN, |row, _| open(row)).if_any(|row| row.open.cents > 0),
    ],
    menu: None,
    closed: |_| false,
    changed: |_, _| false,
    class: None,
    none: Empty { icon: "card", what: "invoices", purpose: words::PURPOSE },
};

/// `/operator/invoices`
#[component]
pub fn AllInvoicesPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::ViewInvoices) {
        return refused;
    }
    let query = list_in_url(&[]);
    let may_manage = use_desk().permissions.has(StaffPermission::ManageInvoices);
    let owed = fetch_live(|| ShowReceivables {});
    let data = fetch_rows(move || ListAllInvoices { query: query.get() });
    let revenue = fetch_live(|| ShowRevenue {});
    let path = Memo::new(|_| paths::ALL_INVOICES.to_owned());
    view! {
        <Heading title=words::INVOICES>
            <a class="button" href=paths::BILLING>{words::NIGHTLY}</a>
            {may_manage.then(|| view! { <a class="button" href=paths::STATEMENTS>{words::STATEMENTS}</a> })}
        </Heading>
        <p class="lead">{words::LEAD}</p>
        <RefusedInUrl/>
        {load_quietly(owed, |all: Vec<Aged>| view! { <Receivables all=all/> })}
        <Filters path=path query=query label=words::SEARCH placeholder=words::BY_NUMBER filters=FILTERS/>
        {load(data, move |page| INVOICES.show(&page, paths::ALL_INVOICES, &query.get_untracked(), &page.now))}
        {load_quietly(revenue, |all: Vec<Month>| view! { <Revenue all=all/> })}
        <Export/>
    }
    .into_any()
}

/// Invoices or bookings of a time, as a file. A plain form: the answer is a download.
#[component]
fn Export() -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="export-heading">
            <h2 id="export-heading"><Icon name="download"/>{words::EXPORT}</h2>
            <p class="hint">{words::EXPORT_HINT}</p>
            <form method="get" action=paths::EXPORT_INVOICES data-plain="">
                <div class="columns">
                    <div class="field"><label for="export-from">{words::EXPORT_FROM}</label><input id="export-from" name="from" type="date" required/></div>
                    <div class="field"><label for="export-to">{words::EXPORT_TO}</label><input id="export-to" name="to" type="date" required/></div>
                    <div class="field">
                        <label for="export-what">{words::EXPORT_WHAT}</label>
                        <select id="export-what" name="what">
                            <option value="invoices">{words::EXPORT_INVOICES}</option>
                            <option value="bookings">{words::EXPORT_BOOKINGS}</option>
                        </select>
                    </div>
                </div>
                <div class="actions"><button class="button" type="submit">{words::DOWNLOAD}</button></div>
            </form>
        </section>
    }
}

/// Revenue of the last twelve months, as a picture and a table: one of each for every currency.
#[component]
fn Revenue(all: Vec<Month>) -> impl IntoView {
    let pictures = all
        .chunks(12)
        .map(|months| {
            let currency = months.first().map(|one| one.net.currency.clone()).unwrap_or_default();
            let most = months.iter().map(|one| one.net.cents).max().unwrap_or_default().max(1);
            let bars = months
                .iter()
                .enumerate()
                .map(|(n, one)| {
                    let height = (one.net.cents.max(0) * 100 / most).max(i64::from(one.net.cents > 0));
                    let (x, y) = (n * 40 + 4, 104 - height);
                    let name = one.start.day()[5..7].to_owned();
                    view! {
                        <rect x=x y=y width="32" height=height rx="3"></rect>
                        <text x=x + 16 y="118" text-anchor="middle">{name}</text>
                    }
                })
                .collect_view();
            let rows = months
                .iter()
                .map(|one| {
                    let month = one.start.day()[..7].to_owned();
                    view! { <tr><td class="person">{month}</td><td data-label=words::AMOUNT class="figures">{one.net.to_string()}</td></tr> }
                })
                .collect_view();
            let title = words::revenue_in(&currency);
            view! {
                <figure class="chart">
                    <svg viewBox="0 0 488 122" role="img" aria-label=title.clone()>{bars}</svg>
                    <details>
                        <summary>{title}</summary>
                        <table class="rows">
                            <thead><tr><th scope="col">{words::MONTH}</th><th scope="col">{words::AMOUNT}</th></tr></thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </details>
                </figure>
            }
        })
        .collect_view();
    (!all.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="revenue-heading">
                <h2 id="revenue-heading">{words::REVENUE}</h2>
                {pictures}
            </section>
        }
    })
}

/// What customers owe, by how long it is overdue.
#[component]
fn Receivables(all: Vec<Aged>) -> impl IntoView {
    if all.is_empty() {
        return ().into_any();
    }
    let rows = all
        .into_iter()
        .map(|one| {
            let money = |cents: i64| Money { cents, currency: one.currency.clone() }.to_string();
            let [not_due, up_to_30, up_to_60, more] = one.owed.map(money);
            view! {
                <tr>
                    <td class="person">{one.currency.clone()}</td>
                    <td data-label=words::NOT_DUE class="figures">{not_due}</td>
                    <td data-label=words::UP_TO_30 class="figures">{up_to_30}</td>
                    <td data-label=words::UP_TO_60 class="figures">{up_to_60}</td>
                    <td data-label=words::MORE class="figures">{more}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="owed" aria-labelledby="owed-heading">
            <h2 id="owed-heading">{words::RECEIVABLES}</h2>
            <table class="rows">
                <thead><tr>
                    <th scope="col">{words::CURRENCY}</th>
                    <th scope="col">{words::NOT_DUE}</th>
                    <th scope="col">{words::UP_TO_30}</th>
                    <th scope="col">{words::UP_TO_60}</th>
                    <th scope="col">{words::MORE}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

/// `/operator/customers/{account}/invoices/new` and `/operator/customers/{account}/invoices/{invoice}`
#[component]
pub fn ManageInvoicePage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::ManageInvoices) {
        return refused;
    }
    let params = use_params_map();
    let account = Memo::new(move |_| {
        let found = params.read().get("account").and_then(|id| AccountId::parse(&id));
        found.unwrap_or_else(|| AccountId::from(String::new()))
    });
    let invoice = move || params.read().get("invoice").filter(|id| id != "new").unwrap_or_default();
    let data = fetch_live(move || ManageInvoice { account: account.get(), invoice: invoice() });
    load(data, move |page: ManagePage| {
        let account = account.get_untracked();
        let above = vec![
            (paths::CUSTOMERS.to_owned(), words::CUSTOMERS.to_owned()),
            (paths::customer(&account), page.customer.0.clone()),
            (paths::invoices(&account), words::INVOICES.to_owned()),
        ];
        match (page.draft, page.issued) {
            (Some(draft), _) => {
                let title = if draft.id.is_some() { words::EDIT_DRAFT } else { words::NEW_INVOICE };
                let own = draft
                    .id
                    .is_none()
                    .then(|| view! { <OwnTax account=account.clone() draft=draft.clone()/> });
                view! { <Heading title=title above=above/><DraftFields account=account draft=draft/>{own} }
                    .into_any()
            }
            (None, Some(issued)) => {
                let title = words::manage(&issued.row.number);
                let back = paths::invoice(&account, &issued.row.id);
                view! {
                    <Heading title=title above=above><a class="button" href=back>{words::OPEN_INVOICE}</a></Heading>
                    <Issued account=account of=issued/>
                }
                .into_any()
            }
            _ => ().into_any(),
        }
    })
}

/// The tax that this customer has and others have not.
#[component]
fn OwnTax(account: AccountId, draft: DraftPage) -> impl IntoView {
    let mut taxes = draft.taxes;
    taxes.insert(0, (String::new(), words::USUAL_TAX.to_owned()));
    let (of, own) = (account.to_string(), draft.own_tax);
    view! {
        <Form action=SetCustomerTax::PATH prefix="tax-">
            <input type="hidden" name="account" value=of/>
            <section class="card" aria-labelledby="tax-heading">
                <h2 id="tax-heading">{words::OWN_TAX}</h2>
                <p class="hint">{words::OWN_TAX_HINT}</p>
                <div class="columns"><Select name="tax" label=words::TAX value=own options=taxes/></div>
                <div class="actions"><Submit label=words::SAVE_TAX kind=""/></div>
            </section>
        </Form>
    }
}

/// Lines that a form has beyond those there are.
const SPARE: usize = 4;

#[component]
fn DraftFields(account: AccountId, draft: DraftPage) -> impl IntoView {
    let known = draft.id.clone();
    let back = known.as_ref().map_or_else(|| paths::invoices(&account), |id| paths::invoice(&account, id));
    let (id, version) =
        (known.as_ref().map(ToString::to_string).unwrap_or_default(), draft.version.to_string());
    let payer = address_lines(&draft.payer);
    let sums =
        known.clone().map(|id| view! { <DraftSums account=account.clone() id=id draft=draft.clone()/> });
    let none_yet = known.is_none().then(|| view! { <p class="hint">{words::SAVE_FIRST}</p> });
    let (lines, taxes, of_form) = (draft.lines, StoredValue::new(draft.taxes), account.to_string());
    let (currency, note, inclusive) = (draft.currency, draft.note, draft.inclusive);
    view! {
        <Form action=SaveDraft::PATH long=true>
            <input type="hidden" name="account" value=of_form/>
            <input type="hidden" name="invoice" value=id/>
            <Hidden name="version" value=version/>
            <section class="card">
                <h2>{words::BILLED_TO}</h2>
                <div class="party">{payer}</div>
                <p class="hint">{words::BILLED_TO_HINT}</p>
            </section>
            <fieldset class="card">
                <legend>{words::LINES}</legend>
                <p class="hint">{words::LINES_HINT}</p>
                <FieldError name="lines"/>
                {move || view! { <Lines lines=lines.clone() taxes=taxes.get_value()/> }}
                <div class="columns"><Field name="currency" label=words::CURRENCY required=true value=currency/></div>
                <Tick name="inclusive" label=words::INCLUSIVE ticked=inclusive/>
                <TextArea name="note" label=words::NOTE hint=words::NOTE_HINT value=note/>
            </fieldset>
            {none_yet}
            <SubmitBar>
                <Submit label=words::SAVE_DRAFT/>
                <a class="button" href=back>{words::CANCEL}</a>
            </SubmitBar>
        </Form>
        {sums}
    }
}

/// The lines of a form: as typed before, else as kept, and some spare ones.
#[component]
fn Lines(lines: Vec<InvoiceLine>, taxes: Vec<(String, String)>) -> impl IntoView {
    let form: FormState = expect_context();
    let usual = taxes.first().map(|(key, _)| key.clone()).unwrap_or_default();
    let kept = |read: fn(&InvoiceLine) -> String| lines.iter().map(read).collect::<Vec<_>>();
    let typed = |name: &str, kept: Vec<String>| form.values(name).unwrap_or(kept);
    let description = typed("description[]", kept(|line| line.description.clone()));
    let quantity = typed("quantity[]", kept(|line| line.quantity.clone()));
    let price = typed("price[]", kept(|line| line.price.clone()));
    let tax = typed("tax[]", kept(|line| tax_key(line.category, line.rate)));
    let filled =
        description.iter().zip(&price).rposition(|(text, price)| !text.is_empty() || !price.is_empty());
    let count = filled.map_or(0, |last| last + 1) + SPARE;
    let at = |list: &[String], n: usize| list.get(n).cloned().unwrap_or_default();
    (0..count)
        .map(|n| {
            let chosen = at(&tax, n);
            let chosen = if chosen.is_empty() { usual.clone() } else { chosen };
            let label = |what: &str| format!("{what} {}", n + 1);
            view! {
                <div class="invoice-line">
                    <input name="description[]" autocomplete="off" aria-label=label(words::DESCRIPTION) placeholder=words::DESCRIPTION value=at(&description, n)/>
                    <input name="quantity[]" inputmode="decimal" autocomplete="off" aria-label=label(words::QUANTITY) placeholder=words::QUANTITY value=at(&quantity, n)/>
                    <input name="price[]" inputmode="decimal" autocomplete="off" aria-label=label(words::PRICE) placeholder=words::PRICE value=at(&price, n)/>
                    <select name="tax[]" autocomplete="off" aria-label=label(words::TAX) inner_html=options(&taxes, &chosen)></select>
                </div>
            }
        })
        .collect_view()
}

/// What a draft adds up to, and what can be done with it.
#[component]
fn DraftSums(account: AccountId, id: InvoiceId, draft: DraftPage) -> impl IntoView {
    let money = |cents: i64| Money { cents, currency: draft.currency.clone() }.to_string();
    let (net, tax, rounding, total) = draft.sums;
    let rounding = (rounding != 0)
        .then(|| view! { <dt>{words::ROUNDING}</dt><dd class="figures">{money(rounding)}</dd> });
    let missing = (!draft.missing.is_empty()).then(|| {
        let all = draft.missing.iter().map(|one| view! { <li>{one.clone()}</li> }).collect_view();
        view! { <div class="notice"><Icon name="alert"/><div><p>{words::MISSING}</p><ul>{all}</ul></div></div> }
    });
    let version = draft.version.to_string();
    let (account, id) = (account.to_string(), id.to_string());
    let (of_delete, id_of_delete) = (account.clone(), id.clone());
    view! {
        <section class="card">
            <dl class="sums">
                <dt>{words::NET}</dt><dd class="figures">{money(net)}</dd>
                <dt>{words::TAX_SUM}</dt><dd class="figures">{money(tax)}</dd>
                {rounding}
                <dt class="total">{words::TOTAL}</dt><dd class="figures total">{money(total)}</dd>
            </dl>
            {missing}
            <p>{words::ISSUE_LEAD}</p>
            <Form action=IssueInvoice::PATH prefix="issue-">
                <input type="hidden" name="account" value=account/>
                <input type="hidden" name="invoice" value=id/>
                <Hidden name="version" value=version/>
                <div class="actions"><Submit label=words::ISSUE/></div>
            </Form>
        </section>
        <Form action=DeleteDraft::PATH prefix="delete-">
            <input type="hidden" name="account" value=of_delete/>
            <input type="hidden" name="invoice" value=id_of_delete/>
            <div class="actions"><Submit label=words::DELETE_DRAFT kind="danger"/></div>
        </Form>
    }
}

/// The fields that say which invoice a form is about, as it was when the page was made.
#[component]
fn About(account: String, invoice: String, version: String) -> impl IntoView {
    view! {
        <input type="hidden" name="account" value=account/>
        <input type="hidden" name="invoice" value=invoice/>
        <Hidden name="version" value=version/>
    }
}

/// What can be done to an invoice that was issued.
#[component]
fn Issued(account: AccountId, of: IssuedPage) -> impl IntoView {
    let (account, invoice, version) = (account.to_string(), of.row.id.to_string(), of.version.to_string());
    let about_account = account.clone();
    let about = StoredValue::new((account.clone(), invoice, version));
    let about = move || {
        let (account, invoice, version) = about.get_value();
        view! { <About account=account invoice=invoice version=version/> }
    };
    let is_invoice = of.row.kind == InvoiceKind::Invoice;
    let today = of.today.clone();
    let due = if of.row.open.cents > 0 { of.row.open.typed() } else { String::new() };
    let methods: Vec<(String, String)> =
        METHODS.iter().map(|(key, label)| ((*key).to_owned(), (*label).to_owned())).collect();
    let payment = is_invoice.then(|| {
        view! {
            <section class="card" aria-labelledby="payment-heading">
                <h2 id="payment-heading"><Icon name="card"/>{words::RECORD_PAYMENT}</h2>
                <p>{words::RECORD_LEAD}</p>
                <Form action=RecordPayment::PATH prefix="pay-">
                    {about()}
                    <div class="columns">
                        <Field name="amount" label=words::AMOUNT required=true value=due/>
                        <Field name="received" label=words::RECEIVED kind="date" required=true value=today/>
                        <Select name="method" label=words::METHOD value="bank_transfer" options=methods/>
                        <Field name="reference" label=words::REFERENCE/>
                    </div>
                    <div class="actions"><Submit label=words::RECORD_PAYMENT/></div>
                </Form>
            </section>
        }
    });
    let credit = (is_invoice && of.left.cents > 0).then(|| {
        let lines = of.lines.clone();
        view! {
            <section class="card" aria-labelledby="credit-heading">
                <h2 id="credit-heading"><Icon name="x"/>{words::CREDIT}</h2>
                <p>{words::CREDIT_LEAD}</p>
                <Form action=CreditInvoice::PATH prefix="credit-">
                    {about()}
                    <FieldError name="quantity"/>
                    {move || view! { <CreditLines lines=lines.clone()/> }}
                    <Field name="reason" label=words::REASON required=true hint=words::REASON_HINT/>
                    <div class="actions"><Submit label=words::ISSUE_CREDIT_NOTE kind="danger"/></div>
                </Form>
            </section>
        }
    });
    let reissue = (is_invoice && of.whole).then(|| {
        view! {
            <section class="card" aria-labelledby="reissue-heading">
                <h2 id="reissue-heading"><Icon name="edit"/>{words::REISSUE}</h2>
                <p>{words::REISSUE_LEAD}</p>
                <Form action=ReissueInvoice::PATH prefix="reissue-">
                    {about()}
                    <div class="actions"><Submit label=words::REISSUE_NOW kind="danger"/></div>
                </Form>
            </section>
        }
    });
    let write_off = (is_invoice && of.row.open.cents > 0).then(|| {
        view! {
            <section class="card" aria-labelledby="write-off-heading">
                <h2 id="write-off-heading"><Icon name="off"/>{words::WRITE_OFF}</h2>
                <p>{words::WRITE_OFF_LEAD}</p>
                <Form action=WriteOffInvoice::PATH prefix="write-off-">
                    {about()}
                    <Field name="reason" label=words::REASON required=true/>
                    <div class="actions"><Submit label=words::WRITE_OFF_NOW kind="danger"/></div>
                </Form>
            </section>
        }
    });
    let refund = (of.credit.cents > 0).then(|| {
        let (amount, currency) = (of.refund.typed(), of.credit.currency.clone());
        let first = of.refundable.first().map(|(id, _)| id.clone()).unwrap_or_default();
        let mut ways = of.refundable;
        ways.push((String::new(), words::BY_HAND.to_owned()));
        view! {
            <section class="card" aria-labelledby="refund-heading">
                <h2 id="refund-heading"><Icon name="out"/>{words::REFUND}</h2>
                <p>{words::refund_lead(&of.credit)}</p>
                <Form action=RefundCredit::PATH prefix="refund-">
                    <input type="hidden" name="account" value=account/>
                    <input type="hidden" name="currency" value=currency/>
                    <div class="columns">
                        <Select name="to" label=words::REFUND_TO value=first options=ways/>
                        <Field name="amount" label=words::AMOUNT required=true value=amount/>
                        <Field name="reference" label=words::REFERENCE hint=words::REFUND_REFERENCE_HINT/>
                    </div>
                    <div class="actions"><Submit label=words::REFUND/></div>
                </Form>
            </section>
        }
    });
    let failed = of.delivery.as_ref().is_some_and(|of| of.state == DeliveryState::Failed);
    let delivery = of.delivery.map(|of| view! { <Delivery of=of/> });
    let again = failed.then(|| {
        view! {
            <Form action=SendEInvoiceAgain::PATH prefix="again-">
                {about()}
                <div class="actions"><Submit label=words::SEND_AGAIN/></div>
            </Form>
        }
    });
    let waiting = of.waiting.into_iter().map(|(id, says)| {
        let account = about_account.clone();
        view! {
            <section class="card">
                <p>{says}</p>
                <Form action=GiveRefundUp::PATH about=("refund", id)>
                    <input type="hidden" name="account" value=account/>
                    <div class="actions"><Submit label=words::GIVE_UP kind="danger"/></div>
                </Form>
            </section>
        }
    });
    let waiting = waiting.collect_view();
    view! { {delivery}{again}{payment}{credit}{reissue}{write_off}{refund}{waiting} }
}

/// How many of each line are credited: all of them unless something else is typed.
#[component]
fn CreditLines(lines: Vec<InvoiceLine>) -> impl IntoView {
    let form: FormState = expect_context();
    let typed = form.values("quantity[]");
    lines
        .into_iter()
        .enumerate()
        .map(|(n, line)| {
            let value = typed.as_ref().and_then(|typed| typed.get(n).cloned()).unwrap_or(line.quantity);
            let label = format!("{} {}: {}", words::QUANTITY, n + 1, line.description);
            view! {
                <div class="credit-line">
                    <input name="quantity[]" inputmode="decimal" autocomplete="off" aria-label=label value=value/>
                    <span>{line.description}</span>
                    <span class="figures hint">{line.price}</span>
                </div>
            }
        })
        .collect_view()
}
