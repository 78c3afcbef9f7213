//! Server functions that open a preview. Line 1 of each is the proof of access.

#[cfg(feature = "ssr")]
use super::store;
#[cfg(feature = "ssr")]
use super::words;
#[cfg(feature = "ssr")]
use crate::access::{Access, InAccount, ManageContacts, Tx, drafts};
#[cfg(feature = "ssr")]
use crate::error::AppError;
use crate::error::{Outcome, Result};
use crate::features::contacts::model::ContactForm;
#[cfg(feature = "ssr")]
use crate::features::contacts::model::{CREATE_PATH, INVITE_PATH, UPDATE_PATH};
#[cfg(feature = "ssr")]
use crate::features::permissions::difference::difference;
#[cfg(feature = "ssr")]
use crate::features::permissions::grant_form::GrantForm;
#[cfg(feature = "ssr")]
use crate::features::permissions::model::{Givable, Grant};
#[cfg(feature = "ssr")]
use crate::features::{contacts, permissions};
#[cfg(feature = "ssr")]
use crate::frame::PreviewBanner;
#[cfg(feature = "ssr")]
use crate::paths;
use crate::types::{AccountId, ContactId};
use leptos::prelude::*;

/// "See it as NAME" from the list: with the permissions that the contact holds.
#[server(prefix = "/rpc", endpoint = "previews/see-contact")]
pub async fn see_contact(account: AccountId, contact: ContactId) -> Result<Outcome> {
    let access = Access::<ManageContacts>::to(account).await?;
    staff_ask(access.membership().staff.is_some())?;
    let mut tx = access.begin().await?;
    let looked_at = contacts::store::show(&mut tx, &contact).await?;
    if looked_at.form.log_in.is_empty() || looked_at.form.status == "closed" {
        return Err(AppError::Conflict(words::cannot_enter_this_account_so(&looked_at.title())));
    }
    shown(looked_at.is_owner, looked_at.is_own)?;
    let givable = permissions::store::givable(&mut tx).await?;
    let says = PreviewBanner {
        name: looked_at.title(),
        able: difference(&looked_at.grant, &Grant::default(), &givable),
        back: paths::contacts(&access.membership().account),
        ..PreviewBanner::default()
    };
    open(tx, Some(&contact), &looked_at.grant, &givable, says).await
}

/// "See it as NAME" from a form: with the permissions as they stand in it. What was typed is there again on
/// the way back.
#[server(prefix = "/rpc", endpoint = "previews/see-form")]
pub async fn see_form(
    account: AccountId,
    #[server(default)] contact: String,
    #[server(default)] name: String,
    #[server(default)] emails: Option<String>,
    #[server(flatten)] form: ContactForm,
) -> Result<Outcome> {
    let access = Access::<ManageContacts>::to(account).await?;
    staff_ask(access.membership().staff.is_some())?;
    let mut tx = access.begin().await?;
    let givable = permissions::store::givable(&mut tx).await?;
    let asked = GrantForm::parse(
        &form.preset,
        &form.permissions,
        &form.on,
        &form.drawn,
        !form.recommended.is_empty(),
    );
    let account = access.membership().account.clone();
    let typed =
        [name, format!("{} {}", form.first_name, form.last_name), form.company.clone(), form.email.clone()];
    let name = typed.into_iter().map(|name| name.trim().to_owned()).find(|name| !name.is_empty());
    let name: String = name
        .unwrap_or_else(|| words::THE_PERSON_YOU_INVITE.into())
        .chars()
        .filter(|c| !c.is_control())
        .take(200)
        .collect();
    let several = emails.is_some();
    let (before, id, page, action) = if let Some(id) = ContactId::parse(&contact) {
        let looked_at = contacts::store::show(&mut tx, &id).await?;
        shown(looked_at.is_owner, looked_at.is_own)?;
        let page = paths::edit_contact(&account, &id);
        (looked_at.grant, Some(id), page, UPDATE_PATH)
    } else if several {
        (Grant::default(), None, paths::invite_user(&account), INVITE_PATH)
    } else {
        (Grant::default(), None, paths::new_contact(&account), CREATE_PATH)
    };
    if form.log_in.is_empty() && !several {
        return Err(AppError::field("log_in", words::WITHOUT_ACTIVATE_SUB_ACCOUNT_THIS));
    }
    let grant = asked.resolve(&before, &givable)?;
    let back = drafts::keep_typed(&mut tx, &page, action).await?;
    let says = PreviewBanner {
        name,
        unsaved: grant != before,
        able: if grant == before {
            difference(&grant, &Grant::default(), &givable)
        } else {
            difference(&grant, &before, &givable)
        },
        no_longer: difference(&before, &grant, &givable),
        hidden: Vec::new(),
        support: false,
        back,
    };
    open(tx, id.as_ref(), &grant, &givable, says).await
}

/// Staff see the portal as somebody else only with the customer's consent (O4).
#[cfg(feature = "ssr")]
fn staff_ask(is_staff: bool) -> Result<()> {
    if is_staff { Err(AppError::Conflict(words::STAFF_VIEW_WITH_CONSENT.into())) } else { Ok(()) }
}

/// Nobody needs a preview of what they see anyway, and the owner's contact is nobody else's to look through.
#[cfg(feature = "ssr")]
fn shown(is_owner: bool, is_own: bool) -> Result<()> {
    if is_owner || is_own {
        return Err(AppError::Conflict(words::THERE_IS_NO_PREVIEW_FOR.into()));
    }
    Ok(())
}

#[cfg(feature = "ssr")]
async fn open(
    mut tx: Tx<InAccount>,
    contact: Option<&ContactId>,
    grant: &Grant,
    givable: &Givable,
    mut says: PreviewBanner,
) -> Result<Outcome> {
    let seen = grant.shared_with(&givable.held());
    says.hidden = difference(grant, &seen, givable);
    let id = store::insert(&mut tx, contact, &seen, &says).await?;
    tx.unaudited("a look changes nothing");
    tx.commit().await?;
    // Another account to the browser: it starts afresh.
    Ok(Outcome::afresh(paths::account(&id), ""))
}
