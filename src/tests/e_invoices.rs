//! E-invoices: what every invoice that is made here looks like to a program. What this writes to `target/e-invoices` is judged
//! by the validators of others, see `make judges`.

use super::invoices::{COMPANY, SETTINGS};
use super::support::*;
use crate::access::System;
use crate::demo::browser::Browser;
use crate::error::AppError;
use crate::features::accounts::rpc::SaveProfile;
use crate::features::invoices::documents::{Format, path};
use crate::features::invoices::model::InvoiceView;
use crate::features::invoices::rpc::ShowInvoice;
use crate::operator::invoices::model::ManagePage;
use crate::operator::invoices::rpc::{
    CreditInvoice, IssueInvoice, ManageInvoice, SaveBillingSettings, SaveDraft,
};
use crate::operator::settings::rpc::SaveCompany;
use crate::platform::db::args;
use crate::types::AccountId;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use leptos::server_fn::ServerFn as _;

const SELLER: [(&str, &str); 6] = [
    ("e_invoices", "on"),
    ("street", "Harbour 1"),
    ("postcode", "20457"),
    ("city", "Hamburg"),
    ("country", "DE"),
    ("bic", "COBADEFFXXX"),
];

pub(super) async fn ground() -> (TestApp, Browser, AccountId, Browser) {
    let test = TestApp::new().await;
    let (olivia, bakery) = test.olivia().await;
    let mut ada = test.ada().await;
    let company: Vec<(&str, &str)> =
        COMPANY.into_iter().chain([("tax_id", "DE136695976"), ("email", "office@nord.example")]).collect();
    ada.change(SaveCompany::PATH, &company).await.unwrap();
    set(&mut ada, &[]).await;
    (test, olivia, bakery, ada)
}

async fn set(ada: &mut Browser, more: &[(&str, &str)]) {
    let form: Vec<(&str, &str)> = SETTINGS
        .iter()
        .chain(&SELLER)
        .filter(|(name, _)| !more.iter().any(|(other, _)| other == name))
        .chain(more)
        .copied()
        .collect();
    ada.change(SaveBillingSettings::PATH, &form).await.unwrap();
}

pub(super) async fn profile(olivia: &mut Browser, account: &AccountId, more: &[(&str, &str)]) {
    let known = [
        ("account", account.as_str()),
        ("name", "Hart Bakery & Söhne"),
        ("email", "olivia@bakery.example"),
        ("street", "Rua da Alegria 1"),
        ("city", "Lisbon"),
        ("postcode", "1000-001"),
        ("country", "PT"),
        ("mail[]", "general"),
        ("mail[]", "service"),
        ("mail[]", "domain"),
    ];
    let form: Vec<(&str, &str)> = known.iter().chain(more).copied().collect();
    olivia.save(SaveProfile::PATH, &form).await.unwrap();
}

/// A line: what for, how many, price, tax.
pub(super) type Line<'a> = (&'a str, &'a str, &'a str, &'a str);

pub(super) async fn draft(
    ada: &mut Browser,
    account: &AccountId,
    currency: &str,
    inclusive: bool,
    lines: &[Line<'_>],
) -> String {
    let mut form = vec![("account", account.as_str()), ("currency", currency), ("note", "Thank you.")];
    if inclusive {
        form.push(("inclusive", "on"));
    }
    for (text, quantity, price, tax) in lines {
        form.extend([
            ("description[]", *text),
            ("quantity[]", *quantity),
            ("price[]", *price),
            ("tax[]", *tax),
        ]);
    }
    let done = ada.change(SaveDraft::PATH, &form).await.unwrap();
    done.to.rsplit('/').next().unwrap().to_owned()
}

pub(super) async fn issue(ada: &mut Browser, account: &AccountId, draft: &str) -> Result<String, AppError> {
    let form = [("account", account.as_str()), ("invoice", draft), ("version", "1")];
    ada.change(IssueInvoice::PATH, &form).await.map(|_| draft.to_owned())
}

async fn xml(by: &mut Browser, account: &AccountId, invoice: &str) -> String {
    let request = Request::get(format!("/a/{account}/invoices/{invoice}/xml")).body(Body::empty()).unwrap();
    let answer = by.open(request).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["content-type"], "application/xml");
    let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Lays both forms of every invoice of this portal before the judges.
async fn lay_out(test: &TestApp, name: &str) {
    let mut reader = System::of(&test.app).read().await.unwrap();
    let all: Vec<(String, String, String)> = reader
        .conn()
        .all("SELECT number, document, xml FROM invoices WHERE status <> 'draft' ORDER BY dated_at, id LIMIT 100", args![])
        .await
        .unwrap();
    let to = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/e-invoices");
    std::fs::create_dir_all(&to).unwrap();
    for (number, document, xml) in all {
        // Amounts with three decimals have no place in the norm.
        let forms = [(document, Format::Pdf), (xml.clone(), Format::Xml)];
        assert_eq!(xml.is_empty(), number == "INV-00009", "{number}");
        for (hash, format) in forms.into_iter().filter(|_| !xml.is_empty()) {
            let from = test.app.config().data_dir.join(path(&hash, format));
            std::fs::copy(from, to.join(format!("{name}-{number}.{}", format.ending()))).unwrap();
        }
    }
}

#[tokio::test]
async fn every_kind_of_invoice_exists_for_programs_too() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    profile(
        &mut olivia,
        &bakery,
        &[("tax_id", "PT507957547"), ("endpoint", "0088:4035811991014"), ("reference", "991-33333TEST-33")],
    )
    .await;
    let two = [
        ("Web Hosting M", "3", "13.01", "S1900"),
        ("Setup <fast> & “good”", "1.5", "80", "S1900"),
        ("Handbook", "1", "8.95", "S700"),
    ];
    let id = draft(&mut ada, &bakery, "EUR", false, &two).await;
    let first = issue(&mut ada, &bakery, &id).await.unwrap();
    let kinds: [(&str, bool, &[Line<'_>]); 8] = [
        ("EUR", true, &[("Web Hosting M", "3", "9.99", "S1900"), ("Handbook", "7", "1.03", "S700")]),
        ("EUR", false, &[("Web Hosting M", "1", "100", "AE0")]),
        ("EUR", false, &[("Course", "1", "100", "E0"), ("Web Hosting M", "1", "10.005", "S1900")]),
        ("EUR", false, &[("Consulting", "2", "100", "G0")]),
        ("EUR", false, &[("Postage", "1", "5", "O0")]),
        (
            "EUR",
            false,
            &[
                ("Book", "1", "10", "Z0"),
                ("Web Hosting M", "1", "20", "S1900"),
                ("Rebate", "1", "-5", "S1900"),
                ("Returned", "-1", "2", "Z0"),
            ],
        ),
        ("JPY", false, &[("Web Hosting M", "1", "1300", "S1900")]),
        ("KWD", false, &[("Web Hosting M", "1", "4.125", "S1900")]),
    ];
    for (currency, inclusive, lines) in kinds {
        let id = draft(&mut ada, &bakery, currency, inclusive, lines).await;
        issue(&mut ada, &bakery, &id).await.unwrap();
    }
    // A part of the first is taken back, with its reason.
    let view: InvoiceView =
        olivia.call(ShowInvoice::PATH, &[("account", bakery.as_str()), ("invoice", &first)]).await.unwrap();
    assert!(view.xml);
    let version = view.version.to_string();
    let form = [
        ("account", bakery.as_str()),
        ("invoice", &first),
        ("version", &version),
        ("reason", "One month too many"),
        ("quantity[]", "1"),
        ("quantity[]", "0"),
        ("quantity[]", "0"),
    ];
    ada.change(CreditInvoice::PATH, &form).await.unwrap();
    let ubl = xml(&mut olivia, &bakery, &first).await;
    for part in [
        "<cbc:ID>INV-00001</cbc:ID>",
        "<cbc:EndpointID schemeID=\"0088\">4035811991014</cbc:EndpointID>",
        "<cbc:BuyerReference>991-33333TEST-33</cbc:BuyerReference>",
        "<cbc:Name>Setup &lt;fast&gt; &amp; “good”</cbc:Name>",
        "<cbc:RegistrationName>Hart Bakery &amp; Söhne</cbc:RegistrationName>",
        "<cbc:PayableAmount currencyID=\"EUR\">198.83</cbc:PayableAmount>",
    ] {
        assert!(ubl.contains(part), "{part}\n{ubl}");
    }
    lay_out(&test, "portugal").await;
    // Who has neither an electronic address nor a number gets one of the norm alone.
    profile(&mut olivia, &bakery, &[]).await;
    let id = draft(&mut ada, &bakery, "EUR", false, &two).await;
    issue(&mut ada, &bakery, &id).await.unwrap();
    let plain = xml(&mut olivia, &bakery, &id).await;
    assert!(plain.contains("<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>"), "{plain}");
    lay_out(&test, "without-tax-id").await;
    // What belongs to somebody else is not found.
    let (mut oscar, shop) = test.oscar().await;
    let request = Request::get(format!("/a/{shop}/invoices/{first}/xml")).body(Body::empty()).unwrap();
    assert_eq!(oscar.open(request).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_an_e_invoice_lacks_is_named_before_it_is_issued_and_nothing_is_then() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let lines = [("Web Hosting M", "1", "100", "AE0")];
    let id = draft(&mut ada, &bakery, "EUR", false, &lines).await;
    let page: ManagePage =
        ada.call(ManageInvoice::PATH, &[("account", bakery.as_str()), ("invoice", &id)]).await.unwrap();
    let missing = page.draft.unwrap().missing;
    assert_eq!(
        missing,
        [
            "the country of whoever it is addressed to (profile, or the billing contact)",
            "the customer's VAT ID, for reverse charge (profile)",
        ]
    );
    let Err(AppError::Conflict(says)) = issue(&mut ada, &bakery, &id).await else { panic!("issued") };
    assert!(says.starts_with("As an e-invoice it lacks: the country of whoever"), "{says}");
    assert_eq!(test.scalar("SELECT next FROM invoice_series WHERE kind = 'invoice'").await, 1);
    profile(&mut olivia, &bakery, &[("tax_id", "PT507957547")]).await;
    issue(&mut ada, &bakery, &id).await.unwrap();
    // Without e-invoices nothing is asked for, and there is none.
    set(&mut ada, &[("e_invoices", "")]).await;
    let id = draft(&mut ada, &bakery, "EUR", false, &lines).await;
    let plain = issue(&mut ada, &bakery, &id).await.unwrap();
    let request = Request::get(format!("/a/{bakery}/invoices/{plain}/xml")).body(Body::empty()).unwrap();
    assert_eq!(olivia.open(request).await.status(), StatusCode::NOT_FOUND);
    let refused = refused_fields(
        ada.change(
            SaveBillingSettings::PATH,
            &[&SETTINGS[..], &[("e_invoices", "on"), ("endpoint", "x")]].concat(),
        )
        .await,
    );
    let mut fields: Vec<&str> = refused.iter().map(|(name, _)| name.as_str()).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["city", "endpoint"]);
}
