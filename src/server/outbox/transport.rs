//! Handing a message over: to a mail server, with or without TLS, or into a file; and what it looks like on the wire.

use super::Queued;
use crate::server::state::House;
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::{AsyncSmtpTransportBuilder, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use std::path::{Path, PathBuf};
use std::time::Duration;

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
                let pool = PoolConfig::new().max_size(super::worker::CONNECTIONS).min_idle(0);
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
    pub(super) async fn deliver(&self, house: &House, queued: &Queued) -> std::result::Result<(), (bool, String)> {
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
    if let Some(unsubscribe) = &queued.unsubscribe {
        message = message.header(Unsubscribe(format!("<{unsubscribe}>"))).header(OneClick);
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
