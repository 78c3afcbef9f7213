//! What people and programs send that no form offers.

use super::support::*;
use crate::features::contacts::rpc::*;
use crate::features::sign_in::rpc::*;
use crate::platform::db::{MadeSql, args};
use crate::types::ListQuery;
use axum::body::Body;
use axum::http::Request;
use leptos::server_fn::ServerFn as _;

#[tokio::test]
async fn a_refused_form_comes_back_with_what_was_typed() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let fields = [
        ("account", bakery.as_str()),
        ("first_name", "<script>alert(1)</script>"),
        ("city", "{{city}}"),
        ("email", "no-at-sign"),
        ("mail[]", "invoice"),
    ];
    let answer = olivia.submit(&format!("/a/{bakery}/contacts/new"), CreateContact::PATH, &fields).await;
    assert_eq!(answer.status, 422);
    assert!(answer.body.contains("An e-mail address has an @, like name@example.com."));
    assert!(answer.body.contains("value=\"no-at-sign\""));
    assert!(answer.body.contains("value=\"{{city}}\""));
    assert!(!answer.body.contains("<script>alert(1)"));
    assert_eq!(
        table(&mut olivia, &bakery, &ListQuery::default()).await.unwrap().total,
        1,
        "nothing was saved"
    );
}

#[tokio::test]
async fn passwords_are_never_sent_back() {
    let test = TestApp::new().await;
    let answer = test
        .browser()
        .submit(
            "/sign-up",
            SignUp::PATH,
            &[("name", ""), ("email", "a@example.com"), ("password", "hunter2hunter2")],
        )
        .await;
    assert_eq!(answer.status, 422);
    assert!(!answer.body.contains("hunter2hunter2"));
    assert!(answer.body.contains("value=\"a@example.com\""));
}

#[tokio::test]
async fn markup_is_shown_as_typed_on_pages_and_in_mails() {
    let test = TestApp::new().await;
    let nasty = "<b>{{Ben}}</b>";
    let (mut olivia, bakery) =
        test.owner("Eve <i>Hart</i>", "A & <script>B</script>", "eve@bakery.example").await;
    let fields = [
        ("account", bakery.as_str()),
        ("first_name", nasty),
        ("company", nasty),
        ("email", "ben@example.com"),
        ("notify", "on"),
    ];
    olivia.change(CreateContact::PATH, &fields).await.unwrap();
    let page = olivia.get(&format!("/a/{bakery}/contacts")).await.body;
    assert!(page.contains("&lt;b&gt;{{Ben}}&lt;/b&gt;"));
    assert!(!page.contains("<b>{{") && !page.contains("<script>B"));
    let contact = contact_by_email(&mut olivia, &bakery, "ben@example.com").await.id;
    for own in [String::new(), "/edit".into()] {
        let page = olivia.get(&format!("/a/{bakery}/contacts/{contact}{own}")).await.body;
        assert!(page.contains("&lt;b&gt;") && page.contains("<title>"));
        assert!(!page.contains("<b>{{") && !page.contains("<script>B"), "also in the title of the tab");
    }
    let mail = test.last_mail("ben@example.com").await;
    assert!(
        mail.body_html.contains("A &amp; &lt;script&gt;B&lt;/script&gt;")
            && !mail.body_html.contains("<script>")
    );
    assert!(mail.body_text.contains("A & <script>B</script>"));
}

#[tokio::test]
async fn every_field_refuses_what_is_too_long_or_breaks_a_line() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let long = "x".repeat(10_000);
    for field in [
        "first_name", "last_name", "company", "phone", "street", "city", "region", "postcode", "country",
        "email",
    ] {
        for bad in [long.as_str(), "a\r\nBcc: x@y.example"] {
            let mut fields = vec![("account", bakery.as_str()), (field, bad)];
            for (name, value) in [("first_name", "Ben"), ("email", "ben@example.com")] {
                if name != field {
                    fields.push((name, value));
                }
            }
            let refused = refused_fields(olivia.change(CreateContact::PATH, &fields).await);
            assert!(refused.iter().any(|(name, _)| name == field), "{field}: {refused:?}");
        }
    }
    for bad in ["ben@", "bücher@example.com", "ben", "", "ben@exam ple.com"] {
        assert!(!refused_fields(add(&mut olivia, &bakery, "Ben", bad).await).is_empty());
    }
    assert_eq!(table(&mut olivia, &bakery, &ListQuery::default()).await.unwrap().total, 1);
}

#[tokio::test]
async fn bodies_that_are_no_form_and_huge_ones_get_an_answer() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let page = format!("/a/{bakery}/contacts/new");
    for (body, status) in [
        ("{\"json\": true}".to_owned(), 400),
        ("%ff%fe=\u{0}".to_owned(), 400),
        ("_action=%2Fetc%2Fpasswd".to_owned(), 400),
        ("_action=%2Frpc%2Fnothing".to_owned(), 404),
        (format!("_action={}&first_name={}", CreateContact::PATH, "x".repeat(2_000_000)), 413),
    ] {
        let answer = olivia.post(&page, body).await;
        assert_eq!(answer.status.as_u16(), status);
        assert!(answer.headers.get("content-type").unwrap().to_str().unwrap().starts_with("text/html"));
        assert!(answer.body.contains("role=\"alert\"") || status == 404, "the page says what is wrong");
    }
    for (path, body, status) in [
        (CreateContact::PATH, "first_name[a][b][c][d][e][f][g]=1".to_owned(), 400),
        (CreateContact::PATH, String::new(), 400),
        ("/rpc/nothing", String::new(), 404),
        (SignIn::PATH, "x".repeat(2_000_000), 413),
    ] {
        assert_eq!(olivia.post(path, body).await.status.as_u16(), status, "{path}");
    }
}

#[tokio::test]
async fn a_form_sent_twice_is_done_once() {
    let test = TestApp::new().await;
    let (olivia, bakery) = test.olivia().await;
    let fields = [
        ("account", bakery.as_str()),
        ("first_name", "Ben"),
        ("email", "ben@example.com"),
        ("notify", "on"),
        ("_once", "0123456789abcdef0123456789abcdef"),
    ];
    let page = format!("/a/{bakery}/contacts/new");
    let tries: Vec<_> = (0..10)
        .map(|_| {
            let (mut browser, page) = (olivia.clone(), page.clone());
            let fields = fields.map(|(name, value)| (name, value.to_owned()));
            tokio::spawn(async move {
                let fields: Vec<(&str, &str)> =
                    fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                browser.submit(&page, CreateContact::PATH, &fields).await.status
            })
        })
        .collect();
    for one in tries {
        assert_eq!(one.await.unwrap(), 303, "each is answered as done");
    }
    assert_eq!(test.mails_to("ben@example.com").await, 1);
    // The same page sent again with something else in it is another form.
    let mut olivia = olivia;
    let mut other = fields;
    other[2].1 = "other@example.com";
    assert_eq!(olivia.submit(&page, CreateContact::PATH, &other).await.status, 303);
    assert_eq!(table(&mut olivia, &bakery, &ListQuery::default()).await.unwrap().total, 3);
}

#[tokio::test]
async fn what_was_typed_survives_a_session_that_ends_in_the_middle() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let page = format!("/a/{bakery}/contacts/new");
    assert_eq!(olivia.get(&page).await.status, 200);
    test.later(15 * 24 * 60);
    let fields = [("account", bakery.as_str()), ("first_name", "Benedikt"), ("email", "ben@example.com")];
    let answer = olivia.submit(&page, CreateContact::PATH, &fields).await;
    assert_eq!(answer.status, 303);
    assert!(answer.location().starts_with("/sign-in?next="));
    assert!(olivia.get(answer.location()).await.body.contains("What you typed is kept"));
    let next = form_urlencoded::parse(answer.location().split_once('?').unwrap().1.as_bytes())
        .find(|(name, _)| name == "next")
        .unwrap()
        .1
        .into_owned();
    let back = olivia
        .submit(
            "/sign-in",
            SignIn::PATH,
            &[("email", "olivia@bakery.example"), ("password", PASSWORD), ("next", &next)],
        )
        .await;
    let shown = olivia.get(back.location()).await;
    assert_eq!(shown.status, 200);
    assert!(
        shown.body.contains("value=\"Benedikt\"") && shown.body.contains("What you typed is still here"),
        "{}",
        back.location()
    );
    assert_eq!(
        table(&mut olivia, &bakery, &ListQuery::default()).await.unwrap().total,
        1,
        "it is sent by the person, not by itself"
    );
}

#[tokio::test]
async fn requests_from_other_sites_are_refused() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let body = format!("account={bakery}&first_name=Ben&email=ben%40example.com");
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        let request = Request::post(CreateContact::PATH)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("host", "portal.example")
            .header(name, value);
        assert_eq!(
            olivia.send(request.body(Body::from(body.clone())).unwrap()).await.status,
            403,
            "{name}: {value}"
        );
    }
    let request = Request::post(CreateContact::PATH)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("host", "portal.example")
        .header("origin", "http://portal.example");
    assert_eq!(olivia.send(request.body(Body::from(body)).unwrap()).await.status, 200);
}

#[tokio::test]
async fn a_full_disk_is_said_and_leaves_nothing_half_done() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    // The database may not grow by another page: what a full disk looks like to it.
    {
        let mut tx = crate::access::System::of(&test.app).begin().await.unwrap();
        let pages: i64 = tx.conn().value("PRAGMA page_count", args![]).await.unwrap();
        tx.conn().execute(MadeSql(format!("PRAGMA max_page_count = {pages}")), args![]).await.unwrap();
        tx.commit().await.unwrap();
    }
    let page = format!("/a/{bakery}/contacts/invite");
    let mut full = None;
    for n in 0..40 {
        let email = format!("p{n}@example.com");
        let answer = olivia
            .submit(
                &page,
                InviteUsers::PATH,
                &[("account", bakery.as_str()), ("emails", &email), ("preset", "none")],
            )
            .await;
        if answer.status != 303 {
            full = Some((n, answer));
            break;
        }
    }
    let (n, answer) = full.expect("the disk fills up");
    assert_eq!(answer.status, 507);
    assert!(answer.body.contains("The server has no room to save this. Nothing was changed."));
    assert_eq!(test.mails_to(&format!("p{n}@example.com")).await, 0);
    assert_eq!(
        test.scalar("SELECT count(*) FROM contacts WHERE NOT is_owner").await,
        n,
        "no contact without its invitation"
    );
    assert_eq!(test.scalar("SELECT count(*) FROM invitations").await, n);
    assert_eq!(olivia.get(&format!("/a/{bakery}/contacts")).await.status, 200, "reading goes on");
    // There is room again, and writing goes on without a restart.
    {
        let mut tx = crate::access::System::of(&test.app).begin().await.unwrap();
        tx.conn().execute("PRAGMA max_page_count = 1000000", args![]).await.unwrap();
        tx.commit().await.unwrap();
    }
    add(&mut olivia, &bakery, "Ben", "ben@example.com").await.unwrap();
}
