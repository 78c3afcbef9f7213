//! What a form asks to change of what a contact holds, and what comes of it.
//!
//! A form shows a box for every permission on every asset its editor may see; [`GrantForm`] is what it sends,
//! [`GrantForm::resolve`] what comes of it. Invariant: nobody ends with more than they had or the editor
//! holds (R5).

use super::model::{Asset, Givable, Grant, Role};
use super::words;
use crate::error::{AppError, FormErrors, Result};
use crate::permission::{Group, Permission, Permissions, Preset};
use crate::types::{AssetId, RoleId};
use std::collections::{BTreeMap, BTreeSet};

/// What the permissions section of a form sends.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GrantForm {
    /// The preset or role that is chosen: its key or id.
    chosen: String,
    /// The boxes that are ticked for the account and for all assets.
    everywhere: Permissions,
    /// The boxes that are ticked for single assets.
    each: BTreeMap<AssetId, Permissions>,
    /// The things that the form showed; what it did not show stays as it is.
    drawn: BTreeSet<AssetId>,
    /// Take away what the form recommends to take away.
    recommended: bool,
}

/// The name of a box of a single asset in a form: the asset's id, a dot, and the end of the permission's key.
pub fn box_name(asset: &AssetId, permission: Permission) -> String {
    format!("{asset}.{}", permission.short())
}

impl GrantForm {
    /// Reads the fields of a form; what is no permission or no id is left out.
    pub fn parse(
        preset: &str,
        permissions: &[String],
        on: &[String],
        drawn: &str,
        recommended: bool,
    ) -> Self {
        let mut each: BTreeMap<AssetId, Permissions> = BTreeMap::new();
        for name in on {
            let Some((id, short)) = name.split_once('.') else { continue };
            let permission = Permission::ALL
                .iter()
                .find(|permission| permission.group().is_of_assets() && permission.short() == short);
            if let (Some(id), Some(_)) = (AssetId::parse(id), permission) {
                // "view" is a permission of services and of domains; which one is meant, the asset decides.
                let meant: Permissions = Permission::ALL
                    .iter()
                    .copied()
                    .filter(|p| p.group().is_of_assets() && p.short() == short)
                    .collect();
                let set = each.entry(id).or_default();
                *set = set.and(meant);
            }
        }
        let drawn = drawn.split(',').filter_map(AssetId::parse).collect();
        Self {
            chosen: preset.to_owned(),
            everywhere: Permissions::from_keys(&permissions.join(",")),
            each,
            drawn,
            recommended,
        }
    }

    /// The boxes as a grant; `group` says what an asset is.
    pub fn as_ticked(&self, group: impl Fn(&AssetId) -> Group) -> Grant {
        Grant::ticked(
            self.everywhere,
            self.each.iter().map(|(id, set)| (id.clone(), set.within(group(id).permissions()))),
        )
    }

    /// Does it ask for more than a contact holds? `givable` knows what a role is.
    pub fn exceeds(&self, held: &Grant, givable: &Givable) -> bool {
        let same = |id: &AssetId, permission: Permission| {
            held.on(id).iter().any(|held| held.short() == permission.short())
        };
        givable.meant(&self.chosen).is_some_and(|(_, meant)| meant.exceeds(held))
            || !self.everywhere.minus(held.everywhere).is_empty()
            || self.each.iter().any(|(id, set)| set.iter().any(|permission| !same(id, permission)))
    }

    /// Does it give a contact that holds nothing nothing at all? Then nobody has to know what could be given.
    pub fn asks_for_nothing(&self) -> bool {
        let meant = Preset::from_key(&self.chosen).and_then(Preset::permissions).unwrap_or_default();
        let role = RoleId::parse(&self.chosen).is_some();
        !role && meant.is_empty() && self.everywhere.is_empty() && self.each.is_empty()
    }

    /// What the contact holds afterwards, when somebody who can give `givable` sends this about a contact
    /// that holds `before`.
    ///
    /// Boxes that cannot be edited are not sent and stay as they are. With WASM preset and boxes always
    /// agree. Without, a newly chosen preset counts when the boxes were left alone, and changed boxes count
    /// when the preset was (R3).
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for a forged form; [`AppError::Invalid`] when preset and boxes were both
    /// changed and contradict each other, or when a permission is given without the one it needs.
    pub fn resolve(&self, before: &Grant, givable: &Givable) -> Result<Grant> {
        let mut after = self.boxes(before, givable)?;
        // The form says what it shows.
        let mut shown = before.clone();
        shown.each.retain(|id, _| givable.name(id).is_some());
        if self.chosen != givable.choice_of(&shown) {
            after = match givable.meant(&self.chosen) {
                Some((title, meant)) => {
                    // It may open things that whoever gives it does not see.
                    forged_role(givable.role(&self.chosen))?;
                    let chosen = given(&meant, before, givable)?;
                    if after != *before && after != chosen {
                        return Err(AppError::field("preset", super::words::preset_and_boxes(title)));
                    }
                    chosen
                }
                None if RoleId::parse(&self.chosen).is_some() => {
                    return Err(AppError::field("preset", super::words::ROLE_IS_GONE));
                }
                None => after,
            };
        }
        if self.recommended {
            let away = Preset::recommended_away();
            after.everywhere = after.everywhere.minus(away.within(givable.everywhere));
            for (asset, group) in givable.assets() {
                if let Some(set) = after.each.get_mut(&asset.id) {
                    *set = set.minus(away.within(givable.on(asset, group)));
                }
            }
            after = after.tidy();
        }
        check_needs(before, &after, givable)?;
        Ok(after)
    }

    /// The boxes as they were sent.
    fn boxes(&self, before: &Grant, givable: &Givable) -> Result<Grant> {
        let held = givable.everywhere;
        forged(self.everywhere.minus(held).minus(before.everywhere))?;
        let mut after = Grant::everywhere(self.everywhere.within(held).and(before.everywhere.minus(held)));
        after.each = before.each.clone();
        // Something that ended while the form was open is no forgery.
        if let Some(unknown) =
            self.each.keys().find(|id| givable.name(id).is_none() && !before.each.contains_key(id))
        {
            return Err(AppError::Forbidden(words::you_cannot_see_the_service(&unknown)));
        }
        let drawn = || {
            givable
                .assets()
                .filter(|(asset, _)| self.drawn.contains(&asset.id) || self.each.contains_key(&asset.id))
        };
        // A box that was taken away from a single asset while "all" was left ticked: no longer all, but the
        // others.
        for permission in before.everywhere.of_assets().within(held).within(self.everywhere).iter() {
            let of_it = |group: Group| permission.group() == group;
            if drawn().any(|(asset, group)| of_it(group) && !self.ticked(asset).has(permission)) {
                after.everywhere.set(permission, false);
            }
        }
        for (asset, group) in drawn() {
            let ticked = self.ticked(asset).within(group.permissions());
            let kept = before.on(&asset.id).within(group.permissions());
            let editable: Permissions = group
                .permissions()
                .iter()
                .filter(|p| givable.editable(asset, group, *p, before.everywhere))
                .collect();
            forged(ticked.minus(editable).minus(kept).minus(after.everywhere))?;
            let set = ticked
                .within(editable)
                .and(before.each.get(&asset.id).copied().unwrap_or_default().minus(editable));
            after.each.insert(asset.id.clone(), set);
        }
        Ok(after.tidy())
    }

    fn ticked(&self, asset: &Asset) -> Permissions {
        self.each.get(&asset.id).copied().unwrap_or_default()
    }
}

/// A preset or role on a contact, as far as the editor can change it.
fn given(meant: &Grant, before: &Grant, givable: &Givable) -> Result<Grant> {
    let held = givable.everywhere;
    forged(meant.everywhere.minus(held).minus(before.everywhere))?;
    let mut after = Grant::everywhere(meant.everywhere.within(held).and(before.everywhere.minus(held)));
    for (id, set) in &before.each {
        let seen = givable.assets().find(|(asset, _)| asset.id == *id);
        let editable = seen.map_or(Permissions::NONE, |(asset, group)| givable.on(asset, group));
        after.each.insert(id.clone(), set.minus(editable));
    }
    for (asset, group) in givable.assets() {
        if let Some(set) = meant.each.get(&asset.id) {
            let kept = after.each.entry(asset.id.clone()).or_default();
            *kept = kept.and(set.within(givable.on(asset, group)));
        }
    }
    Ok(after.tidy())
}

fn forged_role(role: Option<&Role>) -> Result<()> {
    match role.filter(|role| !role.may_give) {
        Some(role) => Err(AppError::Forbidden(super::words::role_beyond_yours(&role.name))),
        None => Ok(()),
    }
}

fn forged(missing: Permissions) -> Result<()> {
    match missing.iter().next() {
        Some(missing) => Err(AppError::Forbidden(words::you_can_give_only_what(&missing.title()))),
        None => Ok(()),
    }
}

/// Refuses a permission that opens nothing because the one it needs was not given, where the editor caused
/// that and can mend it.
fn check_needs(before: &Grant, after: &Grant, givable: &Givable) -> Result<()> {
    let mut errors = FormErrors::default();
    let idle = |set: Permissions| set.minus(set.opening());
    let sentence =
        |permission: Permission, of: &str| words::on_has_no_effect_without(&permission.title(), &of);
    let new = idle(after.everywhere.of_assets())
        .minus(idle(before.everywhere.of_assets()))
        .within(givable.everywhere);
    // On all assets it may rest on a view of single ones.
    if let Some(permission) = new
        .iter()
        .find(|p| p.view_of_group().is_some_and(|view| !after.each.values().any(|set| set.has(view))))
    {
        let all = if permission.group() == Group::Service { words::ALL_SERVICES } else { words::ALL_DOMAINS };
        errors.add("preset", sentence(permission, all));
    }
    for (asset, group) in givable.assets() {
        let (was, is) = (before.on(&asset.id), after.each.get(&asset.id).copied().unwrap_or_default());
        let left = idle(after.on(&asset.id)).within(is).minus(idle(was)).within(givable.on(asset, group));
        if let Some(permission) = left.iter().next() {
            errors.add("preset", sentence(permission, &asset.name));
        }
    }
    errors.finish(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const IDS: [&str; 5] = [
        "01k9zv5s8t3w2x1y0abcdefgh1",
        "01k9zv5s8t3w2x1y0abcdefgh2",
        "01k9zv5s8t3w2x1y0abcdefgh3",
        "01k9zv5s8t3w2x1y0abcdefgh4",
        "01k9zv5s8t3w2x1y0abcdefgh5",
    ];

    /// The id of the account's own role.
    const ROLE: &str = "01k9zv5s8t3w2x1y0abcdefghz";

    fn id(index: usize) -> AssetId {
        AssetId::parse(IDS[index]).unwrap()
    }

    fn set(keys: &str) -> Permissions {
        Permissions::from_keys(keys)
    }

    /// An editor who sees three services and two domains, by name.
    fn givable(everywhere: Permissions, also: [Permissions; 5]) -> Givable {
        let asset = |index: usize| Asset {
            id: id(index),
            name: ["Shop", "Blog", "Mail", "a.example", "b.example"][index].into(),
            detail: String::new(),
            also: also[index],
        };
        Givable {
            everywhere,
            services: (0..3).map(asset).collect(),
            domains: (3..5).map(asset).collect(),
            roles: Vec::new(),
        }
    }

    fn owner() -> Givable {
        givable(Permissions::all(), [Permissions::NONE; 5])
    }

    /// A form on which every asset was drawn.
    fn asked(preset: &str, everywhere: &str, on: &[(usize, &str)]) -> GrantForm {
        let everywhere: Vec<String> = everywhere.split(',').map(str::to_owned).collect();
        let on: Vec<String> = on
            .iter()
            .flat_map(|(index, shorts)| {
                shorts.split(',').map(move |short| format!("{}.{short}", IDS[*index]))
            })
            .collect();
        GrantForm::parse(preset, &everywhere, &on, &IDS.join(","), false)
    }

    const TECHNICAL: &str = "tickets.view,tickets.open,tickets.close,service.view,service.panel,service.billing,service.upgrade,service.cancel";
    const ALL_FIVE: &str = "view,panel,billing,upgrade,cancel";

    #[test]
    fn a_new_preset_counts_when_boxes_were_left_alone() {
        assert_eq!(
            asked("technical_staff", "", &[]).resolve(&Grant::default(), &owner()).unwrap().everywhere.keys(),
            TECHNICAL
        );
        let before = Grant { everywhere: set("invoices.view"), each: [(id(0), set("service.view"))].into() };
        let left_alone = asked("none", "invoices.view", &[(0, "view")]);
        assert!(left_alone.resolve(&before, &owner()).unwrap().is_empty());
    }

    #[test]
    fn changed_boxes_count_when_the_preset_was_left_alone() {
        assert_eq!(
            asked("none", "tickets.open", &[])
                .resolve(&Grant::default(), &owner())
                .unwrap()
                .everywhere
                .keys(),
            "tickets.open"
        );
        assert_eq!(
            asked("custom", "tickets.open", &[(1, "view")])
                .resolve(&Grant::default(), &owner())
                .unwrap()
                .each,
            [(id(1), set("service.view"))].into()
        );
        let accounting = Grant::everywhere(Preset::Accounting.permissions().unwrap());
        assert_eq!(
            asked("accounting", "invoices.view", &[])
                .resolve(&accounting, &owner())
                .unwrap()
                .everywhere
                .keys(),
            "invoices.view"
        );
    }

    #[test]
    fn agreeing_changes_are_taken_and_contradicting_ones_refused() {
        let agrees = asked("technical_staff", TECHNICAL, &[(0, ALL_FIVE), (1, ALL_FIVE), (2, ALL_FIVE)]);
        assert_eq!(
            agrees.resolve(&Grant::default(), &owner()).unwrap(),
            Grant::everywhere(Preset::TechnicalStaff.permissions().unwrap())
        );
        let contradicts = asked("accounting", "tickets.open", &[]).resolve(&Grant::default(), &owner());
        assert!(contradicts.unwrap_err().to_string().contains("Nothing has been saved"));
    }

    #[test]
    fn a_role_is_given_like_a_preset_by_who_holds_all_of_it() {
        let meant = Grant { everywhere: set("invoices.view"), each: [(id(0), set("service.view"))].into() };
        let with_role = |mut editor: Givable| {
            let id = RoleId::parse(ROLE).unwrap();
            editor.roles = vec![Role::seen_by(&editor, id, "Helper".into(), meant.clone())];
            editor
        };
        let owner = with_role(owner());
        assert_eq!(asked(ROLE, "", &[]).resolve(&Grant::default(), &owner).unwrap(), meant);
        let from = Grant { everywhere: set("tickets.open"), each: [(id(1), set("service.view"))].into() };
        let left_alone = asked(ROLE, "tickets.open", &[(1, "view")]);
        assert_eq!(left_alone.resolve(&from, &owner).unwrap(), meant, "it replaces what was held");
        assert_eq!(owner.choice_of(&meant), ROLE);
        assert_eq!((owner.phrase(&meant), owner.phrase(&from)), ("Helper".into(), "Custom".into()));
        // Boxes that agree are no contradiction; others are.
        let agrees = asked(ROLE, "invoices.view", &[(0, "view")]);
        assert_eq!(agrees.resolve(&from, &owner).unwrap(), meant);
        assert!(matches!(asked(ROLE, "tickets.view", &[]).resolve(&from, &owner), Err(AppError::Invalid(_))));
        // Somebody who does not hold a part of it, seen or unseen, cannot give it; nobody can once it is gone.
        let blind = with_role(Givable {
            services: Vec::new(),
            ..givable(set("invoices.view"), [Permissions::NONE; 5])
        });
        for refused in [
            asked(ROLE, "", &[]).resolve(&Grant::default(), &blind),
            asked(ROLE, "", &[]).resolve(
                &Grant::default(),
                &with_role(givable(set("invoices.view"), [Permissions::NONE; 5])),
            ),
        ] {
            assert!(matches!(refused, Err(AppError::Forbidden(_))), "{refused:?}");
        }
        assert!(matches!(
            asked(ROLE, "", &[]).resolve(&Grant::default(), &super::tests::owner()),
            Err(AppError::Invalid(_))
        ));
    }

    #[test]
    fn nonsense_is_left_out() {
        assert_eq!(
            asked("root", "nothing.at_all,invoices.view", &[])
                .resolve(&Grant::default(), &owner())
                .unwrap()
                .everywhere
                .keys(),
            "invoices.view"
        );
    }

    #[test]
    fn taking_one_away_while_all_stays_ticked_leaves_the_others() {
        let before = Grant::everywhere(Preset::TechnicalStaff.permissions().unwrap());
        let after = asked("technical_staff", TECHNICAL, &[(0, ALL_FIVE), (1, "view,panel"), (2, ALL_FIVE)])
            .resolve(&before, &owner())
            .unwrap();
        assert_eq!(
            after.everywhere.keys(),
            "tickets.view,tickets.open,tickets.close,service.view,service.panel"
        );
        assert_eq!(
            after.on(&id(0)).keys(),
            "service.view,service.panel,service.billing,service.upgrade,service.cancel"
        );
        assert_eq!(after.on(&id(1)).keys(), "service.view,service.panel");
        assert_eq!(after.preset(), Preset::Custom);
    }

    #[test]
    fn all_counts_for_every_thing_and_alone_it_ends_with_the_present_ones() {
        let all = asked("custom", "service.view", &[]).resolve(&Grant::default(), &owner()).unwrap();
        assert_eq!((all.everywhere.keys().as_str(), all.each.len()), ("service.view", 0));
        let these =
            asked("custom", "", &[(0, "view"), (1, "view"), (2, "view")]).resolve(&all, &owner()).unwrap();
        assert_eq!((these.everywhere.keys().as_str(), these.each.len()), ("", 3));
    }

    #[test]
    fn the_recommendation_takes_away_what_costs_money() {
        let mut form = asked("technical_staff", "", &[]);
        form.recommended = true;
        assert_eq!(
            form.resolve(&Grant::default(), &owner()).unwrap().everywhere.keys(),
            "tickets.view,tickets.open,tickets.close,service.view,service.panel"
        );
    }

    #[test]
    fn what_the_form_did_not_show_stays_as_it_is() {
        let hidden = AssetId::parse("01k9zv5s8t3w2x1y0abcdefgh9").unwrap();
        let before = Grant {
            everywhere: Permissions::NONE,
            each: [(hidden.clone(), set("service.view,service.cancel"))].into(),
        };
        let after = asked("custom", "", &[]).resolve(&before, &owner()).unwrap();
        assert_eq!(after, before);
        let mut forged = asked("custom", "", &[]);
        forged.each.insert(hidden, set("service.view"));
        assert!(matches!(forged.resolve(&Grant::default(), &owner()), Err(AppError::Forbidden(_))));
    }

    #[test]
    fn boxes_that_the_editor_lacks_cannot_be_changed() {
        let editor = givable(
            set("contacts.manage,service.view"),
            [
                set("service.panel"),
                Permissions::NONE,
                Permissions::NONE,
                Permissions::NONE,
                Permissions::NONE,
            ],
        );
        let panel = asked("custom", "service.view", &[(0, "view,panel"), (1, "view"), (2, "view")])
            .resolve(&Grant::default(), &editor)
            .unwrap();
        assert_eq!(panel.on(&id(0)).keys(), "service.view,service.panel");
        for forged in [
            asked("custom", "service.panel", &[]),
            asked("custom", "", &[(1, "panel")]),
            asked("custom", "", &[(3, "view")]),
        ] {
            assert!(matches!(forged.resolve(&Grant::default(), &editor), Err(AppError::Forbidden(_))));
        }
        // Held on every service by the contact and on one by the editor: theirs to see, not to take.
        let before = Grant::everywhere(set("service.view,service.panel"));
        let after = asked("custom", "service.view", &[(0, "view"), (1, "view"), (2, "view")])
            .resolve(&before, &editor)
            .unwrap();
        assert_eq!(after, before);
    }

    #[test]
    fn what_cannot_be_mended_is_not_complained_about() {
        let editor = givable(set("contacts.manage,service.view"), [Permissions::NONE; 5]);
        let before = Grant::everywhere(set("service.view,service.panel"));
        for form in [
            asked("custom", "", &[]),
            asked("none", "service.view", &[(0, "view"), (1, "view"), (2, "view")]),
        ] {
            assert_eq!(
                form.resolve(&before, &editor).unwrap().everywhere.keys(),
                "service.panel",
                "view is taken away, the panel opens nothing then"
            );
        }
        let one = givable(
            set("contacts.manage"),
            [
                set("service.view,service.billing"),
                Permissions::NONE,
                Permissions::NONE,
                Permissions::NONE,
                Permissions::NONE,
            ],
        );
        let mut form = asked("custom", "", &[(0, "view,billing")]);
        form.recommended = true;
        assert_eq!(form.resolve(&Grant::default(), &one).unwrap().on(&id(0)).keys(), "service.view");
    }

    #[test]
    fn a_permission_without_the_one_it_needs_is_refused() {
        let refused = asked("custom", "", &[(1, "panel")]).resolve(&Grant::default(), &owner());
        let Err(AppError::Invalid(errors)) = refused else { panic!("{refused:?}") };
        assert_eq!(
            errors.0[0].message,
            "“Control panel” on Blog has no effect without “View”. Tick “View” as well, or untick this one."
        );
        assert!(matches!(
            asked("custom", "domain.manage", &[]).resolve(&Grant::default(), &owner()),
            Err(AppError::Invalid(_))
        ));
        assert!(
            asked("custom", "domain.manage", &[(3, "view")]).resolve(&Grant::default(), &owner()).is_ok()
        );
    }

    fn any_set() -> impl Strategy<Value = Permissions> {
        any::<u32>().prop_map(|bits| {
            Permission::ALL
                .iter()
                .enumerate()
                .filter(|(at, _)| bits & (1 << at) != 0)
                .map(|(_, permission)| *permission)
                .collect()
        })
    }

    fn any_grant() -> impl Strategy<Value = Grant> {
        (any_set(), proptest::collection::vec(any_set(), 5)).prop_map(|(everywhere, sets)| {
            let of = |index: usize| {
                if index < 3 { Group::Service.permissions() } else { Group::Domain.permissions() }
            };
            Grant {
                everywhere,
                each: sets
                    .into_iter()
                    .enumerate()
                    .map(|(index, set)| (id(index), set.within(of(index))))
                    .collect(),
            }
            .tidy()
        })
    }

    fn any_asked() -> impl Strategy<Value = GrantForm> {
        let chosen = prop_oneof![
            Just(String::new()),
            Just("custom".to_owned()),
            Just(ROLE.to_owned()),
            (0..4_usize).prop_map(|at| Preset::NAMED[at].key().to_owned())
        ];
        (chosen, any_grant(), any::<u8>(), any::<bool>()).prop_map(|(chosen, grant, drawn, recommended)| {
            GrantForm {
                chosen,
                everywhere: grant.everywhere,
                each: grant.each,
                drawn: (0..5).filter(|index| drawn & (1 << index) != 0).map(id).collect(),
                recommended,
            }
        })
    }

    fn covered(grant: &Grant, by: &[&Grant]) -> bool {
        let everywhere = by.iter().fold(Permissions::NONE, |all, grant| all.and(grant.everywhere));
        let on = |asset: &AssetId| by.iter().fold(Permissions::NONE, |all, grant| all.and(grant.on(asset)));
        grant.everywhere.minus(everywhere).is_empty()
            && (0..5).map(id).all(|asset| grant.on(&asset).minus(on(&asset)).is_empty())
    }

    proptest! {
        /// R5: whatever a person who may manage contacts sends, in whatever order and about whomever, nobody
        /// ends with more than they began with and the editor holds.
        #[test]
        fn no_sequence_of_edits_gives_more_than_the_editor_has(
            editor in any_grant(),
            role in any_grant(),
            start in proptest::collection::vec(any_grant(), 3),
            edits in proptest::collection::vec((0..3_usize, any_asked()), 1..12),
        ) {
            let seen = |index: usize| editor.on(&id(index)).has(if index < 3 { Permission::ViewService } else { Permission::ViewDomain });
            // What somebody can give is what opens something for them.
            let editor = Grant { everywhere: editor.everywhere.opening(), each: (0..5).map(|index| (id(index), editor.on(&id(index)).opening())).collect() };
            let mut givable = givable(editor.everywhere, std::array::from_fn(|index| editor.each[&id(index)].minus(editor.everywhere)));
            givable.services.retain(|asset| (0..3).any(|index| asset.id == id(index) && seen(index)));
            givable.domains.retain(|asset| (3..5).any(|index| asset.id == id(index) && seen(index)));
            let role = Role::seen_by(&givable, RoleId::parse(ROLE).unwrap(), "Helper".into(), role);
            givable.roles.push(role);
            let mut contacts = start.clone();
            for (contact, asked) in edits {
                if let Ok(after) = asked.resolve(&contacts[contact], &givable) {
                    prop_assert!(covered(&after, &[&contacts[contact], &editor]), "{after:?} from {:?}", contacts[contact]);
                    contacts[contact] = after;
                }
            }
            for (contact, began) in contacts.iter().zip(&start) {
                prop_assert!(covered(contact, &[began, &editor]));
            }
        }

        /// A form that is sent as it was drawn changes nothing.
        #[test]
        fn an_unchanged_form_changes_nothing(before in any_grant(), editor in any_grant()) {
            let givable = givable(editor.everywhere, std::array::from_fn(|index| editor.each.get(&id(index)).copied().unwrap_or_default()));
            let each = givable.assets().map(|(asset, group)| {
                let sent = before.on(&asset.id).within(group.permissions()).iter().filter(|p| givable.editable(asset, group, *p, before.everywhere)).collect();
                (asset.id.clone(), sent)
            }).collect();
            let asked = GrantForm { chosen: String::new(), everywhere: before.everywhere.within(editor.everywhere), each, drawn: (0..5).map(id).collect(), recommended: false };
            prop_assert_eq!(asked.resolve(&before, &givable).unwrap(), before);
        }

        /// What two people share is no more than either has.
        #[test]
        fn what_is_shared_both_have(one in any_grant(), other in any_grant()) {
            let shared = one.shared_with(&other);
            prop_assert!(!shared.exceeds(&one) && !shared.exceeds(&other));
        }
    }
}
