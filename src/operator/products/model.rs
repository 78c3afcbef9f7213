//! A product and its form.

use super::words;
use crate::error::{FormErrors, Result};
use crate::features::services::model::Cycle;
use crate::types::{Money, line, text_block, uppercase};
use serde::{Deserialize, Serialize};

/// The cycles, with their labels.
pub const CYCLES: [(&str, &str); 4] = [
    ("monthly", words::MONTHLY),
    ("quarterly", words::QUARTERLY),
    ("yearly", words::YEARLY),
    ("once", words::ONCE),
];

/// What a product costs in one cycle and currency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Price {
    /// How often it is paid.
    pub cycle: Cycle,
    /// How much each time.
    pub price: Money,
    /// What is paid once at the beginning, in cents.
    pub setup_cents: i64,
}

/// A product.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Product {
    /// Its id; empty for a new one.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it stands with.
    pub group: String,
    /// What it is.
    pub description: String,
    /// New services are set up with it.
    pub offered: bool,
    /// What it costs.
    pub prices: Vec<Price>,
    /// Counts the changes.
    pub version: i64,
}

/// The form of a product. Prices are columns of the same length.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ProductForm {
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// What it stands with.
    #[serde(default)]
    pub group: String,
    /// What it is.
    #[serde(default)]
    pub description: String,
    /// New services are set up with it.
    #[serde(default)]
    pub offered: String,
    /// How often each price is paid.
    #[serde(default)]
    pub cycle: Vec<String>,
    /// How much each time, as typed.
    #[serde(default)]
    pub amount: Vec<String>,
    /// In which currency.
    #[serde(default)]
    pub currency: Vec<String>,
    /// What is paid once, as typed.
    #[serde(default)]
    pub setup: Vec<String>,
}

impl ProductForm {
    /// Reads the form.
    ///
    /// # Errors
    /// [`crate::error::AppError::Invalid`] with every field that cannot be taken.
    pub fn parse(&self) -> Result<Product> {
        let mut errors = FormErrors::default();
        let name = errors.keep("name", line(&self.name, 200));
        if name.is_empty() && errors.of("name").is_none() {
            errors.add("name", words::ENTER_A_NAME);
        }
        let group = errors.keep("group", line(&self.group, 100));
        let description = errors.keep("description", text_block(&self.description, 2_000));
        let mut prices: Vec<Price> = Vec::new();
        let at = |all: &[String], n: usize| all.get(n).map(|text| text.trim().to_owned()).unwrap_or_default();
        for n in 0..self.amount.len().min(24) {
            let (amount, currency, setup) = (at(&self.amount, n), at(&self.currency, n), at(&self.setup, n));
            if amount.is_empty() {
                continue;
            }
            let (Some(cents), Some(setup_cents)) =
                (cents(&amount), cents(if setup.is_empty() { "0" } else { &setup }))
            else {
                errors.add("amount", words::NOT_AN_AMOUNT);
                break;
            };
            if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_alphabetic()) {
                errors.add("amount", words::NOT_A_CURRENCY);
                break;
            }
            let cycle = Cycle::from_key(&at(&self.cycle, n));
            let price = Money { cents, currency: uppercase(&currency) };
            if prices.iter().any(|other| other.cycle == cycle && other.price.currency == price.currency) {
                errors.add("amount", words::TWICE);
                break;
            }
            prices.push(Price { cycle, price, setup_cents });
        }
        let offered = !self.offered.is_empty();
        errors.finish(Product { id: String::new(), name, group, description, offered, prices, version: 0 })
    }
}

/// Cents of an amount like 12.90 or 12,9; nothing for what is none.
pub fn cents(typed: &str) -> Option<i64> {
    let typed = typed.trim().replace(',', ".");
    let (whole, part) = typed.split_once('.').unwrap_or((&typed, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let good = !whole.is_empty() && whole.len() <= 9 && part.len() <= 2 && digits(whole) && digits(part);
    good.then(|| format!("{whole}{part:0<2}").parse().ok()).flatten()
}

/// An amount as it is typed: "12.90".
pub fn typed(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_form_is_read_line_by_line() {
        let form = ProductForm {
            name: "Web Hosting M".into(),
            cycle: vec!["monthly".into(), "yearly".into(), "monthly".into()],
            amount: vec!["12.9".into(), String::new(), "15".into()],
            currency: vec!["eur".into(), "EUR".into(), "USD".into()],
            setup: vec!["20".into()],
            ..ProductForm::default()
        };
        let product = form.parse().unwrap();
        assert_eq!(product.prices.iter().map(|price| price.price.cents).collect::<Vec<_>>(), [1_290, 1_500]);
        assert_eq!(product.prices[0].setup_cents, 2_000);
        for (amount, currency) in [("x", "EUR"), ("1", "E"), ("-1", "EUR"), ("1.234", "EUR")] {
            let bad =
                ProductForm { amount: vec![amount.into()], currency: vec![currency.into()], ..form.clone() };
            assert!(bad.parse().is_err(), "{amount} {currency}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_again(value in 0_i64..99_999_999) {
            prop_assert_eq!(cents(&typed(value)), Some(value));
        }
    }
}
