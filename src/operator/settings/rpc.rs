//! Server functions of settings. Line 1 of each is the proof of access.

use super::model::{CompanyForm, SettingsPage};
#[cfg(feature = "ssr")]
use super::{mail, words};
#[cfg(feature = "ssr")]
use crate::access::staff::EditSettings;
#[cfg(feature = "ssr")]
use crate::access::{Staff, settings};
#[cfg(feature = "ssr")]
use crate::error::{AppError, Undo};
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::{AuditChange, AuditKind};
#[cfg(feature = "ssr")]
use crate::features::audit::record::Entry;
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use crate::platform::config::{Company, Config};
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use leptos::server_fn::ServerFn as _;

/// The settings as they count now.
#[server(prefix = "/rpc", endpoint = "operator/settings/show")]
pub async fn show_settings() -> Result<SettingsPage> {
    let staff = Staff::<EditSettings>::now().await?;
    let config = staff.app().config();
    let company = settings::company(staff.read().await?.conn()).await?;
    let fixed = [
        ("name", config.fixed.name),
        ("colour", config.fixed.colour),
        ("logo", config.fixed.logo),
        ("email", config.fixed.email),
    ];
    Ok(SettingsPage {
        form: form_of(&config, &company),
        fixed: fixed.into_iter().filter(|(_, is)| *is).map(|(name, _)| name.to_owned()).collect(),
        logo: config.look.logo_path.clone(),
        sender: config.mail_from.to_string(),
        base_url: config.base_url.clone(),
    })
}

#[cfg(feature = "ssr")]
fn form_of(config: &Config, company: &Company) -> CompanyForm {
    CompanyForm {
        name: config.operator_name.clone(),
        address: company.address.clone(),
        tax_id: company.tax_id.clone(),
        colour: config.look.accent.clone(),
        email: if config.answers_to.is_some() { config.staff_email.clone() } else { String::new() },
        sign_up: if config.sign_up { "on".into() } else { String::new() },
    }
}

/// Replaces the settings. They count at once, on every page and in every mail written from now on.
#[server(prefix = "/rpc", endpoint = "operator/settings/save-company")]
pub async fn save_company(#[server(flatten)] form: CompanyForm) -> Result<Outcome> {
    let staff = Staff::<EditSettings>::now().await?;
    let form = form.parse()?;
    let mut tx = staff.begin().await?;
    let (config, stored) = (staff.app().config(), settings::company(tx.conn()).await?);
    let before = form_of(&config, &stored);
    let company = Company {
        name: form.name.clone(),
        address: form.address.clone(),
        tax_id: form.tax_id.clone(),
        colour: form.colour.clone(),
        email: form.email.clone(),
        no_sign_up: form.sign_up.is_empty(),
        logo: stored.logo,
    };
    // Everything else was read already.
    config.with_company(&company).map_err(|message| AppError::field("colour", message))?;
    settings::set_company(&mut tx, &company).await?;
    let yes = |on: &str| if on.is_empty() { words::NO } else { words::YES };
    let changes = [
        AuditChange::between(words::NAME, &before.name, &form.name),
        AuditChange::between(words::ADDRESS, &before.address, &form.address),
        AuditChange::between(words::TAX_ID, &before.tax_id, &form.tax_id),
        AuditChange::between(words::COLOUR, &before.colour, &form.colour),
        AuditChange::between(words::SUPPORT_ADDRESS, &before.email, &form.email),
        AuditChange::between(words::SIGN_UP, yes(&before.sign_up), yes(&form.sign_up)),
    ];
    let entry = Entry::new(AuditKind::SettingsChanged, words::CHANGED_SETTINGS);
    tx.record(entry.with(changes.into_iter().flatten())).await?;
    tx.commit().await?;
    staff.app().set_company(&company).map_err(|message| AppError::field("colour", message))?;
    let undo = Undo::by(
        SaveCompany::PATH,
        &[
            ("name", &before.name),
            ("address", &before.address),
            ("tax_id", &before.tax_id),
            ("colour", &before.colour),
            ("email", &before.email),
            ("sign_up", &before.sign_up),
        ],
    );
    // The browser starts afresh: name, colour and logo are around everything.
    Ok(Outcome::afresh(paths::SETTINGS, words::SAVED).undone_by(undo))
}

/// Removes the logo.
#[server(prefix = "/rpc", endpoint = "operator/settings/remove-logo")]
pub async fn remove_logo() -> Result<Outcome> {
    let staff = Staff::<EditSettings>::now().await?;
    let mut tx = staff.begin().await?;
    let company = Company { logo: String::new(), ..settings::company(tx.conn()).await? };
    settings::set_company(&mut tx, &company).await?;
    tx.record(Entry::new(AuditKind::SettingsChanged, words::REMOVED_LOGO)).await?;
    tx.commit().await?;
    staff.app().set_company(&company).map_err(AppError::Conflict)?;
    Ok(Outcome::afresh(paths::SETTINGS, words::LOGO_REMOVED))
}

/// Sends whoever asks a mail, to see how it looks and that it arrives.
#[server(prefix = "/rpc", endpoint = "operator/settings/test-mail")]
pub async fn send_test_mail() -> Result<Outcome> {
    let staff = Staff::<EditSettings>::now().await?;
    let user = &staff.member().user;
    let mut tx = staff.begin().await?;
    tx.send(&mail::test(staff.app(), user)).await?;
    tx.unaudited("a mail to oneself");
    tx.commit().await?;
    Ok(Outcome::at(paths::SETTINGS, words::tested(&user.email)))
}
