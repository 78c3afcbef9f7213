//! The catalogue: everything a contact may be allowed to do on an account, and the presets (R1, R3).
//!
//! Used by the server to decide and by the browser to show the boxes. Invariants: a permission's key never
//! changes, because tables hold it; the owner holds every permission without any being stored.

use serde::{Deserialize, Serialize};

/// What a permission is about; the headings of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// The account itself and its people.
    Account,
    /// Invoices, payments and orders.
    Billing,
    /// Tickets.
    Support,
    /// Each service; given for all of them, also future ones, or one by one (R2).
    Service,
    /// Each domain; given for all of them, also future ones, or one by one (R2).
    Domain,
}

impl Group {
    /// All groups in the order of the form.
    pub const ALL: [Self; 5] = [Self::Account, Self::Billing, Self::Support, Self::Service, Self::Domain];

    /// Heading and the sentence under it.
    pub fn title(self) -> (&'static str, &'static str) {
        match self {
            Self::Account => ("Account", "The account's details, its people and its history."),
            Self::Billing => ("Billing", "Invoices, payments and orders."),
            Self::Support => ("Support", "Tickets with the support team."),
            Self::Service => (
                "Services",
                "For all of them, or one by one. A service that somebody cannot view is hidden from them.",
            ),
            Self::Domain => ("Domains", "For all of them, or one by one."),
        }
    }

    /// The permissions it holds, in catalogue order.
    pub fn permissions(self) -> Permissions {
        Permission::ALL.iter().copied().filter(|permission| permission.group() == self).collect()
    }

    /// The permission that makes its services or domains visible; `None` for the other groups.
    pub fn view(self) -> Option<Permission> {
        match self {
            Self::Service => Some(Permission::ViewService),
            Self::Domain => Some(Permission::ViewDomain),
            _ => None,
        }
    }

    /// Are its permissions given for single assets too (R2)?
    pub fn is_of_assets(self) -> bool {
        matches!(self, Self::Service | Self::Domain)
    }
}

macro_rules! catalogue {
    ($($name:ident $key:literal $group:ident $title:literal $sentence:literal $able:literal $on_one:literal;)*) => {
        /// One thing a contact may do on an account (R1).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Permission { $(#[doc = $sentence] $name,)* }

        impl Permission {
            /// The whole catalogue in the order of the form.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The name it has in tables, forms and the API; never changes.
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }

            /// What it is about.
            pub fn group(self) -> Group {
                match self { $(Self::$name => Group::$group,)* }
            }

            /// The label of its box.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }

            /// One plain sentence that says what it opens.
            pub fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence,)* }
            }

            /// How it continues "You will be able to …", in mails and on the invitation page (I1).
            pub fn able_to(self) -> &'static str {
                match self { $(Self::$name => $able,)* }
            }

            /// How it continues "You will be able to …" before "on NAME", for a single service or domain;
            /// empty for the others.
            pub fn on_one(self) -> &'static str {
                match self { $(Self::$name => $on_one,)* }
            }
        }
    };
}

catalogue! {
    EditProfile "profile.edit" Account "Edit profile" "Change the account's name, address and main e-mail address." "edit the account's profile" "";
    ManageContacts "contacts.manage" Account "Manage contacts" "Add, edit, invite and delete contacts." "manage contacts" "";
    ViewActivity "activity.view" Account "View activity" "See who changed what on the account." "see the activity" "";
    ViewEmails "emails.view" Account "View e-mail history" "Read the e-mails sent to the account." "read the e-mail history" "";
    ViewInvoices "invoices.view" Billing "View invoices" "See, print and download invoices." "view invoices" "";
    PayInvoices "invoices.pay" Billing "Pay invoices" "Pay open invoices." "pay invoices" "";
    ManagePaymentMethods "payment_methods.manage" Billing "Manage payment methods" "Add, change and remove cards and bank details." "manage payment methods" "";
    PlaceOrders "orders.place" Billing "Place orders" "Order new services and domains, which creates invoices." "place orders" "";
    ViewTickets "tickets.view" Support "View all tickets" "Read every ticket on the account, including other people's." "read all tickets" "";
    OpenTickets "tickets.open" Support "Open tickets" "Open tickets, and see and answer their own." "open tickets" "";
    CloseTickets "tickets.close" Support "Close tickets" "Close and reopen tickets." "close tickets" "";
    ViewService "service.view" Service "View" "See the services and their details." "see all services" "view";
    UseServicePanel "service.panel" Service "Control panel" "Sign in to the control panels of the services." "use control panels" "use the control panel";
    ViewServiceBilling "service.billing" Service "Billing information" "See price, next due date and renewals." "see the billing information of all services" "see billing information";
    UpgradeService "service.upgrade" Service "Upgrade" "Request upgrades and downgrades, which can cost money." "request upgrades" "request upgrades";
    CancelService "service.cancel" Service "Cancel" "Request the cancellation of a service." "request cancellations" "request cancellation";
    ViewDomain "domain.view" Domain "View" "See the domains and their details." "see all domains" "view";
    ManageDomain "domain.manage" Domain "Manage" "Change nameservers, registrar lock and automatic renewal." "manage all domains" "manage";
}

impl Permission {
    /// The permission with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|permission| permission.key() == key)
    }

    /// Its label with the heading it stands under where the label alone would not do: "Services: View".
    pub fn name(self) -> String {
        if self.group().is_of_assets() {
            format!("{}: {}", self.group().title().0, self.title())
        } else {
            self.title().into()
        }
    }

    /// The permission without which this one opens nothing.
    pub fn needs(self) -> Option<Self> {
        match self {
            Self::UseServicePanel | Self::ViewServiceBilling | Self::UpgradeService | Self::CancelService => {
                Some(Self::ViewService)
            }
            Self::ManageDomain => Some(Self::ViewDomain),
            _ => None,
        }
    }

    /// The end of its key, after the dot.
    pub fn short(self) -> &'static str {
        self.key().split_once('.').map_or("", |(_, short)| short)
    }

    /// The permission that makes things of this one's group visible; `None` outside services and domains.
    pub fn view_of_group(self) -> Option<Self> {
        self.group().view()
    }

    /// Its place in the set's bits.
    const fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// A set of permissions. In tables and on the wire it is the keys in catalogue order, joined by commas.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Permissions(u32);

impl Permissions {
    /// No permission at all.
    pub const NONE: Self = Self(0);

    /// Everything in the catalogue.
    pub fn all() -> Self {
        Permission::ALL.iter().copied().collect()
    }

    /// Is this one in the set?
    pub fn has(self, permission: Permission) -> bool {
        self.0 & permission.bit() != 0
    }

    /// Is the set empty?
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What is in this set and not in the other.
    pub fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// What is in either set.
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both sets.
    pub fn within(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What of the set opens anything: without the permissions whose [`Permission::needs`] is missing.
    pub fn opening(self) -> Self {
        self.iter().filter(|permission| permission.needs().is_none_or(|needed| self.has(needed))).collect()
    }

    /// What opens on one service or domain for who holds `everywhere` on all and `here` on this one: the rule
    /// of every door (R2, R4).
    pub fn on_asset(everywhere: Self, here: Self, group: Group) -> Self {
        everywhere.and(here).within(group.permissions()).opening()
    }

    /// Those of services and domains.
    pub fn of_assets(self) -> Self {
        self.within(Group::Service.permissions().and(Group::Domain.permissions()))
    }

    /// Adds or removes one.
    pub fn set(&mut self, permission: Permission, on: bool) {
        if on { self.0 |= permission.bit() } else { self.0 &= !permission.bit() }
    }

    /// The permissions of the set in catalogue order.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.has(*permission))
    }

    /// What a contact holds on the account and on everything in it: the owner everything, whatever stands in
    /// their row (P7).
    pub fn of_contact(is_owner: bool, keys: &str) -> Self {
        if is_owner { Self::all() } else { Self::from_keys(keys) }
    }

    /// Reads the comma-separated keys of a table; keys that no longer exist are left out.
    pub fn from_keys(keys: &str) -> Self {
        keys.split(',').filter_map(Permission::from_key).collect()
    }

    /// The comma-separated keys for a table.
    pub fn keys(self) -> String {
        self.iter().map(Permission::key).collect::<Vec<_>>().join(",")
    }

    /// The preset that is exactly this set, or `Custom`.
    pub fn preset(self) -> Preset {
        Preset::NAMED.into_iter().find(|preset| preset.permissions() == Some(self)).unwrap_or(Preset::Custom)
    }

    /// What somebody with this set can do, as the end of a sentence: "view invoices and pay invoices".
    /// Empty for the empty set.
    pub fn able_to(self) -> String {
        if self == Self::all() {
            return "do everything on the account except transfer its ownership".into();
        }
        let parts: Vec<_> = self.iter().map(Permission::able_to).collect();
        join_and(&parts)
    }

    /// The areas of the portal this set opens nothing in, as the end of a sentence: "services, domains or
    /// tickets".
    pub fn closed_areas(self) -> String {
        let areas = [
            ("invoices", self.has(Permission::ViewInvoices)),
            ("services", self.has(Permission::ViewService)),
            ("domains", self.has(Permission::ViewDomain)),
            ("tickets", self.has(Permission::ViewTickets) || self.has(Permission::OpenTickets)),
            ("contacts", self.has(Permission::ManageContacts)),
        ];
        let closed: Vec<_> = areas.iter().filter(|(_, open)| !open).map(|(name, _)| *name).collect();
        join(&closed, "or")
    }
}

/// "a, b and c".
pub fn join_and(parts: &[&str]) -> String {
    join(parts, "and")
}

fn join(parts: &[&str], word: &str) -> String {
    match parts {
        [] => String::new(),
        [one] => (*one).into(),
        [most @ .., last] => format!("{} {word} {last}", most.join(", ")),
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(iter: I) -> Self {
        Self(iter.into_iter().fold(0, |bits, permission| bits | permission.bit()))
    }
}

impl From<String> for Permissions {
    fn from(keys: String) -> Self {
        Self::from_keys(&keys)
    }
}

impl From<Permissions> for String {
    fn from(set: Permissions) -> Self {
        set.keys()
    }
}

/// A named set of permissions at the top of the form (R3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// Neither billing nor anything technical.
    None,
    /// View and pay invoices, nothing technical.
    Accounting,
    /// Services and tickets on every service, no invoices.
    TechnicalStaff,
    /// Everything but ownership.
    FullPrivileges,
    /// Any other set.
    Custom,
}

impl Preset {
    /// The four that have a fixed meaning.
    pub const NAMED: [Self; 4] = [Self::None, Self::Accounting, Self::TechnicalStaff, Self::FullPrivileges];

    /// The name in forms.
    pub fn key(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Accounting => "accounting",
            Self::TechnicalStaff => "technical_staff",
            Self::FullPrivileges => "full_privileges",
            Self::Custom => "custom",
        }
    }

    /// The preset with this form name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::NAMED.into_iter().chain([Self::Custom]).find(|preset| preset.key() == key)
    }

    /// The label.
    pub fn title(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Accounting => "Accounting",
            Self::TechnicalStaff => "Technical Staff",
            Self::FullPrivileges => "Full Privileges",
            Self::Custom => "Custom",
        }
    }

    /// One sentence under the label.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::None => "Sees neither billing nor anything technical.",
            Self::Accounting => {
                "Views and pays invoices, and gets them by mail once invited. Nothing technical."
            }
            Self::TechnicalStaff => {
                "Tickets, and every service: control panel, prices and due dates, upgrade, cancel. Sees what services cost, but no invoices."
            }
            Self::FullPrivileges => "Everything except transferring ownership.",
            Self::Custom => "The boxes below, as you set them.",
        }
    }

    /// What it grants; `None` for `Custom`, which grants what the boxes say.
    pub fn permissions(self) -> Option<Permissions> {
        use Permission::{
            CancelService, CloseTickets, OpenTickets, PayInvoices, UpgradeService, UseServicePanel,
            ViewInvoices, ViewService, ViewServiceBilling, ViewTickets,
        };
        match self {
            Self::None => Some(Permissions::NONE),
            Self::Accounting => Some([ViewInvoices, PayInvoices].into_iter().collect()),
            Self::TechnicalStaff => Some(
                [
                    ViewTickets, OpenTickets, CloseTickets, ViewService, UseServicePanel, ViewServiceBilling,
                    UpgradeService, CancelService,
                ]
                .into_iter()
                .collect(),
            ),
            Self::FullPrivileges => Some(Permissions::all()),
            Self::Custom => None,
        }
    }

    /// What the form recommends to take away from "Technical Staff" on every service (R3): what costs money
    /// or ends a service.
    pub fn recommended_away() -> Permissions {
        [Permission::ViewServiceBilling, Permission::UpgradeService, Permission::CancelService]
            .into_iter()
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_is_the_agreed_one() {
        let keys: Vec<_> = Permission::ALL.iter().map(|p| p.key()).collect();
        assert_eq!(
            keys.join(" "),
            "profile.edit contacts.manage activity.view emails.view invoices.view invoices.pay payment_methods.manage orders.place \
             tickets.view tickets.open tickets.close service.view service.panel service.billing service.upgrade service.cancel \
             domain.view domain.manage"
        );
    }

    #[test]
    fn presets_open_what_they_say() {
        assert!(Preset::None.permissions().unwrap().is_empty());
        assert_eq!(Preset::Accounting.permissions().unwrap().keys(), "invoices.view,invoices.pay");
        let technical = Preset::TechnicalStaff.permissions().unwrap();
        assert!(technical.iter().all(|p| matches!(p.group(), Group::Support | Group::Service)));
        assert_eq!(technical.iter().filter(|p| p.group() == Group::Service).count(), 5);
        assert_eq!(Preset::FullPrivileges.permissions().unwrap(), Permissions::all());
        for preset in Preset::NAMED {
            assert_eq!(preset.permissions().unwrap().preset(), preset);
            assert_eq!(Preset::from_key(preset.key()), Some(preset));
        }
        let mut changed = technical;
        changed.set(Permission::CancelService, false);
        assert_eq!(changed.preset(), Preset::Custom);
    }

    #[test]
    fn sets_survive_the_table_and_forget_unknown_keys() {
        for permission in Permission::ALL {
            let set: Permissions = [*permission].into_iter().collect();
            assert_eq!(Permissions::from_keys(&set.keys()), set);
        }
        assert_eq!(Permissions::from_keys("gone.key,invoices.view").keys(), "invoices.view");
    }

    #[test]
    fn sentences_read_well() {
        assert_eq!(Preset::Accounting.permissions().unwrap().able_to(), "view invoices and pay invoices");
        assert_eq!(
            Preset::Accounting.permissions().unwrap().closed_areas(),
            "services, domains, tickets or contacts"
        );
        assert_eq!(Permissions::all().closed_areas(), "");
    }
}
