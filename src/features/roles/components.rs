//! What of roles stands on the pages of others.

use super::rpc::NameRoles;
use crate::frame::account_in_url;
use crate::types::RoleId;
use crate::ui::load::{Loading, fetch};
use leptos::prelude::*;

/// Ids and names of the roles of the account in the URL, for a filter.
pub fn role_names() -> Loading<Vec<(RoleId, String)>> {
    let account = account_in_url();
    fetch(move || NameRoles { account: account.get() })
}
