//! Reads a raw message: who wrote it, to whom, in answer to what, and whether a program wrote it. Whatever bytes
//! come in, it says something of them and does not fail.

use super::words;
use mail_parser::decoders::html::html_to_text;
use mail_parser::{HeaderValue, Message, MessageParser, MimeHeaders as _, PartType};
use std::borrow::Cow;

/// Characters of a text that are shown; the message itself is kept whole.
const TEXT: usize = 200_000;
/// Files that are taken out of a message; the message itself is kept whole.
pub const FILES: usize = 100;
/// Message-IDs of earlier messages that are looked up.
const EARLIER: usize = 50;
/// Addresses that are looked at.
const ADDRESSES: usize = 100;

/// A file inside a message.
#[derive(Debug, PartialEq)]
pub struct FilePart<'x> {
    /// Its name, as the message says it.
    pub name: String,
    /// What it holds.
    pub bytes: Cow<'x, [u8]>,
}

/// What a mail server tells of a message that it could not hand over (RFC 3464).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounce {
    /// First half of the Message-ID of what was not handed over.
    pub of: String,
    /// To whom.
    pub recipient: String,
    /// Why.
    pub reason: String,
    /// It is not tried again.
    pub for_good: bool,
}

/// What a mail server in front says of the sender (RFC 8601).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SenderProof {
    /// They are who they say.
    Proven,
    /// They are not, or nobody could tell.
    NotProven,
}

/// A message as it was read.
#[derive(Debug)]
pub struct Mail<'x> {
    message: Message<'x>,
    /// Name of the sender; may be empty.
    pub from_name: String,
    /// Address of the sender in small letters; empty when there is none, or more than one.
    pub from: String,
    /// Addresses of To and Cc in small letters.
    pub to: Vec<String>,
    /// Message-ID without brackets; may be empty.
    pub message_id: String,
    /// Message-IDs that it answers, the nearest first.
    pub earlier: Vec<String>,
    /// Subject in one line; may be empty.
    pub subject: String,
    /// A program wrote it (RFC 3834), so that nothing answers it.
    pub automatic: bool,
    /// It tells that a message was not handed over.
    pub bounce: Option<Bounce>,
}

fn ids(value: &HeaderValue<'_>) -> Vec<String> {
    match value {
        HeaderValue::Text(one) => vec![one.to_string()],
        HeaderValue::TextList(all) => all.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    }
}

fn one_line(text: &str, most: usize) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(most)
        .collect::<String>()
        .trim()
        .to_owned()
}

/// An address that a mail can be sent to, in small letters.
fn address(text: &str) -> Option<String> {
    crate::types::EmailAddress::parse(text).ok().map(|email| email.key())
}

/// What ties a message to others: its Message-ID, those of the messages it answers, and the addresses it was written
/// to that name a ticket. Only the headers are read.
pub fn ties(raw: &[u8]) -> Vec<String> {
    let Some(message) = MessageParser::default().parse_headers(raw) else { return Vec::new() };
    let mut ties = ids(message.in_reply_to());
    ties.extend(ids(message.references()));
    ties.extend(message.message_id().map(str::to_owned));
    let to = message.all_to().chain(message.all_cc()).flat_map(|all| all.iter().collect::<Vec<_>>());
    ties.extend(
        to.filter_map(|one| address(one.address()?)).take(ADDRESSES).filter(|one| one.contains("+t")),
    );
    ties
}

/// Reads a message; `None` for what has no head at all.
pub fn read(raw: &[u8]) -> Option<Mail<'_>> {
    let message = MessageParser::default().parse(raw)?;
    if message.headers().is_empty() {
        return None;
    }
    let senders = message
        .from()
        .into_iter()
        .flat_map(|all| all.iter())
        .filter_map(|one| Some((one.name().unwrap_or_default().to_owned(), address(one.address()?)?)));
    let mut senders: Vec<(String, String)> = senders.take(2).collect();
    let (from_name, from) = if senders.len() == 1 { senders.remove(0) } else { Default::default() };
    let to = message.all_to().chain(message.all_cc()).flat_map(|all| all.iter().collect::<Vec<_>>());
    let to: Vec<String> = to.filter_map(|one| address(one.address()?)).take(ADDRESSES).collect();
    let mut earlier = ids(message.in_reply_to());
    earlier.extend(ids(message.references()).into_iter().rev());
    earlier.truncate(EARLIER);
    let text = |name: &str| message.header_raw(name.to_owned()).map(|value| value.trim().to_lowercase());
    let submitted = text("Auto-Submitted").is_some_and(|value| !value.starts_with("no"));
    let bulk = text("Precedence")
        .is_some_and(|value| ["bulk", "junk", "list", "auto_reply"].contains(&value.as_str()));
    let said = [
        "X-Autoreply",
        "X-Autorespond",
        "X-Auto-Response-Suppress",
        "List-Id",
        "List-Unsubscribe",
        "Feedback-ID",
    ];
    let marked = said.iter().any(|name| message.header_raw((*name).to_owned()).is_some());
    let local = from.split('@').next().unwrap_or_default();
    let program =
        matches!(local, "mailer-daemon" | "postmaster" | "noreply" | "no-reply" | "donotreply" | "bounce");
    let bounce = bounce(&message);
    Some(Mail {
        from_name: one_line(&from_name, 200),
        subject: one_line(message.subject().unwrap_or_default(), 200),
        message_id: one_line(message.message_id().unwrap_or_default(), 500),
        automatic: submitted || bulk || marked || program || bounce.is_some(),
        from,
        to,
        bounce,
        earlier,
        message,
    })
}

/// Reads everything of a message that is ever read, for the fuzzer and the tests of it. Returns its text.
#[cfg(any(test, fuzzing))]
pub fn read_all(raw: &[u8]) -> String {
    let Some(mail) = read(raw) else { return String::new() };
    let _ = (mail.proof("mx.example.com"), mail.files().len());
    mail.text()
}

/// What a delivery report says.
fn bounce(message: &Message<'_>) -> Option<Bounce> {
    let report = message.root_part().content_type()?;
    if !(report.ctype().eq_ignore_ascii_case("multipart") && report.subtype()?.eq_ignore_ascii_case("report"))
    {
        return None;
    }
    let mut found = Bounce::default();
    let mut is_report = false;
    for part in &message.parts {
        let kind = part.content_type();
        let subtype = kind.and_then(|kind| kind.subtype()).unwrap_or_default().to_ascii_lowercase();
        match (&part.body, subtype.as_str()) {
            (_, "delivery-status") => {
                is_report = true;
                let text = String::from_utf8_lossy(part.contents());
                let field = |name: &str| {
                    text.lines().find_map(|line| {
                        let (key, value) = line.split_once(':')?;
                        key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
                    })
                };
                let behind = |value: String| {
                    value.split_once(';').map_or(value.clone(), |(_, rest)| rest.trim().to_owned())
                };
                let recipient = field("Original-Recipient").or_else(|| field("Final-Recipient")).map(behind);
                found.recipient = recipient.as_deref().and_then(address).unwrap_or_default();
                found.for_good = field("Action").is_some_and(|action| action.eq_ignore_ascii_case("failed"));
                let reason = field("Diagnostic-Code").map(behind).or_else(|| field("Status"));
                found.reason = one_line(&reason.unwrap_or_default(), 300);
            }
            (PartType::Message(original), _) => {
                found.of = own_half(original.message_id().unwrap_or_default());
            }
            (_, "rfc822-headers") => {
                let head = MessageParser::default().parse_headers(part.contents());
                found.of = own_half(head.as_ref().and_then(|head| head.message_id()).unwrap_or_default());
            }
            _ => {}
        }
    }
    is_report.then_some(found)
}

/// The first half of a Message-ID: of our messages, their id in the outbox.
pub fn own_half(message_id: &str) -> String {
    message_id.split('@').next().unwrap_or_default().to_ascii_lowercase()
}

impl Mail<'_> {
    /// The part that is the text although nothing says so: the first without a name, of a message that was cut
    /// off.
    fn stray(&self) -> Option<&mail_parser::MessagePart<'_>> {
        let no_text = self.message.text_body_count() == 0;
        let words = |part: &&mail_parser::MessagePart<'_>| part.is_text() && part.attachment_name().is_none();
        no_text.then(|| self.message.attachments().find(words)).flatten()
    }

    /// What was written, as plain text: of a message that is HTML alone, its words.
    pub fn text(&self) -> String {
        let bodies =
            (0..self.message.text_body_count().min(20)).filter_map(|index| self.message.body_text(index));
        let stray = self.stray().and_then(|part| match &part.body {
            PartType::Html(html) => Some(Cow::Owned(html_to_text(html))),
            _ => part.text_contents().map(Cow::Borrowed),
        });
        // Copied once, up to what is shown: a text may be as long as a message.
        let (mut shown, mut left) = (String::new(), TEXT);
        for (number, body) in bodies.chain(stray).enumerate() {
            let between = if number > 0 { "\n\n" } else { "" };
            let mut letters = between.chars().chain(body.chars()).peekable();
            while let Some(letter) = letters.next().filter(|_| left > 0) {
                if letter == '\0' || (letter == '\r' && letters.peek() == Some(&'\n')) {
                    continue;
                }
                shown.push(letter);
                left -= 1;
            }
        }
        shown.truncate(shown.trim_end().len());
        if shown.trim().is_empty() { words::NO_TEXT.to_owned() } else { shown }
    }

    /// The files in it: attachments, pictures inside, and whole messages. What is signed or encrypted stays as
    /// it is.
    pub fn files(&self) -> Vec<FilePart<'_>> {
        let stray = self.stray();
        self.message
            .attachments()
            .filter(|part| stray.is_none_or(|stray| !std::ptr::eq(*part, stray)))
            .take(FILES)
            .enumerate()
            .map(|(index, part)| {
                let name = part.attachment_name().map(str::to_owned);
                let ending = match &part.body {
                    PartType::Message(_) => "eml",
                    PartType::Text(_) => "txt",
                    PartType::Html(_) => "html",
                    _ => "bin",
                };
                let bytes = match &part.body {
                    PartType::Message(inner) => Cow::Borrowed(inner.raw_message()),
                    _ => Cow::Borrowed(part.contents()),
                };
                FilePart { name: name.unwrap_or_else(|| words::part(&(index + 1), &ending)), bytes }
            })
            .filter(|part| !part.bytes.is_empty())
            .collect()
    }

    /// Whether the mail server that we trust says that the sender is who they say: by DMARC, or where the domain
    /// has no policy by SPF or DKIM. Only its own headers count, which it puts on top; others are anybody's.
    pub fn proof(&self, trusted: &str) -> SenderProof {
        let mut says = self.message.headers_raw().filter(|(name, value)| {
            let id = value.trim_start().split([';', ' ', '\t', '\r', '\n']).next().unwrap_or_default();
            name.eq_ignore_ascii_case("Authentication-Results") && id.eq_ignore_ascii_case(trusted)
        });
        // The topmost is the newest: one further down with the same name came with the message.
        let Some((_, says)) = says.next() else { return SenderProof::NotProven };
        let says = says.to_lowercase();
        let result = |method: &str| {
            says.split(';').skip(1).find_map(|part| {
                let (name, rest) = part.trim().split_once('=')?;
                let verdict: String = rest.trim().chars().take_while(char::is_ascii_alphabetic).collect();
                (name.trim() == method).then_some(verdict)
            })
        };
        let passed = |method| result(method).as_deref() == Some("pass");
        match result("dmarc").as_deref() {
            Some("pass") => SenderProof::Proven,
            Some("none") | None if passed("dkim") || passed("spf") => SenderProof::Proven,
            _ => SenderProof::NotProven,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PLAIN: &str = "From: Ben Carter <Ben@x.example>\r\nTo: support@p.example, A <a@b.example>\r\nCc: c@d.example\r\n\
        Subject: =?utf-8?q?Caf=C3=A9?=\r\nMessage-ID: <1@x.example>\r\nIn-Reply-To: <two@p.example>\r\n\
        References: <one@p.example> <two@p.example>\r\n\r\nHello\r\nthere\r\n";

    #[test]
    fn a_message_is_read() {
        let mail = read(PLAIN.as_bytes()).unwrap();
        assert_eq!((mail.from_name.as_str(), mail.from.as_str()), ("Ben Carter", "ben@x.example"));
        assert_eq!(mail.to, ["support@p.example", "a@b.example", "c@d.example"]);
        assert_eq!((mail.subject.as_str(), mail.message_id.as_str()), ("Café", "1@x.example"));
        assert_eq!(mail.earlier, ["two@p.example", "two@p.example", "one@p.example"]);
        assert_eq!(mail.text(), "Hello\nthere");
        assert!(!mail.automatic && mail.bounce.is_none() && mail.files().is_empty());
    }

    #[test]
    fn programs_are_told_from_people() {
        for head in [
            "Auto-Submitted: auto-replied",
            "Precedence: bulk",
            "List-Id: <news.x.example>",
            "X-Autoreply: yes",
            "X-Auto-Response-Suppress: All",
        ] {
            assert!(read(format!("{head}\r\n{PLAIN}").as_bytes()).unwrap().automatic, "{head}");
        }
        assert!(!read(format!("Auto-Submitted: no\r\n{PLAIN}").as_bytes()).unwrap().automatic);
        assert!(read(b"From: MAILER-DAEMON@x.example\r\n\r\nx").unwrap().automatic);
    }

    #[test]
    fn a_sender_is_one_person() {
        for head in ["From: a@x.example, b@x.example", "From: nobody", "X: y"] {
            assert_eq!(read(format!("{head}\r\n\r\nx").as_bytes()).unwrap().from, "", "{head}");
        }
        assert!(read(b"").is_none());
    }

    #[test]
    fn a_report_says_what_was_not_handed_over() {
        let report = "From: MAILER-DAEMON@mx.example\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
            --b\r\n\r\nIt failed.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
            Final-Recipient: rfc822; Ann@x.example\r\nAction: failed\r\nStatus: 5.2.2\r\nDiagnostic-Code: smtp; 552 5.2.2 mailbox full\r\n\
            --b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <01ABC@p.example>\r\nSubject: x\r\n\r\nx\r\n--b--\r\n";
        let bounce = read(report.as_bytes()).unwrap().bounce.unwrap();
        let wanted = Bounce {
            of: "01abc".into(),
            recipient: "ann@x.example".into(),
            reason: "552 5.2.2 mailbox full".into(),
            for_good: true,
        };
        assert_eq!(bounce, wanted);
    }

    #[test]
    fn only_the_trusted_server_proves_a_sender() {
        let proof =
            |heads: &str| read(format!("{heads}\r\n{PLAIN}").as_bytes()).unwrap().proof("mx.p.example");
        assert_eq!(
            proof("Authentication-Results: mx.p.example; dmarc=pass header.from=x.example"),
            SenderProof::Proven
        );
        assert_eq!(
            proof("Authentication-Results: mx.p.example; spf=pass; dkim=none; dmarc=none"),
            SenderProof::Proven
        );
        assert_eq!(
            proof("Authentication-Results: mx.p.example; spf=pass; dmarc=fail"),
            SenderProof::NotProven
        );
        assert_eq!(proof("Authentication-Results: evil.example; dmarc=pass"), SenderProof::NotProven);
        assert_eq!(proof("Authentication-Results: mx.p.example; spf=softfail"), SenderProof::NotProven);
        let two = "Authentication-Results: mx.p.example; dmarc=fail\r\nAuthentication-Results: mx.p.example; dmarc=pass";
        assert_eq!(proof(two), SenderProof::NotProven, "the lower one came with the message");
        assert_eq!(proof("X: y"), SenderProof::NotProven);
    }

    #[test]
    fn files_are_taken_out_whole() {
        let raw = "From: a@x.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>One &amp; two</p>\r\n\
            --b\r\nContent-Type: application/pdf; name=\"../a.pdf\"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment\r\n\r\nJVBERi0=\r\n\
            --b\r\nContent-Type: message/rfc822\r\n\r\nFrom: z@x.example\r\nSubject: inner\r\n\r\nInner\r\n--b--\r\n";
        let mail = read(raw.as_bytes()).unwrap();
        assert_eq!(mail.text().trim(), "One & two");
        let files: Vec<(String, usize)> =
            mail.files().iter().map(|file| (file.name.clone(), file.bytes.len())).collect();
        assert_eq!(files[0], ("../a.pdf".to_owned(), 5));
        assert!(files[1].0.ends_with(".eml") && files[1].1 > 20, "{files:?}");
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read(raw in proptest::collection::vec(any::<u8>(), 0..2_000)) {
            if let Some(mail) = read(&raw) {
                let _ = (mail.text(), mail.files().len(), mail.proof("mx"));
            }
        }

        #[test]
        fn whatever_looks_like_mail_is_read(raw in "((From|To|Content-Type|Subject|Date|Message-ID): (multipart/mixed; boundary=b|text/plain|a@b.c|<x@y>|=\\?utf-8\\?b\\?[a-zA-Z=]{0,8}\\?=|[ -~]{0,20})\r\n){0,8}\r\n(--b\r\n|--b--\r\n|[ -~é]{0,20}\r\n|\r\n){0,12}") {
            if let Some(mail) = read(raw.as_bytes()) {
                let _ = (mail.text(), mail.files().len(), mail.proof("mx"));
            }
        }
    }
}
