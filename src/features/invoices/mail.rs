//! What is mailed about invoices: to whoever the recipient rule names (M2), each with the reason and the others' names.

use super::documents::Format;
use super::model::{InvoiceKind, Related};
use super::store::Invoice;
use super::{documents, words};
use crate::access::{InAccount, Tx};
use crate::category::Category;
use crate::error::Result;
use crate::features::mail::letter::Letter;
use crate::features::recipients;
use crate::features::recipients::model::{Event, Recipient};
use crate::features::{deliveries, payments};
use crate::outbox::MailFile;
use crate::paths;
use crate::types::{AccountId, InvoiceId, Money, Timestamp};

/// The letter about a document that was issued.
pub fn document(account: &AccountId, customer: &str, of: &Invoice, corrects: Option<&Related>) -> Letter {
    let (total, number) = (of.money(of.total), &of.number);
    let due = Timestamp(of.due_at.unwrap_or_default()).date();
    let paragraphs = match (of.kind(), corrects) {
        (InvoiceKind::CreditNote, Some(corrects)) => {
            vec![words::mail_credit(number, &total, &corrects.number), of.reason.clone()]
        }
        _ if of.open() == 0 => vec![words::mail_invoice_paid(number, &total)],
        _ if of.open() < of.total => {
            vec![words::mail_invoice_partly(number, &total, &of.money(of.open()), &due)]
        }
        _ => vec![words::mail_invoice(number, &total, &due)],
    };
    let (subject, button) = match of.kind() {
        InvoiceKind::Invoice => (words::subject_invoice(number, &total), words::OPEN_THE_INVOICE),
        InvoiceKind::CreditNote => (words::subject_credit(number, &total), words::OPEN_THE_CREDIT_NOTE),
    };
    Letter {
        kind: if of.kind() == InvoiceKind::Invoice { "invoice" } else { "credit-note" },
        subject,
        heading: format!("{} {number}", of.kind().title()),
        paragraphs: paragraphs.into_iter().filter(|text| !text.is_empty()).collect(),
        button: Some((button, here(account, of))),
        files: vec![attached(of)],
        values: vec![
            ("number", number.clone()),
            ("customer", customer.to_owned()),
            ("total", total.to_string()),
            ("due", due),
        ],
        ..about(account, of)
    }
}

/// What the letters about an invoice have in common: the way to it, and their thread.
fn about(account: &AccountId, of: &Invoice) -> Letter {
    let button = Some((words::OPEN_THE_INVOICE, here(account, of)));
    Letter { button, thread: thread(of), ..Letter::default() }
}

fn here(account: &AccountId, of: &Invoice) -> String {
    paths::invoice(account, &InvoiceId::from(of.id.clone()))
}

fn attached(of: &Invoice) -> MailFile {
    MailFile {
        path: documents::path(&of.document, Format::Pdf).to_string_lossy().into_owned(),
        name: format!("{}.pdf", of.number),
        content_type: "application/pdf".into(),
    }
}

/// What all mail about an invoice has in common.
pub fn thread(of: &Invoice) -> String {
    format!("invoice-{}", of.id)
}

/// Why an invoice is called to mind.
#[derive(Clone, Copy, Debug)]
pub enum Ask {
    /// It will be due.
    Soon,
    /// It was due.
    Overdue,
    /// Its services will be suspended on a day.
    Warning(Timestamp),
}

/// The letter that asks for what is open.
pub fn asking(account: &AccountId, customer: &str, of: &Invoice, why: Ask) -> Letter {
    let (open, number) = (of.money(of.open()), &of.number);
    let due = Timestamp(of.due_at.unwrap_or_default()).date();
    let (kind, subject, heading, paragraphs) = match why {
        Ask::Soon => {
            let texts = vec![words::mail_soon(number, &open, &due)];
            ("invoice-reminder", words::subject_soon(number, &due), words::DUE_SOON, texts)
        }
        Ask::Overdue => {
            let texts = vec![words::mail_overdue(number, &open, &due), words::MAIL_CROSSED.to_owned()];
            ("invoice-overdue", words::subject_overdue(number, &open), words::PAYMENT_OVERDUE, texts)
        }
        Ask::Warning(from) => {
            let texts = vec![
                words::mail_overdue(number, &open, &due),
                words::mail_warning(&from.date()),
                words::MAIL_CROSSED.to_owned(),
            ];
            ("final-warning", words::subject_warning(number), words::FINAL_WARNING, texts)
        }
    };
    Letter {
        kind,
        subject,
        heading: heading.to_owned(),
        paragraphs,
        files: vec![attached(of)],
        values: vec![
            ("number", number.clone()),
            ("customer", customer.to_owned()),
            ("total", open.to_string()),
            ("due", due),
        ],
        ..about(account, of)
    }
}

/// The letter about services that were suspended for an invoice, or are switched on again.
pub fn standing(account: &AccountId, customer: &str, of: &Invoice, names: &str, suspended: bool) -> Letter {
    let number = &of.number;
    let (kind, subject, texts) = if suspended {
        let text = words::mail_suspended(&names, number, &of.money(of.open()));
        (
            "invoice-suspended",
            words::subject_suspended(&names),
            vec![text, words::MAIL_SUSPENDED_HINT.to_owned()],
        )
    } else {
        ("invoice-restored", words::subject_restored(&names), vec![words::mail_restored(&names, number)])
    };
    Letter {
        kind,
        heading: subject.clone(),
        subject,
        paragraphs: texts,
        values: vec![
            ("number", number.clone()),
            ("customer", customer.to_owned()),
            ("services", names.to_owned()),
        ],
        ..about(account, of)
    }
}

/// The letter about a payment that came in.
pub fn receipt(account: &AccountId, customer: &str, of: &Invoice, amount: &Money, rest: i64) -> Letter {
    let mut paragraphs = vec![words::mail_payment(amount, &of.number)];
    if rest > 0 {
        paragraphs.push(words::mail_rest(&of.money(rest)));
    }
    paragraphs.push(match of.open() {
        0 => words::mail_nothing_open(&of.number),
        open => words::mail_still_open(&of.number, &of.money(open)),
    });
    Letter {
        kind: "payment",
        subject: words::subject_payment(&of.number, amount),
        heading: words::PAYMENT_RECEIVED.to_owned(),
        paragraphs,
        values: vec![
            ("number", of.number.clone()),
            ("customer", customer.to_owned()),
            ("amount", amount.to_string()),
        ],
        ..about(account, of)
    }
}

/// Sends a letter to everybody who gets invoice mail; each reads who else does. Returns them in words.
async fn send(tx: &mut Tx<InAccount>, mut letter: Letter) -> Result<Vec<String>> {
    let (account, app) = (tx.account().clone(), tx.app().clone());
    let people = recipients::store::people(tx.conn(), &account).await?;
    if !letter.files.is_empty() {
        let stays = deliveries::store::channel(tx.conn(), account.as_str()).await? == "portal";
        if stays {
            letter.files.clear();
        }
        letter.after.push(if stays { words::IN_THE_PORTAL } else { words::ATTACHED }.to_owned());
    }
    let all = recipients::model::recipients(&Event::Invoice, &people);
    let named = |one: &Recipient| if one.name.is_empty() { one.email.clone() } else { one.name.clone() };
    for one in &all {
        let others: Vec<String> =
            all.iter().filter(|other| other.email != one.email).map(named).take(10).collect();
        let mut to_one = letter.clone().to(&account, one, Category::Invoice);
        if !others.is_empty() {
            to_one.after.push(words::also_sent_to(&others.join(", ")));
        }
        tx.send(&to_one.seal(&app)).await?;
    }
    Ok(all.iter().map(named).collect())
}

/// Tells of a document that was issued, and of what will be charged for it.
pub async fn issued(tx: &mut Tx<InAccount>, of: &Invoice, corrects: Option<&Related>) -> Result<Vec<String>> {
    let mut letter = document(tx.account(), &tx.membership().account_name, of, corrects);
    let account = tx.account().clone();
    if of.open() > 0
        && let Some(method) = payments::store::automatic(tx.conn(), account.as_str()).await?
    {
        let due = Timestamp(of.due_at.unwrap_or_default()).date();
        letter.paragraphs.push(words::mail_will_charge(&of.money(of.open()), &method.label, &due));
    }
    send(tx, letter).await
}

/// Tells of a payment.
pub(super) async fn paid(
    tx: &mut Tx<InAccount>,
    of: &Invoice,
    amount: &Money,
    rest: i64,
) -> Result<Vec<String>> {
    let letter = receipt(tx.account(), &tx.membership().account_name, of, amount, rest);
    send(tx, letter).await
}

/// Asks for what is open.
pub async fn ask(tx: &mut Tx<InAccount>, of: &Invoice, why: Ask) -> Result<Vec<String>> {
    let letter = asking(tx.account(), &tx.membership().account_name, of, why);
    send(tx, letter).await
}

/// Tells of services that were suspended for an invoice.
pub(super) async fn suspended(tx: &mut Tx<InAccount>, of: &Invoice, names: &str) -> Result<Vec<String>> {
    let letter = standing(tx.account(), &tx.membership().account_name, of, names, true);
    send(tx, letter).await
}

/// Tells of services that are switched on again.
pub(super) async fn restored(tx: &mut Tx<InAccount>, of: &Invoice, names: &str) -> Result<Vec<String>> {
    let letter = standing(tx.account(), &tx.membership().account_name, of, names, false);
    send(tx, letter).await
}

/// The letter about credit that was sent back, or did not arrive.
pub fn refund(account: &AccountId, customer: &str, amount: &Money, how: Option<&str>) -> Letter {
    let (kind, subject, heading, paragraphs) = match how {
        Some(how) => {
            let text = vec![words::mail_refund(amount, &how), words::MAIL_REFUND_HINT.to_owned()];
            ("refund", words::subject_refund(amount), words::REFUND_SENT, text)
        }
        None => {
            let text = vec![words::mail_refund_failed(amount), words::MAIL_REFUND_FAILED_HINT.to_owned()];
            ("refund-failed", words::subject_refund_failed(amount), words::REFUND_FAILED, text)
        }
    };
    Letter {
        kind,
        subject,
        heading: heading.to_owned(),
        paragraphs,
        button: Some((words::OPEN_THE_STATEMENT, paths::statement(account))),
        values: vec![("customer", customer.to_owned()), ("amount", amount.to_string())],
        ..Letter::default()
    }
}

/// Tells of credit that was sent back.
pub async fn refunded(tx: &mut Tx<InAccount>, amount: &Money, how: &str) -> Result<Vec<String>> {
    let letter = refund(tx.account(), &tx.membership().account_name, amount, Some(how));
    send(tx, letter).await
}

/// Tells of credit that did not arrive.
pub async fn refund_failed(tx: &mut Tx<InAccount>, amount: &Money) -> Result<Vec<String>> {
    let letter = refund(tx.account(), &tx.membership().account_name, amount, None);
    send(tx, letter).await
}

/// The letter about a charge that was declined.
pub fn declining(account: &AccountId, customer: &str, of: &Invoice, label: &str, says: &str) -> Letter {
    let open = of.money(of.open());
    Letter {
        kind: "charge-declined",
        subject: words::subject_declined(&of.number),
        heading: words::PAYMENT_DECLINED.to_owned(),
        paragraphs: vec![
            words::mail_declined(&open, &of.number, &label, &says),
            words::MAIL_DECLINED_HINT.to_owned(),
        ],
        files: vec![attached(of)],
        values: vec![
            ("number", of.number.clone()),
            ("customer", customer.to_owned()),
            ("total", open.to_string()),
            ("method", label.to_owned()),
        ],
        ..about(account, of)
    }
}

/// Tells of a charge that was declined.
pub async fn declined(tx: &mut Tx<InAccount>, of: &Invoice, label: &str, says: &str) -> Result<Vec<String>> {
    let letter = declining(tx.account(), &tx.membership().account_name, of, label, says);
    send(tx, letter).await
}
