//! An invoice as a PDF: its data for the template, with every amount as the page shows it.

use super::model::{
    BillingSettings, InvoiceKind, InvoiceLine, Party, TaxCategory, TaxSum, grouped, tax_title,
};
use super::printed::Printed;
use super::totals::Totals;
use super::{e_invoice, words};
use crate::error::{AppError, Result};
use crate::platform::typeset::{self, Request};
use crate::types::{InvoiceId, Money, Timestamp};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode, Version};
use serde_json::json;

/// The template that comes with the portal.
pub const TEMPLATE: &str = include_str!("invoice.typ");

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
    let picture = code(says)?.render::<svg::Color<'_>>().quiet_zone(true).module_dimensions(4, 4).build();
    Some(picture)
}

/// The smallest code that holds it, up to the size that banks read (EPC069-12).
fn code(says: &str) -> Option<QrCode> {
    (1..=13)
        .find_map(|version| QrCode::with_version(says.as_bytes(), Version::Normal(version), EcLevel::M).ok())
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
        "e_invoice": "",
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

/// Prints an invoice. What the operator's own template or logo cannot do for this one, those of the portal do: nothing of
/// them stops an invoice.
///
/// # Errors
/// When the portal's own template cannot be typeset.
pub async fn print(of: &Printed<'_>, e_invoice: bool, own: Option<&str>) -> Result<Vec<u8>> {
    let mut tries = Vec::new();
    tries.extend(own.map(|own| (own, of.logo)));
    tries.extend(of.logo.map(|logo| (TEMPLATE, Some(logo))));
    for (template, logo) in tries {
        match set(of, e_invoice, template, logo).await {
            Ok(pdf) => return Ok(pdf),
            Err(says) => {
                tracing::warn!(%says, number = of.number, "printed without the operator's template or logo");
            }
        }
    }
    set(of, e_invoice, TEMPLATE, None).await.map_err(|says| {
        tracing::error!(%says, "an invoice could not be printed");
        AppError::Conflict(words::cannot_be_printed(&says))
    })
}

async fn set(
    of: &Printed<'_>,
    e_invoice: bool,
    template: &str,
    logo: Option<(&[u8], &str)>,
) -> std::result::Result<Vec<u8>, String> {
    let (mut data, mut files) = data(of);
    if let Some(data) = data.as_object_mut() {
        if e_invoice {
            data.insert("e_invoice".into(), e_invoice::FILE.into());
            files.push((e_invoice::FILE.to_owned(), e_invoice::cii(of)));
        }
        if let Some((bytes, kind)) = logo {
            let name = if kind == "image/png" { "logo.png" } else { "logo.jpg" };
            data.insert("logo".into(), name.into());
            files.push((name.to_owned(), bytes.to_vec()));
        }
    }
    typeset::pdf(Request {
        template: template.to_owned(),
        data,
        files,
        ident: format!("latchkey {}", of.id),
        made: of.dated.calendar(),
        e_invoice,
    })
    .await
}

/// An invoice that nobody owes, for trying a template: with a name that needs a fallback font, two rates of tax and a note.
///
/// # Errors
/// What is wrong with the template, with the line.
pub async fn sample(
    template: Option<&str>,
    settings: &BillingSettings,
    seller: &Party,
    look: (&str, Option<(&[u8], &str)>),
    now: Timestamp,
) -> std::result::Result<Vec<u8>, String> {
    let line = |text: &str, quantity: &str, price: &str, rate| InvoiceLine {
        description: text.into(),
        quantity: quantity.into(),
        price: price.into(),
        rate,
        ..InvoiceLine::default()
    };
    let lines = [
        line("Web Hosting M, bakery.example (1 Dec 2026 to 31 Dec 2026)", "1", "12.90", 1_900),
        line("Moving the shop, hours", "2.5", "85.00", 1_900),
        line("Handbook, printed", "1", "24.00", 700),
    ];
    let mut sums = Totals {
        lines: vec![1_290, 21_250, 2_400],
        net: 24_940,
        tax: 4_451,
        total: 29_391,
        ..Totals::default()
    };
    let tax = |rate, base, tax| TaxSum { category: TaxCategory::Standard, rate, base, tax };
    sums.taxes = vec![tax(1_900, 22_540, 4_283), tax(700, 2_400, 168)];
    let payer = Party {
        name: "Hart Bakery 株式会社".into(),
        attention: "Olivia Hart".into(),
        street: "Rua da Alegria 1".into(),
        postcode: "1000-001".into(),
        city: "Lisbon".into(),
        country: "PT".into(),
        tax_id: "PT507957547".into(),
        ..Party::default()
    };
    let id = InvoiceId::from("sample".to_owned());
    let number = format!("{}00042", settings.prefix);
    let of = Printed {
        id: &id,
        kind: InvoiceKind::Invoice,
        number: &number,
        dated: now,
        due: now.plus_days(settings.days),
        currency: &settings.currency,
        seller,
        payer: &payer,
        customer: 10_001,
        lines: &lines,
        inclusive: false,
        sums: &sums,
        note: words::SAMPLE_NOTE,
        corrects: None,
        reason: "",
        settings,
        accent: look.0,
        logo: look.1,
    };
    set(&of, false, template.unwrap_or(TEMPLATE), of.logo).await
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Written by `end2end/epc.py`: holder, IBAN, BIC, cents, reference, version of the code, and its lines.
    const CASES: &str = include_str!("epc_cases.txt");

    #[test]
    fn codes_for_transfers_are_those_of_another_library() {
        for case in CASES.lines() {
            let parts: Vec<&str> = case.split('\t').collect();
            let (facts, theirs) = parts.split_at(6);
            let settings = BillingSettings {
                holder: facts[0].into(),
                iban: facts[1].into(),
                bic: facts[2].into(),
                ..BillingSettings::default()
            };
            let amount = Money { cents: facts[3].parse().unwrap(), currency: "EUR".into() };
            let says = transfer_code(&settings, facts[4], &amount).unwrap();
            // That library leaves noughts at the end of an amount out.
            let short = |line: &str| match line.strip_prefix("EUR") {
                Some(amount) if amount.contains('.') => {
                    format!("EUR{}", amount.trim_end_matches('0').trim_end_matches('.'))
                }
                _ => line.to_owned(),
            };
            let ours: Vec<String> = says.split('\n').map(short).collect();
            assert_eq!(ours, theirs.iter().map(|line| short(line)).collect::<Vec<_>>(), "{case}");
            let version: usize = facts[5].parse().unwrap();
            // Ours may be smaller: it changes between the ways of writing digits and letters.
            assert!(code(&says).unwrap().width() <= 17 + 4 * version, "{case}");
        }
        assert_eq!(CASES.lines().count(), 28);
    }
}
