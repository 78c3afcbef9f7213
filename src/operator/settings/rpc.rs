//! Server functions of settings. Line 1 of each is the proof of access.

#[cfg(feature = "ssr")]
use super::model::LIFETIMES;
use super::model::{CompanyForm, LifetimesForm, MailForm, MailSettings, SettingsPage};
#[cfg(feature = "ssr")]
use super::{mail, store, words};
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
use crate::outbox;
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use crate::platform::config::{Company, Config, Lifetimes};
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
        base_url: config.base_url.clone(),
        demo: config.demo_data.then_some(config.demo),
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
        sign_up: on(config.sign_up),
        invites: on(config.invites),
        own_mail: on(config.own_mail),
    }
}

#[cfg(feature = "ssr")]
fn on(yes: bool) -> String {
    if yes { "on".into() } else { String::new() }
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
        no_invites: form.invites.is_empty(),
        no_own_mail: form.own_mail.is_empty(),
        ..stored
    };
    // Everything else was read already.
    config.with_company(&company).map_err(|message| AppError::field("colour", message))?;
    let yes = |on: &str| if on.is_empty() { words::NO } else { words::YES };
    let changes = [
        AuditChange::between(words::NAME, &before.name, &form.name),
        AuditChange::between(words::ADDRESS, &before.address, &form.address),
        AuditChange::between(words::TAX_ID, &before.tax_id, &form.tax_id),
        AuditChange::between(words::COLOUR, &before.colour, &form.colour),
        AuditChange::between(words::SUPPORT_ADDRESS, &before.email, &form.email),
        AuditChange::between(words::SIGN_UP, yes(&before.sign_up), yes(&form.sign_up)),
        AuditChange::between(words::INVITES, yes(&before.invites), yes(&form.invites)),
        AuditChange::between(words::OWN_MAIL, yes(&before.own_mail), yes(&form.own_mail)),
    ];
    let entry = Entry::new(AuditKind::SettingsChanged, words::CHANGED_SETTINGS);
    store::keep(&staff, tx, &company, entry.with(changes.into_iter().flatten())).await?;
    let undo = Undo::by(
        SaveCompany::PATH,
        &[
            ("name", &before.name),
            ("address", &before.address),
            ("tax_id", &before.tax_id),
            ("colour", &before.colour),
            ("email", &before.email),
            ("sign_up", &before.sign_up),
            ("invites", &before.invites),
            ("own_mail", &before.own_mail),
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
    let entry = Entry::new(AuditKind::SettingsChanged, words::REMOVED_LOGO);
    store::keep(&staff, tx, &company, entry).await?;
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
    Ok(Outcome::at(paths::MAIL_SETTINGS, words::tested(&user.email)))
}

/// How mail is sent. The password is never among it.
#[server(prefix = "/rpc", endpoint = "operator/settings/show-mail")]
pub async fn show_mail_settings() -> Result<MailSettings> {
    let staff = Staff::<EditSettings>::now().await?;
    let config = staff.app().config();
    let url = outbox::set_server(staff.app()).unwrap_or_default();
    let (server, password) = mail::read_server(&url);
    Ok(MailSettings {
        form: MailForm { sender: config.mail_from.email.to_string(), ..server },
        sender_fixed: config.fixed.sender,
        server_fixed: config.fixed.mail_server,
        has_password: !password.is_empty(),
    })
}

/// Replaces how mail is sent, once the mail server answered. It counts from the next message on.
#[server(prefix = "/rpc", endpoint = "operator/settings/save-mail")]
pub async fn save_mail_settings(#[server(flatten)] form: MailForm) -> Result<Outcome> {
    let staff = Staff::<EditSettings>::now().await?.just_confirmed()?;
    let form = form.parse()?;
    let app = staff.app();
    let before = outbox::set_server(app).unwrap_or_default();
    let (was, password) = mail::read_server(&before);
    // A password is for the server and user it was typed for, and is sent to no other.
    let same = was.host == form.host && was.user == form.user;
    let password = if form.password.is_empty() && same { password } else { form.password.to_string() };
    if password.is_empty() && !form.user.is_empty() && !form.host.is_empty() {
        return Err(AppError::field("password", words::PASSWORD_NEEDED));
    }
    let url = mail::server_url(&form, &password);
    if !url.is_empty() && form.anyway.is_empty() {
        outbox::try_server(&url).await.map_err(|message| AppError::field("host", message))?;
    }
    let mut tx = staff.begin().await?;
    let stored = settings::company(tx.conn()).await?;
    // The address that the portal's own makes is not set by showing it in the form.
    let unset = stored.sender.is_empty() && form.sender == app.config().mail_from.email.to_string();
    let form = if unset { MailForm { sender: String::new(), ..form } } else { form };
    let company = Company {
        sender: form.sender.clone(),
        mail_server: outbox::seal_server(app.key(), &url),
        mail_before: Some((stored.sender.clone(), stored.mail_server.clone())),
        ..stored.clone()
    };
    app.config().with_company(&company).map_err(|message| AppError::field("sender", message))?;
    let named =
        |form: &MailForm| if form.host.is_empty() { words::NONE.to_owned() } else { form.host.clone() };
    let changes = [
        AuditChange::between(words::SENDER, &stored.sender, &form.sender),
        AuditChange::between(words::MAIL_SERVER, named(&was), named(&form)),
        AuditChange::between(words::USER, &was.user, &form.user),
    ];
    let entry = Entry::new(AuditKind::SettingsChanged, words::CHANGED_MAIL);
    store::keep(&staff, tx, &company, entry.with(changes.into_iter().flatten())).await?;
    let undo = Undo::by(TakeBackMail::PATH, &[]);
    Ok(Outcome::at(paths::MAIL_SETTINGS, words::MAIL_SAVED).undone_by(undo))
}

/// Goes back to how mail was sent before the last change.
#[server(prefix = "/rpc", endpoint = "operator/settings/take-back-mail")]
pub async fn take_back_mail() -> Result<Outcome> {
    let staff = Staff::<EditSettings>::now().await?;
    let mut tx = staff.begin().await?;
    let mut company = settings::company(tx.conn()).await?;
    let before =
        company.mail_before.take().ok_or_else(|| AppError::Conflict(words::NOTHING_BEFORE.into()))?;
    (company.sender, company.mail_server) = before;
    let entry = Entry::new(AuditKind::SettingsChanged, words::TOOK_BACK_MAIL);
    store::keep(&staff, tx, &company, entry).await?;
    Ok(Outcome::at(paths::MAIL_SETTINGS, words::MAIL_BACK))
}

/// How long things last.
#[server(prefix = "/rpc", endpoint = "operator/settings/show-lifetimes")]
pub async fn show_lifetimes() -> Result<LifetimesForm> {
    let staff = Staff::<EditSettings>::now().await?;
    Ok(lifetimes_form(staff.app().config().lifetimes))
}

#[cfg(feature = "ssr")]
fn lifetimes_form(set: Lifetimes) -> LifetimesForm {
    LifetimesForm {
        invitation_days: set.invitation_days.to_string(),
        idle_days: set.idle_days.to_string(),
        replacement_days: set.replacement_days.to_string(),
        login_mail_days: set.login_mail_days.to_string(),
        account_mail_days: set.account_mail_days.to_string(),
    }
}

/// Replaces how long things last.
#[server(prefix = "/rpc", endpoint = "operator/settings/save-lifetimes")]
pub async fn save_lifetimes(#[server(flatten)] form: LifetimesForm) -> Result<Outcome> {
    let staff = Staff::<EditSettings>::now().await?;
    let [invitation_days, idle_days, replacement_days, login_mail_days, account_mail_days] = form.parse()?;
    let lifetimes =
        Lifetimes { invitation_days, idle_days, replacement_days, login_mail_days, account_mail_days };
    let mut tx = staff.begin().await?;
    let stored = settings::company(tx.conn()).await?;
    let before = lifetimes_form(stored.lifetimes);
    let company = Company { lifetimes, ..stored };
    let changes = LIFETIMES
        .iter()
        .zip(before.values().into_iter().zip(form.values()))
        .filter_map(|((_, label, ..), (was, is))| AuditChange::between(label, was, is.trim()));
    let entry = Entry::new(AuditKind::SettingsChanged, words::CHANGED_LIFETIMES).with(changes);
    store::keep(&staff, tx, &company, entry).await?;
    let fields: Vec<(&str, &str)> = LIFETIMES.iter().map(|one| one.0).zip(before.values()).collect();
    let undo = Undo::by(SaveLifetimes::PATH, &fields);
    Ok(Outcome::at(paths::LIFETIMES, words::LIFETIMES_SAVED).undone_by(undo))
}

/// Turns the demo off, or on again: only where the data is a demo's.
#[server(prefix = "/rpc", endpoint = "operator/settings/set-demo")]
pub async fn set_demo(#[server(default)] on: String) -> Result<Outcome> {
    let staff = Staff::<EditSettings>::now().await?;
    if !staff.app().config().demo_data {
        return Err(AppError::NotFound);
    }
    let off = on.is_empty();
    let mut tx = staff.begin().await?;
    let company = Company { no_demo: off, ..settings::company(tx.conn()).await? };
    let does = if off { words::TURNED_DEMO_OFF } else { words::TURNED_DEMO_ON };
    store::keep(&staff, tx, &company, Entry::new(AuditKind::SettingsChanged, does)).await?;
    Ok(Outcome::at(paths::SETTINGS, if off { words::DEMO_OFF } else { words::DEMO_ON }))
}
