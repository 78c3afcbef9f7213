//! The archive as a download.

use super::{archive, words};
use crate::access::Staff;
use crate::access::request::RequestContext;
use crate::access::staff::{ExportCustomers, named};
use crate::error::Result;
use crate::features::audit::model::AuditKind;
use crate::features::audit::record::Entry;
use crate::paths;
use crate::platform::answers;
use crate::types::AccountId;
use axum::Extension;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{Response, StatusCode, header};
use axum::response::IntoResponse as _;

/// `GET /operator/customers/{account}/archive.zip`: everything of one customer. Needs `customers.export`, asks
/// first whether it is them, and stands in the activity.
pub async fn download(
    Path(account): Path<String>,
    Extension(context): Extension<RequestContext>,
) -> Response<Body> {
    let Some(account) = AccountId::parse(&account) else { return StatusCode::NOT_FOUND.into_response() };
    match written(context, &account).await {
        Ok((number, bytes)) => {
            let name = format!("attachment; filename=\"customer-{number}.zip\"");
            let headers =
                [(header::CONTENT_TYPE, "application/zip".to_owned()), (header::CONTENT_DISPOSITION, name)];
            (headers, bytes).into_response()
        }
        Err(error) => answers::remedy_or_error(&error, &paths::archive(&account)),
    }
}

async fn written(context: RequestContext, account: &AccountId) -> Result<(i64, Vec<u8>)> {
    let staff = Staff::<ExportCustomers>::of(context).await?.just_confirmed()?;
    let mut tx = staff.begin().await?.into_account(account).await?;
    tx.record(Entry::new(AuditKind::DataExported, words::EXPORTED)).await?;
    tx.commit().await?;
    let mut reader = staff.read().await?;
    let (name, number) = named(reader.conn(), account).await?;
    Ok((number, archive::write(&mut reader, account, (&name, number)).await?))
}
