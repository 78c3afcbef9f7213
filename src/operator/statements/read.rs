//! Reads what a bank writes: CAMT.053 (ISO 20022) and CSV. Pure.
//!
//! Invariant: each payment has a name that is the same whenever the file is read: the bank's reference where there is one,
//! else what the line says, counted among those that say the same.

use super::words;
use crate::platform::csv::text;
use crate::platform::token;
use crate::types::{Money, Timestamp, minor_digits};
use quick_xml::Reader;
use quick_xml::events::Event;
use std::collections::HashMap;

/// A payment that came in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Payment {
    /// What it is known by.
    pub mark: String,
    /// When it was booked.
    pub at: i64,
    /// How much, in minor units of the currency.
    pub cents: i64,
    /// ISO 4217 code.
    pub currency: String,
    /// Who paid.
    pub payer: String,
    /// What it said.
    pub text: String,
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statement {
    /// What came in.
    pub payments: Vec<Payment>,
    /// How many went out, and were left out.
    pub outgoing: usize,
}

/// How columns of a CSV file are called, where that is not found by itself; empty otherwise.
#[derive(Clone, Debug, Default)]
pub struct ColumnNames {
    pub date: String,
    pub amount: String,
    pub text: String,
    pub payer: String,
    pub currency: String,
    /// Currency of what has no column for it.
    pub usual: String,
}

/// Reads a file.
///
/// # Errors
/// A sentence for the person. Nothing of a file with a mistake is taken.
pub fn read(bytes: &[u8], columns: &ColumnNames) -> Result<Statement, String> {
    let text = text(bytes);
    let mut statement = if text.trim_start().starts_with('<') { camt(&text)? } else { csv(&text, columns)? };
    mark(&mut statement.payments);
    Ok(statement)
}

/// Gives each payment its name. `mark` holds the bank's reference until then.
fn mark(payments: &mut [Payment]) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for one in payments {
        let says = if one.mark.is_empty() {
            format!("{}|{}|{}|{}|{}", one.at, one.cents, one.currency, one.payer, one.text)
        } else {
            // Banks use a reference again for the parts of a batch.
            format!("ref|{}|{}|{}|{}|{}", one.mark, one.at, one.cents, one.currency, one.text)
        };
        let n = seen.entry(says.clone()).and_modify(|n| *n += 1).or_insert(1);
        one.mark = token::hash(&format!("{says}|{n}"));
    }
}

fn shorten(text: &str, most: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.chars().filter(|c| !c.is_control()).take(most).collect()
}

/// An amount with a point, as ISO 20022 writes it.
fn minor(amount: &str, currency: &str) -> Option<i64> {
    Money::parse(amount, currency).map(|money| money.cents)
}

/// An entry, or one of the payments in it.
#[derive(Clone, Default)]
struct EntryPart {
    amount: String,
    currency: String,
    credit: Option<bool>,
    payer: String,
    text: Vec<String>,
    reference: String,
}

fn camt(text: &str) -> Result<Statement, String> {
    let mut reader = Reader::from_str(text);
    let mut path: Vec<String> = Vec::new();
    let mut statement = Statement::default();
    let (mut entry, mut parts, mut day, mut known) =
        (EntryPart::default(), Vec::<EntryPart>::new(), None, false);
    // Says what is wrong where the reader is.
    let wrong = |reader: &Reader<&[u8]>, says: &str| {
        let read = usize::try_from(reader.buffer_position()).ok().and_then(|at| text.get(..at));
        words::cannot_be_read(&read.map_or(0, |read| read.lines().count()), &says)
    };
    let unreadable = |reader: &Reader<&[u8]>| wrong(reader, words::NOT_A_STATEMENT);
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                let name = start.local_name().as_ref().to_owned();
                match name.as_str() {
                    "BkToCstmrStmt" => known = true,
                    "Ntry" => (entry, parts, day) = (EntryPart::default(), Vec::new(), None),
                    "TxDtls" => parts.push(EntryPart::default()),
                    _ => {}
                }
                if name == "Amt" {
                    let currency = start.attributes().flatten().find(|one| one.key.as_ref() == "Ccy");
                    let currency = currency.map(|one| one.value.into_owned());
                    let part = if path.iter().any(|at| at == "TxDtls") {
                        parts.last_mut()
                    } else {
                        Some(&mut entry)
                    };
                    // The amount of the entry itself, or of one payment in it; not what charges and exchange were.
                    let here = path.last().map(String::as_str);
                    let counts = matches!(here, Some("Ntry" | "TxDtls"))
                        || (here == Some("TxAmt") && path.iter().any(|at| at == "AmtDtls"));
                    if let Some(part) = part.filter(|part| counts && part.amount.is_empty()) {
                        part.currency = currency.unwrap_or_default();
                    }
                }
                path.push(name);
                if path.len() > 60 {
                    return Err(unreadable(&reader));
                }
            }
            Ok(Event::End(_)) => {
                if path.pop().as_deref() == Some("Ntry") {
                    finish(&mut statement, &entry, &parts, day).map_err(|says| wrong(&reader, &says))?;
                }
            }
            Ok(Event::Text(value)) => {
                let value = value.to_string();
                take(&path, &value, &mut entry, &mut parts, &mut day);
            }
            Ok(Event::GeneralRef(value)) => {
                let name = value.to_string();
                let known = quick_xml::escape::resolve_predefined_entity(&name).map(str::to_owned);
                let number = value.resolve_char_ref().ok().flatten().map(String::from);
                if let Some(value) = known.or(number) {
                    take(&path, &value, &mut entry, &mut parts, &mut day);
                }
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(_) => return Err(unreadable(&reader)),
        }
    }
    if known && path.is_empty() { Ok(statement) } else { Err(words::NOT_A_STATEMENT.into()) }
}

/// A text of an entry. It may come in pieces.
fn take(path: &[String], value: &str, entry: &mut EntryPart, parts: &mut [EntryPart], day: &mut Option<i64>) {
    let at = |n: usize| path.len().checked_sub(n + 1).and_then(|at| path.get(at)).map_or("", String::as_str);
    let inside = |name: &str| path.iter().any(|one| one == name);
    if !inside("Ntry") || value.trim().is_empty() && at(0) != "Ustrd" {
        return;
    }
    let in_part = inside("TxDtls");
    let part = match parts.last_mut() {
        Some(part) if in_part => part,
        _ => entry,
    };
    match (at(1), at(0)) {
        ("Ntry" | "TxDtls", "Amt") => value.trim().clone_into(&mut part.amount),
        ("TxAmt", "Amt") if part.amount.is_empty() => value.trim().clone_into(&mut part.amount),
        ("Ntry" | "TxDtls", "CdtDbtInd") => part.credit = Some(value.trim() == "CRDT"),
        ("BookgDt", "Dt" | "DtTm") => {
            *day = value.trim().get(..10).and_then(Timestamp::parse_day).map(|day| day.0);
        }
        ("RmtInf", "Ustrd") | ("CdtrRefInf", "Ref") => match part.text.last_mut() {
            // Pieces of one text follow each other.
            Some(last) if at(0) == "Ustrd" && !value.starts_with('\n') => last.push_str(value),
            _ => part.text.push(value.to_owned()),
        },
        ("Ntry" | "Refs", "AcctSvcrRef") => value.trim().clone_into(&mut part.reference),
        ("Refs", "EndToEndId") if value.trim() != "NOTPROVIDED" => {
            part.text.insert(0, value.trim().to_owned());
        }
        ("Dbtr", "Nm") => part.payer.push_str(value),
        ("Pty", "Nm") if inside("Dbtr") => part.payer.push_str(value),
        ("Ntry", "AddtlNtryInf") if part.text.is_empty() => part.text.push(value.to_owned()),
        _ => {}
    }
}

fn finish(
    statement: &mut Statement,
    entry: &EntryPart,
    parts: &[EntryPart],
    day: Option<i64>,
) -> Result<(), String> {
    let at = day.ok_or(words::NO_DAY)?;
    let whole = minor(&entry.amount, &entry.currency).ok_or(words::NO_AMOUNT)?;
    if entry.credit != Some(true) {
        statement.outgoing += 1;
        return Ok(());
    }
    let payment = |part: &EntryPart, cents: i64, reference: &str| Payment {
        mark: shorten(reference, 100),
        at,
        cents,
        currency: entry.currency.clone(),
        payer: shorten(&part.payer, 140),
        text: shorten(&part.text.join(" "), 500),
    };
    // The parts count where they are all there and add up to the entry; else the entry does.
    let of_parts: Option<Vec<i64>> = parts
        .iter()
        .map(|part| {
            minor(&part.amount, &part.currency)
                .filter(|_| part.currency == entry.currency && part.credit != Some(false))
        })
        .collect();
    match of_parts {
        Some(amounts) if parts.len() > 1 && amounts.iter().sum::<i64>() == whole => {
            for (part, cents) in parts.iter().zip(amounts) {
                let reference = if part.reference.is_empty() { &entry.reference } else { &part.reference };
                statement.payments.push(payment(part, cents, reference));
            }
        }
        _ => {
            let mut all = parts.first().cloned().unwrap_or_default();
            if parts.len() > 1 {
                all.text = parts.iter().flat_map(|part| part.text.clone()).collect();
            }
            if all.text.is_empty() {
                all.text.clone_from(&entry.text);
            }
            let reference =
                if entry.reference.is_empty() { all.reference.clone() } else { entry.reference.clone() };
            statement.payments.push(payment(&all, whole, &reference));
        }
    }
    Ok(())
}

/// Names of columns as banks write them, in the order in which they are looked for.
const DATES: &[&str] = &[
    "buchungstag", "buchungsdatum", "booking date", "bookingdate", "date", "datum", "valutadatum",
    "value date",
];
const AMOUNTS: &[&str] =
    &["betrag", "betrag (eur)", "betrag (€)", "amount", "umsatz", "amount (eur)", "credit"];
const TEXTS: &[&str] = &[
    "verwendungszweck",
    "buchungstext",
    "reference",
    "payment reference",
    "description",
    "purpose",
    "details",
    "text",
    "remittance information",
];
const PAYERS: &[&str] = &[
    "beguenstigter/zahlungspflichtiger",
    "begünstigter/zahlungspflichtiger",
    "auftraggeber/empfänger",
    "name zahlungsbeteiligter",
    "zahlungspflichtige*r",
    "auftraggeber",
    "name",
    "payer",
    "counterparty",
    "partner name",
    "payee",
];
const CURRENCIES: &[&str] = &["waehrung", "währung", "currency"];

fn csv(text: &str, columns: &ColumnNames) -> Result<Statement, String> {
    // Some banks write about the account first: the head is the first line with a date and an amount in it.
    let lines: Vec<&str> = text.lines().take(30).collect();
    let mut best: Option<(usize, usize, bool, String)> = None;
    for (n, line) in lines.iter().enumerate() {
        for delimiter in [b';', b',', b'\t'] {
            let mut reader = ::csv::ReaderBuilder::new()
                .has_headers(false)
                .delimiter(delimiter)
                .from_reader(line.as_bytes());
            let head: Vec<String> = reader
                .records()
                .next()
                .and_then(Result::ok)
                .map(|row| row.iter().map(|cell| cell.trim().to_owned()).collect())
                .unwrap_or_default();
            if head.len() < 2 {
                continue;
            }
            let place = |typed: &str, known: &[&str]| {
                let same = |name: &str| {
                    head.iter().position(|cell| cell.to_lowercase() == name.trim().to_lowercase())
                };
                if typed.trim().is_empty() { known.iter().find_map(|name| same(name)) } else { same(typed) }
            };
            let found = (place(&columns.date, DATES), place(&columns.amount, AMOUNTS));
            let rest = [
                place(&columns.text, TEXTS),
                place(&columns.payer, PAYERS),
                place(&columns.currency, CURRENCIES),
            ];
            if let (Some(date), Some(amount)) = found {
                return rows(text, n, delimiter, [date, amount], rest, &columns.usual);
            }
            let score = usize::from(found.0.is_some()) + usize::from(found.1.is_some());
            if best.as_ref().is_none_or(|(known, len, ..)| (score, head.len()) > (*known, *len)) {
                best = Some((score, head.len(), found.0.is_some(), head.join(", ")));
            }
        }
    }
    match best {
        Some((_, _, false, head)) => Err(words::no_column(&words::DATE, &shorten(&head, 300))),
        Some((_, _, _, head)) => Err(words::no_column(&words::AMOUNT_COLUMN, &shorten(&head, 300))),
        None => Err(words::NOT_A_STATEMENT.into()),
    }
}

fn rows(
    text: &str,
    head: usize,
    delimiter: u8,
    [date, amount]: [usize; 2],
    [says, payer, currency]: [Option<usize>; 3],
    usual: &str,
) -> Result<Statement, String> {
    let body: String = text.split_inclusive('\n').skip(head + 1).collect();
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(body.as_bytes());
    let mut statement = Statement::default();
    for row in reader.records() {
        let row = row.map_err(|error| words::cannot_be_read(&(head + 1), &error))?;
        let line = head + 1 + row.position().map_or(0, |at| usize::try_from(at.line()).unwrap_or_default());
        let cell = |at: Option<usize>| at.and_then(|at| row.get(at)).unwrap_or_default().trim();
        if row.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let wrong = |says: &str| words::cannot_be_read(&line, &says);
        let code = cell(currency).to_ascii_uppercase();
        let code = if code.len() == 3 { code } else { usual.to_owned() };
        let cents = amount_of(cell(Some(amount)), &code).ok_or_else(|| wrong(words::NO_AMOUNT))?;
        let at = day_of(cell(Some(date))).ok_or_else(|| wrong(words::NO_DAY))?;
        if cents <= 0 {
            statement.outgoing += 1;
            continue;
        }
        statement.payments.push(Payment {
            mark: String::new(),
            at,
            cents,
            currency: code,
            payer: shorten(cell(payer), 140),
            text: shorten(cell(says), 500),
        });
    }
    Ok(statement)
}

/// An amount as people and banks write it: "1.234,56", "1,234.56", "+12.90 €", "-5".
fn amount_of(typed: &str, currency: &str) -> Option<i64> {
    let plain: String =
        typed.chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '\u{2212}')).collect();
    let negative = plain.starts_with(['-', '\u{2212}']) || plain.ends_with('-');
    let plain = plain.trim_matches(['-', '\u{2212}']);
    let digits = minor_digits(currency) as usize;
    // The last sign is the point, unless three digits follow it where there are none of that many.
    let point = plain.rfind(['.', ',']).filter(|at| plain.len() - at - 1 <= digits.max(1) && digits > 0);
    let (whole, part) = match point {
        Some(at) => (&plain[..at], &plain[at + 1..]),
        None => (plain, ""),
    };
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    let money = Money::parse(&format!("{whole}.{part}"), currency)?;
    Some(if negative { -money.cents } else { money.cents })
}

/// "2026-11-26", "26.11.2026", "26.11.26", "26/11/2026".
fn day_of(typed: &str) -> Option<i64> {
    let typed = typed.split([' ', 'T']).next().unwrap_or_default();
    if typed.contains('-') {
        return Timestamp::parse_day(typed).map(|day| day.0);
    }
    let mut parts = typed.split(['.', '/']);
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let year = if year.len() == 2 { format!("20{year}") } else { year.to_owned() };
    Timestamp::parse_day(&format!("{year}-{month}-{day}")).map(|day| day.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CAMT: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>1</Id>
<Bal><Amt Ccy="EUR">100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Ntry><Amt Ccy="EUR">167.86</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-11-25</Dt></BookgDt><AcctSvcrRef>A1</AcctSvcrRef>
<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><RltdPties><Dbtr><Pty><Nm>Hart &amp; Bakery</Nm></Pty></Dbtr></RltdPties>
<RmtInf><Ustrd>INV-00001 thank you</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="EUR">30.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-11-25</Dt></BookgDt><AcctSvcrRef>A2</AcctSvcrRef>
<NtryDtls><Btch><NbOfTxs>2</NbOfTxs></Btch>
<TxDtls><Amt Ccy="EUR">10.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><RltdPties><Dbtr><Nm>One</Nm></Dbtr></RltdPties><RmtInf><Ustrd>first</Ustrd></RmtInf></TxDtls>
<TxDtls><Amt Ccy="EUR">20.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><RltdPties><Dbtr><Nm>Two</Nm></Dbtr></RltdPties><RmtInf><Ustrd>second</Ustrd></RmtInf></TxDtls>
</NtryDtls></Ntry>
<Ntry><Amt Ccy="EUR">5.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><BookgDt><DtTm>2026-11-25T10:00:00</DtTm></BookgDt></Ntry>
</Stmt></BkToCstmrStmt></Document>"#;

    fn brief(statement: &Statement) -> Vec<(i64, &str, &str)> {
        statement.payments.iter().map(|one| (one.cents, one.payer.as_str(), one.text.as_str())).collect()
    }

    #[test]
    fn a_statement_in_xml_is_read_payment_by_payment() {
        let read = read(CAMT.as_bytes(), &ColumnNames::default()).unwrap();
        assert_eq!(
            brief(&read),
            [
                (16_786, "Hart & Bakery", "INV-00001 thank you"),
                (1_000, "One", "first"),
                (2_000, "Two", "second")
            ]
        );
        assert_eq!(read.outgoing, 1);
        let marks: std::collections::HashSet<&str> =
            read.payments.iter().map(|one| one.mark.as_str()).collect();
        assert_eq!(marks.len(), 3);
        // Parts that do not add up to their entry are not believed.
        let odd = CAMT.replace(
            "20.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><RltdPties>",
            "21.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><RltdPties>",
        );
        let read = super::read(odd.as_bytes(), &ColumnNames::default()).unwrap();
        assert_eq!(brief(&read)[1], (3_000, "One", "first second"));
    }

    #[test]
    fn what_is_no_statement_or_breaks_off_is_refused_whole() {
        for bad in ["", "<a/>", "hello", "<Document><BkToCstmrStmt>", &CAMT[..900], "x;y\n1;2"] {
            assert!(read(bad.as_bytes(), &ColumnNames::default()).is_err(), "{bad}");
        }
        let says = read(CAMT.replace("167.86", "much").as_bytes(), &ColumnNames::default()).unwrap_err();
        assert!(says.ends_with("there is no amount in it"), "{says}");
    }

    #[test]
    fn a_file_of_a_german_bank_and_one_of_an_english_are_read() {
        let german = "Konto;DE89\n\nBuchungstag;Verwendungszweck;Auftraggeber/Empfänger;Betrag;Währung\n\
                      25.11.2026;\"INV-00001; danke\";Hart Bakery;1.167,86;EUR\n26.11.26;Miete;Haus;-900,00;EUR\n";
        let usual = ColumnNames { usual: "EUR".into(), ..ColumnNames::default() };
        let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(german);
        let first = read(&bytes, &usual).unwrap();
        assert_eq!((brief(&first), first.outgoing), (vec![(116_786, "Hart Bakery", "INV-00001; danke")], 1));
        assert_eq!(Timestamp(first.payments[0].at).day(), "2026-11-25");
        let english =
            "Date,Amount,Reference\n2026-11-25,\"1,167.86\",INV-00001\n2026-11-25,\"1,167.86\",INV-00001\n";
        let second = read(english.as_bytes(), &usual).unwrap();
        assert_eq!(brief(&second), [(116_786, "", "INV-00001"), (116_786, "", "INV-00001")]);
        // Two that are the same are two; read again they are the same two.
        assert_ne!(second.payments[0].mark, second.payments[1].mark);
        assert_eq!(read(english.as_bytes(), &usual).unwrap(), second);
        let named = ColumnNames { date: "When".into(), amount: "Sum".into(), ..usual.clone() };
        assert_eq!(read(b"When;Sum\n25/11/2026;12", &named).unwrap().payments[0].cents, 1_200);
        let says = read(b"When;Sum\n25/11/2026;12", &usual).unwrap_err();
        assert!(says.contains("When, Sum"), "{says}");
    }

    #[test]
    fn amounts_are_read_as_banks_write_them() {
        for (typed, currency, cents) in [
            ("12,90", "EUR", 1_290),
            ("1.234,56", "EUR", 123_456),
            ("1,234.56", "EUR", 123_456),
            ("+12.9 €", "EUR", 1_290),
            ("1.234", "EUR", 123_400),
            ("12-", "EUR", -1_200),
            ("1,234", "JPY", 1_234),
            ("1.234", "KWD", 1_234),
        ] {
            assert_eq!(amount_of(typed, currency), Some(cents), "{typed} {currency}");
        }
        assert_eq!(amount_of("", "EUR"), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]
        #[test]
        fn whatever_looks_like_a_statement_is_read_or_refused(raw in "(<(Ntry|Amt Ccy=\"EUR\"|TxDtls|CdtDbtInd|BookgDt|Dt|Document|BkToCstmrStmt)>|</(Ntry|Amt|TxDtls|Document|BkToCstmrStmt)>|CRDT|1.00|2026-11-25|&amp;|&#x41;|&b;|[ -~é;,]{0,8}|\n){0,30}") {
            let _ = read(raw.as_bytes(), &ColumnNames::default());
            let _ = read(format!("Date;Amount\n{raw}").as_bytes(), &ColumnNames { usual: "EUR".into(), ..ColumnNames::default() });
        }
    }
}
