//! The screens of roles: the list, and the form of one.

use super::model::{RoleRow, RoleView};
use super::rpc::{CreateRole, DeleteRole, EditRole, ListRoles, UpdateRole};
use super::words;
use crate::features::contacts::model::ROLE;
use crate::features::permissions::components::{PermissionsSection, givable, needs_manager};
use crate::features::permissions::model::{Givable, Grant};
use crate::frame::{Frame, account_in_url, use_frame};
use crate::paths;
use crate::types::{AccountId, RoleId};
use crate::ui::dialog::Dialog;
use crate::ui::field::{Field, Tick};
use crate::ui::form::{Form, Hidden, Submit, SubmitBar};
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::load::{fetch, fetch_live, load};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::{use_params_map, use_query_map};

fn above_roles(frame: &Frame) -> Vec<(String, String)> {
    vec![
        (paths::account(&frame.account), frame.name.clone()),
        (paths::contacts(&frame.account), words::CONTACTS.into()),
    ]
}

fn above_one(frame: &Frame) -> Vec<(String, String)> {
    [above_roles(frame), vec![(paths::roles(&frame.account), words::TITLE.into())]].concat()
}

/// `/a/{account}/contacts/roles`: the account's own roles (R11).
#[component]
pub fn RolesPage() -> impl IntoView {
    let frame = use_frame();
    if let Some(refused) = needs_manager(&frame) {
        return refused;
    }
    let account = account_in_url();
    let url = use_query_map();
    let asked = move || url.with(|url| url.get("delete")).and_then(|id| RoleId::parse(&id));
    let data = fetch_live(move || ListRoles { account: account.get() });
    let new = paths::new_role(&frame.account);
    view! {
        <Heading title=words::TITLE above=above_roles(&frame)>
            <a class="button primary" href=new><Icon name="plus"/>{words::NEW}</a>
        </Heading>
        <p class="lead">{words::LEAD}</p>
        {load(data, move |roles: Vec<RoleRow>| {
            let account = account.get_untracked();
            let asked = asked().and_then(|id| roles.iter().find(|role| role.id == id).cloned());
            let dialog = asked.map(|role| view! { <DeleteDialog role=role account=account.clone()/> });
            view! { <Roles roles=roles account=account.clone()/>{dialog} }
        })}
    }
    .into_any()
}

#[component]
fn Roles(roles: Vec<RoleRow>, account: AccountId) -> impl IntoView {
    if roles.is_empty() {
        let new = paths::new_role(&account);
        return view! {
            <div class="empty"><Icon name="key"/><p>{words::NONE}</p><p><a class="button" href=new>{words::NEW}</a></p></div>
        }
        .into_any();
    }
    let rows = roles
        .into_iter()
        .map(|role| {
            let who = format!("{}?{ROLE}={}", paths::contacts(&account), role.id);
            let people = if role.people == 0 {
                words::people(0).into_any()
            } else {
                view! { <a href=who>{words::people(role.people)}</a> }.into_any()
            };
            let (edit, delete) =
                (paths::role(&account, &role.id), format!("{}?delete={}", paths::roles(&account), role.id));
            let (id, name) = (format!("d-{}", role.id), role.name.clone());
            view! {
                <tr>
                    <th scope="row"><a href=edit>{role.name}</a></th>
                    <td data-label="Opens">{role.opens}</td>
                    <td data-label="Who has it">{people}</td>
                    <td class="row-action"><a class="danger-link" id=id href=delete aria-label=words::delete(&name)>{words::DELETE}</a></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="rows roles">
            <caption class="visually-hidden">{words::TITLE}</caption>
            <thead><tr><th scope="col">{words::ROLE}</th><th scope="col">{words::OPENS}</th><th scope="col">{words::WHO_HAS_IT}</th><th scope="col"><span class="visually-hidden">{words::ACTIONS}</span></th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

#[component]
fn DeleteDialog(role: RoleRow, account: AccountId) -> impl IntoView {
    let close = paths::roles(&account);
    let cancel = close.clone();
    let verb = words::delete_2(&role.name);
    let (of, id) = (account.to_string(), role.id.to_string());
    view! {
        <Dialog title=format!("{verb}?") close=close opener=format!("d-{}", role.id)>
            <p>{words::DELETE_KEEPS}</p>
            <Form action=DeleteRole::PATH prefix="delete-">
                <input type="hidden" name="account" value=of/>
                <input type="hidden" name="role" value=id/>
                <div class="actions">
                    <a class="button" href=cancel>{words::CANCEL}</a>
                    <Submit label=verb kind="danger"/>
                </div>
            </Form>
        </Dialog>
    }
}

/// `/a/{account}/contacts/roles/new`.
#[component]
pub fn NewRolePage() -> impl IntoView {
    let frame = use_frame();
    if let Some(refused) = needs_manager(&frame) {
        return refused;
    }
    let data = givable(frame.account.clone());
    load(data, move |givable: Givable| {
        let (of, back) = (frame.account.to_string(), paths::roles(&frame.account));
        view! {
            <Heading title=words::NEW above=above_one(&frame)/>
            <Form action=CreateRole::PATH long=true>
                <input type="hidden" name="account" value=of/>
                <NameCard name=""/>
                <fieldset class="card">
                    <legend>{words::PERMISSIONS}</legend>
                    <PermissionsSection before=Grant::default() givable=givable saves_roles=false/>
                </fieldset>
                <SubmitBar>
                    <Submit label=words::SAVE_ROLE/>
                    <a class="button" href=back>{words::CANCEL}</a>
                </SubmitBar>
            </Form>
        }
    })
}

#[component]
fn NameCard(#[prop(into)] name: String) -> impl IntoView {
    view! {
        <fieldset class="card">
            <legend>{words::ROLE}</legend>
            <Field name="name" label=words::NAME required=true value=name hint=words::NAME_HINT/>
        </fieldset>
    }
}

/// `/a/{account}/contacts/roles/{role}`.
#[component]
pub fn RolePage() -> impl IntoView {
    let frame = use_frame();
    if let Some(refused) = needs_manager(&frame) {
        return refused;
    }
    let account = account_in_url();
    let params = use_params_map();
    let role = Memo::new(move |_| {
        let id = params.read().get("role").and_then(|id| RoleId::parse(&id));
        id.unwrap_or_else(|| RoleId::from(String::new()))
    });
    let data = fetch(move || EditRole { account: account.get(), role: role.get() });
    load(data, move |(role, mut givable): (RoleView, Givable)| {
        let (of, back) = (frame.account.to_string(), paths::roles(&frame.account));
        // The role itself is no choice in its own form.
        givable.roles.retain(|other| other.id != role.id);
        let count = role.count;
        let people = role
            .people
            .into_iter()
            .map(|(contact, name)| view! { <li><a href=paths::contact(&frame.account, &contact)>{name}</a></li> })
            .collect_view();
        let who = format!("{}?{ROLE}={}", paths::contacts(&frame.account), role.id);
        let who = if count > 0 {
            view! { <ul class="named">{people}</ul><p class="foot"><a href=who>{words::SHOW_THEM_IN_THE_LIST}</a></p> }.into_any()
        } else {
            view! { <p class="hint">{words::NOBODY}</p> }.into_any()
        };
        view! {
            <Heading title=role.name.clone() above=above_one(&frame)/>
            <Form action=UpdateRole::PATH long=true>
                <input type="hidden" name="account" value=of/>
                <input type="hidden" name="role" value=role.id.to_string()/>
                <Hidden name="version" value=role.version.to_string()/>
                <NameCard name=role.name/>
                <fieldset class="card">
                    <legend>{words::PERMISSIONS}</legend>
                    <PermissionsSection before=role.grant givable=givable saves_roles=false/>
                </fieldset>
                {(count > 0).then(|| view! {
                    <div class="card"><Tick name="follow" label=words::follow(count) ticked=true hint=words::FOLLOW_HINT/></div>
                })}
                <SubmitBar>
                    <Submit label=words::SAVE_CHANGES/>
                    <a class="button" href=back>{words::CANCEL}</a>
                </SubmitBar>
            </Form>
            <section class="card" aria-labelledby="who-heading">
                <h2 id="who-heading"><Icon name="users"/>{words::WHO_HAS_THIS_ROLE}</h2>
                {who}
            </section>
        }
    })
    .into_any()
}
