//! How much mail people can cause to addresses that have not confirmed that they want any: one count for each
//! address, each account and the installation, whoever causes it and by whatever button.
//!
//! An address has confirmed when its mailbox was proven to us and belongs to the account: a user who can
//! enter it, or its main address. Mail about logins needs a confirmed login. What the operator's own commands
//! and jobs write is not counted, nor mail to the operator.

use crate::access::Tx;
use crate::error::{AppError, Result};
use crate::platform::db::args;
use crate::types::AccountId;

/// Mails to one address in 24 hours.
pub const TO_ONE: i64 = 10;
/// Mails that one account causes in 24 hours.
pub const OF_ACCOUNT: i64 = 300;
/// Notices of one kind in 24 hours that people of an account cause to its owner and its main address, who
/// have confirmed and cannot stop it.
pub const NOTICES: i64 = 20;
/// Mails that all accounts cause in 24 hours, and as many again that people cause who are nobody's contact
/// yet: whoever signs up under made-up addresses keeps no customer from inviting.
pub const OF_ALL: i64 = 2_000;

const CONFIRMED_FOR: &str = r"SELECT EXISTS (SELECT 1 FROM users u JOIN contacts c ON c.user_id = u.id
        AND c.account_id = $1 AND c.status = 'active' WHERE u.email_key = $2 AND u.verified_at IS NOT NULL)
        OR EXISTS (SELECT 1 FROM accounts a WHERE a.id = $1 AND lower(a.email) = $2)";
const CONFIRMED: &str =
    "SELECT EXISTS (SELECT 1 FROM users u WHERE u.email_key = $1 AND u.verified_at IS NOT NULL)";
const SENT_TO: &str = r"SELECT count(*)
    FROM (SELECT 1 FROM outbox WHERE counted AND lower(to_email) = $1 AND created_at > $2 LIMIT $3) AS some";
const SENT_BY: &str = r"SELECT count(*)
    FROM (SELECT 1 FROM outbox WHERE counted AND account_id = $1 AND created_at > $2 LIMIT $3) AS some";
const SENT_BY_CUSTOMERS: &str = r"SELECT count(*)
    FROM (SELECT 1 FROM outbox WHERE counted AND account_id IS NOT NULL AND created_at > $1 LIMIT $2)
        AS some";
const SENT_BY_STRANGERS: &str = r"SELECT count(*)
    FROM (SELECT 1 FROM outbox WHERE counted AND account_id IS NULL AND created_at > $1 LIMIT $2) AS some";
const NOTICED: &str = "SELECT count(*) FROM outbox WHERE account_id = $1 AND kind = $2 AND created_at > $3";
const OF_KIND: &str =
    "SELECT count(*) FROM outbox WHERE lower(to_email) = $1 AND kind = $2 AND created_at > $3";

/// Does mail to this address count?
pub(super) async fn is_counted<S>(
    tx: &mut Tx<S>,
    account: Option<&AccountId>,
    address: &str,
) -> Result<bool> {
    let asked_for = tx.origin().must_be_audited() && tx.app().config().mail_allowance;
    if !asked_for || address.eq_ignore_ascii_case(&tx.app().config().staff_email) {
        return Ok(false);
    }
    let address = address.to_ascii_lowercase();
    let confirmed: bool = match account {
        Some(account) => tx.conn().value(CONFIRMED_FOR, args![account.as_str(), address]).await?,
        None => tx.conn().value(CONFIRMED, args![address]).await?,
    };
    Ok(!confirmed)
}

/// What there is no room for.
enum Full {
    Address,
    Account,
    Installation,
}

async fn full<S>(tx: &mut Tx<S>, account: Option<&AccountId>, address: &str) -> Result<Option<Full>> {
    let since = tx.now().plus_days(-1).0;
    let to: i64 = tx.conn().value(SENT_TO, args![address.to_ascii_lowercase(), since, TO_ONE]).await?;
    if to >= TO_ONE {
        return Ok(Some(Full::Address));
    }
    let all = match account {
        Some(account) => {
            let by: i64 = tx.conn().value(SENT_BY, args![account.as_str(), since, OF_ACCOUNT]).await?;
            if by >= OF_ACCOUNT {
                return Ok(Some(Full::Account));
            }
            SENT_BY_CUSTOMERS
        }
        None => SENT_BY_STRANGERS,
    };
    let all: i64 = tx.conn().value(all, args![since, OF_ALL]).await?;
    Ok((all >= OF_ALL).then_some(Full::Installation))
}

/// Is there room for one more message that counts?
///
/// # Errors
/// [`AppError::Conflict`] with the limit.
pub async fn take<S>(tx: &mut Tx<S>, account: Option<&AccountId>, address: &str) -> Result<()> {
    if !tx.app().config().mail_allowance {
        return Ok(());
    }
    let why = match full(tx, account, address).await? {
        // Of strangers' mail, `may_send` has taken it.
        None => return if account.is_some() { from_here(tx, account) } else { Ok(()) },
        Some(Full::Address) => format!(
            "{address} has not been confirmed, and has already been sent {TO_ONE} messages in the last 24 hours"
        ),
        Some(Full::Account) => format!(
            "This account has sent {OF_ACCOUNT} messages in the last 24 hours to addresses that have not been confirmed"
        ),
        Some(Full::Installation) => {
            "Too much mail has gone to unconfirmed addresses in the last 24 hours, so no more is sent for now"
                .to_owned()
        }
    };
    Err(AppError::Conflict(format!("{why}. Nothing was sent or saved: try again tomorrow.")))
}

/// One network has a share only of what is for everybody.
fn from_here<S>(tx: &Tx<S>, account: Option<&AccountId>) -> Result<()> {
    match tx.origin().source.parse() {
        Ok(source) => tx.app().limits().try_mail(source, account.is_some()),
        Err(_) => Ok(()),
    }
}

/// May one more notice of a kind be sent to the owner and the main address of an account?
///
/// # Errors
/// [`AppError::Conflict`] with the limit.
pub async fn may_notify<S>(tx: &mut Tx<S>, account: &AccountId, kind: &str) -> Result<()> {
    let since = tx.now().plus_days(-1).0;
    let sent: i64 = tx.conn().value(NOTICED, args![account.as_str(), kind, since]).await?;
    if sent < NOTICES || !tx.app().config().mail_allowance {
        return Ok(());
    }
    Err(AppError::Conflict(
        "This has been changed so often in the last 24 hours that the owner cannot be told again yet. Nothing was saved: try again tomorrow.".into(),
    ))
}

/// May one more mail of a kind that anybody can cause by typing an address be sent to it? Also where the
/// address has a login, nobody fills its mailbox, and no kind of mail is kept from it by causing another.
pub async fn may_send<S>(tx: &mut Tx<S>, kind: &str, address: &str) -> Result<bool> {
    let since = tx.now().plus_days(-1).0;
    let recent: i64 = tx.conn().value(OF_KIND, args![address.to_ascii_lowercase(), kind, since]).await?;
    if recent >= TO_ONE {
        return Ok(false);
    }
    Ok(!is_counted(tx, None, address).await?
        || (full(tx, None, address).await?.is_none() && from_here(tx, None).is_ok()))
}
