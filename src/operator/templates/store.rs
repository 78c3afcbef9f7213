//! SQL of templates.

use super::model::TemplateForm;
use super::words;
use crate::access::{OfStaff, Tx};
use crate::error::{AppError, Result};
use crate::platform::db::{Conn, FromRow, args};
use crate::types::Timestamp;
use std::collections::BTreeMap;

const STATES: &str = "SELECT kind, used, draft_body <> '' FROM mail_templates";
const SHOW: &str = r"SELECT subject, heading, body, used, draft_subject, draft_heading, draft_body, version
    FROM mail_templates
    WHERE kind = $1";
const DRAFT: &str = r"INSERT INTO mail_templates (kind, subject, heading, body, used, draft_subject,
        draft_heading, draft_body)
    VALUES ($1, '', '', '', FALSE, $3, $4, $5)
    ON CONFLICT (kind) DO UPDATE SET draft_subject = $3, draft_heading = $4, draft_body = $5,
        version = version + 1 WHERE mail_templates.version = $2";
const USE: &str = r"UPDATE mail_templates
    SET subject = draft_subject, heading = draft_heading, body = draft_body, used = TRUE, draft_subject = '',
        draft_heading = '', draft_body = '', version = version + 1
    WHERE kind = $1 AND draft_body <> ''
    RETURNING subject, heading, body";
const RESET: &str = r"UPDATE mail_templates
    SET used = FALSE, draft_subject = '', draft_heading = '', draft_body = '', version = version + 1
    WHERE kind = $1 AND (used OR draft_body <> '')";
const KEEP: &str = r"INSERT INTO mail_template_versions (id, kind, subject, heading, body, by_name, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const FORGET: &str = r"DELETE FROM mail_template_versions
    WHERE kind = $1 AND id NOT IN (SELECT id FROM mail_template_versions WHERE kind = $1
        ORDER BY id DESC LIMIT 20)";
const HISTORY: &str = r"SELECT id, by_name, created_at
    FROM mail_template_versions
    WHERE kind = $1
    ORDER BY id DESC LIMIT 20";
const VERSION: &str = "SELECT subject, heading, body FROM mail_template_versions WHERE kind = $1 AND id = $2";

/// A template as it is stored.
#[derive(Default, FromRow)]
pub struct StoredTemplate {
    subject: String,
    heading: String,
    body: String,
    used: bool,
    draft_subject: String,
    draft_heading: String,
    draft_body: String,
    /// Counts the changes.
    pub version: i64,
}

impl StoredTemplate {
    /// What mails are worded by, if staff worded them.
    pub fn used(&self) -> Option<TemplateForm> {
        let form = TemplateForm {
            subject: self.subject.clone(),
            heading: self.heading.clone(),
            body: self.body.clone(),
        };
        self.used.then_some(form)
    }

    /// The draft, if there is one.
    pub fn draft(&self) -> Option<TemplateForm> {
        let form = TemplateForm {
            subject: self.draft_subject.clone(),
            heading: self.draft_heading.clone(),
            body: self.draft_body.clone(),
        };
        (!form.body.is_empty()).then_some(form)
    }
}

/// Of each kind that staff touched: whether their words are used, and whether there is a draft.
pub async fn states(conn: &mut Conn) -> Result<BTreeMap<String, (bool, bool)>> {
    let rows: Vec<(String, bool, bool)> = conn.all(STATES, args![]).await?;
    Ok(rows.into_iter().map(|(kind, used, draft)| (kind, (used, draft))).collect())
}

/// A template as it is stored; empty for a kind that staff never touched.
pub async fn show(conn: &mut Conn, kind: &str) -> Result<StoredTemplate> {
    Ok(conn.optional(SHOW, args![kind]).await?.unwrap_or_default())
}

/// Keeps a draft.
///
/// # Errors
/// [`AppError::Conflict`] when somebody changed the template since `version`.
pub async fn keep_draft(tx: &mut Tx<OfStaff>, kind: &str, version: i64, form: &TemplateForm) -> Result<()> {
    let args = args![kind, version, &form.subject, &form.heading, &form.body];
    match tx.conn().execute(DRAFT, args).await? {
        0 => Err(AppError::Conflict(words::CHANGED_MEANWHILE.into())),
        _ => Ok(()),
    }
}

/// Uses the draft from now on, and keeps it in the history.
///
/// # Errors
/// [`AppError::Conflict`] when there is none.
pub async fn use_draft(tx: &mut Tx<OfStaff>, kind: &str) -> Result<TemplateForm> {
    let used: Option<(String, String, String)> = tx.conn().optional(USE, args![kind]).await?;
    let (subject, heading, body) = used.ok_or_else(|| AppError::Conflict(words::NO_DRAFT.into()))?;
    let (id, now, by) = (tx.new_id(), tx.now().0, tx.staff().user.name.clone());
    tx.conn().execute(KEEP, args![id, kind, &subject, &heading, &body, by, now]).await?;
    tx.conn().execute(FORGET, args![kind]).await?;
    Ok(TemplateForm { subject, heading, body })
}

/// Goes back to how the program words it; the history stays.
///
/// # Errors
/// [`AppError::Conflict`] when that is so already.
pub async fn reset(tx: &mut Tx<OfStaff>, kind: &str) -> Result<()> {
    match tx.conn().execute(RESET, args![kind]).await? {
        0 => Err(AppError::Conflict(words::NOT_CHANGED.into())),
        _ => Ok(()),
    }
}

/// What was used before, newest first: id, by whom, and when; at most 20.
pub async fn history(conn: &mut Conn, kind: &str) -> Result<Vec<(String, String, Timestamp)>> {
    let rows: Vec<(String, String, i64)> = conn.all(HISTORY, args![kind]).await?;
    Ok(rows.into_iter().map(|(id, by, at)| (id, by, Timestamp(at))).collect())
}

/// One of them.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn version(conn: &mut Conn, kind: &str, id: &str) -> Result<TemplateForm> {
    let row: Option<(String, String, String)> = conn.optional(VERSION, args![kind, id]).await?;
    let (subject, heading, body) = row.ok_or(AppError::NotFound)?;
    Ok(TemplateForm { subject, heading, body })
}
