//! Sent mail, newest first, for the demo's mail page.

use super::model::{KeptMail, KeptMailSummary};
use crate::error::{AppError, Result};
use crate::server::access::{Open, Reader};
use crate::types::Timestamp;

const LIST: &str = "SELECT id, to_email, subject, created_at FROM outbox ORDER BY id DESC LIMIT 100";
const SHOW: &str = "SELECT id, to_email, subject, created_at, body_html, body_text FROM outbox WHERE id = $1";

/// Every statement of this file, for the test that prepares them.
#[cfg(test)]
pub const STATEMENTS: &[&str] = &[LIST, SHOW];

/// The newest hundred messages.
pub async fn list(reader: &mut Reader<Open>) -> Result<Vec<KeptMailSummary>> {
    let rows: Vec<(String, String, String, i64)> = sqlx::query_as(LIST).fetch_all(reader.conn()).await?;
    Ok(rows.into_iter().map(|(id, to, subject, at)| KeptMailSummary { id, to, subject, at: Timestamp(at) }).collect())
}

/// One message.
pub async fn show(reader: &mut Reader<Open>, id: &str, from: String) -> Result<KeptMail> {
    let row: Option<(String, String, String, i64, String, String)> = sqlx::query_as(SHOW).bind(id).fetch_optional(reader.conn()).await?;
    let (id, to, subject, at, html, text) = row.ok_or(AppError::NotFound)?;
    Ok(KeptMail { summary: KeptMailSummary { id, to, subject, at: Timestamp(at) }, from, html, text })
}
