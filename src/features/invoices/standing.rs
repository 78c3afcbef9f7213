//! Services that are suspended for an invoice, and switched on again once it is settled.

use super::mail;
use super::store::Invoice;
use super::words;
use crate::access::{InAccount, Tx};
use crate::error::Result;
use crate::features::audit::model::AuditKind;
use crate::features::audit::record::Entry;
use crate::permission::join_and;
use crate::platform::db::args;

const SUSPEND: &str = r"UPDATE services
    SET status = 'suspended', suspended_for = $2
    WHERE account_id = $1 AND status = 'active'
        AND id IN (SELECT service_id FROM invoice_lines WHERE invoice_id = $2 AND service_id IS NOT NULL)
    RETURNING coalesce(nullif(label, ''), product)";
const RESTORE: &str = r"UPDATE services
    SET status = 'active', suspended_for = NULL
    WHERE account_id = $1 AND suspended_for = $2 AND status = 'suspended'
    RETURNING coalesce(nullif(label, ''), product)";

async fn change(tx: &mut Tx<InAccount>, statement: &'static str, of: &Invoice) -> Result<String> {
    let account = tx.account().clone();
    let rows: Vec<(String,)> = tx.conn().all(statement, args![account.as_str(), &of.id]).await?;
    let mut names: Vec<&str> = rows.iter().map(|(name,)| name.as_str()).collect();
    names.sort_unstable();
    Ok(join_and(&names))
}

/// Suspends the services that an invoice is for; who gets invoice mail is told. Returns their names, in words; nothing
/// where none of them was active.
pub async fn suspend(tx: &mut Tx<InAccount>, of: &Invoice) -> Result<String> {
    let names = change(tx, SUSPEND, of).await?;
    if !names.is_empty() {
        tx.record(Entry::new(AuditKind::AssetChanged, words::suspended_entry(&names, &of.number))).await?;
        mail::suspended(tx, of, &names).await?;
    }
    Ok(names)
}

/// Switches the services on again that were suspended for an invoice that is settled now.
pub async fn restore(tx: &mut Tx<InAccount>, of: &Invoice) -> Result<()> {
    let names = change(tx, RESTORE, of).await?;
    if !names.is_empty() {
        tx.record(Entry::new(AuditKind::AssetChanged, words::restored_entry(&names, &of.number))).await?;
        mail::restored(tx, of, &names).await?;
    }
    Ok(())
}
