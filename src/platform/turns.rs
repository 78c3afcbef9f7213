//! Who may go on at once: places that are counted by key, and turns that are taken one after the other. Both
//! hold for one process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Places in use, by key.
#[derive(Clone, Default)]
pub struct Slots(Arc<Mutex<HashMap<String, usize>>>);

/// A place, given up when it is dropped.
pub struct Slot(Slots, String);

impl Slots {
    /// A place, unless `at_most` are in use under this key.
    pub fn take(&self, key: String, at_most: usize) -> Option<Slot> {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = places.entry(key.clone()).or_default();
        if *count >= at_most {
            return None;
        }
        *count += 1;
        Some(Slot(self.clone(), key))
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut places = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = places.get_mut(&self.1) {
            *count -= 1;
            if *count == 0 {
                places.remove(&self.1);
            }
        }
    }
}

/// Those who wait for their turn under one key, at most.
const WAITING: usize = 64;

/// Turns, by key.
#[derive(Clone, Default)]
pub struct Turns {
    places: Slots,
    locks: Arc<Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>>,
}

/// A turn, over when it is dropped.
pub struct Turn {
    turns: Turns,
    key: String,
    guard: Option<tokio::sync::OwnedMutexGuard<()>>,
    _place: Slot,
}

impl Turns {
    /// Waits until nobody else has their turn under this key; `None` when too many wait already.
    pub async fn take(&self, key: &str) -> Option<Turn> {
        let place = self.places.take(key.to_owned(), WAITING)?;
        let lock = self
            .locks
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(key.to_owned())
            .or_default()
            .clone();
        let guard = lock.lock_owned().await;
        Some(Turn { turns: self.clone(), key: key.to_owned(), guard: Some(guard), _place: place })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut locks = self.turns.locks.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.guard.take());
        // Whoever waits holds the lock too; nobody can begin to wait while the map is locked.
        if locks.get(&self.key).is_some_and(|lock| Arc::strong_count(lock) == 1) {
            locks.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_by_key_and_given_up() {
        let places = Slots::default();
        let held: Vec<_> = (0..3).map(|_| places.take("a".into(), 3).unwrap()).collect();
        assert!(places.take("a".into(), 3).is_none() && places.take("b".into(), 3).is_some());
        drop(held);
        assert!(places.take("a".into(), 3).is_some());
        assert!(places.0.lock().unwrap().is_empty(), "nothing is kept for who is gone");
    }

    #[tokio::test]
    async fn turns_are_taken_one_after_the_other() {
        let turns = Turns::default();
        let first = turns.take("a").await.unwrap();
        let mut second = Box::pin(turns.take("a"));
        assert!(futures::poll!(&mut second).is_pending());
        assert!(turns.take("b").await.is_some());
        drop(first);
        drop(second.await);
        assert!(turns.locks.lock().unwrap().is_empty(), "nothing is kept for who is gone");
    }
}
