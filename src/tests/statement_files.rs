//! Bank statements: what is booked by itself, what waits, and that no cent is lost whatever is brought in twice.

use super::invoices::{biller, issue};
use super::support::*;
use crate::access::System;
use crate::demo::browser::Browser;
use crate::error::AppError;
use crate::features::invoices::model::{InvoiceStatus, InvoiceView};
use crate::features::invoices::rpc::ShowInvoice;
use crate::operator::statements::model::{LineState, StatementsPage};
use crate::operator::statements::rpc::*;
use crate::paths;
use crate::permission::StaffPermissions;
use crate::platform::db::args;
use crate::types::AccountId;
use axum::body::Body;
use axum::http::Request;
use leptos::server_fn::ServerFn as _;

async fn ground() -> (TestApp, Browser, AccountId, Browser) {
    let test = TestApp::new().await;
    let (olivia, bakery) = test.olivia().await;
    let ada = biller(&test).await;
    (test, olivia, bakery, ada)
}

/// Sends a file as its form would; what the page says then.
async fn bring(by: &mut Browser, file: &str) -> String {
    let body = format!(
        "--x\r\nContent-Disposition: form-data; name=\"date\"\r\n\r\n\r\n--x\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n{file}\r\n--x--\r\n"
    );
    let request = Request::post(paths::STATEMENTS_UPLOAD)
        .header("content-type", "multipart/form-data; boundary=x")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body))
        .unwrap();
    let answer = by.open(request).await;
    let to = answer.headers()["location"].to_str().unwrap().to_owned();
    let (_, says) = to.split_once('=').unwrap();
    percent_encoding::percent_decode_str(&says.replace('+', " ")).decode_utf8().unwrap().into_owned()
}

async fn show(by: &mut Browser, account: &AccountId, invoice: &str) -> InvoiceView {
    by.call(ShowInvoice::PATH, &[("account", account.as_str()), ("invoice", invoice)]).await.unwrap()
}

async fn page(by: &mut Browser, state: &str) -> StatementsPage {
    by.call(ShowStatements::PATH, &[("state", state)]).await.unwrap()
}

const HEAD: &str = "Date;Amount;Text;Name";

#[tokio::test]
async fn what_names_an_invoice_and_its_amount_is_booked_once_and_the_rest_waits() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let (first, second) = (issue(&mut ada, &bakery).await, issue(&mut ada, &bakery).await);
    let file = format!(
        "{HEAD}\n20.11.2026;167,86;inv 00001 thanks;Hart Bakery\n20.11.2026;100,00;INV-00002;Hart Bakery\n\
         20.11.2026;-9,99;Fees;Bank\n21.11.2026;5,00;Rent of the garden;Somebody\n"
    );
    let says = bring(&mut ada, &file).await;
    assert_eq!(says, "3 payments: 1 booked, 2 wait for you, 0 known already. 1 outgoing ones were left out.");
    assert_eq!(show(&mut olivia, &bakery, &first).await.row.status, InvoiceStatus::Paid);
    assert_eq!(test.count("outbox WHERE kind = 'payment' AND subject LIKE '%INV-00001%'").await, 1);
    // Brought in again, nothing changes.
    let says = bring(&mut ada, &file).await;
    assert!(says.starts_with("3 payments: 0 booked, 0 wait for you, 3 known already."), "{says}");
    assert_eq!(test.count("payments").await, 1);
    let waits = page(&mut ada, "").await;
    assert_eq!(waits.rows.iter().map(|row| row.suggestion.as_str()).collect::<Vec<_>>(), ["INV-00002", ""]);
    let sums = &waits.sums[0];
    assert_eq!(
        (sums.booked.cents, sums.waiting.cents, sums.aside.cents, sums.all.cents),
        (16_786, 10_500, 0, 27_286)
    );
    // A part is booked by hand; who is nobody is not.
    let (part, rent) = (waits.rows[0].id.clone(), waits.rows[1].id.clone());
    let refused = ada.change(BookPayment::PATH, &[("id", &part), ("number", "INV-99999")]).await;
    assert_eq!(refused_fields(refused)[0].0, "number");
    ada.change(BookPayment::PATH, &[("id", &part), ("number", "inv-00002")]).await.unwrap();
    assert_eq!(show(&mut olivia, &bakery, &second).await.row.open.cents, 6_786);
    let again = ada.change(BookPayment::PATH, &[("id", &part), ("number", "INV-00002")]).await;
    assert!(matches!(again, Err(AppError::Conflict(_))));
    // The rest is put aside, waits again, and becomes a customer's credit.
    assert_eq!(refused_fields(ada.change(PutAside::PATH, &[("id", &rent)]).await)[0].0, "reason");
    ada.change(PutAside::PATH, &[("id", &rent), ("reason", "Not ours")]).await.unwrap();
    assert_eq!(page(&mut ada, "aside").await.rows[0].says, "Not ours");
    ada.change(PutBackPayment::PATH, &[("id", &rent)]).await.unwrap();
    ada.change(BookPayment::PATH, &[("id", &rent), ("number", "10001")]).await.unwrap();
    assert_eq!(show(&mut olivia, &bakery, &second).await.credit, 500);
    let booked = page(&mut ada, "booked").await;
    assert_eq!((booked.rows.len(), booked.state), (3, LineState::Booked));
    assert_eq!(test.scalar("SELECT coalesce(sum(amount), 0) FROM ledger").await, 0);
    assert_eq!(test.scalar("SELECT coalesce(sum(amount), 0) FROM ledger WHERE book = 'bank'").await, 27_286);
}

#[tokio::test]
async fn one_payment_for_two_invoices_is_booked_on_both() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let (first, second) = (issue(&mut ada, &bakery).await, issue(&mut ada, &bakery).await);
    let says = bring(&mut ada, &format!("{HEAD}\n20.11.2026;335,72;INV-00001 INV-00002;Hart Bakery\n")).await;
    assert!(says.starts_with("1 payments: 1 booked"), "{says}");
    for invoice in [first, second] {
        assert_eq!(show(&mut olivia, &bakery, &invoice).await.row.status, InvoiceStatus::Paid);
    }
    assert_eq!(test.count("payments").await, 2);
}

#[tokio::test]
async fn ten_thousand_lines_twice_are_ten_thousand_payments() {
    let (test, _olivia, _bakery, mut ada) = ground().await;
    let lines: String =
        (0..10_000).map(|n| format!("20.11.2026;{}.00;Order {};P\n", n % 90 + 1, n / 2)).collect();
    let file = format!("Date;Amount;Text;Name\n{lines}");
    let says = bring(&mut ada, &file).await;
    assert!(says.starts_with("10000 payments: 0 booked, 10000 wait"), "{says}");
    let says = bring(&mut ada, &file).await;
    assert!(says.contains("10000 known already"), "{says}");
    assert_eq!(test.count("statement_lines").await, 10_000);
    let mut reader = System::of(&test.app).read().await.unwrap();
    let sum: i64 = reader.conn().value("SELECT sum(amount) FROM statement_lines", args![]).await.unwrap();
    assert_eq!(page(&mut ada, "").await.sums[0].all.cents, sum);
}

#[tokio::test]
async fn a_file_that_is_none_changes_nothing_and_says_why() {
    let (test, _olivia, _bakery, mut ada) = ground().await;
    assert_eq!(bring(&mut ada, "").await, "Choose a file.");
    assert_eq!(
        bring(&mut ada, "<Document></Document>").await,
        "This is neither a CAMT.053 statement nor a CSV file."
    );
    let says = bring(&mut ada, &format!("{HEAD}\n20.11.2026;5,00;a;b\n20.11.2026;x;a;b\n")).await;
    assert!(says.contains("there is no amount in it"), "{says}");
    assert_eq!(test.count("statement_lines").await, 0);
    let mut eve = test
        .staff(
            "Eve Reader",
            "eve@operator.example",
            StaffPermissions::from_keys("customers.view,invoices.view"),
        )
        .await;
    assert!(matches!(
        eve.call::<StatementsPage>(ShowStatements::PATH, &[]).await,
        Err(AppError::Forbidden(_))
    ));
}
