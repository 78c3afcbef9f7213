//! `POST /operator/statements/upload`: a bank's file. A plain form, so that it works without WASM.

use super::read::ColumnNames;
use super::{words, write};
use crate::access::Staff;
use crate::access::request::RequestContext;
use crate::access::staff::ManageInvoices;
use crate::error::{AppError, Result};
use crate::paths;
use crate::platform::answers::{back, redirect};
use axum::Extension;
use axum::body::Body;
use axum::extract::Multipart;
use axum::http::Response;

/// The largest file, in bytes.
pub const MAX_FILE: usize = 20 * 1024 * 1024;

/// Brings a statement in; what came of it stands on the page it leads back to.
pub async fn upload(Extension(context): Extension<RequestContext>, mut form: Multipart) -> Response<Body> {
    match keep(context, &mut form).await {
        Ok(says) => redirect(&paths::statements_brought(&says)),
        Err(error) => back(&error, paths::STATEMENTS, "refused"),
    }
}

async fn keep(context: RequestContext, form: &mut Multipart) -> Result<String> {
    let staff = Staff::<ManageInvoices>::of(context).await?;
    let wrong = |message: &str| AppError::field("file", message);
    let (mut columns, mut bytes) = (ColumnNames::default(), Vec::new());
    while let Some(field) = form.next_field().await.map_err(|_| wrong(words::TOO_LARGE))? {
        let name = field.name().unwrap_or_default().to_owned();
        let value = field.bytes().await.map_err(|_| wrong(words::TOO_LARGE))?;
        let text = || String::from_utf8_lossy(&value).chars().take(100).collect::<String>();
        match name.as_str() {
            "file" => bytes = value.to_vec(),
            "date" => columns.date = text(),
            "amount" => columns.amount = text(),
            "text" => columns.text = text(),
            "payer" => columns.payer = text(),
            "currency" => columns.currency = text(),
            _ => {}
        }
    }
    if bytes.is_empty() {
        return Err(wrong(words::CHOOSE_A_FILE));
    }
    let came = write::bring(&staff, bytes, columns).await?;
    Ok(words::brought(&came.all, &came.booked, &came.waiting, &came.known, &came.outgoing))
}
