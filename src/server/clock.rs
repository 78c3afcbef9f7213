//! Time, ids and randomness: the only place that asks the operating system for any of them.

use crate::types::Timestamp;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use ulid::Ulid;

/// Where the time comes from: the system, or a hand that tests and the demo move.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The system's clock.
    System,
    /// UTC milliseconds that stand still until set.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at this time.
    pub fn fixed(at: Timestamp) -> Self {
        Self::Fixed(Arc::new(AtomicI64::new(at.0)))
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        match self {
            #[allow(clippy::disallowed_methods)]
            Self::System => {
                let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
                Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
            }
            Self::Fixed(ms) => Timestamp(ms.load(Ordering::SeqCst)),
        }
    }

    /// Moves a fixed clock; the system's stays as it is.
    pub fn set(&self, at: Timestamp) {
        if let Self::Fixed(ms) = self {
            ms.store(at.0, Ordering::SeqCst);
        }
    }
}

/// A monotonic reading, for measuring how long something took.
#[allow(clippy::disallowed_methods)]
pub fn stopwatch() -> std::time::Instant {
    std::time::Instant::now()
}

/// Random bytes from the operating system.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// A new id: a ULID of this time, lowercase. Ids of the same millisecond follow each other in the order in which they were made.
pub fn new_id(now: Timestamp) -> String {
    static LAST: Mutex<Ulid> = Mutex::new(Ulid::nil());
    let ms = u64::try_from(now.0).unwrap_or_default();
    let mut last = LAST.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let fresh = Ulid::from_parts(ms, u128::from_be_bytes(random()));
    *last = if last.timestamp_ms() == ms { last.increment().unwrap_or(fresh) } else { fresh };
    last.to_string().to_ascii_lowercase()
}
