//! The forms of a service and of a domain.

use super::words;
use crate::error::{FormErrors, Result};
use crate::operator::products::model::{Price, Product, cents, typed};
use crate::types::{Timestamp, is_web_address, line, lowercase, text_block, uppercase};
use serde::{Deserialize, Serialize};

/// The form of a service; amounts and days as typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ServiceForm {
    /// Product.
    #[serde(default)]
    pub product: String,
    /// What the customer calls it.
    #[serde(default)]
    pub label: String,
    /// Price per cycle.
    #[serde(default)]
    pub price: String,
    /// Currency.
    #[serde(default)]
    pub currency: String,
    /// How often it is paid.
    #[serde(default)]
    pub cycle: String,
    /// When it is due next, "2026-11-30".
    #[serde(default)]
    pub next_due: String,
    /// Domain.
    #[serde(default)]
    pub domain: String,
    /// Server.
    #[serde(default)]
    pub server: String,
    /// Login name at the control panel.
    #[serde(default)]
    pub login_name: String,
    /// Where sign-on links lead.
    #[serde(default)]
    pub panel_url: String,
    /// Notes for the customer.
    #[serde(default)]
    pub notes: String,
    /// It is in use; else it is being set up.
    #[serde(default)]
    pub active: String,
    /// A change of price counts for the rest of the period: anything but empty.
    #[serde(default)]
    pub prorate: String,
}

/// A service as its row has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServiceData {
    pub product: String,
    pub label: String,
    pub cents: i64,
    pub currency: String,
    pub cycle: String,
    pub next_due: Option<i64>,
    pub domain: String,
    pub server: String,
    pub login_name: String,
    pub panel_url: String,
    pub notes: String,
    pub active: bool,
}

impl ServiceData {
    /// What it is called.
    pub fn name(&self) -> &str {
        if self.label.is_empty() { &self.product } else { &self.label }
    }
}

fn day(errors: &mut FormErrors, field: &str, typed: &str) -> Option<i64> {
    if typed.trim().is_empty() {
        return None;
    }
    let day = Timestamp::parse_day(typed.trim());
    if day.is_none() {
        errors.add(field, words::NOT_A_DAY);
    }
    day.map(|day| day.0)
}

impl ServiceForm {
    /// Reads the form.
    ///
    /// # Errors
    /// [`crate::error::AppError::Invalid`] with every field that cannot be taken.
    pub fn parse(&self) -> Result<ServiceData> {
        let mut errors = FormErrors::default();
        let product = errors.keep("product", line(&self.product, 200));
        if product.is_empty() && errors.of("product").is_none() {
            errors.add("product", words::ENTER_A_PRODUCT);
        }
        let label = errors.keep("label", line(&self.label, 200));
        let price = if self.price.trim().is_empty() { Some(0) } else { cents(&self.price) };
        if price.is_none() {
            errors.add("price", words::NOT_AN_AMOUNT);
        }
        let currency = uppercase(self.currency.trim());
        if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            errors.add("currency", words::NOT_A_CURRENCY);
        }
        let next_due = day(&mut errors, "next_due", &self.next_due);
        let domain = lowercase(&errors.keep("domain", line(&self.domain, 253)));
        let server = errors.keep("server", line(&self.server, 253));
        let login_name = errors.keep("login_name", line(&self.login_name, 100));
        let panel_url = errors.keep("panel_url", line(&self.panel_url, 500));
        if !panel_url.is_empty() && !is_web_address(&panel_url) {
            errors.add("panel_url", words::NOT_A_URL);
        }
        let notes = errors.keep("notes", text_block(&self.notes, 2_000));
        let cycle = crate::features::services::model::Cycle::from_key(&self.cycle).key().to_owned();
        let active = !self.active.is_empty();
        errors.finish(ServiceData {
            product,
            label,
            cents: price.unwrap_or_default(),
            currency,
            cycle,
            next_due,
            domain,
            server,
            login_name,
            panel_url,
            notes,
            active,
        })
    }
}

/// The price of a product in the catalogue, for the cycle and currency of the form; `None` where there is none.
pub fn usual_price(products: &[Product], form: &ServiceForm) -> Option<String> {
    let name = form.product.trim();
    let product = products.iter().find(|product| product.name.eq_ignore_ascii_case(name))?;
    let fits = |price: &&Price| {
        price.cycle.key() == form.cycle && price.price.currency.eq_ignore_ascii_case(form.currency.trim())
    };
    product.prices.iter().find(fits).map(|price| typed(price.price.cents))
}

/// What the page of a service's form shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServicePage {
    /// Name and number of the account.
    pub account: (String, i64),
    /// The form.
    pub form: ServiceForm,
    /// Its state; empty for a new one.
    pub status: String,
    /// What it is called.
    pub name: String,
    /// Products that are offered.
    pub products: Vec<Product>,
}

/// What can be done to a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceAct {
    /// Switches it off for a while.
    Suspend,
    /// Switches it on again.
    Unsuspend,
    /// Ends it.
    Terminate,
}

impl ServiceAct {
    /// The act with this name in forms.
    pub fn from_key(key: &str) -> Option<Self> {
        match key {
            "suspend" => Some(Self::Suspend),
            "unsuspend" => Some(Self::Unsuspend),
            "terminate" => Some(Self::Terminate),
            _ => None,
        }
    }

    /// The states in which it can be done, and the one it leads to.
    pub fn states(self) -> (&'static [&'static str], &'static str) {
        match self {
            Self::Suspend => (&["active", "pending"], "suspended"),
            Self::Unsuspend => (&["suspended"], "active"),
            Self::Terminate => (&["active", "pending", "suspended"], "cancelled"),
        }
    }

    /// How it continues "NAME was …".
    pub fn done(self) -> &'static str {
        match self {
            Self::Suspend => words::SUSPENDED,
            Self::Unsuspend => words::UNSUSPENDED,
            Self::Terminate => words::TERMINATED,
        }
    }
}

/// The form of a domain; days as typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DomainForm {
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// When it was registered.
    #[serde(default)]
    pub registered: String,
    /// When its registration ends.
    #[serde(default)]
    pub expires: String,
    /// Its state.
    #[serde(default)]
    pub status: String,
    /// It is renewed automatically.
    #[serde(default)]
    pub auto_renew: String,
    /// The registrar lock is on.
    #[serde(default)]
    pub locked: String,
    /// One host name a line.
    #[serde(default)]
    pub nameservers: String,
}

/// A domain as its row has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DomainData {
    pub name: String,
    pub registered: i64,
    pub expires: i64,
    pub status: String,
    pub auto_renew: bool,
    pub locked: bool,
    pub nameservers: String,
}

/// The states of a domain, with their labels.
pub const DOMAIN_STATES: [(&str, &str); 4] = [
    ("active", words::ACTIVE),
    ("pending", words::PENDING),
    ("expired", words::EXPIRED),
    ("cancelled", words::CANCELLED),
];

impl DomainForm {
    /// Reads the form.
    ///
    /// # Errors
    /// [`crate::error::AppError::Invalid`] with every field that cannot be taken.
    pub fn parse(&self) -> Result<DomainData> {
        let mut errors = FormErrors::default();
        let name = lowercase(&errors.keep("name", line(&self.name, 253)));
        let good = |c: char| c.is_alphanumeric() || c == '-' || c == '.';
        if !name.contains('.') || !name.chars().all(good) {
            errors.add("name", words::NOT_A_DOMAIN);
        }
        let registered = day(&mut errors, "registered", &self.registered).unwrap_or_default();
        let expires = day(&mut errors, "expires", &self.expires);
        if expires.is_none() && errors.of("expires").is_none() {
            errors.add("expires", words::NEEDS_A_DAY);
        }
        let nameservers = errors.keep("nameservers", text_block(&self.nameservers, 1_000));
        let nameservers = nameservers.split_whitespace().collect::<Vec<_>>().join("\n");
        let status =
            DOMAIN_STATES.iter().find(|(key, _)| *key == self.status).map_or("active", |(key, _)| *key);
        errors.finish(DomainData {
            name,
            registered,
            expires: expires.unwrap_or_default(),
            status: status.to_owned(),
            auto_renew: !self.auto_renew.is_empty(),
            locked: !self.locked.is_empty(),
            nameservers,
        })
    }
}

/// What the page of a domain's form shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DomainPage {
    /// Name and number of the account.
    pub account: (String, i64),
    /// The form.
    pub form: DomainForm,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_say_every_mistake() {
        let fields = |error: crate::error::AppError| match error {
            crate::error::AppError::Invalid(errors) => {
                errors.0.into_iter().map(|error| error.field).collect::<Vec<_>>()
            }
            other => panic!("{other:?}"),
        };
        let service = ServiceForm {
            price: "x".into(),
            next_due: "tomorrow".into(),
            panel_url: "javascript:alert(1)".into(),
            ..ServiceForm::default()
        };
        assert_eq!(
            fields(service.parse().unwrap_err()),
            ["product", "price", "currency", "next_due", "panel_url"]
        );
        let domain = DomainForm { name: "no domain".into(), ..DomainForm::default() };
        assert_eq!(fields(domain.parse().unwrap_err()), ["name", "expires"]);
    }
}
