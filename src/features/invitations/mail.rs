//! What invitations write to people.

use super::store::{Answered, IssuedInvitation};
use super::words;
use crate::access::membership::Membership;
use crate::access::state::AppState;
use crate::features::mail::letter::Letter;
use crate::outbox::Message;
use crate::paths;
use crate::types::ContactId;

/// The invitation itself (I1); `able_to` ends the sentence of what the person will be able to do.
pub fn invitation(
    app: &AppState,
    by: &Membership,
    to_name: &str,
    able_to: &str,
    issued: &IssuedInvitation,
) -> Message {
    let opens = if able_to.is_empty() {
        words::YOU_WILL_BE_ABLE_TO.to_owned()
    } else {
        words::you_will_be_able_to(&able_to)
    };
    Letter {
        kind: "invitation",
        account: Some(by.account.clone()),
        to_name: to_name.into(),
        to_email: issued.email.clone(),
        subject: words::invites_you_to(&by.user.name, &by.account_name),
        heading: words::join(&by.account_name),
        paragraphs: vec![
            words::invites_you_to_the_account(
                &by.user.name,
                &by.user.email,
                &by.account_name,
                &app.config().operator_name,
            ),
            opens,
        ],
        button: Some((words::REVIEW_IN_CLIENT_AREA, paths::invitation(&issued.token))),
        secret: Some(issued.token.clone()),
        after: vec![words::the_invitation_is_for_works(&issued.email, &issued.expires.exact())],
        reason: words::you_get_this_mail_because(&by.user.name),
        values: vec![
            ("inviter", by.user.name.clone()),
            ("account", by.account_name.clone()),
            ("until", issued.expires.exact()),
        ],
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
        subject: words::accepted_your_invitation(&by),
        heading: words::INVITATION_ACCEPTED.into(),
        paragraphs: vec![words::accepted_your_invitation_and_can(
            &by,
            &answered.email,
            &answered.account_name,
        )],
        button: Some((words::SEE_WHAT_THEY_CAN_DO, paths::contact(&answered.account, contact))),
        secret: None,
        after: Vec::new(),
        reason: words::YOU_GET_THIS_MAIL_BECAUSE.into(),
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
        subject: words::declined_your_invitation(&refusal.email),
        heading: words::INVITATION_DECLINED.into(),
        paragraphs: vec![words::declined_your_invitation_to_they(&refusal.email, &refusal.account_name)],
        button: Some((words::SEE_CONTACTS, paths::contacts(&refusal.account))),
        secret: None,
        after: Vec::new(),
        reason: words::YOU_GET_THIS_MAIL_BECAUSE_YOU.into(),
        ..Letter::default()
    }
    .seal(app)
}
