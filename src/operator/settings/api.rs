//! The logo as it is uploaded, and the colours of pages as a style sheet.

use super::{store, words};
use crate::access::request::RequestContext;
use crate::access::staff::EditSettings;
use crate::access::state::AppState;
use crate::access::{Staff, settings};
use crate::error::{AppError, Result};
use crate::features::audit::model::AuditKind;
use crate::features::audit::record::Entry;
use crate::paths;
use crate::platform::answers::{back, redirect};
use crate::platform::config::{Company, check_logo};
use axum::Extension;
use axum::body::Body;
use axum::extract::{Multipart, State};
use axum::http::{Response, header};
use axum::response::IntoResponse as _;
use base64::Engine as _;

/// `POST /operator/settings/logo`: a new logo. A plain form, so that it works without WASM; what is wrong with
/// the image stands on the page it leads back to.
pub async fn upload_logo(
    Extension(context): Extension<RequestContext>,
    mut form: Multipart,
) -> Response<Body> {
    match keep_logo(context, &mut form).await {
        Ok(()) => redirect(paths::SETTINGS),
        Err(error) => back(&error, paths::SETTINGS, "logo"),
    }
}

async fn keep_logo(context: RequestContext, form: &mut Multipart) -> Result<()> {
    let staff = Staff::<EditSettings>::of(context).await?;
    let wrong = |message: &str| AppError::field("logo", message);
    let field = form.next_field().await.map_err(|_| wrong(words::TOO_LARGE))?;
    let field = field.ok_or_else(|| wrong(words::CHOOSE_A_FILE))?;
    let bytes = field.bytes().await.map_err(|_| wrong(words::TOO_LARGE))?;
    if bytes.is_empty() {
        return Err(wrong(words::CHOOSE_A_FILE));
    }
    let kind = check_logo(&bytes).map_err(|message| wrong(&message))?;
    let mut tx = staff.begin().await?;
    let logo = format!("{kind},{}", base64::engine::general_purpose::STANDARD.encode(&bytes));
    let company = Company { logo, ..settings::company(tx.conn()).await? };
    store::keep(&staff, tx, &company, Entry::new(AuditKind::SettingsChanged, words::CHANGED_LOGO)).await
}

/// `GET /brand.css`: the company's colour in place of the product's. Public: it is on every page.
pub async fn brand_css(State(app): State<AppState>) -> Response<Body> {
    let look = &app.config().look;
    let css = format!(
        ":root{{--accent:light-dark({},{});--accent-strong:color-mix(in srgb,var(--accent) 78%,light-dark(#000,#fff));\
         --accent-soft:color-mix(in srgb,var(--accent) 9%,light-dark(#fff,#1b1a17))}}",
        look.accent, look.accent_in_the_dark
    );
    ([(header::CONTENT_TYPE, "text/css"), (header::CACHE_CONTROL, "public, max-age=86400")], css)
        .into_response()
}
