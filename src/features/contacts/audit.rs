//! What changes of contacts leave in the activity trail.

use super::model::{Contact, ContactBefore, ContactForm, ContactView};
use super::words;
use crate::category::Categories;
use crate::features::audit::model::{AuditChange, AuditKind};
use crate::features::audit::record::Entry;
use crate::features::permissions::model::Givable;
use crate::features::permissions::record::{given, who};
use crate::features::permissions::words::phrase;
use crate::permission::Preset;
use crate::types::{ContactId, country};

/// A contact without a login was added.
pub fn added(id: &ContactId, contact: &Contact) -> Entry {
    Entry::new(
        AuditKind::ContactAdded,
        words::added_as_a_contact(&who(&contact.name(), contact.email.as_str())),
    )
    .about(id)
    .with(between(nothing(), of_contact(contact)))
}

/// Somebody was invited. `able_to` is the end of "They will be able to …".
pub fn invited(id: &ContactId, contact: &Contact, able_to: &str) -> Entry {
    let person = who(&contact.name(), contact.email.as_str());
    let says = match contact.grant.is_empty() {
        true => words::invited_without_any_permissions(&person),
        false => match phrase(contact.grant.everywhere, contact.grant.summary()) {
            custom if custom == Preset::Custom.title() => words::invited_to(&person, &able_to),
            phrase => words::invited_and_gave_them(&person, &phrase),
        },
    };
    Entry::new(AuditKind::InvitationSent, says)
        .about(id)
        .with(between(nothing(), of_contact(contact)))
        .with(AuditChange::between(words::PERMISSIONS, "", able_to))
}

/// A contact was saved: one entry for its fields, and one for each asset that opens or closes a door.
pub fn changed(
    view: &ContactView,
    before: &ContactBefore,
    contact: &Contact,
    givable: &Givable,
) -> Vec<Entry> {
    let person = who(&contact.name(), contact.email.as_str());
    let mut entries = Vec::new();
    if contact.grant != before.grant && !before.is_owner {
        entries.push(given(&person, &before.grant, &contact.grant, givable));
    }
    match (before.closed, contact.closed) {
        (false, true) => {
            entries.push(Entry::new(AuditKind::ContactClosed, words::closed_the_contact(&person)));
        }
        (true, false) => {
            entries.push(Entry::new(AuditKind::ContactOpened, words::reopened_the_contact(&person)));
        }
        _ => {}
    }
    match (before.log_in, contact.log_in) {
        (true, false) => {
            entries.push(Entry::new(AuditKind::LoginSwitched, words::stopped_from_logging_in(&person)));
        }
        (false, true) => entries.push(Entry::new(AuditKind::LoginSwitched, words::let_log_in(&person))),
        _ => {}
    }
    let fields = between(of_form(&view.form), of_contact(contact));
    if !fields.is_empty() {
        entries.push(Entry::new(AuditKind::ContactChanged, words::edited_the_contact(&person)).with(fields));
    }
    entries.into_iter().map(|entry| entry.about(&view.id)).collect()
}

/// A contact was deleted. What it held is kept here; `able_to` is the end of "They were able to …".
pub fn deleted(view: &ContactView, able_to: &str) -> Entry {
    Entry::new(AuditKind::ContactDeleted, words::deleted_the_contact(&who(&view.title(), &view.form.email)))
        .about(&view.id)
        .with(between(of_form(&view.form), nothing()))
        .with(
            (!view.form.log_in.is_empty())
                .then(|| AuditChange::between(words::PERMISSIONS, able_to, ""))
                .flatten(),
        )
}

const FIELDS: [&str; 11] = [
    words::FIRST_NAME,
    words::LAST_NAME,
    words::COMPANY,
    words::E_MAIL,
    words::PHONE,
    words::STREET,
    words::CITY,
    words::REGION,
    words::POSTCODE,
    words::COUNTRY,
    words::MAIL,
];

fn land(code: &str) -> String {
    country::name(code).unwrap_or_default().to_owned()
}

fn of_form(form: &ContactForm) -> [String; 11] {
    let [first, last, company, email] =
        [&form.first_name, &form.last_name, &form.company, &form.email].map(Clone::clone);
    let [phone, street, city, region, postcode] =
        [&form.phone, &form.street, &form.city, &form.region, &form.postcode].map(Clone::clone);
    let mail = Categories::from_keys(&form.mail).titles();
    [first, last, company, email, phone, street, city, region, postcode, land(&form.country), mail]
}

fn of_contact(contact: &Contact) -> [String; 11] {
    let [first, last, company] =
        [&contact.first_name, &contact.last_name, &contact.company].map(Clone::clone);
    let [phone, street, city, region, postcode] =
        [&contact.phone, &contact.street, &contact.city, &contact.region, &contact.postcode]
            .map(Clone::clone);
    [
        first,
        last,
        company,
        contact.email.to_string(),
        phone,
        street,
        city,
        region,
        postcode,
        land(&contact.country),
        contact.mail.titles(),
    ]
}

fn nothing() -> [String; 11] {
    Default::default()
}

fn between(before: [String; 11], after: [String; 11]) -> Vec<AuditChange> {
    FIELDS
        .into_iter()
        .zip(before.into_iter().zip(after))
        .filter_map(|(name, (before, after))| AuditChange::between(name, before, after))
        .collect()
}
