//! Limits on guessing, per address and per source (X1; OWASP ASVS 5.0 §6.3.1).
//!
//! Two kinds. A bucket: each try empties it, time refills it. And a growing delay on guesses of somebody's
//! secret, counted for one login *from one place*: a browser that has signed in to it before
//! ([`crate::access::device`]), or else a source address. So whoever tries passwords on an address waits
//! longer and longer, and its owner, who is somewhere else or in a browser that is known, does not wait at
//! all. The answer is the same whether or not the address exists.

use crate::error::{AppError, Result};
use crate::platform::turns::{Turn, Turns};
use crate::types::Timestamp;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The buckets.
pub struct Limits {
    on: bool,
    addresses: DefaultKeyedRateLimiter<String>,
    sources: DefaultKeyedRateLimiter<String>,
    mail_of_strangers: DefaultKeyedRateLimiter<String>,
    mail_of_accounts: DefaultKeyedRateLimiter<String>,
    clock: DefaultClock,
    wrong: Mutex<HashMap<String, Wrong>>,
    turns: Turns,
}

/// Wrong guesses of one secret from one place.
#[derive(Clone, Copy)]
struct Wrong {
    count: u32,
    last: Timestamp,
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Mails a day that strangers in one network cause to addresses that have not confirmed, so that no network
/// uses up what the installation sends of them.
pub const STRANGERS_MAIL: u32 = 50;
/// The same for people of accounts.
pub const ACCOUNTS_MAIL: u32 = 300;

/// Guesses without any wait.
const FREE_GUESSES: u32 = 5;
/// The wait after the last of them, in milliseconds; it doubles with each guess that follows.
const FIRST_WAIT: i64 = 5_000;
/// The longest wait: a quarter of an hour.
const LONGEST_WAIT: i64 = 15 * 60_000;
/// Wrong guesses are forgotten after a day without any.
const FORGOTTEN_DAYS: i64 = 1;
/// Places that are remembered at most; beyond that, those with the fewest guesses go, and then the oldest
/// half.
const MAX_PLACES: usize = 50_000;

impl Wrong {
    fn wait(self) -> i64 {
        let doubled = self.count.saturating_sub(FREE_GUESSES).min(20);
        if self.count < FREE_GUESSES { 0 } else { (FIRST_WAIT << doubled).min(LONGEST_WAIT) }
    }
}

const fn count(n: u32) -> NonZeroU32 {
    match NonZeroU32::new(n) {
        Some(n) => n,
        None => NonZeroU32::MIN,
    }
}

impl Limits {
    /// Full buckets: 15 tries per address and one more every minute; 300 per source and one more every
    /// second.
    pub fn new(on: bool) -> Self {
        let quota = |every, burst| {
            Quota::with_period(every).expect("the period is not zero").allow_burst(count(burst))
        };
        Self {
            on,
            addresses: RateLimiter::keyed(quota(Duration::from_secs(60), 15)),
            sources: RateLimiter::keyed(quota(Duration::from_secs(1), 300)),
            mail_of_strangers: RateLimiter::keyed(quota(DAY / STRANGERS_MAIL, STRANGERS_MAIL)),
            mail_of_accounts: RateLimiter::keyed(quota(DAY / ACCOUNTS_MAIL, ACCOUNTS_MAIL)),
            clock: DefaultClock::default(),
            wrong: Mutex::default(),
            turns: Turns::default(),
        }
    }

    /// Takes one try of an action on an address from a source.
    ///
    /// # Errors
    /// [`AppError::TooMany`] with the time until the next try.
    pub fn try_address(&self, action: &str, address: &str, source: IpAddr) -> Result<()> {
        self.try_source(action, source)?;
        self.take(&self.addresses, format!("{action} {address}"))
    }

    /// Begins a guess at somebody's secret from a place: `own` names the browser when it is known to be
    /// theirs, otherwise the source address counts. It counts as wrong until [`Self::right`] says otherwise,
    /// and guesses from one place are compared one after the other: many wrong ones at once are many, and
    /// many right ones are all right.
    ///
    /// # Errors
    /// [`AppError::TooMany`] with the time until the next guess from this place.
    pub async fn guess(
        &self,
        action: &str,
        whom: &str,
        source: IpAddr,
        own: Option<&str>,
        now: Timestamp,
    ) -> Result<Guess> {
        let place = match own {
            Some(own) => own.to_owned(),
            None => {
                self.try_source(action, source)?;
                network(source)
            }
        };
        let key = format!("{action} {whom} {place}");
        let turn = self.turns.take(&key).await.ok_or(AppError::TooMany { retry_after: 5 })?;
        if !self.on {
            return Ok(Guess(key, turn));
        }
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        if wrong.len() >= MAX_PLACES {
            wrong.retain(|_, wrong| wrong.count > FREE_GUESSES && wrong.last.plus_days(FORGOTTEN_DAYS) > now);
            if wrong.len() >= MAX_PLACES {
                let mut times: Vec<i64> = wrong.values().map(|wrong| wrong.last.0).collect();
                let (_, middle, _) = times.select_nth_unstable(MAX_PLACES / 2);
                let middle = *middle;
                wrong.retain(|_, wrong| wrong.last.0 > middle);
            }
        }
        let known = wrong.entry(key.clone()).or_insert(Wrong { count: 0, last: now });
        if known.last.plus_days(FORGOTTEN_DAYS) <= now {
            known.count = 0;
        }
        let left = known.last.0 + known.wait() - now.0;
        if left > 0 {
            return Err(AppError::TooMany {
                retry_after: u32::try_from(left.div_euclid(1000) + 1).unwrap_or(u32::MAX),
            });
        }
        *known = Wrong { count: known.count + 1, last: now };
        drop(wrong);
        Ok(Guess(key, turn))
    }

    /// A guess was right: earlier ones are forgotten.
    pub fn right(&self, guess: &Guess) {
        self.wrong.lock().unwrap_or_else(PoisonError::into_inner).remove(&guess.0);
    }

    /// Takes one try of an action from a source. For IPv6 a source is its /64, which is what one customer
    /// gets.
    ///
    /// # Errors
    /// [`AppError::TooMany`] with the time until the next try.
    pub fn try_source(&self, action: &str, source: IpAddr) -> Result<()> {
        self.take(&self.sources, format!("{action} {}", network(source)))
    }

    /// Takes one mail to somebody who has not confirmed that they want it, caused from a source: by a
    /// stranger, or by a person of an account.
    ///
    /// # Errors
    /// [`AppError::TooMany`] with the time until the next one.
    pub fn try_mail(&self, source: IpAddr, of_account: bool) -> Result<()> {
        self.take(if of_account { &self.mail_of_accounts } else { &self.mail_of_strangers }, network(source))
    }

    fn take(&self, buckets: &DefaultKeyedRateLimiter<String>, key: String) -> Result<()> {
        if !self.on {
            return Ok(());
        }
        buckets.check_key(&key).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            AppError::TooMany { retry_after: u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).max(1) }
        })
    }

    /// Forgets buckets that are full again, and old guesses.
    pub fn tidy(&self, now: Timestamp) {
        self.wrong
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|_, wrong| wrong.last.plus_days(FORGOTTEN_DAYS) > now);
        self.addresses.retain_recent();
        self.sources.retain_recent();
        self.mail_of_strangers.retain_recent();
        self.mail_of_accounts.retain_recent();
    }
}

/// A guess that was begun, see [`Limits::guess`].
#[must_use]
pub struct Guess(String, #[expect(dead_code, reason = "held until the guess is over")] Turn);

/// What stands for a source: its address, or for IPv6 its /64, which is what one customer gets.
pub fn network(source: IpAddr) -> String {
    match source {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => format!("{:x?}", &v6.segments()[..4]),
    }
}
