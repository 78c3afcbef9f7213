//! Handing a message over: to a mail server, with or without TLS, or into a file; and what it looks like on
//! the wire.

use super::message::MailFile;
use crate::access::state::AppState;
use crate::outbox::Queued;
use crate::outbox::smtp::{MailServer, Refused};
use crate::platform::token::Key;
use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, MultiPart};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Where mail goes.
pub enum Transport {
    /// To a mail server.
    Smtp(Box<MailServer>),
    /// Into files `ID.eml` of this directory.
    Files(PathBuf),
    /// To the mail server that staff set in the browser, and into files until they do.
    AsSet(Box<AsSet>),
}

/// What staff set in the browser may change while the program runs.
pub struct AsSet {
    files: PathBuf,
    ca: Option<PathBuf>,
    // The setting, and what it opened.
    now: Mutex<(String, Option<Arc<MailServer>>)>,
}

/// For what the mail server's URL is sealed.
const SEALED: &str = "mail server";

/// The URL of a mail server as it is stored.
pub fn seal_server(key: &Key, url: &str) -> String {
    if url.is_empty() { String::new() } else { key.seal(SEALED, url) }
}

/// The URL of the mail server that staff set; `None` for none.
pub fn set_server(app: &AppState) -> Option<String> {
    app.key().unseal(SEALED, &app.config().mail_server)
}

impl AsSet {
    /// The server as it is set now.
    fn server(&self, app: &AppState) -> std::result::Result<Option<Arc<MailServer>>, String> {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let set = &app.config().mail_server;
        if now.0 != *set {
            let opened = match set_server(app) {
                Some(url) => Some(Arc::new(MailServer::open(&url, self.ca.as_deref())?)),
                None if set.is_empty() => None,
                None => return Err("the mail server that was set cannot be read with this key".into()),
            };
            *now = (set.clone(), opened);
        }
        Ok(now.1.clone())
    }

    fn opened(&self) -> Option<Arc<MailServer>> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner).1.clone()
    }
}

/// Does a mail server answer, and let this side in?
///
/// # Errors
/// A sentence for whoever set it.
pub async fn try_server(url: &str) -> std::result::Result<(), String> {
    let server = MailServer::open(url, None)?;
    match tokio::time::timeout(TRY, server.check()).await {
        Ok(answer) => answer,
        Err(_) => Err("The mail server does not answer.".into()),
    }
}

/// How long somebody waits to hear whether a mail server answers.
const TRY: Duration = Duration::from_secs(10);

/// The directory of kept mail in a data directory.
pub fn mail_dir(data_dir: &Path) -> PathBuf {
    data_dir.join("mail")
}

impl Transport {
    /// What `serve` sends with: what the command line says, or what staff set in the browser.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn serving(
        smtp_url: Option<&str>,
        ca: Option<&Path>,
        data_dir: &Path,
    ) -> std::result::Result<Self, String> {
        match Self::open(smtp_url, ca, data_dir)? {
            Self::Files(files) => {
                Ok(Self::AsSet(Box::new(AsSet { files, ca: ca.map(Path::to_owned), now: Mutex::default() })))
            }
            other => Ok(other),
        }
    }

    /// The transport that the settings ask for: a mail server (see [`MailServer::open`] for its URL and `ca`)
    /// or files.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn open(
        smtp_url: Option<&str>,
        ca: Option<&Path>,
        data_dir: &Path,
    ) -> std::result::Result<Self, String> {
        match smtp_url {
            Some(url) => MailServer::open(url, ca).map(|server| Self::Smtp(Box::new(server))),
            None => {
                let dir = mail_dir(data_dir);
                std::fs::create_dir_all(&dir).map_err(|error| {
                    format!("The directory {} for kept mail cannot be made: {error}.", dir.display())
                })?;
                Ok(Self::Files(dir))
            }
        }
    }

    /// Hands one message over.
    pub(super) async fn deliver(&self, app: &AppState, queued: &Queued) -> std::result::Result<(), Refused> {
        let files = carried(app, queued).await.map_err(Refused::later)?;
        let message = compose(app, queued, files).map_err(Refused::never)?;
        let dir = match self {
            Self::Smtp(server) => return server.send(&message).await,
            Self::Files(dir) => dir,
            Self::AsSet(set) => match set.server(app).map_err(Refused::later)? {
                Some(server) => return server.send(&message).await,
                None => &set.files,
            },
        };
        keep(dir, &queued.id, &message.formatted()).await.map_err(Refused::later)
    }

    /// Can somebody on the way read what is handed over?
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Smtp(server) if !server.is_encrypted())
    }

    /// Does the mail server answer? Files always do.
    pub async fn check(&self) -> std::result::Result<(), String> {
        match self {
            Self::Smtp(server) => server.check().await,
            Self::Files(_) | Self::AsSet(_) => Ok(()),
        }
    }

    /// Nothing is to be sent for now: closes connections.
    pub(super) async fn rest(&self) {
        let set = if let Self::AsSet(set) = self { set.opened() } else { None };
        if let Self::Smtp(server) = self {
            server.rest().await;
        }
        if let Some(server) = set {
            server.rest().await;
        }
    }
}

/// The files of a message. One that is gone by now, with its ticket, is left out.
async fn carried(app: &AppState, queued: &Queued) -> std::io::Result<Vec<(MailFile, Vec<u8>)>> {
    let named: Vec<MailFile> = serde_json::from_str(&queued.files).unwrap_or_default();
    let mut files = Vec::new();
    for one in named {
        match tokio::fs::read(app.config().data_dir.join(&one.path)).await {
            Ok(bytes) => files.push((one, bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                tracing::warn!(message = queued.id, name = one.name, "a file of a message is gone");
            }
            Err(error) => return Err(error),
        }
    }
    Ok(files)
}

fn compose(
    app: &AppState,
    queued: &Queued,
    files: Vec<(MailFile, Vec<u8>)>,
) -> std::result::Result<lettre::Message, String> {
    let from = &app.config().mail_from;
    let name = (!queued.to_name.is_empty()).then(|| queued.to_name.clone());
    let to = queued
        .to_email
        .parse()
        .map_err(|error| format!("the address cannot be used in an e-mail: {error}"))?;
    let date =
        std::time::UNIX_EPOCH + Duration::from_millis(u64::try_from(queued.created_at).unwrap_or_default());
    let mut message = lettre::Message::builder()
        .from(from.clone())
        .to(Mailbox::new(name, to))
        .subject(&queued.subject)
        .date(date)
        .message_id(Some(format!("<{}@{}>", queued.id, from.email.domain())))
        .header(AutoSubmitted);
    // An answer reaches people.
    match queued.reply_to.parse::<Mailbox>() {
        Ok(here) => message = message.reply_to(here),
        Err(_) => {
            if let Some(staff) = &app.config().answers_to {
                message = message.reply_to(staff.clone());
            }
        }
    }
    // What belongs together names the same message, which need not exist (RFC 5322 §3.6.4).
    if !queued.thread.is_empty() {
        let thread = format!("<{}@{}>", queued.thread, from.email.domain());
        message = match queued.in_reply_to.as_str() {
            "" => message.references(thread),
            answers => {
                message.references(format!("{thread} <{answers}>")).in_reply_to(format!("<{answers}>"))
            }
        };
    }
    if let Some(unsubscribe) = &queued.unsubscribe {
        message = message.header(Unsubscribe(format!("<{unsubscribe}>"))).header(OneClick);
    }
    let mut body = MultiPart::alternative_plain_html(queued.body_text.clone(), queued.body_html.clone());
    if !files.is_empty() {
        body = MultiPart::mixed().multipart(body);
    }
    for (file, bytes) in files {
        let kind = ContentType::parse(&file.content_type)
            .or_else(|_| ContentType::parse("application/octet-stream"))
            .map_err(|error| error.to_string())?;
        body = body.singlepart(Attachment::new(file.name).body(bytes, kind));
    }
    message.multipart(body).map_err(|error| error.to_string())
}

/// `Auto-Submitted: auto-generated` (RFC 3834): vacation replies stay away.
#[derive(Clone)]
struct AutoSubmitted;

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
    AutoSubmitted "Auto-Submitted" |_| "auto-generated".into();
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
