//! The outbox: what was committed is sent, what was not is not, and a crash between loses nothing.

use super::support::*;
use crate::outbox::{Transport, mail_dir, send_due};
use crate::platform::db::args;
use leptos::server_fn::ServerFn as _;
use mail_parser::MessageParser;

#[tokio::test]
async fn kept_mail_is_a_readable_file_and_is_written_once() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    invite(&mut olivia, &bakery, "ben@example.com", "Bén \"Q\" Carter", &["invoices.view"]).await.unwrap();
    let transport = Transport::open(None, None, test.dir.path()).unwrap();
    assert_eq!(send_due(&test.app, &transport).await.unwrap(), 2);
    assert_eq!(send_due(&test.app, &transport).await.unwrap(), 0);
    let files: Vec<_> =
        std::fs::read_dir(mail_dir(test.dir.path())).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 2);
    assert!(files.iter().all(|file| file.extension().unwrap() == "eml"));
    let texts: Vec<String> = files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
    let text = texts.iter().find(|text| text.contains("To:") && text.contains("ben@example.com")).unwrap();
    let mail = MessageParser::default().parse(text.as_bytes()).unwrap();
    assert_eq!(mail.subject(), Some("Olivia Hart invites you to Hart Bakery"));
    assert_eq!(mail.to().unwrap().first().unwrap().name(), Some("Bén \"Q\" Carter"));
    assert!(mail.body_html(0).unwrap().contains("Review in Client Area"));
    assert!(mail.body_text(0).unwrap().contains("http://portal.example/invitations/"));
    assert_eq!(mail.header_raw("Auto-Submitted").unwrap().trim(), "auto-generated");
    assert!(mail.message_id().unwrap().ends_with("@portal.example"));
}

#[tokio::test]
async fn mail_waits_for_a_server_that_is_away() {
    let test = TestApp::new().await;
    test.olivia().await;
    // A port that nothing listens on.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let away = Transport::open(Some(&format!("smtp://127.0.0.1:{port}")), None, test.dir.path()).unwrap();
    assert_eq!(send_due(&test.app, &away).await.unwrap(), 0);
    assert_eq!(
        test.scalar(
            "SELECT count(*) FROM outbox WHERE state = 'queued' AND attempts = 1 AND last_error <> ''"
        )
        .await,
        1
    );
    let files = Transport::open(None, None, test.dir.path()).unwrap();
    assert_eq!(send_due(&test.app, &files).await.unwrap(), 0, "not before its time");
    test.later(1);
    assert_eq!(send_due(&test.app, &files).await.unwrap(), 1);
    assert_eq!(test.scalar("SELECT count(*) FROM outbox WHERE state = 'sent'").await, 1);
}

#[tokio::test]
async fn a_refused_change_writes_no_mail() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let before = test.scalar("SELECT count(*) FROM outbox").await;
    assert!(invite(&mut olivia, &bakery, "ok@example.com, olivia@bakery.example", "", &[]).await.is_err());
    assert_eq!(test.scalar("SELECT count(*) FROM outbox").await, before);
}

#[tokio::test]
async fn secrets_are_kept_only_until_the_message_is_sent() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    invite(&mut olivia, &bakery, "ben@example.com", "Ben", &[]).await.unwrap();
    let token = olivia.mailed("ben@example.com", "/invitations/").await.unwrap();
    let holding: &'static str =
        Box::leak(format!("SELECT count(*) FROM outbox WHERE secret = '{token}' AND instr(body_html || body_text, '{token}') = 0").into_boxed_str());
    assert_eq!(test.scalar(holding).await, 1, "apart from the bodies");
    send_due(&test.app, &Transport::open(None, None, test.dir.path()).unwrap()).await.unwrap();
    assert_eq!(test.scalar("SELECT count(*) FROM outbox WHERE secret IS NOT NULL").await, 0);
    let mails = std::fs::read_dir(mail_dir(test.dir.path()))
        .unwrap()
        .map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
    let texts: Vec<String> = mails
        .map(|raw| MessageParser::default().parse(&raw).unwrap().body_text(0).unwrap().into_owned())
        .collect();
    assert!(
        texts.iter().any(|text| text.contains(&format!("/invitations/{token}"))),
        "the mail itself has the whole link"
    );
}

#[tokio::test]
async fn without_room_to_claim_a_message_nothing_is_sent() {
    let test = TestApp::new().await;
    test.olivia().await;
    let transport = Transport::open(None, None, test.dir.path()).unwrap();
    test.app.close().await;
    assert!(send_due(&test.app, &transport).await.is_err());
    assert_eq!(std::fs::read_dir(mail_dir(test.dir.path())).unwrap().count(), 0);
}

#[tokio::test]
async fn what_one_process_has_in_hand_no_other_sends_until_the_lease_is_over() {
    let test = TestApp::new().await;
    test.olivia().await;
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    // A server that takes the connection and says nothing: the message stays in hand.
    let silent = Transport::open(
        Some(&format!("smtp://127.0.0.1:{}", port.local_addr().unwrap().port())),
        None,
        test.dir.path(),
    )
    .unwrap();
    let app = test.app.clone();
    let hanging = tokio::spawn(async move { send_due(&app, &silent).await });
    while test.scalar("SELECT count(*) FROM outbox WHERE leased_until IS NOT NULL").await == 0 {
        tokio::task::yield_now().await;
    }
    let files = Transport::open(None, None, test.dir.path()).unwrap();
    assert_eq!(send_due(&test.app, &files).await.unwrap(), 0, "in hand");
    hanging.abort();
    test.later(9);
    assert_eq!(send_due(&test.app, &files).await.unwrap(), 0, "the lease holds ten minutes");
    test.later(2);
    assert_eq!(send_due(&test.app, &files).await.unwrap(), 1);
    // A start gives back at once what an earlier process had.
    test.execute(
        "UPDATE outbox SET state = 'queued', leased_until = 9999999999999, due_at = 9999999999999".into(),
    )
    .await;
    crate::outbox::give_back(&test.app).await.unwrap();
    assert_eq!(send_due(&test.app, &files).await.unwrap(), 1);
}

#[tokio::test]
async fn what_was_held_up_for_longer_than_its_lease_is_sent_once() {
    let test = TestApp::with(|config| config.mail_pace = Some(std::time::Duration::from_millis(600))).await;
    let (mut olivia, bakery) = test.olivia().await;
    invite(&mut olivia, &bakery, "a@example.com, b@example.com, c@example.com, d@example.com", "", &[])
        .await
        .unwrap();
    let files = || Transport::open(None, None, test.dir.path()).unwrap();
    let (app, first) = (test.app.clone(), files());
    let slow = tokio::spawn(async move { send_due(&app, &first).await.unwrap() });
    while test.count("outbox WHERE state = 'sent'").await == 0 {
        tokio::task::yield_now().await;
    }
    // The leases are over, and somebody else takes what is left.
    test.later(11);
    let other = send_due(&test.app, &files()).await.unwrap();
    assert_eq!((slow.await.unwrap() + other, other), (5, 4));
    assert_eq!(test.count("outbox WHERE attempts <> 1").await, 0);
}

#[tokio::test]
async fn what_people_wait_for_overtakes_what_is_announced_to_everybody() {
    // Four at a time, and the pace of one kept apart from the order.
    let test = TestApp::with(|config| config.mail_pace = Some(std::time::Duration::from_millis(2_500))).await;
    test.olivia().await;
    send_due_first(&test, "").await;
    let rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50) \
        INSERT INTO outbox (id, kind, to_name, to_email, subject, body_html, body_text, created_at, due_at) \
        SELECT 'a' || i, 'announcement', '', 'a' || i || '@example.com', 'News', 'x', 'x', 0, 0 FROM n";
    test.execute(rows.into()).await;
    test.browser()
        .change(crate::features::sign_in::rpc::ForgotPassword::PATH, &[("email", "olivia@bakery.example")])
        .await
        .unwrap();
    send_due_first(&test, "Choose a new password").await;
    assert_eq!(
        test.scalar("SELECT count(*) FROM outbox WHERE kind = 'announcement' AND state = 'sent'").await,
        0
    );
}

/// Lets the first message of what waits be sent, and no other.
async fn send_due_first(test: &TestApp, subject: &str) {
    let files = Transport::open(None, None, test.dir.path()).unwrap();
    let app = test.app.clone();
    let sent = test.scalar("SELECT count(*) FROM outbox WHERE state = 'sent'").await;
    let sending = tokio::spawn(async move { send_due(&app, &files).await });
    while test.scalar("SELECT count(*) FROM outbox WHERE state = 'sent'").await == sent {
        tokio::task::yield_now().await;
    }
    let in_hand = test.scalar("SELECT count(*) FROM outbox WHERE leased_until IS NOT NULL").await;
    assert!(in_hand <= 3, "{in_hand} in hand: what is written next would wait behind them");
    sending.abort();
    let _ = sending.await;
    crate::outbox::give_back(&test.app).await.unwrap();
    assert_eq!(
        test.count("outbox WHERE attempts > 0 AND state = 'queued'").await,
        0,
        "being in hand is no try"
    );
    let last: String = {
        let mut reader = crate::access::System::of(&test.app).read().await.unwrap();
        reader
            .conn()
            .value("SELECT subject FROM outbox WHERE state = 'sent' ORDER BY id DESC LIMIT 1", args![])
            .await
            .unwrap()
    };
    assert!(last.contains(subject), "{last}");
}

#[tokio::test]
async fn mail_goes_no_faster_than_the_server_wants_it() {
    let test = TestApp::with(|config| config.mail_pace = Some(std::time::Duration::from_millis(50))).await;
    let (mut olivia, bakery) = test.olivia().await;
    invite(&mut olivia, &bakery, "a@example.com, b@example.com, c@example.com, d@example.com", "", &[])
        .await
        .unwrap();
    let files = Transport::open(None, None, test.dir.path()).unwrap();
    let started = crate::platform::clock::stopwatch();
    assert_eq!(send_due(&test.app, &files).await.unwrap(), 5);
    assert!(started.elapsed().as_millis() >= 250, "{} ms", started.elapsed().as_millis());
}

/// What the program says in its log.
#[derive(Clone, Default)]
struct Log(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl Log {
    fn has(&self, text: &str) -> bool {
        String::from_utf8_lossy(&self.0.lock().unwrap()).contains(text)
    }
}

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl tracing_subscriber::fmt::MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// A mail server that takes everything, and waits before it says so of the first message. Counts messages by
/// their Message-ID.
pub async fn mail_server(
    taken: std::sync::Arc<std::sync::Mutex<Vec<String>>>,
    hold: std::sync::Arc<tokio::sync::Semaphore>,
) -> u16 {
    use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (taken, hold) = (taken.clone(), hold.clone());
            tokio::spawn(async move {
                let (read, mut write) = stream.into_split();
                let mut lines = tokio::io::BufReader::new(read).lines();
                write.write_all(b"220 here\r\n").await.unwrap();
                let (mut data, mut id) = (false, String::new());
                while let Ok(Some(line)) = lines.next_line().await {
                    let answer: &[u8] = match (data, line.as_str()) {
                        (true, ".") => {
                            data = false;
                            taken.lock().unwrap().push(std::mem::take(&mut id));
                            hold.acquire().await.unwrap().forget();
                            hold.add_permits(1);
                            b"250 taken\r\n"
                        }
                        (true, line) => {
                            if let Some(found) = line.strip_prefix("Message-ID: ") {
                                id = found.to_owned();
                            }
                            continue;
                        }
                        (false, "DATA") => {
                            data = true;
                            b"354 go on\r\n"
                        }
                        (false, _) => b"250 good\r\n",
                    };
                    if write.write_all(answer).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    port
}

#[tokio::test]
async fn a_message_that_was_handed_over_while_the_disk_is_full_is_not_sent_again() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let (taken, hold) = (
        std::sync::Arc::<std::sync::Mutex<Vec<String>>>::default(),
        std::sync::Arc::new(tokio::sync::Semaphore::new(0)),
    );
    let port = mail_server(taken.clone(), hold.clone()).await;
    let transport =
        Transport::open(Some(&format!("smtp://127.0.0.1:{port}")), None, test.dir.path()).unwrap();
    let worker = tokio::spawn(crate::outbox::work(test.app.clone(), transport));
    while taken.lock().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    // The server has the message and has not said so; from now on nothing can be written.
    test.app.set_writable(false).await;
    assert_eq!(
        add(&mut olivia, &bakery, "Ada", "ada@example.com").await.unwrap_err(),
        crate::error::AppError::StorageFull
    );
    let log = Log::default();
    let _listening =
        tracing::subscriber::set_default(tracing_subscriber::fmt().with_writer(log.clone()).finish());
    hold.add_permits(1);
    while !log.has("what became of mail was not written") {
        tokio::task::yield_now().await;
    }
    // For longer than the lease.
    test.later(11);
    test.app.set_writable(true).await;
    // New mail wakes the worker, before it tries again to write down what became of the first.
    invite(&mut olivia, &bakery, "ben@example.com", "", &[]).await.unwrap();
    while test.count("outbox WHERE state <> 'sent'").await > 0 {
        tokio::task::yield_now().await;
    }
    test.app.stop();
    worker.await.unwrap();
    let taken = taken.lock().unwrap().clone();
    assert_eq!(
        taken.iter().collect::<std::collections::HashSet<_>>().len(),
        taken.len(),
        "sent twice: {taken:?}"
    );
    assert_eq!(test.count("outbox").await, i64::try_from(taken.len()).unwrap());
}
