//! What can be proved: one type for each permission that a server function asks for.

use crate::access::membership::Membership;
use crate::error::AppError;
use crate::permission::{Group, Permission, StaffPermission};

/// What an [`Access`] proves.
pub trait Requirement: Send + Sync + 'static {
    /// The permission needed, or `None` when being a contact of the account is enough.
    const PERMISSION: Option<Permission>;

    /// What staff need to change something with it.
    const STAFF: StaffPermission = StaffPermission::EditCustomers;

    /// Why the member may not, where it is no permission that they lack.
    fn refusal(_membership: &Membership) -> Option<AppError> {
        None
    }

    /// Does the member hold it on the account?
    fn met(membership: &Membership) -> bool {
        Self::PERMISSION.is_none_or(|permission| membership.permissions.has(permission))
    }
}

macro_rules! requirement {
    ($($(#[$doc:meta])* $name:ident = $permission:expr;)*) => {
        $($(#[$doc])* pub struct $name; impl Requirement for $name { const PERMISSION: Option<Permission> = $permission; })*
    };
}

requirement! {
    /// Any active contact with a login.
    AnyContact = None;
    /// `contacts.manage`.
    ManageContacts = Some(Permission::ManageContacts);
    /// `profile.edit`.
    EditProfile = Some(Permission::EditProfile);
    /// `activity.view`.
    ViewActivity = Some(Permission::ViewActivity);
    /// `emails.view`.
    ViewEmails = Some(Permission::ViewEmails);
    /// `invoices.view`.
    ViewInvoices = Some(Permission::ViewInvoices);
    /// Adds and removes payment methods.
    ManagePaymentMethods = Some(Permission::ManagePaymentMethods);
    /// `invoices.pay`.
    PayInvoices = Some(Permission::PayInvoices);
    /// `service.view`, on the service in question.
    ViewService = Some(Permission::ViewService);
    /// `service.panel`, on the service in question.
    UseServicePanel = Some(Permission::UseServicePanel);
    /// `service.upgrade`, on the service in question.
    UpgradeService = Some(Permission::UpgradeService);
    /// `service.cancel`, on the service in question.
    CancelService = Some(Permission::CancelService);
    /// `domain.view`, on the domain in question.
    ViewDomain = Some(Permission::ViewDomain);
    /// `domain.manage`, on the domain in question.
    ManageDomain = Some(Permission::ManageDomain);
}

/// `service.view` on any service: what the list of services needs. It holds only those that may be seen.
pub struct ViewServices;
impl Requirement for ViewServices {
    const PERMISSION: Option<Permission> = Some(Permission::ViewService);
    fn met(membership: &Membership) -> bool {
        membership.sees(Group::Service)
    }
}

/// `domain.view` on any domain: what the list of domains needs. It holds only those that may be seen.
pub struct ViewDomains;
impl Requirement for ViewDomains {
    const PERMISSION: Option<Permission> = Some(Permission::ViewDomain);
    fn met(membership: &Membership) -> bool {
        membership.sees(Group::Domain)
    }
}

/// Any ticket: all of the account's, one's own, or one that somebody was added to. Which, the statements say.
pub struct SeeTickets;
impl Requirement for SeeTickets {
    const PERMISSION: Option<Permission> = Some(Permission::OpenTickets);
    const STAFF: StaffPermission = StaffPermission::AnswerTickets;
    fn met(membership: &Membership) -> bool {
        membership.sees_tickets()
    }
}

/// `tickets.open`.
pub struct OpenTickets;
impl Requirement for OpenTickets {
    const PERMISSION: Option<Permission> = Some(Permission::OpenTickets);
    const STAFF: StaffPermission = StaffPermission::AnswerTickets;
}

/// `tickets.close`.
pub struct CloseTickets;
impl Requirement for CloseTickets {
    const PERMISSION: Option<Permission> = Some(Permission::CloseTickets);
    const STAFF: StaffPermission = StaffPermission::AnswerTickets;
}

/// Being the owner, which no permission stands for: it cannot be given, only handed over (P7).
pub struct Owner;
impl Requirement for Owner {
    const PERMISSION: Option<Permission> = None;
    fn refusal(membership: &Membership) -> Option<AppError> {
        (!membership.is_owner).then(|| AppError::Forbidden("only the owner of the account can".into()))
    }
}
