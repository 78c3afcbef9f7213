//! Server functions of the frame and the dashboard. Line 1 of each is the proof of access.

use super::model::{Dashboard, Desk};
#[cfg(feature = "ssr")]
use super::store;
#[cfg(feature = "ssr")]
use crate::access::Staff;
#[cfg(feature = "ssr")]
use crate::access::staff::AnyStaff;
use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::features::requests;
#[cfg(feature = "ssr")]
use crate::permission::StaffPermission;
#[cfg(feature = "ssr")]
use crate::types::COUNTED;
use leptos::prelude::*;

/// Who works in the staff area, for the frame.
#[server(prefix = "/rpc", endpoint = "operator/desk")]
pub async fn show_desk() -> Result<Desk> {
    let staff = Staff::<AnyStaff>::now().await?;
    let member = staff.member();
    Ok(Desk { person: member.user.name.clone(), permissions: member.permissions })
}

/// What needs somebody.
#[server(prefix = "/rpc", endpoint = "operator/dashboard")]
pub async fn show_dashboard() -> Result<Dashboard> {
    let staff = Staff::<AnyStaff>::now().await?;
    let held = staff.member().permissions;
    let mut reader = staff.read().await?;
    let requests = match held.has(StaffPermission::AnswerRequests) {
        true => Some(requests::store::waiting_for(&mut reader, COUNTED + 1).await?),
        false => None,
    };
    let customers = match held.has(StaffPermission::ViewCustomers) {
        true => Some(store::customers(&mut reader).await?),
        false => None,
    };
    Ok(Dashboard { requests, customers, now: staff.app().now() })
}
