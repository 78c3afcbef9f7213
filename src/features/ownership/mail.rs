//! What handing an account over, or leaving it, writes to people: to both of them, and to the account's main
//! address.

use super::words;
use crate::access::membership::Membership;
use crate::access::state::AppState;
use crate::features::mail::letter::Letter;
use crate::features::ownership::model::OwnershipParty;
use crate::outbox::Message;
use crate::paths;
use crate::types::AccountId;

/// The account that it is about: id and name.
#[derive(Clone, Copy)]
pub struct AboutOwnership<'a>(pub &'a AccountId, pub &'a str);

impl<'a> From<&'a Membership> for AboutOwnership<'a> {
    fn from(membership: &'a Membership) -> Self {
        Self(&membership.account, &membership.account_name)
    }
}

fn letter<'a>(
    about: impl Into<AboutOwnership<'a>>,
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
    about: impl Into<AboutOwnership<'a>>,
    kind: &'static str,
    owner: &OwnershipParty,
    subject: &str,
    says: &str,
    undo: &str,
) -> Vec<Message> {
    let about = about.into();
    let mut to = vec![(owner.name.as_str(), owner.email.as_str(), words::YOU_GET_THIS_MAIL_BECAUSE)];
    if !owner.main_address.eq_ignore_ascii_case(&owner.email) {
        to.push((about.1, &owner.main_address, words::YOU_GET_THIS_MAIL_BECAUSE_THIS));
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
        words::wants_to_hand_the_account(&owner.name, &owner.email, &account),
        words::AS_ITS_OWNER_YOU_CAN.into(),
    ];
    let offer = Letter {
        button: Some((words::REVIEW_THE_OFFER, paths::ownership(&membership.account))),
        ..letter(
            membership,
            "ownership-offered",
            (&to.name, &to.email),
            words::is_offering_you_ownership_of(&owner.name, &account),
            asks,
            words::YOU_GET_THIS_MAIL_BECAUSE_YOU,
        )
    };
    let says = words::offered_ownership_of_to_nothing(&owner.name, &account, &to.name, &to.email);
    let undo = words::THE_OWNER_CAN_WITHDRAW_THE;
    let mut all = vec![offer.seal(app)];
    all.extend(told(
        app,
        membership,
        "ownership-offered",
        owner,
        &words::ownership_of_was_offered_to(&account, &to.name),
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
    let says = words::withdrew_the_offer_of_ownership(&owner.name, &membership.account_name, &to.name);
    ended(app, membership.into(), owner, to, &says)
}

/// The offer ended with the contact of whom it was for.
pub fn dropped(
    app: &AppState,
    about: AboutOwnership<'_>,
    owner: &OwnershipParty,
    to: &OwnershipParty,
) -> Vec<Message> {
    let says = words::can_no_longer_enter_so(&to.name, &about.1);
    ended(app, about, owner, to, &says)
}

/// Nobody answered the offer.
pub fn lapsed(
    app: &AppState,
    about: AboutOwnership<'_>,
    owner: &OwnershipParty,
    to: &OwnershipParty,
) -> Vec<Message> {
    let says = words::did_not_answer_the_offer(&to.name, &about.1);
    ended(app, about, owner, to, &says)
}

fn ended(
    app: &AppState,
    about: AboutOwnership<'_>,
    owner: &OwnershipParty,
    to: &OwnershipParty,
    says: &str,
) -> Vec<Message> {
    let says = words::nothing_has_changed(&says);
    let subject = words::the_offer_of_ownership_of(&about.1);
    let reason = words::YOU_GET_THIS_MAIL_BECAUSE_YOU_WERE;
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
    let says =
        words::declined_ownership_of_nothing_has(&membership.user.name, &membership.user.email, &account);
    told(
        app,
        membership,
        "ownership-declined",
        owner,
        &words::declined_ownership_of(&membership.user.name, &account),
        &says,
        "",
    )
}

/// The account was handed over: the new owner, the former one and the main address.
pub fn accepted(app: &AppState, membership: &Membership, former: &OwnershipParty) -> Vec<Message> {
    let account = &membership.account_name;
    let says = words::is_now_the_owner_of(
        &membership.user.name,
        &membership.user.email,
        &account,
        &former.name,
        &former.main_address,
    );
    let subject = words::has_a_new_owner(&account);
    let reason = words::YOU_GET_THIS_MAIL_BECAUSE_YOU_NOW;
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
        words::IF_THIS_IS_A_MISTAKE,
    ));
    all
}

/// Somebody left: the owner.
pub fn left(app: &AppState, membership: &Membership, owner: &OwnershipParty) -> Message {
    let (name, account) = (&membership.user.name, &membership.account_name);
    let says = vec![words::left_they_can_no_longer(&name, &membership.user.email, &account)];
    let reason = words::YOU_GET_THIS_MAIL_BECAUSE_YOU_OWN;
    letter(membership, "left", (&owner.name, &owner.email), words::left(&name, &account), says, reason)
        .seal(app)
}
