//! What one contact holds, and what an editor can give.
//!
//! Permissions on services and domains are given for all of them, also future ones, or one by one (R2):
//! [`Grant`] has both. How a form changes it is in [`super::grant_form`], how it is said in [`super::words`].

use super::words;
use super::words::{AbilityText, Summary};
use crate::permission::{Group, Permission, Permissions, Preset};
use crate::types::{AssetId, RoleId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Everything one contact holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// On the account, and on every service and domain, also future ones.
    pub everywhere: Permissions,
    /// On single services and domains, beyond that.
    pub each: BTreeMap<AssetId, Permissions>,
}

impl Grant {
    /// A grant without single assets.
    pub fn everywhere(permissions: Permissions) -> Self {
        Self { everywhere: permissions, each: BTreeMap::new() }
    }

    /// A grant from ticked boxes.
    pub fn ticked(everywhere: Permissions, each: impl IntoIterator<Item = (AssetId, Permissions)>) -> Self {
        Self { everywhere, each: each.into_iter().collect() }.tidy()
    }

    /// What is held on an asset, whichever way it was given.
    pub fn on(&self, asset: &AssetId) -> Permissions {
        self.everywhere.of_assets().and(self.each.get(asset).copied().unwrap_or_default())
    }

    /// Is a permission held, on all or on one?
    pub fn has(&self, permission: Permission, asset: Option<&AssetId>) -> bool {
        asset.map_or(self.everywhere, |asset| self.on(asset)).has(permission)
    }

    /// Is nothing held at all?
    pub fn is_empty(&self) -> bool {
        self.everywhere.is_empty() && self.each.is_empty()
    }

    /// Forgets what stands there twice, and things with nothing on them.
    pub(super) fn tidy(mut self) -> Self {
        let everywhere = self.everywhere;
        self.each.values_mut().for_each(|set| *set = set.minus(everywhere));
        self.each.retain(|_, set| !set.is_empty());
        self
    }

    /// The preset that is exactly this, or `Custom` (R3).
    pub fn preset(&self) -> Preset {
        if self.each.is_empty() { self.everywhere.preset() } else { Preset::Custom }
    }

    /// What of it somebody with `held` may look at: both hold it (R7).
    pub fn shared_with(&self, held: &Self) -> Self {
        let assets: BTreeSet<&AssetId> = self.each.keys().chain(held.each.keys()).collect();
        let each =
            assets.into_iter().map(|asset| (asset.clone(), self.on(asset).within(held.on(asset)))).collect();
        Self { everywhere: self.everywhere.within(held.everywhere), each }.tidy()
    }

    /// Is there anything in it that `held` does not cover?
    pub fn exceeds(&self, held: &Self) -> bool {
        !self.everywhere.minus(held.everywhere).is_empty()
            || self.each.iter().any(|(asset, set)| !set.minus(held.on(asset)).is_empty())
    }

    /// The same with one permission more, and the one that it needs.
    pub fn with(&self, permission: Permission, asset: Option<&AssetId>) -> Self {
        let more: Permissions = std::iter::once(permission).chain(permission.needs()).collect();
        let mut after = self.clone();
        match asset {
            None => after.everywhere = after.everywhere.and(more),
            Some(asset) => {
                let set = after.each.entry(asset.clone()).or_default();
                *set = set.and(more);
            }
        }
        after.tidy()
    }

    /// How much is held on single assets, for a phrase.
    pub fn summary(&self) -> Summary {
        let mut sets = self.each.values();
        let first = sets.next().copied();
        Summary { count: self.each.len(), same: first.filter(|first| sets.all(|set| set == first)) }
    }

    /// What somebody with it can do, see [`super::words::able_to`].
    pub fn able_to(&self, name: impl Fn(&AssetId) -> Option<String>) -> AbilityText {
        let new = |asset: &AssetId| self.on(asset).opening().minus(self.everywhere.opening());
        super::words::able_to(
            self.everywhere.opening(),
            &self.each.keys().map(|asset| (asset.clone(), new(asset))).collect(),
            name,
        )
    }

    /// The areas of the portal it opens nothing in, as the end of a sentence: "services, domains or tickets".
    pub fn closed_areas(&self) -> String {
        let mut seen = self.everywhere;
        self.each.values().flat_map(|set| set.iter()).for_each(|permission| seen.set(permission, true));
        seen.closed_areas()
    }
}

/// A service or a domain as the permissions section lists it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asset {
    /// Its id.
    pub id: AssetId,
    /// What it is called.
    pub name: String,
    /// A second line, or empty.
    pub detail: String,
    /// What the editor holds on it beyond what they hold everywhere.
    pub also: Permissions,
}

/// What a person has asked for and not got yet (R6).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenAsk {
    /// Key of the permission.
    pub permission: String,
    /// The service or domain; nothing for all of them, or for the account.
    pub asset: Option<AssetId>,
    /// "Cancel on Online shop", "View invoices".
    pub label: String,
    /// When they asked last.
    pub at: Timestamp,
    /// Whoever looks can give it.
    pub may_give: bool,
}

/// What an editor can give: what they hold, and the assets they may see.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Givable {
    /// Held on the account, and on every service and domain.
    pub everywhere: Permissions,
    /// The services they may see, by name.
    pub services: Vec<Asset>,
    /// The domains they may see, by name.
    pub domains: Vec<Asset>,
    /// The account's own roles, by name.
    pub roles: Vec<Role>,
}

/// A custom role (R11): what an account has saved under a name, to be given like a preset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Role {
    /// Its id, which is its value in forms and URLs.
    pub id: RoleId,
    /// Its name.
    pub name: String,
    /// What it gives, as far as the viewer sees the assets.
    pub grant: Grant,
    /// The viewer holds all of it (R5).
    pub may_give: bool,
}

impl Role {
    /// A role as somebody sees it who can give `givable`.
    pub fn seen_by(givable: &Givable, id: RoleId, name: String, mut grant: Grant) -> Self {
        let may_give = !grant.exceeds(&givable.held());
        grant.each.retain(|asset, _| givable.name(asset).is_some());
        Self { id, name, grant, may_give }
    }

    /// What it opens, in one sentence.
    pub fn opens(&self, givable: &Givable) -> String {
        super::words::opens(&self.grant.able_to(|id| givable.name(id)))
    }
}

/// What can be chosen at the top of the permissions section.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PresetChoice {
    /// Its value in forms: the key of a preset, or the id of a role.
    pub key: String,
    /// Its label.
    pub title: String,
    /// What it opens.
    pub sentence: String,
    /// The viewer holds all of it.
    pub may_give: bool,
}

impl Givable {
    /// The presets and the account's own roles; with `custom`, that for any other set at the end.
    pub fn choices(&self, custom: bool) -> Vec<PresetChoice> {
        let preset = |preset: Preset| PresetChoice {
            key: preset.key().into(),
            title: preset.title().into(),
            sentence: preset.sentence().into(),
            may_give: preset.permissions().is_none_or(|meant| meant.minus(self.everywhere).is_empty()),
        };
        let role = |role: &Role| PresetChoice {
            key: role.id.to_string(),
            title: role.name.clone(),
            sentence: role.opens(self),
            may_give: role.may_give,
        };
        let custom = custom.then(|| preset(Preset::Custom));
        let presets = Preset::NAMED.into_iter().map(preset);
        presets.chain(self.roles.iter().map(role)).chain(custom).collect()
    }

    /// What a preset or a role is called and gives; nothing for "Custom" and for what does not exist.
    pub fn meant(&self, key: &str) -> Option<(&str, Grant)> {
        if let Some(preset) = Preset::from_key(key) {
            return preset.permissions().map(|meant| (preset.title(), Grant::everywhere(meant)));
        }
        self.role(key).map(|role| (role.name.as_str(), role.grant.clone()))
    }

    /// The role with this id.
    pub fn role(&self, key: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.id.as_str() == key)
    }

    /// The preset or role that is exactly this, by its value in forms; "custom" for any other set.
    pub fn choice_of(&self, grant: &Grant) -> String {
        match grant.preset() {
            Preset::Custom => {
                let role = self.roles.iter().find(|role| role.grant == *grant);
                role.map_or_else(|| Preset::Custom.key().to_owned(), |role| role.id.to_string())
            }
            preset => preset.key().to_owned(),
        }
    }

    /// A grant in a phrase: the name of the role or preset that it is, a preset on so many services, or
    /// "Custom".
    pub fn phrase(&self, grant: &Grant) -> String {
        match self.role(&self.choice_of(grant)) {
            Some(role) => role.name.clone(),
            None => super::words::phrase(grant.everywhere, grant.summary()),
        }
    }

    /// The things of a group.
    pub fn of(&self, group: Group) -> &[Asset] {
        match group {
            Group::Service => &self.services,
            Group::Domain => &self.domains,
            _ => &[],
        }
    }

    /// Every thing with its group.
    pub fn assets(&self) -> impl Iterator<Item = (&Asset, Group)> {
        self.services
            .iter()
            .map(|asset| (asset, Group::Service))
            .chain(self.domains.iter().map(|asset| (asset, Group::Domain)))
    }

    /// What the editor holds on an asset.
    pub fn on(&self, asset: &Asset, group: Group) -> Permissions {
        self.everywhere.and(asset.also).within(group.permissions())
    }

    /// The same as a grant.
    pub fn held(&self) -> Grant {
        Grant {
            everywhere: self.everywhere,
            each: self.assets().map(|(asset, _)| (asset.id.clone(), asset.also)).collect(),
        }
        .tidy()
    }

    /// What an asset is called.
    pub fn name(&self, id: &AssetId) -> Option<String> {
        self.assets().find(|(asset, _)| asset.id == *id).map(|(asset, _)| asset.name.clone())
    }

    /// Can the editor give this, and what it needs?
    pub fn may_give(&self, permission: Permission, asset: Option<&AssetId>) -> bool {
        let held = match asset {
            None => self.everywhere,
            Some(id) => match self.assets().find(|(asset, _)| asset.id == *id) {
                Some((asset, group)) => self.on(asset, group),
                None => return false,
            },
        };
        held.has(permission) && permission.needs().is_none_or(|needed| held.has(needed))
    }

    /// What a permission is called, on all or on one; nothing for an asset that the editor does not see.
    pub fn label(&self, permission: Permission, asset: Option<&AssetId>) -> Option<String> {
        match asset {
            None => Some(permission.name()),
            Some(asset) => self.name(asset).map(|name| words::on_2(&permission.title(), &name)),
        }
    }

    /// Can this box of this thing be changed, on a contact that holds `before`? A box that is ticked because
    /// the contact holds the permission everywhere can be changed only by who could take it away everywhere.
    pub fn editable(&self, asset: &Asset, group: Group, permission: Permission, before: Permissions) -> bool {
        self.on(asset, group).has(permission) && (!before.has(permission) || self.everywhere.has(permission))
    }
}
