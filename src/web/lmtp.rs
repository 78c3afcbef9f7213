//! LMTP (RFC 2033): the mail server in front hands e-mails over, and each recipient gets an answer of its own.
//!
//! A message that was answered with 250 is on the disk; what happens to it is [`incoming::work`]'s. Nothing is
//! taken for an address that is no department's and no ticket's.

use crate::access::System;
use crate::access::state::AppState;
use crate::error::Result;
use crate::features::incoming::{spool, store};
use crate::features::tickets::who;
use crate::platform::config::LmtpAddress;
use smtp_proto::Request;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::time::Duration;
use tokio::io::{
    AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader,
};
use tokio::net::{TcpListener, UnixListener, UnixStream};

/// Connections at once.
const CONNECTIONS: usize = 64;
/// Bytes of a line of the conversation (RFC 5321 §4.5.3.1).
const LINE: u64 = 4_096;
/// Recipients of one message.
const RECIPIENTS: usize = 100;
/// How long the other side may be silent (RFC 5321 §4.5.3.2).
const SILENT: Duration = Duration::from_secs(300);

/// Both ends of a conversation.
trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// Where the mail server in front comes to.
#[derive(Debug)]
pub enum Listener {
    /// A port.
    Tcp(TcpListener),
    /// A socket.
    Unix(UnixListener),
}

impl Listener {
    /// Begins to listen. A socket that nobody answers on any more is made anew; the owner and their group may use it.
    ///
    /// # Errors
    /// For an address or socket that is in use, or may not be.
    pub async fn bind(at: &LmtpAddress) -> std::io::Result<Self> {
        match at {
            LmtpAddress::Tcp(address) => TcpListener::bind(address).await.map(Self::Tcp),
            LmtpAddress::Unix(path) => {
                let is_socket =
                    std::fs::symlink_metadata(path).is_ok_and(|found| found.file_type().is_socket());
                let is_left = |error: std::io::Error| error.kind() == std::io::ErrorKind::ConnectionRefused;
                if is_socket && UnixStream::connect(path).await.is_err_and(is_left) {
                    std::fs::remove_file(path)?;
                }
                let listener = UnixListener::bind(path)?;
                std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o660))?;
                Ok(Self::Unix(listener))
            }
        }
    }

    async fn accept(&self) -> std::io::Result<Box<dyn Stream>> {
        Ok(match self {
            Self::Tcp(listener) => Box::new(listener.accept().await?.0),
            Self::Unix(listener) => Box::new(listener.accept().await?.0),
        })
    }
}

/// Takes messages until the program is asked to stop.
pub async fn serve(app: AppState, listener: Listener) {
    let places = std::sync::Arc::new(tokio::sync::Semaphore::new(CONNECTIONS));
    let mut stopped = app.stopped();
    loop {
        let Ok(place) = places.clone().acquire_owned().await else { return };
        tokio::select! {
            _ = stopped.changed() => return,
            came = listener.accept() => match came {
                Ok(stream) => {
                    let app = app.clone();
                    tokio::spawn(async move {
                        if let Err(error) = converse(&app, stream).await {
                            tracing::debug!(%error, "a conversation with the mail server ended");
                        }
                        drop(place);
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "the mail server could not be answered");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }
}

/// Does somebody here take mail at this address?
pub async fn takes(app: &AppState, address: &str) -> Result<bool> {
    let mut reader = System::of(app).read().await?;
    let conn = reader.conn();
    Ok(store::department(conn, address).await?.is_some()
        || who::by_address(conn, app.key(), address).await?.is_some())
}

/// One conversation.
async fn converse(app: &AppState, stream: impl AsyncRead + AsyncWrite + Unpin) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut envelope: Option<spool::Envelope> = None;
    let mut line = Vec::new();
    say(&mut stream, "220 latchkey LMTP").await?;
    loop {
        line.clear();
        let mut part = (&mut stream).take(LINE);
        let read = tokio::time::timeout(SILENT, part.read_until(b'\n', &mut line))
            .await
            .map_err(|_| std::io::ErrorKind::TimedOut)??;
        if read == 0 {
            return Ok(());
        }
        if !line.ends_with(b"\n") {
            return say(&mut stream, "500 5.5.2 line too long").await;
        }
        match Request::parse(&mut line.iter()) {
            Ok(Request::Lhlo { .. }) => {
                let says = format!(
                    "250-latchkey\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n250 SIZE {}",
                    spool::LARGEST
                );
                envelope = None;
                say(&mut stream, &says).await?;
            }
            Ok(Request::Ehlo { .. } | Request::Helo { .. }) => {
                say(&mut stream, "500 5.5.1 this is LMTP: say LHLO").await?;
            }
            Ok(Request::Mail { from }) => {
                envelope = Some(spool::Envelope { from: from.address.into_owned(), to: Vec::new() });
                say(&mut stream, "250 2.1.0 ok").await?;
            }
            Ok(Request::Rcpt { to }) => {
                let answer = match &mut envelope {
                    None => "503 5.5.1 say MAIL first",
                    Some(envelope) if envelope.to.len() >= RECIPIENTS => "452 4.5.3 too many recipients",
                    Some(envelope) => match takes(app, &to.address).await {
                        Ok(true) => {
                            envelope.to.push(to.address.into_owned());
                            "250 2.1.5 ok"
                        }
                        Ok(false) => "550 5.1.1 nobody takes mail at this address",
                        Err(_) => "451 4.3.0 try again later",
                    },
                };
                say(&mut stream, answer).await?;
            }
            Ok(Request::Data) => match envelope.take().filter(|envelope| !envelope.to.is_empty()) {
                None => say(&mut stream, "503 5.5.1 no recipient was taken").await?,
                Some(envelope) => {
                    say(&mut stream, "354 go on").await?;
                    let count = envelope.to.len();
                    let mut kept = Spooled { app, envelope, message: None };
                    let answer = tokio::time::timeout(SILENT, data(&mut stream, &mut kept)).await;
                    let answer = answer.map_err(|_| std::io::ErrorKind::TimedOut)??;
                    for _ in 0..count {
                        say(&mut stream, answer).await?;
                    }
                }
            },
            Ok(Request::Rset) => {
                envelope = None;
                say(&mut stream, "250 2.0.0 ok").await?;
            }
            Ok(Request::Noop { .. }) => say(&mut stream, "250 2.0.0 ok").await?,
            Ok(Request::Vrfy { .. }) => say(&mut stream, "252 2.1.5 send it and see").await?,
            Ok(Request::Quit) => return say(&mut stream, "221 2.0.0 bye").await,
            Ok(_) => say(&mut stream, "502 5.5.1 not here").await?,
            Err(_) => say(&mut stream, "500 5.5.2 not understood").await?,
        }
    }
}

async fn say(stream: &mut (impl AsyncWrite + Unpin), line: &str) -> std::io::Result<()> {
    stream.write_all(format!("{line}\r\n").as_bytes()).await?;
    stream.flush().await
}

/// Bytes of a message that are in memory at most while it comes.
const PIECE: usize = 256 * 1024;

/// Takes the message behind DATA and keeps it piece by piece, without the dots that lines were stuffed with.
/// Returns what to answer. One that is too large, or that the disk does not take, is read to its end all the same.
async fn data(
    stream: &mut (impl tokio::io::AsyncBufRead + Unpin),
    kept: &mut impl Keep,
) -> std::io::Result<&'static str> {
    let (mut piece, mut line, mut size, mut begins) = (Vec::new(), Vec::new(), 0, true);
    let mut broken = false;
    loop {
        line.clear();
        // A line without an end is read in pieces.
        if (&mut *stream).take(LINE * 16).read_until(b'\n', &mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if begins && (line == b".\r\n" || line == b".\n") {
            return Ok(if size > spool::LARGEST {
                "552 5.3.4 the message is too large"
            } else if !broken && kept.write(piece, true).await.is_ok() {
                "250 2.0.0 taken"
            } else {
                "451 4.3.0 it could not be kept, try again later"
            });
        }
        let content = if begins && line.first() == Some(&b'.') { &line[1..] } else { &line[..] };
        begins = line.ends_with(b"\n");
        size += content.len();
        if size > spool::LARGEST || broken {
            piece.clear();
            continue;
        }
        piece.extend_from_slice(content);
        if piece.len() >= PIECE {
            broken = kept.write(std::mem::take(&mut piece), false).await.is_err();
        }
    }
}

/// What takes a message piece by piece.
trait Keep {
    /// Takes a piece; after the last one the message is on the disk.
    async fn write(&mut self, piece: Vec<u8>, last: bool) -> std::io::Result<()>;
}

/// A message on its way to the folder of those that wait.
struct Spooled<'a> {
    app: &'a AppState,
    envelope: spool::Envelope,
    /// Begun with the first piece.
    message: Option<spool::Unfinished>,
}

impl Keep for Spooled<'_> {
    async fn write(&mut self, piece: Vec<u8>, last: bool) -> std::io::Result<()> {
        let (dir, id) = (self.app.config().data_dir.clone(), self.app.new_id());
        let (envelope, begun) = (self.envelope.clone(), self.message.take());
        let write = move || -> std::io::Result<Option<spool::Unfinished>> {
            let mut message = match begun {
                Some(message) => message,
                None => spool::Unfinished::begin(&dir, &id, &envelope)?,
            };
            message.write(&piece)?;
            if last {
                return message.finish().map(|()| None);
            }
            Ok(Some(message))
        };
        let written = tokio::task::spawn_blocking(write).await.map_err(std::io::Error::from).flatten();
        self.message = written.inspect_err(|error| {
            tracing::error!(%error, "an e-mail could not be kept; the mail server tries again");
        })?;
        if last {
            spool::CAME.notify_one();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Keep for Vec<Vec<u8>> {
        async fn write(&mut self, piece: Vec<u8>, _: bool) -> std::io::Result<()> {
            self.push(piece);
            Ok(())
        }
    }

    /// A disk that is full.
    struct Full;

    impl Keep for Full {
        async fn write(&mut self, _: Vec<u8>, _: bool) -> std::io::Result<()> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
    }

    #[tokio::test]
    async fn dots_are_unstuffed_and_the_end_is_a_dot_alone() {
        let mut kept = Vec::new();
        let mut stream = BufReader::new(&b"a\r\n..b\r\n.\r\nQUIT\r\n"[..]);
        assert!(data(&mut stream, &mut kept).await.unwrap().starts_with("250"));
        assert_eq!(kept.concat(), b"a\r\n.b\r\n");
        let mut broken = BufReader::new(&b"a\r\n"[..]);
        assert!(data(&mut broken, &mut kept).await.is_err(), "the connection broke");
    }

    #[tokio::test]
    async fn a_large_message_is_kept_in_pieces_and_one_that_cannot_be_kept_is_read_to_its_end() {
        let mail = |size: usize| [vec![b'a'; size], b"\r\n.\r\nQUIT\r\n".to_vec()].concat();
        let mut kept = Vec::new();
        let large = mail(3 * PIECE);
        assert!(data(&mut BufReader::new(&large[..]), &mut kept).await.unwrap().starts_with("250"));
        assert!(kept.len() >= 3 && kept.iter().all(|piece| piece.len() <= PIECE + 16 * LINE as usize));
        assert_eq!(kept.concat().len(), 3 * PIECE + 2);
        for (answer, size) in [("552", spool::LARGEST + 1), ("451", 2 * PIECE), ("451", 1)] {
            let large = mail(size);
            let mut stream = BufReader::new(&large[..]);
            assert!(data(&mut stream, &mut Full).await.unwrap().starts_with(answer));
            let mut rest = String::new();
            stream.read_line(&mut rest).await.unwrap();
            assert_eq!(rest, "QUIT\r\n");
        }
    }

    #[tokio::test]
    async fn a_socket_that_was_left_behind_is_made_anew_and_one_in_use_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let at: LmtpAddress = format!("unix:{}/lmtp", dir.path().display()).parse().unwrap();
        let LmtpAddress::Unix(path) = at.clone() else { panic!("{at}") };
        drop(Listener::bind(&at).await.unwrap());
        assert!(path.exists(), "a socket stays when a program was killed");
        let _listens = Listener::bind(&at).await.unwrap();
        assert!(Listener::bind(&at).await.is_err());
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o660);
        let file: LmtpAddress = format!("unix:{}/file", dir.path().display()).parse().unwrap();
        std::fs::write(dir.path().join("file"), "words").unwrap();
        assert!(Listener::bind(&file).await.is_err());
        assert_eq!(std::fs::read_to_string(dir.path().join("file")).unwrap(), "words");
        assert!("unix:lmtp".parse::<LmtpAddress>().is_err() && "24".parse::<LmtpAddress>().is_err());
    }
}
