//! Who holds what on one service or domain. Pure: no I/O.

use super::words;
use crate::permission::{Group, Permission, Permissions, join_and};
use crate::types::ContactId;
use serde::{Deserialize, Serialize};

/// People that a page names at most.
pub const NAMED: usize = 100;

/// Somebody who holds something on a service or domain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Holder {
    /// Their contact.
    pub contact: ContactId,
    /// Their name, else their company, else their address.
    pub name: String,
    /// Their address.
    pub email: String,
    /// They own the account.
    pub is_owner: bool,
    /// It is the contact of whoever looks.
    pub is_own: bool,
    /// They can use it; otherwise only after they have accepted their invitation.
    pub accepted: bool,
    /// What they hold for all services and domains.
    pub everywhere: Permissions,
    /// What opens on this one, whichever way it was given.
    pub opens: Permissions,
}

/// By which way somebody holds a permission on a service or domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The owner holds everything.
    Owner,
    /// It was given for all of them, including future ones.
    All,
    /// It was given for this one.
    This,
}

impl Holder {
    /// By which way they hold a permission; nothing when they do not.
    pub fn way(&self, permission: Permission) -> Option<Way> {
        Way::of(self.is_owner, self.everywhere, self.opens, permission)
    }

    /// Can whoever looks change what they hold? Nobody changes the owner's permissions or their own (R5).
    pub fn changeable(&self) -> bool {
        !self.is_owner && !self.is_own
    }
}

impl Way {
    /// By which way somebody who holds `everywhere` has a permission that is among what `opens`.
    pub fn of(
        is_owner: bool,
        everywhere: Permissions,
        opens: Permissions,
        permission: Permission,
    ) -> Option<Self> {
        let way = match (is_owner, everywhere.has(permission)) {
            (true, _) => Self::Owner,
            (_, true) => Self::All,
            _ => Self::This,
        };
        opens.has(permission).then_some(way)
    }

    /// What the table says.
    pub fn title(self, group: Group) -> &'static str {
        match (self, group) {
            (Self::Owner, _) => words::OWNER,
            (Self::All, Group::Service) => words::ALL_SERVICES,
            (Self::All, _) => words::ALL_DOMAINS,
            (Self::This, Group::Service) => words::THIS_SERVICE,
            (Self::This, _) => words::THIS_DOMAIN,
        }
    }
}

/// Everybody who holds something on a service or domain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Holders {
    /// The owner first, then by name; at most [`NAMED`] of them.
    pub people: Vec<Holder>,
    /// There are more than are named.
    pub more: bool,
}

impl Holders {
    /// Who can do this now, as a sentence without its end: "Olivia Hart and Wes Diaz". Nothing when there are
    /// too many to say it of everybody.
    pub fn who(&self, permission: Permission) -> Option<String> {
        let names: Vec<&str> = self
            .people
            .iter()
            .filter(|holder| holder.accepted && holder.opens.has(permission))
            .map(|holder| holder.name.as_str())
            .collect();
        match names.as_slice() {
            _ if self.more => None,
            [] => Some(words::NOBODY.into()),
            few if few.len() <= 5 => Some(join_and(few)),
            [first, second, rest @ ..] => Some(words::and_others(&first, &second, &rest.len())),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::permissions::model::Grant;
    use crate::types::AssetId;
    use proptest::prelude::*;

    fn holder(everywhere: Permissions, here: Permissions, group: Group) -> Holder {
        Holder {
            contact: "01k9zv5s8t3w2x1y0abcdefghj".to_owned().into(),
            name: "Ben Carter".into(),
            email: "ben@example.com".into(),
            is_owner: false,
            is_own: false,
            accepted: true,
            everywhere,
            opens: Permissions::on_asset(everywhere, here, group),
        }
    }

    proptest! {
        /// Every way that the page names is one by which the permission was given, and everything that opens
        /// has a way; the grant that the form shows says the same.
        #[test]
        fn what_opens_has_a_way_and_nothing_else_has(
            everywhere in proptest::sample::subsequence(Permission::ALL.to_vec(), 0..=18),
            here in proptest::sample::subsequence(Permission::ALL.to_vec(), 0..=18),
            service in any::<bool>(),
        ) {
            let group = if service { Group::Service } else { Group::Domain };
            let (everywhere, here): (Permissions, Permissions) = (everywhere.into_iter().collect(), here.into_iter().collect());
            let here = here.within(group.permissions());
            let asset = AssetId::parse("01k9zv5s8t3w2x1y0abcdefgh1").unwrap();
            let grant = Grant { everywhere, each: [(asset.clone(), here)].into() };
            let opening = grant.on(&asset).within(group.permissions()).opening();
            let holder = holder(everywhere, here, group);
            for permission in group.permissions().iter() {
                let given = match holder.way(permission) {
                    None => false,
                    Some(Way::All) => everywhere.has(permission),
                    Some(Way::This) => here.has(permission),
                    Some(Way::Owner) => false,
                };
                prop_assert_eq!(given, opening.has(permission), "{:?}", permission);
            }
        }
    }

    #[test]
    fn a_sentence_names_who_can_now() {
        let can: Permissions = [Permission::ViewService, Permission::CancelService].into_iter().collect();
        let named =
            |name: &str| Holder { name: name.into(), ..holder(can, Permissions::NONE, Group::Service) };
        let mut all = Holders { people: vec![named("Ann"), named("Ben")], more: false };
        assert_eq!(all.who(Permission::CancelService).unwrap(), "Ann and Ben");
        all.people[1].accepted = false;
        assert_eq!(all.who(Permission::CancelService).unwrap(), "Ann");
        assert_eq!(all.who(Permission::UpgradeService).unwrap(), "Nobody");
        all.people = ["A", "B", "C", "D", "E", "F"].map(named).into();
        assert_eq!(all.who(Permission::CancelService).unwrap(), "A, B and 4 others");
        all.more = true;
        assert_eq!(all.who(Permission::CancelService), None);
    }
}
