//! SQL of requests.

use super::mail;
use super::model::{NewRequest, Pending, RequestKind};
use super::words;
use crate::access::membership::SessionUser;
use crate::access::{InAccount, OfAccount, OfStaff, Reader, Tx};
use crate::error::{AppError, Result};
use crate::features::audit::model::{AuditChange, AuditKind};
use crate::features::audit::record::{Actor, Entry, record_as_staff};
use crate::features::mail::letter::Letter;
use crate::features::recipients;
use crate::features::recipients::model::Event;
use crate::outbox::Message;
use crate::platform::db::{self, FromRow, args, made_statements};
use crate::types::{AccountId, AssetId, RequestId, TimeFormat, Timestamp};

const INSERT: &str = r"INSERT INTO requests (id, account_id, asset_id, kind, user_id, by_name, wanted,
        wanted_from, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT DO NOTHING
    RETURNING id";
const RECENT: &str = "SELECT count(*) FROM requests WHERE account_id = $1 AND created_at > $2";
const PENDING: &str = r"SELECT kind, by_name, wanted, wanted_from, created_at
    FROM requests
    WHERE asset_id = $1 AND state = 'pending'
    ORDER BY kind";
const WITHDRAW: &str = r"UPDATE requests
    SET state = 'withdrawn', decided_at = $4
    WHERE account_id = $1 AND asset_id = $2 AND kind = $3 AND state = 'pending'
    RETURNING id";
const NAME: &str = "coalesce(nullif(s.label, ''), s.product, d.name)";
const DECIDE: &str = r"UPDATE requests
    SET state = $2, decided_at = $3
    WHERE id = $1 AND state = 'pending'
    RETURNING kind, asset_id, wanted, account_id";
// What `$1`, of the staff, answers: everything, or what their departments take and what no department does.
const THEIRS: &str = r"(NOT EXISTS (SELECT 1 FROM staff_departments w WHERE w.user_id = $1)
        OR NOT EXISTS (SELECT 1 FROM departments d WHERE instr(d.requests, ',' || r.kind || ',') > 0)
        OR EXISTS (SELECT 1 FROM staff_departments w JOIN departments d ON d.id = w.department_id
            WHERE w.user_id = $1 AND instr(d.requests, ',' || r.kind || ',') > 0))";
const DEPARTMENTS: &str = "SELECT name, email FROM departments WHERE instr(requests, ',' || $1 || ',') > 0";
const TAKE: &str = "UPDATE requests SET taken_by = $2 WHERE id = $1 AND state = 'pending' AND taken_by = $3";
const END_SERVICE: &str = "UPDATE services SET status = 'cancelled' WHERE id = $1";
const SET_NAMESERVERS: &str = "UPDATE domains SET nameservers = $2 WHERE id = $1";
const SET_LOCK: &str = "UPDATE domains SET locked = $2 WHERE id = $1";

fn open_sql() -> String {
    format!(
        r"SELECT r.id, r.kind, r.by_name, r.wanted, r.wanted_from, r.created_at, r.taken_by,
                a.id AS account_id, a.name AS account, a.number, {NAME} AS asset
            FROM requests r
            JOIN accounts a ON a.id = r.account_id
            LEFT JOIN services s ON s.id = r.asset_id
            LEFT JOIN domains d ON d.id = r.asset_id
            WHERE r.state = 'pending' AND {THEIRS}
            ORDER BY r.created_at, r.id LIMIT 500"
    )
}

/// Who is told: whoever asked, or the owner when that person has left the account.
fn asker_sql() -> String {
    format!(
        r"SELECT u.name, u.email, a.name AS account, a.number, {NAME} AS asset, r.by_name
            FROM requests r
            JOIN accounts a ON a.id = r.account_id
            JOIN users u ON u.id = coalesce( (SELECT c.user_id FROM contacts c
                WHERE c.account_id = r.account_id AND c.user_id = r.user_id AND c.status = 'active'
                AND c.can_log_in), (SELECT o.user_id FROM contacts o WHERE o.account_id = r.account_id
                AND o.is_owner), r.user_id)
            LEFT JOIN services s ON s.id = r.asset_id
            LEFT JOIN domains d ON d.id = r.asset_id
            WHERE r.id = $1"
    )
}

made_statements!(|| vec![open_sql(), asker_sql(), waiting_sql(), theirs_sql()]);

#[derive(FromRow)]
struct PendingRequestRow {
    kind: String,
    by_name: String,
    wanted: String,
    wanted_from: Option<i64>,
    created_at: i64,
}

impl PendingRequestRow {
    /// `None` for a kind that this version does not know.
    fn pending(self) -> Option<Pending> {
        Some(Pending {
            kind: RequestKind::from_key(&self.kind)?,
            by: self.by_name,
            wanted: self.wanted,
            from: self.wanted_from.map(Timestamp),
            at: Timestamp(self.created_at),
        })
    }
}

/// The requests about an asset that staff have not answered.
pub async fn pending(on: &mut impl OfAccount, asset: &AssetId) -> Result<Vec<Pending>> {
    let rows: Vec<PendingRequestRow> = on.connection().all(PENDING, args![asset.as_str()]).await?;
    Ok(rows.into_iter().filter_map(PendingRequestRow::pending).collect())
}

/// Requests of an account in 24 hours: each is a mail to staff, and so is taking it back.
const PER_DAY: i64 = 30;

/// Records a request about an asset and mails it to staff. Returns what to tell the person.
///
/// # Errors
/// [`AppError::Conflict`] when one of its kind is pending for the asset (the index decides, also between
/// requests at once), or when the account has requested too much today.
pub async fn record(
    tx: &mut Tx<InAccount>,
    asset: &AssetId,
    name: &str,
    new: &NewRequest<'_>,
    time_format: &TimeFormat,
) -> Result<String> {
    let (account, now) = (tx.account().clone(), tx.now());
    let user = tx.membership().user.clone();
    let id = tx.new_id();
    let recent: i64 = tx.value(RECENT, args![now.plus_days(-1).0]).await?;
    if recent >= PER_DAY {
        return Err(AppError::Conflict(words::this_account_has_requested_changes(&PER_DAY)));
    }
    let made: Option<String> = tx
        .conn()
        .optional_value(
            INSERT,
            args![
                &id,
                account.as_str(),
                asset.as_str(),
                new.kind.key(),
                user.id.as_str(),
                &user.name,
                new.wanted,
                new.from.map(|from| from.0),
                now.0
            ],
        )
        .await?;
    if made.is_none() {
        return Err(AppError::Conflict(words::is_already_requested_for_withdraw(&new.kind.title(), &name)));
    }
    let pending =
        Pending { kind: new.kind, by: user.name, wanted: new.wanted.into(), from: new.from, at: now };
    let message = mail::requested(tx.app(), tx.membership(), name, &id, &pending, time_format);
    tell_staff(tx, new.kind, message).await?;
    let wanted = AuditChange::between(words::WANTED, "", pending.sentence(time_format));
    tx.record(
        Entry::new(AuditKind::Requested, words::made_a_request_for(&name, &new.kind.title())).with(wanted),
    )
    .await?;
    Ok(words::requested_for_will_answer_as(&new.kind.title(), &name, &tx.app().config().operator_name))
}

/// Takes a pending request back and tells staff. Returns what to tell the person.
///
/// # Errors
/// [`AppError::Conflict`] when none is pending: staff were faster, or somebody else took it back.
pub async fn take_back(
    tx: &mut Tx<InAccount>,
    asset: &AssetId,
    name: &str,
    kind: RequestKind,
) -> Result<String> {
    let now = tx.now().0;
    let id: Option<String> = tx.optional_value(WITHDRAW, args![asset.as_str(), kind.key(), now]).await?;
    let Some(id) = id else {
        return Err(AppError::Conflict(words::for_is_no_longer_pending(&kind.title(), &name)));
    };
    let message = mail::withdrawn(tx.app(), tx.membership(), name, &id, kind);
    tell_staff(tx, kind, message).await?;
    tx.record(Entry::new(AuditKind::RequestWithdrawn, words::withdrew_the_request_for(&name, &kind.title())))
        .await?;
    Ok(words::the_request_was_withdrawn_nothing(&name))
}

/// A pending request as staff see it.
pub struct PendingRequest {
    /// Its id.
    pub id: String,
    /// The request.
    pub pending: Pending,
    /// Name and number of the account.
    pub account: (String, i64),
    /// Id of the account.
    pub account_id: AccountId,
    /// The service or domain.
    pub asset: String,
    /// Name of who works on it, or empty.
    pub taken_by: String,
}

#[derive(FromRow)]
struct OpenRow {
    id: String,
    kind: String,
    by_name: String,
    wanted: String,
    wanted_from: Option<i64>,
    created_at: i64,
    taken_by: String,
    account_id: String,
    account: String,
    number: i64,
    asset: String,
}

/// The oldest 500 pending requests.
pub async fn open<S>(reader: &mut Reader<S>) -> Result<Vec<PendingRequest>> {
    open_of(reader, "").await
}

/// Those that the acting staff answer: everything, or what their departments take and what no department does.
pub async fn open_for_staff(reader: &mut Reader<OfStaff>) -> Result<Vec<PendingRequest>> {
    let own = reader.staff().user.id.clone();
    open_of(reader, own.as_str()).await
}

async fn open_of<S>(reader: &mut Reader<S>, staff: &str) -> Result<Vec<PendingRequest>> {
    let rows: Vec<OpenRow> = reader.conn().all(db::MadeSql(open_sql()), args![staff]).await?;
    let waiting = |row: OpenRow| {
        let OpenRow { id, kind, by_name, wanted, wanted_from, created_at, account, number, asset, .. } = row;
        let pending = PendingRequestRow { kind, by_name, wanted, wanted_from, created_at }.pending()?;
        let (account_id, taken_by) = (row.account_id.into(), row.taken_by);
        Some(PendingRequest { id, pending, account: (account, number), account_id, asset, taken_by })
    };
    Ok(rows.into_iter().filter_map(waiting).collect())
}

fn waiting_sql() -> String {
    format!(
        r"SELECT count(*), min(created_at)
            FROM (SELECT r.created_at FROM requests r WHERE r.state = 'pending' AND {THEIRS}
                ORDER BY r.created_at, r.id LIMIT $2) AS some"
    )
}

/// How many requests wait for somebody on the staff, at most `most`, and since when the oldest does.
pub async fn waiting_for(reader: &mut Reader<OfStaff>, most: i64) -> Result<(i64, Option<Timestamp>)> {
    let own = reader.staff().user.id.clone();
    let (count, oldest): (i64, Option<i64>) =
        reader.conn().one(db::MadeSql(waiting_sql()), args![own.as_str(), most]).await?;
    Ok((count, oldest.map(Timestamp)))
}

fn theirs_sql() -> String {
    format!("SELECT EXISTS (SELECT 1 FROM requests r WHERE r.id = $2 AND {THEIRS})")
}

/// Refuses a request that other departments answer.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn must_be_theirs(tx: &mut Tx<OfStaff>, request: &RequestId) -> Result<()> {
    let own = tx.staff().user.id.clone();
    let args = args![own.as_str(), request.as_str()];
    if tx.conn().value(db::MadeSql(theirs_sql()), args).await? { Ok(()) } else { Err(AppError::NotFound) }
}

/// Tells those who answer a kind of request: its departments, or else the support address.
async fn tell_staff(tx: &mut Tx<InAccount>, kind: RequestKind, message: Message) -> Result<()> {
    let departments: Vec<(String, String)> = tx.conn().all(DEPARTMENTS, args![kind.key()]).await?;
    if departments.is_empty() {
        return tx.send(&message).await;
    }
    for (to_name, to_email) in departments {
        tx.send(&Message { to_name, to_email, ..message.clone() }.to_confirmed()).await?;
    }
    Ok(())
}

/// Takes a pending request to work on it, or gives it back. Says whether nobody else was faster.
pub async fn take(tx: &mut Tx<OfStaff>, request: &RequestId, taken: bool) -> Result<bool> {
    let name = tx.staff().user.name.clone();
    let (to, from) = if taken { (name.as_str(), "") } else { ("", name.as_str()) };
    Ok(tx.conn().execute(TAKE, args![request.as_str(), to, from]).await? > 0)
}

/// Who is told, and of what.
#[derive(FromRow)]
struct NewlyAsked {
    name: String,
    email: String,
    account: String,
    number: i64,
    asset: String,
    by_name: String,
}

/// Staff's answer: done or refused. What was done is entered: the service has ended, the domain has its new
/// settings. Whoever asked is told. `by` is the staff who answers; nobody is the command line. Returns a sentence, or `None` when no such request is pending.
pub async fn decide<S>(
    tx: &mut Tx<S>,
    request: &RequestId,
    done: bool,
    words: &str,
    by: Option<&SessionUser>,
) -> Result<Option<String>> {
    let now = tx.now().0;
    let row: Option<(String, String, String, String)> = tx
        .conn()
        .optional(DECIDE, args![request.as_str(), if done { "done" } else { "refused" }, now])
        .await?;
    let Some((kind, asset, wanted, account)) = row else { return Ok(None) };
    let Some(kind) = RequestKind::from_key(&kind) else { return Ok(None) };
    let enter = match kind {
        RequestKind::Cancel => Some((END_SERVICE, args![&asset])),
        RequestKind::Nameservers => Some((SET_NAMESERVERS, args![&asset, &wanted])),
        RequestKind::Lock => Some((SET_LOCK, args![&asset, wanted == "on"])),
        RequestKind::Upgrade => None,
    };
    if let Some((statement, args)) = enter.filter(|_| done) {
        tx.conn().execute(statement, args).await?;
    }
    let NewlyAsked { name, email, account: account_name, number, asset, by_name } =
        tx.conn().one(db::MadeSql(asker_sql()), args![request.as_str()]).await?;
    let account = AccountId::from(account);
    let outcome = if done { "done" } else { "refused" };
    let entry = Entry::new(
        AuditKind::RequestDecided,
        words::marked_the_request_for_as(&asset, &outcome, &kind.title()),
    );
    let entry = entry.with(AuditChange::between(words::MESSAGE_TO_THE_CUSTOMER, "", words));
    match by {
        Some(user) => record_as_staff(tx, user, (&account, &account_name, number), entry).await?,
        None => tx.record_for(&account, &Actor::command(), entry).await?,
    }
    let decided = mail::Decided {
        account: &account,
        account_name: &account_name,
        asked_by: &by_name,
        asset: &asset,
        kind,
        done,
        words,
    };
    let to_asker =
        Letter { to_name: name, to_email: email.clone(), ..decided.letter(request.as_str()) }.seal(tx.app());
    tx.send(&to_asker).await?;
    let people = recipients::store::people(tx.conn(), &account).await?;
    for recipient in recipients::model::recipients(&Event::Notice(decided.category()), &people) {
        if !recipient.email.eq_ignore_ascii_case(&email) {
            let message =
                decided.letter(request.as_str()).to(&account, &recipient, decided.category()).seal(tx.app());
            tx.send(&message).await?;
        }
    }
    Ok(Some(words::for_is_gets_an_e(
        &kind.title(),
        &asset,
        &account_name,
        &(if done { "done" } else { "refused" }),
        &email,
    )))
}
