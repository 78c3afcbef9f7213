//! E-invoices that go through an access point, with a stand-in for it that refuses, is away and loses its answer.

use super::e_invoices::{draft, ground, issue, profile};
use super::support::*;
use crate::demo::browser::Browser;
use crate::error::AppError;
use crate::features::accounts::model::ProfilePage;
use crate::features::accounts::rpc::{SaveProfile, ShowProfile};
use crate::features::deliveries::jobs;
use crate::features::deliveries::model::{DeliveryState, DeliveryView};
use crate::features::invoices::documents::{Format, path};
use crate::features::invoices::model::InvoiceView;
use crate::features::invoices::rpc::ShowInvoice;
use crate::operator::billing::model::BillingPage;
use crate::operator::billing::rpc::{SaveAccessPoint, ShowAccessPoint, ShowBilling};
use crate::operator::invoices::model::ManagePage;
use crate::operator::invoices::rpc::{CreditInvoice, ManageInvoice, SendEInvoiceAgain};
use crate::types::AccountId;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use leptos::server_fn::ServerFn as _;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// What the stand-in does with what it is sent.
#[derive(Clone, Copy, Default, PartialEq)]
enum Mood {
    #[default]
    Takes,
    /// The receiver's access point answers with an error.
    Refuses,
    /// It is not what was agreed on.
    Unreadable,
    /// What it is sent is no document of that kind.
    Rejects,
}

/// The path's parts and the document.
type Taken = (Vec<String>, String);

#[derive(Clone, Default)]
struct StandIn {
    mood: Arc<Mutex<Mood>>,
    /// What it took.
    took: Arc<Mutex<Vec<Taken>>>,
}

impl StandIn {
    async fn listen(&self) -> String {
        let path = "/ap/sendas4/{sender}/{receiver}/{document}/{process}/{country}";
        let router = Router::new().route(path, post(take)).with_state(self.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{at}/ap")
    }

    fn is(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    fn took(&self) -> usize {
        self.took.lock().unwrap().len()
    }
}

async fn take(
    State(of): State<StandIn>,
    Path(path): Path<(String, String, String, String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, Json<Value>) {
    if headers.get("x-token").is_none_or(|token| token != "secret-1") {
        return (StatusCode::FORBIDDEN, Json(json!({})));
    }
    match *of.mood.lock().unwrap() {
        Mood::Takes => {
            let parts = vec![path.0, path.1, path.2, path.3, path.4];
            of.took.lock().unwrap().push((parts, String::from_utf8(body.to_vec()).unwrap()));
            let report = json!({"sendingResult": "SUCCESS", "as4MessageId": "72bc09b0@phase4",
                "as4ResponseError": false, "sendingSuccess": true, "overallSuccess": true});
            (StatusCode::OK, Json(report))
        }
        Mood::Refuses => {
            let report = json!({"sendingResult": "AS4_ERROR_MESSAGE_RECEIVED", "as4ResponseErrors": [
                {"description": "Other.", "errorDetails": "The receiver is not known here."}],
                "sendingSuccess": false, "overallSuccess": false});
            (StatusCode::OK, Json(report))
        }
        Mood::Unreadable => (StatusCode::OK, Json(json!("hello"))),
        Mood::Rejects => (StatusCode::BAD_REQUEST, Json(json!({}))),
    }
}

struct Ground {
    test: TestApp,
    olivia: Browser,
    bakery: AccountId,
    ada: Browser,
    stand_in: StandIn,
    /// How many staff there are.
    staff: usize,
}

const NETWORK: [(&str, &str); 3] =
    [("tax_id", "PT501964843"), ("endpoint", "9946:PT501964843"), ("channel", "network")];

/// An access point, and a customer who wants invoices through it.
async fn connected() -> Ground {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let stand_in = StandIn::default();
    let url = stand_in.listen().await;
    ada.change(SaveAccessPoint::PATH, &[("url", &url), ("token", "secret-1")]).await.unwrap();
    profile(&mut olivia, &bakery, &NETWORK).await;
    Ground { test, olivia, bakery, ada, stand_in, staff: 0 }
}

impl Ground {
    async fn issue(&mut self) -> String {
        let draft =
            draft(&mut self.ada, &self.bakery, "EUR", false, &[("Hosting", "1", "10", "S1900")]).await;
        issue(&mut self.ada, &self.bakery, &draft).await.unwrap()
    }

    /// As staff see it.
    async fn state(&mut self, invoice: &str) -> (DeliveryState, String) {
        self.confirmed().await;
        let of = [("account", self.bakery.as_str()), ("invoice", invoice)];
        let shown: ManagePage = self.ada.call(ManageInvoice::PATH, &of).await.unwrap();
        let found = shown.issued.unwrap().delivery.unwrap();
        (found.state, found.says)
    }

    /// As the customer does.
    async fn seen(&mut self, invoice: &str) -> DeliveryView {
        self.olivia = self.test.another_browser("olivia@bakery.example").await;
        let of = [("account", self.bakery.as_str()), ("invoice", invoice)];
        let shown: InvoiceView = self.olivia.call(ShowInvoice::PATH, &of).await.unwrap();
        shown.delivery.unwrap()
    }

    /// Staff who have just signed in.
    async fn confirmed(&mut self) {
        self.staff += 1;
        let (name, email) = (format!("Staff {}", self.staff), format!("staff-{}@nord.example", self.staff));
        self.ada = self.test.staff(&name, &email, crate::permission::StaffPermissions::all()).await;
    }

    async fn run(&self) {
        jobs::run(&self.test.app).await.unwrap();
    }
}

#[tokio::test]
async fn an_e_invoice_goes_through_the_network_once_as_it_was_issued() {
    let mut of = connected().await;
    let invoice = of.issue().await;
    assert_eq!(of.state(&invoice).await, (DeliveryState::Waiting, String::new()));
    of.run().await;
    of.run().await;
    assert_eq!(of.state(&invoice).await, (DeliveryState::Sent, "72bc09b0@phase4".into()));
    let (path, document) = of.stand_in.took.lock().unwrap().remove(0);
    assert_eq!(of.stand_in.took(), 0);
    assert_eq!(path[0], "iso6523-actorid-upis::9930:DE136695976");
    assert_eq!(path[1], "iso6523-actorid-upis::9946:PT501964843");
    assert_eq!(
        path[2],
        "busdox-docid-qns::urn:oasis:names:specification:ubl:schema:xsd:Invoice-2::Invoice##urn:cen.eu:en16931:2017#compliant\
         #urn:fdc:peppol.eu:2017:poacc:billing:3.0::2.1"
    );
    assert_eq!(path[3], "cenbii-procid-ubl::urn:fdc:peppol.eu:2017:poacc:billing:01:1.0");
    assert_eq!(path[4], "DE");
    assert!(document.contains("<cbc:ID>INV-00001</cbc:ID>"), "{document}");
    // They get it by mail as well, and the account reads that it went.
    assert_eq!(of.test.count("outbox WHERE kind = 'invoice' AND files LIKE '%pdf%'").await, 1);
    assert_eq!(of.test.count("activity WHERE says LIKE 'delivered INV-00001%'").await, 1);
    // A credit note goes as one.
    let version = of.test.scalar("SELECT max(version) FROM invoices").await.to_string();
    let account = of.bakery.to_string();
    let credit =
        [("account", account.as_str()), ("invoice", &invoice), ("version", &version), ("reason", "Wrong")];
    of.ada.change(CreditInvoice::PATH, &credit).await.unwrap();
    of.run().await;
    let (path, document) = of.stand_in.took.lock().unwrap().remove(0);
    assert!(path[2].contains("CreditNote-2::CreditNote##") && document.contains("<CreditNote"), "{path:?}");
}

#[tokio::test]
async fn what_cannot_be_delivered_is_tried_again_told_to_staff_and_sent_again_when_they_say_so() {
    let mut of = connected().await;
    let (first, second) = (of.issue().await, of.issue().await);
    of.stand_in.is(Mood::Refuses);
    let minutes = [0, 10, 60, 240, 720, 1_440];
    for (tries, wait) in minutes.into_iter().enumerate() {
        assert_eq!(of.state(&first).await.0, DeliveryState::Waiting, "{tries}");
        of.test.later(wait);
        of.run().await;
    }
    let says = "The access point could not deliver it: The receiver is not known here.";
    assert_eq!(of.state(&first).await, (DeliveryState::Failed, says.into()));
    // What an access point says of itself is not the customer's business.
    let seen = of.seen(&first).await;
    assert_eq!((seen.state, seen.says.as_str()), (DeliveryState::Failed, ""));
    of.confirmed().await;
    let page: BillingPage = of.ada.call(ShowBilling::PATH, &[]).await.unwrap();
    assert_eq!(page.done.iter().filter(|one| one.event == "undelivered").count(), 2);
    let account = of.bakery.to_string();
    let of_first = [("account", account.as_str()), ("invoice", &first)];
    of.stand_in.is(Mood::Takes);
    of.run().await;
    assert_eq!(of.stand_in.took(), 0, "nothing goes again by itself");
    of.ada.change(SendEInvoiceAgain::PATH, &of_first).await.unwrap();
    let again = of.ada.change(SendEInvoiceAgain::PATH, &of_first).await;
    assert!(matches!(again, Err(AppError::Conflict(_))), "{again:?}");
    of.run().await;
    assert_eq!((of.stand_in.took(), of.state(&first).await.0), (1, DeliveryState::Sent));
    assert_eq!(of.state(&second).await.0, DeliveryState::Failed);
    assert_eq!(of.test.count("activity WHERE says LIKE 'could not deliver%'").await, 2);
}

#[tokio::test]
async fn an_access_point_that_is_away_or_answers_nonsense_gets_it_later_and_what_it_rejects_ends() {
    let mut of = connected().await;
    let invoice = of.issue().await;
    of.ada.change(SaveAccessPoint::PATH, &[("url", "http://127.0.0.1:1")]).await.unwrap();
    of.run().await;
    assert_eq!(
        of.state(&invoice).await,
        (DeliveryState::Waiting, "The access point could not be reached.".into())
    );
    let url = of.stand_in.listen().await;
    // The token stays where none is typed; another one is refused there.
    for (token, mood, says) in [
        ("other", Mood::Takes, "The access point answered with status 403."),
        ("secret-1", Mood::Unreadable, "The access point answered something that was not understood."),
    ] {
        of.confirmed().await;
        of.ada.change(SaveAccessPoint::PATH, &[("url", &url), ("token", token)]).await.unwrap();
        of.stand_in.is(mood);
        of.test.later(300);
        of.run().await;
        assert_eq!(of.state(&invoice).await, (DeliveryState::Waiting, says.into()));
    }
    of.confirmed().await;
    let shown: (String, bool) = of.ada.call(ShowAccessPoint::PATH, &[]).await.unwrap();
    assert_eq!(shown, (url, true));
    let stored = of.test.scalar_text("SELECT value FROM settings WHERE name = 'access_point'").await;
    assert!(!stored.contains("secret-1"), "{stored}");
    of.stand_in.is(Mood::Rejects);
    of.test.later(300);
    of.run().await;
    assert_eq!(of.state(&invoice).await.0, DeliveryState::Failed);
    assert_eq!(of.stand_in.took(), 0);
    // A document that is lost holds nobody up.
    let (lost, other) = (of.issue().await, of.issue().await);
    of.test.execute(format!("UPDATE deliveries SET next_at = 0 WHERE invoice_id = '{lost}'")).await;
    let of_lost = "SELECT i.xml FROM invoices i JOIN deliveries d ON d.invoice_id = i.id WHERE d.next_at = 0";
    let hash = of.test.scalar_text(of_lost).await;
    let file = of.test.app.config().data_dir.join(path(&hash, Format::Xml));
    std::fs::remove_file(file).unwrap();
    of.stand_in.is(Mood::Takes);
    of.run().await;
    assert_eq!(of.state(&lost).await, (DeliveryState::Waiting, "The document cannot be read.".into()));
    assert_eq!(of.state(&other).await.0, DeliveryState::Sent);
    // Taken away, the access point takes what waits along.
    let done = of.ada.change(SaveAccessPoint::PATH, &[]).await.unwrap();
    assert!(done.say.contains("1 e-invoices that waited"), "{}", done.say);
    assert_eq!(of.state(&lost).await, (DeliveryState::Failed, "There is no access point any more.".into()));
    let again = [("account", of.bakery.to_string()), ("invoice", lost)];
    let again: Vec<(&str, &str)> = again.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert!(matches!(of.ada.change(SendEInvoiceAgain::PATH, &again).await, Err(AppError::Conflict(_))));
}

#[tokio::test]
async fn how_invoices_arrive_is_chosen_on_the_profile_by_who_may_see_them() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let known = [
        ("account", bakery.as_str()),
        ("name", "Hart Bakery"),
        ("email", "olivia@bakery.example"),
        ("mail[]", "domain"),
    ];
    let with = |more: &[(&'static str, &'static str)]| [&known, more].concat();
    for (more, field) in [
        (with(&[("channel", "network"), ("endpoint", "")]), "endpoint"),
        (with(&[("channel", "pigeon")]), "channel"),
        // Peppol delivers to no e-mail addresses.
        (with(&[("channel", "network"), ("endpoint", "EM:olivia@bakery.example")]), "endpoint"),
        // There is no access point.
        (with(&[("channel", "network"), ("endpoint", "9946:PT501964843")]), "channel"),
    ] {
        let fields = refused_fields(olivia.save(SaveProfile::PATH, &more).await);
        assert_eq!(fields[0].0, field);
    }
    let page: ProfilePage = olivia.call(ShowProfile::PATH, &[("account", bakery.as_str())]).await.unwrap();
    assert!(!page.network);
    // In the portal only: the mail carries nothing, and says where the document is.
    profile(&mut olivia, &bakery, &[("tax_id", "PT501964843"), ("channel", "portal")]).await;
    let one = draft(&mut ada, &bakery, "EUR", false, &[("Hosting", "1", "10", "S1900")]).await;
    let invoice = issue(&mut ada, &bakery, &one).await.unwrap();
    let mail = test.last_mail("olivia@bakery.example").await;
    assert!(mail.body_text.contains("open it in the portal") && !mail.body_text.contains("attached as"));
    assert_eq!(test.count("outbox WHERE kind = 'invoice' AND files LIKE '%pdf%'").await, 0);
    let of = [("account", bakery.as_str()), ("invoice", invoice.as_str())];
    let shown: InvoiceView = olivia.call(ShowInvoice::PATH, &of).await.unwrap();
    assert_eq!(shown.delivery, None);
    let said = "activity WHERE changes LIKE '%How invoices reach you%stays in the portal%'";
    assert_eq!(test.count(said).await, 1);
    // Who keeps the profile and sees no invoices changes none of it.
    let mut nora =
        test.member(&mut olivia, &bakery, "Nora Tally", "nora@example.com", &["profile.edit"]).await;
    let done = nora.save(SaveProfile::PATH, &with(&[("channel", "")])).await;
    assert!(matches!(done, Err(AppError::Lacks { .. })), "{done:?}");
}
