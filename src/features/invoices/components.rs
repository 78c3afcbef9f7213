//! Parts of the screens of invoices: the table, and a document as it stands on its page.

use super::model::{InvoiceKind, InvoiceRow, InvoiceStatus, InvoiceView, Party, TransferDetails, tax_title};
use super::words;
use crate::paths;
use crate::types::{InvoiceId, Money};
use crate::ui::copy::CopyButton;
use crate::ui::list::Empty;
use crate::ui::markup::{day, nothing, pill, two_lines};
use crate::ui::table::{Column, RowContext, Table};
use crate::ui::time_format;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use maud::{Markup, html};

/// An account's invoices.
pub const INVOICES: Table<InvoiceRow, RowContext> = Table {
    caption: words::INVOICES_YOU_CAN_SEE,
    columns: &[
        Column::of_names(words::NUMBER, |row, of| {
            two_lines(&paths::invoice(&of.account, &row.id), number(row), below(row))
        }),
        Column::new(words::STATUS, |row, of| pill(row.pill(of.now))),
        Column::new(words::DATE, |row, of| day(row.dated, of.now)),
        Column::new(words::DUE, |row, of| row.due.map_or_else(nothing, |due| day(due, of.now))),
        Column::new(words::AMOUNT, |row, _| total(row)),
        Column::new(words::STILL_OPEN, |row, _| open(row)).if_any(|row| row.open.cents > 0),
    ],
    menu: None,
    closed: |row| matches!(row.status, InvoiceStatus::Cancelled | InvoiceStatus::Credited),
    changed: |_, _| false,
    class: None,
    none: Empty { icon: "card", what: "invoices", purpose: words::PURPOSE },
};

/// What a row is called.
pub fn number(row: &InvoiceRow) -> &str {
    if row.number.is_empty() { words::DRAFT } else { &row.number }
}

fn below(row: &InvoiceRow) -> &'static str {
    row.kind.title()
}

/// The total of a row; a credit note's takes away.
pub fn total(row: &InvoiceRow) -> Markup {
    let sign = if row.kind == InvoiceKind::CreditNote { -1 } else { 1 };
    let total = Money { cents: sign * row.total.cents, currency: row.total.currency.clone() };
    html! { span.figures { (total.to_string()) } }
}

/// What is open of a row.
pub fn open(row: &InvoiceRow) -> Markup {
    if row.open.cents == 0 {
        nothing()
    } else {
        html! { span.figures { (row.open.to_string()) } }
    }
}

/// The lines of an address, its name first.
pub fn address_lines(party: &Party) -> impl IntoView + use<> {
    let line = |(n, line)| match n {
        0 => view! { <strong>{line}</strong> }.into_any(),
        _ => view! { <span>{line}</span> }.into_any(),
    };
    party.lines().into_iter().enumerate().map(line).collect_view()
}

/// Who pays, or who sells.
#[component]
fn PartyLines(label: &'static str, party: Party) -> impl IntoView {
    let lines = address_lines(&party);
    let tax = (!party.tax_id.is_empty())
        .then(|| view! { <span class="hint">{words::TAX_ID}" "{party.tax_id}</span> });
    view! { <div class="party"><h2>{label}</h2>{lines}{tax}</div> }
}

/// A document, as it was issued: parties, lines and sums.
#[component]
pub fn Document(shown: InvoiceView) -> impl IntoView {
    let money = |cents: i64| Money { cents, currency: shown.row.total.currency.clone() }.to_string();
    let lines = shown
        .lines
        .iter()
        .map(|line| {
            let tax = tax_title(line.category, line.rate);
            view! {
                <tr>
                    <td class="person">{line.description.clone()}</td>
                    <td data-label=words::QUANTITY class="figures">{line.quantity.clone()}</td>
                    <td data-label=words::PRICE class="figures">{line.price.clone()}</td>
                    <td data-label=words::TAX class="figures">{tax}</td>
                    <td data-label=words::NET_AMOUNT class="figures">{money(line.net)}</td>
                </tr>
            }
        })
        .collect_view();
    let (net, _, rounding) = shown.sums;
    let taxes = shown
        .taxes
        .iter()
        .map(|sum| {
            let says = words::tax_on(&tax_title(sum.category, sum.rate), &money(sum.base));
            view! { <dt>{says}</dt><dd class="figures">{money(sum.tax)}</dd> }
        })
        .collect_view();
    let rounding = (rounding != 0)
        .then(|| view! { <dt>{words::ROUNDING}</dt><dd class="figures">{money(rounding)}</dd> });
    let total =
        if shown.row.kind == InvoiceKind::CreditNote { words::CREDITED_AMOUNT } else { words::TO_PAY };
    let due = shown.row.due.map(|due| view! { <dt>{words::DUE}</dt><dd>{time_format::date(due)}</dd> });
    let note = (!shown.note.is_empty()).then(|| view! { <p class="note">{shown.note.clone()}</p> });
    let price = if shown.inclusive { words::PRICE_WITH_TAX } else { words::PRICE };
    view! {
        <section class="card document">
            <div class="parties">
                <PartyLines label=words::BILLED_TO party=shown.payer.clone()/>
                <PartyLines label=words::FROM party=shown.seller.clone()/>
                <dl class="facts"><dt>{words::DATE}</dt><dd>{time_format::date(shown.row.dated)}</dd>{due}</dl>
            </div>
            <table class="rows">
                <caption class="visually-hidden">{words::INVOICE}</caption>
                <thead><tr>
                    <th scope="col">{words::DESCRIPTION}</th>
                    <th scope="col">{words::QUANTITY}</th>
                    <th scope="col">{price}</th>
                    <th scope="col">{words::TAX}</th>
                    <th scope="col">{words::NET_AMOUNT}</th>
                </tr></thead>
                <tbody>{lines}</tbody>
            </table>
            <dl class="sums">
                <dt>{words::NET}</dt><dd class="figures">{money(net)}</dd>
                {taxes}
                {rounding}
                <dt class="total">{total}</dt><dd class="figures total">{shown.row.total.to_string()}</dd>
            </dl>
            {note}
        </section>
    }
}

/// How to pay by bank transfer.
#[component]
pub fn Transfer(details: TransferDetails, amount: Money) -> impl IntoView {
    if details.iban.is_empty() {
        return view! { <p>{words::NO_BANK_ACCOUNT}</p> }.into_any();
    }
    let copied = [
        (words::HOLDER, details.holder.clone()),
        (words::IBAN, details.iban.clone()),
        (words::BIC, details.bic.clone()),
        (words::BANK, details.bank.clone()),
        (words::AMOUNT, amount.to_string()),
        (words::REFERENCE, details.reference.clone()),
    ];
    let rows = copied
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(label, value)| {
            let copy = matches!(label, words::IBAN | words::REFERENCE)
                .then(|| view! { <CopyButton text=value.clone()/> });
            view! { <dt>{label}</dt><dd class="figures">{value}{copy}</dd> }
        })
        .collect_view();
    let code = (!details.qr.is_empty()).then(|| {
        view! { <figure class="transfer-code"><div role="img" aria-label=words::CODE_FOR_YOUR_BANK inner_html=details.qr></div><figcaption class="hint">{words::CODE_FOR_YOUR_BANK}</figcaption></figure> }
    });
    view! {
        <p>{words::PAY_LEAD}</p>
        <div class="transfer"><dl class="facts">{rows}</dl>{code}</div>
    }
    .into_any()
}

/// The invoice that stands in the URL.
pub fn invoice_in_url() -> Memo<InvoiceId> {
    let params = use_params_map();
    Memo::new(move |_| {
        let found = params.read().get("invoice").and_then(|id| InvoiceId::parse(&id));
        found.unwrap_or_else(|| InvoiceId::from(String::new()))
    })
}
