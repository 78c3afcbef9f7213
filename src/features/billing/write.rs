//! A night's work, account by account and invoice by invoice: each in one transaction, so that it can stop anywhere.

use super::model::{self, Bill, Plan, PlannedInvoice, PlannedStep, Step};
use super::store::{self, NightEvent, OpenInvoice};
use super::words;
use crate::access::state::AppState;
use crate::access::{InAccount, System, Tx, staff};
use crate::error::{AppError, Result};
use crate::features::audit::model::AuditKind;
use crate::features::audit::record::Entry;
use crate::features::invoices;
use crate::features::invoices::mail::Ask;
use crate::features::invoices::model::{BillingSettings, Draft, InvoiceKind};
use crate::features::invoices::store::Invoice;
use crate::features::invoices::write::{add_up, begin, issue_for};
use crate::platform::db::Conn;
use crate::types::{AccountId, InvoiceId, Money, Timestamp};

/// Does what is left of a night's work. By itself it begins at the hour that the settings name, if they want it at all;
/// `asked` for by staff, at once and also after it had ended.
///
/// # Errors
/// When the database cannot be read or written. What goes wrong with one account is noted, and the others go on.
pub async fn tonight(app: &AppState, asked: bool) -> Result<()> {
    let system = System::of(app);
    let now = app.now();
    let mut reader = system.read().await?;
    let settings = invoices::store::billing_settings(reader.conn()).await?;
    let early = i64::from(now.calendar().3) < settings.hour;
    if !asked && (!settings.automatic || early || store::has_ended(reader.conn(), &now.day()).await?) {
        return Ok(());
    }
    drop(reader);
    let mut tx = system.begin().await?;
    store::begin_night(&mut tx).await?;
    tx.commit().await?;
    let mut after = String::new();
    loop {
        let horizon = model::horizon(&settings, now);
        let accounts = store::accounts(system.read().await?.conn(), horizon, now, &after).await?;
        let Some(last) = accounts.last().cloned() else { break };
        for account in accounts {
            let account = AccountId::from(account);
            if let Err(error) = bill(&system, &account, &settings).await {
                failed(&system, &account, &error).await?;
            }
        }
        after = last;
    }
    let mut after = (i64::MIN, String::new());
    loop {
        let until = now.plus_days(settings.remind_before);
        let open = store::open(system.read().await?.conn(), (after.0, &after.1), until).await?;
        let Some(last) = open.last().map(|one| (one.due_at, one.id.clone())) else { break };
        for one in open {
            let steps = model::steps(&one.asked(), &settings, now);
            if steps.is_empty() {
                continue;
            }
            if let Err(error) = take_steps(&system, &one, &settings).await {
                failed(&system, &AccountId::from(one.account_id), &error).await?;
            }
        }
        after = last;
    }
    let mut tx = system.begin().await?;
    store::end_night(&mut tx, &now.day()).await?;
    tx.commit().await
}

/// Notes that nothing came of an account tonight, and why.
async fn failed(system: &System, account: &AccountId, error: &AppError) -> Result<()> {
    tracing::warn!(%error, account = account.as_str(), "an account was not billed");
    let mut tx = system.begin_in(account).await?;
    let of = format!("{account}:{}", tx.now().day());
    let says = error.to_string();
    let event = NightEvent { event: "failed", of: &of, invoice: None, days: None, says: &says };
    store::happened(&mut tx, &event).await?;
    tx.commit().await
}

/// Issues what an account is to be billed for.
async fn bill(system: &System, account: &AccountId, settings: &BillingSettings) -> Result<()> {
    let mut tx = system.begin_in(account).await?;
    let now = tx.now();
    let (services, _, items) = store::due(tx.conn(), account, model::horizon(settings, now)).await?;
    let tax = invoices::store::tax_of(tx.conn(), account, settings).await?;
    for bill in model::bills(&services, &items, tax, settings, now) {
        make(&mut tx, &bill, settings).await?;
    }
    tx.commit().await
}

async fn make(tx: &mut Tx<InAccount>, bill: &Bill, settings: &BillingSettings) -> Result<()> {
    let draft = Draft {
        currency: bill.currency.clone(),
        inclusive: settings.inclusive,
        lines: bill.lines.clone(),
        note: String::new(),
    };
    let id = begin(tx, InvoiceKind::Invoice, &draft, None).await?;
    for advance in &bill.advances {
        if !store::advance(tx, advance).await? {
            return Err(AppError::Conflict(invoices::words::CHANGED_MEANWHILE.into()));
        }
    }
    for item in &bill.items {
        store::billed(tx, item, id.as_str()).await?;
    }
    let issued = issue_for(tx, &id, 1, Some(bill.due)).await?.invoice;
    let total = issued.money(issued.total);
    tx.record(Entry::new(AuditKind::InvoiceIssued, words::issued_entry(&issued.number, &total))).await?;
    let says = words::invoiced(&issued.number, &total);
    store::happened(tx, &NightEvent::of("invoiced", &issued.id, &says)).await?;
    Ok(())
}

/// Does what is to be done about an open invoice, as it is now.
async fn take_steps(system: &System, of: &OpenInvoice, settings: &BillingSettings) -> Result<()> {
    let mut tx = system.begin_in(&AccountId::from(of.account_id.clone())).await?;
    let now = tx.now();
    let Some(of) = store::open_one(tx.conn(), &of.id).await? else { return Ok(()) };
    for step in model::steps(&of.asked(), settings, now) {
        take(&mut tx, &of, step, settings).await?;
    }
    tx.commit().await
}

async fn take(
    tx: &mut Tx<InAccount>,
    of: &OpenInvoice,
    step: Step,
    settings: &BillingSettings,
) -> Result<()> {
    let invoice = invoices::store::find(tx, &InvoiceId::from(of.id.clone())).await?;
    let (event, days, ask) = match step {
        Step::RemindBefore => ("before", None, Some(Ask::Soon)),
        Step::Remind(days) => ("reminded", Some(days), Some(Ask::Overdue)),
        Step::Warn => {
            let due = Timestamp(of.due_at).plus_days(settings.suspend_after);
            let from = tx.now().midnight().plus_days(model::gap(settings)).max(due);
            ("warned", None, Some(Ask::Warning(from)))
        }
        Step::LateFee => ("fee", None, None),
        Step::Suspend => return suspend(tx, &invoice).await,
    };
    let fee = Money { cents: settings.late_fee, currency: settings.currency.clone() };
    let says = say(step, &of.number, &fee);
    let key = days.map_or_else(|| of.id.clone(), |days| format!("{}:{days}", of.id));
    if !store::happened(tx, &NightEvent { of: &key, days, ..NightEvent::of(event, &of.id, &says) }).await? {
        return Ok(());
    }
    if let Some(why) = ask {
        return invoices::mail::ask(tx, &invoice, why).await.map(drop);
    }
    let line = model::fee_line(&of.number, Timestamp(of.due_at), &fee);
    let wait = tx.now().plus_days(31);
    store::add_item(tx, &line, &fee, wait).await?;
    tx.record(Entry::new(AuditKind::InvoiceIssued, words::late_fee_added(&fee, &of.number))).await
}

/// Suspends the services of an invoice that reached somebody, as its final warning did.
async fn suspend(tx: &mut Tx<InAccount>, of: &Invoice) -> Result<()> {
    let (event, says) = if store::reached(tx, &invoices::mail::thread(of)).await? {
        let names = invoices::write::suspend(tx, of).await?;
        ("suspended", words::suspended(&names, &of.number))
    } else {
        ("unreached", words::not_suspended(&of.number))
    };
    store::happened(tx, &NightEvent::of(event, &of.id, &says)).await.map(drop)
}

fn say(step: Step, number: &str, fee: &Money) -> String {
    match step {
        Step::RemindBefore => words::reminded_before(&number),
        Step::Remind(days) => words::reminded(&number, &days),
        Step::Warn => words::warned(&number),
        Step::LateFee => words::fee_for(&number, fee),
        Step::Suspend => words::suspend_for(&number),
    }
}

/// Lines of a list that the plan shows; the rest is counted.
const SHOWN: usize = 100;

/// What a night at this time will do.
pub async fn plan(conn: &mut Conn, settings: &BillingSettings, at: Timestamp) -> Result<Plan> {
    let mut plan = Plan::default();
    let mut after = String::new();
    loop {
        let horizon = model::horizon(settings, at);
        let accounts = store::accounts(conn, horizon, at, &after).await?;
        let Some(last) = accounts.last().cloned() else { break };
        for account in accounts {
            let id = AccountId::from(account.clone());
            let (services, held, items) = store::due(conn, &id, horizon).await?;
            plan.held += held;
            let tax = invoices::store::tax_of(conn, &id, settings).await?;
            for bill in model::bills(&services, &items, tax, settings, at) {
                // What cannot be added up fails at night, and is named then.
                let total =
                    add_up(&bill.lines, settings.inclusive, &bill.currency).map_or(0, |sums| sums.total);
                let total = Money { cents: total, currency: bill.currency.clone() };
                plan.count += 1;
                match plan.sums.iter_mut().find(|sum| sum.currency == bill.currency) {
                    Some(sum) => sum.cents += total.cents,
                    None => plan.sums.push(total.clone()),
                }
                if plan.invoices.len() < SHOWN {
                    plan.invoices.push(PlannedInvoice {
                        account: account.clone(),
                        customer: staff::named(conn, &id).await?.0,
                        lines: i64::try_from(bill.lines.len()).unwrap_or_default(),
                        total,
                        due: bill.due,
                    });
                }
            }
        }
        after = last;
    }
    let fee = Money { cents: settings.late_fee, currency: settings.currency.clone() };
    let mut after = (i64::MIN, String::new());
    loop {
        let open = store::open(conn, (after.0, &after.1), at.plus_days(settings.remind_before)).await?;
        let Some(last) = open.last().map(|one| (one.due_at, one.id.clone())) else { break };
        for one in &open {
            for step in model::steps(&one.asked(), settings, at) {
                plan.steps_count += 1;
                if plan.steps.len() < SHOWN {
                    plan.steps.push(PlannedStep {
                        account: one.account_id.clone(),
                        customer: one.customer.clone(),
                        invoice: one.id.clone(),
                        says: say(step, &one.number, &fee),
                    });
                }
            }
        }
        after = last;
    }
    Ok(plan)
}
