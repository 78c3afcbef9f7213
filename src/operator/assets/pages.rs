//! The screens on which staff set up and change services and domains.

use super::model::{DOMAIN_STATES, DomainPage, ServicePage};
use super::rpc::{ActOnService, MoveAsset, SaveDomain, SaveService, ShowDomainForm, ShowServiceForm};
use super::words;
use crate::frame::account_in_url;
use crate::operator::desk::components::needs;
use crate::operator::products::model::{CYCLES, Product, typed};
use crate::paths;
use crate::permission::StaffPermission;
use crate::types::AccountId;
use crate::ui::dom;
use crate::ui::field::{Field, Select, TextArea, Tick};
use crate::ui::form::{AnswerButton, Form, Submit, SubmitBar};
use crate::ui::layout::Heading;
use crate::ui::load::{fetch, load};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_params_map;
use web_sys::{HtmlInputElement, HtmlSelectElement};

fn above(account: &AccountId, name: &str, list: String, label: &str) -> Vec<(String, String)> {
    vec![
        (paths::CUSTOMERS.to_owned(), words::CUSTOMERS.to_owned()),
        (paths::customer(account), name.to_owned()),
        (list, label.to_owned()),
    ]
}

/// `/operator/customers/{account}/services/new` and `/operator/customers/{account}/services/{service}`
#[component]
pub fn ServiceFormPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::EditServices) {
        return refused;
    }
    let (account, params) = (account_in_url(), use_params_map());
    let id = move || params.read().get("service").filter(|id| id != "new").unwrap_or_default();
    let data = fetch(move || ShowServiceForm { account: account.get(), service: id() });
    load(data, move |page: ServicePage| {
        let (account, id) = (account.get_untracked(), untrack(id));
        let title = if id.is_empty() { words::NEW_SERVICE.to_owned() } else { page.name.clone() };
        let up = above(&account, &page.account.0, paths::services(&account), words::SERVICES);
        let more = (!id.is_empty()).then(|| {
            view! {
                <State account=account.clone() id=id.clone() status=page.status.clone()/>
                <Move account=account.clone() id=id.clone()/>
            }
        });
        view! {
            <Heading title=title above=up/>
            <ServiceFields account=account id=id page=page/>
            {more}
        }
    })
}

#[component]
fn ServiceFields(account: AccountId, id: String, page: ServicePage) -> impl IntoView {
    let form = page.form;
    let back = paths::services(&account);
    let names = page
        .products
        .iter()
        .map(|product| {
            let price = product.prices.first();
            let label = price.map(|price| format!("{} {}", typed(price.price.cents), price.price.currency));
            view! { <option value=product.name.clone()>{label}</option> }
        })
        .collect_view();
    let catalogue = StoredValue::new(page.products);
    let chosen = Callback::new(move |name: String| catalogue.with_value(|all| prefill(all, &name)));
    let cycles = CYCLES.map(|(key, label)| (key.to_owned(), label.to_owned())).to_vec();
    let cycle = if form.cycle.is_empty() { "monthly".to_owned() } else { form.cycle };
    let can_be_set_up = matches!(page.status.as_str(), "" | "pending" | "active");
    let active = !form.active.is_empty();
    let runs = page.status == "active";
    // Fields find the form around them, so they are made inside it.
    let prorate = move || {
        runs.then(
            || view! { <Tick name="prorate" label=words::PRORATE ticked=false hint=words::PRORATE_HINT/> },
        )
    };
    let set_up = move || {
        can_be_set_up.then(
            || view! { <Tick name="active" label=words::SET_UP ticked=active hint=words::SET_UP_HINT/> },
        )
    };
    view! {
        <Form action=SaveService::PATH>
            <input type="hidden" name="account" value=account.to_string()/>
            <input type="hidden" name="service" value=id/>
            <section class="card">
                <datalist id="products">{names}</datalist>
                <div class="columns">
                    <Field name="product" label=words::PRODUCT required=true value=form.product hint=words::PRODUCT_HINT list="products" changed=chosen/>
                    <Field name="label" label=words::LABEL value=form.label hint=words::LABEL_HINT/>
                    <Field name="price" label=words::PRICE value=form.price hint=words::PRICE_HINT/>
                    <Field name="currency" label=words::CURRENCY required=true value=form.currency/>
                    <Select name="cycle" label=words::CYCLE value=cycle options=cycles/>
                    <Field name="next_due" label=words::NEXT_DUE kind="date" value=form.next_due/>
                    <Field name="domain" label=words::DOMAIN value=form.domain/>
                    <Field name="server" label=words::SERVER value=form.server/>
                    <Field name="login_name" label=words::LOGIN_NAME value=form.login_name/>
                    <Field name="panel_url" label=words::PANEL kind="url" value=form.panel_url hint=words::PANEL_HINT/>
                </div>
                <TextArea name="notes" label=words::NOTES value=form.notes/>
                {set_up()}
                {prorate()}
            </section>
            <SubmitBar>
                <Submit label=words::SAVE/>
                <a class="button" href=back>{words::CANCEL}</a>
            </SubmitBar>
        </Form>
    }
}

/// Puts the first price of a chosen product into the form, where no other price was typed.
fn prefill(products: &[Product], name: &str) {
    let Some(price) = products.iter().find(|one| one.name == name).and_then(|one| one.prices.first()) else {
        return;
    };
    let Some(body) = document().body() else { return };
    let field = |name: &str| dom::all::<HtmlInputElement>(&body, &format!("input[name={name}]")).pop();
    let (Some(amount), Some(currency)) = (field("price"), field("currency")) else { return };
    let known = |typed: &str| {
        products.iter().flat_map(|one| &one.prices).any(|one| typed == self::typed(one.price.cents))
    };
    if amount.value().is_empty() || known(&amount.value()) {
        amount.set_value(&self::typed(price.price.cents));
        currency.set_value(&price.price.currency);
        if let Some(cycle) = dom::all::<HtmlSelectElement>(&body, "select[name=cycle]").pop() {
            cycle.set_value(price.cycle.key());
        }
    }
}

/// What can be done to a service as it stands.
#[component]
fn State(account: AccountId, id: String, status: String) -> impl IntoView {
    if status == "cancelled" {
        return ().into_any();
    }
    let buttons = move || {
        let suspend = match status.as_str() {
            "suspended" => {
                view! { <AnswerButton name="act" value="unsuspend" label=words::UNSUSPEND class="button"/> }
                    .into_any()
            }
            _ => view! { <AnswerButton name="act" value="suspend" label=words::SUSPEND class="button"/> }
                .into_any(),
        };
        view! { {suspend}<AnswerButton name="act" value="terminate" label=words::TERMINATE class="button danger"/> }
    };
    view! {
        <section class="card" aria-labelledby="state-heading">
            <h2 id="state-heading">{words::STATE}</h2>
            <p class="hint">{words::ENDS_FOR_GOOD}</p>
            <Form action=ActOnService::PATH prefix="a-">
                <input type="hidden" name="account" value=account.to_string()/>
                <input type="hidden" name="service" value=id/>
                <TextArea name="reason" label=words::REASON hint=words::REASON_HINT/>
                <div class="actions">{buttons()}</div>
            </Form>
        </section>
    }
    .into_any()
}

#[component]
fn Move(account: AccountId, id: String) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="move-heading">
            <h2 id="move-heading">{words::MOVE}</h2>
            <Form action=MoveAsset::PATH prefix="m-">
                <input type="hidden" name="account" value=account.to_string()/>
                <input type="hidden" name="asset" value=id/>
                <Field name="number" label=words::NUMBER required=true hint=words::MOVE_HINT/>
                <div class="actions"><Submit label=words::MOVE kind=""/></div>
            </Form>
        </section>
    }
}

/// `/operator/customers/{account}/domains/new` and `/operator/customers/{account}/domains/{domain}`
#[component]
pub fn DomainFormPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::EditServices) {
        return refused;
    }
    let (account, params) = (account_in_url(), use_params_map());
    let id = move || params.read().get("domain").filter(|id| id != "new").unwrap_or_default();
    let data = fetch(move || ShowDomainForm { account: account.get(), domain: id() });
    load(data, move |page: DomainPage| {
        let (account, id) = (account.get_untracked(), untrack(id));
        let form = page.form;
        let title = if id.is_empty() { words::NEW_DOMAIN.to_owned() } else { form.name.clone() };
        let up = above(&account, &page.account.0, paths::domains(&account), words::DOMAINS);
        let back = paths::domains(&account);
        let states = DOMAIN_STATES.map(|(key, label)| (key.to_owned(), label.to_owned())).to_vec();
        let status = if form.status.is_empty() { "active".to_owned() } else { form.status };
        let (auto_renew, locked) = (!form.auto_renew.is_empty(), !form.locked.is_empty());
        let more = (!id.is_empty()).then(|| view! { <Move account=account.clone() id=id.clone()/> });
        view! {
            <Heading title=title above=up/>
            <Form action=SaveDomain::PATH>
                <input type="hidden" name="account" value=account.to_string()/>
                <input type="hidden" name="domain" value=id/>
                <section class="card">
                    <div class="columns">
                        <Field name="name" label=words::DOMAIN required=true value=form.name/>
                        <Select name="status" label=words::STATUS value=status options=states/>
                        <Field name="registered" label=words::REGISTERED kind="date" value=form.registered/>
                        <Field name="expires" label=words::EXPIRES kind="date" required=true value=form.expires/>
                    </div>
                    <TextArea name="nameservers" label=words::NAMESERVERS value=form.nameservers hint=words::NAMESERVERS_HINT/>
                    <Tick name="auto_renew" label=words::AUTO_RENEW ticked=auto_renew/>
                    <Tick name="locked" label=words::LOCKED ticked=locked/>
                </section>
                <SubmitBar>
                    <Submit label=words::SAVE/>
                    <a class="button" href=back>{words::CANCEL}</a>
                </SubmitBar>
            </Form>
            {more}
        }
    })
}
