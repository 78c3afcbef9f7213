//! Parts of the service screens: states, billing information, the table.

use super::model::{Billing, ServiceRow, ServiceStatus};
use super::words;
use crate::paths;
use crate::permission::Permission;
use crate::ui::icon::Icon;
use crate::ui::list::Empty;
use crate::ui::markup::{day, icon, nothing, pill, two_lines};
use crate::ui::table::{Column, RowContext, RowMenu, Table};
use leptos::prelude::*;
use maud::{Markup, html};

/// The state of a service: a word and an icon, never colour alone.
#[component]
pub fn StatusPill(status: ServiceStatus) -> impl IntoView {
    let (class, icon, word) = status.pill();
    view! { <span class=class><Icon name=icon/>{word}</span> }
}

/// "12.00 EUR a month".
pub fn price(billing: &Billing) -> String {
    format!("{} {}", billing.price, billing.cycle.title())
}

/// The services that a person may see. Who sees no billing information at all needs no columns for it.
pub const SERVICES: Table<ServiceRow, RowContext> = Table {
    caption: words::SERVICES_YOU_CAN_SEE,
    columns: &[
        Column::of_names(words::SERVICE, name),
        Column::new(words::STATUS, |row, _| pill(row.status.pill())),
        Column::new(words::PRICE, price_cell).if_any(|row| row.billing.is_some()),
        Column::new(words::NEXT_DUE, next_due).if_any(|row| row.billing.is_some()),
    ],
    menu: Some(menu),
    closed: |row| row.status == ServiceStatus::Cancelled,
    changed: |_, _| false,
    class: None,
    none: Empty { icon: "server", what: "services", purpose: words::THE_SERVICES_ON_THIS_ACCOUNT },
};

fn name(row: &ServiceRow, of: &RowContext) -> Markup {
    let below = [row.product.as_str(), row.domain.as_str()];
    let below: Vec<&str> = below.into_iter().filter(|text| !text.is_empty()).collect();
    two_lines(&paths::service(&of.account, &row.id), &row.name, &below.join(" · "))
}

fn price_cell(row: &ServiceRow, _: &RowContext) -> Markup {
    row.billing.as_ref().map_or_else(nothing, |billing| html! { span.figures { (price(billing)) } })
}

fn next_due(row: &ServiceRow, of: &RowContext) -> Markup {
    let due = row.billing.as_ref().and_then(|billing| billing.next_due);
    due.map_or_else(nothing, |at| day(at, of.now))
}

fn menu<'a>(row: &'a ServiceRow, of: &RowContext) -> RowMenu<'a> {
    let (account, id) = (&of.account, &row.id);
    let (active, ended) = (row.status == ServiceStatus::Active, row.status == ServiceStatus::Cancelled);
    RowMenu {
        id: id.as_str(),
        name: &row.name,
        items: html! {
            a href=(paths::service(account, id)) { (icon("info")) (words::DETAILS) }
            @if row.panel && active && row.may.has(Permission::UseServicePanel) {
                a href=(paths::service_panel(account, id)) target="_blank" rel="noopener" {
                    (icon("panel")) (words::CONTROL_PANEL)
                }
            }
            @if !ended && row.may.has(Permission::UpgradeService) {
                a href=(paths::upgrade_service(account, id)) { (icon("up")) (words::REQUEST_UPGRADE) }
            }
            @if !ended && row.may.has(Permission::CancelService) {
                a.danger href=(paths::cancel_service(account, id)) { (icon("x")) (words::REQUEST_CANCELLATION) }
            }
        },
    }
}
