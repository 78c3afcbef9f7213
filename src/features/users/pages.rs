//! "My profile" and "Security".

use super::parts::{FactorsPanel, SessionsPanel};
use super::rpc::{
    ChangeEmail, ChangePassword, ConfirmEmail, DeleteUser, EmailLink, SaveOwnProfile, ShowFarewell,
    ShowOwnProfile, ShowSecurity, WhoAmI,
};
use crate::features::sign_in::components::NewPassword;
use crate::paths;
use crate::permission::join_and;
use crate::types::{DateFormat, LANGUAGES, TimeFormat};
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
        <PersonPage title="My profile">
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
                            <Field name="name" label="Name" autocomplete="name" required=true value=me.name
                                hint="Shown to people on the accounts you can enter."/>
                            <div class="columns">
                                <Select name="language" label="Language" value=me.language options=languages hint="The portal is in English. Screen readers and spell-checkers go by this."/>
                                <Select name="time_zone" label="Time zone" value=me.time_zone options=zones hint="Times are shown in this time zone."/>
                                <Select name="date_format" label="Date format" value=me.date_format options=formats/>
                            </div>
                            <div class="actions"><Submit label="Save changes"/></div>
                        </Form>
                        <p class="aside">"You sign in with "<strong>{me.email}</strong>". "<a href=paths::SECURITY>"Change address or password"</a></p>
                    </section>
                    <section class="card" aria-labelledby="data-heading">
                        <h2 id="data-heading"><Icon name="download"/>"Your data"</h2>
                        <p>"Everything we keep about your login, in one file: your contact details on each account, your sessions and devices, and what happened to it."</p>
                        <div class="actions"><a class="button" href=paths::OWN_DATA rel="external" download>"Download my data"</a></div>
                    </section>
                    <p class="foot"><a class="danger-link" href=paths::DELETE_LOGIN><Icon name="trash"/>"Delete my login"</a></p>
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
        <PersonPage title="Delete my login">
            {load(farewell, |farewell| {
                if !farewell.owned.is_empty() {
                    let rows = farewell.owned.into_iter().map(|(account, name)| view! { <li><a href=paths::ownership(&account)>{name}</a></li> }).collect_view();
                    return view! {
                        <section class="card">
                            <p class="lead">"You own accounts, and every account needs an owner."</p>
                            <p>"Transfer ownership of each one first:"</p>
                            <ul>{rows}</ul>
                            <p class="hint">"To close an account altogether, write to support."</p>
                        </section>
                    }.into_any();
                }
                let entered = match farewell.entered.as_slice() {
                    [] => "You are not on any account, so nobody else is affected.".to_owned(),
                    names => format!("You can no longer enter {}. They keep your contact details, without a login.", join_and(&names.iter().map(String::as_str).collect::<Vec<_>>())),
                };
                view! {
                    <section class="card">
                        <p class="lead">"Delete the login "<strong>{farewell.email}</strong>"?"</p>
                        <ul class="bullets">
                            <li>{entered}</li>
                            <li>"Your password, second factors, sessions and devices are deleted at once. This cannot be undone."</li>
                            <li>"What you did on accounts stays in their activity, with your name, the time and where it came from."</li>
                        </ul>
                        <Form action=DeleteUser::PATH>
                            <div class="actions"><Submit label="Delete my login" kind="danger"/><a class="button" href=paths::PROFILE>"Cancel"</a></div>
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
        <PersonPage title="Security">
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
                        <h2 id="password-heading">"Password"</h2>
                        <Form action=ChangePassword::PATH prefix="p-">
                            <Field name="current_password" label="Current password" kind="password" autocomplete="current-password" required=true/>
                            <NewPassword name="new_password" label="New password" words=words/>
                            <div class="actions"><Submit label="Change password"/></div>
                        </Form>
                    </section>
                    <section class="card" aria-labelledby="email-heading">
                        <h2 id="email-heading">"E-mail address"</h2>
                        <p>"You sign in with "<strong>{security.email}</strong>". A new address takes effect once you follow the link we send to it."</p>
                        <p class="hint">"Mail about an account goes to the address that account has for you, which may be a different one."</p>
                        <Form action=ChangeEmail::PATH prefix="e-">
                            <Field name="email" label="New e-mail" kind="email" autocomplete="email" required=true rule=email_rule/>
                            <Field name="current_password" label="Current password" kind="password" autocomplete="current-password" required=true/>
                            <div class="actions"><Submit label="Change address"/></div>
                        </Form>
                    </section>
                    <section class="card" aria-labelledby="recent-heading">
                        <h2 id="recent-heading">"What happened to your login"</h2>
                        <ul class="events">{recent}</ul>
                    </section>
                }
            })}
        </PersonPage>
    }
}

/// The same sentence with a capital letter.
fn capital(says: &str) -> String {
    let mut letters = says.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// `/confirm-email/{token}`
#[component]
pub fn ConfirmEmailPage() -> impl IntoView {
    let token = token_in_url();
    let link = fetch(move || EmailLink { token: token.get() });
    view! {
        <PlainPage title="Confirm your new address">
            {load(link, move |email| match email {
                Some(email) => view! {
                    <p class="lead">"Confirm this address to sign in with "<strong>{email}</strong>" from now on."</p>
                    <Form action=ConfirmEmail::PATH>
                        <input type="hidden" name="token" value=token.get_untracked()/>
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
    let here = use_location().pathname;
    load_quietly(fetch(|| WhoAmI {}), move |me| {
        // The list of accounts is itself the way back.
        let last = me.last.filter(|_| here.with_untracked(|here| here != paths::ACCOUNTS));
        let back = last.map(|(account, name)| {
            view! { <a class="back" href=paths::account(&account)><Icon name="previous"/>"Back to "{name}</a> }
        });
        view! { {back}<WelcomeMenu name=me.name/> }
    })
}
