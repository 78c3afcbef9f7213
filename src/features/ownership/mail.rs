//! What handing an account over, or leaving it, writes to people: to both of them, and to the account's main address.

use super::store::Person;
use crate::access::membership::Member;
use crate::access::state::House;
use crate::features::mail::letter::Letter;
use crate::outbox::Message;
use crate::paths;
use crate::types::AccountId;

/// The account that it is about: id and name.
#[derive(Clone, Copy)]
pub struct About<'a>(pub &'a AccountId, pub &'a str);

impl<'a> From<&'a Member> for About<'a> {
    fn from(member: &'a Member) -> Self {
        Self(&member.account, &member.account_name)
    }
}

fn letter<'a>(about: impl Into<About<'a>>, kind: &'static str, to: (&str, &str), subject: String, paragraphs: Vec<String>, reason: &str) -> Letter {
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

/// The same words to everybody else whom it concerns: the owner and, where it is another one, the account's main address.
fn told<'a>(house: &House, about: impl Into<About<'a>>, kind: &'static str, owner: &Person, subject: &str, says: &str, undo: &str) -> Vec<Message> {
    let about = about.into();
    let mut to = vec![(owner.name.as_str(), owner.email.as_str(), "You get this mail because you own, or owned, this account.")];
    if !owner.main_address.eq_ignore_ascii_case(&owner.email) {
        to.push((about.1, &owner.main_address, "You get this mail because it is the main address of this account."));
    }
    let message = |(name, email, reason): (&str, &str, &str)| {
        Letter { after: vec![undo.into()], ..letter(about, kind, (name, email), subject.into(), vec![says.into()], reason) }.seal(house).to_confirmed()
    };
    to.into_iter().map(message).collect()
}

/// The owner offers the account: to whom it is offered, the owner and the main address.
pub fn offered(house: &House, member: &Member, owner: &Person, to: &Person) -> Vec<Message> {
    let account = &member.account_name;
    let asks = vec![
        format!("{} ({}) wants to hand the account {account} over to you.", owner.name, owner.email),
        "As its owner you may do everything on it, decide who else may, and are the one who cannot be removed. The offer stands for seven days.".into(),
    ];
    let offer = Letter {
        button: Some(("Review the offer", paths::ownership(&member.account))),
        ..letter(
            member,
            "ownership-offered",
            (&to.name, &to.email),
            format!("{} offers you the ownership of {account}", owner.name),
            asks,
            "You get this mail because you are offered an account.",
        )
    };
    let says = format!("{} offered the ownership of {account} to {} ({}). Nothing changes until they accept.", owner.name, to.name, to.email);
    let undo = "The owner can withdraw the offer until then. If it was not them, withdraw it at once and change the password.";
    let mut all = vec![offer.seal(house)];
    all.extend(told(house, member, "ownership-offered", owner, &format!("{account} is offered to {}", to.name), &says, undo));
    all
}

/// The offer was withdrawn: whom it was for, the owner and the main address.
pub fn withdrawn(house: &House, member: &Member, owner: &Person, to: &Person) -> Vec<Message> {
    let says = format!("{} withdrew the offer of the ownership of {} to {}.", owner.name, member.account_name, to.name);
    ended(house, member.into(), owner, to, &says)
}

/// The offer ended with the card of whom it was for.
pub fn dropped(house: &House, about: About<'_>, owner: &Person, to: &Person) -> Vec<Message> {
    let says = format!("{} can no longer enter {}, so the offer of its ownership to them has ended.", to.name, about.1);
    ended(house, about, owner, to, &says)
}

/// Nobody answered the offer.
pub fn lapsed(house: &House, about: About<'_>, owner: &Person, to: &Person) -> Vec<Message> {
    let says = format!("{} did not answer the offer of the ownership of {} within seven days.", to.name, about.1);
    ended(house, about, owner, to, &says)
}

fn ended(house: &House, about: About<'_>, owner: &Person, to: &Person, says: &str) -> Vec<Message> {
    let says = format!("{says} Nothing has changed.");
    let subject = format!("The offer of {} is withdrawn", about.1);
    let reason = "You get this mail because you were offered an account.";
    let mut all = vec![letter(about, "ownership-withdrawn", (&to.name, &to.email), subject.clone(), vec![says.clone()], reason).seal(house).to_confirmed()];
    all.extend(told(house, about, "ownership-withdrawn", owner, &subject, &says, ""));
    all
}

/// The offer was declined: the owner and the main address.
pub fn declined(house: &House, member: &Member, owner: &Person) -> Vec<Message> {
    let account = &member.account_name;
    let says = format!("{} ({}) declined the ownership of {account}. Nothing has changed.", member.user.name, member.user.email);
    told(house, member, "ownership-declined", owner, &format!("{} declined to own {account}", member.user.name), &says, "")
}

/// The account was handed over: the new owner, the former one and the main address.
pub fn accepted(house: &House, member: &Member, former: &Person) -> Vec<Message> {
    let account = &member.account_name;
    let says = format!(
        "{} ({}) is now the owner of {account}. {} keeps every permission but ownership until the new owner changes that.",
        member.user.name, member.user.email, former.name
    );
    let subject = format!("{account} has a new owner");
    let reason = "You get this mail because you own this account now.";
    let mut all =
        vec![letter(member, "ownership-transferred", (&member.user.name, &member.user.email), subject.clone(), vec![says.clone()], reason).seal(house)];
    all.extend(told(house, member, "ownership-transferred", former, &subject, &says, "If this is a mistake, write to our support at once."));
    all
}

/// Somebody left: the owner.
pub fn left(house: &House, member: &Member, owner: &Person) -> Message {
    let (name, account) = (&member.user.name, &member.account_name);
    let says = vec![format!("{name} ({}) left {account}. They can no longer enter it, and their card is closed.", member.user.email)];
    let reason = "You get this mail because you own this account.";
    letter(member, "left", (&owner.name, &owner.email), format!("{name} left {account}"), says, reason).seal(house)
}
