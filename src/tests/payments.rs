//! Payment through a gateway, with a stand-in for it that signs, repeats, delays and lies.

use super::invoices::{biller, issue};
use super::support::*;
use crate::access::System;
use crate::demo::browser::Browser;
use crate::error::AppError;
use crate::features::invoices::model::{InvoiceStatus, InvoiceView};
use crate::features::invoices::rpc::ShowInvoice;
use crate::features::payments::jobs;
use crate::features::payments::model::{CheckoutState, Confirmed, MethodsPage};
use crate::features::payments::rpc::*;
use crate::operator::billing::model::{BillingPage, GatewayView};
use crate::operator::billing::rpc::{SaveGateway, ShowBilling, ShowGateway};
use crate::operator::customers::rpc::CloseCustomer;
use crate::operator::data::rpc::EraseCustomer;
use crate::operator::invoices::model::ManagePage;
use crate::operator::invoices::rpc::{GiveRefundUp, ManageInvoice, RecordPayment, RefundCredit};
use crate::operator::merge::rpc::MergeCustomer;
use crate::operator::statements::model::StatementsPage;
use crate::operator::statements::rpc::ShowStatements;
use crate::platform::db::args;
use crate::types::AccountId;
use axum::body::Body;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, Request, StatusCode};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use hmac::{Hmac, Mac as _};
use leptos::server_fn::ServerFn as _;
use serde_json::{Value, json};
use sha2::Sha256;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// The stand-in's sessions by id, and those that were asked for by idempotency key.
#[derive(Clone, Default)]
struct StandIn {
    sessions: Arc<Mutex<HashMap<String, Value>>>,
    keys: Arc<Mutex<HashMap<String, String>>>,
    down: Arc<Mutex<bool>>,
    /// Why charges are declined; empty where they are not.
    declines: Arc<Mutex<String>>,
    /// It takes no key.
    locked: Arc<Mutex<bool>>,
    detached: Arc<Mutex<Vec<String>>>,
    forgotten: Arc<Mutex<Vec<String>>>,
    refunds: Arc<Mutex<Vec<Value>>>,
    /// What a refund is at once.
    refund_status: Arc<Mutex<String>>,
    /// A refund is made, and nobody hears of it.
    loses: Arc<Mutex<bool>>,
}

impl StandIn {
    /// Begins to listen; where.
    async fn listen(&self) -> String {
        let router = Router::new()
            .route("/v1/checkout/sessions", post(create))
            .route("/v1/checkout/sessions/{id}", get(retrieve))
            .route("/v1/customers", post(customer))
            .route("/v1/customers/{id}", delete(forget))
            .route("/v1/payment_intents", post(charge))
            .route("/v1/payment_intents/{id}", get(retrieve))
            .route("/v1/payment_methods/{id}/detach", post(detach))
            .route("/v1/refunds", post(refund).get(refunds))
            .route("/v1/refunds/{id}", get(refunded))
            .with_state(self.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{at}")
    }

    /// What becomes of a session there.
    fn set(&self, id: &str, changes: Value) {
        let mut all = self.sessions.lock().unwrap();
        let session = all.get_mut(id).unwrap().as_object_mut().unwrap();
        session.extend(changes.as_object().unwrap().clone());
    }

    fn only(&self) -> String {
        self.sessions.lock().unwrap().keys().next().unwrap().clone()
    }
}

async fn create(
    State(of): State<StandIn>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> (StatusCode, Json<Value>) {
    if headers.get("authorization").is_none_or(|key| key != "Bearer sk_test_1") {
        return (StatusCode::UNAUTHORIZED, Json(json!({"error": {"message": "Invalid API Key provided"}})));
    }
    let key = headers["idempotency-key"].to_str().unwrap().to_owned();
    let mut keys = of.keys.lock().unwrap();
    let mut sessions = of.sessions.lock().unwrap();
    let id = keys.entry(key).or_insert_with(|| format!("cs_test_{}", sessions.len() + 1)).clone();
    let session = sessions.entry(id.clone()).or_insert_with(|| {
        json!({
            "id": id,
            "url": format!("https://checkout.example/{id}"),
            "status": "open",
            "payment_status": "unpaid",
            "amount_total": form.get("line_items[0][price_data][unit_amount]").and_then(|cents| cents.parse::<i64>().ok()),
            "currency": form.get("line_items[0][price_data][currency]"),
            "mode": form["mode"],
            "client_reference_id": form["client_reference_id"],
            "payment_intent": null,
        })
    });
    (StatusCode::OK, Json(session.clone()))
}

async fn retrieve(State(of): State<StandIn>, Path(id): Path<String>) -> (StatusCode, Json<Value>) {
    if *of.down.lock().unwrap() {
        return (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({})));
    }
    let found = of.sessions.lock().unwrap().get(&id).cloned();
    found.map_or((StatusCode::NOT_FOUND, Json(json!({}))), |session| (StatusCode::OK, Json(session)))
}

async fn customer(Form(form): Form<HashMap<String, String>>) -> Json<Value> {
    Json(json!({"id": format!("cus_{}", form["metadata[account]"])}))
}

/// Charges at once: asked twice with a key, it is the same charge.
async fn charge(
    State(of): State<StandIn>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> (StatusCode, Json<Value>) {
    let declines = of.declines.lock().unwrap().clone();
    if !declines.is_empty() {
        return (StatusCode::PAYMENT_REQUIRED, Json(json!({"error": {"message": declines}})));
    }
    let key = headers["idempotency-key"].to_str().unwrap().to_owned();
    let mut keys = of.keys.lock().unwrap();
    let mut sessions = of.sessions.lock().unwrap();
    let id = keys.entry(key).or_insert_with(|| format!("pi_{}", sessions.len() + 1)).clone();
    let cents = form["amount"].parse::<i64>().unwrap();
    let intent = sessions.entry(id.clone()).or_insert_with(|| {
        json!({"id": id, "status": "succeeded", "amount_received": cents, "currency": form["currency"],
            "metadata": {"checkout": form["metadata[checkout]"]}, "charged": form["payment_method"]})
    });
    (StatusCode::OK, Json(intent.clone()))
}

async fn detach(State(of): State<StandIn>, Path(id): Path<String>) -> Json<Value> {
    of.detached.lock().unwrap().push(id.clone());
    Json(json!({"id": id}))
}

async fn forget(State(of): State<StandIn>, Path(id): Path<String>) -> (StatusCode, Json<Value>) {
    if *of.down.lock().unwrap() {
        return (StatusCode::SERVICE_UNAVAILABLE, Json(json!({})));
    }
    if *of.locked.lock().unwrap() {
        return (StatusCode::UNAUTHORIZED, Json(json!({"error": {"message": "Invalid API Key provided"}})));
    }
    of.forgotten.lock().unwrap().push(id.clone());
    (StatusCode::OK, Json(json!({"id": id, "deleted": true})))
}

async fn refund(
    State(of): State<StandIn>,
    Form(form): Form<HashMap<String, String>>,
) -> (StatusCode, Json<Value>) {
    let status = of.refund_status.lock().unwrap().clone();
    if *of.locked.lock().unwrap() {
        return (StatusCode::FORBIDDEN, Json(json!({"error": {"message": "This key may not refund"}})));
    }
    if status == "refused" {
        let says = "Charge pi_1 has already been refunded.";
        return (StatusCode::BAD_REQUEST, Json(json!({"error": {"message": says}})));
    }
    let mut all = of.refunds.lock().unwrap();
    let made = json!({"id": format!("re_{}", all.len() + 1), "status": status, "payment_intent": form["payment_intent"],
        "amount": form["amount"].parse::<i64>().unwrap(), "metadata": {"refund": form["metadata[refund]"]}});
    all.push(made.clone());
    if *of.loses.lock().unwrap() {
        return (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({})));
    }
    (StatusCode::OK, Json(made))
}

async fn refunds(State(of): State<StandIn>) -> (StatusCode, Json<Value>) {
    if *of.down.lock().unwrap() {
        return (StatusCode::UNAUTHORIZED, Json(json!({"error": {"message": "Invalid API Key provided"}})));
    }
    (StatusCode::OK, Json(json!({"data": *of.refunds.lock().unwrap()})))
}

async fn refunded(State(of): State<StandIn>, Path(id): Path<String>) -> (StatusCode, Json<Value>) {
    let found = of.refunds.lock().unwrap().iter().find(|one| one["id"] == id.as_str()).cloned();
    found.map_or((StatusCode::NOT_FOUND, Json(json!({}))), |found| (StatusCode::OK, Json(found)))
}

struct Ground {
    test: TestApp,
    olivia: Browser,
    bakery: AccountId,
    ada: Browser,
    invoice: String,
    stand_in: StandIn,
}

async fn ground() -> Ground {
    let test = TestApp::new().await;
    let (olivia, bakery) = test.olivia().await;
    let mut ada = biller(&test).await;
    let invoice = issue(&mut ada, &bakery).await;
    let stand_in = StandIn::default();
    let url = stand_in.listen().await;
    ada.change(SaveGateway::PATH, &[("url", &url), ("key", "sk_test_1"), ("signing", "whsec_1")])
        .await
        .unwrap();
    Ground { test, olivia, bakery, ada, invoice, stand_in }
}

impl Ground {
    async fn begin(&mut self) -> Result<String, AppError> {
        let of = [("account", self.bakery.as_str()), ("invoice", &self.invoice)];
        self.olivia.call(BeginCheckout::PATH, &of).await
    }

    async fn confirm(&mut self) -> Confirmed {
        let checkout = {
            let mut reader = System::of(&self.test.app).read().await.unwrap();
            let id: String = reader.conn().value("SELECT max(id) FROM checkouts", args![]).await.unwrap();
            id
        };
        let of = [("account", self.bakery.as_str()), ("invoice", &self.invoice), ("checkout", &checkout)];
        self.olivia.call(ConfirmCheckout::PATH, &of).await.unwrap()
    }

    async fn invoice(&mut self) -> InvoiceView {
        let of = [("account", self.bakery.as_str()), ("invoice", self.invoice.as_str())];
        self.olivia.call(ShowInvoice::PATH, &of).await.unwrap()
    }

    /// The stand-in's message about a session, signed with a secret.
    async fn tell(&mut self, kind: &str, session: &str, secret: &str) -> StatusCode {
        let body = json!({"id": "evt_1", "type": kind, "data": {"object": {"id": session, "payment_status": "paid"}}}).to_string();
        let at = self.test.app.now().0 / 1000;
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(format!("{at}.{body}").as_bytes());
        let code: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let request = Request::post("/gateway/stripe")
            .header("stripe-signature", format!("t={at},v1={code}"))
            .header("content-type", "application/json")
            .body(Body::from(body))
            .unwrap();
        self.test.browser().open(request).await.status()
    }

    async fn payments(&self) -> i64 {
        self.test.count("payments").await
    }
}

#[tokio::test]
async fn an_invoice_is_paid_on_the_gateway_s_page_and_booked_once_however_often_it_is_told() {
    let mut of = ground().await;
    assert!(of.invoice().await.card);
    let link = of.begin().await.unwrap();
    // Whoever goes back and forth gets the same page.
    assert_eq!(of.begin().await.unwrap(), link);
    let session = of.stand_in.only();
    assert_eq!(link, format!("https://checkout.example/{session}"));
    assert_eq!(of.confirm().await.state, CheckoutState::Begun);
    // Over, and still unpaid: some ways of paying take days.
    of.stand_in.set(&session, json!({"status": "complete"}));
    assert_eq!(of.tell("checkout.session.completed", &session, "whsec_1").await, StatusCode::OK);
    assert_eq!(of.payments().await, 0);
    of.stand_in.set(&session, json!({"payment_status": "paid", "payment_intent": "pi_1"}));
    for kind in
        ["checkout.session.async_payment_succeeded", "checkout.session.completed", "checkout.session.expired"]
    {
        assert_eq!(of.tell(kind, &session, "whsec_1").await, StatusCode::OK);
    }
    let confirmed = of.confirm().await;
    assert_eq!((confirmed.state, confirmed.amount.cents), (CheckoutState::Paid, 16_786));
    let shown = of.invoice().await;
    assert_eq!((shown.row.status, shown.payments.len(), shown.card), (InvoiceStatus::Paid, 1, false));
    assert_eq!(shown.payments[0].reference, "pi_1");
    assert_eq!(of.payments().await, 1);
    assert_eq!(of.test.count("outbox WHERE kind = 'payment'").await, 1);
    assert!(matches!(of.begin().await, Err(AppError::Conflict(_))));
    assert_eq!(of.test.scalar("SELECT coalesce(sum(amount), 0) FROM ledger").await, 0);
}

#[tokio::test]
async fn a_message_that_is_not_the_gateway_s_or_lies_books_nothing() {
    let mut of = ground().await;
    of.begin().await.unwrap();
    let session = of.stand_in.only();
    of.stand_in.set(&session, json!({"payment_status": "paid"}));
    assert_eq!(of.tell("checkout.session.completed", &session, "whsec_other").await, StatusCode::BAD_REQUEST);
    assert_eq!(of.payments().await, 0);
    of.stand_in.set(&session, json!({"payment_status": "unpaid"}));
    // It claims that it is paid; the gateway, asked, says that it is not.
    assert_eq!(of.tell("checkout.session.completed", &session, "whsec_1").await, StatusCode::OK);
    assert_eq!(of.tell("checkout.session.completed", "cs_of_somebody_else", "whsec_1").await, StatusCode::OK);
    assert_eq!(of.payments().await, 0);
    // In trouble, it is asked to say so once more.
    *of.stand_in.down.lock().unwrap() = true;
    assert_eq!(
        of.tell("checkout.session.completed", &session, "whsec_1").await,
        StatusCode::SERVICE_UNAVAILABLE
    );
}

#[tokio::test]
async fn another_amount_or_another_s_checkout_is_shown_to_staff_and_booked_nowhere() {
    for lie in [json!({"amount_total": 1}), json!({"currency": "usd"}), json!({"client_reference_id": "x"})] {
        let mut of = ground().await;
        of.begin().await.unwrap();
        let session = of.stand_in.only();
        of.stand_in.set(&session, json!({"payment_status": "paid"}));
        of.stand_in.set(&session, lie);
        assert_eq!(of.confirm().await.state, CheckoutState::Mismatch);
        assert_eq!(of.payments().await, 0);
        let page: StatementsPage = of.ada.call(ShowStatements::PATH, &[]).await.unwrap();
        assert_eq!(page.different.len(), 1);
    }
}

#[tokio::test]
async fn a_lost_message_and_a_lost_browser_are_made_up_for_within_an_hour() {
    let mut of = ground().await;
    of.begin().await.unwrap();
    let session = of.stand_in.only();
    of.stand_in.set(&session, json!({"payment_status": "paid", "payment_intent": {"id": "pi_2"}}));
    jobs::run(&of.test.app).await.unwrap();
    assert_eq!(of.payments().await, 0);
    of.test.later(61);
    jobs::run(&of.test.app).await.unwrap();
    jobs::run(&of.test.app).await.unwrap();
    assert_eq!(of.payments().await, 1);
    assert_eq!(of.invoice().await.payments[0].reference, "pi_2");
}

#[tokio::test]
async fn what_two_pay_at_once_becomes_credit() {
    let mut of = ground().await;
    of.begin().await.unwrap();
    let session = of.stand_in.only();
    let version = of.invoice().await.version.to_string();
    let bakery = of.bakery.clone();
    let invoice = of.invoice.clone();
    let pay = [
        ("account", bakery.as_str()),
        ("invoice", invoice.as_str()),
        ("version", &version),
        ("amount", "167.86"),
        ("received", "2026-11-20"),
        ("method", "bank_transfer"),
    ];
    of.ada.change(RecordPayment::PATH, &pay).await.unwrap();
    of.stand_in.set(&session, json!({"payment_status": "paid"}));
    assert_eq!(of.confirm().await.state, CheckoutState::Paid);
    let shown = of.invoice().await;
    assert_eq!((shown.row.status, shown.credit), (InvoiceStatus::Paid, 16_786));
}

#[tokio::test]
async fn a_wrong_key_is_said_and_the_secrets_are_never_shown() {
    let mut of = ground().await;
    of.ada.change(SaveGateway::PATH, &[("url", "http://127.0.0.1:1"), ("key", "sk_other")]).await.unwrap();
    let Err(AppError::Conflict(says)) = of.begin().await else { panic!("begun") };
    assert!(says.contains("cannot be reached"), "{says}");
    let view: GatewayView = of.ada.call(ShowGateway::PATH, &[]).await.unwrap();
    assert!(view.has_key && view.has_signing);
    let stored = of.test.scalar_text("SELECT value FROM settings WHERE name = 'stripe'").await;
    assert!(!stored.contains("sk_other") && !stored.contains("whsec_1"), "{stored}");
    let url = of.stand_in.listen().await;
    of.ada.change(SaveGateway::PATH, &[("url", &url)]).await.unwrap();
    let Err(AppError::Conflict(says)) = of.begin().await else { panic!("begun") };
    assert!(says.contains("Invalid API Key provided"), "{says}");
    of.ada.change(SaveGateway::PATH, &[("remove", "on")]).await.unwrap();
    assert!(!of.invoice().await.card);
    let fields =
        refused_fields(of.ada.change(SaveGateway::PATH, &[("url", "ftp://x"), ("key", "a b")]).await);
    assert_eq!(fields.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["url", "key"]);
}

impl Ground {
    /// Keeps a card, as its holder does on the gateway's page. Its id.
    async fn keep(&mut self, last4: &str) -> String {
        let of = [("account", self.bakery.as_str())];
        let link: String = self.olivia.call(AddMethod::PATH, &of).await.unwrap();
        let session = link.rsplit('/').next().unwrap().to_owned();
        let ours = self.test.scalar_text("SELECT max(id) FROM payment_methods").await;
        let of = [("account", self.bakery.as_str()), ("method", ours.as_str())];
        let none: Option<String> = self.olivia.call(ConfirmMethod::PATH, &of).await.unwrap();
        assert_eq!(none, None);
        let card = json!({"brand": "visa", "last4": last4, "exp_month": 4, "exp_year": 2030});
        let intent =
            json!({"status": "succeeded", "payment_method": {"id": format!("pm_{last4}"), "card": card}});
        self.stand_in.set(&session, json!({"status": "complete", "setup_intent": intent}));
        let label: Option<String> = self.olivia.call(ConfirmMethod::PATH, &of).await.unwrap();
        assert_eq!(label, Some(format!("Visa •••• {last4}")));
        ours
    }

    async fn methods(&mut self) -> Vec<(String, bool)> {
        let page: MethodsPage =
            self.olivia.call(ShowMethods::PATH, &[("account", self.bakery.as_str())]).await.unwrap();
        page.methods.into_iter().map(|one| (one.label, one.automatic)).collect()
    }

    async fn pay_with(&mut self, method: &str) -> Result<crate::error::Outcome, AppError> {
        let of = [("account", self.bakery.as_str()), ("invoice", self.invoice.as_str()), ("method", method)];
        self.olivia.change(PayWithMethod::PATH, &of).await
    }
}

#[tokio::test]
async fn a_card_is_kept_at_the_gateway_pays_an_invoice_and_is_removed() {
    let mut of = ground().await;
    let card = of.keep("4242").await;
    assert_eq!(of.methods().await, [("Visa •••• 4242".to_owned(), false)]);
    assert_eq!(of.invoice().await.methods, [(card.clone(), "Visa •••• 4242".to_owned())]);
    *of.stand_in.declines.lock().unwrap() = "Your card has insufficient funds.".to_owned();
    assert!(matches!(of.pay_with(&card).await, Err(AppError::Conflict(_))));
    assert_eq!(of.payments().await, 0);
    assert_eq!(of.test.count("outbox WHERE kind = 'charge-declined'").await, 1);
    of.stand_in.declines.lock().unwrap().clear();
    of.pay_with(&card).await.unwrap();
    assert_eq!((of.payments().await, of.invoice().await.row.status), (1, InvoiceStatus::Paid));
    // Somebody else's card pays nothing.
    assert!(of.pay_with("01k9zv5s8t3w2x1y0abcdefghj").await.is_err());
    let gone = [("account", of.bakery.to_string()), ("method", card.clone())];
    let gone: Vec<(&str, &str)> = gone.iter().map(|(name, value)| (*name, value.as_str())).collect();
    of.olivia.change(RemoveMethod::PATH, &gone).await.unwrap();
    assert_eq!(*of.stand_in.detached.lock().unwrap(), ["pm_4242"]);
    assert_eq!(of.methods().await, []);
    assert!(matches!(of.olivia.change(RemoveMethod::PATH, &gone).await, Err(AppError::NotFound)));
    let said = of.test.count("activity WHERE kind = 'invoices.methods'").await;
    assert_eq!(said, 2);
}

#[tokio::test]
async fn an_invoice_is_charged_once_on_the_day_it_is_due_where_its_customer_chose_so() {
    let mut of = ground().await;
    let (first, second) = (of.keep("4242").await, of.keep("1881").await);
    for card in [&first, &second] {
        let form = [("account", of.bakery.to_string()), ("method", card.clone())];
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        of.olivia.change(SetAutomatic::PATH, &form).await.unwrap();
    }
    assert_eq!(
        of.methods().await,
        [("Visa •••• 4242".to_owned(), false), ("Visa •••• 1881".to_owned(), true)]
    );
    // Told before: the mail of the next invoice says what is charged, and when.
    let bakery = of.bakery.clone();
    let next = issue(&mut of.ada, &bakery).await;
    let said =
        "outbox WHERE kind = 'invoice' AND body_text LIKE '%167.86 EUR is charged to Visa •••• 1881 on %'";
    assert_eq!(of.test.count(said).await, 1);
    jobs::run(&of.test.app).await.unwrap();
    assert_eq!(of.payments().await, 0);
    of.test.later(15 * 24 * 60);
    for _ in 0..2 {
        jobs::run(&of.test.app).await.unwrap();
    }
    assert_eq!(of.payments().await, 2);
    let charged =
        of.stand_in.sessions.lock().unwrap().values().filter(|one| one["charged"] == "pm_1881").count();
    assert_eq!(charged, 2);
    assert_eq!(of.test.count("outbox WHERE kind = 'payment'").await, 2);
    assert_eq!(of.test.count(&format!("invoices WHERE id = '{next}' AND status = 'paid'")).await, 1);
    assert_eq!(of.test.scalar("SELECT coalesce(sum(amount), 0) FROM ledger").await, 0);
    // Who may not manage payment methods sees none of it.
    of.olivia = of.test.another_browser("olivia@bakery.example").await;
    let mut nora = of
        .test
        .member(&mut of.olivia, &bakery, "Nora Tally", "nora@example.com", &["invoices.view", "invoices.pay"])
        .await;
    let seen = nora.call::<MethodsPage>(ShowMethods::PATH, &[("account", bakery.as_str())]).await;
    assert!(matches!(seen, Err(AppError::Lacks { .. })));
}

#[tokio::test]
async fn a_charge_whose_answer_was_lost_is_asked_again_and_paid_once() {
    let mut of = ground().await;
    let card = of.keep("4242").await;
    // The gateway took the charge, and the portal never learned of it.
    let bakery = of.bakery.clone();
    of.test
        .execute(format!(
            "INSERT INTO checkouts (id, account_id, invoice_id, amount, currency, by_name, method_id, created_at, looked_at) \
             VALUES ('01k9zv5s8t3w2x1y0abcdefgzz', '{bakery}', '{}', 16786, 'EUR', '', '{card}', 0, 0)",
            of.invoice
        ))
        .await;
    for _ in 0..3 {
        jobs::run(&of.test.app).await.unwrap();
    }
    assert_eq!((of.payments().await, of.invoice().await.row.status), (1, InvoiceStatus::Paid));
    let intents = of.stand_in.sessions.lock().unwrap().keys().filter(|id| id.starts_with("pi_")).count();
    assert_eq!(intents, 1);
}

#[tokio::test]
async fn the_gateway_forgets_whose_account_is_erased_or_joined_with_another() {
    for erased in [true, false] {
        let mut of = ground().await;
        of.test.oscar().await;
        of.keep("4242").await;
        let bakery = of.bakery.to_string();
        let account = ("account", bakery.as_str());
        if erased {
            of.ada.change(CloseCustomer::PATH, &[account, ("reason", "Asked.")]).await.unwrap();
            let form = [account, ("number", "10001"), ("reason", "Asked by letter.")];
            of.ada.change(EraseCustomer::PATH, &form).await.unwrap();
        } else {
            let form = [account, ("number", "10002"), ("reason", "One company.")];
            of.ada.change(MergeCustomer::PATH, &form).await.unwrap();
        }
        // It is asked again where it could not be reached or took no key, and once where it did.
        for trouble in [&of.stand_in.down, &of.stand_in.locked] {
            *trouble.lock().unwrap() = true;
            jobs::run(&of.test.app).await.unwrap();
            *trouble.lock().unwrap() = false;
        }
        jobs::run(&of.test.app).await.unwrap();
        jobs::run(&of.test.app).await.unwrap();
        assert_eq!(*of.stand_in.forgotten.lock().unwrap(), [format!("cus_{}", of.bakery)], "{erased}");
    }
}

/// An invoice that was paid by card, and 50.00 of credit.
async fn paid_by_card() -> (Ground, String) {
    let mut of = ground().await;
    of.begin().await.unwrap();
    let session = of.stand_in.only();
    of.stand_in.set(&session, json!({"payment_status": "paid", "payment_intent": "pi_1"}));
    assert_eq!(of.confirm().await.state, CheckoutState::Paid);
    *of.stand_in.refund_status.lock().unwrap() = "succeeded".into();
    let version = of.invoice().await.version.to_string();
    let (bakery, invoice) = (of.bakery.to_string(), of.invoice.clone());
    let more = [
        ("account", bakery.as_str()),
        ("invoice", &invoice),
        ("version", &version),
        ("amount", "250"),
        ("received", "2026-11-20"),
        ("method", "bank_transfer"),
    ];
    of.ada.change(RecordPayment::PATH, &more).await.unwrap();
    assert_eq!(of.invoice().await.credit, 25_000);
    let shown: ManagePage =
        of.ada.call(ManageInvoice::PATH, &[("account", &bakery), ("invoice", &invoice)]).await.unwrap();
    let issued = shown.issued.unwrap();
    // What the form begins with is what goes back to this card.
    assert_eq!((issued.credit.cents, issued.refund.cents), (25_000, 16_786));
    let mut ways = issued.refundable;
    assert_eq!(ways.len(), 1);
    let (checkout, label) = ways.remove(0);
    assert!(label.contains("167.86 EUR") && label.contains("pi_1"), "{label}");
    (of, checkout)
}

impl Ground {
    async fn refund(&mut self, to: &str, amount: &str) -> Result<crate::error::Outcome, AppError> {
        let form = [("account", self.bakery.as_str()), ("currency", "EUR"), ("to", to), ("amount", amount)];
        self.ada.change(RefundCredit::PATH, &form).await
    }

    fn sent_back(&self) -> Vec<i64> {
        self.stand_in.refunds.lock().unwrap().iter().map(|one| one["amount"].as_i64().unwrap()).collect()
    }

    async fn is_even(&self) {
        assert_eq!(self.test.scalar("SELECT coalesce(sum(amount), 0) FROM ledger").await, 0);
    }
}

#[tokio::test]
async fn credit_goes_back_to_the_card_that_paid_as_far_as_it_paid() {
    let (mut of, checkout) = paid_by_card().await;
    let fields = refused_fields(of.refund(&checkout, "200").await);
    assert_eq!(
        fields,
        [("amount".to_owned(), "Only 167.86 EUR of this payment can be sent back.".to_owned())]
    );
    let fields = refused_fields(of.refund("01k9zv5s8t3w2x1y0abcdefghj", "1").await);
    assert_eq!(fields[0].0, "to");
    let fields = refused_fields(of.refund(&checkout, "-1").await);
    assert_eq!(fields[0].0, "amount");
    let done = of.refund(&checkout, "100").await.unwrap();
    assert_eq!(done.say, "100.00 EUR of credit is on its way back to the card.");
    assert_eq!((of.sent_back(), of.invoice().await.credit), (vec![10_000], 15_000));
    assert_eq!(of.test.count("outbox WHERE kind = 'refund'").await, 1);
    let fields = refused_fields(of.refund(&checkout, "67.87").await);
    assert_eq!(fields[0].1, "Only 67.86 EUR of this payment can be sent back.");
    of.refund(&checkout, "67.86").await.unwrap();
    // Credit that is not there goes nowhere.
    let fields = refused_fields(of.refund("", "500").await);
    assert_eq!(fields[0].0, "reference");
    assert_eq!((of.sent_back(), of.invoice().await.credit), (vec![10_000, 6_786], 8_214));
    of.is_even().await;
}

#[tokio::test]
async fn a_refund_whose_answer_was_lost_is_asked_after_and_sent_once() {
    let (mut of, checkout) = paid_by_card().await;
    *of.stand_in.locked.lock().unwrap() = true;
    let done = of.refund(&checkout, "100").await.unwrap();
    assert!(
        done.say.contains("tried again by itself") && done.say.contains("may not refund"),
        "{}",
        done.say
    );
    *of.stand_in.locked.lock().unwrap() = false;
    *of.stand_in.loses.lock().unwrap() = true;
    of.test.later(61);
    jobs::run(&of.test.app).await.unwrap();
    // What is on its way is nobody's to spend.
    assert_eq!(of.invoice().await.credit, 15_000);
    *of.stand_in.loses.lock().unwrap() = false;
    of.test.later(61);
    for _ in 0..2 {
        jobs::run(&of.test.app).await.unwrap();
    }
    assert_eq!((of.sent_back(), of.test.count("refunds WHERE state = 'done'").await), (vec![10_000], 1));
    assert_eq!(of.test.count("outbox WHERE kind = 'refund'").await, 1);
    of.is_even().await;
}

#[tokio::test]
async fn a_refund_that_cannot_be_sent_for_a_day_is_told_and_given_up_by_staff() {
    let (mut of, checkout) = paid_by_card().await;
    *of.stand_in.down.lock().unwrap() = true;
    let done = of.refund(&checkout, "100").await.unwrap();
    assert!(done.say.contains("Invalid API Key provided"), "{}", done.say);
    of.test.later(25 * 60);
    jobs::run(&of.test.app).await.unwrap();
    of.ada = of.test.staff("Ben", "ben@nord.example", crate::permission::StaffPermissions::all()).await;
    let page: BillingPage = of.ada.call(ShowBilling::PATH, &[]).await.unwrap();
    assert!(page.done.iter().any(|one| one.event == "unrefunded" && one.says.contains("after a day")));
    let (bakery, invoice) = (of.bakery.to_string(), of.invoice.clone());
    let about = [("account", bakery.as_str()), ("invoice", &invoice)];
    let shown: ManagePage = of.ada.call(ManageInvoice::PATH, &about).await.unwrap();
    let waiting = shown.issued.unwrap().waiting;
    assert!(waiting.len() == 1 && waiting[0].1.contains("100.00 EUR"), "{waiting:?}");
    let give = [("account", bakery.as_str()), ("refund", waiting[0].0.as_str())];
    of.ada.change(GiveRefundUp::PATH, &give).await.unwrap();
    assert!(matches!(of.ada.change(GiveRefundUp::PATH, &give).await, Err(AppError::NotFound)));
    of.olivia = of.test.another_browser("olivia@bakery.example").await;
    assert_eq!(of.invoice().await.credit, 25_000);
    assert_eq!((of.sent_back(), of.test.count("outbox WHERE kind LIKE 'refund%'").await), (vec![], 0));
    // What the gateway says of it is told to staff, not to the customer.
    assert_eq!(of.test.count("ledger WHERE says LIKE '%API Key%'").await, 0);
    assert_eq!(of.test.count("activity WHERE says LIKE '%API Key%'").await, 0);
    of.is_even().await;
}

#[tokio::test]
async fn what_the_bank_sends_back_weeks_later_is_found_without_a_message() {
    let (mut of, checkout) = paid_by_card().await;
    of.refund(&checkout, "100").await.unwrap();
    of.stand_in.refunds.lock().unwrap()[0]["status"] = json!("failed");
    of.test.later(25 * 60);
    jobs::run(&of.test.app).await.unwrap();
    of.olivia = of.test.another_browser("olivia@bakery.example").await;
    assert_eq!(of.invoice().await.credit, 25_000);
    assert_eq!(of.test.count("outbox WHERE kind = 'refund-failed'").await, 1);
}

#[tokio::test]
async fn whoever_is_paying_an_invoice_is_not_charged_for_it_as_well() {
    let mut of = ground().await;
    let card = of.keep("4242").await;
    let form = [("account", of.bakery.to_string()), ("method", card)];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    of.olivia.change(SetAutomatic::PATH, &form).await.unwrap();
    let before: Vec<String> = of.stand_in.sessions.lock().unwrap().keys().cloned().collect();
    of.test.later(15 * 24 * 60);
    of.olivia = of.test.another_browser("olivia@bakery.example").await;
    of.begin().await.unwrap();
    let session =
        of.stand_in.sessions.lock().unwrap().keys().find(|id| !before.contains(id)).cloned().unwrap();
    jobs::run(&of.test.app).await.unwrap();
    assert_eq!(of.payments().await, 0);
    // Who went away without paying is.
    of.stand_in.set(&session, json!({"status": "expired"}));
    of.test.later(61);
    for _ in 0..2 {
        jobs::run(&of.test.app).await.unwrap();
    }
    assert_eq!((of.payments().await, of.invoice().await.row.status), (1, InvoiceStatus::Paid));
}

#[tokio::test]
async fn a_refund_that_fails_is_credit_again_and_staff_and_customer_read_of_it() {
    let (mut of, checkout) = paid_by_card().await;
    *of.stand_in.refund_status.lock().unwrap() = "refused".into();
    assert!(matches!(of.refund(&checkout, "100").await, Err(AppError::Conflict(_))));
    assert_eq!(
        (of.invoice().await.credit, of.test.count("outbox WHERE kind LIKE 'refund%'").await),
        (25_000, 0)
    );
    // Another is on its way for days, and comes back.
    *of.stand_in.refund_status.lock().unwrap() = "pending".into();
    of.refund(&checkout, "167.86").await.unwrap();
    assert_eq!(of.tell("refund.updated", "re_1", "whsec_1").await, StatusCode::OK);
    assert_eq!(of.test.count("refunds WHERE state = 'begun' AND session = 're_1'").await, 1);
    for status in ["succeeded", "failed"] {
        of.stand_in.refunds.lock().unwrap()[0]["status"] = json!(status);
        of.stand_in.refunds.lock().unwrap()[0]["failure_reason"] = json!("lost_or_stolen_card");
        for _ in 0..2 {
            assert_eq!(of.tell("refund.updated", "re_1", "whsec_1").await, StatusCode::OK);
        }
    }
    assert_eq!(of.invoice().await.credit, 25_000);
    assert_eq!(of.test.count("outbox WHERE kind = 'refund'").await, 1);
    assert_eq!(of.test.count("outbox WHERE kind = 'refund-failed'").await, 1);
    let page: BillingPage = of.ada.call(ShowBilling::PATH, &[]).await.unwrap();
    let says = page.done.iter().filter(|one| one.event == "unrefunded").map(|one| one.says.as_str());
    assert_eq!(
        says.collect::<Vec<_>>(),
        [
            "167.86 EUR could not be sent back to the card and is credit again: lost or stolen card",
            "100.00 EUR could not be sent back to the card and is credit again: Charge pi_1 has already been refunded."
        ]
    );
    of.is_even().await;
}
