//! What changes of an account's addresses write: to the new address, to the old one, and to the owner.

use crate::access::state::AppState;
use crate::features::mail::letter::Letter;
use crate::outbox::Message;
use crate::paths;
use crate::types::AccountId;

/// The account that it is about, and whom else it concerns.
pub struct About<'a> {
    /// The account.
    pub account: &'a AccountId,
    /// Its name.
    pub name: &'a str,
    /// The address that is, or was, its main one.
    pub main: &'a str,
    /// Name and address of its owner.
    pub owner: (&'a str, &'a str),
}

fn letter(
    about: &About<'_>,
    kind: &'static str,
    to: (&str, &str),
    subject: &str,
    says: &str,
    reason: &str,
) -> Letter {
    Letter {
        kind,
        account: Some(about.account.clone()),
        to_name: to.0.into(),
        to_email: to.1.into(),
        heading: subject.into(),
        subject: subject.into(),
        paragraphs: vec![says.into()],
        reason: reason.into(),
        ..Letter::default()
    }
}

/// The same words to the old main address and, where it is another one, to the owner.
fn told(
    app: &AppState,
    about: &About<'_>,
    kind: &'static str,
    subject: &str,
    says: &str,
    undo: &str,
) -> Vec<Message> {
    let mut to = vec![(
        (about.name, about.main),
        "You get this mail because this is, or was, the main address of this account.",
    )];
    if !about.owner.1.eq_ignore_ascii_case(about.main) {
        to.push((about.owner, "You get this mail because you own this account."));
    }
    let message = |(to, reason)| {
        Letter { after: vec![undo.into()], ..letter(about, kind, to, subject, says, reason) }
            .seal(app)
            .to_confirmed()
    };
    to.into_iter().map(message).collect()
}

/// Asks whoever reads a new main address to confirm it.
pub fn confirm_main(app: &AppState, about: &About<'_>, by: &str, email: &str, token: &str) -> Message {
    let says = format!(
        "{by} entered {email} as the new main address of the account {}. Until you confirm it, mail keeps going to the old address.",
        about.name
    );
    let reason = format!("You get this mail because {by} entered your address.");
    Letter {
        button: Some(("Confirm address", paths::confirm_main_address(token))),
        secret: Some(token.into()),
        after: vec!["The link works once, for three days. If you were not expecting this, ignore this e-mail and nothing changes.".into()],
        ..letter(about, "main-address", (about.name, email), "Confirm the main address of an account", &says, &reason)
    }
    .seal(app)
}

/// Tells the old main address and the owner that another one was asked for.
pub fn main_asked(app: &AppState, about: &About<'_>, by: &str, email: &str) -> Vec<Message> {
    let says = format!(
        "{by} asked to make {email} the main address of {}. The change takes effect once somebody at that address confirms it.",
        about.name
    );
    let undo = "Until then it can be withdrawn on the “Profile” page. If it is not wanted, withdraw it there and check who is allowed to edit the profile.";
    told(
        app,
        about,
        "main-address-asked",
        &format!("A new main address was requested for {}", about.name),
        &says,
        undo,
    )
}

/// Tells the old main address and the owner that another one has taken its place.
pub fn main_changed(app: &AppState, about: &About<'_>, email: &str) -> Vec<Message> {
    let says = format!(
        "The main address of {} is now {email}. Mail about the account no longer goes to {}.",
        about.name, about.main
    );
    told(
        app,
        about,
        "main-address-changed",
        &format!("The main address of {} was changed", about.name),
        &says,
        "If this is not right, change it back on the “Profile” page.",
    )
}

/// Tells the main address and the owner that invoices are addressed to somebody else.
pub fn billing_changed(
    app: &AppState,
    about: &About<'_>,
    by: &str,
    before: &str,
    after: &str,
) -> Vec<Message> {
    let says = format!(
        "{by} changed who invoices for {} are addressed to. Before: {before}. Now: {after}.",
        about.name
    );
    told(
        app,
        about,
        "billing-contact",
        &format!("The billing contact of {} was changed", about.name),
        &says,
        "If this is not right, change it back on the “Profile” page.",
    )
}
