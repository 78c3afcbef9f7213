//! What invitations write to people.

use super::store::{Answered, Issued};
use crate::access::membership::Membership;
use crate::access::state::AppState;
use crate::features::mail::letter::Letter;
use crate::outbox::Message;
use crate::paths;
use crate::types::ContactId;

/// The invitation itself (I1); `able_to` ends the sentence of what the person will be able to do.
pub fn invitation(app: &AppState, by: &Membership, to_name: &str, able_to: &str, issued: &Issued) -> Message {
    let opens = if able_to.is_empty() {
        "You will be able to enter the account.".to_owned()
    } else {
        format!("You will be able to {able_to}.")
    };
    Letter {
        kind: "invitation",
        account: Some(by.account.clone()),
        to_name: to_name.into(),
        to_email: issued.email.clone(),
        subject: format!("{} invites you to {}", by.user.name, by.account_name),
        heading: format!("Join {}", by.account_name),
        paragraphs: vec![
            format!("{} ({}) invites you to the account {} at {}.", by.user.name, by.user.email, by.account_name, app.config().operator_name),
            opens,
        ],
        button: Some(("Review in Client Area", paths::invitation(&issued.token))),
        secret: Some(issued.token.clone()),
        after: vec![format!("The invitation is for {}, works once, and expires on {}.", issued.email, issued.expires.exact())],
        reason: format!("You get this mail because {} entered your address. If you do not know them, ignore this e-mail or decline the invitation.", by.user.name),
        ..Letter::default()
    }
    .seal(app)
}

/// Tells whoever invited that it was accepted, if they want to hear it.
pub fn accepted(app: &AppState, answered: &Answered, by: &str, contact: &ContactId) -> Message {
    let (name, address) = &answered.inviter;
    Letter {
        kind: "invitation-accepted",
        account: Some(answered.account.clone()),
        to_name: name.clone(),
        to_email: address.clone(),
        subject: format!("{by} accepted your invitation"),
        heading: "Invitation accepted".into(),
        paragraphs: vec![format!(
            "{by} ({}) accepted your invitation and can enter {} now.",
            answered.email, answered.account_name
        )],
        button: Some(("See what they can do", paths::contact(&answered.account, contact))),
        secret: None,
        after: Vec::new(),
        reason: "You get this mail because you sent the invitation and asked to be told when it is accepted."
            .into(),
        ..Letter::default()
    }
    .seal(app)
}

/// Tells whoever invited that it was declined (I5).
pub fn declined(app: &AppState, refusal: &Answered) -> Message {
    let (name, address) = &refusal.inviter;
    Letter {
        kind: "invitation-declined",
        account: Some(refusal.account.clone()),
        to_name: name.clone(),
        to_email: address.clone(),
        subject: format!("{} declined your invitation", refusal.email),
        heading: "Invitation declined".into(),
        paragraphs: vec![format!(
            "{} declined your invitation to {}. They remain a contact, without access.",
            refusal.email, refusal.account_name
        )],
        button: Some(("See contacts", paths::contacts(&refusal.account))),
        secret: None,
        after: Vec::new(),
        reason: "You get this mail because you sent the invitation, or because you own the account and the person who sent it has left.".into(),
        ..Letter::default()
    }
    .seal(app)
}
