//! The secrets behind codes: made from the installation's key whenever they are needed, and stored nowhere.

use super::model::CODES;
use crate::error::Result;
use crate::platform::db::internal;
use crate::platform::token::Key;
use crate::types::{Timestamp, UserId};
use qrcode::QrCode;
use qrcode::render::svg;
use totp_rs::{Builder, Secret, Totp};

/// Letters of recovery codes: Crockford's base 32, in which nothing looks like something else.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The authenticator of a user: SHA-1, six digits, 30 seconds, one step of leeway, because that is what every
/// app can (RFC 6238).
pub fn authenticator(key: &Key, user: &UserId, seed: &str, email: &str, issuer: &str) -> Result<Totp> {
    let secret = &key.derive_bytes(&["totp", user.as_str(), seed])[..20];
    let name: String = email.chars().filter(|c| *c != ':').collect();
    let issuer: String = issuer.chars().filter(|c| *c != ':').collect();
    let builder = Builder::new()
        .with_secret(Secret::new(secret.into()))
        .with_account_name(name)
        .with_issuer(Some(issuer));
    builder.build().map_err(|error| internal(&format!("{error:?}")))
}

/// The step of a code, if the authenticator makes it around this time.
pub fn step(authenticator: &Totp, code: &str, now: Timestamp) -> Option<i64> {
    let seconds = u64::try_from(now.0.div_euclid(1000)).ok()?;
    authenticator.check(code, seconds).and_then(|step| i64::try_from(step).ok())
}

/// What the QR code says (`otpauth://…`): an app on the same device opens it.
pub fn url(authenticator: &Totp) -> Result<String> {
    authenticator.to_url().map_err(|error| internal(&format!("{error:?}")))
}

/// The QR code that apps read, as SVG without a size of its own.
pub fn qr(authenticator: &Totp) -> Result<String> {
    let url = url(authenticator)?;
    let code = QrCode::new(url.as_bytes()).map_err(|error| internal(&error))?;
    let svg = code
        .render::<svg::Color<'_>>()
        .dark_color(svg::Color("#000"))
        .light_color(svg::Color("#fff"))
        .build();
    // What stands before the element is for files.
    Ok(svg.find("<svg").map(|at| svg[at..].to_owned()).unwrap_or(svg))
}

/// The secret as people type it into an app: groups of four.
pub fn readable(authenticator: &Totp) -> String {
    let text = authenticator.secret().to_base32();
    text.as_bytes()
        .chunks(4)
        .map(|four| String::from_utf8_lossy(four).into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The recovery codes of a set: each of 50 bits.
pub fn recovery_codes(key: &Key, user: &UserId, seed: &str) -> Vec<String> {
    let code = |number: usize| {
        let bytes = key.derive_bytes(&["recovery", user.as_str(), seed, &number.to_string()]);
        let letters: String =
            bytes[..10].iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
        format!("{}-{}", &letters[..5], &letters[5..])
    };
    (0..CODES).map(code).collect()
}

/// Which code of a set this is. Every code is compared, so that the time it takes says nothing.
pub fn recovery_number(key: &Key, user: &UserId, seed: &str, typed: &str) -> Option<usize> {
    let letter = |c: char| match c.to_ascii_lowercase() {
        'o' => '0',
        'i' | 'l' => '1',
        c => c,
    };
    let plain = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).map(letter).collect::<String>();
    // Compared by their keyed digests: what differs in them says nothing about where the codes differ.
    let digest = |text: &str| key.derive_bytes(&["compare", &plain(text)]);
    let typed = digest(typed);
    recovery_codes(key, user, seed)
        .iter()
        .enumerate()
        .fold(None, |found, (number, code)| if digest(code) == typed { Some(number) } else { found })
}

/// A code as typed, told apart: six digits are the app's.
pub fn is_app_code(typed: &str) -> Option<String> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    (digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user() -> UserId {
        UserId::from("01k9zv5s8t3w2x1y0abcdefghj".to_owned())
    }

    #[test]
    fn codes_follow_rfc_6238_and_hold_for_one_step_more() {
        let app =
            authenticator(&Key::new([7; 32]), &user(), "seed", "ada@example.com", "Test: Hosting").unwrap();
        let now = Timestamp(1_795_312_800_000);
        let code = app.generate(1_795_312_800).to_string();
        let at = step(&app, &code, now).unwrap();
        assert_eq!(at, 1_795_312_800 / 30);
        assert_eq!(step(&app, &code, Timestamp(now.0 + 30_000)), Some(at));
        assert_eq!(step(&app, &code, Timestamp(now.0 + 61_000)), None);
        assert!(qr(&app).unwrap().starts_with("<svg"));
        assert_eq!(readable(&app).split(' ').count(), 8);
        assert!(app.to_url().unwrap().contains("issuer=Test%20Hosting"), "{}", app.to_url().unwrap());
    }

    #[test]
    fn another_key_user_or_seed_makes_other_secrets() {
        let secret = |key: u8, user: &str, seed: &str| {
            readable(
                &authenticator(&Key::new([key; 32]), &UserId::from(user.to_owned()), seed, "a@b.c", "T")
                    .unwrap(),
            )
        };
        let all = [secret(7, "a", "s"), secret(8, "a", "s"), secret(7, "b", "s"), secret(7, "a", "t")];
        assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), 4);
    }

    #[test]
    fn recovery_codes_are_read_however_they_are_typed() {
        let key = Key::new([7; 32]);
        let codes = recovery_codes(&key, &user(), "seed");
        assert_eq!(codes.iter().collect::<std::collections::BTreeSet<_>>().len(), CODES);
        for (number, code) in codes.iter().enumerate() {
            assert_eq!(code.len(), 11);
            assert_eq!(
                recovery_number(
                    &key,
                    &user(),
                    "seed",
                    &code.to_uppercase().replace('-', " ").replace('0', "O").replace('1', "l")
                ),
                Some(number)
            );
        }
        for wrong in ["", "-", "aaaaa-aaaaa", &codes[0][..5]] {
            assert_eq!(recovery_number(&key, &user(), "seed", wrong), None);
        }
        assert_eq!(is_app_code(" 123 456 "), Some("123456".into()));
        assert_eq!(is_app_code("12345"), None);
        assert_eq!(is_app_code("abcde-fghjk"), None);
    }
}
