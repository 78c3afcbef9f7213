//! Mail about one's own login. It always goes to the person, whatever their preferences (M2).

use super::words;
use crate::access::request::Origin;
use crate::access::state::AppState;
use crate::features::mail::letter::Letter;
use crate::outbox::Message;
use crate::paths;

const ABOUT_LOGIN: &str = words::YOU_GET_THIS_MAIL_BECAUSE;

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
    let paragraphs = vec![words::welcome_to_enter_the_password(&operator, &email)];
    Letter {
        button: Some((words::CONFIRM_ADDRESS, paths::verify(token))),
        secret: Some(token.into()),
        after: vec![words::THE_LINK_WORKS_ONCE_FOR.into()],
        ..letter("verification", name, email, words::CONFIRM_YOUR_E_MAIL_ADDRESS, paragraphs)
    }
    .seal(app)
}

/// Tells somebody who signs up with an address that already has a login.
pub fn already(app: &AppState, name: &str, email: &str) -> Message {
    let paragraphs = vec![words::somebody_probably_you_tried_to(&email)];
    Letter {
        button: Some((words::SIGN_IN, paths::SIGN_IN.into())),
        after: vec![words::IF_YOU_HAVE_FORGOTTEN_YOUR.into()],
        ..letter("already", name, email, words::YOU_ALREADY_HAVE_A_LOGIN, paragraphs)
    }
    .seal(app)
}

/// The link to set a new password.
pub fn reset(app: &AppState, name: &str, email: &str, token: &str) -> Message {
    let paragraphs = vec![words::USE_THE_BUTTON_TO_CHOOSE.into()];
    Letter {
        button: Some((words::CHOOSE_A_NEW_PASSWORD, paths::reset_password(token))),
        secret: Some(token.into()),
        after: vec![words::THE_LINK_WORKS_ONCE_FOR_ONE.into()],
        ..letter("password-reset", name, email, words::CHOOSE_A_NEW_PASSWORD, paragraphs)
    }
    .seal(app)
}

/// Tells somebody that their password was changed.
pub fn password_changed(app: &AppState, name: &str, email: &str) -> Message {
    let paragraphs = vec![words::YOUR_PASSWORD_WAS_CHANGED_OTHER.into()];
    Letter {
        after: vec![words::IF_THIS_WAS_NOT_YOU.into()],
        ..letter("password-changed", name, email, words::YOUR_PASSWORD_WAS_CHANGED, paragraphs)
    }
    .seal(app)
}

/// Tells somebody that their login was used in a browser that is new to it.
pub fn new_device(app: &AppState, name: &str, email: &str, from: &Origin) -> Message {
    let browser = if from.agent.is_empty() { "an unknown program" } else { &from.agent };
    let at = app.now().exact();
    let paragraphs = vec![
        words::somebody_signed_in_to_your(&browser, &from.source, &at),
        words::IF_THIS_WAS_YOU_THERE.into(),
    ];
    Letter {
        button: Some((words::CHECK_WHERE_YOU_ARE_SIGNED, paths::SECURITY.into())),
        after: vec![words::IF_THIS_WAS_NOT_YOU_CHOOSE.into()],
        ..letter("new-device", name, email, words::NEW_SIGN_IN_TO_YOUR, paragraphs)
    }
    .seal(app)
}

/// Tells somebody that whoever runs the portal ended their sessions.
pub fn sessions_ended(app: &AppState, name: &str, email: &str) -> Message {
    let operator = &app.config().operator_name;
    let paragraphs = vec![words::signed_you_out_everywhere_sign(&operator)];
    Letter {
        button: Some((words::SIGN_IN, paths::SIGN_IN.into())),
        after: vec![words::IF_ONE_OF_YOUR_DEVICES.into()],
        ..letter("sessions-ended", name, email, words::YOU_WERE_SIGNED_OUT_EVERYWHERE, paragraphs)
    }
    .seal(app)
}

/// Tells somebody that their login is deleted.
pub fn deleted(app: &AppState, name: &str, email: &str) -> Message {
    let paragraphs =
        vec![words::YOU_DELETED_YOUR_LOGIN_NOBODY.into(), words::THE_ACCOUNTS_YOU_COULD_ENTER.into()];
    letter("login-deleted", name, email, words::YOUR_LOGIN_WAS_DELETED, paragraphs).seal(app).to_confirmed()
}

/// Asks the owner of a new address to confirm it.
pub fn confirm_email(app: &AppState, name: &str, email: &str, token: &str) -> Message {
    let paragraphs = vec![words::confirm_that_is_your_new(&email)];
    Letter {
        button: Some((words::CONFIRM_ADDRESS, paths::confirm_email(token))),
        secret: Some(token.into()),
        after: vec![words::THE_LINK_WORKS_ONCE_FOR_ONE_DAY.into()],
        ..letter("email-change", name, email, words::CONFIRM_YOUR_NEW_E_MAIL, paragraphs)
    }
    .seal(app)
}

/// Tells the old address that another one has taken its place.
pub fn email_changed(app: &AppState, name: &str, old: &str, new: &str) -> Message {
    let paragraphs = vec![words::you_now_sign_in_with(&new)];
    Letter {
        after: vec![words::IF_THIS_WAS_NOT_YOU_TELL.into()],
        ..letter("email-changed", name, old, words::YOUR_E_MAIL_ADDRESS_WAS, paragraphs)
    }
    .seal(app)
    .to_confirmed()
}
