//! The screens of signing in.

use super::rpc::{
    DemoLogins, FactorChallenge, ForgotPassword, MailedLink, PasskeyChallenge, PasskeySignIn, ResetPassword,
    SecondFactor, ShowFactors, SignIn, SignUp, VerifyAddress,
};
use crate::error::AppError;
use crate::features::second_factor::components::{CodeField, PasskeyButton};
use crate::features::second_factor::model::Challenge;
use crate::features::sign_in::components::NewPassword;
use crate::paths;
use crate::types::EmailAddress;
use crate::ui::field::{Field, Focus, Tick};
use crate::ui::form::{Form, Submit};
use crate::ui::icon::Icon;
use crate::ui::layout::PlainPage;
use crate::ui::load::{ask, fetch, load};
use crate::ui::mailed_link::{DeadLink, token_in_url};
use crate::ui::rules::email_rule;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;
use std::pin::Pin;

/// `/sign-in`
#[component]
pub fn SignInPage() -> impl IntoView {
    let query = use_query_map();
    let next = query.with_untracked(|query| query.get("next").unwrap_or_default());
    let email = query.with_untracked(|query| query.get("email").unwrap_or_default());
    let next_again = next.clone();
    let goes_on = next.contains("draft%3D") || next.contains("draft=");
    let demo = fetch(|| DemoLogins {});
    view! {
        <PlainPage title="Sign in">
            {goes_on.then(|| view! {
                <div class="notice"><Icon name="clock"/><p>"Your session has ended. What you typed is kept: sign in to carry on."</p></div>
            })}
            <Form action=SignIn::PATH>
                <input type="hidden" name="next" value=next/>
                <Field name="email" label="E-mail" kind="email" autocomplete="username" required=true value=email/>
                <Field name="password" label="Password" kind="password" autocomplete="current-password" required=true/>
                <div class="actions">
                    <Submit label="Sign in"/>
                    <a href=paths::FORGOT_PASSWORD>"Forgot password"</a>
                </div>
            </Form>
            <Form action=PasskeySignIn::PATH class="passkey-form" prefix="k-">
                <input type="hidden" name="next" value=next_again/>
                <PasskeyButton label="Sign in with a passkey" challenge=passkey_challenge/>
            </Form>
            <p class="aside">"No login yet? "<a href=paths::SIGN_UP>"Sign up"</a></p>
            {load(demo, |demo| demo.map(|(password, logins)| {
                let rows = logins.into_iter().map(|(name, email, why)| (format!("{}?email={}", paths::SIGN_IN, paths::encode(&email)), name, email, why)).map(|(path, name, email, why)| view! {
                    <li><a href=path rel="external"><strong>{name}</strong><span>{email}</span></a><p>{why}</p></li>
                }).collect_view();
                view! {
                    <section class="demo-logins" aria-labelledby="demo-heading">
                        <h2 id="demo-heading">"This is a demo"</h2>
                        <p>"Choose a login. They all have the password "<code>{password}</code>". The mail that the demo sends is at "<a href=paths::DEV_MAIL>"/dev/mail"</a>"."</p>
                        <ul>{rows}</ul>
                    </section>
                }
            }))}
        </PlainPage>
    }
}

fn passkey_challenge() -> Pin<Box<dyn Future<Output = Result<Challenge, AppError>>>> {
    Box::pin(ask(PasskeyChallenge {}))
}

fn factor_challenge() -> Pin<Box<dyn Future<Output = Result<Challenge, AppError>>>> {
    Box::pin(ask(FactorChallenge {}))
}

/// `/sign-in/second-factor`: the second step of signing in.
#[component]
pub fn SecondFactorSignInPage() -> impl IntoView {
    let next =
        StoredValue::new(use_query_map().with_untracked(|query| query.get("next").unwrap_or_default()));
    let asked = fetch(|| ShowFactors {});
    view! {
        <PlainPage title="Second factor">
            {asked.show(move |asked| match asked {
                Ok(asked) => view! {
                    <p class="lead">"Your password is correct. Now confirm that you are "<strong>{asked.email.clone()}</strong>"."</p>
                    <Form action=SecondFactor::PATH>
                        <input type="hidden" name="next" value=next.get_value()/>
                        {asked.passkeys.then(|| view! { <PasskeyButton label="Use a passkey" challenge=factor_challenge kind="primary"/> <p class="or only-wasm">"or"</p> })}
                        <CodeField label=asked.code_label() focus=Focus::First/>
                        <Tick name="remember" label="Remember this device" hint="You will not be asked for the second factor in this browser for 30 days. Tick this only on your own device."/>
                        <div class="actions"><Submit label="Sign in"/><a href=paths::SIGN_IN>"Start over"</a></div>
                    </Form>
                    <p class="aside">"No phone and no recovery code? Ask support: they can reset your second factor once they are sure it is you."</p>
                }.into_any(),
                Err(error) => view! {
                    <div class="notice"><Icon name="clock"/><p>{error.to_string()}</p></div>
                    <p><a class="button primary" href=paths::SIGN_IN>"Start over"</a></p>
                }.into_any(),
            })}
        </PlainPage>
    }
}

/// `/sign-up`
#[component]
pub fn SignUpPage() -> impl IntoView {
    let query = use_query_map();
    let sent = move || query.read().get("sent").filter(|email| EmailAddress::parse(email).is_ok());
    move || {
        match sent() {
        Some(email) => view! {
            <PlainPage title="Check your e-mail">
                <p class="lead">"We sent an e-mail to "<strong>{email}</strong>". Open the link in it to confirm your address, then you can sign in."</p>
                <p>"Nothing after a few minutes? Check your spam folder, or "<a href=paths::SIGN_UP>"sign up again"</a>" to get another. "<a href=paths::FORGOT_PASSWORD>"Choosing a new password"</a>" confirms your address too."</p>
            </PlainPage>
        }
        .into_any(),
        None => view! {
            <PlainPage title="Sign up">
                <Form action=SignUp::PATH>
                    <Field name="name" label="Your name" autocomplete="name" required=true/>
                    <Field name="company" label="Company" autocomplete="organization" hint="Leave empty for a personal account."/>
                    <Field name="email" label="E-mail" kind="email" autocomplete="email" required=true rule=email_rule/>
                    <NewPassword/>
                    <div class="actions"><Submit label="Sign up"/></div>
                </Form>
                <p class="aside">"Already have a login? "<a href=paths::SIGN_IN>"Sign in"</a></p>
            </PlainPage>
        }
        .into_any(),
    }
    }
}

/// `/verify/{token}`
#[component]
pub fn VerifyPage() -> impl IntoView {
    let token = token_in_url();
    let link = fetch(move || MailedLink { reset: false, token: token.get() });
    view! {
        <PlainPage title="Confirm your address">
            {load(link, move |email| match email {
                Some(email) => view! {
                    <p class="lead">"Enter the password you chose to confirm that "<strong>{email.clone()}</strong>" is yours."</p>
                    <Form action=VerifyAddress::PATH>
                        <input type="hidden" name="token" value=token.get_untracked()/>
                        <input type="hidden" autocomplete="username" value=email/>
                        <Field name="password" label="Password" kind="password" autocomplete="current-password" required=true/>
                        <div class="actions"><Submit label="Confirm and sign in"/></div>
                    </Form>
                }.into_any(),
                None => view! { <DeadLink><p><a href=paths::SIGN_IN>"Sign in"</a>". If your address is not confirmed yet, signing in sends you a new link."</p></DeadLink> }.into_any(),
            })}
        </PlainPage>
    }
}

/// `/forgot-password`
#[component]
pub fn ForgotPasswordPage() -> impl IntoView {
    let query = use_query_map();
    let sent = move || query.read().get("sent").filter(|email| EmailAddress::parse(email).is_ok());
    move || {
        match sent() {
        Some(email) => view! {
            <PlainPage title="Check your e-mail">
                <p class="lead">"If "<strong>{email}</strong>" has a login, an e-mail with a link to choose a new password is on its way. The link works for one hour."</p>
                <p><a href=paths::SIGN_IN>"Back to sign in"</a></p>
            </PlainPage>
        }.into_any(),
        None => view! {
            <PlainPage title="Forgot password">
                <p class="lead">"Enter your e-mail address and we will send you a link to choose a new password."</p>
                <Form action=ForgotPassword::PATH>
                    <Field name="email" label="E-mail" kind="email" autocomplete="username" required=true rule=email_rule/>
                    <div class="actions"><Submit label="Send link"/><a href=paths::SIGN_IN>"Cancel"</a></div>
                </Form>
            </PlainPage>
        }.into_any(),
    }
    }
}

/// `/reset-password/{token}`
#[component]
pub fn ResetPasswordPage() -> impl IntoView {
    let token = token_in_url();
    let link = fetch(move || MailedLink { reset: true, token: token.get() });
    view! {
        <PlainPage title="Choose a new password">
            {load(link, move |email| match email {
                Some(email) => view! {
                    <p class="lead">"For "<strong>{email.clone()}</strong>". Every browser that is signed in now will be signed out."</p>
                    <Form action=ResetPassword::PATH>
                        <input type="hidden" name="token" value=token.get_untracked()/>
                        <NewPassword label="New password" words=email/>
                        <div class="actions"><Submit label="Set password and sign in"/></div>
                    </Form>
                }.into_any(),
                None => view! { <DeadLink><p><a href=paths::FORGOT_PASSWORD>"Ask for a new link"</a></p></DeadLink> }.into_any(),
            })}
        </PlainPage>
    }
}
