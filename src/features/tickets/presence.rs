//! Which staff have a ticket open, and who of them is answering. Kept in memory: it is about this moment. Nothing
//! is locked by it.

use super::model::Here;
use crate::types::Timestamp;
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

/// Milliseconds after which somebody who does not ask any more has left: a page asks every ten seconds.
const GONE: i64 = 25_000;

struct LastSeen {
    user: String,
    here: Here,
    at: i64,
}

static TICKETS: LazyLock<Mutex<HashMap<String, Vec<LastSeen>>>> = LazyLock::new(Mutex::default);

fn tickets() -> MutexGuard<'static, HashMap<String, Vec<LastSeen>>> {
    TICKETS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Somebody of the staff has a ticket open.
pub fn note(ticket: &str, user: &str, name: &str, answering: bool, now: Timestamp) {
    let mut all = tickets();
    all.retain(|_, seen| {
        seen.retain(|one| one.at > now.0 - GONE);
        !seen.is_empty()
    });
    let seen = all.entry(ticket.to_owned()).or_default();
    seen.retain(|one| one.user != user);
    seen.push(LastSeen { user: user.to_owned(), here: Here { name: name.to_owned(), answering }, at: now.0 });
}

/// Who else has a ticket open.
pub fn here(ticket: &str, user: &str, now: Timestamp) -> Vec<Here> {
    let all = tickets();
    let seen = all.get(ticket).into_iter().flatten();
    seen.filter(|one| one.user != user && one.at > now.0 - GONE).map(|one| one.here.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_does_not_ask_any_more_has_left() {
        let at = Timestamp;
        note("t", "ada", "Ada", true, at(0));
        note("t", "sam", "Sam", false, at(1_000));
        assert_eq!(here("t", "sam", at(1_000)), [Here { name: "Ada".into(), answering: true }]);
        assert!(here("t", "sam", at(GONE)).is_empty());
        assert_eq!(here("t", "ada", at(GONE)).len(), 1);
        assert!(here("other", "ada", at(1_000)).is_empty());
        note("u", "ada", "Ada", true, at(GONE * 3));
        assert!(!tickets().contains_key("t"), "nothing is kept of who left");
    }
}
