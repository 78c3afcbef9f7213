//! The screens of canned replies: the list, and the form of one.

use super::model::{CannedView, VARIABLES};
use super::rpc::{DeleteCanned, ListCanned, SaveCanned, ShowCanned};
use super::words;
use crate::operator::desk::components::needs;
use crate::paths;
use crate::permission::StaffPermission;
use crate::ui::field::{Field, Select, TextArea};
use crate::ui::form::{Form, Hidden, Submit, SubmitBar};
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::load::{fetch_live, load};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_params_map;

/// `/operator/tickets/canned`
#[component]
pub fn CannedPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::AnswerTickets) {
        return refused;
    }
    let data = fetch_live(|| ListCanned {});
    view! {
        <Heading title=words::TITLE above=vec![(paths::DESK.to_owned(), words::TICKETS.to_owned())]>
            <a class="button primary" href=paths::NEW_CANNED><Icon name="plus"/>{words::NEW}</a>
        </Heading>
        <p class="lead">{words::LEAD}</p>
        {load(data, |all: Vec<CannedView>| {
            if all.is_empty() {
                return view! { <div class="empty"><Icon name="edit"/><h2>{words::NONE}</h2><p>{words::NONE_HINT}</p></div> }.into_any();
            }
            let rows = all.into_iter().map(|one| view! { <CannedLine one=one/> }).collect_view();
            view! {
                <table class="rows">
                    <caption class="visually-hidden">{words::TITLE}</caption>
                    <thead><tr><th scope="col">{words::NAME}</th><th scope="col">{words::DEPARTMENT}</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            }.into_any()
        })}
    }
    .into_any()
}

#[component]
fn CannedLine(one: CannedView) -> impl IntoView {
    let department =
        if one.department.1.is_empty() { words::ALL_DEPARTMENTS.to_owned() } else { one.department.1 };
    let begins: String = one.text.chars().take(100).collect();
    view! {
        <tr>
            <td class="person"><span class="two-lines"><strong><a href=paths::canned(&one.id)>{one.name}</a></strong><small>{begins}</small></span></td>
            <td data-label=words::DEPARTMENT>{department}</td>
        </tr>
    }
}

/// `/operator/tickets/canned/new` and `/operator/tickets/canned/{canned}`
#[component]
pub fn CannedFormPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::AnswerTickets) {
        return refused;
    }
    let params = use_params_map();
    let data = fetch_live(move || ShowCanned { id: params.read().get("canned").unwrap_or_default() });
    load(data, |one: CannedView| {
        let title = if one.id.is_empty() { words::NEW.to_owned() } else { one.name.clone() };
        let mut departments = vec![(String::new(), words::ALL_DEPARTMENTS.to_owned())];
        departments.extend(one.departments);
        let of_delete = one.id.clone();
        let delete = (!one.id.is_empty()).then(move || {
            view! {
                <section class="card">
                    <p>{words::DELETE_LEAD}</p>
                    <Form action=DeleteCanned::PATH prefix="d-">
                        <input type="hidden" name="id" value=of_delete/>
                        <div class="actions"><Submit label=words::DELETE kind="danger"/></div>
                    </Form>
                </section>
            }
        });
        let variables = VARIABLES
            .iter()
            .map(|(name, says)| view! { <dt><code>{format!("{{{{{name}}}}}")}</code></dt><dd>{*says}</dd> })
            .collect_view();
        view! {
            <Heading title=title above=vec![(paths::DESK.to_owned(), words::TICKETS.to_owned()), (paths::CANNED.to_owned(), words::TITLE.to_owned())]/>
            <Form action=SaveCanned::PATH>
                <input type="hidden" name="id" value=one.id.clone()/>
                <Hidden name="version" value=one.version.to_string()/>
                <section class="card">
                    <div class="columns">
                        <Field name="name" label=words::NAME required=true value=one.name hint=words::NAME_HINT/>
                        <Select name="department" label=words::DEPARTMENT value=one.department.0 options=departments/>
                    </div>
                    <TextArea name="text" label=words::TEXT required=true rows=10 value=one.text hint=words::TEXT_HINT/>
                    <h2>{words::VARIABLES}</h2>
                    <dl class="facts">{variables}</dl>
                </section>
                <SubmitBar>
                    <Submit label=words::SAVE/>
                    <a class="button" href=paths::CANNED>{words::CANCEL}</a>
                </SubmitBar>
            </Form>
            {delete}
        }
    })
}
