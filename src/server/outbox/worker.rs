//! Sending what is due: leases, several connections at once, waits that grow, and what became of each message.

use super::smtp::CONNECTIONS;
use super::{Queued, Transport, queued};
use crate::error::Result;
use crate::server::access::System;
use crate::server::clock;
use crate::server::state::House;
use futures::StreamExt as _;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};

/// Tries after which a message is given up: with doubling waits from 30 seconds up to four hours that is about two days.
const MAX_ATTEMPTS: i64 = 20;
/// How many messages are taken from the table at once.
const BATCH: i64 = 200;
/// How long sending what was taken at once may last when the pace is limited, so that what is urgent waits no longer.
const PACED_BATCH: Duration = Duration::from_secs(10);

const DUE: &str = queued!("WHERE state = 'queued' AND (kind = 'announcement') = $3 AND due_at <= $1 ORDER BY due_at, id LIMIT $2");
const CLAIM: &str = "UPDATE outbox SET leased_until = $2, due_at = $2 WHERE id = $1 AND state = 'queued' AND due_at <= $3";
const GIVE_BACK: &str = "UPDATE outbox SET leased_until = NULL, due_at = $1 WHERE leased_until IS NOT NULL";
const SENT: &str = "UPDATE outbox SET state = 'sent', attempts = attempts + 1, leased_until = NULL, sent_at = $2, secret = CASE WHEN $3 THEN secret END, last_error = '' WHERE id = $1";
const RETRY: &str = "UPDATE outbox SET attempts = attempts + 1, leased_until = NULL, last_error = $2, due_at = $3 WHERE id = $1";
const FAILED: &str = "UPDATE outbox SET state = 'failed', attempts = attempts + 1, leased_until = NULL, secret = NULL, last_error = $2 WHERE id = $1";

/// Every statement of this file, for the test that prepares them.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[DUE, CLAIM, GIVE_BACK, SENT, RETRY, FAILED];

/// Wait before the next try: 30 seconds, doubled each time, at most four hours, with up to a quarter more at random so that a
/// mail server that comes back is not met by everything at once.
fn wait(attempts: i64) -> i64 {
    let base = (30_000_i64 << attempts.clamp(0, 9)).min(4 * 3_600_000);
    let jitter = i64::from(u16::from_be_bytes(clock::random())) * base / 4 / i64::from(u16::MAX);
    base + jitter
}

/// How long a message that was taken in hand stays so. Whoever holds it sends it within that, or is gone.
const LEASE: Duration = Duration::from_secs(600);
/// Messages in hand at once: while what became of some is written down, the connections carry others.
const AT_ONCE: usize = 2 * CONNECTIONS;

/// How many messages are taken at once.
fn batch(pace: Option<Duration>) -> i64 {
    let fits = |pace: Duration| i64::try_from(PACED_BATCH.as_millis() / pace.as_millis().max(1)).unwrap_or(BATCH);
    pace.map_or(BATCH, fits).clamp(1, BATCH)
}

/// Takes what is due in hand: while the lease lasts, nobody else sends it.
async fn claim(house: &House) -> Result<Vec<Queued>> {
    let now = house.now();
    let until = now.0 + i64::try_from(LEASE.as_millis()).unwrap_or_default();
    let mut tx = System::of(house).begin().await?;
    let (mut due, room) = (Vec::<Queued>::new(), batch(house.config().mail_pace));
    // What people wait for goes before what was announced to everybody.
    for announced in [false, true] {
        let left = room - i64::try_from(due.len()).unwrap_or(room);
        due.extend(sqlx::query_as::<_, Queued>(DUE).bind(now.0).bind(left).bind(announced).fetch_all(tx.conn()).await?);
    }
    for message in &due {
        sqlx::query(CLAIM).bind(&message.id).bind(until).bind(now.0).execute(tx.conn()).await?;
    }
    tx.commit().await?;
    Ok(due.into_iter().map(|message| message.whole(house)).collect())
}

/// Makes due at once what a process that is gone had in hand. One process serves a data directory, so whatever is leased at its start is.
pub async fn give_back(house: &House) -> Result<()> {
    let mut tx = System::of(house).begin().await?;
    sqlx::query(GIVE_BACK).bind(house.now().0).execute(tx.conn()).await?;
    tx.commit().await
}

/// What became of a message.
struct Outcome {
    id: String,
    attempts: i64,
    error: Option<(bool, String)>,
    /// Told when it has been written down.
    written: oneshot::Sender<()>,
}

/// Writes down what became of messages as it happens; what comes in while one change is written goes into the next. What cannot be
/// written now is tried again a few times: it would be sent twice.
async fn note(house: &House, mut outcomes: mpsc::Receiver<Outcome>) -> Result<usize> {
    let (mut sent, mut some) = (0, Vec::new());
    while outcomes.recv_many(&mut some, 100).await > 0 {
        let mut tries = 0;
        while let Err(error) = write(house, &some).await {
            tries += 1;
            if tries == NOTE_TRIES {
                return Err(error);
            }
            tracing::warn!(%error, "what became of mail was not written, will be tried again");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        sent += some.iter().filter(|outcome| outcome.error.is_none()).count();
        // Nobody waits when the program stops.
        some.drain(..).for_each(|outcome| outcome.written.send(()).unwrap_or_default());
    }
    Ok(sent)
}

/// How often it is tried to write down what became of mail.
const NOTE_TRIES: u32 = 5;

async fn write(house: &House, outcomes: &[Outcome]) -> Result<()> {
    let now = house.now().0;
    let mut tx = System::of(house).begin().await?;
    for Outcome { id, attempts, error, .. } in outcomes {
        match error {
            None => {
                // The demo's mail page shows mail that was sent, with its links.
                sqlx::query(SENT).bind(id).bind(now).bind(house.config().demo).execute(tx.conn()).await?;
            }
            Some((true, error)) if attempts + 1 < MAX_ATTEMPTS => {
                tracing::warn!(message = id, error, "mail not sent, will be tried again");
                sqlx::query(RETRY).bind(id).bind(error).bind(now + wait(*attempts)).execute(tx.conn()).await?;
            }
            Some((_, error)) => {
                tracing::error!(message = id, error, "mail given up");
                sqlx::query(FAILED).bind(id).bind(error).execute(tx.conn()).await?;
            }
        }
    }
    tx.commit().await
}

/// Sends everything that is due, over a few connections at once and no faster than the setting allows, until the program is asked to
/// stop; says how many messages were handed over. Claiming, sending and noting what came of it go on side by side.
pub async fn send_due(house: &House, transport: &Transport) -> Result<usize> {
    let (mut sent, stopped) = (0, house.stopped());
    loop {
        let due = if *stopped.borrow() { Vec::new() } else { claim(house).await? };
        if due.is_empty() {
            transport.rest().await;
            return Ok(sent);
        }
        let (told, outcomes) = mpsc::channel(usize::try_from(BATCH).unwrap_or(1));
        let stopped = &stopped;
        let all = async move {
            let pace = house.config().mail_pace;
            let paced = futures::stream::iter(due).then(|message| async move {
                if let Some(pace) = pace.filter(|_| !*stopped.borrow()) {
                    tokio::time::sleep(pace).await;
                }
                message
            });
            let told = &told;
            paced
                .for_each_concurrent(AT_ONCE, |message| async move {
                    // What cannot be written down is not sent either; the next start gives back what was not sent.
                    if told.is_closed() || *stopped.borrow() {
                        return;
                    }
                    let error = transport.deliver(house, &message).await.err();
                    let (written, noted) = oneshot::channel();
                    // Held until it is written down: a kill repeats no more than what is in hand.
                    if told.send(Outcome { id: message.id, attempts: message.attempts, error, written }).await.is_ok() {
                        let _ = noted.await;
                    }
                })
                .await;
        };
        let ((), noted) = futures::future::join(all, note(house, outcomes)).await;
        sent += noted?;
    }
}

/// Sends mail until told to stop: at once when some was written, and every few seconds for what waits for another try.
pub async fn work(house: House, transport: Transport, mut stop: watch::Receiver<bool>) {
    if let Err(error) = give_back(&house).await {
        tracing::error!(%error, "claimed mail could not be given back");
    }
    while !*stop.borrow() {
        if let Err(error) = send_due(&house, &transport).await {
            tracing::error!(%error, "the outbox could not be worked on");
        }
        tokio::select! {
            () = house.mail_written().notified() => {}
            () = tokio::time::sleep(Duration::from_secs(5)) => {}
            _ = stop.changed() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limited_pace_takes_little_at_once() {
        assert_eq!(batch(None), 200);
        assert_eq!([1, 60, 6_000, 600_000].map(|rate| batch(Some(Duration::from_secs(60) / rate))), [1, 10, 200, 200]);
    }

    #[test]
    fn waits_double_up_to_four_hours() {
        assert!((30_000..=37_500).contains(&wait(0)));
        assert!((60_000..=75_000).contains(&wait(1)));
        assert!((4 * 3_600_000..=5 * 3_600_000).contains(&wait(19)));
    }
}
