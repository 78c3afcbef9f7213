//! The page that is shown instead: not found, not allowed, broken, no connection; or the way to the sign-in
//! page.

use super::icon::Icon;
use super::respond;
use crate::error::AppError;
use crate::paths;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// Why there is no page, what it means and what to do.
#[component]
pub fn Refused(
    /// Why.
    error: AppError,
    /// What can be done about it.
    #[prop(optional)]
    more: Option<AnyView>,
) -> impl IntoView {
    if let Some(remedy_path) = error.remedy_path(&respond::current_path()) {
        respond::redirect(&remedy_path);
        return view! { <p class="lead">{error.to_string()}</p> }.into_any();
    }
    respond::status(error.status());
    let (icon, title, advice) = match &error {
        AppError::NotFound => (
            "question",
            "Page not found",
            "The address may be mistyped, the page may have been deleted, or it may belong to an account you cannot enter.",
        ),
        AppError::Lacks { .. } | AppError::Forbidden(_) => ("lock", "You do not have access", ""),
        AppError::Preview => {
            ("eye", "Not possible in a preview", "Leave the preview to do this as yourself.")
        }
        AppError::TooMany { .. } => ("clock", "Too many attempts", ""),
        AppError::Offline => ("off", "No connection", "Check your connection, then load the page again."),
        _ => ("alert", "Something went wrong", "Load the page again in a moment."),
    };
    let text = error.to_string();
    view! {
        <Title text=title/>
        <div class="refused">
            <span class="refused-icon"><Icon name=icon/></span>
            <h1 tabindex="-1">{title}</h1>
            <p class="lead">{text}</p>
            {(!advice.is_empty()).then(|| view! { <p>{advice}</p> })}
            {more}
            <p><a class="button" href=paths::ACCOUNTS>"Go to your accounts"</a></p>
        </div>
    }
    .into_any()
}

/// Leads on to another page, with a link for whoever is not taken there.
#[component]
pub fn Redirect(#[prop(into)] to: String) -> impl IntoView {
    respond::redirect(&to);
    view! { <p class="lead"><a href=to>"Continue"</a></p> }
}

/// What was wrong with a file or a plain form: it stands in the URL that led back, and is said above the form.
#[component]
pub fn RefusedInUrl() -> impl IntoView {
    let refused = use_query_map().with_untracked(|url| url.get("refused")).unwrap_or_default();
    (!refused.is_empty()).then(
        || view! { <div class="summary" role="alert"><Icon name="alert"/><div><p>{refused}</p></div></div> },
    )
}
