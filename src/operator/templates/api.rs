//! The preview of a template as a document of its own, for its frame.

use super::model::TemplateForm;
use super::{samples, store};
use crate::access::Staff;
use crate::access::request::RequestContext;
use crate::access::staff::EditSettings;
use crate::error::{AppError, Result};
use crate::features::mail::letter::framed;
use crate::platform::answers;
use axum::Extension;
use axum::body::Body;
use axum::extract::Path;
use axum::http::Response;
use axum::response::IntoResponse as _;

/// `GET /operator/settings/templates/{kind}/preview`: a made-up mail as the draft words it. Needs
/// `settings.edit`.
pub async fn preview(
    Path(kind): Path<String>,
    Extension(context): Extension<RequestContext>,
) -> Response<Body> {
    match drawn(context, &kind).await {
        Ok(html) => framed(&html),
        Err(error) => answers::status(&error).into_response(),
    }
}

async fn drawn(context: RequestContext, kind: &str) -> Result<String> {
    let staff = Staff::<EditSettings>::of(context).await?;
    let stored = store::show(staff.read().await?.conn(), kind).await?;
    let form = stored.draft().or_else(|| stored.used()).unwrap_or_else(TemplateForm::as_it_is);
    let message = samples::one(staff.app(), kind, Some(&form)).ok_or(AppError::NotFound)?;
    Ok(message.html)
}
