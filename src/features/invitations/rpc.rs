//! Server functions of whoever was invited. Making, resending and withdrawing belong to `contacts`.

use super::model::Offer;
#[cfg(feature = "ssr")]
use super::words;
#[cfg(feature = "ssr")]
use super::{mail, store};
#[cfg(feature = "ssr")]
use crate::access::{OfUser, Public, SignedIn, Tx};
#[cfg(feature = "ssr")]
use crate::error::{AppError, FormErrors};
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::AuditKind;
#[cfg(feature = "ssr")]
use crate::features::audit::record::{Actor, Entry};
#[cfg(feature = "ssr")]
use crate::features::sign_in::enter::{SignInProof, enter as sign_in};
#[cfg(feature = "ssr")]
use crate::features::users;
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use crate::platform::password;
#[cfg(feature = "ssr")]
use crate::types::EmailAddress;
use crate::types::{InvitationId, Secret};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
const REASON: &str = "the secret in the link is the proof";

#[cfg(feature = "ssr")]
fn gone() -> AppError {
    AppError::Conflict(words::THIS_INVITATION_CANNOT_BE_ANSWERED.into())
}

/// The invitation behind a link, as this viewer may see it.
#[server(prefix = "/rpc", endpoint = "invitations/offer")]
pub async fn show_offer(token: String) -> Result<Offer> {
    let public = Public::because(REASON)?;
    public.app().limits().try_source("invitation", public.context().source())?;
    let viewer = public.user().await?.map(|user| user.email);
    Ok(store::by_token(&mut public.read().await?, &token, viewer.as_deref()).await?.offer)
}

/// Creates a login for the invited address. With the mailed link it is ready at once; with a copied one the
/// address has to be confirmed first, and the answer is the same whether or not it has a login.
#[server(prefix = "/rpc", endpoint = "invitations/join")]
pub async fn join(
    #[server(default)] token: String,
    #[server(default)] name: String,
    #[server(default)] password: Secret,
) -> Result<Outcome> {
    let public = Public::because(REASON)?;
    public.app().limits().try_source("invitation", public.context().source())?;
    let found = store::by_token(&mut public.read().await?, &token, None).await?;
    let Offer::Open(open) = found.offer else { return Err(gone()) };
    let mut errors = FormErrors::default();
    let name = errors.keep("name", users::model::name(&name));
    if let Err(message) =
        password::check_new(&password, &[&open.email, &name, &public.app().config().operator_name])
    {
        errors.add("password", message);
    }
    errors.finish(())?;
    public.app().limits().try_source("sign-up", public.context().source())?;
    let email = EmailAddress::parse(&open.email).map_err(|message| AppError::field("name", message))?;
    let hash = password::hash(&password).await?;
    let mut tx = public.begin().await?;
    let known = users::store::by_email_for_change(&mut tx, &email.key()).await?;
    let verified = known.as_ref().filter(|user| user.verified_at.is_some()).cloned();
    if let Some(user) = verified {
        if found.proves {
            return Err(AppError::Conflict(words::already_has_a_login_sign(&email)));
        }
        if tx.may_send("already", &user.email).await? {
            tx.send(&users::mail::already(public.app(), &user.name, &user.email)).await?;
        }
        tx.unaudited("a mail to somebody who has a login");
        tx.commit().await?;
        return Ok(Outcome::at(format!("{}?sent={}", paths::SIGN_UP, paths::encode(email.as_str())), ""));
    }
    let sent = Outcome::at(format!("{}?sent={}", paths::SIGN_UP, paths::encode(email.as_str())), "");
    if !found.proves && !tx.may_send("verification", email.as_str()).await? {
        return Ok(sent);
    }
    // An unconfirmed sign-up with this address proved nothing, so it gives way. Who was invited gets no
    // account of their own.
    let new = users::store::NewUser { name: &name, email: &email, password_hash: &hash, opens_account: None };
    let user = users::store::ask_for(&mut tx, &new, known.as_ref()).await?;
    if found.proves {
        users::store::set_verified(&mut tx, &user).await?;
        users::store::clear_all_links(&mut tx, &user).await?;
        sign_in(
            &public,
            &mut tx,
            &user,
            &name,
            email.as_str(),
            SignInProof { proven: true, remember: false, says: words::CREATED_A_LOGIN_FOR_AN },
        )
        .await?;
        tx.commit().await?;
        return Ok(Outcome::afresh(paths::invitation(&token), words::YOUR_LOGIN_IS_READY));
    }
    let link = users::store::new_link(&mut tx, users::store::LinkKind::Verify, &user, email.as_str()).await?;
    tx.send(&users::mail::verify(public.app(), &name, email.as_str(), &link)).await?;
    tx.record_of(
        &user,
        &Actor::holder_of_link(email.as_str()),
        Entry::new(AuditKind::SignedUp, words::SIGNED_UP_WITH_AN_INVITATION),
    )
    .await?;
    tx.commit().await?;
    Ok(sent)
}

#[cfg(feature = "ssr")]
async fn enter(mut tx: Tx<OfUser>, invitation: &InvitationId) -> Result<Outcome> {
    let store::Accepted { account, contact } = store::accept(&mut tx, invitation).await?;
    let person = tx.person().clone();
    // Once, however often it is asked.
    if let Some(contact) = contact {
        let says = words::accepted_the_invitation_and_can(&person.email);
        let entry = Entry::new(AuditKind::InvitationAccepted, says).about(&contact);
        tx.record_for(&account, &Actor::person(&person.id, &person.name), entry).await?;
        if let Some(answered) = store::who_hears(&mut tx, invitation).await? {
            let message = mail::accepted(tx.app(), &answered, &person.name, &contact);
            tx.send(&message).await?;
        }
    }
    tx.commit().await?;
    Ok(Outcome::afresh(paths::account(&account), words::YOU_CAN_ENTER_THIS_ACCOUNT))
}

/// Accepts the invitation for one's verified address.
#[server(prefix = "/rpc", endpoint = "invitations/accept")]
pub async fn accept_invitation(invitation: InvitationId) -> Result<Outcome> {
    let signed_in = SignedIn::now().await?;
    let mut tx = signed_in.begin().await?;
    if !store::is_for(&mut tx, &invitation, &signed_in.user().email).await? {
        return Err(AppError::NotFound);
    }
    enter(tx, &invitation).await
}

/// Declines the invitation for one's verified address; whoever sent it is told.
#[server(prefix = "/rpc", endpoint = "invitations/decline")]
pub async fn decline_invitation(invitation: InvitationId) -> Result<Outcome> {
    let signed_in = SignedIn::now().await?;
    let mut tx = signed_in.begin().await?;
    if !store::is_for(&mut tx, &invitation, &signed_in.user().email).await? {
        return Err(AppError::NotFound);
    }
    let refusal = store::decline(&mut tx, &invitation).await?.ok_or_else(gone)?;
    tx.send(&mail::declined(signed_in.app(), &refusal)).await?;
    let by = Actor::person(&signed_in.user().id, &signed_in.user().name);
    tx.record_for(
        &refusal.account,
        &by,
        Entry::new(AuditKind::InvitationDeclined, words::declined_the_invitation_to(&refusal.email)),
    )
    .await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::ACCOUNTS, words::you_declined_the_invitation_to(&refusal.account_name)))
}

/// Declines with the mailed link, without a login.
#[server(prefix = "/rpc", endpoint = "invitations/decline-by-link")]
pub async fn decline_by_link(#[server(default)] token: String) -> Result<Outcome> {
    let public = Public::because(REASON)?;
    public.app().limits().try_source("invitation", public.context().source())?;
    let found = store::by_token(&mut public.read().await?, &token, None).await?;
    let Offer::Open(open) = found.offer else { return Err(gone()) };
    if !found.proves {
        return Err(AppError::NotFound);
    }
    let mut tx = public.begin().await?;
    let refusal = store::decline(&mut tx, &open.id).await?.ok_or_else(gone)?;
    tx.send(&mail::declined(public.app(), &refusal)).await?;
    let by = Actor::holder_of_link(&refusal.email);
    tx.record_for(
        &refusal.account,
        &by,
        Entry::new(AuditKind::InvitationDeclined, words::DECLINED_THE_INVITATION),
    )
    .await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::invitation(&token), ""))
}
