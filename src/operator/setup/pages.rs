//! The screen of the first start.

use super::rpc::{BeginSetup, SetupLink};
use super::words;
use crate::paths;
use crate::ui::field::{Field, TextArea};
use crate::ui::form::{Form, Submit};
use crate::ui::layout::PlainPage;
use crate::ui::load::{fetch, load};
use crate::ui::mailed_link::token_in_url;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// `/setup/{token}`
#[component]
pub fn SetupPage() -> impl IntoView {
    let token = token_in_url();
    let link = fetch(move || SetupLink { token: token.get() });
    view! {
        <PlainPage title=words::TITLE>
            {load(link, move |opens: Option<String>| match opens {
                Some(url) => view! {
                    <p class="lead">{words::LEAD}</p>
                    <p class="hint">{words::base_url(&url)}</p>
                    <Form action=BeginSetup::PATH>
                        <input type="hidden" name="token" value=token.get_untracked()/>
                        <Field name="company" label=words::COMPANY required=true autocomplete="organization" hint=words::COMPANY_HINT/>
                        <TextArea name="address" label=words::ADDRESS hint=words::ADDRESS_HINT/>
                        <Field name="colour" label=words::COLOUR value="#0f5c5c" hint=words::COLOUR_HINT/>
                        <Field name="name" label=words::YOUR_NAME required=true autocomplete="name"/>
                        <Field name="email" label=words::YOUR_E_MAIL kind="email" required=true autocomplete="email" hint=words::E_MAIL_HINT/>
                        <Field name="password" label=words::PASSWORD kind="password" required=true secret=true autocomplete="new-password"/>
                        <div class="actions"><Submit label=words::CREATE/></div>
                    </Form>
                }.into_any(),
                None => view! {
                    <p>{words::DEAD}</p>
                    <p><a class="button" href=paths::SIGN_IN>{words::SIGN_IN}</a></p>
                }.into_any(),
            })}
        </PlainPage>
    }
}
