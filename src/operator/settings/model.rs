//! The form of the company.

use super::words;
use crate::error::{FormErrors, Result};
use crate::types::{EmailAddress, Secret, line, text_block};
use serde::{Deserialize, Serialize};

/// What staff set about their company.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CompanyForm {
    /// Name, as customers know it.
    #[serde(default)]
    pub name: String,
    /// Postal address, several lines.
    #[serde(default)]
    pub address: String,
    /// Number for taxes.
    #[serde(default)]
    pub tax_id: String,
    /// Colour of buttons and links, "#0f5c5c".
    #[serde(default)]
    pub colour: String,
    /// Where requests and answers go; empty for the sender of all mail.
    #[serde(default)]
    pub email: String,
    /// Customers may open accounts by themselves.
    #[serde(default)]
    pub sign_up: String,
    /// Customers may invite people by themselves.
    #[serde(default)]
    pub invites: String,
    /// Contacts may choose the mail they get by themselves.
    #[serde(default)]
    pub own_mail: String,
}

impl CompanyForm {
    /// Reads the form. Whether words can be read on the colour is the server's to say.
    ///
    /// # Errors
    /// [`crate::error::AppError::Invalid`] with every field that cannot be taken.
    pub fn parse(&self) -> Result<Self> {
        let mut errors = FormErrors::default();
        let name = errors.keep("name", line(&self.name, 100));
        if name.is_empty() && errors.of("name").is_none() {
            errors.add("name", words::ENTER_A_NAME);
        }
        let address = errors.keep("address", text_block(&self.address, 500));
        let tax_id = errors.keep("tax_id", line(&self.tax_id, 50));
        let colour = self.colour.trim().to_ascii_lowercase();
        let email = self.email.trim();
        let email = match EmailAddress::parse(email) {
            Ok(email) => email.to_string(),
            Err(_) if email.is_empty() => String::new(),
            Err(message) => errors.keep("email", Err(message)),
        };
        errors.finish(Self { name, address, tax_id, colour, email, ..self.clone() })
    }
}

/// What the settings page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SettingsPage {
    /// As it counts now.
    pub form: CompanyForm,
    /// Names of the fields that the command line says.
    pub fixed: Vec<String>,
    /// Address of the logo, or empty.
    pub logo: String,
    /// The address people type.
    pub base_url: String,
    /// Set where the data is a demo's: whether the demo is on.
    pub demo: Option<bool>,
}

/// How mail is sent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MailForm {
    /// Sender of all mail.
    #[serde(default)]
    pub sender: String,
    /// Host of the mail server; empty for none.
    #[serde(default)]
    pub host: String,
    /// Its port; empty for the usual one.
    #[serde(default)]
    pub port: String,
    /// `starttls`, `tls` or `none`.
    #[serde(default)]
    pub security: String,
    /// Login there; empty for none.
    #[serde(default)]
    pub user: String,
    /// Its password; empty for the one that is set. Never shown.
    #[serde(default)]
    pub password: Secret,
    /// Save it although the server does not answer.
    #[serde(default)]
    pub anyway: String,
}

/// How the connection to a mail server is kept private: value and label.
pub const SECURITY: &[(&str, &str)] =
    &[("starttls", words::STARTTLS), ("tls", words::TLS), ("none", words::NO_ENCRYPTION)];

impl MailForm {
    /// Reads the form: the sender, and the parts of the server's URL.
    ///
    /// # Errors
    /// [`crate::error::AppError::Invalid`] with every field that cannot be taken.
    pub fn parse(&self) -> Result<Self> {
        let mut errors = FormErrors::default();
        let sender = match self.sender.trim() {
            "" => String::new(),
            typed => match EmailAddress::parse(typed) {
                Ok(email) => email.to_string(),
                Err(message) => errors.keep("sender", Err(message)),
            },
        };
        let host = errors.keep("host", line(&self.host, 200)).to_ascii_lowercase();
        if host.contains(|letter: char| !letter.is_ascii_alphanumeric() && !"-.:".contains(letter)) {
            errors.add("host", words::NOT_A_HOST);
        }
        let port = self.port.trim().to_owned();
        if !port.is_empty() && !port.parse::<u16>().is_ok_and(|port| port > 0) {
            errors.add("port", words::NOT_A_PORT);
        }
        if !SECURITY.iter().any(|(key, _)| *key == self.security) {
            errors.add("security", words::CHOOSE_ONE);
        }
        let user = errors.keep("user", line(&self.user, 200));
        errors.finish(Self { sender, host, port, user, ..self.clone() })
    }
}

/// What the page about mail shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MailSettings {
    /// As it counts now, without the password.
    pub form: MailForm,
    /// The command line says the sender.
    pub sender_fixed: bool,
    /// The command line says the server.
    pub server_fixed: bool,
    /// A password is set.
    pub has_password: bool,
}

/// How long things last, as a form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LifetimesForm {
    /// See [`LIFETIMES`].
    #[serde(default)]
    pub invitation_days: String,
    /// See [`LIFETIMES`].
    #[serde(default)]
    pub idle_days: String,
    /// See [`LIFETIMES`].
    #[serde(default)]
    pub replacement_days: String,
    /// See [`LIFETIMES`].
    #[serde(default)]
    pub login_mail_days: String,
    /// See [`LIFETIMES`].
    #[serde(default)]
    pub account_mail_days: String,
}

/// A lifetime in the form: its field, label, hint, least and most.
pub type LifetimeField = (&'static str, &'static str, &'static str, i64, i64);

/// The lifetimes that staff decide, in the order of the form.
pub const LIFETIMES: [LifetimeField; 5] = [
    ("invitation_days", words::INVITATION_DAYS, words::INVITATION_DAYS_HINT, 1, 30),
    ("idle_days", words::IDLE_DAYS, words::IDLE_DAYS_HINT, 1, 14),
    ("replacement_days", words::REPLACEMENT_DAYS, words::REPLACEMENT_DAYS_HINT, 3, 60),
    ("login_mail_days", words::LOGIN_MAIL_DAYS, words::LOGIN_MAIL_DAYS_HINT, 30, 730),
    ("account_mail_days", words::ACCOUNT_MAIL_DAYS, words::ACCOUNT_MAIL_DAYS_HINT, 90, 3_650),
];

impl LifetimesForm {
    /// The values in the order of [`LIFETIMES`].
    pub fn values(&self) -> [&str; 5] {
        [
            &self.invitation_days,
            &self.idle_days,
            &self.replacement_days,
            &self.login_mail_days,
            &self.account_mail_days,
        ]
        .map(String::as_str)
    }

    /// Reads the form: the numbers in the order of [`LIFETIMES`].
    ///
    /// # Errors
    /// [`crate::error::AppError::Invalid`] with every number that is none or beyond its limits.
    pub fn parse(&self) -> Result<[i64; 5]> {
        let mut errors = FormErrors::default();
        let mut read = [0; 5];
        for (at, (value, (name, _, _, least, most))) in self.values().into_iter().zip(LIFETIMES).enumerate() {
            match value.trim().parse::<i64>() {
                Ok(number) if (least..=most).contains(&number) => read[at] = number,
                _ => errors.add(name, words::between(&least, &most)),
            }
        }
        errors.finish(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetimes_have_limits() {
        let text = |number: i64| number.to_string();
        let form = |numbers: [i64; 5]| LifetimesForm {
            invitation_days: text(numbers[0]),
            idle_days: text(numbers[1]),
            replacement_days: text(numbers[2]),
            login_mail_days: text(numbers[3]),
            account_mail_days: text(numbers[4]),
        };
        for (_, _, _, least, most) in LIFETIMES {
            assert!(least < most);
        }
        assert_eq!(form(LIFETIMES.map(|one| one.3)).parse().unwrap(), LIFETIMES.map(|one| one.3));
        assert_eq!(form(LIFETIMES.map(|one| one.4)).parse().unwrap(), LIFETIMES.map(|one| one.4));
        for bad in [
            form(LIFETIMES.map(|one| one.3 - 1)),
            form(LIFETIMES.map(|one| one.4 + 1)),
            LifetimesForm::default(),
        ] {
            let crate::error::AppError::Invalid(errors) = bad.parse().unwrap_err() else { panic!("valid") };
            assert_eq!(errors.0.len(), 5);
        }
    }

    #[test]
    fn a_mail_server_is_a_host_and_a_port() {
        let good = MailForm {
            host: "Mail.Example.com ".into(),
            port: "587".into(),
            security: "starttls".into(),
            ..MailForm::default()
        };
        assert_eq!(good.parse().unwrap().host, "mail.example.com");
        let bad =
            MailForm { sender: "x".into(), host: "a b/c@d".into(), port: "0".into(), ..MailForm::default() };
        let crate::error::AppError::Invalid(errors) = bad.parse().unwrap_err() else { panic!("valid") };
        assert_eq!(
            errors.0.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(),
            ["sender", "host", "port", "security"]
        );
    }

    #[test]
    fn a_form_says_what_is_wrong() {
        let form = CompanyForm { email: "nobody".into(), ..CompanyForm::default() };
        let crate::error::AppError::Invalid(errors) = form.parse().unwrap_err() else { panic!("valid") };
        assert_eq!(errors.0.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), ["name", "email"]);
    }
}
