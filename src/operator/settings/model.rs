//! The form of the company.

use super::words;
use crate::error::{FormErrors, Result};
use crate::types::{EmailAddress, line, text_block};
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
        let sign_up = self.sign_up.clone();
        errors.finish(Self { name, address, tax_id, colour, email, sign_up })
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
    /// Sender of all mail.
    pub sender: String,
    /// The address people type.
    pub base_url: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_says_what_is_wrong() {
        let form = CompanyForm { email: "nobody".into(), ..CompanyForm::default() };
        let crate::error::AppError::Invalid(errors) = form.parse().unwrap_err() else { panic!("valid") };
        assert_eq!(errors.0.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), ["name", "email"]);
    }
}
