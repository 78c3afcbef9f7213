//! What asking for a permission writes.

use super::store::{Asker, Granter};
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
    let what = name.map_or_else(
        || format!("“{}”", permission.name()),
        |name| format!("“{}” on {name}", permission.title()),
    );
    Letter {
        kind: "ask",
        account: Some(by.account.clone()),
        to_name: granter.name.clone(),
        to_email: granter.email.clone(),
        subject: format!("{} asks for access to {}", by.user.name, by.account_name),
        heading: format!("{} asks for {what}", by.user.name),
        paragraphs: vec![
            format!(
                "{} ({}) is a contact of the account {} and asks for the permission {what}.",
                by.user.name, by.user.email, by.account_name
            ),
            format!("What it allows: {}", permission.sentence()),
        ],
        button: Some(("Review the request", paths::contact(&by.account, &by.contact))),
        secret: None,
        after: vec![
            "Nothing changes until you choose “Grant”. If you choose “Refuse”, they get an e-mail about it."
                .into(),
        ],
        reason: format!("You get this mail because you can give this permission on {}.", by.account_name),
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
        subject: format!("You have access: {label}"),
        heading: format!("{} said yes", by.user.name),
        paragraphs: vec![format!(
            "You asked for “{label}” on the account {}. {} has granted it, and you can use it now.",
            by.account_name, by.user.name
        )],
        button: Some(("Open the account", paths::account(&by.account))),
        secret: None,
        after: Vec::new(),
        reason: "You get this mail because you asked for access.".into(),
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
        subject: format!("No access: {label}"),
        heading: format!("{} said no", by.user.name),
        paragraphs: vec![format!(
            "You asked for “{label}” on the account {}. {} has refused it. Your other permissions stay as they are.",
            by.account_name, by.user.name
        )],
        button: None,
        secret: None,
        after: vec![format!("If you think that this is a mistake, ask {} in person.", by.user.name)],
        reason: "You get this mail because you asked for access.".into(),
        ..Letter::default()
    }
    .seal(app)
}
