//! Server functions of the first start. Line 1 of each is the proof of access.

#[cfg(feature = "ssr")]
use super::{store, words};
#[cfg(feature = "ssr")]
use crate::access::{Public, settings};
#[cfg(feature = "ssr")]
use crate::error::{AppError, FormErrors};
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::AuditKind;
#[cfg(feature = "ssr")]
use crate::features::audit::record::{Actor, Entry};
#[cfg(feature = "ssr")]
use crate::features::sign_in::enter::{SignInProof, enter};
#[cfg(feature = "ssr")]
use crate::features::users;
#[cfg(feature = "ssr")]
use crate::operator::team;
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use crate::permission::StaffPermissions;
#[cfg(feature = "ssr")]
use crate::platform::config::Company;
#[cfg(feature = "ssr")]
use crate::platform::password;
use crate::types::Secret;
#[cfg(feature = "ssr")]
use crate::types::{EmailAddress, line, text_block};
use leptos::prelude::*;

/// Does the link of the first start still work? Answers the address that the portal is reached at.
#[server(prefix = "/rpc", endpoint = "operator/setup/link")]
pub async fn setup_link(#[server(default)] token: String) -> Result<Option<String>> {
    let public = Public::because("the secret in the link is the proof")?;
    public.app().limits().try_source("setup", public.context().source())?;
    let opens = store::opens(public.read().await?.conn(), &token).await?;
    Ok(opens.then(|| public.app().config().base_url.clone()))
}

/// Makes the first administrator, signs them in, and names the company.
#[server(prefix = "/rpc", endpoint = "operator/setup/begin")]
pub async fn begin_setup(
    #[server(default)] token: String,
    #[server(default)] company: String,
    #[server(default)] address: String,
    #[server(default)] colour: String,
    #[server(default)] name: String,
    #[server(default)] email: String,
    #[server(default)] password: Secret,
) -> Result<Outcome> {
    let public = Public::because("the secret in the link is the proof")?;
    public.app().limits().try_source("setup", public.context().source())?;
    let gone = || AppError::Conflict(words::DEAD.into());
    if !store::opens(public.read().await?.conn(), &token).await? {
        return Err(gone());
    }
    let mut errors = FormErrors::default();
    let company = errors.keep("company", line(&company, 100));
    let name = errors.keep("name", users::model::name(&name));
    let postal = errors.keep("address", text_block(&address, 500));
    let colour = colour.trim().to_ascii_lowercase();
    let looks = Company { name: company.clone(), colour: colour.clone(), ..Company::default() };
    if let Err(message) = public.app().config().with_company(&looks) {
        errors.add("colour", message);
    }
    let address = EmailAddress::parse(&email).map_err(|message| errors.add("email", message)).ok();
    if let Err(message) = password::check_new(&password, &[&email, &name, &company]) {
        errors.add("password", message);
    }
    errors.finish(())?;
    let address = address.ok_or_else(gone)?;
    let hash = password::hash(&password).await?;
    let mut tx = public.begin().await?;
    // Of two at once, the second finds the first's staff.
    if !store::opens(tx.conn(), &token).await? {
        return Err(gone());
    }
    let (user, _) = team::store::add(&mut tx, &name, &address, StaffPermissions::all()).await?;
    users::store::set_password(&mut tx, &user, &hash).await?;
    users::store::clear_all_links(&mut tx, &user).await?;
    store::use_up(&mut tx).await?;
    let stored = Company { name: company, address: postal, colour, ..settings::company(tx.conn()).await? };
    settings::set_company(&mut tx, &stored).await?;
    tx.record_installation(&Actor::person(&user, &name), Entry::new(AuditKind::StaffAdded, words::SET_UP))
        .await?;
    let proof = SignInProof { proven: true, remember: false, says: words::SIGNED_IN };
    enter(&public, &mut tx, &user, &name, address.as_str(), proof).await?;
    tx.commit().await?;
    public.app().set_company(&stored).map_err(AppError::Conflict)?;
    Ok(Outcome::afresh(paths::second_factor_then(paths::SETTINGS), words::DONE))
}
