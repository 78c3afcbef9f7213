//! `GET /a/{account}/invoices/{invoice}/pdf` and `…/xml`: the document as it was issued, for people and for programs.

use super::documents::Format;
use super::{documents, store};
use crate::access::request::RequestContext;
use crate::access::{Access, ViewInvoices};
use crate::error::{AppError, Result};
use crate::platform::answers;
use crate::platform::db::internal;
use crate::types::{AccountId, InvoiceId, ListQuery};
use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, Query as UrlQuery};
use axum::http::{HeaderValue, Response, header};
use axum::response::IntoResponse as _;
use std::io::{Cursor, Write as _};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The PDF, to whoever may see the invoice. Always a download.
pub async fn pdf(
    Extension(context): Extension<RequestContext>,
    Path((account, invoice)): Path<(String, String)>,
) -> Response<Body> {
    match find(context, &account, &invoice, Format::Pdf).await {
        Ok(answer) => answer,
        Err(error) => answers::status(&error).into_response(),
    }
}

/// The e-invoice (UBL), to whoever may see the invoice. Always a download.
pub async fn xml(
    Extension(context): Extension<RequestContext>,
    Path((account, invoice)): Path<(String, String)>,
) -> Response<Body> {
    match find(context, &account, &invoice, Format::Xml).await {
        Ok(answer) => answer,
        Err(error) => answers::status(&error).into_response(),
    }
}

/// Documents of a zip at most.
const MOST: usize = 500;

/// `GET /a/{account}/invoices/documents.zip`: the PDFs of what the list shows, with the same filters, the newest 500.
pub async fn zip(
    Extension(context): Extension<RequestContext>,
    Path(account): Path<String>,
    UrlQuery(query): UrlQuery<ListQuery>,
) -> Response<Body> {
    match packed(context, &account, query).await {
        Ok(answer) => answer,
        Err(error) => answers::status(&error).into_response(),
    }
}

async fn packed(context: RequestContext, account: &str, query: ListQuery) -> Result<Response<Body>> {
    let account = AccountId::parse(account).unwrap_or_else(|| AccountId::from(String::new()));
    let access = Access::<ViewInvoices>::of(context, &account).await?;
    let all = store::documents(&mut access.read().await?, &query, MOST).await?;
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // PDFs are small already.
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (number, hash) in all {
        let bytes = documents::read(access.app(), &hash, Format::Pdf).await?;
        zip.start_file(format!("{}.pdf", plain(&number)), options).map_err(|error| internal(&error))?;
        zip.write_all(&bytes).map_err(|error| internal(&error))?;
    }
    let bytes = zip.finish().map_err(|error| internal(&error))?.into_inner();
    let name = format!("invoices-{}.zip", access.membership().account_number);
    Ok(download(bytes, "application/zip", &name))
}

/// Prefixes are the operator's words: only what is plain stands in a header or a name of a file.
fn plain(number: &str) -> String {
    number.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

async fn find(
    context: RequestContext,
    account: &str,
    invoice: &str,
    format: Format,
) -> Result<Response<Body>> {
    let account = AccountId::parse(account).unwrap_or_else(|| AccountId::from(String::new()));
    let access = Access::<ViewInvoices>::of(context, &account).await?;
    let invoice = InvoiceId::parse(invoice).ok_or(AppError::NotFound)?;
    let found = store::find(&mut access.read().await?, &invoice).await?;
    let (hash, kind) = match format {
        Format::Pdf => (&found.document, "application/pdf"),
        Format::Xml => (&found.xml, "application/xml"),
    };
    if hash.is_empty() {
        return Err(AppError::NotFound);
    }
    let bytes = documents::read(access.app(), hash, format).await?;
    Ok(download(bytes, kind, &format!("{}.{}", plain(&found.number), format.ending())))
}

fn download(bytes: Vec<u8>, kind: &str, name: &str) -> Response<Body> {
    let mut answer = Response::new(Body::from(bytes));
    for (header, value) in [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
    ] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            answer.headers_mut().insert(header, value);
        }
    }
    answer
}
