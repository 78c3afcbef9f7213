//! What adding a contact writes to the person.

use super::model::Contact;
use crate::access::membership::Membership;
use crate::access::state::AppState;
use crate::features::mail::letter::Letter;
use crate::outbox::Message;
use crate::paths;
use crate::permission::join_and;
use crate::types::AccountId;

/// Tells an account's owner that a contact carries the new address of their login.
pub fn address_followed(
    app: &AppState,
    account: (&AccountId, &str),
    owner: (&str, &str),
    name: &str,
    old: &str,
    new: &str,
) -> Message {
    let subject = format!("{name} has a new e-mail address");
    Letter {
        kind: "address-followed",
        account: Some(account.0.clone()),
        to_name: owner.0.into(),
        to_email: owner.1.into(),
        heading: subject.clone(),
        subject,
        paragraphs: vec![format!(
            "{name} now signs in with {new} instead of {old}. Mail about {} goes to the new address too.",
            account.1
        )],
        after: vec!["If you do not recognise the new address, ask them by phone or in person, and close the contact until you are sure.".into()],
        reason: "You get this mail because you own this account.".into(),
        ..Letter::default()
    }
    .seal(app)
}

/// Tells somebody that they were added, and which mail they will get (P2).
pub fn added(app: &AppState, by: &Membership, contact: &Contact) -> Message {
    let kinds: Vec<String> = contact.mail.iter().map(|category| category.title().to_lowercase()).collect();
    let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
    let mail = if kinds.is_empty() {
        "You will not get any regular mail about it.".to_owned()
    } else {
        format!("You will get its {} mail.", join_and(&kinds))
    };
    Letter {
        kind: "added",
        account: Some(by.account.clone()),
        to_name: contact.name(),
        to_email: contact.email.to_string(),
        subject: format!("You were added to {}", by.account_name),
        heading: format!("You are now a contact of {}", by.account_name),
        paragraphs: vec![
            format!(
                "{} ({}) added {} as a contact of the account {} at {}.",
                by.user.name,
                by.user.email,
                contact.email,
                by.account_name,
                app.config().operator_name
            ),
            mail,
        ],
        button: contact.log_in.then(|| ("Review in Client Area", paths::ACCOUNTS.to_owned())),
        secret: None,
        after: Vec::new(),
        reason: format!(
            "You get this mail because {} entered your address. If this is a mistake, let them know.",
            by.user.name
        ),
        ..Letter::default()
    }
    .seal(app)
}

/// Tells somebody who could log in that they no longer can: their contact was closed, or deleted.
pub fn ended(app: &AppState, by: &Membership, name: &str, email: &str) -> Message {
    Letter {
        kind: "access-ended",
        account: Some(by.account.clone()),
        to_name: name.into(),
        to_email: email.into(),
        subject: format!("Your access to {} has ended", by.account_name),
        heading: format!("You no longer have access to {}", by.account_name),
        paragraphs: vec![
            format!(
                "{} has ended your access to the account {} at {}. You can no longer enter it.",
                by.user.name,
                by.account_name,
                app.config().operator_name
            ),
            "Your login stays, and so does your access to other accounts.".into(),
        ],
        button: None,
        secret: None,
        after: vec![format!(
            "If you think that this is a mistake, ask {} ({}).",
            by.user.name, by.user.email
        )],
        reason: format!("You get this mail because you could log in to {}.", by.account_name),
        ..Letter::default()
    }
    .seal(app)
}
