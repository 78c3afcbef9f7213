//! Amounts of money.

use serde::{Deserialize, Serialize};

/// An amount in the smallest unit of a currency with two decimals: 1250 EUR cents are 12.50 euros.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// Cents.
    pub cents: i64,
    /// ISO 4217 code.
    pub currency: String,
}

impl std::fmt::Display for Money {
    /// "1,234.50 EUR".
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let units = (self.cents.unsigned_abs() / 100).to_string();
        let mut grouped = String::new();
        for (at, digit) in units.chars().enumerate() {
            if at > 0 && (units.len() - at).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        let sign = if self.cents < 0 { "-" } else { "" };
        write!(f, "{sign}{grouped}.{:02} {}", self.cents.unsigned_abs() % 100, self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_grouped_and_have_two_decimals() {
        for (cents, text) in [
            (0, "0.00 EUR"),
            (5, "0.05 EUR"),
            (123_450, "1,234.50 EUR"),
            (-100_000_099, "-1,000,000.99 EUR"),
            (99_900, "999.00 EUR"),
        ] {
            assert_eq!(Money { cents, currency: "EUR".into() }.to_string(), text);
        }
    }
}
