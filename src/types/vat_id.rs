//! Numbers for value added tax: what those of each country look like, and their check digits. Pure.
//!
//! Formats as the EU's VIES describes them; check digits as the countries publish them. Whether a number is given to
//! somebody is another question, which only the country answers.

/// What is wrong with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VatProblem {
    /// Its country has no such number in this table.
    Country,
    /// It does not look like one of its country.
    Format,
    /// A digit is wrong.
    Digits,
}

/// Reads a number and checks it: upper case, without spaces, dots and dashes, with its country in front (Greece is EL).
/// Numbers of countries that are not in the table are kept as they are typed.
///
/// # Errors
/// What is wrong with it.
pub fn read(typed: &str) -> Result<String, VatProblem> {
    let id: String = typed
        .chars()
        .filter(|c| !matches!(c, ' ' | '.' | '-' | '/' | '\u{a0}'))
        .collect::<String>()
        .to_ascii_uppercase();
    let id = match id.strip_prefix("GR") {
        Some(rest) => format!("EL{rest}"),
        None => id,
    };
    let (Some(country), Some(rest)) = (id.get(..2), id.get(2..)) else { return Err(VatProblem::Format) };
    if !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(VatProblem::Country);
    }
    let Some(rule) = RULES.iter().find(|rule| rule.country == country) else {
        return Err(VatProblem::Country);
    };
    if !rule.formats.iter().any(|format| fits(rest, format)) {
        return Err(VatProblem::Format);
    }
    if (rule.check)(rest) { Ok(id) } else { Err(VatProblem::Digits) }
}

/// Is this country in the table?
pub fn is_known(country: &str) -> bool {
    RULES.iter().any(|rule| rule.country == country)
}

struct NumberRule {
    country: &'static str,
    /// `9` a digit, `A` a letter, `X` either, anything else itself.
    formats: &'static [&'static str],
    check: fn(&str) -> bool,
}

fn fits(id: &str, format: &str) -> bool {
    id.len() == format.len()
        && id.bytes().zip(format.bytes()).all(|(byte, wanted)| match wanted {
            b'9' => byte.is_ascii_digit(),
            b'A' => byte.is_ascii_uppercase(),
            b'X' => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
            other => byte == other,
        })
}

const RULES: &[NumberRule] = &[
    NumberRule { country: "AT", formats: &["U99999999"], check: austria },
    NumberRule { country: "BE", formats: &["0999999999", "1999999999"], check: belgium },
    NumberRule { country: "BG", formats: &["999999999", "9999999999"], check: bulgaria },
    NumberRule { country: "CY", formats: &["99999999A"], check: cyprus },
    NumberRule { country: "CZ", formats: &["99999999", "999999999", "9999999999"], check: czechia },
    NumberRule {
        country: "DE",
        formats: &["999999999"],
        check: |id| iso_7064_mod_11_10(id) && !id.starts_with('0'),
    },
    NumberRule {
        country: "DK",
        formats: &["99999999"],
        check: |id| weighted(id, &[2, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0 && !id.starts_with('0'),
    },
    NumberRule {
        country: "EE",
        formats: &["999999999"],
        check: |id| weighted(id, &[3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 == 0,
    },
    NumberRule { country: "EL", formats: &["999999999"], check: greece },
    NumberRule { country: "ES", formats: &["X9999999X"], check: spain },
    NumberRule {
        country: "FI",
        formats: &["99999999"],
        check: |id| weighted(id, &[7, 9, 10, 5, 8, 4, 2, 1]) % 11 == 0,
    },
    NumberRule { country: "FR", formats: &["XX999999999"], check: france },
    NumberRule { country: "HR", formats: &["99999999999"], check: iso_7064_mod_11_10 },
    NumberRule {
        country: "HU",
        formats: &["99999999"],
        check: |id| weighted(id, &[9, 7, 3, 1, 9, 7, 3, 1]) % 10 == 0,
    },
    NumberRule {
        country: "IE",
        formats: &["9999999A", "9A99999A", "9999999AA", "9+99999A", "9*99999A"],
        check: ireland,
    },
    NumberRule { country: "IT", formats: &["99999999999"], check: italy },
    NumberRule {
        country: "LT",
        formats: &["999999919", "99999999919", "999999999", "999999999999"],
        check: lithuania,
    },
    NumberRule {
        country: "LU",
        formats: &["99999999"],
        check: |id| number(&id[..6]) % 89 == number(&id[6..]),
    },
    NumberRule { country: "LV", formats: &["99999999999"], check: latvia },
    NumberRule {
        country: "MT",
        formats: &["99999999"],
        check: |id| weighted(id, &[3, 4, 6, 7, 8, 9, 10, 1]) % 37 == 0 && !id.starts_with('0'),
    },
    NumberRule { country: "NL", formats: &["999999999B99"], check: netherlands },
    NumberRule {
        country: "PL",
        formats: &["9999999999"],
        check: |id| weighted(&id[..9], &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == digit(id, 9),
    },
    NumberRule { country: "PT", formats: &["999999999"], check: portugal },
    NumberRule {
        country: "RO",
        formats: &["99", "999", "9999", "99999", "999999", "9999999", "99999999", "999999999", "9999999999"],
        check: romania,
    },
    NumberRule { country: "SE", formats: &["999999999901"], check: |id| luhn(&id[..10]) },
    NumberRule { country: "SI", formats: &["99999999"], check: slovenia },
    NumberRule { country: "SK", formats: &["9999999999"], check: slovakia },
    NumberRule { country: "XI", formats: &["999999999", "999999999999", "GD999", "HA999"], check: britain },
    NumberRule { country: "GB", formats: &["999999999", "999999999999", "GD999", "HA999"], check: britain },
];

fn digit(id: &str, at: usize) -> i64 {
    id.as_bytes().get(at).filter(|byte| byte.is_ascii_digit()).map_or(0, |byte| i64::from(byte - b'0'))
}

fn number(digits: &str) -> i64 {
    digits.parse().unwrap_or_default()
}

fn weighted(id: &str, weights: &[i64]) -> i64 {
    weights.iter().enumerate().map(|(at, weight)| weight * digit(id, at)).sum()
}

fn luhn(id: &str) -> bool {
    let sum: i64 = (0..id.len())
        .rev()
        .enumerate()
        .map(|(n, at)| {
            let value = digit(id, at) * if n % 2 == 1 { 2 } else { 1 };
            value / 10 + value % 10
        })
        .sum();
    sum % 10 == 0
}

fn iso_7064_mod_11_10(id: &str) -> bool {
    let last = id.len() - 1;
    let mut product = 10;
    for at in 0..last {
        let sum = (digit(id, at) + product) % 10;
        product = 2 * if sum == 0 { 10 } else { sum } % 11;
    }
    (product + digit(id, last)) % 10 == 1
}

fn austria(id: &str) -> bool {
    let id = &id[1..];
    let sum: i64 = (0..7)
        .map(|at| {
            let value = digit(id, at) * if at % 2 == 1 { 2 } else { 1 };
            value / 10 + value % 10
        })
        .sum();
    (6 - sum).rem_euclid(10) == digit(id, 7)
}

fn belgium(id: &str) -> bool {
    (number(&id[..8]) + number(&id[8..])) % 97 == 0 && number(&id[..8]) > 0
}

fn bulgaria(id: &str) -> bool {
    if id.len() == 9 {
        let first = weighted(id, &[1, 2, 3, 4, 5, 6, 7, 8]) % 11;
        let check = if first == 10 { weighted(id, &[3, 4, 5, 6, 7, 8, 9, 10]) % 11 } else { first };
        return check % 10 == digit(id, 8);
    }
    // A citizen, a foreigner, or anybody else.
    let citizen =
        weighted(id, &[2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10 == digit(id, 9) && is_bulgarian_birthday(id);
    let foreigner = weighted(id, &[21, 19, 17, 13, 11, 9, 7, 3, 1]) % 10 == digit(id, 9);
    let other = (11 - weighted(id, &[4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11 == digit(id, 9);
    citizen || foreigner || other
}

fn is_bulgarian_birthday(id: &str) -> bool {
    let (month, day) = (number(&id[2..4]) % 20, number(&id[4..6]));
    (1..=12).contains(&month) && (1..=31).contains(&day) && number(&id[2..4]) <= 52
}

fn cyprus(id: &str) -> bool {
    const ODD: [i64; 10] = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
    let sum: i64 = (0..8)
        .map(|at| {
            let value = digit(id, at);
            if at % 2 == 0 {
                usize::try_from(value).ok().and_then(|at| ODD.get(at)).copied().unwrap_or(0)
            } else {
                value
            }
        })
        .sum();
    id.as_bytes()[8] == b'A' + u8::try_from(sum % 26).unwrap_or(0) && !id.starts_with("12")
}

fn czechia(id: &str) -> bool {
    match id.len() {
        8 => {
            let check = (11 - weighted(&id[..7], &[8, 7, 6, 5, 4, 3, 2]) % 11) % 11;
            !id.starts_with('9') && (if check == 0 { 1 } else { check % 10 }) == digit(id, 7)
        }
        9 if id.starts_with('6') => {
            let check = weighted(&id[1..8], &[8, 7, 6, 5, 4, 3, 2]) % 11;
            (8 - (10 - check).rem_euclid(11)).rem_euclid(10) == digit(id, 8)
        }
        // A birthday and a serial; before 1954 without a check digit.
        9 => is_czech_birthday(id) && !(54..80).contains(&number(&id[..2])),
        _ => {
            is_czech_birthday(id)
                && (number(id) % 11 == 0 || (number(&id[..9]) % 11 == 10 && digit(id, 9) == 0))
        }
    }
}

fn is_czech_birthday(id: &str) -> bool {
    let (month, day) = (number(&id[2..4]) % 50 % 20, number(&id[4..6]));
    (1..=12).contains(&month) && (1..=31).contains(&day)
}

fn greece(id: &str) -> bool {
    weighted(id, &[256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10 == digit(id, 8)
}

fn spain(id: &str) -> bool {
    const LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    let (first, last) = (id.as_bytes()[0], id.as_bytes()[8]);
    let letter = |number: i64| usize::try_from(number % 23).ok().and_then(|at| LETTERS.get(at).copied());
    match first {
        b'0'..=b'9' => letter(number(&id[..8])) == Some(last),
        b'X' | b'Y' | b'Z' => letter(number(&format!("{}{}", first - b'X', &id[1..8]))) == Some(last),
        b'K' | b'L' | b'M' => letter(number(&id[1..8])) == Some(last),
        b'A'..=b'J' | b'N' | b'P'..=b'S' | b'U' | b'V' | b'W' => {
            let middle = &id[1..8];
            let sum: i64 = (0..7)
                .map(|at| {
                    let value = digit(middle, at) * if at % 2 == 0 { 2 } else { 1 };
                    value / 10 + value % 10
                })
                .sum();
            let check = (10 - sum % 10) % 10;
            let as_letter = usize::try_from(check).ok().and_then(|at| b"JABCDEFGHI".get(at).copied());
            let as_digit = i64::from(last) == i64::from(b'0') + check;
            // Which kind of company has which of them is told in more than one way.
            as_digit || as_letter == Some(last)
        }
        _ => false,
    }
}

fn france(id: &str) -> bool {
    let siren = &id[2..];
    // Monaco has numbers without a company's own.
    if !siren.starts_with("000") && !luhn(siren) {
        return false;
    }
    const DIGITS: &str = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    if id.bytes().take(2).all(|byte| byte.is_ascii_digit()) {
        return number(&id[..2]) == number(&format!("{siren}12")) % 97;
    }
    let place =
        |at: usize| id.chars().nth(at).and_then(|c| DIGITS.find(c)).and_then(|at| i64::try_from(at).ok());
    let (Some(first), Some(second)) = (place(0), place(1)) else { return false };
    let check = if first < 10 { first * 24 + second - 10 } else { first * 34 + second - 100 };
    (number(siren) + 1 + check / 11) % 11 == check % 11
}

fn ireland(id: &str) -> bool {
    const LETTERS: &[u8; 23] = b"WABCDEFGHIJKLMNOPQRSTUV";
    let bytes = id.as_bytes();
    let check = |digits: &str, more: u8| {
        let sum = weighted(digits, &[8, 7, 6, 5, 4, 3, 2])
            + if more.is_ascii_uppercase() {
                9 * i64::from(LETTERS.iter().position(|l| *l == more).unwrap_or(0) as u8)
            } else {
                0
            };
        usize::try_from(sum % 23).ok().and_then(|at| LETTERS.get(at).copied())
    };
    if bytes[1].is_ascii_digit() {
        return check(&id[..7], bytes.get(8).copied().unwrap_or(b'W')) == Some(bytes[7]);
    }
    // The old form: a letter in the second place.
    check(&format!("0{}{}", &id[2..7], &id[..1]), b'W') == Some(bytes[7])
}

fn italy(id: &str) -> bool {
    let office = number(&id[7..10]);
    number(&id[..7]) > 0
        && ((1..=100).contains(&office) || matches!(office, 120 | 121 | 888 | 999))
        && luhn(id)
}

fn lithuania(id: &str) -> bool {
    let (len, marked) = (id.len(), if id.len() == 9 { digit(id, 7) } else { digit(id, 10) });
    if marked != 1 || (len != 9 && len != 12) {
        return false;
    }
    let sum = |from: i64| -> i64 {
        (0..len - 1).zip(0_i64..).map(|(at, n)| (1 + (n + from) % 9) * digit(id, at)).sum::<i64>() % 11
    };
    let check = sum(0);
    (if check == 10 { sum(2) } else { check }) % 10 == digit(id, len - 1)
}

fn latvia(id: &str) -> bool {
    if digit(id, 0) > 3 {
        return weighted(id, &[9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1]) % 11 == 3;
    }
    // A person: a birthday, or 32 in front.
    if id.starts_with("32") {
        return true;
    }
    let check = (1 + weighted(id, &[10, 5, 8, 4, 2, 1, 6, 3, 7, 9])) % 11 % 10;
    check == digit(id, 10) && (1..=31).contains(&number(&id[..2])) && (1..=12).contains(&number(&id[2..4]))
}

fn netherlands(id: &str) -> bool {
    let company = weighted(id, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11 == digit(id, 8) && number(&id[..9]) > 0;
    // Of persons since 2020: the whole, with letters as numbers, leaves 1 of 97.
    let whole = format!("NL{id}").chars().fold(0_u32, |rest, c| {
        let value = c.to_digit(36).unwrap_or_default();
        (rest * if value < 10 { 10 } else { 100 } + value) % 97
    });
    number(&id[10..]) > 0 && (company || whole == 1)
}

fn portugal(id: &str) -> bool {
    let check = (11 - weighted(id, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11 % 10;
    !id.starts_with('0') && check == digit(id, 8)
}

fn romania(id: &str) -> bool {
    if id.starts_with('0') {
        return false;
    }
    let padded = format!("{id:0>10}");
    10 * weighted(&padded, &[7, 5, 3, 2, 1, 7, 5, 3, 2]) % 11 % 10 == digit(&padded, 9)
}

fn slovenia(id: &str) -> bool {
    let check = 11 - weighted(id, &[8, 7, 6, 5, 4, 3, 2]) % 11;
    !id.starts_with('0') && check != 11 && check % 10 == digit(id, 7)
}

fn slovakia(id: &str) -> bool {
    let company = !id.starts_with('0') && matches!(digit(id, 2), 2..=4 | 7..=9) && number(id) % 11 == 0;
    company || czechia(id)
}

fn britain(id: &str) -> bool {
    if let Some(office) = id.strip_prefix("GD") {
        return number(office) < 500;
    }
    if let Some(authority) = id.strip_prefix("HA") {
        return number(authority) >= 500;
    }
    let sum = weighted(id, &[8, 7, 6, 5, 4, 3, 2, 10, 1]) % 97;
    let old = sum == 0 && number(&id[..7]) > 0;
    old || (sum == 42 && number(&id[..7]) >= 1_000_000) || (sum == 55 && number(&id[..7]) >= 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Written by `end2end/vat_ids.py` with python-stdnum 2.2: numbers that it takes, and numbers that it does not.
    const CASES: &str = include_str!("vat_id_cases.txt");

    #[test]
    fn each_country_s_numbers_are_taken_and_slips_are_not() {
        let mut seen = std::collections::BTreeMap::new();
        for line in CASES.lines().filter(|line| !line.starts_with('#')) {
            let (good, id) = line.split_once(' ').unwrap();
            assert_eq!(read(id).is_ok(), good == "yes", "{line}");
            *seen.entry(id[..2].to_owned()).or_insert(0) += 1;
        }
        assert!(RULES.iter().all(|rule| seen.get(rule.country).is_some_and(|n| *n >= 20)), "{seen:?}");
    }

    #[test]
    fn a_number_is_kept_as_machines_write_it() {
        assert_eq!(read("de 136 695 976"), Ok("DE136695976".into()));
        assert_eq!(read("GR094259216"), Ok("EL094259216".into()));
        assert_eq!(read("DE136695975"), Err(VatProblem::Digits));
        assert_eq!(read("DE1366"), Err(VatProblem::Format));
        assert_eq!(read("US12"), Err(VatProblem::Country));
        for odd in ["", "D", "дЕ136695976", "12345678", "🙂🙂🙂"] {
            assert!(read(odd).is_err(), "{odd}");
        }
    }
}
