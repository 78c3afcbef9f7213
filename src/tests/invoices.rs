//! Invoices: drafts, issuing, what stays as issued, payments, corrections and the ledger, through the in-memory router.

use super::support::*;
use crate::access::System;
use crate::demo::browser::Browser;
use crate::error::{AppError, Outcome, Result};
use crate::features::accounts::rpc::SaveProfile;
use crate::features::invoices::model::*;
use crate::features::invoices::rpc::*;
use crate::operator::customers::rpc::CloseCustomer;
use crate::operator::data::rpc::EraseCustomer;
use crate::operator::invoices::model::{Aged, ManagePage};
use crate::operator::invoices::rpc::*;
use crate::operator::merge::rpc::MergeCustomer;
use crate::operator::settings::rpc::SaveCompany;
use crate::permission::StaffPermissions;
use crate::platform::db::{MadeSql, args};
use crate::types::{AccountId, InvoiceId, Page};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use leptos::server_fn::ServerFn as _;
use sha2::Digest as _;

const OLIVIA: &str = "olivia@bakery.example";

/// How invoices are made, as a form.
pub(super) const SETTINGS: [(&str, &str); 7] = [
    ("prefix", "INV-"),
    ("credit_prefix", "CN-"),
    ("currency", "EUR"),
    ("days", "14"),
    ("rates", "19, 7"),
    ("holder", "Nord Hosting GmbH"),
    ("iban", "DE89 3704 0044 0532 0130 00"),
];

/// Who issues.
pub(super) const COMPANY: [(&str, &str); 6] = [
    ("name", "Nord Hosting"),
    ("colour", "#0f5c5c"),
    ("address", "Harbour 1\n20457 Hamburg"),
    ("sign_up", "on"),
    ("invites", "on"),
    ("own_mail", "on"),
];

/// A draft of 167.86 EUR: 13.01 and 120.00 at 19 %, 8.95 at 7 %.
pub(super) const LINES: [(&str, &str); 13] = [
    ("currency", "EUR"),
    ("description[]", "Web Hosting M"),
    ("quantity[]", ""),
    ("price[]", "13.01"),
    ("tax[]", "S1900"),
    ("description[]", "Setup"),
    ("quantity[]", "1.5"),
    ("price[]", "80"),
    ("tax[]", "S1900"),
    ("description[]", "Handbook"),
    ("quantity[]", "1"),
    ("price[]", "8.95"),
    ("tax[]", "S700"),
];
const TOTAL: i64 = 16_786;

/// Ada, once invoices can be issued.
pub(super) async fn biller(test: &TestApp) -> Browser {
    let mut ada = test.ada().await;
    ada.change(SaveCompany::PATH, &COMPANY).await.unwrap();
    ada.change(SaveBillingSettings::PATH, &SETTINGS).await.unwrap();
    ada
}

async fn ground() -> (TestApp, Browser, AccountId, Browser) {
    let test = TestApp::new().await;
    let (olivia, bakery) = test.olivia().await;
    let ada = biller(&test).await;
    (test, olivia, bakery, ada)
}

async fn draft(ada: &mut Browser, account: &AccountId, lines: &[(&str, &str)]) -> String {
    let of = [("account", account.as_str())];
    let done = ada.change(SaveDraft::PATH, &[&of[..], lines].concat()).await.unwrap();
    done.to.rsplit('/').next().unwrap().to_owned()
}

/// Acts on an invoice as it is now.
async fn act(
    ada: &mut Browser,
    path: &str,
    account: &AccountId,
    invoice: &str,
    more: &[(&str, &str)],
) -> Result<Outcome> {
    let version = see(ada, account, invoice).await?.version.to_string();
    let of = [("account", account.as_str()), ("invoice", invoice), ("version", &version)];
    ada.change(path, &[&of[..], more].concat()).await
}

pub(super) async fn issue(ada: &mut Browser, account: &AccountId) -> String {
    let id = draft(ada, account, &LINES).await;
    act(ada, IssueInvoice::PATH, account, &id, &[]).await.unwrap();
    id
}

async fn see(by: &mut Browser, account: &AccountId, invoice: &str) -> Result<InvoiceView> {
    by.call(ShowInvoice::PATH, &[("account", account.as_str()), ("invoice", invoice)]).await
}

async fn pay(ada: &mut Browser, account: &AccountId, invoice: &str, amount: &str) -> Result<Outcome> {
    let form =
        [("amount", amount), ("received", "2026-11-20"), ("method", "bank_transfer"), ("reference", "INV")];
    act(ada, RecordPayment::PATH, account, invoice, &form).await
}

async fn document(by: &mut Browser, account: &AccountId, invoice: &str) -> Vec<u8> {
    let request = Request::get(format!("/a/{account}/invoices/{invoice}/pdf")).body(Body::empty()).unwrap();
    let answer = by.open(request).await;
    assert_eq!(answer.status(), StatusCode::OK);
    axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec()
}

async fn text(test: &TestApp, sql: &str) -> String {
    let mut reader = System::of(&test.app).read().await.unwrap();
    reader.conn().value(MadeSql(sql.to_owned()), args![]).await.unwrap()
}

/// Every entry of the ledger sums to zero, and what it says of an invoice is what the invoice says.
async fn audit_the_ledger(test: &TestApp) {
    let mut reader = System::of(&test.app).read().await.unwrap();
    let conn = reader.conn();
    let off = "SELECT count(*) FROM (SELECT 1 FROM ledger GROUP BY entry_id HAVING sum(amount) <> 0) x";
    let wrong: i64 = conn.value(off, args![]).await.unwrap();
    assert_eq!(wrong, 0, "an entry does not sum to zero");
    let owed = r"SELECT count(*) FROM invoices i WHERE i.kind = 'invoice' AND i.status <> 'draft'
        AND i.total - i.paid - i.credited <> (SELECT coalesce(sum(l.amount), 0) FROM ledger l
            WHERE l.book = 'receivable' AND (l.invoice_id = i.id OR l.invoice_id IN (SELECT c.id FROM invoices c WHERE c.corrects_id = i.id)))";
    let wrong: i64 = conn.value(owed, args![]).await.unwrap();
    assert_eq!(wrong, 0, "an invoice says something else than the ledger");
}

#[tokio::test]
async fn a_draft_becomes_an_invoice_that_stays_as_it_was_issued() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let id = draft(&mut ada, &bakery, &LINES).await;
    let shown = see(&mut ada, &bakery, &id).await.unwrap();
    assert_eq!((shown.row.total.cents, shown.row.status), (TOTAL, InvoiceStatus::Draft));
    assert!(
        matches!(see(&mut olivia, &bakery, &id).await, Err(AppError::NotFound)),
        "a draft is staff's alone"
    );
    let done = act(&mut ada, IssueInvoice::PATH, &bakery, &id, &[]).await.unwrap();
    assert!(done.say.starts_with("INV-00001 was issued and sent to "), "{}", done.say);
    let issued = see(&mut olivia, &bakery, &id).await.unwrap();
    assert_eq!((issued.row.number.as_str(), issued.row.open.cents), ("INV-00001", TOTAL));
    assert_eq!(issued.seller.lines(), ["Nord Hosting", "Harbour 1", "20457 Hamburg"]);
    let taxes: Vec<(i64, i64, i64)> = issued.taxes.iter().map(|sum| (sum.rate, sum.base, sum.tax)).collect();
    assert_eq!(taxes, [(1_900, 13_301, 2_527), (700, 895, 63)]);
    // Who pays reads how, with a code for their bank.
    let how = issued.pay.clone().unwrap();
    assert_eq!((how.iban.as_str(), how.reference.as_str()), ("DE89 3704 0044 0532 0130 00", "INV-00001"));
    assert!(how.qr.contains("<svg"), "{}", how.qr);
    // The mail carries the document, and the document is what the row says it is.
    let mail = test.last_mail(OLIVIA).await;
    assert!(mail.subject == "Invoice INV-00001: 167.86 EUR" && mail.body_text.contains("due on"), "{mail:?}");
    let pdf = document(&mut olivia, &bakery, &id).await;
    assert!(pdf.starts_with(b"%PDF-1.7"));
    let hash: String = sha2::Sha256::digest(&pdf).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(text(&test, &format!("SELECT document FROM invoices WHERE id = '{id}'")).await, hash);
    assert!(text(&test, "SELECT files FROM outbox ORDER BY id DESC LIMIT 1").await.contains(&hash));
    // Whatever becomes of the customer, the company and the settings: it stays.
    let profile =
        [("account", bakery.as_str()), ("name", "Hart & Sons"), ("email", OLIVIA), ("mail[]", "domain")];
    olivia.save(SaveProfile::PATH, &profile).await.unwrap();
    let company = [("name", "Other"), ("colour", "#0f5c5c"), ("address", "Elsewhere 2")];
    ada.change(SaveCompany::PATH, &company).await.unwrap();
    let later = see(&mut olivia, &bakery, &id).await.unwrap();
    assert_eq!((&later.payer, &later.seller, &later.lines), (&issued.payer, &issued.seller, &issued.lines));
    assert_eq!(document(&mut olivia, &bakery, &id).await, pdf);
    // Neither a form nor a statement changes it.
    let again = act(&mut ada, SaveDraft::PATH, &bakery, &id, &LINES).await.unwrap_err();
    assert!(matches!(again, AppError::Conflict(_)), "{again:?}");
    for sql in [
        format!("UPDATE invoices SET total = 1 WHERE id = '{id}'"),
        format!("UPDATE invoices SET payer = '' WHERE id = '{id}'"),
        format!("UPDATE invoices SET status = 'draft' WHERE id = '{id}'"),
        format!("DELETE FROM invoices WHERE id = '{id}'"),
        format!("UPDATE invoice_lines SET price = '1' WHERE invoice_id = '{id}'"),
        format!("DELETE FROM invoice_lines WHERE invoice_id = '{id}'"),
        "UPDATE ledger SET amount = 1".to_owned(),
        "DELETE FROM ledger".to_owned(),
    ] {
        let mut tx = System::of(&test.app).begin().await.unwrap();
        assert!(tx.conn().execute(MadeSql(sql.clone()), args![]).await.is_err(), "{sql}");
    }
    audit_the_ledger(&test).await;
}

#[tokio::test]
async fn numbers_have_no_gap_whatever_is_refused_or_raced_for() {
    let (test, _, bakery, mut ada) = ground().await;
    let first = draft(&mut ada, &bakery, &LINES).await;
    // A draft without lines, and one below zero, draw no number.
    let empty = draft(&mut ada, &bakery, &[("currency", "EUR")]).await;
    let none = act(&mut ada, IssueInvoice::PATH, &bakery, &empty, &[]).await.unwrap_err();
    assert_eq!(none, AppError::Conflict("An invoice needs at least one line.".into()));
    let minus = [("currency", "EUR"), ("description[]", "Rebate"), ("price[]", "-5"), ("tax[]", "S1900")];
    let minus = draft(&mut ada, &bakery, &minus).await;
    assert!(act(&mut ada, IssueInvoice::PATH, &bakery, &minus, &[]).await.is_err());
    // Two who issue the same draft at once: one does.
    let mut other = test.staff("Bo Billing", "bo@operator.example", StaffPermissions::all()).await;
    let version = see(&mut ada, &bakery, &first).await.unwrap().version.to_string();
    let of = [("account", bakery.as_str()), ("invoice", first.as_str()), ("version", version.as_str())];
    let (one, two) = tokio::join!(ada.change(IssueInvoice::PATH, &of), other.change(IssueInvoice::PATH, &of));
    let refused = [&one, &two].into_iter().filter(|done| matches!(done, Err(AppError::Conflict(_)))).count();
    assert_eq!((one.is_ok() != two.is_ok(), refused), (true, 1), "{one:?} {two:?}");
    for _ in 0..3 {
        issue(&mut ada, &bakery).await;
    }
    let numbers = text(&test, "SELECT group_concat(number, ' ') FROM (SELECT number FROM invoices WHERE serial IS NOT NULL ORDER BY serial)").await;
    assert_eq!(numbers, "INV-00001 INV-00002 INV-00003 INV-00004");
}

#[tokio::test]
async fn every_cent_that_comes_in_stands_on_an_invoice_or_is_credit() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let id = issue(&mut ada, &bakery).await;
    pay(&mut ada, &bakery, &id, "67.86").await.unwrap();
    let shown = see(&mut olivia, &bakery, &id).await.unwrap();
    assert_eq!((shown.row.open.cents, shown.row.pill(shown.now).2), (10_000, "Partly paid"));
    let mail = test.last_mail(OLIVIA).await;
    assert!(
        mail.body_text.contains("67.86 EUR") && mail.body_text.contains("100.00 EUR is still open"),
        "{mail:?}"
    );
    let done = pay(&mut ada, &bakery, &id, "150").await.unwrap();
    assert_eq!(done.say, "150.00 EUR was recorded for INV-00001; 50.00 EUR of it is credit now.");
    let shown = see(&mut olivia, &bakery, &id).await.unwrap();
    assert_eq!((shown.row.status, shown.credit, shown.payments.len()), (InvoiceStatus::Paid, 5_000, 2));
    let mut tomorrow = SETTINGS;
    tomorrow[3] = ("days", "1");
    ada.change(SaveBillingSettings::PATH, &tomorrow).await.unwrap();
    // What comes in for what is paid is credit, and the next invoice is paid from it.
    pay(&mut ada, &bakery, &id, "50").await.unwrap();
    let next = issue(&mut ada, &bakery).await;
    let shown = see(&mut olivia, &bakery, &next).await.unwrap();
    assert_eq!((shown.row.open.cents, shown.credit), (TOTAL - 10_000, 0));
    let balances: Vec<Balance> =
        olivia.call(ShowBalances::PATH, &[("account", bakery.as_str())]).await.unwrap();
    assert_eq!((balances[0].open.cents, balances[0].overdue.cents, balances[0].credit.cents), (6_786, 0, 0));
    test.later(60 * 24 * 2);
    let balances: Vec<Balance> =
        olivia.call(ShowBalances::PATH, &[("account", bakery.as_str())]).await.unwrap();
    assert_eq!(balances[0].overdue.cents, 6_786);
    let aged: Vec<Aged> = ada.call(ShowReceivables::PATH, &[]).await.unwrap();
    assert_eq!(aged[0].owed, [0, 6_786, 0, 0]);
    // The statement explains every cent: the newest line says what is owed.
    let rows: Vec<StatementRow> =
        olivia.call(ShowStatement::PATH, &[("account", bakery.as_str())]).await.unwrap();
    assert_eq!(rows[0].balance.cents, 6_786);
    assert_eq!(rows.iter().map(|row| row.amount.cents).sum::<i64>(), 6_786);
    // What is negative, nothing or no number is refused beside its field.
    for bad in ["0", "-5", "x", "1.234"] {
        let fields = refused_fields(pay(&mut ada, &bakery, &next, bad).await);
        assert_eq!(fields[0].0, "amount", "{bad}");
    }
    // Two who record at once are told of each other.
    let version = see(&mut ada, &bakery, &next).await.unwrap().version.to_string();
    let form = [
        ("account", bakery.as_str()),
        ("invoice", next.as_str()),
        ("version", version.as_str()),
        ("amount", "67.86"),
        ("received", "2026-11-20"),
        ("method", "cash"),
    ];
    ada.change(RecordPayment::PATH, &form).await.unwrap();
    let mut robin = test.staff("Robin", "robin@operator.example", StaffPermissions::all()).await;
    assert!(matches!(robin.change(RecordPayment::PATH, &form).await, Err(AppError::Conflict(_))));
    audit_the_ledger(&test).await;
}

#[tokio::test]
async fn a_correction_is_another_document_and_never_more_than_what_is_left() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let id = issue(&mut ada, &bakery).await;
    pay(&mut ada, &bakery, &id, "167.86").await.unwrap();
    // In part: the handbook. What was paid of it is the customer's again.
    let part = [("reason", "Out of print"), ("quantity[]", "0"), ("quantity[]", ""), ("quantity[]", "1")];
    let done = act(&mut ada, CreditInvoice::PATH, &bakery, &id, &part).await.unwrap();
    assert_eq!(done.say, "Credit note CN-00001 was issued for 9.58 EUR.");
    let shown = see(&mut olivia, &bakery, &id).await.unwrap();
    assert_eq!((shown.row.status, shown.credit), (InvoiceStatus::Paid, 958));
    assert_eq!(
        (shown.credit_notes[0].number.as_str(), shown.credit_notes[0].reason.as_str()),
        ("CN-00001", "Out of print")
    );
    let note = see(&mut olivia, &bakery, shown.credit_notes[0].id.as_str()).await.unwrap();
    assert_eq!(note.corrects.unwrap().number, "INV-00001");
    let mail = test.last_mail(OLIVIA).await;
    assert!(
        mail.subject == "Credit note CN-00001: 9.58 EUR" && mail.body_text.contains("Out of print"),
        "{mail:?}"
    );
    // More than a line has, or than is left, is refused; so is correcting a correction.
    let more = [("reason", "x"), ("quantity[]", "2"), ("quantity[]", "0"), ("quantity[]", "0")];
    let fields = refused_fields(act(&mut ada, CreditInvoice::PATH, &bakery, &id, &more).await);
    assert_eq!(fields[0].0, "quantity");
    let all = act(&mut ada, CreditInvoice::PATH, &bakery, &id, &[("reason", "x")]).await.unwrap_err();
    assert_eq!(all, AppError::Conflict("Only 158.28 EUR of this invoice is left to credit.".into()));
    let of_note =
        act(&mut ada, CreditInvoice::PATH, &bakery, shown.credit_notes[0].id.as_str(), &[("reason", "x")])
            .await;
    assert!(of_note.is_err());
    let reissue = act(&mut ada, ReissueInvoice::PATH, &bakery, &id, &[]).await;
    assert!(reissue.is_err(), "the customer keeps what was credited");
    // Credit is paid back once.
    let refund =
        [("account", bakery.as_str()), ("currency", "EUR"), ("amount", "9.58"), ("reference", "SEPA 1")];
    ada.change(RefundCredit::PATH, &refund).await.unwrap();
    let again = refused_fields(ada.change(RefundCredit::PATH, &refund).await);
    assert_eq!(again[0].1, "The credit is 0.00 EUR.");
    // A wrong address: credited and issued anew, to whom invoices go now; what was paid goes along.
    let second = issue(&mut ada, &bakery).await;
    pay(&mut ada, &bakery, &second, "100").await.unwrap();
    let profile =
        [("account", bakery.as_str()), ("name", "Hart & Sons"), ("email", OLIVIA), ("mail[]", "domain")];
    olivia.save(SaveProfile::PATH, &profile).await.unwrap();
    let done = act(&mut ada, ReissueInvoice::PATH, &bakery, &second, &[]).await.unwrap();
    assert_eq!(done.say, "INV-00002 was credited and issued anew as INV-00003.");
    let old = see(&mut olivia, &bakery, &second).await.unwrap();
    assert_eq!((old.row.status, old.payer.name.as_str()), (InvoiceStatus::Credited, "Hart Bakery"));
    let new = see(&mut olivia, &bakery, done.to.rsplit('/').next().unwrap()).await.unwrap();
    assert_eq!((new.payer.name.as_str(), new.row.open.cents), ("Hart & Sons", TOTAL - 10_000));
    // One that nobody paid is cancelled by its credit note; what comes in for it all the same is credit.
    let third = issue(&mut ada, &bakery).await;
    act(&mut ada, CreditInvoice::PATH, &bakery, &third, &[("reason", "Ordered by mistake")]).await.unwrap();
    assert_eq!(see(&mut olivia, &bakery, &third).await.unwrap().row.status, InvoiceStatus::Cancelled);
    pay(&mut ada, &bakery, &third, "20").await.unwrap();
    assert_eq!(see(&mut olivia, &bakery, &third).await.unwrap().credit, 2_000);
    // What is left of the new one is paid from it by whoever may pay.
    let id = new.row.id.to_string();
    let of = [("account", bakery.as_str()), ("invoice", id.as_str())];
    olivia.change(UseCredit::PATH, &of).await.unwrap();
    assert!(matches!(olivia.change(UseCredit::PATH, &of).await, Err(AppError::Conflict(_))), "it is used up");
    // The rest is given up, and says so to staff alone.
    let before = test.mails_to(OLIVIA).await;
    act(&mut ada, WriteOffInvoice::PATH, &bakery, &id, &[("reason", "Insolvent")]).await.unwrap();
    assert_eq!(see(&mut ada, &bakery, &id).await.unwrap().row.status, InvoiceStatus::WrittenOff);
    assert_eq!(test.mails_to(OLIVIA).await, before);
    audit_the_ledger(&test).await;
}

#[tokio::test]
async fn the_bookkeeper_sees_and_pays_and_whoever_may_not_does_not() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let id = issue(&mut ada, &bakery).await;
    let mut ben = test
        .member(&mut olivia, &bakery, "Ben", "ben@bakery.example", &["invoices.view", "invoices.pay"])
        .await;
    let mut vera = test.member(&mut olivia, &bakery, "Vera", "vera@bakery.example", &["invoices.view"]).await;
    let mut wes = test.member(&mut olivia, &bakery, "Wes", "wes@bakery.example", &["tickets.open"]).await;
    assert!(see(&mut ben, &bakery, &id).await.unwrap().pay.is_some());
    let shown = see(&mut vera, &bakery, &id).await.unwrap();
    assert!(shown.pay.is_none() && !shown.may_pay, "how to pay is for who may");
    let refused = see(&mut wes, &bakery, &id).await.unwrap_err();
    assert_eq!(refused, AppError::Lacks { permission: "invoices.view".into(), asset: None });
    let pdf = format!("/a/{bakery}/invoices/{id}/pdf");
    assert_eq!(wes.get(&pdf).await.status, StatusCode::FORBIDDEN);
    assert_eq!(vera.get(&pdf).await.status, StatusCode::OK);
    let html = wes.get(&format!("/a/{bakery}/invoices")).await.body;
    assert!(html.contains("View invoices") && !html.contains("INV-00001"));
    let html = ben.get(&format!("/a/{bakery}/invoices")).await.body;
    assert!(html.contains("INV-00001") && html.contains("167.86 EUR to pay"), "{html}");
    // Another account's people find nothing of it by its id.
    let (mut oscar, elsewhere) = test.oscar().await;
    assert!(matches!(see(&mut oscar, &elsewhere, &id).await, Err(AppError::NotFound)));
    assert_eq!(oscar.get(&format!("/a/{elsewhere}/invoices/{id}/pdf")).await.status, StatusCode::NOT_FOUND);
    // Staff find it by its number.
    for typed in ["INV-00001", "1", "inv-00001"] {
        let page: Page<InvoiceRow> = ada.call(ListAllInvoices::PATH, &[("q", typed)]).await.unwrap();
        assert_eq!(page.items.len(), 1, "{typed}");
    }
    let page: Page<InvoiceRow> = ada.call(ListAllInvoices::PATH, &[("status", "overdue")]).await.unwrap();
    assert!(page.items.is_empty());
    let page: ManagePage =
        ada.call(ManageInvoice::PATH, &[("account", bakery.as_str()), ("invoice", &id)]).await.unwrap();
    assert_eq!(page.issued.unwrap().left.cents, TOTAL);
}

#[tokio::test]
async fn nothing_is_issued_without_a_seller_and_odd_names_stop_nothing() {
    let test = TestApp::new().await;
    let (mut olivia, bakery) = test.olivia().await;
    let mut ada = test.ada().await;
    let id = draft(&mut ada, &bakery, &LINES).await;
    let none = act(&mut ada, IssueInvoice::PATH, &bakery, &id, &[]).await.unwrap_err();
    assert!(matches!(&none, AppError::Conflict(says) if says.contains("company's address")), "{none:?}");
    let company = [("name", "Nord"), ("colour", "#0f5c5c"), ("address", "Harbour 1")];
    ada.change(SaveCompany::PATH, &company).await.unwrap();
    let long = "Αρτοποιείο ".repeat(18);
    for name in ["山田パン 🥐 \"#[\\", long.trim(), "<b>& *bold* $x$ #let"] {
        let profile = [("account", bakery.as_str()), ("name", name), ("email", OLIVIA), ("mail[]", "domain")];
        olivia.save(SaveProfile::PATH, &profile).await.unwrap();
        let id = issue(&mut ada, &bakery).await;
        assert_eq!(
            see(&mut olivia, &bakery, &id).await.unwrap().payer.name,
            name,
            "the row keeps the name as it is"
        );
    }
    // Lines of every kind: three rates, none, a currency without minor units.
    let yen = [("currency", "JPY"), ("description[]", "Hosting"), ("price[]", "1200"), ("tax[]", "S1000")];
    let id = draft(&mut ada, &bakery, &yen).await;
    act(&mut ada, IssueInvoice::PATH, &bakery, &id, &[]).await.unwrap();
    let shown = see(&mut olivia, &bakery, &id).await.unwrap();
    assert_eq!((shown.row.total.to_string(), shown.pay.unwrap().qr), ("1,320 JPY".to_owned(), String::new()));
    let free = [("currency", "EUR"), ("description[]", "Gift"), ("price[]", "0"), ("tax[]", "Z0")];
    let id = draft(&mut ada, &bakery, &free).await;
    act(&mut ada, IssueInvoice::PATH, &bakery, &id, &[]).await.unwrap();
    assert_eq!(
        see(&mut olivia, &bakery, &id).await.unwrap().row.status,
        InvoiceStatus::Paid,
        "nothing is to be paid"
    );
    let huge = [
        ("currency", "EUR"),
        ("description[]", "All"),
        ("quantity[]", "999999999"),
        ("price[]", "999999999"),
        ("tax[]", "S1900"),
    ];
    let of = [("account", bakery.as_str())];
    let refused = ada.change(SaveDraft::PATH, &[&of[..], &huge].concat()).await.unwrap_err();
    assert_eq!(refused, AppError::Conflict("These amounts are too large.".into()));
    let bad = [("currency", "EURO"), ("description[]", ""), ("price[]", "x"), ("tax[]", "S1900")];
    let fields = refused_fields(ada.change(SaveDraft::PATH, &[&of[..], &bad].concat()).await);
    assert_eq!(
        fields.iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>(),
        ["lines", "lines", "currency"]
    );
    assert!(InvoiceId::parse("x").is_none());
}

#[tokio::test]
async fn invoices_go_along_when_accounts_are_merged_and_stay_when_one_is_erased() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let (mut oscar, elsewhere) = test.oscar().await;
    let id = issue(&mut ada, &bakery).await;
    pay(&mut ada, &bakery, &id, "200").await.unwrap();
    draft(&mut ada, &bakery, &LINES).await;
    let before = document(&mut olivia, &bakery, &id).await;
    let number = test.scalar("SELECT number FROM accounts WHERE name = 'Elsewhere Ltd'").await.to_string();
    let merge = [("account", bakery.as_str()), ("number", &number), ("reason", "One company.")];
    ada.change(MergeCustomer::PATH, &merge).await.unwrap();
    let moved = see(&mut oscar, &elsewhere, &id).await.unwrap();
    assert_eq!(
        (moved.payer.name.as_str(), moved.credit),
        ("Hart Bakery", 3_214),
        "as issued, and the credit too"
    );
    assert_eq!(document(&mut oscar, &elsewhere, &id).await, before);
    audit_the_ledger(&test).await;
    let archive = ada.get(&format!("/operator/customers/{elsewhere}/archive.zip")).await;
    assert_eq!(archive.status, StatusCode::OK);
    ada.change(CloseCustomer::PATH, &[("account", elsewhere.as_str()), ("reason", "Gone")]).await.unwrap();
    let erase = [("account", elsewhere.as_str()), ("number", number.as_str()), ("reason", "Asked")];
    ada.change(EraseCustomer::PATH, &erase).await.unwrap();
    let left = text(&test, "SELECT group_concat(number || payer, ' ') FROM invoices").await;
    assert!(left.starts_with("INV-00001{") && left.contains("Hart Bakery"), "books have to be kept: {left}");
}
