//! Server functions for reading mail in demo mode.

use super::model::{DemoMail, DemoMailSummary};
use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::{
    error::AppError,
    server::{access::Public, outbox},
    types::Timestamp,
};
use leptos::prelude::*;

/// The newest messages. Not found unless the data directory is marked as a demo.
#[server(prefix = "/rpc", endpoint = "mail/list")]
pub async fn list_mail() -> Result<Vec<DemoMailSummary>> {
    let public = Public::because("demo mode only: everybody may read the demo's mail")?;
    if !public.house().config().demo {
        return Err(AppError::NotFound);
    }
    let rows = outbox::newest(&mut public.read().await?).await?;
    Ok(rows.into_iter().map(|(id, to, subject, at)| DemoMailSummary { id, to, subject, at: Timestamp(at) }).collect())
}

/// One message. Not found unless the data directory is marked as a demo.
#[server(prefix = "/rpc", endpoint = "mail/show")]
pub async fn show_mail(id: String) -> Result<DemoMail> {
    let public = Public::because("demo mode only: everybody may read the demo's mail")?;
    if !public.house().config().demo {
        return Err(AppError::NotFound);
    }
    let mail = outbox::show(&mut public.read().await?, &id).await?.ok_or(AppError::NotFound)?;
    let summary = DemoMailSummary { id: mail.id, to: mail.to_email, subject: mail.subject, at: Timestamp(mail.created_at) };
    Ok(DemoMail { summary, from: public.house().config().mail_from.to_string(), text: mail.body_text })
}
