//! "My profile" and "Security".

use super::rpc::{ChangeEmail, ChangePassword, ConfirmEmail, EmailLink, SaveName, WhoAmI};
use crate::paths;
use crate::sign_in::pages::{DeadLink, email_rule};
use crate::sign_in::parts::NewPassword;
use crate::ui::field::Field;
use crate::ui::form::{Form, Submit};
use crate::ui::layout::{PersonPage, PlainPage, WelcomeMenu};
use crate::ui::load::{fetch, load, load_quietly};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_params_map;

/// `/profile`
#[component]
pub fn ProfilePage() -> impl IntoView {
    let who = fetch(|| WhoAmI {});
    view! {
        <PersonPage title="My profile">
            {load(who, |me| view! {
                <section class="card">
                    <Form action=SaveName::PATH>
                        <Field name="name" label="Name" autocomplete="name" required=true value=me.name
                            hint="Shown to the people of the accounts you can enter."/>
                        <div class="actions"><Submit label="Save"/></div>
                    </Form>
                    <p class="aside">"You sign in with "<strong>{me.email}</strong>". "<a href=paths::SECURITY>"Change address or password"</a></p>
                </section>
            })}
        </PersonPage>
    }
}

/// `/security`
#[component]
pub fn SecurityPage() -> impl IntoView {
    let who = fetch(|| WhoAmI {});
    view! {
        <PersonPage title="Security">
            {load(who, |me| { let words = format!("{}\n{}", me.email, me.name); view! {
                <section class="card" aria-labelledby="password-heading">
                    <h2 id="password-heading">"Password"</h2>
                    <Form action=ChangePassword::PATH prefix="p-">
                        <Field name="current_password" label="Current password" kind="password" autocomplete="current-password" required=true/>
                        <NewPassword name="new_password" label="New password" words=words/>
                        <div class="actions"><Submit label="Change password"/></div>
                    </Form>
                </section>
                <section class="card" aria-labelledby="email-heading">
                    <h2 id="email-heading">"E-mail address"</h2>
                    <p>"You sign in with "<strong>{me.email}</strong>". A new address counts once you confirm the mail we send to it."</p>
                    <Form action=ChangeEmail::PATH prefix="e-">
                        <Field name="email" label="New e-mail" kind="email" autocomplete="email" required=true rule=email_rule/>
                        <Field name="current_password" label="Current password" kind="password" autocomplete="current-password" required=true/>
                        <div class="actions"><Submit label="Change address"/></div>
                    </Form>
                </section>
            }})}
        </PersonPage>
    }
}

/// `/confirm-email/{token}`
#[component]
pub fn ConfirmEmailPage() -> impl IntoView {
    let params = use_params_map();
    let token = move || params.read().get("token").unwrap_or_default();
    let token_now = move || params.read_untracked().get("token").unwrap_or_default();
    let link = fetch(move || EmailLink { token: token() });
    view! {
        <PlainPage title="Confirm your new address">
            {load(link, move |email| match email {
                Some(email) => view! {
                    <p class="lead">"From now on you will sign in with "<strong>{email}</strong>"."</p>
                    <Form action=ConfirmEmail::PATH>
                        <input type="hidden" name="token" value=token_now()/>
                        <div class="actions"><Submit label="Confirm address"/></div>
                    </Form>
                }.into_any(),
                None => view! { <DeadLink><p><a href=paths::SECURITY>"Go to Security"</a>" and ask for a new link."</p></DeadLink> }.into_any(),
            })}
        </PlainPage>
    }
}

/// "Welcome NAME" on pages outside an account; nothing for somebody who is not signed in.
pub fn person_menu() -> AnyView {
    load_quietly(fetch(|| WhoAmI {}), |me| view! { <WelcomeMenu name=me.name/> })
}
