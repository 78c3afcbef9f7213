//! `POST /gateway/stripe`: the gateway says that something happened. What did is asked for.

use super::gateway::Gateway as _;
use super::{store, write};
use crate::access::System;
use crate::access::state::AppState;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};

/// Takes a message of the gateway. The signature over its bytes is the proof; whatever it claims, the gateway is asked how
/// the checkout stands. 200 when there is nothing left to do, 400 for a message that is not the gateway's, and 503 when it
/// has to be sent again.
pub async fn heard(State(app): State<AppState>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let answer = async {
        let mut reader = System::of(&app).read().await?;
        let Some(stripe) = store::gateway(reader.conn(), app.key()).await? else {
            return Ok(StatusCode::NOT_FOUND);
        };
        let signature =
            headers.get("stripe-signature").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let Ok(session) = stripe.heard(signature, &body, app.now().0) else {
            return Ok(StatusCode::BAD_REQUEST);
        };
        let Some(session) = session else { return Ok(StatusCode::OK) };
        let checkout = store::by_session(&mut reader, &session).await?;
        let refund = store::refund_by_session(reader.conn(), &session).await?;
        drop(reader);
        if let Some(checkout) = checkout {
            write::look(&app, &stripe, &checkout).await?;
        }
        if let Some(refund) = refund {
            write::send_refund(&app, &stripe, &refund).await?;
        }
        Ok::<_, crate::error::AppError>(StatusCode::OK)
    };
    answer.await.unwrap_or_else(|error| {
        tracing::warn!(%error, "a message of the payment gateway is to come again");
        StatusCode::SERVICE_UNAVAILABLE
    })
}
