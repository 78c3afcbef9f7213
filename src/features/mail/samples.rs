//! Every mail that the product can send, with made-up words: for a person who wants to look at them all (`/dev/letters`, in the demo).

use super::announce::Announcement;
use super::letter::Letter;
use super::model::{Categories, Category};
use crate::access::membership::Member;
use crate::access::state::{House, Origin};
use crate::features::contacts::model::CardForm;
use crate::features::invitations::store::{Issued, Refusal};
use crate::features::ownership::store::Person;
use crate::features::permissions::store::Granter;
use crate::features::recipients::model::{Event, Main, People, recipients};
use crate::features::requests::model::{Kind, Pending};
use crate::features::{accounts, contacts, invitations, ownership, permissions, requests, second_factor, users};
use crate::outbox;
use crate::outbox::Message;
use crate::permission::Permission;
use crate::types::{AccountId, ContactId, Reading};

const TOKEN: &str = "a-link-that-leads-nowhere";

/// Every mail, as somebody with a choice gets it.
pub fn all(house: &House) -> Vec<Message> {
    let by = Member::sample();
    let account = by.account.clone();
    let (name, email) = ("Ben Carter", "ben@example.com");
    // About one's own login.
    let mut all = vec![
        users::mail::verify(house, name, email, TOKEN),
        users::mail::already(house, name, email),
        users::mail::reset(house, name, email, TOKEN),
        users::mail::password_changed(house, name, email),
        users::mail::new_device(house, name, email, &Origin::sample()),
        second_factor::mail::wrong_codes(house, name, email, &Origin::sample()),
        users::mail::confirm_email(house, name, "new@example.com", TOKEN),
        users::mail::email_changed(house, name, email, "new@example.com"),
        users::mail::sessions_ended(house, name, email),
        users::mail::deleted(house, name, email),
        second_factor::mail::added(house, name, email, "the passkey “Work laptop”"),
        second_factor::mail::removed(house, name, email, "the authenticator app", false),
        second_factor::mail::code_used(house, name, email, 9),
        second_factor::mail::codes_renewed(house, name, email),
        second_factor::mail::reset(house, name, email),
    ];
    // About people on an account.
    let issued = Issued { token: TOKEN.into(), email: email.into(), expires: house.now().plus_days(7) };
    all.push(invitations::mail::invitation(house, &by, name, "see and pay invoices", &issued));
    let refusal = Refusal {
        account: account.clone(),
        account_name: by.account_name.clone(),
        inviter: (by.user.name.clone(), by.user.email.clone()),
        email: email.into(),
    };
    all.push(invitations::mail::declined(house, &refusal));
    let card = CardForm { first_name: "Ben".into(), last_name: "Carter".into(), email: email.into(), mail: vec!["invoice".into()], ..CardForm::default() };
    all.extend(card.parse().ok().map(|card| contacts::mail::added(house, &by, &card)));
    let granter = Granter { contact: by.contact.clone(), name: by.user.name.clone(), email: by.user.email.clone() };
    all.push(permissions::mail::asked(house, &by, &granter, Permission::ViewInvoices, None, None));
    // Addresses of the account.
    let about = accounts::mail::About { account: &account, name: &by.account_name, main: "office@bakery.example", owner: (&by.user.name, &by.user.email) };
    all.push(accounts::mail::confirm_main(house, &about, name, "new@bakery.example", TOKEN));
    all.extend(accounts::mail::main_asked(house, &about, name, "new@bakery.example"));
    all.extend(accounts::mail::main_changed(house, &about, "new@bakery.example"));
    all.extend(accounts::mail::billing_changed(house, &about, name, "The account", "Ada Green (ada@example.com)"));
    all.push(contacts::mail::address_followed(house, (&account, &by.account_name), (&by.user.name, &by.user.email), name, email, "new@example.com"));
    // Ownership.
    let person = |name: &str, email: &str| Person { name: name.into(), email: email.into(), main_address: "office@bakery.example".into() };
    let (owner, other) = (person("Olivia Hart", "olivia@bakery.example"), person(name, email));
    all.extend(ownership::mail::offered(house, &by, &owner, &other));
    all.extend(ownership::mail::withdrawn(house, &by, &owner, &other));
    all.extend(ownership::mail::declined(house, &by, &owner));
    all.extend(ownership::mail::accepted(house, &by, &other));
    all.push(ownership::mail::left(house, &by, &owner));
    // Requests.
    let pending = Pending { kind: Kind::Cancel, by: name.into(), wanted: "We close the shop.".into(), from: None, at: house.now() };
    all.push(requests::mail::requested(house, &by, "Online shop", "01k9zv5s8t3w2x1y0abcdefghj", &pending, &Reading::default()));
    all.push(requests::mail::withdrawn(house, &by, "Online shop", "01k9zv5s8t3w2x1y0abcdefghj", Kind::Cancel));
    let decided = requests::mail::Decided {
        account: &account,
        account_name: &by.account_name,
        asked_by: name,
        thing: "Online shop",
        kind: Kind::Cancel,
        done: true,
        words: "Thank you for the time with us.",
    };
    all.push(Letter { to_name: name.into(), to_email: email.into(), ..decided.letter("01k9zv5s8t3w2x1y0abcdefghj") }.seal(house));
    // Announcements.
    for (category, text) in [
        (Category::General, "# Our office moves\n\nFrom **1 December** we are at *Harbour Street 5*. Nothing else changes: telephone and addresses stay."),
        (
            Category::Service,
            "# Maintenance on Sunday night\n\nFrom 02:00 to 04:00 UTC we renew the database servers. Your sites may be slow:\n\n- web1\n- web2\n\nThere is [a page that says how it goes](https://status.example.com).",
        ),
        (
            Category::Domain,
            "# Prices of .example change\n\nFrom 1 January a year of .example costs 14.00 EUR. Domains that are renewed before keep the old price.",
        ),
        (
            Category::Newsletter,
            "# What is new in November\n\n## Passkeys\n\nSign in with finger or face. [Set one up](https://portal.example.com/security).\n\n## Activity\n\nSee who changed what on your account.",
        ),
    ] {
        let Ok(announcement) = Announcement::read(category.key(), text, "", None) else { continue };
        let people = People {
            main: Main { name: by.account_name.clone(), email: "office@bakery.example".into(), mail: Categories::from_keys([category.key()]) },
            ..People::default()
        };
        all.extend(recipients(&Event::Notice(category), &people).first().map(|recipient| announcement.letter().to(&account, recipient, category).seal(house)));
    }
    let link = house.url(&crate::paths::preferences(TOKEN));
    for message in &mut all {
        for body in [&mut message.html, &mut message.text] {
            *body = outbox::with_choice(body, true).replace(crate::features::mail::letter::CHOICE_URL, &link);
        }
    }
    all
}

/// Ids of nobody.
pub fn nobody() -> (AccountId, ContactId) {
    ("01k9zv5s8t3w2x1y0abcdefghj".to_owned().into(), "01k9zv5s8t3w2x1y0abcdefghj".to_owned().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Kinds as the sources of every feature's mail spell them.
    fn kinds() -> BTreeSet<String> {
        let features = ["accounts", "users", "second_factor", "contacts", "invitations", "permissions", "ownership", "requests", "mail"];
        let mut kinds = BTreeSet::new();
        for feature in features {
            let file = if feature == "mail" { "announce.rs" } else { "mail.rs" };
            let text = std::fs::read_to_string(format!("{}/src/features/{feature}/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
            for part in text.split("kind: \"").skip(1).chain(text.split("letter(\"").skip(1)).chain(text.split("about, \"").skip(1)) {
                kinds.insert(part.split('"').next().unwrap().to_owned());
            }
        }
        kinds
    }

    #[tokio::test]
    async fn every_mail_is_here_complete_and_for_somebody() {
        let test = crate::tests::support::TestHouse::new().await;
        let all = all(&test.house);
        let shown: BTreeSet<String> = all.iter().map(|message| message.kind.to_owned()).collect();
        let missing: Vec<String> = kinds().into_iter().filter(|kind| !shown.contains(kind)).collect();
        assert_eq!(missing, Vec::<String>::new(), "kinds of mail that /dev/letters does not show");
        assert!(all.len() >= 30, "{}", all.len());
        for message in &all {
            assert!(!message.subject.is_empty() && message.to_email.contains('@'), "{}", message.kind);
            assert!(message.html.contains("You get this mail because") && message.text.contains("You get this mail because"), "{} says why", message.kind);
            for left in ["[[", "]]", "{}", "<script"] {
                assert!(!message.html.contains(left) && !message.text.contains(left), "{}: {left}", message.kind);
            }
            assert!(message.html.contains("width=\"600\"") && message.html.len() < 60_000, "{}: some mail programs cut what is longer", message.kind);
            assert_eq!(message.html.contains("Choose which mail you get"), message.account.is_some(), "{}", message.kind);
        }
    }
}
