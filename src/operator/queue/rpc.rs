//! Server functions of the work queue. Line 1 of each is the proof of access.

use super::model::{Queue, WaitingRequest};
#[cfg(feature = "ssr")]
use super::words;
#[cfg(feature = "ssr")]
use crate::access::Staff;
#[cfg(feature = "ssr")]
use crate::access::staff::AnswerRequests;
#[cfg(feature = "ssr")]
use crate::error::AppError;
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::requests::store;
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use crate::types::text_block;
use crate::types::{RequestId, Timestamp};
use leptos::prelude::*;

/// Requests that wait, oldest first.
#[server(prefix = "/rpc", endpoint = "operator/requests/list")]
pub async fn list_requests() -> Result<Queue> {
    let staff = Staff::<AnswerRequests>::now().await?;
    let waiting = store::open_for_staff(&mut staff.read().await?).await?;
    Ok(Queue { waiting: waiting.into_iter().map(shown).collect(), now: staff.app().now() })
}

#[cfg(feature = "ssr")]
fn shown(request: store::PendingRequest) -> WaitingRequest {
    WaitingRequest {
        id: request.id.into(),
        pending: request.pending,
        account: request.account_id,
        account_name: request.account,
        asset: request.asset,
        taken_by: request.taken_by,
    }
}

/// One that waits, with the server's time.
#[server(prefix = "/rpc", endpoint = "operator/requests/show")]
pub async fn show_request(request: RequestId) -> Result<(WaitingRequest, Timestamp)> {
    let staff = Staff::<AnswerRequests>::now().await?;
    let waiting = store::open_for_staff(&mut staff.read().await?).await?;
    let one = waiting.into_iter().find(|one| one.id == request.as_str()).ok_or(AppError::NotFound)?;
    Ok((shown(one), staff.app().now()))
}

/// Takes a request to work on it, or gives it back.
#[server(prefix = "/rpc", endpoint = "operator/requests/take")]
pub async fn take_request(request: RequestId, #[server(default)] on: String) -> Result<Outcome> {
    let staff = Staff::<AnswerRequests>::now().await?;
    let mut tx = staff.begin().await?;
    store::must_be_theirs(&mut tx, &request).await?;
    if !store::take(&mut tx, &request, !on.is_empty()).await? {
        return Err(AppError::Conflict(words::NOT_YOURS.into()));
    }
    tx.unaudited("who works on a request changes nothing for the customer");
    tx.commit().await?;
    Ok(Outcome::at(paths::WORK_QUEUE, if on.is_empty() { words::GIVEN_BACK } else { words::TAKEN }))
}

/// Approves a request, which applies it, or refuses it with a reason.
#[server(prefix = "/rpc", endpoint = "operator/requests/answer")]
pub async fn answer_request(
    request: RequestId,
    #[server(default)] answer: String,
    #[server(default)] message: String,
) -> Result<Outcome> {
    let staff = Staff::<AnswerRequests>::now().await?;
    let message = text_block(&message, 2_000).map_err(|error| AppError::field("message", error))?;
    let done = answer == "approve";
    if !done && message.is_empty() {
        return Err(AppError::field("message", words::SAY_WHY));
    }
    let mut tx = staff.begin().await?;
    store::must_be_theirs(&mut tx, &request).await?;
    let said = store::decide(&mut tx, &request, done, &message, Some(&staff.member().user)).await?;
    let said = said.ok_or_else(|| AppError::Conflict(words::GONE.into()))?;
    tx.commit().await?;
    Ok(Outcome::at(paths::WORK_QUEUE, said))
}
