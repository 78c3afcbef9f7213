//! What a preview adds to pages: its banner, and the button that opens one from a form.

use super::rpc::{SeeContact, SeeForm};
use super::words;
use crate::frame::PreviewBanner;
use crate::ui::form::Form;
use crate::ui::form_state::FormState;
use crate::ui::icon::Icon;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// Says whose view this is, that nothing can be changed, what differs, and leads out.
#[component]
pub fn PreviewNotice(
    /// What it says.
    says: PreviewBanner,
    /// Name of the account.
    account: String,
) -> impl IntoView {
    let verb = says.verb();
    let list = |title: String, parts: Vec<String>| {
        (!parts.is_empty()).then(|| {
            let items = parts.into_iter().map(|part| view! { <li>{part}</li> }).collect_view();
            view! { <div><h2>{title}</h2><ul>{items}</ul></div> }
        })
    };
    let nothing = (says.able.is_empty() && says.no_longer.is_empty())
        .then(|| view! { <p>{words::can_enter_the_account_and(&says.name)}</p> });
    let class = if says.support { "preview support" } else { "preview" };
    let unsaved = if says.unsaved { words::WITH_CHANGES_THAT_ARE_NOT } else { "" };
    view! {
        <section class=class aria-label=words::PREVIEW>
            <p><Icon name="eye"/><span>{words::YOU_ARE_SEEING}<strong>{account}</strong>" as "<strong>{says.name.clone()}</strong>{words::would_see_it_nothing_can(&unsaved)}</span></p>
            <a class="button" href=says.back.clone() rel="external">{words::LEAVE_PREVIEW}</a>
            <details open=says.unsaved>
                <summary>{words::WHAT_THIS_PERSON_CAN_DO}</summary>
                <div class="columns">
                    {nothing}
                    {list(format!("{} {verb}", says.name), says.able)}
                    {list(words::will_no_longer_be_able(&says.name), says.no_longer)}
                    {list(words::NOT_SHOWN_BECAUSE_YOU_MAY.into(), says.hidden)}
                </div>
            </details>
        </section>
    }
}

/// "See it as NAME" under a form: opens a preview with what stands in the form.
#[component]
pub fn SeeButton(
    /// What to call the person.
    #[prop(into)]
    name: String,
) -> impl IntoView {
    let form: FormState = expect_context();
    view! { <button type="submit" class="button" name="_action" value=SeeForm::PATH disabled=move || form.busy()><Icon name="eye"/>{words::SEE_IT_AS}{name}</button> }
}

/// One form that serves "See it as NAME" of every row of a table: its buttons say `form="see"` and whom it is
/// about.
#[component]
pub fn SeeContactForm(
    /// What stands for the account in URLs.
    account: String,
) -> impl IntoView {
    view! { <Form action=SeeContact::PATH id="see" class="row-form"><input type="hidden" name="account" value=account/></Form> }
}
