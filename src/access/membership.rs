//! The signed-in user, and their membership: the same person as a contact of one account, with what they may
//! do there.

use crate::permission::{Group, Permission, Permissions, StaffPermissions};
use crate::types::{AccountId, AssetId, ContactId, Timestamp, UserId};

/// Account and contact of [`Membership::sample`].
const SAMPLE_ID: &str = "01k9zv5s8t3w2x1y0abcdefghj";

/// The signed-in user as a contact of one account, or as the person whose view of it they look at (R7).
#[derive(Clone, Debug)]
pub struct Membership {
    /// Who they are; in a preview, still the person who looks.
    pub user: SessionUser,
    /// The contact that is acted for: their own, or the one that the preview shows.
    pub contact: ContactId,
    /// Whose permissions on single assets count: the contact's id, or the preview's.
    pub holder: String,
    /// Are they the owner?
    pub is_owner: bool,
    /// What they may do on the account and on every service and domain; everything for the owner.
    pub permissions: Permissions,
    /// May they see single services?
    pub some_services: bool,
    /// May they see single domains?
    pub some_domains: bool,
    /// Were they added to a ticket?
    pub some_tickets: bool,
    /// Counts the changes of what the contact opens.
    pub key_version: i64,
    /// The account.
    pub account: AccountId,
    /// What stands for the account in URLs: its id, or the preview's.
    pub in_url: AccountId,
    /// Everybody on it needs a second factor, and this person has none (X4).
    pub lacks_factor: bool,
    /// Its name.
    pub account_name: String,
    /// Its number, as people quote it.
    pub account_number: i64,
    /// Set for staff, who act on the account without being a contact of it: what they may do in the staff
    /// area.
    pub staff: Option<StaffPermissions>,
    /// The program itself acts on the account, at night.
    pub program: bool,
    /// Set in a preview: whom it shows, and what its banner says.
    pub preview: Option<Preview>,
    /// The service or domain that the request is about, if it is of this account, with what is held on it.
    pub(super) asset: Option<(AssetId, Group, Permissions)>,
}

/// A look at the portal as somebody else sees it (R7).
#[derive(Clone, Debug)]
pub struct Preview {
    /// Name of the person it shows.
    pub name: String,
    /// What its banner says, as JSON of the feature `previews`.
    pub says: String,
}

impl Membership {
    /// Olivia Hart of Hart Bakery, for mails that are shown and not sent. No proof of access comes of it.
    pub fn sample() -> Self {
        let (account, contact) =
            (AccountId::from(SAMPLE_ID.to_owned()), ContactId::from(SAMPLE_ID.to_owned()));
        let user = SessionUser {
            id: contact.as_str().to_owned().into(),
            email: "olivia@bakery.example".into(),
            name: "Olivia Hart".into(),
            last_account: None,
            has_factor: false,
            session: String::new(),
            confirmed: Timestamp(0),
        };
        Self {
            user,
            holder: contact.to_string(),
            contact,
            is_owner: true,
            permissions: Permissions::all(),
            some_services: false,
            some_domains: false,
            some_tickets: false,
            key_version: 0,
            in_url: account.clone(),
            account,
            lacks_factor: false,
            account_name: "Hart Bakery".into(),
            account_number: 10_001,
            staff: None,
            program: false,
            preview: None,
            asset: None,
        }
    }

    /// The program itself, on no account yet.
    pub(super) fn of_program() -> Self {
        let sample = Self::sample();
        let user = SessionUser {
            id: String::new().into(),
            email: String::new(),
            name: String::new(),
            ..sample.user.clone()
        };
        Self {
            user,
            contact: String::new().into(),
            holder: String::new(),
            is_owner: false,
            permissions: Permissions::NONE,
            program: true,
            ..sample
        }
    }

    /// May they see any service, or any domain?
    pub fn sees(&self, group: Group) -> bool {
        let some = if group == Group::Service { self.some_services } else { self.some_domains };
        some || group.view().is_some_and(|view| self.permissions.has(view))
    }

    /// May they see any ticket?
    pub fn sees_tickets(&self) -> bool {
        let of_account = [Permission::ViewTickets, Permission::OpenTickets];
        self.some_tickets || of_account.into_iter().any(|permission| self.permissions.has(permission))
    }

    /// May they know what the asset is called that the request is about?
    pub fn may_name(&self, asset: &AssetId) -> bool {
        self.group_of(asset).is_some()
    }

    /// Whether the asset that the request is about is a service or a domain; nothing when they hold nothing on
    /// it.
    pub fn group_of(&self, asset: &AssetId) -> Option<Group> {
        [Group::Service, Group::Domain].into_iter().find(|group| !self.on(asset, *group).is_empty())
    }

    /// What they may do with the asset that the request is about; nothing when it is another one, or none of
    /// this account.
    pub(crate) fn on(&self, asset: &AssetId, group: Group) -> Permissions {
        match &self.asset {
            Some((known, of, held)) if known == asset && *of == group => {
                Permissions::on_asset(self.permissions, *held, group)
            }
            _ => Permissions::NONE,
        }
    }
}

/// The signed-in user of a request.
#[derive(Clone, Debug)]
pub struct SessionUser {
    /// Their id.
    pub id: UserId,
    /// Their e-mail address; verified, or there would be no session.
    pub email: String,
    /// Their name.
    pub name: String,
    /// The account they were in last.
    pub last_account: Option<AccountId>,
    /// Do they have a second factor?
    pub has_factor: bool,
    /// What names this session on their page.
    pub session: String,
    /// When they last proved to be there, with everything they have to prove it with.
    pub confirmed: Timestamp,
}

/// Staff who are signed in.
#[derive(Clone, Debug)]
pub struct StaffMember {
    /// Who they are.
    pub user: SessionUser,
    /// What they may do.
    pub permissions: StaffPermissions,
    /// Names of the columns that they chose for the list of customers, between commas; empty for the usual ones.
    pub columns: String,
    pub(super) version: i64,
}
