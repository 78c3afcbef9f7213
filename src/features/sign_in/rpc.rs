//! Server functions of signing in. All are public: who calls them is not known yet.

#[cfg(feature = "ssr")]
use super::enter::{SignInProof, enter};
#[cfg(feature = "ssr")]
use super::store as pending_sign_in;
#[cfg(feature = "ssr")]
use super::words;
#[cfg(feature = "ssr")]
use crate::access::drafts::write_nothing;
#[cfg(feature = "ssr")]
use crate::access::request::Origin;
#[cfg(feature = "ssr")]
use crate::access::{Open, Public, Tx, cookies, device, session};
#[cfg(feature = "ssr")]
use crate::error::{AppError, FormErrors};
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::AuditKind;
#[cfg(feature = "ssr")]
use crate::features::audit::record::{Actor, Entry};
use crate::features::second_factor::model::{Challenge, FactorChoices, Proof};
#[cfg(feature = "ssr")]
use crate::features::users::{mail, model, store};
#[cfg(feature = "ssr")]
use crate::features::{accounts, second_factor as factors};
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use crate::platform::password;
use crate::types::Secret;
#[cfg(feature = "ssr")]
use crate::types::{EmailAddress, UserId, line};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
const REASON: &str = "signing in is what makes somebody known";

/// Where somebody goes on to after signing in: the page they came for, their only account, or the picker.
#[cfg(feature = "ssr")]
async fn after(tx: &mut Tx<Open>, user: &UserId, next: &str) -> Result<String> {
    match paths::safe_next(next) {
        paths::ACCOUNTS => accounts::store::landing(tx, user).await,
        next => Ok(next.to_owned()),
    }
}

/// Goes on to the second factor, after the password was right.
#[cfg(feature = "ssr")]
async fn awaiting_second_factor(mut tx: Tx<Open>, user: &UserId, next: &str) -> Result<Outcome> {
    cookies::set_cookie(pending_sign_in::begin(&mut tx, user).await?);
    tx.unaudited("half a sign-in is none");
    tx.commit().await?;
    Ok(Outcome::at(paths::then(paths::SIGN_IN_FACTOR, next), ""))
}

/// Notes that a user's address is proven, and opens the account they signed up for.
#[cfg(feature = "ssr")]
async fn confirm(tx: &mut Tx<Open>, user: &UserId) -> Result<()> {
    if let Some(opening) = store::set_verified(tx, user).await? {
        accounts::store::open(tx, user, &opening.name, &opening.company, &opening.email).await?;
    }
    Ok(())
}

/// How hard a password is to guess: 0 to 4, and a word of advice. The same rule that decides when it is sent.
#[server(prefix = "/rpc", endpoint = "sign-in/strength")]
pub async fn password_strength(
    #[server(default)] password: Secret,
    #[server(default)] words: String,
) -> Result<(u8, String)> {
    let public = Public::because(REASON)?;
    public.app().limits().try_source("strength", public.context().source())?;
    let words: Vec<&str> = words.split('\n').take(4).collect();
    Ok(password::strength(&password, &words))
}

/// Creates a user and an account, and mails a link to confirm the address. For an address that has a login
/// already the answer is the same; its owner is told by mail.
#[server(prefix = "/rpc", endpoint = "sign-in/sign-up")]
pub async fn sign_up(
    #[server(default)] name: String,
    #[server(default)] company: String,
    #[server(default)] email: String,
    #[server(default)] password: Secret,
) -> Result<Outcome> {
    let public = Public::because(REASON)?;
    if !public.app().config().sign_up {
        return Err(AppError::Conflict(words::NOBODY_SIGNS_UP.into()));
    }
    let mut errors = FormErrors::default();
    let name = errors.keep("name", model::name(&name));
    let company = errors.keep("company", line(&company, 200));
    let address = EmailAddress::parse(&email).map_err(|message| errors.add("email", message)).ok();
    if let Err(message) =
        password::check_new(&password, &[&email, &name, &company, &public.app().config().operator_name])
    {
        errors.add("password", message);
    }
    let Some(address) = errors.finish(address)? else { return Err(AppError::NotFound) };
    public.app().limits().try_source("sign-up", public.context().source())?;
    let hash = password::hash(&password).await?;
    let mut tx = public.begin().await?;
    match store::by_email_for_change(&mut tx, &address.key()).await? {
        Some(known) if known.verified_at.is_some() => {
            if tx.may_send("already", &known.email).await? {
                tx.send(&mail::already(public.app(), &known.name, &known.email)).await?;
            } else {
                write_nothing(&mut tx).await?;
            }
        }
        // The link in the newest mail of today keeps working.
        _ if !tx.may_send("verification", address.as_str()).await? => write_nothing(&mut tx).await?,
        known => {
            let new = store::NewUser {
                name: &name,
                email: &address,
                password_hash: &hash,
                opens_account: Some(&company),
            };
            let user = store::ask_for(&mut tx, &new, known.as_ref()).await?;
            let token = store::new_link(&mut tx, store::LinkKind::Verify, &user, address.as_str()).await?;
            tx.send(&mail::verify(public.app(), &name, address.as_str(), &token)).await?;
            tx.record_of(
                &user,
                &Actor::holder_of_link(address.as_str()),
                Entry::new(AuditKind::SignedUp, words::SIGNED_UP),
            )
            .await?;
        }
    }
    tx.unaudited("a mail to somebody who has a login");
    tx.commit().await?;
    Ok(Outcome::at(format!("{}?sent={}", paths::SIGN_UP, paths::encode(address.as_str())), ""))
}

/// The address that a link from a mail would confirm or set a new password for; `None` for a link that does
/// not work.
#[server(prefix = "/rpc", endpoint = "sign-in/link")]
pub async fn mailed_link(reset: bool, token: String) -> Result<Option<String>> {
    let public = Public::because("the secret in the link is the proof")?;
    let kind = if reset { store::LinkKind::Reset } else { store::LinkKind::Verify };
    Ok(store::link(&mut public.read().await?, kind, &token).await?.map(|link| link.email))
}

/// Confirms the address of a new login. Needs the password too, so that nobody can be made to confirm a
/// stranger's sign-up.
#[server(prefix = "/rpc", endpoint = "sign-in/verify")]
pub async fn verify_address(
    #[server(default)] token: String,
    #[server(default)] password: Secret,
) -> Result<Outcome> {
    let public = Public::because("the secret in the link is the proof")?;
    let gone = || AppError::Conflict(words::THIS_LINK_HAS_ALREADY_BEEN.into());
    let link =
        store::link(&mut public.read().await?, store::LinkKind::Verify, &token).await?.ok_or_else(gone)?;
    let guess = public.context().guess("sign-in", &link.email.to_ascii_lowercase(), None).await?;
    if !password::verify(&password, Some(link.password_hash)).await? {
        return Err(AppError::field("password", words::THIS_IS_NOT_THE_PASSWORD));
    }
    public.app().limits().right(&guess);
    let mut tx = public.begin().await?;
    let (user, _) = store::use_link(&mut tx, store::LinkKind::Verify, &token).await?.ok_or_else(gone)?;
    confirm(&mut tx, &user).await?;
    enter(
        &public,
        &mut tx,
        &user,
        &link.name,
        &link.email,
        SignInProof { proven: true, remember: false, says: words::CONFIRMED_THE_ADDRESS_AND_SIGNED },
    )
    .await?;
    let to = accounts::store::landing(&mut tx, &user).await?;
    tx.commit().await?;
    Ok(Outcome::afresh(to, words::YOUR_ADDRESS_IS_CONFIRMED_WELCOME))
}

/// Signs in with address and password; whoever has a second factor goes on to it, unless this browser is
/// remembered.
#[server(prefix = "/rpc", endpoint = "sign-in/sign-in")]
pub async fn sign_in(
    #[server(default)] email: String,
    #[server(default)] password: Secret,
    #[server(default)] next: String,
) -> Result<Outcome> {
    let public = Public::because(REASON)?;
    let key: String = email.trim().to_ascii_lowercase().chars().take(254).collect();
    if key.is_empty() {
        return Err(AppError::field("email", words::ENTER_YOUR_E_MAIL_ADDRESS_2));
    }
    let wrong = || AppError::field("password", words::THE_E_MAIL_ADDRESS_OR);
    let (context, limits) = (public.context(), public.app().limits());
    let arriving =
        store::arriving(public.read().await?.conn(), public.app().now(), &key, context.device()).await?;
    let known = arriving.as_ref().is_some_and(|arriving| arriving.known);
    let guess = context.guess("sign-in", &key, context.device().filter(|_| known)).await?;
    if password.chars().count() > password::MAX {
        return Err(wrong());
    }
    let fits =
        password::verify(&password, arriving.as_ref().map(|arriving| arriving.user.password_hash.clone()))
            .await?;
    let Some(arriving) = arriving.filter(|_| fits) else {
        tracing::warn!(source = %context.source(), "a sign-in was refused");
        return Err(wrong());
    };
    limits.right(&guess);
    let better = match password::is_bcrypt(&arriving.user.password_hash) {
        true => Some(password::hash(&password).await?),
        false => None,
    };
    let mut tx = public.begin().await?;
    // Whoever waited for the writer behind a change of the password, or behind the end of the login, has the
    // wrong one by now; and a browser may have been forgotten meanwhile.
    let now = tx.now();
    let again = store::arriving(tx.conn(), now, &key, context.device()).await?;
    let store::Arriving { user, remembered, .. } =
        again.filter(|again| again.user.password_hash == arriving.user.password_hash).ok_or_else(wrong)?;
    let id = UserId::from(user.id);
    if let Some(better) = better {
        store::set_password(&mut tx, &id, &better).await?;
    }
    if user.verified_at.is_none() {
        if !tx.may_send("verification", &user.email).await? {
            return Err(AppError::field("email", words::CONFIRM_THIS_ADDRESS_FIRST_WITH));
        }
        let token = store::new_link(&mut tx, store::LinkKind::Verify, &id, &user.email).await?;
        tx.send(&mail::verify(public.app(), &user.name, &user.email, &token)).await?;
        tx.unaudited("nobody is signed in");
        tx.commit().await?;
        return Err(AppError::field("email", words::CONFIRM_THIS_ADDRESS_FIRST_WE));
    }
    if user.has_factor && !remembered {
        return awaiting_second_factor(tx, &id, &next).await;
    }
    let says = if user.has_factor {
        words::SIGNED_IN_WITH_THE_PASSWORD
    } else {
        words::SIGNED_IN_WITH_THE_PASSWORD_2
    };
    enter(
        &public,
        &mut tx,
        &id,
        &user.name,
        &user.email,
        SignInProof { proven: !user.has_factor, remember: false, says },
    )
    .await?;
    let to = after(&mut tx, &id, &next).await?;
    tx.commit().await?;
    Ok(Outcome::afresh(to, ""))
}

/// Which second factors this browser's pending sign-in can be completed with.
#[server(prefix = "/rpc", endpoint = "sign-in/factors")]
pub async fn show_factors() -> Result<FactorChoices> {
    let public = Public::because("the password was right: a cookie says so")?;
    let mut reader = public.read().await?;
    let pending = pending_sign_in::awaited(&mut reader, public.context()).await?;
    factors::store::asked(reader.conn(), &pending.id).await
}

/// A challenge for the passkeys of whoever has a pending sign-in.
#[server(prefix = "/rpc", endpoint = "sign-in/factor-challenge")]
pub async fn factor_challenge() -> Result<Challenge> {
    let public = Public::because("the password was right: a cookie says so")?;
    public.app().limits().try_source("passkey", public.context().source())?;
    let pending = pending_sign_in::awaited(&mut public.read().await?, public.context()).await?;
    let mut tx = public.begin().await?;
    let challenge = factors::passkeys::begin_proof(&mut tx, &pending.id).await?;
    tx.unaudited("a question changes nothing");
    tx.commit().await?;
    Ok(challenge)
}

/// Completes a sign-in with the second factor.
#[server(prefix = "/rpc", endpoint = "sign-in/second-factor")]
pub async fn second_factor(
    #[server(flatten)] proof: Proof,
    #[server(default)] remember: String,
    #[server(default)] next: String,
) -> Result<Outcome> {
    let public = Public::because("the password was right: a cookie says so")?;
    let context = public.context();
    let pending = pending_sign_in::awaited(&mut public.read().await?, context).await?;
    let mut guess = None;
    if proof.passkey.is_empty() {
        let browser = device::known(public.read().await?.conn(), context, &pending.id).await?;
        guess = Some(factors::prove::guess_code(context, &pending.id, browser).await?);
    }
    // The try counts whatever becomes of it.
    let mut tx = public.begin().await?;
    let tries = pending_sign_in::count(&mut tx, context).await?;
    // By the time one more is tried, these were wrong: somebody has the password and not the rest.
    if tries == pending_sign_in::TELLING && tx.may_send("wrong-codes", &pending.email).await? {
        tx.send(&factors::mail::wrong_codes(
            public.app(),
            &pending.name,
            &pending.email,
            &Origin::of(context),
        ))
        .await?;
    }
    tx.unaudited("half a sign-in is none");
    tx.commit_step().await?;
    let mut tx = public.begin().await?;
    factors::prove::check(&mut tx, &pending.id, &proof).await?;
    cookies::set_cookie(pending_sign_in::end(&mut tx, context).await?);
    let says = match (proof.passkey.is_empty(), factors::secrets::is_app_code(&proof.code)) {
        (false, _) => words::SIGNED_IN_WITH_THE_PASSWORD_AND,
        (true, Some(_)) => words::SIGNED_IN_WITH_THE_PASSWORD_AND_A,
        (true, None) => words::SIGNED_IN_WITH_THE_PASSWORD_AND_A_RECOVERY,
    };
    enter(
        &public,
        &mut tx,
        &pending.id,
        &pending.name,
        &pending.email,
        SignInProof { proven: true, remember: !remember.is_empty(), says },
    )
    .await?;
    let to = after(&mut tx, &pending.id, &next).await?;
    tx.commit().await?;
    if let Some(guess) = &guess {
        public.app().limits().right(guess);
    }
    Ok(Outcome::afresh(to, ""))
}

/// A challenge for whatever passkey somebody has; it will say who they are.
#[server(prefix = "/rpc", endpoint = "sign-in/passkey-challenge")]
pub async fn passkey_challenge() -> Result<Challenge> {
    let public = Public::because(REASON)?;
    public.app().limits().try_source("passkey", public.context().source())?;
    let mut tx = public.begin().await?;
    let challenge = factors::passkeys::begin_sign_in(&mut tx).await?;
    tx.unaudited("a question changes nothing");
    tx.commit().await?;
    Ok(challenge)
}

/// Signs in with a passkey alone: the device, and the person it verified.
#[server(prefix = "/rpc", endpoint = "sign-in/passkey")]
pub async fn passkey_sign_in(
    #[server(flatten)] proof: Proof,
    #[server(default)] next: String,
) -> Result<Outcome> {
    let public = Public::because(REASON)?;
    public.app().limits().try_source("passkey", public.context().source())?;
    let mut tx = public.begin().await?;
    let user = factors::passkeys::sign_in(&mut tx, &proof.ceremony, &proof.passkey).await?;
    let seeds = factors::store::seeds(tx.conn(), &user).await?;
    enter(
        &public,
        &mut tx,
        &user,
        &seeds.name,
        &seeds.email,
        SignInProof { proven: true, remember: false, says: words::SIGNED_IN_WITH_A_PASSKEY },
    )
    .await?;
    let to = after(&mut tx, &user, &next).await?;
    tx.commit().await?;
    Ok(Outcome::afresh(to, ""))
}

/// Ends the session of this browser. With `next`, somebody else can sign in and go on there.
#[server(prefix = "/rpc", endpoint = "sign-in/sign-out")]
pub async fn sign_out(#[server(default)] next: String) -> Result<Outcome> {
    let public = Public::because("signing out twice does no harm")?;
    if let Some(user) = public.user().await? {
        let mut tx = public.begin().await?;
        session::end(&mut tx, public.context()).await?;
        tx.record_of(
            &user.id,
            &Actor::person(&user.id, &user.name),
            Entry::new(AuditKind::SignedOut, words::SIGNED_OUT),
        )
        .await?;
        tx.commit().await?;
    }
    cookies::set_cookie(session::no_cookie(public.context()));
    let to = if next.is_empty() {
        paths::SIGN_IN.to_owned()
    } else {
        paths::sign_in_then(paths::safe_next(&next))
    };
    Ok(Outcome::afresh(to, words::YOU_ARE_SIGNED_OUT))
}

/// Mails a link to set a new password, if the address has a login. The answer is the same if not.
#[server(prefix = "/rpc", endpoint = "sign-in/forgot-password")]
pub async fn forgot_password(#[server(default)] email: String) -> Result<Outcome> {
    let public = Public::because(REASON)?;
    let address = EmailAddress::parse(&email).map_err(|message| AppError::field("email", message))?;
    public.app().limits().try_source("forgot", public.context().source())?;
    let mut tx = public.begin().await?;
    let known = store::by_email_for_change(&mut tx, &address.key()).await?;
    let token = match &known {
        // Mail to who has not confirmed counts. That it does must not be told: then the address has no login.
        Some(user) if user.verified_at.is_some() || tx.may_send("password-reset", &user.email).await? => {
            store::new_reset_link(&mut tx, &user.id.clone().into(), &user.email).await?
        }
        _ => None,
    };
    match known.zip(token) {
        Some((user, token)) => tx.send(&mail::reset(public.app(), &user.name, &user.email, &token)).await?,
        // Something is written either way, so that the time it takes does not tell.
        None => write_nothing(&mut tx).await?,
    }
    tx.unaudited("anybody can ask; what comes of it does");
    tx.commit().await?;
    Ok(Outcome::at(format!("{}?sent={}", paths::FORGOT_PASSWORD, paths::encode(address.as_str())), ""))
}

/// Sets a new password with a link from a mail, ends all sessions and starts one here.
#[server(prefix = "/rpc", endpoint = "sign-in/reset-password")]
pub async fn reset_password(
    #[server(default)] token: String,
    #[server(default)] password: Secret,
) -> Result<Outcome> {
    let public = Public::because("the secret in the link is the proof")?;
    let gone = || AppError::Conflict(words::THIS_LINK_HAS_ALREADY_BEEN_USED.into());
    let link =
        store::link(&mut public.read().await?, store::LinkKind::Reset, &token).await?.ok_or_else(gone)?;
    password::check_new(&password, &[&link.email, &link.name, &public.app().config().operator_name])
        .map_err(|message| AppError::field("password", message))?;
    let hash = password::hash(&password).await?;
    let mut tx = public.begin().await?;
    let (user, _) = store::use_link(&mut tx, store::LinkKind::Reset, &token).await?.ok_or_else(gone)?;
    store::set_password(&mut tx, &user, &hash).await?;
    confirm(&mut tx, &user).await?;
    store::clear_all_links(&mut tx, &user).await?;
    session::end_all(&mut tx, &user).await?;
    device::distrust_others(&mut tx, public.context(), &user).await?;
    pending_sign_in::end_of(&mut tx, &user).await?;
    tx.send(&mail::password_changed(public.app(), &link.name, &link.email)).await?;
    tx.record_of(
        &user,
        &Actor::person(&user, &link.name),
        Entry::new(AuditKind::PasswordChanged, words::SET_A_NEW_PASSWORD_WITH),
    )
    .await?;
    // The mail proves the mailbox, which is one factor and not the other.
    if store::own(tx.conn(), &user).await?.has_factor {
        cookies::set_cookie(pending_sign_in::begin(&mut tx, &user).await?);
        tx.commit().await?;
        return Ok(Outcome::at(paths::SIGN_IN_FACTOR, words::YOUR_NEW_PASSWORD_IS_SET));
    }
    enter(
        &public,
        &mut tx,
        &user,
        &link.name,
        &link.email,
        SignInProof { proven: true, remember: false, says: words::SIGNED_IN_WITH_A_LINK },
    )
    .await?;
    let to = accounts::store::landing(&mut tx, &user).await?;
    tx.commit().await?;
    Ok(Outcome::afresh(to, words::YOUR_NEW_PASSWORD_IS_SET_2))
}

/// The logins of the demo: their common password, and name, address and purpose of each.
pub type Demo = (String, Vec<(String, String, String)>);

/// The logins of the demo; `None` unless the data directory is marked as a demo.
#[server(prefix = "/rpc", endpoint = "sign-in/demo-logins")]
pub async fn demo_logins() -> Result<Option<Demo>> {
    let public = Public::because("demo mode only: its logins are public")?;
    let (password, logins) = public.app().given().demo_logins;
    let logins =
        || logins.iter().map(|(name, email, why)| ((*name).into(), (*email).into(), (*why).into())).collect();
    Ok(public.app().config().demo.then(|| (password.into(), logins())))
}
