//! The screen of settings.

use super::model::SettingsPage;
use super::rpc::{RemoveLogo, SaveCompany, SendTestMail, ShowSettings};
use super::words;
use crate::operator::desk::components::needs;
use crate::paths;
use crate::permission::StaffPermission;
use crate::types::{contrast, parse_colour};
use crate::ui::field::{Field, TextArea, Tick};
use crate::ui::form::{Form, Submit, SubmitBar};
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
        {load(data, move |page: SettingsPage| {
            let refused = url.with_untracked(|url| url.get("logo")).unwrap_or_default();
            view! { <Company page=page.clone()/><Logo page=page.clone() refused=refused/><Mail page=page/> }
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

#[component]
fn Mail(page: SettingsPage) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="mail-heading">
            <h2 id="mail-heading"><Icon name="send"/>{words::MAIL}</h2>
            <p>{words::sender(&page.sender)}<br/>{words::base_url(&page.base_url)}</p>
            <Form action=SendTestMail::PATH summary=false>
                <div class="actions"><Submit label=words::TEST kind=""/></div>
            </Form>
        </section>
    }
}
