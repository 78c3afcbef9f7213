//! What an attacker would try: stolen cookies and links, replays, forged forms, other people's ids in every
//! request, timing, floods.

use super::access::{Ground, PAGES, Who, table};
use super::support::*;
use crate::demo::browser::Browser;
use crate::error::AppError;
use crate::features::contacts::rpc::*;
use crate::features::second_factor::rpc::*;
use crate::features::sign_in::rpc::*;
use crate::features::users::rpc::*;
use crate::platform::db::{MadeSql, args};
use crate::web::http::routes;
use axum::body::Body;
use axum::http::{Method, Request, header};
use leptos::server_fn::ServerFn as _;

const OLIVIA: &str = "olivia@bakery.example";

#[tokio::test]
async fn a_stolen_session_cookie_ends_with_the_session_and_opens_nothing_dangerous() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    // The thief has her cookies, and ten minutes later what is dangerous wants the password.
    let mut thief = olivia.clone();
    test.later(11);
    assert!(thief.get("/security").await.status.is_success());
    for (path, fields) in [
        (SetUpApp::PATH, vec![]),
        (AddApp::PATH, vec![("seed", "x"), ("code", "000000")]),
        (PasskeyOptions::PATH, vec![]),
        (AddPasskey::PATH, vec![("passkey", "{}")]),
        (ShowCodes::PATH, vec![]),
        (RenewCodes::PATH, vec![]),
        (RemoveApp::PATH, vec![]),
        (RemovePasskey::PATH, vec![("id", "x")]),
        (DeleteUser::PATH, vec![]),
    ] {
        assert_eq!(thief.change(path, &fields).await.unwrap_err(), AppError::Unconfirmed, "{path}");
    }
    // Nobody is let in who would stay when the session has ended.
    let of = ("account", bakery.as_str());
    let keys = [of, ("first_name", "Eve"), ("log_in", "on"), ("permissions[]", "contacts.manage")];
    let contact = [&keys[..], &[("email", "eve@evil.example")]].concat();
    assert_eq!(thief.change(CreateContact::PATH, &contact).await.unwrap_err(), AppError::Unconfirmed);
    let people = [&keys[..], &[("emails", "eve@evil.example")]].concat();
    assert_eq!(thief.change(InviteUsers::PATH, &people).await.unwrap_err(), AppError::Unconfirmed);
    assert_eq!(test.count("contacts WHERE email LIKE 'eve%'").await, 0);
    assert_eq!(thief.get("/profile/data").await.status, 303);
    assert!(
        refused_fields(
            thief
                .change(
                    ChangePassword::PATH,
                    &[("current_password", "guess"), ("new_password", "another-plum-evening-17")]
                )
                .await
        )[0]
        .0 == "current_password"
    );
    // She signs everybody else out, or out herself: the cookie is worth nothing.
    olivia.change(SignOut::PATH, &[]).await.unwrap();
    assert_eq!(thief.get("/security").await.status, 303);
    assert_eq!(
        thief.call::<Vec<(String, bool)>>(ShowCodes::PATH, &[]).await.unwrap_err(),
        AppError::SignedOut
    );
}

#[tokio::test]
async fn guesses_with_a_stolen_session_wait_longer_and_longer() {
    let test = TestApp::with(|config| config.limits = true).await;
    let (olivia, _) = test.olivia().await;
    let session = olivia.cookie("latchkey").unwrap();
    let mut refused = 0;
    for n in 0..12 {
        // A browser that calls itself another one each time has no new guesses: only one that she has signed
        // in with has its own.
        let request = Request::post(Confirm::PATH)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, format!("latchkey={session}; latchkey-device=made-up-{n}"));
        let answer = test.browser().send(request.body(Body::from("current_password=guess")).unwrap()).await;
        refused += usize::from(answer.status.as_u16() == 429);
    }
    assert_eq!(refused, 7);
}

#[tokio::test]
async fn a_stolen_mail_link_works_once_and_not_after_it_was_used() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    // The owner of the mailbox was faster.
    olivia.change(ForgotPassword::PATH, &[("email", OLIVIA)]).await.unwrap();
    let reset = olivia.mailed(OLIVIA, "/reset-password/").await.unwrap();
    olivia
        .change(ResetPassword::PATH, &[("token", &reset), ("password", "another-plum-evening-17")])
        .await
        .unwrap();
    let mut thief = test.browser();
    let stolen =
        thief.change(ResetPassword::PATH, &[("token", &reset), ("password", "thief-plum-evening-17")]).await;
    assert!(matches!(stolen, Err(AppError::Conflict(_))));
    // A link that confirms a changed address is worth nothing in another browser.
    olivia
        .change(
            ChangeEmail::PATH,
            &[("email", "new@bakery.example"), ("current_password", "another-plum-evening-17")],
        )
        .await
        .unwrap();
    let link = olivia.mailed("new@bakery.example", "/confirm-email/").await.unwrap();
    assert_eq!(thief.change(ConfirmEmail::PATH, &[("token", &link)]).await.unwrap_err(), AppError::SignedOut);
    let (mut oscar, _) = test.oscar().await;
    assert!(matches!(
        oscar.change(ConfirmEmail::PATH, &[("token", &link)]).await,
        Err(AppError::Conflict(_))
    ));
    // An invitation is for its address: somebody else's login cannot take it.
    invite(&mut olivia, &bakery, "ben@example.com", "Ben", &[]).await.unwrap();
    let offer = olivia.mailed("ben@example.com", "/invitations/").await.unwrap();
    let page = oscar.get(&format!("/invitations/{offer}")).await.body;
    assert!(page.contains("This invitation is for") && !page.contains("can enter this account now"));
}

#[tokio::test]
async fn a_reply_is_never_given_to_another_browser() {
    let test = TestApp::new().await;
    test.olivia().await;
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("email", OLIVIA),
            ("password", PASSWORD),
            ("_once", "0123456789abcdef0123456789abcdef"),
        ])
        .finish();
    let mut phone = test.browser();
    phone.post(SignIn::PATH, body.clone()).await;
    let first = phone.get("/security").await;
    assert!(first.status.is_success());
    test.execute("UPDATE users SET password_hash = 'changed'".into()).await;
    // The same request, recorded and sent again by a browser that has been here: the repeated reply is not
    // for it.
    let mut other = test.browser();
    other.post(ForgotPassword::PATH, "email=x%40example.com".into()).await;
    let request = Request::post(SignIn::PATH)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::COOKIE, "latchkey-device=another");
    let answer = other.send(request.body(Body::from(body)).unwrap()).await;
    assert_eq!(answer.status, 422);
    assert_eq!(other.get("/security").await.status, 303);
}

#[tokio::test]
async fn forms_from_other_sites_are_refused_whatever_they_send() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let attempts: [&[(&str, &str)]; 7] = [
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "nonsense")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", "http://portal.example.evil.example")],
        &[("origin", "http://portal.example"), ("sec-fetch-site", "cross-site")],
    ];
    for path in [
        SignOut::PATH,
        CreateContact::PATH,
        "/accounts",
        &format!("/a/{bakery}/contacts"),
        "/sign-on/check",
        "/healthz",
    ] {
        for headers in attempts {
            for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
                let mut request = Request::builder()
                    .method(method.clone())
                    .uri(path)
                    .header(header::HOST, "portal.example");
                for (name, value) in headers {
                    request = request.header(*name, *value);
                }
                let answer = olivia
                    .send(
                        request
                            .body(Body::from(format!(
                                "account={bakery}&first_name=Eve&email=eve%40evil.example"
                            )))
                            .unwrap(),
                    )
                    .await;
                assert_eq!(answer.status, 403, "{method} {path} with {headers:?}");
            }
        }
    }
    assert_eq!(test.scalar("SELECT count(*) FROM contacts").await, 1);
    assert!(olivia.get("/security").await.status.is_success(), "still signed in");
    // Nothing is changed by reading either.
    for path in [SignOut::PATH, DeleteUser::PATH, CreateContact::PATH] {
        assert_eq!(olivia.get(&format!("{path}?account={bakery}")).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn private_pages_are_not_kept_and_the_way_back_after_signing_out_finds_nothing() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let private =
        ["/accounts", "/profile", "/security", "/security/app", "/security/recovery-codes", "/profile/data"]
            .map(str::to_owned);
    let inside = ["", "/contacts", "/activity", "/activity.csv", "/emails", "/profile", "/ownership"]
        .map(|page| format!("/a/{bakery}{page}"));
    for path in private.iter().chain(&inside) {
        let page = olivia.get(path).await;
        assert!(page.status.is_success(), "{path}: {}", page.status);
        assert_eq!(page.headers[header::CACHE_CONTROL], "no-store", "{path}");
    }
    let out = olivia.change(SignOut::PATH, &[]).await.unwrap();
    assert!(out.reload);
    for path in private.iter().chain(&inside) {
        assert_eq!(olivia.get(path).await.status, 303, "{path} after signing out");
    }
}

#[tokio::test]
async fn two_tabs_do_not_write_over_each_other() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    add(&mut olivia, &bakery, "Ada", "ada@example.com").await.unwrap();
    let ada = contact_by_email(&mut olivia, &bakery, "ada@example.com").await;
    let (first, second) =
        (form_of(&bakery, &ada, &[("phone", "1")]), form_of(&bakery, &ada, &[("phone", "2")]));
    let mut tab = olivia.clone();
    olivia.change(UpdateContact::PATH, &borrowed(&first)).await.unwrap();
    assert!(matches!(tab.change(UpdateContact::PATH, &borrowed(&second)).await, Err(AppError::Conflict(_))));
    assert_eq!(contact_by_email(&mut olivia, &bakery, "ada@example.com").await.form.phone, "1");
    // Signed out in one tab is signed out in the other.
    olivia.change(SignOut::PATH, &[]).await.unwrap();
    assert_eq!(tab.change(UpdateContact::PATH, &borrowed(&second)).await.unwrap_err(), AppError::SignedOut);
}

#[tokio::test]
async fn ten_thousand_wrong_passwords_cost_little_and_open_nothing() {
    let test = TestApp::with(|config| config.limits = true).await;
    let (mut olivia, _) = test.olivia().await;
    let mut attacker = test.browser();
    let (mut checked, mut refused) = (0, 0);
    for n in 0..10_000 {
        match attacker
            .post(SignIn::PATH, format!("email=olivia%40bakery.example&password=guess-{n}"))
            .await
            .status
            .as_u16()
        {
            422 => checked += 1,
            429 => refused += 1,
            other => panic!("answered with {other}"),
        }
    }
    assert_eq!((checked, refused), (5, 9_995), "only five were compared with the password");
    olivia.change(SignOut::PATH, &[]).await.unwrap();
    olivia.sign_in(OLIVIA, PASSWORD).await.expect("she is not kept out");
}

async fn time(browser: &mut Browser, email: &str) -> u128 {
    let started = crate::platform::clock::stopwatch();
    let answer = browser.post(SignIn::PATH, format!("email={email}&password=wrong-password-1")).await;
    assert_eq!(answer.status, 422);
    started.elapsed().as_micros()
}

fn median(sorted: &[u128]) -> u128 {
    sorted[sorted.len() / 2]
}

/// How far the medians of two samples are apart, in units of their spread: the larger median distance from
/// the own median.
#[expect(clippy::cast_precision_loss, reason = "microseconds of seconds")]
fn apart(samples: [&[u128]; 2]) -> f64 {
    let sorted = samples.map(|sample| {
        let mut sample = sample.to_vec();
        sample.sort_unstable();
        sample
    });
    let medians = [median(&sorted[0]), median(&sorted[1])];
    let spread = |which: usize| {
        let mut away: Vec<u128> = sorted[which].iter().map(|time| time.abs_diff(medians[which])).collect();
        away.sort_unstable();
        median(&away)
    };
    medians[0].abs_diff(medians[1]) as f64 / spread(0).max(spread(1)).max(1) as f64
}

/// Medians that are closer than their spread cannot be told apart by who has fewer tries than the limits
/// leave.
const TOLD_APART: f64 = 1.0;

#[test]
fn what_takes_longer_is_told_apart() {
    // A machine that is disturbed now and then; and a check that takes a tenth more.
    let times = |more: u128| -> Vec<u128> {
        (0..400)
            .map(|n: u128| {
                20_000 + (n * 7_919) % 1_000 + if n.is_multiple_of(13) { 15_000 } else { 0 } + more
            })
            .collect()
    };
    assert!(apart([&times(0), &times(20)]) < TOLD_APART);
    assert!(apart([&times(0), &times(2_000)]) > TOLD_APART);
    assert!(apart([&times(0), &[500; 400]]) > TOLD_APART, "nothing compared at all");
}

#[tokio::test]
async fn a_wrong_password_takes_as_long_for_an_address_that_nobody_has() {
    let test = TestApp::new().await;
    test.olivia().await;
    let mut browser = test.browser();
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    // In turn, and each of them first as often, so that what else the machine does concerns both.
    for round in 0..400 {
        let first = round % 2 == 0;
        for is_known in [first, !first] {
            let (email, times) = if is_known {
                ("olivia%40bakery.example", &mut known)
            } else {
                ("nobody%40bakery.example", &mut unknown)
            };
            times.push(time(&mut browser, email).await);
        }
    }
    let apart = apart([&known, &unknown]);
    assert!(apart < TOLD_APART, "{apart} times their spread apart");
}

#[tokio::test]
async fn what_is_asked_for_by_an_odd_path_is_no_file() {
    let test = TestApp::new().await;
    let mut nobody = test.browser();
    for path in [
        "/../latchkey.key",
        "/..%2flatchkey.key",
        "/%2e%2e/latchkey.db",
        "/pkg/../../latchkey.db",
        "/fonts/..%5c..%5clatchkey.key",
        "//etc/passwd",
        "/pkg/%00",
    ] {
        let Ok(request) = Request::get(path).body(Body::empty()) else { continue };
        let answer = nobody.send(request).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(!answer.body.contains("SQLite"), "{path}");
    }
}

/// Everything that Hart Bakery's account holds, as text.
async fn everything(ground: &Ground) -> Vec<String> {
    let account = &ground.bakery;
    let mut all = Vec::new();
    for (table, columns) in [
        ("accounts", "id || name || email || status || owner_id || needs_factor"),
        (
            "contacts",
            "id || first_name || email || status || can_log_in || permissions || mail || version || coalesce(user_id, '')",
        ),
        ("services", "id || label || status"),
        ("domains", "id || name || status || nameservers || locked || auto_renew"),
        ("invitations", "id || state || serial || resends || email"),
        ("requests", "id || state || kind"),
        ("transfers", "id || state || to_id"),
        ("outbox", "id || to_email || subject"),
        ("asks", "id || permission"),
    ] {
        let of = if table == "accounts" { "id" } else { "account_id" };
        let mut reader = crate::access::System::of(&ground.test.app).read().await.unwrap();
        let sql = format!("SELECT {columns} FROM {table} WHERE {of} = '{account}' ORDER BY id");
        all.extend(reader.conn().values::<String>(MadeSql(sql), args![]).await.unwrap());
    }
    all
}

/// Calls every function and opens every page of the access table with ids of Hart Bakery, as Oscar, who owns
/// another account: once with the bakery's account and once, swapped, with his own.
#[tokio::test]
async fn other_peoples_ids_open_and_change_nothing_in_any_request() {
    let mut ground = Ground::new().await;
    let (mut oscar, elsewhere) = ground.test.oscar().await;
    invite(&mut ground.olivia, &ground.bakery, "ines@example.com", "Ines Invited", &[]).await.unwrap();
    let message = ground.test.last_mail("ines@example.com").await.id;
    let invitation: String = {
        let mut reader = crate::access::System::of(&ground.test.app).read().await.unwrap();
        reader.conn().value("SELECT id FROM invitations LIMIT 1", args![]).await.unwrap()
    };
    let session = ground
        .olivia
        .call::<crate::features::users::model::Security>(ShowSecurity::PATH, &[])
        .await
        .unwrap()
        .sessions[0]
        .id
        .clone();
    let before = everything(&ground).await;
    // Words that only the bakery's data holds.
    let secrets =
        ["Target", "target@example.com", "Ines Invited", "ines@example.com", "Shop", "bakery.example"];
    for account in [ground.bakery.as_str(), elsewhere.as_str()] {
        let fields = [
            ("account", account),
            ("contact", ground.target.as_str()),
            ("service", ground.service.as_str()),
            ("domain", ground.domain.as_str()),
            ("message", message.as_str()),
            ("invitation", invitation.as_str()),
            ("asked", ground.owner.as_str()),
            ("session", session.as_str()),
            ("id", session.as_str()),
            ("asset", ground.service.as_str()),
            ("about", ground.service.as_str()),
            ("act", "close"),
            ("who", ground.target.as_str()),
            ("permission", "service.view"),
            ("kind", "lock"),
            ("version", "1"),
            ("first_name", "Eve"),
            ("email", "eve@evil.example"),
            ("status", "closed"),
            ("log_in", "on"),
            ("preset", "full_privileges"),
            ("nameservers_wanted", "a.evil.example\nb.evil.example"),
            ("wanted", "everything"),
            ("reason", "evil"),
            ("sure", "on"),
            ("current_password", PASSWORD),
            ("token", "x"),
            ("reset", "false"),
            ("role", "01k9zv5s8t3w2x1y0abcdefghj"),
            ("request", "01k9zv5s8t3w2x1y0abcdefghj"),
            ("user", "01k9zv5s8t3w2x1y0abcdefghj"),
            ("ticket", ground.ticket.as_str()),
            ("invoice", "01k9zv5s8t3w2x1y0abcdefghv"),
            ("text", "evil"),
            ("department", "01k9zv5s8t3w2x1y0abcdefghd"),
        ];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        for (path, who) in table() {
            // What ends his own session or login says nothing about others.
            if [
                SignOut::PATH,
                DeleteUser::PATH,
                EndOtherSessions::PATH,
                ChangeEmail::PATH,
                ForgotPassword::PATH,
            ]
            .contains(&path)
            {
                continue;
            }
            let answer = oscar.post(path, body.clone()).await;
            let status = answer.status.as_u16();
            if account == ground.bakery.as_str() && !matches!(who, Who::Public(_) | Who::SignedIn) {
                assert_eq!(status, 404, "{path} of another account");
            }
            for secret in secrets {
                assert!(
                    !answer.body.contains(secret),
                    "{path} as {account} tells “{secret}”: {}",
                    answer.body
                );
            }
        }
        for (page, _) in PAGES.iter().filter(|(page, _)| page.starts_with("/a/")) {
            let path = page
                .replace("{account}", account)
                .replace("{contact}", ground.target.as_str())
                .replace("{service}", ground.service.as_str());
            let path =
                path.replace("{domain}", ground.domain.as_str()).replace("{message}", message.as_str());
            let answer = oscar.get(&path).await;
            let named = page.contains("{contact}")
                || page.contains("{service}")
                || page.contains("{domain}")
                || page.contains("{message}");
            if named || account == ground.bakery.as_str() {
                assert_eq!(answer.status, 404, "{page} as {account}");
            }
            for secret in secrets {
                assert!(!answer.body.contains(secret), "{page} as {account} tells “{secret}”");
            }
        }
        for route in routes().into_iter().map(|route| route.path).filter(|route| route.starts_with("/a/")) {
            let path = route.replace("{account}", account).replace("{message}", message.as_str());
            let path = path.replace("{file}", message.as_str()).replace("{invoice}", message.as_str());
            assert!(!path.contains('{'), "{route} names something that this test does not know");
            if route.contains("{message}") || account == ground.bakery.as_str() {
                let status = oscar.get(&path).await.status.as_u16();
                assert!(status == 404 || (status == 405 && route.contains("/tickets/")), "{path}: {status}");
            }
        }
    }
    assert_eq!(everything(&ground).await, before, "nothing of the bakery has changed");
    assert!(ground.olivia.get("/security").await.status.is_success(), "her session goes on");
}

#[tokio::test]
async fn nobodys_mailbox_is_filled_by_typing_its_address() {
    let test = TestApp::new().await;
    let mut attacker = test.browser();
    for n in 0..40 {
        let password = format!("plum-tractor-evening-{n}");
        attacker
            .change(SignUp::PATH, &[("name", "X"), ("email", "victim@example.com"), ("password", &password)])
            .await
            .unwrap();
    }
    assert_eq!(test.mails_to("victim@example.com").await, 10);
    test.later(25 * 60);
    attacker
        .change(SignUp::PATH, &[("name", "X"), ("email", "VICTIM@example.com"), ("password", PASSWORD)])
        .await
        .unwrap();
    assert_eq!(test.mails_to("victim@example.com").await, 11, "tomorrow again");
}

#[tokio::test]
async fn a_forged_source_address_is_not_believed() {
    let test = TestApp::with(|config| config.limits = true).await;
    let (mut olivia, _) = test.olivia().await;
    let mut attacker = test.browser();
    let mut answers = Vec::new();
    for n in 0..8 {
        let request =
            Request::post(SignIn::PATH).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = request
            .header("x-forwarded-for", format!("203.0.113.{n}"))
            .header("forwarded", format!("for=203.0.113.{n}"));
        answers.push(
            attacker
                .send(request.body(Body::from("email=olivia%40bakery.example&password=wrong")).unwrap())
                .await
                .status
                .as_u16(),
        );
    }
    assert_eq!(answers, [422, 422, 422, 422, 422, 429, 429, 429], "no proxy is trusted");
    let sessions = olivia
        .call::<crate::features::users::model::Security>(ShowSecurity::PATH, &[])
        .await
        .unwrap()
        .sessions;
    assert_eq!(sessions[0].source, "127.0.0.1");
}

#[tokio::test]
async fn no_answer_holds_the_token_of_the_session_but_its_cookie() {
    let test = TestApp::new().await;
    test.olivia().await;
    let mut browser = test.browser();
    let answer =
        browser.post(SignIn::PATH, format!("email=olivia%40bakery.example&password={PASSWORD}")).await;
    let cookies: Vec<&str> =
        answer.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap()).collect();
    let token = cookies
        .iter()
        .find_map(|cookie| cookie.strip_prefix("latchkey="))
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    assert!(
        cookies.iter().all(|cookie| cookie.contains("HttpOnly")
            && cookie.contains("SameSite=Lax")
            && cookie.contains("Path=/")),
        "{cookies:?}"
    );
    for page in ["/accounts", "/security", "/profile", "/profile/data"] {
        assert!(!browser.get(page).await.body.contains(&token), "{page}");
    }
    // A fresh confirmation gives the session another token, and the old one is worth nothing.
    let mut thief = browser.clone();
    browser.change(Confirm::PATH, &[("current_password", PASSWORD)]).await.unwrap();
    assert!(browser.get("/security").await.status.is_success());
    assert_eq!(thief.get("/security").await.status, 303);
}
