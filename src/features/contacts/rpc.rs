//! Server functions of contacts. Line 1 of each is the proof of access.

#[cfg(feature = "ssr")]
use super::billing::hand_over_billing;
#[cfg(feature = "ssr")]
use super::model::{Contact, ContactBefore, MAIN, addresses, allowed, mail_after};
use super::model::{ContactForm, ContactRow, ContactView, DeleteQuestion, HandOver};
#[cfg(feature = "ssr")]
use super::{audit, mail, store};
#[cfg(feature = "ssr")]
use crate::access::{Access, InAccount, ManageContacts, SignedIn, Tx};
#[cfg(feature = "ssr")]
use crate::category::{Categories, Category};
#[cfg(feature = "ssr")]
use crate::error::{AppError, FormErrors};
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::AuditKind;
#[cfg(feature = "ssr")]
use crate::features::audit::record::Entry;
use crate::features::permissions::model::Givable;
#[cfg(feature = "ssr")]
use crate::features::permissions::model::Grant;
#[cfg(feature = "ssr")]
use crate::features::{accounts, invitations, ownership, permissions, recipients};
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use crate::permission::Permission;
use crate::types::{AccountId, ContactId, ListQuery, Page, Timestamp};
#[cfg(feature = "ssr")]
use crate::types::{EmailAddress, first_and_last};
use leptos::prelude::*;

/// A page of the table (P1).
#[server(prefix = "/rpc", endpoint = "contacts/list")]
pub async fn list_contacts(
    account: AccountId,
    #[server(flatten)] query: ListQuery,
) -> Result<Page<ContactRow>> {
    let access = Access::<ManageContacts>::to(account).await?;
    store::list(&mut access.read().await?, &query).await
}

/// The question before a contact is deleted: what is lost, and what hangs on it.
#[server(prefix = "/rpc", endpoint = "contacts/ask-to-delete")]
pub async fn ask_to_delete(account: AccountId, contact: ContactId) -> Result<DeleteQuestion> {
    let access = Access::<ManageContacts>::to(account).await?;
    let view = view_for_form(&access, &contact).await?.0;
    Ok(DeleteQuestion { title: view.title(), losses: view.losses(), to: view.loose.options() })
}

/// One contact.
#[server(prefix = "/rpc", endpoint = "contacts/show")]
pub async fn show_contact(account: AccountId, contact: ContactId) -> Result<ContactView> {
    let access = Access::<ManageContacts>::to(account).await?;
    Ok(view_for_form(&access, &contact).await?.0)
}

/// One contact and what the viewer can give, for the form.
#[server(prefix = "/rpc", endpoint = "contacts/edit")]
pub async fn edit_contact(account: AccountId, contact: ContactId) -> Result<(ContactView, Givable)> {
    let access = Access::<ManageContacts>::to(account).await?;
    view_for_form(&access, &contact).await
}

#[cfg(feature = "ssr")]
async fn view_for_form(
    access: &Access<ManageContacts>,
    contact: &ContactId,
) -> Result<(ContactView, Givable)> {
    let mut reader = access.read().await?;
    let mut view = store::show(&mut reader, contact).await?;
    let givable = permissions::store::givable(&mut reader).await?;
    for (permission, asset) in permissions::store::asks(&mut reader, contact).await? {
        let held = asset.as_ref().map_or(view.grant.everywhere, |asset| view.grant.on(asset));
        let label = match &asset {
            Some(asset) => givable.name(asset).map(|name| format!("{} on {name}", permission.title())),
            None => Some(permission.name()),
        };
        if let Some(label) = label.filter(|_| !held.has(permission)) {
            view.asks.push((
                label,
                paths::permission_box(&access.membership().in_url, contact, permission.key(), asset.as_ref()),
            ));
        }
    }
    if !view.is_owner && !view.is_own {
        view.loose = store::loose_ends(&mut reader, &view).await?;
    }
    // What the viewer cannot see has no place in their page.
    view.grant.each.retain(|id, _| givable.name(id).is_some());
    Ok((view, givable))
}

/// "Add New Contact" (P2). With a login the contact gets an invitation; "Notify Client?" decides whether a
/// mail tells of it (I7).
#[server(prefix = "/rpc", endpoint = "contacts/create")]
pub async fn create_contact(account: AccountId, #[server(flatten)] form: ContactForm) -> Result<Outcome> {
    let access = Access::<ManageContacts>::to(account).await?;
    let mut contact = form.parse()?;
    contact.closed = false;
    let mut tx = access.begin().await?;
    let givable = permissions::store::givable_in(&mut tx, &contact.asked).await?;
    contact.grant = contact.asked.resolve(&Grant::default(), &givable)?;
    contact.mail = mail_after(&Categories::default(), &contact.mail, givable.everywhere)?;
    confirmed_for(&ContactBefore::nobody(), &contact).await?;
    add(&access, &mut tx, &contact).await?;
    tx.commit().await?;
    let say = match (contact.log_in, contact.notify) {
        (true, true) => {
            format!("{} is added, and an invitation is on its way to {}.", contact.name(), contact.email)
        }
        (true, false) => format!(
            "{} is added. The invitation waits for {} after signing in.",
            contact.name(),
            contact.email
        ),
        (false, true) => format!("{} is added, and a mail tells them.", contact.name()),
        (false, false) => format!("{} is added.", contact.name()),
    };
    Ok(Outcome::at(paths::contacts(&access.membership().account), say))
}

/// "Invite User" (P3): one contact and one invitation per address, all with the same permissions, or none at
/// all.
#[server(prefix = "/rpc", endpoint = "contacts/invite")]
pub async fn invite_users(
    account: AccountId,
    #[server(default)] name: String,
    #[server(default)] emails: String,
    #[server(flatten)] form: ContactForm,
) -> Result<Outcome> {
    let access = Access::<ManageContacts>::to(account).await?;
    let mut errors = FormErrors::default();
    let people = errors.keep("emails", addresses(&emails));
    let several = people.len() > 1;
    if several && !name.trim().is_empty() {
        errors.add(
            "name",
            "A name is for one person. Leave it empty when you invite several; each enters their own.",
        );
    }
    let (first, last) = first_and_last(&name);
    // The person fills in the rest when they sign up; until then the address stands for the name.
    let typed = ContactForm {
        first_name: first.into(),
        last_name: last.into(),
        company: "-".into(),
        email: "a@example.com".into(),
        ..form
    };
    match typed.parse() {
        Err(AppError::Invalid(more)) => errors.0.extend(more.0.into_iter().map(|mut error| {
            if error.field == "first_name" || error.field == "last_name" {
                error.field = "name".into();
            }
            error
        })),
        Err(other) => return Err(other),
        Ok(template) => {
            errors.finish(())?;
            let mut tx = access.begin().await?;
            let givable = permissions::store::givable(&mut tx).await?;
            let grant = template.asked.resolve(&Grant::default(), &givable)?;
            let mail = mail_after(&Categories::default(), &template.mail, givable.everywhere)?;
            let template = Contact { mail, grant, ..template };
            confirmed_for(&ContactBefore::nobody(), &template).await?;
            invitations::store::check_rate(&mut tx, people.len()).await?;
            let mut refused = FormErrors::default();
            for email in &people {
                let contact = Contact {
                    email: email.clone(),
                    company: String::new(),
                    log_in: true,
                    notify: true,
                    closed: false,
                    ..template.clone()
                };
                match add(&access, &mut tx, &contact).await {
                    Err(AppError::Invalid(more)) => refused.0.extend(more.0.into_iter().map(|mut error| {
                        error.field = "emails".into();
                        error
                    })),
                    other => other?,
                }
            }
            // Nobody is invited when one of them cannot be: the transaction ends here.
            refused.finish(())?;
            tx.commit().await?;
            let say = match people.as_slice() {
                [one] => format!("An invitation is on its way to {one}."),
                many => format!("Invitations are on their way to {} people.", many.len()),
            };
            return Ok(Outcome::at(paths::contacts(&access.membership().account), say));
        }
    }
    Err(AppError::Invalid(errors))
}

/// Whoever lets somebody else hand out permissions proves that it is them, see
/// [`ContactBefore::hands_out_keys`].
///
/// # Errors
/// [`AppError::Unconfirmed`].
#[cfg(feature = "ssr")]
async fn confirmed_for(before: &ContactBefore, after: &Contact) -> Result<()> {
    if before.hands_out_keys(after) {
        SignedIn::confirmed().await?;
    }
    Ok(())
}

/// Hands over what hangs on a contact that is about to be closed or deleted, as the form says (P10). Whatever
/// becomes of the invoices is in the audit trail.
///
/// # Errors
/// Beside the field for somebody who cannot take it; [`AppError::Lacks`] for who may not choose.
#[cfg(feature = "ssr")]
async fn hand_over(
    access: &Access<ManageContacts>,
    tx: &mut Tx<InAccount>,
    view: &ContactView,
    to: &HandOver,
) -> Result<()> {
    let who = async |tx: &mut Tx<InAccount>, field: &str, named: &str| -> Result<Option<ContactId>> {
        if named == MAIN {
            return Ok(None);
        }
        let contact = accounts::store::active_contact(tx, named).await?.filter(|contact| *contact != view.id);
        contact.map(Some).ok_or_else(|| {
            AppError::field(field, "Choose another active contact of this account, or the account itself.")
        })
    };
    if view.bills {
        let chosen =
            if to.billing_to.is_empty() { None } else { who(tx, "billing_to", &to.billing_to).await? };
        if chosen.is_some() && !access.held().has(Permission::ViewInvoices) {
            return Err(AppError::Lacks { permission: Permission::ViewInvoices.key().into(), asset: None });
        }
        hand_over_billing(tx, view, chosen.as_ref()).await?;
    }
    if view.loose.domain && !to.domain_to.is_empty() {
        let person = audit::who(&view.title(), &view.form.email);
        let next = who(tx, "domain_to", &to.domain_to).await?;
        match &next {
            Some(contact) => store::add_mail(tx, contact, Category::Domain).await?,
            None => accounts::store::add_main_mail(tx, Category::Domain).await?,
        }
        let next =
            accounts::store::name_of(tx, next.as_ref().map(ContactId::as_str).unwrap_or_default()).await?;
        tx.record(Entry::new(
            AuditKind::MailChosen,
            format!("switched domain mail on for {next}, in place of {person}"),
        ))
        .await?;
    }
    Ok(())
}

/// The contact and, with a login, its invitation and the mail.
#[cfg(feature = "ssr")]
async fn add(access: &Access<ManageContacts>, tx: &mut Tx<InAccount>, shown: &Contact) -> Result<()> {
    let Some(contact) = store::insert(tx, shown).await? else {
        return Err(taken(tx, shown).await?);
    };
    if shown.log_in {
        return offer(access, tx, &contact, shown).await;
    }
    if shown.notify {
        store::check_notices(tx).await?;
        tx.send(&mail::added(access.app(), access.membership(), shown)).await?;
    }
    tx.record(audit::added(shown)).await
}

/// The refusal of an address that another contact has, with a link to that contact (P9).
#[cfg(feature = "ssr")]
async fn taken(tx: &mut Tx<InAccount>, contact: &Contact) -> Result<AppError> {
    let known = store::by_email(tx, &contact.email.key()).await?.ok_or(AppError::NotFound)?;
    let mut errors = FormErrors::default();
    errors.add_link(
        "email",
        format!("{} is on this account already.", contact.email),
        "Open the card",
        paths::contact(tx.account(), &known),
    );
    Ok(AppError::Invalid(errors))
}

/// A pending invitation for a contact, and its mail unless nobody should be told.
#[cfg(feature = "ssr")]
async fn offer(
    access: &Access<ManageContacts>,
    tx: &mut Tx<InAccount>,
    contact: &ContactId,
    shown: &Contact,
) -> Result<()> {
    invitations::store::check_rate(tx, 1).await?;
    let Some(issued) = invitations::store::issue(tx, contact, &shown.email, shown.days).await? else {
        return Ok(());
    };
    let able_to = able_to(tx, contact, &shown.grant).await?;
    if shown.notify {
        tx.send(&invitations::mail::invitation(
            access.app(),
            access.membership(),
            &shown.name(),
            &able_to,
            &issued,
        ))
        .await?;
    }
    tx.record(audit::invited(shown, &able_to)).await
}

/// What the person will be able to do, with the names of services and domains, as the end of a sentence.
#[cfg(feature = "ssr")]
async fn able_to(tx: &mut Tx<InAccount>, contact: &ContactId, grant: &Grant) -> Result<String> {
    let names = permissions::store::names_of(tx.conn(), contact.as_str()).await?;
    Ok(grant.able_to(|id| names.get(id).cloned()).say())
}

/// "Edit Contact" (P5). Switching the login on makes an invitation, switching it off withdraws it; another
/// address makes a new one.
#[server(prefix = "/rpc", endpoint = "contacts/update")]
pub async fn update_contact(
    account: AccountId,
    contact: ContactId,
    #[server(default)] version: i64,
    #[server(flatten)] hand: HandOver,
    #[server(flatten)] form: ContactForm,
) -> Result<Outcome> {
    let access = Access::<ManageContacts>::to(account).await?;
    let shown = form.parse()?;
    let mut tx = access.begin().await?;
    let mut view = store::show(&mut tx, &contact).await?;
    let before = store::before(&view);
    let membership = access.membership();
    let givable = permissions::store::givable(&mut tx).await?;
    let shown = allowed(&before, shown, &givable, membership.is_owner)?;
    confirmed_for(&before, &shown).await?;
    if shown.email.key() != before.email_key && store::by_email(&mut tx, &shown.email.key()).await?.is_some()
    {
        return Err(taken(&mut tx, &shown).await?);
    }
    if !store::update(&mut tx, &contact, version, &shown, &before).await? {
        return Err(AppError::Conflict(
            "Somebody changed this card while you had it open. Nothing was saved: open the card again and repeat your change.".into(),
        ));
    }
    if shown.closed && !before.closed {
        view.loose = store::loose_ends(&mut tx, &view).await?;
        hand_over(&access, &mut tx, &view, &hand).await?;
    }
    recipients::store::somebody_gets_domain_mail(&mut tx, &membership.account, Some("mail")).await?;
    if shown.closed || !shown.log_in {
        ownership::store::end_offer(&mut tx, &contact).await?;
        store::end_what_is_open(&mut tx, &contact).await?;
    }
    tx.unaudited("a card that is saved as it was");
    for entry in audit::changed(&view, &before, &shown, |id| givable.name(id)) {
        tx.record(entry).await?;
    }
    if !before.linked {
        let moved = shown.email.key() != before.email_key;
        if moved || !shown.log_in {
            invitations::store::withdraw(&mut tx, &contact).await?;
        }
        if shown.log_in && !shown.closed && (moved || !before.log_in || before.closed) {
            offer(&access, &mut tx, &contact, &shown).await?;
        }
    }
    tx.commit().await?;
    let name = shown.name();
    let say = match (before.closed, shown.closed) {
        (false, true) => format!("{name} is closed: no more mail, and no way into this account."),
        (true, false) => format!("{name} is active again."),
        _ => format!("{name} is saved."),
    };
    Ok(Outcome::at(paths::contacts(&membership.account), say))
}

/// "Delete" (P6): the contact goes at once; its user cannot enter from the next request on, and a pending
/// invitation dies.
#[server(prefix = "/rpc", endpoint = "contacts/delete")]
pub async fn delete_contact(
    account: AccountId,
    contact: ContactId,
    #[server(flatten)] hand: HandOver,
) -> Result<Outcome> {
    let access = Access::<ManageContacts>::to(account).await?;
    let mut tx = access.begin().await?;
    let mut view = store::show(&mut tx, &contact).await?;
    if view.is_owner {
        return Err(AppError::Conflict("The owner cannot be deleted.".into()));
    }
    if view.is_own {
        return Err(AppError::Conflict("You cannot delete your own card.".into()));
    }
    let held = able_to(&mut tx, &contact, &view.grant).await?;
    view.loose = store::loose_ends(&mut tx, &view).await?;
    hand_over(&access, &mut tx, &view, &hand).await?;
    store::end_what_is_open(&mut tx, &contact).await?;
    ownership::store::end_offer(&mut tx, &contact).await?;
    invitations::store::withdraw(&mut tx, &contact).await?;
    if !store::delete(&mut tx, &contact).await? {
        return Err(AppError::NotFound);
    }
    recipients::store::somebody_gets_domain_mail(&mut tx, &access.membership().account, None).await?;
    tx.record(audit::deleted(&view, &held)).await?;
    tx.commit().await?;
    Ok(Outcome::at(paths::contacts(&access.membership().account), format!("{} is deleted.", view.title())))
}

/// "Resend invitation" (I5): a new mail with a new link, the old ones stop working. After a refusal it is a
/// new invitation.
#[server(prefix = "/rpc", endpoint = "contacts/resend-invitation")]
pub async fn resend_invitation(account: AccountId, contact: ContactId) -> Result<Outcome> {
    let access = Access::<ManageContacts>::to(account).await?;
    let mut tx = access.begin().await?;
    let view = store::show(&mut tx, &contact).await?;
    if view.linked || view.form.log_in.is_empty() || view.form.status == "closed" {
        return Err(AppError::Conflict(format!("{} has no invitation to resend.", view.title())));
    }
    let issued = match invitations::store::renew(&mut tx, &contact).await? {
        Some(issued) => issued,
        None => {
            if view.grant.exceeds(&permissions::store::givable(&mut tx).await?.held()) {
                return Err(AppError::Forbidden(
                    "somebody who holds everything on this card, because you can give only what you hold"
                        .into(),
                ));
            }
            invitations::store::check_rate(&mut tx, 1).await?;
            // A contact that was made from an address alone has no name yet, so its form is not asked.
            let email = EmailAddress::parse(&view.form.email).map_err(AppError::Conflict)?;
            let days = invitations::store::last_days(&mut tx, &contact)
                .await?
                .unwrap_or(invitations::model::DEFAULT_DAYS);
            let made = invitations::store::issue(&mut tx, &contact, &email, days).await?;
            made.ok_or_else(|| AppError::Conflict("The invitation was answered a moment ago.".into()))?
        }
    };
    let able_to = able_to(&mut tx, &contact, &view.grant).await?;
    tx.send(&invitations::mail::invitation(
        access.app(),
        access.membership(),
        &view.title(),
        &able_to,
        &issued,
    ))
    .await?;
    let person = audit::who(&view.title(), &view.form.email);
    tx.record(Entry::new(AuditKind::InvitationResent, format!("sent the invitation of {person} again")))
        .await?;
    tx.commit().await?;
    Ok(Outcome::at(
        paths::contacts(&access.membership().account),
        format!("A new invitation is on its way to {}; the old link no longer works.", issued.email),
    ))
}

/// "Withdraw invitation" (I5): its links stop working. The contact stays, without a login.
#[server(prefix = "/rpc", endpoint = "contacts/withdraw-invitation")]
pub async fn withdraw_invitation(account: AccountId, contact: ContactId) -> Result<Outcome> {
    let access = Access::<ManageContacts>::to(account).await?;
    let mut tx = access.begin().await?;
    let view = store::show(&mut tx, &contact).await?;
    if !invitations::store::withdraw(&mut tx, &contact).await? {
        return Err(AppError::Conflict(format!("{} has no pending invitation.", view.title())));
    }
    store::switch_off_login(&mut tx, &contact).await?;
    let person = audit::who(&view.title(), &view.form.email);
    tx.record(Entry::new(AuditKind::InvitationWithdrawn, format!("withdrew the invitation of {person}")))
        .await?;
    tx.commit().await?;
    Ok(Outcome::at(
        paths::contacts(&access.membership().account),
        format!("The invitation to {} is withdrawn.", view.form.email),
    ))
}

/// A link to copy: its URL, the address it is for, when it expires, and the server's time.
pub type CopyLink = (String, String, Timestamp, Timestamp);

/// "Copy invitation link": a link that can be passed on by other means. It does not prove the address as the
/// mailed one does.
#[server(prefix = "/rpc", endpoint = "contacts/invitation-link")]
pub async fn invitation_link(account: AccountId, contact: ContactId) -> Result<CopyLink> {
    let access = Access::<ManageContacts>::to(account).await?;
    let mut tx = access.begin().await?;
    let (token, email, expires) = invitations::store::link_to_copy(&mut tx, &contact).await?;
    tx.record(Entry::new(
        AuditKind::InvitationCopied,
        format!("took the invitation link of {email} to pass it on"),
    ))
    .await?;
    tx.commit().await?;
    let app = access.app();
    Ok((app.url(&paths::invitation(&token)), email, expires, app.now()))
}
