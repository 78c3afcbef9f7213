//! What asking for a permission writes.

use super::store::{Asker, Granter};
use super::words;
use crate::access::membership::Membership;
use crate::access::state::AppState;
use crate::features::mail::letter::Letter;
use crate::outbox::Message;
use crate::paths;
use crate::permission::Permission;

/// Asks somebody who can give a permission for it, with a link to where it is answered (R6).
pub fn asked(
    app: &AppState,
    by: &Membership,
    granter: &Granter,
    permission: Permission,
    name: Option<&str>,
) -> Message {
    let what =
        name.map_or_else(|| format!("“{}”", permission.name()), |name| words::on(&permission.title(), &name));
    Letter {
        kind: "ask",
        account: Some(by.account.clone()),
        to_name: granter.name.clone(),
        to_email: granter.email.clone(),
        subject: words::asks_for_access_to(&by.user.name, &by.account_name),
        heading: words::asks_for_2(&by.user.name, &what),
        paragraphs: vec![
            words::is_a_contact_of_the(&by.user.name, &by.user.email, &by.account_name, &what),
            words::what_it_allows(&permission.sentence()),
        ],
        button: Some((words::REVIEW_THE_REQUEST, paths::contact(&by.account, &by.contact))),
        secret: None,
        after: vec![words::NOTHING_CHANGES_UNTIL_YOU_CHOOSE.into()],
        reason: words::you_get_this_mail_because(&by.account_name),
        ..Letter::default()
    }
    .seal(app)
}

/// Tells whoever asked that they have it now.
pub fn granted(app: &AppState, by: &Membership, asker: &Asker, label: &str) -> Message {
    Letter {
        kind: "access-granted",
        account: Some(by.account.clone()),
        to_name: asker.name.clone(),
        to_email: asker.email.clone(),
        subject: words::you_have_access(&label),
        heading: words::said_yes(&by.user.name),
        paragraphs: vec![words::you_asked_for_on_the(&label, &by.account_name, &by.user.name)],
        button: Some((words::OPEN_THE_ACCOUNT, paths::account(&by.account))),
        secret: None,
        after: Vec::new(),
        reason: words::YOU_GET_THIS_MAIL_BECAUSE.into(),
        ..Letter::default()
    }
    .seal(app)
}

/// Tells whoever asked that they do not get it.
pub fn refused(app: &AppState, by: &Membership, asker: &Asker, label: &str) -> Message {
    Letter {
        kind: "access-refused",
        account: Some(by.account.clone()),
        to_name: asker.name.clone(),
        to_email: asker.email.clone(),
        subject: words::no_access(&label),
        heading: words::said_no(&by.user.name),
        paragraphs: vec![words::you_asked_for_on_the_account(&label, &by.account_name, &by.user.name)],
        button: None,
        secret: None,
        after: vec![words::if_you_think_that_this(&by.user.name)],
        reason: words::YOU_GET_THIS_MAIL_BECAUSE.into(),
        ..Letter::default()
    }
    .seal(app)
}
