//! Server functions for choosing an account and for its profile.

use super::model::{Overview, Picker, Profile, ProfilePage, Rules, SwitchChoice};
#[cfg(feature = "ssr")]
use super::words;
#[cfg(feature = "ssr")]
use super::{mail, store};
#[cfg(feature = "ssr")]
use crate::access::{Access, AnyContact, EditProfile, Owner, Public, SignedIn, staff};
#[cfg(feature = "ssr")]
use crate::error::{AppError, FormErrors};
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::{AuditChange, AuditKind};
#[cfg(feature = "ssr")]
use crate::features::audit::record::{Actor, Entry};
#[cfg(feature = "ssr")]
use crate::features::{contacts, deliveries, invoices, recipients, users};
use crate::frame::Frame;
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use crate::permission::{Group, Permission};
#[cfg(feature = "ssr")]
use crate::platform::db::Conn;
use crate::types::AccountId;
#[cfg(feature = "ssr")]
use crate::types::EmailAddress;
use leptos::prelude::*;

/// The accounts one reaches and the invitations that wait.
#[server(prefix = "/rpc", endpoint = "accounts/picker")]
pub async fn show_picker() -> Result<Picker> {
    let signed_in = SignedIn::now().await?;
    let mut reader = signed_in.read().await?;
    let user = signed_in.user().id.clone();
    Ok(Picker {
        is_staff: staff::is_staff(reader.conn(), &user).await?,
        accounts: store::choices(&mut reader).await?,
        waiting: store::waiting(&mut reader).await?,
        now: signed_in.app().now(),
    })
}

/// The accounts that one can change over to, recent ones first (S7).
#[server(prefix = "/rpc", endpoint = "accounts/switcher")]
pub async fn show_switcher() -> Result<Vec<SwitchChoice>> {
    let signed_in = SignedIn::now().await?;
    store::switcher(&mut signed_in.read().await?).await
}

/// What stands around every page of an account. Remembers the account as the last one entered (S5).
#[server(prefix = "/rpc", endpoint = "accounts/frame")]
pub async fn show_frame(account: AccountId) -> Result<Frame> {
    let access = Access::<AnyContact>::to(account).await?;
    let membership = access.membership();
    if membership.preview.is_none()
        && membership.staff.is_none()
        && membership.user.last_account.as_ref() != Some(&membership.account)
    {
        // A convenience: when the disk is full, people can still read.
        if let Err(error) = remember(&access).await {
            tracing::warn!(%error, "the last account was not remembered");
        }
    }
    let config = access.app().config();
    Ok(Frame {
        account: membership.in_url.clone(),
        name: membership.account_name.clone(),
        number: membership.account_number,
        person: membership.preview.as_ref().map_or(&membership.user.name, |preview| &preview.name).clone(),
        is_owner: membership.is_owner,
        permissions: membership.permissions,
        invites: if membership.staff.is_some() || config.invites {
            config.lifetimes.invitation_days
        } else {
            0
        },
        services: membership.sees(Group::Service),
        domains: membership.sees(Group::Domain),
        tickets: membership.sees_tickets(),
        key_version: membership.key_version,
        staff: membership.staff.filter(|_| membership.preview.is_none()),
        preview: membership.preview.as_ref().and_then(|preview| serde_json::from_str(&preview.says).ok()),
    })
}

#[cfg(feature = "ssr")]
async fn remember(access: &Access<AnyContact>) -> Result<()> {
    let membership = access.membership();
    let mut tx = access.begin().await?;
    users::store::set_last_account(&mut tx, &membership.user.id, membership.account.as_str()).await?;
    store::note_entered(&mut tx).await?;
    tx.unaudited("a convenience");
    tx.commit().await
}

/// The account's first page.
#[server(prefix = "/rpc", endpoint = "accounts/overview")]
pub async fn show_overview(account: AccountId) -> Result<Overview> {
    let access = Access::<AnyContact>::to(account).await?;
    store::overview(&mut access.read().await?).await
}

/// The account's details, for the form.
#[server(prefix = "/rpc", endpoint = "accounts/profile")]
pub async fn show_profile(account: AccountId) -> Result<ProfilePage> {
    let access = Access::<EditProfile>::to(account).await?;
    let mut reader = access.read().await?;
    let mut profile = store::profile(&mut reader).await?;
    let contacts = store::contacts(&mut reader).await?;
    if contacts.is_none() && !profile.billing_contact.is_empty() {
        profile.billing_contact =
            contacts::store::show(&mut reader, &profile.billing_contact.into()).await?.form.email;
    }
    let waiting = store::waiting_main(&mut reader).await?;
    let many = contacts.is_none();
    let (may_redirect, now) = (access.held().has(Permission::ViewInvoices), access.app().now());
    let address = if may_redirect {
        invoices::store::payer(reader.conn(), &access.membership().account).await?.lines()
    } else {
        Vec::new()
    };
    let tax_check = if may_redirect { store::tax_check(&mut reader).await? } else { None };
    let network = network(reader.conn()).await?;
    let contacts = contacts.unwrap_or_default();
    Ok(ProfilePage { profile, contacts, many, address, tax_check, waiting, network, may_redirect, now })
}

/// Can invoices go through a network for e-invoices?
#[cfg(feature = "ssr")]
async fn network(conn: &mut Conn) -> Result<bool> {
    let point = deliveries::store::access_point_settings(conn).await?;
    Ok(!point.url.is_empty() && invoices::store::billing_settings(conn).await?.e_invoices)
}

/// Replaces the account's details. Where invoices and copies of tickets go is changed only by who may see
/// them; the old address and the owner are told, and a new main address counts once it is confirmed.
#[server(prefix = "/rpc", endpoint = "accounts/save-profile")]
pub async fn save_profile(
    account: AccountId,
    #[server(default)] version: i64,
    #[server(flatten)] profile: Profile,
) -> Result<Outcome> {
    let access = Access::<EditProfile>::to(account).await?;
    let mut profile = Profile { version, ..profile.parse()? };
    let (membership, app) = (access.membership(), access.app());
    let mut tx = access.begin().await?;
    let before = store::profile(&mut tx).await?;
    let wanted = EmailAddress::parse(&profile.email).map_err(|message| AppError::field("email", message))?;
    let chosen = std::mem::take(&mut profile.billing_contact);
    profile.billing_contact = match store::active_contact(&mut tx, &chosen).await? {
        Some(contact) => contact.to_string(),
        None if chosen.is_empty() => chosen,
        // Whoever is closed stays what they were until somebody else is chosen; a large account's form names
        // them by their address.
        None if chosen == before.billing_contact
            || store::is_contact_with(&mut tx, &before.billing_contact, &chosen).await? =>
        {
            before.billing_contact.clone()
        }
        None => return Err(AppError::field("billing_contact", words::CHOOSE_AN_ACTIVE_CONTACT_OF)),
    };
    if profile.channel == "network" && before.channel != profile.channel && !network(tx.conn()).await? {
        return Err(AppError::field("channel", words::NO_NETWORK));
    }
    let moved = !wanted.as_str().eq_ignore_ascii_case(&before.email);
    let billed = before.billing_contact != profile.billing_contact;
    let switched = |read: fn(&Profile) -> &String| read(&before).is_empty() != read(&profile).is_empty();
    let named = |one: &Profile| [&one.tax_id, &one.endpoint, &one.reference, &one.channel].map(String::clone);
    if (moved
        || billed
        || named(&before) != named(&profile)
        || switched(|one| &one.billing_only)
        || switched(|one| &one.no_copies))
        && !access.held().has(Permission::ViewInvoices)
    {
        return Err(AppError::Lacks { permission: Permission::ViewInvoices.key().into(), asset: None });
    }
    let concerned = store::concerned(&mut tx, &membership.account).await?;
    let about = concerned.about(&membership.account);
    let by = format!("{} ({})", membership.user.name, membership.user.email);
    for (changes, kind) in
        [(billed, "billing-contact"), (moved, "main-address-changed"), (moved, "main-address-asked")]
    {
        if changes {
            tx.may_notify(&membership.account, kind).await?;
        }
    }
    let mut say = words::CHANGES_SAVED.to_owned();
    let mut asked = None;
    if moved && store::is_proven(&mut tx, &wanted).await? {
        store::drop_main(&mut tx).await?;
        tx.send_all(mail::main_changed(app, &about, wanted.as_str())).await?;
    } else if moved {
        let token = store::ask_main(&mut tx, wanted.as_str()).await?;
        tx.send(&mail::confirm_main(app, &about, &by, wanted.as_str(), &token)).await?;
        tx.send_all(mail::main_asked(app, &about, &by, wanted.as_str())).await?;
        say = words::changes_saved_becomes_the_main(&wanted);
        asked = AuditChange::between(words::MAIN_E_MAIL_ONCE_CONFIRMED, &before.email, wanted.as_str());
        profile.email.clone_from(&before.email);
    }
    if !store::save_profile(&mut tx, &profile).await? {
        return Err(AppError::Conflict(words::SOMEBODY_ELSE_CHANGED_THE_PROFILE.into()));
    }
    if before.tax_id != profile.tax_id {
        store::forget_tax_check(&mut tx).await?;
    }
    recipients::store::somebody_gets_domain_mail(&mut tx, &membership.account, Some("mail")).await?;
    let billing = if billed {
        let (from, to) = (
            store::name_of(&mut tx, &before.billing_contact).await?,
            store::name_of(&mut tx, &profile.billing_contact).await?,
        );
        tx.send_all(mail::billing_changed(app, &about, &by, &from, &to)).await?;
        AuditChange::between(words::BILLING_CONTACT_3, from, to)
    } else {
        None
    };
    tx.record(
        Entry::new(AuditKind::ProfileChanged, words::CHANGED_THE_ACCOUNTS_PROFILE)
            .with(before.changes(&profile))
            .with(billing)
            .with(asked),
    )
    .await?;
    tx.commit().await?;
    // The name of the account stands on every page.
    Ok(Outcome::afresh(paths::account_profile(&membership.account), say))
}

/// Takes back a new main address that waits for its confirmation.
#[server(prefix = "/rpc", endpoint = "accounts/withdraw-main-address")]
pub async fn withdraw_main_address(account: AccountId) -> Result<Outcome> {
    let access = Access::<EditProfile>::to(account).await?;
    let mut tx = access.begin().await?;
    let email = store::drop_main(&mut tx)
        .await?
        .ok_or_else(|| AppError::Conflict(words::NO_NEW_MAIN_ADDRESS_IS.into()))?;
    tx.record(Entry::new(AuditKind::ProfileChanged, words::withdrew_as_the_new_main(&email))).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::account_profile(&access.membership().account), words::THE_MAIN_ADDRESS_STAYS_AS))
}

/// Name of the account and the address that a link from a mail would make its main one; `None` for a link
/// that does not work.
#[server(prefix = "/rpc", endpoint = "accounts/main-address-link")]
pub async fn main_address_link(token: String) -> Result<Option<(String, String)>> {
    let public = Public::because("the secret in the link is the proof")?;
    public.app().limits().try_source("main-address", public.context().source())?;
    store::main_link(&mut public.read().await?, &token).await
}

/// Confirms a new main address with the link that was mailed to it.
#[server(prefix = "/rpc", endpoint = "accounts/confirm-main-address")]
pub async fn confirm_main_address(#[server(default)] token: String) -> Result<Outcome> {
    let public = Public::because("the secret in the link is the proof")?;
    public.app().limits().try_source("main-address", public.context().source())?;
    let mut tx = public.begin().await?;
    let gone = || AppError::Conflict(words::THIS_LINK_HAS_ALREADY_BEEN.into());
    let (account, email) = store::use_main_link(&mut tx, &token).await?.ok_or_else(gone)?;
    let concerned = store::concerned(&mut tx, &account).await?;
    store::set_main(&mut tx, &account, &email).await?;
    tx.send_all(mail::main_changed(public.app(), &concerned.about(&account), &email)).await?;
    let entry = Entry::new(AuditKind::ProfileChanged, words::CONFIRMED_THE_NEW_MAIN_ADDRESS)
        .with(AuditChange::between(words::MAIN_E_MAIL, &concerned.main, &email));
    tx.record_for(&account, &Actor::holder_of_link(&email), entry).await?;
    tx.commit().await?;
    Ok(Outcome::at(
        paths::confirm_main_address(&token),
        words::is_now_the_main_address(&email, &concerned.name),
    ))
}

/// What the account asks of everybody who enters it. Only the owner decides that.
#[server(prefix = "/rpc", endpoint = "accounts/rules")]
pub async fn show_rules(account: AccountId) -> Result<Rules> {
    let access = Access::<Owner>::to(account).await?;
    store::rules(&mut access.read().await?).await
}

/// Asks everybody on the account for a second factor (X4), or no longer. Whoever has none is led through
/// setting one up when they next enter. The owner goes ahead.
#[server(prefix = "/rpc", endpoint = "accounts/save-rules")]
pub async fn save_rules(
    account: AccountId,
    #[server(default)] version: i64,
    #[server(default)] needs_factor: String,
) -> Result<Outcome> {
    let access = Access::<Owner>::to(account).await?;
    SignedIn::confirmed().await?;
    let needs = !needs_factor.is_empty();
    let mut tx = access.begin().await?;
    let rules = store::rules(&mut tx).await?;
    if rules.version != version {
        return Err(AppError::Conflict(words::SOMEBODY_ELSE_CHANGED_THIS_ACCOUNT.into()));
    }
    if needs && !rules.own {
        let mut errors = FormErrors::default();
        let path = paths::then(paths::SECOND_FACTOR, &paths::account_profile(&access.membership().account));
        errors.add_link("needs_factor", words::YOU_DO_NOT_HAVE_A, words::SET_ONE_UP_FIRST, path);
        return Err(AppError::Invalid(errors));
    }
    if store::set_needs_factor(&mut tx, needs).await? {
        let says =
            if needs { words::MADE_A_SECOND_FACTOR_COMPULSORY } else { words::MADE_A_SECOND_FACTOR_OPTIONAL };
        tx.record(Entry::new(AuditKind::FactorRequired, says)).await?;
    }
    tx.commit().await?;
    let say = if needs { words::EVERYBODY_ON_THIS_ACCOUNT_NOW } else { words::A_SECOND_FACTOR_IS_NOW };
    Ok(Outcome::at(paths::account_profile(&access.membership().account), say))
}
