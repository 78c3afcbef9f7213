//! The screens of imports: where files are brought, and how far one is.

use super::model::{ImportKind, ImportState, ImportView, Report};
use super::rpc::{AnnounceImport, ListImports, ShowImport, StartImport};
use super::words;
use crate::operator::desk::components::needs;
use crate::paths;
use crate::permission::StaffPermission;
use crate::types::counted;
use crate::ui::form::{Form, Submit};
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::load::{fetch_live, load, look_again_every};
use crate::ui::refused::RefusedInUrl;
use crate::ui::time_format;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_params_map;
use std::time::Duration;

/// `/operator/import`
#[component]
pub fn ImportPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::ImportCustomers) {
        return refused;
    }
    let data = fetch_live(|| ListImports {});
    let kinds = ImportKind::ALL
        .into_iter()
        .map(|kind| {
            view! {
                <label class="choice-row">
                    <input type="radio" name="kind" value=kind.key() checked={ kind == ImportKind::Customers }/>
                    <span>{kind.title()}</span>
                </label>
            }
        })
        .collect_view();
    let columns = ImportKind::ALL.into_iter().map(|kind| view! { <Columns kind=kind/> }).collect_view();
    view! {
        <Heading title=words::IMPORT/>
        <p class="lead">{words::LEAD}</p>
        <RefusedInUrl/>
        <section class="card">
            <form method="post" action=paths::IMPORT_UPLOAD enctype="multipart/form-data">
                <fieldset><legend>{words::KIND}</legend><div class="choice-rows">{kinds}</div></fieldset>
                <div class="upload">
                    <label for="import-file">{words::FILE}</label>
                    <p class="hint" id="import-hint">{words::FILE_HINT}</p>
                    <input id="import-file" type="file" name="file" accept=".csv,text/csv,text/plain" aria-describedby="import-hint"/>
                </div>
                <div class="actions"><button class="button primary" type="submit">{words::CHECK}</button></div>
            </form>
        </section>
        <section class="card" aria-labelledby="columns-heading">
            <h2 id="columns-heading">{words::COLUMNS}</h2>
            {columns}
        </section>
        <section class="card" aria-labelledby="earlier-heading">
            <h2 id="earlier-heading"><Icon name="history"/>{words::EARLIER}</h2>
            {load(data, |all: Vec<ImportView>| {
                if all.is_empty() {
                    return view! { <p class="hint">{words::NONE_YET}</p> }.into_any();
                }
                let rows = all.into_iter().map(|one| {
                    let at = time_format::relative(one.at, one.now);
                    view! { <li><a href=paths::import(&one.id)>{one.file}</a><span>{one.kind.title()}</span><small>{title(one.state)}</small><time class="hint">{at}</time></li> }
                }).collect_view();
                view! { <ul class="lines">{rows}</ul> }.into_any()
            })}
        </section>
    }
    .into_any()
}

#[component]
fn Columns(kind: ImportKind) -> impl IntoView {
    let rows = kind
        .columns()
        .iter()
        .map(|(name, needed, about)| {
            view! { <tr><th scope="row"><code>{*name}</code></th><td data-label=words::NEEDED>{needed.then_some(words::YES)}</td><td data-label=words::MEANING>{*about}</td></tr> }
        })
        .collect_view();
    view! {
        <details class="columns-of">
            <summary>{kind.title()}</summary>
            <p><a href=paths::import_example(kind.key()) rel="external" download>{words::EXAMPLE}</a></p>
            <table class="rows">
                <caption class="visually-hidden">{kind.title()}</caption>
                <thead><tr><th scope="col">{words::COLUMN}</th><th scope="col">{words::NEEDED}</th><th scope="col">{words::MEANING}</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </details>
    }
}

fn title(state: ImportState) -> &'static str {
    match state {
        ImportState::Checking => words::CHECKING,
        ImportState::Checked => words::CHECKED,
        ImportState::Importing => words::IMPORTING,
        ImportState::Done => words::DONE,
        ImportState::Failed => words::FAILED,
    }
}

/// How often a page looks how far a file is.
const EVERY: Duration = Duration::from_secs(1);

/// `/operator/import/{id}`
#[component]
pub fn ImportFilePage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::ImportCustomers) {
        return refused;
    }
    let params = use_params_map();
    let id = move || params.read().get("id").unwrap_or_default();
    let data = fetch_live(move || ShowImport { id: id() });
    let running = RwSignal::new(false);
    look_again_every(EVERY, move || running.get());
    load(data, move |view: ImportView| {
        let on = view.state.is_running();
        if running.get_untracked() != on {
            running.set(on);
        }
        view! { <Shown view=view/> }
    })
}

#[component]
fn Shown(view: ImportView) -> impl IntoView {
    let above = vec![(paths::IMPORT.to_owned(), words::IMPORT.to_owned())];
    let report = view.report.clone();
    let id = view.id.clone();
    let here = paths::import(&view.id);
    let body = match view.state {
        ImportState::Checking | ImportState::Importing => {
            let (done, total) = view.progress.unwrap_or_default();
            let says = (total > 0).then(|| words::progress(&counted(whole(done)), &counted(whole(total))));
            view! {
                <p role="status">{says}</p>
                <progress max=total.max(1).to_string() value={ (total > 0).then(|| done.to_string()) } aria-label=title(view.state)></progress>
                <p class="no-wasm"><a class="button" href=here rel="external">{words::LOOK_AGAIN}</a></p>
            }
            .into_any()
        }
        ImportState::Checked if report.wrong > 0 => {
            view! { <p class="notice"><Icon name="alert"/>{words::HAS_MISTAKES}</p><Numbers report=report.clone()/><Mistakes id=id report=report/> }.into_any()
        }
        ImportState::Checked if report.new + report.changed == 0 => {
            view! { <p class="notice"><Icon name="check"/>{words::NOTHING_TO_DO}</p><Numbers report=report/> }.into_any()
        }
        ImportState::Checked => view! {
            <Numbers report=report/>
            <Form action=StartImport::PATH>
                <input type="hidden" name="id" value=id/>
                <div class="actions"><Submit label=words::IMPORT_NOW/></div>
            </Form>
        }
        .into_any(),
        ImportState::Done => {
            let announce = (view.to_announce > 0).then(|| {
                view! {
                    <p>{words::to_announce(&counted(view.to_announce))}</p>
                    <Form action=AnnounceImport::PATH>
                        <input type="hidden" name="id" value=id/>
                        <div class="actions"><Submit label=words::ANNOUNCE kind=""/></div>
                        <p class="hint">{words::ANNOUNCE_HINT}</p>
                    </Form>
                }
            });
            let announced = view.announced.map(|at| view! { <p class="hint">{words::announced(&time_format::relative(at, view.now))}</p> });
            view! { <Numbers report=report/>{announced}{announce} }.into_any()
        }
        ImportState::Failed => view! { <Mistakes id=id report=report/> }.into_any(),
    };
    view! {
        <Heading title=view.file.clone() above=above/>
        <p class="hint">{view.kind.title()}" · "{words::by(&view.by)}" · "<time datetime=view.at.iso()>{time_format::relative(view.at, view.now)}</time></p>
        <section class="card" aria-labelledby="state-heading">
            <h2 id="state-heading">{title(view.state)}</h2>
            {body}
        </section>
    }
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[component]
fn Numbers(report: Report) -> impl IntoView {
    let parts = [
        (words::NEW, report.new),
        (words::CHANGED, report.changed),
        (words::SAME, report.same),
        (words::WRONG, report.wrong),
    ]
    .map(|(label, count)| view! { <div><dt>{label}</dt><dd>{count}</dd></div> })
    .into_iter()
    .collect_view();
    view! { <dl class="numbers">{parts}</dl> }
}

#[component]
fn Mistakes(id: String, report: Report) -> impl IntoView {
    let shown = report.errors.len();
    let rows = report
        .errors
        .into_iter()
        .map(|error| {
            view! { <tr><td data-label=words::LINE>{error.line}</td><td data-label=words::COLUMN><code>{error.column}</code></td><td data-label=words::REASON>{error.reason}</td></tr> }
        })
        .collect_view();
    let more = (whole(report.wrong) > i64::try_from(shown).unwrap_or(i64::MAX))
        .then(|| view! { <p class="hint">{words::first_of(&shown, &report.wrong)}</p> });
    view! {
        <table class="rows">
            <caption class="visually-hidden">{words::WRONG}</caption>
            <thead><tr><th scope="col">{words::LINE}</th><th scope="col">{words::COLUMN}</th><th scope="col">{words::REASON}</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
        {more}
        <p><a class="button" href=paths::import_report(&id) rel="external" download><Icon name="download"/>{words::REPORT}</a></p>
    }
}
