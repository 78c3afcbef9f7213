//! The table of services, or of domains, and their permissions, as text; see [`crate::ui::markup`]. There may
//! be hundreds of rows: what they do when they are clicked is in [`super::components`].

use super::grant_form::box_name;
use super::model::{Asset, Givable};
use super::words;
use crate::permission::{Group, Permission, Permissions};
use maud::{Markup, html};

/// Which boxes are ticked, and which can be changed.
pub struct Boxes<'a> {
    /// What the editor can give.
    pub givable: &'a Givable,
    /// What the contact held before, everywhere.
    pub before: Permissions,
    /// What is ticked for all assets.
    pub everywhere: Permissions,
    /// What is ticked for a single asset.
    pub on: &'a dyn Fn(&Asset) -> Permissions,
}

impl Boxes<'_> {
    /// The head of the table: a label for each column, which is a button that ticks and unticks it.
    pub fn head(&self, group: Group) -> String {
        let head = html! {
            tr {
                th scope="col" { (if group == Group::Service { words::SERVICE } else { words::DOMAIN }) }
                @for permission in group.permissions().iter() {
                    @let title = permission.title();
                    th scope="col" {
                        span.no-wasm { (title) }
                        button.quiet.only-wasm type="button" data-column=(permission.key())
                            title=(words::TICK_OR_UNTICK_THE_COLUMN) { (title) }
                    }
                }
            }
        };
        head.into_string()
    }

    /// The rows: all assets, including future ones, and then each.
    pub fn rows(&self, group: Group) -> String {
        let rows = html! {
            (self.all(group))
            @for asset in self.givable.of(group) { (self.row(group, asset)) }
        };
        rows.into_string()
    }

    fn all(&self, group: Group) -> Markup {
        let kind = if group == Group::Service { "services" } else { "domains" };
        html! {
            tr.all {
                th scope="row" { (words::ALL_INCLUDING_FUTURE_ONES) }
                @for permission in group.permissions().iter() {
                    @let (key, title) = (permission.key(), permission.title());
                    @let mixed = !self.everywhere.has(permission)
                        && self.givable.of(group).iter().any(|asset| (self.on)(asset).has(permission));
                    td data-label=(title) {
                        input type="checkbox" name="permissions[]" value=(key) id={ "f-permissions-" (key) } data-of=(key)
                            class=[mixed.then_some("mixed")]
                            aria-label={ (title) (words::ALL) (kind) (words::INCLUDING_FUTURE_ONES) }
                            checked[self.everywhere.has(permission)]
                            disabled[!self.givable.everywhere.has(permission)];
                    }
                }
            }
        }
    }

    fn row(&self, group: Group, asset: &Asset) -> Markup {
        let ticked = (self.on)(asset);
        html! {
            tr id={ "on-" (asset.id.as_str()) } {
                th scope="row" {
                    (asset.name)
                    @if !asset.detail.is_empty() { " " small { (asset.detail) } }
                }
                @for permission in group.permissions().iter() {
                    @let (key, title) = (permission.key(), permission.title());
                    td data-label=(title) {
                        input type="checkbox" name="on[]" value=(box_name(&asset.id, permission)) data-of=(key)
                            aria-label={ (title) ": " (asset.name) } checked[ticked.has(permission)]
                            disabled[!self.givable.editable(asset, group, permission, self.before)];
                    }
                }
            }
        }
    }
}

/// The permission whose column has this key.
pub fn column(key: &str) -> Option<Permission> {
    Permission::from_key(key).filter(|permission| permission.group().is_of_assets())
}
