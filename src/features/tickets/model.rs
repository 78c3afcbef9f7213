//! A ticket, what was written in it, and the forms.

use super::words;
use crate::error::{FormErrors, Result};
use crate::features::recipients::model::Recipient;
use crate::types::{AccountId, ContactId, TicketId, Timestamp, line, text_block};
use serde::{Deserialize, Serialize};

/// Characters of a subject.
pub const SUBJECT: usize = 200;
/// Characters of a message that is written in the portal.
pub const TEXT: usize = 50_000;
/// Bytes of one file.
pub const FILE: u64 = 25 * 1024 * 1024;
/// Files of one message.
pub const FILES: usize = 10;
/// Seconds in which an answer can be called back (T6).
pub const CALL_BACK_SECONDS: i64 = 15;
/// From here on a due time is none: nobody promised an answer.
pub const NEVER_DUE: i64 = 100_000_000_000_000;

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It waits for staff.
    Open,
    /// Staff have answered.
    Answered,
    /// Nothing is to be done.
    Closed,
}

impl Status {
    /// The name in tables.
    pub fn key(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Answered => "answered",
            Self::Closed => "closed",
        }
    }

    /// The status with this name.
    pub fn from_key(key: &str) -> Self {
        match key {
            "answered" => Self::Answered,
            "closed" => Self::Closed,
            _ => Self::Open,
        }
    }

    /// Class, icon and word of its pill. `staff` read it the other way round: what is open waits for them.
    pub fn pill(self, staff: bool) -> (&'static str, &'static str, &'static str) {
        match (self, staff) {
            (Self::Open, true) => ("pill amber", "clock", words::WAITS_FOR_US),
            (Self::Open, false) => ("pill", "clock", words::WAITS_FOR_SUPPORT),
            (Self::Answered, true) => ("pill green", "check", words::ANSWERED),
            (Self::Answered, false) => ("pill green", "mail", words::SUPPORT_ANSWERED),
            (Self::Closed, _) => ("pill", "x", words::CLOSED),
        }
    }
}

/// The tabs of the list: value in the URL and label.
pub const FILTERS: &[(&str, &str)] = &[
    ("", words::ALL),
    ("open", words::WAITS_FOR_SUPPORT),
    ("answered", words::ANSWERED),
    ("closed", words::CLOSED),
];

/// How urgent it is, as its opener sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Priority {
    /// It can wait.
    Low,
    /// Like most.
    #[default]
    Normal,
    /// Something does not work.
    High,
}

impl Priority {
    /// Every priority.
    pub const ALL: [Self; 3] = [Self::Low, Self::Normal, Self::High];

    /// The name in tables and forms.
    pub fn key(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
        }
    }

    /// The priority with this name.
    pub fn from_key(key: &str) -> Self {
        Self::ALL.into_iter().find(|one| one.key() == key).unwrap_or_default()
    }

    /// The word for it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Low => words::LOW,
            Self::Normal => words::NORMAL,
            Self::High => words::HIGH,
        }
    }
}

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TicketRow {
    /// Its id.
    pub id: TicketId,
    /// Its number.
    pub number: i64,
    /// What it is about.
    pub subject: String,
    /// Whose turn it is.
    pub status: Status,
    /// How urgent.
    pub priority: Priority,
    /// Name of the department.
    pub department: String,
    /// Who opened it.
    pub opened_by: String,
    /// Name of the staff who answer it, or empty.
    pub assigned: String,
    /// Messages that wait for somebody to decide.
    pub held: i64,
    /// Another ticket shows what was written in it.
    pub merged: bool,
    /// Until when an answer is promised, while it waits for one.
    pub due: Option<Timestamp>,
    /// When something was written last.
    pub changed: Timestamp,
    /// The account; in the list of staff.
    pub account: AccountId,
    /// Its name.
    pub account_name: String,
    /// Names of staff who are answering it; in the list of staff.
    #[serde(default)]
    pub answering: Vec<String>,
}

/// Somebody of the staff who has a ticket open at the moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Here {
    /// Name.
    pub name: String,
    /// They are writing an answer.
    pub answering: bool,
}

/// What an open page of a ticket asks for again and again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TicketNow {
    /// Counts what was written.
    pub version: i64,
    /// Who else of the staff is there; for staff.
    pub here: Vec<Here>,
}

/// What staff know of a ticket's customer beside the thread.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Beside {
    /// The customer's number.
    pub number: i64,
    /// Main address.
    pub email: String,
    /// Mail to it does not arrive.
    pub unreached: bool,
    /// The account is closed.
    pub closed: bool,
    /// Since when they are a customer.
    pub since: Timestamp,
    /// Services, domains and open tickets; each at most 1,001.
    pub services: i64,
    /// Domains.
    pub domains: i64,
    /// Tickets that wait for staff.
    pub open: i64,
    /// Other tickets: about the same service or domain, then the newest.
    pub related: Vec<TicketRow>,
}

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Badge {
    /// The owner of the account.
    Owner,
    /// Another contact.
    Contact,
    /// Staff of the company.
    Staff,
    /// Whoever reads the main address.
    Account,
    /// Somebody who is no contact.
    Other,
}

impl Badge {
    /// The name in tables.
    pub fn key(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Contact => "contact",
            Self::Staff => "staff",
            Self::Account => "account",
            Self::Other => "other",
        }
    }

    /// The badge with this name.
    pub fn from_key(key: &str) -> Self {
        [Self::Owner, Self::Contact, Self::Staff, Self::Account]
            .into_iter()
            .find(|one| one.key() == key)
            .unwrap_or(Self::Other)
    }

    /// What stands on it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Owner => words::OWNER,
            Self::Contact => words::CONTACT,
            Self::Staff => words::STAFF,
            Self::Account => words::MAIN_ADDRESS,
            Self::Other => words::NOT_A_CONTACT,
        }
    }
}

/// A file of a message, or of a draft.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// It can be shown as a picture.
    pub picture: bool,
}

impl FileView {
    /// A file as its row has it. What is no picture by its first bytes is none.
    pub fn of(id: String, name: String, size: i64, content_type: &str) -> Self {
        let picture = matches!(content_type, "image/png" | "image/jpeg" | "image/gif" | "image/webp");
        Self { id, name, size, picture }
    }

    /// How large it is, for people: 1 kB is 1,000 bytes.
    pub fn size_text(&self) -> String {
        match self.size {
            0..1_000 => format!("{} B", self.size),
            1_000..1_000_000 => format!("{} kB", self.size / 1_000),
            _ => format!("{}.{} MB", self.size / 1_000_000, self.size % 1_000_000 / 100_000),
        }
    }
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessageView {
    /// Its id.
    pub id: String,
    /// Staff alone see it.
    pub note: bool,
    /// It waits for somebody to decide: the mail of somebody without a right to the ticket.
    pub held: bool,
    /// It was refused; staff see it.
    pub refused: bool,
    /// Who wrote it.
    pub by: String,
    /// Their address, where a mail came from.
    pub email: String,
    /// What they are.
    pub badge: Badge,
    /// What was written, as HTML of our own making.
    pub html: String,
    /// What a mail quoted before it, as HTML of our own making; empty for nothing.
    pub quoted: String,
    /// It came by e-mail, and the e-mail can be read as it was.
    pub by_mail: bool,
    /// Files.
    pub files: Vec<FileView>,
    /// When.
    pub at: Timestamp,
    /// The reader wrote it and can call it back until then.
    pub until: Option<Timestamp>,
}

/// Somebody who would get the next answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// Name or address.
    pub name: String,
    /// Address.
    pub email: String,
    /// Why.
    pub why: String,
}

impl Told {
    /// What the reply box says of a recipient.
    pub fn of(recipient: &Recipient) -> Self {
        Self {
            name: if recipient.name.is_empty() { recipient.email.clone() } else { recipient.name.clone() },
            email: recipient.email.clone(),
            why: recipient.why(crate::category::Category::Support),
        }
    }
}

/// An address that stood in the mail that is answered, and gets the answer only when somebody ticks it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outsider {
    /// The address.
    pub email: String,
    /// They are a contact of the account; without a right to the ticket.
    pub contact: bool,
}

/// Somebody who was added to a ticket, or could be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TicketPerson {
    /// The contact.
    pub id: ContactId,
    /// Name.
    pub name: String,
    /// Who added them; empty for who could be.
    pub by: String,
}

/// What the reader may do with a ticket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct May {
    /// Answer.
    pub reply: bool,
    /// Close and reopen.
    pub close: bool,
    /// Add people, decide about mail that is held.
    pub people: bool,
    /// They are staff: notes, department, priority, who answers.
    pub staff: bool,
    /// Rate how it was answered.
    pub rate: bool,
}

impl May {
    /// Does somebody who sees a ticket see a message of this kind and state in it? Notes and what was refused are
    /// for staff, what is held for who decides about it.
    pub fn sees(self, kind: &str, state: &str) -> bool {
        self.staff || (kind == "message" && (state == "shown" || (state == "held" && self.people)))
    }
}

/// A ticket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TicketView {
    /// The row.
    pub row: TicketRow,
    /// Id of the department.
    pub department_id: String,
    /// The service or domain, where the reader may see it: whether it is a service, id and name.
    pub about: Option<(bool, String, String)>,
    /// What was written, oldest first.
    pub messages: Vec<MessageView>,
    /// How many earlier ones are not shown.
    pub earlier: i64,
    /// Who gets the reader's answer by mail. For staff everybody; others hear who gets a copy.
    pub told: Vec<Told>,
    /// Who stood in the mail that is answered.
    pub outsiders: Vec<Outsider>,
    /// People who were added.
    pub people: Vec<TicketPerson>,
    /// Who could be.
    pub others: Vec<TicketPerson>,
    /// What the reader may do.
    pub may: May,
    /// What they had written, and its files.
    pub draft: String,
    /// The ticket that shows what was written in this one: id and number.
    pub merged_into: Option<(TicketId, i64)>,
    /// Tickets whose messages are shown here: id and number; for staff.
    pub merged: Vec<(TicketId, i64)>,
    /// The ticket that its first messages were taken from; for staff.
    pub split_from: Option<(TicketId, i64)>,
    /// It was moved here from another customer; for staff: their name.
    pub moved_from: Option<String>,
    /// Answers that staff give often: id and name.
    pub canned: Vec<(String, String)>,
    /// The customer; for staff.
    pub beside: Option<Beside>,
    /// Files of the draft.
    pub files: Vec<FileView>,
    /// Departments that staff can move it to.
    pub departments: Vec<(String, String)>,
    /// Staff who can answer it.
    pub staff: Vec<(String, String)>,
    /// Who of them does, or empty.
    pub assigned: String,
    /// 1 to 5; 0 for none.
    pub rating: i64,
    /// Words beside it.
    pub rating_text: String,
    /// Counts what was written.
    pub version: i64,
    /// The time now.
    pub now: Timestamp,
}

/// What the form of a new ticket needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewTicketPage {
    /// Departments that are open to the person: id and name.
    pub departments: Vec<(String, String)>,
    /// Services and domains that they may see: id and name.
    pub assets: Vec<(String, String)>,
    /// Who hears of it by mail.
    pub told: Vec<Told>,
    /// What they had written.
    pub subject: String,
    /// The same.
    pub text: String,
    /// Files of the draft.
    pub files: Vec<FileView>,
    /// For staff: the contacts in whose name it can be opened.
    pub contacts: Vec<TicketPerson>,
}

/// The form of a new ticket.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TicketForm {
    /// Id of the department.
    #[serde(default)]
    pub department: String,
    /// Key of the priority.
    #[serde(default)]
    pub priority: String,
    /// Id of a service or domain, or empty.
    #[serde(default)]
    pub asset: String,
    /// For staff: the contact it is opened for, or empty.
    #[serde(default)]
    pub contact: String,
    /// Subject.
    #[serde(default)]
    pub subject: String,
    /// Message.
    #[serde(default)]
    pub text: String,
    /// Names of files that were chosen and not brought.
    #[serde(default)]
    pub files: Vec<String>,
}

impl TicketForm {
    /// Reads subject and message.
    ///
    /// # Errors
    /// [`crate::error::AppError::Invalid`] with every field that cannot be taken.
    pub fn parse(&self) -> Result<Self> {
        let mut errors = FormErrors::default();
        let subject = errors.keep("subject", line(&self.subject, SUBJECT));
        let text = errors.keep("text", text_block(&self.text, TEXT));
        if subject.is_empty() && errors.of("subject").is_none() {
            errors.add("subject", words::ENTER_A_SUBJECT);
        }
        if text.is_empty() && errors.of("text").is_none() {
            errors.add("text", words::ENTER_A_MESSAGE);
        }
        if self.department.is_empty() {
            errors.add("department", words::CHOOSE_A_DEPARTMENT);
        }
        errors.finish(Self { subject, text, ..self.clone() })
    }
}

/// The form of an answer, or of a note.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReplyForm {
    /// Message.
    #[serde(default)]
    pub text: String,
    /// `note` for what staff alone see.
    #[serde(default)]
    pub kind: String,
    /// `close` closes the ticket, too; `insert` sends nothing and puts a canned reply into the draft.
    #[serde(default)]
    pub then: String,
    /// For `then` = `insert`: the canned reply that is put behind what was written.
    #[serde(default)]
    pub canned: String,
    /// Addresses beside the rule that staff ticked.
    #[serde(default)]
    pub also: Vec<String>,
    /// Names of files that were chosen and not brought.
    #[serde(default)]
    pub files: Vec<String>,
}

impl ReplyForm {
    /// Reads what was written.
    ///
    /// # Errors
    /// [`crate::error::AppError::Invalid`] for nothing, or too much.
    pub fn parse(&self) -> Result<String> {
        let mut errors = FormErrors::default();
        let read = errors.keep("text", text_block(&self.text, TEXT));
        if read.is_empty() && errors.of("text").is_none() {
            errors.add("text", words::ENTER_A_MESSAGE);
        }
        errors.finish(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_has_a_subject_a_message_and_a_department() {
        let crate::error::AppError::Invalid(errors) = TicketForm::default().parse().unwrap_err() else {
            panic!("valid")
        };
        let fields: Vec<&str> = errors.0.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["subject", "text", "department"]);
        let form = TicketForm {
            department: "x".into(),
            subject: " Oven ".into(),
            text: "It is\r\ncold.".into(),
            ..TicketForm::default()
        };
        let read = form.parse().unwrap();
        assert_eq!((read.subject.as_str(), read.text.as_str()), ("Oven", "It is\ncold."));
        assert!(ReplyForm { text: " \n ".into(), ..ReplyForm::default() }.parse().is_err());
    }

    #[test]
    fn sizes_are_for_people() {
        let of = |size| FileView { id: String::new(), name: String::new(), size, picture: false }.size_text();
        assert_eq!([of(999), of(1_500), of(2_340_000)], ["999 B", "1 kB", "2.3 MB"]);
    }
}
