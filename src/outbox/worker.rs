//! Sending what is due: leases, several connections at once, waits that grow, and what became of each
//! message.

use super::message::{Queued, queued};
use super::{Transport, undeliverable};
use crate::access::System;
use crate::access::state::AppState;
use crate::category::Category;
use crate::error::Result;
use crate::outbox::smtp::{CONNECTIONS, Refused};
use crate::platform::clock;
use crate::platform::db::{args, made_statements};
use futures::TryStreamExt as _;
use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// Tries after which a message is given up: with doubling waits from 30 seconds up to four hours that is
/// about two days.
const MAX_ATTEMPTS: i64 = 20;
/// How many messages are taken from the table at once: few, because what is urgent is taken next.
const BATCH: i64 = 32;
/// How long sending what was taken at once may last when the pace is limited, so that what is urgent waits no
/// longer.
const PACED_BATCH: Duration = Duration::from_secs(10);

const DUE: &str = queued!(
    "WHERE state = 'queued' AND (kind = 'announcement') = $3 AND due_at <= $1 ORDER BY due_at, id LIMIT $2"
);
const CLAIM: &str =
    "UPDATE outbox SET leased_until = $2, due_at = $2 WHERE id = $1 AND state = 'queued' AND due_at <= $3";
const RENEW: &str =
    "UPDATE outbox SET leased_until = $3, due_at = $3 WHERE id = $1 AND leased_until = $2 AND due_at > $4";
const GIVE_BACK: &str = "UPDATE outbox SET leased_until = NULL, due_at = $1 WHERE leased_until IS NOT NULL";
const SENT: &str = r"UPDATE outbox
    SET state = 'sent', attempts = attempts + 1, leased_until = NULL, sent_at = $2, secret = CASE WHEN $3
        THEN secret END, last_error = ''
    WHERE id = $1";
const RETRY: &str = r"UPDATE outbox
    SET attempts = attempts + 1, leased_until = NULL, last_error = $2, due_at = $3
    WHERE id = $1";
const FAILED: &str = r"UPDATE outbox
    SET state = 'failed', attempts = attempts + 1, leased_until = NULL, secret = NULL, last_error = $2,
        failed_at = $3
    WHERE id = $1";

made_statements!(|| vec![DUE.to_owned()]);

/// Wait before the next try: 30 seconds, doubled each time, at most four hours, with up to a quarter more at
/// random so that a mail server that comes back is not met by everything at once.
fn wait(attempts: i64) -> i64 {
    let base = (30_000_i64 << attempts.clamp(0, 9)).min(4 * 3_600_000);
    let jitter = i64::from(u16::from_be_bytes(clock::random())) * base / 4 / i64::from(u16::MAX);
    base + jitter
}

/// How long a message that was taken in hand stays so: a minute until its turn, twice what one may take on a
/// connection (its own, and the one before it), and some.
const LEASE: Duration = Duration::from_secs(600);
/// A message whose turn comes later than that is leased again first: messages before it were held up.
const FRESH: Duration = Duration::from_secs(60);
/// Messages in hand at once: while what became of some is written down, the connections carry others.
const AT_ONCE: usize = 2 * CONNECTIONS;

/// How many messages are taken at once.
fn batch(pace: Option<Duration>) -> i64 {
    let fits =
        |pace: Duration| i64::try_from(PACED_BATCH.as_millis() / pace.as_millis().max(1)).unwrap_or(BATCH);
    pace.map_or(BATCH, fits).clamp(1, BATCH)
}

/// Takes what is due in hand: while the lease lasts, nobody else sends it. What is in hand already is left
/// alone, whatever its lease says: it may have been handed over, and the disk is too full to write that down.
async fn claim(app: &AppState, in_hand: &Mutex<HashSet<String>>) -> Result<Vec<InHand>> {
    let now = app.now();
    let until = now.0 + millis(LEASE);
    let mut tx = System::of(app).begin().await?;
    let (mut due, room) = (Vec::<Queued>::new(), batch(app.config().mail_pace));
    // What people wait for goes before what was announced to everybody.
    for announced in [false, true] {
        let left = room - i64::try_from(due.len()).unwrap_or(room);
        due.extend(tx.conn().all::<Queued>(DUE, args![now.0, left, announced]).await?);
    }
    due.retain(|message| !in_hand.lock().unwrap_or_else(PoisonError::into_inner).contains(&message.id));
    for message in &due {
        tx.conn().execute(CLAIM, args![&message.id, until, now.0]).await?;
    }
    tx.commit().await?;
    Ok(due.into_iter().map(|message| InHand { message: message.whole(app), since: now.0, until }).collect())
}

/// A message that was taken in hand; since and until when, UTC milliseconds.
struct InHand {
    message: Queued,
    since: i64,
    until: i64,
}

impl InHand {
    /// Is it still ours to send?
    async fn held(&self, app: &AppState) -> Result<bool> {
        let now = app.now().0;
        if now - self.since < millis(FRESH) {
            return Ok(true);
        }
        let mut tx = System::of(app).begin().await?;
        let done =
            tx.conn().execute(RENEW, args![&self.message.id, self.until, now + millis(LEASE), now]).await?;
        tx.commit().await?;
        Ok(done > 0)
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// Makes due at once what a process that is gone had in hand. One process serves a data directory, so
/// whatever is leased at its start is.
pub async fn give_back(app: &AppState) -> Result<()> {
    let mut tx = System::of(app).begin().await?;
    tx.conn().execute(GIVE_BACK, args![app.now().0]).await?;
    tx.commit().await
}

/// What became of a message.
struct Delivery {
    message: Queued,
    refused: Option<Refused>,
    /// Told when it has been written down.
    written: oneshot::Sender<()>,
}

/// Writes down what became of messages as it happens; what comes in while one change is written goes into the
/// next. What cannot be written now is tried again until it can: it would be sent twice. Nothing more is sent
/// meanwhile. Ends when nothing is sent any more.
async fn note(app: &AppState, mut outcomes: mpsc::Receiver<Delivery>) -> usize {
    let (mut sent, mut some, stopped) = (0, Vec::new(), app.stopped());
    while outcomes.recv_many(&mut some, 100).await > 0 {
        let mut tries = 0;
        while let Err(error) = write(app, &some).await {
            tracing::warn!(%error, "what became of mail was not written, will be tried again");
            tries += 1;
            if tries >= LAST_TRIES && *stopped.borrow() {
                return sent;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        sent += some.iter().filter(|outcome| outcome.refused.is_none()).count();
        // Nobody waits when the program stops.
        some.drain(..).for_each(|outcome| outcome.written.send(()).unwrap_or_default());
    }
    sent
}

/// How often it is tried to write down what became of mail once the program is asked to stop.
const LAST_TRIES: u32 = 5;

async fn write(app: &AppState, outcomes: &[Delivery]) -> Result<()> {
    let now = app.now().0;
    let mut tx = System::of(app).begin().await?;
    for Delivery { message, refused, .. } in outcomes {
        let Queued { id, attempts, to_email, .. } = message;
        match refused {
            None => {
                undeliverable::arrived(tx.conn(), to_email).await?;
                // The demo's mail page shows mail that was sent, with its links.
                tx.conn().execute(SENT, args![id, now, app.config().demo]).await?;
            }
            Some(Refused { for_good: false, why, .. }) if attempts + 1 < MAX_ATTEMPTS => {
                tracing::warn!(message = id, error = why, "mail not sent, will be tried again");
                tx.conn().execute(RETRY, args![id, why, now + wait(*attempts)]).await?;
            }
            Some(Refused { why, of_address, .. }) => {
                tracing::error!(message = id, error = why, "mail given up");
                tx.conn().execute(FAILED, args![id, why, now]).await?;
                if *of_address {
                    undeliverable::failed(&mut tx, message, why).await?;
                }
            }
        }
    }
    tx.commit().await
}

/// Hands a message over, unless its recipient has left, was closed, or chose otherwise since it was written
/// (P5, P6, M1): it may have waited for hours behind others, or for a mail server.
async fn deliver(
    app: &AppState,
    transport: &Transport,
    message: &Queued,
) -> std::result::Result<(), Refused> {
    match still_wanted(app, message).await {
        Ok(true) => transport.deliver(app, message).await,
        Ok(false) => Err(Refused::never("not sent: this address no longer gets this kind of mail")),
        Err(error) => Err(Refused::later(error)),
    }
}

async fn still_wanted(app: &AppState, message: &Queued) -> Result<bool> {
    let category = Category::from_key(&message.category);
    let Some((account, category)) = message.account_id.clone().zip(category) else { return Ok(true) };
    let mut reader = System::of(app).read().await?;
    app.given().mail_policy.wants(reader.conn(), &account.into(), category, &message.to_email).await
}

/// What is due, claimed a little at a time and no faster than the setting allows: until nothing is, or with
/// `for_ever` until the program is asked to stop.
fn due<'a>(
    app: &'a AppState,
    transport: &'a Transport,
    in_hand: &'a Mutex<HashSet<String>>,
    for_ever: bool,
) -> impl futures::Stream<Item = Result<InHand>> + 'a {
    futures::stream::try_unfold(VecDeque::<InHand>::new(), move |mut taken| async move {
        let mut stopped = app.stopped();
        while !*stopped.borrow() {
            if let Some(message) = taken.pop_front() {
                if let Some(pace) = app.config().mail_pace {
                    tokio::time::sleep(pace).await;
                }
                return Ok(Some((message, taken)));
            }
            match claim(app, in_hand).await {
                Ok(more) if !more.is_empty() => {
                    taken = more.into();
                    continue;
                }
                other if !for_ever => {
                    other?;
                    break;
                }
                Ok(_) => transport.rest().await,
                Err(error) => tracing::error!(%error, "the outbox could not be worked on"),
            }
            // At once when some is written, and every few seconds for what waits for another try.
            tokio::select! {
                () = app.mail_written().notified() => {}
                () = tokio::time::sleep(Duration::from_secs(5)) => {}
                _ = stopped.changed() => {}
            }
        }
        Ok(None)
    })
}

async fn send(app: &AppState, transport: &Transport, for_ever: bool) -> Result<usize> {
    let (told, outcomes) = mpsc::channel(AT_ONCE);
    let stopped = &app.stopped();
    let ids = &Mutex::new(HashSet::new());
    let all = async move {
        let told = &told;
        let all = due(app, transport, ids, for_ever).try_for_each_concurrent(AT_ONCE, |in_hand| async move {
            // The next start gives back what was not sent; what is not ours any more is in other hands, or
            // due again.
            if *stopped.borrow() || !in_hand.held(app).await.unwrap_or_default() {
                return Ok(());
            }
            let message = in_hand.message;
            ids.lock().unwrap_or_else(PoisonError::into_inner).insert(message.id.clone());
            let refused = deliver(app, transport, &message).await.err();
            let (written, noted) = oneshot::channel();
            let id = message.id.clone();
            // Held until it is written down: a kill repeats no more than what is in hand.
            if told.send(Delivery { message, refused, written }).await.is_ok() {
                let _ = noted.await;
            }
            ids.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
            Ok(())
        });
        all.await
    };
    let (all, sent) = futures::future::join(all, note(app, outcomes)).await;
    transport.rest().await;
    all.map(|()| sent)
}

/// Sends everything that is due; says how many messages were handed over.
///
/// # Errors
/// When the outbox cannot be read.
pub async fn send_due(app: &AppState, transport: &Transport) -> Result<usize> {
    send(app, transport, false).await
}

/// Sends mail until the program is asked to stop. Messages that wait for a slow server hold nothing else up.
pub async fn work(app: AppState, transport: Transport) {
    if let Err(error) = give_back(&app).await {
        tracing::error!(%error, "claimed mail could not be given back");
    }
    if let Err(error) = send(&app, &transport, true).await {
        tracing::error!(%error, "the outbox could not be worked on");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limited_pace_takes_little_at_once() {
        assert_eq!(batch(None), 32);
        assert_eq!(
            [1, 60, 6_000, 600_000].map(|rate| batch(Some(Duration::from_secs(60) / rate))),
            [1, 10, 32, 32]
        );
    }

    #[test]
    fn waits_double_up_to_four_hours() {
        assert!((30_000..=37_500).contains(&wait(0)));
        assert!((60_000..=75_000).contains(&wait(1)));
        assert!((4 * 3_600_000..=5 * 3_600_000).contains(&wait(19)));
    }
}
