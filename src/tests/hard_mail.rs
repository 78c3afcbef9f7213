//! Two hundred and more e-mails as they really come: none is lost, none stops the next, none takes long.

use super::support::*;
use super::tickets::ground;
use crate::features::incoming::spool::{self, Envelope};
use crate::features::incoming::work::work_on_all;
use crate::read_everything;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use encoding_rs::Encoding;
use std::time::Duration;

const BEN: &str = "ben@example.com";
const SUPPORT: &str = "support@portal.example";

/// What has to come of a message.
#[derive(Clone, Debug)]
enum Comes {
    /// A ticket whose text contains this.
    Says(String),
    /// A ticket with so many files.
    Files(i64),
    /// Nothing is mailed: a program wrote it.
    Automatic,
    /// It is kept, whatever it is.
    Kept,
}
use Comes::{Automatic, Files, Kept, Says};

type Hard = (String, Vec<u8>, Comes);

fn mail(name: &str, head: &str, body: impl AsRef<[u8]>, comes: Comes) -> Hard {
    let mut raw =
        format!("From: Ben <{BEN}>\r\nTo: {SUPPORT}\r\nSubject: {name}\r\n{head}\r\n\r\n").into_bytes();
    raw.extend_from_slice(body.as_ref());
    (name.to_owned(), raw, comes)
}

/// A message with its own From line.
fn from(name: &str, sender: &str, comes: Comes) -> Hard {
    let raw = format!("{sender}\r\nTo: {SUPPORT}\r\nSubject: {name}\r\n\r\nHello").into_bytes();
    (name.to_owned(), raw, comes)
}

fn charsets(all: &mut Vec<Hard>) {
    let texts = [
        ("windows-1252", "Grüße für 5 €"),
        ("iso-8859-1", "déjà vu"),
        ("iso-8859-2", "Příliš žluťoučký"),
        ("iso-8859-3", "Ħello"),
        ("iso-8859-4", "ķērpis"),
        ("iso-8859-5", "Привет"),
        ("iso-8859-7", "Καλημέρα"),
        ("iso-8859-8", "שלום"),
        ("iso-8859-10", "Æðey"),
        ("iso-8859-13", "ąčęė"),
        ("iso-8859-14", "ẁ"),
        ("iso-8859-15", "50 €"),
        ("iso-8859-16", "șțăîâ"),
        ("windows-1250", "zażółć"),
        ("windows-1251", "Здравствуйте"),
        ("windows-1253", "Ελλάδα"),
        ("windows-1254", "İğne"),
        ("windows-1255", "שלום"),
        ("windows-1256", "مرحبا"),
        ("windows-1257", "žvaigždė"),
        ("windows-1258", "Việt"),
        ("koi8-r", "Привет"),
        ("koi8-u", "Їжак"),
        ("macintosh", "naïve"),
        ("gbk", "你好"),
        ("gb18030", "你好"),
        ("big5", "你好"),
        ("shift_jis", "こんにちは"),
        ("euc-jp", "こんにちは"),
        ("iso-2022-jp", "こんにちは"),
        ("euc-kr", "안녕하세요"),
        ("utf-8", "🥐 und ß"),
    ];
    for (charset, text) in texts {
        let encoding = Encoding::for_label(charset.as_bytes()).unwrap();
        let (bytes, _, lossy) = encoding.encode(text);
        let says = if lossy { Kept } else { Says(text.to_owned()) };
        let head = format!("Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: 8bit");
        all.push(mail(&format!("8bit {charset}"), &head, &bytes, says.clone()));
        let head = format!(
            "Content-Type: text/plain; charset=\"{}\"\r\nContent-Transfer-Encoding: base64",
            charset.to_uppercase()
        );
        all.push(mail(&format!("base64 {charset}"), &head, STANDARD.encode(&bytes), says));
    }
    for charset in ["x-unknown", "utf-9", "", "\"", "us-ascii;format=flowed", "utf-7", "unicode-1-1-utf-7"] {
        let head = format!("Content-Type: text/plain; charset={charset}");
        all.push(mail(&format!("charset {charset}"), &head, "plain words \u{e9}", Kept));
    }
}

fn encodings(all: &mut Vec<Hard>) {
    let encodings: [(&str, &[u8]); 14] = [
        ("base64", b"SGVsbG8"),
        ("base64", b"SGVs\r\nbG8=\r\n\r\n"),
        ("base64", b"!!!not base64!!!"),
        ("base64", b"===="),
        ("quoted-printable", b"Gr=FC=DFe="),
        ("quoted-printable", b"a=\r\nb=\r\n"),
        ("quoted-printable", b"=ZZ=4"),
        ("7bit", b"\xff\xfe"),
        ("8bit", b"\x00\x01\x02text"),
        ("binary", b"text\rwith\nodd\r\rends"),
        ("x-uuencode", b"begin 644 a\n#0V%T\n`\nend\n"),
        ("made-up", b"words"),
        ("", b"words"),
        ("base64; x=y", b"SGVsbG8="),
    ];
    for (index, (encoding, body)) in encodings.into_iter().enumerate() {
        all.push(mail(
            &format!("encoding {index}"),
            &format!("Content-Transfer-Encoding: {encoding}"),
            body,
            Kept,
        ));
    }
    for (index, subject) in [
        "=?utf-8?q?Caf=C3=A9?=",
        "=?utf-8?b?Q2Fmw6k=?=",
        "=?iso-8859-1?q?caf=E9?=",
        "=?utf-8?q?broken",
        "=?x?x?x?=",
        "=?utf-8?b?????=",
        "=?utf-8?q?a?= =?utf-8?q?b?=",
        "=?utf-8?b?4pi?= =?utf-8?b?D?=",
        "=?utf-8?q?a=0D=0ABcc:_evil@evil.example?=",
        "\u{202e}gpj.exe",
        "",
        "=?utf-8?q?=00?=",
        "raw \u{e9} utf-8",
    ]
    .into_iter()
    .enumerate()
    {
        let raw =
            format!("From: {BEN}\r\nTo: {SUPPORT}\r\nSubject: {subject}\r\nX-Number: {index}\r\n\r\nHello");
        all.push((format!("subject {index}"), raw.into_bytes(), Says("Hello".into())));
    }
    let long = "word ".repeat(30_000);
    let raw = format!("From: {BEN}\r\nTo: {SUPPORT}\r\nSubject: {long}\r\n\r\nHello");
    all.push(("a long subject".into(), raw.into_bytes(), Says("Hello".into())));
}

fn part(kind: &str, body: &str) -> String {
    format!("--b\r\nContent-Type: {kind}\r\n\r\n{body}\r\n")
}

fn multiparts(all: &mut Vec<Hard>) {
    let mixed = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b";
    let file = |kind: &str, name: &str, body: &str| {
        format!(
            "--b\r\nContent-Type: {kind}; name=\"{name}\"\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\r\n{body}\r\n"
        )
    };
    let cases: Vec<(&str, &str, String, Comes)> = vec![
        ("no end", mixed, part("text/plain", "Hello"), Says("Hello".into())),
        ("no parts", mixed, "--b--\r\n".into(), Kept),
        ("no boundary", "Content-Type: multipart/mixed", part("text/plain", "Hello"), Kept),
        (
            "empty boundary",
            "Content-Type: multipart/mixed; boundary=\"\"",
            "--\r\n\r\nHello\r\n----".into(),
            Kept,
        ),
        ("another boundary", "Content-Type: multipart/mixed; boundary=c", part("text/plain", "Hello"), Kept),
        (
            "preamble and epilogue",
            mixed,
            format!("This is a MIME message.\r\n{}--b--\r\nAnd more.", part("text/plain", "Hello")),
            Says("Hello".into()),
        ),
        (
            "html alone",
            "Content-Type: text/html; charset=utf-8",
            "<html><style>p{}</style><p>Hello <b>there</b></p><script>alert(1)</script>".into(),
            Says("Hello".into()),
        ),
        (
            "two bodies",
            mixed,
            format!("{}{}--b--", part("text/plain", "First"), part("text/plain", "Second")),
            Says("Second".into()),
        ),
        (
            "an attached file",
            mixed,
            format!("{}{}--b--", part("text/plain", "Hello"), file("application/pdf", "a.pdf", "%PDF-")),
            Files(1),
        ),
        (
            "file names of all kinds",
            mixed,
            format!(
                "{}{}{}{}--b--",
                part("text/plain", "Hello"),
                file("application/pdf", "../../etc/passwd", "x"),
                file("image/png", "=?utf-8?q?=C3=A9.png?=", "y"),
                file("x/y", "", "z")
            ),
            Files(3),
        ),
        (
            "a calendar invite",
            "Content-Type: multipart/alternative; boundary=b",
            format!(
                "{}{}--b--",
                part("text/plain", "Meet"),
                part("text/calendar; method=REQUEST", "BEGIN:VCALENDAR\r\nEND:VCALENDAR")
            ),
            Kept,
        ),
        (
            "winmail.dat",
            mixed,
            format!(
                "{}{}--b--",
                part("text/plain", "Hello"),
                file("application/ms-tnef", "winmail.dat", "\u{22}\u{9f}")
            ),
            Files(1),
        ),
        (
            "signed with S/MIME",
            "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=b",
            format!(
                "{}{}--b--",
                part("text/plain", "Signed"),
                file("application/pkcs7-signature", "smime.p7s", "MIIB")
            ),
            Files(1),
        ),
        (
            "encrypted with S/MIME",
            "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\nContent-Disposition: attachment; filename=smime.p7m",
            "MIIB".into(),
            Files(1),
        ),
        (
            "PGP inline",
            "Content-Type: text/plain",
            "-----BEGIN PGP SIGNED MESSAGE-----\r\n\r\nHello\r\n-----BEGIN PGP SIGNATURE-----\r\n".into(),
            Says("BEGIN PGP".into()),
        ),
        (
            "PGP/MIME",
            "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b",
            format!(
                "{}{}--b--",
                part("application/pgp-encrypted", "Version: 1"),
                file("application/octet-stream", "encrypted.asc", "-----BEGIN PGP MESSAGE-----")
            ),
            Kept,
        ),
        (
            "a message inside",
            mixed,
            format!(
                "{}{}--b--",
                part("text/plain", "See below"),
                part(
                    "message/rfc822",
                    "From: z@x.example\r\nSubject: inner\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nInner"
                )
            ),
            Files(1),
        ),
        (
            "a zip",
            mixed,
            format!(
                "{}{}--b--",
                part("text/plain", "Hello"),
                file("application/zip", "bomb.zip", "PK\u{3}\u{4}")
            ),
            Files(1),
        ),
        (
            "an inline picture",
            "Content-Type: multipart/related; boundary=b",
            format!(
                "{}--b\r\nContent-Type: image/png\r\nContent-ID: <p>\r\nContent-Disposition: inline\r\n\r\nPNG\r\n--b--",
                part("text/html", "<p>Look <img src=cid:p></p>")
            ),
            Says("Look".into()),
        ),
        (
            "a vCard",
            mixed,
            format!("{}{}--b--", part("text/plain", "Hello"), file("text/vcard", "me.vcf", "BEGIN:VCARD")),
            Files(1),
        ),
        ("nothing at all", "Content-Type: text/plain", String::new(), Says("has no text".into())),
        ("only line ends", "X: y", "\r\n\r\n\n\n".into(), Kept),
        (
            "a boundary inside quotes",
            "Content-Type: multipart/mixed; boundary=\"b \\\" c\"",
            "--b \" c\r\n\r\nHello\r\n--b \" c--".into(),
            Kept,
        ),
        (
            "delivery status without a report",
            "Content-Type: message/delivery-status",
            "Action: failed".into(),
            Kept,
        ),
        (
            "an external body",
            "Content-Type: message/external-body; access-type=URL; URL=\"http://evil.example\"",
            "x".into(),
            Kept,
        ),
        ("partial", "Content-Type: message/partial; id=1; number=1; total=2", "x".into(), Kept),
    ];
    all.extend(cases.into_iter().map(|(name, head, body, comes)| mail(name, head, body, comes)));
    let mut many = part("text/plain", "Hello");
    (0..1_000).for_each(|index| many.push_str(&file("text/plain", &format!("{index}.txt"), "x")));
    all.push(mail("a thousand parts", mixed, format!("{many}--b--"), Files(100)));
    let mut deep = String::new();
    for level in 0..200 {
        deep.push_str(&format!("Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n"));
    }
    all.push(mail("two hundred deep", "MIME-Version: 1.0", format!("{deep}\r\nHello"), Kept));
    let mut inner = "From: a@b.example\r\n\r\nInnermost".to_owned();
    (0..100)
        .for_each(|_| inner = format!("From: a@b.example\r\nContent-Type: message/rfc822\r\n\r\n{inner}"));
    all.push((
        "a hundred messages inside each other".into(),
        format!("From: {BEN}\r\nTo: {SUPPORT}\r\nContent-Type: message/rfc822\r\n\r\n{inner}").into_bytes(),
        Kept,
    ));
}

fn quotes(all: &mut Vec<Hard>) {
    let on = [
        "On Mon, 3 May 2026 at 10:00, Support <s@x.example> wrote:",
        "Am Mo., 3. Mai 2026 um 10:00 Uhr schrieb Support:",
        "Le lun. 3 mai 2026 à 10:00, Support a écrit :",
        "El lun, 3 may 2026, Support escribió:",
        "Il giorno lun 3 mag 2026, Support ha scritto:",
        "Op ma 3 mei 2026 schreef Support:",
        "Em seg., 3 de mai. de 2026, Support escreveu:",
        "Den mån 3 maj 2026 skrev Support:",
    ];
    let outlook = [
        ("From: Support", "Sent: Monday"),
        ("Von: Support", "Gesendet: Montag"),
        ("De : Support", "Envoyé : lundi"),
        ("De: Support", "Enviado: lunes"),
        ("Da: Support", "Inviato: lunedì"),
        ("Van: Support", "Verzonden: maandag"),
        ("De: Support", "Enviada em: segunda"),
        ("Från: Support", "Skickat: måndag"),
    ];
    for (index, line) in on.into_iter().enumerate() {
        let plain = "Content-Type: text/plain; charset=utf-8";
        let new = format!("New words {index}");
        all.push(mail(
            &format!("Gmail {index}"),
            plain,
            format!("{new}\r\n\r\n{line}\r\n\r\n> Old\r\n"),
            Says(new.clone()),
        ));
        all.push(mail(
            &format!("Apple {index}"),
            plain,
            format!("{new}\r\n\r\n> {line}\r\n> \r\n> Old\r\n"),
            Says(new.clone()),
        ));
        let (head, sent) = outlook[index];
        all.push(mail(
            &format!("Outlook {index}"),
            plain,
            format!("{new}\r\n\r\n________________________________\r\n{head}\r\n{sent}\r\n\r\nOld"),
            Says(new),
        ));
    }
}

fn heads(all: &mut Vec<Hard>) {
    for (index, head) in [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; x=y",
        "AUTO-SUBMITTED: Auto-Notified",
        "Precedence: bulk",
        "Precedence: JUNK",
        "Precedence: list",
        "X-Autoreply: yes",
        "X-Autorespond: x",
        "X-Auto-Response-Suppress: OOF, AutoReply",
        "List-Id: News <news.x.example>",
        "List-Unsubscribe: <mailto:x@y.example>",
        "Feedback-ID: 1:2:3",
        "Precedence: auto_reply",
    ]
    .into_iter()
    .enumerate()
    {
        all.push(mail(&format!("program {index}"), head, "I am away", Automatic));
    }
    for sender in [
        "From: MAILER-DAEMON@x.example",
        "From: postmaster@x.example",
        "From: no-reply@x.example",
        "From: noreply@x.example",
    ] {
        all.push(from(sender, sender, Automatic));
    }
    for (index, sender) in [
        "From: a@x.example, b@x.example",
        "From:",
        "From: nobody",
        "From: <>",
        "From: \"Ben, \\\"B\\\" Carter\" <ben@example.com>",
        "From: Ben (at work) <BEN@EXAMPLE.COM>",
        "From: =?utf-8?q?B=C3=A9n?= <ben@example.com>",
        "From: undisclosed-recipients:;",
        "From: friends: a@x.example, b@x.example;",
        "From: ben@exämple.com",
        "From: ben@xn--exmple-cua.com",
        "From: \"ben@example.com\" <eve@evil.example>",
        "From: <ben@example.com",
        "From: ben@example.com\r\nFrom: eve@evil.example",
        "Sender: ben@example.com",
        "from:ben@example.com",
        "From: ben@example.com\r\n folded",
        "From: \u{202e}moc.elpmaxe@neb <ben@example.com>",
        "From: ben@[192.0.2.1]",
        "From: @a,@b:ben@example.com",
    ]
    .into_iter()
    .enumerate()
    {
        all.push(from(&format!("sender {index}"), sender, Kept));
    }
    let whole: Vec<(&str, &[u8])> = vec![
        ("one byte", b"x"), ("no head", b"\r\n\r\nHello"), ("only a head", b"From: ben@example.com"), ("a line without a colon", b"From ben@example.com Mon\r\nHello\r\n\r\nx"),
        ("bare line feeds", b"From: ben@example.com\nTo: support@portal.example\nSubject: x\n\nHello\n"),
        ("bare carriage returns", b"From: ben@example.com\rTo: support@portal.example\r\rHello"),
        ("zeros", b"\0\0\0\0"), ("zeros in the head", b"From: ben@example.com\r\nSubject: a\0b\r\n\r\nHello"), ("not text at all", &[0x89, 0x50, 0x4e, 0x47, 0xff, 0xd8]),
        ("an mbox line", b"From ben@example.com Mon May  3 10:00:00 2026\nFrom: ben@example.com\nTo: support@portal.example\n\nHello"),
    ];
    all.extend(whole.into_iter().map(|(name, raw)| (name.to_owned(), raw.to_vec(), Kept)));
    all.push(mail("a long head", &format!("X-Long: {}", "y".repeat(200_000)), "Hello", Says("Hello".into())));
    let many: String = (0..5_000).map(|index| format!("X-{index}: y\r\n")).collect();
    all.push(mail("five thousand lines of head", many.trim_end(), "Hello", Says("Hello".into())));
    let references: String = (0..5_000).map(|index| format!(" <{index}@x.example>")).collect();
    all.push(mail(
        "five thousand references",
        &format!("References:{references}"),
        "Hello",
        Says("Hello".into()),
    ));
    all.push(mail("a long line", "X: y", "z".repeat(2_000_000), Kept));
    all.push(mail(
        "right to left",
        "Content-Type: text/plain; charset=utf-8",
        "مرحبا \u{202e}abc",
        Says("مرحبا".into()),
    ));
}

#[tokio::test]
async fn hard_mail_is_neither_lost_nor_slow() {
    let all = all_hard();
    assert!(all.len() >= 200, "{}", all.len());
    let (test, mut olivia, bakery, _) = ground().await;
    add(&mut olivia, &bakery, "Ben", BEN).await.unwrap();
    let contact = contact_by_email(&mut olivia, &bakery, BEN).await;
    olivia.update_contact(&bakery, &contact, &[("mail[]", "support")]).await.unwrap();
    let mails = test.count("outbox WHERE to_email <> 'olivia@bakery.example'").await;
    for (name, raw, comes) in &all {
        let (id, before) = (test.app.new_id(), test.count("tickets").await);
        let envelope = Envelope { from: BEN.into(), to: vec![SUPPORT.into()] };
        spool::put(test.dir.path(), &id, &envelope, raw).unwrap();
        let started = crate::platform::clock::stopwatch();
        work_on_all(&test.app).await.unwrap();
        let took = started.elapsed();
        assert!(took < Duration::from_secs(1), "{name}: {took:?}");
        assert_eq!(spool::get(test.dir.path(), &id).unwrap().1, *raw, "{name} is kept as it came");
        assert_eq!(
            test.count(&format!("incoming WHERE id = '{id}' AND reason <> 'Reading it failed on our side.'"))
                .await,
            1,
            "{name}"
        );
        let opened = test.count("tickets").await - before;
        let written = |what: &str| format!("ticket_messages WHERE mail_id = '{id}' AND {what}");
        match comes {
            Says(words) => {
                let found =
                    test.count(&written(&format!("instr(text, '{}') > 0", words.replace('\'', "''")))).await;
                assert_eq!((opened, found), (1, 1), "{name}");
            }
            Files(number) => {
                let of = format!("attachments WHERE message_id IN (SELECT id FROM {})", written("TRUE"));
                assert_eq!((opened, test.count(&of).await), (1, *number), "{name}");
            }
            Automatic => assert_eq!(opened, 0, "{name}"),
            Kept => {}
        }
    }
    assert_eq!(
        test.count("outbox WHERE to_email <> 'olivia@bakery.example'").await,
        mails,
        "nobody is answered"
    );
    assert_eq!(
        test.count("outbox WHERE instr(subject, char(10)) > 0 OR instr(subject, char(13)) > 0").await,
        0
    );
    assert_eq!(test.count("incoming").await, i64::try_from(all.len()).unwrap());
}

/// Every message of this file, but for the largest.
fn all_hard() -> Vec<Hard> {
    let mut all = Vec::new();
    charsets(&mut all);
    encodings(&mut all);
    multiparts(&mut all);
    quotes(&mut all);
    heads(&mut all);
    all
}

/// Messages that the fuzzer begins with: those of this file, and what it found. Each is a file, so that `cargo fuzz`
/// reads them as they are. `LATCHKEY_WRITE_CORPUS=1` writes those of this file anew.
#[test]
fn the_corpus_of_the_fuzzer_is_read() {
    let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/fuzz/corpus/mail");
    if std::env::var_os("LATCHKEY_WRITE_CORPUS").is_some() {
        std::fs::create_dir_all(&corpus).unwrap();
        for (name, raw, _) in all_hard().iter().filter(|(_, raw, _)| raw.len() < 8_000) {
            let name: String =
                name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
            std::fs::write(corpus.join(name.to_lowercase()), raw).unwrap();
        }
    }
    let mut count = 0;
    for file in std::fs::read_dir(corpus).unwrap() {
        let raw = std::fs::read(file.unwrap().path()).unwrap();
        read_everything(&raw);
        // Cut off anywhere, and turned upside down.
        for end in (0..raw.len()).step_by(raw.len() / 7 + 1) {
            read_everything(&raw[..end]);
        }
        count += 1;
    }
    assert!(count >= 150, "{count}");
}

#[test]
fn reading_takes_at_most_twice_the_memory_of_the_message() {
    let part = |head: &str, body: &str| format!("--b\r\n{head}\r\n\r\n{body}\r\n");
    let megabytes = 30 * 1024 * 1024;
    let multipart = "Content-Type: multipart/mixed; boundary=b";
    let file = STANDARD.encode(vec![7_u8; megabytes / 4 * 3]);
    let attachment = "Content-Type: application/x-thing\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=a.bin";
    let many: String = (0..1_000).map(|_| part("Content-Type: text/plain", &"word ".repeat(6_000))).collect();
    let nested = (0..30).fold("word ".repeat(megabytes / 5), |inner, _| {
        format!("Content-Type: message/rfc822\r\n\r\nSubject: x\r\n{inner}")
    });
    let all = [
        ("a file", multipart, part(attachment, &file)),
        ("a thousand parts", multipart, many),
        ("a text", "Content-Type: text/plain; charset=utf-8", "word ".repeat(megabytes / 5)),
        ("quoted", "Content-Transfer-Encoding: quoted-printable", "w=6Frd ".repeat(megabytes / 7)),
        ("a page", "Content-Type: text/html", "<p>word</p> ".repeat(megabytes / 12)),
        ("one inside the other", "X-A: b", nested),
    ];
    for (name, head, body) in all {
        let (_, raw, _) = mail(name, head, body, Kept);
        let used = allocation_counter::measure(|| {
            read_everything(&raw);
        });
        let ratio = used.bytes_max / (raw.len() as u64 / 100);
        assert!(used.bytes_max <= 2 * raw.len() as u64, "{name}: {ratio} % of the message beside it");
    }
}

#[tokio::test]
async fn a_message_of_thirty_megabytes_is_taken() {
    let (test, mut olivia, bakery, _) = ground().await;
    add(&mut olivia, &bakery, "Ben", BEN).await.unwrap();
    let contact = contact_by_email(&mut olivia, &bakery, BEN).await;
    olivia.update_contact(&bakery, &contact, &[("mail[]", "support")]).await.unwrap();
    let file = STANDARD.encode(vec![7_u8; 22 * 1024 * 1024]);
    let body = format!(
        "--b\r\n\r\nHello\r\n--b\r\nContent-Type: application/x-thing\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=thing.bin\r\n\r\n{file}\r\n--b--\r\n"
    );
    let (_, raw, _) = mail("large", "Content-Type: multipart/mixed; boundary=b", body, Kept);
    assert!(raw.len() > 30 * 1_000_000);
    let envelope = Envelope { from: BEN.into(), to: vec![SUPPORT.into()] };
    spool::put(test.dir.path(), &test.app.new_id(), &envelope, &raw).unwrap();
    work_on_all(&test.app).await.unwrap();
    assert_eq!(test.scalar("SELECT size FROM attachments").await, 22 * 1024 * 1024);
}
