//! What is written to staff.

use super::words;
use crate::access::state::AppState;
use crate::features::mail::letter::Letter;
use crate::outbox::Message;
use crate::paths;

/// The link with which new staff choose a password.
pub fn welcome(app: &AppState, name: &str, email: &str, secret: &str) -> Message {
    let operator = &app.config().operator_name;
    Letter {
        kind: "staff",
        to_name: name.into(),
        to_email: email.into(),
        subject: words::subject(operator),
        heading: words::HEADING.into(),
        paragraphs: vec![words::mail_text(operator)],
        button: Some((words::CHOOSE_A_PASSWORD, paths::reset_password(secret))),
        secret: Some(secret.into()),
        after: vec![words::LINK_WORKS.into()],
        reason: words::REASON.into(),
        ..Letter::default()
    }
    .seal(app)
}
