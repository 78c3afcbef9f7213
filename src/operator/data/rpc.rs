//! Server functions of a customer's data. Line 1 of each is the proof of access.

use super::model::DataPage;
#[cfg(feature = "ssr")]
use super::{store, words};
#[cfg(feature = "ssr")]
use crate::access::Staff;
#[cfg(feature = "ssr")]
use crate::access::staff::{EraseCustomers, ViewCustomers};
#[cfg(feature = "ssr")]
use crate::error::required;
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::{AuditChange, AuditKind};
#[cfg(feature = "ssr")]
use crate::features::audit::record::Entry;
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use crate::permission::StaffPermission;
use crate::types::AccountId;
#[cfg(feature = "ssr")]
use crate::types::text_block;
use leptos::prelude::*;

/// What there is of a customer.
#[server(prefix = "/rpc", endpoint = "operator/data/show")]
pub async fn show_data(account: AccountId) -> Result<DataPage> {
    let staff = Staff::<ViewCustomers>::now().await?;
    let held = staff.member().permissions;
    let page = store::counts(&mut staff.read().await?, &account).await?;
    Ok(DataPage {
        may_export: held.has(StaffPermission::ExportCustomers),
        may_erase: held.has(StaffPermission::EraseCustomers),
        ..page
    })
}

/// Erases a closed account for good.
#[server(prefix = "/rpc", endpoint = "operator/data/erase")]
pub async fn erase_customer(
    account: AccountId,
    #[server(default)] number: String,
    #[server(default)] reason: String,
) -> Result<Outcome> {
    let staff = Staff::<EraseCustomers>::now().await?.just_confirmed()?;
    let reason = required("reason", text_block(&reason, 500), words::SAY_WHY)?;
    let mut tx = staff.begin().await?;
    store::erase(&mut tx, &account, &number).await?;
    // Under the name that it has now.
    let mut tx = tx.into_account(&account).await?;
    let why = AuditChange::between(words::REASON_WAS, "", reason);
    tx.record(Entry::new(AuditKind::CustomerErased, words::ERASED_CUSTOMER).with(why)).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::customer(&account), words::ERASED))
}
