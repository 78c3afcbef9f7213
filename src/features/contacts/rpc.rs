//! Server functions of contacts. Line 1 of each is the proof of access.

#[cfg(feature = "ssr")]
use super::acts::SeveralForm;
#[cfg(feature = "ssr")]
use super::model::{
    Contact, ContactBefore, OpenAsset, SHOWN_ASSETS, SeveralAct, addresses, allowed, back_to, mail_after,
    named,
};
use super::model::{
    ContactForm, ContactRow, ContactView, DeleteQuestion, HandOver, PersonView, SeveralQuestion,
};
#[cfg(feature = "ssr")]
use super::words;
#[cfg(feature = "ssr")]
use super::{acts, audit, store};
#[cfg(feature = "ssr")]
use crate::access::{Access, ManageContacts};
#[cfg(feature = "ssr")]
use crate::category::{Categories, Category};
#[cfg(feature = "ssr")]
use crate::error::{AppError, FormErrors, Undo};
use crate::error::{Outcome, Result};
#[cfg(feature = "ssr")]
use crate::features::audit::model::AuditKind;
#[cfg(feature = "ssr")]
use crate::features::audit::record::Entry;
use crate::features::permissions::model::Givable;
#[cfg(feature = "ssr")]
use crate::features::permissions::model::{Asset, Grant};
#[cfg(feature = "ssr")]
use crate::features::permissions::record::who;
#[cfg(feature = "ssr")]
use crate::features::permissions::words::AbilityText;
#[cfg(feature = "ssr")]
use crate::features::{invitations, permissions, recipients};
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use crate::permission::{Group, Permission, Permissions, Preset};
#[cfg(feature = "ssr")]
use crate::types::first_and_last;
use crate::types::{AccountId, ContactId, ListQuery, Page, Timestamp};
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use leptos::server_fn::ServerFn as _;

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
    let view = acts::view_for_form(&access, &contact).await?.0;
    Ok(DeleteQuestion { title: view.title(), losses: view.losses(), to: view.loose.options() })
}

/// One contact.
#[server(prefix = "/rpc", endpoint = "contacts/show")]
pub async fn show_contact(account: AccountId, contact: ContactId) -> Result<ContactView> {
    let access = Access::<ManageContacts>::to(account).await?;
    Ok(acts::view_for_form(&access, &contact).await?.0)
}

/// One contact and what the viewer can give, for the form.
#[server(prefix = "/rpc", endpoint = "contacts/edit")]
pub async fn edit_contact(account: AccountId, contact: ContactId) -> Result<(ContactView, Givable)> {
    let access = Access::<ManageContacts>::to(account).await?;
    acts::view_for_form(&access, &contact).await
}

/// A person's page (P11): what they can do, and everything that is known of them on the account.
#[server(prefix = "/rpc", endpoint = "contacts/person")]
pub async fn show_person(account: AccountId, contact: ContactId) -> Result<PersonView> {
    let access = Access::<ManageContacts>::to(account).await?;
    let mut reader = access.read().await?;
    let (view, givable) = acts::view(&mut reader, &contact).await?;
    let facts = store::facts(&mut reader, &contact).await?;
    let enters = view.is_owner || !view.form.log_in.is_empty();
    let able = if enters { view.grant.able_to(|id| givable.name(id)) } else { AbilityText::default() };
    let on = |group: Group| {
        let open = |asset: &Asset| OpenAsset {
            id: asset.id.clone(),
            name: asset.name.clone(),
            opens: Permissions::on_asset(view.grant.everywhere, view.grant.on(&asset.id), group),
        };
        let all = givable.of(group).iter().map(open).filter(|asset| enters && !asset.opens.is_empty());
        all.take(SHOWN_ASSETS).collect::<Vec<_>>()
    };
    let (services, domains) = (on(Group::Service), on(Group::Domain));
    let seen = access.held().has(Permission::ViewActivity);
    Ok(PersonView {
        able_to: able.say(),
        able: able.list(),
        closed_areas: view.grant.closed_areas(),
        services,
        domains,
        invitation: facts.invitation.filter(|_| !view.is_owner),
        last_sign_in: facts.last_sign_in,
        signed_in_from: if seen { facts.signed_in_from } else { String::new() },
        factor: facts.factor,
        failing: facts.failing,
        now: reader.now(),
        contact: view,
    })
}

/// "Add New Contact" (P2). With a login the contact gets an invitation; "Notify Client?" decides whether a
/// mail tells of it (I7).
#[server(prefix = "/rpc", endpoint = "contacts/create")]
pub async fn create_contact(account: AccountId, #[server(flatten)] form: ContactForm) -> Result<Outcome> {
    let access = Access::<ManageContacts>::to(account).await?;
    let mut contact = form.parse()?;
    acts::no_slip("email", &contact.email, &form.address_sure)?;
    contact.closed = false;
    let mut tx = access.begin().await?;
    let givable = permissions::store::givable_in(&mut tx, &contact.asked).await?;
    contact.grant = contact.asked.resolve(&Grant::default(), &givable)?;
    contact.mail = mail_after(Categories::default(), contact.mail, givable.everywhere)?;
    acts::confirmed_for(&ContactBefore::nobody(), &contact).await?;
    acts::save_role(&mut tx, &contact, &givable).await?;
    acts::add(&access, &mut tx, &contact).await?;
    tx.commit().await?;
    let say = match (contact.log_in, contact.notify) {
        (true, true) => words::was_added_and_an_invitation(&contact.name(), &contact.email),
        (true, false) => words::was_added_no_e_mail(&contact.name(), &contact.email),
        (false, true) => words::was_added_and_gets_an(&contact.name()),
        (false, false) => words::was_added(&contact.name()),
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
        errors.add("name", words::A_NAME_IS_FOR_ONE);
    }
    for (_, email) in &people {
        if let Err(AppError::Invalid(more)) = acts::no_slip("emails", email, &form.address_sure) {
            errors.0.extend(more.0);
            break;
        }
    }
    let (first, last) = first_and_last(&name);
    // The person fills in the rest when they sign up; until then the address stands for the name.
    let typed = ContactForm {
        first_name: first.into(),
        last_name: last.into(),
        company: "-".into(),
        email: "a@example.com".into(),
        log_in: "on".into(),
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
            let mut mail = mail_after(Categories::default(), template.mail, givable.everywhere)?;
            // This form has no boxes for mail: whoever keeps the books wants the invoices.
            if mail == Categories::default()
                && grant.each.is_empty()
                && grant.everywhere.preset() == Preset::Accounting
            {
                mail = Category::Invoice.into();
            }
            let template = Contact { mail, grant, ..template };
            acts::confirmed_for(&ContactBefore::nobody(), &template).await?;
            invitations::store::check_rate(&mut tx, people.len()).await?;
            acts::save_role(&mut tx, &template, &givable).await?;
            let mut refused = FormErrors::default();
            for (name, email) in &people {
                let (first, last) = first_and_last(name);
                let named = !first.is_empty() && template.first_name.is_empty();
                let contact = Contact {
                    first_name: if named { first.to_owned() } else { template.first_name.clone() },
                    last_name: if named { last.to_owned() } else { template.last_name.clone() },
                    email: email.clone(),
                    company: String::new(),
                    log_in: true,
                    notify: true,
                    closed: false,
                    ..template.clone()
                };
                match acts::add(&access, &mut tx, &contact).await {
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
                [(_, one)] => words::an_invitation_is_on_its(&one),
                many => words::invitations_are_on_their_way(&many.len()),
            };
            return Ok(Outcome::at(paths::contacts(&access.membership().account), say));
        }
    }
    Err(AppError::Invalid(errors))
}

/// "Edit Contact" (P5). Switching the login on makes an invitation, switching it off withdraws it; another
/// address makes a new one.
#[server(prefix = "/rpc", endpoint = "contacts/update")]
pub async fn update_contact(
    account: AccountId,
    contact: ContactId,
    #[server(default)] version: i64,
    #[server(default)] back: String,
    #[server(flatten)] hand: HandOver,
    #[server(flatten)] form: ContactForm,
) -> Result<Outcome> {
    let access = Access::<ManageContacts>::to(account).await?;
    let shown = form.parse()?;
    let mut tx = access.begin().await?;
    let view = store::show(&mut tx, &contact).await?;
    let before = store::before(&view);
    let membership = access.membership();
    let givable = permissions::store::givable(&mut tx).await?;
    let shown = allowed(&before, shown, &givable, membership.is_owner)?;
    if shown.email.key() != before.email_key {
        acts::no_slip("email", &shown.email, &form.address_sure)?;
    }
    acts::confirmed_for(&before, &shown).await?;
    if shown.email.key() != before.email_key && store::by_email(&mut tx, &shown.email.key()).await?.is_some()
    {
        return Err(acts::taken(&mut tx, &shown).await?);
    }
    if !store::update(&mut tx, &contact, version, &shown, &before).await? {
        return Err(AppError::Conflict(words::SOMEBODY_CHANGED_THIS_CONTACT_WHILE.into()));
    }
    if shown.closed && !before.closed {
        acts::hand_over(&access, &mut tx, &view, &hand).await?;
    }
    recipients::store::somebody_gets_domain_mail(&mut tx, &membership.account, Some("mail")).await?;
    if shown.closed || !shown.log_in {
        // The address may be another one now: who could log in with the old one hears it there.
        acts::end_access(&access, &mut tx, &view).await?;
    }
    permissions::store::settle(&mut tx, &contact, &shown.grant).await?;
    tx.unaudited("a contact that is saved as it was");
    acts::save_role(&mut tx, &shown, &givable).await?;
    for entry in audit::changed(&view, &before, &shown, &givable) {
        tx.record(entry).await?;
    }
    if !before.linked {
        let moved = shown.email.key() != before.email_key;
        if moved || !shown.log_in {
            invitations::store::withdraw(&mut tx, &contact).await?;
        }
        if shown.log_in && !shown.closed && (moved || !before.log_in || before.closed) {
            acts::offer(&access, &mut tx, &contact, &shown).await?;
        }
    }
    tx.commit().await?;
    let name = shown.name();
    let account = &membership.account;
    let undo = (shown.closed && !before.closed).then(|| reopening(account, &contact, &back));
    let say = match (before.closed, shown.closed) {
        (false, true) => words::was_closed_they_get_no(&name),
        (true, false) => words::is_active_again(&name),
        _ => words::changes_to_saved(&name),
    };
    Ok(Outcome::at(back_to(account, &back, &[contact]), say).undone_by(undo))
}

/// "Delete" (P6): the contact goes at once; its user cannot enter from the next request on, and a pending
/// invitation dies.
#[server(prefix = "/rpc", endpoint = "contacts/delete")]
pub async fn delete_contact(
    account: AccountId,
    contact: ContactId,
    #[server(default)] back: String,
    #[server(flatten)] hand: HandOver,
) -> Result<Outcome> {
    let access = Access::<ManageContacts>::to(account).await?;
    let mut tx = access.begin().await?;
    let view = acts::delete(&access, &mut tx, &contact, &hand).await?;
    tx.commit().await?;
    let back = if back == "page" { String::new() } else { back };
    Ok(Outcome::at(back_to(&access.membership().account, &back, &[]), words::was_deleted(&view.title())))
}

/// The question before a contact is closed: what ends, and what hangs on it.
#[server(prefix = "/rpc", endpoint = "contacts/ask-to-close")]
pub async fn ask_to_close(account: AccountId, contact: ContactId) -> Result<DeleteQuestion> {
    let access = Access::<ManageContacts>::to(account).await?;
    let view = acts::view_for_form(&access, &contact).await?.0;
    Ok(DeleteQuestion { title: view.title(), losses: view.closings(), to: view.loose.options() })
}

/// "Close" (P5): no more mail and no way in; the contact keeps everything and can be reopened.
#[server(prefix = "/rpc", endpoint = "contacts/close")]
pub async fn close_contact(
    account: AccountId,
    contact: ContactId,
    #[server(default)] back: String,
    #[server(flatten)] hand: HandOver,
) -> Result<Outcome> {
    let access = Access::<ManageContacts>::to(account).await?;
    let mut tx = access.begin().await?;
    let view = acts::close(&access, &mut tx, &contact, &hand).await?;
    tx.commit().await?;
    let say = words::was_closed_they_get_no_more(&view.title());
    let account = &access.membership().account;
    let undo = reopening(account, &contact, &back);
    Ok(Outcome::at(back_to(account, &back, &[contact]), say).undone_by(undo))
}

/// The call that takes a closing back.
#[cfg(feature = "ssr")]
fn reopening(account: &AccountId, contact: &ContactId, back: &str) -> Undo {
    let fields = [("account", account.as_str()), ("contact", contact.as_str()), ("back", back)];
    Undo::by(ReopenContact::PATH, &fields)
}

/// "Reopen" (P5): takes a closing back. What the contact holds counts again.
#[server(prefix = "/rpc", endpoint = "contacts/reopen")]
pub async fn reopen_contact(
    account: AccountId,
    contact: ContactId,
    #[server(default)] back: String,
) -> Result<Outcome> {
    let access = Access::<ManageContacts>::to(account).await?;
    let mut tx = access.begin().await?;
    let view = acts::reopen(&access, &mut tx, &contact).await?;
    tx.commit().await?;
    let say = if view.linked || view.form.log_in.is_empty() {
        words::is_active_again_2(&view.title())
    } else {
        words::is_active_again_the_invitation(&view.title())
    };
    Ok(Outcome::at(back_to(&access.membership().account, &back, &[contact]), say))
}

/// "Resend invitation" (I5): a new mail with a new link, the old ones stop working. After a refusal it is a
/// new invitation.
#[server(prefix = "/rpc", endpoint = "contacts/resend-invitation")]
pub async fn resend_invitation(
    account: AccountId,
    contact: ContactId,
    #[server(default)] back: String,
) -> Result<Outcome> {
    let access = Access::<ManageContacts>::to(account).await?;
    let mut tx = access.begin().await?;
    let email = acts::resend(&access, &mut tx, &contact).await?;
    tx.commit().await?;
    Ok(Outcome::at(
        back_to(&access.membership().account, &back, &[contact]),
        words::a_new_invitation_is_on(&email),
    ))
}

/// "Withdraw invitation" (I5): its links stop working. The contact stays, without a login.
#[server(prefix = "/rpc", endpoint = "contacts/withdraw-invitation")]
pub async fn withdraw_invitation(
    account: AccountId,
    contact: ContactId,
    #[server(default)] back: String,
) -> Result<Outcome> {
    let access = Access::<ManageContacts>::to(account).await?;
    let mut tx = access.begin().await?;
    let view = store::show(&mut tx, &contact).await?;
    if !invitations::store::withdraw(&mut tx, &contact).await? {
        return Err(AppError::Conflict(words::has_no_pending_invitation(&view.title())));
    }
    store::switch_off_login(&mut tx, &contact).await?;
    let person = who(&view.title(), &view.form.email);
    let says = words::withdrew_the_invitation_to(&person);
    tx.record(Entry::new(AuditKind::InvitationWithdrawn, says).about(&contact)).await?;
    tx.commit().await?;
    Ok(Outcome::at(
        back_to(&access.membership().account, &back, &[contact]),
        words::the_invitation_to_was_withdrawn(&view.form.email),
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
    let says = words::copied_the_invitation_link_for(&email);
    tx.record(Entry::new(AuditKind::InvitationCopied, says).about(&contact)).await?;
    tx.commit().await?;
    let app = access.app();
    Ok((app.url(&paths::invitation(&token)), email, expires, app.now()))
}

/// The question before something is done to several contacts: it names them (P12).
#[server(prefix = "/rpc", endpoint = "contacts/ask-several")]
pub async fn ask_several(account: AccountId, act: String, who: String) -> Result<SeveralQuestion> {
    let access = Access::<ManageContacts>::to(account).await?;
    let mut question = SeveralQuestion { may: access.held(), ..SeveralQuestion::default() };
    // A page that was opened without the list asks nothing.
    let Some(act) = SeveralAct::from_key(&act).filter(|_| !who.is_empty()) else { return Ok(question) };
    let mut reader = access.read().await?;
    if act == SeveralAct::Preset {
        question.presets = permissions::store::givable(&mut reader).await?.choices(false);
    }
    for contact in named(&who)? {
        let mut view = store::show(&mut reader, &contact).await?;
        let name = view.title();
        if let Some(why) = act.refusal(&view, access.membership().is_owner) {
            question.left_out.push(format!("{name} {why}."));
            continue;
        }
        let mut says = Vec::new();
        if matches!(act, SeveralAct::Close | SeveralAct::Delete) {
            view.loose = store::loose_ends(&mut reader, &view).await?;
            says = if act == SeveralAct::Close { view.closings() } else { view.losses() };
            if view.bills {
                says.push(words::INVOICES_ARE_ADDRESSED_TO_THE.into());
            }
        }
        question.people.push((contact, name, says));
    }
    Ok(question)
}

/// Does one thing to several contacts, to all of them or to none (P12). Answers with the list as it was looked
/// at, the rows marked.
#[server(prefix = "/rpc", endpoint = "contacts/change-several")]
pub async fn change_several(
    account: AccountId,
    act: String,
    who: String,
    #[server(default)] back: String,
    #[server(default)] mail: Vec<String>,
    #[server(default)] switch: String,
    #[server(default)] preset: String,
) -> Result<Outcome> {
    let access = Access::<ManageContacts>::to(account).await?;
    let act = SeveralAct::from_key(&act).ok_or(AppError::NotFound)?;
    let contacts = named(&who)?;
    let mut form = SeveralForm {
        mail: Categories::from_keys(&mail),
        on: switch != "off",
        preset,
        givable: Givable::default(),
    };
    if act == SeveralAct::Mail && form.mail.is_empty() {
        return Err(AppError::field("mail", words::CHOOSE_AT_LEAST_ONE_KIND));
    }
    let mut tx = access.begin().await?;
    if act == SeveralAct::Preset {
        form.givable = permissions::store::givable(&mut tx).await?;
        if form.givable.meant(&form.preset).is_none() {
            return Err(AppError::field("preset", words::CHOOSE_A_PRESET));
        }
    }
    tx.unaudited("mail that is switched as it was, and permissions that are given already");
    let mut switched = Vec::new();
    for contact in &contacts {
        switched.push(acts::do_to(&access, &mut tx, contact, act, &form).await?);
    }
    let account = access.membership().account.clone();
    recipients::store::somebody_gets_domain_mail(&mut tx, &account, Some("mail")).await?;
    tx.commit().await?;
    let people = match contacts.len() {
        1 => words::N_1_PERSON.to_owned(),
        many => words::people(&many),
    };
    let say = match act {
        SeveralAct::Close => words::closed_they_get_no_more(&people),
        SeveralAct::Reopen => words::reopened_invitations_that_were_withdrawn(&people),
        SeveralAct::Delete => words::deleted(&people),
        SeveralAct::Resend => words::new_invitations_are_on_their(&people),
        SeveralAct::Mail => words::mail_preferences_changed_for(&people),
        SeveralAct::Preset => {
            let title = form.givable.meant(&form.preset).map(|(title, _)| title).unwrap_or_default();
            words::was_given_to(&title, &people)
        }
    };
    let undo = match act {
        SeveralAct::Close => Some((SeveralAct::Reopen, who, Categories::default())),
        SeveralAct::Mail => undone_mail(&contacts, &switched).map(|(who, mail)| (act, who, mail)),
        _ => None,
    };
    let undo = undo.map(|(act, who, mail)| {
        let mut fields =
            vec![("account", account.as_str()), ("act", act.key()), ("who", &who), ("back", &back)];
        fields.push(("switch", if form.on { "off" } else { "on" }));
        fields.extend(mail.iter().map(|category| ("mail[]", category.key())));
        Undo::by(ChangeSeveral::PATH, &fields)
    });
    let to = back_to(&account, if back == "page" { "" } else { &back }, &contacts);
    Ok(Outcome::at(to, say).undone_by(undo))
}

/// Whose mail has to be switched back to undo a switch, and which: nothing when it is not the same for all.
#[cfg(feature = "ssr")]
fn undone_mail(contacts: &[ContactId], switched: &[Categories]) -> Option<(String, Categories)> {
    let changed = || contacts.iter().zip(switched).filter(|(_, mail)| !mail.is_empty());
    let (_, first) = changed().next()?;
    let ids: Vec<&str> = changed().map(|(contact, _)| contact.as_str()).collect();
    changed().all(|(_, mail)| mail == first).then(|| (ids.join(","), *first))
}
