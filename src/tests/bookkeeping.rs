//! What goes to bookkeeping: exports, revenue, several documents at once; the operator's template; and what is open on all
//! accounts of a person.

use super::invoices::{SETTINGS, biller, issue};
use super::support::*;
use crate::demo::browser::Browser;
use crate::error::AppError;
use crate::features::accounts;
use crate::features::accounts::model::{ProfilePage, TaxState};
use crate::features::accounts::rpc::{SaveProfile, ShowProfile};
use crate::features::attention::model::{Need, NeedKind};
use crate::features::attention::rpc::ShowNeeds;
use crate::features::invoices::model::InvoiceView;
use crate::features::invoices::rpc::ShowInvoice;
use crate::features::open::model::{OpenKind, OpenPage};
use crate::features::open::rpc::ShowOpen;
use crate::operator::invoices::model::Month;
use crate::operator::invoices::rpc::{
    CreditInvoice, SaveBillingSettings, SaveInvoiceTemplate, ShowInvoiceTemplate, ShowRevenue,
};
use crate::permission::StaffPermissions;
use crate::types::{AccountId, Timestamp};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use leptos::server_fn::ServerFn as _;
use std::io::{Cursor, Read as _};

async fn ground() -> (TestApp, Browser, AccountId, Browser) {
    let test = TestApp::new().await;
    let (olivia, bakery) = test.olivia().await;
    let ada = biller(&test).await;
    (test, olivia, bakery, ada)
}

async fn get(by: &mut Browser, path: &str) -> (StatusCode, Vec<u8>) {
    let answer = by.open(Request::get(path).body(Body::empty()).unwrap()).await;
    let status = answer.status();
    (status, axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec())
}

async fn credit(ada: &mut Browser, olivia: &mut Browser, account: &AccountId, invoice: &str) {
    let of = [("account", account.as_str()), ("invoice", invoice)];
    let view: InvoiceView = olivia.call(ShowInvoice::PATH, &of).await.unwrap();
    let version = view.version.to_string();
    let form = [&of[..], &[("version", version.as_str()), ("reason", "Wrong")]].concat();
    ada.change(CreditInvoice::PATH, &form).await.unwrap();
}

#[tokio::test]
async fn invoices_and_bookings_of_a_time_are_exported_and_add_up() {
    let (_test, mut olivia, bakery, mut ada) = ground().await;
    let settings: Vec<(&str, &str)> =
        SETTINGS.into_iter().chain([("accounts", "receivable=1400\nrevenue = 8400\ntax=1776")]).collect();
    ada.change(SaveBillingSettings::PATH, &settings).await.unwrap();
    let first = issue(&mut ada, &bakery).await;
    issue(&mut ada, &bakery).await;
    credit(&mut ada, &mut olivia, &bakery, &first).await;
    let time = "from=2026-11-01&to=2026-11-30";
    let (status, file) = get(&mut ada, &format!("/operator/invoices/export.csv?{time}&what=invoices")).await;
    assert_eq!(status, StatusCode::OK);
    let mut reader = csv::Reader::from_reader(&file[..]);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    // Two rates each, of two invoices and a credit note.
    assert_eq!(rows.len(), 6);
    let sum = |column: usize| -> i64 {
        rows.iter()
            .filter(|row| !row[column].is_empty())
            .map(|row| row[column].replace(['.', '\''], "").parse::<i64>().unwrap())
            .sum()
    };
    assert_eq!((sum(16), sum(11) + sum(12)), (16_786, 16_786));
    let (_, file) = get(&mut ada, &format!("/operator/invoices/export.csv?{time}&what=bookings")).await;
    let mut reader = csv::Reader::from_reader(&file[..]);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let signed = |row: &csv::StringRecord| {
        let cents: i64 = row[1].replace('.', "").parse().unwrap();
        if &row[2] == "S" { cents } else { -cents }
    };
    assert_eq!(rows.iter().map(signed).sum::<i64>(), 0);
    assert!(rows.iter().any(|row| &row[4] == "8400" && &row[5] == "revenue" && &row[6] == "INV-00001"));
    // Another time holds nothing; a wrong one is said.
    let (_, none) = get(&mut ada, "/operator/invoices/export.csv?from=2025-01-01&to=2025-12-31").await;
    assert_eq!(String::from_utf8(none).unwrap().lines().count(), 1);
    assert_eq!(get(&mut ada, "/operator/invoices/export.csv?from=x&to=y").await.0, StatusCode::SEE_OTHER);
    let bad = [&SETTINGS[..], &[("accounts", "cash=1000")]].concat();
    assert_eq!(refused_fields(ada.change(SaveBillingSettings::PATH, &bad).await)[0].0, "accounts");
}

#[tokio::test]
async fn revenue_is_that_of_each_month_less_what_was_credited() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    issue(&mut ada, &bakery).await;
    test.later(31 * 24 * 60);
    let mut olivia_again = test.another_browser("olivia@bakery.example").await;
    std::mem::swap(&mut olivia, &mut olivia_again);
    let mut ada = test.staff("Zoe Staff", "zoe@operator.example", StaffPermissions::all()).await;
    let second = issue(&mut ada, &bakery).await;
    issue(&mut ada, &bakery).await;
    credit(&mut ada, &mut olivia, &bakery, &second).await;
    let months: Vec<Month> = ada.call(ShowRevenue::PATH, &[]).await.unwrap();
    let seen: Vec<(String, i64)> =
        months.iter().map(|one| (one.start.day(), one.net.cents)).filter(|(_, cents)| *cents != 0).collect();
    assert_eq!(months.len(), 12);
    assert_eq!(seen, [("2026-11-01".to_owned(), 14_196), ("2026-12-01".to_owned(), 14_196)]);
}

#[tokio::test]
async fn the_documents_of_a_list_come_as_one_archive() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    issue(&mut ada, &bakery).await;
    issue(&mut ada, &bakery).await;
    let (status, bytes) = get(&mut olivia, &format!("/a/{bakery}/invoices/documents.zip?q=00002")).await;
    assert_eq!(status, StatusCode::OK);
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    assert_eq!(zip.file_names().collect::<Vec<_>>(), ["INV-00002.pdf"]);
    let mut pdf = Vec::new();
    zip.by_index(0).unwrap().read_to_end(&mut pdf).unwrap();
    assert!(pdf.starts_with(b"%PDF-1.7"));
    let mut tim = test.member(&mut olivia, &bakery, "Tim Tech", "tim@example.com", &["service.view"]).await;
    assert_eq!(get(&mut tim, &format!("/a/{bakery}/invoices/documents.zip")).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_template_is_tried_before_it_is_used_and_never_stops_an_invoice() {
    let (_test, mut olivia, bakery, mut ada) = ground().await;
    let save = |template: &'static str| [("template", template)];
    let wrong = refused_fields(ada.change(SaveInvoiceTemplate::PATH, &save("= Invoice\n#nothing")).await);
    assert_eq!(
        wrong,
        [("template".to_owned(), "This does not work: Line 2: unknown variable: nothing".to_owned())]
    );
    let (_, own): (String, bool) = ada.call(ShowInvoiceTemplate::PATH, &[]).await.unwrap();
    assert!(!own);
    // One that works for the sample and for nothing else.
    let only = "#let data = json(\"/data.json\")\n#set document(title: data.title, date: datetime(year: 2026, month: 1, day: 1))\n#set text(lang: \"en\")\n= Mine\n#if data.number != \"INV-00042\" { panic(\"no\") }";
    ada.change(SaveInvoiceTemplate::PATH, &save(only)).await.unwrap();
    let (status, sample) = get(&mut ada, "/operator/settings/billing/sample.pdf").await;
    assert!(status == StatusCode::OK && sample.starts_with(b"%PDF"));
    let invoice = issue(&mut ada, &bakery).await;
    let (status, pdf) = get(&mut olivia, &format!("/a/{bakery}/invoices/{invoice}/pdf")).await;
    // The portal's own is larger by its fonts.
    assert!(status == StatusCode::OK && pdf.len() > 2 * sample.len(), "{} {}", pdf.len(), sample.len());
    ada.change(SaveInvoiceTemplate::PATH, &save(" ")).await.unwrap();
    let (text, own): (String, bool) = ada.call(ShowInvoiceTemplate::PATH, &[]).await.unwrap();
    assert!(!own && text.contains("/data.json"));
}

#[tokio::test]
async fn what_is_open_on_all_accounts_stands_on_one_page_as_far_as_it_may_be_seen() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let (mut oscar, shop) = test.oscar().await;
    let invoice = issue(&mut ada, &bakery).await;
    issue(&mut ada, &shop).await;
    test.domain(&bakery, "bakery.example").await;
    test.ticket(&mut olivia, &bakery).await;
    test.execute(format!("UPDATE domains SET expires_at = {}", test.app.now().plus_days(40).0)).await;
    let mut nora =
        test.member(&mut olivia, &bakery, "Nora Tally", "nora@example.com", &["invoices.view"]).await;
    invite(&mut oscar, &shop, "nora@example.com", "", &["tickets.view"]).await.unwrap();
    accept_all(&mut nora).await.unwrap();
    let seen =
        |page: &OpenPage| page.all.iter().map(|one| (one.kind, one.account.clone())).collect::<Vec<_>>();
    let page: OpenPage = nora.call(ShowOpen::PATH, &[]).await.unwrap();
    assert_eq!(seen(&page), [(OpenKind::Invoice, "Hart Bakery".to_owned())]);
    assert_eq!(
        (page.sums[0].to_string(), page.all[0].path.ends_with(&invoice)),
        ("167.86 EUR".to_owned(), true)
    );
    let page: OpenPage = olivia.call(ShowOpen::PATH, &[]).await.unwrap();
    assert_eq!(
        seen(&page).into_iter().map(|(kind, _)| kind).collect::<Vec<_>>(),
        [OpenKind::Invoice, OpenKind::Ticket, OpenKind::Domain]
    );
    // Once it is late it needs attention, of who may see it.
    test.later(15 * 24 * 60);
    let mut olivia = test.another_browser("olivia@bakery.example").await;
    let mut nora = test.another_browser("nora@example.com").await;
    let needs = async |by: &mut Browser| {
        let (needs, _): (Vec<Need>, Timestamp) =
            by.call(ShowNeeds::PATH, &[("account", bakery.as_str())]).await.unwrap();
        needs.iter().filter(|need| need.kind == NeedKind::Invoice).count()
    };
    assert_eq!(needs(&mut olivia).await, 1);
    let mut tim = test.member(&mut olivia, &bakery, "Tim Tech", "tim@example.com", &["service.view"]).await;
    assert_eq!(needs(&mut tim).await, 0);
    // Where a second factor is asked for, nothing is told to who has none.
    test.execute("UPDATE accounts SET needs_factor = TRUE".into()).await;
    let page: OpenPage = nora.call(ShowOpen::PATH, &[]).await.unwrap();
    assert!(page.all.is_empty());
    assert!(matches!(test.browser().call::<OpenPage>(ShowOpen::PATH, &[]).await, Err(AppError::SignedOut)));
}

/// Plays VIES: what it says of a number, and whether the country can be asked.
async fn vies(answers: &'static [(&'static str, &'static str)]) -> String {
    let handler = move |axum::extract::Path((country, number)): axum::extract::Path<(String, String)>| async move {
        let id = format!("{country}{number}");
        let says = answers.iter().find(|(known, _)| *known == id).map_or("INVALID", |(_, says)| *says);
        axum::Json(
            serde_json::json!({"isValid": says == "VALID", "userError": says, "requestIdentifier": "WAPIAAAAX1"}),
        )
    };
    let router = axum::Router::new().route("/ms/{country}/vat/{number}", axum::routing::get(handler));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{at}")
}

#[tokio::test]
async fn the_register_is_asked_about_numbers_and_what_it_cannot_say_is_not_a_no() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let save = async |olivia: &mut Browser, tax_id: &str| {
        let form = [
            ("account", bakery.as_str()),
            ("name", "Hart Bakery"),
            ("email", "olivia@bakery.example"),
            ("mail[]", "general"),
            ("mail[]", "domain"),
            ("tax_id", tax_id),
        ];
        olivia.save(SaveProfile::PATH, &form).await
    };
    let wrong = refused_fields(save(&mut olivia, "DE136695975").await);
    assert_eq!(wrong[0].0, "tax_id");
    save(&mut olivia, "EL094259216").await.unwrap();
    let shown = async |olivia: &mut Browser| -> ProfilePage {
        olivia.call(ShowProfile::PATH, &[("account", bakery.as_str())]).await.unwrap()
    };
    // Not wanted, not asked.
    accounts::vies::run(&test.app).await.unwrap();
    assert_eq!(shown(&mut olivia).await.tax_check, None);
    let url = vies(&[("EL094259216", "MS_UNAVAILABLE"), ("PT507957547", "VALID")]).await;
    ada.change(SaveBillingSettings::PATH, &[&SETTINGS[..], &[("vies", "on"), ("vies_url", &url)]].concat())
        .await
        .unwrap();
    accounts::vies::run(&test.app).await.unwrap();
    let check = shown(&mut olivia).await.tax_check.unwrap();
    assert_eq!(check.0, TaxState::Unavailable);
    for (tax_id, state, consultation) in
        [("PT507957547", TaxState::Valid, "WAPIAAAAX1"), ("FR40303265045", TaxState::Invalid, "WAPIAAAAX1")]
    {
        save(&mut olivia, tax_id).await.unwrap();
        assert_eq!(shown(&mut olivia).await.tax_check, None);
        accounts::vies::run(&test.app).await.unwrap();
        let check = shown(&mut olivia).await.tax_check.unwrap();
        assert_eq!((check.0, check.2.as_str()), (state, consultation));
    }
    assert_eq!(shown(&mut olivia).await.address.last().map(String::as_str), Some("Hart Bakery"));
}
