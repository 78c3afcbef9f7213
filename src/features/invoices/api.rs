//! `GET /a/{account}/invoices/{invoice}/pdf`: the document as it was issued.

use super::{documents, store};
use crate::access::request::RequestContext;
use crate::access::{Access, ViewInvoices};
use crate::error::{AppError, Result};
use crate::platform::answers;
use crate::types::{AccountId, InvoiceId};
use axum::Extension;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderValue, Response, header};
use axum::response::IntoResponse as _;

/// The PDF, to whoever may see the invoice. Always a download.
pub async fn pdf(
    Extension(context): Extension<RequestContext>,
    Path((account, invoice)): Path<(String, String)>,
) -> Response<Body> {
    match find(context, &account, &invoice).await {
        Ok(answer) => answer,
        Err(error) => answers::status(&error).into_response(),
    }
}

async fn find(context: RequestContext, account: &str, invoice: &str) -> Result<Response<Body>> {
    let account = AccountId::parse(account).unwrap_or_else(|| AccountId::from(String::new()));
    let access = Access::<ViewInvoices>::of(context, &account).await?;
    let invoice = InvoiceId::parse(invoice).ok_or(AppError::NotFound)?;
    let found = store::find(&mut access.read().await?, &invoice).await?;
    if found.document.is_empty() {
        return Err(AppError::NotFound);
    }
    let bytes = documents::read(access.app(), &found.document).await?;
    // Prefixes are the operator's words: only what is plain stands in the header.
    let plain: String =
        found.number.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let mut answer = Response::new(Body::from(bytes));
    for (name, value) in [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{plain}.pdf\"")),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
    ] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            answer.headers_mut().insert(name, value);
        }
    }
    Ok(answer)
}
