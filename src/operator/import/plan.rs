//! What the rows of a file say, and what each would change.

use super::model::{ImportKind, Report, RowError};
use super::read::{FileTable, RawRow};
use super::words;
use crate::category::{Categories, Category};
use crate::operator::products::model::cents;
use crate::permission::{Permission, Permissions, Preset};
use crate::platform::password;
use crate::types::{EmailAddress, Timestamp, country, line};
use std::collections::HashMap;

/// Mistakes that are kept of one file.
const MAX_ERRORS: usize = 20_000;

/// What a row changes.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// It is not there yet.
    New,
    /// It is there and differs: its id.
    Changed(String),
    /// It is there as it is.
    Same,
}

/// An account with its owner.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Customer {
    pub number: i64,
    pub name: String,
    pub owner: (String, String),
    pub email: String,
    /// Phone, street, postcode, city, region, country.
    pub place: [String; 6],
    pub password_hash: String,
}

/// A contact of an account.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlannedPerson {
    pub account: String,
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    pub company: String,
    pub phone: String,
    pub can_log_in: bool,
    pub permissions: String,
    pub mail: String,
    pub password_hash: String,
}

/// A service of an account.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlannedService {
    pub account: String,
    pub product: String,
    pub label: String,
    pub status: String,
    pub cents: i64,
    pub currency: String,
    pub cycle: String,
    pub next_due: Option<i64>,
    pub domain: String,
    pub server: String,
    pub login_name: String,
}

/// A domain of an account.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Domain {
    pub account: String,
    pub name: String,
    pub status: String,
    pub registered: i64,
    pub expires: i64,
    pub auto_renew: bool,
    pub locked: bool,
    pub nameservers: String,
}

/// What is there already.
#[derive(Default)]
pub struct Existing {
    /// By number: id, name, and the owner's address in small letters.
    pub accounts: HashMap<i64, (String, String, String)>,
    /// Numbers of accounts that were erased, or merged into another.
    pub ended: std::collections::HashSet<i64>,
    /// By number: what a row of the file could change.
    pub customers: HashMap<i64, Customer>,
    /// Addresses of staff in small letters.
    pub staff: std::collections::HashSet<String>,
    /// By account and address in small letters: id, whether it owns the account, and the rest.
    pub people: HashMap<(String, String), (String, bool, PlannedPerson)>,
    /// By account, product, label and domain.
    pub services: HashMap<(String, String, String, String), (String, PlannedService)>,
    /// By account and name.
    pub domains: HashMap<(String, String), (String, Domain)>,
}

/// What a file would change.
#[derive(Default)]
pub struct ImportPlan {
    /// Accounts.
    pub customers: Vec<(Change, Customer)>,
    /// Contacts.
    pub people: Vec<(Change, PlannedPerson)>,
    /// Services.
    pub services: Vec<(Change, PlannedService)>,
    /// Domains.
    pub domains: Vec<(Change, Domain)>,
    /// What was found.
    pub report: Report,
}

/// A row while it is read: what is wrong is noted under its column.
struct ReadRow<'a> {
    table: &'a FileTable,
    raw: &'a RawRow,
    errors: &'a mut Vec<RowError>,
    clean: bool,
}

impl ReadRow<'_> {
    fn wrong(&mut self, column: &str, reason: impl Into<String>) {
        self.clean = false;
        self.errors.push(RowError { line: self.raw.line, column: column.into(), reason: reason.into() });
    }

    fn cell(&self, name: &str) -> &str {
        self.table.cell(self.raw, name)
    }

    fn text(&mut self, name: &str, max: usize) -> String {
        let read = line(self.cell(name), max);
        read.unwrap_or_else(|message| {
            self.wrong(name, message);
            String::new()
        })
    }

    fn needed(&mut self, name: &str, max: usize) -> String {
        let text = self.text(name, max);
        if text.is_empty() && self.cell(name).is_empty() {
            self.wrong(name, words::E_NEEDED);
        }
        text
    }

    fn number(&mut self, name: &str) -> i64 {
        match self.cell(name).parse::<i64>() {
            Ok(number) if (1..=999_999_999).contains(&number) => number,
            _ => {
                self.wrong(name, words::E_NUMBER);
                0
            }
        }
    }

    fn email(&mut self) -> String {
        match EmailAddress::parse(self.cell("email")) {
            Ok(email) => email.to_string(),
            Err(message) => {
                self.wrong("email", message);
                String::new()
            }
        }
    }

    fn yes(&mut self, name: &str) -> bool {
        match self.cell(name).to_lowercase().as_str() {
            "yes" | "y" | "true" | "1" | "on" => true,
            "" | "no" | "n" | "false" | "0" | "off" => false,
            _ => {
                self.wrong(name, words::E_BOOLEAN);
                false
            }
        }
    }

    fn hash(&mut self) -> String {
        let hash = self.cell("password_hash").to_owned();
        let known = hash.is_empty() || password::is_bcrypt(&hash) || hash.starts_with("$argon2id$");
        if !known || hash.len() > 200 {
            self.wrong("password_hash", words::E_HASH);
        }
        hash
    }

    /// One of these words, the first where there is none.
    fn one_of(&mut self, name: &str, all: &[&'static str], why: &str) -> String {
        let typed = self.cell(name).to_lowercase();
        let found = all.iter().find(|one| **one == typed || typed.is_empty());
        if found.is_none() {
            self.wrong(name, why);
        }
        found.map(|one| (*one).to_owned()).unwrap_or_default()
    }

    /// A day as 2026-11-30 or, from a spreadsheet, 30.11.2026.
    fn day(&mut self, name: &str) -> Option<i64> {
        let typed = self.cell(name);
        if typed.is_empty() {
            return None;
        }
        let turned = match typed.split('.').collect::<Vec<_>>().as_slice() {
            [day, month, year] => format!("{year}-{month:0>2}-{day:0>2}"),
            _ => typed.to_owned(),
        };
        let day = Timestamp::parse_day(&turned);
        if day.is_none() {
            self.wrong(name, words::E_DATE);
        }
        day.map(|day| day.0)
    }

    fn cents(&mut self, name: &str) -> i64 {
        let typed = self.cell(name);
        // Spreadsheets leave out a zero before the point, and the whole of it.
        let bare = typed.is_empty() || typed.starts_with(['.', ',']);
        let read = if bare { cents(&format!("0{typed}")) } else { cents(typed) };
        read.unwrap_or_else(|| {
            self.wrong(name, words::E_PRICE);
            0
        })
    }

    fn permissions(&mut self) -> String {
        let typed = self.cell("permissions").to_lowercase();
        if let Some(set) = Preset::from_key(&typed).and_then(Preset::permissions) {
            return set.keys();
        }
        let mut set = Permissions::NONE;
        for key in typed.split([' ', ',', ';', '|']).filter(|key| !key.is_empty()) {
            match Permission::from_key(key) {
                Some(permission) => set.set(permission, true),
                None => {
                    let key: String = key.chars().take(60).collect();
                    self.wrong("permissions", words::e_permission(&key));
                }
            }
        }
        set.keys()
    }

    fn mail(&mut self) -> String {
        let typed = self.cell("mail").to_lowercase();
        let keys: Vec<&str> = typed.split([' ', ',', ';', '|']).filter(|key| !key.is_empty()).collect();
        for key in &keys {
            if Category::from_key(key).is_none() {
                self.wrong("mail", words::e_category(&key.chars().take(60).collect::<String>()));
            }
        }
        Categories::from_keys(keys).column()
    }
}

/// Says what a file would change.
pub fn plan(
    kind: ImportKind,
    table: &FileTable,
    existing: &Existing,
    mut errors: Vec<RowError>,
) -> ImportPlan {
    let mut plan = ImportPlan::default();
    let mut seen: HashMap<String, u64> = HashMap::new();
    for raw in &table.rows {
        let mut row = ReadRow { table, raw, errors: &mut errors, clean: true };
        plan.report.rows += 1;
        let key = match kind {
            ImportKind::Customers => customer(&mut row, existing, &mut plan),
            ImportKind::Contacts => person(&mut row, existing, &mut plan),
            ImportKind::Services => service(&mut row, existing, &mut plan),
            ImportKind::Domains => domain(&mut row, existing, &mut plan),
        };
        if let Some((column, key)) = key
            && let Some(first) = seen.insert(key.to_lowercase(), raw.line)
        {
            row.wrong(column, words::same_as(&first));
        }
    }
    let all = plan.customers.iter().map(|(change, _)| change);
    let all = all.chain(plan.people.iter().map(|(change, _)| change));
    let all = all.chain(plan.services.iter().map(|(change, _)| change));
    for change in all.chain(plan.domains.iter().map(|(change, _)| change)) {
        match change {
            Change::New => plan.report.new += 1,
            Change::Changed(_) => plan.report.changed += 1,
            Change::Same => plan.report.same += 1,
        }
    }
    plan.report.wrong = u64::try_from(errors.len()).unwrap_or(u64::MAX);
    errors.sort_by_key(|error| error.line);
    errors.truncate(MAX_ERRORS);
    plan.report.errors = errors;
    plan
}

/// The column that tells rows apart, and what stands in it.
type RowKey = Option<(&'static str, String)>;

fn customer(row: &mut ReadRow<'_>, existing: &Existing, plan: &mut ImportPlan) -> RowKey {
    let number = row.number("number");
    let (first, last) = (row.text("first_name", 100), row.text("last_name", 100));
    let company = row.text("company", 200);
    let email = row.email();
    let code = row.cell("country").to_uppercase();
    if !code.is_empty() && country::name(&code).is_none() {
        row.wrong("country", words::E_COUNTRY);
    }
    let place = [
        row.text("phone", 50),
        row.text("street", 200),
        row.text("postcode", 20),
        row.text("city", 100),
        row.text("region", 100),
        code,
    ];
    let password_hash = row.hash();
    let name = if company.is_empty() { format!("{first} {last}").trim().to_owned() } else { company };
    if name.is_empty() {
        row.wrong("company", words::E_NAME);
    }
    if existing.staff.contains(&email.to_ascii_lowercase()) {
        row.wrong("email", words::E_STAFF);
    }
    let mut item = Customer { number, name, owner: (first, last), email, place, password_hash };
    if existing.ended.contains(&number) {
        row.wrong("number", words::E_ENDED);
    }
    let known = existing.customers.get(&number);
    if let Some((_, _, owner)) = existing.accounts.get(&number)
        && *owner != item.email.to_ascii_lowercase()
        && row.clean
    {
        row.wrong("email", words::E_OWNER_CHANGED);
    }
    if row.clean {
        let change = match known {
            None => Change::New,
            Some(known) => {
                // The address and the password are the owner's to change once they are here.
                let hash = std::mem::take(&mut item.password_hash);
                let same = (&known.name, &known.place) == (&item.name, &item.place);
                item.password_hash = hash;
                let id = existing.accounts.get(&number).map(|(id, ..)| id.clone()).unwrap_or_default();
                if same { Change::Same } else { Change::Changed(id) }
            }
        };
        plan.customers.push((change, item));
    }
    (number > 0).then(|| ("number", number.to_string()))
}

/// The account that a row names.
fn account_of(row: &mut ReadRow<'_>, existing: &Existing) -> String {
    let number = row.cell("account").parse::<i64>().unwrap_or_default();
    match existing.accounts.get(&number) {
        Some((id, ..)) => id.clone(),
        None => {
            let ended = existing.ended.contains(&number);
            row.wrong("account", if ended { words::E_ENDED } else { words::E_ACCOUNT });
            String::new()
        }
    }
}

fn compared<T: PartialEq>(known: Option<(&String, &T)>, item: &T) -> Change {
    match known {
        None => Change::New,
        Some((_, known)) if known == item => Change::Same,
        Some((id, _)) => Change::Changed(id.clone()),
    }
}

fn person(row: &mut ReadRow<'_>, existing: &Existing, plan: &mut ImportPlan) -> RowKey {
    let account = account_of(row, existing);
    let email = row.email();
    let item = PlannedPerson {
        first_name: row.text("first_name", 100),
        last_name: row.text("last_name", 100),
        company: row.text("company", 200),
        phone: row.text("phone", 50),
        can_log_in: row.yes("can_log_in"),
        permissions: row.permissions(),
        mail: row.mail(),
        password_hash: row.hash(),
        account: account.clone(),
        email: email.clone(),
    };
    if item.first_name.is_empty() && item.last_name.is_empty() && item.company.is_empty() {
        row.wrong("first_name", words::E_NAME);
    }
    let key = (account.clone(), email.to_ascii_lowercase());
    if existing.staff.contains(&key.1) && item.can_log_in {
        row.wrong("email", words::E_STAFF);
    }
    let known = existing.people.get(&key);
    if known.is_some_and(|(_, is_owner, _)| *is_owner) {
        row.wrong("email", words::E_OWNER);
    }
    if row.clean {
        // The password is theirs to change once they are here.
        let compare = PlannedPerson { password_hash: String::new(), email: key.1.clone(), ..item.clone() };
        let change = compared(known.map(|(id, _, known)| (id, known)), &compare);
        plan.people.push((change, item));
    }
    (!account.is_empty() && !email.is_empty()).then(|| ("email", format!("{account} {email}")))
}

fn service(row: &mut ReadRow<'_>, existing: &Existing, plan: &mut ImportPlan) -> RowKey {
    let account = account_of(row, existing);
    let currency = match row.cell("currency") {
        "" => "EUR".to_owned(),
        code if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_alphabetic()) => code.to_uppercase(),
        _ => {
            row.wrong("currency", words::E_CURRENCY);
            String::new()
        }
    };
    let item = PlannedService {
        account: account.clone(),
        product: row.needed("product", 200),
        label: row.text("label", 200),
        status: row.one_of("status", &["active", "pending", "suspended", "cancelled"], words::E_STATUS),
        cents: row.cents("price"),
        currency,
        cycle: row.one_of("cycle", &["monthly", "once", "quarterly", "yearly"], words::E_CYCLE),
        next_due: row.day("next_due"),
        domain: row.text("domain", 253).to_lowercase(),
        server: row.text("server", 253),
        login_name: row.text("login_name", 100),
    };
    let key = (account, item.product.clone(), item.label.clone(), item.domain.clone());
    let told = format!("{} {} {} {}", key.0, key.1, key.2, key.3);
    if row.clean {
        let change = compared(existing.services.get(&key).map(|(id, known)| (id, known)), &item);
        plan.services.push((change, item));
    }
    Some(("product", told))
}

fn domain(row: &mut ReadRow<'_>, existing: &Existing, plan: &mut ImportPlan) -> RowKey {
    let account = account_of(row, existing);
    let name = row.needed("domain", 253).to_lowercase();
    let good = |c: char| c.is_alphanumeric() || c == '-' || c == '.';
    if !name.is_empty() && (!name.contains('.') || !name.chars().all(good)) {
        row.wrong("domain", words::E_DOMAIN);
    }
    let expires = row.day("expires");
    if expires.is_none() && row.cell("expires").is_empty() {
        row.wrong("expires", words::E_NEEDED);
    }
    let registered = row.day("registered");
    let item = Domain {
        account: account.clone(),
        name: name.clone(),
        status: row.one_of("status", &["active", "pending", "expired", "cancelled"], words::E_STATUS),
        registered: registered.unwrap_or_default(),
        expires: expires.unwrap_or_default(),
        auto_renew: row.yes("auto_renew"),
        locked: row.yes("locked"),
        nameservers: row.text("nameservers", 1_000).split_whitespace().collect::<Vec<_>>().join("\n"),
    };
    let key = (account, name);
    let told = format!("{} {}", key.0, key.1);
    if row.clean {
        let change = compared(existing.domains.get(&key).map(|(id, known)| (id, known)), &item);
        plan.domains.push((change, item));
    }
    Some(("domain", told))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operator::import::read;

    fn of(kind: ImportKind, text: &str, existing: &Existing) -> ImportPlan {
        let mut errors = Vec::new();
        let table = read::read(kind, text.as_bytes(), &mut errors).unwrap();
        plan(kind, &table, existing, errors)
    }

    #[test]
    fn every_mistake_is_named_with_its_line_and_column() {
        let text = "number,email,company,country,password_hash\n\
            0,a@b.example,A,,\n1,nobody,A,,\n2,c@d.example,,XX,\n3,e@f.example,E,,secret\n4,g@h.example,G,DE,\n4,i@j.example,I,,\n";
        let plan = of(ImportKind::Customers, text, &Existing::default());
        let found: Vec<(u64, &str)> =
            plan.report.errors.iter().map(|error| (error.line, error.column.as_str())).collect();
        assert_eq!(
            found,
            [
                (2, "number"),
                (3, "email"),
                (4, "country"),
                (4, "company"),
                (5, "password_hash"),
                (7, "number")
            ]
        );
        assert_eq!((plan.report.rows, plan.report.wrong), (6, 6));
    }

    #[test]
    fn a_thousand_mistakes_are_all_told() {
        let rows: String = (0..1_000).map(|n| format!("{n},x{n},A\n")).collect();
        let plan = of(ImportKind::Customers, &format!("number,email,company\n{rows}"), &Existing::default());
        assert_eq!(plan.report.errors.len(), 1_001, "one number is wrong, and every address");
    }

    #[test]
    fn what_belongs_to_a_customer_names_one() {
        let mut existing = Existing::default();
        existing.accounts.insert(7, ("id".into(), "Nord".into(), "nora@nord.example".into()));
        let owner = PlannedPerson {
            account: "id".into(),
            email: "nora@nord.example".into(),
            ..PlannedPerson::default()
        };
        existing.people.insert(("id".into(), "nora@nord.example".into()), ("c".into(), true, owner));
        let text = "account,email,first_name,permissions,mail,can_log_in\n\
            8,a@b.example,A,,,\n7,Nora@nord.example,N,,,\n7,b@c.example,B,fly,post,perhaps\n7,c@d.example,C,accounting,invoice,yes\n";
        let plan = of(ImportKind::Contacts, text, &existing);
        let found: Vec<(u64, &str)> =
            plan.report.errors.iter().map(|error| (error.line, error.column.as_str())).collect();
        assert_eq!(found, [(2, "account"), (3, "email"), (4, "can_log_in"), (4, "permissions"), (4, "mail")]);
        assert_eq!(plan.people[0].1.permissions, Preset::Accounting.permissions().unwrap().keys());
    }

    #[test]
    fn who_was_erased_does_not_come_back_with_a_file() {
        let existing = Existing { ended: [7].into(), ..Existing::default() };
        let reasons =
            |plan: &ImportPlan| plan.report.errors.iter().map(|e| e.reason.clone()).collect::<Vec<_>>();
        let customers = of(ImportKind::Customers, "number,email,company\n7,a@b.example,Nord\n", &existing);
        assert_eq!(reasons(&customers), [words::E_ENDED]);
        let domains = of(
            ImportKind::Domains,
            "account,domain,registered,expires\n7,nord.example,2019-03-01,2027-03-01\n",
            &existing,
        );
        assert_eq!(reasons(&domains), [words::E_ENDED]);
        assert!(customers.customers.is_empty() && domains.domains.is_empty());
    }

    #[test]
    fn prices_and_days_are_read_as_spreadsheets_write_them() {
        let mut existing = Existing::default();
        existing.accounts.insert(7, ("id".into(), "Nord".into(), String::new()));
        let text = "account;product;price;next_due\n7;Hosting;12,9;30.11.2026\n7;Mail;1000;2026-02-28\n7;X;1.234;2026-02-30\n";
        let plan = of(ImportKind::Services, text, &existing);
        let prices: Vec<i64> = plan.services.iter().map(|(_, service)| service.cents).collect();
        assert_eq!(prices, [1_290, 100_000]);
        assert_eq!(plan.services[0].1.next_due, Timestamp::parse_day("2026-11-30").map(|day| day.0));
        assert_eq!(plan.report.wrong, 2);
    }
}
