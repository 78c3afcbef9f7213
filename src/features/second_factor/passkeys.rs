//! Passkeys on the server: challenges, and what answers them (`WebAuthn` level 3, by webauthn-rs).
//!
//! Invariants: a challenge is answered once, within minutes, by the user it was made for; the state it is
//! checked with never leaves the server; the person is always verified by the device (PIN, finger, face), so
//! that a passkey alone is two factors.

use super::store;
use super::words;
use crate::access::{OfUser, Open, Tx};
use crate::error::{AppError, Result};
use crate::platform::config::Config;
use crate::platform::db::internal;
use crate::types::UserId;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use ulid::Ulid;
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, Passkey, PasskeyAuthentication, PasskeyRegistration,
    PublicKeyCredential, RegisterPublicKeyCredential, Url, Uuid,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

/// What a challenge is checked with.
#[derive(Serialize, Deserialize)]
enum CeremonyState {
    Add(PasskeyRegistration),
    Prove(PasskeyAuthentication),
    SignIn(DiscoverableAuthentication),
}

/// Who we are to passkeys. They belong to a host name; at an address of this machine, which has none, to
/// "localhost". `None` at any other bare address, where browsers have no passkeys.
pub fn relying_party(config: &Config) -> Option<Webauthn> {
    let mut origin = Url::parse(&config.base_url).ok()?;
    let address: Option<IpAddr> =
        origin.host_str().and_then(|host| host.trim_matches(['[', ']']).parse().ok());
    match address {
        Some(address) if address.is_loopback() => origin.set_host(Some("localhost")).ok()?,
        Some(_) => return None,
        None => {}
    }
    let host = origin.host_str()?.to_owned();
    WebauthnBuilder::new(&host, &origin).ok()?.rp_name(&config.operator_name).build().ok()
}

fn party<S>(tx: &Tx<S>) -> Result<Webauthn> {
    let none = || AppError::Conflict(words::PASSKEYS_NEED_A_HOST_NAME.into());
    tx.app().given().relying_party.clone().ok_or_else(none)
}

/// The refusal of an answer that does not fit its challenge.
fn unfit(error: &dyn std::fmt::Display) -> AppError {
    tracing::info!(%error, "a passkey was refused");
    AppError::Conflict(words::THE_PASSKEY_WAS_NOT_ACCEPTED.into())
}

fn handle(user: &UserId) -> Result<Uuid> {
    Ulid::from_string(user.as_str()).map(|id| Uuid::from_u128(id.0)).map_err(|error| internal(&error))
}

fn credential_id(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

async fn own<S>(tx: &mut Tx<S>, user: &UserId) -> Result<Vec<(String, Passkey)>> {
    let rows = store::passkeys(tx.conn(), user).await?;
    rows.into_iter()
        .map(|row| Ok((row.id, serde_json::from_str(&row.credential).map_err(|error| internal(&error))?)))
        .collect()
}

async fn keep<S>(
    tx: &mut Tx<S>,
    user: Option<&UserId>,
    state: &CeremonyState,
    options: serde_json::Value,
) -> Result<(String, String)> {
    let state = serde_json::to_string(state).map_err(|error| internal(&error))?;
    Ok((store::keep_ceremony(tx, user, &state).await?, options["publicKey"].to_string()))
}

async fn take<S>(tx: &mut Tx<S>, ceremony: &str) -> Result<(Option<UserId>, CeremonyState)> {
    let (user, state) =
        store::take_ceremony(tx, ceremony).await?.ok_or_else(|| unfit(&"no such challenge"))?;
    Ok((user, serde_json::from_str(&state).map_err(|error| internal(&error))?))
}

/// A challenge to make a new passkey.
pub async fn begin_adding(tx: &mut Tx<OfUser>) -> Result<(String, String)> {
    let (party, person) = (party(tx)?, tx.person().clone());
    let known =
        own(tx, &person.id).await?.into_iter().map(|(_, passkey)| passkey.cred_id().clone()).collect();
    let (options, state) = party
        .start_passkey_registration(handle(&person.id)?, &person.email, &person.name, Some(known))
        .map_err(|error| internal(&error))?;
    let mut options = serde_json::to_value(options).map_err(|error| internal(&error))?;
    // Kept in the device where it can, so that it signs in by itself; a stick without room still is a second
    // factor.
    options["publicKey"]["authenticatorSelection"]["residentKey"] = "preferred".into();
    keep(tx, Some(&person.id), &CeremonyState::Add(state), options).await
}

/// Takes the answer to it: a new passkey.
///
/// # Errors
/// [`AppError::Conflict`] for one that does not fit, or is known already.
pub async fn add(tx: &mut Tx<OfUser>, ceremony: &str, answer: &str, name: &str) -> Result<()> {
    let party = party(tx)?;
    let (user, CeremonyState::Add(state)) = take(tx, ceremony).await? else {
        return Err(unfit(&"another kind of challenge"));
    };
    if user.as_ref() != Some(tx.user()) {
        return Err(unfit(&"somebody else's challenge"));
    }
    let answer: RegisterPublicKeyCredential = serde_json::from_str(answer).map_err(|error| unfit(&error))?;
    let passkey = party.finish_passkey_registration(&answer, &state).map_err(|error| unfit(&error))?;
    let credential = serde_json::to_string(&passkey).map_err(|error| internal(&error))?;
    if !store::add_passkey(tx, &credential_id(passkey.cred_id()), &credential, name).await? {
        return Err(AppError::Conflict(words::THIS_PASSKEY_IS_ALREADY_SET.into()));
    }
    Ok(())
}

/// A challenge for a user's passkeys.
///
/// # Errors
/// [`AppError::Conflict`] when they have none.
pub async fn begin_proof<S>(tx: &mut Tx<S>, user: &UserId) -> Result<(String, String)> {
    let party = party(tx)?;
    let known: Vec<Passkey> = own(tx, user).await?.into_iter().map(|(_, passkey)| passkey).collect();
    if known.is_empty() {
        return Err(AppError::Conflict(words::THIS_LOGIN_HAS_NO_PASSKEY.into()));
    }
    let (options, state) = party.start_passkey_authentication(&known).map_err(|error| internal(&error))?;
    keep(
        tx,
        Some(user),
        &CeremonyState::Prove(state),
        serde_json::to_value(options).map_err(|error| internal(&error))?,
    )
    .await
}

/// Takes the answer to it.
///
/// # Errors
/// [`AppError::Conflict`] for one that does not fit.
pub async fn prove<S>(tx: &mut Tx<S>, user: &UserId, ceremony: &str, answer: &str) -> Result<()> {
    let party = party(tx)?;
    let (of, CeremonyState::Prove(state)) = take(tx, ceremony).await? else {
        return Err(unfit(&"another kind of challenge"));
    };
    if of.as_ref() != Some(user) {
        return Err(unfit(&"somebody else's challenge"));
    }
    let answer: PublicKeyCredential = serde_json::from_str(answer).map_err(|error| unfit(&error))?;
    let result = party.finish_passkey_authentication(&answer, &state).map_err(|error| unfit(&error))?;
    let used = own(tx, user).await?.into_iter().find(|(_, passkey)| passkey.cred_id() == result.cred_id());
    let (id, passkey) = used.ok_or_else(|| unfit(&"a passkey that is gone"))?;
    note(tx, &id, passkey, &result).await
}

/// A challenge for whatever passkey the person has: it says who they are.
pub async fn begin_sign_in(tx: &mut Tx<Open>) -> Result<(String, String)> {
    let (options, state) =
        party(tx)?.start_discoverable_authentication().map_err(|error| internal(&error))?;
    keep(
        tx,
        None,
        &CeremonyState::SignIn(state),
        serde_json::to_value(options).map_err(|error| internal(&error))?,
    )
    .await
}

/// Takes the answer to it. Returns whose passkey it is.
///
/// # Errors
/// [`AppError::Conflict`] for one that does not fit.
pub async fn sign_in(tx: &mut Tx<Open>, ceremony: &str, answer: &str) -> Result<UserId> {
    let party = party(tx)?;
    let (_, CeremonyState::SignIn(state)) = take(tx, ceremony).await? else {
        return Err(unfit(&"another kind of challenge"));
    };
    let answer: PublicKeyCredential = serde_json::from_str(answer).map_err(|error| unfit(&error))?;
    let (claimed, credential) =
        party.identify_discoverable_authentication(&answer).map_err(|error| unfit(&error))?;
    let known = store::by_credential(tx, &credential_id(credential)).await?;
    let (id, user, credential) = known.ok_or_else(|| unfit(&"a passkey that nobody has"))?;
    if handle(&user)? != claimed {
        return Err(unfit(&"a passkey of somebody else"));
    }
    let passkey: Passkey = serde_json::from_str(&credential).map_err(|error| internal(&error))?;
    let result = party
        .finish_discoverable_authentication_v2(&answer, state, &passkey)
        .map_err(|error| unfit(&error))?;
    note(tx, &id, passkey, &result).await?;
    Ok(user)
}

/// Keeps the counter that shows a copied key.
async fn note<S>(
    tx: &mut Tx<S>,
    id: &str,
    mut passkey: Passkey,
    result: &AuthenticationResult,
) -> Result<()> {
    if !result.user_verified() {
        return Err(unfit(&"the device did not verify its user"));
    }
    passkey.update_credential(result);
    store::passkey_used(tx, id, &serde_json::to_string(&passkey).map_err(|error| internal(&error))?).await
}
