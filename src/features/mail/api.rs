//! The HTML of one message as a document of its own, for the sandboxed frame of the e-mail history and of the
//! demo's mail page.

use super::letter::framed;
use super::{samples, store};
use crate::access::request::RequestContext;
use crate::access::state::AppState;
use crate::access::{Access, System, ViewEmails};
use crate::outbox;
use crate::platform::answers;
use crate::types::{AccountId, MessageId};
use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode, header};
use axum::response::IntoResponse as _;

/// `GET /dev/mail/{id}`. Not found unless the data directory is marked as a demo: then everybody may read its
/// mail.
pub async fn body(State(app): State<AppState>, Path(id): Path<String>) -> Response<Body> {
    if !app.config().demo {
        return StatusCode::NOT_FOUND.into_response();
    }
    let mail = match System::of(&app).read().await {
        Ok(mut reader) => outbox::show(&mut reader, &id).await.ok().flatten(),
        Err(_) => None,
    };
    mail.map_or_else(|| StatusCode::NOT_FOUND.into_response(), |mail| framed(&mail.body_html))
}

/// `GET /a/{account}/emails/{message}/body`: a message of the e-mail history as it was, for its frame. Needs
/// `emails.view`.
pub async fn history_body(
    Path((account, message)): Path<(String, String)>,
    Extension(context): Extension<RequestContext>,
) -> Response<Body> {
    let (Some(account), Some(message)) = (AccountId::parse(&account), MessageId::parse(&message)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let answer = async {
        let access = Access::<ViewEmails>::of(context, &account).await?;
        store::message(&mut access.read().await?, &message).await
    };
    match answer.await {
        Ok((_, html)) => framed(&html),
        Err(error) => answers::status(&error).into_response(),
    }
}

/// `GET /logo`: the operator's logo, for mails. Public: everybody who gets a mail loads it.
pub async fn logo(State(app): State<AppState>) -> Response<Body> {
    match &app.config().look.logo {
        Some((bytes, kind)) => (
            [(header::CONTENT_TYPE, *kind), (header::CACHE_CONTROL, "public, max-age=86400")],
            bytes.to_vec(),
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `GET /dev/letters/{number}`: one of the mails that the product can send, in demo mode.
pub async fn letter(State(app): State<AppState>, Path(number): Path<usize>) -> Response<Body> {
    if !app.config().demo {
        return StatusCode::NOT_FOUND.into_response();
    }
    samples::all(&app)
        .get(number)
        .map_or_else(|| StatusCode::NOT_FOUND.into_response(), |message| framed(&message.html))
}
