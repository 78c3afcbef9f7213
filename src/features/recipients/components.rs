//! Boxes for categories, and what a change of them means.

use super::model::{Failing, TypedContact};
use super::rpc::{PreviewMail, WouldChange};
use super::words;
use crate::category::{Categories, Category};
use crate::permission::Permissions;
use crate::types::AccountId;
use crate::ui::form_state::{FormState, Watched};
use crate::ui::icon::Icon;
use crate::ui::load::ask;
use crate::ui::time_format;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use std::time::Duration;
use wasm_bindgen::JsCast as _;

/// That mail does not reach an address, and why; nothing when it does (M9).
#[component]
pub fn FailingNotice(
    /// What is known.
    failing: Option<Failing>,
) -> impl IntoView {
    failing.map(|failing| {
        let says = words::failing(&time_format::date(failing.since), &failing.reason);
        view! { <p class="notice"><Icon name="alert"/>{says}</p> }
    })
}

/// A box for each category. The group carries the errors of the field "mail".
#[component]
pub fn CategoryBoxes(
    /// What is on.
    mail: Categories,
    /// What there is to choose among; everything if not said.
    #[prop(optional)]
    offered: Option<Categories>,
    /// What the person who looks holds, where it decides which boxes are theirs to switch (M10); all are if
    /// not said.
    #[prop(optional)]
    may: Option<Permissions>,
) -> impl IntoView {
    let form: FormState = expect_context();
    let boxes = Category::ALL
        .into_iter()
        .filter(|category| offered.as_ref().is_none_or(|offered| offered.has(*category)))
        .map(|category| {
            let id = format!("{}-{}", form.id("mail"), category.key());
            let needed = category.guard().filter(|needed| may.is_some_and(|may| !may.has(*needed)));
            // A box that is not theirs to switch is not sent, and is shown as it stands.
            let ticked = if needed.is_some() { mail.has(category) } else { form.ticked("mail[]", category.key(), mail.has(category)) };
            let needed = needed.map(|needed| words::only_somebody_with_the_permission(&needed.name()));
            view! {
                <div class="tick">
                    <input type="checkbox" name="mail[]" id=id.clone() value=category.key() checked=ticked prop:checked=ticked disabled=needed.is_some() aria-describedby=format!("{id}-hint")/>
                    <label for=id.clone()>{category.title()}</label>
                    <p class="hint" id=format!("{id}-hint")>{category.sentence()}{needed}</p>
                </div>
            }
        })
        .collect_view();
    view! {
        <div class="ticks">{boxes}</div>
        <p class="error" id=format!("{}-error", form.id("mail"))>{move || form.errors().of("mail").map(|error| error.message.clone())}</p>
    }
}

/// What the form around an element says.
fn typed_around(place: &web_sys::HtmlElement) -> Option<TypedContact> {
    let form = place.closest("form").ok().flatten()?.dyn_into::<web_sys::HtmlFormElement>().ok()?;
    let data = web_sys::FormData::new_with_form(&form).ok()?;
    let text = |name: &str| data.get(name).as_string().unwrap_or_default();
    Some(TypedContact {
        contact: text("contact"),
        first_name: text("first_name"),
        last_name: text("last_name"),
        company: text("company"),
        email: text("email"),
        mail: data.get_all("mail[]").iter().filter_map(|key| key.as_string()).collect(),
        status: text("status"),
    })
}

/// What saving the form around it would change about who gets which mail (M6): live with WASM, behind a
/// button without.
#[component]
pub fn WouldChangeSentence(
    /// The account.
    account: AccountId,
) -> impl IntoView {
    let form: FormState = expect_context();
    let says = RwSignal::new(Vec::<String>::new());
    let place = NodeRef::<leptos::html::Div>::new();
    let account = StoredValue::new(account);
    Effect::new(move || {
        let Some(Watched { edits, .. }) = form.long else { return };
        let mine = edits.get();
        if mine == 0 {
            return;
        }
        set_timeout(
            move || {
                // By now the form may be gone, or say something else.
                let still = move || edits.try_get_untracked() == Some(mine);
                let typed = place.try_get_untracked().flatten().and_then(|place| typed_around(&place));
                let (Some(typed), Some(account), true) = (typed, account.try_get_value(), still()) else {
                    return;
                };
                spawn_local(async move {
                    if let Ok(answer) = ask(WouldChange { account, typed }).await
                        && still()
                    {
                        says.try_set(answer);
                    }
                });
            },
            Duration::from_millis(250),
        );
    });
    view! {
        <div class="would-change" aria-live="polite" node_ref=place>{move || says.get().into_iter().map(|line| view! { <p>{line}</p> }).collect_view()}</div>
        <button type="submit" class="button no-wasm" name="_action" value=PreviewMail::PATH>{words::WHAT_WOULD_CHANGE}</button>
    }
}
