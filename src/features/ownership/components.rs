//! What other pages say of an offer to hand the account over.

use super::words;
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
            <p>{from}{words::WANTS_TO_HAND_THIS_ACCOUNT}<a href=paths::ownership(&account)>{words::REVIEW_THE_OFFER}</a></p>
        </div>
    }
}
