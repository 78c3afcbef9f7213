//! The template of the PDF, as the staff area changes it.

use super::model::BillingSettings;
use super::{pdf, store};
use crate::access::state::AppState;
use crate::error::Result;
use crate::platform::db::Conn;
use crate::types::Timestamp;

/// The template that is used: the operator's own, else the portal's. Says whether it is their own.
pub async fn current(conn: &mut Conn) -> Result<(String, bool)> {
    let own = store::template(conn).await?;
    let is_own = own.is_some();
    Ok((own.unwrap_or_else(|| pdf::TEMPLATE.to_owned()), is_own))
}

/// A sample of an invoice, made with a template; with the one that is used where none is given.
///
/// # Errors
/// The outer, when the database cannot be read; the inner says what is wrong with the template, with its line.
pub async fn sample(
    app: &AppState,
    conn: &mut Conn,
    template: Option<&str>,
    now: Timestamp,
) -> Result<std::result::Result<Vec<u8>, String>> {
    let settings: BillingSettings = store::billing_settings(conn).await?;
    let config = app.config();
    let seller = store::seller(conn, &config.operator_name).await?;
    let own = store::template(conn).await?;
    let logo = config.look.logo.as_ref().map(|(bytes, kind)| (&bytes[..], *kind));
    let template = template.or(own.as_deref());
    Ok(pdf::sample(template, &settings, &seller, (&config.look.accent, logo), now).await)
}
