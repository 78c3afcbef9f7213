//! The screen of settings.

use super::components::SettingsTabs;
use super::model::SettingsPage;
use super::model::{LIFETIMES, LifetimesForm, MailSettings, SECURITY};
use super::rpc::{
    RemoveLogo, SaveCompany, SaveLifetimes, SaveMailSettings, SendTestMail, SetDemo, ShowLifetimes,
    ShowMailSettings, ShowSettings,
};
use super::words;
use crate::operator::desk::components::needs;
use crate::paths;
use crate::permission::StaffPermission;
use crate::types::{contrast, parse_colour};
use crate::ui::field::{Field, Select, TextArea, Tick};
use crate::ui::form::{Form, Submit, SubmitBar};
use crate::ui::form_state::FormState;
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::load::{fetch_live, load};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

/// `/operator/settings`
#[component]
pub fn SettingsScreen() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::EditSettings) {
        return refused;
    }
    let url = use_query_map();
    let data = fetch_live(|| ShowSettings {});
    view! {
        <Heading title=words::SETTINGS/>
        <SettingsTabs/>
        {load(data, move |page: SettingsPage| {
            let refused = url.with_untracked(|url| url.get("logo")).unwrap_or_default();
            view! { <Company page=page.clone()/><Logo page=page.clone() refused=refused/><Demo demo=page.demo/> }
        })}
    }
    .into_any()
}

#[component]
fn Company(page: SettingsPage) -> impl IntoView {
    let fixed = move |name: &str| page.fixed.iter().any(|one| one == name);
    let (name_fixed, colour_fixed, email_fixed) = (fixed("name"), fixed("colour"), fixed("email"));
    let hint = |is_fixed: bool, hint: &'static str| if is_fixed { words::FROM_COMMAND_LINE } else { hint };
    let colour = RwSignal::new(page.form.colour.clone());
    let form = page.form;
    view! {
        <Form action=SaveCompany::PATH long=true>
            <fieldset class="card">
                <legend>{words::COMPANY}</legend>
                <div class="columns">
                    <Field name="name" label=words::NAME required=true fixed=name_fixed value=form.name hint=hint(name_fixed, words::NAME_HINT)/>
                    <Field name="email" label=words::SUPPORT_ADDRESS kind="email" fixed=email_fixed value=form.email hint=hint(email_fixed, words::SUPPORT_ADDRESS_HINT)/>
                    <TextArea name="address" label=words::ADDRESS value=form.address hint=words::ADDRESS_HINT/>
                    <Field name="tax_id" label=words::TAX_ID value=form.tax_id/>
                    <Field name="colour" label=words::COLOUR fixed=colour_fixed value=form.colour hint=hint(colour_fixed, words::COLOUR_HINT) changed=Callback::new(move |typed| colour.set(typed))/>
                    <Preview colour=colour/>
                </div>
            </fieldset>
            <fieldset class="card">
                <legend>{words::CUSTOMERS}</legend>
                <Tick name="sign_up" label=words::SIGN_UP ticked={ !form.sign_up.is_empty() } hint=words::SIGN_UP_HINT/>
                <Tick name="invites" label=words::INVITES ticked={ !form.invites.is_empty() } hint=words::INVITES_HINT/>
                <Tick name="own_mail" label=words::OWN_MAIL ticked={ !form.own_mail.is_empty() } hint=words::OWN_MAIL_HINT/>
            </fieldset>
            <SubmitBar><Submit label=words::SAVE/></SubmitBar>
        </Form>
    }
}

/// How the colour looks while it is typed, and whether words can be read on it.
#[component]
fn Preview(colour: RwSignal<String>) -> impl IntoView {
    let ratio = move || parse_colour(colour.get().trim()).map(|rgb| contrast(rgb, [255; 3]));
    let says = move || match ratio() {
        Some(ratio) => words::contrast(&format!("{ratio:.1}")),
        None => words::NOT_A_COLOUR.to_owned(),
    };
    let good = move || ratio().is_some_and(|ratio| ratio >= 4.5);
    let style = move |part: &'static str| {
        move || ratio().map(|_| format!("{part}: {}", colour.get().trim())).unwrap_or_default()
    };
    view! {
        <div class="colour-preview no-js-hidden" role="group" aria-label=words::PREVIEW>
            <span class="sample-button" prop:style=style("background-color") aria-hidden="true">{words::PREVIEW_BUTTON}</span>
            <p class="hint with-icon" class:bad=move || !good() role="status"><Icon name="info"/>{says}</p>
        </div>
    }
}

#[component]
fn Logo(page: SettingsPage, refused: String) -> impl IntoView {
    let fixed = page.fixed.iter().any(|one| one == "logo");
    let shown = if page.logo.is_empty() {
        view! { <p class="hint">{words::NO_LOGO}</p> }.into_any()
    } else {
        view! { <p><img class="logo-shown" src=page.logo.clone() alt=words::LOGO/></p> }.into_any()
    };
    let error = (!refused.is_empty()).then(|| {
        view! { <p class="error" id="logo-error" role="alert"><Icon name="alert"/>{refused}</p> }
    });
    let remove = (!page.logo.is_empty() && !fixed).then(|| {
        view! { <Form action=RemoveLogo::PATH summary=false><Submit label=words::REMOVE kind=""/></Form> }
    });
    let form = if fixed {
        view! { <p class="hint">{words::FROM_COMMAND_LINE}</p> }.into_any()
    } else {
        view! {
            <form method="post" action=paths::LOGO_UPLOAD enctype="multipart/form-data" class="upload" data-plain="">
                <label for="logo-file">{words::LOGO}</label>
                <p class="hint" id="logo-hint">{words::LOGO_HINT}</p>
                {error}
                <input id="logo-file" type="file" name="logo" accept="image/png,image/jpeg" aria-describedby="logo-hint"/>
                <div class="actions"><button class="button" type="submit">{words::UPLOAD}</button></div>
            </form>
        }
        .into_any()
    };
    view! {
        <section class="card" aria-labelledby="logo-heading">
            <h2 id="logo-heading"><Icon name="eye"/>{words::LOGO}</h2>
            {shown}
            {form}
            {remove}
        </section>
    }
}

/// Whether the demo is on, where the data is a demo's.
#[component]
fn Demo(demo: Option<bool>) -> impl IntoView {
    demo.map(|is_on| {
        let (says, label, on) = match is_on {
            true => (words::DEMO_IS_ON, words::TURN_DEMO_OFF, ""),
            false => (words::DEMO_IS_OFF, words::TURN_DEMO_ON, "on"),
        };
        view! {
            <section class="card" aria-labelledby="demo-heading">
                <h2 id="demo-heading"><Icon name="info"/>{words::DEMO}</h2>
                <p>{says}</p>
                <Form action=SetDemo::PATH summary=false>
                    <input type="hidden" name="on" value=on/>
                    <div class="actions"><Submit label=label kind=""/></div>
                </Form>
            </section>
        }
    })
}

fn above() -> Vec<(String, String)> {
    vec![(paths::SETTINGS.into(), words::SETTINGS.into())]
}

/// `/operator/settings/mail`
#[component]
pub fn MailSettingsPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::EditSettings) {
        return refused;
    }
    let data = fetch_live(|| ShowMailSettings {});
    view! {
        <Heading title=words::MAIL above=above()/>
        <SettingsTabs/>
        <p class="lead">{words::MAIL_LEAD}</p>
        {load(data, move |page: MailSettings| view! { <MailFields page=page/> })}
    }
    .into_any()
}

#[component]
fn MailFields(page: MailSettings) -> impl IntoView {
    let MailSettings { form, sender_fixed, server_fixed, has_password } = page;
    let options: Vec<(String, String)> =
        SECURITY.iter().map(|(key, label)| ((*key).to_owned(), (*label).to_owned())).collect();
    let options = StoredValue::new(options);
    let hint = if has_password { words::PASSWORD_IS_SET } else { words::PASSWORD_HINT };
    let server_hint = if server_fixed { words::FROM_COMMAND_LINE } else { words::HOST_HINT };
    let sender_hint = if sender_fixed { words::FROM_COMMAND_LINE } else { words::SENDER_HINT };
    let may_save = !(server_fixed && sender_fixed);
    view! {
        <Form action=SaveMailSettings::PATH>
            <fieldset class="card">
                <legend>{words::MAIL_SERVER}</legend>
                <div class="columns">
                    <Field name="sender" label=words::SENDER kind="email" fixed=sender_fixed value=form.sender hint=sender_hint/>
                    <Field name="host" label=words::HOST fixed=server_fixed value=form.host hint=server_hint/>
                    <Field name="port" label=words::PORT fixed=server_fixed value=form.port hint=words::PORT_HINT/>
                    <Select name="security" label=words::SECURITY value=form.security options=options.get_value()/>
                    <Field name="user" label=words::USER fixed=server_fixed value=form.user/>
                    <Field name="password" label=words::PASSWORD kind="password" fixed=server_fixed hint=hint/>
                </div>
                <AnywayField/>
            </fieldset>
            {may_save.then(|| view! { <SubmitBar><Submit label=words::SAVE_MAIL/></SubmitBar> })}
        </Form>
        <section class="card" aria-labelledby="mail-heading">
            <h2 id="mail-heading"><Icon name="send"/>{words::TEST}</h2>
            <Form action=SendTestMail::PATH summary=false prefix="t-">
                <div class="actions"><Submit label=words::TEST kind=""/></div>
            </Form>
        </section>
    }
}

/// Once the server did not answer: a box that says to save it all the same.
#[component]
fn AnywayField() -> impl IntoView {
    let form: FormState = expect_context();
    move || {
        let failed = form.errors().of("host").is_some_and(|error| error.message != words::NOT_A_HOST);
        failed.then(|| view! { <Tick name="anyway" label=words::ANYWAY ticked=false/> })
    }
}

/// `/operator/settings/lifetimes`
#[component]
pub fn LifetimesPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::EditSettings) {
        return refused;
    }
    let data = fetch_live(|| ShowLifetimes {});
    view! {
        <Heading title=words::LIFETIMES above=above()/>
        <SettingsTabs/>
        <p class="lead">{words::LIFETIMES_LEAD}</p>
        {load(data, move |form: LifetimesForm| {
            let values: Vec<String> = form.values().into_iter().map(str::to_owned).collect();
            let values = StoredValue::new(values);
            view! {
                <Form action=SaveLifetimes::PATH>
                    <section class="card">
                        <div class="columns">
                            {LIFETIMES.into_iter().zip(values.get_value()).map(|((name, label, hint, ..), value)| view! {
                                <Field name=name label=label value=value hint=hint required=true/>
                            }).collect_view()}
                        </div>
                    </section>
                    <SubmitBar><Submit label=words::SAVE_LIFETIMES/></SubmitBar>
                </Form>
            }
        })}
    }
    .into_any()
}
