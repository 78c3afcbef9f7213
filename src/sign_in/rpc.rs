//! Server functions of signing in. All are public: who calls them is not known yet.

use crate::error::{Done, Result};
#[cfg(feature = "ssr")]
use crate::{
    accounts, demo,
    error::{AppError, FormErrors},
    paths,
    server::{
        access::{Open, Public, Tx},
        password, session,
    },
    types::{EmailAddress, UserId, line},
    users::{mail, model, store},
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
const REASON: &str = "signing in is what makes somebody known";

/// Sets the session cookie for a user.
#[cfg(feature = "ssr")]
pub(crate) async fn start_session(public: &Public, tx: &mut Tx<Open>, user: &UserId) -> Result<()> {
    let cookie = session::start(tx, public.visit(), user).await?;
    expect_context::<leptos_axum::ResponseOptions>().append_header(axum::http::header::SET_COOKIE, cookie);
    Ok(())
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
pub async fn password_strength(#[server(default)] password: String, #[server(default)] words: String) -> Result<(u8, String)> {
    let public = Public::because(REASON)?;
    public.house().limits().try_source("strength", public.visit().source())?;
    let words: Vec<&str> = words.split('\n').take(4).collect();
    Ok(password::strength(&password, &words))
}

/// Creates a user and an account, and mails a link to confirm the address. For an address that has a login already the answer
/// is the same; its owner is told by mail.
#[server(prefix = "/rpc", endpoint = "sign-in/sign-up")]
pub async fn sign_up(
    #[server(default)] name: String,
    #[server(default)] company: String,
    #[server(default)] email: String,
    #[server(default)] password: String,
) -> Result<Done> {
    let public = Public::because(REASON)?;
    let mut errors = FormErrors::default();
    let name = errors.keep("name", model::name(&name));
    let company = errors.keep("company", line(&company, 200));
    let address = EmailAddress::parse(&email).map_err(|message| errors.add("email", message)).ok();
    if let Err(message) = password::check_new(&password, &[&email, &name, &company]) {
        errors.add("password", message);
    }
    let Some(address) = errors.finish(address)? else { return Err(AppError::NotFound) };
    public.house().limits().try_address("sign-up", &address.key(), public.visit().source())?;
    let hash = password::hash(&password).await?;
    let mut tx = public.begin().await?;
    match store::by_email_for_change(&mut tx, &address.key()).await? {
        Some(known) if known.verified_at.is_some() => {
            tx.send(&mail::already(public.house(), &known.name, &known.email)).await?;
        }
        known => {
            let new = store::NewUser { name: &name, email: &address, password_hash: &hash, opens_account: Some(&company) };
            let user = store::ask_for(&mut tx, &new, known.as_ref()).await?;
            let token = store::new_link(&mut tx, store::LinkKind::Verify, &user, address.as_str()).await?;
            tx.send(&mail::verify(public.house(), &name, address.as_str(), &token)).await?;
        }
    }
    tx.commit().await?;
    Ok(Done::at(format!("{}?sent={}", paths::SIGN_UP, paths::encode(address.as_str())), ""))
}

/// The address that a link from a mail would confirm or set a new password for; `None` for a link that does not work.
#[server(prefix = "/rpc", endpoint = "sign-in/link")]
pub async fn mailed_link(reset: bool, token: String) -> Result<Option<String>> {
    let public = Public::because("the secret in the link is the proof")?;
    let kind = if reset { store::LinkKind::Reset } else { store::LinkKind::Verify };
    Ok(store::link(&mut public.read().await?, kind, &token).await?.map(|link| link.email))
}

/// Confirms the address of a new login. Needs the password too, so that nobody can be made to confirm a stranger's sign-up.
#[server(prefix = "/rpc", endpoint = "sign-in/verify")]
pub async fn verify_address(#[server(default)] token: String, #[server(default)] password: String) -> Result<Done> {
    let public = Public::because("the secret in the link is the proof")?;
    let gone = || AppError::Conflict("This link was used already or is too old. Sign in to get a new one.".into());
    let link = store::link(&mut public.read().await?, store::LinkKind::Verify, &token).await?.ok_or_else(gone)?;
    public.house().limits().try_address("sign-in", &link.email.to_ascii_lowercase(), public.visit().source())?;
    if !password::verify(&password, Some(link.password_hash)).await? {
        return Err(AppError::field("password", "This is not the password that was chosen at sign-up."));
    }
    let mut tx = public.begin().await?;
    let (user, _) = store::use_link(&mut tx, store::LinkKind::Verify, &token).await?.ok_or_else(gone)?;
    confirm(&mut tx, &user).await?;
    start_session(&public, &mut tx, &user).await?;
    let to = accounts::store::landing(&mut tx, &user).await?;
    tx.commit().await?;
    Ok(Done::afresh(to, "Your address is confirmed. Welcome."))
}

/// Signs in.
#[server(prefix = "/rpc", endpoint = "sign-in/sign-in")]
pub async fn sign_in(#[server(default)] email: String, #[server(default)] password: String, #[server(default)] next: String) -> Result<Done> {
    let public = Public::because(REASON)?;
    let key = email.trim().to_ascii_lowercase();
    if key.is_empty() {
        return Err(AppError::field("email", "Enter your e-mail address."));
    }
    public.house().limits().try_address("sign-in", &key.chars().take(254).collect::<String>(), public.visit().source())?;
    let wrong = || AppError::field("password", "The e-mail address or the password is wrong.");
    if password.chars().count() > password::MAX {
        return Err(wrong());
    }
    let known = store::by_email(&mut public.read().await?, &key).await?;
    let fits = password::verify(&password, known.as_ref().map(|user| user.password_hash.clone())).await?;
    let Some(user) = known.filter(|_| fits) else { return Err(wrong()) };
    let id = UserId::from(user.id);
    let mut tx = public.begin().await?;
    if user.verified_at.is_none() {
        let token = store::new_link(&mut tx, store::LinkKind::Verify, &id, &user.email).await?;
        tx.send(&mail::verify(public.house(), &user.name, &user.email, &token)).await?;
        tx.commit().await?;
        return Err(AppError::field("email", "Confirm this address first: we sent a new link to it."));
    }
    start_session(&public, &mut tx, &id).await?;
    let to = match paths::safe_next(&next) {
        paths::ACCOUNTS => accounts::store::landing(&mut tx, &id).await?,
        next => next.to_owned(),
    };
    tx.commit().await?;
    Ok(Done::afresh(to, ""))
}

/// Ends the session of this browser. With `next`, somebody else can sign in and go on there.
#[server(prefix = "/rpc", endpoint = "sign-in/sign-out")]
pub async fn sign_out(#[server(default)] next: String) -> Result<Done> {
    let public = Public::because("signing out twice does no harm")?;
    let mut tx = public.begin().await?;
    let cookie = session::end(&mut tx, public.visit()).await?;
    tx.commit().await?;
    expect_context::<leptos_axum::ResponseOptions>().append_header(axum::http::header::SET_COOKIE, cookie);
    let to = if next.is_empty() { paths::SIGN_IN.to_owned() } else { paths::sign_in_then(paths::safe_next(&next)) };
    Ok(Done::afresh(to, "You are signed out."))
}

/// Mails a link to set a new password, if the address has a login. The answer is the same if not.
#[server(prefix = "/rpc", endpoint = "sign-in/forgot-password")]
pub async fn forgot_password(#[server(default)] email: String) -> Result<Done> {
    let public = Public::because(REASON)?;
    let address = EmailAddress::parse(&email).map_err(|message| AppError::field("email", message))?;
    public.house().limits().try_address("forgot", &address.key(), public.visit().source())?;
    let mut tx = public.begin().await?;
    match store::by_email_for_change(&mut tx, &address.key()).await? {
        Some(user) => {
            let token = store::new_link(&mut tx, store::LinkKind::Reset, &UserId::from(user.id), &user.email).await?;
            tx.send(&mail::reset(public.house(), &user.name, &user.email, &token)).await?;
        }
        // Something is written either way, so that the time it takes does not tell.
        None => crate::server::forms::write_nothing(&mut tx).await?,
    }
    tx.commit().await?;
    Ok(Done::at(format!("{}?sent={}", paths::FORGOT_PASSWORD, paths::encode(address.as_str())), ""))
}

/// Sets a new password with a link from a mail, ends all sessions and starts one here.
#[server(prefix = "/rpc", endpoint = "sign-in/reset-password")]
pub async fn reset_password(#[server(default)] token: String, #[server(default)] password: String) -> Result<Done> {
    let public = Public::because("the secret in the link is the proof")?;
    let gone = || AppError::Conflict("This link was used already or is older than one hour. Ask for a new one.".into());
    let link = store::link(&mut public.read().await?, store::LinkKind::Reset, &token).await?.ok_or_else(gone)?;
    password::check_new(&password, &[&link.email, &link.name]).map_err(|message| AppError::field("password", message))?;
    let hash = password::hash(&password).await?;
    let mut tx = public.begin().await?;
    let (user, _) = store::use_link(&mut tx, store::LinkKind::Reset, &token).await?.ok_or_else(gone)?;
    store::set_password(&mut tx, &user, &hash).await?;
    confirm(&mut tx, &user).await?;
    store::clear_all_links(&mut tx, &user).await?;
    session::end_all(&mut tx, &user).await?;
    start_session(&public, &mut tx, &user).await?;
    tx.send(&mail::password_changed(public.house(), &link.name, &link.email)).await?;
    let to = accounts::store::landing(&mut tx, &user).await?;
    tx.commit().await?;
    Ok(Done::afresh(to, "Your new password is set."))
}

/// The logins of the demo: their common password, and name, address and purpose of each.
pub type Demo = (String, Vec<(String, String, String)>);

/// The logins of the demo; `None` unless the data directory is marked as a demo.
#[server(prefix = "/rpc", endpoint = "sign-in/demo-logins")]
pub async fn demo_logins() -> Result<Option<Demo>> {
    let public = Public::because("demo mode only: its logins are public")?;
    let logins = || demo::LOGINS.iter().map(|login| (login.name.into(), login.email.into(), login.why.into())).collect();
    Ok(public.house().config().demo.then(|| (demo::PASSWORD.into(), logins())))
}
