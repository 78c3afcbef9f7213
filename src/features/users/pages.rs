//! "My profile" and "Security".

use super::parts::{FactorsPanel, SessionsPanel};
use super::rpc::{
    ChangeEmail, ChangePassword, ConfirmEmail, DeleteUser, EmailLink, SaveOwnProfile, ShowFarewell,
    ShowOwnProfile, ShowSecurity, WhoAmI,
};
use super::words;
use crate::features::sign_in::components::NewPassword;
use crate::paths;
use crate::permission::join_and;
use crate::types::{DateFormat, LANGUAGES, TimeFormat, capital};
use crate::ui::field::{Field, Select};
use crate::ui::form::{Form, Hidden, Submit};
use crate::ui::icon::Icon;
use crate::ui::layout::{PersonPage, PlainPage, WelcomeMenu};
use crate::ui::load::{fetch, fetch_live, load, load_quietly};
use crate::ui::mailed_link::{DeadLink, token_in_url};
use crate::ui::rules::email_rule;
use crate::ui::time_format::RelativeTime;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_location;

/// `/profile`
#[component]
pub fn ProfilePage() -> impl IntoView {
    let profile = fetch(|| ShowOwnProfile {});
    view! {
        <PersonPage title=words::MY_PROFILE>
            {load(profile, |me| {
                let languages = LANGUAGES.iter().map(|(tag, name)| ((*tag).into(), (*name).into())).collect();
                let zones = me.zones.into_iter().map(|zone| { let label = zone.replace('_', " "); (zone, label) }).collect();
                let now = me.now;
                let example = move |format| TimeFormat { format, ..TimeFormat::default() }.exact(now);
                let formats = DateFormat::ALL.into_iter().map(|format| (format.key().into(), example(format).trim_end_matches(" UTC").to_owned())).collect();
                view! {
                    <section class="card">
                        <Form action=SaveOwnProfile::PATH>
                            <Hidden name="version" value=me.version.to_string()/>
                            <Field name="name" label=words::NAME autocomplete="name" required=true value=me.name
                                hint=words::SHOWN_TO_PEOPLE_ON_THE/>
                            <div class="columns">
                                <Select name="language" label=words::LANGUAGE value=me.language options=languages hint=words::THE_PORTAL_IS_IN_ENGLISH/>
                                <Select name="time_zone" label=words::TIME_ZONE value=me.time_zone options=zones hint=words::TIMES_ARE_SHOWN_IN_THIS/>
                                <Select name="date_format" label=words::DATE_FORMAT value=me.date_format options=formats/>
                            </div>
                            <div class="actions"><Submit label=words::SAVE_CHANGES/></div>
                        </Form>
                        <p class="aside">{words::YOU_SIGN_IN_WITH}<strong>{me.email}</strong>". "<a href=paths::SECURITY>{words::CHANGE_ADDRESS_OR_PASSWORD}</a></p>
                    </section>
                    <section class="card" aria-labelledby="data-heading">
                        <h2 id="data-heading"><Icon name="download"/>{words::YOUR_DATA}</h2>
                        <p>{words::EVERYTHING_WE_KEEP_ABOUT_YOUR}</p>
                        <div class="actions"><a class="button" href=paths::OWN_DATA rel="external" download>{words::DOWNLOAD_MY_DATA}</a></div>
                    </section>
                    <p class="foot"><a class="danger-link" href=paths::DELETE_LOGIN><Icon name="trash"/>{words::DELETE_MY_LOGIN}</a></p>
                }
            })}
        </PersonPage>
    }
}

/// `/profile/delete`
#[component]
pub fn DeleteUserPage() -> impl IntoView {
    let farewell = fetch(|| ShowFarewell {});
    view! {
        <PersonPage title=words::DELETE_MY_LOGIN>
            {load(farewell, |farewell| {
                if !farewell.owned.is_empty() {
                    let rows = farewell.owned.into_iter().map(|(account, name)| view! { <li><a href=paths::ownership(&account)>{name}</a></li> }).collect_view();
                    return view! {
                        <section class="card">
                            <p class="lead">{words::YOU_OWN_ACCOUNTS_AND_EVERY}</p>
                            <p>{words::TRANSFER_OWNERSHIP_OF_EACH_ONE}</p>
                            <ul>{rows}</ul>
                            <p class="hint">{words::TO_CLOSE_AN_ACCOUNT_ALTOGETHER}</p>
                        </section>
                    }.into_any();
                }
                let entered = match farewell.entered.as_slice() {
                    [] => words::YOU_ARE_NOT_ON_ANY.to_owned(),
                    names => words::you_can_no_longer_enter(&join_and(&names.iter().map(String::as_str).collect::<Vec<_>>())),
                };
                view! {
                    <section class="card">
                        <p class="lead">{words::DELETE_THE_LOGIN}<strong>{farewell.email}</strong>"?"</p>
                        <ul class="bullets">
                            <li>{entered}</li>
                            <li>{words::YOUR_PASSWORD_SECOND_FACTORS_SESSIONS}</li>
                            <li>{words::WHAT_YOU_DID_ON_ACCOUNTS}</li>
                        </ul>
                        <Form action=DeleteUser::PATH>
                            <div class="actions"><Submit label=words::DELETE_MY_LOGIN kind="danger"/><a class="button" href=paths::PROFILE>{words::CANCEL}</a></div>
                        </Form>
                    </section>
                }.into_any()
            })}
        </PersonPage>
    }
}

/// `/security`
#[component]
pub fn SecurityPage() -> impl IntoView {
    let data = fetch_live(|| ShowSecurity {});
    view! {
        <PersonPage title=words::SECURITY>
            {load(data, |security| {
                let words = format!("{}\n{}", security.email, security.name);
                let now = security.now;
                let recent = security.recent.into_iter().map(|row| {
                    let place = row.place();
                    view! { <li><p>{capital(&row.says)}</p><p class="hint"><RelativeTime at=row.at now=now/>{(!place.is_empty()).then(|| format!(" · {place}"))}</p></li> }
                }).collect_view();
                view! {
                    <FactorsPanel factors=security.factors now=now/>
                    <SessionsPanel sessions=security.sessions now=now/>
                    <section class="card" aria-labelledby="password-heading">
                        <h2 id="password-heading">{words::PASSWORD}</h2>
                        <Form action=ChangePassword::PATH prefix="p-">
                            <Field name="current_password" label=words::CURRENT_PASSWORD kind="password" autocomplete="current-password" required=true/>
                            <NewPassword name="new_password" label=words::NEW_PASSWORD words=words/>
                            <div class="actions"><Submit label=words::CHANGE_PASSWORD/></div>
                        </Form>
                    </section>
                    <section class="card" aria-labelledby="email-heading">
                        <h2 id="email-heading">{words::E_MAIL_ADDRESS}</h2>
                        <p>{words::YOU_SIGN_IN_WITH}<strong>{security.email}</strong>{words::A_NEW_ADDRESS_TAKES_EFFECT}</p>
                        <p class="hint">{words::MAIL_ABOUT_AN_ACCOUNT_GOES}</p>
                        <Form action=ChangeEmail::PATH prefix="e-">
                            <Field name="email" label=words::NEW_E_MAIL kind="email" autocomplete="email" required=true rule=email_rule/>
                            <Field name="current_password" label=words::CURRENT_PASSWORD kind="password" autocomplete="current-password" required=true/>
                            <div class="actions"><Submit label=words::CHANGE_ADDRESS/></div>
                        </Form>
                    </section>
                    <section class="card" aria-labelledby="recent-heading">
                        <h2 id="recent-heading">{words::WHAT_HAPPENED_TO_YOUR_LOGIN}</h2>
                        <ul class="events">{recent}</ul>
                    </section>
                }
            })}
        </PersonPage>
    }
}

/// `/confirm-email/{token}`
#[component]
pub fn ConfirmEmailPage() -> impl IntoView {
    let token = token_in_url();
    let link = fetch(move || EmailLink { token: token.get() });
    view! {
        <PlainPage title=words::CONFIRM_YOUR_NEW_ADDRESS>
            {load(link, move |email| match email {
                Some(email) => view! {
                    <p class="lead">{words::CONFIRM_THIS_ADDRESS_TO_SIGN}<strong>{email}</strong>{words::FROM_NOW_ON}</p>
                    <Form action=ConfirmEmail::PATH>
                        <input type="hidden" name="token" value=token.get_untracked()/>
                        <div class="actions"><Submit label=words::CONFIRM_ADDRESS/></div>
                    </Form>
                }.into_any(),
                None => view! { <DeadLink><p><a href=paths::SECURITY>{words::GO_TO_SECURITY}</a>{words::AND_ASK_FOR_A_NEW}</p></DeadLink> }.into_any(),
            })}
        </PlainPage>
    }
}

/// "Welcome NAME" on pages outside an account; nothing for somebody who is not signed in.
pub fn person_menu() -> AnyView {
    let here = use_location().pathname;
    load_quietly(fetch(|| WhoAmI {}), move |me| {
        // The list of accounts is itself the way back.
        let last = me.last.filter(|_| here.with_untracked(|here| here != paths::ACCOUNTS));
        let back = last.map(|(account, name)| {
            view! { <a class="back" href=paths::account(&account)><Icon name="previous"/>{words::BACK_TO}{name}</a> }
        });
        view! { {back}<WelcomeMenu name=me.name/> }
    })
}
