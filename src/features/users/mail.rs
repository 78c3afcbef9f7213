//! Mail about one's own login. It always goes to the person, whatever their preferences (M2).

use crate::access::request::Origin;
use crate::access::state::AppState;
use crate::features::mail::letter::Letter;
use crate::outbox::Message;
use crate::paths;

const ABOUT_LOGIN: &str = "You get this mail because it is about your login.";

/// A letter about a login, with nothing but its words.
pub fn letter(kind: &'static str, name: &str, email: &str, subject: &str, paragraphs: Vec<String>) -> Letter {
    Letter {
        kind,
        account: None,
        to_name: name.into(),
        to_email: email.into(),
        subject: subject.into(),
        heading: subject.into(),
        paragraphs,
        button: None,
        secret: None,
        after: Vec::new(),
        reason: ABOUT_LOGIN.into(),
        ..Letter::default()
    }
}

/// Asks the owner of a new login's address to confirm it.
pub fn verify(app: &AppState, name: &str, email: &str, token: &str) -> Message {
    let operator = &app.config().operator_name;
    let paragraphs = vec![format!(
        "Welcome to {operator}. Enter the password you chose to confirm that {email} is your address, and your login is ready."
    )];
    Letter {
        button: Some(("Confirm address", paths::verify(token))),
        secret: Some(token.into()),
        after: vec!["The link works once, for three days. If you did not sign up, ignore this e-mail: nobody can use your address.".into()],
        ..letter("verification", name, email, "Confirm your e-mail address", paragraphs)
    }
    .seal(app)
}

/// Tells somebody who signs up with an address that already has a login.
pub fn already(app: &AppState, name: &str, email: &str) -> Message {
    let paragraphs = vec![format!(
        "Somebody, probably you, tried to use {email} for a login. This address already has one, so nothing was changed."
    )];
    Letter {
        button: Some(("Sign in", paths::SIGN_IN.into())),
        after: vec![
            "If you have forgotten your password, use “Forgot password” on the sign-in page. If this was not you, ignore this e-mail."
                .into(),
        ],
        ..letter("already", name, email, "You already have a login", paragraphs)
    }
    .seal(app)
}

/// The link to set a new password.
pub fn reset(app: &AppState, name: &str, email: &str, token: &str) -> Message {
    let paragraphs =
        vec!["Use the button to choose a new password. That signs you out everywhere else.".into()];
    Letter {
        button: Some(("Choose a new password", paths::reset_password(token))),
        secret: Some(token.into()),
        after: vec!["The link works once, for one hour. If you did not ask for it, ignore this e-mail: your password stays as it is.".into()],
        ..letter("password-reset", name, email, "Choose a new password", paragraphs)
    }
    .seal(app)
}

/// Tells somebody that their password was changed.
pub fn password_changed(app: &AppState, name: &str, email: &str) -> Message {
    let paragraphs = vec!["Your password was changed. Other browsers were signed out.".into()];
    Letter {
        after: vec![
            "If this was not you, choose a new password now with “Forgot password” on the sign-in page."
                .into(),
        ],
        ..letter("password-changed", name, email, "Your password was changed", paragraphs)
    }
    .seal(app)
}

/// Tells somebody that their login was used in a browser that is new to it.
pub fn new_device(app: &AppState, name: &str, email: &str, from: &Origin) -> Message {
    let browser = if from.agent.is_empty() { "an unknown program" } else { &from.agent };
    let at = app.now().exact();
    let paragraphs = vec![
        format!(
            "Somebody signed in to your login using {browser}, from the address {}, on {at}.",
            from.source
        ),
        "If this was you, there is nothing to do.".into(),
    ];
    Letter {
        button: Some(("Check where you are signed in", paths::SECURITY.into())),
        after: vec!["If this was not you, choose a new password now with “Forgot password” on the sign-in page. That signs you out everywhere.".into()],
        ..letter("new-device", name, email, "New sign-in to your login", paragraphs)
    }
    .seal(app)
}

/// Tells somebody that whoever runs the portal ended their sessions.
pub fn sessions_ended(app: &AppState, name: &str, email: &str) -> Message {
    let operator = &app.config().operator_name;
    let paragraphs = vec![format!("{operator} signed you out everywhere. Sign in again where you need to.")];
    Letter {
        button: Some(("Sign in", paths::SIGN_IN.into())),
        after: vec!["If one of your devices was stolen, choose a new password too.".into()],
        ..letter("sessions-ended", name, email, "You were signed out everywhere", paragraphs)
    }
    .seal(app)
}

/// Tells somebody that their login is deleted.
pub fn deleted(app: &AppState, name: &str, email: &str) -> Message {
    let paragraphs = vec![
        "You deleted your login. Nobody can sign in with it any more, and everything that belonged only to it is gone.".into(),
        "The accounts you could enter keep your contact details, so that they know who to write to. Ask them if you want your details removed.".into(),
    ];
    letter("login-deleted", name, email, "Your login was deleted", paragraphs).seal(app).to_confirmed()
}

/// Asks the owner of a new address to confirm it.
pub fn confirm_email(app: &AppState, name: &str, email: &str, token: &str) -> Message {
    let paragraphs =
        vec![format!("Confirm that {email} is your new address. Until then you sign in with the old one.")];
    Letter {
        button: Some(("Confirm address", paths::confirm_email(token))),
        secret: Some(token.into()),
        after: vec![
            "The link works once, for one day. If you did not ask for it, ignore this e-mail.".into(),
        ],
        ..letter("email-change", name, email, "Confirm your new e-mail address", paragraphs)
    }
    .seal(app)
}

/// Tells the old address that another one has taken its place.
pub fn email_changed(app: &AppState, name: &str, old: &str, new: &str) -> Message {
    let paragraphs =
        vec![format!("You now sign in with {new}. You can no longer sign in with this address.")];
    Letter {
        after: vec!["If this was not you, tell our support team straight away.".into()],
        ..letter("email-changed", name, old, "Your e-mail address was changed", paragraphs)
    }
    .seal(app)
    .to_confirmed()
}
