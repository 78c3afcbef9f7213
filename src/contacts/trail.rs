//! What changes of contacts leave in the activity trail.

use super::model::{Before, Card, CardView};
use crate::activity::model::{Change, Kind};
use crate::mail::model::Categories;
use crate::permissions::model::Grant;
use crate::permissions::words::phrase;
use crate::server::trail::Entry;
use crate::types::{ThingId, country};

/// "Ben Carter (ben@example.com)", or the address alone.
pub fn who(name: &str, email: &str) -> String {
    if name.is_empty() || name == email { email.into() } else { format!("{name} ({email})") }
}

fn mail(categories: &Categories) -> String {
    categories.iter().map(|category| category.title()).collect::<Vec<_>>().join(", ")
}

fn gave(grant: &Grant, name: &str) -> String {
    if grant.is_empty() { format!("took every permission from {name}") } else { format!("gave {name} “{}”", phrase(grant.everywhere, grant.summary())) }
}

/// A card without a login was added.
pub fn added(card: &Card) -> Entry {
    let on = Change::between("Mail", "", mail(&card.mail));
    Entry::new(Kind::ContactAdded, format!("added {} as a contact", who(&card.name(), card.email.as_str()))).with(on)
}

/// Somebody was invited. `able_to` is the end of "They will be able to …".
pub fn invited(card: &Card, able_to: &str) -> Entry {
    let person = who(&card.name(), card.email.as_str());
    let says = match card.grant.is_empty() {
        true => format!("invited {person} without any permission"),
        false => format!("invited {person} and gave them “{}”", phrase(card.grant.everywhere, card.grant.summary())),
    };
    Entry::new(Kind::InvitationSent, says).with(Change::between("Permissions", "", able_to))
}

/// A card was saved: one entry for its fields, and one for each thing that opens or closes a door.
pub fn changed(view: &CardView, before: &Before, card: &Card, name: impl Fn(&ThingId) -> Option<String>) -> Vec<Entry> {
    let person = who(&card.name(), card.email.as_str());
    let mut entries = Vec::new();
    if card.grant != before.grant && !before.is_owner {
        let say = |grant: &Grant| grant.able_to(&name).say();
        entries.push(Entry::new(Kind::PermissionsGiven, gave(&card.grant, &person)).with(Change::between("Permissions", say(&before.grant), say(&card.grant))));
    }
    match (before.closed, card.closed) {
        (false, true) => entries.push(Entry::new(Kind::ContactClosed, format!("closed {person}"))),
        (true, false) => entries.push(Entry::new(Kind::ContactOpened, format!("opened {person} again"))),
        _ => {}
    }
    match (before.log_in, card.log_in) {
        (true, false) => entries.push(Entry::new(Kind::LoginSwitched, format!("took the login from {person}"))),
        (false, true) => entries.push(Entry::new(Kind::LoginSwitched, format!("let {person} log in"))),
        _ => {}
    }
    let old = &view.form;
    let land = |code: &str| country::name(code).unwrap_or_default().to_owned();
    let fields = [
        Change::between("First name", &old.first_name, &card.first_name),
        Change::between("Last name", &old.last_name, &card.last_name),
        Change::between("Company", &old.company, &card.company),
        Change::between("E-mail", &old.email, card.email.as_str()),
        Change::between("Phone", &old.phone, &card.phone),
        Change::between("Street", &old.street, &card.street),
        Change::between("City", &old.city, &card.city),
        Change::between("Region", &old.region, &card.region),
        Change::between("Postcode", &old.postcode, &card.postcode),
        Change::between("Country", land(&old.country), land(&card.country)),
        Change::between("Mail", mail(&Categories::from_column(&old.mail.join(","))), mail(&card.mail)),
    ];
    let fields: Vec<Change> = fields.into_iter().flatten().collect();
    if !fields.is_empty() {
        entries.push(Entry::new(Kind::ContactChanged, format!("changed the card of {person}")).with(fields));
    }
    entries
}

/// A card was deleted. What it held is kept here.
pub fn deleted(view: &CardView) -> Entry {
    let held = phrase(view.grant.everywhere, view.grant.summary());
    Entry::new(Kind::ContactDeleted, format!("deleted {}", who(&view.title(), &view.form.email)))
        .with(Change::between("E-mail", &view.form.email, ""))
        .with((!view.form.log_in.is_empty()).then(|| Change::between("Permissions", held, "")).flatten())
}
