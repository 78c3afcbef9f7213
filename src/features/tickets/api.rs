//! Files of tickets over HTTP: brought by a form or in pieces, and downloaded.

use super::files::{self, FileOwner, WritingFile};
use super::model::{FileView, TEXT};
use super::{rpc, store, words};
use crate::access::request::RequestContext;
use crate::access::{Access, SeeTickets};
use crate::error::{AppError, Result};
use crate::features::mail::letter::{framed, markdown};
use crate::paths;
use crate::platform::answers::{back, json_error, redirect, status};
use crate::platform::db::internal;
use crate::types::{AccountId, TicketId};
use axum::body::{Body, Bytes};
use axum::extract::{Multipart, Path, Query};
use axum::http::{HeaderValue, Response, header};
use axum::response::IntoResponse as _;
use axum::{Extension, Form};
use maud::{DOCTYPE, PreEscaped, html};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use tokio::io::AsyncReadExt as _;

/// The largest form with files, in bytes.
pub const MAX_FORM: usize = 10 * 25 * 1024 * 1024 + 1024 * 1024;
/// The largest piece, in bytes.
pub const MAX_PIECE: usize = 2 * 1024 * 1024;

fn account(text: &str) -> AccountId {
    AccountId::parse(text).unwrap_or_else(|| AccountId::from(String::new()))
}

/// `POST /a/{account}/tickets/files`: what somebody has written so far, with files to put to it, from a page
/// without WASM. It leads back to the page, which shows both.
pub async fn bring(
    Extension(context): Extension<RequestContext>,
    Path(in_url): Path<String>,
    mut form: Multipart,
) -> Response<Body> {
    let account = account(&in_url);
    let mut ticket = String::new();
    let done = bring_all(context, &account, &mut ticket, &mut form).await;
    let page = TicketId::parse(&ticket)
        .map_or_else(|| paths::new_ticket(&account), |ticket| paths::ticket(&account, &ticket));
    match done {
        Ok(()) => redirect(&format!("{page}#write")),
        Err(error) => back(&error, &page, "refused"),
    }
}

/// What the form of a preview sends.
#[derive(Deserialize)]
pub struct WrittenText {
    #[serde(default)]
    text: String,
}

/// `POST /a/{account}/tickets/preview`: what somebody writes as it will look, from a page without WASM.
pub async fn preview(
    Extension(context): Extension<RequestContext>,
    Path(in_url): Path<String>,
    Form(written): Form<WrittenText>,
) -> Response<Body> {
    if let Err(error) = Access::<SeeTickets>::of(context, &account(&in_url)).await {
        return json_error(&error);
    }
    let text: String = written.text.chars().take(TEXT).collect();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                meta name="color-scheme" content="light dark";
                title { (words::PREVIEW) }
            }
            body style="font: 1rem/1.5 system-ui; max-width: 45rem; margin: 2rem auto; padding: 0 1rem" { (PreEscaped(markdown(&text))) }
        }
    };
    framed(&page.into_string())
}

async fn bring_all(
    context: RequestContext,
    account: &AccountId,
    ticket: &mut String,
    form: &mut Multipart,
) -> Result<()> {
    let access = Access::<SeeTickets>::of(context, account).await?;
    let broken = |_| AppError::field("files", words::FILE_TOO_LARGE);
    let (mut subject, mut text, mut kept) = (String::new(), String::new(), Vec::new());
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some("ticket") => *ticket = field.text().await.map_err(broken)?,
            Some("subject") => subject = field.text().await.map_err(broken)?,
            Some("text") => text = field.text().await.map_err(broken)?,
            Some("files[]") => {
                let name = files::name(field.file_name().unwrap_or_default());
                let mut writing = WritingFile::new(access.app()).await?;
                let taken = async {
                    while let Some(bytes) = field.chunk().await.map_err(broken)? {
                        writing.add(&bytes).await?;
                    }
                    Ok::<_, AppError>(())
                };
                match taken.await {
                    Ok(()) => kept.push((name, writing.finish(access.app()).await?)),
                    Err(error) => {
                        writing.drop().await;
                        return Err(error);
                    }
                }
            }
            _ => {}
        }
    }
    let mut tx = access.begin().await?;
    rpc::keep_draft(&mut tx, ticket, &subject, &text).await?;
    let user = tx.membership().user.id.clone();
    for (name, kept) in kept.iter().filter(|(_, kept)| kept.size > 0) {
        let of =
            FileOwner { account: &tx.account().clone(), ticket, message: None, user: Some(user.as_str()) };
        files::insert(&mut tx, &of, name, kept).await?;
    }
    tx.unaudited("nothing was sent");
    tx.commit().await
}

/// A piece of a file.
#[derive(Deserialize)]
pub struct FilePiece {
    #[serde(default)]
    ticket: String,
    /// Chosen by the browser: 26 letters and figures.
    upload: String,
    offset: u64,
    name: String,
    /// It is the last.
    #[serde(default)]
    last: bool,
}

/// `POST /a/{account}/tickets/pieces`: a piece of a file, from a page with WASM, so that it sees how far it is
/// and sends again what did not arrive. Answers with where the next piece begins, or the file when it was the
/// last.
pub async fn piece(
    Extension(context): Extension<RequestContext>,
    Path(in_url): Path<String>,
    Query(piece): Query<FilePiece>,
    bytes: Bytes,
) -> Response<Body> {
    match take_piece(context, &account(&in_url), piece, &bytes).await {
        Ok(answer) => axum::Json(answer).into_response(),
        Err(error) => json_error(&error),
    }
}

async fn take_piece(
    context: RequestContext,
    account: &AccountId,
    piece: FilePiece,
    bytes: &[u8],
) -> Result<(u64, Option<FileView>)> {
    let access = Access::<SeeTickets>::of(context, account).await?;
    if piece.upload.len() != 26 || !piece.upload.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(AppError::BadRequest(words::NO_UPLOAD.into()));
    }
    let app = access.app();
    // Nobody adds to what somebody else brings.
    let user = access.membership().user.id.clone();
    let next = files::append(app, user.as_str(), &piece.upload, piece.offset, bytes).await?;
    if !piece.last || next != piece.offset + bytes.len() as u64 {
        return Ok((next, None));
    }
    let kept = files::assemble(app, user.as_str(), &piece.upload).await?;
    let mut tx = access.begin().await?;
    rpc::may_write(&mut tx, &piece.ticket).await?;
    let name = files::name(&piece.name);
    let of = FileOwner {
        account: &tx.account().clone(),
        ticket: &piece.ticket,
        message: None,
        user: Some(user.as_str()),
    };
    let id = files::insert(&mut tx, &of, &name, &kept).await?;
    tx.unaudited("nothing was sent");
    tx.commit().await?;
    Ok((next, Some(FileView::of(id, name, kept.size, kept.content_type))))
}

/// What stays as it is in the name of a download.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_');

/// `GET /a/{account}/tickets/files/{file}`: a file, to whoever sees what it belongs to. Always a download: the
/// browser shows pictures in the page and opens nothing.
pub async fn download(
    Extension(context): Extension<RequestContext>,
    Path((in_url, file)): Path<(String, String)>,
) -> Response<Body> {
    match find(context, &account(&in_url), &file).await {
        Ok(answer) => answer,
        Err(error) => status(&error).into_response(),
    }
}

async fn find(context: RequestContext, account: &AccountId, file: &str) -> Result<Response<Body>> {
    let access = Access::<SeeTickets>::of(context, account).await?;
    let file = store::file(&mut access.read().await?, file).await?;
    let source = tokio::fs::File::open(files::path(access.app(), &file.hash))
        .await
        .map_err(|error| internal(&error))?;
    let pieces = futures::stream::try_unfold(source, |mut source| async move {
        let mut piece = vec![0; 64 * 1024];
        let read = source.read(&mut piece).await?;
        piece.truncate(read);
        Ok::<_, std::io::Error>((read > 0).then_some((piece, source)))
    });
    let view = FileView::of(String::new(), file.name, file.size, &file.content_type);
    let kind = if view.picture { file.content_type } else { "application/octet-stream".to_owned() };
    let named = format!("attachment; filename*=UTF-8''{}", utf8_percent_encode(&view.name, PLAIN));
    let mut answer = Response::new(Body::from_stream(pieces));
    let mut put = |name, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            answer.headers_mut().insert(name, value);
        }
    };
    put(header::CONTENT_TYPE, kind);
    put(header::CONTENT_LENGTH, view.size.to_string());
    put(header::CONTENT_DISPOSITION, named);
    put(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned());
    Ok(answer)
}
