//! Server functions of the e-mail history, and for reading mail in demo mode.

use super::model::{DemoMail, DemoMailSummary, HistoryRow, MailView, PersonMail};
#[cfg(feature = "ssr")]
use super::words;
#[cfg(feature = "ssr")]
use super::{samples, store};
#[cfg(feature = "ssr")]
use crate::access::{Access, Public, ViewEmails};
#[cfg(feature = "ssr")]
use crate::error::AppError;
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::AuditKind;
#[cfg(feature = "ssr")]
use crate::features::audit::record::Entry;
#[cfg(feature = "ssr")]
use crate::types::Timestamp;
use crate::types::{AccountId, ContactId, ListQuery, MessageId, Page};
#[cfg(feature = "ssr")]
use crate::{outbox, paths};
use leptos::prelude::*;

/// The newest messages. Not found unless the data directory is marked as a demo.
#[server(prefix = "/rpc", endpoint = "mail/list")]
pub async fn list_mail() -> Result<Vec<DemoMailSummary>> {
    let public = Public::because("demo mode only: everybody may read the demo's mail")?;
    if !public.app().config().demo {
        return Err(AppError::NotFound);
    }
    let rows = outbox::newest(&mut public.read().await?).await?;
    Ok(rows
        .into_iter()
        .map(|(id, to, subject, at)| DemoMailSummary { id, to, subject, at: Timestamp(at) })
        .collect())
}

/// One message. Not found unless the data directory is marked as a demo.
#[server(prefix = "/rpc", endpoint = "mail/show")]
pub async fn show_mail(id: String) -> Result<DemoMail> {
    let public = Public::because("demo mode only: everybody may read the demo's mail")?;
    if !public.app().config().demo {
        return Err(AppError::NotFound);
    }
    let mail = outbox::show(&mut public.read().await?, &id).await?.ok_or(AppError::NotFound)?;
    let summary = DemoMailSummary {
        id: mail.id,
        to: mail.to_email,
        subject: mail.subject,
        at: Timestamp(mail.created_at),
    };
    Ok(DemoMail { summary, from: public.app().config().mail_from.to_string(), text: mail.body_text })
}

/// Every mail that the product can send, for the demo's page: subject, kind and plain text.
#[server(prefix = "/rpc", endpoint = "mail/letters")]
pub async fn list_letters() -> Result<Vec<(String, String, String)>> {
    let public = Public::because("demo mode only: made-up mails")?;
    if !public.app().config().demo {
        return Err(AppError::NotFound);
    }
    Ok(samples::all(public.app())
        .into_iter()
        .map(|message| (message.subject, message.kind.to_owned(), message.text))
        .collect())
}

/// A page of what was sent to the account (M5).
#[server(prefix = "/rpc", endpoint = "mail/history")]
pub async fn list_history(
    account: AccountId,
    #[server(flatten)] query: ListQuery,
) -> Result<Page<HistoryRow>> {
    let access = Access::<ViewEmails>::to(account).await?;
    store::history(&mut access.read().await?, &query).await
}

/// The newest mails to one contact, and what became of them (P11).
#[server(prefix = "/rpc", endpoint = "mail/of-person")]
pub async fn show_person_mail(account: AccountId, contact: ContactId) -> Result<PersonMail> {
    let access = Access::<ViewEmails>::to(account).await?;
    store::of_person(&mut access.read().await?, &contact).await
}

/// One message of the history.
#[server(prefix = "/rpc", endpoint = "mail/message")]
pub async fn show_message(account: AccountId, message: MessageId) -> Result<MailView> {
    let access = Access::<ViewEmails>::to(account).await?;
    Ok(store::message(&mut access.read().await?, &message).await?.0)
}

/// "Send again": a copy to the same recipient.
#[server(prefix = "/rpc", endpoint = "mail/send-again")]
pub async fn send_again(account: AccountId, message: MessageId) -> Result<Outcome> {
    let access = Access::<ViewEmails>::to(account).await?;
    let (view, _) = store::message(&mut access.read().await?, &message).await?;
    let mut tx = access.begin().await?;
    if !view.again {
        return Err(AppError::Conflict(words::THIS_MESSAGE_CANNOT_BE_SENT.into()));
    }
    store::send_again(&mut tx, &view).await?;
    tx.record(Entry::new(
        AuditKind::MailSentAgain,
        words::sent_to_again(&view.row.subject, &view.row.to_email),
    ))
    .await?;
    tx.commit().await?;
    Ok(Outcome::at(
        paths::emails(&access.membership().in_url),
        words::the_message_is_on_its(&view.row.to_email),
    ))
}
