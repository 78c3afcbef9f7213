//! Notices about second factors. They always go to the person.

use crate::access::request::Origin;
use crate::access::state::AppState;
use crate::features::users::mail::letter;
use crate::outbox::Message;
use crate::paths;

const NOT_YOU: &str = "If this was not you, somebody has your password: choose a new one now with “Forgot password” on the sign-in page, and tell our support team.";

/// Tells somebody that a second factor was added: "an authenticator app", "the passkey “Phone”".
pub fn added(app: &AppState, name: &str, email: &str, what: &str) -> Message {
    let paragraphs = vec![format!(
        "You added {what} to your login. Keep your recovery codes somewhere you can reach without your phone."
    )];
    crate::features::mail::letter::Letter {
        button: Some(("Go to Security", paths::SECURITY.into())),
        after: vec![NOT_YOU.into()],
        ..letter("factor-added", name, email, "A second factor was added to your login", paragraphs)
    }
    .seal(app)
}

/// Tells somebody that a second factor was removed.
pub fn removed(app: &AppState, name: &str, email: &str, what: &str, any_left: bool) -> Message {
    let now = if any_left {
        "You still have another second factor."
    } else {
        "You now sign in with your password alone."
    };
    let paragraphs = vec![format!("You removed {what} from your login. {now}")];
    crate::features::mail::letter::Letter {
        button: Some(("Go to Security", paths::SECURITY.into())),
        after: vec![NOT_YOU.into()],
        ..letter("factor-removed", name, email, "A second factor was removed from your login", paragraphs)
    }
    .seal(app)
}

/// Tells somebody that one of their recovery codes was used.
pub fn code_used(app: &AppState, name: &str, email: &str, left: usize) -> Message {
    let paragraphs =
        vec![format!("A recovery code was used instead of your second factor. Codes left: {left}.")];
    crate::features::mail::letter::Letter {
        button: Some(("Go to Security", paths::SECURITY.into())),
        after: vec![NOT_YOU.into()],
        ..letter("recovery-code-used", name, email, "A recovery code was used", paragraphs)
    }
    .seal(app)
}

/// Tells somebody that whoever signs in with their password does not know the code.
pub fn wrong_codes(app: &AppState, name: &str, email: &str, from: &Origin) -> Message {
    let paragraphs = vec![format!(
        "Somebody, perhaps you, entered your password and then wrong codes, using {}, from the address {}. They did not get in.",
        if from.agent.is_empty() { "an unknown program" } else { &from.agent },
        from.source
    )];
    let after = "If this was not you, somebody has your password: choose a new one now with “Forgot password” on the sign-in page.";
    crate::features::mail::letter::Letter {
        after: vec![after.into()],
        ..letter("wrong-codes", name, email, "Wrong codes entered for your login", paragraphs)
    }
    .seal(app)
}

/// Tells somebody that there are new recovery codes.
pub fn codes_renewed(app: &AppState, name: &str, email: &str) -> Message {
    let paragraphs = vec!["You made new recovery codes. The old ones no longer work.".into()];
    crate::features::mail::letter::Letter {
        after: vec![NOT_YOU.into()],
        ..letter("recovery-codes", name, email, "You have new recovery codes", paragraphs)
    }
    .seal(app)
}

/// Tells somebody that whoever runs the portal took their second factors away.
pub fn reset(app: &AppState, name: &str, email: &str) -> Message {
    let operator = &app.config().operator_name;
    let paragraphs = vec![format!(
        "{operator} removed every second factor from your login and ended its sessions, because somebody asked for it in your name. \
         Sign in with your password and set up a new one."
    )];
    crate::features::mail::letter::Letter {
        button: Some(("Sign in", paths::then(paths::SIGN_IN, paths::SECOND_FACTOR))),
        after: vec![format!(
            "If you did not ask for this, {}call our support team straight away.",
            if app.config().answers_to.is_some() { "reply to this e-mail or " } else { "" }
        )],
        ..letter("factor-reset", name, email, "Your second factor was reset", paragraphs)
    }
    .seal(app)
}
