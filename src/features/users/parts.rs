//! Parts of the page "Security": second factors, and where one is signed in.

use super::model::SessionView;
use super::rpc::{EndOtherSessions, EndSession};
use crate::features::second_factor::model::{CODES, Factors};
use crate::paths;
use crate::types::Timestamp;
use crate::ui::form::{Form, Submit};
use crate::ui::icon::Icon;
use crate::ui::time_format::{RelativeTime, date};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// Paths of the server functions of second factors: they belong to another feature, which offers them in
/// these forms.
use crate::features::second_factor::components::actions;

/// The second factors one has, and the way to more.
#[component]
pub fn FactorsPanel(factors: Factors, now: Timestamp) -> impl IntoView {
    let any = factors.any();
    let Factors { app, passkeys, codes_left, remembered } = factors;
    let state = if any {
        view! { <span class="pill teal"><Icon name="check"/>"On"</span> }.into_any()
    } else {
        view! { <span class="pill amber"><Icon name="alert"/>"Off"</span> }.into_any()
    };
    let app = app.map(|since| {
        view! {
            <li>
                <Icon name="phone"/>
                <div><strong>"Authenticator app"</strong><p class="hint">"Since "{date(since)}</p></div>
                <Form action=actions::REMOVE_APP><Submit label="Remove" kind="secondary"/></Form>
            </li>
        }
    });
    let has_app = app.is_some();
    let keys = passkeys
        .into_iter()
        .map(|key| {
            let used = match key.used {
                Some(at) => view! { " · last used " <RelativeTime at=at now=now/> }.into_any(),
                None => ().into_any(),
            };
            view! {
                <li>
                    <Icon name="fingerprint"/>
                    <div><strong>{key.name.clone()}</strong><p class="hint">"Passkey since "{date(key.since)}{used}</p></div>
                    <Form action=actions::REMOVE_PASSKEY about=("id", key.id)>
                        <button type="submit" class="button secondary" aria-label=format!("Remove {}", key.name)>"Remove"</button>
                    </Form>
                </li>
            }
        })
        .collect_view();
    let codes = any.then(|| {
        let few = codes_left <= 3;
        view! {
            <li>
                <Icon name="key"/>
                <div><strong>"Recovery codes"</strong><p class="hint" class:waiting=few>{format!("{codes_left} of {CODES} left")}</p></div>
                <a class="button" href=paths::RECOVERY_CODES>"Show"</a>
            </li>
        }
    });
    let devices = (remembered > 0).then(|| {
        let says = if remembered == 1 {
            "You are not asked for the second factor on one device".to_owned()
        } else {
            format!("You are not asked for the second factor on {remembered} devices")
        };
        view! {
            <li>
                <Icon name="laptop"/>
                <div><strong>"Remembered devices"</strong><p class="hint">{says}</p></div>
                <Form action=actions::FORGET_DEVICES><Submit label="Ask on every device" kind="secondary"/></Form>
            </li>
        }
    });
    view! {
        <section class="card" aria-labelledby="factor-heading">
            <h2 id="factor-heading">"Second factor "{state}</h2>
            {(!any).then(|| view! { <p>"With a second factor, somebody who learns your password still cannot sign in."</p> })}
            <ul class="keys">{app}{keys}{codes}{devices}</ul>
            <div class="actions">
                {(!any).then(|| view! { <a class="button primary" href=paths::SECOND_FACTOR>"Set up a second factor"</a> })}
                {(any && !has_app).then(|| view! { <a class="button" href=paths::AUTHENTICATOR>"Add an app"</a> })}
                {any.then(|| view! { <a class="button" href=paths::PASSKEY>"Add a passkey"</a> })}
            </div>
        </section>
    }
}

/// Where one is signed in.
#[component]
pub fn SessionsPanel(sessions: Vec<SessionView>, now: Timestamp) -> impl IntoView {
    let others = sessions.len() > 1;
    let rows = sessions
        .into_iter()
        .map(|session| {
            let browser = if session.browser.is_empty() { "Unknown browser".to_owned() } else { session.browser };
            let (name, source) = (browser.clone(), session.source.clone());
            let end = if session.here {
                view! { <span class="pill teal"><Icon name="check"/>"This browser"</span> }.into_any()
            } else {
                view! {
                    <Form action=EndSession::PATH about=("session", session.id)>
                        <button type="submit" class="button secondary" aria-label=format!("Sign out {browser} at {source}")>"Sign out"</button>
                    </Form>
                }
                .into_any()
            };
            view! {
                <li>
                    <Icon name="laptop"/>
                    <div><strong>{name}</strong><p class="hint">{session.source}" · last used "<RelativeTime at=session.used now=now/>" · since "{date(session.since)}</p></div>
                    {end}
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="sessions-heading">
            <h2 id="sessions-heading">"Where you are signed in"</h2>
            <ul class="keys">{rows}</ul>
            {others.then(|| view! { <Form action=EndOtherSessions::PATH><div class="actions"><Submit label="Sign out everywhere else" kind="secondary"/></div></Form> })}
        </section>
    }
}
