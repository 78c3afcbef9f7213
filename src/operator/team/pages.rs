//! The screens of staff: the list, and the form of one.

use super::model::StaffRow;
use super::rpc::{AddStaff, ChangeStaff, ListStaff, SetStaffActive, ShowStaff};
use super::words;
use crate::operator::desk::components::{needs, use_desk};
use crate::paths;
use crate::permission::{StaffGroup, StaffPermission, StaffPermissions, StaffRole};
use crate::types::UserId;
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
            <a class="button primary" href=paths::NEW_STAFF><Icon name="plus"/>{words::ADD}</a>
        </Heading>
        <p class="lead">{words::LEAD}</p>
        {load(data, |rows: Vec<StaffRow>| {
            let rows = rows.into_iter().map(|row| view! { <Row row=row/> }).collect_view();
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
fn Row(row: StaffRow) -> impl IntoView {
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
            <td data-label=words::ROLE>{row.permissions.role().title()}</td>
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
    view! {
        <Heading title=words::ADD above=above()/>
        <Form action=AddStaff::PATH>
            <section class="card">
                <div class="columns">
                    <Field name="name" label=words::NAME required=true/>
                    <Field name="email" label=words::E_MAIL kind="email" required=true hint=words::ADDED_LINK/>
                </div>
            </section>
            <RoleFields held=StaffRole::Support.permissions().unwrap_or_default()/>
            <SubmitBar>
                <Submit label=words::ADD/>
                <a class="button" href=paths::STAFF>{words::CANCEL}</a>
            </SubmitBar>
        </Form>
    }
    .into_any()
}

/// The roles, and the boxes that count with "Custom".
#[component]
fn RoleFields(held: StaffPermissions) -> impl IntoView {
    let mine = use_desk().permissions;
    let role = RwSignal::new(held.role().key().to_owned());
    let roles = StaffRole::NAMED
        .into_iter()
        .chain([StaffRole::Custom])
        .map(|one| {
            let key = one.key();
            let chosen = move || role.get() == key;
            view! {
                <label class="choice-row">
                    <input type="radio" name="role" value=key checked=held.role() == one prop:checked=chosen on:change=move |_| role.set(key.to_owned())/>
                    <span class="two-lines"><strong>{one.title()}</strong><small>{one.sentence()}</small></span>
                </label>
            }
        })
        .collect_view();
    let boxes = StaffGroup::ALL
        .into_iter()
        .map(|group| {
            let ticks = group
                .permissions()
                .filter(|permission| mine.has(*permission) || held.has(*permission))
                .map(|permission| {
                    view! { <Tick name="permissions[]" value=permission.key() label=permission.title() ticked=held.has(permission) hint=permission.sentence()/> }
                })
                .collect_view();
            view! { <div><h3>{group.title()}</h3>{ticks}</div> }
        })
        .collect_view();
    view! {
        <fieldset class="card">
            <legend>{words::WHAT_THEY_MAY_DO}</legend>
            <div class="choice-rows">{roles}</div>
            <FieldError name="role"/>
            <div class="staff-boxes columns" class:off=move || role.get() != "custom">{boxes}</div>
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
    let user = move || {
        params
            .read()
            .get("user")
            .and_then(|id| UserId::parse(&id))
            .unwrap_or_else(|| UserId::from(String::new()))
    };
    let data = fetch_live(move || ShowStaff { user: user() });
    load(data, |row: StaffRow| {
        let (user, version) = (row.user.to_string(), row.version.to_string());
        let (label, kind, on) =
            if row.active { (words::REMOVE, "danger", "") } else { (words::TAKE_BACK, "", "on") };
        let (of, counted) = (user.clone(), version.clone());
        view! {
            <Heading title=row.name above=above()/>
            <p class="lead">{row.email}</p>
            <Form action=ChangeStaff::PATH>
                <input type="hidden" name="user" value=user/>
                <Hidden name="version" value=version/>
                <RoleFields held=row.permissions/>
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
        }
    })
}
