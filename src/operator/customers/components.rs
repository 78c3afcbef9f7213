//! Ctrl K finds customers and pages of the staff area; "?" lists the keys.

use super::model::CustomerRow;
use super::rpc::ListCustomers;
use super::words;
use crate::features::invoices::model::InvoiceRow;
use crate::features::tickets::model::TicketRow;
use crate::features::tickets::words as ticket;
use crate::frame::staff_items;
use crate::operator::invoices::components::by_number;
use crate::operator::tickets::components::find;
use crate::paths;
use crate::permission::{StaffPermission, StaffPermissions};
use crate::types::{AccountId, ListQuery, Page, lowercase};
use crate::ui::dom;
use crate::ui::icon::Icon;
use crate::ui::keys::is_free;
use crate::ui::load::ask;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, KeyboardEvent};

/// Customers that are shown at once.
const MOST: usize = 8;
/// Tickets that are shown at once.
const MOST_TICKETS: usize = 6;

/// The dialogs behind the keys. They are made once they are asked for.
#[component]
pub fn Palette(
    /// What the person may do.
    held: StaffPermissions,
) -> impl IntoView {
    let (finder, keys) = (NodeRef::<html::Dialog>::new(), NodeRef::<html::Dialog>::new());
    let typed = RwSignal::new(String::new());
    let found = RwSignal::new(Vec::<CustomerRow>::new());
    let tickets = RwSignal::new(Vec::<TicketRow>::new());
    let invoices = RwSignal::new(Vec::<InvoiceRow>::new());
    let used = RwSignal::new(false);
    let open = move |dialog: NodeRef<html::Dialog>| {
        let Some(element) = dialog.get_untracked().filter(|element| !element.open()) else { return };
        typed.set(String::new());
        found.set(Vec::new());
        tickets.set(Vec::new());
        invoices.set(Vec::new());
        used.set(true);
        request_animation_frame(move || {
            let _ = element.show_modal();
        });
    };
    let close = move || {
        if let Some(element) = finder.get_untracked() {
            element.close();
        }
    };
    Effect::new(move || {
        let listener = window_event_listener(leptos::ev::keydown, move |event: KeyboardEvent| {
            if (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("k") {
                event.prevent_default();
                open(finder);
            } else if event.key() == "?" && is_free(&event) {
                open(keys);
            }
        });
        on_cleanup(move || listener.remove());
    });
    let count = StoredValue::new(0_u32);
    let searching = held.has(StaffPermission::ViewCustomers);
    let answering = held.has(StaffPermission::AnswerTickets);
    let billing = held.has(StaffPermission::ViewInvoices);
    let search = move |event| {
        let text = event_target_value(&event);
        typed.set(text.clone());
        count.update_value(|count| *count += 1);
        let mine = count.get_value();
        if !(searching || answering || billing) || text.trim().is_empty() {
            found.set(Vec::new());
            tickets.set(Vec::new());
            invoices.set(Vec::new());
            return;
        }
        let look = move || {
            if count.try_get_value() != Some(mine) {
                return;
            }
            let first = lowercase(text.split_whitespace().next().unwrap_or_default());
            // Customers first, so that nothing moves under who has chosen one. What was typed meanwhile has its own
            // answer.
            spawn_local(async move {
                let is_mine = move || count.try_get_value() == Some(mine);
                let words = text.clone();
                if searching {
                    let query = ListQuery { q: text, ..ListQuery::default() };
                    let page: Result<Page<CustomerRow>, _> = ask(ListCustomers { query }).await;
                    if let Ok(mut page) = page
                        && is_mine()
                    {
                        // Who is called so comes before who has something that is.
                        page.items.sort_by_key(|row| !lowercase(&row.name).contains(&first));
                        let _ = found.try_set(page.items.into_iter().take(MOST).collect());
                    }
                }
                if answering
                    && is_mine()
                    && let Ok(rows) = find(words.clone()).await
                    && is_mine()
                {
                    let _ = tickets.try_set(rows.into_iter().take(MOST_TICKETS).collect());
                }
                // Invoices are known by their numbers.
                if billing && is_mine() {
                    let rows = if words.contains(|c: char| c.is_ascii_digit()) {
                        by_number(words).await.unwrap_or_default()
                    } else {
                        Vec::new()
                    };
                    if is_mine() {
                        let _ = invoices.try_set(rows);
                    }
                }
            });
        };
        set_timeout(look, Duration::from_millis(120));
    };
    let links = move || -> Vec<HtmlElement> {
        finder.get_untracked().map(|element| dom::all(&element, "li a")).unwrap_or_default()
    };
    let on_key = move |event: KeyboardEvent| match event.key().as_str() {
        "ArrowDown" => dom::step(&event, &links(), 1),
        "ArrowUp" => dom::step(&event, &links(), -1),
        "Enter" => {
            let typing =
                event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
            let first = links().into_iter().next();
            if let (Some(_), Some(first)) = (typing, first) {
                event.prevent_default();
                first.click();
            }
        }
        _ => {}
    };
    let list = move || {
        let words = lowercase(typed.get().trim());
        let customers = found.get().into_iter().map(|row| {
            let to = paths::customer(&row.account);
            view! { <li><a href=to on:click=move |_| close()><Icon name="building"/><span class="two-lines"><strong>{row.name}</strong><small>{row.number}" · "{row.email}</small></span></a></li> }.into_any()
        });
        let mut of_tickets: Vec<AnyView> = Vec::new();
        let mut exact_tickets: Vec<AnyView> = Vec::new();
        for row in tickets.get() {
            let to = paths::ticket(&row.account, &row.id);
            let exact = words.trim_start_matches('#') == row.number.to_string();
            let line = view! { <li><a href=to on:click=move |_| close()><Icon name="ticket"/><span class="two-lines"><strong>{row.subject}</strong><small>{ticket::number(&row.number)}" · "{row.account_name}</small></span></a></li> }.into_any();
            if exact { exact_tickets.push(line) } else { of_tickets.push(line) }
        }
        let of_invoices = invoices.get().into_iter().map(|row| {
            let (account, customer) = row.customer.clone().unwrap_or_default();
            let to = paths::invoice(&AccountId::from(account), &row.id);
            view! { <li><a href=to on:click=move |_| close()><Icon name="card"/><span class="two-lines"><strong>{row.number}</strong><small>{customer}" · "{row.total.to_string()}</small></span></a></li> }.into_any()
        });
        let pages = staff_items(held)
            .into_iter()
            .filter(|item| lowercase(item.label).contains(&words))
            .map(|item| view! { <li><a href=item.path on:click=move |_| close()><Icon name=item.icon/>{item.label}</a></li> }.into_any());
        // A number that was typed in full is that ticket.
        let all: Vec<AnyView> = exact_tickets
            .into_iter()
            .chain(of_invoices)
            .chain(customers)
            .chain(of_tickets)
            .chain(pages)
            .collect();
        if all.is_empty() {
            return view! { <p class="hint">{words::NOTHING_FOUND}</p> }.into_any();
        }
        view! { <ul>{all}</ul> }.into_any()
    };
    view! {
        <dialog node_ref=finder class="switcher" aria-label=words::FIND on:keydown=on_key>
            {move || used.get().then(|| view! {
                <div class="search">
                    <Icon name="search"/>
                    <input type="search" aria-label=words::FIND placeholder=words::FIND_BY autocomplete="off" prop:value=typed on:input=search/>
                </div>
                {list}
            })}
        </dialog>
        <dialog node_ref=keys class="switcher" aria-label=words::KEYS>
            <h2>{words::KEYS}</h2>
            <dl class="facts">
                <dt><kbd>"Ctrl K"</kbd></dt><dd>{words::KEY_FIND}</dd>
                <dt><kbd>"?"</kbd></dt><dd>{words::KEY_KEYS}</dd>
                <dt><kbd>"Esc"</kbd></dt><dd>{words::KEY_CLOSE}</dd>
                <dt><kbd>"J"</kbd>" "<kbd>"K"</kbd></dt><dd>{words::KEY_STEP}</dd>
                <dt><kbd>"R"</kbd>" "<kbd>"N"</kbd>" "<kbd>"A"</kbd>" "<kbd>"U"</kbd></dt><dd>{words::KEY_TICKET}</dd>
            </dl>
            <form method="dialog"><button class="button">{words::CLOSE_KEYS}</button></form>
        </dialog>
    }
}
