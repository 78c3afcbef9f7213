//! What the page of an invoice takes from payments.

use super::rpc::PayWithMethod;
use super::words;
use crate::types::{AccountId, InvoiceId};
use crate::ui::form::{Form, Submit};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// A button for each card that is kept, which pays what is open.
#[component]
pub fn PayWith(
    account: AccountId,
    invoice: InvoiceId,
    /// Id and name of each.
    methods: Vec<(String, String)>,
) -> impl IntoView {
    methods
        .into_iter()
        .map(|(method, label)| {
            let (of, id) = (account.to_string(), invoice.to_string());
            view! {
                <Form action=PayWithMethod::PATH about=("method", method)>
                    <input type="hidden" name="account" value=of/>
                    <input type="hidden" name="invoice" value=id/>
                    <div class="actions"><Submit label=words::pay_with(&label)/></div>
                </Form>
            }
        })
        .collect_view()
}
