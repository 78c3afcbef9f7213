//! The screen on which staff replace an owner.

use super::model::OwnerForm;
use super::rpc::{KeepOwner, ReplaceOwner, ShowOwnerForm};
use super::words;
use crate::frame::account_in_url;
use crate::operator::desk::components::needs;
use crate::paths;
use crate::permission::StaffPermission;
use crate::ui::field::{Select, TextArea, Tick};
use crate::ui::form::{Form, Submit};
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::load::{fetch_live, load};
use crate::ui::time_format;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// `/operator/customers/{account}/owner`
#[component]
pub fn ReplaceOwnerPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::ReplaceOwners) {
        return refused;
    }
    let account = account_in_url();
    let data = fetch_live(move || ShowOwnerForm { account: account.get() });
    load(data, move |form: OwnerForm| {
        let account = account.get_untracked();
        let of = account.to_string();
        let above = vec![
            (paths::CUSTOMERS.to_owned(), words::CUSTOMERS.to_owned()),
            (paths::customer(&account), form.name.clone()),
        ];
        let body = match form.waiting {
            Some(waiting) => {
                let (name, email) = waiting.to;
                view! {
                    <section class="card">
                        <p class="lead">{words::waits(&name, &email, &time_format::exact(waiting.due))}</p>
                        <p class="text">{waiting.reason}</p>
                        <p class="hint">{words::began_by(&waiting.by, &time_format::relative(waiting.since, form.now))}" "{waiting.close_former.then_some(words::FORMER_IS_CLOSED)}</p>
                        <Form action=KeepOwner::PATH>
                            <input type="hidden" name="account" value=of/>
                            <div class="actions"><Submit label=words::STOP kind=""/></div>
                        </Form>
                    </section>
                }
                .into_any()
            }
            None if form.candidates.is_empty() => view! {
                <div class="empty">
                    <Icon name="users"/><h2>{words::NOBODY}</h2><p>{words::NOBODY_LEAD}</p>
                    <p><a class="button primary" href=paths::contacts(&account)>{words::CONTACTS}</a></p>
                </div>
            }
            .into_any(),
            None => {
                let people = form
                    .candidates
                    .into_iter()
                    .map(|(id, name, email)| (id.to_string(), format!("{name} ({email})")));
                let options: Vec<(String, String)> =
                    std::iter::once((String::new(), words::CHOOSE_A_CONTACT.to_owned()))
                        .chain(people)
                        .collect();
                let (options, back) = (StoredValue::new(options), paths::customer(&account));
                view! {
                    <section class="card">
                        <p>{words::what_happens(&form.days)}</p>
                        <Form action=ReplaceOwner::PATH>
                            <input type="hidden" name="account" value=of/>
                            <Select name="contact" label=words::NEW_OWNER value="" options=options.get_value()/>
                            <TextArea name="reason" label=words::REASON hint=words::REASON_HINT required=true/>
                            <Tick name="close_former" label=words::CLOSE_FORMER hint=words::CLOSE_FORMER_HINT ticked=true/>
                            <div class="actions"><Submit label=words::BEGIN/><a class="button" href=back>{words::CANCEL}</a></div>
                        </Form>
                    </section>
                }
                .into_any()
            }
        };
        view! {
            <Heading title=words::REPLACE_OWNER above=above/>
            <p class="lead">{words::LEAD}</p>
            {body}
        }
    })
}
