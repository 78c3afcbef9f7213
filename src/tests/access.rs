//! The access table: every server function and every HTTP route, called as nobody, as an outsider, as a contact without and one
//! with the permission. A function or route without its row fails.

use super::support::{TestHouse, add, card};
use crate::accounts::rpc::*;
use crate::contacts::rpc::*;
use crate::invitations::rpc::*;
use crate::mail::rpc::*;
use crate::server::http::ROUTES;
use crate::sign_in::rpc::*;
use crate::users::rpc::*;
use axum::http::StatusCode;
use leptos::server_fn::ServerFn;
use std::collections::BTreeSet;

/// Who may call a function.
#[derive(Clone, Copy, Debug)]
enum Who {
    /// Anybody, with the reason.
    Public(&'static str),
    /// Anybody with a session, for what is their own.
    SignedIn,
    /// A contact of the account.
    AnyContact,
    /// A contact of the account with this permission.
    Holder(&'static str),
}
use Who::{AnyContact, Holder, Public, SignedIn};

const SIGNING_IN: Who = Public("signing in is what makes somebody known");
const SECRET: Who = Public("the secret in the link is the proof");
const DEMO: Who = Public("demo mode only");

fn table() -> Vec<(&'static str, Who)> {
    vec![
        (PasswordStrength::PATH, SIGNING_IN),
        (SignUp::PATH, SIGNING_IN),
        (MailedLink::PATH, SECRET),
        (VerifyAddress::PATH, SECRET),
        (SignIn::PATH, SIGNING_IN),
        (SignOut::PATH, Public("signing out twice does no harm")),
        (ForgotPassword::PATH, SIGNING_IN),
        (ResetPassword::PATH, SECRET),
        (DemoLogins::PATH, DEMO),
        (WhoAmI::PATH, SignedIn),
        (SaveName::PATH, SignedIn),
        (ChangePassword::PATH, SignedIn),
        (ChangeEmail::PATH, SignedIn),
        (EmailLink::PATH, SECRET),
        (ConfirmEmail::PATH, SignedIn),
        (ShowPicker::PATH, SignedIn),
        (ShowFrame::PATH, AnyContact),
        (ShowOverview::PATH, AnyContact),
        (ShowProfile::PATH, Holder("profile.edit")),
        (SaveProfile::PATH, Holder("profile.edit")),
        (ListContacts::PATH, Holder("contacts.manage")),
        (ShowContact::PATH, Holder("contacts.manage")),
        (CreateContact::PATH, Holder("contacts.manage")),
        (InviteUsers::PATH, Holder("contacts.manage")),
        (UpdateContact::PATH, Holder("contacts.manage")),
        (DeleteContact::PATH, Holder("contacts.manage")),
        (ResendInvitation::PATH, Holder("contacts.manage")),
        (WithdrawInvitation::PATH, Holder("contacts.manage")),
        (InvitationLink::PATH, Holder("contacts.manage")),
        (ShowOffer::PATH, SECRET),
        (Join::PATH, SECRET),
        (AcceptInvitation::PATH, SignedIn),
        (DeclineInvitation::PATH, SignedIn),
        (DeclineByLink::PATH, SECRET),
        (ListMail::PATH, DEMO),
        (ShowMail::PATH, DEMO),
    ]
}

/// Routes that are no server functions. Pages get their data from server functions; what a page itself opens is said here.
const PAGES: &[(&str, &str)] = &[
    ("/", "leads to the picker"),
    ("/sign-in", "public"),
    ("/sign-up", "public"),
    ("/verify/{token}", "public: the secret in the link is the proof"),
    ("/forgot-password", "public"),
    ("/reset-password/{token}", "public: the secret in the link is the proof"),
    ("/accounts", "signed in"),
    ("/invitations/{token}", "public: the secret in the link is the proof"),
    ("/profile", "signed in"),
    ("/security", "signed in"),
    ("/confirm-email/{token}", "public: the secret in the link is the proof"),
    ("/dev/mail", "demo mode only"),
    ("/a/{account}", "any contact"),
    ("/a/{account}/profile", "profile.edit"),
    ("/a/{account}/contacts", "contacts.manage"),
    ("/a/{account}/contacts/new", "contacts.manage"),
    ("/a/{account}/contacts/invite", "contacts.manage"),
    ("/a/{account}/contacts/{contact}", "contacts.manage"),
];

#[tokio::test]
async fn every_server_function_has_its_row() {
    let known: BTreeSet<&str> = table().iter().map(|(path, _)| *path).collect();
    let registered: BTreeSet<&str> = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
    assert_eq!(registered.difference(&known).collect::<Vec<_>>(), Vec::<&&str>::new(), "functions without a row");
    assert_eq!(known.difference(&registered).collect::<Vec<_>>(), Vec::<&&str>::new(), "rows without a function");
    assert!(table().iter().all(|(_, who)| !matches!(who, Public(""))));
}

#[tokio::test]
async fn every_page_has_its_row() {
    let _ = any_spawner::Executor::init_tokio();
    let pages: BTreeSet<String> = leptos_axum::generate_route_list(crate::app::App).iter().map(|route| route.path().to_owned()).collect();
    let known: BTreeSet<String> = PAGES.iter().map(|(path, _)| (*path).to_owned()).collect();
    assert_eq!(pages, known);
    // The first two say only whether the program works; the third is open in a demo and closed elsewhere, which a test below shows.
    assert_eq!(ROUTES, ["/healthz", "/readyz", "/dev/mail/{id}"]);
}

#[tokio::test]
async fn every_function_answers_everybody_as_its_row_says() {
    let test = TestHouse::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let (mut oscar, _) = test.oscar().await;
    add(&mut olivia, &bakery, "Target", "target@example.com").await.unwrap();
    let target = card(&mut olivia, &bakery, "target@example.com").await;
    let mut without = test.member(&mut olivia, &bakery, "Wanda Without", "wanda@example.com", &[]).await;
    let fields = [
        ("account", bakery.as_str()),
        ("contact", target.id.as_str()),
        ("invitation", "01k9zv5s8t3w2x1y0abcdefghj"),
        ("token", "x"),
        ("reset", "false"),
        ("id", "x"),
    ];
    for (path, who) in table() {
        let mut nobody = test.browser();
        let as_nobody = nobody.post(path, form(&fields)).await;
        let signed_out = as_nobody.status == StatusCode::UNAUTHORIZED;
        match who {
            Public(_) => assert!(!signed_out, "{path} asks to sign in"),
            _ => assert!(signed_out, "{path} answers nobody with {}", as_nobody.status),
        }
        if let AnyContact | Holder(_) = who {
            assert_eq!(oscar.post(path, form(&fields)).await.status, StatusCode::NOT_FOUND, "{path} as an outsider");
            let elsewhere = [("account", "01k9zv5s8t3w2x1y0abcdefghj"), ("contact", target.id.as_str())];
            assert_eq!(olivia.post(path, form(&elsewhere)).await.status, StatusCode::NOT_FOUND, "{path} of an account that does not exist");
        }
        match who {
            AnyContact => assert_eq!(without.post(path, form(&fields)).await.status, StatusCode::OK, "{path} as a contact"),
            Holder(permission) => {
                assert_eq!(without.post(path, form(&fields)).await.status, StatusCode::FORBIDDEN, "{path} without {permission}");
                let email = format!("{}@example.com", path.trim_start_matches('/').replace('/', "."));
                let mut holder = test.member(&mut olivia, &bakery, "Hanna Holder", &email, &[permission]).await;
                let answer = holder.post(path, form(&fields)).await.status;
                assert!(answer != StatusCode::FORBIDDEN && answer != StatusCode::UNAUTHORIZED, "{path} with {permission}: {answer}");
            }
            Public(_) | SignedIn => {}
        }
    }
}

#[tokio::test]
async fn every_page_of_an_account_is_closed_to_others() {
    let test = TestHouse::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let (mut oscar, _) = test.oscar().await;
    let mut without = test.member(&mut olivia, &bakery, "Wanda Without", "wanda@example.com", &[]).await;
    let own = card(&mut olivia, &bakery, "olivia@bakery.example").await;
    for (page, who) in PAGES.iter().filter(|(page, _)| page.starts_with("/a/")) {
        let path = page.replace("{account}", bakery.as_str()).replace("{contact}", own.id.as_str());
        let nobody = test.browser().get(&path).await;
        assert_eq!(nobody.status, StatusCode::SEE_OTHER, "{page} as nobody");
        assert!(nobody.location().starts_with("/sign-in?next=%2Fa%2F"), "{}", nobody.location());
        let outside = oscar.get(&path).await;
        assert_eq!(outside.status, StatusCode::NOT_FOUND, "{page} as an outsider");
        assert!(!outside.body.contains("Hart Bakery"), "{page} tells an outsider the name of the account");
        let expected = if *who == "any contact" { StatusCode::OK } else { StatusCode::FORBIDDEN };
        assert_eq!(without.get(&path).await.status, expected, "{page} without a permission");
        assert_eq!(olivia.get(&path).await.status, StatusCode::OK, "{page} as the owner");
    }
}

#[tokio::test]
async fn the_demo_is_closed_where_there_is_none() {
    let test = TestHouse::new().await;
    let (mut olivia, _) = test.olivia().await;
    assert_eq!(olivia.get("/dev/mail").await.status, StatusCode::NOT_FOUND);
    assert!(!olivia.get("/sign-in").await.body.contains("This is a demo"));
    olivia.settle("Olivia Two", "", "two@bakery.example", super::support::PASSWORD).await.unwrap();
    let id = test.last_mail("two@bakery.example").await.id;
    assert_eq!(olivia.get(&format!("/dev/mail/{id}")).await.status, StatusCode::NOT_FOUND);
    let demo = TestHouse::with(|config| config.demo = true).await;
    demo.olivia().await;
    let id = demo.last_mail("olivia@bakery.example").await.id;
    let shown = demo.browser().get(&format!("/dev/mail/{id}")).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.headers.get("content-security-policy").unwrap().to_str().unwrap().contains("sandbox"));
    assert_eq!(demo.browser().get("/dev/mail/nothing").await.status, StatusCode::NOT_FOUND);
    assert_eq!(demo.browser().get("/dev/mail").await.status, StatusCode::OK);
    assert!(demo.browser().get("/sign-in").await.body.contains("olivia@hartbakery.example"));
}

fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}
