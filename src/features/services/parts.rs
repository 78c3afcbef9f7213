//! Parts of the service screens: states, billing information, rows.

use super::model::{Billing, ServiceRow, ServiceStatus};
use crate::paths;
use crate::permission::Permission;
use crate::types::{AccountId, Timestamp};
use crate::ui::icon::Icon;
use crate::ui::markup::{Escaped, IconText};
use crate::ui::time_format;
use leptos::prelude::*;
use std::fmt::Write as _;

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

/// Every row of a page of the list, as text; see [`crate::ui::markup`].
pub fn rows(rows: &[ServiceRow], account: &AccountId, now: Timestamp) -> String {
    let mut out = String::with_capacity(1_200 * rows.len());
    let billing = rows.iter().any(|row| row.billing.is_some());
    for row in rows {
        // Writing to a string cannot fail.
        let _ = write_row(&mut out, row, account, now, billing);
    }
    out
}

fn write_row(
    out: &mut String,
    row: &ServiceRow,
    account: &AccountId,
    now: Timestamp,
    billing: bool,
) -> std::fmt::Result {
    let path = paths::service(account, &row.id);
    let (id, name) = (&row.id, Escaped(&row.name));
    let (class, icon, word) = row.status.pill();
    let ended = if row.status == ServiceStatus::Cancelled { " class=\"closed\"" } else { "" };
    let second = [row.product.as_str(), row.domain.as_str()]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    write!(
        out,
        "<tr{ended}><td class=\"person\"><span class=\"two-lines\"><a href=\"{path}\">{name}</a><small>{}</small></span></td>\
         <td data-label=\"Status\"><span class=\"{class}\">{}{word}</span></td>",
        Escaped(&second),
        IconText(icon)
    )?;
    if billing {
        write_billing(out, row, now)?;
    }
    write!(
        out,
        "<td class=\"more\"><button type=\"button\" class=\"quiet\" id=\"more-{id}\" popovertarget=\"menu-{id}\" aria-haspopup=\"true\" \
         aria-label=\"Actions for {name}\">{}</button><div class=\"menu\" id=\"menu-{id}\" popover=\"auto\"><a href=\"{path}\">{}Details</a>",
        IconText("dots"),
        IconText("info"),
    )?;
    let in_use = row.status == ServiceStatus::Active;
    if row.panel && in_use && row.may.has(Permission::UseServicePanel) {
        write!(
            out,
            "<a href=\"{}\" target=\"_blank\" rel=\"noopener\">{}Control panel</a>",
            paths::service_panel(account, id),
            IconText("panel")
        )?;
    }
    if row.status != ServiceStatus::Cancelled && row.may.has(Permission::UpgradeService) {
        write!(
            out,
            "<a href=\"{}\">{}Request upgrade</a>",
            paths::upgrade_service(account, id),
            IconText("up")
        )?;
    }
    if row.status != ServiceStatus::Cancelled && row.may.has(Permission::CancelService) {
        write!(
            out,
            "<a class=\"danger\" href=\"{}\">{}Request cancellation</a>",
            paths::cancel_service(account, id),
            IconText("x")
        )?;
    }
    out.write_str("</div></td></tr>")
}

fn write_billing(out: &mut String, row: &ServiceRow, now: Timestamp) -> std::fmt::Result {
    const NONE: &str = "<span class=\"faint\">–</span>";
    out.write_str("<td data-label=\"Price\">")?;
    match &row.billing {
        Some(billing) => write!(out, "{}", Escaped(&price(billing)))?,
        None => out.write_str(NONE)?,
    }
    out.write_str("</td><td data-label=\"Next due\">")?;
    match row.billing.as_ref().and_then(|billing| billing.next_due) {
        Some(at) => write!(
            out,
            "<time datetime=\"{}\" title=\"{}\">{}</time>",
            at.iso(),
            time_format::relative(at, now),
            time_format::date(at)
        )?,
        None => out.write_str(NONE)?,
    }
    out.write_str("</td>")
}
