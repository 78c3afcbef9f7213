//! SQL of the recipient rule: who is on an account, what each chose, and sending by the rule.

use super::model::{Choice, Event, LAST_DOMAIN_RECIPIENT, Main, People, Person, offered, recipients};
use crate::error::{AppError, FormErrors, Result};
use crate::mail::model::{Categories, Category};
use crate::permission::Permissions;
use crate::server::access::{Open, Reader, Tx};
use crate::server::db::{JSON_ARRAY, internal};
use crate::server::token::Key;
use crate::types::{AccountId, ContactId};
use sqlx::SqliteConnection;
use std::sync::LazyLock;

const ACCOUNT: &str = "SELECT name, email, mail, billing_contact_id, billing_only FROM accounts WHERE id = $1";
static CONTACTS: LazyLock<String> = LazyLock::new(|| contacts_sql("mail <> '' OR id = $2"));
/// Those that decide about one address: its own card, and the billing contact's.
static CONTACTS_FOR: LazyLock<String> = LazyLock::new(|| contacts_sql("email_key = $3 OR id = $2"));

fn contacts_sql(which: &str) -> String {
    format!(
        "SELECT {JSON_ARRAY}(id, name, email, active, mail)) FROM (SELECT id, trim(first_name || ' ' || last_name || CASE WHEN first_name || last_name = '' THEN company ELSE '' END) AS name, \
         email, status = 'active' AS active, mail FROM contacts WHERE account_id = $1 AND ({which}) ORDER BY name_key, id)"
    )
}
const OF_CONTACT: &str = "SELECT c.account_id, a.name, c.email, c.mail, c.is_owner, c.permissions, CASE WHEN lower(a.email) = c.email_key THEN a.mail END \
    FROM contacts c JOIN accounts a ON a.id = c.account_id WHERE c.id = $1 AND c.status = 'active' AND a.status = 'active'";
const OF_ACCOUNT: &str = "SELECT id, name, email, mail, FALSE, '', mail FROM accounts WHERE id = $1 AND status = 'active'";
const SET_CONTACT: &str = "UPDATE contacts SET mail = $2, updated_at = $3, version = version + 1 WHERE id = $1";
const SET_MAIN: &str = "UPDATE accounts SET mail = $3 WHERE id = $1 AND lower(email) = $2";
const CARD_OF: &str = "SELECT id FROM contacts WHERE account_id = $1 AND email_key = $2 AND status = 'active'";
const MAIN_OF: &str = "SELECT id FROM accounts WHERE id = $1 AND lower(email) = $2";

/// Every statement of this file, for the test that prepares them.
#[cfg(test)]
pub fn statements() -> Vec<String> {
    let fixed = [ACCOUNT, OF_CONTACT, OF_ACCOUNT, SET_CONTACT, SET_MAIN, CARD_OF, MAIN_OF].map(str::to_owned);
    fixed.into_iter().chain([CONTACTS.clone(), CONTACTS_FOR.clone()]).collect()
}

/// Everything about an account that decides who gets its mail.
pub async fn people(conn: &mut SqliteConnection, account: &AccountId) -> Result<People> {
    read(conn, account, None).await
}

/// The same, or with an address as much of it as decides about that address.
async fn read(conn: &mut SqliteConnection, account: &AccountId, address: Option<&str>) -> Result<People> {
    let row: Option<(String, String, String, Option<String>, bool)> = sqlx::query_as(ACCOUNT).bind(account.as_str()).fetch_optional(&mut *conn).await?;
    let (name, email, mail, billing, billing_only) = row.ok_or(AppError::NotFound)?;
    let contacts = match address {
        None => sqlx::query_scalar(CONTACTS.as_str()).bind(account.as_str()).bind(&billing),
        Some(address) => sqlx::query_scalar(CONTACTS_FOR.as_str()).bind(account.as_str()).bind(&billing).bind(address.to_ascii_lowercase()),
    };
    let json: String = contacts.fetch_one(conn).await?;
    let rows: Vec<(ContactId, String, String, u8, String)> = serde_json::from_str(&json).map_err(|error| internal(&error))?;
    let person = |(id, name, email, active, mail): (ContactId, String, String, u8, String)| Person {
        id,
        name,
        email,
        active: active != 0,
        mail: Categories::from_column(&mail),
    };
    Ok(People {
        main: Main { name, email, mail: Categories::from_column(&mail) },
        contacts: rows.into_iter().map(person).collect(),
        billing: billing.map(ContactId::from),
        billing_only,
    })
}

/// Does an address get mail of a category of an account today, whatever happens?
pub async fn gets(conn: &mut SqliteConnection, account: &AccountId, category: Category, email: &str) -> Result<bool> {
    let people = read(conn, account, Some(email)).await?;
    let opener = people.contacts.iter().find(|person| person.email.eq_ignore_ascii_case(email)).map(|person| person.id.clone());
    let mut events = Event::all(opener).into_iter().filter(|event| event.category() == category);
    Ok(events.any(|event| recipients(&event, &people).iter().any(|recipient| recipient.email.eq_ignore_ascii_case(email))))
}

/// Refuses a change that has been made in this transaction when nobody is left who gets domain mail (M3). `field` is where to say so.
///
/// # Errors
/// [`AppError::Invalid`] beside the field, or [`AppError::Conflict`] without one.
pub async fn somebody_gets_domain_mail<S>(tx: &mut Tx<S>, account: &AccountId, field: Option<&str>) -> Result<()> {
    let people = people(tx.conn(), account).await?;
    if !recipients(&Event::Notice(Category::Domain), &people).is_empty() {
        return Ok(());
    }
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
pub enum Holder {
    /// A contact.
    Contact(ContactId),
    /// The main address of an account.
    Main(AccountId),
}

impl Holder {
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

fn signature(key: &Key, holder: &Holder, email: &str) -> String {
    let (kind, id) = holder.parts();
    key.derive(&["preferences", kind, id, &email.to_ascii_lowercase()])[..SIGNED].to_owned()
}

/// The secret of the link to somebody's choice: signed, not stored, and worth nothing once the address is another one.
pub fn token(key: &Key, holder: &Holder, email: &str) -> String {
    format!("{}{}", holder.column(), signature(key, holder, email))
}

/// Whose choice decides about mail of an account to an address; `None` for somebody who is neither a contact nor the main address.
pub async fn holder_of<S>(tx: &mut Tx<S>, account: &AccountId, email: &str) -> Result<Option<Holder>> {
    let address = email.to_ascii_lowercase();
    let card: Option<String> = sqlx::query_scalar(CARD_OF).bind(account.as_str()).bind(&address).fetch_optional(tx.conn()).await?;
    if let Some(card) = card {
        return Ok(Some(Holder::Contact(card.into())));
    }
    let main: Option<String> = sqlx::query_scalar(MAIN_OF).bind(account.as_str()).bind(&address).fetch_optional(tx.conn()).await?;
    Ok(main.map(|main| Holder::Main(main.into())))
}

/// Whose choice it is, on which account, and what it is.
pub struct Found {
    /// Whose.
    pub holder: Holder,
    /// The account.
    pub account: AccountId,
    /// The choice.
    pub choice: Choice,
}

/// What a link leads to; `None` for one that does not work, or no longer.
pub async fn find(conn: &mut SqliteConnection, key: &Key, secret: &str) -> Result<Option<Found>> {
    if secret.len() != 1 + 26 + SIGNED || !secret.is_ascii() {
        return Ok(None);
    }
    let Some(holder) = Holder::from_column(&secret[..27]) else { return Ok(None) };
    let Some(found) = choice_of(conn, holder).await? else { return Ok(None) };
    // Compared by their digests, so that the time it takes says nothing about where they differ.
    if crate::server::token::hash(&secret[27..]) != crate::server::token::hash(&signature(key, &found.holder, &found.choice.email)) {
        return Ok(None);
    }
    // The main address has become a card meanwhile: its choice counts.
    let card: Option<String> = match found.holder {
        Holder::Main(_) => {
            let email = found.choice.email.to_ascii_lowercase();
            sqlx::query_scalar(CARD_OF).bind(found.account.as_str()).bind(email).fetch_optional(&mut *conn).await?
        }
        Holder::Contact(_) => None,
    };
    match card {
        Some(card) => choice_of(conn, Holder::Contact(card.into())).await,
        None => Ok(Some(found)),
    }
}

/// What a holder has chosen; `None` for one who is closed or gone. Somebody whose card has the account's main address chooses for both.
pub async fn choice_of(conn: &mut SqliteConnection, holder: Holder) -> Result<Option<Found>> {
    let sql = match holder {
        Holder::Contact(_) => OF_CONTACT,
        Holder::Main(_) => OF_ACCOUNT,
    };
    type Row = (String, String, String, String, bool, String, Option<String>);
    let row: Option<Row> = sqlx::query_as(sql).bind(holder.parts().1).fetch_optional(conn).await?;
    let Some((account, name, email, mail, is_owner, permissions, main)) = row else { return Ok(None) };
    let mut mail = Categories::from_column(&mail);
    if let Some(main) = &main {
        mail = mail.and(&Categories::from_column(main).among(&Categories::of_main()));
    }
    let may = if is_owner { Permissions::all() } else { Permissions::from_keys(&permissions) };
    let card = matches!(holder, Holder::Contact(_)).then_some(may);
    let choice = Choice { account: name, email, is_main: main.is_some(), offered: offered(card, &mail), mail };
    Ok(Some(Found { holder, account: account.into(), choice }))
}

/// The same for reading only.
pub async fn find_for_page(reader: &mut Reader<Open>, key: &Key, secret: &str) -> Result<Option<Choice>> {
    Ok(find(reader.conn(), key, secret).await?.map(|found| found.choice))
}

/// Replaces what somebody gets; for whoever has the main address, what that gets too.
///
/// # Errors
/// [`AppError::Invalid`] beside the boxes for what is not theirs to switch on, and when nobody would get domain mail any more.
pub async fn choose<S>(tx: &mut Tx<S>, found: &Found, mail: &Categories) -> Result<()> {
    let now = tx.now().0;
    if let Some(key) = mail.iter().find(|category| !found.choice.offered.has(*category)) {
        let what = key.title().to_lowercase();
        return Err(AppError::field("mail", format!("Whoever manages the contacts of this account decides who gets {what} mail. Ask them.")));
    }
    if let Holder::Contact(contact) = &found.holder {
        sqlx::query(SET_CONTACT).bind(contact.as_str()).bind(mail.column()).bind(now).execute(tx.conn()).await?;
    }
    if found.choice.is_main {
        let email = found.choice.email.to_ascii_lowercase();
        let mail = mail.among(&Categories::of_main());
        sqlx::query(SET_MAIN).bind(found.account.as_str()).bind(email).bind(mail.column()).execute(tx.conn()).await?;
    }
    somebody_gets_domain_mail(tx, &found.account, Some("mail")).await
}
