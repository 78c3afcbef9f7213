//! What a hostile or unlucky person tries: filling the disk, the memory and strangers' mailboxes, taking
//! rights that nobody gave, and going wrong quietly.

use super::support::*;
use crate::access::System;
use crate::cli::commands;
use crate::cli::jobs;
use crate::demo::browser::Browser;
use crate::error::AppError;
use crate::features::accounts::rpc::*;
use crate::features::contacts::rpc::*;
use crate::features::mail::rpc::SendAgain;
use crate::features::recipients::model::{MailChoice, RecipientRow};
use crate::features::recipients::rpc::*;
use crate::features::second_factor::rpc::*;
use crate::features::services::rpc::RequestCancellation;
use crate::features::sign_in::rpc::*;
use crate::features::users::rpc::*;
use crate::outbox::allowance::{NOTICES, OF_ACCOUNT, OF_ALL, TO_ONE};
use crate::platform::clock::Clock;
use crate::platform::config::CommandLine;
use crate::platform::db::{self, Database, args};
use crate::platform::token::Key;
use crate::types::AccountId;
use crate::types::ListQuery;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use clap::Parser as _;
use leptos::server_fn::ServerFn as _;
use std::path::Path;

const OLIVIA: &str = "olivia@bakery.example";
const MARK: &str = "0123456789abcdef0123456789abcdef";

/// Wanda, who holds these, has a session that is as old as a stolen one.
async fn with_marta(permissions: &[&str]) -> (TestApp, Browser, Browser, AccountId) {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let marta = test.member(&mut olivia, &bakery, "Marta Diaz", "marta@example.com", permissions).await;
    (test, olivia, marta, bakery)
}

// Disk.

#[tokio::test]
async fn drafts_are_kept_only_for_who_has_or_lately_had_a_session() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let page = format!("/a/{bakery}/contacts/new");
    let junk = format!(
        "account={bakery}&first_name=Eve&junk={}&_action={}",
        "\u{1}".repeat(1_000),
        CreateContact::PATH
    );
    let mut nobody = test.browser();
    for action in [
        junk.clone(),
        format!("x={}&_action=/rpc/users/me", "y".repeat(100_000)),
        format!("_action=/rpc/sign-in/sign-in&{junk}"),
    ] {
        nobody.post(&page, action).await;
    }
    let made_up = Request::post(&page)
        .header("cookie", "latchkey=made-up")
        .header("content-type", "application/x-www-form-urlencoded");
    test.browser().send(made_up.body(Body::from(junk.clone())).unwrap()).await;
    assert_eq!(test.count("drafts").await, 0);
    // Her session has ended: what the form knows is kept, and nothing else.
    test.later(8 * 24 * 60);
    let away = olivia.post(&page, junk).await;
    assert!(away.location().starts_with("/sign-in?next="), "{}", away.location());
    let kept: String = {
        let mut reader = System::of(&test.app).read().await.unwrap();
        reader.conn().value("SELECT fields FROM drafts", args![]).await.unwrap()
    };
    assert!(kept.contains("Eve") && !kept.contains("junk"), "{kept}");
    // Too large a draft is none, and of many the newest stay.
    let large = format!("account={bakery}&first_name={}&_action={}", "x".repeat(70_000), CreateContact::PATH);
    assert_eq!(olivia.post(&page, large).await.status, StatusCode::SEE_OTHER);
    assert_eq!(test.count("drafts").await, 1);
    for n in 0..25 {
        olivia.post(&page, format!("account={bakery}&first_name=N{n}&_action={}", CreateContact::PATH)).await;
    }
    assert_eq!(test.count("drafts").await, 20);
    // All of them together have a limit too; the oldest go.
    let rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400) \
        INSERT INTO drafts (token_hash, user_id, path, fields, bytes, expires_at) SELECT 't' || i, 'u' || i, '', '', 60000, i FROM n";
    test.execute(rows.into()).await;
    olivia.post(&page, format!("account={bakery}&first_name=Finally&_action={}", CreateContact::PATH)).await;
    assert!(test.scalar("SELECT sum(bytes) FROM drafts").await <= 20 * 1024 * 1024);
    assert_eq!(test.count("drafts WHERE fields LIKE '%Finally%'").await, 1);
}

#[tokio::test]
async fn a_draft_is_shown_to_its_own_person_only() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let mut mallory =
        test.member(&mut olivia, &bakery, "Mallory", "mallory@example.com", &["contacts.manage"]).await;
    let page = format!("/a/{bakery}/contacts/new");
    let planted = mallory
        .submit(
            &page,
            PreviewMail::PATH,
            &[("account", bakery.as_str()), ("first_name", "Planted"), ("email", "mallory@evil.example")],
        )
        .await;
    let link = planted.location().to_owned();
    assert!(mallory.get(&link).await.body.contains("value=\"Planted\""), "{link}");
    let shown = olivia.get(&link).await;
    assert!(
        shown.status.is_success() && !shown.body.contains("Planted"),
        "a stranger's values are in nobody's form"
    );
}

// Memory.

#[tokio::test]
async fn a_form_is_done_once_also_by_two_processes_and_after_a_crash() {
    let test = TestApp::new().await;
    let (olivia, bakery) = test.olivia().await;
    let fields = [
        ("account", bakery.as_str()),
        ("first_name", "Ben"),
        ("email", "ben@example.com"),
        ("notify", "on"),
        ("_once", MARK),
    ];
    // A second process on the same database, and the same browser at both.
    let database = Database::open(&db::file(test.dir.path())).await.unwrap();
    let second = TestApp {
        app: crate::web::state::app_state(
            config(),
            Clock::fixed(NOW),
            Key::new([7; 32]),
            database,
            crate::demo::LOGINS,
        ),
        dir: tempfile::tempdir().unwrap(),
    };
    let (mut here, mut there) = (olivia.clone(), olivia.at(&second.app));
    let (one, other) =
        futures::join!(here.change(CreateContact::PATH, &fields), there.change(CreateContact::PATH, &fields));
    // Whoever comes between the change and its stored answer hears only that it is done.
    let says = [one.unwrap().say, other.unwrap().say];
    assert!(says.iter().any(|say| say.contains("Ben")), "{says:?}");
    assert_eq!(
        (
            test.count("contacts WHERE email = 'ben@example.com'").await,
            test.mails_to("ben@example.com").await
        ),
        (1, 1)
    );
    // Whoever crashed between the change and the answer has done it all the same. The answer is kept after it was given.
    while test.count("idempotency_keys WHERE answer IS NOT NULL").await == 0 {
        tokio::task::yield_now().await;
    }
    test.execute("UPDATE idempotency_keys SET answer = NULL".into()).await;
    assert_eq!(there.change(CreateContact::PATH, &fields).await.unwrap().say, "This has already been done.");
    assert_eq!(test.mails_to("ben@example.com").await, 1);
    // What was refused can be sent again.
    let bad = [("account", bakery.as_str()), ("email", "ada@example.com"), ("_once", MARK)];
    for _ in 0..2 {
        assert!(matches!(here.change(CreateContact::PATH, &bad).await, Err(AppError::Invalid(_))));
    }
}

#[tokio::test]
async fn nothing_is_remembered_of_reads_of_strangers_and_of_odd_marks() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let before = test.count("idempotency_keys").await;
    let of = ("account", bakery.as_str());
    olivia
        .call::<crate::types::Page<crate::features::contacts::model::ContactRow>>(
            ListContacts::PATH,
            &[of, ("_once", MARK)],
        )
        .await
        .unwrap();
    let mut nobody = test.browser();
    nobody
        .change(
            SignUp::PATH,
            &[("name", "X"), ("email", "x@example.com"), ("password", PASSWORD), ("_once", MARK)],
        )
        .await
        .unwrap();
    let long = "x".repeat(500_000);
    for mark in ["short", &long] {
        olivia
            .change(
                CreateContact::PATH,
                &[
                    of,
                    ("first_name", "A"),
                    ("email", &format!("a{}@example.com", mark.len())),
                    ("_once", mark),
                ],
            )
            .await
            .unwrap();
    }
    assert_eq!(test.count("idempotency_keys").await, before);
    // The row tells nothing of the answer.
    olivia
        .change(
            CreateContact::PATH,
            &[of, ("first_name", "Secretive"), ("email", "s@example.com"), ("_once", MARK)],
        )
        .await
        .unwrap();
    while test.count("idempotency_keys WHERE answer IS NOT NULL").await == 0 {
        tokio::task::yield_now().await;
    }
    let answer: String = {
        let mut reader = System::of(&test.app).read().await.unwrap();
        reader.conn().value("SELECT answer || key_hash FROM idempotency_keys", args![]).await.unwrap()
    };
    assert!(!answer.contains("Secretive") && !answer.contains(MARK) && answer.len() < 1_000);
}

// Mail.

#[tokio::test]
async fn mail_to_who_confirmed_nothing_counts_by_whatever_button() {
    let (test, mut olivia, mut marta, bakery) = with_marta(&["contacts.manage", "emails.view"]).await;
    let of = ("account", bakery.as_str());
    test.execute("UPDATE accounts SET mail = 'service'".into()).await;
    olivia
        .change(
            CreateContact::PATH,
            &[
                of,
                ("first_name", "Vic"),
                ("email", "victim@example.com"),
                ("mail[]", "service"),
                ("notify", "on"),
            ],
        )
        .await
        .unwrap();
    test.execute("UPDATE outbox SET state = 'sent', secret = NULL".into()).await;
    let message = test.last_mail("victim@example.com").await.id;
    let mut sent = 1;
    let refused = loop {
        test.later(11);
        match marta.change(SendAgain::PATH, &[of, ("message", &message)]).await {
            Ok(_) => sent += 1,
            Err(AppError::Conflict(why)) => break why,
            Err(other) => panic!("{other:?}"),
        }
        test.execute("UPDATE outbox SET state = 'sent', secret = NULL".into()).await;
    };
    assert_eq!((sent, TO_ONE), (10, 10));
    assert!(refused.starts_with("victim@example.com has not been confirmed"), "{refused}");
    // Another button, and another person, are no way around it.
    let view = contact_by_email(&mut olivia, &bakery, "victim@example.com").await;
    let on = form_of(&bakery, &view, &[("log_in", "on"), ("notify", "on")]);
    assert!(
        matches!(olivia.change(UpdateContact::PATH, &borrowed(&on)).await, Err(AppError::Conflict(why)) if why.contains("in the last 24 hours"))
    );
    assert_eq!(
        contact_by_email(&mut olivia, &bakery, "victim@example.com").await.form.log_in,
        "",
        "nothing of it was saved"
    );
    // Who can enter the account has confirmed; and tomorrow there is room again.
    test.browser().change(ForgotPassword::PATH, &[("email", OLIVIA)]).await.unwrap();
    assert_eq!(test.count("outbox WHERE kind = 'password-reset' AND NOT counted").await, 1);
    test.later(25 * 60);
    olivia.sign_in(OLIVIA, PASSWORD).await.unwrap();
    let view = contact_by_email(&mut olivia, &bakery, "victim@example.com").await;
    olivia.update_contact(&bakery, &view, &[("log_in", "on"), ("notify", "on")]).await.unwrap();
}

#[tokio::test]
async fn accounts_and_the_installation_have_an_allowance_and_strangers_one_of_their_own() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let fill = async |account: &str, count: i64, from: &str| {
        let rows = format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
             INSERT INTO outbox (id, account_id, kind, to_name, to_email, subject, body_html, body_text, created_at, due_at, counted, state) \
             SELECT '{from}' || i, {account}, 'x', '', '{from}' || i || '@example.com', '', '', '', {}, 0, TRUE, 'sent' FROM n",
            NOW.0
        );
        test.execute(rows).await;
    };
    fill(&format!("'{bakery}'"), OF_ACCOUNT, "a").await;
    assert!(
        matches!(invite(&mut olivia, &bakery, "b@example.com", "", &[]).await, Err(AppError::Conflict(why)) if why.contains("This account has sent 300 messages"))
    );
    let (mut oscar, elsewhere) = test.oscar().await;
    invite(&mut oscar, &elsewhere, "b@example.com", "", &[]).await.unwrap();
    // Strangers use theirs up; customers go on inviting.
    fill("NULL", OF_ALL, "s").await;
    test.browser()
        .change(SignUp::PATH, &[("name", "X"), ("email", "new@example.com"), ("password", PASSWORD)])
        .await
        .unwrap();
    assert_eq!(test.mails_to("new@example.com").await, 0, "and the answer does not tell");
    invite(&mut oscar, &elsewhere, "c@example.com", "", &[]).await.unwrap();
    fill(&format!("'{elsewhere}'"), OF_ALL, "c").await;
    let (mut third, more) = (oscar.clone(), elsewhere.clone());
    test.execute(format!(
        "UPDATE outbox SET account_id = '{bakery}' WHERE account_id = '{elsewhere}' AND kind = 'x'"
    ))
    .await;
    assert!(
        matches!(invite(&mut third, &more, "d@example.com", "", &[]).await, Err(AppError::Conflict(why)) if why.starts_with("Too much mail has gone"))
    );
}

// Rows.

#[tokio::test]
async fn what_has_a_lifetime_goes_when_it_is_over_and_trails_stay() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let mut visitor = test.browser();
    visitor
        .change(
            SignUp::PATH,
            &[("name", "Never Confirmed"), ("email", "never@example.com"), ("password", PASSWORD)],
        )
        .await
        .unwrap();
    visitor.change(ForgotPassword::PATH, &[("email", OLIVIA)]).await.unwrap();
    invite(&mut olivia, &bakery, "ben@example.com", "Ben", &[]).await.unwrap();
    olivia
        .change(
            CreateContact::PATH,
            &[("account", bakery.as_str()), ("first_name", "A"), ("email", "a@example.com"), ("_once", MARK)],
        )
        .await
        .unwrap();
    test.execute("UPDATE outbox SET state = 'sent'".into()).await;
    let trail = test.count("activity").await;
    let left = async || {
        let mut reader = System::of(&test.app).read().await.unwrap();
        jobs::counts(reader.conn()).await.unwrap()
    };
    let before = left().await;
    jobs::run(&test.app).await.unwrap();
    assert_eq!(left().await, before, "nothing is over yet");
    test.later(800 * 24 * 60);
    jobs::run(&test.app).await.unwrap();
    for (what, rows) in left().await {
        assert_eq!(rows, 0, "{what}");
    }
    assert_eq!(test.count("activity").await, trail, "trails stay");
    assert_eq!((test.count("users").await, test.count("contacts").await), (1, 3), "and whoever confirmed");
}

#[tokio::test]
async fn very_many_rows_are_removed_a_little_at_a_time() {
    let test = TestApp::new().await;
    let rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1700) \
        INSERT INTO drafts (token_hash, user_id, path, fields, bytes, expires_at) SELECT 't' || i, '', '', '', 0, i FROM n";
    test.execute(rows.into()).await;
    jobs::run(&test.app).await.unwrap();
    assert_eq!(test.count("drafts").await, 0);
}

// What one person takes from all.

#[tokio::test]
async fn one_person_opens_so_many_streams_and_no_more() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let path = format!("/a/{bakery}/events");
    let mut open = Vec::new();
    for n in 0..13 {
        let stream = olivia.open(Request::get(&path).body(Body::empty()).unwrap()).await;
        assert_eq!(
            stream.status(),
            if n < 12 { StatusCode::OK } else { StatusCode::TOO_MANY_REQUESTS },
            "{n}"
        );
        open.push(stream);
    }
    let (mut oscar, elsewhere) = test.oscar().await;
    let his = oscar.open(Request::get(format!("/a/{elsewhere}/events")).body(Body::empty()).unwrap()).await;
    assert_eq!(his.status(), StatusCode::OK, "somebody else's are not hers");
    drop(open);
    assert_eq!(olivia.open(Request::get(&path).body(Body::empty()).unwrap()).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_form_leads_to_no_other_site() {
    let test = TestApp::new().await;
    for path in ["//evil.example/x", "/\\evil.example", "//evil.example/..//x"] {
        let request = Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from("password=x&_action=/rpc/sign-in/strength"));
        let Ok(request) = request else { continue };
        let answer = test.browser().send(request).await;
        assert!(
            !answer.location().starts_with("//") && !answer.location().contains("evil"),
            "{path}: {} {}",
            answer.status,
            answer.location()
        );
    }
}

#[tokio::test]
async fn a_new_password_makes_the_old_token_worthless() {
    let test = TestApp::new().await;
    let (mut olivia, _) = test.olivia().await;
    let mut thief = olivia.clone();
    let changed =
        [("current_password", PASSWORD), ("new_password", "another-plum-evening-17"), ("_once", MARK)];
    olivia.change(ChangePassword::PATH, &changed).await.unwrap();
    assert!(olivia.get("/security").await.status.is_success(), "she stays signed in");
    assert_eq!(thief.get("/security").await.status, StatusCode::SEE_OTHER);
    // Her browser, which sent the form twice and saw only the second answer, has the new token too.
    let mut twice = test.browser();
    twice.sign_in(OLIVIA, "another-plum-evening-17").await.unwrap();
    let mut second = twice.clone();
    let again =
        [("current_password", "another-plum-evening-17"), ("new_password", PASSWORD), ("_once", MARK)];
    twice.change(ChangePassword::PATH, &again).await.unwrap();
    second.change(ChangePassword::PATH, &again).await.unwrap();
    assert!(second.get("/security").await.status.is_success());
}

#[tokio::test]
async fn twenty_right_sign_ins_at_once_are_all_right_and_twenty_wrong_ones_are_not() {
    let test = TestApp::with(|config| config.limits = true).await;
    test.olivia().await;
    let tries = async |password: &'static str| {
        let all = (0..20).map(|_| {
            let mut browser = test.browser();
            async move { browser.sign_in(OLIVIA, password).await }
        });
        futures::future::join_all(all).await
    };
    assert!(tries(PASSWORD).await.iter().all(Result::is_ok));
    let wrong = tries("not-her-password").await;
    let compared = wrong.iter().filter(|result| matches!(result, Err(AppError::Invalid(_)))).count();
    let told_to_wait = wrong.iter().filter(|result| matches!(result, Err(AppError::TooMany { .. }))).count();
    assert_eq!((compared, told_to_wait), (5, 15));
}

// Rights that can be had without being given.

#[tokio::test]
async fn the_key_to_the_key_cabinet_is_handed_out_only_after_a_fresh_confirmation() {
    let (test, mut olivia, mut marta, bakery) = with_marta(&["contacts.manage"]).await;
    invite(&mut olivia, &bakery, "pending@example.com", "Pia", &["contacts.manage"]).await.unwrap();
    test.later(11);
    // A thief with Marta's session moves the contact that waits to an address of their own.
    let view = contact_by_email(&mut marta, &bakery, "pending@example.com").await;
    let moved = form_of(&bakery, &view, &[("email", "thief@example.com"), ("notify", "on")]);
    assert_eq!(
        marta.change(UpdateContact::PATH, &borrowed(&moved)).await.unwrap_err(),
        AppError::Unconfirmed
    );
    assert_eq!(test.mails_to("thief@example.com").await, 0);
    // What changes nothing of it asks nothing.
    marta.update_contact(&bakery, &view, &[("phone", "1")]).await.unwrap();
    for (before, change) in
        [("status = 'closed'", ("status", "active")), ("can_log_in = FALSE", ("log_in", "on"))]
    {
        test.execute(format!("UPDATE contacts SET {before} WHERE email = 'pending@example.com'")).await;
        let view = contact_by_email(&mut marta, &bakery, "pending@example.com").await;
        let back = marta.update_contact(&bakery, &view, &[change]).await;
        assert_eq!(back.unwrap_err(), AppError::Unconfirmed, "{before}");
        test.execute(
            "UPDATE contacts SET status = 'active', can_log_in = TRUE WHERE email = 'pending@example.com'"
                .into(),
        )
        .await;
    }
    marta.change(Confirm::PATH, &[("current_password", PASSWORD)]).await.unwrap();
    let view = contact_by_email(&mut marta, &bakery, "pending@example.com").await;
    marta.update_contact(&bakery, &view, &[("email", "pia@example.com"), ("notify", "on")]).await.unwrap();
}

#[tokio::test]
async fn invoice_copies_are_switched_on_only_by_who_may_see_invoices() {
    let (test, mut olivia, mut marta, bakery) = with_marta(&["contacts.manage"]).await;
    add(&mut olivia, &bakery, "Ada", "ada@example.com").await.unwrap();
    for email in ["marta@example.com", "ada@example.com"] {
        let view = contact_by_email(&mut marta, &bakery, email).await;
        let forged = form_of(&bakery, &view, &[("mail[]", "invoice")]);
        assert!(
            matches!(
                marta.change(UpdateContact::PATH, &borrowed(&forged)).await,
                Err(AppError::Forbidden(_))
            ),
            "{email}"
        );
        let page = marta.get(&format!("/a/{bakery}/contacts/{}/edit", view.id)).await.body;
        let invoice = page.split("<input").find(|input| input.contains("value=\"invoice\"")).unwrap();
        assert!(
            invoice.contains("disabled")
                && page.contains("Only somebody with the permission “View invoices” can change this.")
        );
    }
    let of = ("account", bakery.as_str());
    let new = [of, ("first_name", "X"), ("email", "x@example.com"), ("mail[]", "support")];
    assert!(matches!(marta.change(CreateContact::PATH, &new).await, Err(AppError::Forbidden(_))));
    assert!(matches!(
        marta.change(InviteUsers::PATH, &[of, ("emails", "y@example.com"), ("mail[]", "invoice")]).await,
        Err(AppError::Forbidden(_))
    ));
    // What the owner switched on stands, is not lost by Marta's edit, and cannot be moved to her friend.
    let view = contact_by_email(&mut olivia, &bakery, "ada@example.com").await;
    olivia.update_contact(&bakery, &view, &[("mail[]", "invoice")]).await.unwrap();
    let view = contact_by_email(&mut marta, &bakery, "ada@example.com").await;
    let without: Vec<_> =
        form_of(&bakery, &view, &[("phone", "1")]).into_iter().filter(|(name, _)| name != "mail[]").collect();
    let says: Vec<String> = marta.call(WouldChange::PATH, &borrowed(&without)).await.unwrap();
    assert_eq!(says, Vec::<String>::new(), "a box that she cannot switch changes nothing");
    marta.change(UpdateContact::PATH, &borrowed(&without)).await.unwrap();
    let view = contact_by_email(&mut marta, &bakery, "ada@example.com").await;
    assert_eq!(view.form.mail, ["invoice"]);
    let moved = marta.update_contact(&bakery, &view, &[("email", "friend@example.com")]).await;
    assert!(matches!(moved, Err(AppError::Conflict(why)) if why.contains("This contact gets invoice mail")));
    assert_eq!(test.count("contacts WHERE email = 'friend@example.com'").await, 0);
}

#[tokio::test]
async fn where_invoices_go_is_changed_only_by_who_may_see_them() {
    let (test, mut olivia, mut marta, bakery) = with_marta(&["profile.edit"]).await;
    test.execute("UPDATE accounts SET email = 'office@bakery.example'".into()).await;
    let of = ("account", bakery.as_str());
    let own = contact_by_email(&mut olivia, &bakery, "marta@example.com").await.id;
    let profile = |more: &[(&'static str, &'static str)]| {
        let mut fields = vec![of, ("name", "Hart Bakery"), ("mail[]", "domain")];
        fields.extend_from_slice(more);
        fields
    };
    let office = ("email", "office@bakery.example");
    let lacks = AppError::Lacks { permission: "invoices.view".into(), asset: None };
    let taken =
        [of, ("name", "Hart Bakery"), ("mail[]", "domain"), office, ("billing_contact", own.as_str())];
    assert_eq!(marta.save(SaveProfile::PATH, &taken).await.unwrap_err(), lacks);
    assert_eq!(
        marta.save(SaveProfile::PATH, &profile(&[("email", "marta@example.com")])).await.unwrap_err(),
        lacks
    );
    assert_eq!(
        marta.save(SaveProfile::PATH, &profile(&[office, ("billing_only", "on")])).await.unwrap_err(),
        lacks
    );
    assert_eq!(
        marta.save(SaveProfile::PATH, &profile(&[office, ("no_copies", "on")])).await.unwrap_err(),
        lacks
    );
    marta.save(SaveProfile::PATH, &profile(&[office, ("phone", "1")])).await.unwrap();
    assert!(
        marta
            .get(&format!("/a/{bakery}/profile"))
            .await
            .body
            .contains("Only people with the permission “View invoices” can change")
    );
    // With it: the old address and the owner are told at once.
    test.execute(
        "UPDATE contacts SET permissions = 'profile.edit,invoices.view' WHERE email = 'marta@example.com'"
            .into(),
    )
    .await;
    marta.save(SaveProfile::PATH, &taken).await.unwrap();
    for told in ["office@bakery.example", OLIVIA] {
        assert_eq!(
            test.last_mail(told).await.subject,
            "The billing contact of Hart Bakery was changed",
            "{told}"
        );
    }
    // A new main address counts once whoever reads there says so.
    let billing = ("billing_contact", own.as_str());
    let new: Vec<_> = profile(&[("email", "books@elsewhere.example")]).into_iter().chain([billing]).collect();
    marta.save(SaveProfile::PATH, &new).await.unwrap();
    let main = async || test.count("accounts WHERE email = 'books@elsewhere.example'").await;
    assert_eq!(main().await, 0, "until then the old one stays");
    for told in ["office@bakery.example", OLIVIA] {
        assert_eq!(
            test.last_mail(told).await.subject,
            "A new main address was requested for Hart Bakery",
            "{told}"
        );
    }
    assert!(
        olivia
            .get(&format!("/a/{bakery}/profile"))
            .await
            .body
            .contains("A new main address is waiting for confirmation")
    );
    let mut anybody = test.browser();
    let token = anybody.mailed("books@elsewhere.example", "/confirm-main-address/").await.unwrap();
    assert!(
        anybody.get(&format!("/confirm-main-address/{token}")).await.body.contains("books@elsewhere.example")
    );
    let page = format!("/confirm-main-address/{token}");
    let (mut first, mut second) = (anybody.clone(), anybody.clone());
    let form = [("token", token.as_str())];
    let (one, other) = futures::join!(
        first.change(ConfirmMainAddress::PATH, &form),
        second.change(ConfirmMainAddress::PATH, &form)
    );
    assert_eq!([one.is_ok(), other.is_ok()].iter().filter(|done| **done).count(), 1, "once");
    assert_eq!(main().await, 1);
    assert_eq!(
        test.last_mail("office@bakery.example").await.subject,
        "The main address of Hart Bakery was changed"
    );
    assert!(anybody.get(&page).await.body.contains("This link has already been used"));
    // Withdrawn, the link is dead.
    let again: Vec<_> =
        profile(&[("email", "third@elsewhere.example")]).into_iter().chain([billing]).collect();
    olivia.save(SaveProfile::PATH, &again).await.unwrap();
    let token = anybody.mailed("third@elsewhere.example", "/confirm-main-address/").await.unwrap();
    marta.change(WithdrawMainAddress::PATH, &[of]).await.unwrap();
    assert!(matches!(
        anybody.change(ConfirmMainAddress::PATH, &[("token", &token)]).await,
        Err(AppError::Conflict(_))
    ));
    assert_eq!(main().await, 1);
}

#[tokio::test]
async fn only_who_proved_the_main_address_chooses_for_it() {
    let (test, mut olivia, mut marta, bakery) = with_marta(&[]).await;
    let of = ("account", bakery.as_str());
    test.execute("UPDATE accounts SET email = 'office@bakery.example', mail = 'general,domain'".into()).await;
    // Marta's contact was given the main address; her login has another one.
    test.execute(
        "UPDATE contacts SET email = 'office@bakery.example', email_key = 'office@bakery.example', mail = '' WHERE email = 'marta@example.com'".into(),
    )
    .await;
    let choice: MailChoice = marta.call(OwnChoice::PATH, &[of]).await.unwrap();
    assert!(!choice.is_main && choice.mail.column().is_empty());
    marta.save(Choose::PATH, &[of, ("mail[]", "newsletter")]).await.unwrap();
    assert_eq!(
        test.count("accounts WHERE mail = 'general,domain'").await,
        1,
        "the main address keeps its own choice"
    );
    // The link that was mailed to the address proves it.
    let announcement =
        crate::features::mail::announce::Announcement::read("general", "# News\n\nNew.", "", None).unwrap();
    crate::features::mail::announce::announce(&test.app, &announcement, false).await.unwrap();
    let token = test.browser().mailed("office@bakery.example", "/preferences/").await.unwrap();
    test.browser().save(ChooseByLink::PATH, &[("token", &token), ("mail[]", "domain")]).await.unwrap();
    assert_eq!(test.count("accounts WHERE mail = 'domain'").await, 1);
    // And so does the login that has it.
    let hers: MailChoice = {
        test.execute("UPDATE accounts SET email = 'olivia@bakery.example'".into()).await;
        olivia.call(OwnChoice::PATH, &[of]).await.unwrap()
    };
    assert!(hers.is_main);
}

#[tokio::test]
async fn a_new_factor_makes_what_was_confirmed_elsewhere_void() {
    let test = TestApp::new().await;
    let (mut olivia, _) = test.olivia().await;
    let mut thief = test.another_browser(OLIVIA).await;
    thief.change(Confirm::PATH, &[("current_password", PASSWORD)]).await.unwrap();
    thief.call::<crate::features::second_factor::model::Setup>(SetUpApp::PATH, &[]).await.unwrap();
    test.set_up_app(&mut olivia, OLIVIA).await;
    assert_eq!(
        thief.call::<crate::features::second_factor::model::Setup>(SetUpApp::PATH, &[]).await.unwrap_err(),
        AppError::Unconfirmed
    );
    assert_eq!(thief.change(RemoveApp::PATH, &[]).await.unwrap_err(), AppError::Unconfirmed);
    assert!(olivia.change(RenewCodes::PATH, &[]).await.is_ok(), "her own goes on");
}

#[tokio::test]
async fn a_made_up_cookie_makes_no_row() {
    let test = TestApp::new().await;
    for n in 0..3 {
        let request = Request::post(SignOut::PATH)
            .header("origin", "https://portal.example")
            .header("cookie", "latchkey=made-up; __Host-latchkey=made-up")
            .header("content-type", "application/x-www-form-urlencoded");
        test.browser()
            .send(request.body(Body::from(format!("next=/{}&_once={MARK}{n}", "a".repeat(1_000)))).unwrap())
            .await;
    }
    assert_eq!(test.count("idempotency_keys").await, 0);
}

#[tokio::test]
async fn confirmations_and_a_new_password_at_once_do_not_wait_for_each_other() {
    let test = TestApp::new().await;
    let (olivia, _) = test.olivia().await;
    let all = (0..10).map(|n| {
        let mut browser = olivia.clone();
        async move {
            match n {
                1 => {
                    browser
                        .change(
                            ChangePassword::PATH,
                            &[("current_password", PASSWORD), ("new_password", "another long password 4711")],
                        )
                        .await
                }
                _ => browser.change(Confirm::PATH, &[("current_password", PASSWORD)]).await,
            }
        }
    });
    // The first gives the browser another token, so that the others find none; that is no error.
    let all = futures::future::join_all(all).await;
    let stuck = all
        .iter()
        .filter(|result| matches!(result, Err(AppError::Internal { .. } | AppError::TooMany { .. })))
        .count();
    assert_eq!(stuck, 0, "{all:?}");
}

#[tokio::test]
async fn a_filled_up_address_keeps_nobody_from_what_is_theirs_and_tells_nothing() {
    let (test, _, mut marta, _) = with_marta(&[]).await;
    let fill = async |email: &str| {
        let rows = format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {TO_ONE}) \
             INSERT INTO outbox (id, kind, to_name, to_email, subject, body_html, body_text, created_at, due_at, counted, state) \
             SELECT '{email}' || i, 'x', '', '{email}', '', '', '', {}, 0, TRUE, 'sent' FROM n",
            NOW.0
        );
        test.execute(rows).await;
    };
    // Her old address is no login's any more when it is told of that.
    fill("marta@example.com").await;
    marta
        .change(ChangeEmail::PATH, &[("email", "marta.new@example.com"), ("current_password", PASSWORD)])
        .await
        .unwrap();
    let token = marta.mailed("marta.new@example.com", "/confirm-email/").await.unwrap();
    marta.change(ConfirmEmail::PATH, &[("token", &token)]).await.unwrap();
    assert_eq!(
        test.count("outbox WHERE kind = 'email-changed' AND to_email = 'marta@example.com' AND NOT counted")
            .await,
        1
    );
    fill("marta.new@example.com").await;
    marta.change(Confirm::PATH, &[("current_password", PASSWORD)]).await.unwrap();
    marta.change(DeleteUser::PATH, &[]).await.unwrap();
    // Whoever has not confirmed gets no link, in the same words as somebody who has no login.
    let mut nobody = test.browser();
    nobody
        .change(SignUp::PATH, &[("name", "X"), ("email", "x@example.com"), ("password", PASSWORD)])
        .await
        .unwrap();
    fill("x@example.com").await;
    let told = nobody.change(ForgotPassword::PATH, &[("email", "x@example.com")]).await.unwrap();
    let unknown = nobody.change(ForgotPassword::PATH, &[("email", "y@example.com")]).await.unwrap();
    assert_eq!(told.to.replace("x%40", "y%40"), unknown.to);
    assert_eq!(test.count("outbox WHERE kind = 'password-reset'").await, 0);
}

#[tokio::test]
async fn one_network_has_a_share_of_what_strangers_may_cause() {
    let test = TestApp::with(|config| config.limits = true).await;
    for n in 0..crate::platform::limits::STRANGERS_MAIL + 5 {
        test.browser()
            .change(
                SignUp::PATH,
                &[("name", "X"), ("email", &format!("x{n}@example.com")), ("password", PASSWORD)],
            )
            .await
            .unwrap();
    }
    assert_eq!(
        test.count("outbox WHERE kind = 'verification'").await,
        i64::from(crate::platform::limits::STRANGERS_MAIL)
    );
}

#[tokio::test]
async fn a_new_main_address_falls_with_the_rights_of_who_asked_for_it() {
    let (test, mut olivia, mut marta, bakery) = with_marta(&["profile.edit", "invoices.view"]).await;
    let of = ("account", bakery.as_str());
    marta
        .save(SaveProfile::PATH, &[of, ("name", "Bakery"), ("email", "x@evil.example"), ("mail[]", "domain")])
        .await
        .unwrap();
    let token = marta.mailed("x@evil.example", "/confirm-main-address/").await.unwrap();
    for taken in [
        "status = 'closed'",
        "status = 'active', can_log_in = FALSE",
        "can_log_in = TRUE, permissions = 'profile.edit'",
    ] {
        test.execute(format!("UPDATE contacts SET {taken} WHERE email = 'marta@example.com'")).await;
        assert!(
            matches!(
                test.browser().change(ConfirmMainAddress::PATH, &[("token", &token)]).await,
                Err(AppError::Conflict(_))
            ),
            "{taken}"
        );
        assert!(
            test.browser()
                .get(&format!("/confirm-main-address/{token}"))
                .await
                .body
                .contains("has expired, or was withdrawn"),
            "{taken}"
        );
    }
    let view = contact_by_email(&mut olivia, &bakery, "marta@example.com").await;
    assert_eq!(test.count("accounts WHERE email = 'x@evil.example'").await, 0);
    test.execute(format!(
        "UPDATE contacts SET permissions = 'profile.edit,invoices.view' WHERE id = '{}'",
        view.id
    ))
    .await;
    test.browser().change(ConfirmMainAddress::PATH, &[("token", &token)]).await.unwrap();
    assert_eq!(test.count("accounts WHERE email = 'x@evil.example'").await, 1);
}

#[tokio::test]
async fn an_owner_is_not_flooded_with_notices_and_who_leaves_is_billed_no_more() {
    let (test, mut olivia, mut marta, bakery) = with_marta(&["profile.edit", "invoices.view"]).await;
    let (of, hers) =
        (("account", bakery.as_str()), contact_by_email(&mut olivia, &bakery, "marta@example.com").await.id);
    let refused = loop {
        let to = if test.count("accounts WHERE billing_contact_id IS NULL OR billing_contact_id = ''").await
            == 1
        {
            hers.as_str()
        } else {
            ""
        };
        let fields =
            [of, ("name", "Bakery"), ("email", OLIVIA), ("mail[]", "domain"), ("billing_contact", to)];
        match marta.save(SaveProfile::PATH, &fields).await {
            Ok(_) => assert!(test.count("outbox WHERE kind = 'billing-contact'").await <= NOTICES),
            Err(AppError::Conflict(why)) => break why,
            Err(other) => panic!("{other:?}"),
        }
    };
    assert!(refused.starts_with("This has been changed so often"), "{refused}");
    test.execute(format!("UPDATE accounts SET billing_contact_id = '{hers}'")).await;
    marta.change(crate::features::ownership::rpc::LeaveAccount::PATH, &[of]).await.unwrap();
    assert_eq!(test.count("accounts WHERE coalesce(billing_contact_id, '') = ''").await, 1);
}

#[tokio::test]
async fn a_session_that_has_ended_stays_ended_when_the_clock_is_set_back() {
    let test = TestApp::new().await;
    let (olivia, bakery) = test.olivia().await;
    let (mut here, mut copy) = (olivia.clone(), olivia);
    test.later(30);
    here.change(SignOut::PATH, &[]).await.unwrap();
    test.later(-20);
    assert!(copy.get(&format!("/a/{bakery}")).await.location().starts_with("/sign-in"));
}

#[tokio::test]
async fn an_expired_invitation_that_was_resent_to_the_limit_is_followed_by_a_new_one() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    invite(&mut olivia, &bakery, "ben@example.com", "Ben", &[]).await.unwrap();
    let view = contact_by_email(&mut olivia, &bakery, "ben@example.com").await;
    let ids = [("account", bakery.as_str()), ("contact", view.id.as_str())];
    for _ in 0..5 {
        olivia.change(ResendInvitation::PATH, &ids).await.unwrap();
    }
    assert!(
        matches!(olivia.change(ResendInvitation::PATH, &ids).await, Err(AppError::Conflict(why)) if why.contains("withdraw it"))
    );
    test.later(31 * 24 * 60);
    olivia.sign_in(OLIVIA, PASSWORD).await.unwrap();
    olivia.change(ResendInvitation::PATH, &ids).await.unwrap();
    assert_eq!(
        (
            test.count("invitations WHERE state = 'expired'").await,
            test.count("invitations WHERE state = 'pending'").await
        ),
        (1, 1)
    );
}

// What goes wrong quietly.

fn command(parts: &[&str]) -> CommandLine {
    CommandLine::parse_from(std::iter::once("latchkey").chain(parts.iter().copied()))
}

async fn execute(dir: &Path, parts: &[&str]) -> Result<(), String> {
    let (name, rest) = parts.split_first().unwrap();
    let mut all = vec![*name, "--data-dir", dir.to_str().unwrap()];
    all.extend_from_slice(rest);
    commands::execute(command(&all)).await
}

#[tokio::test]
async fn commands_make_no_key_and_take_none_that_does_not_fit() {
    let test = TestApp::new().await;
    test.olivia().await;
    let (key, trail) = (test.dir.path().join("latchkey.key"), test.count("activity").await);
    for parts in [&["user", "end-sessions", OLIVIA][..], &["requests"], &["serve", "--listen", "127.0.0.1:0"]]
    {
        let parts: Vec<&str> =
            if parts[0] == "user" { vec!["user", "end-sessions", OLIVIA] } else { parts.to_vec() };
        let line = match parts[0] {
            "user" => {
                command(&["user", "--data-dir", test.dir.path().to_str().unwrap(), "end-sessions", OLIVIA])
            }
            name => {
                command(&[&[name, "--data-dir", test.dir.path().to_str().unwrap()], &parts[1..]].concat())
            }
        };
        let sentence = commands::execute(line).await.unwrap_err();
        assert!(sentence.contains("is missing. Put it back from a backup"), "{sentence}");
        assert!(!key.exists(), "{parts:?} made a key");
    }
    std::fs::write(&key, [8; 32]).unwrap();
    for name in ["user", "serve"] {
        let dir = test.dir.path().to_str().unwrap();
        let line = if name == "user" {
            command(&["user", "--data-dir", dir, "end-sessions", OLIVIA])
        } else {
            command(&["serve", "--data-dir", dir, "--listen", "127.0.0.1:0"])
        };
        let sentence = commands::execute(line).await.unwrap_err();
        assert!(sentence.starts_with("The key does not match this database"), "{sentence}");
    }
    assert_eq!(test.count("activity").await, trail, "nothing was written");
    std::fs::write(&key, [7; 32]).unwrap();
    commands::execute(command(&[
        "user",
        "--data-dir",
        test.dir.path().to_str().unwrap(),
        "end-sessions",
        OLIVIA,
    ]))
    .await
    .unwrap();
    assert_eq!(test.count("activity").await, trail + 1);
}

#[tokio::test]
async fn a_backup_is_restored_with_the_key_that_fits_and_over_nothing_newer() {
    let test = TestApp::new().await;
    test.olivia().await;
    let (dir, away) = (test.dir.path(), tempfile::tempdir().unwrap());
    std::fs::write(dir.join("latchkey.key"), [7; 32]).unwrap();
    let (backup, key, wrong) =
        (away.path().join("backup.db"), away.path().join("kept.key"), away.path().join("wrong.key"));
    std::fs::write(&key, [7; 32]).unwrap();
    std::fs::write(&wrong, [8; 32]).unwrap();
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    execute(dir, &["backup", &text(&backup)]).await.unwrap();
    // Something happens after the backup.
    test.later(60);
    test.oscar().await;
    let newer = execute(dir, &["restore", &text(&backup)]).await.unwrap_err();
    assert!(newer.contains("is newer than the backup"), "{newer}");
    // On a new machine: database and key as a pair, and nothing is written unless they fit.
    let fresh = away.path().join("fresh");
    assert!(execute(&fresh, &["restore", &text(&backup)]).await.unwrap_err().contains("is missing"));
    assert!(
        execute(&fresh, &["restore", &text(&backup), "--key", &text(&wrong)])
            .await
            .unwrap_err()
            .contains("does not match")
    );
    assert!(!db::file(&fresh).exists() && !fresh.join("latchkey.key").exists());
    execute(&fresh, &["restore", &text(&backup), "--key", &text(&key)]).await.unwrap();
    assert_eq!(std::fs::read(fresh.join("latchkey.key")).unwrap(), [7; 32]);
    execute(&fresh, &["doctor", "--listen", "127.0.0.1:0"]).await.unwrap();
    // Over its own older state it goes, and that is kept beside; while it is served, it does not.
    execute(&fresh, &["restore", &text(&backup)]).await.unwrap();
    assert!(fresh.join("latchkey.db.replaced").exists());
    // Another time none that is kept is lost, and a database with a log beside it is no backup.
    let first = std::fs::read(fresh.join("latchkey.db.replaced")).unwrap();
    execute(&fresh, &["restore", &text(&backup)]).await.unwrap();
    assert!(fresh.join("latchkey.db.replaced-2").exists());
    assert_eq!(std::fs::read(fresh.join("latchkey.db.replaced")).unwrap(), first);
    let in_use = execute(&fresh, &["restore", &text(&db::file(dir))]).await.unwrap_err();
    assert!(in_use.contains("a log beside it"), "{in_use}");
    let _held = crate::access::data_dir::hold(&fresh).unwrap();
    assert!(
        execute(&fresh, &["restore", &text(&backup)])
            .await
            .unwrap_err()
            .contains("Another Latchkey is using")
    );
    let database = Database::open(&db::file(&fresh)).await.unwrap();
    let app = crate::web::state::app_state(
        config(),
        Clock::fixed(NOW),
        Key::new([7; 32]),
        database,
        crate::demo::LOGINS,
    );
    Browser::of_app(&app).sign_in(OLIVIA, PASSWORD).await.expect("everything is as it was");
}

#[tokio::test]
async fn an_invitation_is_sent_again_after_a_refusal_also_without_a_name() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let of = ("account", bakery.as_str());
    olivia.change(InviteUsers::PATH, &[of, ("emails", "dora@example.com"), ("days", "30")]).await.unwrap();
    let token = olivia.mailed("dora@example.com", "/invitations/").await.unwrap();
    olivia
        .change(crate::features::invitations::rpc::DeclineByLink::PATH, &[("token", &token)])
        .await
        .unwrap();
    let view = contact_by_email(&mut olivia, &bakery, "dora@example.com").await;
    olivia.change(ResendInvitation::PATH, &[of, ("contact", view.id.as_str())]).await.unwrap();
    assert_eq!(
        test.count(&format!(
            "invitations WHERE state = 'pending' AND days = 30 AND expires_at = {}",
            NOW.plus_days(30).0
        ))
        .await,
        1
    );
}

#[tokio::test]
async fn no_form_undoes_what_changed_since_it_was_loaded() {
    let (test, mut olivia, mut marta, bakery) = with_marta(&[]).await;
    let of = ("account", bakery.as_str());
    test.set_up_app(&mut olivia, OLIVIA).await;
    let contact_id = contact_by_email(&mut olivia, &bakery, "marta@example.com").await.id;
    let announcement =
        crate::features::mail::announce::Announcement::read("general", "# News\n\nNew.", "", None).unwrap();
    test.execute("UPDATE contacts SET mail = 'general' WHERE email = 'marta@example.com'".into()).await;
    crate::features::mail::announce::announce(&test.app, &announcement, false).await.unwrap();
    let link = test.browser().mailed("marta@example.com", "/preferences/").await.unwrap();
    let profile = [of, ("name", "Hart Bakery"), ("email", OLIVIA), ("mail[]", "domain")];
    let own = [
        ("name", "Olivia H"),
        ("language", "en-GB"),
        ("time_zone", "UTC"),
        ("date_format", "day-month-year"),
    ];
    let choice = [of, ("mail[]", "general")];
    let by_link = [("token", link.as_str()), ("mail[]", "service")];
    let contact = [
        of,
        ("contact", contact_id.as_str()),
        ("first_name", "Marta"),
        ("email", "marta@example.com"),
        ("preset", "custom"),
        ("log_in", "on"),
    ];
    let rules = [of, ("needs_factor", "on")];
    // Every form that edits what is there, and what makes it older meanwhile.
    let forms: [(&str, &[(&str, &str)]); 6] = [
        (SaveProfile::PATH, &profile),
        (SaveOwnProfile::PATH, &own),
        (Choose::PATH, &choice),
        (ChooseByLink::PATH, &by_link),
        (UpdateContact::PATH, &contact),
        (SaveRules::PATH, &rules),
    ];
    for (path, fields) in forms {
        olivia
            .change(Confirm::PATH, &[("current_password", PASSWORD), ("code", &test.code(OLIVIA).await)])
            .await
            .unwrap();
        test.later(1);
        let browser =
            if path == Choose::PATH || path == ChooseByLink::PATH { &mut marta } else { &mut olivia };
        let version = match browser.version(path, fields).await {
            Some(version) => version,
            None => contact_by_email(browser, &bakery, "marta@example.com").await.version.to_string(),
        };
        let send: Vec<(&str, &str)> = fields.iter().copied().chain([("version", version.as_str())]).collect();
        browser.change(path, &send).await.unwrap_or_else(|error| panic!("{path}: {error}"));
        let late = browser.change(path, &send).await;
        assert!(matches!(late, Err(AppError::Conflict(_))), "{path} was done from an older page: {late:?}");
        assert!(
            matches!(browser.change(path, fields).await, Err(AppError::Conflict(_))),
            "{path} without its version"
        );
    }
    // An unsubscribe between load and save stays.
    let version = olivia.version(SaveProfile::PATH, &[of]).await.unwrap();
    test.execute("UPDATE accounts SET mail = 'domain,newsletter'".into()).await;
    let main: MailChoice = olivia.call(OwnChoice::PATH, &[of]).await.unwrap();
    olivia
        .change(Choose::PATH, &[of, ("version", &main.version.to_string()), ("mail[]", "domain")])
        .await
        .unwrap();
    let stale: Vec<_> =
        profile.iter().copied().chain([("mail[]", "newsletter"), ("version", version.as_str())]).collect();
    assert!(matches!(olivia.change(SaveProfile::PATH, &stale).await, Err(AppError::Conflict(_))));
    assert_eq!(test.count("accounts WHERE mail LIKE '%newsletter%'").await, 0);
}

#[tokio::test]
async fn mail_about_a_login_is_its_owners_data_and_goes_with_it() {
    let (test, _, mut marta, _) = with_marta(&[]).await;
    let mut elsewhere = test.browser();
    elsewhere.sign_in("marta@example.com", PASSWORD).await.unwrap();
    assert!(test.count("outbox WHERE account_id IS NULL AND to_email = 'marta@example.com' AND body_text LIKE '%127.0.0.1%'").await > 0);
    marta
        .change(ChangeEmail::PATH, &[("email", "marta.new@example.com"), ("current_password", PASSWORD)])
        .await
        .unwrap();
    let token = marta.mailed("marta.new@example.com", "/confirm-email/").await.unwrap();
    marta.change(ConfirmEmail::PATH, &[("token", &token)]).await.unwrap();
    let data = marta.get("/profile/data").await.body;
    assert!(
        data.contains("New sign-in to your login")
            && data.contains("Your e-mail address was changed")
            && !data.contains(&token),
        "{data}"
    );
    marta.change(DeleteUser::PATH, &[]).await.unwrap();
    let left = test.count("outbox WHERE account_id IS NULL AND to_email LIKE 'marta%'").await;
    assert_eq!(
        (left, test.last_mail("marta.new@example.com").await.subject.as_str()),
        (1, "Your login was deleted")
    );
}

#[tokio::test]
async fn a_cards_address_follows_its_login() {
    let (test, mut olivia, mut marta, bakery) = with_marta(&[]).await;
    let (mut oscar, elsewhere) = test.oscar().await;
    for (owner, account) in [(&mut oscar, &elsewhere)] {
        invite(owner, account, "marta@example.com", "Marta Diaz", &[]).await.unwrap();
    }
    accept_all(&mut marta).await.unwrap();
    // There, somebody else has the new address already.
    add(&mut oscar, &elsewhere, "Other", "marta.new@example.com").await.unwrap();
    marta
        .change(ChangeEmail::PATH, &[("email", "marta.new@example.com"), ("current_password", PASSWORD)])
        .await
        .unwrap();
    let token = marta.mailed("marta.new@example.com", "/confirm-email/").await.unwrap();
    let done = marta.change(ConfirmEmail::PATH, &[("token", &token)]).await.unwrap();
    assert!(
        done.say.ends_with("On Elsewhere Ltd, another contact already has this address, so you keep the old one there. Ask whoever manages the contacts to change that."),
        "{}",
        done.say
    );
    assert!(
        contact_by_email(&mut olivia, &bakery, "marta.new@example.com").await.linked,
        "and it is found by it"
    );
    assert_eq!(test.last_mail(OLIVIA).await.subject, "Marta Diaz has a new e-mail address");
    assert_eq!(test.count("contacts WHERE email = 'marta@example.com'").await, 1, "nothing changed there");
    assert!(test.kinds().await.contains(&"contacts.changed".to_owned()));
}

#[tokio::test]
async fn a_card_that_is_opened_again_is_invited_again_when_its_invitation_has_expired() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    invite(&mut olivia, &bakery, "ben@example.com", "Ben", &[]).await.unwrap();
    let view = contact_by_email(&mut olivia, &bakery, "ben@example.com").await;
    test.execute("UPDATE contacts SET status = 'closed' WHERE email = 'ben@example.com'".into()).await;
    test.later(8 * 24 * 60);
    olivia.sign_in(OLIVIA, PASSWORD).await.unwrap();
    assert_eq!(test.mails_to("ben@example.com").await, 1);
    olivia.update_contact(&bakery, &view, &[("status", "active"), ("notify", "on")]).await.unwrap();
    assert_eq!(test.mails_to("ben@example.com").await, 2);
    assert_eq!(
        (
            test.count("invitations WHERE state = 'expired'").await,
            test.count("invitations WHERE state = 'pending'").await
        ),
        (1, 1)
    );
    // The job and every reader agree.
    test.later(8 * 24 * 60);
    olivia.sign_in(OLIVIA, PASSWORD).await.unwrap();
    let shown = contact_by_email(&mut olivia, &bakery, "ben@example.com").await.status;
    jobs::run(&test.app).await.unwrap();
    assert_eq!(contact_by_email(&mut olivia, &bakery, "ben@example.com").await.status, shown);
    assert_eq!(test.count("invitations WHERE state = 'pending'").await, 0);
}

#[tokio::test]
async fn what_hangs_on_a_card_is_said_and_handed_over_in_the_same_step() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let of = ("account", bakery.as_str());
    let mut marta =
        test.member(&mut olivia, &bakery, "Marta Diaz", "marta@example.com", &["contacts.manage"]).await;
    let mut ben =
        test.member(&mut olivia, &bakery, "Ben Carter", "ben@example.com", &["contacts.manage"]).await;
    add(&mut olivia, &bakery, "Ada", "ada@example.com").await.unwrap();
    let (ben_contact, ada) = (
        contact_by_email(&mut olivia, &bakery, "ben@example.com").await,
        contact_by_email(&mut olivia, &bakery, "ada@example.com").await,
    );
    test.execute(format!("UPDATE accounts SET billing_contact_id = '{}', mail = 'general'", ben_contact.id))
        .await;
    test.execute(
        "UPDATE contacts SET mail = CASE WHEN email = 'ben@example.com' THEN 'domain' ELSE 'general' END"
            .into(),
    )
    .await;
    olivia
        .change(
            crate::features::ownership::rpc::OfferOwnership::PATH,
            &[of, ("contact", ben_contact.id.as_str()), ("current_password", PASSWORD)],
        )
        .await
        .unwrap();
    let marta_contact = contact_by_email(&mut olivia, &bakery, "marta@example.com").await.id;
    ben.change(crate::features::previews::rpc::SeeContact::PATH, &[of, ("contact", marta_contact.as_str())])
        .await
        .unwrap();
    // The question says all of it.
    let question = olivia.get(&format!("/a/{bakery}/contacts?delete={}", ben_contact.id)).await.body;
    for part in [
        "The offer of ownership to Ben Carter ends.",
        "1 open preview ends.",
        "Invoices are addressed to",
        "Domain mail goes to",
        "Ada (ada@example.com)",
    ] {
        assert!(question.contains(part), "{part}");
    }
    // Who may not see invoices does not choose where they go; nothing was done.
    let ids = [of, ("contact", ben_contact.id.as_str())];
    let to_ada = [ids[0], ids[1], ("billing_to", ada.id.as_str()), ("domain_to", "main")];
    assert!(matches!(marta.change(DeleteContact::PATH, &to_ada).await, Err(AppError::Lacks { .. })));
    // Nobody takes it who cannot.
    let to_himself = [ids[0], ids[1], ("billing_to", ben_contact.id.as_str()), ("domain_to", "main")];
    assert_eq!(refused_fields(olivia.change(DeleteContact::PATH, &to_himself).await)[0].0, "billing_to");
    let mut seen = olivia.get(&format!("/a/{bakery}/contacts/{}/edit", ben_contact.id)).await.body;
    assert!(seen.contains("If you close this contact"));
    // Closed, with both handed over in the same step.
    let view = contact_by_email(&mut olivia, &bakery, "ben@example.com").await;
    let closed = form_of(
        &bakery,
        &view,
        &[("status", "closed"), ("billing_to", ada.id.as_str()), ("domain_to", ada.id.as_str())],
    );
    olivia.change(UpdateContact::PATH, &borrowed(&closed)).await.unwrap();
    let rows: Vec<RecipientRow> = olivia.call(WhoGetsWhat::PATH, &[of]).await.unwrap();
    let of_category = |key: &str| {
        rows.iter()
            .find(|row| row.category == key)
            .unwrap()
            .who
            .iter()
            .map(|(who, _)| who.email.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (of_category("invoice"), of_category("domain")),
        (vec!["ada@example.com".to_owned()], vec!["ada@example.com".to_owned()])
    );
    assert_eq!((test.count("previews").await, test.count("transfers WHERE state = 'pending'").await), (0, 0));
    assert_eq!(test.count("outbox WHERE kind = 'billing-contact'").await, 1);
    // Deleting the billing contact without a choice says in the audit trail what becomes of the invoices.
    test.execute("UPDATE accounts SET mail = 'domain'".into()).await;
    olivia.change(DeleteContact::PATH, &[of, ("contact", ada.id.as_str())]).await.unwrap();
    seen = olivia.get(&format!("/a/{bakery}/activity")).await.body;
    assert!(
        seen.contains("made The account itself the billing contact in place of Ada (ada@example.com)"),
        "the trail says it"
    );
}

#[tokio::test]
async fn pages_follow_each_other_whatever_names_are_like() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let rows = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120) \
         INSERT INTO contacts (id, account_id, first_name, last_name, company, email, email_key, phone, street, city, region, postcode, country, name_key, \
         search_text, created_at, updated_at) SELECT 'c' || (1000 + i), '{bakery}', '{name}', i, '', 'p' || i || '@example.com', 'p' || i || '@example.com', \
         '', '', '', '', '', '', '{name} ' || (1000 + i), '{name} p' || i, 0, 0 FROM n",
        name = "ж".repeat(300)
    );
    test.execute(rows).await;
    let mut seen = std::collections::BTreeSet::new();
    let mut query = ListQuery::default();
    loop {
        let page = table(&mut olivia, &bakery, &query).await.unwrap();
        seen.extend(page.items.iter().map(|row| row.id.to_string()));
        let Some(next) = page.next else { break };
        assert!(next.len() <= 26, "the cursor is an id: {next}");
        query.after = next;
    }
    assert_eq!(seen.len(), 121);
    // A row that is gone begins the list anew.
    let gone = table(
        &mut olivia,
        &bakery,
        &ListQuery { after: "01k9zv5s8t3w2x1y0abcdefghj".into(), ..ListQuery::default() },
    )
    .await
    .unwrap();
    assert_eq!((gone.skipped, gone.items.len()), (0, 50));
}

#[tokio::test]
async fn a_day_is_a_day_of_the_persons_own_calendar() {
    // 23:30 in Auckland is 10:30 UTC, in Honolulu 09:30 UTC of the next day.
    for (zone, utc_minutes, today, yesterday, midnight_utc) in [
        ("Pacific/Auckland", 10 * 60 + 30, "2026-11-22", "2026-11-21", "2026-11-21T11:00:00Z"),
        ("Pacific/Honolulu", 24 * 60 + 9 * 60 + 30, "2026-11-22", "2026-11-21", "2026-11-22T10:00:00Z"),
    ] {
        let test = TestApp::new().await;
        let (mut olivia, bakery) = test.olivia().await;
        let service = test.service(&bakery, "Shop").await;
        olivia
            .save(
                SaveOwnProfile::PATH,
                &[
                    ("name", "Olivia Hart"),
                    ("language", "en-GB"),
                    ("time_zone", zone),
                    ("date_format", "day-month-year"),
                ],
            )
            .await
            .unwrap();
        test.later(utc_minutes - 2 * 60);
        let cancel = |day: &'static str| {
            [
                ("account", bakery.to_string()),
                ("service", service.to_string()),
                ("reason", "done".into()),
                ("when", "day".into()),
                ("day", day.to_owned()),
                ("sure", "on".into()),
            ]
            .map(|(name, value)| (name.to_owned(), value))
        };
        let refused = olivia.change(RequestCancellation::PATH, &borrowed(&cancel(yesterday))).await;
        assert_eq!(refused_fields(refused)[0].0, "day", "{zone}: yesterday is over");
        olivia
            .change(RequestCancellation::PATH, &borrowed(&cancel(today)))
            .await
            .unwrap_or_else(|error| panic!("{zone}: {error}"));
        assert_eq!(test.scalar("SELECT wanted_from FROM requests").await, iso(midnight_utc), "{zone}");
        let page = olivia.get(&format!("/a/{bakery}/services/{service}")).await.body;
        assert!(page.contains("From 22 Nov 2026"), "{zone}: the day that she chose is shown");
        let mail = test.last_mail("staff@portal.example").await.body_text;
        assert!(mail.contains("From 22 Nov 2026 ("), "{zone}: and told to staff, with the zone: {mail}");
    }
}

fn iso(text: &str) -> i64 {
    let day = crate::types::Timestamp::parse_day(&text[..10]).unwrap();
    day.plus_minutes(text[11..13].parse::<i64>().unwrap() * 60).0
}

// Time.

#[tokio::test]
async fn pages_of_who_gets_which_mail_name_everybody_once() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let of = ("account", bakery.as_str());
    let rows = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 130) \
         INSERT INTO contacts (id, account_id, first_name, last_name, company, email, email_key, phone, street, city, region, postcode, country, name_key, \
         search_text, mail, created_at, updated_at) SELECT '01k9zv5s8t3w2x1y0abcde' || (1000 + i), '{bakery}', 'P', i, '', 'p' || i || '@example.com', 'p' || i || '@example.com', \
         '', '', '', '', '', '', 'p ' || (1000 + i), 'p', CASE WHEN i % 2 = 0 THEN 'domain,invoice' ELSE 'domain' END, 0, 0 FROM n"
    );
    test.execute(rows).await;
    // The billing contact gets copies too, and somebody has the main address.
    test.execute("UPDATE accounts SET billing_contact_id = '01k9zv5s8t3w2x1y0abcde1100', email = 'p70@example.com', mail = 'domain'".into()).await;
    let people = {
        let mut reader = System::of(&test.app).read().await.unwrap();
        crate::features::recipients::store::people(reader.conn(), &bakery).await.unwrap()
    };
    for event in crate::features::recipients::model::Event::all(None) {
        let expected: Vec<String> = crate::features::recipients::model::recipients(&event, &people)
            .into_iter()
            .map(|who| who.email)
            .collect();
        let (mut paged, mut after) = (Vec::new(), String::new());
        let total = loop {
            let rows: Vec<RecipientRow> = olivia
                .call(WhoGetsWhat::PATH, &[of, ("event", event.key()), ("after", &after)])
                .await
                .unwrap();
            let row = rows.into_iter().next().unwrap();
            paged.extend(row.who.into_iter().map(|(who, _)| who.email));
            assert!(paged.len() <= expected.len(), "{}: nobody stands on two pages", event.key());
            match row.next {
                Some(next) => after = next.to_string(),
                None => break row.total,
            }
        };
        assert_eq!(paged, expected, "{}", event.key());
        assert_eq!(usize::try_from(total).unwrap(), expected.len(), "{}", event.key());
    }
    let all: Vec<RecipientRow> = olivia.call(WhoGetsWhat::PATH, &[of]).await.unwrap();
    assert!(all.iter().all(|row| row.who.len() <= 10), "the page shows the first of them");
    assert!(olivia.get(&format!("/a/{bakery}/recipients")).await.body.contains("See all 131"));
}

#[tokio::test]
async fn contacts_are_found_by_the_beginnings_of_their_words() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    for (first, email) in [
        ("Jörg", "jorg.ohm@müller.example".replace('ü', "ue")),
        ("Ann-Kathrin", "ak+news@example.com".into()),
        ("Ánh", "anh@example.com".into()),
    ] {
        let fields = [
            ("account", bakery.as_str()),
            ("first_name", first),
            ("last_name", "O'Neil \\ \"Q\""),
            ("company", "Hart (UK), Ltd."),
            ("email", email.as_str()),
        ];
        olivia.change(CreateContact::PATH, &fields).await.unwrap();
    }
    let found = async |browser: &mut Browser, q: &str| {
        table(browser, &bakery, &ListQuery { q: q.into(), ..ListQuery::default() }).await.unwrap().items.len()
    };
    for (q, count) in [
        ("jör", 1),
        ("JÖRG", 1),
        ("kath", 1),
        ("ann kath", 1),
        ("news", 1),
        ("hart ltd", 3),
        ("o'neil", 3),
        ("\"q\"", 3),
        ("jorg.ohm@mueller.example", 1),
        ("mueller", 1),
        ("xyz", 0),
        ("jörg xyz", 0),
        ("%", 0),
        ("_", 4),
        ("", 4),
        ("\\", 3),
    ] {
        assert_eq!(found(&mut olivia, q).await, count, "“{q}”");
    }
    // Renamed, they are found by the new name and no longer by the old one.
    let view = contact_by_email(&mut olivia, &bakery, "anh@example.com").await;
    olivia.update_contact(&bakery, &view, &[("first_name", "Linh")]).await.unwrap();
    assert_eq!((found(&mut olivia, "linh").await, found(&mut olivia, "ánh").await), (1, 0));
    // A word that very many have is found in the list's own order.
    let rows = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) \
         INSERT INTO contacts (id, account_id, first_name, last_name, company, email, email_key, phone, street, city, region, postcode, country, name_key, \
         search_text, created_at, updated_at) SELECT 'c' || (10000 + i), '{bakery}', 'Common', i, '', 'c' || i || '@x.example', 'c' || i || '@x.example', \
         '', '', '', '', '', '', 'common ' || (10000 + i), 'common ' || i || ' c' || i || '@x.example', 0, 0 FROM n"
    );
    test.execute(rows).await;
    let page =
        table(&mut olivia, &bakery, &ListQuery { q: "common".into(), ..ListQuery::default() }).await.unwrap();
    assert_eq!((page.items.len(), page.total), (50, 1_001));
    assert!(olivia.get(&format!("/a/{bakery}/contacts?q=common")).await.body.contains("1–50 of 1,000+"));
    assert_eq!(found(&mut olivia, "common 77").await, 1 + 10, "77 and 770 to 779");
}

#[test]
fn the_docs_say_how_long_rows_are_kept_and_how_much_mail_goes() {
    let docs =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/security/limits.md")).unwrap();
    assert!(
        docs.contains(&jobs::table()),
        "the table of lifetimes in docs/security/limits.md is\n{}",
        jobs::table()
    );
    for number in [TO_ONE.to_string(), OF_ACCOUNT.to_string(), "2,000".to_owned()] {
        assert!(docs.contains(&format!("{number} mails")), "{number}");
    }
    assert_eq!(OF_ALL, 2_000);
}
