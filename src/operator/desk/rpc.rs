//! Server functions of the frame and the dashboard. Line 1 of each is the proof of access.

#[cfg(feature = "ssr")]
use super::model::SetupStep;
use super::model::{Dashboard, Desk};
#[cfg(feature = "ssr")]
use super::store;
#[cfg(feature = "ssr")]
use crate::access::staff::AnyStaff;
#[cfg(feature = "ssr")]
use crate::access::{Staff, settings};
use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::features::{incoming, requests, tickets};
#[cfg(feature = "ssr")]
use crate::permission::StaffPermission;
#[cfg(feature = "ssr")]
use crate::platform::config::{Company, Config};
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
    let tickets = match held.has(StaffPermission::AnswerTickets) {
        true => {
            let (count, oldest) = tickets::store::waiting_for(&mut reader).await?;
            Some((count, oldest, incoming::store::count(&mut reader).await?))
        }
        false => None,
    };
    let overdue = match held.has(StaffPermission::ViewInvoices) {
        true => Some(store::overdue(&mut reader).await?),
        false => None,
    };
    let customers = match held.has(StaffPermission::ViewCustomers) {
        true => Some(store::customers(&mut reader).await?),
        false => None,
    };
    let dates = match customers.is_some() {
        true => store::close_dates(&mut reader).await?,
        false => Vec::new(),
    };
    let left = match held.has(StaffPermission::EditSettings) {
        true => left(&staff.app().config(), &settings::company(reader.conn()).await?),
        false => Vec::new(),
    };
    Ok(Dashboard { requests, tickets, overdue, customers, dates, left, now: staff.app().now() })
}

/// What is left to set up. A demo is never finished, and need not be.
#[cfg(feature = "ssr")]
fn left(config: &Config, company: &Company) -> Vec<SetupStep> {
    if config.demo_data {
        return Vec::new();
    }
    [
        (company.address.is_empty(), SetupStep::Address),
        (config.look.logo.is_none(), SetupStep::Logo),
        (!config.fixed.mail_server && config.mail_server.is_empty(), SetupStep::Mail),
        (!config.secure(), SetupStep::Https),
    ]
    .into_iter()
    .filter_map(|(is_left, step)| is_left.then_some(step))
    .collect()
}
