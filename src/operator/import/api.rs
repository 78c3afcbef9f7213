//! Files: what is brought in, examples, and what was wrong.

use super::model::{ImportKind, RowError};
use super::{job, store, words};
use crate::access::Staff;
use crate::access::request::RequestContext;
use crate::access::staff::ImportCustomers;
use crate::error::{AppError, Result};
use crate::paths;
use crate::platform::answers::{back, json_error, redirect};
use crate::platform::csv::lines;
use crate::platform::db::internal;
use axum::Extension;
use axum::body::Body;
use axum::extract::{Multipart, Path};
use axum::http::{Response, header};
use axum::response::IntoResponse as _;
use tokio::io::AsyncWriteExt as _;

/// The largest file, in bytes.
pub const MAX_FILE: usize = 100 * 1024 * 1024;

/// `POST /operator/import/upload`: a file to check. A plain form, so that it works without WASM; what is wrong
/// with the file stands on the page it leads back to.
pub async fn upload(Extension(context): Extension<RequestContext>, mut form: Multipart) -> Response<Body> {
    match keep(context, &mut form).await {
        Ok(id) => redirect(&paths::import(&id)),
        Err(error) => back(&error, paths::IMPORT, "refused"),
    }
}

async fn keep(context: RequestContext, form: &mut Multipart) -> Result<String> {
    let staff = Staff::<ImportCustomers>::of(context).await?;
    let wrong = |message: &str| AppError::field("file", message);
    let mut kind = None;
    while let Some(mut field) = form.next_field().await.map_err(|_| wrong(words::TOO_LARGE))? {
        match field.name() {
            Some("kind") => {
                kind = ImportKind::from_key(&field.text().await.map_err(|_| wrong(words::NO_KIND))?);
            }
            Some("file") => {
                let kind = kind.ok_or_else(|| wrong(words::NO_KIND))?;
                let name: String = field
                    .file_name()
                    .unwrap_or_default()
                    .chars()
                    .filter(|c| !c.is_control())
                    .take(200)
                    .collect();
                if name.is_empty() {
                    return Err(wrong(words::CHOOSE_A_FILE));
                }
                let id = staff.app().new_id();
                let path = job::file(staff.app(), &id);
                if let Some(folder) = path.parent() {
                    tokio::fs::create_dir_all(folder).await.map_err(|error| internal(&error))?;
                }
                let mut file = tokio::fs::File::create(&path).await.map_err(|error| internal(&error))?;
                loop {
                    match field.chunk().await {
                        Ok(Some(bytes)) => file.write_all(&bytes).await.map_err(|error| internal(&error))?,
                        Ok(None) => break,
                        Err(_) => {
                            let _ = tokio::fs::remove_file(&path).await;
                            return Err(wrong(words::TOO_LARGE));
                        }
                    }
                }
                file.flush().await.map_err(|error| internal(&error))?;
                let mut tx = staff.begin().await?;
                store::insert(&mut tx, &id, kind, &name).await?;
                tx.unaudited("nothing is changed yet");
                tx.commit().await?;
                job::check(staff.app(), &id, kind);
                return Ok(id);
            }
            _ => {}
        }
    }
    Err(wrong(words::CHOOSE_A_FILE))
}

fn download(name: &str, bytes: Vec<u8>) -> Response<Body> {
    let name = format!("attachment; filename=\"{name}\"");
    (
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)],
        bytes,
    )
        .into_response()
}

/// `GET /operator/import/examples/{kind}`: a file that can be brought in as it is.
pub async fn example(
    Extension(context): Extension<RequestContext>,
    Path(kind): Path<String>,
) -> Response<Body> {
    if let Err(error) = Staff::<ImportCustomers>::of(context).await {
        return json_error(&error);
    }
    match ImportKind::from_key(&kind) {
        Some(kind) => download(&format!("{}.csv", kind.key()), kind.example().as_bytes().to_vec()),
        None => json_error(&AppError::NotFound),
    }
}

/// `GET /operator/import/{id}/report.csv`: every mistake of a file.
pub async fn report(Extension(context): Extension<RequestContext>, Path(id): Path<String>) -> Response<Body> {
    let found = async {
        let staff = Staff::<ImportCustomers>::of(context).await?;
        store::show(staff.read().await?.conn(), &id, staff.app().now()).await
    };
    match found.await {
        Ok(view) => {
            let head = [words::LINE, words::COLUMN, words::REASON].map(str::to_owned);
            let row = |error: RowError| [error.line.to_string(), error.column, error.reason];
            let rows = std::iter::once(head).chain(view.report.errors.into_iter().map(row));
            download("mistakes.csv", lines(rows))
        }
        Err(error) => json_error(&error),
    }
}
