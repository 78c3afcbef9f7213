//! E-mails as they came, as files.

use super::spool;
use crate::access::request::RequestContext;
use crate::access::staff::AnswerTickets;
use crate::access::state::AppState;
use crate::access::{Access, SeeTickets, Staff};
use crate::error::{AppError, Result};
use crate::features::tickets::store::mail_of;
use crate::platform::answers::status;
use crate::types::AccountId;
use axum::Extension;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{Response, header};
use axum::response::IntoResponse as _;

fn answer(result: Result<Vec<u8>>) -> Response<Body> {
    match result {
        Ok(raw) => {
            let headers = [
                (header::CONTENT_TYPE, "application/octet-stream"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"message.eml\""),
                (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
            ];
            (headers, raw).into_response()
        }
        Err(error) => status(&error).into_response(),
    }
}

async fn raw(app: &AppState, id: String) -> Result<Vec<u8>> {
    let dir = app.config().data_dir.clone();
    let read = tokio::task::spawn_blocking(move || spool::get(&dir, &id)).await;
    match read {
        Ok(Ok((_, raw))) => Ok(raw),
        _ => Err(AppError::NotFound),
    }
}

/// `GET /operator/tickets/mail/{id}/original`: an e-mail that came in, for staff.
pub async fn original(
    Extension(context): Extension<RequestContext>,
    Path(id): Path<String>,
) -> Response<Body> {
    let found = async {
        let staff = Staff::<AnswerTickets>::of(context).await?;
        let id = super::store::find(staff.read().await?.conn(), &id).await?.id;
        raw(staff.app(), id).await
    };
    answer(found.await)
}

/// `GET /a/{account}/tickets/originals/{message}`: the e-mail that a message of a ticket came by, to whoever sees
/// that.
pub async fn of_message(
    Extension(context): Extension<RequestContext>,
    Path((account, message)): Path<(String, String)>,
) -> Response<Body> {
    let found = async {
        let account = AccountId::parse(&account).ok_or(AppError::NotFound)?;
        let access = Access::<SeeTickets>::of(context, &account).await?;
        let mail = mail_of(&mut access.read().await?, &message).await?;
        raw(access.app(), mail).await
    };
    answer(found.await)
}
