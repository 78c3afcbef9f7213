//! The screens of second factors: how to get one, an authenticator app, a passkey, recovery codes, and "Is it
//! you?".

use super::model::{Challenge, Setup};
use super::rpc::{AddApp, AddPasskey, Confirm, PasskeyOptions, RenewCodes, SetUpApp, ShowAsked, ShowCodes};
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
        <PlainPage title="Is it you?">
            <p class="lead">"Confirm that it is you before you go on. You will not be asked again for ten minutes."</p>
            {load(asked, move |asked| view! {
                <Form action=Confirm::PATH>
                    <input type="hidden" name="next" value=next.get_value()/>
                    <ProofFields asked=asked/>
                    <div class="actions"><Submit label="Confirm"/><a class="button" href=paths::ACCOUNTS>"Cancel"</a></div>
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
        <PersonPage title="Set up a second factor">
            {wanted.then(|| view! {
                <div class="notice"><Icon name="shield"/><p>"The account you want to enter requires a second factor. Setting one up takes two minutes, and then you carry on where you were."</p></div>
            })}
            <p class="lead">"With a second factor, your password alone is not enough to sign in. Choose one; you can have both."</p>
            <div class="cards">
                <section class="card" aria-labelledby="app-heading">
                    <h2 id="app-heading"><Icon name="phone"/>"Authenticator app"</h2>
                    <p>"Your phone shows a new code every 30 seconds. It works everywhere, even without a connection."</p>
                    <div class="actions"><a class="button primary" href=paths::then(paths::AUTHENTICATOR, &next)>"Use an app"</a></div>
                </section>
                <section class="card" aria-labelledby="passkey-heading">
                    <h2 id="passkey-heading"><Icon name="fingerprint"/>"Passkey"</h2>
                    <p>"Your device or a security key recognises you by fingerprint, face or PIN. A fake page cannot steal it, and it signs you in without your password."</p>
                    <div class="actions"><a class="button primary" href=paths::then(paths::PASSKEY, &next)>"Use a passkey"</a></div>
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
        <PersonPage title="Authenticator app">
            {load(setup, move |setup| {
                let Setup { seed, qr, secret, url, replaces } = setup;
                let typed = secret.replace(' ', "");
                view! {
                    {replaces.then(|| view! { <div class="notice"><Icon name="info"/><p>"You already have an app. The new one replaces it."</p></div> })}
                    <Form action=AddApp::PATH class="card steps">
                        <input type="hidden" name="seed" value=seed/>
                        <input type="hidden" name="next" value=next.get_value()/>
                        <ol>
                            <li>
                                <p><strong>"Scan this with the app."</strong>" Any app for one-time codes will do, such as Aegis, 2FAS, Google Authenticator, 1Password or Bitwarden."</p>
                                <div class="qr" role="img" aria-label="QR code with the secret below" inner_html=qr></div>
                                <p class="hint">"Is the app on this device? "<a href=url rel="external">"Open it"</a>", or type this secret into it: "<code class="secret">{secret}</code></p>
                                <CopyButton text=typed/>
                            </li>
                            <li>
                                <p><strong>"Enter the code that it shows."</strong></p>
                                <Field name="code" label="Code from the app" autocomplete="one-time-code" required=true secret=true/>
                            </li>
                        </ol>
                        <div class="actions"><Submit label="Switch on"/><a class="button" href=paths::SECURITY>"Cancel"</a></div>
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
        <PersonPage title="Add a passkey">
            // Asked for here only because it asks first whether it is them.
            {load(codes, move |_| view! {
                <Form action=AddPasskey::PATH class="card">
                    <input type="hidden" name="next" value=next.get_value()/>
                    <Field name="name" label="Name" hint="So that you can tell your passkeys apart, for example “Work laptop” or “Blue key”."/>
                    <p class="no-wasm notice">"Passkeys need JavaScript, which is not running in your browser. "<a href=paths::then(paths::AUTHENTICATOR, &next.get_value())>"An authenticator app"</a>" works without it."</p>
                    <div class="actions"><PasskeyButton label="Add passkey" challenge=options new=true kind="primary"/><a class="button" href=paths::SECURITY>"Cancel"</a></div>
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
        <PersonPage title="Recovery codes">
            {load(codes, move |codes| {
                if codes.is_empty() {
                    return view! {
                        <div class="empty"><Icon name="shield"/><h2>"No recovery codes"</h2><p>"You get them when you set up a second factor."</p>
                            <p><a class="button primary" href=paths::SECOND_FACTOR>"Set up a second factor"</a></p></div>
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
                        <p class="lead">"Each code works once in place of your phone or passkey. Print them, or keep them in a safe place away from your phone."</p>
                        <ol class="codes" aria-label="Recovery codes">{rows}</ol>
                        <p class="hint">{format!("Codes left: {left}")}</p>
                        <div class="actions">
                            <a class="button primary" href={ if on.is_empty() { paths::SECURITY.to_owned() } else { on } } rel="external">"I have saved them"</a>
                            <CopyButton text=text/>
                            <a class="button" href=file download="recovery-codes.txt" rel="external"><Icon name="download"/>"Download"</a>
                            <button type="button" class="button only-wasm" on:click=|_| { let _ = window().print(); }><Icon name="file"/>"Print"</button>
                        </div>
                    </section>
                    <Form action=RenewCodes::PATH class="foot">
                        <p>"Lost some, or has somebody seen them? Making new codes stops these from working. "<Submit label="Make new codes" kind="secondary"/></p>
                    </Form>
                }.into_any()
            })}
        </PersonPage>
    }
}
