//! Billing by itself: what a night invoices, asks for and suspends, whatever breaks off or runs twice.

use super::invoices::biller;
use super::support::*;
use crate::access::System;
use crate::demo::browser::Browser;
use crate::error::AppError;
use crate::features::billing::write::tonight;
use crate::features::contacts::rpc::InviteUsers;
use crate::features::invoices::model::{InvoiceRow, InvoiceView};
use crate::features::invoices::rpc::{ListInvoices, ShowInvoice};
use crate::features::services::model::{Cycle, ServiceStatus};
use crate::features::services::rpc::RequestCancellation;
use crate::features::services::store::{NewService, insert};
use crate::operator::assets::rpc::SaveService;
use crate::operator::billing::model::BillingPage;
use crate::operator::billing::rpc::{RunBilling, ShowBilling};
use crate::operator::invoices::model::ManagePage;
use crate::operator::invoices::rpc::{ManageInvoice, RecordPayment, SaveBillingSettings, SetCustomerTax};
use crate::permission::StaffPermissions;
use crate::platform::db::{MadeSql, args};
use crate::platform::typeset::BLANK;
use crate::types::{AccountId, Money, Page, Timestamp};
use leptos::server_fn::ServerFn as _;

/// What a night goes by.
const BY_ITSELF: [(&str, &str); 8] = [
    ("automatic", "on"),
    ("hour", "2"),
    ("ahead", "14"),
    ("remind_before", "3"),
    ("remind_after", "3, 10"),
    ("warn_after", "14"),
    ("suspend_after", "21"),
    ("late_fee_after", "0"),
];

async fn set(ada: &mut Browser, more: &[(&str, &str)]) {
    let known = super::invoices::SETTINGS;
    let form: Vec<(&str, &str)> = known.iter().chain(&BY_ITSELF).copied().collect();
    let form: Vec<(&str, &str)> = form
        .into_iter()
        .filter(|(name, _)| !more.iter().any(|(other, _)| other == name))
        .chain(more.iter().copied())
        .collect();
    ada.change(SaveBillingSettings::PATH, &form).await.unwrap();
}

async fn ground() -> (TestApp, Browser, AccountId, Browser) {
    let test = TestApp::new().await;
    let (olivia, bakery) = test.olivia().await;
    let mut ada = biller(&test).await;
    set(&mut ada, &[]).await;
    (test, olivia, bakery, ada)
}

/// The night of the same day, later; then so many days on.
async fn nights(test: &TestApp, days: i64) {
    for _ in 0..days {
        test.later(24 * 60);
        tonight(&test.app, false).await.unwrap();
        // What was written arrives.
        test.execute("UPDATE outbox SET state = 'sent', secret = NULL WHERE state = 'queued'".into()).await;
    }
}

async fn invoices(by: &mut Browser, account: &AccountId) -> Vec<InvoiceRow> {
    let page: Page<InvoiceRow> = by.call(ListInvoices::PATH, &[("account", account.as_str())]).await.unwrap();
    page.items
}

async fn show(by: &mut Browser, account: &AccountId, row: &InvoiceRow) -> InvoiceView {
    by.call(ShowInvoice::PATH, &[("account", account.as_str()), ("invoice", row.id.as_str())]).await.unwrap()
}

async fn subjects(test: &TestApp, like: &str) -> i64 {
    test.count(&format!("outbox WHERE subject LIKE '{like}'")).await
}

#[tokio::test]
async fn a_night_invoices_each_period_once_for_everything_that_is_due_the_same_day() {
    let (test, mut olivia, bakery, _ada) = ground().await;
    test.service(&bakery, "Shop").await;
    test.service(&bakery, "Blog").await;
    tonight(&test.app, false).await.unwrap();
    let rows = invoices(&mut olivia, &bakery).await;
    assert_eq!(
        rows.iter().map(|row| (row.number.as_str(), row.total.cents)).collect::<Vec<_>>(),
        [("INV-00001", 3_070)]
    );
    let view = show(&mut olivia, &bakery, &rows[0]).await;
    let says: Vec<&str> = view.lines.iter().map(|line| line.description.as_str()).collect();
    assert_eq!(
        says,
        [
            "Shop, bakery.example (4 Dec 2026 to 3 Jan 2027)",
            "Blog, bakery.example (4 Dec 2026 to 3 Jan 2027)"
        ]
    );
    // Fourteen days from now are later than the period's beginning in twelve.
    assert_eq!(view.row.due, Some(test.app.now().plus_days(14)));
    assert_eq!(subjects(&test, "Invoice INV-00001%").await, 1);
    // Once more tonight, and tomorrow: nothing is billed twice.
    let mut tx = System::of(&test.app).begin().await.unwrap();
    tx.conn().execute("UPDATE billing_runs SET ended_at = NULL", args![]).await.unwrap();
    tx.commit().await.unwrap();
    tonight(&test.app, false).await.unwrap();
    nights(&test, 1).await;
    assert_eq!(invoices(&mut olivia, &bakery).await.len(), 1);
    // Also when somebody turns the service back by hand.
    test.execute("UPDATE services SET next_due = next_due - 2678400000 WHERE label = 'Shop'".into()).await;
    nights(&test, 1).await;
    assert_eq!(test.count("billing_events WHERE event = 'failed'").await, 1);
    assert_eq!(invoices(&mut olivia, &bakery).await.len(), 1);
    assert_eq!(test.count("invoices").await, 1);
}

#[tokio::test]
async fn what_is_not_paid_is_asked_for_warned_of_and_suspended_and_paid_is_switched_on_again() {
    let (test, _olivia, bakery, mut ada) = ground().await;
    set(&mut ada, &[("late_fee", "5"), ("late_fee_after", "14")]).await;
    test.service(&bakery, "Shop").await;
    tonight(&test.app, false).await.unwrap();
    nights(&test, 11).await;
    assert_eq!(subjects(&test, "Invoice INV-00001 is due on%").await, 1);
    nights(&test, 14).await;
    assert_eq!(subjects(&test, "Overdue: % for invoice INV-00001").await, 2);
    nights(&test, 4).await;
    assert_eq!(subjects(&test, "Final warning: invoice INV-00001 is not paid").await, 1);
    let status = "services WHERE status = 'suspended'";
    assert_eq!(test.count(status).await, 0);
    nights(&test, 7).await;
    assert_eq!(test.count(status).await, 1);
    assert_eq!(subjects(&test, "Suspended: Shop").await, 1);
    // Sessions have ended meanwhile.
    let mut olivia = test.another_browser("olivia@bakery.example").await;
    let mut ada = test.staff("Zoe Staff", "zoe@operator.example", StaffPermissions::all()).await;
    // The next period stands on a second invoice, and the fee with it.
    let rows = invoices(&mut olivia, &bakery).await;
    let second = show(&mut olivia, &bakery, &rows[0]).await;
    let says: Vec<(&str, i64)> =
        second.lines.iter().map(|line| (line.description.as_str(), line.net)).collect();
    assert_eq!(rows.len(), 2, "{says:?}");
    let first = rows[1].clone();
    let version = show(&mut olivia, &bakery, &first).await.version.to_string();
    let pay = [
        ("account", bakery.as_str()),
        ("invoice", first.id.as_str()),
        ("version", &version),
        ("amount", "15.35"),
        ("received", "2026-12-28"),
        ("method", "bank_transfer"),
    ];
    ada.change(RecordPayment::PATH, &pay).await.unwrap();
    assert_eq!(test.count(status).await, 0);
    assert_eq!(subjects(&test, "Switched on again: Shop").await, 1);
    let fee: Vec<String> = {
        let mut reader = System::of(&test.app).read().await.unwrap();
        let rows: Vec<(String,)> = reader
            .conn()
            .all("SELECT description FROM billing_items ORDER BY id LIMIT 10", args![])
            .await
            .unwrap();
        rows.into_iter().map(|(one,)| one).collect()
    };
    assert_eq!(fee, ["Late fee for invoice INV-00001, due on 6 Dec 2026"]);
}

#[tokio::test]
async fn nothing_is_suspended_for_an_invoice_whose_mail_reached_nobody() {
    let (test, _olivia, bakery, _ada) = ground().await;
    test.service(&bakery, "Shop").await;
    tonight(&test.app, false).await.unwrap();
    nights(&test, 29).await;
    assert_eq!(subjects(&test, "Final warning%").await, 1);
    test.execute("UPDATE outbox SET state = 'failed' WHERE kind = 'final-warning'".into()).await;
    nights(&test, 20).await;
    assert_eq!(test.count("services WHERE status = 'suspended'").await, 0);
    let mut ada = test.staff("Zoe Staff", "zoe@operator.example", StaffPermissions::all()).await;
    let page: BillingPage = ada.call(ShowBilling::PATH, &[]).await.unwrap();
    let lost: i64 = page
        .nights
        .iter()
        .flat_map(|night| &night.counts)
        .filter(|(event, _)| event == "unreached")
        .map(|(_, count)| count)
        .sum();
    assert_eq!(lost, 1);
    // It arrived after all, on another way.
    test.execute("UPDATE outbox SET state = 'sent' WHERE kind = 'final-warning'".into()).await;
    nights(&test, 1).await;
    assert_eq!(test.count("services WHERE status = 'suspended'").await, 1);
}

#[tokio::test]
async fn whoever_asked_for_an_end_is_not_billed_for_what_comes_after_it() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let shop = test.service(&bakery, "Shop").await;
    let form = [
        ("account", bakery.as_str()),
        ("service", shop.as_str()),
        ("reason", "Moved"),
        ("when", "end"),
        ("sure", "on"),
    ];
    olivia.change(RequestCancellation::PATH, &form).await.unwrap();
    let page: BillingPage = ada.call(ShowBilling::PATH, &[]).await.unwrap();
    assert_eq!((page.plan.count, page.plan.held), (0, 1));
    tonight(&test.app, false).await.unwrap();
    assert_eq!(test.count("invoices").await, 0);
}

#[tokio::test]
async fn the_page_says_what_a_night_will_do_and_what_it_did_and_staff_have_it_done_at_once() {
    let (test, _olivia, bakery, mut ada) = ground().await;
    set(&mut ada, &[("automatic", "")]).await;
    test.service(&bakery, "Shop").await;
    tonight(&test.app, false).await.unwrap();
    assert_eq!(test.count("invoices").await, 0);
    let page: BillingPage = ada.call(ShowBilling::PATH, &[]).await.unwrap();
    assert!(!page.automatic && page.may_manage && page.nights.is_empty());
    assert_eq!((page.plan.count, page.plan.sums[0].to_string().as_str()), (1, "15.35 EUR"));
    assert_eq!(page.plan.invoices[0].customer, "Hart Bakery");
    ada.change(RunBilling::PATH, &[]).await.unwrap();
    let mut page = page;
    for _ in 0..2_000 {
        page = ada.call(ShowBilling::PATH, &[]).await.unwrap();
        if page.nights.first().is_some_and(|night| night.ended.is_some()) {
            break;
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(page.plan.count, 0);
    assert_eq!(page.nights[0].counts, [("invoiced".to_owned(), 1)]);
    assert_eq!(page.done[0].says, "Invoice INV-00001 for 15.35 EUR");
    let mut eve = test
        .staff(
            "Eve Reader",
            "eve@operator.example",
            StaffPermissions::from_keys("customers.view,invoices.view"),
        )
        .await;
    let page: BillingPage = eve.call(ShowBilling::PATH, &[]).await.unwrap();
    assert!(!page.may_manage);
    assert!(matches!(eve.change(RunBilling::PATH, &[]).await, Err(AppError::Forbidden(_))));
}

#[tokio::test]
async fn what_cannot_be_billed_is_named_and_the_others_go_on() {
    let (test, _olivia, bakery, mut ada) = ground().await;
    let (_oscar, shop) = test.oscar().await;
    test.service(&bakery, "Shop").await;
    test.service(&shop, "Blog").await;
    // A price that no invoice holds.
    test.execute("UPDATE services SET price_cents = 900000000000000000 WHERE label = 'Shop'".into()).await;
    tonight(&test.app, false).await.unwrap();
    let page: BillingPage = ada.call(ShowBilling::PATH, &[]).await.unwrap();
    let counts: Vec<(&str, i64)> =
        page.nights[0].counts.iter().map(|(event, count)| (event.as_str(), *count)).collect();
    assert_eq!(counts, [("failed", 1), ("invoiced", 1)]);
    assert!(page.nights[0].ended.is_some());
    let failed = page.done.iter().find(|one| one.event == "failed").unwrap();
    assert_eq!(
        (failed.customer.as_str(), failed.says.as_str()),
        ("Hart Bakery", "These amounts are too large.")
    );
}

#[tokio::test]
async fn a_change_of_price_is_billed_for_the_rest_of_the_period_where_staff_want_it() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let shop = test.service(&bakery, "Shop").await;
    test.execute("UPDATE services SET next_due = 1796860800000".into()).await; // 10 December
    let form = |price: &'static str, prorate: &'static str| {
        [
            ("account", bakery.to_string()),
            ("service", shop.to_string()),
            ("product", "Web Hosting L".to_owned()),
            ("label", "Shop".to_owned()),
            ("price", price.to_owned()),
            ("currency", "EUR".to_owned()),
            ("cycle", "monthly".to_owned()),
            ("next_due", "2026-12-10".to_owned()),
            ("active", "on".to_owned()),
            ("prorate", prorate.to_owned()),
        ]
    };
    let fields = |all: [(&'static str, String); 10]| all.map(|(name, value)| (name, value));
    let send = fields(form("22.90", "on"));
    let send: Vec<(&str, &str)> = send.iter().map(|(name, value)| (*name, value.as_str())).collect();
    ada.change(SaveService::PATH, &send).await.unwrap();
    nights(&test, 5).await;
    let rows = invoices(&mut olivia, &bakery).await;
    let view = show(&mut olivia, &bakery, &rows[0]).await;
    let says: Vec<(String, i64)> =
        view.lines.iter().map(|line| (line.description.clone(), line.net)).collect();
    assert_eq!(
        says,
        [
            ("Shop (10 Dec 2026 to 9 Jan 2027)".to_owned(), 2_290),
            ("Shop: change of price from 22 Nov 2026 to 9 Dec 2026 (18 of 30 days)".to_owned(), 600),
        ]
    );
}

#[tokio::test]
async fn a_bookkeeper_who_is_invited_as_one_gets_the_invoices() {
    let (test, mut olivia, bakery, _ada) = ground().await;
    let form = [("account", bakery.as_str()), ("emails", "nora@tally.example"), ("preset", "accounting")];
    olivia.change(InviteUsers::PATH, &form).await.unwrap();
    let plain =
        [("account", bakery.as_str()), ("emails", "ned@tally.example"), ("preset", "technical_staff")];
    olivia.change(InviteUsers::PATH, &plain).await.unwrap();
    test.service(&bakery, "Shop").await;
    tonight(&test.app, false).await.unwrap();
    let got = |email: &str| format!("outbox WHERE kind = 'invoice' AND to_email = '{email}'");
    assert_eq!(test.count(&got("nora@tally.example")).await, 1);
    assert_eq!(test.count(&got("ned@tally.example")).await, 0);
}

/// Drops a future after it was asked this often: what a kill leaves of it.
struct Killed<F>(std::pin::Pin<Box<F>>, u32);

impl<F: Future> Future for Killed<F> {
    type Output = Option<F::Output>;
    fn poll(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Self::Output> {
        if self.1 == 0 {
            return std::task::Poll::Ready(None);
        }
        self.1 -= 1;
        self.0.as_mut().poll(context).map(Some)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_of_a_thousand_services_with_kills_in_between_bills_every_period_once() {
    BLANK.scope((), a_year()).await;
}

async fn a_year() {
    let (test, _olivia, _bakery, mut ada) = ground().await;
    // Nobody pays here, and nobody is suspended: what is billed goes on.
    set(&mut ada, &[("remind_after", "5"), ("warn_after", "0"), ("suspend_after", "0")]).await;
    let mut tx = System::of(&test.app).begin().await.unwrap();
    let begun = Timestamp::parse_day("2026-12-01").unwrap();
    // Fifty customers with twenty services each: of every length, beginning on any day, the 31st among them.
    for customer in 0..50_i64 {
        let account = AccountId::from(format!("01k9zv5s8t3w2x1y0abcdef{customer:03}"));
        let owner = format!("01k9zv5s8t3w2x1y0abcdeg{customer:03}");
        let rows = [
            format!(
                "INSERT INTO accounts (id, number, name, email, owner_id, created_at) \
                 VALUES ('{account}', {}, 'Customer {customer}', 'c{customer}@example.com', '{owner}', 0)",
                90_000 + customer
            ),
            format!(
                "INSERT INTO contacts (id, account_id, first_name, last_name, company, email, email_key, phone, street, city, \
                 region, postcode, country, name_key, search_text, is_owner, can_log_in, created_at, updated_at) \
                 VALUES ('{owner}', '{account}', 'C', '{customer}', '', 'o{customer}@example.com', 'o{customer}@example.com', \
                 '', '', '', '', '', '', 'c', 'c', TRUE, TRUE, 0, 0)"
            ),
        ];
        for row in rows {
            tx.conn().execute(MadeSql(row), args![]).await.unwrap();
        }
        for service in 0..20_i64 {
            let cycle = match service % 10 {
                0 => Cycle::Yearly,
                1 | 2 => Cycle::Quarterly,
                _ => Cycle::Monthly,
            };
            let new = NewService {
                product: "Web Hosting M",
                label: "",
                status: ServiceStatus::Active,
                price: Money { cents: 101 + service * 37, currency: "EUR".into() },
                cycle,
                next_due: Some(begun.plus_days((customer * 7 + service % 3 * 10) % 31)),
                domain: "",
                server: "",
                login_name: "",
                notes: "",
                panel_url: "",
            };
            insert(&mut tx, &account, &new).await.unwrap();
        }
    }
    tx.commit().await.unwrap();
    let mut kills = 0;
    for night in 0..365_u32 {
        // It is killed somewhere, once or twice, and done again.
        for n in 0..2_u32 {
            let after = 3 + (night * 37 + n * 11) % 120;
            kills += u32::from(Killed(Box::pin(tonight(&test.app, false)), after).await.is_none());
        }
        tonight(&test.app, false).await.unwrap();
        test.later(24 * 60);
    }
    assert!(kills > 100, "{kills} kills");
    let count = |of: &'static str| test.count(of);
    assert_eq!(count("billing_events WHERE event = 'failed'").await, 0);
    // Periods of each service follow each other without a gap, from the first on, and reach a year and two weeks ahead.
    let gaps = "invoice_lines l WHERE period_start IS NOT NULL AND period_end <> coalesce((SELECT min(n.period_start) FROM \
                invoice_lines n WHERE n.service_id = l.service_id AND n.period_start > l.period_start), \
                (SELECT next_due FROM services s WHERE s.id = l.service_id))";
    assert_eq!(test.count(gaps).await, 0);
    assert_eq!(
        test.count("services s WHERE NOT EXISTS (SELECT 1 FROM invoice_lines l WHERE l.service_id = s.id)")
            .await,
        0
    );
    assert_eq!(
        test.count("(SELECT service_id, period_start FROM invoice_lines GROUP BY service_id, period_start HAVING count(*) > 1)").await,
        0
    );
    let last = test.app.now().plus_days(-1).midnight().plus_days(14).0;
    assert_eq!(test.count(&format!("services WHERE next_due <= {last}")).await, 0);
    // No gap in the numbers, nothing but zero in the ledger, and each invoice told of once.
    let numbered = test.count("invoices WHERE serial IS NOT NULL").await;
    assert_eq!(test.scalar("SELECT max(serial) FROM invoices").await, numbered);
    assert_eq!(test.count("invoices WHERE status = 'draft'").await, 0);
    assert_eq!(test.scalar("SELECT coalesce(sum(amount), 0) FROM ledger").await, 0);
    assert_eq!(
        test.count("(SELECT entry_id FROM ledger GROUP BY entry_id HAVING sum(amount) <> 0)").await,
        0
    );
    assert_eq!(test.count("outbox WHERE kind = 'invoice'").await, numbered);
    assert_eq!(test.count("billing_events WHERE event = 'invoiced'").await, numbered);
}

#[tokio::test]
async fn settings_that_suspend_without_a_warning_are_refused() {
    let (_test, _olivia, _bakery, mut ada) = ground().await;
    let form = |warn: &'static str, suspend: &'static str| {
        let mut all: Vec<(&str, &str)> = super::invoices::SETTINGS.to_vec();
        all.extend([
            ("warn_after", warn),
            ("suspend_after", suspend),
            ("remind_after", "3, x"),
            ("late_fee", "much"),
        ]);
        all
    };
    let refused = refused_fields(ada.change(SaveBillingSettings::PATH, &form("14", "14")).await);
    let mut fields: Vec<&str> = refused.iter().map(|(field, _)| field.as_str()).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["late_fee", "remind_after", "suspend_after"]);
}

#[tokio::test]
async fn a_customer_with_a_tax_of_their_own_is_billed_with_it() {
    let (test, mut olivia, bakery, mut ada) = ground().await;
    let of = [("account", bakery.as_str())];
    let wrong = refused_fields(ada.change(SetCustomerTax::PATH, &[of[0], ("tax", "S4711")]).await);
    assert_eq!(wrong[0].0, "tax");
    let wrong = refused_fields(ada.change(SetCustomerTax::PATH, &[of[0], ("tax", "AE0")]).await);
    assert!(wrong[0].1.contains("VAT ID"), "{wrong:?}");
    test.execute("UPDATE accounts SET tax_id = 'PT501964843'".into()).await;
    ada.change(SetCustomerTax::PATH, &[of[0], ("tax", "AE0")]).await.unwrap();
    // A new invoice begins with it, and the night's plan counts with it.
    let page: ManagePage = ada.call(ManageInvoice::PATH, &of).await.unwrap();
    let draft = page.draft.unwrap();
    assert_eq!((draft.taxes[0].0.as_str(), draft.own_tax.as_str()), ("AE0", "AE0"));
    test.service(&bakery, "Shop").await;
    let page: BillingPage = ada.call(ShowBilling::PATH, &[]).await.unwrap();
    let planned = page.plan.invoices[0].total.clone();
    tonight(&test.app, false).await.unwrap();
    let row = &invoices(&mut olivia, &bakery).await[0];
    let view = show(&mut olivia, &bakery, row).await;
    assert_eq!((view.lines[0].category.key(), view.sums.1, view.row.total.clone()), ("AE", 0, planned));
    assert_eq!(view.sums.0, view.row.total.cents);
    ada.change(SetCustomerTax::PATH, &[of[0], ("tax", "")]).await.unwrap();
    let page: ManagePage = ada.call(ManageInvoice::PATH, &of).await.unwrap();
    assert_eq!(page.draft.unwrap().taxes[0].0, "S1900");
    assert_eq!(test.count("activity WHERE says = 'changed the tax of what is billed'").await, 2);
}
