//! Server functions of templates. Line 1 of each is the proof of access.

use super::model::{TemplateForm, TemplatePage, TemplateRow};
#[cfg(feature = "ssr")]
use super::{samples, store, words};
#[cfg(feature = "ssr")]
use crate::access::staff::EditSettings;
#[cfg(feature = "ssr")]
use crate::access::state::AppState;
#[cfg(feature = "ssr")]
use crate::access::{Staff, settings};
#[cfg(feature = "ssr")]
use crate::error::{AppError, FormErrors, Undo};
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::{AuditChange, AuditKind};
#[cfg(feature = "ssr")]
use crate::features::audit::record::Entry;
#[cfg(feature = "ssr")]
use crate::features::mail::template::{VARIABLES, check};
#[cfg(feature = "ssr")]
use crate::outbox::Message;
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use crate::types::{line, text_block};
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use leptos::server_fn::ServerFn as _;

/// Every kind of mail.
#[server(prefix = "/rpc", endpoint = "operator/templates/list")]
pub async fn list_templates() -> Result<Vec<TemplateRow>> {
    let staff = Staff::<EditSettings>::now().await?;
    let states = store::states(staff.read().await?.conn()).await?;
    let app = staff.app().with_templates(std::collections::BTreeMap::new());
    let mut rows: Vec<TemplateRow> = Vec::new();
    for message in samples::all(&app) {
        if rows.iter().all(|row| row.kind != message.kind) {
            let (changed, draft) = states.get(message.kind).copied().unwrap_or_default();
            rows.push(TemplateRow { kind: message.kind.into(), example: message.subject, changed, draft });
        }
    }
    Ok(rows)
}

/// A template with its preview and history.
#[server(prefix = "/rpc", endpoint = "operator/templates/show")]
pub async fn show_template(#[server(default)] kind: String) -> Result<TemplatePage> {
    let staff = Staff::<EditSettings>::now().await?;
    let app = staff.app();
    let plain = samples::one(app, &kind, None).ok_or(AppError::NotFound)?;
    let mut reader = staff.read().await?;
    let stored = store::show(reader.conn(), &kind).await?;
    let (used, draft) = (stored.used(), stored.draft());
    let row = TemplateRow {
        example: plain.subject.clone(),
        changed: used.is_some(),
        draft: draft.is_some(),
        kind: kind.clone(),
    };
    let form = draft.or(used).unwrap_or_else(TemplateForm::as_it_is);
    let preview = samples::one(app, &kind, Some(&form)).ok_or(AppError::NotFound)?;
    Ok(TemplatePage {
        row,
        form,
        variables: variables(&plain),
        preview: (preview.subject, preview.text),
        history: store::history(reader.conn(), &kind).await?,
        version: stored.version,
        now: app.now(),
    })
}

/// The variables of a kind of mail, with what each is in a made-up mail of it.
#[cfg(feature = "ssr")]
fn variables(plain: &Message) -> Vec<(String, String)> {
    let common = VARIABLES.iter().map(|(name, says)| ((*name).to_owned(), (*says).to_owned()));
    let own = plain.values.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
    common.chain(own).collect()
}

/// Keeps a draft, which the preview then shows: the page is loaded anew, and the frame in it.
#[server(prefix = "/rpc", endpoint = "operator/templates/save-draft")]
pub async fn save_template_draft(
    #[server(default)] kind: String,
    #[server(default)] version: i64,
    #[server(flatten)] form: TemplateForm,
) -> Result<Outcome> {
    let staff = Staff::<EditSettings>::now().await?;
    let form = parse(staff.app(), &kind, &form)?;
    let mut tx = staff.begin().await?;
    store::keep_draft(&mut tx, &kind, version, &form).await?;
    tx.unaudited("nobody gets a draft; using it leaves an entry");
    tx.commit().await?;
    Ok(Outcome::afresh(paths::template(&kind), words::DRAFT_SAVED))
}

/// Reads the words of a template.
#[cfg(feature = "ssr")]
fn parse(app: &AppState, kind: &str, form: &TemplateForm) -> Result<TemplateForm> {
    let plain = samples::one(app, kind, None).ok_or(AppError::NotFound)?;
    let known: Vec<String> = variables(&plain).into_iter().map(|(name, _)| name).collect();
    let mut errors = FormErrors::default();
    let read = TemplateForm {
        subject: errors.keep("subject", line(&form.subject, 200)),
        heading: errors.keep("heading", line(&form.heading, 200)),
        body: errors.keep("body", text_block(&form.body, 10_000)),
    };
    for (name, text) in [("subject", &read.subject), ("heading", &read.heading), ("body", &read.body)] {
        if errors.of(name).is_some() {
            continue;
        }
        if text.trim().is_empty() {
            errors.add(name, words::ENTER_IT);
        } else if let Err(message) = check(text, &known) {
            errors.add(name, message);
        }
    }
    errors.finish(read)
}

/// Words mails of this kind by the draft from now on.
#[server(prefix = "/rpc", endpoint = "operator/templates/use")]
pub async fn use_template(#[server(default)] kind: String) -> Result<Outcome> {
    let staff = Staff::<EditSettings>::now().await?;
    let mut tx = staff.begin().await?;
    let before = store::show(tx.conn(), &kind).await?.used().unwrap_or_else(TemplateForm::as_it_is);
    let form = store::use_draft(&mut tx, &kind).await?;
    let changes = [
        AuditChange::between(words::SUBJECT, before.subject, form.subject),
        AuditChange::between(words::HEADING, before.heading, form.heading),
        AuditChange::between(words::BODY, before.body, form.body),
    ];
    let entry = Entry::new(AuditKind::SettingsChanged, words::changed_template(&kind));
    tx.record(entry.with(changes.into_iter().flatten())).await?;
    let templates = settings::templates(tx.conn()).await?;
    tx.commit().await?;
    staff.app().set_templates(templates);
    let undo = Undo::by(ResetTemplate::PATH, &[("kind", &kind)]);
    Ok(Outcome::afresh(paths::template(&kind), words::used(&kind)).undone_by(undo))
}

/// Words mails of this kind as the program does.
#[server(prefix = "/rpc", endpoint = "operator/templates/reset")]
pub async fn reset_template(#[server(default)] kind: String) -> Result<Outcome> {
    let staff = Staff::<EditSettings>::now().await?;
    let mut tx = staff.begin().await?;
    store::reset(&mut tx, &kind).await?;
    tx.record(Entry::new(AuditKind::SettingsChanged, words::reset_template(&kind))).await?;
    let templates = settings::templates(tx.conn()).await?;
    tx.commit().await?;
    staff.app().set_templates(templates);
    Ok(Outcome::afresh(paths::template(&kind), words::RESET_DONE))
}

/// Makes what was used before the draft again.
#[server(prefix = "/rpc", endpoint = "operator/templates/take")]
pub async fn take_template(
    #[server(default)] kind: String,
    #[server(default)] version: i64,
    #[server(default)] id: String,
) -> Result<Outcome> {
    let staff = Staff::<EditSettings>::now().await?;
    let mut tx = staff.begin().await?;
    let form = store::version(tx.conn(), &kind, &id).await?;
    store::keep_draft(&mut tx, &kind, version, &form).await?;
    tx.unaudited("nobody gets a draft; using it leaves an entry");
    tx.commit().await?;
    Ok(Outcome::afresh(paths::template(&kind), words::DRAFT_TAKEN))
}

/// Sends whoever asks the made-up mail, worded by the draft or by what is used.
#[server(prefix = "/rpc", endpoint = "operator/templates/test")]
pub async fn test_template(#[server(default)] kind: String) -> Result<Outcome> {
    let staff = Staff::<EditSettings>::now().await?;
    let mut tx = staff.begin().await?;
    let stored = store::show(tx.conn(), &kind).await?;
    let form = stored.draft().or_else(|| stored.used()).unwrap_or_else(TemplateForm::as_it_is);
    let made_up = samples::one(staff.app(), &kind, Some(&form)).ok_or(AppError::NotFound)?;
    let user = &staff.member().user;
    // About no account, with links that lead nowhere.
    let message = Message {
        kind: "test",
        account: None,
        category: None,
        secret: None,
        to_name: user.name.clone(),
        to_email: user.email.clone(),
        ..made_up
    };
    tx.send(&message).await?;
    tx.unaudited("a mail to oneself");
    tx.commit().await?;
    Ok(Outcome::at(paths::template(&kind), words::tested(&user.email)))
}
