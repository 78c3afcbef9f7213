//! SQL of invitations. Races are settled here: by a conditional update or a unique index, never by looking
//! first.

use super::model::{Offer, OpenOffer, PER_DAY, RESENDS, Viewer};
use super::words;
use crate::access::{InAccount, OfUser, Open, Reader, Tx, staff};
use crate::error::{AppError, Result};
use crate::features::permissions;
use crate::permission::Permissions;
use crate::platform::db::{FromRow, args, is_duplicate};
use crate::platform::token;
use crate::types::{AccountId, ContactId, EmailAddress, InvitationId, Timestamp, first_and_last};
use std::collections::BTreeMap;

const RECENT: &str = "SELECT count(*) FROM invitations WHERE account_id = $1 AND created_at > $2";
const INSERT: &str = r"INSERT INTO invitations (id, account_id, contact_id, inviter_id, email, email_key,
        state, token_hash, copy_hash, days, created_at, expires_at, tell_inviter)
    VALUES ($1, $2, $3, $4, $5, $6, 'pending', $7, $8, $9, $10, $11, $12)
    ON CONFLICT DO NOTHING
    RETURNING id";
const EXPIRE: &str =
    "UPDATE invitations SET state = 'expired', decided_at = $1 WHERE state = 'pending' AND expires_at <= $1";
const EXPIRE_ONE: &str = r"UPDATE invitations
    SET state = 'expired', decided_at = $2
    WHERE contact_id = $1 AND state = 'pending' AND expires_at <= $2";
const LAST_DAYS: &str = r"SELECT days
    FROM invitations
    WHERE contact_id = $1 AND account_id = $2
    ORDER BY created_at DESC, id DESC LIMIT 1";
const PENDING: &str = r"SELECT id, email, serial, copy_hash, days, resends, expires_at
    FROM invitations
    WHERE contact_id = $1 AND account_id = $2 AND state = 'pending'";
const RENEWABLE: &str = r"SELECT id, email, serial, copy_hash, days, resends, expires_at, state
    FROM invitations
    WHERE contact_id = $1 AND account_id = $2
    ORDER BY created_at DESC, id DESC LIMIT 1";
const RENEW: &str = r"UPDATE invitations
    SET token_hash = $3, copy_hash = $4, serial = $5, resends = resends + 1, expires_at = $6,
        inviter_id = $7, state = 'pending', decided_at = NULL
    WHERE id = $1 AND account_id = $2 AND state IN ('pending', 'expired')";
const REKEY: &str = r"UPDATE invitations
    SET copy_hash = $3, serial = $4
    WHERE id = $1 AND account_id = $2 AND state = 'pending'";
const WITHDRAW: &str = r"UPDATE invitations
    SET state = 'withdrawn', decided_at = $3
    WHERE contact_id = $1 AND account_id = $2 AND state = 'pending'";
const BY_TOKEN: &str = r"SELECT i.id, i.state, i.expires_at, i.email, i.email_key,
        i.token_hash = $1 AS proves, a.name AS account, inviter.name AS inviter,
        trim(c.first_name || ' ' || c.last_name) AS name, c.id AS contact, c.is_owner, c.permissions,
        (c.status = 'active' AND a.status = 'active') AS open,
        EXISTS (SELECT 1 FROM users u WHERE u.email_key = i.email_key AND u.verified_at IS NOT NULL) AS has_login
    FROM invitations i
    JOIN accounts a ON a.id = i.account_id
    JOIN users inviter ON inviter.id = i.inviter_id
    LEFT JOIN contacts c ON c.id = i.contact_id
    WHERE i.token_hash = $1 OR i.copy_hash = $1";
const ACCEPT: &str = r"UPDATE invitations
    SET state = 'accepted', decided_at = $3
    WHERE id = $1 AND email_key = $2 AND state = 'pending' AND expires_at > $3
        AND EXISTS (SELECT 1 FROM contacts c JOIN accounts a ON a.id = c.account_id
        WHERE c.id = invitations.contact_id AND c.status = 'active' AND a.status = 'active')
    RETURNING account_id, contact_id";
const LINK: &str = r"UPDATE contacts
    SET user_id = $2, can_log_in = TRUE, updated_at = $3, version = version + 1,
        signed_in_at = coalesce((SELECT u.last_sign_in_at FROM users u WHERE u.id = $2), 0)
    WHERE id = $1 AND user_id IS NULL";
const NAME: &str = r"UPDATE contacts
    SET first_name = $2, last_name = $3, name_key = $4, search_text = $4 || ' ' || email_key
    WHERE id = $1 AND first_name = '' AND last_name = '' AND company = ''";
const ACCEPTED_BY: &str = r"SELECT c.account_id
    FROM invitations i
    JOIN contacts c ON c.id = i.contact_id
    WHERE i.id = $1 AND i.state = 'accepted' AND c.user_id = $2";
const WHO_HEARS: &str = r"SELECT i.account_id AS account, a.name AS account_name, u.name AS inviter,
        u.email AS inviter_email, i.email, i.email_key
    FROM invitations i
    JOIN accounts a ON a.id = i.account_id
    JOIN users u ON u.id = i.inviter_id
    JOIN contacts w ON w.account_id = i.account_id AND w.user_id = i.inviter_id AND w.status = 'active'
        AND w.can_log_in
    WHERE i.id = $1 AND i.tell_inviter";
const DECLINE: &str = r"UPDATE invitations
    SET state = 'declined', decided_at = $2
    WHERE id = $1 AND state = 'pending' AND expires_at > $2
    RETURNING id";
const DECLINED: &str = r"SELECT a.id AS account, a.name AS account_name, u.name AS inviter,
        u.email AS inviter_email, i.email, i.email_key
    FROM invitations i
    JOIN accounts a ON a.id = i.account_id
    JOIN users u ON u.id = coalesce( (SELECT c.user_id FROM contacts c WHERE c.account_id = i.account_id
        AND c.user_id = i.inviter_id AND c.status = 'active' AND c.can_log_in),
        (SELECT o.user_id FROM contacts o WHERE o.account_id = i.account_id AND o.is_owner), i.inviter_id)
    WHERE i.id = $1";

/// An invitation that was just made or renewed: what its mail needs.
pub struct IssuedInvitation {
    /// The secret of the mailed link.
    pub token: String,
    /// The invited address.
    pub email: String,
    /// When it expires.
    pub expires: Timestamp,
}

#[derive(FromRow)]
struct PendingInvitationRow {
    id: String,
    email: String,
    serial: i64,
    copy_hash: String,
    days: i64,
    resends: i64,
    expires_at: i64,
}

#[derive(FromRow)]
struct Renewable {
    #[sqlx(flatten)]
    row: PendingInvitationRow,
    state: String,
}

fn copy_token(tx: &Tx<InAccount>, id: &str, serial: i64) -> String {
    tx.app().key().derive(&["invitation", id, &serial.to_string()])
}

/// Refuses when `more` invitations would be too many for the account in 24 hours (I6).
///
/// # Errors
/// [`AppError::Conflict`] with the limit.
pub async fn check_rate(tx: &mut Tx<InAccount>, more: usize) -> Result<()> {
    let since = tx.now().plus_days(-1).0;
    let recent: i64 = tx.value(RECENT, args![since]).await?;
    if recent + i64::try_from(more).unwrap_or(i64::MAX) > PER_DAY {
        return Err(AppError::Conflict(words::an_account_can_send_invitations(&PER_DAY, &recent)));
    }
    Ok(())
}

/// Staff invite always; customers where the company lets them.
///
/// # Errors
/// [`AppError::Conflict`] that says whom to ask.
pub fn may_invite(tx: &Tx<InAccount>) -> Result<()> {
    let config = tx.app().config();
    if config.invites || tx.membership().staff.is_some() {
        return Ok(());
    }
    Err(AppError::Conflict(words::only_staff_invite(&config.operator_name, &config.staff_email)))
}

/// Makes a pending invitation for a contact. `None` when it has one already. `tell_inviter` says whether whoever
/// acts wants to hear that it was accepted.
pub async fn issue(
    tx: &mut Tx<InAccount>,
    contact: &ContactId,
    email: &EmailAddress,
    days: i64,
    tell_inviter: bool,
) -> Result<Option<IssuedInvitation>> {
    may_invite(tx)?;
    let now = tx.now();
    expire_one(tx, contact).await?;
    let id = tx.new_id();
    let secret = token::new_token();
    let copy = copy_token(tx, &id, 1);
    let expires = now.plus_days(days);
    let account = tx.account().clone();
    let inviter = tx.membership().user.id.clone();
    let made: Option<String> = tx
        .conn()
        .optional_value(
            INSERT,
            args![
                &id,
                account.as_str(),
                contact.as_str(),
                inviter.as_str(),
                email.as_str(),
                email.key(),
                token::hash(&secret),
                token::hash(&copy),
                days,
                now.0,
                expires.0,
                tell_inviter
            ],
        )
        .await?;
    Ok(made.map(|_| IssuedInvitation { token: secret, email: email.to_string(), expires }))
}

/// Invitations whose time has passed are expired from now on, for every reader.
pub async fn expire<S>(tx: &mut Tx<S>) -> Result<()> {
    let now = tx.now().0;
    tx.conn().execute(EXPIRE, args![now]).await?;
    Ok(())
}

/// The same for one contact, without waiting for the job.
async fn expire_one(tx: &mut Tx<InAccount>, contact: &ContactId) -> Result<()> {
    let now = tx.now().0;
    tx.conn().execute(EXPIRE_ONE, args![contact.as_str(), now]).await?;
    Ok(())
}

/// For how many days the last invitation of a contact was valid, if it had one.
pub async fn last_days(tx: &mut Tx<InAccount>, contact: &ContactId) -> Result<Option<i64>> {
    let account = tx.account().clone();
    Ok(tx.conn().optional_value(LAST_DAYS, args![contact.as_str(), account.as_str()]).await?)
}

async fn pending(tx: &mut Tx<InAccount>, contact: &ContactId) -> Result<Option<PendingInvitationRow>> {
    expire_one(tx, contact).await?;
    let account = tx.account().clone();
    Ok(tx.conn().optional(PENDING, args![contact.as_str(), account.as_str()]).await?)
}

/// Replaces the links of the pending or expired invitation and renews its time (I5). `None` when there is
/// none.
///
/// # Errors
/// [`AppError::Conflict`] after the last allowed resend.
pub async fn renew(tx: &mut Tx<InAccount>, contact: &ContactId) -> Result<Option<IssuedInvitation>> {
    may_invite(tx)?;
    let account = tx.account().clone();
    let last: Option<Renewable> =
        tx.conn().optional(RENEWABLE, args![contact.as_str(), account.as_str()]).await?;
    let Some(Renewable { row, state }) =
        last.filter(|last| matches!(last.state.as_str(), "pending" | "expired"))
    else {
        return Ok(None);
    };
    if row.resends >= RESENDS {
        // Nothing is left to withdraw: it is a new one.
        if state == "expired" || row.expires_at <= tx.now().0 {
            return Ok(None);
        }
        return Err(AppError::Conflict(words::this_invitation_has_already_been(&RESENDS)));
    }
    let serial = row.serial + 1;
    let secret = token::new_token();
    let copy = copy_token(tx, &row.id, serial);
    let expires = tx.now().plus_days(row.days);
    let inviter = tx.membership().user.id.clone();
    tx.conn()
        .execute(
            RENEW,
            args![
                &row.id,
                account.as_str(),
                token::hash(&secret),
                token::hash(&copy),
                serial,
                expires.0,
                inviter.as_str()
            ],
        )
        .await?;
    Ok(Some(IssuedInvitation { token: secret, email: row.email, expires }))
}

/// The secret of the link to copy, with the address it is for and when it expires. The link in the mail keeps
/// working.
///
/// # Errors
/// [`AppError::NotFound`] when none is pending.
pub async fn link_to_copy(
    tx: &mut Tx<InAccount>,
    contact: &ContactId,
) -> Result<(String, String, Timestamp)> {
    let row = pending(tx, contact).await?.ok_or(AppError::NotFound)?;
    let mut copy = copy_token(tx, &row.id, row.serial);
    if token::hash(&copy) != row.copy_hash {
        // The installation's key was replaced since: make a link that this key can show again.
        let serial = row.serial + 1;
        copy = copy_token(tx, &row.id, serial);
        let account = tx.account().clone();
        tx.conn().execute(REKEY, args![&row.id, account.as_str(), token::hash(&copy), serial]).await?;
    }
    Ok((copy, row.email, Timestamp(row.expires_at)))
}

/// Withdraws the pending invitation of a contact. Says whether there was one.
pub async fn withdraw(tx: &mut Tx<InAccount>, contact: &ContactId) -> Result<bool> {
    expire_one(tx, contact).await?;
    let account = tx.account().clone();
    let now = tx.now().0;
    let done = tx.conn().execute(WITHDRAW, args![contact.as_str(), account.as_str(), now]).await?;
    Ok(done > 0)
}

/// What a link leads to.
pub struct FoundInvitation {
    /// What the page shows.
    pub offer: Offer,
    /// The link came by mail, so opening it proves the address.
    pub proves: bool,
}

#[derive(FromRow)]
struct FoundRow {
    id: String,
    state: String,
    expires_at: i64,
    email: String,
    email_key: String,
    proves: bool,
    account: String,
    inviter: String,
    name: Option<String>,
    contact: Option<String>,
    is_owner: Option<bool>,
    permissions: Option<String>,
    open: Option<bool>,
    has_login: bool,
}

/// The invitation behind a secret, for this viewer (their address, if signed in).
pub async fn by_token(
    reader: &mut Reader<Open>,
    secret: &str,
    viewer: Option<&str>,
) -> Result<FoundInvitation> {
    let now = reader.now();
    let row: Option<FoundRow> = reader.conn().optional(BY_TOKEN, args![token::hash(secret)]).await?;
    let Some(row) = row else {
        return Ok(FoundInvitation { offer: Offer::Unknown, proves: false });
    };
    let FoundRow { proves, is_owner, permissions, contact, email_key, open, .. } = row;
    let contact = contact.unwrap_or_default();
    let grant = permissions::store::grant_of(
        reader.conn(),
        &contact,
        Permissions::of_contact(is_owner.unwrap_or_default(), &permissions.unwrap_or_default()),
    )
    .await?;
    // A copied link may be in other hands: only the invited person learns what things are called.
    let invited = proves || viewer.is_some_and(|address| address.to_ascii_lowercase() == email_key);
    let names =
        if invited { permissions::store::names_of(reader.conn(), &contact).await? } else { BTreeMap::new() };
    let able_to = grant.able_to(|id| names.get(id).cloned()).say();
    let offer = match (row.state.as_str(), open) {
        ("accepted", _) => Offer::Used,
        ("declined", _) => Offer::Declined,
        ("expired", Some(true)) => Offer::Expired,
        ("pending", Some(true)) if row.expires_at <= now.0 => Offer::Expired,
        ("pending", Some(true)) => {
            let viewer = match viewer {
                Some(address) if address.to_ascii_lowercase() == email_key => Viewer::Invited,
                Some(address) => Viewer::SomebodyElse(address.to_owned()),
                None if !proves => Viewer::Unproven,
                None if row.has_login => Viewer::HasLogin,
                None => Viewer::NeedsLogin,
            };
            Offer::Open(Box::new(OpenOffer {
                id: row.id.into(),
                account: row.account,
                inviter: row.inviter,
                email: row.email,
                name: row.name.unwrap_or_default(),
                able_to,
                permissions: grant.everywhere,
                expires: Timestamp(row.expires_at),
                now,
                viewer,
            }))
        }
        _ => Offer::Withdrawn,
    };
    Ok(FoundInvitation { offer, proves })
}

/// Links the acting user to the invited contact, once, however often and at once it is asked (I4).
///
/// # Errors
/// [`AppError::Conflict`] when the invitation cannot be accepted any more, or the user has another contact on
/// the account.
pub async fn accept(tx: &mut Tx<OfUser>, invitation: &InvitationId) -> Result<Accepted> {
    let now = tx.now().0;
    let user = tx.person().clone();
    if staff::is_staff(tx.conn(), &user.id).await? {
        return Err(AppError::Conflict(words::STAFF_ENTER_NO_ACCOUNT.into()));
    }
    let taken: Option<(String, String)> =
        tx.conn().optional(ACCEPT, args![invitation.as_str(), user.email.to_ascii_lowercase(), now]).await?;
    let Some((account, contact)) = taken else {
        let mine: Option<String> =
            tx.conn().optional_value(ACCEPTED_BY, args![invitation.as_str(), user.id.as_str()]).await?;
        return mine
            .map(|account| Accepted { account: account.into(), contact: None })
            .ok_or_else(|| AppError::Conflict(words::THIS_INVITATION_CANNOT_BE_ACCEPTED.into()));
    };
    match tx.conn().execute(LINK, args![&contact, user.id.as_str(), now]).await {
        Ok(_) => {
            // A contact that was made from an address alone gets the name the person gave (P3).
            let (first, last) = first_and_last(&user.name);
            tx.conn().execute(NAME, args![&contact, first, last, user.name.to_lowercase()]).await?;
            Ok(Accepted { account: account.into(), contact: Some(contact.into()) })
        }
        Err(error) if is_duplicate(&error) => {
            Err(AppError::Conflict(words::YOU_CAN_ALREADY_ENTER_THIS.into()))
        }
        Err(error) => Err(error.into()),
    }
}

/// An invitation that was accepted.
pub struct Accepted {
    /// The account that it opens.
    pub account: AccountId,
    /// The contact that was linked; nothing when it had been before.
    pub contact: Option<ContactId>,
}

/// Whoever wants to hear that an invitation was accepted, if they can still enter the account.
pub async fn who_hears(tx: &mut Tx<OfUser>, invitation: &InvitationId) -> Result<Option<Answered>> {
    let row: Option<DeclinedRow> = tx.conn().optional(WHO_HEARS, args![invitation.as_str()]).await?;
    Ok(row.map(DeclinedRow::answered))
}

/// What is told about an invitation that was answered.
pub struct Answered {
    /// The account.
    pub account: AccountId,
    /// Its name.
    pub account_name: String,
    /// Name and address of who invited, or of the owner when that person has left the account.
    pub inviter: (String, String),
    /// The invited address.
    pub email: String,
}

/// Declines. `None` when it cannot be answered any more.
pub async fn decline<S>(tx: &mut Tx<S>, invitation: &InvitationId) -> Result<Option<Answered>> {
    let now = tx.now().0;
    let done: Option<String> = tx.conn().optional_value(DECLINE, args![invitation.as_str(), now]).await?;
    if done.is_none() {
        return Ok(None);
    }
    let row: DeclinedRow = tx.conn().one(DECLINED, args![invitation.as_str()]).await?;
    Ok(Some(row.answered()))
}

#[derive(FromRow)]
struct DeclinedRow {
    account: String,
    account_name: String,
    inviter: String,
    inviter_email: String,
    email: String,
    email_key: String,
}

impl DeclinedRow {
    fn answered(self) -> Answered {
        Answered {
            account: self.account.into(),
            account_name: self.account_name,
            inviter: (self.inviter, self.inviter_email),
            email: self.email,
        }
    }
}

/// Is this invitation for this address?
pub async fn is_for<S>(tx: &mut Tx<S>, invitation: &InvitationId, address: &str) -> Result<bool> {
    let row: Option<DeclinedRow> = tx.conn().optional(DECLINED, args![invitation.as_str()]).await?;
    Ok(row.is_some_and(|row| row.email_key == address.to_ascii_lowercase()))
}
