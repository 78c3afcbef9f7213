//! SQL of the dashboard. Each number is counted up to a limit, so that none costs more with more customers.

use super::model::{CloseDate, CustomerNumbers, DOMAIN_DAYS, DUE_DAYS, FailedMail, NewCustomer};
use crate::access::{OfStaff, Reader};
use crate::error::Result;
use crate::paths;
use crate::platform::db::args;
use crate::types::{AccountId, COUNTED, Timestamp};

const NUMBERS: &str = r"SELECT
    (SELECT count(*) FROM (SELECT 1 FROM outbox WHERE state = 'failed' AND failed_at > $2
        AND account_id IS NOT NULL LIMIT $1) AS some),
    (SELECT count(*) FROM (SELECT 1 FROM invitations WHERE state = 'pending' AND expires_at > $4
        AND created_at < $3 LIMIT $1) AS some),
    (SELECT count(*) FROM (SELECT 1 FROM contacts WHERE is_owner AND user_id IS NULL LIMIT $1) AS some),
    (SELECT count(*) FROM (SELECT 1 FROM undeliverable LIMIT $1) AS some),
    (SELECT count(*) FROM (SELECT 1 FROM accounts WHERE created_at > $2 LIMIT $1) AS some)";
const CLOSE: &str = r"SELECT a.id, a.name, c.id, c.name, c.is_domain, c.at
    FROM (SELECT * FROM (SELECT d.account_id, d.id, d.name, TRUE AS is_domain, d.expires_at AS at
            FROM domains d
            WHERE d.status = 'active' AND NOT d.auto_renew AND d.expires_at < $1
            ORDER BY d.expires_at, d.id LIMIT 8)
        UNION ALL SELECT * FROM (SELECT s.account_id, s.id, coalesce(nullif(s.label, ''), s.product), FALSE, s.next_due
            FROM services s
            WHERE s.status IN ('active', 'suspended') AND s.next_due IS NOT NULL AND s.next_due < $2
            ORDER BY s.next_due, s.id LIMIT 8)) AS c
    JOIN accounts a ON a.id = c.account_id AND a.status = 'active'
    ORDER BY c.at LIMIT 8";
const NEWEST: &str = r"SELECT id, name, number, created_at
    FROM accounts
    WHERE created_at > $1
    ORDER BY created_at DESC LIMIT 5";
const FAILURES: &str = r"SELECT a.id, a.name, m.to_email, m.last_error, m.failed_at
    FROM outbox m
    JOIN accounts a ON a.id = m.account_id
    WHERE m.state = 'failed' AND m.failed_at > $1
    ORDER BY m.failed_at DESC LIMIT 5";

const OVERDUE: &str = r"SELECT count(*)
    FROM (SELECT 1 FROM invoices WHERE status = 'open' AND due_at < $2 LIMIT $1) AS some";

/// How many invoices are overdue.
pub async fn overdue(reader: &mut Reader<OfStaff>) -> Result<i64> {
    let now = reader.now().0;
    Ok(reader.one::<(i64,)>(OVERDUE, args![COUNTED + 1, now]).await?.0)
}

/// Dates that come close, the closest first; at most 8.
pub async fn close_dates(reader: &mut Reader<OfStaff>) -> Result<Vec<CloseDate>> {
    let now = reader.now();
    let args = args![now.plus_days(DOMAIN_DAYS).0, now.plus_days(DUE_DAYS).0];
    let rows: Vec<(String, String, String, String, bool, i64)> = reader.all(CLOSE, args).await?;
    let date = |(account, customer, id, name, is_domain, at): (String, String, String, String, bool, i64)| {
        let account = AccountId::from(account);
        let path = match is_domain {
            true => paths::domain(&account, &id.into()),
            false => paths::service(&account, &id.into()),
        };
        CloseDate { account, customer, name, is_domain, path, at: Timestamp(at) }
    };
    Ok(rows.into_iter().map(date).collect())
}

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
