//! The recipient rule (M2) as one pure function: from an event, an account and its contacts to recipients
//! with reasons.

use super::words;
use crate::category::{Categories, Category};
use crate::permission::Permissions;
use crate::types::{ContactId, Timestamp, lowercase};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// Something that mail is sent about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Mail of the categories general, service, domain or newsletter.
    Notice(Category),
    /// An invoice, a reminder or a receipt.
    Invoice,
    /// A customer opened or answered a ticket.
    TicketWritten,
    /// Staff answered a ticket that this contact had opened; `None` when nobody's contact opened it.
    TicketAnswered(Option<ContactId>),
}

impl Event {
    /// Every event, with a ticket of this contact.
    pub fn all(opener: Option<ContactId>) -> Vec<Self> {
        let notices = [Category::General, Category::Service, Category::Domain].map(Self::Notice);
        let rest = [
            Self::Invoice,
            Self::TicketWritten,
            Self::TicketAnswered(opener),
            Self::Notice(Category::Newsletter),
        ];
        notices.into_iter().chain(rest).collect()
    }

    /// The category that it belongs to.
    pub fn category(&self) -> Category {
        match self {
            Self::Notice(category) => *category,
            Self::Invoice => Category::Invoice,
            Self::TicketWritten | Self::TicketAnswered(_) => Category::Support,
        }
    }

    /// The name of the event in a URL.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Notice(category) => category.key(),
            Self::Invoice => "invoice",
            Self::TicketWritten => "ticket-written",
            Self::TicketAnswered(_) => "ticket-answered",
        }
    }

    /// The event with this name; a ticket is nobody's.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::all(None).into_iter().find(|event| event.key() == key)
    }

    /// What happens, for a heading.
    pub fn title(&self) -> &'static str {
        match self {
            Self::Notice(Category::Service) => words::A_NOTICE_ABOUT_A_SERVICE,
            Self::Notice(Category::Domain) => words::A_NOTICE_ABOUT_A_DOMAIN,
            Self::Notice(Category::Newsletter) => words::A_NEWSLETTER,
            Self::Notice(_) => words::NEWS_ABOUT_THE_ACCOUNT,
            Self::Invoice => words::AN_INVOICE_A_REMINDER_OR,
            Self::TicketWritten => words::SOMEBODY_ON_THE_ACCOUNT_OPENS,
            Self::TicketAnswered(_) => words::SUPPORT_ANSWERS_A_TICKET,
        }
    }
}

/// An address that mail does not reach (M9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failing {
    /// Since when.
    pub since: Timestamp,
    /// What the mail server says.
    pub reason: String,
}

/// The main address of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Main {
    /// Name of the account.
    pub name: String,
    /// The address.
    pub email: String,
    /// What it gets.
    pub mail: Categories,
    /// It wants no copies of tickets (T3).
    pub no_copies: bool,
    /// Mail does not reach it.
    pub failing: Option<Failing>,
}

/// A contact as the rule sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The contact.
    pub id: ContactId,
    /// Name, or the company's; may be empty.
    pub name: String,
    /// Address.
    pub email: String,
    /// Not closed.
    pub active: bool,
    /// What they get.
    pub mail: Categories,
    /// Mail does not reach them.
    pub failing: Option<Failing>,
}

/// Everything about an account that decides who gets its mail.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// The main address.
    pub main: Main,
    /// The contacts, by name.
    pub contacts: Vec<Person>,
    /// Whom invoices are addressed to; nobody is the main address.
    pub billing: Option<ContactId>,
    /// Invoice mail goes to the billing contact and nobody else.
    pub billing_only: bool,
}

/// Why somebody gets a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// It goes to the account's main address.
    Main,
    /// They are the billing contact.
    Billing,
    /// It goes to the main address because there is no billing contact who could get it.
    InsteadOfBilling,
    /// The main address gets a copy of every ticket.
    Copy,
    /// The main address wants no copies of tickets, but nobody else would hear of this.
    NobodyElse,
    /// They opened the ticket.
    Opener,
    /// They have the category on.
    Chosen,
    /// It must arrive, and mail does not reach who would get it (M9).
    Fallback,
}

/// Somebody who gets a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// Their contact; nothing for the main address.
    pub contact: Option<ContactId>,
    /// Name; may be empty.
    pub name: String,
    /// Address.
    pub email: String,
    /// Why.
    pub reason: Reason,
    /// Mail does not reach them.
    pub failing: Option<Failing>,
}

impl Recipient {
    /// Why, as a sentence that ends a mail and stands on the page: "because …".
    pub fn because(&self, category: Category) -> String {
        let kind = lowercase(category.title());
        match self.reason {
            Reason::Main => words::this_is_the_main_address(&kind),
            Reason::Billing => words::YOU_ARE_THE_BILLING_CONTACT.into(),
            Reason::InsteadOfBilling => words::INVOICES_GO_TO_THE_MAIN.into(),
            Reason::Copy => words::THE_MAIN_ADDRESS_OF_THE.into(),
            Reason::NobodyElse => words::NOBODY_ELSE_HEARS.into(),
            Reason::Opener => words::YOU_OPENED_THIS_TICKET.into(),
            Reason::Chosen => words::you_are_a_contact_of(&kind),
            Reason::Fallback => words::IT_DOES_NOT_REACH_WHO_WOULD.into(),
        }
    }

    /// Why, for somebody who looks at the list of everybody: "is …, has …".
    pub fn why(&self, category: Category) -> String {
        match self.reason {
            Reason::Main => words::main_address_with_mail_on(&lowercase(category.title())),
            Reason::Billing => words::BILLING_CONTACT.into(),
            Reason::InsteadOfBilling => words::MAIN_ADDRESS_BECAUSE_THERE_IS.into(),
            Reason::Copy => words::MAIN_ADDRESS_A_COPY_OF.into(),
            Reason::NobodyElse => words::MAIN_ADDRESS_NOBODY_ELSE.into(),
            Reason::Opener => words::OPENED_THE_TICKET_WITH_SUPPORT.into(),
            Reason::Chosen => words::contact_with_mail_on(&lowercase(category.title())),
            Reason::Fallback => words::MAIN_ADDRESS_BECAUSE_IT_DOES_NOT_REACH.into(),
        }
    }
}

impl People {
    fn contact(&self, id: &ContactId) -> Option<&Person> {
        self.contacts.iter().find(|person| person.id == *id && person.active)
    }
}

/// Who gets mail about an event, and why (M2). An address stands once, with the first reason that holds;
/// nobody who is closed gets anything. Mail is sent to addresses that fail, too, so that they come back; domain
/// mail that reaches nobody, and invoices that do not reach whom they are addressed to, also go to the main
/// address (M9).
pub fn recipients(event: &Event, people: &People) -> Vec<Recipient> {
    let main = |reason| Recipient {
        contact: None,
        name: people.main.name.clone(),
        email: people.main.email.clone(),
        reason,
        failing: people.main.failing.clone(),
    };
    let of = |person: &Person, reason| Recipient {
        contact: Some(person.id.clone()),
        name: person.name.clone(),
        email: person.email.clone(),
        reason,
        failing: person.failing.clone(),
    };
    let category = event.category();
    let with = |category| {
        people
            .contacts
            .iter()
            .filter(move |person| person.active && person.mail.has(category))
            .map(|person| of(person, Reason::Chosen))
    };
    let mut all = Vec::new();
    match event {
        Event::Notice(_) => {
            all.extend(people.main.mail.has(category).then(|| main(Reason::Main)));
            all.extend(with(category));
        }
        Event::Invoice => {
            let billing = people.billing.as_ref().and_then(|id| people.contact(id));
            all.push(
                billing.map_or_else(|| main(Reason::InsteadOfBilling), |person| of(person, Reason::Billing)),
            );
            if !people.billing_only {
                all.extend(with(category));
            }
        }
        Event::TicketWritten => all.extend((!people.main.no_copies).then(|| main(Reason::Copy))),
        Event::TicketAnswered(opener) => {
            let opener = opener
                .as_ref()
                .and_then(|id| people.contact(id))
                .filter(|person| person.mail.has(Category::Support));
            if !people.main.no_copies {
                all.push(main(Reason::Copy));
            } else if opener.is_none_or(|person| person.failing.is_some()) {
                all.push(main(Reason::NobodyElse));
            }
            all.extend(opener.map(|person| of(person, Reason::Opener)));
        }
    }
    let fails = |one: &Recipient| one.failing.is_some();
    let lost = match event {
        Event::Notice(Category::Domain) => !all.is_empty() && all.iter().all(fails),
        Event::Invoice => all.first().is_some_and(fails),
        _ => false,
    };
    if lost && people.main.failing.is_none() {
        all.push(main(Reason::Fallback));
    }
    let mut seen = HashSet::new();
    all.retain(|recipient| seen.insert(recipient.email.to_ascii_lowercase()));
    all
}

/// The refusal of a change after which nobody would get domain mail (M3).
pub const LAST_DOMAIN_RECIPIENT: &str = words::THIS_WOULD_LEAVE_NOBODY_TO;

/// What would change for one person, as a sentence; empty for nothing.
pub fn difference(name: &str, before: Categories, after: Categories) -> String {
    let list = |of: Categories, not: Categories| {
        let kinds: Vec<String> = of
            .iter()
            .filter(|category| !not.has(*category))
            .map(|category| lowercase(category.title()))
            .collect();
        crate::permission::join_and(&kinds.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let (more, less) = (list(after, before), list(before, after));
    match (more.is_empty(), less.is_empty()) {
        (true, true) => String::new(),
        (false, true) => words::will_also_get_mail(&name, &more),
        (true, false) => words::will_no_longer_get_mail(&name, &less),
        (false, false) => words::will_also_get_mail_and(&name, &more, &less),
    }
}

/// What the form of a contact says at the moment, as far as it decides about mail.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TypedContact {
    /// The contact; empty for a new one.
    #[serde(default)]
    pub contact: String,
    /// First name.
    #[serde(default)]
    pub first_name: String,
    /// Last name.
    #[serde(default)]
    pub last_name: String,
    /// Company.
    #[serde(default)]
    pub company: String,
    /// Address.
    #[serde(default)]
    pub email: String,
    /// Keys of the categories.
    #[serde(default)]
    pub mail: Vec<String>,
    /// `closed`, or anything else for active.
    #[serde(default)]
    pub status: String,
}

impl TypedContact {
    /// The contact as the rule would see them.
    pub fn person(&self) -> Person {
        let full = format!("{} {}", self.first_name.trim(), self.last_name.trim());
        let name = if full.trim().is_empty() { self.company.trim() } else { full.trim() };
        Person {
            id: ContactId::parse(&self.contact).unwrap_or_else(|| ContactId::from("new".to_owned())),
            name: name.into(),
            email: self.email.trim().into(),
            active: self.status != "closed",
            mail: Categories::from_keys(&self.mail),
            failing: None,
        }
    }
}

/// What somebody can choose among by themself (M7): everything but what is a key. Copies of invoices are for
/// who may see invoices, and opening tickets by mail for who may open tickets; what somebody was given, they
/// keep until they switch it off (R4, R5). `contact` is what a contact may do, `None` for an address that is
/// nobody's contact.
pub fn offered(contact: Option<Permissions>, mail: Categories) -> Categories {
    let Some(may) = contact else { return Categories::of_main() };
    mail.and(Categories::switchable(may))
}

/// Recipients of each event that are shown at once on "Who gets this mail?"; the rest is a click away.
pub const SHOWN: usize = 8;
/// Recipients on a page of one event.
pub const PER_PAGE: usize = 50;

/// What saving what was typed would change about who gets which mail, in sentences, for an editor who holds
/// `may`: what they cannot switch stays as it is.
pub fn would_change(before: &People, typed: &TypedContact, may: Permissions) -> Vec<String> {
    let mut person = typed.person();
    let had = before
        .contacts
        .iter()
        .find(|known| known.id == person.id)
        .map(|known| known.mail)
        .unwrap_or_default();
    let theirs = Categories::switchable(may);
    person.mail = person.mail.among(theirs).and(had.minus(theirs));
    // A typed address that is known to fail fails still.
    let known = before.contacts.iter().find(|known| known.email.eq_ignore_ascii_case(&person.email));
    person.failing = known.and_then(|known| known.failing.clone());
    // By the rule itself: switching a box changes nothing for the billing contact, or for whoever reads the
    // main address.
    let gets = |email: &str, people: &People| -> Categories {
        let to = |event: &Event| {
            recipients(event, people).iter().any(|recipient| recipient.email.eq_ignore_ascii_case(email))
        };
        Event::all(Some(person.id.clone()))
            .into_iter()
            .filter(|event| *event != Event::TicketWritten && to(event))
            .map(|event| event.category())
            .collect()
    };
    let name = if person.name.is_empty() { words::THIS_PERSON } else { &person.name };
    let known = before.contacts.iter().position(|known| known.id == person.id);
    let mut after = before.clone();
    match known {
        Some(at) => after.contacts[at] = person.clone(),
        None => after.contacts.push(person.clone()),
    }
    let now = known.map(|at| gets(&before.contacts[at].email, before)).unwrap_or_default();
    let mut says: Vec<String> = Some(difference(name, now, gets(&person.email, &after)))
        .filter(|text| !text.is_empty())
        .into_iter()
        .collect();
    let nobody = |people: &People| recipients(&Event::Notice(Category::Domain), people).is_empty();
    if nobody(&after) && !nobody(before) {
        says.push(words::THIS_CANNOT_BE_SAVED_NOBODY.into());
    }
    let addressed = |people: &People| {
        recipients(&Event::Invoice, people).first().map(|first| first.email.clone()).unwrap_or_default()
    };
    if addressed(before) != addressed(&after) {
        says.push(words::invoices_will_be_addressed_to(&addressed(&after)));
    }
    says
}

/// An event on the page "Who gets this mail?".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecipientRow {
    /// What happens.
    pub title: String,
    /// The name of the event in a URL.
    pub event: String,
    /// Key of the category.
    pub category: String,
    /// Some of those who get mail about it, with the reason in words.
    pub who: Vec<(Recipient, String)>,
    /// How many get it; at most one more than [`crate::types::COUNTED`].
    pub total: i64,
    /// The contact after whom the list goes on.
    pub next: Option<ContactId>,
}

/// Somebody's own choice, for the page behind the link in a mail and for the page in the portal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MailChoice {
    /// Name of the account.
    pub account: String,
    /// The address that gets the mail.
    pub email: String,
    /// It is the account's main address, perhaps a contact's too: the choice then counts for both.
    pub is_main: bool,
    /// Counts the changes of what decides about it: a form made from an older one is refused.
    pub version: i64,
    /// What it gets.
    pub mail: Categories,
    /// What there is to choose among, see [`offered`].
    pub offered: Categories,
}

impl MailChoice {
    /// The same where the company lets contacts choose by themselves, or not: then newsletters can still be
    /// ended, which nobody may forbid (RFC 8058).
    #[must_use]
    pub fn as_set(self, own: bool) -> Self {
        if own {
            return self;
        }
        let offered = self.offered.among(Category::Newsletter.into());
        Self { offered, ..self }
    }

    /// What it becomes with these boxes ticked: what is not offered stays as it is.
    pub fn with(&self, typed: Categories) -> Categories {
        typed.and(self.mail.minus(self.offered))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 3] = ["ann", "ben", "cleo"];

    fn id(name: &str) -> ContactId {
        ContactId::from(name.to_owned())
    }

    /// Reads a situation of `cases.txt`: "main on", "ann on closed", "billing ann", "only", "opened ann",
    /// "ann fails", "ann is-main", separated by commas.
    fn read(event: &str, situation: &str) -> (Event, People) {
        let category = Category::ALL
            .into_iter()
            .find(|category| event.starts_with(category.key()))
            .expect("an event begins with its category");
        let mut people = People {
            main: Main { name: "Bakery".into(), email: "main@x".into(), ..Main::default() },
            ..People::default()
        };
        people.contacts = NAMES
            .map(|name| Person {
                id: id(name),
                name: name.into(),
                email: format!("{name}@x"),
                active: true,
                mail: Categories::default(),
                failing: None,
            })
            .into();
        let failing = || Some(Failing { since: Timestamp(0), reason: "mailbox full".into() });
        let mut opener = None;
        for word in situation.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            let on = Categories::from(category);
            match word.split(' ').collect::<Vec<_>>().as_slice() {
                ["main", "on"] => people.main.mail = on,
                ["main", "wants", "no", "copies"] => people.main.no_copies = true,
                ["main", "fails"] => people.main.failing = failing(),
                ["billing", name] => people.billing = Some(id(name)),
                ["only"] => people.billing_only = true,
                ["opened", name] => opener = Some(id(name)),
                [name, rest @ ..] => {
                    let person = people
                        .contacts
                        .iter_mut()
                        .find(|person| person.name == *name)
                        .expect("somebody of the table");
                    for part in rest {
                        match *part {
                            "on" => person.mail = on,
                            "closed" => person.active = false,
                            "fails" => person.failing = failing(),
                            "is-main" => person.email = "MAIN@x".into(),
                            other => panic!("{other}"),
                        }
                    }
                }
                [] => unreachable!(),
            }
        }
        let event = match event {
            "invoice" => Event::Invoice,
            "support: written" => Event::TicketWritten,
            "support: answered" => Event::TicketAnswered(opener),
            _ => Event::Notice(category),
        };
        (event, people)
    }

    #[test]
    fn everybody_gets_what_the_table_of_cases_says() {
        let mut cases = 0;
        for line in include_str!("cases.txt")
            .lines()
            .filter(|line| !line.starts_with('#') && !line.starts_with("ticket:") && !line.trim().is_empty())
        {
            let parts: Vec<&str> = line.split('|').map(str::trim).collect();
            let [event, situation, expected] = parts.as_slice() else { panic!("{line}") };
            // "notices" stands for each of the four.
            let events = if *event == "notices" {
                vec!["general", "service", "domain", "newsletter"]
            } else {
                vec![*event]
            };
            for event in events {
                let (event, people) = read(event, situation);
                let got: Vec<String> = recipients(&event, &people)
                    .iter()
                    .map(|who| who.email.split('@').next().unwrap_or_default().to_lowercase())
                    .collect();
                let expected: Vec<&str> =
                    expected.split(' ').filter(|name| !name.is_empty() && *name != "nobody").collect();
                assert_eq!(got, expected, "{line}");
                cases += 1;
            }
        }
        assert!(cases >= 60, "{cases}");
    }

    #[test]
    fn everybody_of_a_very_large_account_is_named_at_once() {
        let person = |n: usize| Person {
            id: ContactId::from(format!("c{n}")),
            name: format!("Person {n}"),
            email: format!("p{n}@x"),
            active: true,
            mail: Categories::from_keys(["domain"]),
            failing: None,
        };
        let people = People { contacts: (0..50_000).map(person).collect(), ..People::default() };
        let started = crate::platform::clock::stopwatch();
        assert_eq!(recipients(&Event::Notice(Category::Domain), &people).len(), 50_000);
        assert!(started.elapsed().as_secs() < 5, "each is compared once, not with all the others");
    }

    #[test]
    fn every_reason_is_said() {
        let (event, mut people) = read("domain", "main on, ann on");
        let because: Vec<String> =
            recipients(&event, &people).iter().map(|who| who.because(Category::Domain)).collect();
        assert_eq!(
            because,
            [
                "this is the main address of the account, which gets domain mail",
                "you are a contact of the account with domain mail switched on"
            ]
        );
        people.billing = Some(id("ben"));
        let reasons =
            |event: &Event| recipients(event, &people).into_iter().map(|who| who.reason).collect::<Vec<_>>();
        assert_eq!(reasons(&Event::Invoice), [Reason::Billing]);
        assert_eq!(reasons(&Event::TicketWritten), [Reason::Copy]);
    }

    #[test]
    fn what_would_change_is_what_the_rule_says() {
        const ANN: &str = "01m81zr4hwk5zb349w5rfzjjjb";
        let typed = |keys: &[&str], email: &str| TypedContact {
            contact: ANN.into(),
            first_name: "Ann".into(),
            email: email.into(),
            mail: keys.iter().map(|key| (*key).to_owned()).collect(),
            ..TypedContact::default()
        };
        let says = |event: &str, situation: &str, keys: &[&str]| {
            let (_, mut people) = read(event, situation);
            people.contacts[0].id = id(ANN);
            people.billing = people.billing.map(|who| if who == id("ann") { id(ANN) } else { who });
            let email = people.contacts[0].email.clone();
            would_change(&people, &typed(keys, &email), Permissions::all())
        };
        assert_eq!(says("invoice", "main on", &["invoice"]), ["Ann will also get invoice mail."]);
        assert_eq!(
            says("invoice", "billing ben, only", &["invoice"]),
            [""; 0],
            "only the billing contact gets any"
        );
        assert_eq!(says("invoice", "billing ann, ann on", &[]), [""; 0], "she is the billing contact");
        assert_eq!(
            says("domain", "main on, ann on is-main", &[]),
            [""; 0],
            "it still goes to the main address, which is hers"
        );
        assert_eq!(says("domain", "main on, ann on", &[]), ["Ann will no longer get domain mail."]);
        assert_eq!(says("support: answered", "", &["support"]), ["Ann will also get support mail."]);
    }

    #[test]
    fn nobody_gives_themself_a_key() {
        let all = |may: &str, mail: &str| {
            offered(Some(Permissions::from_keys(may)), Categories::from_column(mail)).column()
        };
        assert_eq!(all("", "general"), "general,service,domain,newsletter");
        assert_eq!(all("", "invoice"), "general,service,domain,invoice,newsletter");
        assert_eq!(
            all("invoices.view,tickets.open", ""),
            "general,service,domain,invoice,support,newsletter"
        );
        assert_eq!(offered(None, Categories::default()).column(), "general,service,domain,newsletter");
    }

    #[test]
    fn a_change_is_said_before_it_counts() {
        let set = |keys: &str| Categories::from_column(keys);
        assert_eq!(difference("Ben", set("general"), set("general")), "");
        assert_eq!(
            difference("Ben", set("general"), set("general,invoice")),
            "Ben will also get invoice mail."
        );
        assert_eq!(
            difference("Ben", set("general,domain"), set("invoice")),
            "Ben will also get invoice mail, and no longer general and domain mail."
        );
    }
}
