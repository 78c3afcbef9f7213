//! The work itself, beside the server. What is being worked on is kept in memory: a job with customers who wait and
//! nobody who works on it was interrupted.

use super::model::BulkAct;
use super::{store, words};
use crate::access::staff::AnyStaff;
use crate::access::{InAccount, Staff, Tx};
use crate::error::Result;
use crate::features::audit::model::AuditKind;
use crate::features::audit::record::Entry;
use crate::operator::customers;
use crate::permission::Permissions;
use crate::types::{AccountId, EmailAddress};
use std::collections::HashSet;
use std::sync::{LazyLock, Mutex, PoisonError};

static RUNNING: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);

fn running() -> std::sync::MutexGuard<'static, HashSet<String>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Does somebody work on it?
pub(super) fn is_running(id: &str) -> bool {
    running().contains(id)
}

/// Works on it beside the server. Says whether nobody did already.
pub(super) fn work(staff: Staff<AnyStaff>, id: &str, act: BulkAct, reason: &str) -> bool {
    if !running().insert(id.to_owned()) {
        return false;
    }
    let (id, reason) = (id.to_owned(), reason.to_owned());
    tokio::spawn(async move {
        if let Err(error) = done(&staff, &id, act, &reason).await {
            tracing::warn!(%error, "work on many customers was interrupted");
        }
        running().remove(&id);
    });
    true
}

async fn done(staff: &Staff<AnyStaff>, id: &str, act: BulkAct, reason: &str) -> Result<()> {
    let stopped = staff.app().stopped();
    loop {
        let some = store::next(staff.read().await?.conn(), id).await?;
        if some.is_empty() {
            return Ok(());
        }
        for account in some {
            if *stopped.borrow() {
                return Ok(());
            }
            one(staff, id, &account, act, reason).await?;
        }
    }
}

/// One customer, in a transaction of its own, which is refused once what they may do has changed.
async fn one(
    staff: &Staff<AnyStaff>,
    id: &str,
    account: &AccountId,
    act: BulkAct,
    reason: &str,
) -> Result<()> {
    let mut tx = staff.begin().await?.into_account(account).await?;
    let entry = match act {
        BulkAct::Close | BulkAct::Reopen => {
            let closed = act == BulkAct::Close;
            let changed = customers::store::set_closed(&mut tx, account, closed).await?;
            let (kind, says) = match closed {
                true => (AuditKind::AccountClosed, words::closed_with(&reason)),
                false => (AuditKind::AccountReopened, words::reopened_with(&reason)),
            };
            changed.then(|| Entry::new(kind, says))
        }
        BulkAct::Invite => invited(&mut tx, account).await?,
    };
    if !store::note(&mut tx, id, account, entry.is_some()).await? {
        return Ok(());
    }
    match entry {
        Some(entry) => tx.record(entry).await?,
        None => tx.unaudited("nothing was changed"),
    }
    tx.commit().await
}

/// Invites an owner who has no login and no open invitation.
async fn invited(tx: &mut Tx<InAccount>, account: &AccountId) -> Result<Option<Entry>> {
    let Some((contact, email, name)) = store::owner_without_login(tx.conn(), account).await? else {
        return Ok(None);
    };
    let Ok(address) = EmailAddress::parse(&email) else { return Ok(None) };
    let able_to = Permissions::all().able_to();
    let made = customers::store::invite(tx, &contact, (&name, &address), &able_to).await?;
    let entry = || Entry::new(AuditKind::InvitationSent, words::invited_with(&email)).about(&contact);
    Ok(made.then(entry))
}
