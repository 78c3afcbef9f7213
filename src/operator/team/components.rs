//! Boxes of staff permissions.

use crate::permission::{StaffGroup, StaffPermission, StaffPermissions};
use crate::ui::field::Tick;
use leptos::prelude::*;

/// "View customers, Answer requests".
pub fn titles(held: StaffPermissions) -> String {
    held.iter().map(StaffPermission::title).collect::<Vec<_>>().join(", ")
}

/// A box for each staff permission that the acting person holds, or that is held already.
#[component]
pub fn PermissionBoxes(
    /// What the acting person holds.
    mine: StaffPermissions,
    /// What is ticked.
    held: StaffPermissions,
) -> impl IntoView {
    StaffGroup::ALL
        .into_iter()
        .map(|group| {
            let ticks = group
                .permissions()
                .filter(|permission| mine.has(*permission) || held.has(*permission))
                .map(|permission| {
                    view! { <Tick name="permissions[]" value=permission.key() label=permission.title() ticked=held.has(permission) hint=permission.sentence()/> }
                })
                .collect_view();
            view! { <div><h2>{group.title()}</h2>{ticks}</div> }
        })
        .collect_view()
}
