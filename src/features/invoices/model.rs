//! What an invoice is, and how its forms are read. Pure: no I/O.

use super::words;
use crate::error::{FormErrors, Result};
use crate::features::deliveries::model::DeliveryView;
use crate::types::{InvoiceId, Money, Timestamp, country, is_web_address, line, text_block};
use serde::{Deserialize, Serialize};

/// An invoice, or what corrects one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvoiceKind {
    /// An invoice.
    #[default]
    Invoice,
    /// A credit note: its amounts are taken from an invoice.
    CreditNote,
}

impl InvoiceKind {
    /// The name in tables.
    pub fn key(self) -> &'static str {
        match self {
            Self::Invoice => "invoice",
            Self::CreditNote => "credit_note",
        }
    }

    /// The kind with this name.
    pub fn from_key(key: &str) -> Self {
        if key == "credit_note" { Self::CreditNote } else { Self::Invoice }
    }

    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::Invoice => words::INVOICE,
            Self::CreditNote => words::CREDIT_NOTE,
        }
    }
}

/// Where an invoice stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum InvoiceStatus {
    /// Not issued: it has no number, and can be changed.
    #[default]
    Draft,
    /// Issued, and not paid in full.
    Open,
    /// Paid in full. A credit note: given back.
    Paid,
    /// Taken back as a whole before anything was paid.
    Cancelled,
    /// Taken back as a whole by credit notes.
    Credited,
    /// Given up: nobody expects the rest any more.
    #[serde(rename = "written_off")]
    WrittenOff,
}

impl InvoiceStatus {
    /// Every one.
    pub const ALL: [Self; 6] =
        [Self::Draft, Self::Open, Self::Paid, Self::Cancelled, Self::Credited, Self::WrittenOff];

    /// The name in tables.
    pub fn key(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Open => "open",
            Self::Paid => "paid",
            Self::Cancelled => "cancelled",
            Self::Credited => "credited",
            Self::WrittenOff => "written_off",
        }
    }

    /// The status with this name; an unknown one is a draft.
    pub fn from_key(key: &str) -> Self {
        Self::ALL.into_iter().find(|status| status.key() == key).unwrap_or_default()
    }
}

/// The filters of a customer's list: value in the URL and label.
pub const FILTERS: &[(&str, &str)] = &[
    ("", words::ALL),
    ("open", words::OPEN),
    ("overdue", words::OVERDUE),
    ("paid", words::PAID),
    ("credited", words::CREDITED),
    ("cancelled", words::CANCELLED),
];

/// A line of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InvoiceRow {
    /// The invoice.
    pub id: InvoiceId,
    /// What it is.
    pub kind: InvoiceKind,
    /// Its number; empty for a draft.
    pub number: String,
    /// Status.
    pub status: InvoiceStatus,
    /// When it was issued, or a draft begun.
    pub dated: Timestamp,
    /// Until when it is to be paid.
    pub due: Option<Timestamp>,
    /// Total.
    pub total: Money,
    /// What is still to be paid.
    pub open: Money,
    /// The customer: account and name, in a list of several.
    pub customer: Option<(String, String)>,
}

impl InvoiceRow {
    /// Class, icon and word of its pill.
    pub fn pill(&self, now: Timestamp) -> (&'static str, &'static str, &'static str) {
        match self.status {
            InvoiceStatus::Draft => ("pill", "edit", words::DRAFT),
            _ if self.kind == InvoiceKind::CreditNote => ("pill", "info", words::CREDIT_NOTE),
            InvoiceStatus::Open if self.due.is_some_and(|due| due < now) => {
                ("pill red", "alert", words::OVERDUE)
            }
            InvoiceStatus::Open if self.open.cents < self.total.cents => {
                ("pill amber", "clock", words::PARTLY_PAID)
            }
            InvoiceStatus::Open => ("pill amber", "clock", words::OPEN),
            InvoiceStatus::Paid => ("pill green", "check", words::PAID),
            InvoiceStatus::Cancelled => ("pill", "x", words::CANCELLED),
            InvoiceStatus::Credited => ("pill", "x", words::CREDITED),
            InvoiceStatus::WrittenOff => ("pill", "x", words::WRITTEN_OFF),
        }
    }
}

/// Category of a tax (UNCL 5305, as EN 16931 uses it).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum TaxCategory {
    /// Standard or reduced rate.
    #[default]
    #[serde(rename = "S")]
    Standard,
    /// Zero rated.
    #[serde(rename = "Z")]
    Zero,
    /// Exempt.
    #[serde(rename = "E")]
    Exempt,
    /// The customer owes the tax.
    #[serde(rename = "AE")]
    ReverseCharge,
    /// Export outside the EU.
    #[serde(rename = "G")]
    Export,
    /// Outside the scope of the tax.
    #[serde(rename = "O")]
    OutOfScope,
}

impl TaxCategory {
    /// Those without a rate.
    pub const WITHOUT_RATE: [Self; 5] =
        [Self::Zero, Self::Exempt, Self::ReverseCharge, Self::Export, Self::OutOfScope];

    /// Its code.
    pub fn key(self) -> &'static str {
        match self {
            Self::Standard => "S",
            Self::Zero => "Z",
            Self::Exempt => "E",
            Self::ReverseCharge => "AE",
            Self::Export => "G",
            Self::OutOfScope => "O",
        }
    }

    /// The category with this code.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::WITHOUT_RATE.into_iter().chain([Self::Standard]).find(|category| category.key() == key)
    }

    /// What it is called; empty for the usual one.
    pub fn title(self) -> &'static str {
        match self {
            Self::Standard => "",
            Self::Zero => words::ZERO_RATED,
            Self::Exempt => words::EXEMPT,
            Self::ReverseCharge => words::REVERSE_CHARGE,
            Self::Export => words::EXPORT,
            Self::OutOfScope => words::OUT_OF_SCOPE,
        }
    }
}

/// A tax as a form sends it: "S1900", "AE0".
pub fn tax_key(category: TaxCategory, rate: i64) -> String {
    format!("{}{rate}", category.key())
}

/// Reads [`tax_key`].
pub fn read_tax(key: &str) -> Option<(TaxCategory, i64)> {
    let at = key.find(|c: char| c.is_ascii_digit())?;
    let (category, rate) = (TaxCategory::from_key(&key[..at])?, key[at..].parse::<i64>().ok()?);
    let good = if category == TaxCategory::Standard { (1..=10_000).contains(&rate) } else { rate == 0 };
    good.then_some((category, rate))
}

/// "19 %", "7.5 %", "0 %, reverse charge".
pub fn tax_title(category: TaxCategory, rate: i64) -> String {
    let part = format!("{:02}", rate % 100);
    let part = part.trim_end_matches('0');
    let point = if part.is_empty() { "" } else { "." };
    let rate = format!("{}{point}{part} %", rate / 100);
    match category.title() {
        "" => rate,
        title => format!("{rate}, {title}"),
    }
}

/// What a rate of tax sums to, in minor units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxSum {
    /// Category.
    pub category: TaxCategory,
    /// Rate in hundredths of a per cent.
    pub rate: i64,
    /// What it is computed from.
    pub base: i64,
    /// The tax.
    pub tax: i64,
}

/// A line of an invoice.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct InvoiceLine {
    /// What it is for.
    pub description: String,
    /// How many, as a decimal number.
    pub quantity: String,
    /// Price of one, as a decimal number.
    pub price: String,
    /// Category of the tax.
    pub category: TaxCategory,
    /// Its rate in hundredths of a per cent.
    pub rate: i64,
    /// Net amount in minor units.
    pub net: i64,
    /// The service that it is for, and the beginning and end of the time; only while it is written.
    #[serde(skip)]
    pub period: Option<(String, i64, i64)>,
}

/// Who pays, or who sells, as it stands on an invoice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Party {
    /// Company, or name.
    pub name: String,
    /// A person there; may be empty.
    pub attention: String,
    /// Street, or all lines of an address.
    pub street: String,
    /// Postcode.
    pub postcode: String,
    /// City.
    pub city: String,
    /// Region.
    pub region: String,
    /// ISO 3166-1 alpha-2 code, or empty.
    pub country: String,
    /// Number for taxes.
    pub tax_id: String,
    /// E-mail address.
    pub email: String,
    /// Electronic address: scheme and value ("0088:4035811991014"); may be empty.
    pub endpoint: String,
    /// What the payer wants to be named by on e-invoices; may be empty.
    pub reference: String,
}

impl Party {
    /// Its lines, as they stand on an envelope.
    pub fn lines(&self) -> Vec<String> {
        let town = format!("{} {}", self.postcode, self.city);
        let country = country::name(&self.country).unwrap_or_default().to_owned();
        let street = self.street.lines().map(str::to_owned);
        let attention = if self.attention == self.name { String::new() } else { self.attention.clone() };
        [self.name.clone(), attention]
            .into_iter()
            .chain(street)
            .chain([town.trim().to_owned(), self.region.clone(), country])
            .filter(|line| !line.trim().is_empty())
            .collect()
    }
}

/// A payment of an invoice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaymentView {
    /// When it came in.
    pub at: Timestamp,
    /// How, in words.
    pub method: String,
    /// How much.
    pub amount: Money,
    /// What it said.
    pub reference: String,
}

/// How an invoice is paid by bank transfer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TransferDetails {
    /// Whose account.
    pub holder: String,
    /// IBAN, in groups of four.
    pub iban: String,
    /// BIC; may be empty.
    pub bic: String,
    /// Name of the bank; may be empty.
    pub bank: String,
    /// What to write.
    pub reference: String,
    /// A QR code of the European Payments Council, as SVG; empty where there can be none.
    pub qr: String,
}

/// Another document that belongs to an invoice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Related {
    /// Its id.
    pub id: InvoiceId,
    /// Its number.
    pub number: String,
    /// Total.
    pub total: Money,
    /// Why it was made; may be empty.
    pub reason: String,
}

/// An invoice, as a person who may see it does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InvoiceView {
    /// The row.
    pub row: InvoiceRow,
    /// Its lines.
    pub lines: Vec<InvoiceLine>,
    /// Prices hold their tax.
    pub inclusive: bool,
    /// Sums per rate.
    pub taxes: Vec<TaxSum>,
    /// Net, tax and rounding, in minor units.
    pub sums: (i64, i64, i64),
    /// Who pays.
    pub payer: Party,
    /// Who sells.
    pub seller: Party,
    /// A note under it; may be empty.
    pub note: String,
    /// What came in for it.
    pub payments: Vec<PaymentView>,
    /// Credit notes of it.
    pub credit_notes: Vec<Related>,
    /// What this corrects.
    pub corrects: Option<Related>,
    /// How to pay it; for who may pay, while it is open.
    pub pay: Option<TransferDetails>,
    /// The account's credit in its currency, in minor units.
    pub credit: i64,
    /// The person may pay it by card.
    pub card: bool,
    /// Cards that are kept and can pay it: id and what they are called.
    pub methods: Vec<(String, String)>,
    /// There is an e-invoice for programs.
    pub xml: bool,
    /// How it stands on its way through the network, where it goes there.
    pub delivery: Option<DeliveryView>,
    /// The person may pay it.
    pub may_pay: bool,
    /// The person is staff who keep invoices.
    pub may_manage: bool,
    /// Counts the changes.
    pub version: i64,
    /// The server's time.
    pub now: Timestamp,
}

/// What an account owes and is owed, per currency.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Balance {
    /// Open invoices.
    pub open: Money,
    /// Of these, what is overdue.
    pub overdue: Money,
    /// Credit.
    pub credit: Money,
}

/// An entry on an account's statement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StatementRow {
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub says: String,
    /// The document that it is about.
    pub invoice: Option<InvoiceId>,
    /// What it added to what the account owes; negative for what was paid or taken back.
    pub amount: Money,
    /// What the account owed afterwards; negative for credit.
    pub balance: Money,
}

/// How invoices are made and paid, as staff set it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BillingSettings {
    /// What numbers of invoices begin with.
    pub prefix: String,
    /// What numbers of credit notes begin with.
    pub credit_prefix: String,
    /// Currency of a new invoice.
    pub currency: String,
    /// Days until an invoice is to be paid.
    pub days: i64,
    /// Rates of tax in hundredths of a per cent, the usual one first.
    pub rates: Vec<i64>,
    /// Prices hold their tax.
    pub inclusive: bool,
    /// Whose bank account.
    pub holder: String,
    /// IBAN without spaces.
    pub iban: String,
    /// BIC.
    pub bic: String,
    /// Name of the bank.
    pub bank: String,
    /// Under every invoice.
    pub footer: String,
    /// Every invoice is an e-invoice too.
    pub e_invoices: bool,
    /// Street of the company, one or several lines; empty for the address in the settings of the company.
    pub street: String,
    /// Postcode.
    pub postcode: String,
    /// City.
    pub city: String,
    /// ISO 3166-1 alpha-2 code.
    pub country: String,
    /// Electronic address, see [`Party::endpoint`].
    pub endpoint: String,
    /// The EU's register is asked about numbers for taxes.
    pub vies: bool,
    /// Where it is asked; empty for its own address.
    pub vies_url: String,
    /// Accounts of the bookkeeping: book and number, one a line ("receivable=1400").
    pub accounts: String,
    /// Services are billed by themselves.
    pub automatic: bool,
    /// The hour of the day, UTC, from which a night's work is done.
    pub hour: i64,
    /// Days ahead of a period that its invoice is issued.
    pub ahead: i64,
    /// Days before an invoice is due that it is called to mind; 0 for never.
    pub remind_before: i64,
    /// Days after it was due that it is asked for.
    pub remind_after: Vec<i64>,
    /// Days after it was due that the suspension of its services is announced; 0 for never.
    pub warn_after: i64,
    /// Days after it was due that its services are suspended; 0 for never.
    pub suspend_after: i64,
    /// What is asked for an invoice that is late, in minor units of the currency; 0 for nothing.
    pub late_fee: i64,
    /// Days after it was due that this is asked for.
    pub late_fee_after: i64,
}

impl Default for BillingSettings {
    fn default() -> Self {
        Self {
            prefix: "INV-".into(),
            credit_prefix: "CN-".into(),
            currency: "EUR".into(),
            days: 14,
            rates: vec![1_900],
            inclusive: false,
            holder: String::new(),
            iban: String::new(),
            bic: String::new(),
            bank: String::new(),
            footer: String::new(),
            e_invoices: false,
            street: String::new(),
            postcode: String::new(),
            city: String::new(),
            country: String::new(),
            endpoint: String::new(),
            vies: false,
            vies_url: String::new(),
            accounts: String::new(),
            automatic: false,
            hour: 3,
            ahead: 14,
            remind_before: 3,
            remind_after: vec![3, 10],
            warn_after: 14,
            suspend_after: 21,
            late_fee: 0,
            late_fee_after: 14,
        }
    }
}

/// The form of [`BillingSettings`], as typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BillingForm {
    /// Prefix of invoices.
    #[serde(default)]
    pub prefix: String,
    /// Prefix of credit notes.
    #[serde(default)]
    pub credit_prefix: String,
    /// Currency.
    #[serde(default)]
    pub currency: String,
    /// Days.
    #[serde(default)]
    pub days: String,
    /// Rates, "19, 7".
    #[serde(default)]
    pub rates: String,
    /// Prices hold their tax: anything but empty.
    #[serde(default)]
    pub inclusive: String,
    /// Holder.
    #[serde(default)]
    pub holder: String,
    /// IBAN.
    #[serde(default)]
    pub iban: String,
    /// BIC.
    #[serde(default)]
    pub bic: String,
    /// Bank.
    #[serde(default)]
    pub bank: String,
    /// Footer.
    #[serde(default)]
    pub footer: String,
    /// Every invoice is an e-invoice too: anything but empty.
    #[serde(default)]
    pub e_invoices: String,
    /// Street.
    #[serde(default)]
    pub street: String,
    /// Postcode.
    #[serde(default)]
    pub postcode: String,
    /// City.
    #[serde(default)]
    pub city: String,
    /// Country.
    #[serde(default)]
    pub country: String,
    /// Electronic address.
    #[serde(default)]
    pub endpoint: String,
    /// Ask the register: anything but empty.
    #[serde(default)]
    pub vies: String,
    /// Where.
    #[serde(default)]
    pub vies_url: String,
    /// Accounts of the bookkeeping.
    #[serde(default)]
    pub accounts: String,
    /// Services are billed by themselves: anything but empty.
    #[serde(default)]
    pub automatic: String,
    /// Hour.
    #[serde(default)]
    pub hour: String,
    /// Days ahead.
    #[serde(default)]
    pub ahead: String,
    /// Days before.
    #[serde(default)]
    pub remind_before: String,
    /// Days after, "3, 10".
    #[serde(default)]
    pub remind_after: String,
    /// Days until the last warning.
    #[serde(default)]
    pub warn_after: String,
    /// Days until services are suspended.
    #[serde(default)]
    pub suspend_after: String,
    /// Late fee.
    #[serde(default)]
    pub late_fee: String,
    /// Days until it is asked for.
    #[serde(default)]
    pub late_fee_after: String,
}

/// Reads an IBAN and checks it (ISO 13616, remainder of 97).
///
/// # Errors
/// A sentence for the person.
pub fn iban(typed: &str) -> std::result::Result<String, String> {
    let iban: String = typed.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase();
    if iban.is_empty() {
        return Ok(iban);
    }
    let shape = (15..=34).contains(&iban.len())
        && iban.chars().all(|c| c.is_ascii_alphanumeric())
        && iban[..2].chars().all(|c| c.is_ascii_alphabetic())
        && iban[2..4].chars().all(|c| c.is_ascii_digit());
    let rest = shape.then(|| {
        let turned = iban[4..].chars().chain(iban[..4].chars());
        turned.fold(0_u32, |rest, c| {
            let value = c.to_digit(36).unwrap_or_default();
            (rest * if value < 10 { 10 } else { 100 } + value) % 97
        })
    });
    if rest == Some(1) { Ok(iban) } else { Err(words::NO_IBAN.into()) }
}

/// An IBAN in groups of four.
pub fn grouped(iban: &str) -> String {
    let chars: Vec<char> = iban.chars().collect();
    chars.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// Reads a rate of tax: "19", "7.5 %".
fn rate(typed: &str) -> Option<i64> {
    Money::parse(typed.trim().trim_end_matches('%'), "EUR")
        .map(|rate| rate.cents)
        .filter(|rate| *rate <= 10_000)
}

impl BillingSettings {
    /// The form as it is filled in at first.
    pub fn form(&self) -> BillingForm {
        let rates: Vec<String> = self
            .rates
            .iter()
            .map(|rate| tax_title(TaxCategory::Standard, *rate).trim_end_matches(" %").to_owned())
            .collect();
        BillingForm {
            prefix: self.prefix.clone(),
            credit_prefix: self.credit_prefix.clone(),
            currency: self.currency.clone(),
            days: self.days.to_string(),
            rates: rates.join(", "),
            inclusive: if self.inclusive { "on".into() } else { String::new() },
            holder: self.holder.clone(),
            iban: grouped(&self.iban),
            bic: self.bic.clone(),
            bank: self.bank.clone(),
            footer: self.footer.clone(),
            e_invoices: if self.e_invoices { "on".into() } else { String::new() },
            street: self.street.clone(),
            postcode: self.postcode.clone(),
            city: self.city.clone(),
            country: self.country.clone(),
            endpoint: self.endpoint.clone(),
            vies: if self.vies { "on".into() } else { String::new() },
            vies_url: self.vies_url.clone(),
            accounts: self.accounts.clone(),
            automatic: if self.automatic { "on".into() } else { String::new() },
            hour: self.hour.to_string(),
            ahead: self.ahead.to_string(),
            remind_before: self.remind_before.to_string(),
            remind_after: self.remind_after.iter().map(i64::to_string).collect::<Vec<_>>().join(", "),
            warn_after: self.warn_after.to_string(),
            suspend_after: self.suspend_after.to_string(),
            late_fee: Money { cents: self.late_fee, currency: self.currency.clone() }.typed(),
            late_fee_after: self.late_fee_after.to_string(),
        }
    }

    /// The account of the bookkeeping for a book of the ledger; empty where none is set.
    pub fn account_of(&self, book: &str) -> &str {
        let lines = self.accounts.lines().filter_map(|line| line.split_once('='));
        lines
            .map(|(name, number)| (name.trim(), number.trim()))
            .find(|(name, _)| *name == book)
            .map_or("", |(_, number)| number)
    }

    /// Category and rate of the tax on what is billed by itself: the usual one.
    pub fn usual_tax(&self) -> (TaxCategory, i64) {
        self.taxes().first().and_then(|(key, _)| read_tax(key)).unwrap_or((TaxCategory::Zero, 0))
    }

    /// Taxes to choose from for a line: key and label, the usual one first.
    pub fn taxes(&self) -> Vec<(String, String)> {
        let rates = self.rates.iter().filter(|rate| **rate > 0).map(|rate| (TaxCategory::Standard, *rate));
        let others = TaxCategory::WITHOUT_RATE.into_iter().map(|category| (category, 0));
        rates.chain(others).map(|(of, rate)| (tax_key(of, rate), tax_title(of, rate))).collect()
    }
}

/// Reads a currency code.
///
/// # Errors
/// A sentence for the person.
pub fn currency(typed: &str) -> std::result::Result<String, String> {
    let code = typed.trim().to_ascii_uppercase();
    let good = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    if good { Ok(code) } else { Err(words::NO_CURRENCY.into()) }
}

impl BillingForm {
    /// Reads the form.
    ///
    /// # Errors
    /// [`crate::error::AppError::Invalid`] with every field that cannot be taken.
    pub fn parse(&self) -> Result<BillingSettings> {
        let mut errors = FormErrors::default();
        let days = self.days.trim().parse::<i64>().ok().filter(|days| (0..=365).contains(days));
        if days.is_none() {
            errors.add("days", words::NO_DAYS);
        }
        let rates: Option<Vec<i64>> =
            self.rates.split([',', ';']).map(str::trim).filter(|one| !one.is_empty()).map(rate).collect();
        if rates.is_none() {
            errors.add("rates", words::NO_RATES);
        }
        let bic: String = self.bic.split_whitespace().collect::<String>().to_ascii_uppercase();
        if !bic.is_empty()
            && !((bic.len() == 8 || bic.len() == 11) && bic.bytes().all(|b| b.is_ascii_alphanumeric()))
        {
            errors.add("bic", words::NO_BIC);
        }
        let mut number = |name: &str, typed: &str, most: i64| {
            let typed = if typed.trim().is_empty() { "0" } else { typed.trim() };
            let number = typed.parse::<i64>().ok().filter(|number| (0..=most).contains(number));
            if number.is_none() {
                errors.add(name, words::no_number(&most));
            }
            number.unwrap_or_default()
        };
        let hour = number("hour", &self.hour, 23);
        let (ahead, remind_before) =
            (number("ahead", &self.ahead, 60), number("remind_before", &self.remind_before, 60));
        let (warn_after, suspend_after) =
            (number("warn_after", &self.warn_after, 365), number("suspend_after", &self.suspend_after, 365));
        let late_fee_after = number("late_fee_after", &self.late_fee_after, 365);
        let after: Option<Vec<i64>> = self
            .remind_after
            .split([',', ';'])
            .map(str::trim)
            .filter(|one| !one.is_empty())
            .map(|one| one.parse::<i64>().ok().filter(|days| (1..=365).contains(days)))
            .collect();
        let mut remind_after = after.unwrap_or_else(|| {
            errors.add("remind_after", words::NO_LIST_OF_DAYS);
            Vec::new()
        });
        remind_after.sort_unstable();
        remind_after.dedup();
        if suspend_after > 0 && (warn_after == 0 || suspend_after <= warn_after) {
            errors.add("suspend_after", words::WARN_FIRST);
        }
        let late_fee = if self.late_fee.trim().is_empty() {
            Some(0)
        } else {
            Money::parse(&self.late_fee, &self.currency.trim().to_ascii_uppercase()).map(|fee| fee.cents)
        };
        if late_fee.is_none() {
            errors.add("late_fee", words::NO_PRICE);
        }
        let new = BillingSettings {
            e_invoices: !self.e_invoices.is_empty(),
            street: errors.keep("street", text_block(&self.street, 200)),
            postcode: errors.keep("postcode", line(&self.postcode, 20)),
            city: errors.keep("city", line(&self.city, 100)),
            country: errors.keep("country", country::code(&self.country)),
            endpoint: errors.keep("endpoint", endpoint(&self.endpoint)),
            vies: !self.vies.is_empty(),
            vies_url: errors.keep("vies_url", web_address(&self.vies_url)),
            accounts: errors.keep("accounts", accounts(&self.accounts)),
            automatic: !self.automatic.is_empty(),
            hour,
            ahead,
            remind_before,
            remind_after,
            warn_after,
            suspend_after,
            late_fee: late_fee.unwrap_or_default(),
            late_fee_after,
            prefix: errors.keep("prefix", line(&self.prefix, 20)),
            credit_prefix: errors.keep("credit_prefix", line(&self.credit_prefix, 20)),
            currency: errors.keep("currency", currency(&self.currency)),
            days: days.unwrap_or_default(),
            rates: rates.unwrap_or_default(),
            inclusive: !self.inclusive.is_empty(),
            holder: errors.keep("holder", line(&self.holder, 70)),
            iban: errors.keep("iban", iban(&self.iban)),
            bic,
            bank: errors.keep("bank", line(&self.bank, 100)),
            footer: errors.keep("footer", text_block(&self.footer, 1_000)),
        };
        if new.e_invoices && (new.city.is_empty() || new.country.is_empty()) {
            errors
                .add(if new.city.is_empty() { "city" } else { "country" }, words::E_INVOICES_NEED_AN_ADDRESS);
        }
        if new.prefix == new.credit_prefix {
            errors.add("credit_prefix", words::SAME_PREFIX);
        }
        errors.finish(new)
    }
}

/// Reads an electronic address: a scheme of the code list EAS (four digits, or EM for e-mail) and a value.
///
/// # Errors
/// A sentence for the person.
pub fn endpoint(typed: &str) -> std::result::Result<String, String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(String::new());
    }
    let (scheme, value) = typed.split_once(':').unwrap_or_default();
    let four = scheme.len() == 4 && scheme.bytes().all(|byte| byte.is_ascii_digit());
    let plain = (2..=100).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_graphic());
    if plain && (four || scheme.eq_ignore_ascii_case("EM")) {
        Ok(format!("{}:{value}", scheme.to_ascii_uppercase()))
    } else {
        Err(words::NO_ENDPOINT.into())
    }
}

/// Reads an address of the web; empty is none.
fn web_address(typed: &str) -> std::result::Result<String, String> {
    let url = line(typed, 200)?;
    if url.is_empty() || is_web_address(&url) {
        Ok(url.trim_end_matches('/').to_owned())
    } else {
        Err(words::NO_URL.into())
    }
}

/// Reads accounts of the bookkeeping.
fn accounts(typed: &str) -> std::result::Result<String, String> {
    let text = text_block(typed, 1_000)?;
    let good = |line: &str| {
        line.split_once('=').is_some_and(|(book, number)| {
            BOOKS.contains(&book.trim()) && !number.trim().is_empty() && number.trim().len() <= 20
        })
    };
    let wrong = text.lines().find(|line| !line.trim().is_empty() && !good(line));
    match wrong {
        Some(line) => Err(words::no_account(&line)),
        None => Ok(text),
    }
}

/// The books of the ledger.
const BOOKS: [&str; 7] = ["receivable", "revenue", "tax", "bank", "credit", "write_off", "rounding"];

/// Lines of an invoice at most.
pub const MOST_LINES: usize = 500;

/// The form of a draft, as typed: a line is what stands at the same place in each list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DraftForm {
    /// Currency.
    #[serde(default)]
    pub currency: String,
    /// Prices hold their tax: anything but empty.
    #[serde(default)]
    pub inclusive: String,
    /// What each line is for.
    #[serde(default)]
    pub description: Vec<String>,
    /// How many.
    #[serde(default)]
    pub quantity: Vec<String>,
    /// Price of one.
    #[serde(default)]
    pub price: Vec<String>,
    /// Tax, see [`tax_key`].
    #[serde(default)]
    pub tax: Vec<String>,
    /// A note under the invoice.
    #[serde(default)]
    pub note: String,
}

/// A draft that can be kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// Currency.
    pub currency: String,
    /// Prices hold their tax.
    pub inclusive: bool,
    /// Its lines.
    pub lines: Vec<InvoiceLine>,
    /// A note under it.
    pub note: String,
}

/// Reads a decimal number of at most so many digits before and after its point; with a minus where that may be.
fn decimal(typed: &str, before: usize, after: usize, minus: bool) -> Option<String> {
    let typed = typed.trim().replace(',', ".").replace('\u{2212}', "-");
    let (sign, plain) = match typed.strip_prefix('-') {
        Some(rest) if minus => ("-", rest),
        Some(_) => return None,
        None => ("", typed.as_str()),
    };
    let (whole, part) = plain.split_once('.').unwrap_or((plain, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let good =
        !whole.is_empty() && whole.len() <= before && part.len() <= after && digits(whole) && digits(part);
    good.then(|| if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") })
}

impl DraftForm {
    /// Reads the form. Lines without a word and a price are left out.
    ///
    /// # Errors
    /// [`crate::error::AppError::Invalid`]; what is wrong with a line says which, on the field `lines`.
    pub fn parse(&self) -> Result<Draft> {
        let mut errors = FormErrors::default();
        let at =
            |list: &[String], at: usize| list.get(at).map(|one| one.trim().to_owned()).unwrap_or_default();
        let mut lines = Vec::new();
        for place in 0..self.description.len().max(self.price.len()).min(MOST_LINES) {
            let (description, price) = (at(&self.description, place), at(&self.price, place));
            if description.is_empty() && price.is_empty() {
                continue;
            }
            let n = lines.len() + 1;
            let mut wrong = |says: &str| errors.add("lines", words::line_problem(&n, &says));
            let text = line(&description, 500).unwrap_or_else(|says| {
                wrong(&says);
                String::new()
            });
            if description.is_empty() {
                wrong(words::SAY_WHAT_FOR);
            }
            let typed = at(&self.quantity, place);
            let quantity = if typed.is_empty() { Some("1".into()) } else { decimal(&typed, 9, 4, true) };
            if quantity.is_none() {
                wrong(words::NO_QUANTITY);
            }
            let price = decimal(&price, 9, 4, true);
            if price.is_none() {
                wrong(words::NO_PRICE);
            }
            let tax = read_tax(&at(&self.tax, place));
            if tax.is_none() {
                wrong(words::NO_TAX);
            }
            let (category, rate) = tax.unwrap_or_default();
            lines.push(InvoiceLine {
                description: text,
                quantity: quantity.unwrap_or_default(),
                price: price.unwrap_or_default(),
                category,
                rate,
                net: 0,
                period: None,
            });
        }
        let currency = errors.keep("currency", currency(&self.currency));
        let note = errors.keep("note", text_block(&self.note, 1_000));
        errors.finish(Draft { currency, inclusive: !self.inclusive.is_empty(), lines, note })
    }
}

/// A draft as its form shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftPage {
    /// The draft; nothing for a new one.
    pub id: Option<InvoiceId>,
    /// The customer: name and number.
    pub customer: (String, i64),
    /// Who will pay.
    pub payer: Party,
    /// Currency.
    pub currency: String,
    /// Prices hold their tax.
    pub inclusive: bool,
    /// Its lines.
    pub lines: Vec<InvoiceLine>,
    /// A note.
    pub note: String,
    /// Taxes to choose from: the usual one of this customer first.
    pub taxes: Vec<(String, String)>,
    /// The customer's own tax, as [`tax_key`] names it; empty where it has the usual one.
    pub own_tax: String,
    /// What it adds up to, in minor units: net, tax, rounding and total.
    pub sums: (i64, i64, i64, i64),
    /// What it lacks to be an e-invoice; nothing where none is wanted.
    pub missing: Vec<String>,
    /// Counts the changes.
    pub version: i64,
}

/// How money came in: name in tables and label.
pub const METHODS: &[(&str, &str)] = &[
    ("bank_transfer", words::BANK_TRANSFER),
    ("card", words::CARD),
    ("cash", words::CASH),
    ("other", words::OTHER_WAY),
];

/// The label of a method.
pub fn method_title(key: &str) -> &'static str {
    METHODS.iter().find(|(name, _)| *name == key).map_or(words::OTHER_WAY, |(_, title)| title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_iban_is_checked_by_its_digits() {
        for good in ["DE89 3704 0044 0532 0130 00", "gb82WEST12345698765432", "NO9386011117947", ""] {
            assert!(iban(good).is_ok(), "{good}");
        }
        for bad in ["DE88 3704 0044 0532 0130 00", "DE", "1234567890123456", "DE8937040044053201300é"] {
            assert!(iban(bad).is_err(), "{bad}");
        }
        assert_eq!(grouped("DE89370400440532013000"), "DE89 3704 0044 0532 0130 00");
    }

    #[test]
    fn an_electronic_address_has_a_scheme() {
        for (typed, kept) in
            [("0088:4035811991014", "0088:4035811991014"), (" em:a@b.example ", "EM:a@b.example"), ("", "")]
        {
            assert_eq!(endpoint(typed), Ok(kept.to_owned()));
        }
        for bad in ["4035811991014", "88:1", "0088:", "0088:a b", "XYZA:12"] {
            assert!(endpoint(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_tax_survives_its_form() {
        for (category, rate, title) in [
            (TaxCategory::Standard, 1_900, "19 %"),
            (TaxCategory::Standard, 750, "7.5 %"),
            (TaxCategory::Standard, 2_055, "20.55 %"),
            (TaxCategory::ReverseCharge, 0, "0 %, reverse charge"),
        ] {
            assert_eq!(read_tax(&tax_key(category, rate)), Some((category, rate)));
            assert_eq!(tax_title(category, rate), title);
        }
        for bad in ["", "S", "S0", "S10001", "AE1900", "19", "X1900", "S-1"] {
            assert_eq!(read_tax(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_draft_is_read_line_by_line_and_each_mistake_is_named_beside_its_field() {
        let all = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let form = DraftForm {
            currency: "eur".into(),
            description: all(&["Hosting", "", "Setup", "Rebate"]),
            quantity: all(&["", "", "1.5", "-1"]),
            price: all(&["12.90", "", "80", "5,5"]),
            tax: all(&["S1900", "S1900", "S700", "Z0"]),
            ..DraftForm::default()
        };
        let draft = form.parse().unwrap();
        let lines: Vec<(&str, &str, &str)> = draft
            .lines
            .iter()
            .map(|line| (line.description.as_str(), line.quantity.as_str(), line.price.as_str()))
            .collect();
        assert_eq!(lines, [("Hosting", "1", "12.90"), ("Setup", "1.5", "80"), ("Rebate", "-1", "5.5")]);
        let bad = DraftForm { price: all(&["x", "1", "1e3", ""]), tax: all(&["S1900", "", "?"]), ..form };
        let crate::error::AppError::Invalid(errors) = bad.parse().unwrap_err() else { panic!() };
        assert!(errors.0.iter().all(|error| error.field == "lines"));
        let says: Vec<&str> = errors.0.iter().map(|error| error.message.as_str()).collect();
        assert_eq!(
            says,
            [
                "Line 1: Enter an amount, such as 12.90.",
                "Line 2: Say what this line is for.",
                "Line 2: Choose a tax.",
                "Line 3: Enter an amount, such as 12.90.",
                "Line 3: Choose a tax.",
                "Line 4: Enter an amount, such as 12.90.",
                "Line 4: Choose a tax.",
            ]
        );
    }

    #[test]
    fn settings_survive_their_form() {
        let settings = BillingSettings {
            rates: vec![1_900, 750],
            iban: "DE89370400440532013000".into(),
            inclusive: true,
            ..BillingSettings::default()
        };
        assert_eq!(settings.form().parse().unwrap(), settings);
        let bad = BillingForm {
            days: "x".into(),
            rates: "19, many".into(),
            iban: "DE1".into(),
            bic: "X".into(),
            currency: "EURO".into(),
            ..settings.form()
        };
        let crate::error::AppError::Invalid(errors) = bad.parse().unwrap_err() else { panic!() };
        let mut fields: Vec<&str> = errors.0.iter().map(|error| error.field.as_str()).collect();
        fields.sort_unstable();
        assert_eq!(fields, ["bic", "currency", "days", "iban", "rates"]);
    }
}
