//! What requests write: to staff, and back to whoever asked.

use super::model::{Kind, Pending};
use crate::mail::letter::Letter;
use crate::paths;
use crate::server::outbox::Message;
use crate::server::session::Member;
use crate::server::state::House;
use crate::types::AccountId;

fn to_staff(house: &House, kind: &'static str, subject: String, paragraphs: Vec<String>, after: Vec<String>) -> Message {
    Letter {
        kind,
        // Staff's own mail is no part of the customer's history.
        account: None,
        to_name: house.config().operator_name.clone(),
        to_email: house.config().staff_email.clone(),
        heading: subject.clone(),
        subject,
        paragraphs,
        button: None,
        secret: None,
        after,
        reason: "You get this mail because this is the address for requests of customers (LATCHKEY_STAFF_EMAIL).".into(),
    }
    .seal(house)
}

fn who(by: &Member) -> String {
    format!("{} ({}) of {}, account {},", by.user.name, by.user.email, by.account_name, by.account_number)
}

/// Tells staff of a request.
pub fn requested(house: &House, by: &Member, thing: &str, id: &str, pending: &Pending) -> Message {
    let title = pending.kind.title();
    to_staff(
        house,
        "request",
        format!("{title} of {thing} requested by {}", by.account_name),
        vec![format!("{} requests: {title} of {thing}.", who(by)), pending.sentence()],
        vec![format!("When it is done: latchkey requests done {id}. To refuse it: latchkey requests refuse {id}.")],
    )
}

/// Tells staff that a request was taken back.
pub fn withdrawn(house: &House, by: &Member, thing: &str, id: &str, kind: Kind) -> Message {
    let title = kind.title();
    let paragraph = format!("{} took back the request {id}: {title} of {thing}. Nothing is to be done.", who(by));
    to_staff(house, "request-withdrawn", format!("{title} of {thing} withdrawn by {}", by.account_name), vec![paragraph], Vec::new())
}

/// Tells whoever asked what came of it.
#[expect(clippy::too_many_arguments, reason = "the words of one mail")]
pub fn decided(house: &House, account: &AccountId, account_name: &str, to: (&str, &str), thing: &str, kind: Kind, done: bool, words: &str) -> Message {
    let title = kind.title();
    let outcome = if done { "is done" } else { "was refused" };
    let mut paragraphs = vec![format!("{title} of {thing}, which you requested on the account {account_name}, {outcome}.")];
    paragraphs.extend((!words.is_empty()).then(|| words.to_owned()));
    Letter {
        kind: "request-decided",
        account: Some(account.clone()),
        to_name: to.0.into(),
        to_email: to.1.into(),
        subject: format!("{title} of {thing} {outcome}"),
        heading: format!("{title} of {thing} {outcome}"),
        paragraphs,
        button: Some(("Open the account", paths::account(account))),
        secret: None,
        after: Vec::new(),
        reason: "You get this mail because you made the request, or own the account of somebody who did and has left it.".into(),
    }
    .seal(house)
}
