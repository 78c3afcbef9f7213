//! Messages as rows: how they are written, and what waits.

use super::allowance::{self, may_notify, may_send, take};
use crate::access::state::AppState;
use crate::access::{Open, Reader, Tx};
use crate::category::Category;
use crate::error::Result;
use crate::platform::db::{Conn, FromRow, Write, args, columns, made_statements};
use crate::types::{AccountId, MessageId};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

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
    /// What is its own among the variables of its template; for previews.
    pub values: Vec<(&'static str, String)>,
    /// Where an answer goes; empty for the address that all mail names.
    pub reply_to: String,
    /// The Message-ID of the mail that it answers, as it stood there; empty for none.
    pub in_reply_to: String,
    /// What caused it, so that both can be called back ([`call_back`]), and how many milliseconds it waits for
    /// that.
    pub cause: Option<(String, i64)>,
    /// Files that it carries.
    pub files: Vec<MailFile>,
    /// The address was confirmed until this very step, whatever the step makes of it: the message does not
    /// count.
    pub confirmed: bool,
}

/// A file that a message carries: it is read when the message is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailFile {
    /// Its path inside the data directory.
    pub path: String,
    /// Its name.
    pub name: String,
    /// What it is, by its first bytes.
    pub content_type: String,
}

impl Message {
    /// Tells an address that was confirmed until now what has become of that. Nobody can keep such a step
    /// from being done by filling the address up beforehand.
    #[must_use]
    pub fn to_confirmed(self) -> Self {
        Self { confirmed: true, ..self }
    }
}

/// Around the part of a body that leads to what the recipient chose; the outbox takes it out for who has no
/// choice.
pub const CHOICE: (&str, &str) = ("\u{1}<", "\u{1}>");
/// Stands for the address of that link, until the message is sent.
pub const CHOICE_URL: &str = "\u{1}choice\u{1}";

/// What stands in a stored body for the secret of its link. Letters lose control characters, so that nobody
/// can write it.
pub const PLACEHOLDER: &str = "\u{1}secret\u{1}";

/// A message that waits in the outbox.
#[derive(Clone, Debug, FromRow)]
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
    /// Where one click ends a newsletter; nothing for other mail.
    #[sqlx(skip)]
    pub unsubscribe: Option<String>,
    pub(super) secret: Option<String>,
    pub(super) thread: String,
    pub(super) reply_to: String,
    pub(super) in_reply_to: String,
    pub(super) files: String,
    pub(super) category: String,
    pub(super) holder: String,
    pub(super) account_id: Option<String>,
}

impl Queued {
    /// Puts the links that are for its recipient alone into the bodies, as far as they are known.
    pub(super) fn whole(mut self, app: &AppState) -> Self {
        let mut put = |mark: &str, value: &str| {
            self.body_html = self.body_html.replace(mark, value);
            self.body_text = self.body_text.replace(mark, value);
        };
        if let Some(secret) = &self.secret {
            put(PLACEHOLDER, secret);
        }
        if let Some((choice, unsubscribe)) =
            app.given().mail_policy.links(app.key(), &self.holder, &self.to_email)
        {
            put(CHOICE_URL, &app.url(&choice));
            self.unsubscribe = (self.category == Category::Newsletter.key()).then(|| app.url(&unsubscribe));
        }
        self
    }
}

macro_rules! queued {
    ($rest:literal) => {
        concat!(
            r"SELECT id, to_name, to_email, subject, body_html, body_text, attempts, created_at, secret,
                    thread, category, holder, account_id, reply_to, in_reply_to, files
                FROM outbox ",
            $rest
        )
    };
}
pub(super) use queued;

static INSERT: LazyLock<Write> = LazyLock::new(|| {
    const COLUMNS: &[&str] = &[
        "id", "account_id", "kind", "to_name", "to_email", "subject", "body_html", "body_text", "secret",
        "created_at", "due_at", "category", "thread", "holder", "search_text", "counted", "reply_to",
        "in_reply_to", "cause", "files",
    ];
    Write::insert("outbox", COLUMNS, "")
});
const LATEST_TO: &str = queued!("WHERE lower(to_email) = $1 ORDER BY created_at DESC, id DESC LIMIT 1");
const COUNT: &str = "SELECT count(*) FROM outbox WHERE lower(to_email) = $1";
const LIST: &str = "SELECT id, to_email, subject, created_at FROM outbox ORDER BY id DESC LIMIT 300";
const SHOW: &str = queued!("WHERE id = $1");

made_statements!(|| [LATEST_TO, SHOW, INSERT.sql()].map(str::to_owned).into());

impl<S> Tx<S> {
    /// Writes a message that is sent once this transaction has been committed (M4).
    pub async fn send(&mut self, message: &Message) -> Result<()> {
        insert(self, message).await?;
        self.mail_was_written();
        Ok(())
    }

    /// The same for several.
    pub async fn send_all(&mut self, messages: Vec<Message>) -> Result<()> {
        for message in &messages {
            self.send(message).await?;
        }
        Ok(())
    }

    /// Is there room for one more message that anybody can cause by typing an address? Not when that address
    /// got enough of the kind today.
    pub async fn may_send(&mut self, kind: &str, address: &str) -> Result<bool> {
        may_send(self, kind, address).await
    }

    /// Is there room for one more notice of a kind about an account? Told are people who cannot stop it.
    ///
    /// # Errors
    /// [`crate::error::AppError::Conflict`] with the limit.
    pub async fn may_notify(&mut self, account: &AccountId, kind: &str) -> Result<()> {
        may_notify(self, account, kind).await
    }
}

/// Writes a message; [`Tx::send`] is the way to it.
async fn insert<S>(tx: &mut Tx<S>, message: &Message) -> Result<MessageId> {
    let id = tx.new_id();
    let now = tx.now().0;
    let holder = match &message.account {
        Some(account) => {
            let app = tx.app().clone();
            app.given().mail_policy.chooser(tx.conn(), account, &message.to_email).await?
        }
        None => None,
    };
    let counted =
        !message.confirmed && allowance::is_counted(tx, message.account.as_ref(), &message.to_email).await?;
    if counted {
        take(tx, message.account.as_ref(), &message.to_email).await?;
    }
    let kept = |body: &str| {
        let body = with_choice(body, holder.is_some());
        match &message.secret {
            Some(secret) => body.replace(secret.as_str(), PLACEHOLDER),
            None => body,
        }
    };
    let columns = columns![
        id: &id,
        account_id: message.account.as_ref().map(AccountId::as_str),
        kind: message.kind,
        to_name: &message.to_name,
        to_email: &message.to_email,
        subject: &message.subject,
        body_html: kept(&message.html),
        body_text: kept(&message.text),
        secret: message.secret.as_deref(),
        created_at: now,
        due_at: now + message.cause.as_ref().map_or(0, |(_, wait)| *wait),
        category: message.category.map(Category::key).unwrap_or_default(),
        thread: &message.thread,
        holder: holder.unwrap_or_default(),
        search_text: format!("{} {} {}", message.subject, message.to_name, message.to_email).to_lowercase(),
        counted: counted,
        reply_to: &message.reply_to,
        in_reply_to: &message.in_reply_to,
        cause: message.cause.as_ref().map(|(cause, _)| cause.as_str()).unwrap_or_default(),
        files: if message.files.is_empty() { String::new() } else { serde_json::to_string(&message.files).unwrap_or_default() },
    ];
    tx.conn().execute(INSERT.sql(), INSERT.args(args![], columns)?).await?;
    Ok(id.into())
}

/// A body with the part that leads to what its recipient chose, or without it for who has no choice.
pub fn with_choice(body: &str, kept: bool) -> String {
    let (begin, end) = CHOICE;
    match (body.find(begin), body.find(end)) {
        (Some(from), Some(to)) if kept => {
            [&body[..from], &body[from + begin.len()..to], &body[to + end.len()..]].concat()
        }
        (Some(from), Some(to)) => [&body[..from], &body[to + end.len()..]].concat(),
        _ => body.to_owned(),
    }
}

/// The newest message to an address, whatever its state. For the demo maker and tests.
pub async fn latest_to(reader: &mut Reader<Open>, email: &str) -> Result<Option<Queued>> {
    let row: Option<Queued> = reader.conn().optional(LATEST_TO, args![email.to_ascii_lowercase()]).await?;
    Ok(row.map(|row| row.whole(reader.app())))
}

/// Id, address, subject and time of the newest three hundred messages. For the demo's mail page.
pub async fn newest(reader: &mut Reader<Open>) -> Result<Vec<(String, String, String, i64)>> {
    Ok(reader.conn().all(LIST, args![]).await?)
}

/// One message. For the demo's mail page.
pub async fn show(reader: &mut Reader<Open>, id: &str) -> Result<Option<Queued>> {
    let row: Option<Queued> = reader.conn().optional(SHOW, args![id]).await?;
    Ok(row.map(|row| row.whole(reader.app())))
}

/// How many messages were ever written to an address. For tests.
pub async fn count_to(reader: &mut Reader<Open>, email: &str) -> Result<i64> {
    Ok(reader.conn().value(COUNT, args![email.to_ascii_lowercase()]).await?)
}

// What is in hand may be on its way.
const GONE: &str = "SELECT count(*) FROM outbox WHERE cause = $1 AND cause <> '' AND (state <> 'queued' OR attempts > 0 OR due_at <= $2)";
const CALL_BACK: &str = "DELETE FROM outbox WHERE cause = $1 AND cause <> ''";

/// Takes back the messages of a cause, unless the time for that is over. Says whether it was in time.
pub async fn call_back<S>(tx: &mut Tx<S>, cause: &str) -> Result<bool> {
    let now = tx.now().0;
    let gone: i64 = tx.conn().value(GONE, args![cause, now]).await?;
    if gone > 0 {
        return Ok(false);
    }
    tx.conn().execute(CALL_BACK, args![cause]).await?;
    Ok(true)
}

const THREAD: &str = "SELECT thread FROM outbox WHERE id = $1";

/// What a message that went out belongs to, by the first half of its Message-ID.
pub async fn thread_of(conn: &mut Conn, id: &str) -> Result<Option<String>> {
    Ok(conn.optional_value(THREAD, args![id]).await?)
}

const NUMBERS: &str = r"SELECT (SELECT count(*) FROM outbox WHERE state = 'queued'),
        (SELECT min(created_at) FROM outbox WHERE state = 'queued'),
        (SELECT count(*) FROM outbox WHERE state = 'failed' AND failed_at > $1)";

/// How many messages wait, since when the oldest does, and how many failed in the last 7 days.
pub async fn numbers(reader: &mut Reader<Open>) -> Result<(i64, Option<i64>, i64)> {
    let week = reader.now().plus_days(-7).0;
    Ok(reader.conn().one(NUMBERS, args![week]).await?)
}
