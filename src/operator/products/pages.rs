//! The screens of products: the list, and the form of one.

use super::model::{CYCLES, Price, Product, typed};
use super::rpc::{ListProducts, SaveProduct, ShowProduct};
use super::words;
use crate::operator::desk::components::needs;
use crate::paths;
use crate::permission::StaffPermission;
use crate::types::Money;
use crate::ui::field::{Field, FieldError, TextArea, Tick};
use crate::ui::form::{Form, Hidden, Submit, SubmitBar};
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::load::{fetch_live, load};
use crate::ui::markup::options;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_params_map;

fn above() -> Vec<(String, String)> {
    vec![(paths::PRODUCTS.into(), words::PRODUCTS.into())]
}

/// `/operator/products`
#[component]
pub fn ProductsPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::EditProducts) {
        return refused;
    }
    let data = fetch_live(|| ListProducts {});
    view! {
        <Heading title=words::PRODUCTS>
            <a class="button primary" href=paths::NEW_PRODUCT><Icon name="plus"/>{words::NEW}</a>
        </Heading>
        <p class="lead">{words::LEAD}</p>
        {load(data, |all: Vec<Product>| {
            if all.is_empty() {
                return view! { <div class="empty"><Icon name="server"/><h2>{words::NONE}</h2><p>{words::NONE_HINT}</p></div> }.into_any();
            }
            let rows = all.into_iter().map(|product| view! { <ProductLine product=product/> }).collect_view();
            view! {
                <table class="rows">
                    <caption class="visually-hidden">{words::PRODUCTS}</caption>
                    <thead><tr><th scope="col">{words::NAME}</th><th scope="col">{words::GROUP}</th><th scope="col">{words::PRICES}</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            }.into_any()
        })}
    }
    .into_any()
}

#[component]
fn ProductLine(product: Product) -> impl IntoView {
    let prices = product
        .prices
        .iter()
        .map(|price| {
            let label =
                CYCLES.iter().find(|(key, _)| *key == price.cycle.key()).map_or("", |(_, label)| *label);
            let setup = Money { cents: price.setup_cents, currency: price.price.currency.clone() };
            let setup = (price.setup_cents > 0).then(|| view! { <small>{words::setup_of(&setup)}</small> });
            view! { <li>{price.price.to_string()}" "{label}" "{setup}</li> }
        })
        .collect_view();
    let hidden = (!product.offered).then(|| view! { <span class="pill">{words::NOT_OFFERED}</span> });
    view! {
        <tr class:closed=!product.offered>
            <th scope="row"><a href=paths::product(&product.id)>{product.name}</a>" "{hidden}</th>
            <td data-label=words::GROUP>{product.group}</td>
            <td data-label=words::PRICES><ul class="prices">{prices}</ul></td>
        </tr>
    }
}

/// `/operator/products/new`
#[component]
pub fn NewProductPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::EditProducts) {
        return refused;
    }
    view! { <Heading title=words::NEW above=above()/><ProductFields product=Product { offered: true, ..Product::default() }/> }
        .into_any()
}

/// `/operator/products/{id}`
#[component]
pub fn ProductPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::EditProducts) {
        return refused;
    }
    let params = use_params_map();
    let data = fetch_live(move || ShowProduct { id: params.read().get("product").unwrap_or_default() });
    load(data, |product: Product| {
        view! { <Heading title=product.name.clone() above=above()/><ProductFields product=product/> }
    })
}

/// Lines for prices that a form has beyond those there are.
const SPARE: usize = 4;

#[component]
fn ProductFields(product: Product) -> impl IntoView {
    let spare = std::iter::repeat_with(|| None).take(SPARE);
    let lines = product
        .prices
        .iter()
        .cloned()
        .map(Some)
        .chain(spare)
        .enumerate()
        .map(|(n, price)| view! { <PriceLine n=n price=price/> })
        .collect_view();
    view! {
        <Form action=SaveProduct::PATH long=true>
            <input type="hidden" name="id" value=product.id/>
            <Hidden name="version" value=product.version.to_string()/>
            <section class="card">
                <div class="columns">
                    <Field name="name" label=words::NAME required=true value=product.name/>
                    <Field name="group" label=words::GROUP value=product.group hint=words::GROUP_HINT/>
                </div>
                <TextArea name="description" label=words::DESCRIPTION value=product.description/>
                <Tick name="offered" label=words::OFFERED ticked=product.offered hint=words::OFFERED_HINT/>
            </section>
            <fieldset class="card">
                <legend>{words::PRICES}</legend>
                <p class="hint">{words::PRICES_HINT}</p>
                <FieldError name="amount"/>
                {lines}
            </fieldset>
            <SubmitBar>
                <Submit label=words::SAVE/>
                <a class="button" href=paths::PRODUCTS>{words::CANCEL}</a>
            </SubmitBar>
        </Form>
    }
}

#[component]
fn PriceLine(n: usize, price: Option<Price>) -> impl IntoView {
    let cycle = price.as_ref().map_or("monthly", |price| price.cycle.key());
    let (amount, currency, setup) = match &price {
        Some(price) => (typed(price.price.cents), price.price.currency.clone(), typed(price.setup_cents)),
        None => (String::new(), "EUR".to_owned(), String::new()),
    };
    let label = |what: &str| format!("{what} {}", n + 1);
    view! {
        <div class="price-line">
            <select name="cycle[]" aria-label=label(words::CYCLE) autocomplete="off" inner_html=options(&CYCLES, cycle)></select>
            <input name="amount[]" inputmode="decimal" autocomplete="off" aria-label=label(words::AMOUNT) placeholder=words::AMOUNT value=amount/>
            <input name="currency[]" size="4" maxlength="3" autocomplete="off" aria-label=label(words::CURRENCY) value=currency/>
            <input name="setup[]" inputmode="decimal" autocomplete="off" aria-label=label(words::SETUP) placeholder=words::SETUP value=setup/>
        </div>
    }
}
