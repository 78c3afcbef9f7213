//! What pages of the staff area know of the frame around them.

use super::model::Desk;
use crate::error::AppError;
use crate::permission::StaffPermission;
use crate::ui::refused::Refused;
use leptos::prelude::*;

/// The frame around this page.
pub fn use_desk() -> Desk {
    expect_context()
}

/// The denied page, where the person lacks a permission; nothing where they hold it.
pub fn needs(permission: StaffPermission) -> Option<AnyView> {
    let held = use_desk().permissions.has(permission);
    (!held).then(|| {
        let error = AppError::Forbidden(permission.needed());
        view! { <Refused error=error/> }.into_any()
    })
}
