//! Server functions with which an owner decides about looks of staff. Line 1 of each is the proof of access.

#[cfg(feature = "ssr")]
use super::model::SupportAccess;
use super::model::SupportChoice;
#[cfg(feature = "ssr")]
use super::{store, words};
#[cfg(feature = "ssr")]
use crate::access::{Access, Owner};
#[cfg(feature = "ssr")]
use crate::error::AppError;
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::AuditKind;
#[cfg(feature = "ssr")]
use crate::features::audit::record::Entry;
#[cfg(feature = "ssr")]
use crate::paths;
use crate::types::AccountId;
use leptos::prelude::*;

/// What the account chose, and who waits for an answer.
#[server(prefix = "/rpc", endpoint = "support/show")]
pub async fn show_support(account: AccountId) -> Result<SupportChoice> {
    let access = Access::<Owner>::to(account).await?;
    store::choice(&mut access.read().await?).await
}

/// Chooses whether staff may look: always, ask me, never.
#[server(prefix = "/rpc", endpoint = "support/choose")]
pub async fn choose_support(account: AccountId, #[server(default)] access: String) -> Result<Outcome> {
    let proof = Access::<Owner>::to(account).await?;
    let Some(choice) = SupportAccess::from_key(&access) else {
        return Err(AppError::field("access", words::CHOOSE));
    };
    let mut tx = proof.begin().await?;
    let label = choice.says().0;
    if store::choose(&mut tx, choice).await? {
        tx.record(Entry::new(AuditKind::SupportAccessChosen, words::chose(&label))).await?;
    } else {
        tx.unaudited("nothing changed");
    }
    let to = paths::account_profile(&proof.membership().account);
    tx.commit().await?;
    Ok(Outcome::at(to, words::saved(&label)))
}

/// Answers a question of staff.
#[server(prefix = "/rpc", endpoint = "support/answer")]
pub async fn answer_support(
    account: AccountId,
    #[server(default)] view: String,
    #[server(default)] answer: String,
) -> Result<Outcome> {
    let access = Access::<Owner>::to(account).await?;
    let allowed = answer == "allow";
    let mut tx = access.begin().await?;
    let by = store::answer(&mut tx, &view, allowed).await?;
    let by = by.ok_or_else(|| AppError::Conflict(words::NO_LONGER_WAITS.into()))?;
    let (does, say) = match allowed {
        true => (words::allowed_view(&by), words::allowed(&by)),
        false => (words::refused_view(&by), words::refused(&by)),
    };
    tx.record(Entry::new(AuditKind::ViewAnswered, does)).await?;
    let to = paths::account(&access.membership().account);
    tx.commit().await?;
    Ok(Outcome::at(to, say))
}

/// Ends every look at once.
#[server(prefix = "/rpc", endpoint = "support/end")]
pub async fn end_support(account: AccountId) -> Result<Outcome> {
    let access = Access::<Owner>::to(account).await?;
    let mut tx = access.begin().await?;
    store::end(&mut tx).await?;
    tx.record(Entry::new(AuditKind::ViewAnswered, words::ENDED_VIEWS)).await?;
    let to = paths::account_profile(&access.membership().account);
    tx.commit().await?;
    Ok(Outcome::at(to, words::ENDED))
}
