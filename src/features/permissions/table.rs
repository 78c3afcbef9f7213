//! The table of services, or of domains, and their permissions, as text; see [`crate::ui::markup`]. There may
//! be hundreds of rows: what they do when they are clicked is in [`super::components`].

use super::grant_form::box_name;
use super::model::{Asset, Givable};
use crate::permission::{Group, Permission, Permissions};
use crate::ui::markup::Escaped;
use std::fmt::Write as _;

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
        let mut out = format!(
            "<tr><th scope=\"col\">{}</th>",
            if group == Group::Service { "Service" } else { "Domain" }
        );
        for permission in group.permissions().iter() {
            let (key, title) = (permission.key(), permission.title());
            let _ = write!(
                out,
                "<th scope=\"col\"><span class=\"no-wasm\">{title}</span><button type=\"button\" class=\"quiet only-wasm\" data-column=\"{key}\" \
                 title=\"Tick or untick the column\">{title}</button></th>"
            );
        }
        out.push_str("</tr>");
        out
    }

    /// The rows: all assets, also future ones, and then each.
    pub fn rows(&self, group: Group) -> String {
        let assets = self.givable.of(group);
        let mut out = String::with_capacity(1_200 * (assets.len() + 1));
        // Writing to a string cannot fail.
        let _ = self.write_all(&mut out, group);
        for asset in assets {
            let _ = self.write_row(&mut out, group, asset);
        }
        out
    }

    fn write_all(&self, out: &mut String, group: Group) -> std::fmt::Result {
        let kind = if group == Group::Service { "services" } else { "domains" };
        out.write_str("<tr class=\"all\"><th scope=\"row\">All, also future ones</th>")?;
        for permission in group.permissions().iter() {
            let (key, title) = (permission.key(), permission.title());
            let state = state(self.everywhere.has(permission), self.givable.everywhere.has(permission));
            write!(
                out,
                "<td data-label=\"{title}\"><input type=\"checkbox\" name=\"permissions[]\" value=\"{key}\" id=\"f-permissions-{key}\" data-of=\"{key}\" \
                 aria-label=\"{title}: all {kind}, also future ones\"{state}></td>"
            )?;
        }
        out.write_str("</tr>")
    }

    fn write_row(&self, out: &mut String, group: Group, asset: &Asset) -> std::fmt::Result {
        let (id, name, ticked) = (&asset.id, Escaped(&asset.name), (self.on)(asset));
        write!(out, "<tr id=\"on-{id}\"><th scope=\"row\">{name}")?;
        if !asset.detail.is_empty() {
            write!(out, " <small>{}</small>", Escaped(&asset.detail))?;
        }
        out.write_str("</th>")?;
        for permission in group.permissions().iter() {
            let (key, title) = (permission.key(), permission.title());
            let state =
                state(ticked.has(permission), self.givable.editable(asset, group, permission, self.before));
            write!(
                out,
                "<td data-label=\"{title}\"><input type=\"checkbox\" name=\"on[]\" value=\"{}\" data-of=\"{key}\" aria-label=\"{title}: {name}\"{state}></td>",
                box_name(id, permission)
            )?;
        }
        out.write_str("</tr>")
    }
}

fn state(ticked: bool, editable: bool) -> &'static str {
    match (ticked, editable) {
        (true, true) => " checked",
        (true, false) => " checked disabled",
        (false, true) => "",
        (false, false) => " disabled",
    }
}

/// The permission whose column has this key.
pub fn column(key: &str) -> Option<Permission> {
    Permission::from_key(key).filter(|permission| permission.group().is_of_assets())
}
