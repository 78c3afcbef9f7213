//! Time, ids and randomness: the only place that asks the operating system for any of them.

use crate::types::Timestamp;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use ulid::Ulid;

/// Where the time and the ids come from. Each application has one; copies share what it keeps.
#[derive(Clone, Debug)]
pub struct Clock {
    /// UTC milliseconds that stand still until set; `None` for the system's time.
    fixed: Option<Arc<AtomicI64>>,
    last: Arc<Mutex<Ulid>>,
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self { fixed: None, last: Arc::new(Mutex::new(Ulid::nil())) }
    }

    /// A clock that stands at this time, for tests and the demo.
    pub fn fixed(at: Timestamp) -> Self {
        Self { fixed: Some(Arc::new(AtomicI64::new(at.0))), ..Self::system() }
    }

    /// The time now.
    #[expect(clippy::disallowed_methods, reason = "here the time is read")]
    pub fn now(&self) -> Timestamp {
        let Some(fixed) = &self.fixed else {
            let since =
                std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
            return Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX));
        };
        Timestamp(fixed.load(Ordering::SeqCst))
    }

    /// Moves a fixed clock; the system's stays as it is.
    pub fn set(&self, at: Timestamp) {
        if let Some(fixed) = &self.fixed {
            fixed.store(at.0, Ordering::SeqCst);
        }
    }

    /// A new id: a ULID of now, lowercase. Ids of the same millisecond follow each other in the order in
    /// which they were made.
    pub fn new_id(&self) -> String {
        let ms = u64::try_from(self.now().0).unwrap_or_default();
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let fresh = Ulid::from_parts(ms, u128::from_be_bytes(random()));
        *last = if last.timestamp_ms() == ms { last.increment().unwrap_or(fresh) } else { fresh };
        last.to_string().to_ascii_lowercase()
    }
}

/// A monotonic reading, for measuring how long something took.
#[expect(clippy::disallowed_methods, reason = "here the time is read")]
pub fn stopwatch() -> std::time::Instant {
    std::time::Instant::now()
}

/// Random bytes from the operating system.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}
