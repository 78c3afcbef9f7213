//! Pages are rendered a few at a time. A page that waits for its turn holds nothing but its request, so what is
//! worked on stays in the processor's caches (docs/benchmarks.md).

use std::sync::LazyLock;
use std::thread::available_parallelism;
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};

/// Pages under way for each processor: while one waits for the database, another is worked on.
const FOR_EACH: usize = 4;

/// How long a page waits for its turn. Others may keep theirs while they wait for somebody else's server, and
/// nobody may be held up by that.
const PATIENCE: Duration = Duration::from_millis(50);

static TURNS: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(FOR_EACH * available_parallelism().map_or(1, usize::from)));

/// Waits for a turn, in the order of arrival, and keeps it until it is dropped. After [`PATIENCE`] the page goes
/// ahead without.
pub async fn turn() -> Option<SemaphorePermit<'static>> {
    turn_of(&TURNS).await
}

async fn turn_of(turns: &Semaphore) -> Option<SemaphorePermit<'_>> {
    match turns.try_acquire() {
        Ok(turn) => Some(turn),
        Err(_) => tokio::time::timeout(PATIENCE, turns.acquire()).await.ok()?.ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_page_waits_for_its_turn_but_not_for_long() {
        let turns = Semaphore::new(1);
        let first = turn_of(&turns).await;
        assert!(first.is_some());
        let began = tokio::time::Instant::now();
        assert!(turn_of(&turns).await.is_none(), "it goes ahead without");
        assert_eq!(began.elapsed(), PATIENCE);
        let (next, ()) = tokio::join!(turn_of(&turns), async { drop(first) });
        assert!(next.is_some() && began.elapsed() == PATIENCE, "at once when the turn is given back");
    }
}
