//! One-click unsubscribe (RFC 8058): the address in the `List-Unsubscribe` header of newsletters.

use super::rpc::change_by_link;
use super::words;
use crate::access::Public;
use crate::access::request::RequestContext;
use crate::category::{Categories, Category};
use crate::paths;
use crate::platform::answers;
use axum::Extension;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

/// `POST /unsubscribe/{token}`: a mail program does it for the person, without cookies or questions. Anybody
/// with the signed link may.
pub async fn unsubscribe(
    Path(token): Path<String>,
    Extension(context): Extension<RequestContext>,
) -> Response {
    let public = Public::of(context);
    let without = |now: Categories| now.minus(Category::Newsletter.into());
    match change_by_link(&public, &token, None, without).await {
        Ok(account) => (StatusCode::OK, words::you_will_get_no_more(&account)).into_response(),
        Err(error) => (answers::status(&error), format!("{error}\n")).into_response(),
    }
}

/// `GET /unsubscribe/{token}`: for people who open it. A look changes nothing: programs that check links open
/// it too.
pub async fn ask(Path(token): Path<String>) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, paths::preferences(&paths::encode(&token)))]).into_response()
}
