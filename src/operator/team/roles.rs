//! The screens of roles of staff under a name.

use super::components::{PermissionBoxes, titles};
use super::model::NamedRole;
use super::rpc::{DeleteStaffRole, ListStaffRoles, SaveStaffRole};
use super::words;
use crate::operator::desk::components::{needs, use_desk};
use crate::paths;
use crate::permission::StaffPermission;
use crate::ui::field::{Field, FieldError, Tick};
use crate::ui::form::{Form, Hidden, Submit, SubmitBar};
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::load::{fetch_live, load};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_params_map;

fn above(roles: bool) -> Vec<(String, String)> {
    let staff = (paths::STAFF.into(), words::STAFF.into());
    let roles = roles.then(|| (paths::STAFF_ROLES.into(), words::ROLES.into()));
    std::iter::once(staff).chain(roles).collect()
}

/// `/operator/staff/roles`
#[component]
pub fn StaffRolesPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::ManageStaff) {
        return refused;
    }
    let data = fetch_live(|| ListStaffRoles {});
    view! {
        <Heading title=words::ROLES above=above(false)>
            <a class="button primary" href=paths::NEW_STAFF_ROLE><Icon name="plus"/>{words::NEW_ROLE}</a>
        </Heading>
        <p class="lead">{words::ROLES_LEAD}</p>
        {load(data, |all: Vec<NamedRole>| {
            if all.is_empty() {
                return view! { <div class="empty"><Icon name="key"/><h2>{words::NO_ROLES}</h2><p>{words::NO_ROLES_HINT}</p></div> }.into_any();
            }
            let rows = all
                .into_iter()
                .map(|role| {
                    let people = if role.people.is_empty() { words::NOBODY.to_owned() } else { role.people.join(", ") };
                    view! {
                        <tr>
                            <th scope="row"><a href=paths::staff_role(&role.id)>{role.name}</a></th>
                            <td data-label=words::PERMISSIONS>{titles(role.permissions)}</td>
                            <td data-label=words::WHO_HAS_IT>{people}</td>
                        </tr>
                    }
                })
                .collect_view();
            view! {
                <table class="rows">
                    <caption class="visually-hidden">{words::ROLES}</caption>
                    <thead><tr><th scope="col">{words::NAME}</th><th scope="col">{words::PERMISSIONS}</th><th scope="col">{words::WHO_HAS_IT}</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            }.into_any()
        })}
    }
    .into_any()
}

/// `/operator/staff/roles/new`
#[component]
pub fn NewStaffRolePage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::ManageStaff) {
        return refused;
    }
    view! { <Heading title=words::NEW_ROLE above=above(true)/><RoleForm role=NamedRole::default()/> }
        .into_any()
}

/// `/operator/staff/roles/{role}`
#[component]
pub fn StaffRolePage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::ManageStaff) {
        return refused;
    }
    let params = use_params_map();
    let data = fetch_live(|| ListStaffRoles {});
    load(data, move |all: Vec<NamedRole>| {
        let id = params.read_untracked().get("role").unwrap_or_default();
        let role = all.into_iter().find(|role| role.id == id)?;
        Some(view! {
            <Heading title=role.name.clone() above=above(true)/>
            <RoleForm role=role/>
            <section class="card">
                <p>{words::DELETE_KEEPS}</p>
                <Form action=DeleteStaffRole::PATH prefix="d-">
                    <input type="hidden" name="id" value=id/>
                    <div class="actions"><Submit label=words::DELETE_ROLE kind="danger"/></div>
                </Form>
            </section>
        })
    })
}

#[component]
fn RoleForm(role: NamedRole) -> impl IntoView {
    let mine = use_desk().permissions;
    let held = role.permissions;
    let people = role.people.join(", ");
    let follows = !people.is_empty();
    let people = StoredValue::new(people);
    view! {
        <Form action=SaveStaffRole::PATH>
            <input type="hidden" name="id" value=role.id/>
            <Hidden name="version" value=role.version.to_string()/>
            <section class="card">
                <Field name="name" label=words::NAME required=true value=role.name/>
                {follows.then(|| view! {
                    <p class="hint">{words::WHO_HAS_IT}": "{people.get_value()}</p>
                    <Tick name="follow" label=words::FOLLOW hint=words::FOLLOW_HINT ticked=true/>
                })}
            </section>
            <fieldset class="card">
                <legend>{words::PERMISSIONS}</legend>
                <FieldError name="permissions"/>
                <div class="staff-boxes columns"><PermissionBoxes mine=mine held=held/></div>
            </fieldset>
            <SubmitBar>
                <Submit label=words::SAVE_ROLE/>
                <a class="button" href=paths::STAFF_ROLES>{words::CANCEL}</a>
            </SubmitBar>
        </Form>
    }
}
