//! The router: health, server functions, pages, web files, and what holds for every request.
//!
//! For every request: an id, one log line, security headers, a limit on the body and on time, and a refusal
//! of changes that another site asked for. Pages are rendered by Leptos; a form sent to a page without WASM
//! is handled by [`crate::web::forms`].

use crate::access::request::{RequestContext, RequestCookies};
use crate::access::state::AppState;
use crate::access::{cookies, device, session, zone};
use crate::error::AppError;
use crate::features::tickets::api as tickets;
use crate::operator::import::api as import;
use crate::operator::statements::api as statements;
use crate::paths;
use crate::platform::limits::network;
use crate::platform::{answers, clock, token};
use crate::types::Theme;
use crate::web::{forms, static_files};
use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::IntoResponse as _;
use axum::routing::{MethodRouter, get, post};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::timeout::TimeoutLayer;

/// One HTTP route beside the pages of `app.rs` and the server functions.
pub struct HttpRoute {
    /// Its path.
    pub path: &'static str,
    /// Who may use it, and why; the access test calls each as everybody.
    pub who: &'static str,
    methods: MethodRouter<AppState>,
}

/// Every one of them. The router is made from this table, and the access test walks through it: no route is
/// in one and not in the other.
pub fn routes() -> Vec<HttpRoute> {
    let route = |path, who, methods| HttpRoute { path, who, methods };
    vec![
        route("/healthz", "anybody: says only whether the program runs", get(|| async { "ok\n" })),
        route("/metrics", "who brings the token, or this machine", get(crate::web::metrics::metrics)),
        route("/readyz", "anybody: says only whether the database answers", get(ready)),
        route("/dev/mail/{id}", "anybody, in the demo only", get(crate::features::mail::api::body)),
        route("/a/{account}/events", "any contact of the account", get(crate::features::news::api::events)),
        route(
            "/a/{account}/emails/{message}/body",
            "emails.view",
            get(crate::features::mail::api::history_body),
        ),
        route(
            "/a/{account}/invoices/{invoice}/pdf",
            "invoices.view",
            get(crate::features::invoices::api::pdf),
        ),
        route(
            "/a/{account}/invoices/documents.zip",
            "invoices.view",
            get(crate::features::invoices::api::zip),
        ),
        route(
            "/a/{account}/invoices/{invoice}/xml",
            "invoices.view",
            get(crate::features::invoices::api::xml),
        ),
        route(
            "/a/{account}/tickets/files",
            "who sees tickets, for their own draft",
            post(tickets::bring).layer(DefaultBodyLimit::max(tickets::MAX_FORM)),
        ),
        route("/a/{account}/tickets/preview", "who sees tickets", post(tickets::preview)),
        route(
            "/a/{account}/tickets/pieces",
            "who sees tickets, for their own draft",
            post(tickets::piece).layer(DefaultBodyLimit::max(tickets::MAX_PIECE)),
        ),
        route("/a/{account}/tickets/files/{file}", "who sees the ticket", get(tickets::download)),
        route(
            "/a/{account}/tickets/originals/{message}",
            "who sees the ticket",
            get(crate::features::incoming::api::of_message),
        ),
        route(
            "/operator/tickets/mail/{id}/original",
            "tickets.answer",
            get(crate::features::incoming::api::original),
        ),
        route("/a/{account}/contacts.csv", "contacts.manage", get(crate::features::contacts::api::csv)),
        route("/a/{account}/activity.csv", "activity.view", get(crate::features::audit::api::csv)),
        route("/profile/data", "signed in, confirmed", get(crate::features::users::api::own_data)),
        route(paths::LOGO, "anybody: the operator's logo", get(crate::features::mail::api::logo)),
        route(paths::BRAND, "anybody: it is on every page", get(crate::operator::settings::api::brand_css)),
        route(
            "/operator/settings/templates/{kind}/preview",
            "settings.edit",
            get(crate::operator::templates::api::preview),
        ),
        route(
            "/operator/customers/{account}/archive.zip",
            "customers.export, confirmed",
            get(crate::operator::data::api::download),
        ),
        route(paths::LOGO_UPLOAD, "settings.edit", post(crate::operator::settings::api::upload_logo)),
        route(
            paths::IMPORT_UPLOAD,
            "customers.import",
            post(import::upload).layer(DefaultBodyLimit::max(import::MAX_FILE)),
        ),
        route("/operator/import/examples/{kind}", "customers.import", get(import::example)),
        route("/operator/import/{id}/report.csv", "customers.import", get(import::report)),
        route(
            "/unsubscribe/{token}",
            "anybody: the signature in the link is the proof",
            get(crate::features::recipients::api::ask).post(crate::features::recipients::api::unsubscribe),
        ),
        route("/dev/letters/{number}", "anybody, in the demo only", get(crate::features::mail::api::letter)),
        route(paths::INVOICE_SAMPLE, "settings.edit", get(crate::operator::invoices::api::sample)),
        route(paths::EXPORT_INVOICES, "invoices.view", get(crate::operator::invoices::api::export)),
        route(
            paths::STATEMENTS_UPLOAD,
            "invoices.manage",
            post(statements::upload).layer(DefaultBodyLimit::max(statements::MAX_FILE)),
        ),
        route(
            paths::GATEWAY,
            "anybody: the signature of the message is the proof",
            post(crate::features::payments::api::heard),
        ),
        route(
            "/sign-on/check",
            "anybody: the secret in the link is the proof",
            post(crate::features::services::api::check),
        ),
    ]
}

/// Requests under way at once from one source; streams of events, whose answer has begun, are counted by
/// their person.
const AT_ONCE: usize = 128;

/// Everything the program answers.
pub fn router(app: AppState) -> Router {
    // Pages start futures; a second call finds the executor set, which is what it wants.
    let _ = any_spawner::Executor::init_tokio();
    let table =
        routes().into_iter().fold(Router::new(), |router, route| router.route(route.path, route.methods));
    table
        .fallback(answer)
        // What comes in pieces, like a long file; pages are packed where they are made.
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(4)))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            plain(
                StatusCode::INTERNAL_SERVER_ERROR,
                "Something went wrong on our side. Nothing was changed; try again.\n",
            )
        }))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_secs(60)))
        .layer(from_fn_with_state(app.clone(), every_request))
        .with_state(app)
}

fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

async fn ready(State(app): State<AppState>) -> Response<Body> {
    if app.ready().await {
        plain(StatusCode::OK, "ready\n")
    } else {
        plain(StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
    }
}

/// The secrets in a request's cookies.
fn request_cookies(app: &AppState, headers: &HeaderMap) -> RequestCookies {
    let secure = app.config().secure();
    let value = |name| cookies::find(headers, name).filter(|value| !value.is_empty() && value.len() <= 64);
    RequestCookies {
        session: value(session::cookie_name(secure)).map(token::hash),
        device: value(device::cookie_name(secure)).map(str::to_owned),
        pending_sign_in: value(crate::features::sign_in::store::cookie_name(secure)).map(token::hash),
        time_format: cookies::find(headers, zone::cookie_name(secure)).map(str::to_owned),
        theme: cookies::find(headers, cookies::theme_name(secure))
            .and_then(Theme::from_key)
            .unwrap_or_default(),
    }
}

/// Where the request comes from. X-Forwarded-For is read from its end, and only as far as trusted proxies
/// wrote it.
fn source(app: &AppState, request: &Request) -> IpAddr {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |info| info.0.ip());
    let trusted = &app.config().trusted_proxies;
    let headers: Vec<&str> =
        request.headers().get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    let mut from = peer.to_canonical();
    for hop in headers.iter().rev().flat_map(|value| value.rsplit(',')) {
        match hop.trim().parse::<IpAddr>() {
            Ok(hop) if trusted.contains(&from) => from = hop.to_canonical(),
            _ => break,
        }
    }
    from
}

/// Did another site make the browser send this? Browsers say so in Fetch metadata and, older ones, in Origin;
/// what is not a browser sends neither and carries no cookie by itself.
fn from_elsewhere(app: &AppState, request: &Request) -> bool {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return false;
    }
    let text = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    match text(HeaderName::from_static("sec-fetch-site")) {
        Some("same-origin" | "none") => false,
        Some(_) => true,
        None => match (text(header::ORIGIN), text(header::HOST)) {
            (Some(origin), host) => {
                origin != app.config().base_url && origin.split_once("://").map(|(_, rest)| rest) != host
            }
            (None, _) => false,
        },
    }
}

/// What the log may know of a path: links in mails carry their secret in it, so of most only the first part.
fn logged(path: &str) -> String {
    let parts =
        if path.starts_with("/rpc/") || path.starts_with("/a/") || path.starts_with("/pkg/") { 4 } else { 2 };
    path.split('/').take(parts).collect::<Vec<_>>().join("/")
}

async fn every_request(State(app): State<AppState>, mut request: Request, next: Next) -> Response<Body> {
    let id = app.new_id();
    let from = source(&app, &request);
    let started = clock::stopwatch();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let mut response = if from_elsewhere(&app, &request) {
        plain(StatusCode::FORBIDDEN, "This request came from another site and was refused.\n")
    } else {
        let agent = request
            .headers()
            .get(header::USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let agent = agent.chars().take(300).collect();
        let context = RequestContext::new(
            app.clone(),
            request_cookies(&app, request.headers()),
            from,
            agent,
            paths::asset_in(&path),
        );
        request.extensions_mut().insert(context);
        // A proxy that is trusted brings everybody: what one source may have under way is counted here.
        match app.places().take(format!("requests of {}", network(from)), AT_ONCE) {
            Some(_place) => next.run(request).await,
            None => plain(
                StatusCode::TOO_MANY_REQUESTS,
                "Too many requests at once from this address. Wait until some are answered.\n",
            ),
        }
    };
    let status = response.status().as_u16();
    app.metrics().answered(method.as_str(), &path, status, started.elapsed());
    let logged = logged(&path);
    let us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    // What may be an attack stands out (OWASP ASVS 5.0 §16.3).
    match status {
        403 | 429 => tracing::warn!(request = id, %from, %method, path = logged, status, us, "refused"),
        _ => tracing::info!(request = id, %from, %method, path = logged, status, us, "answered"),
    }
    let headers = response.headers_mut();
    let mut put = |name: &'static str, value: &'static str| {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    };
    put("x-content-type-options", "nosniff");
    put("x-frame-options", "DENY");
    put("referrer-policy", "same-origin");
    put("cross-origin-opener-policy", "same-origin");
    put("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
    put(
        "content-security-policy",
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    put("cache-control", "no-store");
    if app.config().secure() {
        put("strict-transport-security", "max-age=31536000; includeSubDomains");
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert("x-request-id", id);
    }
    response
}

/// Web files, server functions, forms and pages, told apart by path and method.
async fn answer(State(app): State<AppState>, request: Request) -> Response<Body> {
    let path = request.uri().path();
    let changes = request.method() == Method::POST;
    if !changes && !matches!(*request.method(), Method::GET | Method::HEAD) {
        return plain(
            StatusCode::METHOD_NOT_ALLOWED,
            "This address accepts only GET, HEAD and POST requests.\n",
        );
    }
    if path.starts_with("/rpc/") {
        return if changes {
            forms::rpc(&app, request).await
        } else {
            answers::json_error(&AppError::NotFound)
        };
    }
    if !changes && let Some(file) = static_files::find(path, request.headers()) {
        return file;
    }
    // One page has one address: links in it are relative to that.
    if !changes && path.len() > 1 && path.ends_with('/') {
        let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
        return answers::redirect(&format!("{}{query}", path.trim_end_matches('/')));
    }
    if changes { forms::posted(&app, request).await } else { forms::page(&app, request).await }
}

#[cfg(test)]
mod tests {
    use super::logged;

    #[test]
    fn secrets_of_links_are_not_logged() {
        for page in ["/invitations", "/verify", "/reset-password", "/confirm-email"] {
            assert_eq!(logged(&format!("{page}/secret")), page);
        }
        assert_eq!(logged("/a/01k9/contacts/01kb"), "/a/01k9/contacts");
        assert_eq!(logged("/rpc/contacts/list"), "/rpc/contacts/list");
    }
}
