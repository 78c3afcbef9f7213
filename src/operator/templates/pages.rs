//! The screens of templates: the list, and one with its form, preview and history.

use super::model::{TemplatePage, TemplateRow};
use super::rpc::{
    ListTemplates, ResetTemplate, SaveTemplateDraft, ShowTemplate, TakeTemplate, TestTemplate, UseTemplate,
};
use super::words;
use crate::operator::desk::components::needs;
use crate::operator::settings::components::SettingsTabs;
use crate::paths;
use crate::permission::StaffPermission;
use crate::ui::field::{Field, TextArea};
use crate::ui::form::{Form, Hidden, Submit};
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::load::{fetch_live, load};
use crate::ui::time_format;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_params_map;

/// `/operator/settings/templates`
#[component]
pub fn TemplatesPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::EditSettings) {
        return refused;
    }
    let data = fetch_live(|| ListTemplates {});
    view! {
        <Heading title=words::TEMPLATES/>
        <SettingsTabs/>
        <p class="lead">{words::LEAD}</p>
        {load(data, |all: Vec<TemplateRow>| {
            let rows = all.into_iter().map(|row| view! { <TemplateLine row=row/> }).collect_view();
            view! {
                <table class="rows">
                    <caption class="visually-hidden">{words::TEMPLATES}</caption>
                    <thead><tr><th scope="col">{words::KIND}</th><th scope="col">{words::STATUS}</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            }
        })}
    }
    .into_any()
}

#[component]
fn Status(row: TemplateRow) -> impl IntoView {
    let changed = match row.changed {
        true => view! { <span class="pill teal"><Icon name="edit"/>{words::CHANGED}</span> }.into_any(),
        false => view! { <span class="pill">{words::AS_IT_IS}</span> }.into_any(),
    };
    let draft =
        row.draft.then(|| view! { " "<span class="pill amber"><Icon name="clock"/>{words::DRAFT}</span> });
    view! { {changed}{draft} }
}

#[component]
fn TemplateLine(row: TemplateRow) -> impl IntoView {
    let to = paths::template(&row.kind);
    view! {
        <tr>
            <td class="person"><span class="two-lines"><strong><a href=to>{row.example.clone()}</a></strong><small>{row.kind.clone()}</small></span></td>
            <td data-label=words::STATUS><Status row=row/></td>
        </tr>
    }
}

/// `/operator/settings/templates/{kind}`
#[component]
pub fn TemplateScreen() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::EditSettings) {
        return refused;
    }
    let params = use_params_map();
    let data = fetch_live(move || ShowTemplate { kind: params.read().get("kind").unwrap_or_default() });
    let above = vec![(paths::TEMPLATES.to_owned(), words::TEMPLATES.to_owned())];
    view! {
        <Heading title=words::EDIT above=above/>
        {load(data, |page: TemplatePage| view! { <Template page=page/> })}
    }
    .into_any()
}

#[component]
fn Template(page: TemplatePage) -> impl IntoView {
    let TemplatePage { row, form, variables, preview, history, version, now } = page;
    let kind = row.kind.clone();
    // Another address, so that the frame loads anew.
    let frame = format!("{}?v={version}", paths::template_preview(&kind));
    let (subject, text) = preview;
    let (version, title) = (version.to_string(), row.example.clone());
    let (changed, draft) = (row.changed, row.draft);
    let button =
        |action: &'static str, label: &'static str, kind_of: &'static str, on: bool, kind: String| {
            on.then(|| {
                view! {
                    <Form action=action summary=false about=("kind", kind)>
                        <Submit label=label kind=kind_of/>
                    </Form>
                }
            })
        };
    let buttons = [
        button(UseTemplate::PATH, words::USE, "", draft, kind.clone()),
        button(TestTemplate::PATH, words::TEST, "secondary", true, kind.clone()),
        button(ResetTemplate::PATH, words::RESET, "secondary", changed || draft, kind.clone()),
    ]
    .into_iter()
    .collect_view();
    let variables = variables
        .into_iter()
        .map(|(name, value)| view! { <dt><code>{format!("{{{{{name}}}}}")}</code></dt><dd>{value}</dd> })
        .collect_view();
    let none = history.is_empty().then(|| view! { <p class="hint">{words::NO_HISTORY}</p> });
    let (of, counted) = (kind.clone(), version.clone());
    let history = history
        .into_iter()
        .map(|(id, by, at)| {
            let (of, counted) = (of.clone(), counted.clone());
            view! {
                <li>
                    <span>{by}" · "<time datetime=at.iso() title=time_format::exact(at)>{time_format::relative(at, now)}</time></span>
                    <Form action=TakeTemplate::PATH summary=false about=("id", id)>
                        <input type="hidden" name="kind" value=of/>
                        <Hidden name="version" value=counted/>
                        <Submit label=words::TAKE kind="small"/>
                    </Form>
                </li>
            }
        })
        .collect_view();
    view! {
        <p class="lead">{title}" "<Status row=row/></p>
        <div class="template">
            <section class="card" aria-labelledby="words-heading">
                <h2 id="words-heading"><Icon name="edit"/>{words::BODY}</h2>
                <Form action=SaveTemplateDraft::PATH long=true>
                    <input type="hidden" name="kind" value=kind/>
                    <Hidden name="version" value=version/>
                    <Field name="subject" label=words::SUBJECT required=true value=form.subject/>
                    <Field name="heading" label=words::HEADING required=true value=form.heading/>
                    <TextArea name="body" label=words::BODY required=true value=form.body hint=words::BODY_HINT rows=12/>
                    <div class="actions"><Submit label=words::SAVE_DRAFT/></div>
                </Form>
                <h3>{words::VARIABLES}</h3>
                <p class="hint">{words::VARIABLES_LEAD}</p>
                <dl class="facts">{variables}</dl>
            </section>
            <section class="card mail" aria-labelledby="preview-heading">
                <h2 id="preview-heading"><Icon name="eye"/>{words::PREVIEW}</h2>
                <p class="hint">{words::PREVIEW_LEAD}</p>
                <p><strong>{subject}</strong></p>
                <iframe title=words::MESSAGE sandbox="allow-popups allow-top-navigation-by-user-activation" src=frame></iframe>
                <details><summary>{words::PLAIN_TEXT}</summary><pre tabindex="0">{text}</pre></details>
                <div class="actions">{buttons}</div>
            </section>
            <section class="card" aria-labelledby="history-heading">
                <h2 id="history-heading"><Icon name="history"/>{words::HISTORY}</h2>
                {none}
                <ul class="lines">{history}</ul>
            </section>
        </div>
    }
}
