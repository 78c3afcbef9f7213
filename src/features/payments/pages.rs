//! The way to the gateway's page, and what is said after it.

use super::model::{CheckoutState, Confirmed, MethodRow, MethodsPage as Page};
use super::rpc::{
    AddMethod, BeginCheckout, ConfirmCheckout, ConfirmMethod, RemoveMethod, SetAutomatic, ShowMethods,
};
use super::words;
use crate::features::invoices::components::invoice_in_url;
use crate::features::permissions::components::{Denial, go_on};
use crate::frame::{account_in_url, use_frame};
use crate::paths;
use crate::permission::Permission;
use crate::types::AccountId;
use crate::ui::form::{Form, Submit};
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::load::{fetch, fetch_live, load};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_params_map;

/// `/a/{account}/invoices/{invoice}/pay`: goes on to the gateway's page.
#[component]
pub fn PayPage() -> impl IntoView {
    let (account, invoice) = (account_in_url(), invoice_in_url());
    let link = fetch(move || BeginCheckout { account: account.get(), invoice: invoice.get() });
    let denial = Denial::prepare(&account.get_untracked(), Permission::PayInvoices, None);
    go_on(link, denial)
}

/// `/a/{account}/invoices/{invoice}/paid/{checkout}`: what became of it.
#[component]
pub fn PaidPage() -> impl IntoView {
    let (account, invoice, params) = (account_in_url(), invoice_in_url(), use_params_map());
    let frame = use_frame();
    if !frame.permissions.has(Permission::PayInvoices) {
        return Denial::prepare(&frame.account, Permission::PayInvoices, None).show();
    }
    let checkout = params.read_untracked().get("checkout").unwrap_or_default();
    let back = paths::invoice(&frame.account, &invoice.get_untracked());
    let data = fetch(move || ConfirmCheckout {
        account: account.get(),
        invoice: invoice.get(),
        checkout: checkout.clone(),
    });
    load(data, move |seen: Confirmed| {
        let (class, icon, title, says) = match seen.state {
            CheckoutState::Paid => {
                ("pill green", "check", words::PAID, words::paid(&seen.amount, &seen.number))
            }
            CheckoutState::Begun => {
                ("pill amber", "clock", words::PROCESSING, words::processing(&seen.number))
            }
            CheckoutState::Ended => ("pill", "x", words::NOT_PAID, words::not_paid(&seen.number)),
            CheckoutState::Mismatch => {
                ("pill amber", "alert", words::MISMATCH, words::mismatch(&seen.number))
            }
        };
        view! {
            <Heading title=title/>
            <section class="card">
                <p><span class=class><Icon name=icon/>{title}</span></p>
                <p>{says}</p>
                <div class="actions"><a class="button primary" href=back.clone()>{words::BACK_TO_THE_INVOICE}</a></div>
            </section>
        }
        .into_any()
    })
}

/// `/a/{account}/payment-methods`: the cards that the gateway keeps.
#[component]
pub fn MethodsPage() -> impl IntoView {
    let (account, frame) = (account_in_url(), use_frame());
    if !frame.permissions.has(Permission::ManagePaymentMethods) {
        return Denial::prepare(&frame.account, Permission::ManagePaymentMethods, None).show();
    }
    let data = fetch_live(move || ShowMethods { account: account.get() });
    let above = vec![(paths::account(&frame.account), frame.name.clone())];
    let of = StoredValue::new(frame.account);
    view! {
        <Heading title=words::METHODS above=above/>
        <p class="lead">{words::METHODS_LEAD}</p>
        {load(data, move |page: Page| view! { <Methods page=page account=of.get_value()/> })}
    }
    .into_any()
}

#[component]
fn Methods(page: Page, account: AccountId) -> impl IntoView {
    let add = page.set_up.then(|| {
        view! { <div class="actions"><a class="button primary" href=paths::add_payment_method(&account) rel="external"><Icon name="plus"/>{words::ADD_CARD}</a></div> }
    });
    let none = page.methods.is_empty().then(|| {
        let hint = if page.set_up { words::NO_METHODS_HINT } else { words::METHODS_NOT_SET_UP };
        view! { <div class="empty"><Icon name="card"/><p><strong>{words::NO_METHODS}</strong></p><p>{hint}</p></div> }
    });
    let rows = page
        .methods
        .into_iter()
        .map(|row| view! { <Method row=row account=account.clone()/> })
        .collect_view();
    view! { {none}{rows}{add} }
}

#[component]
fn Method(row: MethodRow, account: AccountId) -> impl IntoView {
    let expires =
        (!row.expires.is_empty()).then(|| view! { <span class="hint">{words::expires(&row.expires)}</span> });
    let is = row
        .automatic
        .then(|| view! { <p><span class="pill green"><Icon name="check"/>{words::IS_AUTOMATIC}</span></p> });
    let (label, chosen) = if row.automatic {
        (words::CHARGE_NO_MORE, String::new())
    } else {
        (words::CHARGE_WHEN_DUE, row.id.clone())
    };
    let (id, of) = (row.id.clone(), account.to_string());
    let of_remove = of.clone();
    view! {
        <section class="card" aria-label=row.label.clone()>
            <p><Icon name="card"/><strong>{row.label.clone()}</strong>" "{expires}</p>
            {is}
            <div class="actions">
                <Form action=SetAutomatic::PATH about=("method", chosen) summary=false>
                    <input type="hidden" name="account" value=of/>
                    <Submit label=label kind=""/>
                </Form>
                <Form action=RemoveMethod::PATH about=("method", id) summary=false>
                    <input type="hidden" name="account" value=of_remove/>
                    <Submit label=words::REMOVE kind="danger"/>
                </Form>
            </div>
        </section>
    }
}

/// `/a/{account}/payment-methods/add`: goes on to the gateway's page.
#[component]
pub fn AddMethodPage() -> impl IntoView {
    let account = account_in_url();
    let link = fetch(move || AddMethod { account: account.get() });
    let denial = Denial::prepare(&account.get_untracked(), Permission::ManagePaymentMethods, None);
    go_on(link, denial)
}

/// `/a/{account}/payment-methods/{method}`: what became of a card that was added.
#[component]
pub fn MethodAddedPage() -> impl IntoView {
    let (account, params, frame) = (account_in_url(), use_params_map(), use_frame());
    if !frame.permissions.has(Permission::ManagePaymentMethods) {
        return Denial::prepare(&frame.account, Permission::ManagePaymentMethods, None).show();
    }
    let method = params.read_untracked().get("method").unwrap_or_default();
    let back = paths::payment_methods(&frame.account);
    let data = fetch(move || ConfirmMethod { account: account.get(), method: method.clone() });
    load(data, move |label: Option<String>| {
        let (title, says) = match &label {
            Some(label) => (words::CARD_ADDED, words::card_added(label)),
            None => (words::CARD_NOT_ADDED, words::CARD_NOT_ADDED_HINT.to_owned()),
        };
        view! {
            <Heading title=title/>
            <section class="card">
                <p>{says}</p>
                <div class="actions"><a class="button primary" href=back.clone()>{words::BACK_TO_METHODS}</a></div>
            </section>
        }
        .into_any()
    })
}
