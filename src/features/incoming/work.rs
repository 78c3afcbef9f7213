//! Works on messages that came in, each in one transaction. What belongs together is worked on in its order.

use super::model::State;
use super::read::{Bounce, Mail, SenderProof, read};
use super::spool::{self, Envelope};
use super::store::{self, Noted, Sender};
use super::{mail, words};
use crate::access::state::AppState;
use crate::access::{Open, System, Tx};
use crate::error::{AppError, Result};
use crate::features::audit::model::AuditKind;
use crate::features::audit::record::{Actor, Entry};
use crate::features::tickets;
use crate::features::tickets::files::{self, FileOwner, KeptFile};
use crate::features::tickets::model::Priority;
use crate::features::tickets::row::Ticket;
use crate::features::tickets::who::{self, Writer};
use crate::features::tickets::write::{self, Body, TicketToOpen};
use crate::outbox;
use crate::platform::db::internal;
use crate::types::{AccountId, TicketId};
use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;

/// How often the folder is looked at: `latchkey mail-in` is another process.
const LOOK: Duration = Duration::from_secs(2);
/// Characters of the beginning of a text.
const PREVIEW: usize = 500;
/// A pause when the database or the disk does not answer.
const PAUSE: Duration = Duration::from_secs(10);

/// Works on messages until the program is asked to stop.
pub async fn work(app: AppState) {
    let mut stopped = app.stopped();
    if let Err(error) = spool::sweep(&app.config().data_dir) {
        tracing::warn!(%error, "what was begun of e-mails could not be removed");
    }
    while !*stopped.borrow() {
        let pause = match work_on_all(&app).await {
            Ok(()) => LOOK,
            Err(error) => {
                tracing::error!(%error, "e-mails that came in could not be worked on, will be tried again");
                PAUSE
            }
        };
        tokio::select! {
            () = spool::CAME.notified() => {}
            () = tokio::time::sleep(pause) => {}
            _ = stopped.changed() => {}
        }
    }
}

/// Messages that are worked on at once, if they are about different things: they share a commit.
const AT_ONCE: usize = 16;
/// Bytes of messages that are in memory at once, unless one alone is larger.
const IN_MEMORY: usize = 8 * 1024 * 1024;

/// A message that waits.
struct WaitingMessage {
    id: String,
    envelope: Envelope,
    raw: Vec<u8>,
}

/// Works on everything that waits: what belongs together one after the other, as it came.
///
/// # Errors
/// When the database or the disk does not answer: what is left stays where it is.
pub async fn work_on_all(app: &AppState) -> Result<()> {
    let dir = app.config().data_dir.clone();
    let waiting = spool::waiting(&dir).map_err(|error| internal(&error))?;
    let mut rest = waiting.as_slice();
    while !rest.is_empty() && !*app.stopped().borrow() {
        let (own, from) = (dir.clone(), rest.iter().take(AT_ONCE).cloned().collect::<Vec<_>>());
        let read = move || next(&own, from).map(|some| (some.len(), lanes(some)));
        let read = tokio::task::spawn_blocking(read).await.map_err(|error| internal(&error))?;
        let (count, lanes) = read.map_err(|error| internal(&error))?;
        rest = &rest[count..];
        let lanes = lanes.into_iter().map(|lane| work_on(app, lane));
        futures::future::join_all(lanes).await.into_iter().collect::<Result<()>>()?;
    }
    Ok(())
}

/// Reads the next messages, at least one.
fn next(dir: &Path, ids: Vec<String>) -> std::io::Result<Vec<WaitingMessage>> {
    let (mut some, mut size) = (Vec::new(), 0);
    for id in ids {
        let (envelope, raw) = spool::get(dir, &id)?;
        size += raw.len();
        some.push(WaitingMessage { id, envelope, raw });
        if size > IN_MEMORY {
            break;
        }
    }
    Ok(some)
}

/// Puts messages that are tied to each other into one lane, in their order.
fn lanes(messages: Vec<WaitingMessage>) -> Vec<Vec<WaitingMessage>> {
    let mut lanes: Vec<(HashSet<String>, Vec<WaitingMessage>)> = Vec::new();
    for message in messages {
        // What cannot be read is tied to nothing; whoever works on it says so.
        let ties = std::panic::catch_unwind(|| super::read::ties(&message.raw)).unwrap_or_default();
        let to = message.envelope.to.iter().filter(|to| to.contains("+t"));
        let mut ties: HashSet<String> = ties.into_iter().chain(to.cloned()).collect();
        ties = ties.into_iter().map(|tie| tie.to_ascii_lowercase()).collect();
        let (tied, others) = lanes.into_iter().partition(|(known, _)| !known.is_disjoint(&ties));
        lanes = others;
        let mut lane = Vec::new();
        for (known, messages) in Vec::<(HashSet<String>, Vec<WaitingMessage>)>::into_iter(tied) {
            ties.extend(known);
            lane.extend(messages);
        }
        lane.sort_by(|one: &WaitingMessage, other| one.id.cmp(&other.id));
        lane.push(message);
        lanes.push((ties, lane));
    }
    lanes.into_iter().map(|(_, lane)| lane).collect()
}

async fn work_on(app: &AppState, lane: Vec<WaitingMessage>) -> Result<()> {
    for WaitingMessage { id, envelope, raw } in lane {
        if !store::is_done(System::of(app).read().await?.conn(), &id).await? {
            // What breaks on one message holds no other up: it waits for staff with the reason.
            let (own, own_id) = (app.clone(), id.clone());
            let worked = tokio::spawn(async move { take(&own, &own_id, &envelope, &raw).await });
            match worked.await {
                Ok(result) => result?,
                Err(error) => {
                    tracing::error!(message = id, %error, "an e-mail could not be read");
                    park(app, &id, words::BROKE).await?;
                }
            }
        }
        spool::done(&app.config().data_dir, &id).map_err(|error| internal(&error))?;
    }
    Ok(())
}

async fn park(app: &AppState, id: &str, reason: &str) -> Result<()> {
    let noted = Noted { reason, state: State::Parked, ..nothing(id) };
    let mut tx = System::of(app).begin().await?;
    store::insert(&mut tx, &noted).await?;
    tx.commit().await
}

fn nothing(id: &str) -> Noted<'_> {
    Noted {
        id,
        from: ("", ""),
        to: String::new(),
        subject: "",
        message_id: "",
        state: State::Parked,
        reason: "",
        preview: "",
        ticket: None,
        account: None,
        department: None,
    }
}

/// Works on one message.
async fn take(app: &AppState, id: &str, envelope: &Envelope, raw: &[u8]) -> Result<()> {
    let Some(message) = read(raw) else { return park(app, id, words::NOT_READABLE).await };
    let mut recipients: Vec<String> = envelope.to.iter().map(|to| to.to_ascii_lowercase()).collect();
    recipients.extend(message.to.iter().cloned());
    recipients.dedup();
    let preview: String = message.text().chars().take(PREVIEW).collect();
    let noted = Noted {
        preview: &preview,
        from: (&message.from_name, &message.from),
        to: recipients.join(","),
        subject: &message.subject,
        message_id: &message.message_id,
        ..nothing(id)
    };
    let kept = keep_files(app, &message).await?;
    let mut tx = System::of(app).begin().await?;
    if store::is_known(tx.conn(), &message.message_id).await? {
        store::insert(&mut tx, &Noted { state: State::Repeated, ..noted }).await?;
        return tx.commit().await;
    }
    if let Some(bounce) = &message.bounce {
        let Bounce { of, recipient, reason, for_good } = bounce;
        let done = outbox::undeliverable::bounced(&mut tx, of, recipient, reason, *for_good).await?;
        let state = if done { State::Bounce } else { State::Automatic };
        store::insert(&mut tx, &Noted { state, reason, ..noted }).await?;
        return tx.commit().await;
    }
    // A null sender is a program's (RFC 5321 §4.5.5); so is what we sent ourselves.
    let ours = outbox::thread_of(tx.conn(), &super::read::own_half(&message.message_id)).await?.is_some();
    if message.automatic || ours || (envelope.from.is_empty() && !envelope.to.is_empty()) {
        store::insert(&mut tx, &Noted { state: State::Automatic, ..noted }).await?;
        return tx.commit().await;
    }
    let trusted = app.config().mail_trusts.clone();
    let doubt = if message.from.is_empty() {
        Some(words::NO_SENDER)
    } else {
        trusted.filter(|trusted| message.proof(trusted) == SenderProof::NotProven).map(|_| words::NOT_PROVEN)
    };
    if let Some(reason) = doubt {
        store::insert(&mut tx, &Noted { state: State::Parked, reason, ..noted }).await?;
        return tx.commit().await;
    }
    let work = Work { message: &message, id, kept: &kept, recipients: &recipients };
    match work.ticket(&mut tx).await? {
        Some(ticket) => work.answer(&mut tx, &ticket, noted).await?,
        None => work.open(&mut tx, noted).await?,
    }
    tx.commit().await
}

/// Puts the files of a message on the disk, before rows name them. One that is larger than a file may be stays in
/// the message alone, which is kept whole.
async fn keep_files(app: &AppState, message: &Mail<'_>) -> Result<Vec<(String, KeptFile)>> {
    let mut kept = Vec::new();
    for part in message.files() {
        match files::keep(app, &part.bytes).await {
            Ok(file) => kept.push((files::name(&part.name), file)),
            Err(AppError::Invalid(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(kept)
}

/// One message from somebody who is who they say.
struct Work<'a> {
    message: &'a Mail<'a>,
    id: &'a str,
    kept: &'a [(String, KeptFile)],
    recipients: &'a [String],
}

impl Work<'_> {
    /// The ticket that it belongs to: by a signed address, or by what it answers. Never by its subject.
    async fn ticket(&self, tx: &mut Tx<Open>) -> Result<Option<Ticket>> {
        let key = tx.app().key().clone();
        let mut found = None;
        for address in self.recipients {
            found = who::by_address(tx.conn(), &key, address).await?;
            if found.is_some() {
                break;
            }
        }
        if found.is_none() {
            for earlier in &self.message.earlier {
                let ours = outbox::thread_of(tx.conn(), &super::read::own_half(earlier)).await?;
                let ours = ours
                    .as_deref()
                    .and_then(|thread| thread.strip_prefix("ticket-"))
                    .and_then(TicketId::parse);
                found = match ours {
                    Some(ticket) => Some(ticket),
                    None => store::ticket_of(tx.conn(), earlier).await?,
                };
                if found.is_some() {
                    break;
                }
            }
        }
        let Some(ticket) = found else { return Ok(None) };
        let found = tickets::row::find(tx.conn(), ticket.as_str(), "", "").await?;
        // What was merged into another goes on there.
        match found.as_ref().and_then(|ticket| ticket.merged_into.as_deref()) {
            Some(goes_on) => tickets::row::find(tx.conn(), goes_on, "", "").await,
            None => Ok(found),
        }
    }

    /// The other people in To and Cc, for the reply box.
    async fn also_to(&self, tx: &mut Tx<Open>) -> Result<String> {
        let mut all = Vec::new();
        for address in &self.message.to {
            if *address != self.message.from
                && store::department(tx.conn(), address).await?.is_none()
                && !all.contains(address)
            {
                all.push(address.clone());
            }
        }
        all.truncate(20);
        Ok(all.join(","))
    }

    async fn attach<S>(
        &self,
        tx: &mut Tx<S>,
        account: &AccountId,
        ticket: &str,
        message: &str,
    ) -> Result<()> {
        for (name, kept) in self.kept {
            let of = FileOwner { account, ticket, message: Some(message), user: None };
            files::insert(tx, &of, name, kept).await?;
        }
        Ok(())
    }

    /// An answer in a ticket; of somebody without a right to it, it is held.
    async fn answer(&self, tx: &mut Tx<Open>, ticket: &Ticket, noted: Noted<'_>) -> Result<()> {
        let account = AccountId::from(ticket.account_id.clone());
        let noted = Noted { ticket: Some(&ticket.id), account: Some(&ticket.account_id), ..noted };
        let found = store::writer_in(tx.conn(), ticket, &self.message.from, &self.message.from_name).await?;
        let Some((by, may)) = found else {
            let noted = Noted { state: State::Parked, reason: words::ACCOUNT_CLOSED, ..noted };
            return store::insert(tx, &noted).await;
        };
        let (words, also) = (self.message.text(), self.also_to(tx).await?);
        let text =
            Body { text: &words, mail: Some((&self.message.message_id, self.id, &also)), ..Body::default() };
        let message = if may {
            let says = tickets::words::answered_by_mail(&ticket.number);
            tx.record_for(
                &account,
                &Actor::holder_of_link(&by.email),
                Entry::new(AuditKind::TicketAnswered, says),
            )
            .await?;
            write::write(tx, ticket, &by, &text, &[]).await?
        } else {
            write::hold(tx, ticket, &by, &text).await?
        };
        self.attach(tx, &account, &ticket.id, &message).await?;
        store::insert(tx, &Noted { state: State::Done, ..noted }).await
    }

    /// A new ticket, if its sender may; the question for which account; or a polite answer.
    async fn open(&self, tx: &mut Tx<Open>, noted: Noted<'_>) -> Result<()> {
        let mut department = None;
        for address in self.recipients {
            department = store::department(tx.conn(), address).await?;
            if department.is_some() {
                break;
            }
        }
        let Some(department) = department else {
            let noted = Noted { state: State::Unknown, reason: words::NO_SUCH_ADDRESS, ..noted };
            return store::insert(tx, &noted).await;
        };
        let noted = Noted { department: Some(&department), ..noted };
        let (from, name) = (self.message.from.as_str(), self.message.from_name.as_str());
        let (senders, known) = store::senders(tx.conn(), from, name, &department).await?;
        let (app, to, answers) = (tx.app().clone(), (name, from), self.message.message_id.as_str());
        let (state, reason) = match senders.as_slice() {
            [one] => return self.open_for(tx, one, &department, noted).await,
            [] if !known => (State::Unknown, words::NOBODY_KNOWS),
            [] if store::may_answer(tx, from).await? => {
                tx.send(&mail::refused(&app, to, self.subject(), answers)).await?;
                (State::Refused, words::NO_RIGHT)
            }
            [] => (State::Refused, words::NO_RIGHT_QUIET),
            _ => {
                if store::may_answer(tx, from).await? {
                    tx.send(&mail::choose(&app, to, self.subject(), answers, self.id)).await?;
                }
                (State::Choose, words::SEVERAL_ACCOUNTS)
            }
        };
        store::insert(tx, &Noted { state, reason, ..noted }).await
    }

    fn subject(&self) -> &str {
        if self.message.subject.is_empty() { words::UNNAMED } else { &self.message.subject }
    }

    async fn open_for(
        &self,
        tx: &mut Tx<Open>,
        sender: &Sender,
        department: &str,
        noted: Noted<'_>,
    ) -> Result<()> {
        let also = self.also_to(tx).await?;
        let ticket = open_from(tx, &sender.account, &sender.by, department, self, &also).await?;
        let noted = Noted { ticket: Some(&ticket.id), account: Some(sender.account.as_str()), ..noted };
        store::insert(tx, &Noted { state: State::Done, ..noted }).await
    }
}

async fn open_from<S>(
    tx: &mut Tx<S>,
    account: &AccountId,
    by: &Writer,
    department: &str,
    work: &Work<'_>,
    also: &str,
) -> Result<Ticket> {
    let new = TicketToOpen {
        account,
        department,
        asset: "",
        priority: Priority::Normal,
        subject: work.subject(),
        opener: by.contact.as_ref(),
        opened_by: &by.name,
    };
    let words = work.message.text();
    let text =
        Body { text: &words, mail: Some((&work.message.message_id, work.id, also)), ..Body::default() };
    let (ticket, message) = write::open(tx, &new, by, &text).await?;
    work.attach(tx, account, &ticket.id, &message).await?;
    let says = tickets::words::opened_by_mail(&ticket.number, &ticket.subject);
    tx.record_for(account, &Actor::holder_of_link(&by.email), Entry::new(AuditKind::TicketOpened, says))
        .await?;
    Ok(ticket)
}

/// Opens a ticket from a message that waited: staff, or its sender, decided for which account. `by` is its sender
/// as that account knows them.
pub async fn open_waiting<S>(
    tx: &mut Tx<S>,
    id: &str,
    account: &AccountId,
    by: &Writer,
    department: &str,
) -> Result<Ticket> {
    let app = tx.app().clone();
    let (_, raw) = spool::get(&app.config().data_dir, id).map_err(|error| internal(&error))?;
    let message = read(&raw).ok_or_else(|| AppError::Conflict(words::NOT_READABLE.into()))?;
    let kept = keep_files(&app, &message).await?;
    let work = Work { message: &message, id, kept: &kept, recipients: &[] };
    open_from(tx, account, by, department, &work, "").await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_together_is_worked_on_in_its_order() {
        let message = |id: &str, to: &str, head: &str| WaitingMessage {
            id: id.into(),
            envelope: Envelope { from: "a@x.example".into(), to: vec![to.into()] },
            raw: format!("From: a@x.example\r\n{head}\r\nhello").into_bytes(),
        };
        let lanes = lanes(vec![
            message("01", "help@p.example", "Message-ID: <1@x.example>\r\n"),
            message("02", "help@p.example", "Message-ID: <2@x.example>\r\n"),
            message("03", "help@p.example", "Message-ID: <3@x.example>\r\nIn-Reply-To: <1@x.example>\r\n"),
            message("04", "help+t7-ab@p.example", "Message-ID: <4@x.example>\r\n"),
            message("05", "help@p.example", "Message-ID: <2@x.example>\r\n"),
            message("06", "help@p.example", "To: Help+T7-ab@p.example\r\nReferences: <3@x.example>\r\n"),
            message("07", "help@p.example", ""),
        ]);
        let mut ids: Vec<Vec<&str>> =
            lanes.iter().map(|lane| lane.iter().map(|one| one.id.as_str()).collect()).collect();
        ids.sort();
        assert_eq!(ids, [vec!["01", "03", "04", "06"], vec!["02", "05"], vec!["07"]]);
    }
}
