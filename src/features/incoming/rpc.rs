//! Server functions of e-mails that came in. Line 1 of each is the proof of access.

#[cfg(feature = "ssr")]
use super::model::State;
use super::model::{Choice, MailQueue};
#[cfg(feature = "ssr")]
use super::{store, words, work};
#[cfg(feature = "ssr")]
use crate::access::staff::AnswerTickets;
#[cfg(feature = "ssr")]
use crate::access::{SignedIn, Staff};
#[cfg(feature = "ssr")]
use crate::error::AppError;
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::AuditKind;
#[cfg(feature = "ssr")]
use crate::features::audit::record::Entry;
#[cfg(feature = "ssr")]
use crate::features::tickets::model::Badge;
#[cfg(feature = "ssr")]
use crate::features::tickets::who::Writer;
#[cfg(feature = "ssr")]
use crate::paths;
use crate::types::AccountId;
use leptos::prelude::*;

/// What came in and waits for staff.
#[server(prefix = "/rpc", endpoint = "incoming/list")]
pub async fn list_incoming() -> Result<MailQueue> {
    let staff = Staff::<AnswerTickets>::now().await?;
    store::queue(&mut staff.read().await?).await
}

/// Opens a ticket of a customer from an e-mail that waits.
#[server(prefix = "/rpc", endpoint = "incoming/open")]
pub async fn open_incoming(
    #[server(default)] id: String,
    #[server(default)] number: String,
) -> Result<Outcome> {
    let staff = Staff::<AnswerTickets>::now().await?;
    let mut tx = staff.begin().await?;
    let waiting = store::find(tx.conn(), &id).await?;
    let (account, _) = store::account(tx.conn(), &number).await?;
    let department = store::department_of(tx.conn(), &id).await?;
    let (senders, _) = store::senders(tx.conn(), &waiting.email, &waiting.from, &department).await?;
    let known = senders.into_iter().find(|one| one.account == account).map(|one| one.by);
    let by = known.unwrap_or_else(|| Writer::of_mail(&waiting.from, &waiting.email, Badge::Other));
    let ticket = work::open_waiting(&mut tx, &id, &account, &by, &department).await?;
    store::decide(&mut tx, &id, State::Done, Some(&ticket.id), Some(&account)).await?;
    let says = words::opened(&ticket.number);
    tx.note_of(&account, &says).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::ticket(&account, &ticket.id.into()), says))
}

/// Puts an e-mail that waits away. It is kept.
#[server(prefix = "/rpc", endpoint = "incoming/dismiss")]
pub async fn dismiss_incoming(#[server(default)] id: String) -> Result<Outcome> {
    let staff = Staff::<AnswerTickets>::now().await?;
    let mut tx = staff.begin().await?;
    let waiting = store::find(tx.conn(), &id).await?;
    store::decide(&mut tx, &id, State::Dismissed, None, None).await?;
    tx.record(Entry::new(AuditKind::TicketMail, words::dismissed(&waiting.from))).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::INCOMING, words::DISMISSED))
}

/// The accounts for which the person may open a ticket from an e-mail that they wrote.
#[server(prefix = "/rpc", endpoint = "incoming/choice")]
pub async fn show_choice(#[server(default)] id: String) -> Result<Choice> {
    let signed_in = SignedIn::now().await?;
    let user = signed_in.user().id.clone();
    let (accounts, subject, _) = store::choices(signed_in.read().await?.conn(), &id, &user).await?;
    let subject = if subject.is_empty() { words::UNNAMED.to_owned() } else { subject };
    Ok(Choice { subject, accounts: accounts.into_iter().map(|(account, name, _)| (account, name)).collect() })
}

/// Opens a ticket from an e-mail that the person wrote, on the account that they chose.
#[server(prefix = "/rpc", endpoint = "incoming/choose")]
pub async fn choose_account(#[server(default)] id: String, account: AccountId) -> Result<Outcome> {
    let signed_in = SignedIn::now().await?;
    let user = signed_in.user().clone();
    let mut tx = signed_in.begin().await?;
    let (accounts, _, department) = store::choices(tx.conn(), &id, &user.id).await?;
    let (account, _, contact) =
        accounts.into_iter().find(|(one, ..)| *one == account).ok_or(AppError::NotFound)?;
    let by = Writer {
        contact: Some(contact),
        user: Some(user.id),
        name: user.name,
        email: user.email,
        badge: Badge::Contact,
    };
    let ticket = work::open_waiting(&mut tx, &id, &account, &by, &department).await?;
    store::decide(&mut tx, &id, State::Done, Some(&ticket.id), Some(&account)).await?;
    tx.unaudited("opening the ticket leaves an entry on its account");
    tx.commit().await?;
    Ok(Outcome::at(paths::ticket(&account, &ticket.id.clone().into()), words::opened(&ticket.number)))
}
