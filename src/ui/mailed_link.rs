//! What pages behind a mailed link have in common: the secret in their URL, and what they show when it does
//! not work.

use super::icon::Icon;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The secret in the URL of a page for a mailed link.
pub fn token_in_url() -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.read().get("token").unwrap_or_default())
}

/// What a page for a mailed link shows when the link does not work.
#[component]
pub fn DeadLink(
    /// Why it may be so.
    #[prop(default = "This link has already been used, has been replaced by a newer one, or has expired.")]
    why: &'static str,
    /// What to do.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="notice"><Icon name="clock"/><p>{why}</p></div>
        {children()}
    }
}
