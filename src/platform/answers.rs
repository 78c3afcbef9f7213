//! How errors are answered over HTTP.

use crate::error::AppError;
use crate::paths;
use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse as _;

/// An error's status.
pub fn status(error: &AppError) -> StatusCode {
    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// An error as a server function's answer.
pub fn json_error(error: &AppError) -> Response<Body> {
    let body = serde_json::to_vec(error).unwrap_or_default();
    let mut response = (status(error), body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert("serverfnerror", HeaderValue::from_static("1"));
    if let AppError::TooMany { retry_after } = error {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*retry_after));
    }
    response
}

/// An error as the answer to a link that leads to a file: the way to what is missing, or the error in words.
pub fn remedy_or_error(error: &AppError, here: &str) -> Response<Body> {
    match error.remedy_path(here) {
        Some(to) => redirect(&to),
        None => (status(error), format!("{error}\n")).into_response(),
    }
}

/// An error as the answer to a file that was sent from a page: what is wrong with the file stands on that page, in
/// the part `name` of its query; else the way to what is missing, or the error.
pub fn back(error: &AppError, page: &str, name: &str) -> Response<Body> {
    match (error, error.remedy_path(page)) {
        (AppError::Invalid(errors), _) => {
            let message = errors.0.first().map(|error| error.message.as_str()).unwrap_or_default();
            redirect(&format!("{page}?{name}={}", paths::encode(message)))
        }
        (_, Some(to)) => redirect(&to),
        (_, None) => json_error(error),
    }
}

/// 303 to a path of ours: two slashes at its beginning would lead to another site.
pub fn redirect(to: &str) -> Response<Body> {
    let location = HeaderValue::try_from(paths::safe_next(to)).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}
