//! Parts of the page "Security": second factors, and where one is signed in.

use super::model::SessionView;
use super::rpc::{EndOtherSessions, EndSession};
use super::words;
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
        view! { <span class="pill teal"><Icon name="check"/>{words::ON}</span> }.into_any()
    } else {
        view! { <span class="pill amber"><Icon name="alert"/>{words::OFF}</span> }.into_any()
    };
    let app = app.map(|since| {
        view! {
            <li>
                <Icon name="phone"/>
                <div><strong>{words::AUTHENTICATOR_APP}</strong><p class="hint">{words::SINCE}{date(since)}</p></div>
                <Form action=actions::REMOVE_APP><Submit label=words::REMOVE kind="secondary"/></Form>
            </li>
        }
    });
    let has_app = app.is_some();
    let keys = passkeys
        .into_iter()
        .map(|key| {
            let used = match key.used {
                Some(at) => view! { words::LAST_USED <RelativeTime at=at now=now/> }.into_any(),
                None => ().into_any(),
            };
            view! {
                <li>
                    <Icon name="fingerprint"/>
                    <div><strong>{key.name.clone()}</strong><p class="hint">{words::PASSKEY_SINCE}{date(key.since)}{used}</p></div>
                    <Form action=actions::REMOVE_PASSKEY about=("id", key.id)>
                        <button type="submit" class="button secondary" aria-label=words::remove(&key.name)>{words::REMOVE}</button>
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
                <div><strong>{words::RECOVERY_CODES}</strong><p class="hint" class:waiting=few>{words::of_left(&codes_left, &CODES)}</p></div>
                <a class="button" href=paths::RECOVERY_CODES>{words::SHOW}</a>
            </li>
        }
    });
    let devices = (remembered > 0).then(|| {
        let says = if remembered == 1 {
            words::YOU_ARE_NOT_ASKED_FOR.to_owned()
        } else {
            words::you_are_not_asked_for(&remembered)
        };
        view! {
            <li>
                <Icon name="laptop"/>
                <div><strong>{words::REMEMBERED_DEVICES}</strong><p class="hint">{says}</p></div>
                <Form action=actions::FORGET_DEVICES><Submit label=words::ASK_ON_EVERY_DEVICE kind="secondary"/></Form>
            </li>
        }
    });
    view! {
        <section class="card" aria-labelledby="factor-heading">
            <h2 id="factor-heading">{words::SECOND_FACTOR}{state}</h2>
            {(!any).then(|| view! { <p>{words::WITH_A_SECOND_FACTOR_SOMEBODY}</p> })}
            <ul class="keys">{app}{keys}{codes}{devices}</ul>
            <div class="actions">
                {(!any).then(|| view! { <a class="button primary" href=paths::SECOND_FACTOR>{words::SET_UP_A_SECOND_FACTOR}</a> })}
                {(any && !has_app).then(|| view! { <a class="button" href=paths::AUTHENTICATOR>{words::ADD_AN_APP}</a> })}
                {any.then(|| view! { <a class="button" href=paths::PASSKEY>{words::ADD_A_PASSKEY}</a> })}
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
            let browser = if session.browser.is_empty() { words::UNKNOWN_BROWSER.to_owned() } else { session.browser };
            let (name, source) = (browser.clone(), session.source.clone());
            let end = if session.here {
                view! { <span class="pill teal"><Icon name="check"/>{words::THIS_BROWSER}</span> }.into_any()
            } else {
                view! {
                    <Form action=EndSession::PATH about=("session", session.id)>
                        <button type="submit" class="button secondary" aria-label=words::sign_out_at(&browser, &source)>{words::SIGN_OUT}</button>
                    </Form>
                }
                .into_any()
            };
            view! {
                <li>
                    <Icon name="laptop"/>
                    <div><strong>{name}</strong><p class="hint">{session.source}{words::LAST_USED}<RelativeTime at=session.used now=now/>{words::SINCE_2}{date(session.since)}</p></div>
                    {end}
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="sessions-heading">
            <h2 id="sessions-heading">{words::WHERE_YOU_ARE_SIGNED_IN}</h2>
            <ul class="keys">{rows}</ul>
            {others.then(|| view! { <Form action=EndOtherSessions::PATH><div class="actions"><Submit label=words::SIGN_OUT_EVERYWHERE_ELSE kind="secondary"/></div></Form> })}
        </section>
    }
}
