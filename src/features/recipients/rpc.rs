//! Server functions of who gets which mail. Line 1 of each is the proof of access.

#[cfg(feature = "ssr")]
use super::model::{self, Event};
use super::model::{MailChoice, RecipientRow, TypedContact};
#[cfg(feature = "ssr")]
use super::store::{self, ChoiceWay, LinkHolder};
#[cfg(feature = "ssr")]
use super::words;
#[cfg(feature = "ssr")]
use crate::access::{Access, AnyContact, ManageContacts, Public, drafts};
#[cfg(feature = "ssr")]
use crate::category::Categories;
#[cfg(feature = "ssr")]
use crate::error::{AppError, Undo};
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::{AuditChange, AuditKind};
#[cfg(feature = "ssr")]
use crate::features::audit::record::{Actor, Entry};
#[cfg(feature = "ssr")]
use crate::features::contacts::model::{CREATE_PATH, UPDATE_PATH};
#[cfg(feature = "ssr")]
use crate::paths;
use crate::types::AccountId;
#[cfg(feature = "ssr")]
use crate::types::ContactId;
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use leptos::server_fn::ServerFn as _;

#[cfg(feature = "ssr")]
const SIGNED: &str = "the signature in the link is the proof";

#[cfg(feature = "ssr")]
fn gone() -> AppError {
    AppError::Conflict(words::THIS_LINK_NO_LONGER_WORKS.into())
}

/// "Who gets this mail?" (M6): for each event the first of those who get mail about it, with the reason, and
/// how many there are; or for one event a page of them.
#[server(prefix = "/rpc", endpoint = "recipients/list")]
pub async fn who_gets_what(
    account: AccountId,
    #[server(default)] event: String,
    #[server(default)] after: String,
) -> Result<Vec<RecipientRow>> {
    let access = Access::<ManageContacts>::to(account).await?;
    let mut reader = access.read().await?;
    let account = reader.account().clone();
    let one = Event::from_key(&event);
    let rows = if one.is_some() { model::PER_PAGE } else { model::SHOWN };
    let after = ContactId::parse(&after).filter(|_| one.is_some());
    let mut all = Vec::new();
    for event in one.map_or_else(|| Event::all(None), |one| vec![one]) {
        let category = event.category();
        let part = store::page(reader.conn(), &account, &event, after.as_ref(), rows).await?;
        let who =
            part.who.into_iter().map(|recipient| (recipient.clone(), recipient.why(category))).collect();
        let (title, event) = (event.title().into(), event.key().into());
        all.push(RecipientRow {
            title,
            event,
            category: category.key().into(),
            who,
            total: part.total,
            next: part.next,
        });
    }
    Ok(all)
}

/// What would change for a contact if the form were saved as it stands, in sentences; empty for nothing.
#[server(prefix = "/rpc", endpoint = "recipients/would-change")]
pub async fn would_change(account: AccountId, #[server(flatten)] typed: TypedContact) -> Result<Vec<String>> {
    let access = Access::<ManageContacts>::to(account).await?;
    let mut reader = access.read().await?;
    let account = reader.account().clone();
    let people = store::people_around(
        reader.conn(),
        &account,
        ContactId::parse(&typed.contact).as_ref(),
        &typed.email,
    )
    .await?;
    Ok(model::would_change(&people, &typed, access.held()))
}

/// What one's own contact gets of the account's mail.
#[server(prefix = "/rpc", endpoint = "recipients/own")]
pub async fn own_choice(account: AccountId) -> Result<MailChoice> {
    let access = Access::<AnyContact>::to(account).await?;
    let holder = LinkHolder::Contact(access.membership().contact.clone());
    let found = store::choice_of(access.read().await?.conn(), holder, ChoiceWay::Login)
        .await?
        .ok_or(AppError::NotFound)?;
    Ok(found.choice.as_set(access.app().config().own_mail))
}

/// Chooses what one's own contact gets of the account's mail (M1).
#[server(prefix = "/rpc", endpoint = "recipients/choose")]
pub async fn choose(
    account: AccountId,
    #[server(default)] version: i64,
    #[server(default)] mail: Vec<String>,
) -> Result<Outcome> {
    let access = Access::<AnyContact>::to(account).await?;
    let wanted = Categories::from_keys(&mail);
    let mut tx = access.begin().await?;
    let holder = LinkHolder::Contact(tx.actor().clone());
    let mut found = store::choice_of(tx.conn(), holder, ChoiceWay::Login).await?.ok_or(AppError::NotFound)?;
    unchanged(&found, version)?;
    found.choice = found.choice.as_set(access.app().config().own_mail);
    let wanted = found.choice.with(wanted);
    store::choose(&mut tx, &found, wanted).await?;
    let change = AuditChange::between(words::MAIL, found.choice.mail.titles(), wanted.titles());
    tx.record(Entry::new(AuditKind::MailChosen, words::CHOSE_WHICH_MAIL_THEY_GET).with(change)).await?;
    let holder = LinkHolder::Contact(tx.actor().clone());
    let after = store::choice_of(tx.conn(), holder, ChoiceWay::Login).await?.ok_or(AppError::NotFound)?;
    tx.commit().await?;
    let account = &access.membership().account;
    let version = after.choice.version.to_string();
    let mut before = vec![("account", account.as_str()), ("version", version.as_str())];
    before.extend(found.choice.mail.iter().map(|category| ("mail[]", category.key())));
    let undo = Undo::by(Choose::PATH, &before);
    Ok(Outcome::at(paths::own_mail(account), words::CHANGES_SAVED).undone_by(undo))
}

/// What the link in a mail leads to; `None` for one that does not work.
#[server(prefix = "/rpc", endpoint = "recipients/by-link")]
pub async fn choice_by_link(token: String) -> Result<Option<MailChoice>> {
    let public = Public::because(SIGNED)?;
    public.app().limits().try_source("preferences", public.context().source())?;
    store::find_for_page(&mut public.read().await?, public.app().key(), &token).await
}

/// Chooses what an address gets, with the link in a mail and without a login (M7).
#[server(prefix = "/rpc", endpoint = "recipients/choose-by-link")]
pub async fn choose_by_link(
    #[server(default)] token: String,
    #[server(default)] version: i64,
    #[server(default)] mail: Vec<String>,
) -> Result<Outcome> {
    let public = Public::because(SIGNED)?;
    let wanted = Categories::from_keys(&mail);
    change_by_link(&public, &token, Some(version), |_| wanted).await?;
    Ok(Outcome::at(paths::preferences(&token), words::CHANGES_SAVED))
}

/// Refuses a choice that was made from what stood there before somebody changed it.
#[cfg(feature = "ssr")]
fn unchanged(found: &store::FoundHolder, version: i64) -> Result<()> {
    let changed = || AppError::Conflict(words::THE_CHOICE_FOR_THIS_ADDRESS.into());
    if found.choice.version == version { Ok(()) } else { Err(changed()) }
}

/// Replaces the choice behind a link, and writes it into the audit trail. Returns the name of the account.
#[cfg(feature = "ssr")]
pub(crate) async fn change_by_link(
    public: &Public,
    token: &str,
    version: Option<i64>,
    wanted: impl FnOnce(Categories) -> Categories,
) -> Result<String> {
    public.app().limits().try_source("preferences", public.context().source())?;
    let mut tx = public.begin().await?;
    let key = tx.app().key().clone();
    let mut found = store::find(tx.conn(), &key, token).await?.ok_or_else(gone)?;
    if let Some(version) = version {
        unchanged(&found, version)?;
    }
    found.choice = found.choice.as_set(tx.app().config().own_mail);
    let wanted = found.choice.with(wanted(found.choice.mail));
    store::choose(&mut tx, &found, wanted).await?;
    let change = AuditChange::between(words::MAIL, found.choice.mail.titles(), wanted.titles());
    let entry = Entry::new(AuditKind::MailChosen, words::CHOSE_WHICH_MAIL_THEY_GET_WITH).with(change);
    tx.record_for(&found.account, &Actor::holder_of_link(&found.choice.email), entry).await?;
    tx.commit().await?;
    Ok(found.choice.account)
}

/// "What would change?" without WASM: the answer stands above the form, which is as it was typed.
#[server(prefix = "/rpc", endpoint = "recipients/preview")]
pub async fn preview_mail(account: AccountId, #[server(flatten)] typed: TypedContact) -> Result<Outcome> {
    let access = Access::<ManageContacts>::to(account.clone()).await?;
    let contact = typed.contact.clone();
    let says = would_change(account, typed).await?;
    let of = access.membership().account.clone();
    let (page, action) = match ContactId::parse(&contact) {
        Some(id) => (paths::edit_contact(&of, &id), UPDATE_PATH),
        None => (paths::new_contact(&of), CREATE_PATH),
    };
    let mut tx = access.begin().await?;
    let back = drafts::keep_typed(&mut tx, &page, action).await?;
    tx.unaudited("a look changes nothing");
    tx.commit().await?;
    let say = if says.is_empty() { words::NOTHING_WOULD_CHANGE_ABOUT_WHO.to_owned() } else { says.join(" ") };
    Ok(Outcome::at(back, say))
}
