//! What handing an account over, or leaving it, writes to people: to both of them, and to the account's main
//! address.

use crate::access::membership::Membership;
use crate::access::state::AppState;
use crate::features::mail::letter::Letter;
use crate::features::ownership::model::OwnershipParty;
use crate::outbox::Message;
use crate::paths;
use crate::types::AccountId;

/// The account that it is about: id and name.
#[derive(Clone, Copy)]
pub struct About<'a>(pub &'a AccountId, pub &'a str);

impl<'a> From<&'a Membership> for About<'a> {
    fn from(membership: &'a Membership) -> Self {
        Self(&membership.account, &membership.account_name)
    }
}

fn letter<'a>(
    about: impl Into<About<'a>>,
    kind: &'static str,
    to: (&str, &str),
    subject: String,
    paragraphs: Vec<String>,
    reason: &str,
) -> Letter {
    Letter {
        kind,
        account: Some(about.into().0.clone()),
        to_name: to.0.into(),
        to_email: to.1.into(),
        heading: subject.clone(),
        subject,
        paragraphs,
        button: None,
        secret: None,
        after: Vec::new(),
        reason: reason.into(),
        ..Letter::default()
    }
}

/// The same words to everybody else whom it concerns: the owner and, where it is another one, the account's
/// main address.
fn told<'a>(
    app: &AppState,
    about: impl Into<About<'a>>,
    kind: &'static str,
    owner: &OwnershipParty,
    subject: &str,
    says: &str,
    undo: &str,
) -> Vec<Message> {
    let about = about.into();
    let mut to = vec![(
        owner.name.as_str(),
        owner.email.as_str(),
        "You get this mail because you own, or owned, this account.",
    )];
    if !owner.main_address.eq_ignore_ascii_case(&owner.email) {
        to.push((
            about.1,
            &owner.main_address,
            "You get this mail because this is the main address of this account.",
        ));
    }
    let message = |(name, email, reason): (&str, &str, &str)| {
        Letter {
            after: vec![undo.into()],
            ..letter(about, kind, (name, email), subject.into(), vec![says.into()], reason)
        }
        .seal(app)
        .to_confirmed()
    };
    to.into_iter().map(message).collect()
}

/// The owner offers the account: to whom it is offered, the owner and the main address.
pub fn offered(
    app: &AppState,
    membership: &Membership,
    owner: &OwnershipParty,
    to: &OwnershipParty,
) -> Vec<Message> {
    let account = &membership.account_name;
    let asks = vec![
        format!("{} ({}) wants to hand the account {account} over to you.", owner.name, owner.email),
        "As its owner you can do everything on it, you decide who else can, and you cannot be removed. The offer is open for seven days.".into(),
    ];
    let offer = Letter {
        button: Some(("Review the offer", paths::ownership(&membership.account))),
        ..letter(
            membership,
            "ownership-offered",
            (&to.name, &to.email),
            format!("{} is offering you ownership of {account}", owner.name),
            asks,
            "You get this mail because you have been offered ownership of an account.",
        )
    };
    let says = format!(
        "{} offered ownership of {account} to {} ({}). Nothing changes until they accept.",
        owner.name, to.name, to.email
    );
    let undo = "The owner can withdraw the offer until then. If the owner did not make it, withdraw it straight away and change the owner's password.";
    let mut all = vec![offer.seal(app)];
    all.extend(told(
        app,
        membership,
        "ownership-offered",
        owner,
        &format!("Ownership of {account} was offered to {}", to.name),
        &says,
        undo,
    ));
    all
}

/// The offer was withdrawn: whom it was for, the owner and the main address.
pub fn withdrawn(
    app: &AppState,
    membership: &Membership,
    owner: &OwnershipParty,
    to: &OwnershipParty,
) -> Vec<Message> {
    let says = format!(
        "{} withdrew the offer of ownership of {} to {}.",
        owner.name, membership.account_name, to.name
    );
    ended(app, membership.into(), owner, to, &says)
}

/// The offer ended with the contact of whom it was for.
pub fn dropped(
    app: &AppState,
    about: About<'_>,
    owner: &OwnershipParty,
    to: &OwnershipParty,
) -> Vec<Message> {
    let says = format!(
        "{} can no longer enter {}, so the offer to make them its owner has ended.",
        to.name, about.1
    );
    ended(app, about, owner, to, &says)
}

/// Nobody answered the offer.
pub fn lapsed(app: &AppState, about: About<'_>, owner: &OwnershipParty, to: &OwnershipParty) -> Vec<Message> {
    let says = format!("{} did not answer the offer of ownership of {} within seven days.", to.name, about.1);
    ended(app, about, owner, to, &says)
}

fn ended(
    app: &AppState,
    about: About<'_>,
    owner: &OwnershipParty,
    to: &OwnershipParty,
    says: &str,
) -> Vec<Message> {
    let says = format!("{says} Nothing has changed.");
    let subject = format!("The offer of ownership of {} has ended", about.1);
    let reason = "You get this mail because you were offered ownership of an account.";
    let mut all = vec![
        letter(
            about,
            "ownership-withdrawn",
            (&to.name, &to.email),
            subject.clone(),
            vec![says.clone()],
            reason,
        )
        .seal(app)
        .to_confirmed(),
    ];
    all.extend(told(app, about, "ownership-withdrawn", owner, &subject, &says, ""));
    all
}

/// The offer was declined: the owner and the main address.
pub fn declined(app: &AppState, membership: &Membership, owner: &OwnershipParty) -> Vec<Message> {
    let account = &membership.account_name;
    let says = format!(
        "{} ({}) declined ownership of {account}. Nothing has changed.",
        membership.user.name, membership.user.email
    );
    told(
        app,
        membership,
        "ownership-declined",
        owner,
        &format!("{} declined ownership of {account}", membership.user.name),
        &says,
        "",
    )
}

/// The account was handed over: the new owner, the former one and the main address.
pub fn accepted(app: &AppState, membership: &Membership, former: &OwnershipParty) -> Vec<Message> {
    let account = &membership.account_name;
    let says = format!(
        "{} ({}) is now the owner of {account}. {} keeps every permission except ownership until the new owner changes that. The main address of the account stays {}; the owner can change it in the profile.",
        membership.user.name, membership.user.email, former.name, former.main_address
    );
    let subject = format!("{account} has a new owner");
    let reason = "You get this mail because you now own this account.";
    let mut all = vec![
        letter(
            membership,
            "ownership-transferred",
            (&membership.user.name, &membership.user.email),
            subject.clone(),
            vec![says.clone()],
            reason,
        )
        .seal(app),
    ];
    all.extend(told(
        app,
        membership,
        "ownership-transferred",
        former,
        &subject,
        &says,
        "If this is a mistake, tell our support team straight away.",
    ));
    all
}

/// Somebody left: the owner.
pub fn left(app: &AppState, membership: &Membership, owner: &OwnershipParty) -> Message {
    let (name, account) = (&membership.user.name, &membership.account_name);
    let says = vec![format!(
        "{name} ({}) left {account}. They can no longer enter it and are now a closed contact.",
        membership.user.email
    )];
    let reason = "You get this mail because you own this account.";
    letter(membership, "left", (&owner.name, &owner.email), format!("{name} left {account}"), says, reason)
        .seal(app)
}
