//! The screens of second factors: how to get one, an authenticator app, a passkey, recovery codes, and "Is it
//! you?".

use super::model::{Challenge, Setup};
use super::rpc::{AddApp, AddPasskey, Confirm, PasskeyOptions, RenewCodes, SetUpApp, ShowAsked, ShowCodes};
use super::words;
use crate::error::AppError;
use crate::features::second_factor::components::{PasskeyButton, ProofFields};
use crate::paths;
use crate::ui::client_state::ClientState;
use crate::ui::copy::CopyButton;
use crate::ui::field::Field;
use crate::ui::form::{Form, Submit};
use crate::ui::icon::Icon;
use crate::ui::layout::{PersonPage, PlainPage};
use crate::ui::load::{ask, fetch, load};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;
use std::pin::Pin;

/// The page to go on to, from the URL.
fn next_in_url() -> String {
    let next = use_query_map().with_untracked(|query| query.get("next").unwrap_or_default());
    if next.is_empty() { next } else { paths::safe_next(&next).to_owned() }
}

/// `/confirm`: asks a signed-in person to prove that it is them.
#[component]
pub fn ConfirmPage() -> impl IntoView {
    let next = StoredValue::new(next_in_url());
    let asked = fetch(|| ShowAsked {});
    view! {
        <PlainPage title=words::IS_IT_YOU>
            <p class="lead">{words::CONFIRM_THAT_IT_IS_YOU}</p>
            {load(asked, move |asked| view! {
                <Form action=Confirm::PATH>
                    <input type="hidden" name="next" value=next.get_value()/>
                    <ProofFields asked=asked/>
                    <div class="actions"><Submit label=words::CONFIRM/><a class="button" href=paths::ACCOUNTS>{words::CANCEL}</a></div>
                </Form>
            })}
        </PlainPage>
    }
}

/// `/security/second-factor`: how to get one.
#[component]
pub fn SecondFactorPage() -> impl IntoView {
    let next = next_in_url();
    let wanted = use_query_map().with_untracked(|query| query.get("needed").is_some());
    view! {
        <PersonPage title=words::SET_UP_A_SECOND_FACTOR>
            {wanted.then(|| view! {
                <div class="notice"><Icon name="shield"/><p>{words::THE_ACCOUNT_YOU_WANT_TO}</p></div>
            })}
            <p class="lead">{words::WITH_A_SECOND_FACTOR_YOUR}</p>
            <div class="cards">
                <section class="card" aria-labelledby="app-heading">
                    <h2 id="app-heading"><Icon name="phone"/>{words::AUTHENTICATOR_APP}</h2>
                    <p>{words::YOUR_PHONE_SHOWS_A_NEW}</p>
                    <div class="actions"><a class="button primary" href=paths::then(paths::AUTHENTICATOR, &next)>{words::USE_AN_APP}</a></div>
                </section>
                <section class="card" aria-labelledby="passkey-heading">
                    <h2 id="passkey-heading"><Icon name="fingerprint"/>{words::PASSKEY}</h2>
                    <p>{words::YOUR_DEVICE_OR_A_SECURITY}</p>
                    <div class="actions"><a class="button primary" href=paths::then(paths::PASSKEY, &next)>{words::USE_A_PASSKEY}</a></div>
                </section>
            </div>
        </PersonPage>
    }
}

/// `/security/app`: sets up an authenticator app.
#[component]
pub fn AuthenticatorPage() -> impl IntoView {
    let next = StoredValue::new(next_in_url());
    // After a wrong code the page shows the same QR code again: the app has it by now.
    let before = ClientState::of_app().submitted(AddApp::PATH);
    let seed = before
        .and_then(|form| form.fields.into_iter().find(|(name, _)| name == "seed"))
        .map(|(_, seed)| seed)
        .unwrap_or_default();
    let setup = fetch(move || SetUpApp { seed: seed.clone() });
    view! {
        <PersonPage title=words::AUTHENTICATOR_APP>
            {load(setup, move |setup| {
                let Setup { seed, qr, secret, url, replaces } = setup;
                let typed = secret.replace(' ', "");
                view! {
                    {replaces.then(|| view! { <div class="notice"><Icon name="info"/><p>{words::YOU_ALREADY_HAVE_AN_APP}</p></div> })}
                    <Form action=AddApp::PATH class="card steps">
                        <input type="hidden" name="seed" value=seed/>
                        <input type="hidden" name="next" value=next.get_value()/>
                        <ol>
                            <li>
                                <p><strong>{words::SCAN_THIS_WITH_THE_APP}</strong>{words::ANY_APP_FOR_ONE_TIME}</p>
                                <div class="qr" role="img" aria-label=words::QR_CODE_WITH_THE_SECRET inner_html=qr></div>
                                <p class="hint">{words::IS_THE_APP_ON_THIS}<a href=url rel="external">{words::OPEN_IT}</a>{words::OR_TYPE_THIS_SECRET_INTO}<code class="secret">{secret}</code></p>
                                <CopyButton text=typed/>
                            </li>
                            <li>
                                <p><strong>{words::ENTER_THE_CODE_THAT_IT}</strong></p>
                                <Field name="code" label=words::CODE_FROM_THE_APP autocomplete="one-time-code" required=true secret=true/>
                            </li>
                        </ol>
                        <div class="actions"><Submit label=words::SWITCH_ON/><a class="button" href=paths::SECURITY>{words::CANCEL}</a></div>
                    </Form>
                }
            })}
        </PersonPage>
    }
}

fn options() -> Pin<Box<dyn Future<Output = Result<Challenge, AppError>>>> {
    Box::pin(ask(PasskeyOptions {}))
}

/// `/security/passkey`: adds a passkey.
#[component]
pub fn PasskeyPage() -> impl IntoView {
    let next = StoredValue::new(next_in_url());
    let codes = fetch(|| ShowCodes {});
    view! {
        <PersonPage title=words::ADD_A_PASSKEY>
            // Asked for here only because it asks first whether it is them.
            {load(codes, move |_| view! {
                <Form action=AddPasskey::PATH class="card">
                    <input type="hidden" name="next" value=next.get_value()/>
                    <Field name="name" label=words::NAME hint=words::SO_THAT_YOU_CAN_TELL/>
                    <p class="no-wasm notice">{words::PASSKEYS_NEED_JAVASCRIPT_WHICH_IS}<a href=paths::then(paths::AUTHENTICATOR, &next.get_value())>{words::AN_AUTHENTICATOR_APP}</a>{words::WORKS_WITHOUT_IT}</p>
                    <div class="actions"><PasskeyButton label=words::ADD_PASSKEY challenge=options new=true kind="primary"/><a class="button" href=paths::SECURITY>{words::CANCEL}</a></div>
                </Form>
            })}
        </PersonPage>
    }
}

/// `/security/recovery-codes`: one's recovery codes.
#[component]
pub fn RecoveryCodesPage() -> impl IntoView {
    let next = StoredValue::new(next_in_url());
    let codes = fetch(|| ShowCodes {});
    view! {
        <PersonPage title=words::RECOVERY_CODES>
            {load(codes, move |codes| {
                if codes.is_empty() {
                    return view! {
                        <div class="empty"><Icon name="shield"/><h2>{words::NO_RECOVERY_CODES}</h2><p>{words::YOU_GET_THEM_WHEN_YOU}</p>
                            <p><a class="button primary" href=paths::SECOND_FACTOR>{words::SET_UP_A_SECOND_FACTOR}</a></p></div>
                    }.into_any();
                }
                let left = codes.iter().filter(|(_, used)| !used).count();
                let text = codes.iter().filter(|(_, used)| !used).map(|(code, _)| code.as_str()).collect::<Vec<_>>().join("\n");
                let file = format!("data:text/plain;charset=utf-8,{}", paths::encode(&text));
                let rows = codes.into_iter().map(|(code, used)| view! {
                    <li class:used=used>{if used { view! { <s>{code}</s> <span class="visually-hidden">" used"</span> }.into_any() } else { code.into_any() }}</li>
                }).collect_view();
                let on = next.get_value();
                view! {
                    <section class="card">
                        <p class="lead">{words::EACH_CODE_WORKS_ONCE_IN}</p>
                        <ol class="codes" aria-label=words::RECOVERY_CODES>{rows}</ol>
                        <p class="hint">{words::codes_left(&left)}</p>
                        <div class="actions">
                            <a class="button primary" href={ if on.is_empty() { paths::SECURITY.to_owned() } else { on } } rel="external">{words::I_HAVE_SAVED_THEM}</a>
                            <CopyButton text=text/>
                            <a class="button" href=file download="recovery-codes.txt" rel="external"><Icon name="download"/>{words::DOWNLOAD}</a>
                            <button type="button" class="button only-wasm" on:click=|_| { let _ = window().print(); }><Icon name="file"/>{words::PRINT}</button>
                        </div>
                    </section>
                    <Form action=RenewCodes::PATH class="foot">
                        <p>{words::LOST_SOME_OR_HAS_SOMEBODY}<Submit label=words::MAKE_NEW_CODES kind="secondary"/></p>
                    </Form>
                }.into_any()
            })}
        </PersonPage>
    }
}
