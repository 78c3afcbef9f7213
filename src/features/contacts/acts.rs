//! What is done to a contact within a transaction, for one from a form or for several at once.

use super::billing::hand_over_billing;
use super::model::{
    Contact, ContactBefore, ContactForm, ContactView, HandOver, MAIN, SeveralAct, allowed, mail_after,
};
use super::words;
use super::{audit, mail, store};
use crate::access::{Access, InAccount, ManageContacts, Reader, SignedIn, Tx};
use crate::category::{Categories, Category};
use crate::error::{AppError, FormErrors, Result};
use crate::features::audit::model::{AuditChange, AuditKind};
use crate::features::audit::record::Entry;
use crate::features::permissions::grant_form::GrantForm;
use crate::features::permissions::model::{Givable, Grant};
use crate::features::permissions::record::{given, who};
use crate::features::{accounts, invitations, ownership, permissions, recipients, roles};
use crate::paths;
use crate::permission::Permission;
use crate::platform::typo;
use crate::types::{ContactId, EmailAddress};

/// A contact with what its person asks for, and what whoever looks can give.
pub(super) async fn view(
    reader: &mut Reader<InAccount>,
    contact: &ContactId,
) -> Result<(ContactView, Givable)> {
    let mut view = store::show(reader, contact).await?;
    let givable = permissions::store::givable(reader).await?;
    view.asks = permissions::store::open_asks(reader, contact, &view.grant, &givable).await?;
    // What the viewer cannot see has no place in their page.
    view.grant.each.retain(|id, _| givable.name(id).is_some());
    Ok((view, givable))
}

/// The same with what hangs on the contact, for the form and for the questions before it ends.
pub(super) async fn view_for_form(
    access: &Access<ManageContacts>,
    contact: &ContactId,
) -> Result<(ContactView, Givable)> {
    let mut reader = access.read().await?;
    let (mut view, givable) = view(&mut reader, contact).await?;
    if !view.is_owner && !view.is_own {
        view.loose = store::loose_ends(&mut reader, &view).await?;
    }
    Ok((view, givable))
}

/// Asks about an address that looks like a slip, unless the person has said that it is right.
///
/// # Errors
/// [`AppError::Invalid`] beside `field`, with the address that was probably meant.
pub(super) fn no_slip(field: &str, email: &EmailAddress, sure: &str) -> Result<()> {
    match typo::meant(email).filter(|_| sure.is_empty()) {
        None => Ok(()),
        Some(meant) => Err(AppError::field(field, words::did_you_mean_correct_it(&email, &meant))),
    }
}

/// Whoever lets somebody else hand out permissions proves that it is them, see
/// [`ContactBefore::hands_out_keys`].
///
/// # Errors
/// [`AppError::Unconfirmed`].
pub(super) async fn confirmed_for(before: &ContactBefore, after: &Contact) -> Result<()> {
    if before.hands_out_keys(after) {
        SignedIn::confirmed().await?;
    }
    Ok(())
}

/// Hands over what hangs on a contact that is being closed or deleted, as the form says (P10). Whatever becomes of
/// the invoices is in the audit trail.
///
/// # Errors
/// Beside the field for somebody who cannot take it; [`AppError::Lacks`] for who may not choose.
pub(super) async fn hand_over(
    access: &Access<ManageContacts>,
    tx: &mut Tx<InAccount>,
    view: &ContactView,
    to: &HandOver,
) -> Result<()> {
    let chosen = async |tx: &mut Tx<InAccount>, field: &str, named: &str| -> Result<Option<ContactId>> {
        if named == MAIN {
            return Ok(None);
        }
        let contact = accounts::store::active_contact(tx, named).await?.filter(|contact| *contact != view.id);
        contact.map(Some).ok_or_else(|| AppError::field(field, words::CHOOSE_ANOTHER_ACTIVE_CONTACT_OF))
    };
    if view.bills {
        let next =
            if to.billing_to.is_empty() { None } else { chosen(tx, "billing_to", &to.billing_to).await? };
        if next.is_some() && !access.held().has(Permission::ViewInvoices) {
            return Err(AppError::Lacks { permission: Permission::ViewInvoices.key().into(), asset: None });
        }
        hand_over_billing(tx, view, next.as_ref()).await?;
    }
    if !to.domain_to.is_empty() && store::loose_ends(tx, view).await?.domain {
        let person = who(&view.title(), &view.form.email);
        let next = chosen(tx, "domain_to", &to.domain_to).await?;
        match &next {
            Some(contact) => store::add_mail(tx, contact, Category::Domain).await?,
            None => accounts::store::add_main_mail(tx, Category::Domain).await?,
        }
        let next =
            accounts::store::name_of(tx, next.as_ref().map(ContactId::as_str).unwrap_or_default()).await?;
        tx.record(Entry::new(AuditKind::MailChosen, words::switched_domain_mail_on_for(&next, &person)))
            .await?;
    }
    Ok(())
}

/// Saves what a form gives as a role of the account, if it asks for that (R11).
///
/// # Errors
/// Beside the field, for a name or a set that there is already.
pub(super) async fn save_role(tx: &mut Tx<InAccount>, shown: &Contact, givable: &Givable) -> Result<()> {
    let Some(name) = &shown.role else { return Ok(()) };
    roles::store::insert(tx, "role_name", name, &shown.grant).await?;
    tx.record(roles::record::saved(name.as_str(), &shown.grant, givable)).await
}

/// The contact and, with a login, its invitation and the mail.
pub(super) async fn add(
    access: &Access<ManageContacts>,
    tx: &mut Tx<InAccount>,
    shown: &Contact,
) -> Result<()> {
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
    tx.record(audit::added(&contact, shown)).await
}

/// The refusal of an address that another contact has, with a link to that contact (P9).
pub(super) async fn taken(tx: &mut Tx<InAccount>, contact: &Contact) -> Result<AppError> {
    let known = store::by_email(tx, &contact.email.key()).await?.ok_or(AppError::NotFound)?;
    let mut errors = FormErrors::default();
    errors.add_link(
        "email",
        words::is_already_on_this_account(&contact.email),
        words::OPEN_THE_CONTACT,
        paths::contact(tx.account(), &known),
    );
    Ok(AppError::Invalid(errors))
}

/// A pending invitation for a contact, and its mail unless nobody should be told.
pub(super) async fn offer(
    access: &Access<ManageContacts>,
    tx: &mut Tx<InAccount>,
    contact: &ContactId,
    shown: &Contact,
) -> Result<()> {
    invitations::store::check_rate(tx, 1).await?;
    let Some(issued) =
        invitations::store::issue(tx, contact, &shown.email, shown.days, shown.tell_me).await?
    else {
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
    tx.record(audit::invited(contact, shown, &able_to)).await
}

/// What the person will be able to do, with the names of services and domains, as the end of a sentence.
pub(super) async fn able_to(tx: &mut Tx<InAccount>, contact: &ContactId, grant: &Grant) -> Result<String> {
    let names = permissions::store::names_of(tx.conn(), contact.as_str()).await?;
    Ok(grant.able_to(|id| names.get(id).cloned()).say())
}

/// Whoever lets somebody who can hand out permissions in, or out, proves that it is them, see
/// [`ContactBefore::hands_out_keys`].
///
/// # Errors
/// [`AppError::Unconfirmed`].
pub(super) async fn confirmed_about(view: &ContactView) -> Result<()> {
    if view.grant.everywhere.has(Permission::ManageContacts) {
        SignedIn::confirmed().await?;
    }
    Ok(())
}

/// The owner's contact and one's own are not `done` anything to (P7, R5).
///
/// # Errors
/// [`AppError::Conflict`].
pub(super) fn not_fixed(view: &ContactView, done: &str) -> Result<()> {
    if view.is_owner {
        return Err(AppError::Conflict(words::the_owner_cannot_be(&done)));
    }
    if view.is_own {
        return Err(AppError::Conflict(words::your_own_contact_cannot_be(&done)));
    }
    Ok(())
}

/// Ends what a contact has open, and tells a person who could log in that they no longer can; who was closed
/// before has heard it.
pub(super) async fn end_access(
    access: &Access<ManageContacts>,
    tx: &mut Tx<InAccount>,
    view: &ContactView,
) -> Result<()> {
    if view.linked && !view.form.log_in.is_empty() && view.form.status != "closed" {
        tx.send(&mail::ended(access.app(), access.membership(), &view.title(), &view.form.email)).await?;
    }
    ownership::store::end_offer(tx, &view.id).await?;
    store::end_what_is_open(tx, &view.id).await?;
    Ok(())
}

/// Closes a contact (P5): no more mail and no way in. What hangs on it is handed over as `hand` says.
///
/// # Errors
/// [`AppError::Conflict`] for the owner, oneself, one that is closed, and the last who gets domain mail.
pub(super) async fn close(
    access: &Access<ManageContacts>,
    tx: &mut Tx<InAccount>,
    contact: &ContactId,
    hand: &HandOver,
) -> Result<ContactView> {
    let view = store::show(tx, contact).await?;
    confirmed_about(&view).await?;
    not_fixed(&view, "closed")?;
    if !store::set_closed(tx, contact, true).await? {
        return Err(AppError::Conflict(words::is_already_closed(&view.title())));
    }
    hand_over(access, tx, &view, hand).await?;
    recipients::store::somebody_gets_domain_mail(tx, &access.membership().account, None).await?;
    end_access(access, tx, &view).await?;
    invitations::store::withdraw(tx, contact).await?;
    let person = who(&view.title(), &view.form.email);
    tx.record(Entry::new(AuditKind::ContactClosed, words::closed_the_contact(&person)).about(contact))
        .await?;
    Ok(view)
}

/// Opens a closed contact again (P5). What it holds counts again; an invitation that was withdrawn does not.
///
/// # Errors
/// [`AppError::Conflict`] for one that is active, and what the form refuses to open.
pub(super) async fn reopen(
    access: &Access<ManageContacts>,
    tx: &mut Tx<InAccount>,
    contact: &ContactId,
) -> Result<ContactView> {
    let view = store::show(tx, contact).await?;
    confirmed_about(&view).await?;
    let before = store::before(&view);
    let givable = permissions::store::givable(tx).await?;
    // The rules are those of the form; a contact that was made from an address alone has no name.
    let form = ContactForm { status: "active".into(), company: "-".into(), ..view.form.clone() };
    allowed(&before, form.parse()?, &givable, access.membership().is_owner)?;
    if !store::set_closed(tx, contact, false).await? {
        return Err(AppError::Conflict(words::is_already_active(&view.title())));
    }
    let person = who(&view.title(), &view.form.email);
    tx.record(Entry::new(AuditKind::ContactOpened, words::reopened_the_contact(&person)).about(contact))
        .await?;
    Ok(view)
}

/// Deletes a contact (P6): its user cannot enter from the next request on, and a pending invitation dies.
///
/// # Errors
/// As [`close`]; [`AppError::NotFound`] for one that is gone.
pub(super) async fn delete(
    access: &Access<ManageContacts>,
    tx: &mut Tx<InAccount>,
    contact: &ContactId,
    hand: &HandOver,
) -> Result<ContactView> {
    let view = store::show(tx, contact).await?;
    not_fixed(&view, "deleted")?;
    let held = able_to(tx, contact, &view.grant).await?;
    hand_over(access, tx, &view, hand).await?;
    end_access(access, tx, &view).await?;
    invitations::store::withdraw(tx, contact).await?;
    if !store::delete(tx, contact).await? {
        return Err(AppError::NotFound);
    }
    recipients::store::somebody_gets_domain_mail(tx, &access.membership().account, None).await?;
    tx.record(audit::deleted(&view, &held)).await?;
    Ok(view)
}

/// Sends the invitation of a contact again, with a new link (I5). After a refusal it is a new invitation.
/// Returns the invited address.
///
/// # Errors
/// [`AppError::Conflict`] where there is none to send, and beyond the limits of I6; [`AppError::Forbidden`] for
/// who could not give what it opens.
pub(super) async fn resend(
    access: &Access<ManageContacts>,
    tx: &mut Tx<InAccount>,
    contact: &ContactId,
) -> Result<String> {
    let view = store::show(tx, contact).await?;
    if view.linked || view.form.log_in.is_empty() || view.form.status == "closed" {
        return Err(AppError::Conflict(words::has_no_invitation_to_resend(&view.title())));
    }
    let issued = match invitations::store::renew(tx, contact).await? {
        Some(issued) => issued,
        None => {
            if view.grant.exceeds(&permissions::store::givable(tx).await?.held()) {
                return Err(AppError::Forbidden(words::YOU_CAN_GIVE_ONLY_WHAT.into()));
            }
            invitations::store::check_rate(tx, 1).await?;
            // A contact that was made from an address alone has no name yet, so its form is not asked.
            let email = EmailAddress::parse(&view.form.email).map_err(AppError::Conflict)?;
            let days =
                invitations::store::last_days(tx, contact).await?.unwrap_or(invitations::model::DEFAULT_DAYS);
            let made = invitations::store::issue(tx, contact, &email, days, true).await?;
            made.ok_or_else(|| AppError::Conflict(words::THE_INVITATION_WAS_ANSWERED_A.into()))?
        }
    };
    let able_to = able_to(tx, contact, &view.grant).await?;
    tx.send(&invitations::mail::invitation(
        access.app(),
        access.membership(),
        &view.title(),
        &able_to,
        &issued,
    ))
    .await?;
    let person = who(&view.title(), &view.form.email);
    let says = words::resent_the_invitation_to(&person);
    tx.record(Entry::new(AuditKind::InvitationResent, says).about(contact)).await?;
    Ok(issued.email)
}

/// What is asked of several contacts beside what is done.
pub(super) struct SeveralForm {
    /// Categories to switch.
    pub mail: Categories,
    /// Switch them on, rather than off.
    pub on: bool,
    /// The preset or role to give: its key or id.
    pub preset: String,
    /// What whoever acts can give.
    pub givable: Givable,
}

/// Does one thing to one of several contacts. Returns the categories of mail that it switched.
///
/// # Errors
/// [`AppError::Conflict`] for whom it cannot be done to, and what the same for one alone refuses.
pub(super) async fn do_to(
    access: &Access<ManageContacts>,
    tx: &mut Tx<InAccount>,
    contact: &ContactId,
    act: SeveralAct,
    form: &SeveralForm,
) -> Result<Categories> {
    let view = store::show(tx, contact).await?;
    let mut switched = Categories::default();
    if let Some(why) = act.refusal(&view, access.membership().is_owner) {
        return Err(AppError::Conflict(words::nothing_was_done(&view.title(), &why)));
    }
    let person = who(&view.title(), &view.form.email);
    match act {
        SeveralAct::Close => drop(close(access, tx, contact, &HandOver::default()).await?),
        SeveralAct::Reopen => drop(reopen(access, tx, contact).await?),
        SeveralAct::Delete => drop(delete(access, tx, contact, &HandOver::default()).await?),
        SeveralAct::Resend => drop(resend(access, tx, contact).await?),
        SeveralAct::Mail => {
            let before = Categories::from_keys(&view.form.mail);
            let asked = if form.on { before.and(form.mail) } else { before.minus(form.mail) };
            let after = mail_after(before, asked, access.held())?;
            if after != before {
                store::set_mail(tx, contact, after).await?;
                let changed = if form.on { after.minus(before) } else { before.minus(after) };
                let way = if form.on { "on" } else { "off" };
                let says = words::switched_mail_for(&changed.titles().to_lowercase(), &way, &person);
                switched = changed;
                let change = AuditChange::between(words::MAIL, before.titles(), after.titles());
                tx.record(Entry::new(AuditKind::MailChosen, says).about(contact).with(change)).await?;
            }
        }
        SeveralAct::Preset => {
            let held: Vec<String> = view.grant.everywhere.iter().map(|held| held.key().to_owned()).collect();
            let after =
                GrantForm::parse(&form.preset, &held, &[], "", false).resolve(&view.grant, &form.givable)?;
            if after.everywhere.minus(view.grant.everywhere).has(Permission::ManageContacts) {
                SignedIn::confirmed().await?;
            }
            if after != view.grant {
                permissions::store::give(tx, contact, &view.grant, &after).await?;
                permissions::store::settle(tx, contact, &after).await?;
                tx.record(given(&person, &view.grant, &after, &form.givable).about(contact)).await?;
            }
        }
    }
    Ok(switched)
}
