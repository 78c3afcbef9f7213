//! The screens of signing in.

use super::rpc::{
    DemoLogins, FactorChallenge, ForgotPassword, MailedLink, PasskeyChallenge, PasskeySignIn, ResetPassword,
    SecondFactor, ShowFactors, SignIn, SignUp, VerifyAddress,
};
use super::words;
use crate::error::AppError;
use crate::features::second_factor::components::{CodeField, PasskeyButton};
use crate::features::second_factor::model::Challenge;
use crate::features::sign_in::components::NewPassword;
use crate::paths;
use crate::types::EmailAddress;
use crate::ui::client_state::ClientState;
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
        <PlainPage title=words::SIGN_IN>
            {goes_on.then(|| view! {
                <div class="notice"><Icon name="clock"/><p>{words::YOUR_SESSION_HAS_ENDED_WHAT}</p></div>
            })}
            <Form action=SignIn::PATH>
                <input type="hidden" name="next" value=next/>
                <Field name="email" label=words::E_MAIL kind="email" autocomplete="username" required=true value=email/>
                <Field name="password" label=words::PASSWORD kind="password" autocomplete="current-password" required=true/>
                <div class="actions">
                    <Submit label=words::SIGN_IN/>
                    <a href=paths::FORGOT_PASSWORD>{words::FORGOT_PASSWORD}</a>
                </div>
            </Form>
            <Form action=PasskeySignIn::PATH class="passkey-form" prefix="k-">
                <input type="hidden" name="next" value=next_again/>
                <PasskeyButton label=words::SIGN_IN_WITH_A_PASSKEY challenge=passkey_challenge/>
            </Form>
            {ClientState::of_app().sign_up().then(|| view! { <p class="aside">{words::NO_LOGIN_YET}<a href=paths::SIGN_UP>{words::SIGN_UP}</a></p> })}
            {load(demo, |demo| demo.map(|(password, logins)| {
                let rows = logins.into_iter().map(|(name, email, why)| (format!("{}?email={}", paths::SIGN_IN, paths::encode(&email)), name, email, why)).map(|(path, name, email, why)| view! {
                    <li><a href=path rel="external"><strong>{name}</strong><span>{email}</span></a><p>{why}</p></li>
                }).collect_view();
                view! {
                    <section class="demo-logins" aria-labelledby="demo-heading">
                        <h2 id="demo-heading">{words::THIS_IS_A_DEMO}</h2>
                        <p>{words::CHOOSE_A_LOGIN_THEY_ALL}<code>{password}</code>{words::THE_MAIL_THAT_THE_DEMO}<a href=paths::DEV_MAIL>"/dev/mail"</a>"."</p>
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
        <PlainPage title=words::SECOND_FACTOR>
            {asked.show(move |asked| match asked {
                Ok(asked) => view! {
                    <p class="lead">{words::YOUR_PASSWORD_IS_CORRECT_NOW}<strong>{asked.email.clone()}</strong>"."</p>
                    <Form action=SecondFactor::PATH>
                        <input type="hidden" name="next" value=next.get_value()/>
                        {asked.passkeys.then(|| view! { <PasskeyButton label=words::USE_A_PASSKEY challenge=factor_challenge kind="primary"/> <p class="or only-wasm">"or"</p> })}
                        <CodeField label=asked.code_label() focus=Focus::First/>
                        <Tick name="remember" label=words::REMEMBER_THIS_DEVICE hint=words::YOU_WILL_NOT_BE_ASKED/>
                        <div class="actions"><Submit label=words::SIGN_IN/><a href=paths::SIGN_IN>{words::START_OVER}</a></div>
                    </Form>
                    <p class="aside">{words::NO_PHONE_AND_NO_RECOVERY}</p>
                }.into_any(),
                Err(error) => view! {
                    <div class="notice"><Icon name="clock"/><p>{error.to_string()}</p></div>
                    <p><a class="button primary" href=paths::SIGN_IN>{words::START_OVER}</a></p>
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
            <PlainPage title=words::CHECK_YOUR_E_MAIL>
                <p class="lead">{words::WE_SENT_AN_E_MAIL}<strong>{email}</strong>{words::OPEN_THE_LINK_IN_IT}</p>
                <p>{words::NOTHING_AFTER_A_FEW_MINUTES}<a href=paths::SIGN_UP>{words::SIGN_UP_AGAIN}</a>{words::TO_GET_ANOTHER}<a href=paths::FORGOT_PASSWORD>{words::CHOOSING_A_NEW_PASSWORD}</a>{words::CONFIRMS_YOUR_ADDRESS_TOO}</p>
            </PlainPage>
        }
        .into_any(),
        None => view! {
            <PlainPage title=words::SIGN_UP>
                <Form action=SignUp::PATH>
                    <Field name="name" label=words::YOUR_NAME autocomplete="name" required=true/>
                    <Field name="company" label=words::COMPANY autocomplete="organization" hint=words::LEAVE_EMPTY_FOR_A_PERSONAL/>
                    <Field name="email" label=words::E_MAIL kind="email" autocomplete="email" required=true rule=email_rule/>
                    <NewPassword/>
                    <div class="actions"><Submit label=words::SIGN_UP/></div>
                </Form>
                <p class="aside">{words::ALREADY_HAVE_A_LOGIN}<a href=paths::SIGN_IN>{words::SIGN_IN}</a></p>
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
        <PlainPage title=words::CONFIRM_YOUR_ADDRESS>
            {load(link, move |email| match email {
                Some(email) => view! {
                    <p class="lead">{words::ENTER_THE_PASSWORD_YOU_CHOSE}<strong>{email.clone()}</strong>{words::IS_YOURS}</p>
                    <Form action=VerifyAddress::PATH>
                        <input type="hidden" name="token" value=token.get_untracked()/>
                        <input type="hidden" autocomplete="username" value=email/>
                        <Field name="password" label=words::PASSWORD kind="password" autocomplete="current-password" required=true/>
                        <div class="actions"><Submit label=words::CONFIRM_AND_SIGN_IN/></div>
                    </Form>
                }.into_any(),
                None => view! { <DeadLink><p><a href=paths::SIGN_IN>{words::SIGN_IN}</a>{words::IF_YOUR_ADDRESS_IS_NOT}</p></DeadLink> }.into_any(),
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
            <PlainPage title=words::CHECK_YOUR_E_MAIL>
                <p class="lead">{words::IF_}<strong>{email}</strong>{words::HAS_A_LOGIN_AN_E}</p>
                <p><a href=paths::SIGN_IN>{words::BACK_TO_SIGN_IN}</a></p>
            </PlainPage>
        }.into_any(),
        None => view! {
            <PlainPage title=words::FORGOT_PASSWORD>
                <p class="lead">{words::ENTER_YOUR_E_MAIL_ADDRESS}</p>
                <Form action=ForgotPassword::PATH>
                    <Field name="email" label=words::E_MAIL kind="email" autocomplete="username" required=true rule=email_rule/>
                    <div class="actions"><Submit label=words::SEND_LINK/><a href=paths::SIGN_IN>{words::CANCEL}</a></div>
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
        <PlainPage title=words::CHOOSE_A_NEW_PASSWORD>
            {load(link, move |email| match email {
                Some(email) => view! {
                    <p class="lead">{words::FOR_}<strong>{email.clone()}</strong>{words::EVERY_BROWSER_THAT_IS_SIGNED}</p>
                    <Form action=ResetPassword::PATH>
                        <input type="hidden" name="token" value=token.get_untracked()/>
                        <NewPassword label=words::NEW_PASSWORD words=email/>
                        <div class="actions"><Submit label=words::SET_PASSWORD_AND_SIGN_IN/></div>
                    </Form>
                }.into_any(),
                None => view! { <DeadLink><p><a href=paths::FORGOT_PASSWORD>{words::ASK_FOR_A_NEW_LINK}</a></p></DeadLink> }.into_any(),
            })}
        </PlainPage>
    }
}
