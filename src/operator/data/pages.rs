//! The screen of a customer's data.

use super::model::{DataPage, ERASED};
use super::rpc::{EraseCustomer, ShowData};
use super::words;
use crate::frame::account_in_url;
use crate::operator::desk::components::needs;
use crate::paths;
use crate::permission::StaffPermission;
use crate::types::AccountId;
use crate::types::counted;
use crate::ui::field::{Field, TextArea};
use crate::ui::form::{Form, Submit};
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::load::{fetch_live, load};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// `/operator/customers/{account}/data`
#[component]
pub fn CustomerDataPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::ViewCustomers) {
        return refused;
    }
    let account = account_in_url();
    let data = fetch_live(move || ShowData { account: account.get() });
    load(data, move |page: DataPage| {
        let account = account.get_untracked();
        let above = vec![
            (paths::CUSTOMERS.to_owned(), words::CUSTOMERS.to_owned()),
            (paths::customer(&account), page.name.clone()),
        ];
        let export = page.may_export.then(|| {
            view! {
                <section class="card" aria-labelledby="export-heading">
                    <h2 id="export-heading"><Icon name="download"/>{words::EXPORT}</h2>
                    <p>{words::EXPORT_LEAD}</p>
                    <div class="actions"><a class="button" href=paths::archive(&account) rel="external" download>{words::DOWNLOAD}</a></div>
                </section>
            }
        });
        view! {
            <Heading title=words::DATA above=above/>
            {export}
            {page.may_erase.then(|| view! { <Erase page=page.clone() account=account/> })}
        }
    })
}

#[component]
fn Erase(page: DataPage, account: AccountId) -> impl IntoView {
    let goes = [
        words::GOES_PROFILE.to_owned(),
        words::goes_contacts(&counted(page.contacts)),
        words::goes_logins(&counted(page.logins)),
        words::goes_domains(&counted(page.domains)),
        words::goes_messages(&counted(page.messages)),
    ];
    let stays = [words::STAYS_NUMBER, words::STAYS_SERVICES, words::STAYS_ACTIVITY];
    let list = |lines: Vec<String>| lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    let form = match (page.ended.as_str(), page.closed) {
        (ERASED, _) => view! { <p class="notice"><Icon name="info"/>{words::IS_ERASED}</p> }.into_any(),
        ("", false) => view! { <p class="notice"><Icon name="info"/>{words::CLOSE_FIRST}</p> }.into_any(),
        ("", true) => view! {
            <Form action=EraseCustomer::PATH>
                <input type="hidden" name="account" value=account.to_string()/>
                <TextArea name="reason" label=words::REASON hint=words::REASON_HINT required=true/>
                <Field name="number" label=words::NUMBER hint=words::NUMBER_HINT required=true/>
                <div class="actions"><Submit label=words::ERASE kind="danger"/></div>
            </Form>
        }
        .into_any(),
        _ => view! { <p class="notice"><Icon name="info"/>{words::IS_MERGED}</p> }.into_any(),
    };
    view! {
        <section class="card" aria-labelledby="erase-heading">
            <h2 id="erase-heading"><Icon name="trash"/>{words::ERASE}</h2>
            <p>{words::ERASE_LEAD}</p>
            <h3>{words::GOES}</h3>
            <ul class="bullets">{list(goes.into())}</ul>
            <h3>{words::STAYS}</h3>
            <ul class="bullets">{list(stays.map(str::to_owned).into())}</ul>
            {form}
        </section>
    }
}
