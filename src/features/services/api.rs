//! What control panels ask over HTTP.

use super::store;
use super::words;
use crate::access::System;
use crate::access::request::RequestContext;
use crate::access::state::AppState;
use crate::platform::answers;
use axum::Extension;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Json, Response};

/// The body of a check.
#[derive(serde::Deserialize)]
pub struct Check {
    #[serde(default)]
    sign_on: String,
}

/// `POST /sign-on/check`: a control panel that was opened with `?sign_on=…` asks here whom it lets in. The
/// secret in the link is the proof; it is taken once, within a minute. 200 with JSON (see [`store::SignOn`]),
/// or 404 for a link that opens nothing any more.
pub async fn check(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    Form(check): Form<Check>,
) -> Response {
    let answer = async {
        app.limits().try_source("sign-on", context.source())?;
        let Some(secret) = store::signed_secret(app.key(), &check.sign_on) else { return Ok(None) };
        let mut tx = System::of(&app).begin().await?;
        let taken = store::take_sign_on(&mut tx, secret).await?;
        tx.commit().await?;
        Ok::<_, crate::error::AppError>(taken)
    };
    match answer.await {
        Ok(Some(taken)) => Json(taken).into_response(),
        Ok(None) => (StatusCode::NOT_FOUND, words::THIS_SIGN_ON_LINK_IS).into_response(),
        Err(error) => answers::status(&error).into_response(),
    }
}
