//! The [`AppState`]: everything the running program shares, and the [`RequestContext`]: what one request brings along.

use crate::access::membership::Membership;
use crate::access::once::Once;
use crate::error::{AppError, Result};
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::db::Database;
use crate::platform::limits::Limits;
use crate::platform::token::Key;
use crate::platform::turns::{Slot, Slots, Turns};
use crate::types::{AccountId, AssetId, ContactId, TimeFormat, Timestamp, UserId};
use leptos::prelude::use_context;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::{Mutex, Notify, broadcast, watch};
use webauthn_rs::Webauthn;

/// The running program: settings, clock, key, limits and, for this folder only, the database.
#[derive(Clone)]
pub struct AppState(Arc<AppParts>);

struct AppParts {
    config: Config,
    clock: Clock,
    key: Key,
    limits: Limits,
    places: Slots,
    turns: Turns,
    relying_party: Option<Webauthn>,
    database: Database,
    mail_written: Notify,
    news: broadcast::Sender<News>,
    stop: watch::Sender<bool>,
    lookups: AtomicU64,
}

/// Something that open pages want to know at once.
#[derive(Clone, Debug, PartialEq)]
pub struct News {
    /// What it is about: the account.
    pub account: AccountId,
    /// Whose pages: the contact whose permissions, login or status changed.
    pub contact: ContactId,
}

/// Streams of events that may be open at once: half of the connections that there may be.
const STREAMS: usize = 2_048;
/// Those of one person. A page listens only while it is looked at, and a browser has few windows.
const STREAMS_OF_ONE: usize = 12;

/// News that a slow listener may fall behind before it has to look for itself.
const NEWS_KEPT: usize = 256;

impl AppState {
    /// Puts the parts together.
    pub fn new(config: Config, clock: Clock, key: Key, database: Database) -> Self {
        let limits = Limits::new(config.limits);
        let relying_party = crate::features::second_factor::passkeys::relying_party(&config);
        let (news, stop) = (broadcast::Sender::new(NEWS_KEPT), watch::Sender::new(false));
        Self(Arc::new(AppParts {
            config,
            clock,
            key,
            limits,
            places: Slots::default(),
            turns: Turns::default(),
            relying_party,
            database,
            mail_written: Notify::new(),
            news,
            stop,
            lookups: AtomicU64::new(0),
        }))
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// A new id of now.
    pub fn new_id(&self) -> String {
        self.0.clock.new_id()
    }

    /// The installation's key.
    pub fn key(&self) -> &Key {
        &self.0.key
    }

    /// The limits on guessing.
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// Places that are counted: requests, streams.
    pub(crate) fn places(&self) -> &Slots {
        &self.0.places
    }

    /// Turns that are taken one after the other.
    pub(crate) fn turns(&self) -> &Turns {
        &self.0.turns
    }

    /// A place among the streams that may be open at once, so that they never take every connection: of one person, and of everybody.
    pub fn stream_place(&self, user: &UserId) -> Option<(Slot, Slot)> {
        let all = self.places().take("streams".into(), STREAMS)?;
        Some((all, self.places().take(format!("streams of {user}"), STREAMS_OF_ONE)?))
    }

    /// Who we are to passkeys; `None` where there can be none.
    pub fn relying_party(&self) -> Option<&Webauthn> {
        self.0.relying_party.as_ref()
    }

    /// A full URL for a path, for mails.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.config().base_url)
    }

    /// The database; proofs of access hand out its connections.
    pub(crate) fn database(&self) -> &Database {
        &self.0.database
    }

    /// Makes writing fail, as on a full or read-only disk, or lets it go on.
    #[cfg(test)]
    pub async fn set_writable(&self, on: bool) {
        self.0.database.set_writable(on).await;
    }

    /// Closes the database; the last thing a program does.
    pub async fn close(&self) {
        self.0.database.close().await;
    }

    /// How many memberships were looked up since the start: one a request, whatever it shows.
    pub fn lookups(&self) -> u64 {
        self.0.lookups.load(Ordering::Relaxed)
    }

    /// Tells open pages, after a change was committed.
    pub(crate) fn tell(&self, news: News) {
        // Nobody may be listening.
        let _ = self.0.news.send(news);
    }

    /// The news from now on.
    pub fn news(&self) -> broadcast::Receiver<News> {
        self.0.news.subscribe()
    }

    /// Asks everything that runs on to end.
    pub fn stop(&self) {
        self.0.stop.send_replace(true);
    }

    /// Becomes true when the program is asked to stop.
    pub fn stopped(&self) -> watch::Receiver<bool> {
        self.0.stop.subscribe()
    }

    /// Wakes whoever sends mail, and lets them wait.
    pub(crate) fn mail_written(&self) -> &Notify {
        &self.0.mail_written
    }
}

/// Where a change comes from, for the trail.
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
        f.debug_struct("Origin").field("source", &self.source).field("agent", &self.agent).finish_non_exhaustive()
    }
}

impl Origin {
    /// A request.
    pub fn of(context: &RequestContext) -> Self {
        Self {
            source: context.source().to_string(),
            agent: crate::features::users::model::browser(context.agent()),
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

    /// Must a change that comes from here leave a trail, or say why not? What people ask for must.
    pub fn must_be_audited(&self) -> bool {
        self.asked_for
    }
}

/// One request: the application, the session cookie, and where it comes from. Put in Leptos context for pages and server functions.
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
    pub half: Option<String>,
    /// How the person reads times, which is no secret: see [`crate::access::zone`].
    pub time_format: Option<String>,
}

struct ContextParts {
    app: AppState,
    cookies: RequestCookies,
    source: IpAddr,
    agent: String,
    asset: Option<AssetId>,
    membership: Mutex<Option<CachedMembership>>,
    once: std::sync::Mutex<Option<Arc<Once>>>,
}

/// A membership that was looked up, and for what.
struct CachedMembership {
    in_url: AccountId,
    asset: Option<AssetId>,
    membership: Arc<Membership>,
}

impl RequestContext {
    /// A request with these cookies, source address, user agent, and the service or domain that its URL names.
    pub(crate) fn new(app: AppState, cookies: RequestCookies, source: IpAddr, agent: String, asset: Option<AssetId>) -> Self {
        Self(Arc::new(ContextParts { app, cookies, source, agent, asset, membership: Mutex::default(), once: std::sync::Mutex::default() }))
    }

    /// A request that brings along at most a session, by the SHA-256 of its token.
    #[cfg(test)]
    pub fn for_test(app: &AppState, session: Option<String>) -> Self {
        Self::new(app.clone(), RequestCookies { session, ..RequestCookies::default() }, std::net::Ipv4Addr::LOCALHOST.into(), String::new(), None)
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
        Self::new(self.app().clone(), self.0.cookies.clone(), self.0.source, self.0.agent.clone(), self.0.asset.clone())
    }

    /// The form that is being done, from now on.
    pub(crate) fn doing(&self, once: Option<Arc<Once>>) {
        *self.0.once.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = once;
    }

    fn done_once(&self) -> Option<Arc<Once>> {
        self.0.once.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// the application it was sent to.
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
    pub fn half(&self) -> Option<&str> {
        self.0.cookies.half.as_deref()
    }

    /// How the person reads times.
    pub fn time_format(&self) -> TimeFormat {
        crate::access::zone::time_format(self.app().now(), self.0.cookies.time_format.as_deref())
    }

    /// The address it comes from, behind trusted proxies.
    pub fn source(&self) -> IpAddr {
        self.0.source
    }

    /// The browser's name of itself, at most 300 characters.
    pub fn agent(&self) -> &str {
        &self.0.agent
    }

    /// The membership this request acts under, with what it holds on one thing. Looked up once: a page names its thing in the URL,
    /// so that the frame around it has asked for both.
    pub(crate) async fn membership(&self, in_url: &AccountId, asset: Option<&AssetId>) -> Result<Arc<Membership>> {
        let asset = asset.or(self.0.asset.as_ref());
        let mut slot = self.0.membership.lock().await;
        if let Some(known) = slot.as_ref()
            && known.in_url == *in_url
            && (asset.is_none() || known.asset.as_ref() == asset)
        {
            return Ok(known.membership.clone());
        }
        let membership = Arc::new(crate::access::membership::membership(self, in_url, asset).await?);
        self.0.app.0.lookups.fetch_add(1, Ordering::Relaxed);
        *slot = Some(CachedMembership { in_url: in_url.clone(), asset: asset.cloned(), membership: membership.clone() });
        Ok(membership)
    }
}
