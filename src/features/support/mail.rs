//! What is written to owners about looks of staff.

use super::words;
use crate::access::state::AppState;
use crate::features::mail::letter::Letter;
use crate::outbox::Message;
use crate::paths;
use crate::types::AccountId;

/// Whom it is about: the account with its name, and name and address of its owner.
pub struct AboutOwner {
    /// The account.
    pub account: AccountId,
    /// Its name.
    pub account_name: String,
    /// Name and address of the owner.
    pub owner: (String, String),
}

fn letter(of: &AboutOwner) -> Letter {
    Letter {
        kind: "support-access",
        account: Some(of.account.clone()),
        to_name: of.owner.0.clone(),
        to_email: of.owner.1.clone(),
        reason: words::ask_why(&of.account_name),
        ..Letter::default()
    }
}

/// Asks the owner whether staff may look.
pub fn asks(app: &AppState, of: &AboutOwner, by: &str, reason: &str) -> Message {
    Letter {
        subject: words::ask_subject(&by),
        heading: words::ASK_HEADING.into(),
        paragraphs: vec![
            words::ask_text(&by, &app.config().operator_name, &of.account_name),
            words::reason(&reason),
        ],
        button: Some((words::ANSWER, paths::account(&of.account))),
        after: vec![words::ASK_AFTER.into()],
        ..letter(of)
    }
    .seal(app)
}

/// Tells the owner that somebody looks without consent.
pub fn glass_broken(app: &AppState, of: &AboutOwner, by: &str, reason: &str) -> Message {
    let operator = &app.config().operator_name;
    Letter {
        subject: words::glass_subject(operator),
        heading: words::GLASS_HEADING.into(),
        paragraphs: vec![words::glass_text(&by, operator, &of.account_name), words::reason(&reason)],
        button: Some((words::SEE_ACTIVITY, paths::activity(&of.account))),
        ..letter(of)
    }
    .seal(app)
}
