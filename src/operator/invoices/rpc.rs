//! Server functions of invoices for staff. Line 1 of each is the proof of access.

#[cfg(feature = "ssr")]
use super::model::IssuedPage;
use super::model::{Aged, ManagePage, Month, PaymentForm, RefundForm};
#[cfg(feature = "ssr")]
use super::words;
#[cfg(feature = "ssr")]
use crate::access::staff::{EditSettings, ManageInvoices, ViewInvoices};
#[cfg(feature = "ssr")]
use crate::access::{InAccount, Staff, Tx};
#[cfg(feature = "ssr")]
use crate::error::AppError;
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::{AuditChange, AuditKind};
#[cfg(feature = "ssr")]
use crate::features::audit::record::Entry;
use crate::features::invoices::model::{BillingForm, DraftForm, InvoiceRow};
#[cfg(feature = "ssr")]
use crate::features::invoices::model::{DraftPage, InvoiceLine, InvoiceStatus, TaxCategory, tax_key};
#[cfg(feature = "ssr")]
use crate::features::invoices::store::{self, Invoice};
#[cfg(feature = "ssr")]
use crate::features::invoices::write::{self, Correction, Incoming, Issued, Received};
#[cfg(feature = "ssr")]
use crate::features::invoices::{mail, template};
#[cfg(feature = "ssr")]
use crate::features::{deliveries, payments};
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use crate::permission::join_and;
use crate::types::{AccountId, ListQuery, Page};
#[cfg(feature = "ssr")]
use crate::types::{InvoiceId, Timestamp, text_block};
use leptos::prelude::*;

/// A page of every customer's invoices.
#[server(prefix = "/rpc", endpoint = "operator/invoices/list")]
pub async fn list_all_invoices(#[server(flatten)] query: ListQuery) -> Result<Page<InvoiceRow>> {
    let staff = Staff::<ViewInvoices>::now().await?;
    store::list_for_staff(&mut staff.read().await?, &query).await
}

/// What customers owe, by how long it is overdue.
#[server(prefix = "/rpc", endpoint = "operator/invoices/receivables")]
pub async fn show_receivables() -> Result<Vec<Aged>> {
    let staff = Staff::<ViewInvoices>::now().await?;
    let all = store::aged(&mut staff.read().await?).await?;
    Ok(all.into_iter().map(|(currency, owed)| Aged { currency, owed }).collect())
}

/// Revenue before tax of the last twelve months.
#[server(prefix = "/rpc", endpoint = "operator/invoices/revenue")]
pub async fn show_revenue() -> Result<Vec<Month>> {
    let staff = Staff::<ViewInvoices>::now().await?;
    super::store::revenue(&mut staff.read().await?).await
}

/// An invoice for its forms; a new draft where none is named.
#[server(prefix = "/rpc", endpoint = "operator/invoices/manage")]
pub async fn manage_invoice(account: AccountId, #[server(default)] invoice: String) -> Result<ManagePage> {
    let staff = Staff::<ManageInvoices>::now().await?;
    let mut reader = staff.read().await?.into_account(&account).await?;
    let acting = reader.membership().clone();
    let customer = (acting.account_name.clone(), acting.account_number);
    let settings = store::billing_settings(reader.conn()).await?;
    let payer = store::payer(reader.conn(), &account).await?;
    let own_tax = store::own_tax(reader.conn(), &account).await?;
    let mut taxes = settings.taxes();
    taxes.sort_by_key(|(key, _)| *key != own_tax);
    let draft = DraftPage {
        id: None,
        customer: customer.clone(),
        payer,
        currency: settings.currency.clone(),
        inclusive: settings.inclusive,
        lines: Vec::new(),
        note: String::new(),
        taxes,
        own_tax,
        sums: (0, 0, 0, 0),
        missing: Vec::new(),
        version: 0,
    };
    let seller = store::seller(reader.conn(), &staff.app().config().operator_name).await?;
    let missing = |draft: &DraftPage, lines: &[InvoiceLine]| {
        let lacks = write::lacks(&settings, &draft.currency, &seller, &draft.payer, lines);
        lacks.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    if invoice.is_empty() {
        let draft = DraftPage { missing: missing(&draft, &[]), ..draft };
        return Ok(ManagePage { customer, draft: Some(draft), issued: None });
    }
    let id = InvoiceId::parse(&invoice).ok_or(AppError::NotFound)?;
    let found = store::find(&mut reader, &id).await?;
    let lines = store::lines(reader.conn(), &found.id).await?;
    if found.status() == InvoiceStatus::Draft {
        let draft = DraftPage {
            missing: missing(&draft, &lines),
            id: Some(id),
            currency: found.currency,
            inclusive: found.inclusive,
            lines,
            note: found.note,
            sums: (found.net, found.tax, found.rounding, found.total),
            version: found.version,
            ..draft
        };
        return Ok(ManagePage { customer, draft: Some(draft), issued: None });
    }
    let credit = store::credit(reader.conn(), &account, &found.currency).await?;
    let waiting = payments::store::refunds_of(reader.conn(), account.as_str()).await?;
    let waiting = waiting
        .into_iter()
        .map(|one| (one.id.clone(), words::waits(&one.money(), &Timestamp(one.created_at).date())))
        .collect();
    let mut refund = found.money(credit);
    let refundable = if credit > 0 {
        let all = payments::store::refundable(reader.conn(), account.as_str(), &found.currency).await?;
        if let Some((.., left)) = all.first() {
            refund.cents = refund.cents.min(left.cents);
        }
        all.into_iter()
            .map(|(id, payment, at, left)| (id, words::to_card(&payment, &at.date(), &left)))
            .collect()
    } else {
        Vec::new()
    };
    let issued = IssuedPage {
        row: found.row(),
        lines,
        left: found.money(found.total - found.credited),
        whole: found.credited == 0,
        credit: found.money(credit),
        refundable,
        refund,
        waiting,
        delivery: deliveries::store::of(reader.conn(), &id).await?,
        version: found.version,
        today: reader.now().day(),
    };
    Ok(ManagePage { customer, draft: None, issued: Some(issued) })
}

/// Keeps a draft, new or known.
#[server(prefix = "/rpc", endpoint = "operator/invoices/save-draft")]
pub async fn save_draft(
    account: AccountId,
    #[server(default)] invoice: String,
    #[server(default)] version: i64,
    #[server(flatten)] form: DraftForm,
) -> Result<Outcome> {
    let staff = Staff::<ManageInvoices>::now().await?;
    let draft = form.parse()?;
    let mut tx = staff.begin().await?.into_account(&account).await?;
    let known = InvoiceId::parse(&invoice);
    if known.is_none() && !invoice.is_empty() {
        return Err(AppError::NotFound);
    }
    let id = write::save_draft(&mut tx, known.as_ref().map(|id| (id, version)), &draft).await?;
    let says = words::draft_saved_entry(&tx.membership().account_name);
    tx.record_among_staff(Entry::new(AuditKind::InvoiceDrafted, says)).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::manage_invoice(&account, Some(&id)), words::DRAFT_SAVED))
}

/// Throws a draft away.
#[server(prefix = "/rpc", endpoint = "operator/invoices/delete-draft")]
pub async fn delete_draft(account: AccountId, #[server(default)] invoice: String) -> Result<Outcome> {
    let staff = Staff::<ManageInvoices>::now().await?;
    let mut tx = staff.begin().await?.into_account(&account).await?;
    let found = found(&mut tx, &invoice, None).await?;
    write::delete_draft(&mut tx, &found).await?;
    let says = words::draft_deleted_entry(&tx.membership().account_name);
    tx.record_among_staff(Entry::new(AuditKind::InvoiceDrafted, says)).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::invoices(&account), words::DRAFT_DELETED))
}

/// Gives a customer a tax of their own, such as none where they owe it themselves; empty for the usual one.
#[server(prefix = "/rpc", endpoint = "operator/invoices/set-tax")]
pub async fn set_customer_tax(account: AccountId, #[server(default)] tax: String) -> Result<Outcome> {
    let staff = Staff::<ManageInvoices>::now().await?;
    let mut tx = staff.begin().await?.into_account(&account).await?;
    let settings = store::billing_settings(tx.conn()).await?;
    let known = settings.taxes();
    let title = |key: &str| known.iter().find(|(known, _)| known == key).map(|(_, title)| title.clone());
    let after = title(&tax).unwrap_or_default();
    if after.is_empty() && !tax.is_empty() {
        return Err(AppError::field("tax", words::CHOOSE_A_TAX));
    }
    let payer = store::payer(tx.conn(), &account).await?;
    if tax == tax_key(TaxCategory::ReverseCharge, 0) && payer.tax_id.is_empty() {
        return Err(AppError::field("tax", words::NO_VAT_ID));
    }
    let before = title(&store::set_tax(&mut tx, &tax).await?).unwrap_or_default();
    let entry = Entry::new(AuditKind::ProfileChanged, words::TAX_ENTRY);
    tx.record(entry.with(AuditChange::between(words::TAX, &before, &after))).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::manage_invoice(&account, None), words::TAX_SAVED))
}

/// The invoice that a form is about, unless it has changed since `version`.
#[cfg(feature = "ssr")]
async fn found(tx: &mut Tx<InAccount>, invoice: &str, version: Option<i64>) -> Result<Invoice> {
    let id = InvoiceId::parse(invoice).ok_or(AppError::NotFound)?;
    match version {
        Some(version) => write::find_at(tx, &id, version).await,
        None => store::find(tx, &id).await,
    }
}

#[cfg(feature = "ssr")]
async fn record_issued(tx: &mut Tx<InAccount>, issued: &Issued) -> Result<()> {
    let of = &issued.invoice;
    let says = words::issued_entry(&of.kind().title().to_lowercase(), &of.number, &of.money(of.total));
    tx.record(Entry::new(AuditKind::InvoiceIssued, says)).await
}

/// Who was told, in words: three of them by name.
#[cfg(feature = "ssr")]
fn names(all: &[String]) -> String {
    let mut named: Vec<String> = all.iter().take(if all.len() > 4 { 3 } else { 4 }).cloned().collect();
    if all.len() > named.len() {
        named.push(words::others(&(all.len() - named.len())));
    }
    join_and(&named.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Issues a draft: from then on it stays as it is.
#[server(prefix = "/rpc", endpoint = "operator/invoices/issue")]
pub async fn issue_invoice(
    account: AccountId,
    #[server(default)] invoice: String,
    #[server(default)] version: i64,
) -> Result<Outcome> {
    let staff = Staff::<ManageInvoices>::now().await?;
    let mut tx = staff.begin().await?.into_account(&account).await?;
    let id = InvoiceId::parse(&invoice).ok_or(AppError::NotFound)?;
    let issued = write::issue(&mut tx, &id, version).await?;
    record_issued(&mut tx, &issued).await?;
    tx.commit().await?;
    let says = words::issued(&issued.invoice.number, &names(&issued.told));
    Ok(Outcome::at(paths::invoice(&account, &id), says))
}

/// Records money that arrived for an invoice; who gets invoice mail is told.
#[server(prefix = "/rpc", endpoint = "operator/invoices/record-payment")]
pub async fn record_payment(
    account: AccountId,
    #[server(default)] invoice: String,
    #[server(default)] version: i64,
    #[server(flatten)] form: PaymentForm,
) -> Result<Outcome> {
    let staff = Staff::<ManageInvoices>::now().await?;
    let mut tx = staff.begin().await?.into_account(&account).await?;
    let before = found(&mut tx, &invoice, Some(version)).await?;
    let (amount, received, reference) = form.parse(&before.currency, tx.now())?;
    let new = Incoming { method: &form.method, amount: amount.cents, received, reference: &reference };
    let Received { invoice: after, rest } = write::record_payment(&mut tx, &before, &new).await?;
    let entry = Entry::new(AuditKind::InvoicePaid, words::payment_entry(&amount, &after.number));
    tx.record(entry.with(AuditChange::between(words::REFERENCE, "", &reference))).await?;
    tx.commit().await?;
    let says = if rest > 0 {
        words::payment_recorded_rest(&amount, &after.number, &after.money(rest))
    } else {
        words::payment_recorded(&amount, &after.number)
    };
    Ok(Outcome::at(paths::invoice(&account, &InvoiceId::from(after.id)), says))
}

#[cfg(feature = "ssr")]
fn reason(typed: &str) -> Result<String> {
    let reason = text_block(typed, 500).map_err(|message| AppError::field("reason", message))?;
    if reason.is_empty() { Err(AppError::field("reason", words::SAY_WHY)) } else { Ok(reason) }
}

/// Takes an invoice back, as a whole or in part, by a credit note. `quantity` is how many of each line, in their order.
#[server(prefix = "/rpc", endpoint = "operator/invoices/credit")]
pub async fn credit_invoice(
    account: AccountId,
    #[server(default)] invoice: String,
    #[server(default)] version: i64,
    #[server(default)] reason: String,
    #[server(default)] quantity: Vec<String>,
) -> Result<Outcome> {
    let staff = Staff::<ManageInvoices>::now().await?;
    let reason = self::reason(&reason)?;
    let mut tx = staff.begin().await?.into_account(&account).await?;
    let before = found(&mut tx, &invoice, Some(version)).await?;
    let lines = store::lines(tx.conn(), &before.id).await?;
    let quantities = credited_quantities(&lines, &quantity)?;
    let what = Correction { quantities: quantities.as_deref(), reason: &reason };
    let issued = write::credit(&mut tx, &before, &what).await?;
    record_issued(&mut tx, &issued).await?;
    let says = words::credited_entry(&issued.invoice.number, &before.number);
    let why = AuditChange::between(words::REASON, "", &reason);
    tx.record(Entry::new(AuditKind::InvoiceCredited, says).with(why)).await?;
    tx.commit().await?;
    let says = words::credited(&issued.invoice.number, &issued.invoice.money(issued.invoice.total));
    Ok(Outcome::at(paths::invoice(&account, &InvoiceId::from(before.id)), says))
}

/// What is typed beside each line; nothing for all of everything.
#[cfg(feature = "ssr")]
fn credited_quantities(lines: &[InvoiceLine], typed: &[String]) -> Result<Option<Vec<String>>> {
    use rust_decimal::Decimal;
    if typed.is_empty() {
        return Ok(None);
    }
    let wrong = || AppError::field("quantity", words::NOT_A_QUANTITY);
    let mut all = Vec::new();
    for (n, line) in lines.iter().enumerate() {
        let typed = typed.get(n).map(|typed| typed.trim().replace(',', ".")).unwrap_or_default();
        let typed = if typed.is_empty() { "0".to_owned() } else { typed };
        let (wanted, most) = (typed.parse::<Decimal>().ok(), line.quantity.parse::<Decimal>().ok());
        let (Some(wanted), Some(most)) = (wanted, most) else { return Err(wrong()) };
        // A line may go either way; no more of it comes back than there was.
        if wanted.abs() > most.abs()
            || (!wanted.is_zero() && wanted.is_sign_negative() != most.is_sign_negative())
        {
            return Err(wrong());
        }
        all.push(wanted.normalize().to_string());
    }
    Ok(Some(all))
}

/// Credits an invoice as a whole and issues it anew, addressed as the profile says now.
#[server(prefix = "/rpc", endpoint = "operator/invoices/reissue")]
pub async fn reissue_invoice(
    account: AccountId,
    #[server(default)] invoice: String,
    #[server(default)] version: i64,
) -> Result<Outcome> {
    let staff = Staff::<ManageInvoices>::now().await?;
    let mut tx = staff.begin().await?.into_account(&account).await?;
    let before = found(&mut tx, &invoice, Some(version)).await?;
    let (back, new) = write::reissue(&mut tx, &before, words::WRONG_ADDRESS).await?;
    record_issued(&mut tx, &back).await?;
    let says = words::credited_entry(&back.invoice.number, &before.number);
    tx.record(Entry::new(AuditKind::InvoiceCredited, says)).await?;
    record_issued(&mut tx, &new).await?;
    tx.commit().await?;
    let says = words::reissued(&before.number, &new.invoice.number);
    Ok(Outcome::at(paths::invoice(&account, &InvoiceId::from(new.invoice.id)), says))
}

/// Gives up what is open of an invoice.
#[server(prefix = "/rpc", endpoint = "operator/invoices/write-off")]
pub async fn write_off_invoice(
    account: AccountId,
    #[server(default)] invoice: String,
    #[server(default)] version: i64,
    #[server(default)] reason: String,
) -> Result<Outcome> {
    let staff = Staff::<ManageInvoices>::now().await?;
    let reason = self::reason(&reason)?;
    let mut tx = staff.begin().await?.into_account(&account).await?;
    let before = found(&mut tx, &invoice, Some(version)).await?;
    let amount = write::write_off(&mut tx, &before, &reason).await?;
    let amount = before.money(amount);
    let says = words::written_off_entry(&amount, &before.number, &reason);
    tx.record(Entry::new(AuditKind::InvoiceCredited, says)).await?;
    tx.commit().await?;
    let to = paths::invoice(&account, &InvoiceId::from(before.id.clone()));
    Ok(Outcome::at(to, words::written_off(&amount, &before.number)))
}

/// Sends credit back to a card that paid, or notes that it was sent by hand; who gets invoice mail is told.
#[server(prefix = "/rpc", endpoint = "operator/invoices/refund")]
pub async fn refund_credit(account: AccountId, #[server(flatten)] form: RefundForm) -> Result<Outcome> {
    let staff = Staff::<ManageInvoices>::now().await?;
    let (amount, reference) = form.parse()?;
    let app = staff.app().clone();
    let mut tx = staff.begin().await?.into_account(&account).await?;
    let at = |says: String| Ok(Outcome::at(paths::statement(&account), says));
    if form.to.is_empty() {
        write::refund(&mut tx, &amount, &reference).await?;
        mail::refunded(&mut tx, &amount, &reference).await?;
        let says = words::refunded_entry(&amount, &reference);
        tx.record(Entry::new(AuditKind::InvoicePaid, says)).await?;
        tx.commit().await?;
        return at(words::refunded(&amount));
    }
    let stripe = payments::store::gateway(tx.conn(), app.key()).await?;
    let stripe = stripe.ok_or_else(|| AppError::field("to", words::NO_GATEWAY))?;
    let refund = payments::write::begin_refund(&mut tx, &form.to, &amount).await?;
    let says = words::refunded_entry(&amount, &refund.payment);
    tx.record(Entry::new(AuditKind::InvoicePaid, says)).await?;
    tx.commit().await?;
    match payments::write::send_refund(&app, &stripe, &refund).await {
        Ok(false) => at(words::refunded_to_card(&amount)),
        Ok(true) => Err(AppError::Conflict(words::REFUND_REFUSED.into())),
        Err(error) => at(words::refund_waits(&amount, &error)),
    }
}

/// Gives up a refund to a card that is on its way and never arrives: it is credit again.
#[server(prefix = "/rpc", endpoint = "operator/invoices/give-refund-up")]
pub async fn give_refund_up(account: AccountId, #[server(default)] refund: String) -> Result<Outcome> {
    let staff = Staff::<ManageInvoices>::now().await?;
    let mut tx = staff.begin().await?.into_account(&account).await?;
    let amount = payments::write::give_refund_up(&mut tx, &refund).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::statement(&account), words::refund_given_up(&amount)))
}

/// Has an e-invoice that could not be delivered sent through the network once more.
#[server(prefix = "/rpc", endpoint = "operator/invoices/send-e-invoice-again")]
pub async fn send_e_invoice_again(account: AccountId, #[server(default)] invoice: String) -> Result<Outcome> {
    let staff = Staff::<ManageInvoices>::now().await?;
    let mut tx = staff.begin().await?.into_account(&account).await?;
    let of = found(&mut tx, &invoice, None).await?;
    let id = InvoiceId::from(of.id.clone());
    if deliveries::store::access_point_settings(tx.conn()).await?.url.is_empty() {
        return Err(AppError::Conflict(deliveries::words::NO_ACCESS_POINT.into()));
    }
    if !deliveries::store::again(&mut tx, &id).await? {
        return Err(AppError::Conflict(deliveries::words::NOT_FAILED.into()));
    }
    let says = deliveries::words::again_entry(&of.number);
    tx.record(Entry::new(AuditKind::InvoiceIssued, says)).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::invoice(&account, &id), deliveries::words::AGAIN))
}

/// How invoices are made and paid.
#[server(prefix = "/rpc", endpoint = "operator/invoices/show-settings")]
pub async fn show_billing_settings() -> Result<BillingForm> {
    let staff = Staff::<EditSettings>::now().await?;
    Ok(store::billing_settings(staff.read().await?.conn()).await?.form())
}

/// Replaces how invoices are made and paid: it counts for what is issued from now on.
#[server(prefix = "/rpc", endpoint = "operator/invoices/save-settings")]
pub async fn save_billing_settings(#[server(flatten)] form: BillingForm) -> Result<Outcome> {
    let staff = Staff::<EditSettings>::now().await?;
    let new = form.parse()?;
    let mut tx = staff.begin().await?;
    let (before, after) = (store::billing_settings(tx.conn()).await?.form(), new.form());
    store::set_billing_settings(&mut tx, &new).await?;
    let changes = [
        AuditChange::between(words::PREFIX, &before.prefix, &after.prefix),
        AuditChange::between(words::CREDIT_PREFIX, &before.credit_prefix, &after.credit_prefix),
        AuditChange::between(words::CURRENCY, &before.currency, &after.currency),
        AuditChange::between(words::DAYS, &before.days, &after.days),
        AuditChange::between(words::RATES, &before.rates, &after.rates),
        AuditChange::between(words::HOLDER, &before.holder, &after.holder),
        AuditChange::between(words::IBAN, &before.iban, &after.iban),
        AuditChange::between(words::BIC, &before.bic, &after.bic),
        AuditChange::between(words::BANK, &before.bank, &after.bank),
        AuditChange::between(words::FOOTER, &before.footer, &after.footer),
        AuditChange::between(words::E_INVOICES, &before.e_invoices, &after.e_invoices),
        AuditChange::between(words::STREET, &before.street, &after.street),
        AuditChange::between(words::POSTCODE, &before.postcode, &after.postcode),
        AuditChange::between(words::CITY, &before.city, &after.city),
        AuditChange::between(words::COUNTRY, &before.country, &after.country),
        AuditChange::between(words::ENDPOINT, &before.endpoint, &after.endpoint),
        AuditChange::between(words::VIES, &before.vies, &after.vies),
        AuditChange::between(words::VIES_URL, &before.vies_url, &after.vies_url),
        AuditChange::between(words::ACCOUNTS, &before.accounts, &after.accounts),
        AuditChange::between(words::AUTOMATIC, &before.automatic, &after.automatic),
        AuditChange::between(words::AHEAD, &before.ahead, &after.ahead),
        AuditChange::between(words::REMIND_BEFORE, &before.remind_before, &after.remind_before),
        AuditChange::between(words::REMIND_AFTER, &before.remind_after, &after.remind_after),
        AuditChange::between(words::WARN_AFTER, &before.warn_after, &after.warn_after),
        AuditChange::between(words::SUSPEND_AFTER, &before.suspend_after, &after.suspend_after),
        AuditChange::between(words::LATE_FEE, &before.late_fee, &after.late_fee),
        AuditChange::between(words::LATE_FEE_AFTER, &before.late_fee_after, &after.late_fee_after),
    ];
    let entry = Entry::new(AuditKind::SettingsChanged, words::CHANGED_BILLING);
    tx.record(entry.with(changes.into_iter().flatten())).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::BILLING_SETTINGS, words::SAVED))
}

/// The largest template of an operator, in characters.
#[cfg(feature = "ssr")]
const LARGEST_TEMPLATE: usize = 60_000;

/// The template of the PDF, and whether it is the operator's own.
#[server(prefix = "/rpc", endpoint = "operator/invoices/show-template")]
pub async fn show_invoice_template() -> Result<(String, bool)> {
    let staff = Staff::<EditSettings>::now().await?;
    template::current(staff.read().await?.conn()).await
}

/// Checks a template with a sample, and uses it from then on; an empty one is that of the portal. One that does not work
/// changes nothing: the last good one stays.
#[server(prefix = "/rpc", endpoint = "operator/invoices/save-template")]
pub async fn save_invoice_template(#[server(default)] template: String) -> Result<Outcome> {
    let staff = Staff::<EditSettings>::now().await?;
    let text = template.replace("\r\n", "\n");
    let text = if text.trim().is_empty() { String::new() } else { text };
    if text.chars().count() > LARGEST_TEMPLATE {
        return Err(AppError::field("template", words::TEMPLATE_TOO_LARGE));
    }
    if !text.is_empty() {
        let (app, mut reader) = (staff.app().clone(), staff.read().await?);
        let now = reader.now();
        let tried = template::sample(&app, reader.conn(), Some(&text), now).await?;
        tried.map_err(|says| AppError::field("template", words::template_wrong(&says)))?;
    }
    let mut tx = staff.begin().await?;
    store::set_template(&mut tx, &text).await?;
    let says = if text.is_empty() { words::TEMPLATE_RESET_ENTRY } else { words::TEMPLATE_ENTRY };
    tx.record(Entry::new(AuditKind::SettingsChanged, says)).await?;
    tx.commit().await?;
    let says = if text.is_empty() { words::TEMPLATE_RESET } else { words::TEMPLATE_SAVED };
    Ok(Outcome::at(paths::BILLING_SETTINGS, says))
}
