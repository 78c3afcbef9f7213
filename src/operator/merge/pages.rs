//! The screen on which staff merge two accounts.

use super::model::MergePlan;
use super::rpc::{MergeCustomer, PlanMerge};
use super::words;
use crate::frame::account_in_url;
use crate::operator::desk::components::needs;
use crate::paths;
use crate::permission::StaffPermission;
use crate::types::{AccountId, counted};
use crate::ui::field::TextArea;
use crate::ui::form::{Form, Submit};
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::load::{fetch, load};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

/// `/operator/customers/{account}/merge`
#[component]
pub fn MergePage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::MergeCustomers) {
        return refused;
    }
    let account = account_in_url();
    let url = use_query_map();
    let number = move || url.read().get("number").unwrap_or_default();
    let data = fetch(move || PlanMerge { account: account.get(), number: number() });
    load(data, move |plan: MergePlan| {
        let account = account.get_untracked();
        let typed = untrack(number);
        let above = vec![
            (paths::CUSTOMERS.to_owned(), words::CUSTOMERS.to_owned()),
            (paths::customer(&account), plan.from.0.clone()),
        ];
        let unknown = (plan.to.is_none() && !typed.is_empty())
            .then(|| view! { <p class="error" id="number-error" role="alert"><Icon name="alert"/>{words::NO_SUCH_ACCOUNT}</p> });
        view! {
            <Heading title=words::MERGE above=above/>
            <p class="lead">{words::LEAD}</p>
            <section class="card">
                <form method="get" action=paths::merge(&account) class="field">
                    <label for="number">{words::NUMBER}</label>
                    <p class="hint" id="number-hint">{words::NUMBER_HINT}</p>
                    <input id="number" name="number" inputmode="numeric" value=typed aria-describedby="number-hint"/>
                    {unknown}
                    <div class="actions"><button type="submit" class="button">{words::LOOK}</button></div>
                </form>
            </section>
            {plan.to.is_some().then(|| view! { <Plan plan=plan.clone() account=account/> })}
        }
    })
}

#[component]
fn Plan(plan: MergePlan, account: AccountId) -> impl IntoView {
    let Some((_, name, number)) = plan.to else { return ().into_any() };
    let counts = [
        words::services(&counted(plan.services)),
        words::domains(&counted(plan.domains)),
        words::requests(&counted(plan.requests)),
        words::messages(&counted(plan.messages)),
        words::notes(&counted(plan.notes)),
    ];
    let counts = counts.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    let people =
        |people: Vec<String>| if people.is_empty() { words::NOBODY.to_owned() } else { people.join(", ") };
    view! {
        <section class="card" aria-labelledby="plan-heading">
            <h2 id="plan-heading">{words::plan(&plan.from.0, &plan.from.1, &name, &number)}</h2>
            <ul class="bullets">
                {counts}
                <li><strong>{people(plan.moves)}</strong>" "{words::MOVE}</li>
                <li><strong>{people(plan.joins)}</strong>" "{words::JOIN}</li>
            </ul>
            <p>{words::KEEP}</p>
            <p class="hint">{words::MAIL}" "{words::ACTIVITY}</p>
            <Form action=MergeCustomer::PATH>
                <input type="hidden" name="account" value=account.to_string()/>
                <input type="hidden" name="number" value=number/>
                <TextArea name="reason" label=words::REASON hint=words::REASON_HINT required=true/>
                <div class="actions"><Submit label=words::MERGE kind="danger"/></div>
            </Form>
        </section>
    }
    .into_any()
}
