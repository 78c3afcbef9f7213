//! What adding a contact writes to the person.

use super::model::Card;
use crate::mail::letter::Letter;
use crate::paths;
use crate::permission::join_and;
use crate::server::member::Member;
use crate::server::outbox::Message;
use crate::server::state::House;

/// Tells somebody that they were added, and which mail they will get (P2).
pub fn added(house: &House, by: &Member, card: &Card) -> Message {
    let kinds: Vec<String> = card.mail.iter().map(|category| category.title().to_lowercase()).collect();
    let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
    let mail =
        if kinds.is_empty() { "You will not get any regular mail because of it.".to_owned() } else { format!("You will get its {} mail.", join_and(&kinds)) };
    Letter {
        kind: "added",
        account: Some(by.account.clone()),
        to_name: card.name(),
        to_email: card.email.to_string(),
        subject: format!("You were added to {}", by.account_name),
        heading: format!("You are now a contact of {}", by.account_name),
        paragraphs: vec![
            format!(
                "{} ({}) added {} as a contact of the account {} at {}.",
                by.user.name,
                by.user.email,
                card.email,
                by.account_name,
                house.config().operator_name
            ),
            mail,
        ],
        button: card.log_in.then(|| ("Review in Client Area", paths::ACCOUNTS.to_owned())),
        secret: None,
        after: Vec::new(),
        reason: format!("You get this mail because {} entered your address. If it is a mistake, answer them.", by.user.name),
        ..Letter::default()
    }
    .seal(house)
}
