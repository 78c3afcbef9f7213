//! What other pages say of an offer to hand the account over.

use crate::paths;
use crate::types::AccountId;
use crate::ui::icon::Icon;
use leptos::prelude::*;

/// Tells somebody on the account's first page that the account is offered to them.
#[component]
pub fn OfferNotice(account: AccountId, from: String) -> impl IntoView {
    view! {
        <div class="notice">
            <Icon name="key"/>
            <p>{from}" wants to hand this account over to you. "<a href=paths::ownership(&account)>"Review the offer"</a></p>
        </div>
    }
}
