//! The [`RequestContext`]: what one request brings along, and the [`Origin`] of a change.

use crate::access::membership::Membership;
use crate::access::once::Once;
use crate::access::state::AppState;
use crate::error::{AppError, Result};
use crate::platform::limits::Guess;
use crate::types::{AccountId, AssetId, Theme, TimeFormat, browser_name};
use leptos::prelude::use_context;
use std::net::IpAddr;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Where a change comes from, for the audit trail.
#[derive(Clone)]
pub struct Origin {
    /// The address; empty for the program itself.
    pub source: String,
    /// The browser: "Firefox on Linux".
    pub agent: String,
    asked_for: bool,
    once: Option<Arc<Once>>,
}

impl std::fmt::Debug for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Origin")
            .field("source", &self.source)
            .field("agent", &self.agent)
            .finish_non_exhaustive()
    }
}

impl Origin {
    /// A request.
    pub fn of(context: &RequestContext) -> Self {
        Self {
            source: context.source().to_string(),
            agent: browser_name(context.agent()),
            asked_for: true,
            once: context.done_once(),
        }
    }

    /// A browser, for mails that are shown and not sent.
    pub fn sample() -> Self {
        Self { source: "203.0.113.7".into(), agent: "Firefox on Linux".into(), asked_for: true, once: None }
    }

    /// The program itself: its jobs and its command line.
    pub fn program() -> Self {
        Self { source: String::new(), agent: String::new(), asked_for: false, once: None }
    }

    /// The form that asked for it, if it is one that is done once.
    pub(crate) fn once(&self) -> Option<&Once> {
        self.once.as_deref()
    }

    /// What is changed is not yet what the form asked for.
    pub(crate) fn forget_form(&mut self) {
        self.once = None;
    }

    /// Must a change that comes from here leave an audit trail, or say why not? What people ask for must.
    pub fn must_be_audited(&self) -> bool {
        self.asked_for
    }
}

/// One request: the application, the session cookie, and where it comes from. Put in Leptos context for pages
/// and server functions.
#[derive(Clone)]
pub struct RequestContext(Arc<ContextParts>);

/// What a request's cookies say.
#[derive(Clone, Debug, Default)]
pub struct RequestCookies {
    /// SHA-256 of the session's token.
    pub session: Option<String>,
    /// The browser's own token.
    pub device: Option<String>,
    /// SHA-256 of the token of a sign-in whose second factor is awaited.
    pub pending_sign_in: Option<String>,
    /// How the person reads times, which is no secret: see [`crate::access::zone`].
    pub time_format: Option<String>,
    /// Light or dark: see [`crate::access::cookies::theme_name`].
    pub theme: Theme,
}

struct ContextParts {
    app: AppState,
    cookies: RequestCookies,
    source: IpAddr,
    agent: String,
    asset: Option<AssetId>,
    membership: Mutex<Option<LookedUp>>,
    once: std::sync::Mutex<Option<Arc<Once>>>,
}

/// A membership that was looked up, and for what.
pub(super) struct LookedUp {
    pub in_url: AccountId,
    pub asset: Option<AssetId>,
    pub membership: Arc<Membership>,
}

impl RequestContext {
    /// A request with these cookies, source address, user agent, and the service or domain that its URL
    /// names.
    pub(crate) fn new(
        app: AppState,
        cookies: RequestCookies,
        source: IpAddr,
        agent: String,
        asset: Option<AssetId>,
    ) -> Self {
        Self(Arc::new(ContextParts {
            app,
            cookies,
            source,
            agent,
            asset,
            membership: Mutex::default(),
            once: std::sync::Mutex::default(),
        }))
    }

    /// A request that brings along at most a session, by the SHA-256 of its token.
    #[cfg(test)]
    pub fn for_test(app: &AppState, session: Option<String>) -> Self {
        Self::new(
            app.clone(),
            RequestCookies { session, ..RequestCookies::default() },
            std::net::Ipv4Addr::LOCALHOST.into(),
            String::new(),
            None,
        )
    }

    /// The request being answered.
    ///
    /// # Errors
    /// [`AppError::Internal`] outside a request.
    pub(crate) fn current() -> Result<Self> {
        use_context::<Self>().ok_or_else(|| AppError::Internal { reference: "no-request".into() })
    }

    /// The same request, knowing nothing yet: for what goes on after its first look.
    pub fn afresh(&self) -> Self {
        Self::new(
            self.app().clone(),
            self.0.cookies.clone(),
            self.0.source,
            self.0.agent.clone(),
            self.0.asset.clone(),
        )
    }

    /// The form that is being done, from now on.
    pub(crate) fn doing(&self, once: Option<Arc<Once>>) {
        *self.0.once.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = once;
    }

    fn done_once(&self) -> Option<Arc<Once>> {
        self.0.once.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// The application it was sent to.
    pub fn app(&self) -> &AppState {
        &self.0.app
    }

    /// The SHA-256 of the session token it carries.
    pub fn session(&self) -> Option<&str> {
        self.0.cookies.session.as_deref()
    }

    /// The browser's own token.
    pub fn device(&self) -> Option<&str> {
        self.0.cookies.device.as_deref()
    }

    /// The SHA-256 of the token of a sign-in whose second factor is awaited.
    pub fn pending_sign_in(&self) -> Option<&str> {
        self.0.cookies.pending_sign_in.as_deref()
    }

    /// Begins a guess at somebody's secret, see [`crate::platform::limits::Limits::guess`].
    ///
    /// # Errors
    /// [`AppError::TooMany`] with the time until the next guess from this place.
    pub async fn guess(&self, action: &str, whom: &str, own: Option<&str>) -> Result<Guess> {
        self.app().limits().guess(action, whom, self.source(), own, self.app().now()).await
    }

    /// How the person reads times.
    pub fn time_format(&self) -> TimeFormat {
        crate::access::zone::time_format(self.app().now(), self.0.cookies.time_format.as_deref())
    }

    /// Light or dark.
    pub fn theme(&self) -> Theme {
        self.0.cookies.theme
    }

    /// The address it comes from, behind trusted proxies.
    pub fn source(&self) -> IpAddr {
        self.0.source
    }

    /// The browser's name of itself, at most 300 characters.
    pub fn agent(&self) -> &str {
        &self.0.agent
    }

    /// The membership that was looked up for this request, and for which account and asset. A page names its
    /// asset in the URL, so that the frame around it has asked for both.
    pub(super) fn looked_up(&self) -> &Mutex<Option<LookedUp>> {
        &self.0.membership
    }

    /// The asset that the request's URL names.
    pub(super) fn asset(&self) -> Option<&AssetId> {
        self.0.asset.as_ref()
    }
}
