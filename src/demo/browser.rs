//! A browser without a screen that talks to the router in this process: how the demo is made and how features
//! are tested, through the same functions that people use.

use crate::access::System;
use crate::access::state::AppState;
use crate::error::{AppError, Outcome, Result};
use crate::features::sign_in::rpc::{SignIn, SignUp, VerifyAddress};
use crate::outbox;
use crate::types::AccountId;
use crate::web::http;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, Response, StatusCode, header};
use leptos::server_fn::ServerFn as _;
use std::collections::BTreeMap;
use tower::ServiceExt as _;

/// What came back.
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body as text.
    pub body: String,
}

impl Answer {
    /// Where a redirect leads.
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// One browser with its cookies.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    app: AppState,
    cookies: BTreeMap<String, String>,
    agent: &'static str,
}

impl Browser {
    /// A new browser that visits this application.
    pub fn of_app(app: &AppState) -> Self {
        Self {
            router: http::router(app.clone()),
            app: app.clone(),
            cookies: BTreeMap::new(),
            agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
        }
    }

    /// The same browser, with its cookies, at another process.
    #[cfg(test)]
    pub fn at(&self, app: &AppState) -> Self {
        Self { router: http::router(app.clone()), app: app.clone(), ..self.clone() }
    }

    /// The value of a cookie: what a thief would take.
    #[cfg(test)]
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.get(name).cloned()
    }

    /// Sends a request with the cookies and gives the answer as it comes, for streams.
    pub async fn open(&mut self, mut request: Request<Body>) -> Response<Body> {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if let Ok(value) = cookies.join("; ").parse()
            && !cookies.is_empty()
        {
            request.headers_mut().insert(header::COOKIE, value);
        }
        request
            .headers_mut()
            .entry(header::USER_AGENT)
            .or_insert(axum::http::HeaderValue::from_static(self.agent));
        let Ok(response) = self.router.clone().oneshot(request).await;
        response
    }

    /// Sends a request with the cookies and keeps the ones that come back.
    pub async fn send(&mut self, request: Request<Body>) -> Answer {
        let (head, body) = self.open(request).await.into_parts();
        #[cfg(test)]
        crate::tests::support::check_cookies(&head.headers, self.app.config().secure());
        for cookie in head.headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok())
        {
            let Some((name, value)) = cookie.split(';').next().and_then(|pair| pair.split_once('=')) else {
                continue;
            };
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
        Answer {
            status: head.status,
            headers: head.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).expect("paths of ours are valid")).await
    }

    /// Sends a form the way a page without WASM does: to the page itself, naming the server function.
    pub async fn submit(&mut self, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = encode(fields);
        body.push_str(&format!("&_action={}", crate::paths::encode(action)));
        self.post(page, body).await
    }

    /// Posts a body as a form.
    pub async fn post(&mut self, path: &str, body: String) -> Answer {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body));
        self.send(request.expect("paths of ours are valid")).await
    }

    /// Calls a server function the way WASM does.
    ///
    /// # Errors
    /// What the function refused with.
    pub async fn call<T: serde::de::DeserializeOwned>(
        &mut self,
        action: &str,
        fields: &[(&str, &str)],
    ) -> Result<T> {
        let answer = self.post(action, encode(fields)).await;
        if answer.status.is_success() {
            serde_json::from_str(&answer.body).map_err(|error| crate::platform::db::internal(&error))
        } else {
            Err(serde_json::from_str::<AppError>(&answer.body)
                .unwrap_or_else(|error| crate::platform::db::internal(&error)))
        }
    }

    /// Calls a server function that changes something.
    ///
    /// # Errors
    /// What the function refused with.
    pub async fn change(&mut self, action: &str, fields: &[(&str, &str)]) -> Result<Outcome> {
        self.call(action, fields).await
    }

    /// Signs up, follows the link in the mail, and is signed in. Returns the account that the sign-up opened.
    ///
    /// # Errors
    /// What was refused on the way.
    pub async fn settle(
        &mut self,
        name: &str,
        company: &str,
        email: &str,
        password: &str,
    ) -> Result<AccountId> {
        self.change(
            SignUp::PATH,
            &[("name", name), ("company", company), ("email", email), ("password", password)],
        )
        .await?;
        let token = self.mailed(email, "/verify/").await?;
        let done = self.change(VerifyAddress::PATH, &[("token", &token), ("password", password)]).await?;
        AccountId::parse(done.to.trim_start_matches("/a/")).ok_or(AppError::NotFound)
    }

    /// Signs in.
    ///
    /// # Errors
    /// What it was refused with.
    pub async fn sign_in(&mut self, email: &str, password: &str) -> Result<Outcome> {
        self.change(SignIn::PATH, &[("email", email), ("password", password)]).await
    }

    /// The secret at the end of the link to `prefix` in the newest mail to an address.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such mail or link.
    pub async fn mailed(&self, email: &str, prefix: &str) -> Result<String> {
        let mut reader = System::of(&self.app).read().await?;
        let mail = outbox::latest_to(&mut reader, email).await?.ok_or(AppError::NotFound)?;
        let start = mail.body_text.find(prefix).ok_or(AppError::NotFound)? + prefix.len();
        Ok(mail.body_text[start..].split_whitespace().next().unwrap_or_default().to_owned())
    }

    /// The application it visits.
    pub fn app(&self) -> &AppState {
        &self.app
    }
}

fn encode(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}
