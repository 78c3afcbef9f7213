//! SQL of the recipient rule: who is on an account, what each chose, and sending by the rule.

use super::model::{
    Event, Failing, LAST_DOMAIN_RECIPIENT, MailChoice, Main, People, Person, Reason, Recipient, offered,
    recipients,
};
use super::words;
use crate::access::given::MailPolicy;
use crate::access::{Open, Reader, System, Tx};
use crate::category::{Categories, Category};
use crate::error::{AppError, FormErrors, Result};
use crate::paths;
use crate::permission::Permissions;
use crate::platform::db::{Conn, FromRow, JSON_ARRAY, Truth, args, internal, made_statements};
use crate::platform::token::Key;
use crate::types::{AccountId, COUNTED, ContactId, Timestamp};
use futures::future::BoxFuture;
use std::collections::BTreeMap;
use std::sync::LazyLock;

const ACCOUNT: &str = r"SELECT a.name, a.email, a.mail, a.billing_contact_id, a.billing_only, a.no_copies, f.since,
        f.reason
    FROM accounts a
    LEFT JOIN undeliverable f ON f.account_id = a.id AND f.email_key = lower(a.email)
    WHERE a.id = $1";
/// Everybody who gets some mail, and the billing contact.
static CONTACTS: LazyLock<String> = LazyLock::new(|| contacts_sql("contacts c", words::C_MAIL_OR_C_ID, ""));
/// As many as decide about one contact and one address: both, the billing contact, and two who get domain
/// mail.
static CONTACTS_AROUND: LazyLock<String> = LazyLock::new(|| {
    let picked = "(SELECT $2 AS id UNION SELECT $3 UNION SELECT id FROM contacts WHERE account_id = $1 AND email_key = $4 UNION \
        SELECT id FROM (SELECT id FROM contacts WHERE account_id = $1 AND status = 'active' AND instr(mail, 'domain') > 0 ORDER BY name_key, id LIMIT 2) d) picked \
        CROSS JOIN contacts c";
    contacts_sql(picked, "c.id = picked.id", "")
});
/// A page of those who get mail of a category, and how many there are.
static PAGES: LazyLock<BTreeMap<&'static str, (String, String)>> = LazyLock::new(|| {
    let of = |category: Category| {
        let key = category.key();
        let gets = format!("c.status = 'active' AND instr(c.mail, '{key}') > 0");
        // Behind the contact at `$2`; an empty id is before everybody.
        let behind = words::AND_C_NAME_KEY_C;
        let page = contacts_sql("contacts c", &format!("{gets} {behind}"), words::LIMIT_3);
        let count = format!(
            r"SELECT count(*)
                FROM (SELECT 1 FROM contacts c WHERE c.account_id = $1 AND {gets} LIMIT $2) AS some"
        );
        (key, (page, count))
    };
    Category::ALL.into_iter().map(of).collect()
});

fn contacts_sql(from: &str, which: &str, limit: &str) -> String {
    format!(
        r"SELECT {JSON_ARRAY}(id, name, email, active, mail, since, reason))
                FROM (SELECT c.id, trim(c.first_name || ' ' || c.last_name || CASE WHEN c.first_name
                || c.last_name = '' THEN c.company ELSE '' END) AS name, c.email, c.status = 'active'
                AS active, c.mail, f.since, f.reason
            FROM {from}
            LEFT JOIN undeliverable f ON f.account_id = c.account_id AND f.email_key = c.email_key
            WHERE c.account_id = $1 AND {which}
            ORDER BY c.name_key, c.id {limit})"
    )
}
made_statements!(|| [CONTACTS.clone(), CONTACTS_AROUND.clone()]
    .into_iter()
    .chain(PAGES.values().flat_map(|(page, count)| [page.clone(), count.clone()]))
    .collect());

// Who has the main address chooses for it, too: with a login whose verified address it is, or, `$2`, with the
// link that was mailed there.
const OF_CONTACT: &str = r"SELECT c.account_id AS account, a.name, c.email, c.mail, c.is_owner, c.permissions, CASE
        WHEN lower(a.email) = c.email_key AND ($2 OR u.email_key = c.email_key) THEN a.mail END AS main,
        c.version + CASE WHEN lower(a.email) = c.email_key THEN a.version ELSE 0 END AS version
    FROM contacts c
    JOIN accounts a ON a.id = c.account_id
    LEFT JOIN users u ON u.id = c.user_id AND u.verified_at IS NOT NULL
    WHERE c.id = $1 AND c.status = 'active' AND a.status = 'active'";
const OF_ACCOUNT: &str = r"SELECT id AS account, name, email, mail, FALSE AS is_owner, '' AS permissions,
        mail AS main, version
    FROM accounts
    WHERE id = $1 AND status = 'active'";
// Whether somebody gets it, and whether it reaches one of them. Not materialized: neither looks at more people than it takes.
const SOMEBODY: &str = r"WITH gets AS NOT MATERIALIZED (SELECT lower(a.email) AS email_key
        FROM accounts a
        WHERE a.id = $1 AND instr(a.mail, 'domain') > 0
        UNION ALL SELECT c.email_key
        FROM contacts c
        WHERE c.account_id = $1 AND c.status = 'active' AND instr(c.mail, 'domain') > 0 AND c.id <> $2)
    SELECT EXISTS (SELECT 1 FROM gets), EXISTS (SELECT 1 FROM gets
        WHERE NOT EXISTS (SELECT 1 FROM undeliverable f
            WHERE f.account_id = $1 AND f.email_key = gets.email_key))";
const SET_CONTACT: &str =
    "UPDATE contacts SET mail = $2, updated_at = $3, version = version + 1 WHERE id = $1";
const SET_MAIN: &str =
    "UPDATE accounts SET mail = $3, version = version + 1 WHERE id = $1 AND lower(email) = $2";
const CONTACT_OF: &str =
    "SELECT id FROM contacts WHERE account_id = $1 AND email_key = $2 AND status = 'active'";
const MAIN_OF: &str = "SELECT id FROM accounts WHERE id = $1 AND lower(email) = $2";

/// Everything about an account that decides who gets its mail.
pub async fn people(conn: &mut Conn, account: &AccountId) -> Result<People> {
    let mut people = account_of(conn, account).await?;
    let billing = people.billing.clone();
    let args = args![account.as_str(), billing.as_ref().map(ContactId::as_str)];
    people.contacts = read_contacts(conn.value(CONTACTS.as_str(), args).await?)?;
    Ok(people)
}

/// As much of it as decides about one contact and one address, whatever the number of contacts.
pub async fn people_around(
    conn: &mut Conn,
    account: &AccountId,
    contact: Option<&ContactId>,
    email: &str,
) -> Result<People> {
    let mut people = account_of(conn, account).await?;
    let billing = people.billing.clone();
    let args = args![
        account.as_str(),
        billing.as_ref().map(ContactId::as_str),
        contact.map(ContactId::as_str),
        email.trim().to_ascii_lowercase()
    ];
    people.contacts = read_contacts(conn.value(CONTACTS_AROUND.as_str(), args).await?)?;
    Ok(people)
}

#[derive(FromRow)]
struct AccountRow {
    name: String,
    email: String,
    mail: String,
    billing_contact_id: Option<String>,
    billing_only: bool,
    no_copies: bool,
    since: Option<i64>,
    reason: Option<String>,
}

/// The account itself, without its contacts.
async fn account_of(conn: &mut Conn, account: &AccountId) -> Result<People> {
    let row: Option<AccountRow> = conn.optional(ACCOUNT, args![account.as_str()]).await?;
    let row = row.ok_or(AppError::NotFound)?;
    Ok(People {
        main: Main {
            name: row.name,
            email: row.email,
            mail: Categories::from_column(&row.mail),
            no_copies: row.no_copies,
            failing: failing(row.since, row.reason),
        },
        contacts: Vec::new(),
        billing: row.billing_contact_id.map(ContactId::from),
        billing_only: row.billing_only,
    })
}

/// A problem as a row holds it.
pub fn failing(since: Option<i64>, reason: Option<String>) -> Option<Failing> {
    Some(Failing { since: Timestamp(since?), reason: reason? })
}

/// A contact as its JSON array has it.
#[derive(serde::Deserialize)]
struct PersonRow {
    id: ContactId,
    name: String,
    email: String,
    active: Truth,
    mail: String,
    since: Option<i64>,
    reason: Option<String>,
}

fn read_contacts(json: String) -> Result<Vec<Person>> {
    let rows: Vec<PersonRow> = serde_json::from_str(&json).map_err(|error| internal(&error))?;
    let person = |row: PersonRow| Person {
        id: row.id,
        name: row.name,
        email: row.email,
        active: row.active.0,
        mail: Categories::from_column(&row.mail),
        failing: failing(row.since, row.reason),
    };
    Ok(rows.into_iter().map(person).collect())
}

/// Some of those who get mail about an event, by the rule itself, from the contact after `after` on; how many
/// there are in all; and the contact after whom they go on.
pub async fn page(
    conn: &mut Conn,
    account: &AccountId,
    event: &Event,
    after: Option<&ContactId>,
    rows: usize,
) -> Result<Part> {
    let main = account_of(conn, account).await?.main.email;
    let mut people = people_around(conn, account, None, &main).await?;
    let category = event.category();
    // Those before whom everybody else stands: the main address, the billing contact, the opener.
    let head: Vec<Recipient> = recipients(event, &people)
        .into_iter()
        .filter(|recipient| recipient.reason != Reason::Chosen)
        .collect();
    let chosen = match event {
        Event::Notice(_) => true,
        Event::Invoice => !people.billing_only,
        Event::TicketWritten | Event::TicketAnswered(_) => false,
    };
    if !chosen {
        let total = i64::try_from(head.len()).unwrap_or_default();
        return Ok(Part { who: if after.is_none() { head } else { Vec::new() }, total, next: None });
    }
    let (page, count) = &PAGES[category.key()];
    let limit = i64::try_from(rows + 1).unwrap_or(i64::MAX);
    let args = args![account.as_str(), after.map(ContactId::as_str).unwrap_or_default(), limit];
    let mut found = read_contacts(conn.value(page.as_str(), args).await?)?;
    let more = found.len() > rows;
    found.truncate(rows);
    let next = found.last().map(|last| last.id.clone()).filter(|_| more);
    let count: i64 = conn.value(count.as_str(), args![account.as_str(), COUNTED + 1]).await?;
    // Whoever stands at the head stands there only, also as a contact.
    let twice = people.contacts.iter().filter(|person| {
        person.active
            && person.mail.has(category)
            && head.iter().any(|recipient| recipient.email.eq_ignore_ascii_case(&person.email))
    });
    let total = count + i64::try_from(head.len()).unwrap_or_default()
        - i64::try_from(twice.count()).unwrap_or_default();
    let among = |person: &Person| found.iter().any(|known| known.id == person.id);
    people.contacts.retain(|person| people.billing.as_ref() == Some(&person.id) && !among(person));
    // Read for the head: as a contact they stand on another page, or on none.
    people.contacts.iter_mut().for_each(|billing| billing.mail = Categories::default());
    people.contacts.extend(found);
    let mut who = recipients(event, &people);
    if after.is_some() {
        who.retain(|recipient| recipient.reason == Reason::Chosen);
    }
    Ok(Part { who, total: total.min(COUNTED + 1), next })
}

/// A part of those who get mail about an event, see [`page`].
pub struct Part {
    /// They.
    pub who: Vec<Recipient>,
    /// How many there are in all; at most one more than [`COUNTED`].
    pub total: i64,
    /// The contact after whom they go on.
    pub next: Option<ContactId>,
}

/// Does an address get mail of a category of an account today, whatever happens?
pub async fn gets(conn: &mut Conn, account: &AccountId, category: Category, email: &str) -> Result<bool> {
    let people = people_around(conn, account, None, email).await?;
    let opener = people
        .contacts
        .iter()
        .find(|person| person.email.eq_ignore_ascii_case(email))
        .map(|person| person.id.clone());
    let mut events = Event::all(opener).into_iter().filter(|event| event.category() == category);
    Ok(events.any(|event| {
        recipients(&event, &people).iter().any(|recipient| recipient.email.eq_ignore_ascii_case(email))
    }))
}

/// Does somebody get domain mail without this contact: anybody at all, and anybody whom it reaches?
async fn domain_recipients(conn: &mut Conn, account: &AccountId, contact: &str) -> Result<(bool, bool)> {
    Ok(conn.one(SOMEBODY, args![account.as_str(), contact]).await?)
}

/// Would mail about domains reach somebody without this contact?
pub async fn somebody_else_gets_domain_mail(
    conn: &mut Conn,
    account: &AccountId,
    contact: &str,
) -> Result<bool> {
    Ok(domain_recipients(conn, account, contact).await?.1)
}

/// Refuses a change that has been made in this transaction when nobody is left whom domain mail reaches (M3):
/// addresses that fail do not count (M9), unless it was so before. `field` is where to say so.
///
/// # Errors
/// [`AppError::Invalid`] beside the field, or [`AppError::Conflict`] without one.
pub async fn somebody_gets_domain_mail<S>(
    tx: &mut Tx<S>,
    account: &AccountId,
    field: Option<&str>,
) -> Result<()> {
    let (anybody, reached) = domain_recipients(tx.conn(), account, "").await?;
    if reached {
        return Ok(());
    }
    // Whoever changes something else is not to blame for addresses that fail.
    let mut before = System::of(&tx.app().clone()).read().await?;
    if anybody && !domain_recipients(before.conn(), account, "").await?.1 {
        return Ok(());
    }
    drop(before);
    match field {
        Some(field) => {
            let mut errors = FormErrors::default();
            errors.add(field, LAST_DOMAIN_RECIPIENT);
            Err(AppError::Invalid(errors))
        }
        None => Err(AppError::Conflict(LAST_DOMAIN_RECIPIENT.into())),
    }
}

/// Whose mail a link is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkHolder {
    /// A contact.
    Contact(ContactId),
    /// The main address of an account.
    Main(AccountId),
}

impl LinkHolder {
    /// As a column and a link hold it: a letter and the id.
    pub fn column(&self) -> String {
        let (kind, id) = self.parts();
        format!("{kind}{id}")
    }

    /// Reads [`Self::column`].
    pub fn from_column(column: &str) -> Option<Self> {
        let (kind, id) = column.split_at_checked(1)?;
        match kind {
            "c" => ContactId::parse(id).map(Self::Contact),
            "a" => AccountId::parse(id).map(Self::Main),
            _ => None,
        }
    }

    fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::Contact(id) => ("c", id.as_str()),
            Self::Main(id) => ("a", id.as_str()),
        }
    }
}

/// Letters of the signature in a link: 132 bits.
const SIGNED: usize = 22;

fn signature(key: &Key, holder: &LinkHolder, email: &str) -> String {
    let (kind, id) = holder.parts();
    key.derive(&["preferences", kind, id, &email.to_ascii_lowercase()])[..SIGNED].to_owned()
}

/// The secret of the link to somebody's choice: signed, not stored, and worth nothing once the address is
/// another one.
pub fn token(key: &Key, holder: &LinkHolder, email: &str) -> String {
    format!("{}{}", holder.column(), signature(key, holder, email))
}

/// Whose choice decides about mail of an account to an address; `None` for somebody who is neither a contact
/// nor the main address.
pub async fn holder_of(conn: &mut Conn, account: &AccountId, email: &str) -> Result<Option<LinkHolder>> {
    let address = email.to_ascii_lowercase();
    let contact: Option<String> = conn.optional_value(CONTACT_OF, args![account.as_str(), &address]).await?;
    if let Some(contact) = contact {
        return Ok(Some(LinkHolder::Contact(contact.into())));
    }
    let main: Option<String> = conn.optional_value(MAIN_OF, args![account.as_str(), &address]).await?;
    Ok(main.map(|main| LinkHolder::Main(main.into())))
}

/// What people chose, as the outbox asks for it.
pub struct Choices;

impl MailPolicy for Choices {
    fn chooser<'a>(
        &'a self,
        conn: &'a mut Conn,
        account: &'a AccountId,
        email: &'a str,
    ) -> BoxFuture<'a, Result<Option<String>>> {
        Box::pin(async move { Ok(holder_of(conn, account, email).await?.map(|holder| holder.column())) })
    }

    fn wants<'a>(
        &'a self,
        conn: &'a mut Conn,
        account: &'a AccountId,
        category: Category,
        email: &'a str,
    ) -> BoxFuture<'a, Result<bool>> {
        Box::pin(gets(conn, account, category, email))
    }

    fn instead<'a>(
        &'a self,
        conn: &'a mut Conn,
        account: &'a AccountId,
        category: Category,
    ) -> BoxFuture<'a, Result<Option<(String, String, String)>>> {
        Box::pin(async move {
            let event = match category {
                Category::Domain => Event::Notice(category),
                Category::Invoice => Event::Invoice,
                _ => return Ok(None),
            };
            let people = people(conn, account).await?;
            let all = recipients(&event, &people);
            let Some(main) = all.into_iter().find(|one| one.reason == Reason::Fallback) else {
                return Ok(None);
            };
            let holder = holder_of(conn, account, &main.email).await?;
            Ok(Some((main.name, main.email, holder.map(|one| one.column()).unwrap_or_default())))
        })
    }

    fn links(&self, key: &Key, chooser: &str, email: &str) -> Option<(String, String)> {
        let token = token(key, &LinkHolder::from_column(chooser)?, email);
        Some((paths::preferences(&token), paths::unsubscribe(&token)))
    }
}

/// Whose choice it is, on which account, and what it is.
pub struct FoundHolder {
    /// Whose.
    pub holder: LinkHolder,
    /// The account.
    pub account: AccountId,
    /// The choice.
    pub choice: MailChoice,
}

/// What a link leads to; `None` for one that does not work, or no longer.
pub async fn find(conn: &mut Conn, key: &Key, secret: &str) -> Result<Option<FoundHolder>> {
    if secret.len() != 1 + 26 + SIGNED || !secret.is_ascii() {
        return Ok(None);
    }
    let Some(holder) = LinkHolder::from_column(&secret[..27]) else { return Ok(None) };
    let Some(found) = choice_of(conn, holder, ChoiceWay::Link).await? else { return Ok(None) };
    // Compared by their digests, so that the time it takes says nothing about where they differ.
    if crate::platform::token::hash(&secret[27..])
        != crate::platform::token::hash(&signature(key, &found.holder, &found.choice.email))
    {
        return Ok(None);
    }
    // The main address has become a contact meanwhile: its choice counts.
    let contact: Option<String> = match found.holder {
        LinkHolder::Main(_) => {
            let email = found.choice.email.to_ascii_lowercase();
            conn.optional_value(CONTACT_OF, args![found.account.as_str(), email]).await?
        }
        LinkHolder::Contact(_) => None,
    };
    match contact {
        Some(contact) => choice_of(conn, LinkHolder::Contact(contact.into()), ChoiceWay::Link).await,
        None => Ok(Some(found)),
    }
}

/// How somebody came to their choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChoiceWay {
    /// With a login.
    Login,
    /// With the link that was mailed to the address.
    Link,
}

#[derive(FromRow)]
struct LinkHolderRow {
    account: String,
    name: String,
    email: String,
    mail: String,
    is_owner: bool,
    permissions: String,
    main: Option<String>,
    version: i64,
}

/// What a holder has chosen; `None` for one who is closed or gone. Somebody who has the account's main
/// address, and proved it, chooses for both.
pub async fn choice_of(conn: &mut Conn, holder: LinkHolder, way: ChoiceWay) -> Result<Option<FoundHolder>> {
    let row: Option<LinkHolderRow> = match &holder {
        LinkHolder::Contact(id) => {
            conn.optional(OF_CONTACT, args![id.as_str(), way == ChoiceWay::Link]).await?
        }
        LinkHolder::Main(id) => conn.optional(OF_ACCOUNT, args![id.as_str()]).await?,
    };
    let Some(row) = row else { return Ok(None) };
    let LinkHolderRow { account, name, email, mail, is_owner, permissions, main, version } = row;
    let mut mail = Categories::from_column(&mail);
    if let Some(main) = &main {
        mail = mail.and(Categories::from_column(main).among(Categories::of_main()));
    }
    let may = Permissions::of_contact(is_owner, &permissions);
    let contact = matches!(holder, LinkHolder::Contact(_)).then_some(may);
    let choice = MailChoice {
        account: name,
        email,
        version,
        is_main: main.is_some(),
        offered: offered(contact, mail),
        mail,
    };
    Ok(Some(FoundHolder { holder, account: account.into(), choice }))
}

/// The same for reading only.
pub async fn find_for_page(reader: &mut Reader<Open>, key: &Key, secret: &str) -> Result<Option<MailChoice>> {
    let own = reader.app().config().own_mail;
    Ok(find(reader.conn(), key, secret).await?.map(|found| found.choice.as_set(own)))
}

/// Replaces what somebody gets; for whoever has the main address, what that gets too.
///
/// # Errors
/// [`AppError::Invalid`] beside the boxes for what is not theirs to switch on, and when nobody would get
/// domain mail any more.
pub async fn choose<S>(tx: &mut Tx<S>, found: &FoundHolder, mail: Categories) -> Result<()> {
    let now = tx.now().0;
    if let Some(key) = mail.iter().find(|one| !found.choice.offered.has(*one) && !found.choice.mail.has(*one))
    {
        let what = key.title().to_lowercase();
        return Err(AppError::field("mail", words::whoever_manages_the_contacts_of(&what)));
    }
    if let LinkHolder::Contact(contact) = &found.holder {
        tx.conn().execute(SET_CONTACT, args![contact.as_str(), mail.column(), now]).await?;
    }
    if found.choice.is_main {
        let email = found.choice.email.to_ascii_lowercase();
        let mail = mail.among(Categories::of_main());
        tx.conn().execute(SET_MAIN, args![found.account.as_str(), email, mail.column()]).await?;
    }
    somebody_gets_domain_mail(tx, &found.account, Some("mail")).await
}
