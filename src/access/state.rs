//! The [`AppState`]: everything the running program shares.

use crate::access::given::Given;
use crate::platform::clock::Clock;
use crate::platform::config::{Company, Config, Template};
use crate::platform::db::Database;
use crate::platform::limits::Limits;
use crate::platform::metrics::Metrics;
use crate::platform::token::Key;
use crate::platform::turns::{Slot, Slots, Turns};
use crate::types::{AccountId, ContactId, TicketId, Timestamp, UserId};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::{Notify, broadcast, watch};

/// The running program: settings, clock, key, limits and, for this folder only, the database. A preview has
/// settings of its own.
#[derive(Clone)]
pub struct AppState(Arc<AppParts>, Option<Arc<Config>>);

struct AppParts {
    /// As the command line says.
    base: Config,
    config: RwLock<Arc<Config>>,
    clock: Clock,
    key: Key,
    limits: Limits,
    places: Slots,
    turns: Turns,
    given: Given,
    database: Database,
    mail_written: Notify,
    news: broadcast::Sender<News>,
    stop: watch::Sender<bool>,
    lookups: AtomicU64,
    metrics: Metrics,
    jobs_done: AtomicI64,
}

/// Something that open pages want to know at once.
#[derive(Clone, Debug, PartialEq)]
pub struct News {
    /// What it is about: the account.
    pub account: AccountId,
    /// What happened.
    pub of: NewsOf,
}

/// What is new.
#[derive(Clone, Debug, PartialEq)]
pub enum NewsOf {
    /// The permissions, the login or the status of this contact changed.
    Contact(ContactId),
    /// Something was written in this ticket, or it changed.
    Ticket(TicketId),
}

impl News {
    /// News of a contact.
    pub fn contact(account: AccountId, contact: ContactId) -> Self {
        Self { account, of: NewsOf::Contact(contact) }
    }

    /// News of a ticket.
    pub fn ticket(account: AccountId, ticket: TicketId) -> Self {
        Self { account, of: NewsOf::Ticket(ticket) }
    }
}

/// Streams of events that may be open at once: half of the connections that there may be.
const STREAMS: usize = 2_048;
/// Those of one person. A page listens only while it is looked at, and a browser has few windows.
const STREAMS_OF_ONE: usize = 12;

/// News that a slow listener may fall behind before it has to look for itself.
const NEWS_KEPT: usize = 256;

impl AppState {
    /// Puts the parts together.
    pub fn new(config: Config, clock: Clock, key: Key, database: Database, given: Given) -> Self {
        let limits = Limits::new(config.limits);
        let (news, stop) = (broadcast::Sender::new(NEWS_KEPT), watch::Sender::new(false));
        Self(
            Arc::new(AppParts {
                config: RwLock::new(Arc::new(config.clone())),
                base: config,
                clock,
                key,
                limits,
                places: Slots::default(),
                turns: Turns::default(),
                given,
                database,
                mail_written: Notify::new(),
                news,
                stop,
                lookups: AtomicU64::new(0),
                metrics: Metrics::default(),
                jobs_done: AtomicI64::new(0),
            }),
            None,
        )
    }

    /// The settings as they are now.
    pub fn config(&self) -> Arc<Config> {
        match &self.1 {
            Some(config) => config.clone(),
            None => self.0.config.read().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }

    /// What staff set counts from now on, beside what the command line says.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it; then everything stays as it was.
    pub(crate) fn set_company(&self, company: &Company) -> Result<(), String> {
        let templates = self.config().templates.clone();
        let config = Config { templates, ..self.0.base.with_company(company)? };
        *self.0.config.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(config);
        Ok(())
    }

    /// Staff word mails like this from now on.
    pub(crate) fn set_templates(&self, templates: BTreeMap<String, Template>) {
        let config = Config { templates: Arc::new(templates), ..(*self.config()).clone() };
        *self.0.config.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(config);
    }

    /// The same application to whom mails are worded like this; for previews.
    #[must_use]
    pub(crate) fn with_templates(&self, templates: BTreeMap<String, Template>) -> Self {
        let config = Config { templates: Arc::new(templates), ..(*self.config()).clone() };
        Self(self.0.clone(), Some(Arc::new(config)))
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// Sessions that were not used since have ended.
    pub fn idle_since(&self) -> Timestamp {
        self.now().plus_days(-self.config().lifetimes.idle_days)
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

    /// A place among the streams that may be open at once, so that they never take every connection: of one
    /// person, and of everybody.
    pub fn stream_place(&self, user: &UserId) -> Option<(Slot, Slot)> {
        let all = self.places().take("streams".into(), STREAMS)?;
        Some((all, self.places().take(format!("streams of {user}"), STREAMS_OF_ONE)?))
    }

    /// What features give to the layers below them.
    pub fn given(&self) -> &Given {
        &self.0.given
    }

    /// A full URL for a path, for mails.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.config().base_url)
    }

    /// The database; proofs of access hand out its connections.
    pub(in crate::access) fn database(&self) -> &Database {
        &self.0.database
    }

    /// Makes writing fail, as on a full or read-only disk, or lets it go on.
    #[cfg(test)]
    pub async fn set_writable(&self, on: bool) {
        self.0.database.set_writable(on).await;
    }

    /// Does the database answer?
    pub async fn ready(&self) -> bool {
        self.0.database.ready().await
    }

    /// Closes the database; the last thing a program does.
    pub async fn close(&self) {
        self.0.database.close().await;
    }

    /// How many memberships were looked up since the start: one a request, whatever it shows.
    pub fn lookups(&self) -> u64 {
        self.0.lookups.load(Ordering::Relaxed)
    }

    /// What is counted of requests.
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// When the jobs last ran to their end; 1970 before the first time.
    pub fn jobs_done(&self) -> Timestamp {
        Timestamp(self.0.jobs_done.load(Ordering::Relaxed))
    }

    /// The jobs ran to their end.
    pub fn note_jobs_done(&self) {
        self.0.jobs_done.store(self.now().0, Ordering::Relaxed);
    }

    /// One more membership was looked up.
    pub(super) fn count_lookup(&self) {
        self.0.lookups.fetch_add(1, Ordering::Relaxed);
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
