//! The screens of departments: the list, and the form of one.

use super::model::{Department, hours};
use super::rpc::{DeleteDepartment, ListDepartments, SaveDepartment, ShowDepartment};
use super::words;
use crate::features::requests::model::RequestKind;
use crate::operator::desk::components::needs;
use crate::operator::settings::components::SettingsTabs;
use crate::paths;
use crate::permission::StaffPermission;
use crate::ui::field::{Field, Tick};
use crate::ui::form::{Form, Hidden, Submit, SubmitBar};
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::load::{fetch_live, load};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_params_map;

fn above() -> Vec<(String, String)> {
    vec![(paths::DEPARTMENTS.into(), words::DEPARTMENTS.into())]
}

/// `/operator/settings/departments`
#[component]
pub fn DepartmentsPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::EditSettings) {
        return refused;
    }
    let data = fetch_live(|| ListDepartments {});
    view! {
        <Heading title=words::DEPARTMENTS>
            <a class="button primary" href=paths::NEW_DEPARTMENT><Icon name="plus"/>{words::NEW}</a>
        </Heading>
        <SettingsTabs/>
        <p class="lead">{words::LEAD}</p>
        {load(data, |all: Vec<Department>| {
            if all.is_empty() {
                return view! { <div class="empty"><Icon name="users"/><h2>{words::NONE}</h2><p>{words::NONE_HINT}</p></div> }.into_any();
            }
            let rows = all.into_iter().map(|one| view! { <DepartmentLine one=one/> }).collect_view();
            view! {
                <table class="rows">
                    <caption class="visually-hidden">{words::DEPARTMENTS}</caption>
                    <thead><tr><th scope="col">{words::NAME}</th><th scope="col">{words::TAKES}</th><th scope="col">{words::STAFF}</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            }.into_any()
        })}
    }
    .into_any()
}

/// "Upgrade, Cancellation".
fn titles(keys: &[String]) -> String {
    let titles: Vec<&str> =
        keys.iter().filter_map(|key| RequestKind::from_key(key)).map(RequestKind::title).collect();
    if titles.is_empty() { words::NOTHING.into() } else { titles.join(", ") }
}

#[component]
fn DepartmentLine(one: Department) -> impl IntoView {
    let hidden = one.hidden.then(|| view! { <span class="pill">{words::HIDDEN}</span> });
    let staff = if one.staff.is_empty() { words::EVERYBODY.to_owned() } else { one.staff.join(", ") };
    view! {
        <tr>
            <td class="person"><span class="two-lines"><strong><a href=paths::department(&one.id)>{one.name}</a>" "{hidden}</strong><small>{one.email}</small></span></td>
            <td data-label=words::TAKES>{titles(&one.requests)}</td>
            <td data-label=words::STAFF>{staff}</td>
        </tr>
    }
}

/// `/operator/settings/departments/new`
#[component]
pub fn NewDepartmentPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::EditSettings) {
        return refused;
    }
    view! { <Heading title=words::NEW above=above()/><DepartmentFields one=Department { by_mail: true, ..Department::default() }/> }
        .into_any()
}

/// `/operator/settings/departments/{department}`
#[component]
pub fn DepartmentPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::EditSettings) {
        return refused;
    }
    let params = use_params_map();
    let data = fetch_live(move || ShowDepartment { id: params.read().get("department").unwrap_or_default() });
    load(data, |one: Department| {
        let id = one.id.clone();
        view! {
            <Heading title=one.name.clone() above=above()/>
            <DepartmentFields one=one/>
            <section class="card">
                <p>{words::DELETE_LEAD}</p>
                <Form action=DeleteDepartment::PATH prefix="d-">
                    <input type="hidden" name="id" value=id/>
                    <div class="actions"><Submit label=words::DELETE kind="danger"/></div>
                </Form>
            </section>
        }
    })
}

#[component]
fn DepartmentFields(one: Department) -> impl IntoView {
    let kinds = StoredValue::new(one.requests);
    view! {
        <Form action=SaveDepartment::PATH>
            <input type="hidden" name="id" value=one.id/>
            <Hidden name="version" value=one.version.to_string()/>
            <section class="card">
                <div class="columns">
                    <Field name="name" label=words::NAME required=true value=one.name hint=words::NAME_HINT/>
                    <Field name="email" label=words::E_MAIL kind="email" required=true value=one.email hint=words::E_MAIL_HINT/>
                </div>
                <Tick name="by_mail" label=words::BY_MAIL ticked=one.by_mail hint=words::BY_MAIL_HINT/>
                <Tick name="hidden" label=words::HIDDEN ticked=one.hidden hint=words::HIDDEN_HINT/>
            </section>
            <fieldset class="card">
                <legend>{words::PROMISES}</legend>
                <p class="hint">{words::PROMISES_HINT}</p>
                <div class="columns">
                    <Field name="first_answer" label=words::FIRST_ANSWER value=hours(one.answers.0)/>
                    <Field name="next_answer" label=words::NEXT_ANSWER value=hours(one.answers.1)/>
                </div>
            </fieldset>
            <fieldset class="card">
                <legend>{words::TAKES}</legend>
                <p class="hint">{words::TAKES_HINT}</p>
                {RequestKind::ALL.into_iter().map(|kind| {
                    let ticked = kinds.with_value(|kinds| kinds.iter().any(|key| key == kind.key()));
                    view! { <Tick name="requests[]" value=kind.key() label=kind.title() ticked=ticked/> }
                }).collect_view()}
            </fieldset>
            <SubmitBar>
                <Submit label=words::SAVE/>
                <a class="button" href=paths::DEPARTMENTS>{words::CANCEL}</a>
            </SubmitBar>
        </Form>
    }
}
