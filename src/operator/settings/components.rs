//! The tabs of settings.

use super::words;
use crate::paths;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The pages of settings, above each of them.
#[component]
pub fn SettingsTabs() -> impl IntoView {
    let here = use_location().pathname;
    let all = [
        (paths::SETTINGS, words::COMPANY),
        (paths::MAIL_SETTINGS, words::MAIL),
        (paths::TEMPLATES, words::TEMPLATES),
        (paths::BILLING_SETTINGS, words::INVOICES),
        (paths::DEPARTMENTS, words::DEPARTMENTS),
        (paths::LIFETIMES, words::LIFETIMES),
    ];
    let links = all
        .into_iter()
        .map(|(path, label)| {
            let current = move || (here.get() == path).then_some("page");
            view! { <a href=path aria-current=current>{label}</a> }
        })
        .collect_view();
    view! { <nav class="tabs" aria-label=words::PAGES>{links}</nav> }
}
