//! Its server function. Line 1 is the proof of access.

use super::model::OpenPage;
#[cfg(feature = "ssr")]
use super::store;
#[cfg(feature = "ssr")]
use crate::access::SignedIn;
use crate::error::Result;
use leptos::prelude::*;

/// What waits on all accounts of the person.
#[server(prefix = "/rpc", endpoint = "open/show")]
pub async fn show_open() -> Result<OpenPage> {
    let signed_in = SignedIn::now().await?;
    store::open(&mut signed_in.read().await?).await
}
