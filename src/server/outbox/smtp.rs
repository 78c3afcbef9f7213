//! Connections to the mail server: how they are opened, used again and closed, and one message over one of them. lettre speaks the
//! protocol; its own pool is not used, because it sends the end of a message apart from the message (which costs 40 milliseconds on
//! every one, the time a receiver waits before it acknowledges half a thought: RFC 896 meets RFC 1122 §4.2.3.2) and waits for ever
//! for a server that falls silent.

use crate::server::clock;
use lettre::address::Envelope;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, Tls, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use percent_encoding::percent_decode_str;
use std::fmt;
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use url::Url;

/// Connections to the mail server at once.
pub(super) const CONNECTIONS: usize = 4;
/// How long opening a connection may take.
const CONNECT: Duration = Duration::from_secs(30);
/// How long one message may take. Shorter than its lease; RFC 5321 §4.5.3.2 lets a server think for ten minutes, which none does.
const MESSAGE: Duration = Duration::from_secs(300);
/// A connection that was idle for longer is asked whether it is still there.
const IDLE: Duration = Duration::from_secs(5);

/// The mail server that messages are handed to.
pub struct MailServer {
    host: String,
    port: u16,
    hello: ClientId,
    tls: Tls,
    credentials: Option<Credentials>,
    slots: Semaphore,
    idle: Mutex<Vec<(AsyncSmtpConnection, Instant)>>,
}

impl MailServer {
    /// The server that a URL names: `smtps://` is TLS from the first byte (port 465), `smtp://…?tls=required` TLS by STARTTLS (587),
    /// `?tls=opportunistic` where the server offers it (587), `smtp://` none (25). A path is what this side calls itself. `ca` is a
    /// file with a certificate that is trusted beside the public ones.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn open(url: &str, ca: Option<&Path>) -> Result<Self, String> {
        let unusable =
            |why: &dyn fmt::Display| format!("The SMTP URL cannot be used: {why}. Write it like smtp://user:password@mail.example.com:587?tls=required.");
        let parsed = Url::parse(url).map_err(|error| unusable(&error))?;
        let host = parsed.host_str().filter(|host| !host.is_empty()).ok_or_else(|| unusable(&"it names no host"))?.to_owned();
        let asked = parsed.query_pairs().find(|(key, _)| key == "tls").map(|(_, value)| value.into_owned());
        let (tls, port): (fn(TlsParameters) -> Tls, u16) = match (parsed.scheme(), asked.as_deref()) {
            ("smtps", _) => (Tls::Wrapper, 465),
            ("smtp", Some("required")) => (Tls::Required, 587),
            ("smtp", Some("opportunistic")) => (Tls::Opportunistic, 587),
            ("smtp", None) if ca.is_some() => (Tls::Required, 25),
            ("smtp", None) => (|_| Tls::None, 25),
            ("smtp", Some(other)) => return Err(unusable(&format!("tls={other} is neither required nor opportunistic"))),
            (scheme, _) => return Err(unusable(&format!("{scheme} is neither smtp nor smtps"))),
        };
        let decoded = |text: &str| percent_decode_str(text).decode_utf8().map(|text| text.into_owned()).map_err(|error| unusable(&error));
        let credentials = match parsed.password() {
            Some(password) => Some(Credentials::new(decoded(parsed.username())?, decoded(password)?)),
            None => None,
        };
        let hello = match parsed.path().trim_matches('/') {
            "" => ClientId::default(),
            name => ClientId::Domain(name.to_owned()),
        };
        Ok(Self {
            tls: tls(parameters(&host, ca)?),
            port: parsed.port().unwrap_or(port),
            host,
            hello,
            credentials,
            slots: Semaphore::new(CONNECTIONS),
            idle: Mutex::default(),
        })
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let (at, hello) = ((self.host.as_str(), self.port), &self.hello);
        let first = if let Tls::Wrapper(tls) = &self.tls { Some(tls.clone()) } else { None };
        let mut connection = AsyncSmtpConnection::connect_tokio1(at, Some(CONNECT), hello, first, None).await?;
        match &self.tls {
            Tls::Required(tls) => connection.starttls(tls.clone(), hello).await?,
            Tls::Opportunistic(tls) if connection.can_starttls() => connection.starttls(tls.clone(), hello).await?,
            _ => {}
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(&[Mechanism::Plain, Mechanism::Login], credentials).await?;
        }
        Ok(connection)
    }

    /// A connection that is open already, or a new one.
    async fn connection(&self) -> Result<AsyncSmtpConnection, Error> {
        loop {
            let parked = self.parked().pop();
            let Some((mut connection, since)) = parked else {
                return self.connect().await;
            };
            if since.elapsed() < IDLE || connection.test_connected().await {
                return Ok(connection);
            }
        }
    }

    fn parked(&self) -> std::sync::MutexGuard<'_, Vec<(AsyncSmtpConnection, Instant)>> {
        self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Hands one message over, once one of the connections is free. The error says whether trying again can help.
    pub(super) async fn send(&self, message: &lettre::Message) -> Result<(), (bool, String)> {
        let _slot = self.slots.acquire().await.map_err(|error| (true, error.to_string()))?;
        let whole = String::from_utf8(message.formatted()).map_err(|error| (false, error.to_string()))?;
        match tokio::time::timeout(MESSAGE, self.hand_over(message.envelope(), &whole)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err((!about_this_message(&error), error.to_string())),
            Err(_) => Err((true, "the mail server stopped answering".into())),
        }
    }

    async fn hand_over(&self, envelope: &Envelope, message: &str) -> Result<(), Error> {
        let mut connection = self.connection().await?;
        match say(&mut connection, envelope, message).await {
            Ok(()) => {
                self.parked().push((connection, clock::stopwatch()));
                Ok(())
            }
            Err(error) => {
                connection.abort().await;
                Err(error)
            }
        }
    }

    /// Takes leave of the server: nothing is to be sent for now.
    pub(super) async fn rest(&self) {
        let idle = std::mem::take(&mut *self.parked());
        for (mut connection, _) in idle {
            let _ = tokio::time::timeout(IDLE, connection.abort()).await;
        }
    }

    /// Does the server answer, and let this side in?
    ///
    /// # Errors
    /// A sentence for the operator.
    pub(super) async fn check(&self) -> Result<(), String> {
        let checked = tokio::time::timeout(CONNECT, async { self.connect().await?.quit().await }).await;
        match checked {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(format!("The mail server cannot be used: {error}.")),
            Err(_) => Err("The mail server did not answer.".into()),
        }
    }
}

/// One message over an open connection (RFC 5321 §3.3).
async fn say(connection: &mut AsyncSmtpConnection, envelope: &Envelope, message: &str) -> Result<(), Error> {
    let mut options = Vec::new();
    // An address outside ASCII (RFC 6531) brings its letters into the head of the message. A server that does not know them says so.
    if !message.is_ascii() && connection.server_info().supports_feature(Extension::SmtpUtfEight) {
        options.extend([MailParameter::SmtpUtfEight, MailParameter::Body(MailBodyParameter::EightBitMime)]);
    }
    connection.command(Mail::new(envelope.from().cloned(), options)).await?;
    for to in envelope.to() {
        connection.command(Rcpt::new(to.clone(), Vec::new())).await?;
    }
    connection.command(Data).await?;
    connection.command(Stuffed(message)).await?;
    Ok(())
}

/// A message as it is sent after DATA, with its end: a dot that begins a line is doubled (RFC 5321 §4.5.2).
struct Stuffed<'a>(&'a str);

impl fmt::Display for Stuffed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.0.trim_end_matches("\r\n").split("\r\n") {
            write!(f, "{}{line}\r\n", if line.starts_with('.') { "." } else { "" })?;
        }
        f.write_str(".\r\n")
    }
}

/// Is this refusal about the message or its recipient, so that another try cannot help? A wrong password of ours, a greeting
/// that turns everybody away or a server that is busy is not (RFC 5321 §4.2.3).
fn about_this_message(error: &Error) -> bool {
    let code = error.status().map(|code| code.to_string());
    matches!(code.as_deref(), Some("550" | "551" | "552" | "553" | "555" | "556"))
}

/// Whom this side trusts: the public authorities, and the operator's own certificate.
fn parameters(host: &str, ca: Option<&Path>) -> Result<TlsParameters, String> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(ca) = ca {
        let sentence = |error: &dyn fmt::Display| format!("The certificate {} cannot be used: {error}.", ca.display());
        let bytes = std::fs::read(ca).map_err(|error| format!("The certificate {} cannot be read: {error}.", ca.display()))?;
        builder = builder.add_root_certificate(Certificate::from_pem(&bytes).map_err(|error| sentence(&error))?);
    }
    builder.build().map_err(|error| format!("TLS to the mail server cannot be set up: {error}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_says_how_the_server_is_reached() {
        let read = |url: &str| {
            let server = MailServer::open(url, None).unwrap();
            let tls = match server.tls {
                Tls::None => "none",
                Tls::Opportunistic(_) => "opportunistic",
                Tls::Required(_) => "required",
                Tls::Wrapper(_) => "first",
            };
            (server.host, server.port, tls, server.hello.to_string(), server.credentials)
        };
        let (host, port, tls, _, credentials) = read("smtp://mail.example.com");
        assert_eq!((host.as_str(), port, tls, credentials), ("mail.example.com", 25, "none", None));
        let (_, port, tls, hello, credentials) = read("smtp://us%40er:p%2Fw+@mail.example.com/portal.example?tls=required");
        assert_eq!((port, tls, hello.as_str()), (587, "required", "portal.example"));
        assert_eq!(credentials, Some(Credentials::new("us@er".into(), "p/w+".into())));
        assert_eq!(read("smtps://mail.example.com").1, 465);
        assert_eq!(read("smtps://mail.example.com:2465").2, "first");
        assert_eq!(read("smtp://mail.example.com?tls=opportunistic").2, "opportunistic");
        for wrong in ["mail.example.com", "http://mail.example.com", "smtp://", "smtp://mail.example.com?tls=maybe", ""] {
            let error = MailServer::open(wrong, None).err().unwrap();
            assert!(error.starts_with("The SMTP URL cannot be used: ") && error.ends_with("tls=required."), "{error}");
        }
    }

    #[test]
    fn a_message_ends_where_it_says_and_nowhere_before() {
        let sent = |message| Stuffed(message).to_string();
        assert_eq!(sent("A: b\r\n\r\nhello\r\n"), "A: b\r\n\r\nhello\r\n.\r\n");
        assert_eq!(sent("A: b\r\n\r\n.\r\n..\r\nMAIL FROM\r\n.x"), "A: b\r\n\r\n..\r\n...\r\nMAIL FROM\r\n..x\r\n.\r\n");
    }

    fn message() -> lettre::Message {
        let builder = lettre::Message::builder().from("a@example.com".parse().unwrap()).to("b@example.com".parse().unwrap());
        builder.subject("Hello").body(".".to_owned()).unwrap()
    }

    #[tokio::test]
    async fn messages_share_a_connection_that_is_closed_in_the_end() {
        use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = MailServer::open(&format!("smtp://{}", listener.local_addr().unwrap()), None).unwrap();
        // The second connection would be accepted by nobody.
        let heard = tokio::spawn(async move {
            let (mut line, _) = listener.accept().await.unwrap();
            let (read, mut write) = line.split();
            let (mut lines, mut heard, mut in_data) = (tokio::io::BufReader::new(read).lines(), Vec::new(), false);
            write.write_all(b"220 here\r\n").await.unwrap();
            while let Some(line) = lines.next_line().await.unwrap() {
                in_data = if in_data { line != "." } else { line == "DATA" };
                if line == "DATA" || !in_data {
                    write.write_all(if in_data { b"354 go on\r\n" } else { b"250 ok\r\n" }).await.unwrap();
                }
                heard.push(line);
            }
            heard
        });
        for _ in 0..3 {
            server.send(&message()).await.unwrap();
        }
        server.rest().await;
        let heard = heard.await.unwrap();
        assert_eq!(heard.iter().filter(|line| line.as_str() == "..").count(), 3, "{heard:?}");
        assert_eq!(heard.last().unwrap(), "QUIT");
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_falls_silent_holds_nothing_up_for_ever() {
        let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = MailServer::open(&format!("smtp://{}", silent.local_addr().unwrap()), None).unwrap();
        assert_eq!(server.send(&message()).await, Err((true, "the mail server stopped answering".into())));
        assert_eq!(server.check().await, Err("The mail server did not answer.".into()));
    }
}
