//! Server functions for reading mail in demo mode.

use super::model::{KeptMail, KeptMailSummary};
#[cfg(feature = "ssr")]
use super::store;
use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::{error::AppError, server::access::Public};
use leptos::prelude::*;

/// The newest messages. Not found unless the data directory is marked as a demo.
#[server(prefix = "/rpc", endpoint = "mail/list")]
pub async fn list_mail() -> Result<Vec<KeptMailSummary>> {
    let public = Public::because("demo mode only: everybody may read the demo's mail")?;
    if !public.house().config().demo {
        return Err(AppError::NotFound);
    }
    store::list(&mut public.read().await?).await
}

/// One message. Not found unless the data directory is marked as a demo.
#[server(prefix = "/rpc", endpoint = "mail/show")]
pub async fn show_mail(id: String) -> Result<KeptMail> {
    let public = Public::because("demo mode only: everybody may read the demo's mail")?;
    if !public.house().config().demo {
        return Err(AppError::NotFound);
    }
    let from = public.house().config().mail_from.to_string();
    store::show(&mut public.read().await?, &id, from).await
}
