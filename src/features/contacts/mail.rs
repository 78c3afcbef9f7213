//! What adding a contact writes to the person.

use super::model::Contact;
use super::words;
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
    let subject = words::has_a_new_e_mail(&name);
    Letter {
        kind: "address-followed",
        account: Some(account.0.clone()),
        to_name: owner.0.into(),
        to_email: owner.1.into(),
        heading: subject.clone(),
        subject,
        paragraphs: vec![words::now_signs_in_with_instead(&name, &new, &old, &account.1)],
        after: vec![words::IF_YOU_DO_NOT_RECOGNISE.into()],
        reason: words::YOU_GET_THIS_MAIL_BECAUSE.into(),
        ..Letter::default()
    }
    .seal(app)
}

/// Tells somebody that they were added, and which mail they will get (P2).
pub fn added(app: &AppState, by: &Membership, contact: &Contact) -> Message {
    let kinds: Vec<String> = contact.mail.iter().map(|category| category.title().to_lowercase()).collect();
    let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
    let mail = if kinds.is_empty() {
        words::YOU_WILL_NOT_GET_ANY.to_owned()
    } else {
        words::you_will_get_its_mail(&join_and(&kinds))
    };
    Letter {
        kind: "added",
        account: Some(by.account.clone()),
        to_name: contact.name(),
        to_email: contact.email.to_string(),
        subject: words::you_were_added_to(&by.account_name),
        heading: words::you_are_now_a_contact(&by.account_name),
        paragraphs: vec![
            words::added_as_a_contact_of(
                &by.user.name,
                &by.user.email,
                &contact.email,
                &by.account_name,
                &app.config().operator_name,
            ),
            mail,
        ],
        button: contact.log_in.then(|| (words::REVIEW_IN_CLIENT_AREA, paths::ACCOUNTS.to_owned())),
        secret: None,
        after: Vec::new(),
        reason: words::you_get_this_mail_because(&by.user.name),
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
        subject: words::your_access_to_has_ended(&by.account_name),
        heading: words::you_no_longer_have_access(&by.account_name),
        paragraphs: vec![
            words::has_ended_your_access_to(&by.user.name, &by.account_name, &app.config().operator_name),
            words::YOUR_LOGIN_STAYS_AND_SO.into(),
        ],
        button: None,
        secret: None,
        after: vec![words::if_you_think_that_this(&by.user.name, &by.user.email)],
        reason: words::you_get_this_mail_because_you(&by.account_name),
        ..Letter::default()
    }
    .seal(app)
}
