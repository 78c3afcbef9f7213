//! The screens of staff: the list, and the form of one.

use super::components::{PermissionBoxes, titles};
use super::model::{NamedRole, StaffForm, StaffRow};
use super::rpc::{AddStaff, ChangeStaff, ListStaff, SetStaffActive, ShowStaff};
use super::words;
use crate::operator::desk::components::{needs, use_desk};
use crate::paths;
use crate::permission::{StaffPermission, StaffPermissions, StaffRole};
use crate::ui::field::{Field, FieldError, Tick};
use crate::ui::form::{Form, Hidden, Submit, SubmitBar};
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::load::{fetch_live, load};
use crate::ui::time_format;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_params_map;

fn above() -> Vec<(String, String)> {
    vec![(paths::STAFF.into(), words::STAFF.into())]
}

/// `/operator/staff`
#[component]
pub fn StaffPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::ManageStaff) {
        return refused;
    }
    let data = fetch_live(|| ListStaff {});
    view! {
        <Heading title=words::STAFF>
            <a class="button" href=paths::STAFF_ROLES><Icon name="key"/>{words::ROLES}</a>
            <a class="button primary" href=paths::NEW_STAFF><Icon name="plus"/>{words::ADD}</a>
        </Heading>
        <p class="lead">{words::LEAD}</p>
        {load(data, |rows: Vec<StaffRow>| {
            let rows = rows.into_iter().map(|row| view! { <StaffLine row=row/> }).collect_view();
            view! {
                <table class="rows">
                    <caption class="visually-hidden">{words::STAFF}</caption>
                    <thead><tr><th scope="col">{words::NAME}</th><th scope="col">{words::ROLE}</th><th scope="col">{words::STATUS}</th><th scope="col">{words::LAST_SIGN_IN}</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            }
        })}
    }
    .into_any()
}

#[component]
fn StaffLine(row: StaffRow) -> impl IntoView {
    let status = match (row.active, row.has_factor) {
        (false, _) => view! { <span class="pill"><Icon name="lock"/>{words::DISABLED}</span> }.into_any(),
        (true, false) => {
            view! { <span class="pill amber"><Icon name="alert"/>{words::NO_FACTOR}</span> }.into_any()
        }
        (true, true) => {
            view! { <span class="pill teal"><Icon name="check"/>{words::ACTIVE}</span> }.into_any()
        }
    };
    let seen = row.seen.map_or_else(
        || words::NEVER.into_any(),
        |at| view! { <time datetime=at.iso()>{time_format::exact(at)}</time> }.into_any(),
    );
    let name = if row.own {
        view! { {row.name}" "<span class="pill">{words::YOU}</span> }.into_any()
    } else {
        view! { <a href=paths::staff_member(&row.user)>{row.name}</a> }.into_any()
    };
    view! {
        <tr>
            <td class="person"><span class="two-lines"><strong>{name}</strong><small>{row.email}</small></span></td>
            <td data-label=words::ROLE>{row.role}</td>
            <td data-label=words::STATUS>{status}</td>
            <td data-label=words::LAST_SIGN_IN>{seen}</td>
        </tr>
    }
}

/// `/operator/staff/new`
#[component]
pub fn NewStaffPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::ManageStaff) {
        return refused;
    }
    let data = fetch_live(|| ShowStaff { user: String::new() });
    view! {
        <Heading title=words::ADD above=above()/>
        {load(data, |form: StaffForm| view! {
            <Form action=AddStaff::PATH>
                <section class="card">
                    <div class="columns">
                        <Field name="name" label=words::NAME required=true/>
                        <Field name="email" label=words::E_MAIL kind="email" required=true hint=words::ADDED_LINK/>
                    </div>
                </section>
                <RoleFields held=StaffRole::Support.permissions().unwrap_or_default() named=form.roles/>
                <DepartmentFields all=form.departments of=Vec::new()/>
                <SubmitBar>
                    <Submit label=words::ADD/>
                    <a class="button" href=paths::STAFF>{words::CANCEL}</a>
                </SubmitBar>
            </Form>
        })}
    }
    .into_any()
}

/// The departments that somebody can be limited to; nothing where there are none.
#[component]
fn DepartmentFields(all: Vec<(String, String)>, of: Vec<String>) -> impl IntoView {
    (!all.is_empty()).then(|| {
        let ticks = all
            .into_iter()
            .map(|(id, name)| {
                let ticked = of.contains(&id);
                view! { <Tick name="departments[]" value=id label=name ticked=ticked/> }
            })
            .collect_view();
        view! {
            <fieldset class="card">
                <legend>{words::DEPARTMENTS}</legend>
                <p class="hint">{words::DEPARTMENTS_HINT}</p>
                {ticks}
            </fieldset>
        }
    })
}

/// The roles, and the boxes that count with "Custom".
#[component]
fn RoleFields(held: StaffPermissions, named: Vec<NamedRole>) -> impl IntoView {
    let mine = use_desk().permissions;
    let own = named.iter().find(|role| role.permissions == held && held.role() == StaffRole::Custom);
    let start = own.map_or_else(|| held.role().key().to_owned(), NamedRole::key);
    let role = RwSignal::new(start.clone());
    let ours = |one: StaffRole| (one.key().to_owned(), one.title().to_owned(), one.sentence().to_owned());
    let roles = StaffRole::NAMED
        .into_iter()
        .map(ours)
        .chain(named.into_iter().map(|one| (one.key(), one.name, titles(one.permissions))))
        .chain([ours(StaffRole::Custom)])
        .map(|(key, title, sentence)| {
            let (is, set, first) = (key.clone(), key.clone(), key == start);
            let chosen = move || role.get() == is;
            view! {
                <label class="choice-row">
                    <input type="radio" name="role" value=key checked=first prop:checked=chosen on:change=move |_| role.set(set.clone())/>
                    <span class="two-lines"><strong>{title}</strong><small>{sentence}</small></span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="card">
            <legend>{words::WHAT_THEY_MAY_DO}</legend>
            <div class="choice-rows">{roles}</div>
            <FieldError name="role"/>
            <div class="staff-boxes columns" class:off=move || role.get() != "custom"><PermissionBoxes mine=mine held=held/></div>
        </fieldset>
    }
}

/// `/operator/staff/{user}`
#[component]
pub fn StaffMemberPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::ManageStaff) {
        return refused;
    }
    let params = use_params_map();
    // An id that is none finds nobody, and not the form of new staff.
    let user = move || params.read().get("user").filter(|id| !id.is_empty()).unwrap_or_else(|| "-".into());
    let data = fetch_live(move || ShowStaff { user: user() });
    load(data, |StaffForm { row, roles, departments }| {
        let row = row?;
        let (user, version) = (row.user.to_string(), row.version.to_string());
        let (label, kind, on) =
            if row.active { (words::REMOVE, "danger", "") } else { (words::TAKE_BACK, "", "on") };
        let (of, counted) = (user.clone(), version.clone());
        Some(view! {
            <Heading title=row.name above=above()/>
            <p class="lead">{row.email}</p>
            <Form action=ChangeStaff::PATH>
                <input type="hidden" name="user" value=user/>
                <Hidden name="version" value=version/>
                <RoleFields held=row.permissions named=roles/>
                <DepartmentFields all=departments of=row.departments/>
                <SubmitBar>
                    <Submit label=words::SAVE/>
                    <a class="button" href=paths::STAFF>{words::CANCEL}</a>
                </SubmitBar>
            </Form>
            <section class="card">
                <p>{words::REMOVING}</p>
                <Form action=SetStaffActive::PATH prefix="a-">
                    <input type="hidden" name="user" value=of/>
                    <Hidden name="version" value=counted/>
                    <input type="hidden" name="on" value=on/>
                    <div class="actions"><Submit label=label kind=kind/></div>
                </Form>
            </section>
        })
    })
}
