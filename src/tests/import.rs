//! Bringing customers over from files.

use super::support::{PASSWORD, TestApp, accept_all};
use crate::demo::browser::Browser;
use crate::error::AppError;
use crate::features::accounts::rpc::ShowFrame;
use crate::features::contacts::model::ContactRow;
use crate::features::contacts::rpc::ListContacts;
use crate::features::invitations::rpc::Join;
use crate::frame::Frame;
use crate::operator::customers::model::CustomerRow;
use crate::operator::customers::rpc::ListCustomers;
use crate::operator::import::model::{ImportKind, ImportState, ImportView};
use crate::operator::import::rpc::{AnnounceImport, ShowImport, StartImport};
use crate::types::Page;
use axum::http::StatusCode;
use leptos::server_fn::ServerFn as _;

async fn upload(browser: &mut Browser, kind: &str, name: &str, text: &[u8]) -> crate::demo::browser::Answer {
    let mut body =
        format!("--x\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\n{kind}\r\n").into_bytes();
    let head = format!("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
    body.extend(head.as_bytes());
    body.extend(text);
    body.extend(b"\r\n--x--\r\n");
    let request = axum::http::Request::post("/operator/import/upload")
        .header("content-type", "multipart/form-data; boundary=x")
        .body(axum::body::Body::from(body));
    browser.send(request.unwrap()).await
}

/// How a file stands once nobody works on it.
async fn settled(browser: &mut Browser, id: &str) -> ImportView {
    loop {
        let view: ImportView = browser.call(ShowImport::PATH, &[("id", id)]).await.unwrap();
        if !view.state.is_running() {
            return view;
        }
        tokio::task::yield_now().await;
    }
}

/// Brings a file and has it checked.
async fn check(browser: &mut Browser, kind: ImportKind, text: &str) -> ImportView {
    let answer = upload(browser, kind.key(), "file.csv", text.as_bytes()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let id = answer.location().rsplit('/').next().unwrap().to_owned();
    settled(browser, &id).await
}

/// Brings a file in.
async fn bring(browser: &mut Browser, kind: ImportKind, text: &str) -> ImportView {
    let checked = check(browser, kind, text).await;
    assert_eq!((checked.state, checked.report.wrong), (ImportState::Checked, 0), "{:?}", checked.report);
    browser.change(StartImport::PATH, &[("id", &checked.id)]).await.unwrap();
    settled(browser, &checked.id).await
}

#[tokio::test]
async fn every_example_is_brought_in_and_a_second_time_changes_nothing() {
    let test = TestApp::new().await;
    let mut ada = test.ada().await;
    let mails = test.count("outbox").await;
    let expected = [2, 2, 1, 1];
    for (kind, rows) in ImportKind::ALL.into_iter().zip(expected) {
        let done = bring(&mut ada, kind, kind.example()).await;
        assert_eq!((done.state, done.report.new), (ImportState::Done, rows), "{kind:?}: {:?}", done.report);
        let before = test.count("activity").await;
        let again = check(&mut ada, kind, kind.example()).await;
        assert_eq!((again.report.new, again.report.changed, again.report.same), (0, 0, rows), "{kind:?}");
        assert_eq!(test.count("activity").await, before);
    }
    assert_eq!(test.count("outbox").await, mails, "nobody gets a mail");
    for words in ["20001", "bea@ledger.example", "nordshop", "nord.example", "möbel"] {
        let found: Page<CustomerRow> = ada.call(ListCustomers::PATH, &[("q", words)]).await.unwrap();
        assert_eq!(found.items.iter().map(|row| row.number).collect::<Vec<_>>(), [20_001], "{words}");
    }
    assert_eq!(test.count("activity WHERE kind = 'staff.imported' AND scope_id <> 'installation'").await, 5);
    // The trails are whole.
    let mut reader = crate::access::System::of(&test.app).read().await.unwrap();
    crate::features::audit::record::verify(reader.conn(), test.app.key()).await.unwrap();
    // Numbers go on behind those that were brought along.
    let (mut olivia, bakery) = test.olivia().await;
    let frame: Frame = olivia.call(ShowFrame::PATH, &[("account", bakery.as_str())]).await.unwrap();
    assert_eq!(frame.number, 20_003);
}

#[tokio::test]
async fn hundreds_come_at_once_and_are_found_in_letters_of_every_alphabet() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let mut ada = test.ada().await;
    let line = |n| format!("10001,person{n}@hart.example,Ömer,Åberg-{n}\n");
    let file = format!("account,email,first_name,last_name\n{}", (0..250).map(line).collect::<String>());
    assert_eq!(bring(&mut ada, ImportKind::Contacts, &file).await.report.new, 250);
    let other = "account,email,first_name,last_name\n10001,person9@hart.example,Ömer,Ek\n";
    assert_eq!(bring(&mut ada, ImportKind::Contacts, other).await.report.changed, 1);
    assert_eq!(test.words_left_over().await, 0);
    let as_ever = "search_index_config WHERE (k = 'hashsize' AND v = 1048576) OR (k = 'automerge' AND v = 4)";
    assert_eq!(test.count(as_ever).await, 2, "what waits for many rows waits for them alone");
    for (words, found) in
        [("ömer åberg 249", 1), ("ÖMER", 250), ("person77@hart", 1), ("ek", 1), ("åberg", 249)]
    {
        let query = [("account", bakery.as_str()), ("q", words)];
        let page: Page<ContactRow> = olivia.call(ListContacts::PATH, &query).await.unwrap();
        assert_eq!(page.total, found, "{words}");
    }
}

#[tokio::test]
async fn who_came_is_invited_when_it_is_announced() {
    let test = TestApp::new().await;
    let mut ada = test.ada().await;
    let done = bring(&mut ada, ImportKind::Customers, ImportKind::Customers.example()).await;
    assert_eq!(done.to_announce, 2);
    let before = test.kinds().await.len();
    ada.change(AnnounceImport::PATH, &[("id", &done.id)]).await.unwrap();
    assert_eq!(test.kinds().await[before], "staff.imported");
    while test.count("invitations").await < 2 {
        tokio::task::yield_now().await;
    }
    let mut nora = test.browser();
    let token = nora.mailed("nora@nord.example", "/invitations/").await.unwrap();
    nora.change(Join::PATH, &[("token", &token), ("name", "Nora Nord"), ("password", PASSWORD)])
        .await
        .unwrap();
    accept_all(&mut nora).await.unwrap();
    let account = ada.call::<Page<CustomerRow>>(ListCustomers::PATH, &[("q", "20001")]).await.unwrap().items
        [0]
    .account
    .clone();
    let frame: Frame = nora.call(ShowFrame::PATH, &[("account", account.as_str())]).await.unwrap();
    assert!(frame.is_owner);
    // Everybody was invited: there is nobody left.
    assert!(matches!(
        ada.change(AnnounceImport::PATH, &[("id", &done.id)]).await,
        Err(AppError::Conflict(_))
    ));
}

#[tokio::test]
async fn a_password_that_came_along_opens_the_account() {
    let test = TestApp::new().await;
    let mut ada = test.ada().await;
    let hash = bcrypt::hash(PASSWORD, 4).unwrap();
    let text = format!(
        "number,first_name,email,password_hash\n7,Nora,nora@nord.example,{hash}\n8,Nora,NORA@nord.example,{hash}\n"
    );
    let done = bring(&mut ada, ImportKind::Customers, &text).await;
    assert_eq!((done.state, done.to_announce), (ImportState::Done, 0));
    let mut nora = test.browser();
    nora.sign_in("nora@nord.example", PASSWORD).await.unwrap();
    let picker = nora.get("/accounts").await.body;
    assert_eq!(picker.matches("class=\"choice\"").count(), 2, "one login, two accounts: {picker}");
}

#[tokio::test]
async fn a_file_with_a_mistake_changes_nothing() {
    let test = TestApp::new().await;
    let mut ada = test.ada().await;
    let text = "number,company,email\n1,Good,good@example.com\n2,Bad,nobody\n1,Twice,twice@example.com\n";
    let view = check(&mut ada, ImportKind::Customers, text).await;
    let found: Vec<_> = view.report.errors.iter().map(|error| (error.line, error.column.as_str())).collect();
    assert_eq!(found, [(3, "email"), (4, "number")]);
    assert!(matches!(ada.change(StartImport::PATH, &[("id", &view.id)]).await, Err(AppError::Conflict(_))));
    assert_eq!(test.count("accounts").await, 0);
    let report = ada.get(&format!("/operator/import/{}/report.csv", view.id)).await;
    assert!(report.body.starts_with("Line,Column,Reason\n3,email,"), "{}", report.body);
    let page = ada.get(&format!("/operator/import/{}", view.id)).await.body;
    assert!(page.contains("This is the same as in line 2."), "{page}");
    for (bytes, says) in [(b"PK\x03\x04".as_slice(), "Excel or zip"), (b"a,b\n", "Nobody knows the column")] {
        let answer = upload(&mut ada, "customers", "file.csv", bytes).await;
        let id = answer.location().rsplit('/').next().unwrap().to_owned();
        let view = settled(&mut ada, &id).await;
        assert_eq!(view.state, ImportState::Failed);
        assert!(view.report.errors[0].reason.contains(says), "{:?}", view.report);
    }
    for (kind, name, says) in [("", "file.csv", "Say"), ("customers", "", "Choose")] {
        let answer = upload(&mut ada, kind, name, b"x").await;
        assert!(answer.location().contains(&format!("refused={says}")), "{}", answer.location());
    }
}

#[tokio::test]
async fn of_two_who_start_at_once_one_does() {
    let test = TestApp::new().await;
    let mut ada = test.ada().await;
    let view = check(&mut ada, ImportKind::Customers, ImportKind::Customers.example()).await;
    let mut bo = test.staff("Bo", "bo@operator.example", crate::permission::StaffPermissions::all()).await;
    let fields = [("id", view.id.as_str())];
    let (one, two) =
        tokio::join!(ada.change(StartImport::PATH, &fields), bo.change(StartImport::PATH, &fields));
    assert_eq!([one.is_ok(), two.is_ok()].iter().filter(|done| **done).count(), 1, "{one:?} {two:?}");
    settled(&mut bo, &view.id).await;
    assert_eq!(test.count("accounts").await, 2);
}

#[tokio::test]
async fn a_file_that_nobody_brings_in_does_not_stay() {
    let test = TestApp::new().await;
    let mut ada = test.ada().await;
    check(&mut ada, ImportKind::Customers, ImportKind::Customers.example()).await;
    let files = || std::fs::read_dir(test.dir.path().join("imports")).unwrap().count();
    crate::cli::jobs::run(&test.app).await.unwrap();
    assert_eq!(files(), 1);
    test.later(8 * 24 * 60);
    crate::cli::jobs::run(&test.app).await.unwrap();
    assert_eq!(files(), 0);
}
