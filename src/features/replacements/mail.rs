//! What people are told about a replacement: the owner and the main address first of all.

use super::waiting::Waiting;
use super::words;
use crate::access::state::AppState;
use crate::features::mail::letter::Letter;
use crate::outbox::Message;
use crate::paths;

fn letter(one: &Waiting, kind: &'static str, to: (&str, &str), subject: String, reason: &str) -> Letter {
    Letter {
        kind,
        account: Some(one.account_id()),
        to_name: to.0.into(),
        to_email: to.1.into(),
        heading: subject.clone(),
        subject,
        reason: reason.into(),
        ..Letter::default()
    }
}

/// The owner, and the main address where it is another one.
fn owner_of(one: &Waiting) -> Vec<((&str, &str), &'static str)> {
    let mut to = vec![((one.from_name.as_str(), one.from_email.as_str()), words::OWNS)];
    if !one.moves_main() {
        to.push(((one.account.as_str(), one.main.as_str()), words::IS_MAIN));
    }
    to
}

/// It begins: the owner can say no, and who takes over knows.
pub fn begun(app: &AppState, one: &Waiting) -> Vec<Message> {
    let (operator, when) = (app.config().operator_name.clone(), one.due().exact());
    let says = words::mail_says(&one.by_name, &operator, &one.account, &one.to_name, &one.to_email, &when);
    let mut all: Vec<Message> = owner_of(one)
        .into_iter()
        .map(|(to, reason)| {
            Letter {
                paragraphs: vec![says.clone(), words::mail_reason(&one.reason)],
                button: Some((words::STAY_THE_OWNER, paths::ownership(&one.account_id()))),
                after: vec![words::MAIL_STOP.into()],
                ..letter(one, "owner-replacement", to, words::subject(&one.account), reason)
            }
            .seal(app)
            .to_confirmed()
        })
        .collect();
    let new = Letter {
        paragraphs: vec![words::new_says(&operator, &one.account, &when)],
        ..letter(
            one,
            "owner-replacement",
            (&one.to_name, &one.to_email),
            words::subject_new(&one.account),
            words::IS_NEW,
        )
    };
    all.push(new.seal(app));
    all
}

/// It was stopped, or could not be done: who would have taken over, and who began it.
pub fn stopped(app: &AppState, one: &Waiting) -> Vec<Message> {
    let mut to = vec![((one.to_name.as_str(), one.to_email.as_str()), words::IS_NEW)];
    if !one.by_email.is_empty() {
        to.push(((one.by_name.as_str(), one.by_email.as_str()), words::IS_STAFF));
    }
    let message = |(to, reason): ((&str, &str), &str)| {
        Letter {
            paragraphs: vec![words::stopped_says(&one.account)],
            ..letter(one, "owner-replacement", to, words::subject_stopped(&one.account), reason)
        }
        .seal(app)
    };
    to.into_iter().map(message).collect()
}

/// Each of them with made-up words.
pub fn samples(app: &AppState) -> Vec<Message> {
    let one = Waiting::sample(app.now());
    [begun(app, &one), stopped(app, &one), done(app, &one)].concat()
}

/// It is done: everybody.
pub fn done(app: &AppState, one: &Waiting) -> Vec<Message> {
    let mut to = owner_of(one);
    to.push(((one.to_name.as_str(), one.to_email.as_str()), words::IS_NEW));
    let main = one.moves_main().then(|| words::done_main(&one.to_email));
    let message = |(to, reason): ((&str, &str), &str)| {
        Letter {
            paragraphs: std::iter::once(words::done_says(&one.to_name, &one.to_email, &one.account))
                .chain(main.clone())
                .collect(),
            after: vec![words::DONE_WRONG.into()],
            ..letter(one, "owner-replacement", to, words::subject_done(&one.account), reason)
        }
        .seal(app)
        .to_confirmed()
    };
    to.into_iter().map(message).collect()
}
