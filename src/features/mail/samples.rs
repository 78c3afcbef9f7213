//! Every mail that the product can send, with made-up words: for a person who wants to look at them all
//! (`/dev/letters`, in the demo).

use super::announce::Announcement;
use super::letter::Letter;
use crate::access::membership::Membership;
use crate::access::request::Origin;
use crate::access::state::AppState;
use crate::category::Category;
use crate::features::contacts::model::ContactForm;
use crate::features::invitations::store::{Answered, IssuedInvitation};
use crate::features::invoices::mail::Ask;
use crate::features::invoices::model::Related;
use crate::features::invoices::store::Invoice;
use crate::features::ownership::model::OwnershipParty;
use crate::features::permissions::model::Grant;
use crate::features::permissions::store::{Asker, Granter};
use crate::features::recipients::model::{Event, Main, People, recipients};
use crate::features::requests::model::{Pending, RequestKind};
use crate::features::tickets::row::Ticket;
use crate::features::tickets::who::Writer;
use crate::features::{
    accounts, contacts, incoming, invitations, invoices, ownership, permissions, replacements, requests,
    second_factor, support, tickets, users,
};
use crate::outbox::{self, Message};
use crate::permission::Permission;
use crate::types::TimeFormat;

const TOKEN: &str = "a-link-that-leads-nowhere";

/// Every mail, as somebody with a choice gets it.
pub fn all(app: &AppState) -> Vec<Message> {
    let by = Membership::sample();
    let account = by.account.clone();
    let (name, email) = ("Ben Carter", "ben@example.com");
    let owner = support::mail::AboutOwner {
        account: account.clone(),
        account_name: by.account_name.clone(),
        owner: (name.into(), email.into()),
    };
    // About one's own login.
    let mut all = vec![
        support::mail::asks(app, &owner, "Sam Okoye", "You wrote that an invoice is missing from your list."),
        support::mail::glass_broken(app, &owner, "Robin Falk", "The shop sends spam."),
        users::mail::verify(app, name, email, TOKEN),
        users::mail::already(app, name, email),
        users::mail::reset(app, name, email, TOKEN),
        users::mail::password_changed(app, name, email),
        users::mail::new_device(app, name, email, &Origin::sample()),
        second_factor::mail::wrong_codes(app, name, email, &Origin::sample()),
        users::mail::confirm_email(app, name, "new@example.com", TOKEN),
        users::mail::email_changed(app, name, email, "new@example.com"),
        users::mail::sessions_ended(app, name, email),
        users::mail::deleted(app, name, email),
        second_factor::mail::added(app, name, email, "the passkey “Work laptop”"),
        second_factor::mail::removed(app, name, email, "the authenticator app", false),
        second_factor::mail::code_used(app, name, email, 9),
        second_factor::mail::codes_renewed(app, name, email),
        second_factor::mail::reset(app, name, email),
    ];
    // About people on an account.
    let issued =
        IssuedInvitation { token: TOKEN.into(), email: email.into(), expires: app.now().plus_days(7) };
    all.push(invitations::mail::invitation(app, &by, name, "see and pay invoices", &issued));
    let refusal = Answered {
        account: account.clone(),
        account_name: by.account_name.clone(),
        inviter: (by.user.name.clone(), by.user.email.clone()),
        email: email.into(),
    };
    all.push(invitations::mail::accepted(app, &refusal, name, &by.contact));
    all.push(invitations::mail::declined(app, &refusal));
    let shown = ContactForm {
        first_name: "Ben".into(),
        last_name: "Carter".into(),
        email: email.into(),
        mail: vec!["invoice".into()],
        ..ContactForm::default()
    };
    all.extend(shown.parse().ok().map(|shown| contacts::mail::added(app, &by, &shown)));
    all.push(contacts::mail::ended(app, &by, name, email));
    let granter =
        Granter { contact: by.contact.clone(), name: by.user.name.clone(), email: by.user.email.clone() };
    all.push(permissions::mail::asked(app, &by, &granter, Permission::ViewInvoices, None));
    let asker = Asker { name: name.into(), email: email.into(), grant: Grant::default() };
    all.push(permissions::mail::granted(app, &by, &asker, "Cancel on Online shop"));
    all.push(permissions::mail::refused(app, &by, &asker, "Cancel on Online shop"));
    // Addresses of the account.
    let about = accounts::mail::AboutProfile {
        account: &account,
        name: &by.account_name,
        main: "office@bakery.example",
        owner: (&by.user.name, &by.user.email),
    };
    all.push(accounts::mail::confirm_main(app, &about, name, "new@bakery.example", TOKEN));
    all.extend(accounts::mail::main_asked(app, &about, name, "new@bakery.example"));
    all.extend(accounts::mail::main_changed(app, &about, "new@bakery.example"));
    all.extend(accounts::mail::billing_changed(
        app,
        &about,
        name,
        "The account itself",
        "Ada Green (ada@example.com)",
    ));
    all.push(contacts::mail::address_followed(
        app,
        (&account, &by.account_name),
        (&by.user.name, &by.user.email),
        name,
        email,
        "new@example.com",
    ));
    // Ownership.
    let person = |name: &str, email: &str| OwnershipParty {
        name: name.into(),
        email: email.into(),
        main_address: "office@bakery.example".into(),
    };
    let (owner, other) = (person("Olivia Hart", "olivia@bakery.example"), person(name, email));
    all.extend(ownership::mail::offered(app, &by, &owner, &other));
    all.extend(ownership::mail::withdrawn(app, &by, &owner, &other));
    all.extend(ownership::mail::declined(app, &by, &owner));
    all.extend(ownership::mail::accepted(app, &by, &other));
    all.push(ownership::mail::left(app, &by, &owner));
    all.extend(replacements::mail::samples(app));
    // Requests.
    let pending = Pending {
        kind: RequestKind::Cancel,
        by: name.into(),
        wanted: "We are closing the shop.".into(),
        from: None,
        at: app.now(),
    };
    let (ticket, writer) = (Ticket::sample(&by), Writer::of(&by));
    let answer = "We have restarted it. **Does it work now?**";
    let letter = tickets::mail::message(app, &ticket, &writer, answer, "", ("", 0));
    let reason = "You get this mail because you opened this ticket.".to_owned();
    all.push(Letter { to_name: name.into(), to_email: email.into(), reason, ..letter.clone() }.seal(app));
    all.push(tickets::mail::to_outsider(letter, "wes@example.com").seal(app));
    let staff = ("Support".to_owned(), "support@example.com".to_owned());
    all.push(tickets::mail::staff(app, &ticket, &writer, "The order form shows an error.", staff));
    let subject = "The order form shows an error";
    all.push(incoming::mail::refused(app, (name, email), subject, ""));
    all.push(incoming::mail::choose(app, (name, email), subject, "", "01k9zv5s8t3w2x1y0abcdefghj"));
    all.push(requests::mail::requested(
        app,
        &by,
        "Online shop",
        "01k9zv5s8t3w2x1y0abcdefghj",
        &pending,
        &TimeFormat::default(),
    ));
    all.push(requests::mail::withdrawn(
        app,
        &by,
        "Online shop",
        "01k9zv5s8t3w2x1y0abcdefghj",
        RequestKind::Cancel,
    ));
    let decided = requests::mail::Decided {
        account: &account,
        account_name: &by.account_name,
        asked_by: name,
        asset: "Online shop",
        kind: RequestKind::Cancel,
        done: true,
        words: "Thank you for having been our customer.",
    };
    all.push(
        Letter {
            to_name: name.into(),
            to_email: email.into(),
            ..decided.letter("01k9zv5s8t3w2x1y0abcdefghj")
        }
        .seal(app),
    );
    // Announcements.
    for (category, text) in [
        (
            Category::General,
            "# Our office is moving\n\nFrom **1 December** you will find us at *5 Harbour Street*. Our telephone number and e-mail addresses stay the same.",
        ),
        (
            Category::Service,
            "# Maintenance on Sunday night\n\nFrom 02:00 to 04:00 UTC we are replacing the database servers. Sites on these servers may be slow:\n\n- web1\n- web2\n\nYou can follow progress on [our status page](https://status.example.com).",
        ),
        (
            Category::Domain,
            "# The price of .example domains is changing\n\nFrom 1 January, .example domains cost 14.00 EUR a year. Domains renewed before then keep the old price.",
        ),
        (
            Category::Newsletter,
            "# What is new in November\n\n## Passkeys\n\nSign in with your fingerprint or face. [Set one up](https://portal.example.com/security).\n\n## Activity\n\nSee who changed what on your account.",
        ),
    ] {
        let Ok(announcement) = Announcement::read(category.key(), text, "", None) else { continue };
        let people = People {
            main: Main {
                no_copies: false,
                name: by.account_name.clone(),
                email: "office@bakery.example".into(),
                mail: category.into(),
                failing: None,
            },
            ..People::default()
        };
        all.extend(
            recipients(&Event::Notice(category), &people)
                .first()
                .map(|recipient| announcement.letter().to(&account, recipient, category).seal(app)),
        );
    }
    let people = People {
        main: Main {
            name: by.account_name.clone(),
            email: "office@bakery.example".into(),
            ..Main::default()
        },
        ..People::default()
    };
    let of = Invoice::sample(app.now());
    let corrected = Related {
        id: of.id.clone().into(),
        number: of.number.clone(),
        total: of.money(of.total),
        reason: String::new(),
    };
    let note = Invoice {
        kind: "credit_note".into(),
        number: "CN-00003".into(),
        reason: "The handbook was out of print.".into(),
        ..of.clone()
    };
    let letters = [
        invoices::mail::document(&account, &by.account_name, &of, None),
        invoices::mail::document(&account, &by.account_name, &note, Some(&corrected)),
        invoices::mail::receipt(&account, &by.account_name, &of, &of.money(5_000), 0),
        invoices::mail::asking(&account, &by.account_name, &of, Ask::Soon),
        invoices::mail::asking(&account, &by.account_name, &of, Ask::Overdue),
        invoices::mail::asking(&account, &by.account_name, &of, Ask::Warning(app.now().plus_days(7))),
        invoices::mail::refund(&account, &by.account_name, &of.money(5_000), Some("SEPA 2026-11-27")),
        invoices::mail::refund(&account, &by.account_name, &of.money(5_000), None),
        invoices::mail::declining(
            &account,
            &by.account_name,
            &of,
            "Visa •••• 4242",
            "Your card has expired.",
        ),
        invoices::mail::standing(&account, &by.account_name, &of, "Web Hosting M", true),
        invoices::mail::standing(&account, &by.account_name, &of, "Web Hosting M", false),
    ];
    for letter in letters {
        let to = recipients(&Event::Invoice, &people);
        all.extend(to.first().map(|one| letter.to(&account, one, Category::Invoice).seal(app)));
    }
    let link = app.url(&crate::paths::preferences(TOKEN));
    for message in &mut all {
        for body in [&mut message.html, &mut message.text] {
            *body = outbox::with_choice(body, true).replace(crate::outbox::CHOICE_URL, &link);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Kinds as the sources of every feature's mail spell them.
    fn kinds() -> BTreeSet<String> {
        let features = [
            "accounts", "users", "second_factor", "contacts", "invitations", "permissions", "ownership",
            "requests", "tickets", "incoming", "invoices", "mail",
        ];
        let mut kinds = BTreeSet::new();
        for feature in features {
            let file = if feature == "mail" { "announce.rs" } else { "mail.rs" };
            let text = std::fs::read_to_string(format!(
                "{}/src/features/{feature}/{file}",
                env!("CARGO_MANIFEST_DIR")
            ))
            .unwrap();
            for part in text
                .split("kind: \"")
                .skip(1)
                .chain(text.split("letter(\"").skip(1))
                .chain(text.split("about, \"").skip(1))
            {
                kinds.insert(part.split('"').next().unwrap().to_owned());
            }
        }
        kinds
    }

    #[tokio::test]
    async fn every_mail_is_here_complete_and_for_somebody() {
        let test = crate::tests::support::TestApp::new().await;
        let all = all(&test.app);
        let shown: BTreeSet<String> = all.iter().map(|message| message.kind.to_owned()).collect();
        let missing: Vec<String> = kinds().into_iter().filter(|kind| !shown.contains(kind)).collect();
        assert_eq!(missing, Vec::<String>::new(), "kinds of mail that /dev/letters does not show");
        assert!(all.len() >= 30, "{}", all.len());
        for message in &all {
            assert!(!message.subject.is_empty() && message.to_email.contains('@'), "{}", message.kind);
            assert!(
                message.html.contains("You get this mail because")
                    && message.text.contains("You get this mail because"),
                "{} says why",
                message.kind
            );
            for left in ["[[", "]]", "{}", "<script"] {
                assert!(
                    !message.html.contains(left) && !message.text.contains(left),
                    "{}: {left}",
                    message.kind
                );
            }
            assert!(
                message.html.contains("width=\"600\"") && message.html.len() < 60_000,
                "{}: some mail programs cut what is longer",
                message.kind
            );
            assert_eq!(
                message.html.contains("Choose which mail you get"),
                message.account.is_some(),
                "{}",
                message.kind
            );
        }
    }
}
