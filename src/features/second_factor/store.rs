//! SQL of second factors.

use super::model::{CODES, FactorChoices, Factors, PasskeyView};
use super::secrets;
use crate::access::{OfUser, Open, Reader, Tx, device};
use crate::error::{AppError, Result};
use crate::features::sign_in::store as pending_sign_in;
use crate::platform::db::{Conn, FromRow, args};
use crate::platform::token;
use crate::types::{Timestamp, UserId};

const OF_USER: &str = r"SELECT id, email, name, totp_seed, totp_since, recovery_seed,
        (SELECT count(*) FROM recovery_used r WHERE r.user_id = users.id AND r.seed = users.recovery_seed)
        AS used
    FROM users
    WHERE id = $1";
const PASSKEYS: &str = r"SELECT id, name, created_at, last_used_at, credential
    FROM passkeys
    WHERE user_id = $1
    ORDER BY created_at, id LIMIT 50";
const PASSKEY_BY_CREDENTIAL: &str = "SELECT id, user_id, credential FROM passkeys WHERE credential_id = $1";
const TAKE_STEP: &str = "UPDATE users SET totp_step = $2 WHERE id = $1 AND totp_step < $2";
const TAKE_CODE: &str = r"INSERT INTO recovery_used (user_id, seed, number, used_at)
    VALUES ($1, $2, $3, $4)
    ON CONFLICT DO NOTHING
    RETURNING number";
const SET_APP: &str = "UPDATE users SET totp_seed = $2, totp_since = $3, totp_step = $4 WHERE id = $1";
const SET_CODES: &str = "UPDATE users SET recovery_seed = $2 WHERE id = $1";
const USED: &str = "SELECT number FROM recovery_used WHERE user_id = $1 AND seed = $2";
const CLEAR_USED: &str = "DELETE FROM recovery_used WHERE user_id = $1";
const SETTLE: &str = r"UPDATE users
    SET has_factor = (totp_seed IS NOT NULL OR EXISTS (SELECT 1 FROM passkeys p WHERE p.user_id = users.id))
    WHERE id = $1
    RETURNING has_factor, recovery_seed";
const ADD_PASSKEY: &str = r"INSERT INTO passkeys (id, user_id, credential_id, credential, name, created_at)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT DO NOTHING
    RETURNING id";
const REMOVE_PASSKEY: &str = "DELETE FROM passkeys WHERE user_id = $1 AND id = $2 RETURNING name";
const REMOVE_PASSKEYS: &str = "DELETE FROM passkeys WHERE user_id = $1";
const PASSKEY_USED: &str = "UPDATE passkeys SET credential = $2, last_used_at = $3 WHERE id = $1";
const CEREMONY: &str =
    "INSERT INTO ceremonies (token_hash, user_id, state, expires_at) VALUES ($1, $2, $3, $4)";
const CEREMONY_TAKE: &str =
    "DELETE FROM ceremonies WHERE token_hash = $1 AND expires_at > $2 RETURNING user_id, state";

/// What a user's codes are made from.
#[derive(Clone, Debug, FromRow)]
pub struct Seeds {
    id: String,
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// The authenticator app's.
    pub totp_seed: Option<String>,
    totp_since: Option<i64>,
    /// The recovery codes'.
    pub recovery_seed: Option<String>,
    used: i64,
}

/// A passkey with its credential.
#[derive(Clone, Debug, FromRow)]
pub struct PasskeyRow {
    /// Its id.
    pub id: String,
    name: String,
    created_at: i64,
    last_used_at: Option<i64>,
    /// The credential as JSON.
    pub credential: String,
}

/// What a user's codes are made from.
pub async fn seeds(conn: &mut Conn, user: &UserId) -> Result<Seeds> {
    conn.optional(OF_USER, args![user.as_str()]).await?.ok_or(AppError::NotFound)
}

/// A user's passkeys, oldest first.
pub async fn passkeys(conn: &mut Conn, user: &UserId) -> Result<Vec<PasskeyRow>> {
    Ok(conn.all(PASSKEYS, args![user.as_str()]).await?)
}

/// Everything the acting user has beside the password.
pub async fn factors(reader: &mut Reader<OfUser>) -> Result<Factors> {
    let user = reader.user().clone();
    let seeds = seeds(reader.conn(), &user).await?;
    let rows = passkeys(reader.conn(), &user).await?;
    let view = |row: PasskeyRow| PasskeyView {
        id: row.id,
        name: row.name,
        since: Timestamp(row.created_at),
        used: row.last_used_at.map(Timestamp),
    };
    let left = CODES.saturating_sub(usize::try_from(seeds.used).unwrap_or(CODES));
    Ok(Factors {
        app: seeds.totp_since.filter(|_| seeds.totp_seed.is_some()).map(Timestamp),
        passkeys: rows.into_iter().map(view).collect(),
        codes_left: if seeds.recovery_seed.is_some() { left } else { 0 },
        remembered: device::remembered(reader).await?,
    })
}

/// Which second factors a user can be asked for.
pub async fn asked(conn: &mut Conn, user: &UserId) -> Result<FactorChoices> {
    let seeds = seeds(conn, user).await?;
    let passkeys = !passkeys(conn, user).await?.is_empty();
    let app = seeds.totp_seed.is_some();
    Ok(FactorChoices { email: seeds.email, any: app || passkeys, app, passkeys })
}

/// What a code turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The app's.
    App,
    /// A recovery code; so many are left.
    Recovery(usize),
}

/// Takes a code, once: of many at once, one is taken. `None` for one that is wrong, or was taken before.
pub async fn take_code<S>(tx: &mut Tx<S>, seeds: &Seeds, typed: &str) -> Result<Option<Taken>> {
    let (now, key) = (tx.now(), tx.app().key().clone());
    let user = UserId::from(seeds.id.clone());
    if let (Some(digits), Some(seed)) = (secrets::is_app_code(typed), &seeds.totp_seed) {
        let app = secrets::authenticator(&key, &user, seed, &seeds.email, &tx.app().config().operator_name)?;
        let Some(step) = secrets::step(&app, &digits, now) else { return Ok(None) };
        let done = tx.conn().execute(TAKE_STEP, args![user.as_str(), step]).await?;
        return Ok((done == 1).then_some(Taken::App));
    }
    let Some(seed) = &seeds.recovery_seed else { return Ok(None) };
    let Some(number) = secrets::recovery_number(&key, &user, seed, typed) else { return Ok(None) };
    let number = i64::try_from(number).unwrap_or_default();
    let taken: Option<i64> =
        tx.conn().optional_value(TAKE_CODE, args![user.as_str(), seed, number, now.0]).await?;
    let left = CODES.saturating_sub(usize::try_from(seeds.used).unwrap_or(CODES) + 1);
    Ok(taken.map(|_| Taken::Recovery(left)))
}

/// Sets the acting user's authenticator app, in place of an earlier one. `step` is that of the code that
/// proved it.
pub async fn set_app(tx: &mut Tx<OfUser>, seed: &str, step: i64) -> Result<()> {
    let now = tx.now().0;
    tx.execute(SET_APP, args![seed, now, step]).await?;
    Ok(())
}

/// Takes a user's authenticator app away.
pub async fn clear_app<S>(tx: &mut Tx<S>, user: &UserId) -> Result<()> {
    tx.conn().execute(SET_APP, args![user.as_str(), None::<String>, None::<i64>, 0_i64]).await?;
    Ok(())
}

/// The numbers of the acting user's codes that are used up.
pub async fn used_codes(reader: &mut Reader<OfUser>, seed: &str) -> Result<Vec<usize>> {
    let numbers: Vec<i64> = reader.values(USED, args![seed]).await?;
    Ok(numbers.into_iter().filter_map(|number| usize::try_from(number).ok()).collect())
}

/// A new set of recovery codes; the old ones stop working.
pub async fn renew_codes<S>(tx: &mut Tx<S>, user: &UserId) -> Result<()> {
    set_codes(tx, user, Some(&token::new_token())).await
}

async fn set_codes<S>(tx: &mut Tx<S>, user: &UserId, seed: Option<&str>) -> Result<()> {
    tx.conn().execute(CLEAR_USED, args![user.as_str()]).await?;
    tx.conn().execute(SET_CODES, args![user.as_str(), seed]).await?;
    Ok(())
}

/// Brings what hangs on a user's factors in line after one came or went: recovery codes with the first, none
/// after the last; every browser is asked again. Says whether there is a factor now.
pub async fn settle<S>(tx: &mut Tx<S>, user: &UserId) -> Result<bool> {
    let (any, codes): (bool, Option<String>) = tx.conn().one(SETTLE, args![user.as_str()]).await?;
    match (any, codes) {
        (true, None) => renew_codes(tx, user).await?,
        (false, Some(_)) => set_codes(tx, user, None).await?,
        _ => {}
    }
    device::forget(tx, user).await?;
    pending_sign_in::end_of(tx, user).await?;
    Ok(any)
}

/// Adds a passkey. Says whether it is new.
pub async fn add_passkey(
    tx: &mut Tx<OfUser>,
    credential_id: &str,
    credential: &str,
    name: &str,
) -> Result<bool> {
    let (user, now, id) = (tx.user().clone(), tx.now().0, tx.new_id());
    let made: Option<String> = tx
        .conn()
        .optional_value(ADD_PASSKEY, args![id, user.as_str(), credential_id, credential, name, now])
        .await?;
    Ok(made.is_some())
}

/// Removes a passkey of the acting user. Returns its name.
pub async fn remove_passkey(tx: &mut Tx<OfUser>, id: &str) -> Result<Option<String>> {
    Ok(tx.optional_value(REMOVE_PASSKEY, args![id]).await?)
}

/// Takes every factor of a user away: they begin anew.
pub async fn reset<S>(tx: &mut Tx<S>, user: &UserId) -> Result<()> {
    clear_app(tx, user).await?;
    tx.conn().execute(REMOVE_PASSKEYS, args![user.as_str()]).await?;
    settle(tx, user).await?;
    Ok(())
}

/// Whose passkey this credential is: its id, its user, and the credential as JSON.
pub async fn by_credential(
    tx: &mut Tx<Open>,
    credential_id: &str,
) -> Result<Option<(String, UserId, String)>> {
    let row: Option<(String, String, String)> =
        tx.conn().optional(PASSKEY_BY_CREDENTIAL, args![credential_id]).await?;
    Ok(row.map(|(id, user, credential)| (id, user.into(), credential)))
}

/// Notes that a passkey was used, with its counter as it is now.
pub async fn passkey_used<S>(tx: &mut Tx<S>, id: &str, credential: &str) -> Result<()> {
    let now = tx.now().0;
    tx.conn().execute(PASSKEY_USED, args![id, credential, now]).await?;
    Ok(())
}

/// How long a challenge can be answered.
const CEREMONY_MINUTES: i64 = 5;

/// Keeps what a challenge has to be checked with. Returns the secret that names it.
pub async fn keep_ceremony<S>(tx: &mut Tx<S>, user: Option<&UserId>, state: &str) -> Result<String> {
    let (now, secret) = (tx.now(), token::new_token());
    tx.conn()
        .execute(
            CEREMONY,
            args![
                token::hash(&secret),
                user.map(UserId::as_str),
                state,
                now.plus_minutes(CEREMONY_MINUTES).0
            ],
        )
        .await?;
    Ok(secret)
}

/// What a challenge is checked with, once: whose it is and the state.
pub async fn take_ceremony<S>(tx: &mut Tx<S>, secret: &str) -> Result<Option<(Option<UserId>, String)>> {
    let now = tx.now().0;
    let row: Option<(Option<String>, String)> =
        tx.conn().optional(CEREMONY_TAKE, args![token::hash(secret), now]).await?;
    Ok(row.map(|(user, state)| (user.map(UserId::from), state)))
}
