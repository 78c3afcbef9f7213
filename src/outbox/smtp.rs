//! Connections to the mail server: how they are opened, used again and closed, and one message over one of
//! them. lettre speaks the protocol; its own pool is not used, because it sends the end of a message apart
//! from the message (which costs 40 milliseconds on every one, the time a receiver waits before it
//! acknowledges half a thought: RFC 896 meets RFC 1122 §4.2.3.2) and waits for ever for a server that falls
//! silent.

use crate::platform::clock;
use lettre::address::Envelope;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, Tls, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use percent_encoding::percent_decode_str;
use std::fmt;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use url::Url;

/// Connections to the mail server at once.
pub(super) const CONNECTIONS: usize = 4;
/// How long opening a connection may take: name, TCP, TLS, greeting and login.
const CONNECT: Duration = Duration::from_secs(30);
/// How long one message may take, see the lease; RFC 5321 §4.5.3.2 lets a server think for ten minutes, which
/// none does.
const MESSAGE: Duration = Duration::from_secs(240);
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
    /// The server that a URL names: `smtps://` is TLS from the first byte (port 465), `smtp://…?tls=required`
    /// TLS by STARTTLS (587), `?tls=opportunistic` where the server offers it (587), `smtp://` or `?tls=none`
    /// none (25). A path is what this side calls itself. `ca` is a file with a certificate that is trusted
    /// beside the public ones; who names one wants TLS. A password is sent over TLS, or to this machine.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn open(url: &str, ca: Option<&Path>) -> Result<Self, String> {
        let unusable = |why: &dyn fmt::Display| {
            format!(
                "The SMTP URL cannot be used: {why}. Write it like smtp://user:password@mail.example.com:587?tls=required."
            )
        };
        let parsed = Url::parse(url).map_err(|error| unusable(&error))?;
        let host =
            parsed.host_str().map(|host| host.trim_matches(['[', ']'])).filter(|host| !host.is_empty());
        let host = host.ok_or_else(|| unusable(&"it names no host"))?.to_owned();
        if let Some((unknown, _)) = parsed.query_pairs().find(|(key, _)| key != "tls") {
            return Err(unusable(&format!("it says {unknown}, but the only option is tls")));
        }
        let asked = parsed.query_pairs().last().map(|(_, value)| value.into_owned());
        let (tls, port): (fn(TlsParameters) -> Tls, u16) = match (parsed.scheme(), asked.as_deref()) {
            ("smtps", None) => (Tls::Wrapper, 465),
            ("smtp", Some("required")) => (Tls::Required, 587),
            ("smtp", Some("opportunistic")) => (Tls::Opportunistic, 587),
            ("smtp", None) if ca.is_some() => (Tls::Required, 25),
            ("smtp", None | Some("none")) => (|_| Tls::None, 25),
            ("smtp", Some(_)) => return Err(unusable(&"tls must be required, opportunistic or none")),
            ("smtps", Some(_)) => return Err(unusable(&"smtps:// already uses TLS")),
            (scheme, _) => return Err(unusable(&format!("{scheme} is neither smtp nor smtps"))),
        };
        let tls = tls(parameters(&host, ca)?);
        let decoded = |text: &str| {
            percent_decode_str(text)
                .decode_utf8()
                .map(std::borrow::Cow::into_owned)
                .map_err(|error| unusable(&error))
        };
        let credentials = match (parsed.username(), parsed.password()) {
            ("", None) => None,
            (_, None) => return Err(unusable(&"it names a user without a password")),
            (user, Some(password)) => Some(Credentials::new(decoded(user)?, decoded(password)?)),
        };
        let here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        if credentials.is_some() && matches!(tls, Tls::None | Tls::Opportunistic(_)) && !here {
            return Err(unusable(&"the password could travel unencrypted"));
        }
        let hello = match parsed.path().trim_matches('/') {
            "" => ClientId::default(),
            name => ClientId::Domain(name.to_owned()),
        };
        Ok(Self {
            tls,
            port: parsed.port().unwrap_or(port),
            host,
            hello,
            credentials,
            slots: Semaphore::new(CONNECTIONS),
            idle: Mutex::default(),
        })
    }

    /// Is everything encrypted that goes to it?
    pub fn is_encrypted(&self) -> bool {
        matches!(self.tls, Tls::Required(_) | Tls::Wrapper(_))
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Refused> {
        let opening = async {
            let (at, hello) = ((self.host.as_str(), self.port), &self.hello);
            let first = if let Tls::Wrapper(tls) = &self.tls { Some(tls.clone()) } else { None };
            let mut connection = AsyncSmtpConnection::connect_tokio1(at, None, hello, first, None).await?;
            match &self.tls {
                Tls::Required(tls) => connection.starttls(tls.clone(), hello).await?,
                Tls::Opportunistic(tls) if connection.can_starttls() => {
                    connection.starttls(tls.clone(), hello).await?;
                }
                _ => {}
            }
            if let Some(credentials) = &self.credentials {
                connection.auth(&[Mechanism::Plain, Mechanism::Login], credentials).await?;
            }
            Ok(connection)
        };
        // Whatever is said before a message is there is not about the message.
        match tokio::time::timeout(CONNECT, opening).await {
            Ok(opened) => opened.map_err(|error: Error| Refused::later(error)),
            Err(_) => Err(Refused::later(SILENT)),
        }
    }

    /// A connection that is open already and lives.
    async fn open_already(&self) -> Option<AsyncSmtpConnection> {
        loop {
            let (mut connection, since) = self.parked().pop()?;
            if since.elapsed() < IDLE
                || tokio::time::timeout(IDLE, connection.test_connected()).await == Ok(true)
            {
                return Some(connection);
            }
        }
    }

    fn parked(&self) -> std::sync::MutexGuard<'_, Vec<(AsyncSmtpConnection, Instant)>> {
        self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Hands one message over, once one of the connections is free.
    pub(super) async fn send(&self, message: &lettre::Message) -> Result<(), Refused> {
        let _slot = self.slots.acquire().await.map_err(Refused::later)?;
        let whole = String::from_utf8(message.formatted()).map_err(Refused::never)?;
        match tokio::time::timeout(MESSAGE, self.hand_over(message.envelope(), &whole)).await {
            Ok(result) => result,
            Err(_) => Err(Refused::later(SILENT)),
        }
    }

    async fn hand_over(&self, envelope: &Envelope, message: &str) -> Result<(), Refused> {
        // A server may close a connection after any message. Until it has taken the sender's name nothing is
        // lost by another try.
        let begun = match self.open_already().await {
            Some(mut connection) => begin(&mut connection, envelope, message).await.ok().map(|()| connection),
            None => None,
        };
        let mut connection = match begun {
            Some(connection) => connection,
            None => {
                let mut connection = self.connect().await?;
                // What is said about the sender is about us, not about the message.
                if let Err(error) = begin(&mut connection, envelope, message).await {
                    leave(connection).await;
                    return Err(Refused::later(error));
                }
                connection
            }
        };
        match say(&mut connection, envelope, message).await {
            Ok(()) => {
                self.parked().push((connection, clock::stopwatch()));
                Ok(())
            }
            Err(error) => {
                leave(connection).await;
                let why = error.to_string();
                Err(Refused { for_good: is_final(&error), of_address: error.status().is_some(), why })
            }
        }
    }

    /// Takes leave of the server: nothing is to be sent for now.
    pub(super) async fn rest(&self) {
        let idle = std::mem::take(&mut *self.parked());
        futures::future::join_all(idle.into_iter().map(|(connection, _)| leave(connection))).await;
    }

    /// Does the server answer, and let this side in?
    ///
    /// # Errors
    /// A sentence for the operator.
    pub(super) async fn check(&self) -> Result<(), String> {
        let connection = self
            .connect()
            .await
            .map_err(|refused| format!("The mail server cannot be used: {}.", refused.why))?;
        leave(connection).await;
        Ok(())
    }
}

/// Why a message was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// No other try can help.
    pub for_good: bool,
    /// The server said it of this recipient or message; not of itself, or of the way to it.
    pub of_address: bool,
    /// In the server's words.
    pub why: String,
}

impl Refused {
    /// Another try may help.
    pub fn later(why: impl ToString) -> Self {
        Self { for_good: false, of_address: false, why: why.to_string() }
    }

    /// None can.
    pub fn never(why: impl ToString) -> Self {
        Self { for_good: true, of_address: false, why: why.to_string() }
    }
}

const SILENT: &str = "the mail server stopped answering";

/// Says goodbye, without waiting for long.
async fn leave(mut connection: AsyncSmtpConnection) {
    let _ = tokio::time::timeout(IDLE, connection.abort()).await;
}

/// Begins a message on an open connection (RFC 5321 §3.3).
async fn begin(
    connection: &mut AsyncSmtpConnection,
    envelope: &Envelope,
    message: &str,
) -> Result<(), Error> {
    let mut options = Vec::new();
    // An address outside ASCII (RFC 6531) brings its letters into the head of the message. A server that does
    // not know them says so.
    if !message.is_ascii() && connection.server_info().supports_feature(Extension::SmtpUtfEight) {
        options.extend([MailParameter::SmtpUtfEight, MailParameter::Body(MailBodyParameter::EightBitMime)]);
    }
    connection.command(Mail::new(envelope.from().cloned(), options)).await.map(drop)
}

/// Says the rest of it: to whom, and what.
async fn say(connection: &mut AsyncSmtpConnection, envelope: &Envelope, message: &str) -> Result<(), Error> {
    for to in envelope.to() {
        connection.command(Rcpt::new(to.clone(), Vec::new())).await?;
    }
    connection.command(Data).await?;
    connection.command(Stuffed(message)).await.map(drop)
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

/// Is this refusal of a recipient or of a message for good? 5yz is (RFC 5321 §4.2.1), unless it is about our
/// login or about the order of things.
fn is_final(error: &Error) -> bool {
    let code = error.status().map(|code| code.to_string());
    code.is_some_and(|code| {
        code.starts_with('5') && !matches!(code.as_str(), "503" | "530" | "534" | "535" | "538")
    })
}

/// Whom this side trusts: the public authorities, and the operator's own certificate.
fn parameters(host: &str, ca: Option<&Path>) -> Result<TlsParameters, String> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(ca) = ca {
        let sentence =
            |error: &dyn fmt::Display| format!("The certificate {} cannot be used: {error}.", ca.display());
        let bytes = std::fs::read(ca)
            .map_err(|error| format!("The certificate {} cannot be read: {error}.", ca.display()))?;
        builder =
            builder.add_root_certificate(Certificate::from_pem(&bytes).map_err(|error| sentence(&error))?);
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
        let (_, port, tls, hello, credentials) =
            read("smtp://us%40er:p%2Fw+@mail.example.com/portal.example?tls=required");
        assert_eq!((port, tls, hello.as_str()), (587, "required", "portal.example"));
        assert_eq!(credentials, Some(Credentials::new("us@er".into(), "p/w+".into())));
        assert_eq!(read("smtps://mail.example.com").1, 465);
        assert_eq!(read("smtps://mail.example.com:2465").2, "first");
        assert_eq!(read("smtp://mail.example.com?tls=opportunistic").2, "opportunistic");
        assert_eq!(read("smtp://mail.example.com?tls=none").2, "none");
        assert_eq!(
            read("smtp://a:b@[::1]:2525"),
            (
                "::1".into(),
                2525,
                "none",
                ClientId::default().to_string(),
                Some(Credentials::new("a".into(), "b".into()))
            )
        );
        for wrong in [
            "mail.example.com",
            "http://mail.example.com",
            "smtp://",
            "",
            "smtp://mail.example.com?tls=maybe",
            "smtp://mail.example.com?starttls=required",
            "smtp://mail.example.com?TLS=required",
            "smtps://mail.example.com?tls=none",
            "smtp://user@mail.example.com?tls=required",
            "smtp://user:password@mail.example.com",
            "smtp://user:password@mail.example.com?tls=opportunistic",
        ] {
            let error = MailServer::open(wrong, None).err().unwrap();
            assert!(
                error.starts_with("The SMTP URL cannot be used: ") && error.ends_with("tls=required."),
                "{error}"
            );
        }
    }

    #[test]
    fn a_message_ends_where_it_says_and_nowhere_before() {
        let sent = |message| Stuffed(message).to_string();
        assert_eq!(sent("A: b\r\n\r\nhello\r\n"), "A: b\r\n\r\nhello\r\n.\r\n");
        assert_eq!(
            sent("A: b\r\n\r\n.\r\n..\r\nMAIL FROM\r\n.x"),
            "A: b\r\n\r\n..\r\n...\r\nMAIL FROM\r\n..x\r\n.\r\n"
        );
    }

    fn message() -> lettre::Message {
        let builder = lettre::Message::builder()
            .from("a@example.com".parse().unwrap())
            .to("b@example.com".parse().unwrap());
        builder.subject("Hello").body(".".to_owned()).unwrap()
    }

    /// A mail server that answers with `reply` what is said to it (`None` hangs up), one connection after the
    /// other; returns what it heard.
    async fn server(
        greeting: &'static str,
        reply: fn(&str, usize) -> Option<&'static str>,
    ) -> (MailServer, tokio::sync::mpsc::UnboundedReceiver<String>) {
        use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = MailServer::open(&format!("smtp://{}", listener.local_addr().unwrap()), None).unwrap();
        let (tell, heard) = tokio::sync::mpsc::unbounded_channel();
        tokio::spawn(async move {
            for connection in 1.. {
                let (mut line, _) = listener.accept().await.unwrap();
                let (read, mut write) = line.split();
                let (mut lines, mut in_data) = (tokio::io::BufReader::new(read).lines(), false);
                write.write_all(format!("{greeting}\r\n").as_bytes()).await.unwrap();
                while let Ok(Some(line)) = lines.next_line().await {
                    let answers = !in_data || line == ".";
                    in_data = if in_data { line != "." } else { line == "DATA" };
                    let _ = tell.send(line.clone());
                    if answers {
                        let Some(reply) = reply(&line, connection) else { break };
                        let _ = write.write_all(format!("{reply}\r\n").as_bytes()).await;
                    }
                }
            }
        });
        (server, heard)
    }

    fn usual(line: &str) -> &'static str {
        if line == "DATA" { "354 go on" } else { "250 ok" }
    }

    fn all(mut heard: tokio::sync::mpsc::UnboundedReceiver<String>) -> Vec<String> {
        std::iter::from_fn(|| heard.try_recv().ok()).collect()
    }

    #[tokio::test]
    async fn messages_share_a_connection_that_is_closed_in_the_end() {
        let (server, heard) =
            server("220 here", |line, connection| (connection == 1).then(|| usual(line))).await;
        for _ in 0..3 {
            server.send(&message()).await.unwrap();
        }
        server.rest().await;
        let heard = all(heard);
        assert_eq!(heard.iter().filter(|line| line.as_str() == "..").count(), 3, "{heard:?}");
        assert_eq!(heard.last().unwrap(), "QUIT");
    }

    #[tokio::test]
    async fn a_server_that_hangs_up_after_each_message_gets_every_message() {
        // The second MAIL of the first connection meets nobody.
        let (server, heard) = server("220 here", |line, connection| match line {
            line if line.starts_with("MAIL")
                && connection == 1
                && SEEN.swap(true, std::sync::atomic::Ordering::Relaxed) =>
            {
                None
            }
            line => Some(usual(line)),
        })
        .await;
        static SEEN: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);
        server.send(&message()).await.unwrap();
        server.send(&message()).await.unwrap();
        assert_eq!(all(heard).iter().filter(|line| line.as_str() == "DATA").count(), 2);
    }

    #[tokio::test]
    async fn what_is_refused_for_good_is_told_from_what_may_go_later() {
        let told = async |greeting, reply| {
            let (server, _heard) = server(greeting, reply).await;
            server.send(&message()).await.unwrap_err().for_good
        };
        // About us: another time it may be different.
        assert!(!told("550 you are blocked", |line, _| Some(usual(line))).await);
        assert!(
            !told("220 here", |line, _| Some(if line.starts_with("MAIL") {
                "550 enough for today"
            } else {
                usual(line)
            }))
            .await
        );
        assert!(
            !told("220 here", |line, _| Some(if line.starts_with("RCPT") {
                "530 log in first"
            } else {
                usual(line)
            }))
            .await
        );
        assert!(
            !told("220 here", |line, _| Some(if line.starts_with("RCPT") {
                "450 busy"
            } else {
                usual(line)
            }))
            .await
        );
        assert!(!told("220 here", |line, _| if line == "." { None } else { Some(usual(line)) }).await);
        // About the recipient or the message.
        assert!(
            told("220 here", |line, _| Some(if line.starts_with("RCPT") {
                "550 nobody"
            } else {
                usual(line)
            }))
            .await
        );
        assert!(
            told("220 here", |line, _| Some(if line.starts_with("RCPT") {
                "554 not here"
            } else {
                usual(line)
            }))
            .await
        );
        assert!(
            told("220 here", |line, _| Some(if line == "." { "554 looks bad" } else { usual(line) })).await
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_falls_silent_holds_nothing_up_for_ever() {
        let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = MailServer::open(&format!("smtp://{}", silent.local_addr().unwrap()), None).unwrap();
        assert_eq!(server.send(&message()).await, Err(Refused::later(SILENT)));
        assert_eq!(
            server.check().await,
            Err("The mail server cannot be used: the mail server stopped answering.".into())
        );
    }
}
