//! What stands around the pages of the staff area, and around those of an account that staff work on.

use crate::paths;
use crate::permission::{Permission, StaffPermission, StaffPermissions};
use crate::types::AccountId;
use crate::ui::layout::NavItem;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The navigation of the staff area, as far as it is open.
pub fn staff_items(held: StaffPermissions) -> Vec<NavItem> {
    use StaffPermission::{
        AnswerRequests, AnswerTickets, EditProducts, EditSettings, ImportCustomers, ManageStaff, ViewAudit,
        ViewCustomers, ViewInvoices,
    };
    let all = [
        (None, paths::OPERATOR, "home", "Dashboard"),
        (Some(ViewCustomers), paths::CUSTOMERS, "building", "Customers"),
        (Some(AnswerRequests), paths::WORK_QUEUE, "inbox", "Requests"),
        (Some(AnswerTickets), paths::DESK, "ticket", "Tickets"),
        (Some(ViewInvoices), paths::ALL_INVOICES, "card", "Invoices"),
        (Some(EditProducts), paths::PRODUCTS, "server", "Products"),
        (Some(ImportCustomers), paths::IMPORT, "download", "Import"),
        (Some(ManageStaff), paths::STAFF, "users", "Staff"),
        (Some(ViewAudit), paths::STAFF_ACTIVITY, "history", "Activity"),
        (Some(EditSettings), paths::SETTINGS, "shield", "Settings"),
    ];
    all.into_iter()
        .filter(|(needs, ..)| needs.is_none_or(|needs| held.has(needs)))
        .map(|(_, path, icon, label)| NavItem { path: path.into(), icon, label })
        .collect()
}

/// The tabs of a customer's page: its own in the staff area, and the pages of the account.
#[component]
pub fn CustomerTabs(
    /// The account.
    account: AccountId,
    /// What staff may do.
    held: StaffPermissions,
) -> impl IntoView {
    let here = use_location().pathname;
    let on_account = held.on_accounts();
    let all = [
        (None, paths::customer(&account), "Summary"),
        (Some(Permission::EditProfile), paths::account_profile(&account), "Profile"),
        (Some(Permission::ManageContacts), paths::contacts(&account), "Contacts"),
        (Some(Permission::ViewService), paths::services(&account), "Services"),
        (Some(Permission::ViewDomain), paths::domains(&account), "Domains"),
        (Some(Permission::ViewInvoices), paths::invoices(&account), "Invoices"),
        (Some(Permission::ViewTickets), paths::tickets(&account), "Tickets"),
        (Some(Permission::ViewEmails), paths::emails(&account), "E-mail"),
        (Some(Permission::ViewActivity), paths::activity(&account), "Activity"),
        (None, paths::customer_notes(&account), "Notes"),
    ];
    let summary = paths::customer(&account);
    let links = all
        .into_iter()
        .filter(|(needs, ..)| needs.is_none_or(|needs| on_account.has(needs)))
        .map(|(_, path, label)| {
            let (to, exact) = (path.clone(), path == summary);
            let current = move || {
                let here = here.get();
                (here == path || (!exact && here.starts_with(&format!("{path}/")))).then_some("page")
            };
            view! { <a href=to aria-current=current>{label}</a> }
        })
        .collect_view();
    view! { <nav class="tabs customer-tabs" aria-label="Customer">{links}</nav> }
}
