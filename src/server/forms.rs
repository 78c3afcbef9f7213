//! How forms and server functions meet HTTP, with and without WASM.
//!
//! With WASM a form is sent to its server function at `/rpc/…` and the browser acts on the JSON. Without, it is posted to the
//! page it stands on, with the server function's path in `_action`: the function is called in the same way; success becomes a
//! redirect with a flash message, and a refusal shows the same page again with the error, the right status and what was typed.
//! Invariant: passwords are never sent back, kept or logged.

use super::access::{Open, System, Tx};
use super::session::cookie;
use super::state::{Carried, House, Visit};
use super::{shell, token};
use crate::error::{AppError, Done, Result};
use crate::paths;
use crate::types::Timestamp;
use crate::ui::form::{Arrival, Submitted};
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, Response, StatusCode, header};
use axum::response::IntoResponse as _;
use leptos::prelude::{provide_context, use_context};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

/// The longest body of a form, in bytes.
pub const MAX_BODY: usize = 512 * 1024;

/// Name of the cookie that carries a flash message to the next page, see [`super::session::cookie_name`].
fn flash_name(secure: bool) -> &'static str {
    if secure { "__Host-latchkey-flash" } else { "latchkey-flash" }
}

const DRAFT_INSERT: &str = "INSERT INTO drafts (token_hash, path, fields, expires_at) VALUES ($1, $2, $3, $4)";
const DRAFT_TIDY: &str = "DELETE FROM drafts WHERE expires_at <= $1";
const DRAFT: &str = "SELECT fields FROM drafts WHERE token_hash = $1 AND path = $2 AND expires_at > $3";

/// Every statement of this file, for the test that prepares them.
pub const STATEMENTS: &[&str] = &[DRAFT_INSERT, DRAFT_TIDY, DRAFT];

type Fields = Vec<(String, String)>;

/// What the form of a call sent, in context while its server function runs; without passwords and our own fields.
#[derive(Clone)]
struct Typed(Arc<Fields>);

/// What the form sent that calls this server function.
pub fn typed() -> Arc<Fields> {
    use_context::<Typed>().map(|typed| typed.0).unwrap_or_default()
}

/// A form's body without our own fields.
fn ours_removed(body: &[u8]) -> Bytes {
    let theirs = form_urlencoded::parse(body).filter(|(name, _)| !name.starts_with('_'));
    form_urlencoded::Serializer::new(String::new()).extend_pairs(theirs).finish().into()
}

/// Is what this field holds for nobody's eyes?
fn is_secret(name: &str) -> bool {
    name.contains("password") || matches!(name, "code" | "passkey" | "ceremony")
}

fn without_secrets(typed: Fields) -> Fields {
    typed.into_iter().filter(|(name, _)| !is_secret(name) && !name.starts_with('_')).collect()
}

fn fields(body: &[u8]) -> Fields {
    form_urlencoded::parse(body).into_owned().collect()
}

fn field<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// An error as a server function's answer.
pub fn json_error(error: &AppError) -> Response<Body> {
    let body = serde_json::to_vec(error).unwrap_or_default();
    let mut response = (StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert("serverfnerror", HeaderValue::from_static("1"));
    if let AppError::TooMany { retry_after } = error {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*retry_after));
    }
    response
}

/// An error as the answer to a link that leads to a file: the way to what is missing, or the error in words.
pub fn way_on_or_error(error: &AppError, here: &str) -> Response<Body> {
    match error.way_on(here) {
        Some(to) => redirect(&to),
        None => (StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), format!("{error}\n")).into_response(),
    }
}

/// What a server function answered.
#[derive(Clone)]
struct Reply {
    status: StatusCode,
    body: Bytes,
    cookies: Vec<HeaderValue>,
}

impl Reply {
    fn error(&self) -> Option<AppError> {
        if self.status.is_success() {
            return None;
        }
        Some(
            serde_json::from_slice(&self.body)
                .unwrap_or_else(|_| AppError::BadRequest("This request is not one that a form of this site sends. Open the page again and retry.".into())),
        )
    }
}

/// Replies to forms that carry `_once`: a form that is sent twice, by a double click or a retry on a bad line, is done once and
/// answered twice.
static ONCE: LazyLock<Mutex<HashMap<String, Slot>>> = LazyLock::new(Mutex::default);
/// How long a reply is repeated.
const ONCE_MINUTES: i64 = 10;
/// How many replies are kept at most; beyond that a repeated form is simply done again, and the database refuses what is double.
const MAX_SLOTS: usize = 2_000;
type Slot = (Timestamp, Arc<tokio::sync::Mutex<Option<Reply>>>);

fn slot(house: &House, key: &str) -> Arc<tokio::sync::Mutex<Option<Reply>>> {
    let now = house.now();
    let mut slots = ONCE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if slots.len() >= MAX_SLOTS {
        slots.retain(|_, (at, _)| at.plus_minutes(ONCE_MINUTES) > now);
    }
    if slots.len() >= MAX_SLOTS {
        slots.clear();
    }
    let fresh = || (now, Arc::default());
    let slot = slots.entry(key.to_owned()).or_insert_with(fresh);
    if slot.0.plus_minutes(ONCE_MINUTES) <= now {
        *slot = fresh();
    }
    slot.1.clone()
}

/// Forgets replies that are no longer repeated.
pub fn tidy_replies(now: Timestamp) {
    ONCE.lock().unwrap_or_else(std::sync::PoisonError::into_inner).retain(|_, (at, _)| at.plus_minutes(ONCE_MINUTES) > now);
}

fn forget_slot(key: &str) {
    ONCE.lock().unwrap_or_else(std::sync::PoisonError::into_inner).remove(key);
}

/// Runs a server function, or repeats its reply when the very same form was already done.
async fn call(visit: &Visit, parts: &Parts, path: &str, body: Bytes) -> Reply {
    let once = field(&fields(&body), "_once").filter(|once| once.len() >= 16).map(str::to_owned);
    let Some(once) = once else { return call_now(visit, parts, path, body).await };
    let digest = token::hash(&String::from_utf8_lossy(&body));
    // A reply can hold a session: only the browser that got it once gets it again.
    let browser = [visit.session(), visit.half(), visit.device()].map(Option::unwrap_or_default).join(" ");
    let key = format!("{browser} {path} {once} {digest}");
    let slot = slot(visit.house(), &key);
    let mut known = slot.lock().await;
    if let Some(reply) = known.as_ref() {
        return reply.clone();
    }
    let reply = call_now(visit, parts, path, body).await;
    if reply.status.is_success() {
        *known = Some(reply.clone());
    } else {
        forget_slot(&key);
    }
    reply
}

async fn call_now(visit: &Visit, parts: &Parts, path: &str, body: Bytes) -> Reply {
    let failed = |error: AppError| Reply {
        status: StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        body: serde_json::to_vec(&error).unwrap_or_default().into(),
        cookies: Vec::new(),
    };
    if leptos::server_fn::axum::get_server_fn_service(path, Method::POST).is_none() {
        return failed(AppError::NotFound);
    }
    let typed = without_secrets(fields(&body));
    // Our own fields are not the function's; a button that names another function sends one of them twice.
    let body = if body.starts_with(b"_") || body.windows(2).any(|pair| pair == b"&_") { ours_removed(&body) } else { body };
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "application/json")
        .body(Body::from(body));
    let Ok(mut request) = request else { return failed(AppError::NotFound) };
    *request.extensions_mut() = parts.extensions.clone();
    let (context, typed) = (visit.clone(), Typed(Arc::new(typed)));
    let provide = move || {
        provide_context(context.clone());
        provide_context(typed.clone());
    };
    let response = leptos_axum::handle_server_fns_with_context(provide, request).await.into_response();
    let (head, body) = response.into_parts();
    let Ok(body) = axum::body::to_bytes(body, usize::MAX).await else {
        return failed(AppError::Internal { reference: "transport".into() });
    };
    if head.status.is_success() {
        return Reply { status: StatusCode::OK, body, cookies: head.headers.get_all(header::SET_COOKIE).iter().cloned().collect() };
    }
    match serde_json::from_slice::<AppError>(&body) {
        Ok(error) => failed(error),
        Err(_) => failed(AppError::BadRequest("This request is not one that a form of this site sends. Open the page again and retry.".into())),
    }
}

async fn read_body(body: Body) -> Result<Bytes> {
    axum::body::to_bytes(body, MAX_BODY).await.map_err(|_| AppError::TooLarge)
}

fn visit_of(house: &House, parts: &Parts) -> Visit {
    parts
        .extensions
        .get::<Visit>()
        .cloned()
        .unwrap_or_else(|| Visit::new(house.clone(), Carried::default(), std::net::Ipv4Addr::LOCALHOST.into(), String::new(), None))
}

/// A server function called over HTTP.
pub async fn rpc(house: &House, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = match read_body(body).await {
        Ok(body) => body,
        Err(error) => return json_error(&error),
    };
    let visit = visit_of(house, &parts);
    let reply = call(&visit, &parts, parts.uri.path(), body).await;
    match reply.error() {
        Some(error) => json_error(&error),
        None => {
            let mut response = (StatusCode::OK, [(header::CONTENT_TYPE, "application/json")], reply.body).into_response();
            for cookie in reply.cookies {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            response
        }
    }
}

/// A page.
pub async fn page(house: &House, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    let visit = visit_of(house, &parts);
    let mut arrival = Arrival { once: token::new_token(), reading: visit.reading(), ..Arrival::default() };
    let flash = super::http::cookie(&parts.headers, flash_name(house.config().secure())).unwrap_or_default();
    if !flash.is_empty() {
        arrival.flash = form_urlencoded::parse(flash.as_bytes()).next().map(|(text, _)| text.into_owned()).unwrap_or_default();
    }
    let query = fields(parts.uri.query().unwrap_or_default().as_bytes());
    if let Some(draft) = field(&query, "draft") {
        arrival.submitted = draft_of(house, draft, parts.uri.path()).await;
    }
    let flashed = !arrival.flash.is_empty();
    let mut response = render(visit, &parts, arrival).await;
    if flashed {
        let secure = house.config().secure();
        response.headers_mut().append(header::SET_COOKIE, cookie(flash_name(secure), secure, "", 0));
    }
    response
}

async fn render(visit: Visit, parts: &Parts, arrival: Arrival) -> Response<Body> {
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = parts.uri.clone();
    *request.headers_mut() = parts.headers.clone();
    let context = move || {
        provide_context(visit.clone());
        provide_context(arrival.clone());
    };
    let mut response = leptos_axum::render_app_async_with_context(context, shell::shell)(request).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A form posted to the page it stands on.
pub async fn posted(house: &House, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let visit = visit_of(house, &parts);
    let body = match read_body(body).await {
        Ok(body) => body,
        Err(error) => return refused(visit, &parts, String::new(), Vec::new(), error).await,
    };
    let typed = fields(&body);
    // A button of a form may name another function than the form does; it comes last.
    let named = typed.iter().rev().find(|(name, _)| name == "_action").map(|(_, action)| action.as_str());
    let Some(called) = named.filter(|action| action.starts_with("/rpc/")).map(str::to_owned) else {
        let error = AppError::BadRequest("This request is not one that a form of this site sends. Open the page again and retry.".into());
        return refused(visit, &parts, String::new(), Vec::new(), error).await;
    };
    // The form is shown again under its own name.
    let action = field(&typed, "_action").unwrap_or_default().to_owned();
    let reply = call(&visit, &parts, &called, body).await;
    let typed = without_secrets(typed);
    match reply.error() {
        None => {
            let done: Done = serde_json::from_slice(&reply.body).unwrap_or_default();
            let to = if done.to.is_empty() { parts.uri.path().to_owned() } else { done.to };
            let mut response = redirect(&to);
            for cookie in reply.cookies {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            if !done.say.is_empty() {
                let say: String = form_urlencoded::byte_serialize(done.say.as_bytes()).collect();
                let secure = house.config().secure();
                response.headers_mut().append(header::SET_COOKIE, cookie(flash_name(secure), secure, &say, 60));
            }
            response
        }
        // What was typed is there again once the person has done what is missing.
        Some(error) if error.way_on("").is_some() => match keep_draft(&visit, parts.uri.path(), &action, &typed).await {
            Ok(draft) => redirect(&error.way_on(&paths::with_draft(&parts.uri.to_string(), &draft)).unwrap_or_default()),
            Err(error) => refused(visit, &parts, action, typed, error).await,
        },
        Some(error) => refused(visit, &parts, action, typed, error).await,
    }
}

/// 303 to a path of ours.
fn redirect(to: &str) -> Response<Body> {
    let location = HeaderValue::try_from(to).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// The page again, with what was typed and why it was refused.
async fn refused(visit: Visit, parts: &Parts, action: String, fields: Fields, error: AppError) -> Response<Body> {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let retry_after = if let AppError::TooMany { retry_after } = error { Some(retry_after) } else { None };
    let arrival =
        Arrival { flash: String::new(), reading: visit.reading(), once: token::new_token(), submitted: Some(Submitted { action, fields, error: Some(error) }) };
    let mut response = render(visit, parts, arrival).await;
    if response.status().is_success() {
        *response.status_mut() = status;
    }
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

async fn keep_draft(visit: &Visit, path: &str, action: &str, typed: &Fields) -> Result<String> {
    let house = visit.house();
    house.limits().try_source("draft", visit.source())?;
    let mut tx: Tx<Open> = System::of(house).begin().await?;
    let draft = keep(&mut tx, path, action, typed).await?;
    tx.commit().await?;
    Ok(draft)
}

/// Forgets drafts that are too old.
pub async fn tidy_drafts(tx: &mut Tx<Open>) -> Result<()> {
    let now = tx.now().0;
    sqlx::query(DRAFT_TIDY).bind(now).execute(tx.conn()).await?;
    Ok(())
}

/// Keeps what the form of this call sent for the page it stands on. Returns the value of that page's `draft` parameter.
///
/// # Errors
/// [`AppError::TooMany`].
pub async fn keep_typed<S>(tx: &mut Tx<S>, path: &str, action: &str) -> Result<String> {
    if let Ok(source) = tx.origin().source.parse() {
        tx.house().limits().try_source("draft", source)?;
    }
    keep(tx, path, action, &typed()).await
}

async fn keep<S>(tx: &mut Tx<S>, path: &str, action: &str, typed: &Fields) -> Result<String> {
    let (draft, now) = (token::new_token(), tx.now());
    let kept = serde_json::to_string(&(action, typed)).unwrap_or_default();
    sqlx::query(DRAFT_INSERT).bind(token::hash(&draft)).bind(path).bind(kept).bind(now.plus_minutes(60).0).execute(tx.conn()).await?;
    Ok(draft)
}

/// Writes a row that nobody can ever read, where the time of writing must not tell that there was nothing to write.
pub async fn write_nothing(tx: &mut Tx<Open>) -> Result<()> {
    let now = tx.now().0;
    sqlx::query(DRAFT_TIDY).bind(now).execute(tx.conn()).await?;
    sqlx::query(DRAFT_INSERT).bind(token::new_token()).bind("").bind("").bind(now).execute(tx.conn()).await?;
    Ok(())
}

async fn draft_of(house: &House, draft: &str, path: &str) -> Option<Submitted> {
    let mut reader = System::of(house).read().await.ok()?;
    let kept: Option<String> = sqlx::query_scalar(DRAFT).bind(token::hash(draft)).bind(path).bind(house.now().0).fetch_optional(reader.conn()).await.ok()?;
    let (action, fields) = serde_json::from_str(&kept?).ok()?;
    Some(Submitted { action, fields, error: None })
}
