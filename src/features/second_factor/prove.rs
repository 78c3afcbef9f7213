//! Proving that it is really them: with the password, a code or a passkey. Every guess is counted.

use super::model::Proof;
use super::store::Taken;
use super::words;
use super::{mail, passkeys, store};
use crate::access::request::RequestContext;
use crate::access::{OfUser, SignedIn, Tx, device};
use crate::error::{AppError, Result};
use crate::features::users::store as users;
use crate::platform::limits::Guess;
use crate::platform::password;
use crate::types::UserId;

/// What a wrong code is told, whatever is wrong with it.
pub fn wrong_code() -> AppError {
    AppError::field("code", words::THIS_CODE_IS_WRONG_HAS)
}

/// Checks a second factor as it was typed or answered, and uses it up. A recovery code is told about by mail.
///
/// # Errors
/// A refusal beside the field.
pub async fn check<S>(tx: &mut Tx<S>, user: &UserId, proof: &Proof) -> Result<()> {
    if !proof.passkey.is_empty() {
        return passkeys::prove(tx, user, &proof.ceremony, &proof.passkey).await;
    }
    if proof.code.trim().is_empty() {
        return Err(AppError::field("code", words::ENTER_THE_CODE));
    }
    let seeds = store::seeds(tx.conn(), user).await?;
    match store::take_code(tx, &seeds, &proof.code).await? {
        None => Err(wrong_code()),
        Some(Taken::App) => Ok(()),
        Some(Taken::Recovery(left)) => {
            let message = mail::code_used(tx.app(), &seeds.name, &seeds.email, left);
            tx.send(&message).await
        }
    }
}

/// Checks that it is really them, and hands out the transaction in which their second factor was used up.
///
/// # Errors
/// A refusal beside the field; [`AppError::TooMany`].
pub async fn prove(signed_in: &SignedIn, current_password: &str, proof: &Proof) -> Result<Tx<OfUser>> {
    let (user, app) = (signed_in.user(), signed_in.app());
    let context = signed_in.context();
    // Counted for the browser rather than the session: who has the password can have any number of sessions.
    let browser = device::known(signed_in.read().await?.conn(), context, &user.id).await?;
    // Waits for its turn, and whoever has the turn may wait for a reader: none is held meanwhile.
    let guess = context.guess("password", user.id.as_str(), browser).await?;
    let own = users::own(signed_in.read().await?.conn(), &user.id).await?;
    let mut code = None;
    // A passkey is two factors by itself: the device, and the person it verified.
    if proof.passkey.is_empty() {
        if !password::verify(current_password, Some(own.password_hash.clone())).await? {
            return Err(AppError::field("current_password", words::THIS_IS_NOT_YOUR_CURRENT));
        }
        if own.has_factor {
            code = Some(guess_code(context, &user.id, browser).await?);
        }
    }
    let mut tx = signed_in.begin().await?;
    let now = users::unchanged(&mut tx, &own.password_hash).await?;
    if now.has_factor || !proof.passkey.is_empty() {
        check(&mut tx, &user.id, proof).await?;
    }
    app.limits().right(&guess);
    if let Some(code) = &code {
        app.limits().right(code);
    }
    Ok(tx)
}

/// Begins a guess at somebody's code. Their known browsers count as one place, because a browser has another
/// name after each sign-in. From others there are, beside the growing delay, a few in all: so many places do
/// not make many guesses, and whoever makes them does not keep the person out of their own browser.
///
/// # Errors
/// [`AppError::TooMany`].
pub async fn guess_code(context: &RequestContext, user: &UserId, browser: Option<&str>) -> Result<Guess> {
    let limits = context.app().limits();
    let guess = context.guess("factor", user.as_str(), browser.map(|_| "known")).await?;
    if browser.is_none() {
        limits.try_address("factor", user.as_str(), context.source())?;
    }
    Ok(guess)
}
