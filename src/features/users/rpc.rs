//! Server functions for one's own login.

#[cfg(feature = "ssr")]
use super::model::{self, SessionView};
use super::model::{Farewell, Me, OwnProfile, Security};
#[cfg(feature = "ssr")]
use super::words;
#[cfg(feature = "ssr")]
use super::{mail, store};
#[cfg(feature = "ssr")]
use crate::access::{Public, SignedIn, cookies, device, session, staff, zone};
#[cfg(feature = "ssr")]
use crate::error::{AppError, FormErrors};
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::{AuditChange, AuditKind};
#[cfg(feature = "ssr")]
use crate::features::audit::record::{Actor, Entry};
#[cfg(feature = "ssr")]
use crate::features::permissions::words::{Summary, phrase};
#[cfg(feature = "ssr")]
use crate::features::sign_in::store as pending_sign_in;
#[cfg(feature = "ssr")]
use crate::features::{audit, contacts, ownership, second_factor as factors};
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use crate::permission::{Permissions, join_and};
#[cfg(feature = "ssr")]
use crate::platform::limits::Guess;
#[cfg(feature = "ssr")]
use crate::platform::password;
use crate::types::Secret;
#[cfg(feature = "ssr")]
use crate::types::{AccountId, DateFormat, EmailAddress, LANGUAGES, Theme};
use leptos::prelude::*;

/// Who is signed in.
#[server(prefix = "/rpc", endpoint = "users/me")]
pub async fn who_am_i() -> Result<Me> {
    let signed_in = SignedIn::now().await?;
    let last = store::last_account(&mut signed_in.read().await?).await?;
    let user = signed_in.user();
    Ok(Me { name: user.name.clone(), email: user.email.clone(), last, now: signed_in.app().now() })
}

/// Chooses light or dark for this browser.
#[server(prefix = "/rpc", endpoint = "users/choose-theme")]
pub async fn choose_theme(
    #[server(default)] theme: String,
    #[server(default)] back: String,
) -> Result<Outcome> {
    const YEAR: i64 = 365 * 24 * 60 * 60;
    let signed_in = SignedIn::now().await?;
    let theme = Theme::from_key(&theme).unwrap_or_default();
    let secure = signed_in.app().config().secure();
    cookies::set_cookie(cookies::cookie(cookies::theme_name(secure), secure, theme.key(), YEAR));
    Ok(Outcome::at(paths::safe_next(&back), ""))
}

/// One's own profile, for the form.
#[server(prefix = "/rpc", endpoint = "users/profile")]
pub async fn show_own_profile() -> Result<OwnProfile> {
    let signed_in = SignedIn::now().await?;
    let user = signed_in.user();
    let chosen = store::chosen(signed_in.read().await?.conn(), &user.id).await?;
    let zone::Chosen { language, time_zone, date_format, version } = chosen;
    let (name, email) = (user.name.clone(), user.email.clone());
    Ok(OwnProfile {
        version,
        name,
        email,
        language,
        time_zone,
        date_format,
        zones: zone::names(),
        now: signed_in.app().now(),
    })
}

/// Changes one's name and how one reads times.
#[server(prefix = "/rpc", endpoint = "users/save-profile")]
pub async fn save_own_profile(
    #[server(default)] version: i64,
    #[server(default)] name: String,
    #[server(default)] language: String,
    #[server(default)] time_zone: String,
    #[server(default)] date_format: String,
) -> Result<Outcome> {
    let signed_in = SignedIn::now().await?;
    let mut errors = FormErrors::default();
    let name = errors.keep("name", model::name(&name));
    if !LANGUAGES.iter().any(|(tag, _)| *tag == language) {
        errors.add("language", words::CHOOSE_A_LANGUAGE_FROM_THE);
    }
    if !zone::exists(&time_zone) {
        errors.add("time_zone", words::CHOOSE_A_TIME_ZONE_FROM);
    }
    if DateFormat::from_key(&date_format).is_none() {
        errors.add("date_format", words::CHOOSE_A_DATE_FORMAT_FROM);
    }
    errors.finish(())?;
    let chosen = zone::Chosen { language, time_zone, date_format, version };
    let mut tx = signed_in.begin().await?;
    let person = tx.person().clone();
    let before = store::chosen(tx.conn(), &person.id).await?;
    if !store::set_profile(&mut tx, version, &name, &chosen).await? {
        return Err(AppError::Conflict(words::YOUR_PROFILE_WAS_CHANGED_WHILE.into()));
    }
    let changes = [
        AuditChange::between(words::NAME, person.name, name),
        AuditChange::between(words::LANGUAGE, before.language, &chosen.language),
        AuditChange::between(words::TIME_ZONE, before.time_zone, &chosen.time_zone),
        AuditChange::between(words::DATE_FORMAT, before.date_format, &chosen.date_format),
    ];
    tx.record(
        Entry::new(AuditKind::NameChanged, words::CHANGED_THE_PROFILE).with(changes.into_iter().flatten()),
    )
    .await?;
    tx.commit().await?;
    cookies::set_cookie(zone::cookie_of(signed_in.app(), &chosen));
    // Times are written anew on every page.
    Ok(Outcome::afresh(paths::PROFILE, words::CHANGES_SAVED))
}

/// Everything on the page "Security".
#[server(prefix = "/rpc", endpoint = "users/security")]
pub async fn show_security() -> Result<Security> {
    let signed_in = SignedIn::now().await?;
    let user = signed_in.user();
    let mut reader = signed_in.read().await?;
    let sessions =
        session::of_user(&mut reader, signed_in.context()).await?.into_iter().map(|known| SessionView {
            id: known.id,
            browser: crate::types::browser_name(&known.agent),
            source: known.source,
            since: known.since,
            used: known.used,
            here: known.here,
        });
    let sessions = sessions.collect();
    let factors = factors::store::factors(&mut reader).await?;
    let recent = audit::store::of_user(&mut reader).await?;
    Ok(Security {
        name: user.name.clone(),
        email: user.email.clone(),
        factors,
        sessions,
        recent,
        now: signed_in.app().now(),
    })
}

/// Signs one browser out.
#[server(prefix = "/rpc", endpoint = "users/end-session")]
pub async fn end_session(#[server(default)] session: String) -> Result<Outcome> {
    let signed_in = SignedIn::now().await?;
    let mut tx = signed_in.begin().await?;
    let agent = session::end_one(&mut tx, &session).await?.ok_or(AppError::NotFound)?;
    let browser = match crate::types::browser_name(&agent) {
        name if name.is_empty() => words::THE_OTHER_BROWSER.to_owned(),
        name => name,
    };
    // Which browser it is, the session does not say: none is spared the second factor any more.
    device::forget_others(&mut tx, signed_in.context(), &signed_in.user().id).await?;
    tx.record(Entry::new(AuditKind::SignedOut, words::signed_out(&browser))).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::SECURITY, words::signed_out_2(&browser)))
}

/// Signs every other browser out, and asks all of them for the second factor again.
#[server(prefix = "/rpc", endpoint = "users/end-other-sessions")]
pub async fn end_other_sessions() -> Result<Outcome> {
    let signed_in = SignedIn::now().await?;
    let mut tx = signed_in.begin().await?;
    session::end_others(&mut tx, signed_in.context()).await?;
    device::distrust_others(&mut tx, signed_in.context(), &signed_in.user().id).await?;
    tx.record(Entry::new(AuditKind::SignedOut, words::SIGNED_EVERY_OTHER_BROWSER_OUT)).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::SECURITY, words::EVERY_OTHER_BROWSER_WAS_SIGNED))
}

/// Begins a guess at one's own password: whoever has a stolen session has not the browser.
#[cfg(feature = "ssr")]
async fn begin_guess(signed_in: &SignedIn) -> Result<Guess> {
    let (context, user) = (signed_in.context(), &signed_in.user().id);
    let browser = device::known(signed_in.read().await?.conn(), context, user).await?;
    context.guess("password", user.as_str(), browser).await
}

/// Changes one's password and ends the sessions of other browsers.
#[server(prefix = "/rpc", endpoint = "users/change-password")]
pub async fn change_password(
    #[server(default)] current_password: Secret,
    #[server(default)] new_password: Secret,
) -> Result<Outcome> {
    let signed_in = SignedIn::now().await?.with_every_factor()?;
    let user = signed_in.user();
    let guess = begin_guess(&signed_in).await?;
    let own = store::own(signed_in.read().await?.conn(), &user.id).await?;
    let mut errors = FormErrors::default();
    match password::verify(&current_password, Some(own.password_hash.clone())).await? {
        true => signed_in.app().limits().right(&guess),
        false => errors.add("current_password", words::THIS_IS_NOT_YOUR_CURRENT),
    }
    if let Err(message) = password::check_new(
        &new_password,
        &[&user.email, &user.name, &signed_in.app().config().operator_name],
    ) {
        errors.add("new_password", message);
    }
    errors.finish(())?;
    let hash = password::hash(&new_password).await?;
    let mut tx = signed_in.begin().await?;
    store::unchanged(&mut tx, &own.password_hash).await?;
    store::set_password(&mut tx, &user.id, &hash).await?;
    store::clear_all_links(&mut tx, &user.id).await?;
    session::end_others(&mut tx, signed_in.context()).await?;
    // Whoever learned the token of this session learned it before.
    let cookie = session::confirm(&mut tx, signed_in.context()).await?;
    device::distrust_others(&mut tx, signed_in.context(), &user.id).await?;
    pending_sign_in::end_of(&mut tx, &user.id).await?;
    tx.record(Entry::new(AuditKind::PasswordChanged, words::CHANGED_THE_PASSWORD)).await?;
    tx.send(&mail::password_changed(signed_in.app(), &user.name, &user.email)).await?;
    tx.commit().await?;
    cookies::set_cookie(cookie);
    Ok(Outcome::at(paths::SECURITY, words::YOUR_PASSWORD_WAS_CHANGED_OTHER))
}

/// Asks for another address; it counts once the mail to it was confirmed. The answer is the same when another
/// login has it.
#[server(prefix = "/rpc", endpoint = "users/change-email")]
pub async fn change_email(
    #[server(default)] email: String,
    #[server(default)] current_password: Secret,
) -> Result<Outcome> {
    let signed_in = SignedIn::now().await?.with_every_factor()?;
    let user = signed_in.user();
    let guess = begin_guess(&signed_in).await?;
    let mut errors = FormErrors::default();
    let email = EmailAddress::parse(&email).map_err(|message| errors.add("email", message)).ok();
    let own = store::own(signed_in.read().await?.conn(), &user.id).await?;
    match password::verify(&current_password, Some(own.password_hash.clone())).await? {
        true => signed_in.app().limits().right(&guess),
        false => errors.add("current_password", words::THIS_IS_NOT_YOUR_CURRENT),
    }
    let Some(email) = errors.finish(email)? else { return Err(AppError::NotFound) };
    let mut tx = signed_in.begin().await?;
    store::unchanged(&mut tx, &own.password_hash).await?;
    let other = store::by_email_for_change(&mut tx, &email.key())
        .await?
        .filter(|other| other.id != user.id.as_str() && other.verified_at.is_some());
    match other {
        Some(other) => {
            if tx.may_send("already", email.as_str()).await? {
                tx.send(&mail::already(signed_in.app(), &other.name, &other.email)).await?;
            }
        }
        None => {
            if tx.may_send("email-change", email.as_str()).await? {
                let token =
                    store::new_link(&mut tx, store::LinkKind::Email, &user.id, email.as_str()).await?;
                tx.send(&mail::confirm_email(signed_in.app(), &user.name, email.as_str(), &token)).await?;
            }
        }
    }
    tx.record(Entry::new(AuditKind::AddressAsked, words::asked_to_sign_in_with(&email))).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::SECURITY, words::we_sent_an_e_mail(&email)))
}

/// The address that a link from a mail would confirm.
#[server(prefix = "/rpc", endpoint = "users/email-link")]
pub async fn email_link(token: String) -> Result<Option<String>> {
    let public = Public::because("the secret in the link is the proof")?;
    let found = store::link(&mut public.read().await?, store::LinkKind::Email, &token).await?;
    Ok(found.map(|link| link.email))
}

/// Confirms a changed address. Needs the session that asked for it: otherwise a stranger who presses the
/// button in a mail would lend their address to somebody else's login.
#[server(prefix = "/rpc", endpoint = "users/confirm-email")]
pub async fn confirm_email(#[server(default)] token: String) -> Result<Outcome> {
    let signed_in = SignedIn::now().await?;
    let gone = || AppError::Conflict(words::THIS_LINK_IS_FOR_ANOTHER.into());
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
    tx.send(&mail::email_changed(signed_in.app(), &old.name, &old.email, email.as_str())).await?;
    let mut stays = Vec::new();
    for contact in contacts::store::of_user(&mut tx, &old.email.to_ascii_lowercase(), &email.key()).await? {
        let account = AccountId::from(contact.account);
        if contact.taken {
            stays.push(contact.account_name);
            continue;
        }
        contacts::store::follow(&mut tx, &contact.contact, &email).await?;
        let entry = Entry::new(AuditKind::ContactChanged, words::CHANGED_THEIR_ADDRESS_TO_MATCH);
        tx.record_for(
            &account,
            &Actor::person(&user, &old.name),
            entry.with(AuditChange::between(words::E_MAIL, &old.email, email.as_str())),
        )
        .await?;
        if contact.owner_email != email.as_str() && !contact.owner_email.eq_ignore_ascii_case(&old.email) {
            let owner = (contact.owner.as_str(), contact.owner_email.as_str());
            let name = if contact.name.trim().is_empty() { &old.name } else { contact.name.trim() };
            tx.send(&contacts::mail::address_followed(
                signed_in.app(),
                (&account, &contact.account_name),
                owner,
                name,
                &old.email,
                email.as_str(),
            ))
            .await?;
        }
    }
    tx.record(Entry::new(AuditKind::AddressChanged, words::CHANGED_THE_ADDRESS).with(AuditChange::between(
        words::E_MAIL,
        &old.email,
        email.as_str(),
    )))
    .await?;
    tx.commit().await?;
    let names: Vec<&str> = stays.iter().map(String::as_str).collect();
    let stays = match names.as_slice() {
        [] => String::new(),
        names => words::on_another_contact_already_has(&join_and(names)),
    };
    Ok(Outcome::at(paths::SECURITY, words::you_now_sign_in_with_2(&email, &stays)))
}

/// What deleting one's login means.
#[server(prefix = "/rpc", endpoint = "users/farewell")]
pub async fn show_farewell() -> Result<Farewell> {
    let signed_in = SignedIn::confirmed().await?;
    let user = signed_in.user();
    let contacts = store::contacts(signed_in.read().await?.conn(), &user.id).await?;
    let (owned, entered): (Vec<_>, Vec<_>) = contacts.into_iter().partition(|contact| contact.is_owner);
    let owned =
        owned.into_iter().map(|contact| (AccountId::from(contact.account), contact.account_name)).collect();
    Ok(Farewell {
        email: user.email.clone(),
        owned,
        entered: entered.into_iter().map(|contact| contact.account_name).collect(),
    })
}

/// Deletes one's own login. Refused while an account would be left without an owner.
#[server(prefix = "/rpc", endpoint = "users/delete-login")]
pub async fn delete_user() -> Result<Outcome> {
    let signed_in = SignedIn::confirmed().await?;
    let user = signed_in.user();
    let mut tx = signed_in.begin().await?;
    if staff::is_staff(tx.conn(), &user.id).await? {
        return Err(AppError::Conflict(words::STAFF_STAY.into()));
    }
    let contacts = store::contacts(tx.conn(), &user.id).await?;
    if let Some(owned) = contacts.iter().find(|shown| shown.is_owner) {
        return Err(AppError::Conflict(words::you_own_transfer_its_ownership(&owned.account_name)));
    }
    let by = Actor::person(&user.id, &user.name);
    for shown in &contacts {
        let account = AccountId::from(shown.account.clone());
        let held = phrase(Permissions::from_keys(&shown.permissions), Summary::default());
        let entry = Entry::new(AuditKind::UserDeleted, words::DELETED_THEIR_LOGIN_AND_STAYS)
            .with(AuditChange::between(words::PERMISSIONS, held, ""));
        tx.record_for(&account, &by, entry).await?;
        ownership::store::drop_offer(
            &mut tx,
            ownership::mail::AboutOwnership(&account, &shown.account_name),
            &shown.id.clone().into(),
        )
        .await?;
        tx.tell(crate::access::state::News::contact(account, shown.id.clone().into()));
    }
    store::forget(&mut tx).await?;
    // Nobody reads this audit trail any more; it says that the end was wanted.
    tx.record(Entry::new(AuditKind::UserDeleted, words::DELETED_THE_LOGIN)).await?;
    tx.send(&mail::deleted(signed_in.app(), &user.name, &user.email)).await?;
    tx.commit().await?;
    Ok(Outcome::afresh(paths::SIGN_IN, words::YOUR_LOGIN_WAS_DELETED_2))
}
