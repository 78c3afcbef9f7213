//! Server functions for one's own login.

use super::model::Me;
#[cfg(feature = "ssr")]
use super::{mail, model, store};
use crate::error::{Done, Result};
#[cfg(feature = "ssr")]
use crate::{
    error::{AppError, FormErrors},
    paths,
    server::{
        access::{Public, SignedIn},
        password, session,
    },
    types::EmailAddress,
};
use leptos::prelude::*;

/// Who is signed in.
#[server(prefix = "/rpc", endpoint = "users/me")]
pub async fn who_am_i() -> Result<Me> {
    let signed_in = SignedIn::now().await?;
    let user = signed_in.user();
    Ok(Me { name: user.name.clone(), email: user.email.clone(), now: signed_in.house().now() })
}

/// Changes one's name.
#[server(prefix = "/rpc", endpoint = "users/save-name")]
pub async fn save_name(#[server(default)] name: String) -> Result<Done> {
    let signed_in = SignedIn::now().await?;
    let name = model::name(&name).map_err(|message| AppError::field("name", message))?;
    let mut tx = signed_in.begin().await?;
    let user = tx.user().clone();
    store::set_name(&mut tx, &user, &name).await?;
    tx.commit().await?;
    Ok(Done::at(paths::PROFILE, "Your name is saved."))
}

/// Changes one's password and ends the sessions of other browsers.
#[server(prefix = "/rpc", endpoint = "users/change-password")]
pub async fn change_password(#[server(default)] current_password: String, #[server(default)] new_password: String) -> Result<Done> {
    let signed_in = SignedIn::now().await?;
    let user = signed_in.user();
    signed_in.house().limits().try_address("password", &user.email, signed_in.visit().source())?;
    let own = store::own(&mut signed_in.read().await?).await?;
    let mut errors = FormErrors::default();
    if !password::verify(&current_password, Some(own.password_hash)).await? {
        errors.add("current_password", "This is not your current password.");
    }
    if let Err(message) = password::check_new(&new_password, &[&user.email, &user.name]) {
        errors.add("new_password", message);
    }
    errors.finish(())?;
    let hash = password::hash(&new_password).await?;
    let mut tx = signed_in.begin().await?;
    store::set_password(&mut tx, &user.id, &hash).await?;
    store::clear_all_links(&mut tx, &user.id).await?;
    session::end_others(&mut tx, signed_in.visit()).await?;
    tx.send(&mail::password_changed(signed_in.house(), &user.name, &user.email)).await?;
    tx.commit().await?;
    Ok(Done::at(paths::SECURITY, "Your password is changed. Other browsers are signed out."))
}

/// Asks for another address; it counts once the mail to it was confirmed. The answer is the same when another login has it.
#[server(prefix = "/rpc", endpoint = "users/change-email")]
pub async fn change_email(#[server(default)] email: String, #[server(default)] current_password: String) -> Result<Done> {
    let signed_in = SignedIn::now().await?;
    let user = signed_in.user();
    signed_in.house().limits().try_address("password", &user.email, signed_in.visit().source())?;
    let mut errors = FormErrors::default();
    let email = EmailAddress::parse(&email).map_err(|message| errors.add("email", message)).ok();
    let own = store::own(&mut signed_in.read().await?).await?;
    if !password::verify(&current_password, Some(own.password_hash)).await? {
        errors.add("current_password", "This is not your current password.");
    }
    let Some(email) = errors.finish(email)? else { return Err(AppError::NotFound) };
    let mut tx = signed_in.begin().await?;
    let message = match store::by_email_for_change(&mut tx, &email.key()).await? {
        Some(other) if other.id != user.id.as_str() && other.verified_at.is_some() => mail::already(signed_in.house(), &other.name, &other.email),
        _ => {
            let token = store::new_link(&mut tx, store::LinkKind::Email, &user.id, email.as_str()).await?;
            mail::confirm_email(signed_in.house(), &user.name, email.as_str(), &token)
        }
    };
    tx.send(&message).await?;
    tx.commit().await?;
    Ok(Done::at(paths::SECURITY, format!("We sent a mail to {email}. Your address changes once you confirm it there.")))
}

/// The address that a link from a mail would confirm.
#[server(prefix = "/rpc", endpoint = "users/email-link")]
pub async fn email_link(token: String) -> Result<Option<String>> {
    let public = Public::because("the secret in the link is the proof")?;
    let found = store::link(&mut public.read().await?, store::LinkKind::Email, &token).await?;
    Ok(found.map(|link| link.email))
}

/// Confirms a changed address. Needs the session that asked for it: otherwise a stranger who presses the button in a mail would
/// lend their address to somebody else's login.
#[server(prefix = "/rpc", endpoint = "users/confirm-email")]
pub async fn confirm_email(#[server(default)] token: String) -> Result<Done> {
    let signed_in = SignedIn::now().await?;
    let gone = || AppError::Conflict("This link is not for this login, was used already or is too old. Ask for a new one on the Security page.".into());
    let mut tx = signed_in.begin().await?;
    let (user, email) = store::use_link(&mut tx, store::LinkKind::Email, &token).await?.ok_or_else(gone)?;
    if &user != tx.user() {
        return Err(gone());
    }
    let email = EmailAddress::parse(&email).map_err(AppError::BadRequest)?;
    store::forget_unverified(&mut tx, &email.key()).await?;
    store::set_email(&mut tx, &user, &email).await?;
    store::clear_all_links(&mut tx, &user).await?;
    let old = signed_in.user();
    tx.send(&mail::email_changed(signed_in.house(), &old.name, &old.email, email.as_str())).await?;
    tx.commit().await?;
    Ok(Done::at(paths::SECURITY, format!("Your login now has the address {email}.")))
}
