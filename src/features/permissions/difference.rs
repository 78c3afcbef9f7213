//! What one grant opens beyond another, in words: what a change gives or takes. Pure: no I/O.

use super::model::{Givable, Grant};
use super::words;
use super::words::able_to;
use crate::permission::{Group, Permission, Permissions, join_and};
use crate::types::AssetId;
use std::collections::BTreeMap;

/// What `more` opens and `less` does not, as parts of a sentence. Something that is lost on all assets is
/// looked at asset by asset: it may be left on some.
pub fn difference(more: &Grant, less: &Grant, givable: &Givable) -> Vec<String> {
    let mut everywhere = more.everywhere.opening().minus(less.everywhere.opening());
    let mut each: BTreeMap<AssetId, Permissions> = BTreeMap::new();
    let mut to_come: Vec<Permission> = Vec::new();
    for permission in everywhere.of_assets().iter() {
        let assets: Vec<_> = givable.of(permission.group()).iter().collect();
        let without: Vec<_> =
            assets.iter().filter(|asset| !less.on(&asset.id).opening().has(permission)).collect();
        if without.len() < assets.len() {
            everywhere.set(permission, false);
            to_come.push(permission);
            without.iter().for_each(|asset| each.entry(asset.id.clone()).or_default().set(permission, true));
        }
    }
    for (asset, group) in givable.assets() {
        let new = more
            .on(&asset.id)
            .opening()
            .minus(less.on(&asset.id).opening())
            .minus(everywhere)
            .within(group.permissions());
        if !new.is_empty() {
            let set = each.entry(asset.id.clone()).or_default();
            *set = set.and(new);
        }
    }
    let mut parts = able_to(everywhere, &each, |id| givable.name(id)).list();
    for (group, kind) in [(Group::Service, "services"), (Group::Domain, "domains")] {
        let titles: Vec<&str> = to_come
            .iter()
            .filter(|permission| permission.group() == group)
            .map(|permission| permission.title())
            .collect();
        parts.extend((!titles.is_empty()).then(|| words::get_on_future(&join_and(&titles), &kind)));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::permissions::model::Asset;
    use crate::permission::Preset;

    #[test]
    fn differences_are_said_thing_by_thing() {
        let id = |end: &str| AssetId::parse(&format!("01k9zv5s8t3w2x1y0abcdefgh{end}")).unwrap();
        let asset = |end: &str, name: &str| Asset {
            id: id(end),
            name: name.into(),
            detail: String::new(),
            also: Permissions::NONE,
        };
        let givable = Givable {
            everywhere: Permissions::all(),
            services: vec![asset("1", "Shop"), asset("2", "Blog")],
            domains: Vec::new(),
            roles: Vec::new(),
        };
        let technical = Grant::everywhere(Preset::TechnicalStaff.permissions().unwrap());
        let mut trimmed = Grant::everywhere(technical.everywhere.minus(Preset::recommended_away()));
        assert_eq!(
            difference(&technical, &trimmed, &givable),
            ["see the billing information of all services", "request upgrades", "request cancellations"]
        );
        assert!(difference(&trimmed, &technical, &givable).is_empty());
        trimmed.each.insert(id("1"), Preset::recommended_away());
        assert_eq!(
            difference(&technical, &trimmed, &givable),
            [
                "see billing information, request upgrades and request cancellation on Blog",
                "get Billing information, Upgrade and Cancel on future services"
            ]
        );
        assert_eq!(
            difference(&trimmed, &Grant::default(), &givable).last().unwrap(),
            "see billing information, request upgrades and request cancellation on Shop"
        );
    }
}
