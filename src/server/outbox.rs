//! The outbox: mail is a row in the transaction of what caused it, and is sent after commit (M4).
//!
//! One worker sends, over a few connections, because one process serves a data directory. Invariants: a message is leased in the
//! database before it is handed over and marked sent right after; without room to lease, nothing is sent. A start gives back what an
//! earlier process had leased. The window between "taken by the mail server" and "marked" is the one that SMTP leaves open: whoever is
//! killed in it sends the few messages on the wire again, with the same Message-ID, and never loses one. The secret of a link is kept
//! apart from the bodies and forgotten once the message is sent; the link to what the recipient chose is signed, and stays.

use super::access::{Open, Reader, System, Tx};
use super::state::House;
use crate::error::Result;
use crate::mail::letter::{PREFERENCES, PREFERENCES_TEXT, PREFERENCES_URL};
use crate::mail::model::Category;
use crate::types::{AccountId, MessageId};
use crate::{paths, recipients};
use futures::StreamExt as _;
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::{AsyncSmtpTransportBuilder, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// A message to one person.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// What it is, for example `invitation`.
    pub kind: &'static str,
    /// The account it is about, if it is about one.
    pub account: Option<AccountId>,
    /// Name of the recipient; may be empty.
    pub to_name: String,
    /// Address of the recipient.
    pub to_email: String,
    /// Subject: one line.
    pub subject: String,
    /// The body as an HTML document.
    pub html: String,
    /// The body as plain text.
    pub text: String,
    /// The secret of the link in the bodies, if they have one.
    pub secret: Option<String>,
    /// The category it is sent in; nothing for mail to one person about themself.
    pub category: Option<Category>,
    /// What it belongs to; empty for nothing.
    pub thread: String,
}

/// What stands in a stored body for the secret of its link.
pub const PLACEHOLDER: &str = "[[the-secret-of-this-link]]";

/// A message that waits in the outbox.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Queued {
    /// Its id, which is also its Message-ID's first half.
    pub id: String,
    /// Name of the recipient.
    pub to_name: String,
    /// Address of the recipient.
    pub to_email: String,
    /// Subject.
    pub subject: String,
    /// HTML body.
    pub body_html: String,
    /// Plain text body.
    pub body_text: String,
    /// Tries so far.
    pub attempts: i64,
    /// When it was written, UTC milliseconds.
    pub created_at: i64,
    secret: Option<String>,
    thread: String,
    unsubscribe: String,
}

impl Queued {
    /// Puts the secret of the link into the bodies, while it is known.
    fn whole(mut self) -> Self {
        if let Some(secret) = &self.secret {
            self.body_html = self.body_html.replace(PLACEHOLDER, secret);
            self.body_text = self.body_text.replace(PLACEHOLDER, secret);
        }
        self
    }
}

/// Tries after which a message is given up: with doubling waits from 30 seconds up to four hours that is about two days.
const MAX_ATTEMPTS: i64 = 20;
/// How many messages are taken from the table at once.
const BATCH: i64 = 200;

const INSERT: &str = "INSERT INTO outbox (id, account_id, kind, to_name, to_email, subject, body_html, body_text, secret, created_at, due_at, category, thread, unsubscribe) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11, $12, $13)";
const DUE: &str = "SELECT id, to_name, to_email, subject, body_html, body_text, attempts, created_at, secret, thread, unsubscribe FROM outbox \
    WHERE state = 'queued' AND due_at <= $1 ORDER BY due_at, id LIMIT $2";
const CLAIM: &str = "UPDATE outbox SET leased_until = $2, attempts = attempts + 1, due_at = $3 WHERE id = $1 AND state = 'queued' AND due_at <= $4";
const GIVE_BACK: &str = "UPDATE outbox SET leased_until = NULL, due_at = $1 WHERE leased_until IS NOT NULL";
const SENT: &str = "UPDATE outbox SET state = 'sent', leased_until = NULL, sent_at = $2, secret = CASE WHEN $3 THEN secret END, last_error = '' WHERE id = $1";
const RETRY: &str = "UPDATE outbox SET leased_until = NULL, last_error = $2, due_at = $3 WHERE id = $1";
const FAILED: &str = "UPDATE outbox SET state = 'failed', leased_until = NULL, secret = NULL, last_error = $2 WHERE id = $1";
const LATEST_TO: &str = "SELECT id, to_name, to_email, subject, body_html, body_text, attempts, created_at, secret, thread, unsubscribe FROM outbox \
    WHERE lower(to_email) = $1 ORDER BY id DESC LIMIT 1";
const RECENT: &str = "SELECT count(*) FROM outbox WHERE lower(to_email) = $1 AND created_at > $2 AND account_id IS NULL";
const COUNT: &str = "SELECT count(*) FROM outbox WHERE lower(to_email) = $1";
const LIST: &str = "SELECT id, to_email, subject, created_at FROM outbox ORDER BY id DESC LIMIT 100";
const SHOW: &str = "SELECT id, to_name, to_email, subject, body_html, body_text, attempts, created_at, secret, thread, unsubscribe FROM outbox WHERE id = $1";

/// Every statement of this file, for the test that prepares them.
pub const STATEMENTS: &[&str] = &[INSERT, DUE, CLAIM, GIVE_BACK, SENT, RETRY, FAILED, RECENT, LATEST_TO, COUNT, LIST, SHOW];

/// Writes a message; [`Tx::send`] is the way to it.
pub(in crate::server) async fn insert<S>(tx: &mut Tx<S>, message: &Message) -> Result<MessageId> {
    let id = tx.new_id();
    let now = tx.now().0;
    let token = match &message.account {
        Some(account) => recipients::store::token_for(tx, account, &message.to_email).await?,
        None => None,
    };
    let link = token.as_ref().map(|token| tx.house().url(&paths::preferences(token)));
    let kept = |body: &str| {
        let body = with_choice(body, link.as_deref());
        match &message.secret {
            Some(secret) => body.replace(secret.as_str(), PLACEHOLDER),
            None => body,
        }
    };
    let newsletter = message.category == Some(Category::Newsletter);
    let unsubscribe = token.filter(|_| newsletter).map(|token| tx.house().url(&paths::unsubscribe(&token))).unwrap_or_default();
    sqlx::query(INSERT)
        .bind(&id)
        .bind(message.account.as_ref().map(AccountId::as_str))
        .bind(message.kind)
        .bind(&message.to_name)
        .bind(&message.to_email)
        .bind(&message.subject)
        .bind(kept(&message.html))
        .bind(kept(&message.text))
        .bind(message.secret.as_deref())
        .bind(now)
        .bind(message.category.map(Category::key).unwrap_or_default())
        .bind(&message.thread)
        .bind(unsubscribe)
        .execute(tx.conn())
        .await?;
    Ok(id.into())
}

/// A body with the link to what its recipient chose, or without that part for who has no choice.
pub fn with_choice(body: &str, link: Option<&str>) -> String {
    let mut out = body.to_owned();
    for (begin, end) in [PREFERENCES, PREFERENCES_TEXT] {
        let (Some(from), Some(to)) = (out.find(begin), out.find(end)) else { continue };
        let part = match link {
            Some(link) => out[from + begin.len()..to].replace(PREFERENCES_URL, link),
            None => String::new(),
        };
        out.replace_range(from..to + end.len(), &part);
    }
    out
}

/// The newest message to an address, whatever its state. For the demo maker and tests.
pub async fn latest_to(reader: &mut Reader<Open>, email: &str) -> Result<Option<Queued>> {
    let row: Option<Queued> = sqlx::query_as(LATEST_TO).bind(email.to_ascii_lowercase()).fetch_optional(reader.conn()).await?;
    Ok(row.map(Queued::whole))
}

/// Id, address, subject and time of the newest hundred messages. For the demo's mail page.
pub async fn newest(reader: &mut Reader<Open>) -> Result<Vec<(String, String, String, i64)>> {
    Ok(sqlx::query_as(LIST).fetch_all(reader.conn()).await?)
}

/// One message. For the demo's mail page.
pub async fn show(reader: &mut Reader<Open>, id: &str) -> Result<Option<Queued>> {
    let row: Option<Queued> = sqlx::query_as(SHOW).bind(id).fetch_optional(reader.conn()).await?;
    Ok(row.map(Queued::whole))
}

/// How many messages were ever written to an address. For tests.
pub async fn count_to(reader: &mut Reader<Open>, email: &str) -> Result<i64> {
    Ok(sqlx::query_scalar(COUNT).bind(email.to_ascii_lowercase()).fetch_one(reader.conn()).await?)
}

/// Where mail goes.
pub enum Transport {
    /// To a mail server.
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>),
    /// Into files `ID.eml` of this directory.
    Files(PathBuf),
}

/// The directory of kept mail in a data directory.
pub fn mail_dir(data_dir: &Path) -> PathBuf {
    data_dir.join("mail")
}

impl Transport {
    /// The transport that the settings ask for. Three ways of TLS: `smtps://` from the first byte, `smtp://…?tls=required` by STARTTLS,
    /// `smtp://` none. `ca` is a file with a certificate that is trusted beside the public ones.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn open(smtp_url: Option<&str>, ca: Option<&Path>, data_dir: &Path) -> std::result::Result<Self, String> {
        match smtp_url {
            Some(url) => {
                let unusable = |error: &dyn std::fmt::Display| {
                    format!("The SMTP URL cannot be used: {error}. Write it like smtp://user:password@mail.example.com:587?tls=required.")
                };
                let mut builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|error| unusable(&error))?;
                if let Some(ca) = ca {
                    builder = trusting(builder, url, ca)?;
                }
                let pool = PoolConfig::new().max_size(CONNECTIONS).min_idle(0);
                Ok(Self::Smtp(Box::new(builder.timeout(Some(Duration::from_secs(30))).pool_config(pool).build())))
            }
            None => {
                let dir = mail_dir(data_dir);
                std::fs::create_dir_all(&dir).map_err(|error| format!("The directory {} for kept mail cannot be made: {error}.", dir.display()))?;
                Ok(Self::Files(dir))
            }
        }
    }

    /// Hands one message over. The error says whether trying again can help.
    async fn deliver(&self, house: &House, queued: &Queued) -> std::result::Result<(), (bool, String)> {
        let message = compose(house, queued).map_err(|why| (false, why))?;
        match self {
            Self::Smtp(transport) => match transport.send(message).await {
                Ok(_) => Ok(()),
                Err(error) => Err((!about_this_message(&error), error.to_string())),
            },
            Self::Files(dir) => keep(dir, &queued.id, &message.formatted()).await.map_err(|error| (true, error.to_string())),
        }
    }

    /// Does the mail server answer? Files always do.
    pub async fn check(&self) -> std::result::Result<(), String> {
        match self {
            Self::Smtp(transport) => match transport.test_connection().await {
                Ok(true) => Ok(()),
                Ok(false) => Err("The mail server did not answer.".into()),
                Err(error) => Err(format!("The mail server cannot be used: {error}.")),
            },
            Self::Files(_) => Ok(()),
        }
    }
}

/// The same connection, which also trusts a certificate of the operator's own.
fn trusting(builder: AsyncSmtpTransportBuilder, url: &str, ca: &Path) -> std::result::Result<AsyncSmtpTransportBuilder, String> {
    let bytes = std::fs::read(ca).map_err(|error| format!("The certificate {} cannot be read: {error}.", ca.display()))?;
    let sentence = |error: lettre::transport::smtp::Error| format!("The certificate {} cannot be used: {error}.", ca.display());
    let host = url.parse::<http::Uri>().ok().and_then(|uri| uri.host().map(str::to_owned)).unwrap_or_default();
    let certificate = Certificate::from_pem(&bytes).map_err(sentence)?;
    let parameters = TlsParameters::builder(host).add_root_certificate(certificate).build().map_err(sentence)?;
    Ok(builder.tls(if url.starts_with("smtps://") { Tls::Wrapper(parameters) } else { Tls::Required(parameters) }))
}

/// Is this refusal about the message or its recipient, so that another try cannot help? A wrong password of ours, a greeting
/// that turns everybody away or a server that is busy is not (RFC 5321 §4.2.3).
fn about_this_message(error: &lettre::transport::smtp::Error) -> bool {
    let code = error.status().map(|code| code.to_string());
    matches!(code.as_deref(), Some("550" | "551" | "552" | "553" | "555" | "556"))
}

fn compose(house: &House, queued: &Queued) -> std::result::Result<lettre::Message, String> {
    let from = &house.config().mail_from;
    let name = (!queued.to_name.is_empty()).then(|| queued.to_name.clone());
    let to = queued.to_email.parse().map_err(|error| format!("the address cannot be written into a mail: {error}"))?;
    let date = std::time::UNIX_EPOCH + Duration::from_millis(u64::try_from(queued.created_at).unwrap_or_default());
    let mut message = lettre::Message::builder()
        .from(from.clone())
        .to(Mailbox::new(name, to))
        .subject(&queued.subject)
        .date(date)
        .message_id(Some(format!("<{}@{}>", queued.id, from.email.domain())))
        .header(AutoSubmitted);
    // What belongs together names the same message, which need not exist (RFC 5322 §3.6.4).
    if !queued.thread.is_empty() {
        message = message.references(format!("<{}@{}>", queued.thread, from.email.domain()));
    }
    if !queued.unsubscribe.is_empty() {
        message = message.header(Unsubscribe(format!("<{}>", queued.unsubscribe))).header(OneClick);
    }
    message.multipart(MultiPart::alternative_plain_html(queued.body_text.clone(), queued.body_html.clone())).map_err(|error| error.to_string())
}

/// `Auto-Submitted: auto-generated` (RFC 3834): vacation replies stay away.
#[derive(Clone)]
struct AutoSubmitted;

impl lettre::message::header::Header for AutoSubmitted {
    fn name() -> lettre::message::header::HeaderName {
        lettre::message::header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> std::result::Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> lettre::message::header::HeaderValue {
        lettre::message::header::HeaderValue::new(Self::name(), "auto-generated".into())
    }
}

/// `List-Unsubscribe`: where one click ends a newsletter (RFC 8058).
#[derive(Clone)]
struct Unsubscribe(String);

/// `List-Unsubscribe-Post`: that it does so without a question.
#[derive(Clone)]
struct OneClick;

macro_rules! own_header {
    ($($header:ident $name:literal $value:expr;)*) => {$(
        impl lettre::message::header::Header for $header {
            fn name() -> lettre::message::header::HeaderName {
                lettre::message::header::HeaderName::new_from_ascii_str($name)
            }

            fn parse(_: &str) -> std::result::Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Err("only written".into())
            }

            fn display(&self) -> lettre::message::header::HeaderValue {
                let value: fn(&Self) -> String = $value;
                lettre::message::header::HeaderValue::new(Self::name(), value(self))
            }
        }
    )*};
}
own_header! {
    Unsubscribe "List-Unsubscribe" |header| header.0.clone();
    OneClick "List-Unsubscribe-Post" |_| "List-Unsubscribe=One-Click".into();
}

/// Writes a message to a file that is either whole or not there. Doing it twice leaves one file.
async fn keep(dir: &Path, id: &str, bytes: &[u8]) -> std::io::Result<()> {
    use tokio::io::AsyncWriteExt as _;
    let unfinished = dir.join(format!(".{id}.unfinished"));
    let mut file = tokio::fs::File::create(&unfinished).await?;
    file.write_all(bytes).await?;
    file.sync_all().await?;
    tokio::fs::rename(unfinished, dir.join(format!("{id}.eml"))).await
}

/// Wait before the next try: 30 seconds, doubled each time, at most four hours, with up to a quarter more at random so that a
/// mail server that comes back is not met by everything at once.
fn wait(attempts: i64) -> i64 {
    let base = (30_000_i64 << attempts.clamp(0, 9)).min(4 * 3_600_000);
    let jitter = i64::from(u16::from_be_bytes(super::clock::random())) * base / 4 / i64::from(u16::MAX);
    base + jitter
}

/// Mails about logins that strangers can cause to one address in a day. Whoever needs more of them has them already.
const UNASKED_PER_DAY: i64 = 10;

/// May one more mail that anybody can cause be sent to an address? Nobody's mailbox is filled by typing its address into our forms.
pub(in crate::server) async fn may_send<S>(tx: &mut Tx<S>, address: &str) -> Result<bool> {
    let since = tx.now().plus_days(-1).0;
    let recent: i64 = sqlx::query_scalar(RECENT).bind(address.to_ascii_lowercase()).bind(since).fetch_one(tx.conn()).await?;
    Ok(recent < UNASKED_PER_DAY)
}

/// How long a message that was taken in hand stays so. Whoever holds it sends it within that, or is gone.
const LEASE: Duration = Duration::from_secs(600);
/// Connections to the mail server at once.
const CONNECTIONS: u32 = 4;

/// Takes what is due in hand: while the lease lasts, nobody else sends it.
async fn claim(house: &House) -> Result<Vec<Queued>> {
    let now = house.now();
    let until = now.0 + i64::try_from(LEASE.as_millis()).unwrap_or_default();
    let mut tx = System::of(house).begin().await?;
    let due: Vec<Queued> = sqlx::query_as(DUE).bind(now.0).bind(BATCH).fetch_all(tx.conn()).await?;
    for message in &due {
        sqlx::query(CLAIM).bind(&message.id).bind(until).bind(until).bind(now.0).execute(tx.conn()).await?;
    }
    tx.commit().await?;
    Ok(due.into_iter().map(Queued::whole).collect())
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
}

/// Writes down what became of messages as it happens; what comes in while one change is written goes into the next.
async fn note(house: &House, mut outcomes: mpsc::Receiver<Outcome>) -> Result<usize> {
    let (mut sent, mut some) = (0, Vec::new());
    while outcomes.recv_many(&mut some, 100).await > 0 {
        let now = house.now().0;
        let mut tx = System::of(house).begin().await?;
        for Outcome { id, attempts, error } in some.drain(..) {
            match error {
                None => {
                    // The demo's mail page shows mail that was sent, with its links.
                    sqlx::query(SENT).bind(&id).bind(now).bind(house.config().demo).execute(tx.conn()).await?;
                    sent += 1;
                }
                Some((true, error)) if attempts + 1 < MAX_ATTEMPTS => {
                    tracing::warn!(message = id, error, "mail not sent, will be tried again");
                    sqlx::query(RETRY).bind(&id).bind(&error).bind(now + wait(attempts)).execute(tx.conn()).await?;
                }
                Some((_, error)) => {
                    tracing::error!(message = id, error, "mail given up");
                    sqlx::query(FAILED).bind(&id).bind(&error).execute(tx.conn()).await?;
                }
            }
        }
        tx.commit().await?;
    }
    Ok(sent)
}

/// Sends everything that is due, over a few connections at once and no faster than the setting allows; says how many messages were
/// handed over. Claiming, sending and noting what came of it go on side by side.
pub async fn send_due(house: &House, transport: &Transport) -> Result<usize> {
    let mut sent = 0;
    loop {
        let due = claim(house).await?;
        if due.is_empty() {
            return Ok(sent);
        }
        let (told, outcomes) = mpsc::channel(usize::try_from(BATCH).unwrap_or(1));
        let all = async move {
            let pace = house.config().mail_pace;
            let paced = futures::stream::iter(due).then(|message| async move {
                if let Some(pace) = pace {
                    tokio::time::sleep(pace).await;
                }
                message
            });
            let told = &told;
            paced
                .for_each_concurrent(usize::try_from(CONNECTIONS).ok(), |message| async move {
                    // What cannot be written down is not sent either.
                    if told.is_closed() {
                        return;
                    }
                    let error = transport.deliver(house, &message).await.err();
                    // Whoever notes it is there as long as this is.
                    let _ = told.send(Outcome { id: message.id, attempts: message.attempts, error }).await;
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
    fn waits_double_up_to_four_hours() {
        assert!((30_000..=37_500).contains(&wait(0)));
        assert!((60_000..=75_000).contains(&wait(1)));
        assert!((4 * 3_600_000..=5 * 3_600_000).contains(&wait(19)));
    }
}
