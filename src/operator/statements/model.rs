//! A payment on a statement, and how its invoice is found. Pure: no I/O.

use crate::types::{Money, Timestamp};
use serde::{Deserialize, Serialize};

/// Where a payment stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LineState {
    /// Nobody has said what it is.
    #[default]
    Waiting,
    /// It is booked.
    Booked,
    /// Somebody put it aside: it is no payment of a customer.
    Aside,
}

impl LineState {
    /// The name in tables and URLs.
    pub fn key(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Booked => "booked",
            Self::Aside => "aside",
        }
    }

    /// The state with this name; an unknown one waits.
    pub fn from_key(key: &str) -> Self {
        [Self::Booked, Self::Aside].into_iter().find(|state| state.key() == key).unwrap_or_default()
    }
}

/// A payment as a list shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LineRow {
    /// Its id.
    pub id: String,
    /// When it was booked at the bank.
    pub at: Timestamp,
    /// How much came.
    pub amount: Money,
    /// Who paid.
    pub payer: String,
    /// What it said.
    pub text: String,
    /// What became of it: on what it was booked, or why it was put aside.
    pub says: String,
    /// An invoice that could be meant.
    pub suggestion: String,
}

/// What came in, in one currency.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sums {
    /// What waits.
    pub waiting: Money,
    /// What is booked.
    pub booked: Money,
    /// What was put aside.
    pub aside: Money,
    /// All of it.
    pub all: Money,
}

/// The page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StatementsPage {
    /// Which payments are listed.
    pub state: LineState,
    /// They: the oldest that wait first, else the newest.
    pub rows: Vec<LineRow>,
    /// What came in, per currency.
    pub sums: Vec<Sums>,
    /// Checkouts of which another amount came than was asked for: account, customer, invoice, and what.
    pub different: Vec<(String, String, String, String)>,
}

/// The places of invoices in their series that a text names: what follows the beginning of their numbers, whatever
/// spaces and signs the bank put between. `prefix` is that beginning, "INV-".
pub fn serials(text: &str, prefix: &str) -> Vec<i64> {
    let plain = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase()
    };
    let (text, prefix) = (plain(text), plain(prefix));
    let mut found = Vec::new();
    // Without letters in front any number could be meant.
    if !prefix.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        return found;
    }
    for (at, _) in text.match_indices(&prefix) {
        let digits: String =
            text[at + prefix.len()..].chars().take_while(char::is_ascii_digit).take(12).collect();
        // Numbers are printed with five digits at least; what is glued to them by the bank is cut off.
        for long in [digits.len(), 5] {
            let serial = digits.get(..long).and_then(|digits| digits.parse::<i64>().ok());
            let known = |serial: &i64| *serial > 0 && digits.len() >= 5 && !found.contains(serial);
            found.extend(serial.filter(known));
        }
    }
    found
}

/// An open invoice that a payment could be for.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The invoice.
    pub invoice: String,
    /// The account.
    pub account: String,
    /// Number.
    pub number: String,
    /// What is open of it, in minor units.
    pub open: i64,
}

/// What becomes of a payment.
#[derive(Clone, Debug, PartialEq)]
pub enum Match {
    /// It pays these in full, in this order.
    Books(Vec<Candidate>),
    /// It could be for this one.
    Suggests(String),
    /// Nothing fits.
    Nothing,
}

/// Decides what a payment is for. `named` are the open invoices in its currency that its text names; `same` open ones of
/// just its amount.
pub fn matched(amount: i64, named: &[Candidate], same: &[Candidate]) -> Match {
    match (named, same) {
        ([_, ..], _) if named.iter().map(|one| one.open).sum::<i64>() == amount => {
            Match::Books(named.to_vec())
        }
        // One of several is just the amount: the others are what a glued number looked like.
        ([_, ..], _) => {
            let exact: Vec<&Candidate> = named.iter().filter(|one| one.open == amount).collect();
            match (exact.as_slice(), named) {
                ([one], _) => Match::Books(vec![(*one).clone()]),
                (_, [one, ..]) => Match::Suggests(one.number.clone()),
                _ => Match::Nothing,
            }
        }
        ([], [one]) => Match::Suggests(one.number.clone()),
        _ => Match::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_whatever_the_bank_made_of_it() {
        for (text, found) in [
            ("INV-00012", vec![12]),
            ("Rechnung inv 000 12, danke", vec![12]),
            ("RE INV-00012 und INV-00013", vec![12, 13]),
            ("INV-0001220261126", vec![122_026_112, 12]),
            ("INV-12", vec![]),
            ("00012", vec![]),
            ("REINVENT 5", vec![]),
        ] {
            assert_eq!(serials(text, "INV-"), found, "{text}");
        }
        assert_eq!(serials("2026-00012", "2026-"), Vec::<i64>::new());
    }

    fn one(number: &str, open: i64) -> Candidate {
        Candidate { invoice: number.to_lowercase(), account: "a".into(), number: number.into(), open }
    }

    #[test]
    fn only_what_names_an_invoice_and_pays_it_is_booked_by_itself() {
        let (a, b) = (one("INV-00001", 1_200), one("INV-00002", 800));
        assert_eq!(matched(1_200, std::slice::from_ref(&a), &[]), Match::Books(vec![a.clone()]));
        assert_eq!(matched(2_000, &[a.clone(), b.clone()], &[]), Match::Books(vec![a.clone(), b.clone()]));
        assert_eq!(matched(800, &[a.clone(), b.clone()], &[]), Match::Books(vec![b.clone()]));
        assert_eq!(matched(1_199, std::slice::from_ref(&a), &[]), Match::Suggests("INV-00001".into()));
        assert_eq!(matched(1_200, &[], std::slice::from_ref(&a)), Match::Suggests("INV-00001".into()));
        assert_eq!(matched(1_200, &[], &[a.clone(), a]), Match::Nothing);
    }
}
