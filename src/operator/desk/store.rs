//! SQL of the dashboard. Each number is counted up to a limit, so that none costs more with more customers.

use super::model::{CustomerNumbers, FailedMail, NewCustomer};
use crate::access::{OfStaff, Reader};
use crate::error::Result;
use crate::platform::db::args;
use crate::types::{COUNTED, Timestamp};

const NUMBERS: &str = r"SELECT
    (SELECT count(*) FROM (SELECT 1 FROM outbox WHERE state = 'failed' AND failed_at > $2
        AND account_id IS NOT NULL LIMIT $1) AS some),
    (SELECT count(*) FROM (SELECT 1 FROM invitations WHERE state = 'pending' AND expires_at > $4
        AND created_at < $3 LIMIT $1) AS some),
    (SELECT count(*) FROM (SELECT 1 FROM contacts WHERE is_owner AND user_id IS NULL LIMIT $1) AS some),
    (SELECT count(*) FROM (SELECT 1 FROM undeliverable LIMIT $1) AS some),
    (SELECT count(*) FROM (SELECT 1 FROM accounts WHERE created_at > $2 LIMIT $1) AS some)";
const NEWEST: &str = r"SELECT id, name, number, created_at
    FROM accounts
    WHERE created_at > $1
    ORDER BY created_at DESC LIMIT 5";
const FAILURES: &str = r"SELECT a.id, a.name, m.to_email, m.last_error, m.failed_at
    FROM outbox m
    JOIN accounts a ON a.id = m.account_id
    WHERE m.state = 'failed' AND m.failed_at > $1
    ORDER BY m.failed_at DESC LIMIT 5";

/// Numbers about customers.
pub async fn customers(reader: &mut Reader<OfStaff>) -> Result<CustomerNumbers> {
    let now = reader.now();
    let week = now.plus_days(-7).0;
    let (failed, waiting, without_login, unreached, new): (i64, i64, i64, i64, i64) =
        reader.one(NUMBERS, args![COUNTED + 1, week, now.plus_days(-3).0, now.0]).await?;
    let newest: Vec<(String, String, i64, i64)> = reader.all(NEWEST, args![week]).await?;
    let failures: Vec<(String, String, String, String, i64)> = reader.all(FAILURES, args![week]).await?;
    Ok(CustomerNumbers {
        failed,
        waiting,
        without_login,
        unreached,
        new,
        newest: newest
            .into_iter()
            .map(|(account, name, number, since)| NewCustomer {
                account: account.into(),
                name,
                number,
                since: Timestamp(since),
            })
            .collect(),
        failures: failures
            .into_iter()
            .map(|(account, name, to, why, at)| FailedMail {
                account: account.into(),
                name,
                to,
                why,
                at: Timestamp(at),
            })
            .collect(),
    })
}
