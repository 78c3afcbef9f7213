//! What asking for a permission writes.

use super::store::Granter;
use crate::access::membership::Membership;
use crate::access::state::AppState;
use crate::features::mail::letter::Letter;
use crate::outbox::Message;
use crate::paths;
use crate::permission::Permission;
use crate::types::AssetId;

/// Asks somebody who can give a permission for it, with a link to its box (R6).
pub fn asked(
    app: &AppState,
    by: &Membership,
    granter: &Granter,
    permission: Permission,
    asset: Option<&AssetId>,
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
            format!("It opens this: {}", permission.sentence()),
        ],
        button: Some((
            "Review the permission",
            paths::permission_box(&by.account, &by.contact, permission.key(), asset),
        )),
        secret: None,
        after: vec!["Nothing changes unless you tick the box and save. To refuse, do nothing.".into()],
        reason: format!("You get this mail because you can give this permission on {}.", by.account_name),
        ..Letter::default()
    }
    .seal(app)
}
