//! Everything that changes invoices, what was paid, and the ledger. Each is part of one transaction with its trail and its
//! mail.
//!
//! Invariants: numbers are drawn in the transaction that issues, so there is no gap; what was issued stays, and is
//! corrected by another document; every cent that comes in stands either on an invoice or as the customer's credit.

use super::documents::Format;
use super::ledger::{Book, LedgerEntry, post};
use super::model::{
    BillingSettings, Draft, InvoiceKind, InvoiceLine, InvoiceStatus, Party, TaxCategory, TaxSum,
};
use super::pdf;
use super::printed::Printed;
use super::store::{self, Invoice};
use super::totals::{PricedLine, Totals, totals};
use super::{documents, e_invoice, mail, standing, words};
use crate::access::{InAccount, Tx};
use crate::error::{AppError, Result};
use crate::features::billing::store::NightEvent;
use crate::features::{billing, deliveries};
use crate::permission::join_and;
use crate::platform::db::{Write, args, columns, internal, made_statements};
use crate::types::{InvoiceId, Money, Timestamp, minor_digits};
use rust_decimal::Decimal;
use std::sync::LazyLock;

static INSERT: LazyLock<Write> = LazyLock::new(|| {
    const COLUMNS: &[&str] = &[
        "id", "account_id", "kind", "currency", "inclusive", "note", "net", "tax", "rounding", "total",
        "corrects_id", "reason", "dated_at", "created_by", "created_at",
    ];
    Write::insert("invoices", COLUMNS, "")
});
static ISSUE: LazyLock<Write> = LazyLock::new(|| {
    const COLUMNS: &[&str] = &[
        "status", "serial", "number", "net", "tax", "rounding", "total", "payer", "seller", "taxes",
        "document", "document_size", "xml", "issued_at", "due_at", "dated_at", "search_text",
    ];
    Write::update(
        "invoices",
        2,
        "id = $1 AND version = $2 AND status = 'draft'",
        COLUMNS,
        "version = version + 1",
    )
});
made_statements!(|| vec![INSERT.sql().to_owned(), ISSUE.sql().to_owned()]);

const ADD_LINE: &str = r"INSERT INTO invoice_lines (id, invoice_id, position, description, quantity, price, rate, category, net,
        service_id, period_start, period_end)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
const DROP_LINES: &str = "DELETE FROM invoice_lines WHERE invoice_id = $1";
const CHANGE: &str = r"UPDATE invoices
    SET currency = $3, inclusive = $4, note = $5, net = $6, tax = $7, rounding = $8, total = $9, version = version + 1
    WHERE id = $1 AND version = $2 AND status = 'draft'";
const DELETE: &str = "DELETE FROM invoices WHERE id = $1 AND status = 'draft'";
const DRAW: &str = "UPDATE invoice_series SET next = next + 1 WHERE kind = $1 RETURNING next - 1";
const SETTLE: &str = r"UPDATE invoices
    SET paid = paid + $3, credited = credited + $4, status = $5, version = version + 1
    WHERE id = $1 AND version = $2";
const PAY: &str = r"INSERT INTO payments (id, account_id, invoice_id, method, amount, currency, received_at, reference, by_name, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const POST: &str = r"INSERT INTO ledger (id, entry_id, account_id, book, amount, currency, invoice_id, payment_id, says, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

pub use super::standing::suspend;

fn changed_meanwhile() -> AppError {
    AppError::Conflict(words::CHANGED_MEANWHILE.into())
}

/// An invoice of the account, as it was when a form was made.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] when it has changed since `version`.
pub async fn find_at(tx: &mut Tx<InAccount>, invoice: &InvoiceId, version: i64) -> Result<Invoice> {
    let found = store::find(tx, invoice).await?;
    if found.version == version { Ok(found) } else { Err(changed_meanwhile()) }
}

/// Writes the lines of an entry of the ledger: for [`super::ledger`].
pub(super) async fn add_entry(
    tx: &mut Tx<InAccount>,
    lines: impl Iterator<Item = (&'static str, i64)> + Send,
    entry: &LedgerEntry<'_>,
) -> Result<()> {
    let (account, of, now) = (tx.account().clone(), tx.new_id(), tx.now().0);
    for (book, amount) in lines.filter(|(_, amount)| *amount != 0) {
        let id = tx.new_id();
        let (invoice, payment) = (entry.invoice, entry.payment);
        let args = args![
            id,
            &of,
            account.as_str(),
            book,
            amount,
            entry.currency,
            invoice,
            payment,
            &entry.says,
            now
        ];
        tx.conn().execute(POST, args).await?;
    }
    Ok(())
}

/// What the lines add up to.
///
/// # Errors
/// [`AppError::Conflict`] for amounts that are too large.
pub fn add_up(lines: &[InvoiceLine], inclusive: bool, currency: &str) -> Result<Totals> {
    let number = |text: &str| text.parse::<Decimal>().map_err(|error| internal(&error));
    let mut items = Vec::new();
    for line in lines {
        let (quantity, price) = (number(&line.quantity)?, number(&line.price)?);
        items.push(PricedLine { quantity, price, category: line.category, rate: line.rate });
    }
    totals(&items, inclusive, minor_digits(currency))
        .ok_or_else(|| AppError::Conflict(words::TOO_LARGE.into()))
}

async fn put_lines(
    tx: &mut Tx<InAccount>,
    invoice: &str,
    lines: &[InvoiceLine],
    sums: &Totals,
) -> Result<()> {
    for (position, (line, net)) in (1_i64..).zip(lines.iter().zip(&sums.lines)) {
        let id = tx.new_id();
        let (service, start, end) = match &line.period {
            Some((service, start, end)) => (Some(service), Some(*start), Some(*end)),
            None => (None, None, None),
        };
        let args = args![
            id,
            invoice,
            position,
            &line.description,
            &line.quantity,
            &line.price,
            line.rate,
            line.category.key(),
            *net,
            service,
            start,
            end
        ];
        tx.conn().execute(ADD_LINE, args).await?;
    }
    Ok(())
}

/// Begins an invoice, or a credit note of one.
pub async fn begin(
    tx: &mut Tx<InAccount>,
    kind: InvoiceKind,
    draft: &Draft,
    corrects: Option<(&Invoice, &str)>,
) -> Result<InvoiceId> {
    let (id, account, now, by) =
        (tx.new_id(), tx.account().clone(), tx.now().0, tx.membership().user.name.clone());
    let sums = add_up(&draft.lines, draft.inclusive, &draft.currency)?;
    let columns = columns![
        id: &id,
        account_id: account.as_str(),
        kind: kind.key(),
        currency: &draft.currency,
        inclusive: draft.inclusive,
        note: &draft.note,
        net: sums.net,
        tax: sums.tax,
        rounding: sums.rounding,
        total: sums.total,
        corrects_id: corrects.map(|(of, _)| of.id.as_str()),
        reason: corrects.map_or("", |(_, reason)| reason),
        dated_at: now,
        created_by: by,
        created_at: now,
    ];
    tx.conn().execute(INSERT.sql(), INSERT.args(args![], columns)?).await?;
    put_lines(tx, &id, &draft.lines, &sums).await?;
    Ok(id.into())
}

/// Keeps a draft: a new one, or the one with this id unless it has changed since `version`.
///
/// # Errors
/// [`AppError::Conflict`] when somebody was faster, or it has been issued.
pub async fn save_draft(
    tx: &mut Tx<InAccount>,
    known: Option<(&InvoiceId, i64)>,
    draft: &Draft,
) -> Result<InvoiceId> {
    let Some((id, version)) = known else { return begin(tx, InvoiceKind::Invoice, draft, None).await };
    if find_at(tx, id, version).await?.status() != InvoiceStatus::Draft {
        return Err(changed_meanwhile());
    }
    let sums = add_up(&draft.lines, draft.inclusive, &draft.currency)?;
    tx.conn().execute(DROP_LINES, args![id.as_str()]).await?;
    put_lines(tx, id.as_str(), &draft.lines, &sums).await?;
    let args = args![
        id.as_str(),
        version,
        &draft.currency,
        draft.inclusive,
        &draft.note,
        sums.net,
        sums.tax,
        sums.rounding,
        sums.total
    ];
    if tx.conn().execute(CHANGE, args).await? == 0 {
        return Err(changed_meanwhile());
    }
    Ok(id.clone())
}

/// Throws a draft away.
///
/// # Errors
/// [`AppError::Conflict`] for one that was issued.
pub async fn delete_draft(tx: &mut Tx<InAccount>, invoice: &Invoice) -> Result<()> {
    if invoice.status() != InvoiceStatus::Draft || tx.conn().execute(DELETE, args![&invoice.id]).await? == 0 {
        return Err(changed_meanwhile());
    }
    Ok(())
}

/// A document that was issued.
#[derive(Clone, Debug)]
pub struct Issued {
    /// Its row, as it is now.
    pub invoice: Invoice,
    /// Those whom the mail goes to, in words.
    pub told: Vec<String>,
}

/// What an invoice lacks to be an e-invoice; nothing where none is wanted, or there can be none.
pub fn lacks(
    settings: &BillingSettings,
    currency: &str,
    seller: &Party,
    payer: &Party,
    lines: &[InvoiceLine],
) -> Vec<&'static str> {
    let categories: Vec<TaxCategory> = lines.iter().map(|line| line.category).collect();
    if is_e_invoice(settings, currency) { e_invoice::missing(seller, payer, &categories) } else { Vec::new() }
}

/// Is an invoice an e-invoice too? The norm knows no amounts with three decimals (BR-DEC-09 and its like).
fn is_e_invoice(settings: &BillingSettings, currency: &str) -> bool {
    settings.e_invoices && minor_digits(currency) <= 2
}

/// Issues a draft: it gets its number, its parties as they are now, its PDF and its entry in the ledger, whoever gets
/// invoice mail is told, and the account's credit pays what it can.
///
/// # Errors
/// [`AppError::Conflict`] that says what is missing, or that somebody was faster.
pub async fn issue(tx: &mut Tx<InAccount>, invoice: &InvoiceId, version: i64) -> Result<Issued> {
    issue_for(tx, invoice, version, None).await
}

/// The same for what is due on a day, unless the usual time to pay ends later.
///
/// # Errors
/// As [`issue`].
pub async fn issue_for(
    tx: &mut Tx<InAccount>,
    invoice: &InvoiceId,
    version: i64,
    day: Option<Timestamp>,
) -> Result<Issued> {
    let draft = find_at(tx, invoice, version).await?;
    if draft.status() != InvoiceStatus::Draft {
        return Err(changed_meanwhile());
    }
    let lines = store::lines(tx.conn(), &draft.id).await?;
    if lines.is_empty() {
        return Err(AppError::Conflict(words::NO_LINES.into()));
    }
    let sums = add_up(&lines, draft.inclusive, &draft.currency)?;
    if sums.total < 0 {
        return Err(AppError::Conflict(words::NEGATIVE_TOTAL.into()));
    }
    let (account, app, now) = (tx.account().clone(), tx.app().clone(), tx.now());
    let settings = store::billing_settings(tx.conn()).await?;
    let seller = store::seller(tx.conn(), &app.config().operator_name).await?;
    if seller.street.trim().is_empty() {
        return Err(AppError::Conflict(words::NO_SELLER.into()));
    }
    let payer = store::payer(tx.conn(), &account).await?;
    let kind = draft.kind();
    let serial: i64 = tx.conn().value(DRAW, args![kind.key()]).await?;
    let prefix = if kind == InvoiceKind::Invoice { &settings.prefix } else { &settings.credit_prefix };
    let number = format!("{prefix}{serial:05}");
    let corrects = store::corrected(tx.conn(), &draft).await?;
    let due = now.plus_days(if kind == InvoiceKind::Invoice { settings.days } else { 0 });
    let due = day.map_or(due, |day| day.max(due));
    let config = app.config();
    let printed = Printed {
        id: invoice,
        kind,
        number: &number,
        dated: now,
        due,
        currency: &draft.currency,
        seller: &seller,
        payer: &payer,
        customer: tx.membership().account_number,
        lines: &lines,
        inclusive: draft.inclusive,
        sums: &sums,
        note: &draft.note,
        corrects: corrects.as_ref(),
        reason: &draft.reason,
        settings: &settings,
        accent: &config.look.accent,
        logo: config.look.logo.as_ref().map(|(bytes, kind)| (&bytes[..], *kind)),
    };
    let missing = lacks(&settings, &draft.currency, &seller, &payer, &lines);
    if !missing.is_empty() {
        return Err(AppError::Conflict(words::no_e_invoice(&join_and(&missing))));
    }
    let is_e_invoice = is_e_invoice(&settings, &draft.currency);
    let own = store::template(tx.conn()).await?;
    let bytes = pdf::print(&printed, is_e_invoice, own.as_deref()).await?;
    let kept = documents::keep(&app, bytes, Format::Pdf).await?;
    let xml = if is_e_invoice {
        documents::keep(&app, e_invoice::ubl(&printed), Format::Xml).await?.hash
    } else {
        String::new()
    };
    // A credit note is settled by what it corrects; nothing is to be paid for nothing.
    let status = match kind {
        InvoiceKind::Invoice if sums.total > 0 => InvoiceStatus::Open,
        _ => InvoiceStatus::Paid,
    };
    let json = |party: &Party| serde_json::to_string(party).unwrap_or_default();
    let taxes: &[TaxSum] = &sums.taxes;
    let columns = columns![
        status: status.key(),
        serial: serial,
        number: &number,
        net: sums.net,
        tax: sums.tax,
        rounding: sums.rounding,
        total: sums.total,
        payer: json(&payer),
        seller: json(&seller),
        taxes: serde_json::to_string(taxes).unwrap_or_default(),
        document: &kept.hash,
        document_size: kept.size,
        xml: xml,
        issued_at: now.0,
        due_at: (kind == InvoiceKind::Invoice).then_some(due.0),
        dated_at: now.0,
        search_text: format!("{number} {}", payer.name).to_lowercase(),
    ];
    if tx.conn().execute(ISSUE.sql(), ISSUE.args(args![&draft.id, version], columns)?).await? == 0 {
        return Err(changed_meanwhile());
    }
    if is_e_invoice && deliveries::store::channel(tx.conn(), account.as_str()).await? == "network" {
        match e_invoice::route(&seller, &payer) {
            Some((sender, receiver)) => {
                deliveries::store::order(tx, &draft.id, &sender, &receiver, &seller.country).await?;
            }
            None => {
                let says = deliveries::words::no_route(&number);
                let event = NightEvent::of("undelivered", &draft.id, &says);
                billing::store::happened(tx, &event).await?;
            }
        }
    }
    let sign = if kind == InvoiceKind::Invoice { 1 } else { -1 };
    let parts = [
        (Book::Receivable, sign * sums.total),
        (Book::Revenue, -sign * sums.net),
        (Book::Tax, -sign * sums.tax),
        (Book::Rounding, -sign * sums.rounding),
    ];
    let says = words::was_issued(&kind.title(), &number);
    let entry = LedgerEntry {
        says,
        currency: &draft.currency,
        invoice: Some(&draft.id),
        lines: &parts,
        ..LedgerEntry::default()
    };
    post(tx, &entry).await?;
    use_credit(tx, invoice).await?;
    let issued = store::find(tx, invoice).await?;
    let told = mail::issued(tx, &issued, corrects.as_ref()).await?;
    Ok(Issued { invoice: issued, told })
}

/// Writes what was paid and credited of an invoice; its status follows.
async fn settle(
    tx: &mut Tx<InAccount>,
    of: &Invoice,
    paid: i64,
    credited: i64,
    ends: InvoiceStatus,
) -> Result<()> {
    let (now_paid, now_credited) = (of.paid + paid, of.credited + credited);
    let status = if now_paid + now_credited < of.total {
        InvoiceStatus::Open
    } else if now_credited == of.total {
        ends
    } else {
        InvoiceStatus::Paid
    };
    if tx.conn().execute(SETTLE, args![&of.id, of.version, paid, credited, status.key()]).await? == 0 {
        return Err(changed_meanwhile());
    }
    if status != InvoiceStatus::Open {
        standing::restore(tx, of).await?;
    }
    Ok(())
}

/// Pays what is open of an invoice from the account's credit, as far as it goes. Returns how much, in minor units.
pub async fn use_credit(tx: &mut Tx<InAccount>, invoice: &InvoiceId) -> Result<i64> {
    let (found, account) = (store::find(tx, invoice).await?, tx.account().clone());
    let credit = store::credit(tx.conn(), &account, &found.currency).await?;
    let used = credit.min(found.open());
    if used <= 0 {
        return Ok(0);
    }
    let entry = LedgerEntry {
        says: words::paid_from_credit(&found.number, &found.money(used)),
        currency: &found.currency,
        invoice: Some(&found.id),
        lines: &[(Book::Credit, used), (Book::Receivable, -used)],
        ..LedgerEntry::default()
    };
    post(tx, &entry).await?;
    settle(tx, &found, used, 0, InvoiceStatus::Paid).await?;
    Ok(used)
}

/// Money that came in.
#[derive(Debug)]
pub struct Incoming<'a> {
    /// How, see [`super::model::METHODS`].
    pub method: &'a str,
    /// How much, in minor units of the invoice's currency.
    pub amount: i64,
    /// When.
    pub received: Timestamp,
    /// What it said.
    pub reference: &'a str,
}

/// What came of a payment.
#[derive(Debug)]
pub struct Received {
    /// The invoice, as it is now.
    pub invoice: Invoice,
    /// What of it became the account's credit, in minor units.
    pub rest: i64,
}

/// Records money that came in for an invoice, and tells whoever gets invoice mail. What is more than it wants, or all of it
/// where nothing is to be paid any more, becomes the account's credit.
///
/// # Errors
/// [`AppError::Conflict`] when the invoice changed meanwhile, or is a draft or a credit note.
pub async fn record_payment(
    tx: &mut Tx<InAccount>,
    invoice: &Invoice,
    new: &Incoming<'_>,
) -> Result<Received> {
    if invoice.kind() != InvoiceKind::Invoice || invoice.status() == InvoiceStatus::Draft {
        return Err(AppError::Conflict(words::NOTHING_TO_PAY.into()));
    }
    let applied = new.amount.min(invoice.open());
    let rest = new.amount - applied;
    let id = add_payment(tx, Some(&invoice.id), &invoice.currency, new).await?;
    let entry = LedgerEntry {
        says: words::payment_came(&super::model::method_title(new.method), &invoice.number),
        currency: &invoice.currency,
        invoice: Some(&invoice.id),
        payment: Some(&id),
        lines: &[(Book::Bank, new.amount), (Book::Receivable, -applied), (Book::Credit, -rest)],
    };
    post(tx, &entry).await?;
    // Also when nothing of it counts here: two who record at once are told of each other.
    let ends = invoice.status();
    if applied > 0 {
        settle(tx, invoice, applied, 0, ends).await?;
    }
    let after = store::find(tx, &InvoiceId::from(invoice.id.clone())).await?;
    mail::paid(tx, &after, &invoice.money(new.amount), rest).await?;
    Ok(Received { invoice: after, rest })
}

/// Records money that came in for no invoice: it becomes the account's credit.
pub async fn receive_credit(
    tx: &mut Tx<InAccount>,
    currency: &str,
    new: &Incoming<'_>,
    says: String,
) -> Result<()> {
    let id = add_payment(tx, None, currency, new).await?;
    let entry = LedgerEntry {
        says,
        currency,
        payment: Some(&id),
        lines: &[(Book::Bank, new.amount), (Book::Credit, -new.amount)],
        ..LedgerEntry::default()
    };
    post(tx, &entry).await
}

async fn add_payment(
    tx: &mut Tx<InAccount>,
    invoice: Option<&str>,
    currency: &str,
    new: &Incoming<'_>,
) -> Result<String> {
    let (id, account, now, by) =
        (tx.new_id(), tx.account().clone(), tx.now().0, tx.membership().user.name.clone());
    let args = args![
        &id,
        account.as_str(),
        invoice,
        new.method,
        new.amount,
        currency,
        new.received.0,
        new.reference,
        by,
        now
    ];
    tx.conn().execute(PAY, args).await?;
    Ok(id)
}

/// What is taken back of an invoice.
#[derive(Debug)]
pub struct Correction<'a> {
    /// How many of each line, in their order; nothing for everything.
    pub quantities: Option<&'a [String]>,
    /// Why; stands on the credit note.
    pub reason: &'a str,
}

/// Takes an invoice back, as a whole or in part, by a credit note that is issued at once. What was paid of it already
/// becomes the account's credit.
///
/// # Errors
/// [`AppError::Conflict`] for more than is left of it.
pub async fn credit(tx: &mut Tx<InAccount>, invoice: &Invoice, what: &Correction<'_>) -> Result<Issued> {
    let good = invoice.kind() == InvoiceKind::Invoice && invoice.status() != InvoiceStatus::Draft;
    if !good || invoice.credited == invoice.total {
        return Err(AppError::Conflict(words::NOTHING_TO_CREDIT.into()));
    }
    let mut lines = store::lines(tx.conn(), &invoice.id).await?;
    if let Some(quantities) = what.quantities {
        for (line, quantity) in lines.iter_mut().zip(quantities) {
            line.quantity.clone_from(quantity);
        }
        lines.retain(|line| line.quantity.parse::<Decimal>().is_ok_and(|quantity| !quantity.is_zero()));
    }
    let draft = Draft {
        currency: invoice.currency.clone(),
        inclusive: invoice.inclusive,
        lines,
        note: String::new(),
    };
    let sums = add_up(&draft.lines, draft.inclusive, &draft.currency)?;
    if sums.total <= 0 {
        return Err(AppError::Conflict(words::NOTHING_TO_CREDIT.into()));
    }
    let left = invoice.total - invoice.credited;
    if sums.total > left {
        return Err(AppError::Conflict(words::more_than_is_left(&invoice.money(left))));
    }
    let id = begin(tx, InvoiceKind::CreditNote, &draft, Some((invoice, what.reason))).await?;
    let issued = issue(tx, &id, 1).await?;
    // What had been paid of what is taken back is owed to the customer.
    let over = (invoice.paid + invoice.credited + sums.total - invoice.total).max(0);
    if over > 0 {
        let entry = LedgerEntry {
            says: words::became_credit(&invoice.number, &invoice.money(over)),
            currency: &invoice.currency,
            invoice: Some(&invoice.id),
            lines: &[(Book::Receivable, over), (Book::Credit, -over)],
            ..LedgerEntry::default()
        };
        post(tx, &entry).await?;
    }
    let ends = if invoice.paid == 0 && invoice.credited == 0 {
        InvoiceStatus::Cancelled
    } else {
        InvoiceStatus::Credited
    };
    settle(tx, invoice, -over, sums.total, ends).await?;
    Ok(issued)
}

/// Issues an invoice anew, as it would be addressed now: the old one is taken back as a whole, and what was paid for it
/// pays the new one.
pub async fn reissue(tx: &mut Tx<InAccount>, invoice: &Invoice, reason: &str) -> Result<(Issued, Issued)> {
    if invoice.credited > 0 {
        return Err(AppError::Conflict(words::PARTLY_CREDITED.into()));
    }
    let back = credit(tx, invoice, &Correction { quantities: None, reason }).await?;
    let draft = Draft {
        currency: invoice.currency.clone(),
        inclusive: invoice.inclusive,
        lines: store::lines(tx.conn(), &invoice.id).await?,
        note: invoice.note.clone(),
    };
    let id = begin(tx, InvoiceKind::Invoice, &draft, None).await?;
    let new = issue(tx, &id, 1).await?;
    Ok((back, new))
}

/// Gives up what is open of an invoice. Returns how much, in minor units.
///
/// # Errors
/// [`AppError::Conflict`] when nothing is.
pub async fn write_off(tx: &mut Tx<InAccount>, invoice: &Invoice, reason: &str) -> Result<i64> {
    let open = invoice.open();
    if open <= 0 {
        return Err(AppError::Conflict(words::NOTHING_TO_PAY.into()));
    }
    let entry = LedgerEntry {
        says: words::was_written_off(&invoice.number, &reason),
        currency: &invoice.currency,
        invoice: Some(&invoice.id),
        lines: &[(Book::WriteOff, open), (Book::Receivable, -open)],
        ..LedgerEntry::default()
    };
    post(tx, &entry).await?;
    let args = args![&invoice.id, invoice.version, 0_i64, open, InvoiceStatus::WrittenOff.key()];
    if tx.conn().execute(SETTLE, args).await? == 0 {
        return Err(changed_meanwhile());
    }
    Ok(open)
}

/// Credit that was given back did not arrive: it is there again.
pub async fn take_refund_back(tx: &mut Tx<InAccount>, amount: &Money, says: &str) -> Result<()> {
    let entry = LedgerEntry {
        says: says.to_owned(),
        currency: &amount.currency,
        lines: &[(Book::Bank, amount.cents), (Book::Credit, -amount.cents)],
        ..LedgerEntry::default()
    };
    post(tx, &entry).await
}

/// Gives credit back: it was sent to the customer.
///
/// # Errors
/// [`AppError::Invalid`] for more than there is.
pub async fn refund(tx: &mut Tx<InAccount>, amount: &Money, reference: &str) -> Result<()> {
    let account = tx.account().clone();
    let credit = store::credit(tx.conn(), &account, &amount.currency).await?;
    if amount.cents > credit {
        let left = Money { cents: credit, currency: amount.currency.clone() };
        return Err(AppError::field("amount", words::only_so_much_credit(&left)));
    }
    let entry = LedgerEntry {
        says: words::was_refunded(&reference),
        currency: &amount.currency,
        lines: &[(Book::Credit, amount.cents), (Book::Bank, -amount.cents)],
        ..LedgerEntry::default()
    };
    post(tx, &entry).await
}
