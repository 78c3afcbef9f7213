//! E-invoices (EN 16931): the same invoice for a machine, as CII inside the PDF (Factur-X) and as UBL for Peppol BIS
//! Billing 3. Pure.
//!
//! Invariant: what a rule of the norm asks for is asked for before anything is issued, in words that say where to enter it
//! ([`missing`]).

use super::model::{InvoiceKind, InvoiceLine, Party, TaxCategory, TaxSum};
use super::printed::Printed;
use super::words;
use crate::types::{Timestamp, minor_digits};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use rust_decimal::Decimal;

/// Name of the XML inside the PDF (Factur-X 1.0).
pub const FILE: &str = "factur-x.xml";

/// An XML document that is being written.
struct Xml(Writer<Vec<u8>>);

impl Xml {
    fn new() -> Self {
        let mut xml = Self(Writer::new_with_indent(Vec::new(), b' ', 1));
        xml.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
        xml
    }

    // Writing into memory does not fail.
    fn event(&mut self, event: Event<'_>) {
        let _ = self.0.write_event(event);
    }

    /// An element with others in it.
    fn within(&mut self, name: &str, children: impl FnOnce(&mut Self)) {
        self.with(name, &[], children);
    }

    fn with(&mut self, name: &str, attributes: &[(&str, &str)], children: impl FnOnce(&mut Self)) {
        let start = BytesStart::new(name).with_attributes(attributes.iter().copied());
        self.event(Event::Start(start));
        children(self);
        self.event(Event::End(BytesEnd::new(name)));
    }

    /// An element with a text in it.
    fn text(&mut self, name: &str, value: &str) {
        self.marked(name, &[], value);
    }

    /// An element with a text in it, if there is one.
    fn given(&mut self, name: &str, value: &str) {
        if !value.trim().is_empty() {
            self.text(name, value.trim());
        }
    }

    fn marked(&mut self, name: &str, attributes: &[(&str, &str)], value: &str) {
        // What XML 1.0 has no place for.
        let value: String = value
            .chars()
            .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
            .filter(|c| !matches!(c, '\u{FFFE}' | '\u{FFFF}'))
            .collect();
        let start = BytesStart::new(name).with_attributes(attributes.iter().copied());
        self.event(Event::Start(start));
        self.event(Event::Text(BytesText::new(&value)));
        self.event(Event::End(BytesEnd::new(name)));
    }

    fn done(self) -> Vec<u8> {
        self.0.into_inner()
    }
}

/// The parts of an electronic address: scheme and value ("0088:4035811991014").
fn endpoint(party: &Party) -> Option<(&str, &str)> {
    party.endpoint.split_once(':').map(|(scheme, value)| (scheme.trim(), value.trim()))
}

/// Schemes of Peppol for numbers for value added tax, by the country in front of them (code list EAS).
const VAT_SCHEMES: [(&str, &str); 26] = [
    ("AT", "9914"),
    ("BE", "9925"),
    ("BG", "9926"),
    ("CY", "9928"),
    ("CZ", "9929"),
    ("DE", "9930"),
    ("EE", "9931"),
    ("EL", "9933"),
    ("ES", "9920"),
    ("FI", "0213"),
    ("FR", "9957"),
    ("GB", "9932"),
    ("HR", "9934"),
    ("HU", "9910"),
    ("IE", "9935"),
    ("IT", "0211"),
    ("LT", "9937"),
    ("LU", "9938"),
    ("LV", "9939"),
    ("MT", "9943"),
    ("NL", "9944"),
    ("PL", "9945"),
    ("PT", "9946"),
    ("RO", "9947"),
    ("SI", "9949"),
    ("SK", "9950"),
];

/// Scheme and value of where e-invoices go: what was entered, else the number for value added tax, else the e-mail address.
fn address(party: &Party) -> (String, String) {
    if let Some((scheme, value)) = endpoint(party) {
        return (scheme.to_owned(), value.to_owned());
    }
    let known = vat_id(party).and_then(|id| {
        let known = VAT_SCHEMES.iter().find(|(country, _)| id.starts_with(country));
        known.map(|(_, scheme)| ((*scheme).to_owned(), id))
    });
    known.unwrap_or_else(|| ("EM".to_owned(), party.email.clone()))
}

/// The addresses of an e-invoice on the network: scheme and value of who sends and of who gets it. Nothing where either has
/// only an e-mail address, which the network does not deliver to.
pub fn route(seller: &Party, payer: &Party) -> Option<(String, String)> {
    let on = |party: &Party| {
        let (scheme, value) = address(party);
        (scheme != "EM").then(|| format!("{scheme}:{value}"))
    };
    on(seller).zip(on(payer))
}

/// A party's number for value added tax, with its country in front (BT-31); nothing where theirs is another.
fn vat_id(party: &Party) -> Option<String> {
    let id =
        party.tax_id.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
    (id.len() > 3 && id.bytes().take(2).all(|byte| byte.is_ascii_uppercase())).then_some(id)
}

/// What is missing for an e-invoice, each with where it is entered. Nothing is where it can be made.
pub fn missing(seller: &Party, payer: &Party, categories: &[TaxCategory]) -> Vec<&'static str> {
    let has = |one| categories.contains(&one);
    let reverse = has(TaxCategory::ReverseCharge);
    let all = [
        // BR-6, BR-8, BR-9
        (seller.name.trim().is_empty(), words::LACKS_SELLER_NAME),
        (seller.city.trim().is_empty() || seller.country.is_empty(), words::LACKS_SELLER_ADDRESS),
        // BR-S-2 and its like, BR-CO-26
        (
            seller.tax_id.trim().is_empty() || (!has(TaxCategory::OutOfScope) && vat_id(seller).is_none()),
            words::LACKS_SELLER_TAX_ID,
        ),
        // PEPPOL-EN16931-R020
        (endpoint(seller).is_none() && seller.email.is_empty(), words::LACKS_SELLER_ENDPOINT),
        // BR-7, BR-10, BR-11
        (payer.name.trim().is_empty(), words::LACKS_PAYER_NAME),
        (payer.country.is_empty(), words::LACKS_PAYER_COUNTRY),
        // BR-AE-2
        (reverse && vat_id(payer).is_none(), words::LACKS_PAYER_TAX_ID),
        // PEPPOL-EN16931-R010
        (endpoint(payer).is_none() && payer.email.is_empty(), words::LACKS_PAYER_ENDPOINT),
        // BR-O-11: what is outside the scope of tax stands alone.
        (
            has(TaxCategory::OutOfScope) && categories.iter().any(|one| *one != TaxCategory::OutOfScope),
            words::OUT_OF_SCOPE_ALONE,
        ),
    ];
    all.into_iter().filter(|(is, _)| *is).map(|(_, says)| says).collect()
}

/// Why there is no tax, where the norm wants a reason.
fn exemption(category: TaxCategory) -> &'static str {
    match category {
        TaxCategory::Standard | TaxCategory::Zero => "",
        TaxCategory::Exempt => "Exempt from tax",
        TaxCategory::ReverseCharge => "Reverse charge",
        TaxCategory::Export => "Export outside the EU",
        TaxCategory::OutOfScope => "Not subject to VAT",
    }
}

/// Amounts and numbers as XML holds them.
struct Figures<'a> {
    of: &'a Printed<'a>,
    digits: u32,
}

impl Figures<'_> {
    fn amount(&self, minor: i64) -> String {
        Decimal::new(minor, self.digits).to_string()
    }

    /// Quantity and price before tax of one: a price is never negative (BR-27), so that its sign moves to the quantity.
    fn line(&self, line: &InvoiceLine, net: i64) -> (String, String) {
        let mut quantity = line.quantity.parse::<Decimal>().unwrap_or_default();
        let typed = line.price.parse::<Decimal>().unwrap_or_default();
        let mut price = if self.of.inclusive && !quantity.is_zero() {
            (Decimal::new(net, self.digits) / quantity).round_dp(8)
        } else {
            typed
        };
        if price.is_sign_negative() && !price.is_zero() {
            (quantity, price) = (-quantity, -price);
        }
        (quantity.normalize().to_string(), price.normalize().to_string())
    }
}

fn percent(rate: i64) -> String {
    Decimal::new(rate, 2).normalize().to_string()
}

fn day(at: Timestamp) -> String {
    at.day().replace('-', "")
}

fn street_lines(party: &Party) -> Vec<String> {
    party.street.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// The XML that stands in the PDF: UN/CEFACT Cross Industry Invoice, profile EN 16931.
pub fn cii(of: &Printed<'_>) -> Vec<u8> {
    let figures = Figures { of, digits: minor_digits(of.currency) };
    let mut xml = Xml::new();
    let names = [
        ("xmlns:rsm", "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"),
        ("xmlns:ram", "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"),
        ("xmlns:udt", "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"),
        ("xmlns:qdt", "urn:un:unece:uncefact:data:standard:QualifiedDataType:100"),
    ];
    xml.with("rsm:CrossIndustryInvoice", &names, |xml| {
        xml.within("rsm:ExchangedDocumentContext", |xml| {
            xml.within("ram:GuidelineSpecifiedDocumentContextParameter", |xml| {
                xml.text("ram:ID", "urn:cen.eu:en16931:2017");
            });
        });
        xml.within("rsm:ExchangedDocument", |xml| {
            xml.text("ram:ID", of.number);
            xml.text("ram:TypeCode", type_code(of.kind));
            xml.within("ram:IssueDateTime", |xml| {
                xml.marked("udt:DateTimeString", &[("format", "102")], &day(of.dated));
            });
            for note in [of.note, of.reason] {
                if !note.trim().is_empty() {
                    xml.within("ram:IncludedNote", |xml| xml.text("ram:Content", note));
                }
            }
        });
        xml.within("rsm:SupplyChainTradeTransaction", |xml| {
            for (n, (line, net)) in of.lines.iter().zip(&of.sums.lines).enumerate() {
                cii_line(xml, &figures, n + 1, line, *net);
            }
            xml.within("ram:ApplicableHeaderTradeAgreement", |xml| {
                xml.text("ram:BuyerReference", &reference(of));
                xml.within("ram:SellerTradeParty", |xml| {
                    xml.given("ram:ID", seller_id(of));
                    cii_party(xml, of.seller, taxed(of));
                });
                xml.within("ram:BuyerTradeParty", |xml| cii_party(xml, of.payer, taxed(of)));
            });
            xml.within("ram:ApplicableHeaderTradeDelivery", |_| {});
            xml.within("ram:ApplicableHeaderTradeSettlement", |xml| cii_settlement(xml, &figures));
        });
    });
    xml.done()
}

/// Does tax have anything to do with it? What is outside its scope names no number for it (BR-O-2).
fn taxed(of: &Printed<'_>) -> bool {
    of.sums.taxes.iter().all(|sum| sum.category != TaxCategory::OutOfScope)
}

/// What the seller is known by where their number for value added tax has no place (BR-CO-26).
fn seller_id<'a>(of: &Printed<'a>) -> &'a str {
    if taxed(of) { "" } else { &of.seller.tax_id }
}

fn type_code(kind: InvoiceKind) -> &'static str {
    match kind {
        InvoiceKind::Invoice => "380",
        InvoiceKind::CreditNote => "381",
    }
}

/// What the payer wants to be named by (BT-10); else the number of the customer.
fn reference(of: &Printed<'_>) -> String {
    if of.payer.reference.is_empty() { of.customer.to_string() } else { of.payer.reference.clone() }
}

fn cii_line(xml: &mut Xml, figures: &Figures<'_>, n: usize, line: &InvoiceLine, net: i64) {
    let (quantity, price) = figures.line(line, net);
    xml.within("ram:IncludedSupplyChainTradeLineItem", |xml| {
        xml.within("ram:AssociatedDocumentLineDocument", |xml| xml.text("ram:LineID", &n.to_string()));
        xml.within("ram:SpecifiedTradeProduct", |xml| xml.text("ram:Name", &line.description));
        xml.within("ram:SpecifiedLineTradeAgreement", |xml| {
            xml.within("ram:NetPriceProductTradePrice", |xml| xml.text("ram:ChargeAmount", &price));
        });
        xml.within("ram:SpecifiedLineTradeDelivery", |xml| {
            xml.marked("ram:BilledQuantity", &[("unitCode", "C62")], &quantity);
        });
        xml.within("ram:SpecifiedLineTradeSettlement", |xml| {
            xml.within("ram:ApplicableTradeTax", |xml| {
                xml.text("ram:TypeCode", "VAT");
                xml.text("ram:CategoryCode", line.category.key());
                if line.category != TaxCategory::OutOfScope {
                    xml.text("ram:RateApplicablePercent", &percent(line.rate));
                }
            });
            xml.within("ram:SpecifiedTradeSettlementLineMonetarySummation", |xml| {
                xml.text("ram:LineTotalAmount", &figures.amount(net));
            });
        });
    });
}

fn cii_party(xml: &mut Xml, party: &Party, taxed: bool) {
    xml.text("ram:Name", &party.name);
    if !party.attention.trim().is_empty() {
        xml.within("ram:DefinedTradeContact", |xml| xml.text("ram:PersonName", &party.attention));
    }
    xml.within("ram:PostalTradeAddress", |xml| {
        xml.given("ram:PostcodeCode", &party.postcode);
        let lines = street_lines(party);
        for (name, line) in ["ram:LineOne", "ram:LineTwo", "ram:LineThree"].iter().zip(&lines) {
            xml.text(name, line);
        }
        xml.given("ram:CityName", &party.city);
        xml.given("ram:CountryID", &party.country);
        xml.given("ram:CountrySubDivisionName", &party.region);
    });
    let (scheme, value) = address(party);
    if !value.is_empty() {
        xml.within("ram:URIUniversalCommunication", |xml| {
            xml.marked("ram:URIID", &[("schemeID", &scheme)], &value);
        });
    }
    if let Some(id) = vat_id(party).filter(|_| taxed) {
        xml.within("ram:SpecifiedTaxRegistration", |xml| xml.marked("ram:ID", &[("schemeID", "VA")], &id));
    }
}

fn cii_settlement(xml: &mut Xml, figures: &Figures<'_>) {
    let of = figures.of;
    let means = means(of);
    // With it stands how to pay (BR-49).
    if means.is_some() {
        xml.text("ram:PaymentReference", of.number);
    }
    xml.text("ram:InvoiceCurrencyCode", of.currency);
    if let Some((code, settings)) = means {
        xml.within("ram:SpecifiedTradeSettlementPaymentMeans", |xml| {
            xml.text("ram:TypeCode", code);
            xml.within("ram:PayeePartyCreditorFinancialAccount", |xml| {
                xml.text("ram:IBANID", &settings.iban);
                xml.given("ram:AccountName", &settings.holder);
            });
            if !settings.bic.is_empty() {
                xml.within("ram:PayeeSpecifiedCreditorFinancialInstitution", |xml| {
                    xml.text("ram:BICID", &settings.bic);
                });
            }
        });
    }
    for sum in &of.sums.taxes {
        xml.within("ram:ApplicableTradeTax", |xml| {
            xml.text("ram:CalculatedAmount", &figures.amount(sum.tax));
            xml.text("ram:TypeCode", "VAT");
            xml.given("ram:ExemptionReason", exemption(sum.category));
            xml.text("ram:BasisAmount", &figures.amount(sum.base));
            xml.text("ram:CategoryCode", sum.category.key());
            if sum.category != TaxCategory::OutOfScope {
                xml.text("ram:RateApplicablePercent", &percent(sum.rate));
            }
        });
    }
    xml.within("ram:SpecifiedTradePaymentTerms", |xml| {
        xml.within("ram:DueDateDateTime", |xml| {
            xml.marked("udt:DateTimeString", &[("format", "102")], &day(of.due));
        });
    });
    xml.within("ram:SpecifiedTradeSettlementHeaderMonetarySummation", |xml| {
        let sums = of.sums;
        xml.text("ram:LineTotalAmount", &figures.amount(sums.net));
        xml.text("ram:TaxBasisTotalAmount", &figures.amount(sums.net));
        xml.marked("ram:TaxTotalAmount", &[("currencyID", of.currency)], &figures.amount(sums.tax));
        if sums.rounding != 0 {
            xml.text("ram:RoundingAmount", &figures.amount(sums.rounding));
        }
        xml.text("ram:GrandTotalAmount", &figures.amount(sums.net + sums.tax));
        xml.text("ram:DuePayableAmount", &figures.amount(sums.total));
    });
    if let Some(corrects) = of.corrects {
        xml.within("ram:InvoiceReferencedDocument", |xml| {
            xml.text("ram:IssuerAssignedID", &corrects.number);
        });
    }
}

/// How it is paid by transfer, where there is something to pay (UNCL 4461: SEPA credit transfer, credit transfer).
fn means<'a>(of: &Printed<'a>) -> Option<(&'static str, &'a super::model::BillingSettings)> {
    let settings = of.settings;
    (of.kind == InvoiceKind::Invoice && !settings.iban.is_empty())
        .then_some((if of.currency == "EUR" { "58" } else { "30" }, settings))
}

/// The XML for Peppol BIS Billing 3: UBL 2.1.
pub fn ubl(of: &Printed<'_>) -> Vec<u8> {
    let figures = Figures { of, digits: minor_digits(of.currency) };
    let invoice = of.kind == InvoiceKind::Invoice;
    let root = if invoice { "Invoice" } else { "CreditNote" };
    let namespace = format!("urn:oasis:names:specification:ubl:schema:xsd:{root}-2");
    let names = [
        ("xmlns", namespace.as_str()),
        ("xmlns:cac", "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"),
        ("xmlns:cbc", "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"),
    ];
    let mut xml = Xml::new();
    xml.with(root, &names, |xml| {
        // Peppol delivers to no e-mail addresses (PEPPOL-EN16931-CL008): then it is an e-invoice of the norm alone.
        if [of.seller, of.payer].iter().any(|party| address(party).0 == "EM") {
            xml.text("cbc:CustomizationID", "urn:cen.eu:en16931:2017");
        } else {
            xml.text(
                "cbc:CustomizationID",
                "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
            );
            xml.text("cbc:ProfileID", "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0");
        }
        xml.text("cbc:ID", of.number);
        xml.text("cbc:IssueDate", &of.dated.day());
        if invoice {
            xml.text("cbc:DueDate", &of.due.day());
        }
        xml.text(if invoice { "cbc:InvoiceTypeCode" } else { "cbc:CreditNoteTypeCode" }, type_code(of.kind));
        // One note at most (PEPPOL-EN16931-R002).
        let note = [of.note, of.reason].map(str::trim).into_iter().filter(|note| !note.is_empty());
        xml.given("cbc:Note", &note.collect::<Vec<_>>().join("\n"));
        xml.text("cbc:DocumentCurrencyCode", of.currency);
        xml.text("cbc:BuyerReference", &reference(of));
        if let Some(corrects) = of.corrects {
            xml.within("cac:BillingReference", |xml| {
                xml.within("cac:InvoiceDocumentReference", |xml| xml.text("cbc:ID", &corrects.number));
            });
        }
        xml.within("cac:AccountingSupplierParty", |xml| ubl_party(xml, of.seller, seller_id(of), taxed(of)));
        xml.within("cac:AccountingCustomerParty", |xml| ubl_party(xml, of.payer, "", taxed(of)));
        if let Some((code, settings)) = means(of) {
            xml.within("cac:PaymentMeans", |xml| {
                xml.text("cbc:PaymentMeansCode", code);
                xml.text("cbc:PaymentID", of.number);
                xml.within("cac:PayeeFinancialAccount", |xml| {
                    xml.text("cbc:ID", &settings.iban);
                    xml.given("cbc:Name", &settings.holder);
                    if !settings.bic.is_empty() {
                        xml.within("cac:FinancialInstitutionBranch", |xml| xml.text("cbc:ID", &settings.bic));
                    }
                });
            });
        }
        if !invoice {
            xml.within("cac:PaymentTerms", |xml| xml.text("cbc:Note", "Credited"));
        }
        ubl_sums(xml, &figures);
        for (n, (line, net)) in of.lines.iter().zip(&of.sums.lines).enumerate() {
            ubl_line(xml, &figures, n + 1, line, *net);
        }
    });
    xml.done()
}

fn ubl_party(xml: &mut Xml, party: &Party, own_id: &str, taxed: bool) {
    xml.within("cac:Party", |xml| {
        let (scheme, value) = address(party);
        xml.marked("cbc:EndpointID", &[("schemeID", &scheme)], &value);
        if !own_id.is_empty() {
            xml.within("cac:PartyIdentification", |xml| xml.text("cbc:ID", own_id));
        }
        xml.within("cac:PartyName", |xml| xml.text("cbc:Name", &party.name));
        xml.within("cac:PostalAddress", |xml| {
            let lines = street_lines(party);
            for (name, line) in ["cbc:StreetName", "cbc:AdditionalStreetName"].iter().zip(&lines) {
                xml.text(name, line);
            }
            xml.given("cbc:CityName", &party.city);
            xml.given("cbc:PostalZone", &party.postcode);
            xml.given("cbc:CountrySubentity", &party.region);
            xml.within("cac:Country", |xml| xml.text("cbc:IdentificationCode", &party.country));
        });
        if let Some(id) = vat_id(party).filter(|_| taxed) {
            xml.within("cac:PartyTaxScheme", |xml| {
                xml.text("cbc:CompanyID", &id);
                xml.within("cac:TaxScheme", |xml| xml.text("cbc:ID", "VAT"));
            });
        }
        xml.within("cac:PartyLegalEntity", |xml| xml.text("cbc:RegistrationName", &party.name));
        if !party.attention.trim().is_empty() {
            xml.within("cac:Contact", |xml| xml.text("cbc:Name", &party.attention));
        }
    });
}

fn ubl_tax(xml: &mut Xml, name: &str, category: TaxCategory, rate: i64, reason: &str) {
    xml.within(name, |xml| {
        xml.text("cbc:ID", category.key());
        if category != TaxCategory::OutOfScope {
            xml.text("cbc:Percent", &percent(rate));
        }
        xml.given("cbc:TaxExemptionReason", reason);
        xml.within("cac:TaxScheme", |xml| xml.text("cbc:ID", "VAT"));
    });
}

fn ubl_sums(xml: &mut Xml, figures: &Figures<'_>) {
    let (of, sums) = (figures.of, figures.of.sums);
    let currency = [("currencyID", of.currency)];
    xml.within("cac:TaxTotal", |xml| {
        xml.marked("cbc:TaxAmount", &currency, &figures.amount(sums.tax));
        for TaxSum { category, rate, base, tax } in &sums.taxes {
            xml.within("cac:TaxSubtotal", |xml| {
                xml.marked("cbc:TaxableAmount", &currency, &figures.amount(*base));
                xml.marked("cbc:TaxAmount", &currency, &figures.amount(*tax));
                ubl_tax(xml, "cac:TaxCategory", *category, *rate, exemption(*category));
            });
        }
    });
    xml.within("cac:LegalMonetaryTotal", |xml| {
        xml.marked("cbc:LineExtensionAmount", &currency, &figures.amount(sums.net));
        xml.marked("cbc:TaxExclusiveAmount", &currency, &figures.amount(sums.net));
        xml.marked("cbc:TaxInclusiveAmount", &currency, &figures.amount(sums.net + sums.tax));
        if sums.rounding != 0 {
            xml.marked("cbc:PayableRoundingAmount", &currency, &figures.amount(sums.rounding));
        }
        xml.marked("cbc:PayableAmount", &currency, &figures.amount(sums.total));
    });
}

fn ubl_line(xml: &mut Xml, figures: &Figures<'_>, n: usize, line: &InvoiceLine, net: i64) {
    let of = figures.of;
    let invoice = of.kind == InvoiceKind::Invoice;
    let (quantity, price) = figures.line(line, net);
    let currency = [("currencyID", of.currency)];
    xml.within(if invoice { "cac:InvoiceLine" } else { "cac:CreditNoteLine" }, |xml| {
        xml.text("cbc:ID", &n.to_string());
        let name = if invoice { "cbc:InvoicedQuantity" } else { "cbc:CreditedQuantity" };
        xml.marked(name, &[("unitCode", "C62")], &quantity);
        xml.marked("cbc:LineExtensionAmount", &currency, &figures.amount(net));
        xml.within("cac:Item", |xml| {
            xml.text("cbc:Name", &line.description);
            ubl_tax(xml, "cac:ClassifiedTaxCategory", line.category, line.rate, "");
        });
        xml.within("cac:Price", |xml| xml.marked("cbc:PriceAmount", &currency, &price));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn party(country: &str, tax_id: &str) -> Party {
        Party {
            name: "Nord Hosting".into(),
            street: "Harbour 1".into(),
            city: "Hamburg".into(),
            country: country.into(),
            tax_id: tax_id.into(),
            email: "office@nord.example".into(),
            ..Party::default()
        }
    }

    #[test]
    fn what_an_e_invoice_lacks_is_named() {
        let (good, standard) = (party("DE", "DE 136 695 976"), [TaxCategory::Standard]);
        assert_eq!(missing(&good, &party("FR", ""), &standard), Vec::<&str>::new());
        let bare = Party { name: "X".into(), ..Party::default() };
        assert_eq!(
            missing(&bare, &bare, &[TaxCategory::ReverseCharge]),
            [
                words::LACKS_SELLER_ADDRESS,
                words::LACKS_SELLER_TAX_ID,
                words::LACKS_SELLER_ENDPOINT,
                words::LACKS_PAYER_COUNTRY,
                words::LACKS_PAYER_TAX_ID,
                words::LACKS_PAYER_ENDPOINT,
            ]
        );
        let mixed = [TaxCategory::OutOfScope, TaxCategory::Standard];
        assert_eq!(missing(&good, &good, &mixed), [words::OUT_OF_SCOPE_ALONE]);
    }
}
