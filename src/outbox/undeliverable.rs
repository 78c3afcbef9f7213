//! Addresses that mail does not reach (M9): since when, and what the mail server says of them. Each account learns
//! it from its own mail, so that none hears of another's, and strangers fill up nothing.
//!
//! Written with what became of a message; an address is on the list until a message arrives there again. Mail
//! is sent to it all the same, so that it comes back by itself. What must arrive is sent to the main address
//! in its place, in the same transaction.

use super::message::{Queued, queued};
use crate::access::{Open, Tx};
use crate::category::Category;
use crate::error::Result;
use crate::platform::db::{Conn, args, made_statements};
use crate::types::AccountId;

const ARRIVED: &str = "DELETE FROM undeliverable WHERE email_key = $1";
const FAILED: &str = r"INSERT INTO undeliverable (account_id, email_key, since, last_at, reason)
    VALUES ($1, $2, $3, $3, $4)
    ON CONFLICT (account_id, email_key) DO UPDATE SET last_at = $3, reason = $4";
// A copy for somebody else. What holds a secret was for its recipient alone.
const COPY: &str = r"INSERT INTO outbox (id, account_id, kind, to_name, to_email, subject, body_html, body_text,
        created_at, due_at, category, thread, holder, search_text, files)
    SELECT $2, account_id, kind, $3, $4, subject, body_html, body_text, $6, $6, category, thread, $5,
        lower(subject || ' ' || $3 || ' ' || $4), files
    FROM outbox o
    WHERE id = $1 AND secret IS NULL AND NOT EXISTS (SELECT 1 FROM outbox m WHERE lower(m.to_email) = lower($4)
        AND m.created_at >= o.created_at AND m.account_id = o.account_id AND m.kind = o.kind
        AND m.subject = o.subject AND m.state <> 'failed')";

made_statements!(|| vec![BOUNCED.to_owned()]);

/// A message arrived.
pub(super) async fn arrived(conn: &mut Conn, email: &str) -> Result<()> {
    conn.execute(ARRIVED, args![email.to_ascii_lowercase()]).await?;
    Ok(())
}

/// A message was refused for good.
pub(super) async fn failed(tx: &mut Tx<Open>, message: &Queued, why: &str) -> Result<()> {
    let Some(account) = message.account_id.clone().map(AccountId::from) else { return Ok(()) };
    let (now, email) = (tx.now().0, message.to_email.to_ascii_lowercase());
    tx.conn().execute(FAILED, args![account.as_str(), email, now, reason(why)]).await?;
    let Some(category) = Category::from_key(&message.category) else { return Ok(()) };
    let app = tx.app().clone();
    let instead = app.given().mail_policy.instead(tx.conn(), &account, category).await?;
    if let Some((name, email, holder)) = instead {
        let id = tx.new_id();
        tx.conn().execute(COPY, args![&message.id, id, name, email, holder, now]).await?;
        tx.mail_was_written();
    }
    Ok(())
}

const BOUNCED: &str = queued!("WHERE id = $1 AND lower(to_email) = $2");
const MARK: &str =
    "UPDATE outbox SET state = 'failed', last_error = $2, failed_at = $3 WHERE id = $1 AND state = 'sent'";

/// A report came that a message of ours was not handed over: the same as a refusal, if it is about that message
/// and its recipient. Says whether it was.
pub async fn bounced(
    tx: &mut Tx<Open>,
    id: &str,
    recipient: &str,
    why: &str,
    for_good: bool,
) -> Result<bool> {
    let message: Option<Queued> =
        tx.conn().optional(BOUNCED, args![id, recipient.to_ascii_lowercase()]).await?;
    let Some(message) = message else { return Ok(false) };
    if for_good {
        let now = tx.now().0;
        tx.conn().execute(MARK, args![id, why, now]).await?;
        failed(tx, &message, why).await?;
    }
    Ok(true)
}

/// What the mail server says, without what the program that spoke to it puts before.
fn reason(why: &str) -> &str {
    why.split_once("): ").map_or(why, |(_, said)| said).trim()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_reason_is_in_the_servers_words() {
        assert_eq!(super::reason("permanent error (552): 5.2.2 mailbox full"), "5.2.2 mailbox full");
        assert_eq!(super::reason("full"), "full");
    }
}
