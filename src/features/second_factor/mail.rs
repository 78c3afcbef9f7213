//! Notices about second factors. They always go to the person.

use super::words;
use crate::access::request::Origin;
use crate::access::state::AppState;
use crate::features::users::mail::letter;
use crate::outbox::Message;
use crate::paths;

const NOT_YOU: &str = words::IF_THIS_WAS_NOT_YOU;

/// Tells somebody that a second factor was added: "an authenticator app", "the passkey “Phone”".
pub fn added(app: &AppState, name: &str, email: &str, what: &str) -> Message {
    let paragraphs = vec![words::you_added_to_your_login(&what)];
    crate::features::mail::letter::Letter {
        button: Some((words::GO_TO_SECURITY, paths::SECURITY.into())),
        after: vec![NOT_YOU.into()],
        ..letter("factor-added", name, email, words::A_SECOND_FACTOR_WAS_ADDED, paragraphs)
    }
    .seal(app)
}

/// Tells somebody that a second factor was removed.
pub fn removed(app: &AppState, name: &str, email: &str, what: &str, any_left: bool) -> Message {
    let now = if any_left { words::YOU_STILL_HAVE_ANOTHER_SECOND } else { words::YOU_NOW_SIGN_IN_WITH };
    let paragraphs = vec![words::you_removed_from_your_login(&what, &now)];
    crate::features::mail::letter::Letter {
        button: Some((words::GO_TO_SECURITY, paths::SECURITY.into())),
        after: vec![NOT_YOU.into()],
        ..letter("factor-removed", name, email, words::A_SECOND_FACTOR_WAS_REMOVED, paragraphs)
    }
    .seal(app)
}

/// Tells somebody that one of their recovery codes was used.
pub fn code_used(app: &AppState, name: &str, email: &str, left: usize) -> Message {
    let paragraphs = vec![words::a_recovery_code_was_used(&left)];
    crate::features::mail::letter::Letter {
        button: Some((words::GO_TO_SECURITY, paths::SECURITY.into())),
        after: vec![NOT_YOU.into()],
        ..letter("recovery-code-used", name, email, words::A_RECOVERY_CODE_WAS_USED, paragraphs)
    }
    .seal(app)
}

/// Tells somebody that whoever signs in with their password does not know the code.
pub fn wrong_codes(app: &AppState, name: &str, email: &str, from: &Origin) -> Message {
    let paragraphs = vec![words::somebody_perhaps_you_entered_your(
        &(if from.agent.is_empty() { "an unknown program" } else { &from.agent }),
        &from.source,
    )];
    let after = words::IF_THIS_WAS_NOT_YOU_SOMEBODY;
    crate::features::mail::letter::Letter {
        after: vec![after.into()],
        ..letter("wrong-codes", name, email, words::WRONG_CODES_ENTERED_FOR_YOUR, paragraphs)
    }
    .seal(app)
}

/// Tells somebody that there are new recovery codes.
pub fn codes_renewed(app: &AppState, name: &str, email: &str) -> Message {
    let paragraphs = vec![words::YOU_MADE_NEW_RECOVERY_CODES.into()];
    crate::features::mail::letter::Letter {
        after: vec![NOT_YOU.into()],
        ..letter("recovery-codes", name, email, words::YOU_HAVE_NEW_RECOVERY_CODES, paragraphs)
    }
    .seal(app)
}

/// Tells somebody that whoever runs the portal took their second factors away.
pub fn reset(app: &AppState, name: &str, email: &str) -> Message {
    let operator = &app.config().operator_name;
    let paragraphs = vec![words::removed_every_second_factor_from(&operator)];
    crate::features::mail::letter::Letter {
        button: Some((words::SIGN_IN, paths::then(paths::SIGN_IN, paths::SECOND_FACTOR))),
        after: vec![words::if_you_did_not_ask(
            &(if app.config().answers_to.is_some() { "reply to this e-mail or " } else { "" }),
        )],
        ..letter("factor-reset", name, email, words::YOUR_SECOND_FACTOR_WAS_RESET, paragraphs)
    }
    .seal(app)
}
