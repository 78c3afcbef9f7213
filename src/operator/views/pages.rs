//! The screen on which staff look as a customer, or ask for it.

use super::model::ViewForm;
use super::rpc::{LookWithoutConsent, OpenView, ShowViewForm};
use super::words;
use crate::features::support::model::SupportAccess;
use crate::frame::account_in_url;
use crate::operator::desk::components::needs;
use crate::paths;
use crate::permission::StaffPermission;
use crate::ui::field::TextArea;
use crate::ui::form::{Form, Submit};
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::load::{fetch_live, load};
use crate::ui::time_format;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

/// `/operator/customers/{account}/view-as`
#[component]
pub fn ViewAsPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::ViewAsCustomer) {
        return refused;
    }
    let account = account_in_url();
    let url = use_query_map();
    let data = fetch_live(move || ShowViewForm { account: account.get() });
    load(data, move |form: ViewForm| {
        let account = account.get_untracked();
        let whom = url.with_untracked(|url| url.get("contact")).unwrap_or_else(|| form.owner.to_string());
        let above = vec![
            (paths::CUSTOMERS.to_owned(), words::CUSTOMERS.to_owned()),
            (paths::customer(&account), form.name.clone()),
        ];
        let until = |at| time_format::relative(at, form.now);
        let (note, label) = match (form.access, form.asked) {
            (SupportAccess::Never, _) => (words::NEVER.to_owned(), None),
            (_, Some((true, at))) => (words::allowed(&until(at)), Some(words::OPEN)),
            (_, Some((false, at))) => (words::waiting(&until(at)), None),
            (SupportAccess::Always, None) => (words::ALLOWS_ALWAYS.to_owned(), Some(words::OPEN)),
            (SupportAccess::Ask, None) => (words::ASKS.to_owned(), Some(words::ASK)),
        };
        let (of, contact) = (account.to_string(), whom.clone());
        let open = label.map(|label| {
            view! {
                <Form action=OpenView::PATH>
                    <input type="hidden" name="account" value=of/>
                    <input type="hidden" name="contact" value=contact/>
                    <TextArea name="reason" label=words::REASON hint=words::REASON_HINT required=true value=form.reason.clone()/>
                    <div class="actions"><Submit label=label/></div>
                </Form>
            }
        });
        let glass = form.may_break_glass.then(|| {
            let of = account.to_string();
            view! {
                <section class="card" aria-labelledby="glass-heading">
                    <h2 id="glass-heading"><Icon name="alert"/>{words::GLASS}</h2>
                    <p>{words::GLASS_LEAD}</p>
                    <Form action=LookWithoutConsent::PATH prefix="g-">
                        <input type="hidden" name="account" value=of/>
                        <input type="hidden" name="contact" value=whom/>
                        <TextArea name="reason" label=words::REASON hint=words::REASON_HINT required=true/>
                        <div class="actions"><Submit label=words::BREAK_GLASS kind="danger"/></div>
                    </Form>
                </section>
            }
        });
        view! {
            <Heading title=words::VIEW_AS above=above/>
            <p class="lead">{words::LEAD}</p>
            <section class="card">
                <p class="notice"><Icon name="info"/>{note}</p>
                {open}
            </section>
            {glass}
        }
    })
}
