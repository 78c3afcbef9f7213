//! Where a page stands: the account in its URL, and the frame around it.

use super::model::Frame;
use crate::types::AccountId;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The account in the URL. An impossible id becomes one that no account has, which is then not found like any
/// other.
pub fn account_in_url() -> Memo<AccountId> {
    let params = use_params_map();
    Memo::new(move |_| {
        params
            .read()
            .get("account")
            .and_then(|id| AccountId::parse(&id))
            .unwrap_or_else(|| AccountId::from(String::new()))
    })
}

/// The frame of the account around this page.
pub fn use_frame() -> Frame {
    expect_context()
}
