//! How forms and server functions meet HTTP, with and without WASM.
//!
//! With WASM a form is sent to its server function at `/rpc/…` and the browser acts on the JSON. Without, it
//! is posted to the page it stands on, with the server function's path in `_action`: the function is called
//! in the same way; success becomes a redirect with a flash message, and a refusal shows the same page again
//! with the error, the right status and what was typed. Invariant: secrets, which are told by their type, are
//! never sent back, kept or logged.

use crate::access::cookies::cookie;
use crate::access::drafts::{self, SentForm};
use crate::access::fields::{Fields, ours_removed};
use crate::access::once::{FormStatus, Once, StoredAnswer};
use crate::access::request::{RequestContext, RequestCookies};
use crate::access::state::AppState;
use crate::access::{System, session};
use crate::error::{AppError, Outcome, Result};
use crate::paths;
use crate::platform::answers::{json_error, redirect, status};
use crate::platform::config::OPERATOR_COLOUR;
use crate::platform::token;
use crate::ui::initial_state::{Flash, InitialState, Submitted};
use crate::ui::respond::PartFiles;
use crate::web::functions::{FORMS, read_form};
use crate::web::static_files::NAMES;
use crate::web::{compress, document, turns};
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, Response, StatusCode, header};
use axum::response::IntoResponse as _;
use leptos::prelude::provide_context;
use std::sync::Arc;

/// The longest body of a form, in bytes.
pub const MAX_BODY: usize = 512 * 1024;

/// Name of the cookie that carries a flash message to the next page, see
/// [`crate::access::session::cookie_name`].
fn flash_name(secure: bool) -> &'static str {
    if secure { "__Host-latchkey-flash" } else { "latchkey-flash" }
}

fn fields(body: &[u8]) -> Fields {
    form_urlencoded::parse(body).into_owned().collect()
}

fn field<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// What a server function answered.
#[derive(Clone)]
struct Reply {
    status: StatusCode,
    body: Bytes,
    cookies: Vec<HeaderValue>,
}

impl Reply {
    fn refused(error: &AppError) -> Self {
        Self {
            status: status(error),
            body: serde_json::to_vec(error).unwrap_or_default().into(),
            cookies: Vec::new(),
        }
    }

    fn answer(&self) -> StoredAnswer {
        let text = |cookie: &HeaderValue| cookie.to_str().map(str::to_owned).ok();
        StoredAnswer {
            body: String::from_utf8_lossy(&self.body).into_owned(),
            cookies: self.cookies.iter().filter_map(text).collect(),
        }
    }

    fn error(&self) -> Option<AppError> {
        if self.status.is_success() {
            return None;
        }
        Some(serde_json::from_slice(&self.body).unwrap_or_else(|_| {
            AppError::BadRequest(
                "This request does not match any form on this site. Open the page again and retry.".into(),
            )
        }))
    }
}

/// Runs a server function, or repeats its answer when the very same form was already done.
async fn call(context: &RequestContext, parts: &Parts, path: &str, body: Bytes) -> Reply {
    let sent = fields(&body);
    let once = field(&sent, "_once")
        .filter(|_| FORMS.contains_key(path))
        .and_then(|mark| Once::of(context.app().key(), context.session()?, path, mark, &body));
    let Some(once) = once.map(Arc::new) else { return call_now(context, parts, path, body).await };
    let app = context.app();
    let Some(turn) = app.turns().take(once.name()).await else {
        return Reply::refused(&AppError::TooMany { retry_after: 1 });
    };
    if let Some(reply) = repeated(app, parts, &once).await {
        return reply;
    }
    // A cookie that is no session writes nothing: anybody can make one up.
    if session::user(context).await.is_err() {
        return call_now(context, parts, path, body).await;
    }
    context.doing(Some(once.clone()));
    let reply = call_now(context, parts, path, body).await;
    context.doing(None);
    if !once.is_written() {
        // Another process may have done it meanwhile: then nothing of it was done here, or it was refused
        // because it is there already.
        let again = if reply.error().is_some() { repeated(app, parts, &once).await } else { None };
        return again.unwrap_or(reply);
    }
    let answer = reply.status.is_success().then(|| reply.answer());
    let app = app.clone();
    // The person need not wait for it; whoever sends the form again does.
    tokio::spawn(async move {
        let settled = async {
            let mut tx = System::of(&app).begin().await?;
            once.settle(tx.conn(), answer.as_ref()).await?;
            tx.commit().await
        };
        if let Err(error) = settled.await {
            tracing::warn!(%error, "the answer of a form was not stored");
        }
        drop(turn);
    });
    reply
}

/// The answer of a form that was done.
async fn repeated(app: &AppState, parts: &Parts, once: &Once) -> Option<Reply> {
    let found = async { once.find(System::of(app).read().await?.conn(), app.now()).await };
    match found.await {
        Ok(FormStatus::New) => None,
        Ok(FormStatus::Answered(answer)) => Some(Reply::from(answer)),
        Ok(FormStatus::Done) => {
            let page = parts.headers.get(header::REFERER).and_then(|value| value.to_str().ok());
            let page =
                page.and_then(|page| page.strip_prefix(app.config().base_url.as_str())).unwrap_or_default();
            let done = Outcome::afresh(paths::safe_next(page), "This has already been done.");
            Some(Reply {
                status: StatusCode::OK,
                body: serde_json::to_vec(&done).unwrap_or_default().into(),
                cookies: Vec::new(),
            })
        }
        Err(error) => Some(Reply::refused(&error)),
    }
}

impl From<StoredAnswer> for Reply {
    fn from(answer: StoredAnswer) -> Self {
        let cookies = answer.cookies.iter().filter_map(|cookie| HeaderValue::from_str(cookie).ok()).collect();
        Self { status: StatusCode::OK, body: answer.body.into(), cookies }
    }
}

async fn call_now(context: &RequestContext, parts: &Parts, path: &str, body: Bytes) -> Reply {
    let failed = |error: AppError| Reply::refused(&error);
    if leptos::server_fn::axum::get_server_fn_service(path, Method::POST).is_none() {
        return failed(AppError::NotFound);
    }
    let sent = SentForm(body.clone());
    // Our own fields are not the function's; a button that names another function sends one of them twice.
    let body = if body.starts_with(b"_") || body.windows(2).any(|pair| pair == b"&_") {
        ours_removed(&body)
    } else {
        body
    };
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "application/json")
        .body(Body::from(body));
    let Ok(mut request) = request else { return failed(AppError::NotFound) };
    *request.extensions_mut() = parts.extensions.clone();
    let context = context.clone();
    let provide = move || {
        provide_context(context.clone());
        provide_context(sent.clone());
    };
    let response = leptos_axum::handle_server_fns_with_context(provide, request).await.into_response();
    let (head, body) = response.into_parts();
    let Ok(body) = axum::body::to_bytes(body, usize::MAX).await else {
        return failed(AppError::Internal { reference: "transport".into() });
    };
    if head.status.is_success() {
        return Reply {
            status: StatusCode::OK,
            body,
            cookies: head.headers.get_all(header::SET_COOKIE).iter().cloned().collect(),
        };
    }
    match serde_json::from_slice::<AppError>(&body) {
        Ok(error) => failed(error),
        Err(_) => failed(AppError::BadRequest(
            "This request does not match any form on this site. Open the page again and retry.".into(),
        )),
    }
}

async fn read_body(body: Body) -> Result<Bytes> {
    axum::body::to_bytes(body, MAX_BODY).await.map_err(|_| AppError::TooLarge)
}

fn context_of(app: &AppState, parts: &Parts) -> RequestContext {
    parts.extensions.get::<RequestContext>().cloned().unwrap_or_else(|| {
        RequestContext::new(
            app.clone(),
            RequestCookies::default(),
            std::net::Ipv4Addr::LOCALHOST.into(),
            String::new(),
            None,
        )
    })
}

/// A server function called over HTTP.
pub async fn rpc(app: &AppState, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = match read_body(body).await {
        Ok(body) => body,
        Err(error) => return json_error(&error),
    };
    let context = context_of(app, &parts);
    let reply = call(&context, &parts, parts.uri.path(), body).await;
    match reply.error() {
        Some(error) => json_error(&error),
        None => {
            let mut response =
                (StatusCode::OK, [(header::CONTENT_TYPE, "application/json")], reply.body).into_response();
            for cookie in reply.cookies {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            response
        }
    }
}

/// A page.
pub async fn page(app: &AppState, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    let context = context_of(app, &parts);
    let mut initial = initial_of(&context);
    let flash =
        crate::access::cookies::find(&parts.headers, flash_name(app.config().secure())).unwrap_or_default();
    if !flash.is_empty() {
        let text = form_urlencoded::parse(flash.as_bytes()).next().map(|(text, _)| text.into_owned());
        initial.flash = text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    }
    let query = fields(parts.uri.query().unwrap_or_default().as_bytes());
    if let Some(draft) = field(&query, "draft") {
        initial.submitted = drafts::find(&context, draft, parts.uri.path()).await;
    }
    let flashed = !flash.is_empty();
    let mut response = render(context, &parts, initial).await;
    if flashed {
        let secure = app.config().secure();
        response.headers_mut().append(header::SET_COOKIE, cookie(flash_name(secure), secure, "", 0));
    }
    response
}

/// What every page brings along.
fn initial_of(context: &RequestContext) -> InitialState {
    let config = context.app().config();
    InitialState {
        once: token::new_token(),
        time_format: context.time_format(),
        theme: context.theme(),
        operator: config.operator_name.clone(),
        logo: config.look.logo_path.clone(),
        accent: if config.look.accent == OPERATOR_COLOUR {
            String::new()
        } else {
            config.look.accent.clone()
        },
        no_sign_up: !config.sign_up,
        ..InitialState::default()
    }
}

async fn render(context: RequestContext, parts: &Parts, initial: InitialState) -> Response<Body> {
    let _turn = turns::turn().await;
    let mut request = Request::new(()).into_parts().0;
    request.uri = parts.uri.clone();
    request.headers = parts.headers.clone();
    let context = move || {
        provide_context(context);
        provide_context(initial);
        provide_context(PartFiles(&NAMES.parts));
    };
    let mut response = document::render(request, context).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    compress::page(&parts.headers, response)
}

/// A form posted to the page it stands on.
pub async fn posted(app: &AppState, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let context = context_of(app, &parts);
    let body = match read_body(body).await {
        Ok(body) => body,
        Err(error) => return refused(context, &parts, String::new(), Vec::new(), error).await,
    };
    let sent = fields(&body);
    // A button of a form may name another function than the form does; it comes last.
    let named = sent.iter().rev().find(|(name, _)| name == "_action").map(|(_, action)| action.as_str());
    let Some(called) = named.filter(|action| action.starts_with("/rpc/")).map(str::to_owned) else {
        let error = AppError::BadRequest(
            "This request does not match any form on this site. Open the page again and retry.".into(),
        );
        return refused(context, &parts, String::new(), Vec::new(), error).await;
    };
    // The form is shown again under its own name.
    let action = field(&sent, "_action").unwrap_or_default().to_owned();
    let typed = read_form(&action, &body);
    let reply = call(&context, &parts, &called, body).await;
    match reply.error() {
        None => {
            let done: Outcome = serde_json::from_slice(&reply.body).unwrap_or_default();
            let to = if done.to.is_empty() { parts.uri.path().to_owned() } else { done.to };
            let mut response = redirect(&to);
            for cookie in reply.cookies {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            if !done.say.is_empty() {
                let secure = app.config().secure();
                let flash = flash_cookie(Flash { say: done.say, undo: done.undo });
                response
                    .headers_mut()
                    .append(header::SET_COOKIE, cookie(flash_name(secure), secure, &flash, 60));
            }
            response
        }
        // What was typed is there again once the person has done what is missing.
        Some(error) if error.remedy_path("").is_some() => {
            match drafts::keep_for(&context, parts.uri.path(), &action, &typed).await {
                Ok(draft) => {
                    let page = parts.uri.to_string();
                    let next = draft.map_or_else(|| page.clone(), |draft| paths::with_draft(&page, &draft));
                    redirect(&error.remedy_path(&next).unwrap_or_default())
                }
                Err(error) => refused(context, &parts, action, typed, error).await,
            }
        }
        Some(error) => refused(context, &parts, action, typed, error).await,
    }
}

/// A flash message as a cookie holds it. One that is too long for a cookie cannot be undone.
fn flash_cookie(flash: Flash) -> String {
    const LONGEST: usize = 3_800;
    let written = |flash: &Flash| {
        let json = serde_json::to_string(flash).unwrap_or_default();
        form_urlencoded::byte_serialize(json.as_bytes()).collect::<String>()
    };
    let whole = written(&flash);
    if whole.len() <= LONGEST { whole } else { written(&Flash { undo: None, ..flash }) }
}

/// The page again, with what was typed and why it was refused.
async fn refused(
    context: RequestContext,
    parts: &Parts,
    action: String,
    fields: Fields,
    error: AppError,
) -> Response<Body> {
    let code = status(&error);
    let retry_after = if let AppError::TooMany { retry_after } = error { Some(retry_after) } else { None };
    let submitted = Some(Submitted { action, fields, error: Some(error) });
    let initial = InitialState { submitted, ..initial_of(&context) };
    let mut response = render(context, parts, initial).await;
    if response.status().is_success() {
        *response.status_mut() = code;
    }
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
