//! The staff catalogue: everything that staff of the operator may be allowed to do, and their roles (O1).
//!
//! Apart from the catalogue of contacts: nothing that an account gives opens the staff area, and no staff
//! permission is held on an account as a contact. Invariant: a key never changes, because tables hold it.

use crate::permission::{Group, Permission, Permissions};
use serde::{Deserialize, Serialize};

/// What a staff permission is about; the headings of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaffGroup {
    /// Customers and their data.
    Customers,
    /// Services, domains and what customers request.
    Services,
    /// Invoices and payments.
    Billing,
    /// Tickets.
    Tickets,
    /// The portal itself.
    Portal,
}

impl StaffGroup {
    /// All groups in the order of the form.
    pub const ALL: [Self; 5] = [Self::Customers, Self::Services, Self::Billing, Self::Tickets, Self::Portal];

    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Customers => "Customers",
            Self::Services => "Services and domains",
            Self::Billing => "Invoices and payments",
            Self::Tickets => "Tickets",
            Self::Portal => "Portal",
        }
    }

    /// The permissions it holds, in catalogue order.
    pub fn permissions(self) -> impl Iterator<Item = StaffPermission> {
        StaffPermission::ALL.iter().copied().filter(move |permission| permission.group() == self)
    }
}

macro_rules! catalogue {
    ($($name:ident $key:literal $group:ident $title:literal $sentence:literal;)*) => {
        /// One thing that staff may be allowed to do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum StaffPermission { $(#[doc = $sentence] $name,)* }

        impl StaffPermission {
            /// The whole catalogue in the order of the form.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The name it has in tables and forms; never changes.
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }

            /// What it is about.
            pub fn group(self) -> StaffGroup {
                match self { $(Self::$name => StaffGroup::$group,)* }
            }

            /// The label of its box.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }

            /// One plain sentence that says what it opens.
            pub fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence,)* }
            }
        }
    };
}

catalogue! {
    ViewCustomers "customers.view" Customers "View customers" "Find customers and see their profile, contacts, services, domains and activity.";
    EditCustomers "customers.edit" Customers "Edit customers" "Change profiles, contacts, permissions and invitations on a customer's behalf.";
    CreateCustomers "customers.create" Customers "Create customers" "Add customers and invite their owners.";
    CloseCustomers "customers.close" Customers "Close customers" "Close and reopen accounts.";
    ReplaceOwners "customers.replace_owner" Customers "Replace owners" "Hand an account to another of its contacts when the owner is gone, after a waiting time.";
    MergeCustomers "customers.merge" Customers "Merge customers" "Merge two accounts of one customer into one.";
    ExportCustomers "customers.export" Customers "Export customers" "Download everything that is kept about a customer.";
    EraseCustomers "customers.erase" Customers "Erase customers" "Erase closed customers for good.";
    ViewEmails "emails.view" Customers "View e-mails" "Read the e-mails that were sent to customers.";
    ViewAsCustomer "customers.view_as" Customers "View as customer" "See the portal as a customer does, with their consent.";
    BreakGlass "customers.break_glass" Customers "Break glass" "See the portal as a customer without their consent; the owner is told at once.";
    ImportCustomers "customers.import" Customers "Import" "Bring customers, contacts, services and domains over from files.";
    EditServices "services.edit" Services "Edit services" "Create, change, suspend and end services and domains.";
    AnswerRequests "requests.answer" Services "Answer requests" "Approve or refuse what customers request.";
    EditProducts "products.edit" Services "Edit products" "Change the product catalogue and its prices.";
    ViewInvoices "invoices.view" Billing "View invoices" "See every customer's invoices, payments and what they owe.";
    ManageInvoices "invoices.manage" Billing "Manage invoices" "Draft, issue and credit invoices, and record payments.";
    AnswerTickets "tickets.answer" Tickets "Answer tickets" "See and answer tickets, write notes, and decide about mail that is held.";
    EditSettings "settings.edit" Portal "Edit settings" "Change the company's name and look, and how the portal behaves.";
    ManageStaff "staff.manage" Portal "Manage staff" "Add staff and decide what they may do.";
    ViewAudit "audit.view" Portal "View staff activity" "See what staff did, everywhere.";
}

impl StaffPermission {
    /// The permission with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|permission| permission.key() == key)
    }

    /// What a refusal says to who lacks it, as the end of a sentence.
    pub fn needed(self) -> String {
        format!("it needs the staff permission “{}”", self.title())
    }

    const fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// A set of staff permissions. In tables and on the wire it is the keys in catalogue order, joined by commas.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct StaffPermissions(u32);

impl StaffPermissions {
    /// No permission at all.
    pub const NONE: Self = Self(0);

    /// Everything in the catalogue.
    pub fn all() -> Self {
        StaffPermission::ALL.iter().copied().collect()
    }

    /// Is this one in the set?
    pub fn has(self, permission: StaffPermission) -> bool {
        self.0 & permission.bit() != 0
    }

    /// What is in this set and not in the other.
    pub fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The permissions of the set in catalogue order.
    pub fn iter(self) -> impl Iterator<Item = StaffPermission> {
        StaffPermission::ALL.iter().copied().filter(move |permission| self.has(*permission))
    }

    /// Reads the comma-separated keys of a table; keys that no longer exist are left out.
    pub fn from_keys(keys: &str) -> Self {
        keys.split(',').filter_map(StaffPermission::from_key).collect()
    }

    /// The comma-separated keys for a table.
    pub fn keys(self) -> String {
        self.iter().map(StaffPermission::key).collect::<Vec<_>>().join(",")
    }

    /// The role that is exactly this set, or `Custom`.
    pub fn role(self) -> StaffRole {
        StaffRole::NAMED
            .into_iter()
            .find(|role| role.permissions() == Some(self))
            .unwrap_or(StaffRole::Custom)
    }

    /// What staff with this set hold on every account: what they may see of it, and everything but what is a
    /// customer's own (control panels, payments) for who may edit customers.
    pub fn on_accounts(self) -> Permissions {
        use Permission::{ManagePaymentMethods, PayInvoices, PlaceOrders, UseServicePanel};
        if !self.has(StaffPermission::ViewCustomers) {
            return Permissions::NONE;
        }
        let own = [UseServicePanel, PayInvoices, ManagePaymentMethods, PlaceOrders].into_iter().collect();
        let mut held = Permissions::all().minus(own);
        held.set(Permission::ViewEmails, self.has(StaffPermission::ViewEmails));
        held.set(Permission::ViewInvoices, self.has(StaffPermission::ViewInvoices));
        for permission in Group::Support.permissions().iter() {
            held.set(permission, self.has(StaffPermission::AnswerTickets));
        }
        held
    }
}

impl FromIterator<StaffPermission> for StaffPermissions {
    fn from_iter<I: IntoIterator<Item = StaffPermission>>(iter: I) -> Self {
        Self(iter.into_iter().fold(0, |bits, permission| bits | permission.bit()))
    }
}

impl From<String> for StaffPermissions {
    fn from(keys: String) -> Self {
        Self::from_keys(&keys)
    }
}

impl From<StaffPermissions> for String {
    fn from(set: StaffPermissions) -> Self {
        set.keys()
    }
}

/// A named set of staff permissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaffRole {
    /// Everything.
    Administrator,
    /// Customers, their services and prices; nothing of the portal itself.
    Billing,
    /// Looks at customers and answers what they ask for.
    Support,
    /// Any other set.
    Custom,
}

impl StaffRole {
    /// Those that have a fixed meaning.
    pub const NAMED: [Self; 3] = [Self::Administrator, Self::Billing, Self::Support];

    /// The name in forms and on the command line.
    pub fn key(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Billing => "billing",
            Self::Support => "support",
            Self::Custom => "custom",
        }
    }

    /// The role with this name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::NAMED.into_iter().chain([Self::Custom]).find(|role| role.key() == key)
    }

    /// The label.
    pub fn title(self) -> &'static str {
        match self {
            Self::Administrator => "Administrator",
            Self::Billing => "Billing",
            Self::Support => "Support",
            Self::Custom => "Custom",
        }
    }

    /// One sentence under the label.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Administrator => "Everything, also settings and staff.",
            Self::Billing => "Customers, their services, invoices and products. No settings, no staff.",
            Self::Support => {
                "Looks at customers, views the portal as they do, and answers tickets and requests."
            }
            Self::Custom => "The boxes below, as you set them.",
        }
    }

    /// What it gives; `None` for `Custom`.
    pub fn permissions(self) -> Option<StaffPermissions> {
        use StaffPermission::{
            AnswerRequests, AnswerTickets, CloseCustomers, CreateCustomers, EditCustomers, EditProducts,
            EditServices, ManageInvoices, ViewAsCustomer, ViewCustomers, ViewEmails, ViewInvoices,
        };
        match self {
            Self::Administrator => Some(StaffPermissions::all()),
            Self::Billing => Some(
                [
                    ViewCustomers, EditCustomers, CreateCustomers, CloseCustomers, ViewEmails, EditServices,
                    AnswerRequests, EditProducts, ViewInvoices, ManageInvoices,
                ]
                .into_iter()
                .collect(),
            ),
            Self::Support => Some(
                [ViewCustomers, ViewEmails, ViewAsCustomer, AnswerRequests, AnswerTickets, ViewInvoices]
                    .into_iter()
                    .collect(),
            ),
            Self::Custom => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_survives_the_table() {
        for role in StaffRole::NAMED {
            let set = role.permissions().unwrap();
            assert_eq!(StaffPermissions::from_keys(&set.keys()), set);
            assert_eq!(set.role(), role);
        }
        assert_eq!(
            StaffPermissions::from_keys("customers.view,no.such"),
            [StaffPermission::ViewCustomers].into_iter().collect()
        );
    }

    #[test]
    fn staff_hold_nothing_that_is_a_customers_own() {
        let held = StaffPermissions::all().on_accounts();
        assert!(held.has(Permission::ManageContacts) && held.has(Permission::ViewEmails));
        assert!(!held.has(Permission::UseServicePanel) && !held.has(Permission::PayInvoices));
        assert_eq!(StaffPermissions::NONE.on_accounts(), Permissions::NONE);
        let support = StaffPermissions::from_keys("customers.view").on_accounts();
        assert!(!support.has(Permission::ViewEmails));
    }
}
