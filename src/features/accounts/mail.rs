//! What changes of an account's addresses write: to the new address, to the old one, and to the owner.

use super::words;
use crate::access::state::AppState;
use crate::features::mail::letter::Letter;
use crate::outbox::Message;
use crate::paths;
use crate::types::AccountId;

/// The account that it is about, and whom else it concerns.
pub struct AboutProfile<'a> {
    /// The account.
    pub account: &'a AccountId,
    /// Its name.
    pub name: &'a str,
    /// The address that is, or was, its main one.
    pub main: &'a str,
    /// Name and address of its owner.
    pub owner: (&'a str, &'a str),
}

fn letter(
    about: &AboutProfile<'_>,
    kind: &'static str,
    to: (&str, &str),
    subject: &str,
    says: &str,
    reason: &str,
) -> Letter {
    Letter {
        kind,
        account: Some(about.account.clone()),
        to_name: to.0.into(),
        to_email: to.1.into(),
        heading: subject.into(),
        subject: subject.into(),
        paragraphs: vec![says.into()],
        reason: reason.into(),
        ..Letter::default()
    }
}

/// The same words to the old main address and, where it is another one, to the owner.
fn told(
    app: &AppState,
    about: &AboutProfile<'_>,
    kind: &'static str,
    subject: &str,
    says: &str,
    undo: &str,
) -> Vec<Message> {
    let mut to = vec![((about.name, about.main), words::YOU_GET_THIS_MAIL_BECAUSE)];
    if !about.owner.1.eq_ignore_ascii_case(about.main) {
        to.push((about.owner, words::YOU_GET_THIS_MAIL_BECAUSE_YOU));
    }
    let message = |(to, reason)| {
        Letter { after: vec![undo.into()], ..letter(about, kind, to, subject, says, reason) }
            .seal(app)
            .to_confirmed()
    };
    to.into_iter().map(message).collect()
}

/// Asks whoever reads a new main address to confirm it.
pub fn confirm_main(app: &AppState, about: &AboutProfile<'_>, by: &str, email: &str, token: &str) -> Message {
    let says = words::entered_as_the_new_main(&by, &email, &about.name);
    let reason = words::you_get_this_mail_because(&by);
    Letter {
        button: Some((words::CONFIRM_ADDRESS, paths::confirm_main_address(token))),
        secret: Some(token.into()),
        after: vec![words::THE_LINK_WORKS_ONCE_FOR.into()],
        ..letter(
            about,
            "main-address",
            (about.name, email),
            words::CONFIRM_THE_MAIN_ADDRESS_OF,
            &says,
            &reason,
        )
    }
    .seal(app)
}

/// Tells the old main address and the owner that another one was asked for.
pub fn main_asked(app: &AppState, about: &AboutProfile<'_>, by: &str, email: &str) -> Vec<Message> {
    let says = words::asked_to_make_the_main(&by, &email, &about.name);
    let undo = words::UNTIL_THEN_IT_CAN_BE;
    told(app, about, "main-address-asked", &words::a_new_main_address_was(&about.name), &says, undo)
}

/// Tells the old main address and the owner that another one has taken its place.
pub fn main_changed(app: &AppState, about: &AboutProfile<'_>, email: &str) -> Vec<Message> {
    let says = words::the_main_address_of_is(&about.name, &email, &about.main);
    told(
        app,
        about,
        "main-address-changed",
        &words::the_main_address_of_was(&about.name),
        &says,
        words::IF_THIS_IS_NOT_RIGHT,
    )
}

/// Tells the main address and the owner that invoices are addressed to somebody else.
pub fn billing_changed(
    app: &AppState,
    about: &AboutProfile<'_>,
    by: &str,
    before: &str,
    after: &str,
) -> Vec<Message> {
    let says = words::changed_who_invoices_for_are(&by, &about.name, &before, &after);
    told(
        app,
        about,
        "billing-contact",
        &words::the_billing_contact_of_was(&about.name),
        &says,
        words::IF_THIS_IS_NOT_RIGHT,
    )
}
