//! `GET /metrics` (Y5): numbers for Prometheus. For who has the token, or without one for this machine alone.

use crate::access::state::AppState;
use crate::access::{System, session};
use crate::error::Result;
use crate::outbox;
use crate::platform::token;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Response, StatusCode, header};
use axum::response::IntoResponse as _;
use std::net::SocketAddr;

/// Who asks without the right to gets what leads nowhere gets.
pub async fn metrics(State(app): State<AppState>, request: Request) -> Response<Body> {
    if !may_look(&app, &request) {
        return StatusCode::NOT_FOUND.into_response();
    }
    match numbers(&app).await {
        Ok(now) => {
            let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
            (kind, app.metrics().text(&now)).into_response()
        }
        Err(error) => {
            tracing::warn!(%error, "the numbers could not be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// With a token only who brings it; without one only a program of this machine that no proxy speaks for.
fn may_look(app: &AppState, request: &Request) -> bool {
    let value = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    if let Some(wanted) = &app.config().metrics_token {
        let brought =
            value(header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
        // Hashed, so that comparing takes the same time wherever they differ.
        return token::hash(brought) == token::hash(wanted);
    }
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let here = peer.is_none_or(|peer| peer.0.ip().to_canonical().is_loopback());
    here && !request.headers().contains_key("x-forwarded-for") && !request.headers().contains_key("forwarded")
}

async fn numbers(app: &AppState) -> Result<Vec<(String, &'static str, i64)>> {
    let mut reader = System::of(app).read().await?;
    let now = app.now();
    let (queued, oldest, failed) = outbox::numbers(&mut reader).await?;
    let sessions = session::count(reader.conn(), now).await?;
    let file = crate::platform::db::file(&app.config().data_dir);
    let bytes = std::fs::metadata(file).map_or(0, |file| i64::try_from(file.len()).unwrap_or(i64::MAX));
    let age = oldest.map_or(0, |at| (now.0 - at) / 1000);
    let number = |name: &str, help, value| (name.to_owned(), help, value);
    Ok(vec![
        number(
            "latchkey_outbox_messages=queued",
            "Messages of the outbox by state; failed ones of the last 7 days.",
            queued,
        ),
        number(
            "latchkey_outbox_messages=failed",
            "Messages of the outbox by state; failed ones of the last 7 days.",
            failed,
        ),
        number("latchkey_outbox_oldest_seconds", "How long the oldest message has waited.", age),
        number("latchkey_sessions", "Sessions that have not ended.", sessions),
        number("latchkey_database_bytes", "Size of the database file.", bytes),
        number(
            "latchkey_jobs_last_success_seconds",
            "When the jobs last ran to their end, in seconds since 1970; 0 before the first time.",
            app.jobs_done().0 / 1000,
        ),
    ])
}
