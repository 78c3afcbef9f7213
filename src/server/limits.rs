//! Limits on guessing, per address and per source (X1).
//!
//! A limit is a bucket that a try empties and time refills. The answer to an exhausted one is the same whether or not the
//! address exists.

use crate::error::{AppError, Result};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

/// The buckets.
pub struct Limits {
    on: bool,
    addresses: DefaultKeyedRateLimiter<String>,
    sources: DefaultKeyedRateLimiter<String>,
    clock: DefaultClock,
}

const fn count(n: u32) -> NonZeroU32 {
    match NonZeroU32::new(n) {
        Some(n) => n,
        None => NonZeroU32::MIN,
    }
}

impl Limits {
    /// Full buckets: 15 tries per address and one more every minute; 300 per source and one more every second.
    pub fn new(on: bool) -> Self {
        let quota = |every, burst| Quota::with_period(every).expect("the period is not zero").allow_burst(count(burst));
        Self {
            on,
            addresses: RateLimiter::keyed(quota(Duration::from_secs(60), 15)),
            sources: RateLimiter::keyed(quota(Duration::from_secs(1), 300)),
            clock: DefaultClock::default(),
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

    /// Takes one try of an action from a source. For IPv6 a source is its /64, which is what one customer gets.
    ///
    /// # Errors
    /// [`AppError::TooMany`] with the time until the next try.
    pub fn try_source(&self, action: &str, source: IpAddr) -> Result<()> {
        let source = match source {
            IpAddr::V4(v4) => v4.to_string(),
            IpAddr::V6(v6) => format!("{:x?}", &v6.segments()[..4]),
        };
        self.take(&self.sources, format!("{action} {source}"))
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

    /// Forgets buckets that are full again.
    pub fn tidy(&self) {
        self.addresses.retain_recent();
        self.sources.retain_recent();
    }
}
