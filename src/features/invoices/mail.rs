//! What is mailed about invoices: to whoever the recipient rule names (M2), each with the reason and the others' names.

use super::model::{InvoiceKind, Related};
use super::store::Invoice;
use super::{documents, words};
use crate::access::{InAccount, Tx};
use crate::category::Category;
use crate::error::Result;
use crate::features::mail::letter::Letter;
use crate::features::recipients;
use crate::features::recipients::model::{Event, Recipient};
use crate::outbox::Carried;
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
        button: Some((button, paths::invoice(account, &InvoiceId::from(of.id.clone())))),
        files: vec![Carried {
            path: documents::path(&of.document).to_string_lossy().into_owned(),
            name: format!("{number}.pdf"),
            content_type: "application/pdf".into(),
        }],
        values: vec![
            ("number", number.clone()),
            ("customer", customer.to_owned()),
            ("total", total.to_string()),
            ("due", due),
        ],
        thread: format!("invoice-{}", of.id),
        ..Letter::default()
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
        button: Some((words::OPEN_THE_INVOICE, paths::invoice(account, &InvoiceId::from(of.id.clone())))),
        values: vec![
            ("number", of.number.clone()),
            ("customer", customer.to_owned()),
            ("amount", amount.to_string()),
        ],
        thread: format!("invoice-{}", of.id),
        ..Letter::default()
    }
}

/// Sends a letter to everybody who gets invoice mail; each reads who else does. Returns them in words.
async fn send(tx: &mut Tx<InAccount>, letter: &Letter) -> Result<Vec<String>> {
    let (account, app) = (tx.account().clone(), tx.app().clone());
    let people = recipients::store::people(tx.conn(), &account).await?;
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

/// Tells of a document that was issued.
pub async fn issued(tx: &mut Tx<InAccount>, of: &Invoice, corrects: Option<&Related>) -> Result<Vec<String>> {
    let letter = document(tx.account(), &tx.membership().account_name, of, corrects);
    send(tx, &letter).await
}

/// Tells of a payment.
pub async fn paid(tx: &mut Tx<InAccount>, of: &Invoice, amount: &Money, rest: i64) -> Result<Vec<String>> {
    let letter = receipt(tx.account(), &tx.membership().account_name, of, amount, rest);
    send(tx, &letter).await
}
