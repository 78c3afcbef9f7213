//! Server functions of merging. Line 1 of each is the proof of access.

use super::model::MergePlan;
#[cfg(feature = "ssr")]
use super::{store, words};
#[cfg(feature = "ssr")]
use crate::access::Staff;
#[cfg(feature = "ssr")]
use crate::access::staff::{MergeCustomers, named};
#[cfg(feature = "ssr")]
use crate::error::required;
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::AuditKind;
#[cfg(feature = "ssr")]
use crate::features::audit::record::{Entry, record_as_staff};
#[cfg(feature = "ssr")]
use crate::features::mail::letter::Letter;
#[cfg(feature = "ssr")]
use crate::paths;
use crate::types::AccountId;
#[cfg(feature = "ssr")]
use crate::types::text_block;
use leptos::prelude::*;

/// What would move to the account with this number; without one only the account itself.
#[server(prefix = "/rpc", endpoint = "operator/merge/plan")]
pub async fn plan_merge(account: AccountId, #[server(default)] number: String) -> Result<MergePlan> {
    let staff = Staff::<MergeCustomers>::now().await?;
    let mut reader = staff.read().await?;
    let from = named(reader.conn(), &account).await?;
    store::must_live(reader.conn(), &account).await?;
    let found = match number.trim() {
        "" => None,
        number => store::target(reader.conn(), &account, number).await.ok(),
    };
    match found {
        Some(to) => store::plan(&mut reader, &account, from, to).await,
        None => Ok(MergePlan { from, ..MergePlan::default() }),
    }
}

/// Merges an account into the one with this number.
#[server(prefix = "/rpc", endpoint = "operator/merge/merge")]
pub async fn merge_customer(
    account: AccountId,
    #[server(default)] number: String,
    #[server(default)] reason: String,
) -> Result<Outcome> {
    let staff = Staff::<MergeCustomers>::now().await?.just_confirmed()?;
    let reason = required("reason", text_block(&reason, 500), words::SAY_WHY)?;
    let mut tx = staff.begin().await?.into_account(&account).await?;
    let (to, name, number) = store::target(tx.conn(), &account, &number).await?;
    let owners = store::owners(tx.conn(), &account, &to).await?;
    store::merge(&mut tx, &account, &to).await?;
    let from = tx.membership().clone();
    tx.record(Entry::new(AuditKind::AccountMerged, words::merged_into(&name, &number, &reason))).await?;
    let here = words::merged_here(&from.account_name, &from.account_number, &reason);
    record_as_staff(&mut tx, &from.user, (&to, &name, number), Entry::new(AuditKind::AccountMerged, here))
        .await?;
    let operator = staff.app().config().operator_name.clone();
    for (to_name, to_email) in owners {
        let letter = Letter {
            kind: "accounts-merged",
            account: Some(to.clone()),
            to_name,
            to_email,
            subject: words::subject(&from.account_name, &name),
            heading: words::subject(&from.account_name, &name),
            paragraphs: vec![words::mail(&operator, &from.account_name, &name)],
            button: Some((words::OPEN, paths::account(&to))),
            reason: words::REASON_OWNER.into(),
            ..Letter::default()
        };
        let message = letter.seal(staff.app());
        tx.send(&message).await?;
    }
    tx.commit().await?;
    Ok(Outcome::at(paths::customer(&to), words::merged(&from.account_name, &name)))
}
