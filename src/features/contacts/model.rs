//! What a contact is, how it is typed, and which changes are allowed. Pure: no I/O.

use super::words;
use crate::category::{Categories, Category};
use crate::error::{AppError, FormErrors, Result};
use crate::features::invitations::model::days;
use crate::features::mail::model::MailState;
use crate::features::permissions;
use crate::features::permissions::grant_form::GrantForm;
use crate::features::permissions::model::{Givable, Grant, OpenAsk, PresetChoice};
use crate::features::permissions::words::Summary;
use crate::features::recipients::model::Failing;
use crate::features::roles::model::RoleName;
use crate::paths;
use crate::permission::{Permission, Permissions, Preset};
use crate::types::{
    AccountId, AssetId, ContactId, EmailAddress, Timestamp, country, first_filled, line, lowercase,
};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// Path of the server function behind "Add Contact".
pub const CREATE_PATH: &str = "/rpc/contacts/create";
/// Path of the server function behind "Edit Contact".
pub const UPDATE_PATH: &str = "/rpc/contacts/update";
/// Path of the server function behind "Invite User".
pub const INVITE_PATH: &str = "/rpc/contacts/invite";

/// The state of a contact as the table shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContactStatus {
    /// In use.
    Active,
    /// Gets no mail and cannot enter; keeps its history (P5).
    Closed,
    /// May log in and has not answered yet.
    Invited,
    /// May log in, but the invitation ran out.
    Expired,
    /// May log in, but declined.
    Declined,
}

impl ContactStatus {
    /// Class, icon and word of its pill.
    pub fn pill(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Active => ("pill green", "check", words::ACTIVE),
            Self::Closed => ("pill", "lock", words::CLOSED),
            Self::Invited => ("pill amber", "clock", words::INVITED),
            Self::Expired => ("pill", "clock", words::INVITATION_EXPIRED),
            Self::Declined => ("pill", "x", words::INVITATION_DECLINED),
        }
    }
}

/// What a person is on the account (P1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContactKind {
    /// The owner.
    Owner,
    /// Has a key, or is offered one.
    LogsIn,
    /// Only gets mail.
    MailOnly,
}

impl ContactKind {
    /// The label in the table.
    pub fn title(self) -> &'static str {
        match self {
            Self::Owner => words::OWNER,
            Self::LogsIn => words::CAN_LOG_IN,
            Self::MailOnly => words::MAIL_ONLY,
        }
    }
}

/// A line of the table (P1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContactRow {
    /// The contact.
    pub id: ContactId,
    /// Person's name, or the company's, or nothing.
    pub name: String,
    /// Address.
    pub email: String,
    /// What they are.
    pub what: ContactKind,
    /// State.
    pub status: ContactStatus,
    /// When the pending invitation expires.
    pub expires: Option<Timestamp>,
    /// Permissions in a phrase.
    pub may: String,
    /// Mail categories.
    pub mail: Categories,
    /// Last sign-in of a linked user.
    pub last_sign_in: Option<Timestamp>,
    /// Has a linked user a second factor? Nothing for who cannot log in.
    pub factor: Option<bool>,
    /// Of the invitation that waits for an answer, or did: when it was sent last and by whom.
    pub sent: Option<(Timestamp, String)>,
    /// What became of its mail, and why it was not delivered; nothing where none was sent.
    pub mailed: Option<(MailState, String)>,
}

impl ContactRow {
    /// What to call the person: their name, else their address.
    pub fn title(&self) -> &str {
        if self.name.is_empty() { &self.email } else { &self.name }
    }
}

/// Permissions in a phrase for the table; nothing for who cannot log in.
pub fn phrase(what: ContactKind, everywhere: Permissions, each: Summary) -> String {
    match what {
        ContactKind::Owner => words::EVERYTHING.into(),
        ContactKind::MailOnly => String::new(),
        ContactKind::LogsIn => permissions::words::phrase(everywhere, each),
    }
}

/// The views of the table (P12): value in the URL and label.
pub const FILTERS: &[(&str, &str)] = &[
    ("", words::ALL),
    ("access", words::PEOPLE_WITH_ACCESS),
    ("invited", words::INVITATIONS),
    ("mail", words::MAIL_ONLY),
    ("closed", words::CLOSED),
];

/// Names in the URL of what the table is narrowed down to: the key of a preset; one of
/// [`ONLY_CHOICES`]; a category of mail.
pub const ROLE: &str = "role";
/// See [`ROLE`].
pub const ONLY: &str = "only";
/// See [`ROLE`].
pub const CATEGORY: &str = "category";
/// Name in the URL of the rows that were just changed: their ids, joined by commas.
pub const CHANGED: &str = "changed";

/// What people can be looked for by: value in the URL and label.
pub const ONLY_CHOICES: &[(&str, &str)] = &[
    ("", words::EVERYBODY),
    ("no-factor", words::WITHOUT_A_SECOND_FACTOR),
    ("never", words::NEVER_SIGNED_IN),
    ("billing", words::BILLING_CONTACT),
];

/// Where a form about a contact leads back to.
///
/// `back` is what the form says: empty for the list, `page` for the contact's own page, else the query of the
/// list as it was looked at. The rows that changed are marked there.
pub fn back_to(account: &AccountId, back: &str, changed: &[ContactId]) -> String {
    let list = paths::contacts(account);
    let ids = changed.iter().map(ContactId::as_str).collect::<Vec<_>>().join(",");
    match back {
        "page" if changed.len() == 1 => paths::contact(account, &changed[0]),
        query
            if query.starts_with('?')
                && query.len() <= 500
                && query.chars().all(|c| c.is_ascii_graphic()) =>
        {
            format!("{list}{query}&{CHANGED}={ids}")
        }
        _ => format!("{list}?{CHANGED}={ids}"),
    }
}

/// The fields of a contact as a form sends them (P2).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ContactForm {
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
    /// Phone.
    #[serde(default)]
    pub phone: String,
    /// Street.
    #[serde(default)]
    pub street: String,
    /// City.
    #[serde(default)]
    pub city: String,
    /// Region.
    #[serde(default)]
    pub region: String,
    /// Postcode.
    #[serde(default)]
    pub postcode: String,
    /// ISO 3166-1 alpha-2 code.
    #[serde(default)]
    pub country: String,
    /// Keys of the categories that are on.
    #[serde(default)]
    pub mail: Vec<String>,
    /// "Activate Sub-Account": anything but empty is on.
    #[serde(default)]
    pub log_in: String,
    /// "The address is right as I typed it": anything but empty is on.
    #[serde(default)]
    pub address_sure: String,
    /// "Notify Client?": anything but empty is on.
    #[serde(default)]
    pub notify: String,
    /// "Tell me when they accept": anything but empty is on.
    #[serde(default)]
    pub tell_me: String,
    /// `active` or `closed`; only when editing.
    #[serde(default)]
    pub status: String,
    /// Days the invitation is valid.
    #[serde(default)]
    pub days: String,
    /// Key of the preset that is chosen.
    #[serde(default)]
    pub preset: String,
    /// Keys of the boxes that are ticked for the account and for all services and domains.
    #[serde(default)]
    pub permissions: Vec<String>,
    /// Boxes that are ticked for single services and domains, see [`permissions::grant_form::box_name`].
    #[serde(default)]
    pub on: Vec<String>,
    /// Ids of the services and domains that the form showed, joined by commas.
    #[serde(default)]
    pub drawn: String,
    /// Anything but empty takes away what the form recommends to take away.
    #[serde(default)]
    pub recommended: String,
    /// Name of a role to save the permissions as; empty for none.
    #[serde(default)]
    pub role_name: String,
}

/// A contact whose fields have been checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Contact {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Company.
    pub company: String,
    /// Address.
    pub email: EmailAddress,
    /// Phone.
    pub phone: String,
    /// Street.
    pub street: String,
    /// City.
    pub city: String,
    /// Region.
    pub region: String,
    /// Postcode.
    pub postcode: String,
    /// ISO 3166-1 alpha-2 code, or empty.
    pub country: String,
    /// Gets mail.
    pub mail: Categories,
    /// Can log in.
    pub log_in: bool,
    /// May do: what the form asks for.
    pub asked: GrantForm,
    /// May do: what comes of it, see [`allowed`].
    pub grant: Grant,
    /// Tell the person.
    pub notify: bool,
    /// Tell whoever invites that it was accepted.
    pub tell_me: bool,
    /// Closed rather than active.
    pub closed: bool,
    /// Days an invitation is valid.
    pub days: i64,
    /// Save the permissions as a role of this name.
    pub role: Option<RoleName>,
}

impl ContactForm {
    /// Checks what was typed. Only the name or company and the address are required (P2).
    ///
    /// # Errors
    /// [`AppError::Invalid`] with the fields that cannot be taken.
    pub fn parse(&self) -> Result<Contact> {
        let mut errors = FormErrors::default();
        let first_name = errors.keep("first_name", line(&self.first_name, 200));
        let last_name = errors.keep("last_name", line(&self.last_name, 200));
        let company = errors.keep("company", line(&self.company, 200));
        if self.first_name.trim().is_empty()
            && self.last_name.trim().is_empty()
            && self.company.trim().is_empty()
        {
            errors.add("first_name", words::ENTER_A_NAME_OR_A);
        }
        let email = EmailAddress::parse(&self.email).map_err(|message| errors.add("email", message)).ok();
        let phone = errors.keep("phone", line(&self.phone, 50));
        let street = errors.keep("street", line(&self.street, 200));
        let city = errors.keep("city", line(&self.city, 100));
        let region = errors.keep("region", line(&self.region, 100));
        let postcode = errors.keep("postcode", line(&self.postcode, 20));
        let country = errors.keep("country", country::code(&self.country));
        let days = errors.keep("days", days(&self.days));
        let named = !self.role_name.trim().is_empty() && !self.log_in.is_empty();
        let name = named.then(|| RoleName::parse(&self.role_name));
        let role = name.and_then(|name| name.map_err(|message| errors.add("role_name", message)).ok());
        let closed = match self.status.as_str() {
            "closed" => true,
            "" | "active" => false,
            _ => {
                errors.add("status", words::CHOOSE_ACTIVE_OR_CLOSED);
                false
            }
        };
        let Some(email) = errors.finish(email)? else { return Err(AppError::NotFound) };
        Ok(Contact {
            first_name,
            last_name,
            company,
            email,
            phone,
            street,
            city,
            region,
            postcode,
            country,
            mail: Categories::from_keys(&self.mail),
            log_in: !self.log_in.is_empty(),
            asked: GrantForm::parse(
                &self.preset,
                &self.permissions,
                &self.on,
                &self.drawn,
                !self.recommended.is_empty(),
            ),
            grant: Grant::default(),
            notify: !self.notify.is_empty(),
            tell_me: !self.tell_me.is_empty(),
            closed,
            days,
            role,
        })
    }
}

impl Contact {
    /// The person's name, else the company's.
    pub fn name(&self) -> String {
        let name = format!("{} {}", self.first_name, self.last_name).trim().to_owned();
        if name.is_empty() { self.company.clone() } else { name }
    }
}

/// What a contact held before a change, for the rules of R5 and P7.
#[derive(Clone, Debug, PartialEq)]
pub struct ContactBefore {
    /// Owner's contact.
    pub is_owner: bool,
    /// The editor's own contact.
    pub is_own: bool,
    /// Linked to a user.
    pub linked: bool,
    /// May log in.
    pub log_in: bool,
    /// Closed.
    pub closed: bool,
    /// Holds this.
    pub grant: Grant,
    /// Gets this mail.
    pub mail: Categories,
    /// Invoices are addressed to it.
    pub bills: bool,
    /// Lowercase address.
    pub email_key: String,
}

impl ContactBefore {
    /// Nobody yet: what a new contact was before.
    pub fn nobody() -> Self {
        Self {
            is_owner: false,
            is_own: false,
            linked: false,
            log_in: false,
            closed: false,
            grant: Grant::default(),
            mail: Categories::default(),
            bills: false,
            email_key: String::new(),
        }
    }

    /// Does saving it as `contact` hand the key to the key cabinet to somebody, or to somebody else? Whoever
    /// holds `contacts.manage` can let others in, so that a thief with a stolen session would stay when the
    /// session has ended (OWASP ASVS 5.0 §7.5.1).
    pub fn hands_out_keys(&self, contact: &Contact) -> bool {
        let key = Permission::ManageContacts;
        let new = !self.grant.everywhere.has(key);
        let moved = contact.email.key() != self.email_key;
        contact.grant.everywhere.has(key)
            && (new || moved || contact.closed != self.closed || contact.log_in != self.log_in)
    }
}

/// The mail that a contact gets afterwards when an editor who holds `may` asks for `asked`. Boxes that are
/// not theirs to switch stay as they stand, sent or not (M10).
///
/// # Errors
/// [`AppError::Forbidden`] for a forged form that switches one on.
pub fn mail_after(before: Categories, asked: Categories, may: Permissions) -> Result<Categories> {
    let theirs = Categories::switchable(may);
    if let Some(needed) = asked.minus(before).minus(theirs).iter().find_map(Category::guard) {
        return Err(AppError::Forbidden(words::only_somebody_with_the_permission(&needed.name())));
    }
    Ok(asked.among(theirs).and(before.minus(theirs)))
}

/// What an editor who can give `givable` may make of a contact, or why not. Boxes that the editor lacks were
/// not sent and stay as they are; the owner's and one's own switches stay whatever was sent.
///
/// # Errors
/// [`AppError::Forbidden`] for a forged form, [`AppError::Conflict`] for what the form does not offer, and
/// what [`GrantForm::resolve`] refuses.
pub fn allowed(
    before: &ContactBefore,
    mut contact: Contact,
    givable: &Givable,
    by_owner: bool,
) -> Result<Contact> {
    if before.is_owner && !by_owner {
        return Err(AppError::Forbidden(words::ONLY_THE_OWNER_CAN_CHANGE.into()));
    }
    contact.mail = mail_after(before.mail, contact.mail, givable.everywhere)?;
    let moved = contact.email.key() != before.email_key;
    let reopened = before.closed && !contact.closed;
    let mut guarded = before.mail.minus(Categories::switchable(givable.everywhere));
    if before.bills && !givable.everywhere.has(Permission::ViewInvoices) {
        guarded = guarded.and(Category::Invoice.into());
    }
    // Whoever answers at the address reads the contact's mail, so moving it is switching that mail on.
    if (moved || reopened) && !guarded.is_empty() {
        let (kind, what) = (
            lowercase(&guarded.titles()).replace(", ", " and "),
            if moved { words::CHANGE_ITS_ADDRESS } else { words::REOPEN_IT },
        );
        return Err(AppError::Conflict(words::this_contact_gets_mail_which(&kind, &what)));
    }
    if before.is_owner || before.is_own {
        if !before.is_owner && contact.asked.exceeds(&before.grant, givable) {
            return Err(AppError::Forbidden(words::NOBODY_CAN_CHANGE_THEIR_OWN.into()));
        }
        if contact.closed {
            return Err(AppError::Conflict(
                if before.is_owner {
                    words::THE_OWNER_CANNOT_BE_CLOSED
                } else {
                    words::YOU_CANNOT_CLOSE_YOUR_OWN
                }
                .into(),
            ));
        }
        contact.grant = before.grant.clone();
        contact.log_in = before.log_in;
        return Ok(contact);
    }
    contact.grant = contact.asked.resolve(&before.grant, givable)?;
    let untouchable = contact.grant.exceeds(&givable.held());
    let switched_on = !before.log_in && contact.log_in;
    if untouchable && (reopened || switched_on) {
        return Err(AppError::Conflict(words::THIS_CONTACT_HOLDS_PERMISSIONS_THAT.into()));
    }
    // Whoever answers at the address gets the contact's permissions, so moving it is giving them.
    if !before.linked && moved && untouchable {
        return Err(AppError::Conflict(words::THIS_CONTACT_HOLDS_PERMISSIONS_THAT_YOU.into()));
    }
    Ok(contact)
}

/// A contact as the edit form needs it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContactView {
    /// The contact.
    pub id: ContactId,
    /// Counts its changes: a form made from an older one is refused.
    pub version: i64,
    /// Its fields, with `mail` as keys; what it holds is in `grant`.
    pub form: ContactForm,
    /// What it holds, as far as the viewer may see the assets it is held on.
    pub grant: Grant,
    /// What the person asked for and does not hold yet.
    pub asks: Vec<OpenAsk>,
    /// Owner's contact.
    pub is_owner: bool,
    /// The viewer's own contact.
    pub is_own: bool,
    /// Linked to a user.
    pub linked: bool,
    /// State as the table shows it.
    pub status: ContactStatus,
    /// Invoices are addressed to it (B1).
    pub bills: bool,
    /// What would be loose without it (P10).
    pub loose: LooseEnds,
}

/// A person's page (P11).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonView {
    /// The contact; what it holds as far as the viewer may see the assets.
    pub contact: ContactView,
    /// What they can do, or will be able to do, as the end of a sentence.
    pub able_to: String,
    /// The same, each by itself.
    pub able: Vec<String>,
    /// The areas of the portal in which nothing is open to them, as the end of a sentence; may be empty.
    pub closed_areas: String,
    /// What they hold on each service and each domain that the viewer sees; at most [`SHOWN_ASSETS`] of each.
    pub services: Vec<OpenAsset>,
    /// See `services`.
    pub domains: Vec<OpenAsset>,
    /// The last invitation.
    pub invitation: Option<LastInvitation>,
    /// Mail does not reach them.
    pub failing: Option<Failing>,
    /// When they last signed in.
    pub last_sign_in: Option<Timestamp>,
    /// From where: "Firefox on Linux · 203.0.113.7"; empty for who may not see the activity.
    pub signed_in_from: String,
    /// Have they a second factor? Nothing for who has no login.
    pub factor: Option<bool>,
    /// The server's time.
    pub now: Timestamp,
}

/// Services, or domains, that a person's page lists at most.
pub const SHOWN_ASSETS: usize = 100;

/// A service or domain of which something is open to a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenAsset {
    /// The service or domain.
    pub id: AssetId,
    /// What it is called.
    pub name: String,
    /// What is open, by the rule of the doors.
    pub opens: Permissions,
}

/// What is known of the last invitation of a contact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LastInvitation {
    /// Its state: `pending`, `accepted`, `declined`, `withdrawn`, `expired`.
    pub state: String,
    /// When it was sent last.
    pub sent: Timestamp,
    /// Who sent it.
    pub by: String,
    /// The invited address.
    pub email: String,
    /// When it expires, or did.
    pub expires: Timestamp,
    /// When it was answered or withdrawn.
    pub decided: Option<Timestamp>,
    /// What became of its mail, with the reason when it failed; nothing where none was sent.
    pub mail: Option<(MailState, String)>,
}

impl PersonView {
    /// Can they do it now, or only after they have accepted or the contact is opened again?
    fn now_or_later(&self) -> (&'static str, &'static str) {
        match self.contact.status {
            ContactStatus::Active => ("can", words::CANNOT_SEE),
            ContactStatus::Closed => (words::COULD_IF_THE_CONTACT_WERE, words::WOULD_NOT_SEE),
            _ => (words::WILL_BE_ABLE_TO, words::WILL_NOT_SEE),
        }
    }

    /// What they can do, in one sentence.
    pub fn sentence(&self) -> String {
        let name = self.contact.title();
        if self.contact.form.log_in.is_empty() && !self.contact.is_owner {
            return words::gets_mail_and_cannot_log(&name);
        }
        let (can, does_not_see) = self.now_or_later();
        if self.able_to.is_empty() {
            return words::enter_the_account_and_nothing(&name, &can);
        }
        let opens = words::can_do(&name, &can, &self.able_to);
        if self.closed_areas.is_empty() {
            opens
        } else {
            words::and_cannot_see(&opens, &name, &does_not_see, &self.closed_areas)
        }
    }
}

/// What hangs on a contact, and to whom it can be handed when the contact is closed or deleted (P10).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LooseEnds {
    /// It is the billing contact.
    pub billing: bool,
    /// The viewer may choose another one.
    pub may_choose_billing: bool,
    /// Nobody else gets domain mail.
    pub domain: bool,
    /// The ownership is offered to it.
    pub ownership: bool,
    /// Previews that its person looks at, or that show it.
    pub previews: i64,
    /// Sign-on links to control panels that its person has just made.
    pub sign_ons: i64,
    /// Tickets that it opened and that are not closed.
    pub tickets: i64,
    /// The account's main address.
    pub main: String,
    /// Other active contacts, some of them: id and name.
    pub others: Vec<(ContactId, String)>,
}

/// Value and label of each choice.
pub type Options = Vec<(String, String)>;

/// The question before a contact is deleted (P6, P10): light, because the page of the table holds it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeleteQuestion {
    /// What to call the person.
    pub title: String,
    /// What is lost, one sentence each.
    pub losses: Vec<String>,
    /// To whom invoices can be addressed, and who can get domain mail; nothing where that does not hang on
    /// the contact.
    pub to: (Options, Options),
}

impl LooseEnds {
    /// Is there something to hand over?
    pub fn to_hand_over(&self) -> bool {
        self.billing || self.domain
    }

    /// To whom invoices can be addressed, and who can get domain mail; nothing where that does not hang on
    /// the contact.
    pub fn options(&self) -> (Options, Options) {
        let main = (MAIN.to_owned(), words::the_account_itself(&self.main));
        let all = || {
            std::iter::once(main.clone())
                .chain(self.others.iter().map(|(id, name)| (id.to_string(), name.clone())))
                .collect::<Options>()
        };
        let billing = match (self.billing, self.may_choose_billing) {
            (false, _) => Vec::new(),
            (true, true) => all(),
            (true, false) => vec![main.clone()],
        };
        (billing, if self.domain { all() } else { Vec::new() })
    }

    /// What else ends, one sentence each.
    pub fn endings(&self, name: &str) -> Vec<String> {
        let mut says = Vec::new();
        if self.ownership {
            says.push(words::the_offer_of_ownership_to(&name));
        }
        match self.previews {
            0 => {}
            1 => says.push(words::N_1_OPEN_PREVIEW_ENDS.into()),
            n => says.push(words::open_previews_end(&n)),
        }
        match self.tickets {
            0 => {}
            1 => says.push(words::N_1_TICKET_STAYS.into()),
            n => says.push(words::tickets_stay(&n)),
        }
        if self.sign_ons > 0 {
            says.push(words::UNUSED_SIGN_ON_LINKS_TO.into());
        }
        says
    }
}

/// To whom a form hands over what hangs on a contact: the id of a contact, an address of one, or [`MAIN`];
/// empty for no choice.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HandOver {
    /// The new billing contact.
    #[serde(default)]
    pub billing_to: String,
    /// Who gets domain mail from now on.
    #[serde(default)]
    pub domain_to: String,
}

/// In place of a contact: the account's main address.
pub const MAIN: &str = "main";

impl ContactView {
    /// What to call the person.
    pub fn title(&self) -> String {
        let name = format!("{} {}", self.form.first_name, self.form.last_name).trim().to_owned();
        first_filled([name, self.form.company.clone(), self.form.email.clone()])
    }

    /// What ends when it is closed, one sentence each (P5).
    pub fn closings(&self) -> Vec<String> {
        let name = self.title();
        let mut says = Vec::new();
        match (self.linked && !self.form.log_in.is_empty(), self.status) {
            (true, _) => {
                says.push(words::can_no_longer_enter_this(&name));
            }
            (false, ContactStatus::Invited | ContactStatus::Expired) => {
                says.push(words::the_invitation_to_stops_working(&self.form.email));
            }
            _ => {}
        }
        if !self.form.mail.is_empty() {
            says.push(words::gets_no_more_mail_about(&self.form.email));
        }
        says.extend(self.loose.endings(&name));
        says.push(words::THE_CONTACT_KEEPS_ITS_PERMISSIONS.into());
        says
    }

    /// What is lost when it is deleted, one sentence each (P6).
    pub fn losses(&self) -> Vec<String> {
        let name = self.title();
        let mut losses = Vec::new();
        match (self.linked && !self.form.log_in.is_empty(), self.status) {
            (true, _) => losses.push(words::can_no_longer_enter_this(&name)),
            (false, ContactStatus::Invited | ContactStatus::Expired) => {
                losses.push(words::the_invitation_to_stops_working(&self.form.email));
            }
            _ => {}
        }
        if !self.grant.is_empty() && !self.form.log_in.is_empty() {
            let phrase = permissions::words::phrase(self.grant.everywhere, self.grant.summary());
            losses.push(if phrase == Preset::Custom.title() {
                words::loses_every_permission_on_this(&name)
            } else {
                words::loses_every_permission_on_this_account(&name, &phrase)
            });
        }
        let mail: Vec<_> = Category::ALL
            .iter()
            .filter(|c| self.form.mail.iter().any(|key| key == c.key()))
            .map(|c| c.title().to_lowercase())
            .collect();
        if !mail.is_empty() {
            let kinds: Vec<&str> = mail.iter().map(String::as_str).collect();
            losses.push(words::gets_no_more_mail(&self.form.email, &crate::permission::join_and(&kinds)));
        }
        losses.extend(self.loose.endings(&name));
        losses.push(words::THE_NAME_AND_ADDRESS_STAY.into());
        losses
    }
}

/// What can be done to several contacts at once (P12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeveralAct {
    /// Close them.
    Close,
    /// Open closed ones again.
    Reopen,
    /// Delete them.
    Delete,
    /// Send their invitations again.
    Resend,
    /// Switch categories of mail on or off.
    Mail,
    /// Give them a preset.
    Preset,
}

impl SeveralAct {
    /// Every one.
    pub const ALL: [Self; 6] =
        [Self::Reopen, Self::Resend, Self::Mail, Self::Preset, Self::Close, Self::Delete];

    /// Its name in forms and URLs.
    pub fn key(self) -> &'static str {
        match self {
            Self::Close => "close",
            Self::Reopen => "reopen",
            Self::Delete => "delete",
            Self::Resend => "resend",
            Self::Mail => "mail",
            Self::Preset => "preset",
        }
    }

    /// The one with this name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.key() == key)
    }

    /// Is it offered in the view of closed contacts, or in the others? Everything else is refused there.
    pub fn is_offered(self, of_closed: bool) -> bool {
        match self {
            Self::Delete => true,
            Self::Reopen => of_closed,
            _ => !of_closed,
        }
    }

    /// Its button.
    pub fn title(self) -> &'static str {
        match self {
            Self::Close => words::CLOSE,
            Self::Reopen => words::REOPEN,
            Self::Delete => words::DELETE,
            Self::Resend => words::RESEND_INVITATION,
            Self::Mail => words::CHANGE_MAIL_PREFERENCES,
            Self::Preset => words::GIVE_A_PRESET,
        }
    }

    /// Why it cannot be done to a contact, after its name: "owns the account". Nothing when it can.
    pub fn refusal(self, view: &ContactView, by_owner: bool) -> Option<&'static str> {
        let (closed, log_in) = (view.form.status == "closed", !view.form.log_in.is_empty());
        match self {
            Self::Mail if view.is_owner && !by_owner => Some(words::CAN_BE_CHANGED_ONLY_BY),
            Self::Mail if closed => Some(words::IS_CLOSED),
            Self::Mail => None,
            _ if view.is_owner => Some(words::OWNS_THE_ACCOUNT),
            _ if view.is_own => Some(words::IS_YOUR_OWN_CONTACT),
            Self::Delete => None,
            Self::Reopen => (!closed).then_some(words::IS_ACTIVE),
            _ if closed => Some(words::IS_CLOSED),
            Self::Resend if view.linked || !log_in => Some(words::HAS_NO_INVITATION_TO_RESEND),
            Self::Preset if !log_in => Some(words::CANNOT_LOG_IN),
            _ => None,
        }
    }
}

/// Contacts that something is done to at once, at most.
pub const SEVERAL: usize = 50;

/// The contacts that a form names, joined by commas.
///
/// # Errors
/// [`AppError::Conflict`] for none, and for more than [`SEVERAL`].
pub fn named(who: &str) -> Result<Vec<ContactId>> {
    let mut ids: Vec<ContactId> = Vec::new();
    for id in who.split(',').filter_map(ContactId::parse) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    match ids.len() {
        0 => Err(AppError::Conflict(words::NOBODY_IS_TICKED_TICK_THE.into())),
        1..=SEVERAL => Ok(ids),
        _ => Err(AppError::Conflict(words::tick_at_most_people_at(&SEVERAL))),
    }
}

/// The question before something is done to several contacts: whom it is about, by name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SeveralQuestion {
    /// Whom it is done to: contact, name, and what is lost, a sentence each.
    pub people: Vec<(ContactId, String, Vec<String>)>,
    /// Whom it cannot be done to, and why, as a sentence each.
    pub left_out: Vec<String>,
    /// What the viewer holds: which categories are theirs to give.
    pub may: Permissions,
    /// The presets and roles that can be given; only where one is asked for.
    pub presets: Vec<PresetChoice>,
}

/// Somebody who is invited: the name that stood before the address, which may be empty, and the address.
pub type Invitee = (String, EmailAddress);

/// Several addresses from one field: separated by commas, semicolons or line breaks, plain or as
/// `Name <address>`; a name in quotes may hold what separates.
///
/// # Errors
/// A sentence for the person that names the address that cannot be taken.
pub fn addresses(text: &str) -> std::result::Result<Vec<Invitee>, String> {
    const TOO_MANY: &str = words::INVITE_AT_MOST_50_PEOPLE;
    let mut quoted = false;
    let mut parts = text
        .split(move |letter| {
            quoted ^= letter == '"';
            matches!(letter, '\n' | '\r') || (!quoted && matches!(letter, ',' | ';'))
        })
        .map(str::trim)
        .filter(|part| !part.is_empty());
    // Counted before anything is looked at: twice as many as can be invited, for lists that hold people
    // twice.
    let all: Vec<&str> = parts.by_ref().take(100).collect();
    if parts.next().is_some() {
        return Err(TOO_MANY.into());
    }
    let (mut found, mut known) = (Vec::new(), HashSet::new());
    for part in all {
        let (name, bare) = part
            .rsplit_once('<')
            .and_then(|(name, rest)| Some((name, rest.strip_suffix('>')?)))
            .unwrap_or(("", part));
        let shown: String = part.chars().take(60).collect();
        let address = EmailAddress::parse(bare).map_err(|message| format!("{shown}: {message}"))?;
        let name =
            line(name.trim().trim_matches('"'), 200).map_err(|message| format!("{shown}: {message}"))?;
        if known.insert(address.key()) {
            found.push((name, address));
        }
    }
    match found.len() {
        0 => Err(words::ENTER_AN_E_MAIL_ADDRESS.into()),
        1..=50 => Ok(found),
        _ => Err(TOO_MANY.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn form() -> ContactForm {
        ContactForm { first_name: "Ben".into(), email: "ben@example.com".into(), ..ContactForm::default() }
    }

    fn before() -> ContactBefore {
        ContactBefore {
            linked: true,
            log_in: true,
            email_key: "ben@example.com".into(),
            ..ContactBefore::nobody()
        }
    }

    /// A form on which these boxes are ticked.
    fn asking(keys: &str) -> Contact {
        ContactForm {
            permissions: keys.split(',').map(str::to_owned).collect(),
            preset: "custom".into(),
            ..form()
        }
        .parse()
        .unwrap()
    }

    fn grant(keys: &str) -> Grant {
        Grant::everywhere(Permissions::from_keys(keys))
    }

    /// An editor who holds these and sees no services.
    fn holding(keys: &str) -> Givable {
        Givable { everywhere: Permissions::from_keys(keys), ..Givable::default() }
    }

    fn owner() -> Givable {
        holding(&Permissions::all().keys())
    }

    fn fields(form: &ContactForm) -> Vec<String> {
        match form.parse() {
            Err(AppError::Invalid(errors)) => errors.0.into_iter().map(|error| error.field).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_name_or_company_and_an_address_are_enough() {
        assert!(form().parse().is_ok());
        assert!(
            ContactForm { first_name: String::new(), company: "Carter Ltd".into(), ..form() }.parse().is_ok()
        );
        assert_eq!(fields(&ContactForm::default()), ["first_name", "email"]);
    }

    #[test]
    fn every_field_has_its_limit() {
        let long = "x".repeat(10_000);
        let all = ContactForm {
            first_name: long.clone(),
            last_name: long.clone(),
            company: long.clone(),
            email: long.clone(),
            phone: long.clone(),
            street: long.clone(),
            city: long.clone(),
            region: long.clone(),
            postcode: long.clone(),
            country: long.clone(),
            days: long.clone(),
            status: long,
            ..ContactForm::default()
        };
        assert_eq!(
            fields(&all),
            [
                "first_name", "last_name", "company", "email", "phone", "street", "city", "region",
                "postcode", "country", "days", "status"
            ]
        );
    }

    #[test]
    fn nobody_grants_what_they_lack() {
        let held = holding("contacts.manage,invoices.view");
        assert!(matches!(
            allowed(&before(), asking("invoices.pay"), &held, false),
            Err(AppError::Forbidden(_))
        ));
        // What the contact had and the editor lacks stays, sent or not.
        let had = ContactBefore { grant: grant("invoices.pay"), ..before() };
        assert_eq!(
            allowed(&had, asking("invoices.view"), &held, false).unwrap().grant.everywhere.keys(),
            "invoices.view,invoices.pay"
        );
    }

    #[test]
    fn an_unanswered_card_cannot_be_moved_to_smuggle_permissions() {
        let had = ContactBefore {
            linked: false,
            grant: grant("invoices.view"),
            email_key: "old@example.com".into(),
            ..before()
        };
        assert!(matches!(
            allowed(&had, form().parse().unwrap(), &holding("contacts.manage"), false),
            Err(AppError::Conflict(_))
        ));
    }

    #[test]
    fn permissions_that_one_lacks_are_not_given_back() {
        let held = holding("contacts.manage");
        let had = ContactBefore { grant: grant("invoices.pay"), ..before() };
        let on = Contact { log_in: true, ..asking("invoices.pay") };
        for had in
            [ContactBefore { closed: true, ..had.clone() }, ContactBefore { log_in: false, ..had.clone() }]
        {
            assert!(matches!(allowed(&had, on.clone(), &held, false), Err(AppError::Conflict(_))));
            assert!(allowed(&had, on.clone(), &owner(), true).is_ok());
        }
        assert!(allowed(&had, on, &held, false).is_ok(), "what was open stays open");
    }

    #[test]
    fn the_owner_and_oneself_cannot_be_reduced() {
        let of_owner =
            ContactBefore { is_owner: true, grant: Grant::everywhere(Permissions::all()), ..before() };
        assert!(matches!(
            allowed(&of_owner, form().parse().unwrap(), &owner(), false),
            Err(AppError::Forbidden(_))
        ));
        let kept = allowed(&of_owner, form().parse().unwrap(), &owner(), true).unwrap();
        assert!(kept.log_in && kept.grant.everywhere == Permissions::all());
        let closed = Contact { closed: true, ..form().parse().unwrap() };
        assert!(matches!(allowed(&of_owner, closed.clone(), &owner(), true), Err(AppError::Conflict(_))));
        let own = ContactBefore { is_own: true, grant: grant("contacts.manage"), ..before() };
        assert!(matches!(
            allowed(&own, closed, &holding("contacts.manage"), false),
            Err(AppError::Conflict(_))
        ));
        assert!(matches!(
            allowed(&own, asking("contacts.manage,invoices.pay"), &holding("contacts.manage"), false),
            Err(AppError::Forbidden(_))
        ));
        assert_eq!(
            allowed(&own, form().parse().unwrap(), &holding("contacts.manage"), false)
                .unwrap()
                .grant
                .everywhere
                .keys(),
            "contacts.manage"
        );
    }

    #[test]
    fn mail_that_shows_what_is_guarded_is_switched_on_only_by_who_may_see_it() {
        let mail = |keys: &str| Categories::from_column(keys);
        let asking = |keys: &str| Contact { mail: mail(keys), ..form().parse().unwrap() };
        let (blind, seeing) = (holding("contacts.manage"), holding("contacts.manage,invoices.view"));
        assert!(matches!(
            allowed(&before(), asking("general,invoice"), &blind, false),
            Err(AppError::Forbidden(_))
        ));
        assert_eq!(
            allowed(&before(), asking("general,invoice"), &seeing, false).unwrap().mail,
            mail("general,invoice")
        );
        assert!(matches!(allowed(&before(), asking("support"), &seeing, false), Err(AppError::Forbidden(_))));
        // Also on one's own contact; and what stands there stays, sent or not.
        let own = ContactBefore { is_own: true, ..before() };
        assert!(matches!(allowed(&own, asking("invoice"), &blind, false), Err(AppError::Forbidden(_))));
        let had = ContactBefore { mail: mail("domain,invoice"), ..before() };
        for asked in ["general", "general,invoice"] {
            assert_eq!(
                allowed(&had, asking(asked), &blind, false).unwrap().mail,
                mail("general,invoice"),
                "{asked}"
            );
        }
        assert_eq!(allowed(&had, asking("general"), &seeing, false).unwrap().mail, mail("general"));
        // Moving the contact, or opening it again, is giving its mail to whoever reads there.
        let elsewhere =
            Contact { email: EmailAddress::parse("thief@example.com").unwrap(), ..asking("domain") };
        for had in [had.clone(), ContactBefore { bills: true, ..before() }] {
            assert!(matches!(allowed(&had, elsewhere.clone(), &blind, false), Err(AppError::Conflict(_))));
            assert!(allowed(&had, elsewhere.clone(), &seeing, false).is_ok());
            assert!(matches!(
                allowed(&ContactBefore { closed: true, ..had }, asking("domain"), &blind, false),
                Err(AppError::Conflict(_))
            ));
        }
    }

    #[test]
    fn keys_are_handed_out_by_more_than_a_box() {
        let had = ContactBefore { grant: grant("contacts.manage"), ..before() };
        let contact = Contact { log_in: true, grant: grant("contacts.manage"), ..form().parse().unwrap() };
        let elsewhere = EmailAddress::parse("thief@example.com").unwrap();
        assert!(!had.hands_out_keys(&contact), "a phone number is no key");
        assert!(ContactBefore::nobody().hands_out_keys(&contact));
        assert!(had.hands_out_keys(&Contact { email: elsewhere, ..contact.clone() }));
        for had in
            [ContactBefore { closed: true, ..had.clone() }, ContactBefore { log_in: false, ..had.clone() }]
        {
            assert!(had.hands_out_keys(&contact));
        }
        assert!(!ContactBefore { closed: true, ..before() }.hands_out_keys(&form().parse().unwrap()));
    }

    #[test]
    fn addresses_come_in_any_common_shape() {
        let found = addresses("a@x.example, Ben <b@x.example>;\nA@X.example\r\n").unwrap();
        let found: Vec<_> = found.iter().map(|(name, email)| (name.as_str(), email.as_str())).collect();
        assert_eq!(found, [("", "a@x.example"), ("Ben", "b@x.example")]);
        let named = addresses("\"Carter, Ben\" <b@x.example>, Ann de Boer <a@x.example>").unwrap();
        let named: Vec<_> = named.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(named, ["Carter, Ben", "Ann de Boer"]);
        assert!(addresses("a@x.example, nonsense").unwrap_err().starts_with("nonsense: "));
        assert!(addresses(" , ").is_err());
        let started = crate::platform::clock::stopwatch();
        assert!(addresses(&"a@x.example,".repeat(24_000)).is_err());
        assert!(started.elapsed().as_millis() < 100, "counted before compared");
        assert!(addresses(&(0..51).map(|i| format!("a{i}@x.example\n")).collect::<String>()).is_err());
    }

    proptest! {
        /// Whatever a form asks of a contact, and however often, nobody who may not see what a category shows
        /// is the one who sent it anywhere.
        #[test]
        fn guarded_mail_never_goes_anywhere_new_by_who_may_not_see_it(
            start in proptest::sample::subsequence(Category::ALL.to_vec(), 0..=6),
            edits in proptest::collection::vec((proptest::sample::subsequence(Category::ALL.to_vec(), 0..=6), 0..3_usize, any::<bool>()), 1..6),
        ) {
            let addresses = ["ben@example.com", "thief@example.com", "third@example.com"];
            let mut had = ContactBefore { mail: start.into_iter().collect(), ..before() };
            let shown = |had: &ContactBefore| (!had.closed && had.mail.has(Category::Invoice)).then(|| had.email_key.clone());
            for (mail, at, closed) in edits {
                let asked = Contact { mail: mail.into_iter().collect(), email: EmailAddress::parse(addresses[at]).unwrap(), closed, ..form().parse().unwrap() };
                let before = shown(&had);
                if let Ok(contact) = allowed(&had, asked, &holding("contacts.manage"), false) {
                    had = ContactBefore { mail: contact.mail, closed: contact.closed, email_key: contact.email.key(), ..had };
                }
                let after = shown(&had);
                prop_assert!(after.is_none() || after == before, "{before:?} became {after:?}");
            }
        }

        #[test]
        fn address_lists_never_panic(text in "\\PC{0,200}") {
            let _ = addresses(&text);
        }
    }
}
