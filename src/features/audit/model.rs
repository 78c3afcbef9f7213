//! What the audit trail says: kinds of entries, who acted, and what changed.

use super::words;
use crate::types::Timestamp;
use serde::{Deserialize, Serialize};

macro_rules! kinds {
    ($($name:ident = $key:literal;)*) => {
        /// What happened. The part of a key before the dot is its [`Topic`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum AuditKind { $(#[doc = $key] $name,)* }

        impl AuditKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The key in the table.
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }
        }
    };
}

kinds! {
    ContactAdded = "contacts.added";
    ContactChanged = "contacts.changed";
    ContactClosed = "contacts.closed";
    ContactOpened = "contacts.opened";
    ContactDeleted = "contacts.deleted";
    ContactLeft = "contacts.left";
    LoginSwitched = "contacts.login";
    PermissionsGiven = "permissions.given";
    AccessAsked = "permissions.asked";
    AccessRefused = "permissions.refused";
    RoleSaved = "permissions.role-saved";
    RoleChanged = "permissions.role-changed";
    RoleDeleted = "permissions.role-deleted";
    InvitationSent = "invitations.sent";
    InvitationResent = "invitations.resent";
    InvitationWithdrawn = "invitations.withdrawn";
    InvitationCopied = "invitations.copied";
    InvitationAccepted = "invitations.accepted";
    InvitationDeclined = "invitations.declined";
    PanelOpened = "services.panel";
    Requested = "services.requested";
    RequestWithdrawn = "services.withdrawn";
    RequestDecided = "services.decided";
    AssetAdded = "services.added";
    AssetChanged = "services.changed";
    AssetMoved = "services.moved";
    RenewalSwitched = "services.renewal";
    TicketOpened = "tickets.opened";
    TicketAnswered = "tickets.answered";
    TicketCalledBack = "tickets.called-back";
    TicketClosed = "tickets.closed";
    TicketReopened = "tickets.reopened";
    TicketRated = "tickets.rated";
    TicketChanged = "tickets.changed";
    TicketPeople = "tickets.people";
    TicketMail = "tickets.mail";
    InvoiceDrafted = "invoices.drafted";
    InvoiceIssued = "invoices.issued";
    InvoicePaid = "invoices.paid";
    InvoiceCredited = "invoices.credited";
    StatementBrought = "invoices.statement";
    PaymentMethods = "invoices.methods";
    DepartmentsClosed = "tickets.departments";
    MailSentAgain = "mail.again";
    MailChosen = "mail.chosen";
    AccountOpened = "account.opened";
    AccountClosed = "account.closed";
    AccountReopened = "account.reopened";
    SupportAccessChosen = "account.support-access";
    ViewAsked = "account.view-asked";
    ViewAnswered = "account.view-answered";
    ViewOpened = "account.view-opened";
    NoteAdded = "account.note";
    AccountMerged = "account.merged";
    DataExported = "account.exported";
    CustomerErased = "account.erased";
    StaffAdded = "staff.added";
    StaffChanged = "staff.changed";
    SettingsChanged = "staff.settings";
    Imported = "staff.imported";
    ProfileChanged = "account.profile";
    FactorRequired = "account.factor";
    OwnershipOffered = "account.transfer-offered";
    OwnershipWithdrawn = "account.transfer-withdrawn";
    OwnershipDeclined = "account.transfer-declined";
    OwnershipAccepted = "account.transferred";
    SignedUp = "login.signed-up";
    SignedIn = "login.signed-in";
    SignedOut = "login.signed-out";
    PasswordChanged = "login.password";
    AddressAsked = "login.address-asked";
    AddressChanged = "login.address";
    NameChanged = "login.profile";
    FactorAdded = "login.factor-added";
    FactorRemoved = "login.factor-removed";
    CodesRenewed = "login.codes";
    DataDownloaded = "login.data";
    UserDeleted = "login.deleted";
}

/// What entries are about, for the filter: key and label.
pub const TOPICS: &[(&str, &str)] = &[
    ("contacts", words::CONTACTS),
    ("permissions", words::PERMISSIONS),
    ("invitations", words::INVITATIONS),
    ("services", words::SERVICES_AND_DOMAINS),
    ("invoices", words::INVOICES_AND_PAYMENTS),
    ("tickets", words::TICKETS),
    ("mail", words::E_MAIL),
    ("account", words::ACCOUNT_AND_OWNERSHIP),
    ("login", words::LOGINS),
    ("staff", words::STAFF_AND_SETTINGS),
];

/// The icon of an entry.
pub fn icon(kind: &str) -> &'static str {
    match kind.split('.').next().unwrap_or_default() {
        "contacts" => "users",
        "permissions" => "key",
        "invitations" => "send",
        "services" => "server",
        "tickets" => "ticket",
        "mail" => "inbox",
        "login" => "shield",
        _ => "building",
    }
}

/// One thing that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditChange {
    /// Its label.
    pub what: String,
    /// Before; empty for nothing.
    pub before: String,
    /// After; empty for nothing.
    pub after: String,
}

impl AuditChange {
    /// A change, if it is one.
    pub fn between(what: &str, before: impl Into<String>, after: impl Into<String>) -> Option<Self> {
        let (before, after) = (before.into(), after.into());
        (before != after).then(|| Self { what: what.into(), before, after })
    }
}

/// Names in the URL of what the activity is narrowed down to: who acted, by user id or a kind of actor without
/// one; a topic; the first and the last day ("2026-11-22").
pub const PERSON: &str = "person";
/// See [`PERSON`].
pub const KIND: &str = "kind";
/// See [`PERSON`].
pub const FROM: &str = "from";
/// See [`PERSON`].
pub const TO: &str = "to";

/// An entry as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditRow {
    /// Its id.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// What kind of actor: owner, contact, person, staff, command or program.
    pub actor_kind: String,
    /// Who, as they were called then.
    pub actor: String,
    /// The address it came from; empty for the program itself.
    pub source: String,
    /// The browser: "Firefox on Linux".
    pub agent: String,
    /// Key of the kind.
    pub kind: String,
    /// The sentence after the name.
    pub says: String,
    /// What changed.
    pub changes: Vec<AuditChange>,
}

impl AuditRow {
    /// What the actor is, for a badge; nothing for people without a role.
    pub fn badge(&self) -> &'static str {
        match self.actor_kind.as_str() {
            "owner" => words::OWNER,
            "contact" => words::CONTACT,
            "staff" | "command" => words::STAFF,
            _ => "",
        }
    }

    /// Where it came from, in one line.
    pub fn place(&self) -> String {
        [self.agent.as_str(), self.source.as_str()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · ")
    }
}

/// Name in the URL of the contact that entries are about.
pub const ABOUT: &str = "whom";

/// What stands about somebody on their page (P11), newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonActivity {
    /// What they did on the account in the last 7 days, some of it.
    pub by: Vec<AuditRow>,
    /// What was changed about them, some of it.
    pub about: Vec<AuditRow>,
    /// The id of their user; empty for who has no login.
    pub user: String,
    /// The server's time.
    pub now: Timestamp,
}

/// Who has acted, for the filter: what the URL says and the name.
pub type Actors = Vec<(String, String)>;

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_kind_has_a_topic_and_a_key_of_its_own() {
        let keys: BTreeSet<&str> = AuditKind::ALL.iter().map(|kind| kind.key()).collect();
        assert_eq!(keys.len(), AuditKind::ALL.len());
        for key in keys {
            let topic = key.split('.').next().unwrap();
            assert!(TOPICS.iter().any(|(known, _)| *known == topic), "{key}");
        }
    }

    #[test]
    fn what_stays_the_same_is_no_change() {
        assert_eq!(AuditChange::between("City", "Porto", "Porto"), None);
        assert_eq!(AuditChange::between("City", "", "Porto").unwrap().after, "Porto");
    }
}
