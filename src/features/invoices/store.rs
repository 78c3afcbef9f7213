//! SQL of invoices: lists, one invoice, what an account owes, and how invoices are made.

use super::documents::{self, Format};
use super::model::{
    Balance, BillingSettings, InvoiceKind, InvoiceLine, InvoiceRow, InvoiceStatus, Party, PaymentView,
    Related, StatementRow, TaxCategory, TaxSum, method_title, read_tax,
};
use crate::access::list::{self, List, Selection, Sort, States, list_row};
use crate::access::state::AppState;
use crate::access::{InAccount, OfAccount, OfStaff, Reader, Tx, settings};
use crate::error::{AppError, Result};
use crate::platform::db::{Conn, FromRow, args, internal, made_statements, setting};
use crate::types::{AccountId, InvoiceId, ListQuery, Money, Page, Timestamp};

list_row! {
    ListRow {
        id: String = "i.id",
        account: String = "i.account_id",
        customer: String = "(SELECT a.name FROM accounts a WHERE a.id = i.account_id)",
        kind: String = "i.kind",
        number: String = "i.number",
        status: String = "i.status",
        dated: i64 = "i.dated_at",
        due: Option<i64> = "i.due_at",
        currency: String = "i.currency",
        total: i64 = "i.total",
        open: i64 = "i.total - i.paid - i.credited",
    }
}

impl ListRow {
    fn row(self) -> InvoiceRow {
        let money = |cents| Money { cents, currency: self.currency.clone() };
        let (kind, status) = (InvoiceKind::from_key(&self.kind), InvoiceStatus::from_key(&self.status));
        let owed = status == InvoiceStatus::Open && kind == InvoiceKind::Invoice;
        InvoiceRow {
            kind,
            status,
            dated: Timestamp(self.dated),
            due: self.due.map(Timestamp),
            total: money(self.total),
            open: money(if owed { self.open } else { 0 }),
            id: self.id.into(),
            number: self.number,
            customer: None,
        }
    }
}

const LIST: List = List {
    table: ("invoices", "i"),
    scope: "i.account_id",
    joins: "",
    sorts: &[Sort { name: "", key: "i.dated_at", number: true, descending: true }],
    states: States::Sql(&[
        ("draft", "i.status = 'draft'"),
        ("open", "i.status = 'open'"),
        ("overdue", "i.status = 'open'"),
        ("paid", "i.status = 'paid'"),
        ("credited", "i.status = 'credited'"),
        ("cancelled", "i.status IN ('cancelled', 'written_off')"),
    ]),
};

/// Every customer's in one status.
const OF_STATUS: List = List { scope: "i.status", states: States::None, ..LIST };

/// What is found by its number, in whatever status.
const FOUND: List = List { scope: "'all'", states: States::None, ..LIST };
const ALL: &str = "all";

fn selection(query: &ListQuery, drafts: bool, now: Timestamp) -> Selection {
    let rows = Selection::all();
    let rows = if drafts { rows } else { rows.only("i.status <> 'draft'") };
    let rows = if query.status == "overdue" { rows.only_with("i.due_at < {}", now.0) } else { rows };
    rows.containing("i.search_text LIKE {} ESCAPE '\\'", &query.q)
}

/// Every customer's: in one status, or by number.
fn desk(query: &ListQuery, now: Timestamp) -> Selection {
    let rows = Selection::all();
    let typed = query.q.trim().to_uppercase();
    if typed.is_empty() {
        // The plus keeps SQLite from collecting and sorting all that is overdue: it goes through the list in its order.
        return if query.status == "overdue" { rows.only_with("+i.due_at < {}", now.0) } else { rows };
    }
    match typed.trim_start_matches('#').parse::<i64>() {
        Ok(serial) => rows.only_with(
            "i.id IN (SELECT n.id FROM invoices n WHERE n.kind IN ('invoice', 'credit_note') AND n.serial = {})",
            serial,
        ),
        Err(_) => rows.only_with("i.id IN (SELECT n.id FROM invoices n WHERE n.number = {})", typed),
    }
}

made_statements!(|| {
    let query = ListQuery { q: "word".into(), status: "overdue".into(), ..ListQuery::default() };
    let number = ListQuery { q: "12".into(), ..ListQuery::default() };
    let now = Timestamp(0);
    let mut all = LIST.statements::<ListRow>(&[
        selection(&query, false, now),
        selection(&ListQuery::default(), true, now),
        selection(&query, true, now),
    ]);
    let late = ListQuery { q: String::new(), ..query.clone() };
    all.extend(OF_STATUS.statements::<ListRow>(&[desk(&ListQuery::default(), now), desk(&late, now)]));
    all.extend(FOUND.statements::<ListRow>(&[desk(&query, now), desk(&number, now)]));
    all
});

/// A page of an account's invoices. Drafts are for staff.
pub async fn list(reader: &mut Reader<InAccount>, query: &ListQuery) -> Result<Page<InvoiceRow>> {
    let staff = reader.acting().staff.is_some();
    let rows = selection(query, staff, reader.now());
    let page = list::read(reader, &LIST, rows, query).await?;
    Ok(page.map(ListRow::row))
}

/// Numbers and documents of what a list shows, the newest first.
pub async fn documents(
    reader: &mut Reader<InAccount>,
    query: &ListQuery,
    most: usize,
) -> Result<Vec<(String, String)>> {
    let mut all = Vec::new();
    let mut query = ListQuery { after: String::new(), ..query.clone() };
    while all.len() < most {
        let page = list(reader, &query).await?;
        let ids: Vec<&str> = page.items.iter().map(|row| row.id.as_str()).collect();
        let json = serde_json::to_string(&ids).map_err(|error| internal(&error))?;
        let rows: Vec<(String, String)> = reader.conn().all(DOCUMENTS, args![json]).await?;
        all.extend(rows);
        match page.next {
            Some(next) => query.after = next,
            None => break,
        }
    }
    all.truncate(most);
    Ok(all)
}

/// A page of every customer's invoices.
pub async fn list_for_staff(reader: &mut Reader<OfStaff>, query: &ListQuery) -> Result<Page<InvoiceRow>> {
    let now = reader.now();
    let rows = desk(query, now);
    let status = match query.status.as_str() {
        "" | "overdue" => InvoiceStatus::Open,
        status => InvoiceStatus::from_key(status),
    };
    let page = if query.q.trim().is_empty() {
        list::read_in(reader.conn(), status.key(), now, &OF_STATUS, rows, query).await?
    } else {
        list::read_in(reader.conn(), ALL, now, &FOUND, rows, query).await?
    };
    Ok(page.map(|row: ListRow| {
        let customer = Some((row.account.clone(), row.customer.clone()));
        InvoiceRow { customer, ..row.row() }
    }))
}

/// An invoice, as its row has it.
#[derive(Clone, Debug, FromRow)]
pub struct Invoice {
    /// Its id.
    pub id: String,
    /// The account.
    pub account_id: String,
    /// `invoice` or `credit_note`.
    pub kind: String,
    /// Status, as its table has it.
    pub status: String,
    /// As it is printed; empty for a draft.
    pub number: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Prices hold their tax.
    pub inclusive: bool,
    /// Net, in minor units.
    pub net: i64,
    /// Tax.
    pub tax: i64,
    /// What keeps the sum of inclusive prices exact.
    pub rounding: i64,
    /// Total.
    pub total: i64,
    /// What was paid of it.
    pub paid: i64,
    /// What credit notes and write-offs took from it.
    pub credited: i64,
    /// Who pays, as JSON.
    pub payer: String,
    /// Who sells, as JSON.
    pub seller: String,
    /// Sums per rate, as JSON.
    pub taxes: String,
    /// A note under it.
    pub note: String,
    /// What a credit note corrects.
    pub corrects_id: Option<String>,
    /// Why.
    pub reason: String,
    /// Hash of its PDF.
    pub document: String,
    /// Bytes of its PDF.
    pub document_size: i64,
    /// Hash of its e-invoice as UBL; empty where there is none.
    pub xml: String,
    /// When it was issued, UTC milliseconds.
    pub issued_at: Option<i64>,
    /// Until when it is to be paid, UTC milliseconds.
    pub due_at: Option<i64>,
    /// When it was issued, or a draft begun, UTC milliseconds.
    pub dated_at: i64,
    /// Counts the changes.
    pub version: i64,
}

impl Invoice {
    /// An open invoice, for mails that are shown and not sent.
    pub fn sample(now: Timestamp) -> Self {
        Self {
            id: "01k9zv5s8t3w2x1y0abcdefghv".into(),
            account_id: String::new(),
            kind: "invoice".into(),
            status: "open".into(),
            number: "INV-00042".into(),
            currency: "EUR".into(),
            inclusive: false,
            net: 14_196,
            tax: 2_590,
            rounding: 0,
            total: 16_786,
            paid: 0,
            credited: 0,
            payer: String::new(),
            seller: String::new(),
            taxes: String::new(),
            note: String::new(),
            corrects_id: None,
            reason: String::new(),
            document: String::new(),
            document_size: 0,
            xml: String::new(),
            issued_at: Some(now.0),
            due_at: Some(now.plus_days(14).0),
            dated_at: now.0,
            version: 1,
        }
    }

    /// What it is.
    pub fn kind(&self) -> InvoiceKind {
        InvoiceKind::from_key(&self.kind)
    }

    /// Status.
    pub fn status(&self) -> InvoiceStatus {
        InvoiceStatus::from_key(&self.status)
    }

    /// What is still to be paid, in minor units.
    pub fn open(&self) -> i64 {
        let owed = self.status() == InvoiceStatus::Open && self.kind() == InvoiceKind::Invoice;
        if owed { self.total - self.paid - self.credited } else { 0 }
    }

    /// An amount in its currency.
    pub fn money(&self, cents: i64) -> Money {
        Money { cents, currency: self.currency.clone() }
    }

    /// As a list shows it.
    pub fn row(&self) -> InvoiceRow {
        InvoiceRow {
            id: self.id.clone().into(),
            kind: self.kind(),
            number: self.number.clone(),
            status: self.status(),
            dated: Timestamp(self.dated_at),
            due: self.due_at.map(Timestamp),
            total: self.money(self.total),
            open: self.money(self.open()),
            customer: None,
        }
    }

    /// Who pays and who sells, as they were when it was issued.
    pub fn parties(&self) -> (Party, Party) {
        let read = |json: &str| serde_json::from_str(json).unwrap_or_default();
        (read(&self.payer), read(&self.seller))
    }

    /// Sums per rate of tax.
    pub fn sums(&self) -> Vec<TaxSum> {
        serde_json::from_str(&self.taxes).unwrap_or_default()
    }
}

const FIND: &str = r"SELECT id, account_id, kind, status, number, currency, inclusive, net, tax, rounding, total, paid, credited,
        payer, seller, taxes, note, corrects_id, reason, document, document_size, xml, issued_at, due_at, dated_at, version
    FROM invoices
    WHERE account_id = $1 AND id = $2";

/// An invoice of the account. Drafts exist for staff alone.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn find(on: &mut impl OfAccount, invoice: &InvoiceId) -> Result<Invoice> {
    let member = on.acting();
    let found: Option<Invoice> =
        on.connection().optional(FIND, args![member.account.as_str(), invoice.as_str()]).await?;
    found
        .filter(|invoice| {
            member.staff.is_some() || member.program || invoice.status() != InvoiceStatus::Draft
        })
        .ok_or(AppError::NotFound)
}

const LINES: &str = r"SELECT description, quantity, price, rate, category, net
    FROM invoice_lines
    WHERE invoice_id = $1
    ORDER BY position LIMIT 500";

/// Its lines, in their order.
pub async fn lines(conn: &mut Conn, invoice: &str) -> Result<Vec<InvoiceLine>> {
    let rows: Vec<(String, String, String, i64, String, i64)> = conn.all(LINES, args![invoice]).await?;
    let line =
        |(description, quantity, price, rate, category, net): (String, String, String, i64, String, i64)| {
            let category = TaxCategory::from_key(&category).unwrap_or_default();
            InvoiceLine { description, quantity, price, category, rate, net, period: None }
        };
    Ok(rows.into_iter().map(line).collect())
}

const PAYMENTS: &str = r"SELECT received_at, method, amount, currency, reference
    FROM payments
    WHERE invoice_id = $1
    ORDER BY created_at, id LIMIT 100";
const CORRECTIONS: &str = r"SELECT id, number, total, currency, reason
    FROM invoices
    WHERE corrects_id = $1 AND status <> 'draft'
    ORDER BY issued_at, id LIMIT 100";
const CORRECTED: &str = "SELECT id, number, total, currency, reason FROM invoices WHERE id = $1";

/// What came in for an invoice.
pub async fn payments(conn: &mut Conn, invoice: &str) -> Result<Vec<PaymentView>> {
    let rows: Vec<(i64, String, i64, String, String)> = conn.all(PAYMENTS, args![invoice]).await?;
    let view = |(at, method, cents, currency, reference): (i64, String, i64, String, String)| PaymentView {
        at: Timestamp(at),
        method: method_title(&method).to_owned(),
        amount: Money { cents, currency },
        reference,
    };
    Ok(rows.into_iter().map(view).collect())
}

fn related((id, number, cents, currency, reason): (String, String, i64, String, String)) -> Related {
    Related { id: id.into(), number, total: Money { cents, currency }, reason }
}

/// The credit notes of an invoice.
pub async fn credit_notes(conn: &mut Conn, invoice: &str) -> Result<Vec<Related>> {
    let rows: Vec<(String, String, i64, String, String)> = conn.all(CORRECTIONS, args![invoice]).await?;
    Ok(rows.into_iter().map(related).collect())
}

/// What a credit note corrects.
pub async fn corrected(conn: &mut Conn, of: &Invoice) -> Result<Option<Related>> {
    let Some(id) = &of.corrects_id else { return Ok(None) };
    let row: Option<(String, String, i64, String, String)> = conn.optional(CORRECTED, args![id]).await?;
    Ok(row.map(related))
}

const CREDIT: &str = r"SELECT -coalesce(sum(amount), 0)
    FROM ledger
    WHERE account_id = $1 AND currency = $2 AND book = 'credit'";

/// What we owe the account, in minor units of a currency.
pub async fn credit(conn: &mut Conn, account: &AccountId, currency: &str) -> Result<i64> {
    Ok(conn.value(CREDIT, args![account.as_str(), currency]).await?)
}

const OWED: &str = r"SELECT currency, sum(total - paid - credited),
        sum(CASE WHEN due_at < $2 THEN total - paid - credited ELSE 0 END)
    FROM invoices
    WHERE account_id = $1 AND status = 'open' AND kind = 'invoice'
    GROUP BY currency
    ORDER BY currency LIMIT 20";
const CREDITS: &str = r"SELECT currency, -sum(amount)
    FROM ledger
    WHERE account_id = $1 AND book = 'credit'
    GROUP BY currency
    HAVING sum(amount) <> 0
    ORDER BY currency LIMIT 20";

/// What the account owes and is owed, per currency.
pub async fn balances(reader: &mut Reader<InAccount>) -> Result<Vec<Balance>> {
    let (account, now) = (reader.account().clone(), reader.now().0);
    let owed: Vec<(String, i64, i64)> = reader.conn().all(OWED, args![account.as_str(), now]).await?;
    let credits: Vec<(String, i64)> = reader.conn().all(CREDITS, args![account.as_str()]).await?;
    let mut currencies: Vec<&String> =
        owed.iter().map(|(of, ..)| of).chain(credits.iter().map(|(of, _)| of)).collect();
    currencies.sort();
    currencies.dedup();
    let of = |currency: &String| {
        let money = |cents| Money { cents, currency: currency.clone() };
        let (open, overdue) =
            owed.iter().find(|(of, ..)| of == currency).map_or((0, 0), |(_, open, late)| (*open, *late));
        let credit = credits.iter().find(|(of, _)| of == currency).map_or(0, |(_, credit)| *credit);
        Balance { open: money(open), overdue: money(overdue), credit: money(credit) }
    };
    Ok(currencies.into_iter().map(of).collect())
}

// What an entry did to what the account owes, and what it owed then.
const STATEMENT: &str = r"SELECT at, says, invoice, amount, currency, sum(amount) OVER (PARTITION BY currency ORDER BY at, entry) AS balance
    FROM (SELECT entry_id AS entry, min(created_at) AS at, min(says) AS says, max(invoice_id) AS invoice, currency,
            sum(CASE WHEN book IN ('receivable', 'credit') THEN amount ELSE 0 END) AS amount
        FROM ledger
        WHERE account_id = $1
        GROUP BY entry_id, currency) e
    ORDER BY at DESC, entry DESC LIMIT 500";

/// The newest entries of an account's ledger, each with what it did and what was owed then.
pub async fn statement(reader: &mut Reader<InAccount>) -> Result<Vec<StatementRow>> {
    type Tuple = (i64, String, Option<String>, i64, String, i64);
    let account = reader.account().clone();
    let rows: Vec<Tuple> = reader.conn().all(STATEMENT, args![account.as_str()]).await?;
    let row = |(at, says, invoice, amount, currency, balance): Tuple| StatementRow {
        at: Timestamp(at),
        says,
        invoice: invoice.map(InvoiceId::from),
        amount: Money { cents: amount, currency: currency.clone() },
        balance: Money { cents: balance, currency },
    };
    Ok(rows.into_iter().map(row).collect())
}

const PAYER: &str = r"SELECT a.name, a.street, a.postcode, a.city, a.region, a.country, a.tax_id, a.email, a.endpoint, a.reference,
        trim(coalesce(c.first_name, '') || ' ' || coalesce(c.last_name, '')) AS person, coalesce(c.company, '') AS company,
        coalesce(c.street, '') AS c_street, coalesce(c.postcode, '') AS c_postcode, coalesce(c.city, '') AS c_city,
        coalesce(c.region, '') AS c_region, coalesce(c.country, '') AS c_country, coalesce(c.email, '') AS c_email,
        c.id IS NOT NULL AS billing
    FROM accounts a
    LEFT JOIN contacts c ON c.id = a.billing_contact_id AND c.status = 'active'
    WHERE a.id = $1";

#[derive(FromRow)]
struct PayerRow {
    name: String,
    street: String,
    postcode: String,
    city: String,
    region: String,
    country: String,
    tax_id: String,
    email: String,
    endpoint: String,
    reference: String,
    person: String,
    company: String,
    c_street: String,
    c_postcode: String,
    c_city: String,
    c_region: String,
    c_country: String,
    c_email: String,
    billing: bool,
}

/// To whom an invoice of the account is addressed from now on (B1): the billing contact, with the account's address where
/// the contact has none, else the account.
pub async fn payer(conn: &mut Conn, account: &AccountId) -> Result<Party> {
    let row: Option<PayerRow> = conn.optional(PAYER, args![account.as_str()]).await?;
    let row = row.ok_or(AppError::NotFound)?;
    let own = !row.billing || (row.c_street.is_empty() && row.c_city.is_empty());
    let (street, postcode, city, region, country) = if own {
        (row.street, row.postcode, row.city, row.region, row.country)
    } else {
        (row.c_street, row.c_postcode, row.c_city, row.c_region, row.c_country)
    };
    let name = [row.company, row.name.clone()].into_iter().find(|name| !name.is_empty()).unwrap_or_default();
    let (name, attention, email) =
        if row.billing { (name, row.person, row.c_email) } else { (row.name, String::new(), row.email) };
    let (tax_id, endpoint, reference) = (row.tax_id, row.endpoint, row.reference);
    Ok(Party { name, attention, street, postcode, city, region, country, tax_id, email, endpoint, reference })
}

/// Who sells, as the settings say. Without an address nothing can be issued.
pub async fn seller(conn: &mut Conn, name: &str) -> Result<Party> {
    let company = settings::company(conn).await?;
    let own = billing_settings(conn).await?;
    let whole = own.city.is_empty();
    Ok(Party {
        name: name.to_owned(),
        street: if whole { company.address } else { own.street },
        postcode: own.postcode,
        city: own.city,
        country: own.country,
        endpoint: own.endpoint,
        tax_id: company.tax_id,
        email: company.email,
        ..Party::default()
    })
}

const TEMPLATE: &str = "invoice_template";

/// The operator's own template of the PDF; nothing while the portal's is used.
pub async fn template(conn: &mut Conn) -> Result<Option<String>> {
    Ok(setting(conn, TEMPLATE).await?.filter(|text| !text.is_empty()))
}

/// Replaces it; empty for that of the portal.
pub async fn set_template<S>(tx: &mut Tx<S>, text: &str) -> Result<()> {
    settings::set(tx, TEMPLATE, text).await
}

const BILLING: &str = "billing";

/// How invoices are made and paid.
pub async fn billing_settings(conn: &mut Conn) -> Result<BillingSettings> {
    settings::read(conn, BILLING).await
}

/// Replaces how invoices are made and paid.
pub async fn set_billing_settings<S>(tx: &mut Tx<S>, new: &BillingSettings) -> Result<()> {
    settings::write(tx, BILLING, new).await
}

const DOCUMENTS: &str = r"SELECT number, document
    FROM invoices
    WHERE id IN (SELECT value FROM json_each($1)) AND document <> ''
    ORDER BY dated_at DESC, id DESC LIMIT 500";
const DOCUMENT: &str = "SELECT EXISTS (SELECT 1 FROM invoices WHERE document = $1) OR EXISTS (SELECT 1 FROM invoices WHERE xml = $1)";

/// Does an invoice name this document?
pub async fn names_document(conn: &mut Conn, hash: &str) -> Result<bool> {
    Ok(conn.value(DOCUMENT, args![hash]).await?)
}

// Only invoices are ever open.
const AGED: &str = r"SELECT currency, sum(CASE WHEN due_at >= $1 THEN total - paid - credited ELSE 0 END),
        sum(CASE WHEN due_at < $1 AND due_at >= $1 - 2592000000 THEN total - paid - credited ELSE 0 END),
        sum(CASE WHEN due_at < $1 - 2592000000 AND due_at >= $1 - 5184000000 THEN total - paid - credited ELSE 0 END),
        sum(CASE WHEN due_at < $1 - 5184000000 THEN total - paid - credited ELSE 0 END)
    FROM invoices
    WHERE status = 'open'
    GROUP BY currency
    ORDER BY currency LIMIT 20";

/// What customers owe, by how long it is overdue: currency; not yet, up to 30, up to 60 and more days, in minor units.
pub async fn aged(reader: &mut Reader<OfStaff>) -> Result<Vec<(String, [i64; 4])>> {
    let now = reader.now().0;
    let rows: Vec<(String, i64, i64, i64, i64)> = reader.conn().all(AGED, args![now]).await?;
    Ok(rows.into_iter().map(|(currency, a, b, c, d)| (currency, [a, b, c, d])).collect())
}

const TAX: &str = "SELECT tax FROM accounts WHERE id = $1";
const SET_TAX: &str = "UPDATE accounts SET tax = $2 WHERE id = $1";

/// Category and rate of the tax of what is billed for an account: its own, else the usual one.
pub async fn tax_of(
    conn: &mut Conn,
    account: &AccountId,
    settings: &BillingSettings,
) -> Result<(TaxCategory, i64)> {
    Ok(read_tax(&own_tax(conn, account).await?).unwrap_or_else(|| settings.usual_tax()))
}

/// Gives the account a tax of its own, as [`super::model::tax_key`] names it; none where it is empty. Returns what it had.
pub async fn set_tax(tx: &mut Tx<InAccount>, key: &str) -> Result<String> {
    let account = tx.account().clone();
    let before = own_tax(tx.conn(), &account).await?;
    tx.conn().execute(SET_TAX, args![account.as_str(), key]).await?;
    Ok(before)
}

/// The account's own tax, as [`super::model::tax_key`] names it; empty where it has the usual one.
pub async fn own_tax(conn: &mut Conn, account: &AccountId) -> Result<String> {
    Ok(conn.value(TAX, args![account.as_str()]).await?)
}

/// The e-invoice with this hash: UBL, as it was issued.
pub async fn e_invoice(app: &AppState, hash: &str) -> Result<Vec<u8>> {
    documents::read(app, hash, Format::Xml).await
}
