//! What pages know of customers, and the form of a new one.

use super::words;
use crate::error::{FormErrors, Result};
use crate::types::{AccountId, ContactId, EmailAddress, Timestamp, country, line};
use serde::{Deserialize, Serialize};

/// The tabs of the list: value in the URL and label.
pub const FILTERS: &[(&str, &str)] = &[
    ("", words::ALL),
    ("active", words::ACTIVE),
    ("closed", words::CLOSED),
    ("no-login", words::NO_LOGIN),
    ("waiting", words::INVITED),
    ("failed", words::MAIL_FAILED),
    ("unreached", words::UNREACHED),
];

/// A customer in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CustomerRow {
    /// The account.
    pub account: AccountId,
    /// Its number.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// Its main address.
    pub email: String,
    /// Phone, or empty.
    pub phone: String,
    /// Country code, or empty.
    pub country: String,
    /// Name of its owner.
    pub owner: String,
    /// The owner can sign in.
    pub has_login: bool,
    /// Nobody can enter it.
    pub closed: bool,
    /// When it was opened.
    pub since: Timestamp,
    /// The columns that the reader chose.
    pub columns: Columns,
}

/// Columns of the list that staff choose: name in forms, and label.
pub const COLUMNS: [(&str, &str); 6] = [
    ("number", words::NUMBER),
    ("owner", words::OWNER),
    ("phone", words::PHONE),
    ("country", words::COUNTRY),
    ("status", words::STATUS),
    ("since", words::SINCE),
];

/// A set of [`COLUMNS`], a bit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Columns(u8);

impl Columns {
    /// Reads names between commas; none at all are the usual columns.
    pub fn from_names(names: &str) -> Self {
        let names = if names.is_empty() { "number,owner,status,since" } else { names };
        let bit = |(at, (name, _)): (usize, &(&str, &str))| {
            if names.split(',').any(|one| one == *name) { 1_u8 << at } else { 0 }
        };
        Self(COLUMNS.iter().enumerate().map(bit).fold(0, |all, one| all | one))
    }

    /// Is this one among them?
    pub fn has(self, name: &str) -> bool {
        COLUMNS.iter().position(|(known, _)| *known == name).is_some_and(|at| self.0 & (1 << at) != 0)
    }
}

/// How the acting staff look at the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MyList {
    /// Columns.
    pub columns: Columns,
    /// Filters: id, name, and the query of the list.
    pub filters: Vec<(String, String, String)>,
}

/// A customer's summary.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CustomerView {
    /// The account.
    pub account: AccountId,
    /// Its number.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// Its main address.
    pub email: String,
    /// Phone, or empty.
    pub phone: String,
    /// Postal address, a line each.
    pub address: Vec<String>,
    /// Nobody can enter it.
    pub closed: bool,
    /// When it was opened.
    pub since: Timestamp,
    /// The owner's contact.
    pub owner: ContactId,
    /// Their name and address.
    pub owner_name: (String, String),
    /// How they stand with their login.
    pub login: OwnerLogin,
    /// Numbers of contacts, services and domains.
    pub counts: (i64, i64, i64),
    /// Requests that wait.
    pub requests: i64,
    /// Messages that failed in the last 7 days.
    pub failed: i64,
    /// Whether staff may see the portal as the customer.
    pub support: String,
    /// Newest notes.
    pub notes: Vec<Note>,
    /// The server's time.
    pub now: Timestamp,
}

/// How an owner stands with their login.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum OwnerLogin {
    /// They sign in; last then, if ever.
    Has(Option<Timestamp>),
    /// They are invited until then.
    Invited(Timestamp),
    /// They have none, and no invitation is open.
    None,
}

/// What staff noted about a customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// Its id.
    pub id: String,
    /// Who wrote it.
    pub by: String,
    /// It is the reader's own.
    pub own: bool,
    /// What they wrote.
    pub text: String,
    /// When.
    pub at: Timestamp,
}

/// The notes about a customer, on their own page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NotesPage {
    /// Name of the account.
    pub name: String,
    /// Its number.
    pub number: i64,
    /// The notes, newest first.
    pub notes: Vec<Note>,
    /// The server's time.
    pub now: Timestamp,
}

/// The form of a new customer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CustomerForm {
    /// Company, or the person's own name when empty.
    #[serde(default)]
    pub name: String,
    /// First name of the owner.
    #[serde(default)]
    pub first_name: String,
    /// Last name of the owner.
    #[serde(default)]
    pub last_name: String,
    /// Address of the owner.
    #[serde(default)]
    pub email: String,
    /// Phone.
    #[serde(default)]
    pub phone: String,
    /// Country code.
    #[serde(default)]
    pub country: String,
    /// Invite the owner at once.
    #[serde(default)]
    pub invite: String,
}

impl CustomerForm {
    /// Reads the form.
    ///
    /// # Errors
    /// [`crate::error::AppError::Invalid`] with every field that cannot be taken.
    pub fn parse(&self) -> Result<(Self, EmailAddress)> {
        let mut errors = FormErrors::default();
        let first_name = errors.keep("first_name", line(&self.first_name, 100));
        let last_name = errors.keep("last_name", line(&self.last_name, 100));
        let typed = errors.keep("name", line(&self.name, 200));
        let phone = errors.keep("phone", line(&self.phone, 50));
        if first_name.is_empty() && last_name.is_empty() && errors.0.is_empty() {
            errors.add("first_name", words::ENTER_A_NAME);
        }
        errors.keep("country", country::code(&self.country));
        let email = match EmailAddress::parse(&self.email) {
            Ok(email) => Some(email),
            Err(message) => {
                errors.add("email", message);
                None
            }
        };
        let name =
            if typed.is_empty() { format!("{first_name} {last_name}").trim().to_owned() } else { typed };
        let read = Self {
            name,
            first_name,
            last_name,
            phone,
            email: String::new(),
            country: self.country.clone(),
            invite: self.invite.clone(),
        };
        match email {
            Some(email) => errors.finish((read, email)),
            None => Err(crate::error::AppError::Invalid(errors)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_chosen_by_name() {
        let usual = Columns::from_names("");
        assert!(usual.has("number") && usual.has("since") && !usual.has("phone") && !usual.has("nonsense"));
        let own = Columns::from_names("phone,nonsense");
        assert!(own.has("phone") && !own.has("number"));
    }

    #[test]
    fn a_private_person_gives_the_account_its_name() {
        let form = CustomerForm {
            first_name: "Ann".into(),
            last_name: "Lee".into(),
            email: "ann@example.com".into(),
            ..CustomerForm::default()
        };
        assert_eq!(form.parse().unwrap().0.name, "Ann Lee");
        let nobody = CustomerForm { email: "nobody".into(), country: "XX".into(), ..CustomerForm::default() };
        let crate::error::AppError::Invalid(errors) = nobody.parse().unwrap_err() else { panic!("valid") };
        let fields: Vec<&str> = errors.0.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["first_name", "country", "email"]);
    }
}
