//! Likely slips in e-mail addresses: a domain that is one slip away from one that very many people have.
//!
//! Distances are counted by `strsim` (Damerau-Levenshtein: a letter more, less, other, or two that changed places).

use crate::types::EmailAddress;

/// Where very many people have their mail.
const KNOWN: &[&str] = &[
    "gmail.com", "googlemail.com", "hotmail.com", "hotmail.co.uk", "hotmail.fr", "outlook.com", "outlook.de",
    "live.com", "msn.com", "yahoo.com", "yahoo.co.uk", "yahoo.fr", "yahoo.de", "icloud.com", "me.com",
    "aol.com", "gmx.de", "gmx.net", "gmx.at", "gmx.ch", "web.de", "t-online.de", "freenet.de", "orange.fr",
    "wanadoo.fr", "free.fr", "laposte.net", "libero.it", "protonmail.com", "proton.me", "btinternet.com",
    "comcast.net", "sapo.pt", "seznam.cz", "wp.pl", "bluewin.ch", "fastmail.com", "mail.com", "mail.ru",
    "yandex.ru",
];

/// The address that was probably meant; nothing when it looks right.
pub fn meant(address: &EmailAddress) -> Option<String> {
    let (local, domain) = address.as_str().rsplit_once('@')?;
    let domain = domain.to_ascii_lowercase();
    if KNOWN.contains(&domain.as_str()) {
        return None;
    }
    let near = KNOWN.iter().find(|known| {
        // Short domains have many real neighbours: only letters that changed places are taken for a slip.
        let distance = strsim::damerau_levenshtein(known, &domain);
        let swapped = known.len() == domain.len() && strsim::levenshtein(known, &domain) == 2;
        distance == 1 && (known.len() >= 9 || swapped)
    })?;
    Some(format!("{local}@{near}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_seen_and_real_domains_left_alone() {
        let meant = |text: &str| meant(&EmailAddress::parse(text).unwrap());
        for (typed, right) in [
            ("ben@gmial.com", "ben@gmail.com"),
            ("Ben@Gmail.con", "Ben@gmail.com"),
            ("ben@gmai.com", "ben@gmail.com"),
            ("ben@hotmial.com", "ben@hotmail.com"),
            ("ben@outlok.com", "ben@outlook.com"),
            ("ben@yahooo.com", "ben@yahoo.com"),
            ("ben@wbe.de", "ben@web.de"),
        ] {
            assert_eq!(meant(typed).as_deref(), Some(right), "{typed}");
        }
        for right in [
            "ben@gmail.com",
            "ben@mail.com",
            "ben@gmx.eu",
            "ben@wes.de",
            "ben@hartbakery.example",
            "ben@me.io",
        ] {
            assert_eq!(meant(right), None, "{right}");
        }
    }
}
