//! What requests write: to staff, and back to whoever asked.

use super::model::{Kind, Pending};
use crate::access::membership::Member;
use crate::access::state::House;
use crate::features::mail::letter::Letter;
use crate::features::mail::model::Category;
use crate::outbox::Message;
use crate::paths;
use crate::types::{AccountId, Reading};

fn to_staff(house: &House, kind: &'static str, id: &str, subject: String, paragraphs: Vec<String>, after: Vec<String>) -> Message {
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
        thread: format!("request-{id}"),
        ..Letter::default()
    }
    .seal(house)
}

fn who(by: &Member) -> String {
    format!("{} ({}) of {}, account {},", by.user.name, by.user.email, by.account_name, by.account_number)
}

/// Tells staff of a request.
pub fn requested(house: &House, by: &Member, thing: &str, id: &str, pending: &Pending, reading: &Reading) -> Message {
    let title = pending.kind.title();
    to_staff(
        house,
        "request",
        id,
        format!("{title} of {thing} requested by {}", by.account_name),
        vec![format!("{} requests: {title} of {thing}.", who(by)), pending.sentence(reading)],
        vec![format!("When it is done: latchkey requests done {id}. To refuse it: latchkey requests refuse {id}.")],
    )
}

/// Tells staff that a request was taken back.
pub fn withdrawn(house: &House, by: &Member, thing: &str, id: &str, kind: Kind) -> Message {
    let title = kind.title();
    let paragraph = format!("{} took back the request {id}: {title} of {thing}. Nothing is to be done.", who(by));
    to_staff(house, "request-withdrawn", id, format!("{title} of {thing} withdrawn by {}", by.account_name), vec![paragraph], Vec::new())
}

/// Staff's answer to a request.
pub struct Decided<'a> {
    /// The account.
    pub account: &'a AccountId,
    /// Its name.
    pub account_name: &'a str,
    /// Who asked.
    pub asked_by: &'a str,
    /// What it is about.
    pub thing: &'a str,
    /// What was asked for.
    pub kind: Kind,
    /// Done, or refused.
    pub done: bool,
    /// Words of staff.
    pub words: &'a str,
}

impl Decided<'_> {
    /// Tells what came of it: whoever asked, and everybody who gets mail about services or domains. To whom is filled in by others.
    pub fn letter(&self, id: &str) -> Letter {
        let title = self.kind.title();
        let outcome = if self.done { "is done" } else { "was refused" };
        let mut paragraphs = vec![format!("{title} of {}, which {} requested on the account {}, {outcome}.", self.thing, self.asked_by, self.account_name)];
        paragraphs.extend((!self.words.is_empty()).then(|| self.words.to_owned()));
        Letter {
            kind: "request-decided",
            account: Some(self.account.clone()),
            subject: format!("{title} of {} {outcome}", self.thing),
            heading: format!("{title} of {} {outcome}", self.thing),
            paragraphs,
            button: Some(("Open the account", paths::account(self.account))),
            reason: "You get this mail because you made the request, or own the account of somebody who did and has left it.".into(),
            thread: format!("request-{id}"),
            ..Letter::default()
        }
    }

    /// The category of the thing.
    pub fn category(&self) -> Category {
        match self.kind {
            Kind::Upgrade | Kind::Cancel => Category::Service,
            Kind::Nameservers | Kind::Lock => Category::Domain,
        }
    }
}
