//! What an invoice adds up to. Pure.
//!
//! Tax is computed once per rate, on the sum of the rounded net lines (EN 16931, BR-CO-17 and BR-S-08), never per line.
//! Prices that hold their tax keep their sum to the cent: what computing the tax from the net lines leaves over is the
//! rounding amount (BT-114). Invariant: net + tax + rounding = total.

use super::model::{TaxCategory, TaxSum};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

/// A line to add up.
#[derive(Clone, Debug, PartialEq)]
pub struct PricedLine {
    /// How many.
    pub quantity: Decimal,
    /// Price of one, in whole units of the currency.
    pub price: Decimal,
    /// Category of the tax.
    pub category: TaxCategory,
    /// Its rate in hundredths of a per cent.
    pub rate: i64,
}

/// What an invoice adds up to, in minor units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Net amount of each line.
    pub lines: Vec<i64>,
    /// Sums per category and rate.
    pub taxes: Vec<TaxSum>,
    /// All net lines.
    pub net: i64,
    /// All tax.
    pub tax: i64,
    /// What keeps the sum of inclusive prices exact.
    pub rounding: i64,
    /// What is to be paid.
    pub total: i64,
}

/// The largest amount of an invoice, in minor units: far from where numbers end.
const LARGEST: i64 = 1_000_000_000_000_000;

/// Adds up. `digits` are those of the currency's minor unit. `None` for amounts that are too large.
pub fn totals(items: &[PricedLine], inclusive: bool, digits: u32) -> Option<Totals> {
    let unit = Decimal::from(10_u64.pow(digits));
    let rounded = |amount: Decimal| {
        let amount = amount.round_dp_with_strategy(0, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
        amount.to_i64().filter(|amount| amount.abs() <= LARGEST)
    };
    let mut totals = Totals::default();
    let mut gross: i64 = 0;
    for item in items {
        let amount = item.quantity.checked_mul(item.price)?.checked_mul(unit)?;
        let factor = Decimal::ONE.checked_add(Decimal::new(item.rate, 4))?;
        let net = if inclusive {
            let whole = rounded(amount)?;
            gross = gross.checked_add(whole)?;
            rounded(Decimal::from(whole).checked_div(factor)?)?
        } else {
            rounded(amount)?
        };
        totals.lines.push(net);
        let same = |sum: &&mut TaxSum| sum.category == item.category && sum.rate == item.rate;
        match totals.taxes.iter_mut().find(same) {
            Some(sum) => sum.base = sum.base.checked_add(net)?,
            None => {
                let (category, rate) = (item.category, item.rate);
                totals.taxes.push(TaxSum { category, rate, base: net, tax: 0 });
            }
        }
    }
    totals.taxes.sort_by_key(|sum| (sum.category, std::cmp::Reverse(sum.rate)));
    for sum in &mut totals.taxes {
        sum.tax = rounded(Decimal::from(sum.base).checked_mul(Decimal::new(sum.rate, 4))?)?;
    }
    totals.net = totals.taxes.iter().map(|sum| sum.base).sum();
    totals.tax = totals.taxes.iter().map(|sum| sum.tax).sum();
    totals.total = if inclusive { gross } else { totals.net.checked_add(totals.tax)? };
    totals.rounding = totals.total - totals.net - totals.tax;
    (totals.total.abs() <= LARGEST).then_some(totals)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn item(quantity: &str, price: &str, rate: i64) -> PricedLine {
        let category = if rate == 0 { TaxCategory::Zero } else { TaxCategory::Standard };
        PricedLine { quantity: quantity.parse().unwrap(), price: price.parse().unwrap(), category, rate }
    }

    #[test]
    fn tax_is_computed_once_per_rate_and_not_per_line() {
        // Per line it would be three times 0.02 (0.019 rounded): 0.06.
        let lines = [item("1", "0.10", 1_900), item("1", "0.10", 1_900), item("1", "0.10", 1_900)];
        let all = totals(&lines, false, 2).unwrap();
        assert_eq!((all.net, all.tax, all.rounding, all.total), (30, 6, 0, 36));
        let lines = [item("1", "0.13", 1_900), item("1", "0.13", 1_900), item("1", "0.13", 1_900)];
        let all = totals(&lines, false, 2).unwrap();
        assert_eq!((all.net, all.tax), (39, 7), "per line it would be 6: 0.0247 is 0.02");
        let three = [item("3", "9.99", 1_900), item("1.5", "20", 700), item("2", "5", 0)];
        let all = totals(&three, false, 2).unwrap();
        assert_eq!(all.lines, [2_997, 3_000, 1_000]);
        let sums: Vec<(i64, i64, i64)> = all.taxes.iter().map(|sum| (sum.rate, sum.base, sum.tax)).collect();
        assert_eq!(sums, [(1_900, 2_997, 569), (700, 3_000, 210), (0, 1_000, 0)]);
        assert_eq!(all.total, 6_997 + 779);
    }

    #[test]
    fn currencies_without_minor_units_and_with_three_digits_add_up() {
        assert_eq!(totals(&[item("3", "333", 1_000)], false, 0).unwrap().total, 1_099);
        assert_eq!(totals(&[item("1", "1.2345", 500)], false, 3).unwrap().lines, [1_235]);
    }

    #[test]
    fn prices_that_hold_their_tax_keep_their_sum() {
        let all = totals(&[item("1", "9.99", 1_900), item("1", "0.01", 1_900)], true, 2).unwrap();
        assert_eq!(all.total, 1_000);
        assert_eq!(all.net + all.tax + all.rounding, 1_000);
    }

    #[test]
    fn negative_and_huge_numbers_are_numbers_or_refused() {
        assert_eq!(totals(&[item("-1", "10", 1_900)], false, 2).unwrap().total, -1_190);
        assert!(totals(&[item("999999999999", "999999999999", 1_900)], false, 2).is_none());
        assert!(totals(&[item("79228162514264337593543950335", "10", 0)], false, 2).is_none());
        assert_eq!(totals(&[], false, 2).unwrap(), Totals::default());
    }

    proptest! {
        #[test]
        fn the_parts_always_sum_to_the_total(
            lines in proptest::collection::vec((1_i64..100_000, 0_i64..10_000_000, prop_oneof![Just(0_i64), Just(700), Just(1_900), Just(2_550)]), 1..40),
            inclusive: bool,
            digits in 0_u32..4,
        ) {
            let items: Vec<PricedLine> = lines
                .iter()
                .map(|(quantity, price, rate)| PricedLine {
                    quantity: Decimal::new(*quantity, 3),
                    price: Decimal::new(*price, 4),
                    category: TaxCategory::Standard,
                    rate: *rate,
                })
                .collect();
            let all = totals(&items, inclusive, digits).unwrap();
            prop_assert_eq!(all.net + all.tax + all.rounding, all.total);
            prop_assert_eq!(all.lines.iter().sum::<i64>(), all.net);
            prop_assert_eq!(all.taxes.iter().map(|sum| sum.base).sum::<i64>(), all.net);
            if !inclusive {
                prop_assert_eq!(all.rounding, 0);
            }
            // A line is off by half a unit at most, and so is each tax.
            let most = i64::try_from(items.len() + all.taxes.len()).unwrap();
            prop_assert!(all.rounding.abs() <= most, "{}", all.rounding);
            // In whatever order the lines stand.
            let turned: Vec<PricedLine> = items.iter().rev().cloned().collect();
            let turned = totals(&turned, inclusive, digits).unwrap();
            prop_assert_eq!((turned.net, turned.tax, turned.total), (all.net, all.tax, all.total));
        }
    }
}
