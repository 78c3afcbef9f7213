//! Parts of the pages of tickets: files, recipients, and what keeps a draft.

use super::model::{FileView, Told};
use super::rpc::{FillCanned, PreviewTicket, RemoveTicketFile, SaveTicketDraft};
use super::{upload, words};
use crate::error::AppError;
use crate::paths;
use crate::types::{AccountId, TicketId};
use crate::ui::field::Select;
use crate::ui::form::{Form, Submit};
use crate::ui::icon::Icon;
use crate::ui::load::ask;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;
use std::time::Duration;
use wasm_bindgen::JsCast as _;
use web_sys::{File, FileList, HtmlInputElement, HtmlSelectElement};

/// Keeps what somebody writes while they write it: the server has it a moment later.
#[derive(Clone, Copy)]
pub struct Writing {
    ids: StoredValue<(AccountId, String)>,
    typed: StoredValue<(String, String)>,
    count: StoredValue<u32>,
    kept: RwSignal<bool>,
}

/// A pause in typing, after which it is kept.
const PAUSE: Duration = Duration::from_millis(800);

impl Writing {
    /// For a ticket, or a new one (empty), with the subject and text that are there.
    pub fn new(account: &AccountId, ticket: &str, subject: &str, text: &str) -> Self {
        Self {
            ids: StoredValue::new((account.clone(), ticket.to_owned())),
            typed: StoredValue::new((subject.to_owned(), text.to_owned())),
            count: StoredValue::new(0),
            kept: RwSignal::new(false),
        }
    }

    /// The subject was changed.
    pub fn subject(self, typed: String) {
        self.typed.update_value(|both| both.0 = typed);
        self.later();
    }

    /// The text was changed.
    pub fn text(self, typed: String) {
        self.typed.update_value(|both| both.1 = typed);
        self.later();
    }

    fn later(self) {
        self.kept.set(false);
        self.count.update_value(|count| *count += 1);
        let mine = self.count.get_value();
        set_timeout(
            move || {
                if self.count.try_get_value() != Some(mine) {
                    return;
                }
                let ((account, ticket), (subject, text)) = (self.ids.get_value(), self.typed.get_value());
                spawn_local(async move {
                    if ask(SaveTicketDraft { account, ticket, subject, text }).await.is_ok()
                        && self.count.try_get_value() == Some(mine)
                    {
                        let _ = self.kept.try_set(true);
                    }
                });
            },
            PAUSE,
        );
    }

    /// Whether it is kept, for the person.
    pub fn says(self) -> &'static str {
        if self.kept.get() { words::DRAFT_KEPT } else { "" }
    }
}

/// How what is being written will look. Without WASM it is a page of its own, beside this one.
#[component]
pub fn Preview(
    /// What is being written.
    writing: Writing,
    /// The account.
    account: AccountId,
) -> impl IntoView {
    let shown = RwSignal::new(None::<String>);
    let look = move |_| {
        if shown.get_untracked().is_some() {
            shown.set(None);
            return;
        }
        let (account, _) = writing.ids.get_value();
        let (_, text) = writing.typed.get_value();
        spawn_local(async move {
            if let Ok(html) = ask(PreviewTicket { account, text }).await {
                let _ = shown.try_set(Some(html));
            }
        });
    };
    view! {
        <div class="text-preview">
            <button type="button" class="button small wasm" on:click=look>{move || if shown.get().is_some() { words::HIDE_PREVIEW } else { words::PREVIEW }}</button>
            <button class="button small no-wasm" formmethod="post" formtarget="_blank" formaction=paths::ticket_preview(&account)>{words::PREVIEW}</button>
            <div role="status">{move || shown.get().map(|html| view! { <div class="card text" inner_html=html></div> })}</div>
        </div>
    }
}

/// Answers that staff give often. With WASM one is put where the cursor is as soon as it is chosen.
#[component]
pub fn CannedReplies(
    /// Id and name.
    all: Vec<(String, String)>,
    /// The account.
    account: AccountId,
    /// The ticket.
    ticket: TicketId,
) -> impl IntoView {
    let mut options = vec![(String::new(), words::NO_CANNED.to_owned())];
    options.extend(all);
    let ids = StoredValue::new((account, ticket));
    let chosen = move |event: leptos::ev::Event| {
        let canned = event_target_value(&event);
        let Some(select) = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok())
        else {
            return;
        };
        if canned.is_empty() {
            return;
        }
        let (account, ticket) = ids.get_value();
        spawn_local(async move {
            if let Ok(text) = ask(FillCanned { account, ticket, canned }).await {
                insert(&text);
                select.set_value("");
            }
        });
    };
    view! {
        <div class="canned" on:change=chosen>
            <Select name="canned" label=words::CANNED value="" options=options/>
            <button type="submit" class="button small no-wasm" name="then" value="insert">{words::INSERT}</button>
        </div>
    }
}

/// Puts a text where the cursor is in the answer.
fn insert(text: &str) {
    let Some(area) = document()
        .get_element_by_id("f-text")
        .and_then(|element| element.dyn_into::<web_sys::HtmlTextAreaElement>().ok())
    else {
        return;
    };
    let (start, end) = (area.selection_start().ok().flatten(), area.selection_end().ok().flatten());
    let length = u32::try_from(area.value().encode_utf16().count()).unwrap_or(u32::MAX);
    let _ = area.focus();
    let _ = area.set_range_text_with_start_and_end(text, start.unwrap_or(length), end.unwrap_or(length));
    let init = web_sys::EventInit::new();
    init.set_bubbles(true);
    if let Ok(event) = web_sys::Event::new_with_event_init_dict("input", &init) {
        let _ = area.dispatch_event(&event);
    }
}

/// Who gets what is about to be sent, and why (T5).
#[component]
pub fn Recipients(
    /// They.
    told: Vec<Told>,
    /// Staff are told, too.
    support: bool,
) -> impl IntoView {
    let alone = told.is_empty();
    let nobody = (told.is_empty() && !support).then_some(words::NOBODY_GETS);
    let rows = told
        .into_iter()
        .map(|one| {
            let email = (one.name != one.email).then(|| format!(" <{}>", one.email));
            view! { <li><b>{one.name}</b>{email}<span class="hint">{one.why}</span></li> }
        })
        .collect_view();
    view! {
        <div class="recipients-of" role="group" aria-label=words::WHO_GETS_THIS>
            <p class="tile-label"><Icon name="mail"/>{words::WHO_GETS_THIS}</p>
            <ul>{rows}{support.then(|| view! { <li><span class="hint">{if alone { words::SUPPORT_ALONE } else { words::SUPPORT_TOO }}</span></li> })}</ul>
            {nobody.map(|says| view! { <p class="hint">{says}</p> })}
        </div>
    }
}

/// A file that is on its way.
#[derive(Clone)]
struct OnItsWay {
    key: u32,
    name: String,
    percent: RwSignal<u32>,
    failed: RwSignal<Option<String>>,
    file: StoredValue<Option<File>, LocalStorage>,
}

/// The files that go with what is being written in the form with the id `write`.
#[component]
pub fn FilesBox(
    /// The account.
    account: AccountId,
    /// The ticket; empty for a new one.
    ticket: String,
    /// What is there.
    files: Vec<FileView>,
) -> impl IntoView {
    let refused = use_query_map().with_untracked(|url| url.get("refused")).filter(|says| !says.is_empty());
    let here = RwSignal::new(files);
    let on_its_way = RwSignal::new(Vec::<OnItsWay>::new());
    let ids = StoredValue::new((account.clone(), ticket.clone()));
    let count = StoredValue::new(0_u32);
    let start = move |one: OnItsWay| {
        let (account, ticket) = ids.get_value();
        one.failed.set(None);
        spawn_local(async move {
            let Some(file) = one.file.try_get_value().flatten() else { return };
            let percent = one.percent;
            let done = upload::bring(&account, &ticket, &file, move |now| {
                let _ = percent.try_set(now);
            })
            .await;
            match done {
                Ok(view) => {
                    let _ = here.try_update(|here| here.push(view));
                    let _ = on_its_way.try_update(|all| all.retain(|other| other.key != one.key));
                }
                Err(error) => {
                    let says = match &error {
                        AppError::Invalid(errors) => errors.0.first().map(|one| one.message.clone()),
                        _ => None,
                    };
                    let _ = one.failed.try_set(Some(says.unwrap_or_else(|| words::not_uploaded(&one.name))));
                }
            }
        });
    };
    let take = move |list: Option<FileList>| {
        let Some(list) = list else { return };
        for file in (0..list.length()).filter_map(|index| list.item(index)) {
            count.update_value(|count| *count += 1);
            let one = OnItsWay {
                key: count.get_value(),
                name: file.name(),
                percent: RwSignal::new(0),
                failed: RwSignal::new(None),
                file: StoredValue::new_local(Some(file)),
            };
            on_its_way.update(|all| all.push(one.clone()));
            start(one);
        }
    };
    let chosen = move |event: leptos::ev::Event| {
        if let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) {
            take(input.files());
            input.set_value("");
        }
    };
    let dropped = move |event: leptos::ev::DragEvent| {
        event.prevent_default();
        take(event.data_transfer().and_then(|data| data.files()));
    };
    // With WASM files are on their way as soon as they are chosen: the form sends none.
    let field = NodeRef::<leptos::html::Input>::new();
    Effect::new(move || {
        if let Some(field) = field.get() {
            let _ = field.remove_attribute("name");
        }
    });
    // A picture that is pasted anywhere on the page; text is pasted where one writes.
    Effect::new(move || {
        let handle = window_event_listener(leptos::ev::paste, move |event| {
            let files =
                event.clipboard_data().and_then(|data| data.files()).filter(|files| files.length() > 0);
            if files.is_some() {
                event.prevent_default();
                take(files);
            }
        });
        on_cleanup(move || handle.remove());
    });
    let path = StoredValue::new(account.clone());
    let rows = move || {
        here.get()
            .into_iter()
            .map(|file| {
                let (account, ticket) = ids.get_value();
                let link = paths::ticket_file(&path.get_value(), &file.id);
                let label = words::remove_file(&file.name);
                let id = file.id.clone();
                view! {
                    <li>
                        <Icon name="clip"/><a href=link rel="external" download>{file.name.clone()}</a><span class="hint">{file.size_text()}</span>
                        <Form action=RemoveTicketFile::PATH about=("file", id) summary=false>
                            <input type="hidden" name="account" value=account.to_string()/>
                            <input type="hidden" name="ticket" value=ticket/>
                            <button type="submit" class="button small" aria-label=label>{words::REMOVE}</button>
                        </Form>
                    </li>
                }
            })
            .collect_view()
    };
    let waiting = move || {
        on_its_way
            .get()
            .into_iter()
            .map(|one| {
                let (name, percent, failed) = (one.name.clone(), one.percent, one.failed);
                let again = StoredValue::new_local(one);
                let state = move || match failed.get() {
                    Some(says) => view! {
                        <span class="error">{says}</span>
                        <button type="button" class="button small" on:click=move |_| start(again.get_value())>{words::TRY_AGAIN}</button>
                    }
                    .into_any(),
                    None => {
                        let label = name.clone();
                        view! { <progress max="100" value=move || percent.get().to_string() aria-label=move || words::uploading(&label, &percent.get())></progress> }.into_any()
                    }
                };
                view! { <li><Icon name="clip"/>{again.with_value(|one| one.name.clone())}{state}</li> }
            })
            .collect_view()
    };
    let error = refused.map(|says| view! { <p class="error" role="alert"><Icon name="alert"/>{says}</p> });
    view! {
        <section class="card files-box" aria-labelledby="files-heading" on:dragover=|event| event.prevent_default() on:drop=dropped>
            <h2 id="files-heading"><Icon name="clip"/>{words::FILES}</h2>
            {error}
            <ul class="files">{rows}{waiting}</ul>
            <label class="button" for="files-input">{words::CHOOSE_FILES}</label>
            <input id="files-input" node_ref=field class="visually-hidden" type="file" name="files[]" multiple form="write" on:change=chosen aria-describedby="files-hint"/>
            <button class="button no-wasm" form="write" formmethod="post" formenctype="multipart/form-data" formaction=paths::ticket_files(&account)>{words::ATTACH}</button>
            <p class="hint" id="files-hint">{words::FILES_HINT}</p>
        </section>
    }
}

/// A button that belongs to a form of its own with nothing but hidden fields.
#[component]
pub fn Act(
    /// `PATH` of the server function.
    action: &'static str,
    /// Hidden fields.
    fields: Vec<(&'static str, String)>,
    /// Label.
    label: &'static str,
    /// Class beside `button`.
    #[prop(default = "small")]
    kind: &'static str,
    /// Which of them is unlike in the forms of a page.
    about: (&'static str, String),
) -> impl IntoView {
    let fields = fields
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    view! {
        <Form action=action about=about summary=false>
            {fields}
            <Submit label=label kind=kind/>
        </Form>
    }
}
