//! Money: an amount in minor units of a currency.

use serde::{Deserialize, Serialize};

/// An amount in minor units: cents, yen, fils.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// Minor units, which most currencies call cents.
    pub cents: i64,
    /// ISO 4217 code.
    pub currency: String,
}

/// Digits of the minor unit of a currency (ISO 4217).
pub fn minor_digits(currency: &str) -> u32 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "UYI"
        | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

impl Money {
    /// An amount as it is typed: "1234.50". A negative one, and one with more digits than the currency has, is none.
    pub fn parse(typed: &str, currency: &str) -> Option<Self> {
        let (typed, digits) = (typed.trim().replace(',', "."), minor_digits(currency) as usize);
        let (whole, part) = typed.split_once('.').unwrap_or((&typed, ""));
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let good = !whole.is_empty() && whole.len() <= 12 && part.len() <= digits;
        let good = good && all_digits(whole) && all_digits(part);
        let cents = good.then(|| format!("{whole}{part:0<digits$}").parse().ok()).flatten()?;
        Some(Self { cents, currency: currency.to_owned() })
    }

    /// As it is typed: "1234.50".
    pub fn typed(&self) -> String {
        let (sign, whole, part) = self.parts();
        if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
    }

    fn parts(&self) -> (&'static str, String, String) {
        let digits = minor_digits(&self.currency);
        let unit = 10_u64.pow(digits);
        let (whole, part) = (self.cents.unsigned_abs() / unit, self.cents.unsigned_abs() % unit);
        let part =
            if digits == 0 { String::new() } else { format!("{part:0width$}", width = digits as usize) };
        (if self.cents < 0 { "-" } else { "" }, whole.to_string(), part)
    }
}

impl std::fmt::Display for Money {
    /// "1,234.50 EUR".
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (sign, units, part) = self.parts();
        let mut grouped = String::new();
        for (at, digit) in units.chars().enumerate() {
            if at > 0 && (units.len() - at).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        let point = if part.is_empty() { "" } else { "." };
        write!(f, "{sign}{grouped}{point}{part} {}", self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_grouped_and_have_the_decimals_of_their_currency() {
        for (cents, currency, text) in [
            (0, "EUR", "0.00 EUR"),
            (5, "EUR", "0.05 EUR"),
            (123_450, "EUR", "1,234.50 EUR"),
            (-100_000_099, "EUR", "-1,000,000.99 EUR"),
            (99_900, "EUR", "999.00 EUR"),
            (123_450, "JPY", "123,450 JPY"),
            (1_234_500, "KWD", "1,234.500 KWD"),
            (-5, "KWD", "-0.005 KWD"),
        ] {
            assert_eq!(Money { cents, currency: currency.into() }.to_string(), text);
        }
    }

    #[test]
    fn what_is_typed_is_read_to_the_last_minor_unit_or_not_at_all() {
        for (typed, currency, cents) in [
            ("12.9", "EUR", Some(1_290)),
            (" 12,90 ", "EUR", Some(1_290)),
            ("0", "EUR", Some(0)),
            ("500", "JPY", Some(500)),
            ("500.5", "JPY", None),
            ("1.234", "EUR", None),
            ("1.234", "KWD", Some(1_234)),
            ("-1", "EUR", None),
            ("1e3", "EUR", None),
            ("9999999999999", "EUR", None),
            ("", "EUR", None),
        ] {
            assert_eq!(Money::parse(typed, currency).map(|money| money.cents), cents, "{typed}");
        }
        for (cents, currency) in [(1_290, "EUR"), (7, "KWD"), (12, "JPY")] {
            let money = Money { cents, currency: currency.into() };
            assert_eq!(Money::parse(&money.typed(), currency), Some(money));
        }
    }
}
