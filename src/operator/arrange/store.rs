//! SQL of rearranging tickets. A message that came with a merged ticket keeps in `home_id` which one that was.

use super::model::Piece;
use crate::access::Tx;
use crate::error::{AppError, Result};
use crate::features::tickets::model::Status;
use crate::features::tickets::row::{Ticket, find};
use crate::features::tickets::write;
use crate::platform::db::{Conn, args, internal};
use crate::types::{AccountId, TicketId, Timestamp, UserId};

const ON_ACCOUNT: &str = "SELECT id FROM tickets WHERE account_id = $1 AND number = $2 AND id <> $3";
const OTHERS: &str = r"SELECT number, subject
    FROM tickets
    WHERE account_id = $1 AND id <> $2 AND merged_into IS NULL
        AND (NOT EXISTS (SELECT 1 FROM staff_departments w WHERE w.user_id = $3)
            OR EXISTS (SELECT 1 FROM staff_departments w WHERE w.user_id = $3 AND w.department_id = tickets.department_id))
    ORDER BY changed_at DESC, id DESC LIMIT 10";
const PIECES: &str = r"SELECT id, by_name, created_at, substr(text, 1, 160), kind = 'note', state
    FROM (SELECT id, by_name, created_at, text, kind, state FROM ticket_messages WHERE ticket_id = $1
        ORDER BY created_at DESC, id DESC LIMIT 200) AS newest
    ORDER BY created_at, id";
// Whose a ticket is, and who was added to it; without those who see it by a permission anyway, if wanted.
const OWN: &str = r"SELECT c.id, coalesce(nullif(trim(c.first_name || ' ' || c.last_name), ''), nullif(c.company, ''), c.email)
    FROM contacts c
    WHERE c.account_id = $2 AND NOT c.is_owner AND c.status = 'active'
        AND (c.id = (SELECT opener_id FROM tickets WHERE id = $1)
            OR EXISTS (SELECT 1 FROM ticket_people p WHERE p.ticket_id = $1 AND p.contact_id = c.id))
        AND ($3 OR NOT (c.can_log_in AND ',' || c.permissions || ',' LIKE '%,tickets.view,%'))
    ORDER BY c.name_key, c.id LIMIT 100";

/// A ticket that the acting staff see in their departments.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn seen(conn: &mut Conn, id: &TicketId, staff: &UserId) -> Result<Ticket> {
    let found = find(conn, id.as_str(), "", staff.as_str()).await?;
    found.filter(Ticket::is_of_their_departments).ok_or(AppError::NotFound)
}

/// Another ticket of the same customer by its number, as far as the acting staff see it.
pub async fn by_number(
    conn: &mut Conn,
    ticket: &Ticket,
    number: i64,
    staff: &UserId,
) -> Result<Option<Ticket>> {
    let id: Option<String> =
        conn.optional_value(ON_ACCOUNT, args![&ticket.account_id, number, &ticket.id]).await?;
    let Some(id) = id else { return Ok(None) };
    Ok(find(conn, &id, "", staff.as_str()).await?.filter(Ticket::is_of_their_departments))
}

/// The customer's newest other tickets: number and subject.
pub async fn others(conn: &mut Conn, ticket: &Ticket, staff: &UserId) -> Result<Vec<(i64, String)>> {
    Ok(conn.all(OTHERS, args![&ticket.account_id, &ticket.id, staff.as_str()]).await?)
}

/// What was written, the newest last; at most 200.
pub async fn pieces(conn: &mut Conn, ticket: &str) -> Result<Vec<Piece>> {
    let rows: Vec<(String, String, i64, String, bool, String)> = conn.all(PIECES, args![ticket]).await?;
    let piece = |(id, by, at, begins, note, state): (_, _, _, _, _, String)| Piece {
        id,
        by,
        at: Timestamp(at),
        begins,
        note,
        aside: state != "shown",
    };
    Ok(rows.into_iter().map(piece).collect())
}

/// Whose a ticket is, and who was added to it: id and name. Without `all`, only who does not see it anyway.
pub async fn own(conn: &mut Conn, ticket: &Ticket, all: bool) -> Result<Vec<(String, String)>> {
    Ok(conn.all(OWN, args![&ticket.id, &ticket.account_id, all]).await?)
}

const GO: &str = r"UPDATE ticket_messages
    SET home_id = $1, ticket_id = $2
    WHERE ticket_id = $1";
const COME_BACK: &str =
    "UPDATE ticket_messages SET ticket_id = $1, home_id = NULL WHERE home_id = $1 AND ticket_id = $2";
const TAKE_FILES: &str = r"UPDATE attachments
    SET ticket_id = $1, account_id = $2
    WHERE message_id IN (SELECT id FROM ticket_messages WHERE ticket_id = $1)";
const MERGE: &str = r"UPDATE tickets
    SET merged_into = $2, status_before = status, other_before = $4, status = 'closed', closed_at = $3, changed_at = $3, version = version + 1
    WHERE id = $1 AND merged_into IS NULL";
const UNMERGE: &str = r"UPDATE tickets
    SET merged_into = NULL, status = status_before, status_before = '', other_before = '', changed_at = $2, version = version + 1,
        closed_at = CASE WHEN status_before = 'closed' THEN closed_at END
    WHERE id = $1 AND merged_into IS NOT NULL";
// As it was before the merge, unless something was written in it since.
const AS_BEFORE: &str = r"UPDATE tickets
    SET status = $2, closed_at = CASE WHEN $2 = 'closed' THEN $4 END
    WHERE id = $1 AND status = 'open' AND NOT EXISTS (SELECT 1 FROM ticket_messages m
        WHERE m.ticket_id = $1 AND m.home_id IS NULL AND m.kind = 'message' AND m.created_at > $3)";
const OTHER_BEFORE: &str = "SELECT other_before, coalesce(closed_at, 0) FROM tickets WHERE id = $1";
const WAITS: &str = r"UPDATE tickets
    SET status = 'open', closed_at = NULL, waiting_since = coalesce(waiting_since, (SELECT f.waiting_since FROM tickets f WHERE f.id = $2))
    WHERE id = $1 AND status <> 'open'";
const RECOUNT: &str = r"UPDATE tickets
    SET held = (SELECT count(*) FROM ticket_messages m WHERE m.ticket_id = tickets.id AND m.state = 'held'), version = version + 1
    WHERE id IN ($1, $2)";
const ADD_PEOPLE: &str = r"INSERT INTO ticket_people (ticket_id, contact_id, by_name, created_at, merged_from)
    SELECT $2, w.contact_id, $3, $4, $1
    FROM (SELECT opener_id AS contact_id FROM tickets WHERE id = $1 AND opener_id IS NOT NULL
        UNION SELECT contact_id FROM ticket_people WHERE ticket_id = $1) AS w
    WHERE w.contact_id <> coalesce((SELECT opener_id FROM tickets WHERE id = $2), '')
    ON CONFLICT DO NOTHING";
const STILL_MERGED: &str = r"SELECT id
    FROM tickets
    WHERE merged_into = $1 AND coalesce(split_from, '') <> $1
    ORDER BY number LIMIT 100";
const KEYS_CHANGED: &str = r"UPDATE contacts
    SET key_version = key_version + 1
    WHERE id IN (SELECT contact_id FROM ticket_people WHERE ticket_id = $1 AND merged_from = $2)";
const REMOVE_PEOPLE: &str = "DELETE FROM ticket_people WHERE ticket_id = $1 AND merged_from = $2";

/// Shows what was written in one ticket in another of the same account, and closes it. Who had it sees the other,
/// unless it is only put back to where it was split from.
///
/// # Errors
/// [`AppError::Conflict`] when somebody was faster.
pub async fn merge<S>(tx: &mut Tx<S>, from: &Ticket, into: &Ticket, by: &str, faster: &str) -> Result<()> {
    let now = tx.now().0;
    let (a, b) = (from.id.as_str(), into.id.as_str());
    let waits = from.status == Status::Open.key() && into.status != Status::Open.key();
    let before = if waits { into.status.as_str() } else { "" };
    if tx.conn().execute(MERGE, args![a, b, now, before]).await? == 0 {
        return Err(AppError::Conflict(faster.into()));
    }
    tx.conn().execute(GO, args![a, b]).await?;
    tx.conn().execute(TAKE_FILES, args![b, &into.account_id]).await?;
    if from.split_from.as_deref() != Some(b) {
        add_people(tx, a, b, by).await?;
    }
    if waits {
        tx.conn().execute(WAITS, args![b, a]).await?;
    }
    settle(tx, a, b).await
}

async fn add_people<S>(tx: &mut Tx<S>, from: &str, into: &str, by: &str) -> Result<()> {
    let now = tx.now().0;
    tx.conn().execute(ADD_PEOPLE, args![from, into, by, now]).await?;
    tx.conn().execute(KEYS_CHANGED, args![into, from]).await?;
    Ok(())
}

/// Counts what is held anew, and until when answers are promised.
async fn settle<S>(tx: &mut Tx<S>, a: &str, b: &str) -> Result<()> {
    tx.conn().execute(RECOUNT, args![a, b]).await?;
    write::set_due(tx, a).await?;
    write::set_due(tx, b).await
}

/// Takes a ticket back out of the one it was merged into. What was split off from there meanwhile stays where it is.
///
/// # Errors
/// [`AppError::Conflict`] when it is not merged any more.
pub async fn unmerge<S>(tx: &mut Tx<S>, ticket: &Ticket, by: &str, not_merged: &str) -> Result<()> {
    let now = tx.now().0;
    let (id, into) = (ticket.id.as_str(), ticket.merged_into.clone().unwrap_or_default());
    let (before, at): (String, i64) = tx.conn().one(OTHER_BEFORE, args![id]).await?;
    if tx.conn().execute(UNMERGE, args![id, now]).await? == 0 {
        return Err(AppError::Conflict(not_merged.into()));
    }
    tx.conn().execute(COME_BACK, args![id, &into]).await?;
    tx.conn().execute(TAKE_FILES, args![id, &ticket.account_id]).await?;
    if !before.is_empty() {
        tx.conn().execute(AS_BEFORE, args![&into, before, at, now]).await?;
    }
    tx.conn().execute(KEYS_CHANGED, args![&into, id]).await?;
    tx.conn().execute(REMOVE_PEOPLE, args![&into, id]).await?;
    // Who came with another ticket that is still there stays.
    let others: Vec<String> = tx.conn().values(STILL_MERGED, args![&into]).await?;
    for other in others {
        add_people(tx, &other, &into, by).await?;
    }
    settle(tx, id, &into).await
}

const SPLIT_OFF: &str = r"INSERT INTO tickets (id, number, account_id, department_id, asset_id, subject, priority, status,
        opener_id, opened_by, assigned_id, assigned_name, created_at, changed_at, split_from)
    SELECT $2, (SELECT coalesce(max(number), 1000) + 1 FROM tickets), account_id, department_id, asset_id, $3, priority, status,
        coalesce($4, opener_id), $5, assigned_id, assigned_name, $6, $6, id
    FROM tickets
    WHERE id = $1
    RETURNING number";
const SEND: &str = r"UPDATE ticket_messages
    SET ticket_id = $2
    WHERE ticket_id = $1 AND id IN (SELECT value FROM json_each($3))";
const LEFT: &str = "SELECT count(*) FROM ticket_messages WHERE ticket_id = $1 AND kind = 'message'";
const FIRST: &str = r"SELECT contact_id, by_name
    FROM ticket_messages
    WHERE ticket_id = $1 AND id IN (SELECT value FROM json_each($2)) AND kind = 'message' AND state = 'shown'
    ORDER BY created_at, id LIMIT 1";

/// Puts some messages of a ticket into a new one. Returns its id and number, or, instead, which of the two sentences
/// stands against it: none was ticked (`false`), or none would be left (`true`).
pub async fn split<S>(
    tx: &mut Tx<S>,
    ticket: &Ticket,
    subject: &str,
    messages: &[String],
) -> Result<std::result::Result<(String, i64), bool>> {
    let (id, now) = (tx.new_id(), tx.now().0);
    let ids = serde_json::to_string(messages).map_err(|error| internal(&error))?;
    // What was held or noted makes nobody the opener of the rest.
    let first: Option<(Option<String>, String)> = tx.conn().optional(FIRST, args![&ticket.id, &ids]).await?;
    let (opener, by) = match first {
        Some((Some(opener), by)) => (Some(opener), by),
        _ => (None, ticket.opened_by.clone()),
    };
    let args = args![&ticket.id, &id, subject, opener, by, now];
    let number: i64 = tx.conn().value(SPLIT_OFF, args).await?;
    if tx.conn().execute(SEND, args![&ticket.id, &id, &ids]).await? == 0 {
        return Ok(Err(false));
    }
    if tx.conn().value::<i64>(LEFT, args![&ticket.id]).await? == 0 {
        return Ok(Err(true));
    }
    tx.conn().execute(TAKE_FILES, args![&id, &ticket.account_id]).await?;
    settle(tx, &ticket.id, &id).await?;
    Ok(Ok((id, number)))
}

const BY_ADDRESS: &str = r"SELECT n.id, coalesce(nullif(trim(n.first_name || ' ' || n.last_name), ''), nullif(n.company, ''), n.email)
    FROM contacts o
    JOIN contacts n ON n.email_key = o.email_key AND n.account_id = $2 AND n.status = 'active'
    WHERE o.id = $1";
const MOVE: &str = r"UPDATE tickets
    SET account_id = $2, opener_id = $3, asset_id = $4, moved_from = $5, moved_opener = $6, moved_asset = $7,
        version = version + 1, changed_at = $8
    WHERE id = $1 AND account_id = $9";
const MOVED: &str = r"SELECT moved_opener, moved_asset FROM tickets WHERE id = $1";
const ACCOUNT: &str = "SELECT id, name, number FROM accounts WHERE number = $1 AND status = 'active'";
const ACCOUNT_BY_ID: &str = "SELECT id, name, number FROM accounts WHERE id = $1 AND status = 'active'";
// What staff were writing goes along; what people of the account were writing ends.
const TAKE_DRAFTS: &str = r"UPDATE ticket_drafts
    SET account_id = $2
    WHERE ticket_id = $1 AND account_id = $3 AND user_id IN (SELECT user_id FROM staff)";
const TAKE_DRAFT_FILES: &str = r"UPDATE attachments
    SET account_id = $2
    WHERE ticket_id = $1 AND account_id = $3 AND message_id IS NULL AND user_id IN (SELECT user_id FROM staff)";
const FORGET_DRAFTS: &str = "DELETE FROM ticket_drafts WHERE ticket_id = $1 AND account_id = $2";
const TAKE_MAIL: &str = r"UPDATE incoming
    SET account_id = $2
    WHERE id IN (SELECT mail_id FROM ticket_messages WHERE ticket_id = $1 AND mail_id IS NOT NULL)";

/// An open account: id, name, number.
pub type OpenAccount = (String, String, i64);

/// The open account with a number.
pub async fn account(conn: &mut Conn, number: i64) -> Result<Option<OpenAccount>> {
    Ok(conn.optional(ACCOUNT, args![number]).await?)
}

/// An open account by its id.
pub async fn account_by_id(conn: &mut Conn, id: &str) -> Result<Option<OpenAccount>> {
    Ok(conn.optional(ACCOUNT_BY_ID, args![id]).await?)
}

/// The contact of an account who has the opener's address: id and name.
pub async fn opener_there(
    conn: &mut Conn,
    ticket: &Ticket,
    account: &str,
) -> Result<Option<(String, String)>> {
    match &ticket.opener_id {
        Some(opener) => Ok(conn.optional(BY_ADDRESS, args![opener, account]).await?),
        None => Ok(None),
    }
}

/// Moves a ticket to another account, or back to the one it was moved away from.
///
/// # Errors
/// [`AppError::Conflict`] when somebody was faster.
pub async fn relocate<S>(tx: &mut Tx<S>, ticket: &Ticket, account: &AccountId, faster: &str) -> Result<()> {
    let (id, to, now) = (ticket.id.as_str(), account.as_str(), tx.now().0);
    let back = ticket.moved_from.as_deref() == Some(to);
    let (opener, asset): (Option<String>, String) = if back {
        tx.conn().one(MOVED, args![id]).await?
    } else {
        (opener_there(tx.conn(), ticket, to).await?.map(|(id, _)| id), String::new())
    };
    let (from, was_opener, was_asset) = if back {
        (None, None, String::new())
    } else {
        (Some(ticket.account_id.clone()), ticket.opener_id.clone(), ticket.asset_id.clone())
    };
    let args = args![id, to, opener, asset, from, was_opener, was_asset, now, &ticket.account_id];
    if tx.conn().execute(MOVE, args).await? == 0 {
        return Err(AppError::Conflict(faster.into()));
    }
    tx.conn().execute(TAKE_FILES, args![id, to]).await?;
    tx.conn().execute(TAKE_DRAFTS, args![id, to, &ticket.account_id]).await?;
    tx.conn().execute(TAKE_DRAFT_FILES, args![id, to, &ticket.account_id]).await?;
    tx.conn().execute(FORGET_DRAFTS, args![id, &ticket.account_id]).await?;
    tx.conn().execute(TAKE_MAIL, args![id, to]).await?;
    Ok(())
}
