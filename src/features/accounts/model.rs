//! What pages know of accounts, and the profile form.

use super::words;
use crate::category::Categories;
use crate::error::{FormErrors, Result};
use crate::features::audit::model::AuditChange;
use crate::features::invoices::model::endpoint;
use crate::paths;
use crate::types::vat_id::{self, VatProblem};
use crate::types::{AccountId, ContactId, EmailAddress, InvitationId, Timestamp, country, line, lowercase};
use serde::{Deserialize, Serialize};

/// An account in the picker (S2).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContactChoice {
    /// The account.
    pub account: AccountId,
    /// Its name.
    pub name: String,
    /// Its number.
    pub number: i64,
    /// Owner badge.
    pub is_owner: bool,
    /// Own role in a phrase.
    pub role: String,
    /// Closed ones are shown and disabled: the account, or one's own contact on it.
    pub closed: bool,
    /// The one entered last.
    pub last: bool,
    /// How many things need the person there.
    pub needs: usize,
}

/// An account in the switcher (S7).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SwitchChoice {
    /// The account.
    pub account: AccountId,
    /// Its name.
    pub name: String,
    /// Its number.
    pub number: i64,
    /// The sections of it that are open to the person, as the path names them.
    pub sections: Vec<String>,
}

impl SwitchChoice {
    /// Where it leads from a page: the same section, where it is open.
    pub fn path_from(&self, here: &str) -> String {
        let home = paths::account(&self.account);
        let section = here.split('/').nth(3).unwrap_or_default();
        if self.sections.iter().any(|open| open == section) { format!("{home}/{section}") } else { home }
    }

    /// Is it found by these words?
    pub fn is_found_by(&self, words: &str) -> bool {
        let words = lowercase(words.trim());
        lowercase(&self.name).contains(&words) || self.number.to_string().contains(&words)
    }
}

/// An invitation that waits on the picker (S6).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WaitingInvitation {
    /// The invitation.
    pub invitation: InvitationId,
    /// Name of the account.
    pub account: String,
    /// Who invited.
    pub inviter: String,
    /// End of the sentence "You will be able to …"; empty for nothing.
    pub able_to: String,
    /// When it expires.
    pub expires: Timestamp,
}

/// Everything on the picker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Picker {
    /// Staff have a staff area in place of accounts.
    pub is_staff: bool,
    /// The accounts, open ones first, by name.
    pub accounts: Vec<ContactChoice>,
    /// The invitations.
    pub waiting: Vec<WaitingInvitation>,
    /// The server's time.
    pub now: Timestamp,
}

/// The overview of an account for one person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// Name and address of the owner.
    pub owner: (String, String),
    /// What they can do, as the end of a sentence; empty for nothing.
    pub able_to: String,
    /// How many services they may see that have not ended.
    pub services: usize,
    /// How many domains they may see that were not given up.
    pub domains: usize,
    /// Name of whoever offers them the ownership of the account.
    pub offered_by: Option<String>,
    /// Numbers of contacts: in all, that can log in, with a pending invitation. Only for who may manage
    /// contacts.
    pub contacts: Option<(i64, i64, i64)>,
}

/// What an account asks of everybody who enters it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rules {
    /// Counts the changes of the account: a form made from an older one is refused.
    pub version: i64,
    /// A second factor (X4).
    pub needs_factor: bool,
    /// Has the owner one?
    pub own: bool,
    /// Names of those who can enter and have none.
    pub without: Vec<String>,
}

/// The account's details: name or company, main address, and where it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Company or person's name.
    #[serde(default)]
    pub name: String,
    /// Main e-mail address.
    #[serde(default)]
    pub email: String,
    /// Phone.
    #[serde(default)]
    pub phone: String,
    /// Street and number.
    #[serde(default)]
    pub street: String,
    /// City.
    #[serde(default)]
    pub city: String,
    /// Region or state.
    #[serde(default)]
    pub region: String,
    /// Postcode.
    #[serde(default)]
    pub postcode: String,
    /// ISO 3166-1 alpha-2 code, or empty.
    #[serde(default)]
    pub country: String,
    /// Keys of the categories that the main address gets (M1).
    #[serde(default)]
    pub mail: Vec<String>,
    /// "Billing Contact": the contact that invoices are addressed to; empty for the account itself (B1).
    #[serde(default)]
    pub billing_contact: String,
    /// Invoice mail goes to the billing contact and nobody else: anything but empty.
    #[serde(default)]
    pub billing_only: String,
    /// The main address wants no copies of tickets (T3): anything but empty.
    #[serde(default)]
    pub no_copies: String,
    /// Number for taxes, as it stands on invoices.
    #[serde(default)]
    pub tax_id: String,
    /// Where e-invoices go: scheme and value ("0088:4035811991014").
    #[serde(default)]
    pub endpoint: String,
    /// What the account wants to be named by on e-invoices, such as a Leitweg-ID.
    #[serde(default)]
    pub reference: String,
    /// How invoices get there, see [`CHANNELS`].
    #[serde(default)]
    pub channel: String,
    /// Counts the changes: a form made from an older one is refused.
    #[serde(default)]
    pub version: i64,
}

/// How invoices reach an account: names in tables and titles. The first is the usual one.
pub const CHANNELS: [(&str, &str); 3] =
    [("", words::CHANNEL_MAIL), ("portal", words::CHANNEL_PORTAL), ("network", words::CHANNEL_NETWORK)];

fn channel(key: &str) -> &'static str {
    CHANNELS.iter().find(|(known, _)| *known == key).map_or(words::CHANNEL_MAIL, |(_, title)| title)
}

/// What the EU's register says of a number for taxes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TaxState {
    /// It was not asked.
    #[default]
    Unknown,
    /// The number is given to somebody.
    Valid,
    /// It is given to nobody.
    Invalid,
    /// The country could not be asked: it is asked again.
    Unavailable,
}

impl TaxState {
    /// The name in tables.
    pub fn key(self) -> &'static str {
        match self {
            Self::Unknown => "",
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Unavailable => "unavailable",
        }
    }

    /// The state with this name.
    pub fn from_key(key: &str) -> Self {
        [Self::Valid, Self::Invalid, Self::Unavailable]
            .into_iter()
            .find(|one| one.key() == key)
            .unwrap_or_default()
    }
}

/// The profile and what its form needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProfilePage {
    /// The profile. With `many` its billing contact is an e-mail address.
    pub profile: Profile,
    /// Whom invoices can be addressed to: contact and name. Nobody with `many`.
    pub contacts: Vec<(ContactId, String)>,
    /// There are too many contacts to choose from: one is named by its address.
    pub many: bool,
    /// The address as it would stand on an invoice now, line by line; for who may see invoices.
    pub address: Vec<String>,
    /// What the EU's register says of its number for taxes, when it was asked, and its number for the question.
    pub tax_check: Option<(TaxState, Timestamp, String)>,
    /// A new main address that waits for its confirmation, and until when.
    pub waiting: Option<(String, Timestamp)>,
    /// Invoices can go through a network for e-invoices.
    pub network: bool,
    /// The person may change where invoices and copies of tickets go.
    pub may_redirect: bool,
    /// The server's time.
    pub now: Timestamp,
}

/// Contacts that a list to choose from holds at most.
pub const MAX_CHOICES: usize = 100;

/// Reads a number for taxes. What begins like a VAT ID of a country whose numbers are known is checked by its digits; a
/// number without a country gets that of the address where it fits; anything else is kept as it is typed.
///
/// # Errors
/// A sentence for the person.
fn tax_id(typed: &str, country: &str) -> std::result::Result<String, String> {
    let typed = line(typed, 40)?;
    if typed.is_empty() {
        return Ok(typed);
    }
    match vat_id::read(&typed) {
        Ok(id) => Ok(id),
        Err(VatProblem::Digits) => Err(words::WRONG_DIGITS.into()),
        Err(VatProblem::Format) if typed.starts_with(|c: char| c.is_ascii_alphabetic()) => {
            Err(words::WRONG_FORMAT.into())
        }
        Err(_) => {
            let country = if country == "GR" { "EL" } else { country };
            Ok(vat_id::read(&format!("{country}{typed}")).unwrap_or(typed))
        }
    }
}

impl Profile {
    /// What another one says otherwise.
    pub fn changes(&self, after: &Self) -> Vec<AuditChange> {
        let land = |code: &str| country::name(code).unwrap_or_default().to_owned();
        let mail = |keys: &[String]| Categories::from_keys(keys).titles();
        let yes = |on: &str| if on.is_empty() { "no" } else { "yes" };
        [
            AuditChange::between(words::NAME, &self.name, &after.name),
            AuditChange::between(words::MAIN_E_MAIL, &self.email, &after.email),
            AuditChange::between(words::PHONE, &self.phone, &after.phone),
            AuditChange::between(words::STREET, &self.street, &after.street),
            AuditChange::between(words::CITY, &self.city, &after.city),
            AuditChange::between(words::REGION, &self.region, &after.region),
            AuditChange::between(words::POSTCODE, &self.postcode, &after.postcode),
            AuditChange::between(words::COUNTRY, land(&self.country), land(&after.country)),
            AuditChange::between(words::MAIL_TO_THE_MAIN_ADDRESS, mail(&self.mail), mail(&after.mail)),
            AuditChange::between(
                words::BILLING_CONTACT_ONLY,
                yes(&self.billing_only),
                yes(&after.billing_only),
            ),
            AuditChange::between(words::NO_COPIES_OF_TICKETS, yes(&self.no_copies), yes(&after.no_copies)),
            AuditChange::between(words::TAX_ID, &self.tax_id, &after.tax_id),
            AuditChange::between(words::ENDPOINT, &self.endpoint, &after.endpoint),
            AuditChange::between(words::REFERENCE, &self.reference, &after.reference),
            AuditChange::between(words::CHANNEL, channel(&self.channel), channel(&after.channel)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// Checks what was typed.
    ///
    /// # Errors
    /// [`crate::error::AppError::Invalid`] with the fields that cannot be taken.
    pub fn parse(self) -> Result<Self> {
        let mut errors = FormErrors::default();
        let name = errors.keep("name", line(&self.name, 200));
        if name.is_empty() && errors.of("name").is_none() {
            errors.add("name", words::ENTER_THE_NAME_OF_THE);
        }
        let email = errors.keep("email", EmailAddress::parse(&self.email).map(|email| email.to_string()));
        let parsed = Self {
            name,
            email,
            phone: errors.keep("phone", line(&self.phone, 50)),
            street: errors.keep("street", line(&self.street, 200)),
            city: errors.keep("city", line(&self.city, 100)),
            region: errors.keep("region", line(&self.region, 100)),
            postcode: errors.keep("postcode", line(&self.postcode, 20)),
            country: errors.keep("country", country::code(&self.country)),
            mail: self.mail,
            billing_contact: self.billing_contact,
            billing_only: self.billing_only,
            no_copies: self.no_copies,
            tax_id: errors.keep("tax_id", tax_id(&self.tax_id, &self.country)),
            endpoint: errors.keep("endpoint", endpoint(&self.endpoint)),
            reference: errors.keep("reference", line(&self.reference, 50)),
            channel: self.channel,
            version: self.version,
        };
        if !CHANNELS.iter().any(|(key, _)| *key == parsed.channel) {
            errors.add("channel", words::CHOOSE_A_CHANNEL);
        } else if parsed.channel == "network"
            && errors.of("endpoint").is_none()
            && (parsed.endpoint.is_empty() || parsed.endpoint.starts_with("EM:"))
        {
            errors.add("endpoint", words::NETWORK_NEEDS_AN_ADDRESS);
        }
        errors.finish(parsed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switching_keeps_the_section_where_it_is_open() {
        let account = AccountId::from("01k9zv5s8t3w2x1y0abcdefghj".to_owned());
        let choice = SwitchChoice {
            account: account.clone(),
            name: "Hart Bakery".into(),
            number: 10_001,
            sections: vec!["services".into()],
        };
        let other = "/a/01k9zv5s8t3w2x1y0abcdefgh1";
        for (here, to) in [
            (format!("{other}/services"), paths::services(&account)),
            (format!("{other}/services/01k9zv5s8t3w2x1y0abcdefgh2/cancel"), paths::services(&account)),
            (format!("{other}/contacts"), paths::account(&account)),
            (other.to_owned(), paths::account(&account)),
        ] {
            assert_eq!(choice.path_from(&here), to);
        }
        assert!(choice.is_found_by(" bAk") && choice.is_found_by("0001") && !choice.is_found_by("bike"));
    }
    use crate::error::AppError;

    #[test]
    fn a_profile_needs_a_name_and_an_address_and_a_real_country() {
        let bad = Profile { country: "XX".into(), name: "  ".into(), ..Profile::default() };
        let Err(AppError::Invalid(errors)) = bad.parse() else { panic!("accepted") };
        assert_eq!(
            errors.0.iter().map(|e| e.field.as_str()).collect::<Vec<_>>(),
            ["name", "email", "country"]
        );
        let good = Profile {
            name: "Bakery".into(),
            email: "hello@bakery.example".into(),
            country: "PT".into(),
            ..Profile::default()
        };
        assert!(good.parse().is_ok());
    }

    #[test]
    fn a_number_for_taxes_is_checked_where_its_country_s_are_known() {
        for (typed, country, kept) in [
            ("", "DE", ""),
            ("de 136 695 976", "", "DE136695976"),
            ("136695976", "DE", "DE136695976"),
            ("094259216", "GR", "EL094259216"),
            ("12/345/67890", "DE", "12/345/67890"),
            ("CHE-116.281.710", "CH", "CHE-116.281.710"),
        ] {
            assert_eq!(tax_id(typed, country), Ok(kept.to_owned()), "{typed}");
        }
        assert_eq!(tax_id("DE136695975", "DE"), Err(words::WRONG_DIGITS.to_owned()));
        assert_eq!(tax_id("DE1366959", "DE"), Err(words::WRONG_FORMAT.to_owned()));
    }
}
