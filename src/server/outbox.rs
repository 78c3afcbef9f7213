//! The outbox: mail is a row in the transaction of what caused it, and is sent after commit (M4).
//!
//! One worker sends, because one process serves a data directory. Invariants: a message is claimed in the database before it is
//! handed over and marked sent right after; without room to claim, nothing is sent. A start gives back what an earlier process
//! had claimed. The window between "taken by the mail server" and "marked" is the one that SMTP leaves open: whoever is killed in
//! it sends that single message again, with the same Message-ID, and never loses it. The secret of a link is kept apart from the
//! bodies and forgotten once the message is sent.

use super::access::{Open, Reader, System, Tx};
use super::state::House;
use crate::error::Result;
use crate::types::{AccountId, MessageId};
use lettre::message::{Mailbox, MultiPart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::watch;

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
const BATCH: i64 = 50;

const INSERT: &str = "INSERT INTO outbox (id, account_id, kind, to_name, to_email, subject, body_html, body_text, secret, created_at, due_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)";
const DUE: &str = "SELECT id, to_name, to_email, subject, body_html, body_text, attempts, created_at, secret FROM outbox \
    WHERE state = 'queued' AND due_at <= $1 ORDER BY due_at, id LIMIT $2";
const CLAIM: &str = "UPDATE outbox SET claimed = TRUE, attempts = attempts + 1, due_at = $2 WHERE id = $1 AND state = 'queued'";
const GIVE_BACK: &str = "UPDATE outbox SET claimed = FALSE, due_at = $1 WHERE claimed";
const SENT: &str = "UPDATE outbox SET state = 'sent', claimed = FALSE, sent_at = $2, secret = CASE WHEN $3 THEN secret END, last_error = '' WHERE id = $1";
const RETRY: &str = "UPDATE outbox SET claimed = FALSE, last_error = $2 WHERE id = $1";
const FAILED: &str = "UPDATE outbox SET state = 'failed', claimed = FALSE, secret = NULL, last_error = $2 WHERE id = $1";
const LATEST_TO: &str = "SELECT id, to_name, to_email, subject, body_html, body_text, attempts, created_at, secret FROM outbox \
    WHERE lower(to_email) = $1 ORDER BY id DESC LIMIT 1";
const RECENT: &str = "SELECT count(*) FROM outbox WHERE lower(to_email) = $1 AND created_at > $2 AND account_id IS NULL";
const COUNT: &str = "SELECT count(*) FROM outbox WHERE lower(to_email) = $1";
const LIST: &str = "SELECT id, to_email, subject, created_at FROM outbox ORDER BY id DESC LIMIT 100";
const SHOW: &str = "SELECT id, to_name, to_email, subject, body_html, body_text, attempts, created_at, secret FROM outbox WHERE id = $1";

/// Every statement of this file, for the test that prepares them.
pub const STATEMENTS: &[&str] = &[INSERT, DUE, CLAIM, GIVE_BACK, SENT, RETRY, FAILED, RECENT, LATEST_TO, COUNT, LIST, SHOW];

/// Writes a message; [`Tx::send`] is the way to it.
pub(in crate::server) async fn insert<S>(tx: &mut Tx<S>, message: &Message) -> Result<MessageId> {
    let id = tx.new_id();
    let now = tx.now().0;
    let kept = |body: &str| match &message.secret {
        Some(secret) => body.replace(secret.as_str(), PLACEHOLDER),
        None => body.to_owned(),
    };
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
        .execute(tx.conn())
        .await?;
    Ok(id.into())
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
    /// The transport that the settings ask for.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn open(smtp_url: Option<&str>, data_dir: &Path) -> std::result::Result<Self, String> {
        match smtp_url {
            Some(url) => {
                let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
                    .map_err(|error| format!("The SMTP URL cannot be used: {error}. Write it like smtp://user:password@mail.example.com:587?tls=required."))?;
                Ok(Self::Smtp(Box::new(builder.timeout(Some(Duration::from_secs(30))).build())))
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
    lettre::Message::builder()
        .from(from.clone())
        .to(Mailbox::new(name, to))
        .subject(&queued.subject)
        .date(date)
        .message_id(Some(format!("<{}@{}>", queued.id, from.email.domain())))
        .header(AutoSubmitted)
        .multipart(MultiPart::alternative_plain_html(queued.body_text.clone(), queued.body_html.clone()))
        .map_err(|error| error.to_string())
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

/// Writes down what became of a message.
async fn note(house: &House, query: sqlx::query::Query<'_, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>) -> Result<()> {
    let mut tx = System::of(house).begin().await?;
    query.execute(tx.conn()).await?;
    tx.commit().await
}

/// Mails about logins that strangers can cause to one address in a day. Whoever needs more of them has them already.
const UNASKED_PER_DAY: i64 = 10;

/// May one more mail that anybody can cause be sent to an address? Nobody's mailbox is filled by typing its address into our forms.
pub(in crate::server) async fn may_send<S>(tx: &mut Tx<S>, address: &str) -> Result<bool> {
    let since = tx.now().plus_days(-1).0;
    let recent: i64 = sqlx::query_scalar(RECENT).bind(address.to_ascii_lowercase()).bind(since).fetch_one(tx.conn()).await?;
    Ok(recent < UNASKED_PER_DAY)
}

/// Takes what is due in hand: after this, only this process sends it, and only until its next try is due.
async fn claim(house: &House) -> Result<Vec<Queued>> {
    let now = house.now();
    let mut tx = System::of(house).begin().await?;
    let due: Vec<Queued> = sqlx::query_as(DUE).bind(now.0).bind(BATCH).fetch_all(tx.conn()).await?;
    for message in &due {
        sqlx::query(CLAIM).bind(&message.id).bind(now.0 + wait(message.attempts)).execute(tx.conn()).await?;
    }
    tx.commit().await?;
    Ok(due.into_iter().map(Queued::whole).collect())
}

/// Makes due at once what a process that is gone had in hand.
pub async fn give_back(house: &House) -> Result<()> {
    note(house, sqlx::query(GIVE_BACK).bind(house.now().0)).await
}

/// Sends everything that is due and says how many messages were handed over.
pub async fn send_due(house: &House, transport: &Transport) -> Result<usize> {
    let mut sent = 0;
    loop {
        let due = claim(house).await?;
        if due.is_empty() {
            return Ok(sent);
        }
        for message in due {
            match transport.deliver(house, &message).await {
                Ok(()) => {
                    // The demo's mail page shows mail that was sent, with its links.
                    note(house, sqlx::query(SENT).bind(&message.id).bind(house.now().0).bind(house.config().demo)).await?;
                    sent += 1;
                }
                Err((true, error)) if message.attempts + 1 < MAX_ATTEMPTS => {
                    tracing::warn!(message = message.id, error, "mail not sent, will be tried again");
                    note(house, sqlx::query(RETRY).bind(&message.id).bind(&error)).await?;
                }
                Err((_, error)) => {
                    tracing::error!(message = message.id, error, "mail given up");
                    note(house, sqlx::query(FAILED).bind(&message.id).bind(&error)).await?;
                }
            }
        }
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
