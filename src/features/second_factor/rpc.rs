//! Server functions of second factors. Line 1 of each is the proof of access.

use super::model::{Challenge, FactorChoices, Proof, Setup};
#[cfg(feature = "ssr")]
use super::prove::prove;
#[cfg(feature = "ssr")]
use super::words;
#[cfg(feature = "ssr")]
use super::{mail, passkeys, secrets, store};
#[cfg(feature = "ssr")]
use crate::access::{SignedIn, cookies, session};
#[cfg(feature = "ssr")]
use crate::error::AppError;
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::AuditKind;
#[cfg(feature = "ssr")]
use crate::features::audit::record::Entry;
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use crate::platform::token;
use crate::types::Secret;
#[cfg(feature = "ssr")]
use crate::types::line;
use leptos::prelude::*;

/// Which second factors the person can be asked for.
#[server(prefix = "/rpc", endpoint = "second-factor/asked")]
pub async fn show_asked() -> Result<FactorChoices> {
    let signed_in = SignedIn::now().await?;
    store::asked(signed_in.read().await?.conn(), &signed_in.user().id).await
}

/// A challenge for one's own passkeys, to prove that it is oneself.
#[server(prefix = "/rpc", endpoint = "second-factor/challenge")]
pub async fn own_challenge() -> Result<Challenge> {
    let signed_in = SignedIn::now().await?;
    signed_in.app().limits().try_source("passkey", signed_in.context().source())?;
    let mut tx = signed_in.begin().await?;
    let user = tx.user().clone();
    let challenge = passkeys::begin_proof(&mut tx, &user).await?;
    tx.unaudited("a question changes nothing");
    tx.commit().await?;
    Ok(challenge)
}

/// A secret for an authenticator app: a fresh one, or that of a seed which an app has by now. Nothing is kept
/// until a code proves it.
#[server(prefix = "/rpc", endpoint = "second-factor/set-up")]
pub async fn set_up_app(#[server(default)] seed: String) -> Result<Setup> {
    let signed_in = SignedIn::confirmed().await?;
    let seed = if seed.len() == 43 { seed } else { token::new_token() };
    let user = signed_in.user();
    let app = signed_in.app();
    let authenticator =
        secrets::authenticator(app.key(), &user.id, &seed, &user.email, &app.config().operator_name)?;
    let factors = store::factors(&mut signed_in.read().await?).await?;
    Ok(Setup {
        qr: secrets::qr(&authenticator)?,
        secret: secrets::readable(&authenticator),
        url: secrets::url(&authenticator)?,
        replaces: factors.app.is_some(),
        seed,
    })
}

/// Takes an authenticator app into use with its first code.
#[server(prefix = "/rpc", endpoint = "second-factor/add-app")]
pub async fn add_app(
    #[server(default)] seed: String,
    #[server(default)] code: Secret,
    #[server(default)] next: String,
) -> Result<Outcome> {
    let signed_in = SignedIn::confirmed().await?;
    let (user, app) = (signed_in.user(), signed_in.app());
    let guess = signed_in.context().guess("app", user.id.as_str(), signed_in.context().session()).await?;
    if seed.len() != 43 {
        return Err(AppError::BadRequest(words::THIS_PAGE_IS_OUT_OF.into()));
    }
    let authenticator =
        secrets::authenticator(app.key(), &user.id, &seed, &user.email, &app.config().operator_name)?;
    let step = secrets::is_app_code(&code).and_then(|code| secrets::step(&authenticator, &code, app.now()));
    let step = step.ok_or_else(|| AppError::field("code", words::THIS_IS_NOT_THE_CODE))?;
    let mut tx = signed_in.begin().await?;
    store::set_app(&mut tx, &seed, step).await?;
    store::settle(&mut tx, &user.id).await?;
    session::unconfirm_others(&mut tx, signed_in.context()).await?;
    tx.record(Entry::new(AuditKind::FactorAdded, words::SET_UP_AN_AUTHENTICATOR_APP)).await?;
    tx.send(&mail::added(app, &user.name, &user.email, words::AN_AUTHENTICATOR_APP_2)).await?;
    tx.commit().await?;
    app.limits().right(&guess);
    Ok(Outcome::at(paths::then(paths::RECOVERY_CODES, &next), words::YOUR_AUTHENTICATOR_APP_IS_SET))
}

/// Takes the authenticator app away.
#[server(prefix = "/rpc", endpoint = "second-factor/remove-app")]
pub async fn remove_app() -> Result<Outcome> {
    let signed_in = SignedIn::confirmed().await?;
    let (user, app) = (signed_in.user(), signed_in.app());
    let mut tx = signed_in.begin().await?;
    store::clear_app(&mut tx, &user.id).await?;
    let any = store::settle(&mut tx, &user.id).await?;
    session::unconfirm_others(&mut tx, signed_in.context()).await?;
    tx.record(Entry::new(AuditKind::FactorRemoved, words::REMOVED_THE_AUTHENTICATOR_APP)).await?;
    tx.send(&mail::removed(app, &user.name, &user.email, words::THE_AUTHENTICATOR_APP, any)).await?;
    tx.commit().await?;
    Ok(Outcome::at(
        paths::SECURITY,
        if any { words::THE_APP_WAS_REMOVED } else { words::THE_APP_WAS_REMOVED_YOU },
    ))
}

/// A challenge to make a new passkey.
#[server(prefix = "/rpc", endpoint = "second-factor/passkey-options")]
pub async fn passkey_options() -> Result<Challenge> {
    let signed_in = SignedIn::confirmed().await?;
    let mut tx = signed_in.begin().await?;
    let challenge = passkeys::begin_adding(&mut tx).await?;
    tx.unaudited("a question changes nothing");
    tx.commit().await?;
    Ok(challenge)
}

/// Adds the passkey that the browser made.
#[server(prefix = "/rpc", endpoint = "second-factor/add-passkey")]
pub async fn add_passkey(
    #[server(default)] name: String,
    #[server(default)] ceremony: Secret,
    #[server(default)] passkey: Secret,
    #[server(default)] next: String,
) -> Result<Outcome> {
    let signed_in = SignedIn::confirmed().await?;
    let (user, app) = (signed_in.user(), signed_in.app());
    let name = line(&name, 60).map_err(|message| AppError::field("name", message))?;
    let name = if name.is_empty() { "Passkey".to_owned() } else { name };
    if passkey.is_empty() {
        return Err(AppError::Conflict(words::YOUR_BROWSER_DID_NOT_CREATE.into()));
    }
    let mut tx = signed_in.begin().await?;
    passkeys::add(&mut tx, &ceremony, &passkey, &name).await?;
    store::settle(&mut tx, &user.id).await?;
    session::unconfirm_others(&mut tx, signed_in.context()).await?;
    tx.record(Entry::new(AuditKind::FactorAdded, words::added_the_passkey(&name))).await?;
    tx.send(&mail::added(app, &user.name, &user.email, &words::the_passkey(&name))).await?;
    tx.commit().await?;
    let to = if user.has_factor && next.is_empty() {
        paths::SECURITY.to_owned()
    } else {
        paths::then(paths::RECOVERY_CODES, &next)
    };
    Ok(Outcome::at(to, words::the_passkey_was_added(&name)))
}

/// Removes a passkey.
#[server(prefix = "/rpc", endpoint = "second-factor/remove-passkey")]
pub async fn remove_passkey(#[server(default)] id: String) -> Result<Outcome> {
    let signed_in = SignedIn::confirmed().await?;
    let (user, app) = (signed_in.user(), signed_in.app());
    let mut tx = signed_in.begin().await?;
    let name = store::remove_passkey(&mut tx, &id).await?.ok_or(AppError::NotFound)?;
    let any = store::settle(&mut tx, &user.id).await?;
    session::unconfirm_others(&mut tx, signed_in.context()).await?;
    tx.record(Entry::new(AuditKind::FactorRemoved, words::removed_the_passkey(&name))).await?;
    tx.send(&mail::removed(app, &user.name, &user.email, &words::the_passkey(&name), any)).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::SECURITY, words::the_passkey_was_removed_delete(&name)))
}

/// One's recovery codes, each with whether it is used up.
#[server(prefix = "/rpc", endpoint = "second-factor/codes")]
pub async fn show_codes() -> Result<Vec<(String, bool)>> {
    let signed_in = SignedIn::confirmed().await?;
    let mut reader = signed_in.read().await?;
    let user = signed_in.user();
    let seeds = store::seeds(reader.conn(), &user.id).await?;
    let Some(seed) = &seeds.recovery_seed else { return Ok(Vec::new()) };
    let used = store::used_codes(&mut reader, seed).await?;
    let codes = secrets::recovery_codes(signed_in.app().key(), &user.id, seed);
    Ok(codes.into_iter().enumerate().map(|(number, code)| (code, used.contains(&number))).collect())
}

/// Makes new recovery codes; the old ones stop working.
#[server(prefix = "/rpc", endpoint = "second-factor/renew-codes")]
pub async fn renew_codes() -> Result<Outcome> {
    let signed_in = SignedIn::confirmed().await?;
    let (user, app) = (signed_in.user(), signed_in.app());
    if !user.has_factor {
        return Err(AppError::Conflict(words::RECOVERY_CODES_COME_WITH_A.into()));
    }
    let mut tx = signed_in.begin().await?;
    store::renew_codes(&mut tx, &user.id).await?;
    tx.record(Entry::new(AuditKind::CodesRenewed, words::MADE_NEW_RECOVERY_CODES)).await?;
    tx.send(&mail::codes_renewed(app, &user.name, &user.email)).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::RECOVERY_CODES, words::THESE_ARE_YOUR_NEW_CODES))
}

/// From now on every browser is asked for the second factor again.
#[server(prefix = "/rpc", endpoint = "second-factor/forget-devices")]
pub async fn forget_devices() -> Result<Outcome> {
    let signed_in = SignedIn::now().await?;
    let mut tx = signed_in.begin().await?;
    let user = tx.user().clone();
    crate::access::device::forget(&mut tx, &user).await?;
    tx.record(Entry::new(AuditKind::SignedOut, words::MADE_EVERY_REMEMBERED_DEVICE_ASK)).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::SECURITY, words::YOU_WILL_BE_ASKED_FOR))
}

/// Proves that it is oneself: with the password and, where there is one, a second factor; or with a passkey
/// alone.
#[server(prefix = "/rpc", endpoint = "second-factor/confirm")]
pub async fn confirm(
    #[server(default)] current_password: Secret,
    #[server(flatten)] proof: Proof,
    #[server(default)] next: String,
) -> Result<Outcome> {
    let signed_in = SignedIn::now().await?;
    let mut tx = prove(&signed_in, &current_password, &proof).await?;
    let cookie = session::confirm(&mut tx, signed_in.context()).await?;
    tx.unaudited("what follows it does");
    tx.commit().await?;
    cookies::set_cookie(cookie);
    Ok(Outcome::afresh(paths::safe_next(&next), ""))
}
