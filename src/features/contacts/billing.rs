//! What becomes of the invoices when the contact they are addressed to goes.

use super::model::ContactView;
use super::words;
use crate::access::{InAccount, Tx};
use crate::error::Result;
use crate::features::accounts;
use crate::features::audit::model::{AuditChange, AuditKind};
use crate::features::audit::record::Entry;
use crate::features::permissions::record::who;
use crate::types::ContactId;

/// Addresses invoices to somebody else than this contact, or to the account itself, in the audit trail and
/// with mail to whom it concerns.
///
/// # Errors
/// When the database cannot be written.
pub async fn hand_over_billing(
    tx: &mut Tx<InAccount>,
    from: &ContactView,
    to: Option<&ContactId>,
) -> Result<()> {
    let person = who(&from.title(), &from.form.email);
    accounts::store::set_billing(tx, to).await?;
    let next = accounts::store::name_of(tx, to.map(ContactId::as_str).unwrap_or_default()).await?;
    let account = tx.account().clone();
    let concerned = accounts::store::concerned(tx, &account).await?;
    let by = format!("{} ({})", tx.membership().user.name, tx.membership().user.email);
    let messages = accounts::mail::billing_changed(tx.app(), &concerned.about(&account), &by, &person, &next);
    tx.send_all(messages).await?;
    let entry = Entry::new(AuditKind::ProfileChanged, words::made_the_billing_contact_in(&next, &person));
    tx.record(entry.with(AuditChange::between(words::BILLING_CONTACT, &person, next))).await
}
