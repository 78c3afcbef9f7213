//! What tickets write: to whom the rule names, and to staff.

use super::row::Ticket;
use super::who::{Writer, address};
use super::{quote, words};
use crate::access::Tx;
use crate::access::state::AppState;
use crate::error::Result;
use crate::features::mail::letter::{Letter, Rich};
use crate::outbox::Message;
use crate::paths;
use crate::platform::db::args;
use crate::types::{AccountId, TicketId};

/// What was written, to anybody. To whom is filled in by others. Last come the message's id and for how many
/// milliseconds it can be called back.
pub fn message(
    app: &AppState,
    ticket: &Ticket,
    by: &Writer,
    text: &str,
    in_reply_to: &str,
    (id, wait): (&str, i64),
) -> Letter {
    let account = AccountId::from(ticket.account_id.clone());
    let (new, _) = quote::split(text);
    let says = words::wrote(&by.name);
    Letter {
        kind: "ticket",
        account: Some(account.clone()),
        subject: words::subject(&ticket.number, &ticket.subject),
        heading: ticket.subject.clone(),
        rich: Some(Rich::markdown(&format!("**{}**\n\n{}", escaped(&says), new.trim()))),
        button: Some((words::OPEN_THE_TICKET, paths::ticket(&account, &TicketId::from(ticket.id.clone())))),
        after: (ticket.by_mail).then(|| words::ANSWER_BY_MAIL.to_owned()).into_iter().collect(),
        values: vec![
            ("number", ticket.number.to_string()),
            ("department", ticket.department.clone()),
            ("writer", by.name.clone()),
        ],
        reply_to: address(app.key(), ticket),
        in_reply_to: in_reply_to.to_owned(),
        cause: (wait > 0).then(|| (id.to_owned(), wait)),
        thread: format!("ticket-{}", ticket.id),
        ..Letter::default()
    }
}

/// A name, without marks that Markdown would read.
fn escaped(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_punctuation() { format!("\\{c}") } else { c.to_string() }).collect()
}

/// The same to somebody outside the account whom staff ticked: no link, for they cannot enter.
pub fn to_outsider(letter: Letter, email: &str) -> Letter {
    Letter {
        account: None,
        category: None,
        to_email: email.into(),
        button: None,
        reason: words::YOU_STOOD_IN_THE_MAIL.into(),
        ..letter
    }
}

const ASSIGNED: &str = "SELECT name, email FROM users WHERE id = $1";

/// Tells staff what a customer wrote: whoever answers the ticket, or else the department, unless its mail comes
/// back here. `None` where the desk is the place to see it.
pub async fn to_staff<S>(
    tx: &mut Tx<S>,
    ticket: &Ticket,
    by: &Writer,
    text: &str,
) -> Result<Option<Message>> {
    let to: Option<(String, String)> = match &ticket.assigned_id {
        Some(user) => tx.conn().optional(ASSIGNED, args![user]).await?,
        None if ticket.by_mail => None,
        None => Some((ticket.department.clone(), ticket.department_email.clone())),
    };
    let Some((to_name, to_email)) = to else { return Ok(None) };
    let app = tx.app().clone();
    Ok(Some(staff(&app, ticket, by, text, (to_name, to_email))))
}

/// The mail to staff.
pub fn staff(app: &AppState, ticket: &Ticket, by: &Writer, text: &str, to: (String, String)) -> Message {
    let (to_name, to_email) = to;
    let letter = message(app, ticket, by, text, "", ("", 0));
    let letter = Letter {
        kind: "ticket-staff",
        // Staff's own mail is no part of the customer's history.
        account: None,
        to_name,
        to_email,
        after: Vec::new(),
        reply_to: String::new(),
        reason: words::STAFF_REASON.into(),
        ..letter
    };
    letter.seal(app).to_confirmed()
}
