//! The [`House`]: everything the running program shares, and the [`Visit`]: what one request brings along.

use super::clock::Clock;
use super::config::Config;
use super::db::Database;
use super::limits::Limits;
use super::session::Member;
use super::token::Key;
use crate::error::{AppError, Result};
use crate::types::{AccountId, Timestamp};
use leptos::prelude::use_context;
use std::net::IpAddr;
use std::sync::Arc;
use tokio::sync::{Mutex, Notify};

/// The running program: settings, clock, key, limits and, for this folder only, the database.
#[derive(Clone)]
pub struct House(Arc<Parts>);

struct Parts {
    config: Config,
    clock: Clock,
    key: Key,
    limits: Limits,
    database: Database,
    mail_written: Notify,
}

impl House {
    /// Puts the parts together.
    pub fn new(config: Config, clock: Clock, key: Key, database: Database) -> Self {
        let limits = Limits::new(config.limits);
        Self(Arc::new(Parts { config, clock, key, limits, database, mail_written: Notify::new() }))
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

    /// A full URL for a path, for mails.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.config().base_url)
    }

    /// The database; proofs of access hand out its connections.
    pub(in crate::server) fn database(&self) -> &Database {
        &self.0.database
    }

    /// Closes the database; the last thing a program does.
    pub async fn close(&self) {
        self.0.database.close().await;
    }

    /// Wakes whoever sends mail, and lets them wait.
    pub(in crate::server) fn mail_written(&self) -> &Notify {
        &self.0.mail_written
    }
}

/// One request: the house, the session cookie, and where it comes from. Put in Leptos context for pages and server functions.
#[derive(Clone)]
pub struct Visit(Arc<VisitParts>);

struct VisitParts {
    house: House,
    session: Option<String>,
    source: IpAddr,
    agent: String,
    member: Mutex<Option<(AccountId, Arc<Member>)>>,
}

impl Visit {
    /// A request with this session token (hashed), source address and user agent.
    pub(in crate::server) fn new(house: House, session: Option<String>, source: IpAddr, agent: String) -> Self {
        Self(Arc::new(VisitParts { house, session, source, agent, member: Mutex::default() }))
    }

    /// The request being answered.
    ///
    /// # Errors
    /// [`AppError::Internal`] outside a request.
    pub(in crate::server) fn current() -> Result<Self> {
        use_context::<Self>().ok_or_else(|| AppError::Internal { reference: "no-request".into() })
    }

    /// The house it was sent to.
    pub fn house(&self) -> &House {
        &self.0.house
    }

    /// The SHA-256 of the session token it carries.
    pub fn session(&self) -> Option<&str> {
        self.0.session.as_deref()
    }

    /// The address it comes from, behind trusted proxies.
    pub fn source(&self) -> IpAddr {
        self.0.source
    }

    /// The browser's name of itself, at most 300 characters.
    pub fn agent(&self) -> &str {
        &self.0.agent
    }

    /// The membership this request acts under; looked up once per request.
    pub(in crate::server) async fn member(&self, account: &AccountId) -> Result<Arc<Member>> {
        let mut slot = self.0.member.lock().await;
        if let Some((known, member)) = slot.as_ref()
            && known == account
        {
            return Ok(member.clone());
        }
        let member = Arc::new(super::session::member(self, account).await?);
        *slot = Some((account.clone(), member.clone()));
        Ok(member)
    }
}
