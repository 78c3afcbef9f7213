//! The automatic answers to e-mails that came in. Each goes to whoever wrote, and never to a program.

use super::words;
use crate::access::state::AppState;
use crate::features::mail::letter::Letter;
use crate::outbox::Message;
use crate::paths;

/// Tells somebody that they may not write.
pub fn refused(app: &AppState, (name, email): (&str, &str), subject: &str, message_id: &str) -> Message {
    Letter {
        kind: "mail-in-refused",
        to_name: name.into(),
        to_email: email.into(),
        subject: words::subject(&subject),
        heading: words::NOT_TAKEN.into(),
        paragraphs: vec![words::not_taken(&app.config().operator_name), words::ASK_THE_OWNER.into()],
        reason: words::REASON.into(),
        in_reply_to: message_id.into(),
        ..Letter::default()
    }
    .seal(app)
}

/// Asks somebody which of their accounts they wrote about. The link signs nobody in.
pub fn choose(
    app: &AppState,
    (name, email): (&str, &str),
    subject: &str,
    message_id: &str,
    id: &str,
) -> Message {
    Letter {
        kind: "mail-in-choose",
        to_name: name.into(),
        to_email: email.into(),
        subject: words::subject(&subject),
        heading: words::WHICH_ACCOUNT.into(),
        paragraphs: vec![words::which_account(&subject)],
        button: Some((words::CHOOSE_ACCOUNT, paths::incoming_choice(id))),
        reason: words::REASON.into(),
        in_reply_to: message_id.into(),
        ..Letter::default()
    }
    .seal(app)
}
