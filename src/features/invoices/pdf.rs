//! An invoice as a PDF: its data for the template, with every amount as the page shows it.

use super::model::{
    BillingSettings, InvoiceKind, InvoiceLine, Party, Related, TaxCategory, grouped, tax_title,
};
use super::totals::Totals;
use super::words;
use crate::error::{AppError, Result};
use crate::platform::typeset::{self, Request};
use crate::types::{InvoiceId, Money, Timestamp};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode, Version};
use serde_json::json;

/// The template that comes with the portal.
const TEMPLATE: &str = include_str!("invoice.typ");

/// What is printed.
pub struct Printed<'a> {
    /// Its id.
    pub id: &'a InvoiceId,
    /// What it is.
    pub kind: InvoiceKind,
    /// Its number.
    pub number: &'a str,
    /// When it is issued.
    pub dated: Timestamp,
    /// Until when it is to be paid.
    pub due: Timestamp,
    /// ISO 4217 code.
    pub currency: &'a str,
    /// Who sells.
    pub seller: &'a Party,
    /// Who pays.
    pub payer: &'a Party,
    /// The account's number.
    pub customer: i64,
    /// Its lines.
    pub lines: &'a [InvoiceLine],
    /// Prices hold their tax.
    pub inclusive: bool,
    /// What they add up to.
    pub sums: &'a Totals,
    /// A note under it.
    pub note: &'a str,
    /// What a credit note corrects.
    pub corrects: Option<&'a Related>,
    /// Why.
    pub reason: &'a str,
    /// How it is paid.
    pub settings: &'a BillingSettings,
    /// The company's colour.
    pub accent: &'a str,
}

/// What a QR code for a transfer says (EPC069-12, version 2): the person's bank fills the form in from it. `None` for
/// what it cannot say: another currency, or no bank account.
pub fn transfer_code(settings: &BillingSettings, reference: &str, amount: &Money) -> Option<String> {
    let good =
        amount.currency == "EUR" && !settings.iban.is_empty() && (1..=99_999_999_999).contains(&amount.cents);
    let holder: String = settings.holder.chars().take(70).collect();
    let text: String = reference.chars().take(140).collect();
    let says = format!(
        "BCD\n002\n1\nSCT\n{}\n{holder}\n{}\nEUR{}\n\n\n{text}",
        settings.bic,
        settings.iban,
        amount.typed()
    );
    (good && !holder.is_empty() && says.len() <= 331).then_some(says)
}

/// The code as a picture.
pub fn transfer_picture(says: &str) -> Option<String> {
    let code = (1..=13).find_map(|version| {
        QrCode::with_version(says.as_bytes(), Version::Normal(version), EcLevel::M).ok()
    })?;
    let picture = code.render::<svg::Color<'_>>().quiet_zone(true).module_dimensions(4, 4).build();
    Some(picture)
}

fn data(of: &Printed<'_>) -> (serde_json::Value, Vec<(String, Vec<u8>)>) {
    let amount = |cents: i64| Money { cents, currency: of.currency.to_owned() };
    let money = |cents: i64| amount(cents).to_string();
    let plain =
        |cents: i64| money(cents).rsplit_once(' ').map(|(amount, _)| amount.to_owned()).unwrap_or_default();
    let invoice = of.kind == InvoiceKind::Invoice;
    let mut facts = vec![(words::NUMBER, of.number.to_owned()), (words::DATE, of.dated.date())];
    if invoice {
        facts.push((words::DUE, of.due.date()));
    }
    if let Some(corrects) = of.corrects {
        facts.push((words::CORRECTS, corrects.number.clone()));
    }
    facts.push((words::CUSTOMER_NUMBER, of.customer.to_string()));
    let lines: Vec<[String; 5]> = of
        .lines
        .iter()
        .zip(&of.sums.lines)
        .map(|(line, net)| {
            let tax = tax_title(line.category, line.rate).split(',').next().unwrap_or_default().to_owned();
            [line.description.clone(), line.quantity.clone(), line.price.clone(), tax, plain(*net)]
        })
        .collect();
    let mut sums = vec![(words::NET.to_owned(), money(of.sums.net))];
    for sum in &of.sums.taxes {
        sums.push((words::tax_on(&tax_title(sum.category, sum.rate), &amount(sum.base)), money(sum.tax)));
    }
    if of.sums.rounding != 0 {
        sums.push((words::ROUNDING.to_owned(), money(of.sums.rounding)));
    }
    let total = if invoice { words::TO_PAY } else { words::CREDITED_AMOUNT };
    let has = |category: TaxCategory| of.sums.taxes.iter().any(|sum| sum.category == category);
    let mut legal = Vec::new();
    if has(TaxCategory::ReverseCharge) {
        legal.push(words::REVERSE_CHARGE_NOTE);
    }
    if has(TaxCategory::Exempt) {
        legal.push(words::EXEMPT_NOTE);
    }
    if has(TaxCategory::Export) {
        legal.push(words::EXPORT_NOTE);
    }
    let settings = of.settings;
    let mut pay = Vec::new();
    let mut files = Vec::new();
    if invoice && !settings.iban.is_empty() && of.sums.total > 0 {
        pay.push((words::HOLDER, settings.holder.clone()));
        pay.push((words::IBAN, grouped(&settings.iban)));
        pay.extend((!settings.bic.is_empty()).then(|| (words::BIC, settings.bic.clone())));
        pay.extend((!settings.bank.is_empty()).then(|| (words::BANK, settings.bank.clone())));
        pay.push((words::REFERENCE, of.number.to_owned()));
        let code = transfer_code(settings, of.number, &amount(of.sums.total));
        if let Some(picture) = code.as_deref().and_then(transfer_picture) {
            files.push(("transfer.svg".to_owned(), picture.into_bytes()));
        }
    }
    let made = of.dated.calendar();
    let intro = match of.corrects {
        Some(corrects) if of.reason.is_empty() => words::corrects(&corrects.number),
        Some(corrects) => words::corrects_because(&corrects.number, &of.reason),
        None => String::new(),
    };
    let qr = if files.is_empty() { "" } else { "transfer.svg" };
    let data = json!({
        "title": format!("{} {}", of.kind.title(), of.number),
        "heading": format!("{} {}", of.kind.title(), of.number),
        "number": of.number,
        "accent": of.accent,
        "logo": "",
        "made": [made.0, made.1, made.2],
        "seller": of.seller.lines(),
        "seller_tax": of.seller.tax_id,
        "payer": of.payer.lines(),
        "payer_tax": of.payer.tax_id,
        "facts": facts,
        "intro": intro,
        "head": [
            words::DESCRIPTION,
            words::QUANTITY,
            if of.inclusive { words::PRICE_WITH_TAX } else { words::PRICE },
            words::TAX,
            words::NET_AMOUNT,
        ],
        "lines": lines,
        "sums": sums,
        "total": [total, money(of.sums.total)],
        "legal": legal,
        "note": of.note,
        "pay": pay,
        "qr": qr,
        "footer": settings.footer,
        "labels": {
            "payer": words::BILLED_TO,
            "tax_id": words::TAX_ID,
            "pay": words::HOW_TO_PAY,
            "qr": words::CODE_FOR_YOUR_BANK,
        },
    });
    (data, files)
}

/// Prints an invoice.
///
/// # Errors
/// When the template cannot be typeset.
pub async fn print(of: &Printed<'_>) -> Result<Vec<u8>> {
    let (data, files) = data(of);
    let request = Request {
        template: TEMPLATE.to_owned(),
        data,
        files,
        ident: format!("latchkey {}", of.id),
        made: of.dated.calendar(),
        e_invoice: false,
    };
    typeset::pdf(request).await.map_err(|says| {
        tracing::error!(%says, "an invoice could not be printed");
        AppError::Conflict(words::cannot_be_printed(&says))
    })
}
